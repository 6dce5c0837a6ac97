//! Inserting and removing: buckets that grow, burst and split; chains that split; nodes that go with their last key.
//!
//! A change takes all blocks that it needs before it writes: where they can't be had, nothing has changed.

use super::arena::{BRANCH_UNITS, Block, ROOT, at, damaged, put_u32, release, take, take_larger, u32_at};
use super::bucket::{self, Bucket, Item, Long, Plan, long_units};
use super::node::{self, Branch, CHAIN_MOST, Chain, Node, labels};
use crate::Result;
use crate::layout::{Frame, Resize};
use alloc::vec::Vec;

/// Entries of a bucket at most: one more bursts it. Fewer make more nodes, more make longer moves of bytes.
pub const MOST_ENTRIES: usize = 160;
/// Bytes of a bucket's entries at most, but for what one key more makes of it.
const MOST_BYTES: usize = 1 << 14;

/// Where a key was found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot {
    /// In the bucket at this link: the entry's place and length, of which the value is the last `width` bytes.
    Entry { link: u32, at: usize, len: usize, width: usize, long: Option<Long> },
    /// At the branch that begins here.
    Branch { start: usize },
}

/// Where a key is not, and what there is.
#[derive(Clone, Copy, Debug)]
enum Gap<'a> {
    /// A link that leads nowhere, at this place.
    Nothing(usize),
    /// A branch at which no key ends.
    Branch(usize),
    /// A bucket without it, and the link to it.
    Bucket(Bucket<'a>, usize),
    /// A chain of which it has only the first bytes, and the link to it.
    Chain(Chain<'a>, usize, usize),
}

/// The way to a key.
struct Way<'a> {
    end: core::result::Result<(Spot, u64), Gap<'a>>,
    /// Bytes of the key before what the end holds of it; the label of a pure bucket is among them, that of a hybrid one not.
    depth: usize,
    /// The hash of what a bucket at the end would hold of it.
    hash: u32,
    /// The branch before the end, if that is the node before it.
    branch: Option<Branch<'a>>,
}

/// Goes as far as a key goes, and tells of each link on the way where it is.
#[inline]
fn find<'a>(payload: &'a [u8], key: &[u8], seed: u64, mut on_link: impl FnMut(usize)) -> Result<Way<'a>> {
    let (mut link_at, mut depth, mut branch) = (ROOT, 0, None);
    loop {
        let link = u32_at(payload, link_at);
        on_link(link_at);
        if link == 0 {
            return Ok(Way { end: Err(Gap::Nothing(link_at)), depth, hash: 0, branch });
        }
        match Node::open(payload, link) {
            Some(Node::Branch(here)) => {
                let Some(label) = key.get(depth) else {
                    let end = match here.is_key() {
                        true => Ok((Spot::Branch { start: here.start() }, here.value())),
                        false => Err(Gap::Branch(here.start())),
                    };
                    return Ok(Way { end, depth, hash: 0, branch });
                };
                link_at = here.link_at(*label);
                depth += 1;
                branch = Some(here);
            }
            Some(Node::Chain(chain)) => {
                let rest = key.get(depth..).unwrap_or_default();
                let common = common(chain.text, rest);
                if common < chain.text.len() {
                    return Ok(Way { end: Err(Gap::Chain(chain, common, link_at)), depth, hash: 0, branch });
                }
                depth += common;
                link_at = chain.link_at();
                branch = None;
            }
            Some(Node::Bucket(bucket)) => {
                let from = depth.checked_sub(usize::from(bucket.is_hybrid));
                let text = from.and_then(|from| key.get(from..));
                let (Some(text), true) = (text, branch.is_some() || !bucket.is_hybrid) else {
                    return Err(damaged("bucket", link));
                };
                let hash = bucket::slot_hash(text, seed);
                let end = match bucket.find(text, hash) {
                    Some(bucket::Entry { at, len, long, value, .. }) => {
                        Ok((Spot::Entry { link, at, len, width: bucket.width, long }, value))
                    }
                    None => Err(Gap::Bucket(bucket, link_at)),
                };
                return Ok(Way { end, depth, hash, branch });
            }
            None => return Err(damaged("link", link)),
        }
    }
}

