//! [`MorrisArray`]: many registers that count in exponents, under one coin.

use super::count_min::all_events;
use super::register::{self, BASE_PARAMETER, BITS_PARAMETER, COIN_PARAMETER, Chances, max_state, toss};
use super::rows::{others, place};
use super::store::Store;
use crate::entry::{Counts, Entry, Fact, Family, Merge, Number, Parameter, Range, Settings};
use crate::face::{catalogued, face, insert_face};
use crate::layout::{Buffer, Field, Format, Frame, HEADER_LEN, Region, Scalar};
use crate::prefetch::prefetch;
use crate::{Error, Estimate, Result, Sigmas};
use alloc::{boxed::Box, string::String, vec, vec::Vec};

const LEN: Field<u64> = Field::at(HEADER_LEN, "counter_len", "number of counters");
const BASE: Field<f64> = LEN.then("base", "events from one state to the next grow by this factor");
const REGISTER_BITS: Field<u8> = BASE.then("register_bits", "8 or 16");

/// The header's own parameters and what the payload holds.
pub const FORMAT: Format = Format {
    kind: 12,
    slug: "morris-array",
    version: 1,
    parameters: &[LEN.row(), BASE.row(), REGISTER_BITS.row()],
    payload: "the coin's state and the number of all events as u64, then the registers as u8 or u16",
};

/// Number of counters.
pub const LEN_PARAMETER: Parameter = Parameter {
    name: "counters",
    unit: "counters",
    range: Range::Whole(1, 1 << 40),
    default: Some(Number::Whole(1_000_000)),
    doc: "number of counters; an item's is picked by its hash",
};

/// Bytes before the registers: the coin's state and the number of events.
pub(crate) const HEAD: usize = 16;

#[doc = include_str!("morris_array.md")]
#[derive(Clone)]
pub struct MorrisArray<D = Buffer> {
    frame: Frame<D>,
    shape: Shape,
}

/// What a header says of the registers.
#[derive(Clone)]
pub(crate) struct Shape {
    pub counter_len: u64,
    pub base: f64,
    pub max_state: u16,
    pub chances: Chances,
}

impl Shape {
    /// Reads it from bytes that begin with a header that was checked.
    pub(crate) fn read(bytes: &[u8], found: u64) -> Result<Self> {
        let (counter_len, base, bits) = (LEN.get(bytes), BASE.get(bytes), REGISTER_BITS.get(bytes));
        LEN_PARAMETER.check_field(LEN.name(), counter_len)?;
        if BASE_PARAMETER.check_real(base).is_err() {
            return Err(Error::field(BASE.name(), BASE_PARAMETER.range, base));
        }
        BITS_PARAMETER.check_field(REGISTER_BITS.name(), bits.into())?;
        let expected = HEAD as u64 + counter_len * u64::from(bits / 8);
        if found != expected {
            let expected = format_args!("{expected} for {counter_len} counters of {bits} bits");
            return Err(Error::field("payload_len", expected, found));
        }
        let max_state = max_state(bits.into());
        Ok(Self { counter_len, base, max_state, chances: Chances::new(base, max_state) })
    }

    /// The register of counter `i`.
    #[inline]
    pub(crate) fn check(&self, i: u64) -> Result<usize> {
        if i < self.counter_len { Ok(i as usize) } else { Err(self.out_of_range(i)) }
    }

    #[cold]
    fn out_of_range(&self, i: u64) -> Error {
        Error::parameter("counter", Range::Whole(0, self.counter_len - 1), i)
    }

    /// The register of an item.
    #[inline]
    pub(crate) fn place(&self, hash: u64) -> usize {
        place(hash, self.counter_len) as usize
    }

    pub(crate) fn wide(&self) -> bool {
        self.max_state > 255
    }

    /// The state of register `at`.
    #[inline]
    pub(crate) fn state(&self, registers: &(impl Store + ?Sized), at: usize) -> u16 {
        match self.wide() {
            true => registers.get::<u16>(at) as u16,
            false => registers.get::<u8>(at) as u16,
        }
    }

