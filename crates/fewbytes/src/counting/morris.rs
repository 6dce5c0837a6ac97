//! [`MorrisCounter`]: a register that counts in exponents.

use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings, Source, View};
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

/// Growth of the events from one state to the next.
pub const BASE_PARAMETER: Parameter = Parameter {
    name: "base",
    unit: "",
    range: Range::Real(1.0, 16.0),
    default: Some(Number::Real(1.1)),
    doc: "growth of the events from one state to the next: nearer 1 is more exact and full earlier",
};
/// Width of the register.
pub const BITS_PARAMETER: Parameter = Parameter {
    name: "bits",
    unit: "bits",
    range: Range::Either(8, 16),
    default: Some(Number::Whole(8)),
    doc: "width of the register",
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
}

/// Number of events that `state` stands for: *(b^c - 1) / (b - 1)*.
///
/// Its expectation after *n* events is exactly *n*.
pub fn events(base: f64, state: u16) -> f64 {
    libm::expm1(f64::from(state) * libm::log(base)) / (base - 1.0)
}

/// Relative standard error of the count, *√((b - 1) / 2)*, after many events.
pub fn std_error(base: f64) -> f64 {
    libm::sqrt((base - 1.0) / 2.0)
}

/// 2^64 times *base^-exponent*.
fn chance(base: f64, exponent: u16) -> u64 {
    // A float's cast saturates: a certain event has the chance 2^64 - 1.
    (libm::pow(base, -f64::from(exponent)) * 18_446_744_073_709_551_616.0) as u64
}

/// The coin: SplitMix64 (Steele, Lea, Flood 2014). The state goes up by a constant, the toss is the state mixed.
#[inline]
fn toss(coin: &mut u64) -> u64 {
    *coin = coin.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut toss = *coin;
    toss = (toss ^ toss >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    toss = (toss ^ toss >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    toss ^ toss >> 31
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
        // Mixed, so that the coins of neighbouring seeds have nothing to do with each other.
        crate::hash::hash(&[], seed).write(frame.payload_mut());
        Self::from_frame(frame)
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
        let max_state = if bits == 8 { u16::from(u8::MAX) } else { u16::MAX };
        let mut counter = Self { frame, base, max_state, chance: 0 };
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
        let estimate = Estimate::relative(events(self.base, self.state()), self.std_error(), sigmas);
        let high = if self.is_full() { f64::INFINITY } else { estimate.high };
        Estimate { high, ..estimate }
    }

    /// Variance of the estimate after as many events as it says, *(b - 1) n (n - 1) / 2*, in squared events.
    pub fn variance(&self) -> f64 {
        let n = events(self.base, self.state());
        (self.base - 1.0) / 2.0 * n * (n - 1.0).max(0.0)
    }

    /// Standard error of the estimate, as a share of it: *√((b - 1) / 2 · (1 - 1/n))*, 0 for no event and for one.
    pub fn std_error(&self) -> f64 {
        let n = events(self.base, self.state());
        if n > 0.0 { std_error(self.base) * libm::sqrt((1.0 - 1.0 / n).max(0.0)) } else { 0.0 }
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> MorrisCounter<D> {
    /// Counts one event. True when the register went up.
    #[inline]
    pub fn increment(&mut self) -> bool {
        let chance = self.chance;
        let coin = self.frame.payload_mut();
        let mut state = u64::read(coin);
        let counts = toss(&mut state) <= chance;
        state.write(coin);
        counts && self.step()
    }

    /// Counts `events` events, one by one.
    pub fn increment_by(&mut self, events: u64) {
        let mut coin = u64::read(self.frame.payload());
        for _ in 0..events {
            if toss(&mut coin) <= self.chance {
                self.step();
            }
        }
        coin.write(self.frame.payload_mut());
    }

    /// The register goes up by one, unless it is full.
    #[cold]
    fn step(&mut self) -> bool {
        if self.is_full() {
            return false;
        }
        let state = self.state() + 1;
        let register = &mut self.frame.payload_mut()[COIN..];
        let len = register.len();
        register.copy_from_slice(&state.to_le_bytes()[..len]);
        self.chance = chance(self.base, state);
        true
    }

    /// Takes in the events of `other`: the sum. The expectation of the result is the sum of the two estimates.
    ///
    /// State *j* of the smaller register stood for *b^j* events; the larger, at state *c*, goes up for them with the
    /// chance *b^(j - c)*, which adds *b^j* in expectation. So does every state from 0 on.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when base or register differ; nothing has changed then. Seeds may differ, and should.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &MorrisCounter<E>) -> Result<()> {
        Error::unless_equal(BASE.name(), self.base, other.base)?;
        Error::unless_equal(REGISTER_BITS.name(), self.register_bits(), other.register_bits())?;
        let (larger, smaller) = (self.state().max(other.state()), self.state().min(other.state()));
        // Coins of one seed and one history toss alike: stirring theirs in parts the ways.
        let mut coin = u64::read(self.frame.payload()) ^ u64::read(other.frame.payload()).rotate_left(32);
        let len = self.frame.payload().len() - COIN;
        self.frame.payload_mut()[COIN..].copy_from_slice(&larger.to_le_bytes()[..len]);
        for state in 0..smaller {
            if toss(&mut coin) <= chance(self.base, self.state() - state) {
                self.step();
            }
        }
        self.chance = chance(self.base, self.state());
        coin.write(self.frame.payload_mut());
        Ok(())
    }
}

face!(MorrisCounter, frame);

fn chosen(settings: &Settings) -> (f64, u32) {
    (settings.real(&BASE_PARAMETER), settings.whole(&BITS_PARAMETER) as u32)
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
    parameters: &[&BASE_PARAMETER, &BITS_PARAMETER],
    contains: false,
    inserts: true,
    removes: false,
    forgets: false,
    count: false,
    top: false,
    counts: Counts::Events,
    merge: Merge::Sum,
    error: "relative standard error √((b - 1) / 2) for base b; unbiased at every count",
    std_error: |settings| Ok(std_error(chosen(settings).0)),
    space: "8 or 16 bits, and 64 for the coin; full at (b^255 - 1) / (b - 1) or (b^65535 - 1) / (b - 1) events",
    bytes: |settings| Ok((FORMAT.payload_start() + COIN) as u64 + u64::from(chosen(settings).1) / 8),
    sources: &[
        Source {
            authors: "Morris",
            year: 1978,
            title: "Counting large numbers of events in small registers",
            venue: "Communications of the ACM 21 (10)",
        },
        Source {
            authors: "Flajolet",
            year: 1985,
            title: "Approximate counting: a detailed analysis",
            venue: "BIT 25",
        },
    ],
    essay: include_str!("morris.md"),
    build: |settings| {
        let (base, bits) = chosen(settings);
        Ok(Box::new(MorrisCounter::new(base, bits, settings.seed)?))
    },
    builder: None,
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
            self.increment_by(items.len() as u64);
            Ok(())
        }
        fn merge(&mut self, other: &dyn View) -> Result<()> {
            self.merge(&MorrisCounter::open(other.as_bytes())?)
        }
    }
);
