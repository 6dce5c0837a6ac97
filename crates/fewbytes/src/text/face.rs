//! What every text store has in common, written once.

/// Implements what all text stores share, for a type `$name<D>` with a `frame` and `counts`, by its own methods `contains`,
/// `id_of`, `look_up`, `key_of`, `get`, `prefixes_of`, `walk` and `verify`: the counts, [`Dictionary`](super::Dictionary),
/// [`Walk`](super::Walk) with `$cursor<'a>`, and the catalogue's faces. Methods of its own go into the braces, as in `catalogued!`;
/// without `sketch`, the store is static.
macro_rules! text_face {
    ($name:ident, $cursor:ident, $ids:expr, view { $($view:item)* }) => {
        $crate::text::face::text_face!($name, $cursor, $ids, view { $($view)* }, sketch {
            fn insert(&mut self, _item: &[u8]) -> Result<bool> {
                Err($crate::text::face::is_static(FORMAT.slug))
            }
            fn insert_all(&mut self, _items: $crate::Items<'_>) -> Result<()> {
                Err($crate::text::face::is_static(FORMAT.slug))
            }
            fn merge(&mut self, _other: &dyn $crate::entry::View) -> Result<()> {
                Err($crate::Error::Unsupported { structure: FORMAT.slug, operation: "merge" })
            }
        });
    };
    ($name:ident, $cursor:ident, $ids:expr, view { $($view:item)* }, sketch { $($sketch:item)* }) => {
        impl<D: AsRef<[u8]>> $name<D> {
            /// Number of keys.
            pub fn len(&self) -> u64 {
                self.counts.key_len
            }

            /// Whether there is no key.
            pub fn is_empty(&self) -> bool {
                self.counts.key_len == 0
            }

            /// Bytes of all keys together.
            pub fn text_len(&self) -> u64 {
                self.counts.text_len
            }

            /// Bytes of the longest key.
            pub fn longest_len(&self) -> u64 {
                self.counts.longest_len.into()
            }

            /// Whether keys have values.
            pub fn has_values(&self) -> bool {
                self.counts.value_bits > 0
            }

            /// Number of keys: exact.
            pub fn estimate(&self) -> $crate::Estimate {
                $crate::Estimate::exact(self.counts.key_len as f64)
            }

            /// [`estimate`](Self::estimate); no bounds are needed, whatever the sigmas.
            pub fn estimate_at(&self, _sigmas: $crate::Sigmas) -> $crate::Estimate {
                self.estimate()
            }

            /// Standard error of [`estimate`](Self::estimate): 0.
            pub fn std_error(&self) -> f64 {
                0.0
            }

            /// Asks for many keys, some side by side: `found` is emptied, and takes an answer for each.
            pub fn contains_all<I>(&self, keys: I, found: &mut alloc::vec::Vec<bool>)
            where
                I: IntoIterator<Item: AsRef<[u8]>>,
            {
                found.clear();
                self.look_up::<false, _>(keys.into_iter(), |i, id| {
                    $crate::text::batch::put(found, i, id.is_some());
                });
            }

            /// [`id_of`](Self::id_of) of many keys, some side by side: `ids` is emptied, and takes an answer for each.
            pub fn ids_of_all<I>(&self, keys: I, ids: &mut alloc::vec::Vec<Option<u64>>)
            where
                I: IntoIterator<Item: AsRef<[u8]>>,
            {
                ids.clear();
                self.look_up::<true, _>(keys.into_iter(), |i, id| $crate::text::batch::put(ids, i, id));
            }
        }

        impl<D: AsRef<[u8]>> $crate::text::Walk for $name<D> {
            type Cursor<'a>
                = $cursor<'a>
            where
                Self: 'a;

            fn walk(&self) -> $cursor<'_> {
                self.walk()
            }

            fn text_len(&self) -> u64 {
                self.text_len()
            }

            fn heaviest_under(&self, prefix: &[u8], n: usize) -> Option<alloc::vec::Vec<(alloc::vec::Vec<u8>, u64)>> {
                $crate::text::heaviest_by_id(self, prefix, n)
            }
        }

        impl<D: AsRef<[u8]>> $crate::text::Dictionary for $name<D> {
            fn len(&self) -> u64 {
                self.len()
            }
            fn text_len(&self) -> u64 {
                self.text_len()
            }
            fn longest_len(&self) -> u64 {
                self.longest_len()
            }
            fn ids(&self) -> $crate::text::Ids {
                $ids
            }
            fn contains(&self, key: &[u8]) -> bool {
                self.contains(key)
            }
            fn id_of(&self, key: &[u8]) -> Option<u64> {
                self.id_of(key)
            }
            fn ids_of_all(&self, keys: $crate::Items<'_>, ids: &mut alloc::vec::Vec<Option<u64>>) {
                self.ids_of_all(keys, ids);
            }
            fn key_of(&self, id: u64, key: &mut alloc::vec::Vec<u8>) -> bool {
                self.key_of(id, key)
            }
            fn has_values(&self) -> bool {
                self.has_values()
            }
            fn get(&self, key: &[u8]) -> Option<u64> {
                self.get(key)
            }
            fn values(&self) -> Option<$crate::text::Values<'_>> {
                $crate::entry::View::key_values(self)
            }
            fn prefixes_of(&self, text: &[u8]) -> alloc::vec::Vec<$crate::text::Prefix> {
                self.prefixes_of(text).collect()
            }
            fn cursor(&self) -> alloc::boxed::Box<dyn $crate::text::Cursor + '_> {
                alloc::boxed::Box::new(self.walk())
            }
        }

        $crate::face::face!($name, frame);

        $crate::face::catalogued!(
            $name,
            view {
                fn contains(&self, item: &[u8]) -> Result<bool> {
                    Ok(self.contains(item))
                }
                fn contains_all(
                    &self,
                    items: $crate::Items<'_>,
                    found: &mut alloc::vec::Vec<bool>,
                ) -> Result<()> {
                    self.contains_all(items, found);
                    Ok(())
                }
                fn dictionary(&self) -> Option<&dyn $crate::text::Dictionary> {
                    Some(self)
                }
                $($view)*
            },
            sketch { $($sketch)* }
        );
    };
}

/// What `look_up` does where one key after the other is the way.
macro_rules! one_by_one {
    ($store:expr, $counted:expr, $keys:expr, $told:expr) => {
        for (i, key) in $keys.enumerate() {
            $told(i, if $counted { $store.id_of(key) } else { $store.contains(key).then_some(0) });
        }
    };
    ($name:ident) => {
        impl<D: AsRef<[u8]>> $name<D> {
            /// [`id_of`](Self::id_of) of many keys; of those that are not `COUNTED`, any number for an id.
            fn look_up<const COUNTED: bool, K: AsRef<[u8]>>(
                &self,
                keys: impl Iterator<Item = K>,
                mut told: impl FnMut(usize, Option<u64>),
            ) {
                $crate::text::face::one_by_one!(self, COUNTED, keys, told);
            }
        }
    };
}

/// What a store answers that is built from all keys at once.
pub(crate) const fn is_static(slug: &'static str) -> crate::Error {
    crate::Error::Unsupported {
        structure: slug,
        operation: "take more items (it is built from all of them at once)",
    }
}

pub(crate) use {one_by_one, text_face};
