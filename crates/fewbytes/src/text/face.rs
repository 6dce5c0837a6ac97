//! What every text store has in common, written once.

/// Implements what all text stores share, for a type `$name<D>` with a `frame` and `counts`, by its own methods `contains`,
/// `id_of`, `key_of`, `get`, `prefixes_of`, `walk` and `verify`: the counts, [`Dictionary`](super::Dictionary),
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
                    found.clear();
                    found.extend(items.into_iter().map(|item| self.contains(item)));
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

/// What a store answers that is built from all keys at once.
pub(crate) const fn is_static(slug: &'static str) -> crate::Error {
    crate::Error::Unsupported {
        structure: slug,
        operation: "take more items (it is built from all of them at once)",
    }
}

pub(crate) use text_face;