    /// Counts one event with its toss at register `at`. True when it went up.
    ///
    /// An event that does not count at a state would not count at a higher one, so it does not matter who else counts
    /// meanwhile; one that does is asked again where another came first, with the same toss.
    #[inline]
    pub(crate) fn step(&self, registers: &mut (impl Store + ?Sized), at: usize, tossed: u64) -> bool {
        if !self.counts(self.state(registers, at).into(), tossed) {
            return false;
        }
        let (old, new) = self.update(registers, at, |state| state + u64::from(self.counts(state, tossed)));
        new > old
    }

    #[inline]
    fn counts(&self, state: u64, tossed: u64) -> bool {
        tossed <= self.chances.get(state as u16) && state < self.max_state.into()
    }

    #[inline]
    fn update(
        &self,
        registers: &mut (impl Store + ?Sized),
        at: usize,
        next: impl FnMut(u64) -> u64,
    ) -> (u64, u64) {
        match self.wide() {
            true => registers.update::<u16>(at, next),
            false => registers.update::<u8>(at, next),
        }
    }

    /// Counts `events` events at register `at`, in as many draws as it goes up.
    pub(crate) fn add(&self, registers: &mut (impl Store + ?Sized), at: usize, events: u64, coin: &mut u64) {
        let mut left = events;
        loop {
            let now = self.state(registers, at);
            if now >= self.max_state || !register::next(self.chances.power(self.base, now), &mut left, coin) {
                return;
            }
            // It counts at this state. At one that another made higher meanwhile it has to be asked again: its toss is
            // anything up to the chance here.
            let mut tossed = None;
            let next = |state: u64| {
                if state == u64::from(now) {
                    return state + 1;
                }
                let chance = u128::from(self.chances.get(now));
                let tossed = *tossed.get_or_insert_with(|| ((u128::from(toss(coin)) * chance) >> 64) as u64);
                state + u64::from(self.counts(state, tossed))
            };
            self.update(registers, at, next);
        }
    }

    /// What register `at` says.
    pub(crate) fn estimate(&self, state: u16, sigmas: Sigmas) -> Estimate {
        register::estimate(self.base, state, self.max_state, sigmas)
    }

    /// What the register of an item says of it, among so many events of all.
    pub(crate) fn count(&self, state: u16, events: u64) -> Estimate {
        let sigmas = Sigmas::default();
        let counter = self.estimate(state, sigmas);
        let others = others(self.counter_len, 1, sigmas) * events as f64;
        Estimate { low: (counter.low - others).max(0.0), ..counter }
    }
}

impl MorrisArray {
    /// `counters` counters at 0, each a register of `bits` bits, 8 or 16.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `counters` is not in 1 to 2^40, `base` not between 1 and 16, or `bits` not 8 or 16;
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn new(counters: u64, base: f64, bits: u32, seed: u64) -> Result<Self> {
        LEN_PARAMETER.check_whole(counters)?;
        BASE_PARAMETER.check_real(base)?;
        BITS_PARAMETER.check_whole(bits.into())?;
        let mut frame = Frame::new(&FORMAT, seed, HEAD as u64 + counters * u64::from(bits / 8))?;
        LEN.set(frame.bytes_mut(), counters);
        BASE.set(frame.bytes_mut(), base);
        REGISTER_BITS.set(frame.bytes_mut(), bits as u8);
        register::coin(seed, 0).write(frame.payload_mut());
        Self::from_frame(frame)
    }
}