/// The value of a key that is there; 0 where keys have none. As `find`, without what only changes need.
#[inline]
pub(super) fn get(payload: &[u8], key: &[u8], seed: u64) -> Option<u64> {
    let (mut link, mut depth) = (u32_at(payload, ROOT), 0);
    loop {
        match Node::open(payload, link)? {
            Node::Branch(branch) => {
                let Some(label) = key.get(depth) else { return branch.is_key().then(|| branch.value()) };
                link = branch.child(*label);
                depth += 1;
            }
            Node::Chain(chain) => {
                if !key.get(depth..)?.starts_with(chain.text) {
                    return None;
                }
                depth += chain.text.len();
                link = chain.child;
            }
            Node::Bucket(bucket) => {
                let text = key.get(depth.checked_sub(usize::from(bucket.is_hybrid))?..)?;
                return bucket.find(text, bucket::slot_hash(text, seed)).map(|entry| entry.value);
            }
        }
    }
}

fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Puts a key there that is not, and returns `None`; or finds where it is, with its value.
pub(super) fn insert<D: Resize>(frame: &mut Frame<D>, key: &[u8], value: u64) -> Result<Option<(Spot, u64)>> {
    let seed = frame.seed();
    let way = find(frame.payload(), key, seed, |_| ())?;
    let gap = match way.end {
        Ok(found) => return Ok(Some(found)),
        Err(gap) => gap,
    };
    let (rest, hash) = (key.get(way.depth..).unwrap_or_default(), way.hash);
    match gap {
        Gap::Branch(start) => node::put_key(frame.payload_mut(), start, true, value),
        Gap::Nothing(link_at) => {
            // A branch's links that lead nowhere side by side get one hybrid bucket.
            let around = way.branch.zip(way.depth.checked_sub(1).and_then(|last| key.get(last)));
            let run = around.map(|(branch, label)| (branch.start(), branch.run(*label)));
            let run = run.filter(|(_, (first, last))| first < last);
            let text = if run.is_some() { &key[way.depth - 1..] } else { rest };
            let items = &mut [Item::new(text, value)];
            let plan = Plan::of(items)?;
            let [long, block] = take(frame, [long_units(text), plan.units()])?;
            let payload = frame.payload_mut();
            place_long(payload, items, long);
            plan.write(payload, block, run.is_some(), items, seed);
            match run {
                Some((branch, labels)) => node::put_links(payload, branch, labels, block.link),
                None => put_u32(payload, link_at, block.link),
            }
        }
        Gap::Chain(chain, len, link_at) => {
            let text = chain.text.to_vec();
            let (old, child) = (chain.block, chain.child);
            split_chain(frame, (old, &text, child), len, link_at, &rest[len..], value)?;
        }
        Gap::Bucket(bucket, link_at) => {
            let (is_hybrid, old) = (bucket.is_hybrid, bucket.block);
            let text = if is_hybrid { &key[way.depth - 1..] } else { rest };
            let item = Item::new(text, value);
            // What leads to it: looked for only where that is to lead elsewhere.
            let links = || {
                let label = key.get(way.depth.wrapping_sub(1)).filter(|_| is_hybrid);
                let run = way.branch.zip(label).map(|(branch, label)| (branch.start(), branch.run(*label)));
                run.unwrap_or((link_at, (0, 0)))
            };
            let full = bucket.count >= MOST_ENTRIES
                || bucket.count > 1 && bucket.entries_len() + item.entry_len(bucket.width) > MOST_BYTES;
            if full {
                let copy = copy_of(&bucket);
                let mut items = bucket::items(&bucket, &copy);
                items.push(item);
                match (is_hybrid, links()) {
                    (true, (start, run)) => split(frame, old, items, start, run)?,
                    (false, _) => burst(frame, old, items, link_at)?,
                }
                return Ok(None);
            }
            if bucket::fits(&bucket, &item) {
                let [long] = take(frame, [long_units(text)])?;
                let items = &mut [item];
                let payload = frame.payload_mut();
                place_long(payload, items, long);
                bucket::insert(payload, old.link, &items[0], hash);
            } else if let Some(units) = bucket::grown(&bucket, &item) {
                let (used, links) = (bucket.used_len(), links());
                let (long, block) = take_for(frame, long_units(text), old, units)?;
                let items = &mut [item];
                let payload = frame.payload_mut();
                place_long(payload, items, long);
                bucket::relocate(payload, old, block, used);
                bucket::insert(payload, block.link, &items[0], hash);
                if block.link != old.link {
                    relink(payload, is_hybrid, links, block.link);
                    release(payload, old);
                }
            } else {
                let (copy, links) = (copy_of(&bucket), links());
                let mut items = bucket::items(&bucket, &copy);
                items.push(item);
                remake(frame, old, &mut items, is_hybrid, links)?;
            }
        }
    }
    Ok(None)
}

