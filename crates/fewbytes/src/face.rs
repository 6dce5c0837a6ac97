//! What every structure has in common over its storage, written once.

/// Implements the methods and traits that all structures share, for a type `$name<D>` whose frame is at `$frame`.
macro_rules! face {
    ($name:ident, $($frame:ident).+) => {
        impl<D: AsRef<[u8]>> $name<D> {
            /// The whole structure: what a file, a database column or a network message holds.
            pub fn as_bytes(&self) -> &[u8] {
                self.$($frame).+.bytes()
            }

            /// The storage that it lived in.
            pub fn into_inner(self) -> D {
                self.$($frame).+.into_inner()
            }

            /// The seed of its hash.
            pub fn seed(&self) -> u64 {
                self.$($frame).+.seed()
            }

            /// Whether the header's checksum stands for these very bytes.
            pub fn is_sealed(&self) -> bool {
                self.$($frame).+.is_sealed()
            }
        }

        impl<D: AsRef<[u8]> + AsMut<[u8]>> $name<D> {
            /// Writes the checksum into the header, in O(n), for [`verify`](Self::verify) to compare. The next change
            /// takes it away again.
            pub fn seal(&mut self) {
                self.$($frame).+.seal();
            }
        }

        impl<D: AsRef<[u8]>> AsRef<[u8]> for $name<D> {
            fn as_ref(&self) -> &[u8] {
                self.as_bytes()
            }
        }

        /// Equal when their bytes are, whatever they live in.
        impl<D: AsRef<[u8]>, E: AsRef<[u8]>> PartialEq<$name<E>> for $name<D> {
            fn eq(&self, other: &$name<E>) -> bool {
                self.as_bytes() == other.as_bytes()
            }
        }

        impl<D: AsRef<[u8]>> core::fmt::Debug for $name<D> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut shape = f.debug_struct(stringify!($name));
                for row in ENTRY.format.parameters {
                    shape.field(row.name, &format_args!("{}", row.show(self.as_bytes())));
                }
                shape.field("seed", &self.seed()).field("bytes", &self.as_bytes().len()).finish()
            }
        }

        #[cfg(feature = "serde")]
        impl<D: AsRef<[u8]>> serde::Serialize for $name<D> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
                $crate::serde::serialize(self.as_bytes(), serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<S: serde::Deserializer<'de>>(deserializer: S) -> core::result::Result<Self, S::Error> {
                Self::open($crate::serde::deserialize(deserializer)?.into()).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Implements `insert` and `insert_all` for a type `$name<D>` that takes hashes and never has to grow.
macro_rules! insert_face {
    ($name:ident) => {
        $crate::face::insert_face!(
            $name,
            "Takes one item. True when the structure changed: an item that it took before never changes it."
        );
    };
    ($name:ident, $doc:literal) => {
        $crate::face::insert_face!([D: AsRef<[u8]> + AsMut<[u8]>] [&mut] $name, $doc);
    };
    // Over storage of another kind, and for one who may write while others do.
    ([$storage:ident: $($bound:tt)+] [$($borrow:tt)+] $name:ident, $doc:literal) => {
        impl<$storage: $($bound)+> $name<$storage> {
            #[doc = $doc]
            #[inline]
            pub fn insert($($borrow)+ self, item: impl AsRef<[u8]>) -> bool {
                self.insert_hash($crate::hash::hash(item.as_ref(), self.seed()))
            }

            /// Takes many items, faster than one at a time: they are hashed in batches before memory is touched.
            pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>($($borrow)+ self, items: I) {
                let seed = self.seed();
                $crate::hash::in_batches(items, seed, |hashes| self.insert_hashes(hashes));
            }

            /// Takes many numbers, each an item of eight little-endian bytes: faster than as bytes.
            pub fn insert_u64s($($borrow)+ self, numbers: &[u64]) {
                let seed = self.seed();
                $crate::hash::u64s_in_batches(numbers, seed, |hashes| self.insert_hashes(hashes));
            }
        }
    };
}

/// Implements `contains` and `contains_all` for a type `$name<D>` that is asked by hashes.
macro_rules! contains_face {
    ($name:ident) => {
        $crate::face::contains_face!($name, "Whether `item` may have been inserted. False is certain.");
    };
    ($name:ident, $doc:literal) => {
        $crate::face::contains_face!([D: AsRef<[u8]>] $name, $doc);
    };
    ([$storage:ident: $($bound:tt)+] $name:ident, $doc:literal) => {
        impl<$storage: $($bound)+> $name<$storage> {
            #[doc = $doc]
            #[inline]
            pub fn contains(&self, item: impl AsRef<[u8]>) -> bool {
                self.contains_hash($crate::hash::hash(item.as_ref(), self.seed()))
            }

            /// Asks for many items, faster than one at a time: `found` is emptied, and takes an answer for each item.
            pub fn contains_all<I>(&self, items: I, found: &mut alloc::vec::Vec<bool>)
            where
                I: IntoIterator<Item: AsRef<[u8]>>,
            {
                found.clear();
                $crate::hash::in_batches(items, self.seed(), |hashes| {
                    let from = found.len();
                    found.resize(from + hashes.len(), false);
                    self.contains_hashes(hashes, &mut found[from..]);
                });
            }

            /// Asks for many numbers, each an item of eight little-endian bytes: `found` is emptied, and takes an answer
            /// for each.
            pub fn contains_u64s(&self, numbers: &[u64], found: &mut alloc::vec::Vec<bool>) {
                found.clear();
                found.resize(numbers.len(), false);
                let mut left = &mut found[..];
                $crate::hash::u64s_in_batches(numbers, self.seed(), |hashes| {
                    let (here, after) = core::mem::take(&mut left).split_at_mut(hashes.len());
                    self.contains_hashes(hashes, here);
                    left = after;
                });
            }
        }
    };
}

/// What a [`View`](crate::entry::View) asks of a filter, by the filter's own methods of the same names: a line within
/// the braces of `catalogued!`.
macro_rules! contains_view {
    () => {
        fn contains_hash(&self, hash: u64) -> $crate::Result<bool> {
            Ok(self.contains_hash(hash))
        }
        fn contains_hashes(&self, hashes: &[u64], found: &mut [bool]) -> $crate::Result<()> {
            self.contains_hashes(hashes, found);
            Ok(())
        }
    };
}

/// Implements [`View`](crate::entry::View) and [`Sketch`](crate::entry::Sketch) by the type's own methods of the
/// same names; what is its own comes as methods in the braces. Without `sketch`, it is one that takes items, never fails
/// to, and merges.
macro_rules! catalogued {
    ($name:ident, view { $($view:item)* }) => {
        $crate::face::catalogued!(
            $name,
            view { $($view)* },
            sketch {
                fn insert(&mut self, item: &[u8]) -> Result<bool> {
                    Ok(self.insert(item))
                }
                fn insert_all(&mut self, items: $crate::Items<'_>) -> Result<()> {
                    self.insert_all(items);
                    Ok(())
                }
                fn merge(&mut self, other: &dyn $crate::entry::View) -> Result<()> {
                    self.merge(&$name::open(other.as_bytes())?)
                }
            }
        );
    };
    ($name:ident, view { $($view:item)* }, sketch { $($sketch:item)* }) => {
        impl<D: AsRef<[u8]>> $crate::entry::View for $name<D> {
            fn entry(&self) -> &'static Entry {
                &ENTRY
            }
            fn as_bytes(&self) -> &[u8] {
                self.as_bytes()
            }
            fn seed(&self) -> u64 {
                self.seed()
            }
            fn is_sealed(&self) -> bool {
                self.is_sealed()
            }
            fn verify(&self) -> Result<()> {
                self.verify()
            }
            fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
                self.estimate_at(sigmas)
            }
            fn std_error(&self) -> f64 {
                self.std_error()
            }
            $($view)*
        }

        impl $crate::entry::Sketch for $name {
            fn seal(&mut self) {
                self.seal();
            }
            fn into_bytes(self: alloc::boxed::Box<Self>) -> alloc::vec::Vec<u8> {
                self.into_inner().into()
            }
            $($sketch)*
        }
    };
}

pub(crate) use {catalogued, contains_face, contains_view, face, insert_face};