impl<D: AsRef<[u8]>> MorrisArray<D> {
    /// Opens the bytes of an array where they lie. O(1): it computes 256 chances, or 768 for 16 bits.
    ///
    /// # Errors
    /// The first thing in which `data` is not an array's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        Self::from_frame(Frame::open(data, &FORMAT)?)
    }

    fn from_frame(frame: Frame<D>) -> Result<Self> {
        let shape = Shape::read(frame.bytes(), frame.payload().len() as u64)?;
        Ok(Self { frame, shape })
    }

    /// Compares the checksum, where the bytes are sealed. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] when the bytes changed since they were sealed.
    pub fn verify(&self) -> Result<()> {
        self.frame.verify()
    }

    /// Number of counters.
    pub fn counter_len(&self) -> u64 {
        self.shape.counter_len
    }

    /// Growth of the events from one state to the next.
    pub fn base(&self) -> f64 {
        self.shape.base
    }

    /// Bits of a register, 8 or 16.
    pub fn register_bits(&self) -> u32 {
        u32::from(self.shape.max_state).trailing_ones()
    }

    /// Events of all counters: the number is kept, and exact.
    pub fn event_len(&self) -> u64 {
        u64::read(&self.frame.payload()[8..])
    }

    /// The counters' states, in order.
    pub fn states(&self) -> impl ExactSizeIterator<Item = u16> + '_ {
        (0..self.shape.counter_len as usize).map(|i| self.state(i))
    }

    /// Number of events of counter `i`, within two standard errors. O(1).
    ///
    /// # Errors
    /// [`Error::Parameter`] when there are not so many counters.
    pub fn estimate_of(&self, i: u64) -> Result<Estimate> {
        self.estimate_of_at(i, Sigmas::default())
    }

    /// [`estimate_of`](Self::estimate_of) with wider or narrower bounds. `high` is infinite once the register is full.
    ///
    /// # Errors
    /// [`Error::Parameter`] when there are not so many counters.
    pub fn estimate_of_at(&self, i: u64, sigmas: Sigmas) -> Result<Estimate> {
        Ok(self.shape.estimate(self.state(self.shape.check(i)?), sigmas))
    }

    /// The counter of an item's [`hash`](crate::hash::hash).
    #[inline]
    pub fn counter_of(&self, hash: u64) -> u64 {
        place(hash, self.shape.counter_len)
    }

    /// How often an item came. Other items of the same counter are counted with it: `low` allows for as many as may be.
    pub fn count(&self, item: impl AsRef<[u8]>) -> Estimate {
        self.count_hash(crate::hash::hash(item.as_ref(), self.seed()))
    }

    /// How often an item of this hash came: as [`count`](Self::count).
    pub fn count_hash(&self, hash: u64) -> Estimate {
        self.shape.count(self.state(self.shape.place(hash)), self.event_len())
    }

    /// The counters with most events, at most `n` and none at 0: indices and counts, the largest first, of equal ones
    /// the one of the lower index. O(counters).
    pub fn top(&self, n: usize) -> Vec<(u64, Estimate)> {
        // Counters of each state, from which the lowest state of the first n is known.
        let mut of_state = vec![0_u64; usize::from(self.shape.max_state) + 1];
        self.states().for_each(|state| of_state[usize::from(state)] += 1);
        let (mut least, mut above) = (usize::from(self.shape.max_state) + 1, 0);
        while least > 1 && above < n as u64 {
            least -= 1;
            above += of_state[least];
        }
        // Of those at the lowest state, not all may have a place.
        let mut spare = above.saturating_sub(n as u64);
        spare = of_state.get(least).map_or(0, |len| len.saturating_sub(spare));
        let mut top: Vec<(u64, u16)> = Vec::new();
        for (i, state) in (0..).zip(self.states()) {
            let state_at = usize::from(state);
            if state_at > least || state_at == least && spare > 0 {
                spare -= u64::from(state_at == least);
                top.push((i, state));
            }
        }
        top.sort_by_key(|(i, state)| (core::cmp::Reverse(*state), *i));
        let estimate = |state| self.shape.estimate(state, Sigmas::default());
        top.into_iter().map(|(i, state)| (i, estimate(state))).collect()
    }

    /// Number of all events: exact, unless there are 2^64 or more. O(1).
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate): an exact number has no narrower bounds.
    pub fn estimate_at(&self, _sigmas: Sigmas) -> Estimate {
        all_events(self.event_len())
    }

    /// Standard error of [`estimate`](Self::estimate): none. That of a counter is
    /// [`morris::std_error`](super::morris::std_error).
    pub fn std_error(&self) -> f64 {
        0.0
    }

    #[inline]
    fn state(&self, at: usize) -> u16 {
        self.shape.state(&self.frame.payload()[HEAD..], at)
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> MorrisArray<D> {
    /// Makes the coin another by a number. Arrays that are to be merged have one seed, and would toss alike: stir each
    /// with a number of its own before it counts.
    pub fn stir(&mut self, number: u64) {
        register::coin(u64::read(self.frame.payload()), number).write(self.frame.payload_mut());
    }

    /// Counts one event at counter `i`. True when its register went up.
    ///
    /// # Errors
    /// [`Error::Parameter`] when there are not so many counters; nothing has changed then.
    #[inline]
    pub fn increment(&mut self, i: u64) -> Result<bool> {
        Ok(self.count_one(self.shape.check(i)?))
    }

    /// Counts `events` events at counter `i`: as likely to come to any state as by so many single ones, in as many draws
    /// as the register goes up.
    ///
    /// # Errors
    /// [`Error::Parameter`] when there are not so many counters; nothing has changed then.
    pub fn increment_by(&mut self, i: u64, events: u64) -> Result<()> {
        let at = self.shape.check(i)?;
        let (head, registers) = self.frame.payload_mut().split_at_mut(HEAD);
        let mut coin = u64::read(head);
        self.shape.add(registers, at, events, &mut coin);
        coin.write(head);
        u64::read(&head[8..]).saturating_add(events).write(&mut head[8..]);
        Ok(())
    }

    #[inline]
    fn count_one(&mut self, at: usize) -> bool {
        let (head, registers) = self.frame.payload_mut().split_at_mut(HEAD);
        let mut coin = u64::read(head);
        let counts = self.shape.step(registers, at, toss(&mut coin));
        coin.write(head);
        u64::read(&head[8..]).saturating_add(1).write(&mut head[8..]);
        counts
    }

    /// Counts an event at the counter of this hash. True when its register went up.
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> bool {
        self.count_one(self.shape.place(hash))
    }

    /// Counts an event at the counter of each hash. All registers are asked for before the first is read.
    pub fn insert_hashes(&mut self, hashes: &[u64]) {
        let shape = &self.shape;
        let (head, registers) = self.frame.payload_mut().split_at_mut(HEAD);
        let (mut coin, width) = (u64::read(head), if shape.wide() { 2 } else { 1 });
        let mut places = [0; 64];
        for hashes in hashes.chunks(places.len()) {
            for (at, hash) in places.iter_mut().zip(hashes) {
                *at = shape.place(*hash);
                prefetch(registers, *at * width);
            }
            for at in &places[..hashes.len()] {
                shape.step(registers, *at, toss(&mut coin));
            }
        }
        coin.write(head);
        u64::read(&head[8..]).saturating_add(hashes.len() as u64).write(&mut head[8..]);
    }

    /// Takes in the events of `other`: each counter becomes the sum of the two. Where the coins differ, it is exactly as
    /// likely to be in any state as a counter of all its events.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when seed, number of counters, base or bits differ; nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &MorrisArray<E>) -> Result<()> {
        self.frame.same_seed(&other.frame)?;
        Error::unless_equal(LEN.name(), self.counter_len(), other.counter_len())?;
        Error::unless_equal(BASE.name(), self.base(), other.base())?;
        Error::unless_equal(REGISTER_BITS.name(), self.register_bits(), other.register_bits())?;
        let shape = &self.shape;
        let (head, registers) = self.frame.payload_mut().split_at_mut(HEAD);
        // Coins of one seed and one history toss alike: stirring theirs in parts the ways.
        let mut coin = u64::read(head) ^ u64::read(other.frame.payload()).rotate_left(32);
        for (i, theirs) in other.states().enumerate() {
            let states = (shape.state(registers, i), theirs);
            let sum =
                register::merged(states, shape.max_state, |exponent| shape.chances.get(exponent), &mut coin);
            shape.update(registers, i, |_| sum.into());
        }
        coin.write(head);
        u64::read(&head[8..]).saturating_add(other.event_len()).write(&mut head[8..]);
        Ok(())
    }
}