/// A bucket's entries, out of the payload that is about to change.
fn copy_of(bucket: &Bucket<'_>) -> Vec<u8> {
    bucket.bytes().to_vec()
}

/// Gives the one new long text its block.
fn place_long(payload: &mut [u8], items: &mut [Item<'_>], block: Block) {
    if block.link > 0
        && let Some(item) = items.iter_mut().find(|item| item.long.is_some_and(|long| long.link == 0))
        && let Some(long) = &mut item.long
    {
        // The path may have taken some of it over; the block has what is left.
        *long = Long { link: block.link, skip: 0 };
        Long::write(payload, block, item.text);
    }
}

/// Units for the one new long text among these.
fn new_long_units(items: &[Item<'_>]) -> u32 {
    let new = items.iter().find(|item| item.long.is_some_and(|long| long.link == 0));
    new.map_or(0, |item| bucket::long_block_units(item.text))
}

/// Leads what led to a bucket to another: a branch's labels, or the single link.
fn relink(payload: &mut [u8], is_hybrid: bool, (place, run): (usize, (u8, u8)), link: u32) {
    match is_hybrid {
        true => node::put_links(payload, place, run, link),
        false => put_u32(payload, place, link),
    }
}

/// A block for a long text, if there is one, and a larger one for a bucket.
fn take_for<D: Resize>(frame: &mut Frame<D>, long: u32, old: Block, need: u32) -> Result<(Block, Block)> {
    match long {
        0 => Ok((Block::default(), take_larger(frame, old, need)?)),
        _ => take(frame, [long, need]).map(|[long, block]| (long, block)),
    }
}

/// Makes a bucket anew.
fn remake<D: Resize>(
    frame: &mut Frame<D>,
    old: Block,
    items: &mut [Item<'_>],
    is_hybrid: bool,
    links: (usize, (u8, u8)),
) -> Result<()> {
    let seed = frame.seed();
    let plan = Plan::of(items)?;
    let (long, block) = take_for(frame, new_long_units(items), old, plan.units())?;
    let payload = frame.payload_mut();
    place_long(payload, items, long);
    plan.write(payload, block, is_hybrid, items, seed);
    if block.link != old.link {
        relink(payload, is_hybrid, links, block.link);
        release(payload, old);
    }
    Ok(())
}

/// A bucket on its way: its labels, whether it is hybrid, and its entries.
struct Part<'a> {
    run: (u8, u8),
    is_hybrid: bool,
    items: Vec<Item<'a>>,
    plan: Plan,
}

/// Two buckets for the entries of one that begin with the labels of a run: about the same bytes in each, and none where
/// all begin with one label. A bucket of a single label is pure.
fn halves<'a>(payload: &[u8], items: Vec<Item<'a>>, run: (u8, u8)) -> Result<Vec<Part<'a>>> {
    let mut weights = [0; 256];
    let label = |item: &Item<'a>| item.text(payload).first().copied().unwrap_or_default();
    for item in &items {
        weights[usize::from(label(item))] += item.entry_len(0);
    }
    let half = weights.iter().sum::<usize>() / 2;
    let used = |label: &u16| weights[usize::from(*label)] > 0;
    let (mut last, mut sum) = (run.0, 0);
    let most = labels(run).rev().find(used).unwrap_or_default();
    for label in labels(run).filter(used).take_while(|label| *label < most) {
        let weight = weights[usize::from(label)];
        // The cut is before or after this label, whichever is nearer to the half.
        if sum > 0 && sum + weight > half && sum + weight - half > half.saturating_sub(sum) {
            break;
        }
        (last, sum) = (label as u8, sum + weight);
    }
    let (left, right): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| label(item) <= last);
    let runs = [(left, (run.0, last)), (right, (last.saturating_add(1), run.1))];
    let mut parts = Vec::new();
    for (mut items, mut run) in runs.into_iter().filter(|(items, _)| !items.is_empty()) {
        let first = label(&items[0]);
        let is_hybrid = items.iter().any(|item| label(item) != first);
        if !is_hybrid {
            run = (first, first);
            items.iter_mut().for_each(|item| item.strip(1));
        }
        let plan = Plan::of(&items)?;
        parts.push(Part { run, is_hybrid, items, plan });
    }
    Ok(parts)
}

