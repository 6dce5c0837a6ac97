//! The whole of a trie at once: checked, and copied without holes.

use super::arena::{self, BRANCH_UNITS, Block, LINKS_LEN, ROOT, at, damaged, put, put_u32, u32_at};
use super::bucket::Bucket;
use super::node::Node;
use crate::text::header::{self, Counts};
use crate::{Error, Result};
use alloc::vec::Vec;

/// Follows every link: each block is led to once, keys and bytes are as many as the counts say, and what is left is free.
pub(super) fn check(payload: &[u8], counts: &Counts) -> Result<()> {
    let (mut used, mut key_len, mut text_len, mut longest) = (LINKS_LEN, 0, 0, 0);
    let mut found = |len: usize| {
        key_len += 1;
        text_len += len as u64;
        longest = longest.max(len);
    };
    let mut left = Vec::from([(u32_at(payload, ROOT), 0)]);
    left.retain(|(link, _)| *link > 0);
    while let Some((link, depth)) = left.pop() {
        let (block, depth) = match Node::open(payload, link).ok_or_else(|| damaged("link", link))? {
            Node::Branch(branch) => {
                if branch.is_key() {
                    found(depth);
                }
                let mut last = 0;
                for child in branch.children() {
                    if child > 0 && child != last {
                        left.push((child, depth + 1));
                    }
                    last = child;
                }
                (Block { link, units: BRANCH_UNITS }, depth)
            }
            Node::Chain(chain) => {
                left.push((chain.child, depth + chain.text.len()));
                (chain.block, depth)
            }
            Node::Bucket(bucket) => {
                let from = depth
                    .checked_sub(usize::from(bucket.is_hybrid))
                    .ok_or_else(|| damaged("bucket", link))?;
                let (mut count, mut len) = (0, 0);
                for entry in bucket.entries() {
                    (count, len) = (count + 1, len + entry.len);
                    if let Some(long) = entry.long {
                        let block = long.block(payload);
                        used += arena::range(payload, block)
                            .ok_or_else(|| damaged("long text", long.link))?
                            .len();
                    }
                    found(from + entry.text.len());
                }
                if (count, len) != (bucket.count, bucket.entries_len())
                    || bucket.used_len() > at(bucket.block.units)
                {
                    return Err(damaged("bucket", link));
                }
                (bucket.block, depth)
            }
        };
        used += arena::range(payload, block).ok_or_else(|| damaged("link", link))?.len();
        // A loop, or a block that two links lead to, would use more than there is.
        if used > payload.len() || depth > counts.longest_len as usize {
            return Err(damaged("link", link));
        }
    }
    let free = arena::free_len(payload)?;
    if used + free != payload.len() {
        let expected = format_args!("{} bytes, what nodes leave", payload.len().saturating_sub(used));
        return Err(Error::field("free blocks", expected, free));
    }
    if key_len != counts.key_len {
        return Err(Error::field(header::KEY_LEN.name(), key_len, counts.key_len));
    }
    if text_len != counts.text_len {
        return Err(Error::field(header::TEXT_LEN.name(), text_len, counts.text_len));
    }
    if longest > counts.longest_len as usize {
        let expected = format_args!("at least {longest}");
        return Err(Error::field(header::LONGEST_LEN.name(), expected, counts.longest_len));
    }
    Ok(())
}

/// The payload of the same nodes, one after the other, each of the units that it needs.
pub(super) fn compacted(payload: &[u8]) -> Result<Vec<u8>> {
    let mut new = Vec::new();
    let refused = |_| Error::CannotGrow { expected: payload.len() as u64, found: 0 };
    new.try_reserve_exact(payload.len()).map_err(refused)?;
    new.resize(LINKS_LEN, 0);
    // Nodes, and the links to each in the new payload: the first, and how many there are.
    let mut left = Vec::from([(u32_at(payload, ROOT), ROOT, 1)]);
    left.retain(|(link, ..)| *link > 0);
    while let Some((link, first, links)) = left.pop() {
        let start = new.len();
        let to = (start / arena::UNIT) as u32;
        match Node::open(payload, link).ok_or_else(|| damaged("link", link))? {
            Node::Branch(branch) => {
                append(&mut new, payload, link, at(BRANCH_UNITS))?;
                let mut label = 0;
                // From the last run to the first: the first is then the next on the stack.
                let mut runs = Vec::new();
                while label < 256 {
                    let (_, last) = branch.run(label as u8);
                    runs.push((branch.child(label as u8), label, usize::from(last) + 1 - label));
                    label = usize::from(last) + 1;
                }
                let link_at = |label: usize| start + (branch.link_at(label as u8) - branch.start());
                let runs = runs.into_iter().rev().filter(|(child, ..)| *child > 0);
                left.extend(runs.map(|(child, label, len)| (child, link_at(label), len)));
            }
            Node::Chain(chain) => {
                let link_at = start + (chain.link_at() - at(link));
                let len = link_at - start + 4 + chain.text.len();
                append(&mut new, payload, link, len)?;
                put_units(&mut new, start);
                left.push((chain.child, link_at, 1));
            }
            Node::Bucket(bucket) => {
                append(&mut new, payload, link, bucket.used_len())?;
                put_units(&mut new, start);
                long_texts(&mut new, payload, &bucket, start)?;
            }
        }
        for i in 0..links {
            put_u32(&mut new, first + 4 * i, to);
        }
    }
    Ok(new)
}

/// Appends the first `len` bytes of a block, and zeros to the end of their last unit.
fn append(new: &mut Vec<u8>, payload: &[u8], link: u32, len: usize) -> Result<()> {
    let bytes = payload.get(at(link)..).and_then(|bytes| bytes.get(..len));
    let bytes = bytes.filter(|_| new.len() + len <= payload.len()).ok_or_else(|| damaged("link", link))?;
    new.extend_from_slice(bytes);
    new.resize(new.len().next_multiple_of(arena::UNIT), 0);
    Ok(())
}

/// Writes how many units the block has that begins at `start` and ends here.
fn put_units(new: &mut [u8], start: usize) {
    let units = ((new.len() - start) / arena::UNIT) as u16;
    put(new, start + 2, &units.to_le_bytes());
}

/// Copies the long texts of a bucket that was copied to `start`.
fn long_texts(new: &mut Vec<u8>, payload: &[u8], bucket: &Bucket<'_>, start: usize) -> Result<()> {
    for entry in bucket.entries() {
        let Some(long) = entry.long else { continue };
        let to = new.len();
        let (len, units) = (u32_at(payload, at(long.link)) as usize, long.block(payload).units);
        append(new, payload, long.link, len.saturating_add(8).min(at(units)))?;
        let copied = ((new.len() - to) / arena::UNIT) as u32;
        put_u32(new, to + 4, copied);
        put_u32(new, start + (entry.at - at(bucket.block.link)) + 1, (to / arena::UNIT) as u32);
    }
    Ok(())
}