face!(MorrisArray, frame);
insert_face!(MorrisArray, "Counts an event at the counter of `item`. True when its register went up.");

fn chosen(settings: &Settings) -> (u64, f64, u32) {
    let bits = settings.whole(&BITS_PARAMETER) as u32;
    (settings.whole(&LEN_PARAMETER), settings.real(&BASE_PARAMETER), bits)
}

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    slug: FORMAT.slug,
    name: "Morris array",
    type_name: "MorrisArray",
    family: Family::Counting,
    summary: "A counter in one byte for each of a million things, or a row of them that items share by their hashes.",
    choose: "there are very many things to count, by number, and rough counts will do: a byte for each",
    format: &FORMAT,
    parameters: &[&LEN_PARAMETER, &BASE_PARAMETER, &BITS_PARAMETER, &COIN_PARAMETER],
    contains: false,
    inserts: true,
    removes: false,
    forgets: false,
    count: true,
    top: false,
    counts: Counts::Events,
    merge: Merge::Sum,
    error: "each counter: relative standard error √((b - 1) / 2) for base b; items that share one add up; the number of \
            all events is exact",
    std_error: |_| Ok(0.0),
    space: "8 or 16 bits a counter, and 128",
    bytes: |settings| {
        let (counters, _, bits) = chosen(settings);
        Ok((FORMAT.payload_start() + HEAD) as u64 + counters * u64::from(bits / 8))
    },
    sources: &[register::MORRIS, register::FLAJOLET],
    essay: include_str!("morris_array.md"),
    build: |settings| {
        let (counters, base, bits) = chosen(settings);
        let mut array = MorrisArray::new(counters, base, bits, settings.seed)?;
        match settings.whole(&COIN_PARAMETER) {
            0 => {}
            number => array.stir(number),
        }
        Ok(Box::new(array))
    },
    builder: None,
    text: None,
    open: |bytes| Ok(Box::new(MorrisArray::open(bytes)?)),
    open_owned: |bytes| Ok(Box::new(MorrisArray::open(bytes)?)),
};

