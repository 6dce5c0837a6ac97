//! How wrong the estimators were on the way: their errors after 1, 2, 3, ... items.

use super::Lab;
use super::history::History;

/// Errors after `items` items, in the order of the estimators.
#[derive(Clone)]
pub struct Point {
    pub items: usize,
    pub errors: Vec<f64>,
    /// Standard errors as they should be there.
    pub sigmas: Vec<f64>,
}

impl Point {
    fn of(lab: &dyn Lab, items: usize) -> Self {
        let error = |estimate: fewbytes::Estimate| estimate.value / items as f64 - 1.0;
        let sigmas = lab.std_errors().into_iter().map(|sigma| sigma.min(1.0)).collect();
        Self { items, errors: lab.estimates().into_iter().map(error).collect(), sigmas }
    }
}

/// A second structure that runs through the hashes and stops about a hundred times a decade.
#[derive(Default)]
pub struct Trajectory {
    era: Option<u32>,
    lab: Option<Box<dyn Lab>>,
    points: Vec<Point>,
    taken: usize,
}

impl Trajectory {
    /// The points up to where `lab` is in its history, and there. None where hashes are not all that came.
    pub fn points(&mut self, lab: &dyn Lab, history: &History) -> Vec<Point> {
        let hashes = history.hashes();
        if !history.is_plain() {
            return Vec::new();
        }
        // Behind us means stepped back: what was drawn is still right, and is cut off below.
        if self.era != Some(history.era) || self.lab.is_none() {
            let fresh = (lab.about().make)(&lab.tuning()).ok();
            *self = Self { era: Some(history.era), lab: fresh, points: Vec::new(), taken: 0 };
        }
        if let Some(lab) = &mut self.lab {
            while self.taken < hashes.len() {
                let next = (self.taken + 1).max((self.taken as f64 * 1.023) as usize);
                if next > hashes.len() {
                    break;
                }
                lab.take(&hashes[self.taken..next]);
                self.taken = next;
                self.points.push(Point::of(&**lab, next));
            }
        }
        let before = self.points.partition_point(|point| point.items < hashes.len());
        let here = (!hashes.is_empty()).then(|| Point::of(lab, hashes.len()));
        self.points[..before].iter().cloned().chain(here).collect()
    }
}
