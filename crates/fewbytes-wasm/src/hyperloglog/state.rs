//! The lab's state as text for an address, and as bytes for a file.

use super::history::{History, What};

/// What an address may hold before programs that pass it on cut it.
const LONGEST: usize = 1500;

/// Steps as the page's address holds them: `("w", "to be")` for words, `("g", "100")` for made-up items. `None` where
/// they are too long, or hold what only a file knows.
pub fn steps(history: &History) -> Option<Vec<[String; 2]>> {
    let mut steps: Vec<[String; 2]> = Vec::new();
    if history.is_from_file() {
        return None;
    }
    for step in history.steps() {
        match (&step.what, steps.last_mut()) {
            (What::Word { text, .. }, Some([kind, words])) if kind == "w" => {
                words.push(' ');
                words.push_str(text);
            }
            (What::Word { text, .. }, _) => steps.push(["w".into(), text.clone()]),
            (What::MadeUp { count, .. }, _) => steps.push(["g".into(), count.to_string()]),
            _ => return None,
        }
    }
    let len: usize = steps.iter().map(|[_, text]| text.len() + 3).sum();
    (len <= LONGEST).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_gathered_and_long_ones_left_out() {
        let mut history = History::new(6, 7).expect("a precision in range");
        history.add("to be").expect("room");
        history.make_up(100).expect("room");
        history.add("or").expect("room");
        let texts = steps(&history).expect("short");
        assert_eq!(texts, [["w", "to be"], ["g", "100"], ["w", "or"]]);
        history.add(&"long ".repeat(400)).expect("room");
        assert_eq!(steps(&history), None);
    }
}
