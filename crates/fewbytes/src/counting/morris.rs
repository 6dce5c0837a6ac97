//! [`MorrisCounter`]: a register that counts in exponents.

use super::register::{self, Chances, chance, max_state, toss};
pub use super::register::{BASE_PARAMETER, BITS_PARAMETER, base_for, events, std_error};
use crate::entry::{Counts, Entry, Fact, Family, Merge, Parameter, Range, Settings, Source, View};
use crate::face::{catalogued, face};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, Scalar};
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{boxed::Box, vec::Vec};

const BASE: Field<f64> =
    Field::at(HEADER_LEN, "base", "events from one state to the next grow by this factor");
const REGISTER_BITS: Field<u8> = BASE.then("register_bits", "8 or 16");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 7,
    slug: "morris",
    version: 1,
    parameters: &[BASE.row(), REGISTER_BITS.row()],
    payload: "the coin's state as u64, then the register as u8 or u16",
};

/// Events to count to, where the base is to follow from them.
pub const EVENTS_PARAMETER: Parameter = Parameter {
    name: "events",
    unit: "events",
    range: Range::Whole(1, u64::MAX),
    default: None,
    doc: "events that the register must reach: the base is then the most exact that does, and `base` has no say",
};

/// Bytes of the coin's state, before the register.
const COIN: usize = 8;

#[doc = include_str!("morris.md")]
#[derive(Clone)]
pub struct MorrisCounter<D = Buffer> {
    frame: Frame<D>,
    base: f64,
    max_state: u16,
    /// 2^64 times the chance that the next event counts. Computed when the register changes, not at every event.
    chance: u64,
    /// The coin's state, as it is in the bytes: read from there, each event would wait for the write of the one before.
    coin: u64,
}

impl MorrisCounter {
    /// A counter at 0 with a register of `bits` bits, 8 or 16. Counters that are to be merged want different seeds.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `base` is not between 1 and 16, or `bits` not 8 or 16.
    pub fn new(base: f64, bits: u32, seed: u64) -> Result<Self> {
        BASE_PARAMETER.check_real(base)?;
        BITS_PARAMETER.check_whole(bits.into())?;
        let mut frame = Frame::new(&FORMAT, seed, (COIN + bits as usize / 8) as u64)?;
        BASE.set(frame.bytes_mut(), base);
        REGISTER_BITS.set(frame.bytes_mut(), bits as u8);
        register::coin(seed, 0).write(frame.payload_mut());
        Self::from_frame(frame)
    }

    /// The most exact counter at 0 whose register of `bits` bits, 8 or 16, reaches `events`.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `events` is 0, or `bits` not 8 or 16.
    pub fn up_to(events: u64, bits: u32, seed: u64) -> Result<Self> {
        EVENTS_PARAMETER.check_whole(events)?;
        Self::new(base_for(events as f64, bits)?, bits, seed)
    }
}

