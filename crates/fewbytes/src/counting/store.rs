//! Where counters are: in bytes, or in words that many write.

use crate::layout::Scalar;

/// A counter's type. One that would be larger than its largest number is that.
pub(crate) trait Whole: Scalar {
    fn count(self) -> u64;
    fn of(count: u64) -> Self;
}

macro_rules! whole {
    ($($t:ident)*) => {$(
        impl Whole for $t {
            #[inline]
            fn count(self) -> u64 {
                self.into()
            }
            #[inline]
            fn of(count: u64) -> Self {
                Self::try_from(count).unwrap_or(Self::MAX)
            }
        }
    )*};
}
whole!(u8 u16 u32 u64);

/// Counters of one type, one after another.
pub(crate) trait Store {
    /// Counter `i`.
    fn get<T: Whole>(&self, i: usize) -> u64;

    /// Makes counter `i` what `next` says of it. What it was, and what it is now.
    ///
    /// Where many write, `next` may be asked again, of what another made of it meanwhile.
    fn update<T: Whole>(&mut self, i: usize, next: impl FnMut(u64) -> u64) -> (u64, u64);
}

impl Store for [u8] {
    #[inline]
    fn get<T: Whole>(&self, i: usize) -> u64 {
        T::read(&self[i * T::WIDTH..]).count()
    }

    #[inline]
    fn update<T: Whole>(&mut self, i: usize, mut next: impl FnMut(u64) -> u64) -> (u64, u64) {
        let bytes = &mut self[i * T::WIDTH..];
        let old = T::read(bytes).count();
        let new = T::of(next(old));
        new.write(bytes);
        (old, new.count())
    }
}
