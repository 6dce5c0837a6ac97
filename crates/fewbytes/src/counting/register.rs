//! The Morris register: its states, its steps and its coin, for every structure that counts in such registers.

use crate::entry::{Number, Parameter, Range, Source};
use crate::{Estimate, Result, Sigmas};
use alloc::boxed::Box;

/// Growth of the events from one state to the next.
pub const BASE_PARAMETER: Parameter = Parameter {
    name: "base",
    unit: "",
    range: Range::Real(1.0, 16.0),
    default: Some(Number::Real(1.1)),
    doc: "growth of the events from one state to the next: nearer 1 is more exact and full earlier",
};
/// Width of a register.
pub const BITS_PARAMETER: Parameter = Parameter {
    name: "bits",
    unit: "bits",
    range: Range::Either(8, 16),
    default: Some(Number::Whole(8)),
    doc: "width of a register",
};
/// What the coin begins with, where the seed is that of a hash.
pub const COIN_PARAMETER: Parameter = Parameter {
    name: "coin",
    unit: "",
    range: Range::Whole(0, u64::MAX),
    default: Some(Number::Whole(0)),
    doc: "what the coin of Morris registers begins with, beside the seed: another in each of those that are to be merged",
};
const EVENTS: Parameter = Parameter {
    name: "events",
    unit: "events",
    range: Range::Real(0.0, f64::INFINITY),
    default: None,
    doc: "events that a register must reach",
};

/// The paper of the counter.
pub(super) const MORRIS: Source = Source {
    authors: "Morris",
    year: 1978,
    title: "Counting large numbers of events in small registers",
    venue: "Communications of the ACM 21 (10)",
};
/// The paper that computes its error.
pub(super) const FLAJOLET: Source = Source {
    authors: "Flajolet",
    year: 1985,
    title: "Approximate counting: a detailed analysis",
    venue: "BIT 25",
};

/// 2^64, as a float.
const TWO_64: f64 = 18_446_744_073_709_551_616.0;
/// Up to so many events, each is tossed for: a toss is no more than a product, a [`gap`] takes logarithms.
pub(super) const FEW: u64 = 64;

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

/// The base nearest to 1, and so the most exact, with which a register of `bits` bits counts to `events`.
///
/// A register that has taken so many may say more by chance: there is room for four standard errors above.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) when `bits` is not 8 or 16, or `events` not a number greater than 0.
pub fn base_for(events: f64, bits: u32) -> Result<f64> {
    BITS_PARAMETER.check_whole(bits.into())?;
    EVENTS.check_real(events)?;
    // Halving 60 times leaves nothing of the interval; `high` always reaches far enough, or is the largest there is.
    let (mut low, mut high) = (1.0, 15.999_999);
    for _ in 0..60 {
        let middle = low + (high - low) / 2.0;
        match middle > 1.0
            && self::events(middle, max_state(bits)) >= events * libm::exp(4.0 * std_error(middle))
        {
            true => high = middle,
            false => low = middle,
        }
    }
    Ok(high)
}

/// The state at which a register of `bits` bits is full.
pub(super) const fn max_state(bits: u32) -> u16 {
    if bits == 8 { u8::MAX as u16 } else { u16::MAX }
}

/// *base^-exponent*, of two factors: so a table of each gives the same number.
pub(super) fn power(base: f64, exponent: u16) -> f64 {
    let (low, high) = (exponent & 0xff, exponent & 0xff00);
    let low = libm::pow(base, -f64::from(low));
    if high == 0 { low } else { low * libm::pow(base, -f64::from(high)) }
}

/// 2^64 times *base^-exponent*: an event counts when its toss is not above it.
pub(super) fn chance(base: f64, exponent: u16) -> u64 {
    // A float's cast saturates: a certain event has the chance 2^64 - 1.
    (power(base, exponent) * TWO_64) as u64
}

/// [`chance`] by tables: for arrays, whose registers are in many states.
#[derive(Clone)]
pub(crate) struct Chances {
    near: Box<[u64; 256]>,
    /// *base^-i* and *base^(-256 i)*; none where registers have 8 bits.
    powers: Option<Box<[[f64; 256]; 2]>>,
}

impl Chances {
    pub(super) fn new(base: f64, max_state: u16) -> Self {
        let far = |step: f64| core::array::from_fn(|i| libm::pow(base, -step * i as f64));
        Self {
            near: Box::new(core::array::from_fn(|exponent| chance(base, exponent as u16))),
            powers: (max_state > 255).then(|| Box::new([far(1.0), far(256.0)])),
        }
    }

