use super::*;
use fewbytes::catalog::by_slug;
use std::path::Path;
use std::{env, fs};

/// As the page's form is at first: the examples are given, nothing else.
fn example(calculator: &Calculator) -> Vec<Option<f64>> {
    let typed = |quantity: &Quantity| {
        let digits = quantity.example.replace([',', ' '], "");
        let (number, share) = digits.strip_suffix('%').map_or((&*digits, 1.0), |number| (number, 100.0));
        number.parse::<f64>().ok().map(|number| number / share)
    };
    calculator.quantities.iter().map(typed).collect()
}

fn solve(calculator: &Calculator, given: Given) -> Solved {
    (calculator.solve)(given).unwrap_or_else(|error| panic!("`{}` of {given:?}: {error}", calculator.slug))
}

/// Parameters and their values in a command.
fn options(command: &str) -> Vec<(&str, &str)> {
    let words: Vec<_> = command.split(' ').collect();
    words.windows(2).filter_map(|pair| Some((pair[0].strip_prefix("--")?, pair[1]))).collect()
}

#[test]
fn the_command_builds_what_was_computed() {
    for calculator in CALCULATORS {
        let entry = by_slug(calculator.slug).expect("a structure");
        let solved = solve(calculator, &example(calculator));
        let mut settings = entry.settings();
        for (name, value) in options(&solved.command) {
            settings.set(name, value).unwrap_or_else(|error| panic!("{}: {error}", solved.command));
        }
        let computed = |name| {
            let place = calculator.quantities.iter().position(|quantity| quantity.name == name);
            place.map(|place| solved.values[place])
        };
        if entry.inserts && entry.slug != "count-min" {
            assert_eq!(
                computed("bytes"),
                (entry.bytes)(&settings).ok().map(|bytes| bytes as f64),
                "{}",
                entry.slug
            );
        }
        if let Some(error) = computed("error") {
            let promised = (entry.std_error)(&settings).expect("an error");
            assert!((error - promised).abs() < 1e-12, "{}: {error}, {promised}", entry.slug);
        }
    }
}

#[test]
fn what_was_computed_gives_back_what_was_given() {
    for calculator in CALCULATORS {
        let first = solve(calculator, &example(calculator)).values;
        let given = example(calculator).iter().filter(|value| value.is_some()).count();
        let all = 1_u32 << calculator.quantities.len();
        let mut solved = 0;
        for mask in (1..all).filter(|mask| mask.count_ones() as usize <= given + 1) {
            let given: Vec<_> =
                first.iter().enumerate().map(|(i, value)| (mask >> i & 1 == 1).then_some(*value)).collect();
            let Ok(again) = (calculator.solve)(&given) else { continue };
            solved += 1;
            for (i, (was, is)) in first.iter().zip(&again.values).enumerate() {
                let name = calculator.quantities[i].name;
                // Whole rows, powers of two: what is rounded up is at most that much better.
                assert!(
                    (is / was - 1.0).abs() < 0.35,
                    "`{}`: {name} was {was}, is {is}, given {given:?}",
                    calculator.slug
                );
            }
        }
        assert!(solved >= 2, "`{}` can be asked in {solved} ways", calculator.slug);
    }
}

#[test]
fn nothing_that_can_be_given_panics() {
    let odd = [0.0, -1.0, 0.5, 1.0, 3.0, 16.0, 1e9, 1e15, 1e300, f64::INFINITY, f64::MIN_POSITIVE];
    for calculator in CALCULATORS {
        for a in 0..calculator.quantities.len() {
            for b in a..calculator.quantities.len() {
                for x in odd {
                    for y in odd {
                        let mut given = vec![None; calculator.quantities.len()];
                        (given[a], given[b]) = (Some(x), Some(y));
                        if let Err(refused) = (calculator.solve)(&given) {
                            assert!(!refused.is_empty() && !refused.ends_with('.'), "{refused}");
                        }
                    }
                }
            }
        }
    }
}

/// The code that the form shows at first is compiled and run as this file's documentation tests.
#[test]
fn code_to_paste_is_tested() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tools/calculator/code.md");
    let mut page =
        String::from("What the calculator gives to paste, printed from it; documentation tests run it.\n");
    for calculator in CALCULATORS {
        let code = solve(calculator, &example(calculator)).rust;
        page += &format!("\n```rust\n{code}\n# Ok::<(), fewbytes::Error>(())\n```\n");
    }
    if env::var_os("BLESS").is_some() {
        fs::write(&file, &page).expect("a file");
    }
    assert_eq!(fs::read_to_string(&file).unwrap_or_default(), page, "run this test with BLESS=1");
}
