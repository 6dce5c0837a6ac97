//! The command `fewbytes`, as somebody types it.
#![cfg(unix)]

#[path = "cli/asking.rs"]
mod asking;
#[path = "cli/building.rs"]
mod building;
#[path = "cli/catalogue.rs"]
mod catalogue;
#[path = "cli/counting.rs"]
mod counting;
#[path = "cli/errors.rs"]
mod errors;
#[path = "cli/inspecting.rs"]
mod inspecting;
#[path = "cli/room.rs"]
mod room;
#[path = "cli/sharing.rs"]
mod sharing;
#[path = "cli/words.rs"]
mod words;
