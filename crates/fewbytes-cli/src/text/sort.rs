//! Keys in any order, out again in the order of their bytes, in bounded memory: sorted runs in temporary files, merged.

use anyhow::{Result, anyhow};
use fewbytes::text::KeyList;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::mem;

/// Runs that are merged at once: each has a buffer, and an open file.
const FAN: usize = 128;
/// Bytes of a run's buffer.
const BUFFER: usize = 64 << 10;

/// Takes keys in any order, and gives them sorted, each once.
pub struct Sorter {
    list: KeyList,
    budget: u64,
    runs: Vec<File>,
    values: bool,
}

impl Sorter {
    /// One that holds about `budget` bytes of memory.
    pub fn new(budget: u64) -> Self {
        Self { list: KeyList::new(), budget, runs: Vec::new(), values: false }
    }

    /// Takes a key.
    pub fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        self.values |= value.is_some();
        // While a list grows, the old and the new one stand side by side: a third is left for each, and one to sort in.
        if self.list.heap_bytes() > self.budget / 3 {
            self.spill()?;
        }
        self.list.push(key, value).map_err(|error| anyhow!("{error}"))
    }

    /// Gives every key once, in order, with the value of the first that came.
    pub fn drain(mut self, mut each: impl FnMut(&[u8], Option<u64>) -> Result<()>) -> Result<()> {
        if self.runs.is_empty() {
            self.list.sort();
            return self.list.iter().try_for_each(|(key, value)| each(key, value));
        }
        self.spill()?;
        merge(mem::take(&mut self.runs), self.values, each)
    }

    /// Writes the keys so far into a run.
    fn spill(&mut self) -> Result<()> {
        // Its memory goes, too: what a list holds is what is compared with the budget.
        let mut list = mem::take(&mut self.list);
        list.sort();
        self.runs.push(written(|out| list.iter().try_for_each(|(key, value)| write(out, key, value)))?);
        if self.runs.len() == FAN {
            let (runs, values) = (mem::take(&mut self.runs), self.values);
            self.runs.push(written(|out| merge(runs, values, |key, value| write(out, key, value)))?);
        }
        Ok(())
    }
}

/// A temporary file without a name, at its start again after `fill` wrote it.
fn written(fill: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<File> {
    let mut out = BufWriter::with_capacity(BUFFER, tempfile::tempfile().map_err(no_room)?);
    fill(&mut out)?;
    let mut file = out.into_inner().map_err(|error| no_room(error.into_error()))?;
    file.rewind().map_err(no_room)?;
    Ok(file)
}

/// A key: its length, its value, its bytes.
fn write(out: &mut impl Write, key: &[u8], value: Option<u64>) -> Result<()> {
    let (len, value) = ((key.len() as u32).to_le_bytes(), value.unwrap_or_default().to_le_bytes());
    [&len[..], &value, key].into_iter().try_for_each(|part| out.write_all(part)).map_err(no_room)
}

/// Reads a key over `key`, and gives its value; `None` at the end.
fn read(from: &mut BufReader<File>, key: &mut Vec<u8>) -> io::Result<Option<u64>> {
    let (mut len, mut value) = ([0; 4], [0; 8]);
    match from.read_exact(&mut len) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    from.read_exact(&mut value)?;
    key.resize(u32::from_le_bytes(len) as usize, 0);
    from.read_exact(key)?;
    Ok(Some(u64::from_le_bytes(value)))
}

/// Gives every key of sorted runs once, in order, with its value in the first run that has it.
fn merge(
    runs: Vec<File>,
    values: bool,
    mut each: impl FnMut(&[u8], Option<u64>) -> Result<()>,
) -> Result<()> {
    let mut runs: Vec<_> = runs.into_iter().map(|run| BufReader::with_capacity(BUFFER, run)).collect();
    let mut heap = BinaryHeap::new();
    for (i, run) in runs.iter_mut().enumerate() {
        let mut key = Vec::new();
        if let Some(value) = read(run, &mut key).map_err(no_room)? {
            heap.push(Reverse((key, i, value)));
        }
    }
    let mut last = None::<Vec<u8>>;
    while let Some(Reverse((key, i, value))) = heap.pop() {
        let mut next = match last.take() {
            Some(before) if before == key => before,
            before => {
                each(&key, values.then_some(value))?;
                before.unwrap_or_default()
            }
        };
        last = Some(key);
        if let Some(value) = read(&mut runs[i], &mut next).map_err(no_room)? {
            heap.push(Reverse((next, i, value)));
        }
    }
    Ok(())
}

fn no_room(error: io::Error) -> anyhow::Error {
    anyhow!(
        "cannot sort in temporary files: {error}; free space there, set TMPDIR to a folder that has some, or give more \
         `--memory`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Many runs, merged more than once, against a sorted map.
    #[test]
    fn sorts_as_a_map_does() -> Result<()> {
        for (budget, len) in [(u64::MAX, 3000), (40_000, 60_000), (2_000, 40_000), (0, 400)] {
            let mut sorter = Sorter::new(budget);
            let mut map = BTreeMap::new();
            for i in 0..len {
                let key = format!("{}", (i * 7919) % (len * 3 / 4));
                map.entry(key.clone().into_bytes()).or_insert(i);
                sorter.push(key.as_bytes(), Some(i))?;
            }
            let mut sorted = Vec::new();
            sorter.drain(|key, value| {
                sorted.push((key.to_vec(), value.unwrap_or_default()));
                Ok(())
            })?;
            assert_eq!(sorted, map.into_iter().collect::<Vec<_>>(), "budget {budget}");
        }
        Ok(())
    }

    /// A run is as long as the budget lets it be: not a file for each key.
    #[test]
    fn runs_are_as_long_as_memory_is() -> Result<()> {
        let mut sorter = Sorter::new(300_000);
        for i in 0..50_000_u64 {
            sorter.push(&i.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes(), None)?;
        }
        // 32 bytes a key, and lists that are filled to a half at least.
        assert!((15..60).contains(&sorter.runs.len()), "{} runs", sorter.runs.len());
        Ok(())
    }
}
