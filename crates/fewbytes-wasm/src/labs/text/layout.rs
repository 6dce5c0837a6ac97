//! Where states are drawn: from left to right in layers, so that every edge leads to the right.
//!
//! After Sugiyama, Tagawa and Toda (1981): a state's layer is the longest way to it, edges over several layers pass through
//! places of their own, the order in a layer follows the means of the neighbours. It is ours, not a library of JavaScript,
//! because the same pictures are drawn on the host, as SVG; for 150 states it takes a hundred lines and no download.

use super::graph::Graph;

/// Passes over all layers that order them, and that move what is ordered.
const ORDERINGS: usize = 8;
const MOVES: usize = 24;

/// Room that a state needs above and below, and an edge that passes by.
const STATE: f64 = 1.0;
const PASSING: f64 = 0.55;

/// A state, or a place at which an edge passes a layer.
struct Spot {
    layer: usize,
    y: f64,
    room: f64,
    /// Neighbours to the left and to the right.
    near: [Vec<usize>; 2],
}

/// Places in units: layers along, rows down.
pub struct Layout {
    pub layers: usize,
    pub rows: f64,
    /// Of each state, its layer and its row.
    pub states: Vec<(usize, f64)>,
    /// Of each edge, the rows at which it passes the layers between.
    pub edges: Vec<Vec<f64>>,
}

