//! The same work on several threads at once.

use anyhow::Result;
use std::panic::resume_unwind;
use std::thread;

/// Runs `work` on up to `threads` threads, this one among them, and gives what each came to.
pub fn on_all<T: Send>(threads: usize, work: impl Fn() -> Result<T> + Sync) -> Vec<Result<T>> {
    thread::scope(|scope| {
        // As many helpers as the system gives: this thread alone would do.
        let helpers: Vec<_> =
            (1..threads).map_while(|_| thread::Builder::new().spawn_scoped(scope, &work).ok()).collect();
        let mut results = vec![work()];
        let joined = helpers.into_iter().map(|helper| helper.join());
        results.extend(joined.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic))));
        results
    })
}
