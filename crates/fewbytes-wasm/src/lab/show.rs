//! What a bench shows: pictures, lit cells, the thousand runs.

use super::Hits;
use super::bench::Bench;
use super::pictures;
use super::runs::Runs;
use crate::draw::{Sheet, Theme, Twin};

impl Bench {
    /// Draws a picture; its twin.
    pub fn picture(&mut self, name: &str, sheet: Sheet<'_>) -> Twin {
        let about = self.about();
        if name == "errors" {
            let points = self.points();
            return pictures::errors(&points, self.lab(), self.chosen, sheet);
        }
        if name == "runs" {
            let runs = self.runs.as_ref();
            return runs.map(|runs| pictures::runs(runs, about, self.chosen, sheet)).unwrap_or_default();
        }
        let Some(figure) = about.figures.iter().find(|figure| figure.name == name) else {
            return Twin::default();
        };
        let (twin, hits) = self.lab().picture(figure.name, &self.scene(), sheet);
        if !hits.is_empty() {
            match self.hits.iter_mut().find(|(name, _)| *name == figure.name) {
                Some((_, old)) => *old = hits,
                None => self.hits.push((figure.name, hits)),
            }
        }
        twin
    }

    #[cfg(test)]
    pub(super) fn points_len(&mut self) -> usize {
        self.points().len()
    }

    fn points(&mut self) -> Vec<super::trajectory::Point> {
        // It looks at the lab and the history while it goes on.
        let mut trajectory = core::mem::take(&mut self.trajectory);
        let points = trajectory.points(self.lab(), &self.history);
        self.trajectory = trajectory;
        points
    }

    /// Draws in the page's colours and fonts from now on.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    pub fn theme(&self) -> Theme {
        self.theme.clone()
    }

    /// The cell at a point of a picture.
    pub fn cell_at(&self, figure: &str, x: f64, y: f64) -> Option<usize> {
        let (_, hits): &(_, Hits) = self.hits.iter().find(|(name, _)| *name == figure)?;
        // Gaps between cells belong to the cell before.
        let holds = |[left, top, width, height]: [f64; 4]| {
            left <= x && x < left + width + 1.0 && top <= y && y < top + height + 1.0
        };
        hits.iter().find(|(place, _)| holds(*place)).map(|(_, cell)| *cell)
    }

    /// Lights the cells that a byte holds, or a part of, and says what they are.
    pub fn light_byte(&mut self, byte: usize) -> String {
        self.lit = self.lab().cells_of(byte);
        self.lit_in_words()
    }

    /// Lights a cell, and says what it is.
    pub fn light_cell(&mut self, cell: usize) -> String {
        self.lit = vec![cell];
        self.lit_in_words()
    }

    pub fn unlight(&mut self) {
        self.lit.clear();
    }

    fn lit_in_words(&self) -> String {
        let each = |cell: &usize| self.lab().cell(*cell, &self.history);
        self.lit.iter().map(each).collect::<Vec<_>>().join("; ")
    }

    /// Chooses the estimator.
    pub fn choose(&mut self, estimator: usize) {
        self.chosen = estimator.min(self.about().estimators.len().saturating_sub(1));
    }

    /// Begins a thousand runs at the present count. A sentence where there can be none.
    pub fn begin_runs(&mut self) -> Result<(), String> {
        let estimate = self.lab().estimates().last().map_or(0.0, |estimate| estimate.value);
        let items = self.truth().unwrap_or(estimate as u64);
        if items == 0 {
            return Err("Put in an item first: there is nothing to count.".into());
        }
        self.runs = Runs::new(items, self.lab());
        match self.runs {
            Some(_) => Ok(()),
            None => Err(format!(
                "A thousand runs of that many items would take too long here: {} at most.",
                crate::text::grouped(super::runs::INSERTED as f64)
            )),
        }
    }

    /// Makes some more runs; how many there are.
    pub fn some_runs(&mut self, count: usize) -> usize {
        self.runs.as_mut().map_or(0, |runs| runs.some(count))
    }
}