catalogued!(
    MorrisArray,
    view {
        fn count_hash(&self, hash: u64) -> Result<Estimate> {
            Ok(self.count_hash(hash))
        }
        fn facts(&self) -> Vec<Fact> {
            let (mut zero, mut full, mut largest) = (0_u64, 0_u64, 0);
            for state in self.states() {
                zero += u64::from(state == 0);
                full += u64::from(state == self.shape.max_state);
                largest = largest.max(state);
            }
            let largest = self.shape.estimate(largest, Sigmas::Two);
            [
                Fact::new("counters at 0", zero, "counters"),
                Fact::new("counters that are full", full, "counters"),
                Fact::new("largest counter", largest, "events"),
                Fact::new("standard error of a counter", format_args!("{:.4}", register::std_error(self.base())), ""),
            ]
            .into()
        }
        fn regions(&self) -> Vec<Region> {
            let mut regions = self.frame.regions(&FORMAT);
            let Some(payload) = regions.pop() else { return regions };
            let part = |name: &str, from: usize, end: usize, value: String, doc: &str| Region {
                name: name.into(), start: payload.start + from, end, value, doc: doc.into(),
            };
            let number = |at: usize| <u64 as Scalar>::show(&self.frame.payload()[at..]);
            regions.push(part("coin", 0, payload.start + 8, number(0), "the coin's state"));
            regions.push(part("event_len", 8, payload.start + HEAD, number(8), "number of all events"));
            regions.push(part("registers", HEAD, payload.end, String::new(), "the counters' states"));
            regions
        }
    }
);
