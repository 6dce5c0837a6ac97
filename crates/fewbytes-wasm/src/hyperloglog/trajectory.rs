//! How wrong the estimators were on the way: their errors after 1, 2, 3, ... different items.

use super::answers::ESTIMATORS;
use super::history::History;
use fewbytes::HyperLogLog;

/// Errors after `items` items, in the order of [`ESTIMATORS`].
#[derive(Clone)]
pub struct Point {
    pub items: usize,
    pub errors: [f64; 3],
}

impl Point {
    fn of(sketch: &HyperLogLog, items: usize) -> Self {
        let histogram = sketch.histogram();
        Self {
            items,
            errors: ESTIMATORS.each_ref().map(|estimator| estimator.error(&histogram, items as f64)),
        }
    }
}

/// A second sketch that runs through the hashes and stops about a hundred times a decade.
pub struct Trajectory {
    era: Option<u32>,
    sketch: Option<HyperLogLog>,
    points: Vec<Point>,
    taken: usize,
}

impl Trajectory {
    pub const fn new() -> Self {
        Self { era: None, sketch: None, points: Vec::new(), taken: 0 }
    }

    /// The points up to where `history` is, and there.
    pub fn points(&mut self, history: &History) -> Vec<Point> {
        let hashes = history.hashes();
        // Behind us means stepped back: what was drawn is still right, and is cut off below.
        if self.era != Some(history.era) || self.sketch.is_none() {
            let sketch = history.sketch();
            let fresh = HyperLogLog::new(sketch.precision(), sketch.seed()).ok();
            *self = Self { era: Some(history.era), sketch: fresh, points: Vec::new(), taken: 0 };
        }
        if let Some(sketch) = &mut self.sketch {
            while self.taken < hashes.len() {
                let next = (self.taken + 1).max((self.taken as f64 * 1.023) as usize);
                if next > hashes.len() {
                    break;
                }
                sketch.insert_hashes(&hashes[self.taken..next]);
                self.taken = next;
                self.points.push(Point::of(sketch, next));
            }
        }
        let before = self.points.partition_point(|point| point.items < hashes.len());
        let here = (!hashes.is_empty()).then(|| Point::of(history.sketch(), hashes.len()));
        self.points[..before].iter().cloned().chain(here).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_from_where_it_was_and_back() {
        let mut history = History::new(6, 7).expect("a precision in range");
        history.add("a b c d").expect("room");
        history.make_up(1000).expect("room");
        let mut trajectory = Trajectory::new();
        let points = trajectory.points(&history);
        assert!(points.len() > 100 && points.last().is_some_and(|last| last.items == 1004));
        history.seek(2).expect("in range");
        assert_eq!(trajectory.points(&history).len(), 2);
        history.set_precision(5).expect("in range");
        assert_eq!(trajectory.points(&history).len(), 2);
    }
}
