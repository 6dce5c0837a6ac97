//! What was measured: a list of figures that bars and tables look up.

/// Whose work a figure is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// fewbytes.
    Ours,
    /// A peer's.
    Peers,
}

/// A contestant: its name, and whose it is.
pub type Who = (&'static str, Whose);

/// The figures of one setting: a row for each contestant, a column for each measure.
pub struct Sheet {
    /// The rows' names.
    pub contestants: Vec<Who>,
    /// The columns' names.
    pub whats: Vec<&'static str>,
    /// Row by row; none where it was not measured.
    pub figures: Vec<Vec<Option<f64>>>,
}

/// A figure of one contestant.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Where it was measured: "10 M keys at 1 %".
    pub setting: String,
    /// Name of the contestant.
    pub contestant: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// What: "insert, ns".
    pub what: &'static str,
    /// The figure.
    pub value: f64,
}

/// All figures of a run.
#[derive(Debug, Default)]
pub struct Results {
    figures: Vec<Figure>,
}

impl Results {
    /// Takes a figure.
    pub fn add(&mut self, setting: &str, (contestant, whose): Who, what: &'static str, value: f64) {
        self.figures.push(Figure { setting: setting.to_owned(), contestant, whose, what, value });
    }

    /// A contestant's figure, where it was measured.
    pub fn figure(&self, setting: &str, who: (&str, Whose), what: &str) -> Option<f64> {
        let its = |figure: &&Figure| (figure.contestant, figure.whose) == who;
        self.of(setting, what).find(its).map(|figure| figure.value)
    }

    /// The peer that is best, which is the lowest, with its figure.
    pub fn best_peer<'a>(&'a self, setting: &'a str, what: &'a str) -> Option<&'a Figure> {
        let peers = self.of(setting, what).filter(|figure| figure.whose == Whose::Peers);
        peers.min_by(|a, b| a.value.total_cmp(&b.value))
    }

    fn of<'a>(&'a self, setting: &'a str, what: &'a str) -> impl Iterator<Item = &'a Figure> {
        self.figures.iter().filter(move |figure| figure.setting == setting && figure.what == what)
    }

    /// The settings, in the order in which they were measured.
    pub fn settings(&self) -> Vec<&str> {
        first_of_each(self.figures.iter().map(|figure| figure.setting.as_str()))
    }

    /// What a setting's table shows.
    pub fn sheet(&self, setting: &str) -> Sheet {
        let here: Vec<&Figure> = self.figures.iter().filter(|figure| figure.setting == setting).collect();
        let contestants = first_of_each(here.iter().map(|figure| (figure.contestant, figure.whose)));
        let whats = first_of_each(here.iter().map(|figure| figure.what));
        let row = |who: &Who| whats.iter().map(|what| self.figure(setting, *who, what)).collect();
        let figures = contestants.iter().map(row).collect();
        Sheet { contestants, whats, figures }
    }
}

fn first_of_each<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}
