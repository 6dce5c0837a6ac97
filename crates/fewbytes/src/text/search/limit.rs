//! How what a search finds is stepped through, up to a limit: written once.

/// Implements `limit` and `advance` for a search that knows how to `seek` the next key, and has the number of keys that are
/// `left` until its limit.
macro_rules! limited {
    () => {
        /// Ends after `keys` of them.
        #[must_use]
        pub fn limit(mut self, keys: u64) -> Self {
            self.left = self.left.min(keys);
            self
        }

        /// Goes to the next key. False where there is none, or the limit is reached.
        pub fn advance(&mut self) -> bool {
            if self.left == 0 {
                return false;
            }
            let found = self.seek();
            self.left = if found { self.left - 1 } else { 0 };
            found
        }
    };
}

pub(super) use limited;
