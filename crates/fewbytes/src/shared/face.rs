//! What every shared structure has in common, written once.

/// Implements what all have, for a type `$name<S>` of a `frame` and a `$field`, which `$read` reads from a header and the
/// payload's length, and for the form that one writes, `$plain`: many write its bytes, or those of what `$spread` makes of it.
macro_rules! shared_face {
    ($name:ident, $plain:ident, $format:expr, $field:ident: $read:expr $(, $spread:ident)?) => {
        impl $name {
            /// A copy of `plain` for the threads of this program; its seal, if it has one, stays behind.
            ///
            /// # Errors
            /// Those of [`open`](Self::open); [`Error::CannotGrow`](crate::Error::CannotGrow) when memory for it can't be
            /// had.
            pub fn copy_of<D: AsRef<[u8]>>(plain: &$plain<D>) -> Result<Self> {
                $(let plain = plain.$spread()?;)?
                Self::open($crate::shared::words::unsealed(plain.as_bytes())?)
            }
        }

        impl<S: Words> $name<S> {
            /// Opens the bytes of a structure where they lie, to be written by all who opened them. O(1).
            ///
            /// # Errors
            /// Those of the structure's own `open`; [`Error::Sharing`](crate::Error::Sharing) when the bytes are sealed, or
            /// such that many can't write them.
            pub fn open(storage: S) -> Result<Self> {
                let (frame, $field) = SharedFrame::open(storage, &$format, $read)?;
                Ok(Self { frame, $field })
            }

            /// The storage that it lives in.
            pub fn storage(&self) -> &S {
                self.frame.storage()
            }

            /// The storage that it lived in.
            pub fn into_inner(self) -> S {
                self.frame.into_inner()
            }

            /// The seed of its hash.
            pub fn seed(&self) -> u64 {
                self.frame.seed()
            }
        }

        impl<S: Words> core::fmt::Debug for $name<S> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut shape = f.debug_struct(stringify!($name));
                shape.field("seed", &self.seed()).field("bytes", &self.storage().byte_len()).finish()
            }
        }
    };
}

/// Implements `freeze`, where the form that one writes, `$plain`, has the same bytes.
macro_rules! freeze_face {
    ($name:ident, $plain:ident) => {
        impl<S: Words> $name<S> {
            /// An owned copy of what it holds now, to be asked, saved, sealed or merged. What was inserted before is in it;
            /// of what is inserted meanwhile it has some or none. O(n).
            ///
            /// # Errors
            /// [`Error::CannotGrow`](crate::Error::CannotGrow) when memory for it can't be had.
            pub fn freeze(&self) -> Result<$plain> {
                $plain::open(self.frame.copy()?)
            }
        }
    };
}

/// Implements the estimate of a filter, whose `size` says how many items set so many bits.
macro_rules! bits_face {
    ($name:ident) => {
        impl<S: Words> $name<S> {
            /// Number of different items inserted, within two standard errors. O(n).
            pub fn estimate(&self) -> $crate::Estimate {
                self.estimate_at($crate::Sigmas::default())
            }

            /// [`estimate`](Self::estimate) with wider or narrower bounds.
            pub fn estimate_at(&self, sigmas: $crate::Sigmas) -> $crate::Estimate {
                self.size.estimate_at($crate::shared::words::one_len(self.frame.payload()), sigmas)
            }

            /// Standard error of [`estimate`](Self::estimate) as a share of it; 0 while the filter is empty. O(n).
            pub fn std_error(&self) -> f64 {
                self.estimate_at($crate::Sigmas::One).share_above()
            }
        }
    };
}

pub(crate) use {bits_face, freeze_face, shared_face};