pub fn layout(graph: &Graph) -> Layout {
    let len = graph.states.len();
    let mut layer = vec![0; len];
    // Without a cycle, as many rounds as there are layers; damaged bytes may show one.
    for _ in 0..len {
        let mut moved = false;
        for edge in &graph.edges {
            if edge.from != edge.to && layer[edge.to] <= layer[edge.from] && layer[edge.from] + 1 < len {
                layer[edge.to] = layer[edge.from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let mut spots: Vec<Spot> = layer
        .iter()
        .map(|layer| Spot { layer: *layer, y: 0.0, room: STATE, near: Default::default() })
        .collect();
    let mut passing = Vec::new();
    for edge in &graph.edges {
        let (mut last, mut through) = (edge.from, Vec::new());
        for layer in layer[edge.from] + 1..layer[edge.to] {
            spots.push(Spot { layer, y: 0.0, room: PASSING, near: Default::default() });
            through.push(spots.len() - 1);
        }
        for next in through.iter().copied().chain([edge.to]) {
            spots[last].near[1].push(next);
            spots[next].near[0].push(last);
            last = next;
        }
        passing.push(through);
    }
    let layers = layer.iter().max().map_or(0, |last| last + 1);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); layers];
    for i in first_order(&spots) {
        order[spots[i].layer].push(i);
    }
    arrange(&mut order, &mut spots);
    let rows = settle(&order, &mut spots);
    Layout {
        layers,
        rows,
        states: spots[..len].iter().map(|spot| (spot.layer, spot.y)).collect(),
        edges: passing.iter().map(|through| through.iter().map(|i| spots[*i].y).collect()).collect(),
    }
}

/// All spots, depth first from the root: a tree has no crossing then.
fn first_order(spots: &[Spot]) -> Vec<usize> {
    let (mut order, mut seen, mut stack) = (Vec::new(), vec![false; spots.len()], vec![0]);
    while let Some(i) = stack.pop().filter(|_| !spots.is_empty()) {
        if !core::mem::replace(&mut seen[i], true) {
            order.push(i);
            stack.extend(spots[i].near[1].iter().rev());
        }
    }
    order.extend((0..spots.len()).filter(|i| !seen[*i]));
    order
}

fn crossings(order: &[Vec<usize>], spots: &[Spot]) -> usize {
    let mut place = vec![0; spots.len()];
    order.iter().flat_map(|layer| layer.iter().enumerate()).for_each(|(at, i)| place[*i] = at);
    let mut count = 0;
    for layer in order {
        let mut ends: Vec<usize> = Vec::new();
        for i in layer {
            let mut next: Vec<usize> = spots[*i].near[1].iter().map(|to| place[*to]).collect();
            next.sort_unstable();
            count += next.iter().map(|to| ends.iter().filter(|other| *other > to).count()).sum::<usize>();
            ends.extend(next);
        }
    }
    count
}

/// Orders each layer by the means of its neighbours' places, to the right and back; the best order stays.
fn arrange(order: &mut Vec<Vec<usize>>, spots: &mut [Spot]) {
    let mut best = (crossings(order, spots), order.clone());
    for pass in 0..ORDERINGS {
        if best.0 == 0 {
            break;
        }
        let side = pass % 2;
        let layers = order.len();
        for step in 1..layers {
            let at = if side == 0 { step } else { layers - 1 - step };
            let beside = if side == 0 { at - 1 } else { at + 1 };
            order[beside].iter().enumerate().for_each(|(place, i)| spots[*i].y = place as f64);
            let mut means: Vec<(f64, usize)> = Vec::new();
            for (place, i) in order[at].iter().enumerate() {
                means.push((mean(spots, &spots[*i].near[side]).unwrap_or(place as f64), *i));
            }
            means.sort_by(|a, b| a.0.total_cmp(&b.0));
            order[at] = means.into_iter().map(|(_, i)| i).collect();
        }
        let found = crossings(order, spots);
        if found < best.0 {
            best = (found, order.clone());
        }
    }
    *order = best.1;
}

fn mean(spots: &[Spot], near: &[usize]) -> Option<f64> {
    (!near.is_empty()).then(|| near.iter().map(|i| spots[*i].y).sum::<f64>() / near.len() as f64)
}

/// Gives each spot a row near those of its neighbours, in the order of its layer; how many rows there are.
fn settle(order: &[Vec<usize>], spots: &mut [Spot]) -> f64 {
    let widest =
        order.iter().map(|layer| layer.iter().map(|i| spots[*i].room).sum::<f64>()).fold(1.0, f64::max);
    for layer in order {
        let height: f64 = layer.iter().map(|i| spots[*i].room).sum();
        let mut y = (widest - height) / 2.0;
        for i in layer {
            spots[*i].y = y + spots[*i].room / 2.0;
            y += spots[*i].room;
        }
    }
    for pass in 0..MOVES {
        let layers: Vec<&Vec<usize>> =
            if pass % 2 == 0 { order.iter().collect() } else { order.iter().rev().collect() };
        for layer in layers {
            let wanted = layer.iter().map(|i| {
                let [left, right] = &spots[*i].near;
                // Both sides, and at last the left one alone, so that edges are straight where they can be.
                let near = if pass + 2 < MOVES { [&left[..], right].concat() } else { left.clone() };
                mean(spots, &near).unwrap_or(spots[*i].y)
            });
            let wanted: Vec<f64> = wanted.collect();
            place(layer, &wanted, spots);
        }
    }
    let top = spots.iter().map(|spot| spot.y - spot.room / 2.0).fold(f64::INFINITY, f64::min);
    let top = if top.is_finite() { top } else { 0.0 };
    spots.iter_mut().for_each(|spot| spot.y -= top);
    spots.iter().map(|spot| spot.y + spot.room / 2.0).fold(1.0, f64::max)
}

/// Puts a layer as near to what is wanted as its order and its room allow: least squares, by pooling what would overlap.
fn place(layer: &[usize], wanted: &[f64], spots: &mut [Spot]) {
    // Without their rooms, rows must only not decrease.
    let (mut offsets, mut offset) = (Vec::new(), 0.0);
    for i in layer {
        offsets.push(offset + spots[*i].room / 2.0);
        offset += spots[*i].room;
    }
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (wanted, offset) in wanted.iter().zip(&offsets) {
        let mut pool = (wanted - offset, 1);
        while let Some(last) = pools.pop_if(|last| last.0 >= pool.0) {
            let len = last.1 + pool.1;
            pool = ((last.0 * last.1 as f64 + pool.0 * pool.1 as f64) / len as f64, len);
        }
        pools.push(pool);
    }
    let rows = pools.into_iter().flat_map(|(row, len)| core::iter::repeat_n(row, len));
    for ((i, offset), row) in layer.iter().zip(offsets).zip(rows) {
        spots[*i].y = row + offset;
    }
}
