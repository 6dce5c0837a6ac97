//! Many byte strings in one buffer: what crosses a function call that can't be generic.

/// Byte strings laid end to end, with the place where each ends. Item *i* is `text[ends[i - 1]..ends[i]]`.
///
/// The same shape as an Arrow binary array; a command, a page or a column store fills it without an allocation an item.
#[derive(Clone, Copy, Debug, Default)]
pub struct Items<'a> {
    text: &'a [u8],
    ends: &'a [u32],
}

impl<'a> Items<'a> {
    /// The items of `text` that end at `ends`, each counted from the start of `text`.
    ///
    /// Ends that go backwards or past the text give shorter or empty items, never a panic.
    pub const fn new(text: &'a [u8], ends: &'a [u32]) -> Self {
        Self { text, ends }
    }

    /// Number of items.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<'a> IntoIterator for Items<'a> {
    type Item = &'a [u8];
    type IntoIter = ItemsIter<'a>;

    fn into_iter(self) -> ItemsIter<'a> {
        ItemsIter { text: self.text, ends: self.ends.iter(), start: 0 }
    }
}

/// Iterator over [`Items`].
#[derive(Clone, Debug)]
pub struct ItemsIter<'a> {
    text: &'a [u8],
    ends: core::slice::Iter<'a, u32>,
    start: usize,
}

impl<'a> Iterator for ItemsIter<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let end = *self.ends.next()? as usize;
        // A branch, which is always foreseen; `unwrap_or_default` becomes a move that the hash would wait for.
        let item = match self.text.get(self.start..end) {
            Some(item) => item,
            None => nothing(),
        };
        self.start = end;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ends.size_hint()
    }
}

impl ExactSizeIterator for ItemsIter<'_> {}

#[cold]
fn nothing<'a>() -> &'a [u8] {
    &[]
}