fn write_parts(payload: &mut [u8], parts: &mut [Part<'_>], blocks: [Block; 3], branch: usize, seed: u64) {
    let [long, blocks @ ..] = blocks;
    for (part, block) in parts.iter_mut().zip(blocks) {
        place_long(payload, &mut part.items, long);
        part.plan.write(payload, block, part.is_hybrid, &part.items, seed);
        node::put_links(payload, branch, part.run, block.link);
    }
}

fn units_of(parts: &[Part<'_>]) -> [u32; 3] {
    let units = |i: usize| parts.get(i).map_or(0, |part| part.plan.units());
    let long = parts.iter().map(|part| new_long_units(&part.items)).max().unwrap_or_default();
    [long, units(0), units(1)]
}

/// Splits a hybrid bucket in two, of the labels of its run.
fn split<D: Resize>(
    frame: &mut Frame<D>,
    old: Block,
    items: Vec<Item<'_>>,
    branch: usize,
    run: (u8, u8),
) -> Result<()> {
    let seed = frame.seed();
    let mut parts = halves(frame.payload(), items, run)?;
    let blocks = take(frame, units_of(&parts))?;
    let payload = frame.payload_mut();
    node::put_links(payload, branch, run, 0);
    write_parts(payload, &mut parts, blocks, branch, seed);
    release(payload, old);
    Ok(())
}

/// Bursts a pure bucket: a branch takes its place, after a chain where all its entries begin with the same.
fn burst<D: Resize>(
    frame: &mut Frame<D>,
    old: Block,
    mut items: Vec<Item<'_>>,
    link_at: usize,
) -> Result<()> {
    let seed = frame.seed();
    let payload = frame.payload();
    let first = items.first().map(|item| item.text(payload)).unwrap_or_default();
    let most = first.len().min(CHAIN_MOST);
    let len = items.iter().fold(most, |len, item| common(&first[..len], item.text(payload)));
    let text = first[..len].to_vec();
    items.iter_mut().for_each(|item| item.strip(len));
    let ends = |item: &Item<'_>| item.text(payload).is_empty();
    let end = items.iter().position(ends).map(|i| items.swap_remove(i));
    items.retain(|item| !ends(item)); // Only damaged bytes have another one.
    let mut parts = halves(payload, items, (0, 255))?;
    let [long, left, right] = units_of(&parts);
    let chain = if text.is_empty() { 0 } else { Chain::units(len) };
    let [branch, chain, blocks @ ..] = take(frame, [BRANCH_UNITS, chain, long, left, right])?;
    let payload = frame.payload_mut();
    node::write_branch(payload, branch);
    if let Some(end) = end {
        node::put_key(payload, at(branch.link), true, end.value);
        release_long(payload, end.long);
    }
    write_parts(payload, &mut parts, blocks, at(branch.link), seed);
    if !text.is_empty() {
        node::write_chain(payload, chain, &text, branch.link);
    }
    put_u32(payload, link_at, if text.is_empty() { branch.link } else { chain.link });
    release(payload, old);
    Ok(())
}

fn release_long(payload: &mut [u8], long: Option<Long>) {
    if let Some(long) = long.filter(|long| long.link > 0) {
        let block = long.block(payload);
        release(payload, block);
    }
}

/// Splits a chain after `len` of its bytes, where a key ends or goes on by another label.
fn split_chain<D: Resize>(
    frame: &mut Frame<D>,
    (old, text, child): (Block, &[u8], u32),
    len: usize,
    link_at: usize,
    rest: &[u8],
    value: u64,
) -> Result<()> {
    let seed = frame.seed();
    let (before, label, after) = (&text[..len], text[len], &text[len + 1..]);
    let chain_units = |text: &[u8]| if text.is_empty() { 0 } else { Chain::units(text.len()) };
    // The labels on the new key's side of the chain's.
    let run = rest
        .first()
        .map(|new| if *new < label { (0, label.wrapping_sub(1)) } else { (label.wrapping_add(1), 255) });
    let is_hybrid = run.is_some_and(|(first, last)| first < last);
    let items = &mut [Item::new(if is_hybrid { rest } else { rest.get(1..).unwrap_or_default() }, value)];
    let plan = Plan::of(items)?;
    let needs = [
        BRANCH_UNITS,
        chain_units(before),
        chain_units(after),
        new_long_units(items),
        run.map_or(0, |_| plan.units()),
    ];
    let [branch, front, back, long, block] = take(frame, needs)?;
    let payload = frame.payload_mut();
    let start = at(branch.link);
    node::write_branch(payload, branch);
    let next = if after.is_empty() { child } else { back.link };
    if !after.is_empty() {
        node::write_chain(payload, back, after, child);
    }
    node::put_links(payload, start, (label, label), next);
    match run {
        None => node::put_key(payload, start, true, value),
        Some(run) => {
            place_long(payload, items, long);
            plan.write(payload, block, is_hybrid, items, seed);
            node::put_links(payload, start, run, block.link);
        }
    }
    let first = if before.is_empty() { branch.link } else { front.link };
    if !before.is_empty() {
        node::write_chain(payload, front, before, branch.link);
    }
    put_u32(payload, link_at, first);
    release(payload, old);
    Ok(())
}

/// Gives the key at a spot another value.
pub(super) fn set<D: Resize>(frame: &mut Frame<D>, key: &[u8], spot: Spot, value: u64) -> Result<()> {
    let (link, at, len, width) = match spot {
        Spot::Branch { start } => {
            node::put_key(frame.payload_mut(), start, true, value);
            return Ok(());
        }
        Spot::Entry { link, at, len, width, .. } => (link, at, len, width),
    };
    if bucket::width_of(value) <= width {
        bucket::put_value(frame.payload_mut(), at + len, width, value);
        return Ok(());
    }
    // All entries of the bucket get wider values.
    let mut link_at = ROOT;
    let way = find(frame.payload(), key, frame.seed(), |at| link_at = at)?;
    let bucket = Bucket::open(frame.payload(), link).ok_or_else(|| damaged("bucket", link))?;
    let (is_hybrid, old) = (bucket.is_hybrid, bucket.block);
    let branch = way.branch.zip(way.depth.checked_sub(1).and_then(|last| key.get(last)));
    let links = match branch.filter(|_| is_hybrid) {
        Some((branch, label)) => (branch.start(), branch.run(*label)),
        None => (link_at, (0, 0)),
    };
    let copy = copy_of(&bucket);
    let mut items = bucket::items(&bucket, &copy);
    let place = bucket.entries().position(|entry| entry.at == at);
    if let Some(item) = place.and_then(|place| items.get_mut(place)) {
        item.value = value;
    }
    remake(frame, old, &mut items, is_hybrid, links)
}

/// Takes a key out. False where it is not there.
pub(super) fn remove<D: AsRef<[u8]> + AsMut<[u8]>>(frame: &mut Frame<D>, key: &[u8]) -> bool {
    let mut links = Vec::new();
    let Ok(way) = find(frame.payload(), key, frame.seed(), |at| links.push(at)) else { return false };
    let Ok((spot, _)) = way.end else { return false };
    let label = way.depth.checked_sub(1).and_then(|last| key.get(last)).copied();
    let around = way.branch.zip(label).map(|(branch, label)| (branch.start(), branch.run(label)));
    let payload = frame.payload_mut();
    match spot {
        Spot::Branch { start } => node::put_key(payload, start, false, 0),
        Spot::Entry { link, at, len, long, .. } => {
            release_long(payload, long);
            if bucket::remove(payload, link, at, len) > 0 {
                return true;
            }
            let bucket = Bucket::open(payload, link).map(|bucket| (bucket.block, bucket.is_hybrid));
            let Some((block, is_hybrid)) = bucket else { return true };
            match (around, links.pop()) {
                (Some((branch, run)), _) if is_hybrid => node::put_links(payload, branch, run, 0),
                (_, Some(link_at)) => put_u32(payload, link_at, 0),
                _ => {}
            }
            release(payload, block);
        }
    }
    // Nodes that lead to no key any more go, too.
    while let Some(link_at) = links.pop() {
        let link = u32_at(payload, link_at);
        let block = match Node::open(payload, link) {
            Some(Node::Branch(branch)) if branch.is_empty() => Block { link, units: BRANCH_UNITS },
            Some(Node::Chain(chain)) if chain.child == 0 => chain.block,
            _ => break,
        };
        put_u32(payload, link_at, 0);
        release(payload, block);
    }
    true
}