    /// *base^-exponent* for this table's base.
    pub(super) fn power(&self, base: f64, exponent: u16) -> f64 {
        match &self.powers {
            Some(powers) => powers[0][usize::from(exponent & 0xff)] * powers[1][usize::from(exponent >> 8)],
            None => power(base, exponent),
        }
    }

    #[inline]
    pub(super) fn get(&self, exponent: u16) -> u64 {
        match (exponent, &self.powers) {
            (256.., Some(powers)) => {
                let [low, high] = &**powers;
                (low[usize::from(exponent & 0xff)] * high[usize::from(exponent >> 8)] * TWO_64) as u64
            }
            _ => self.near[usize::from(exponent & 0xff)],
        }
    }
}

/// What a toss adds to the coin's state.
pub(crate) const TOSS: u64 = 0x9e37_79b9_7f4a_7c15;

/// The coin: SplitMix64 (Steele, Lea, Flood 2014). The state goes up by a constant, the toss is the state mixed.
#[inline]
pub(crate) fn toss(coin: &mut u64) -> u64 {
    *coin = coin.wrapping_add(TOSS);
    let mut toss = *coin;
    toss = (toss ^ toss >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    toss = (toss ^ toss >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    toss ^ toss >> 31
}

/// The coin of a seed. Mixed, so that the coins of neighbouring seeds have nothing to do with each other.
pub(super) fn coin(seed: u64, own: u64) -> u64 {
    let mixed = crate::hash::hash(&[], seed);
    if own == 0 { mixed } else { crate::hash::hash(&own.to_le_bytes(), mixed) }
}

/// Events up to and with the next that counts, each with the chance *p*: geometric, by inversion, *1 + ⌊ln u / ln(1 - p)⌋*.
fn gap(p: f64, coin: &mut u64) -> u64 {
    // From 2^-53 to 1: its logarithm is finite.
    let u = ((toss(coin) >> 11) + 1) as f64 / 9_007_199_254_740_992.0;
    let each = libm::log1p(-p);
    // A chance too small for a float is none.
    if each < 0.0 { ((libm::log(u) / each) as u64).saturating_add(1) } else { u64::MAX }
}

/// Looks among `left` events for the first that counts, each with the chance *p*, and takes those up to it from `left`.
/// False: none does, and none is left. Whether the register is full is the caller's to know.
pub(super) fn next(p: f64, left: &mut u64, coin: &mut u64) -> bool {
    if *left <= FEW || p * FEW as f64 >= 1.0 {
        let chance = (p * TWO_64) as u64;
        while *left > 0 {
            *left -= 1;
            if toss(coin) <= chance {
                return true;
            }
        }
        return false;
    }
    let gap = gap(p, coin);
    let found = gap <= *left;
    *left = if found { *left - gap } else { 0 };
    found
}

/// The state of a register that took the events of both, by tosses of `coin`.
///
/// An event is a number *u* from 0 to 1 that counts at state *c* when *u ≤ b^-c*. One that the smaller register counted
/// at its state *j* had a *u* evenly spread up to *b^-j*, so the larger, at *c*, counts it with the chance *b^(j - c)*;
/// one that the smaller did not count, the larger, which is never below it, would not have counted either.
#[inline]
pub(super) fn merged(
    (ours, theirs): (u16, u16),
    max_state: u16,
    chance: impl Fn(u16) -> u64,
    coin: &mut u64,
) -> u16 {
    let mut state = ours.max(theirs);
    for below in 0..ours.min(theirs) {
        // A branch: most tosses fail, and the next one need not wait for this one's outcome. An addition takes twice as long.
        if toss(coin) <= chance(state - below) && state < max_state {
            state += 1;
        }
    }
    state
}

/// What a register says, and how wrong it may be. `high` is infinite once it is full.
pub(super) fn estimate(base: f64, state: u16, max_state: u16, sigmas: Sigmas) -> Estimate {
    let n = events(base, state);
    let estimate = Estimate::relative(n, std_error_at(base, n), sigmas);
    Estimate { high: if state == max_state { f64::INFINITY } else { estimate.high }, ..estimate }
}

/// Standard error after `n` events, as a share of them: *√((b - 1) / 2 · (1 - 1/n))*, 0 for no event and for one.
pub(super) fn std_error_at(base: f64, n: f64) -> f64 {
    if n > 0.0 { std_error(base) * libm::sqrt((1.0 - 1.0 / n).max(0.0)) } else { 0.0 }
}