impl<D: AsRef<[u8]>> MorrisCounter<D> {
    /// Opens the bytes of a counter where they lie. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not a counter's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::from_frame(Frame::open(data, &FORMAT)?)
    }

    fn from_frame(frame: Frame<D>) -> Result<Self> {
        let (base, bits) = (BASE.get(frame.bytes()), REGISTER_BITS.get(frame.bytes()));
        if !(1.0 < base && base < 16.0) {
            return Err(Error::field(BASE.name(), BASE_PARAMETER.range, base));
        }
        BITS_PARAMETER.check_field(REGISTER_BITS.name(), bits.into())?;
        let (expected, found) = (COIN + usize::from(bits) / 8, frame.payload().len());
        if found != expected {
            return Err(Error::field("payload_len", format_args!("{expected} for {bits} bits"), found));
        }
        let max_state = max_state(bits.into());
        let coin = u64::read(frame.payload());
        let mut counter = Self { frame, base, max_state, chance: 0, coin };
        counter.chance = chance(base, counter.state());
        Ok(counter)
    }

    /// Compares the checksum, where the bytes are sealed. O(1).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Growth of the events from one state to the next.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// Bits of the register, 8 or 16.
    pub fn register_bits(&self) -> u32 {
        u32::from(self.max_state).trailing_ones()
    }

    /// The register: the exponent that it has come to.
    pub fn state(&self) -> u16 {
        let register = &self.frame.payload()[COIN..];
        if register.len() == 1 { register[0].into() } else { u16::read(register) }
    }

    /// The chance that the next event counts: *base^-state*; 0 once the register is full.
    pub fn chance(&self) -> f64 {
        if self.is_full() { 0.0 } else { libm::pow(self.base, -f64::from(self.state())) }
    }

    /// Whether the register is at its largest state: it counts no further, and the estimate is a lower bound.
    pub fn is_full(&self) -> bool {
        self.state() == self.max_state
    }

    /// Number of events, within two standard errors. O(1).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds. `high` is infinite once the register is full.
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        register::estimate(self.base, self.state(), self.max_state, sigmas)
    }

    /// Variance of the estimate after as many events as it says, *(b - 1) n (n - 1) / 2*, in squared events.
    pub fn variance(&self) -> f64 {
        let n = events(self.base, self.state());
        (self.base - 1.0) / 2.0 * n * (n - 1.0).max(0.0)
    }

    /// Standard error of the estimate, as a share of it: *√((b - 1) / 2 · (1 - 1/n))*, 0 for no event and for one.
    pub fn std_error(&self) -> f64 {
        register::std_error_at(self.base, events(self.base, self.state()))
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> MorrisCounter<D> {
    /// Counts one event. True when the register went up.
    #[inline]
    pub fn increment(&mut self) -> bool {
        let counts = toss(&mut self.coin) <= self.chance;
        self.coin.write(self.frame.payload_mut());
        counts && self.step()
    }

    /// Counts `events` events: exactly as likely to come to any state as so many times [`increment`](Self::increment),
    /// but by a draw for each state that the register goes up, not for each event. Up to 64 events leave the same bytes.
    pub fn increment_by(&mut self, events: u64) {
        let (mut coin, mut state, mut left) = (self.coin, self.state(), events);
        // Tables pay where many states will pass.
        let many = self.max_state > 255 && events > 1 << 16;
        let chances = many.then(|| Chances::new(self.base, self.max_state));
        let power = |state| match &chances {
            Some(chances) => chances.power(self.base, state),
            None => register::power(self.base, state),
        };
        while state < self.max_state && register::next(power(state), &mut left, &mut coin) {
            state += 1;
        }
        // A full register tosses on, so that its coin goes as it would by single events.
        if left <= register::FEW {
            (0..left).for_each(|_| _ = toss(&mut coin));
        }
        self.set(state, coin);
    }

    /// Counts `events` events one by one: the same bytes as by [`increment`](Self::increment).
    fn increment_each(&mut self, events: u64) {
        let (mut coin, mut state, mut chance) = (self.coin, self.state(), self.chance);
        for _ in 0..events {
            if toss(&mut coin) <= chance && state < self.max_state {
                state += 1;
                chance = register::chance(self.base, state);
            }
        }
        self.set(state, coin);
    }

    /// The register goes up by one, unless it is full.
    #[cold]
    fn step(&mut self) -> bool {
        let counts = !self.is_full();
        if counts {
            self.set(self.state() + 1, self.coin);
        }
        counts
    }

    fn set(&mut self, state: u16, coin: u64) {
        let (ours, register) = self.frame.payload_mut().split_at_mut(COIN);
        coin.write(ours);
        self.coin = coin;
        let len = register.len();
        register.copy_from_slice(&state.to_le_bytes()[..len]);
        self.chance = chance(self.base, state);
    }

    /// Takes in the events of `other`: the sum. Where their coins differ, the result is exactly as likely to be in any
    /// state as one counter of all events.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when base or register differ; nothing has changed then. Seeds may differ, and should.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &MorrisCounter<E>) -> Result<()> {
        Error::unless_equal(BASE.name(), self.base, other.base)?;
        Error::unless_equal(REGISTER_BITS.name(), self.register_bits(), other.register_bits())?;
        // Coins of one seed and one history toss alike: stirring theirs in parts the ways.
        let mut coin = self.coin ^ other.coin.rotate_left(32);
        let states = (self.state(), other.state());
        let state = if states.0.min(states.1) > 255 {
            let chances = Chances::new(self.base, self.max_state);
            register::merged(states, self.max_state, |exponent| chances.get(exponent), &mut coin)
        } else {
            register::merged(states, self.max_state, |exponent| chance(self.base, exponent), &mut coin)
        };
        self.set(state, coin);
        Ok(())
    }
}

face!(MorrisCounter, frame);

/// Base and bits: chosen, or the base that the events want.
fn chosen(settings: &Settings) -> Result<(f64, u32)> {
    let bits = settings.whole(&BITS_PARAMETER) as u32;
    let base = match settings.chosen(&EVENTS_PARAMETER) {
        Some(events) => base_for(events as f64, bits)?,
        None => settings.real(&BASE_PARAMETER),
    };
    Ok((base, bits))
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "Morris counter",
    type_name: "MorrisCounter",
    family: Family::Counting,
    summary: "Counts up to billions of events in one byte, by counting some of them.",
    choose: "one rough count may take a byte or two, as one of many in a record of your own",
    format: &FORMAT,
    parameters: &[&BASE_PARAMETER, &BITS_PARAMETER, &EVENTS_PARAMETER],
    contains: false,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Events,
    merge: Merge::Sum,
    error: "relative standard error √((b - 1) / 2) for base b; unbiased at every count",
    std_error: |settings| Ok(std_error(chosen(settings)?.0)),
    space: "8 or 16 bits, and 64 for the coin; full at (b^255 - 1) / (b - 1) or (b^65535 - 1) / (b - 1) events",
    bytes: |settings| Ok((FORMAT.payload_start() + COIN) as u64 + u64::from(chosen(settings)?.1) / 8),
    sources: &[
        register::MORRIS,
        register::FLAJOLET,
        Source {
            authors: "Aldous, Shepp",
            year: 1987,
            title: "The least variable phase type distribution is Erlang",
            venue: "Communications in Statistics: Stochastic Models 3 (3)",
        },
    ],
    essay: include_str!("morris.md"),
    build: |settings| {
        let (base, bits) = chosen(settings)?;
        Ok(Box::new(MorrisCounter::new(base, bits, settings.seed)?))
    },
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(MorrisCounter::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(MorrisCounter::open(bytes)?)),
};

catalogued!(
    MorrisCounter,
    view {
        fn facts(&self) -> Vec<Fact> {
            [
                Fact::new("state", self.state(), ""),
                Fact::new("chance that the next event counts", format_args!("{:.3e}", self.chance()), ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            self.frame.regions(&FORMAT)
        }
    },
    sketch {
        fn insert(&mut self, _item: &[u8]) -> Result<bool> {
            Ok(self.increment())
        }
        fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
            self.increment_each(items.len() as u64);
            Ok(())
        }
        fn merge(&mut self, other: &dyn View) -> Result<()> {
            self.merge(&MorrisCounter::open(other.as_bytes())?)
        }
    }
);
