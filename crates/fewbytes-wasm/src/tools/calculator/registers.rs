//! Counts of different items: one number settles all.

use super::{Calculator, Given, Quantity, Solution, Solved, Unit, largest, quantity, whole};
use fewbytes::distinct::{exaloglog, hyperloglog, kmv, loglog, superloglog, ultraloglog};

const QUANTITIES: &[Quantity] = &[
    quantity("error", "standard error", Unit::Share, "1 %"),
    quantity("precision", "precision, 4 to 18", Unit::Count, ""),
    quantity("registers", "registers", Unit::Count, ""),
    quantity("bytes", "file", Unit::Bytes, ""),
];
const RULE: &str = "Give one of error, precision and file.";

/// A structure of 2^precision registers.
fn registers(
    given: Given,
    name: &str,
    slug: &str,
    std_error: impl Fn(u32) -> f64,
    bytes: impl Fn(u32) -> f64,
) -> Solution {
    let precision = match (given[0], given[1], given[2], given[3]) {
        (Some(error), None, None, None) => {
            let enough = (4..=18).find(|precision| std_error(*precision) <= error);
            enough.ok_or_else(|| {
                "18 is the highest precision, and errs by more: give a larger error".to_string()
            })?
        }
        (None, Some(precision), None, None) => whole("precision", precision)?.min(99) as u32,
        (None, None, Some(registers), None) => {
            let registers = whole("registers", registers)?;
            match registers.is_power_of_two() {
                true => registers.ilog2(),
                false => return Err("`registers` is a power of two from 16 to 262,144".into()),
            }
        }
        (None, None, None, Some(room)) => {
            let fitting = (4..=18).rev().find(|precision| bytes(*precision) <= room);
            fitting.ok_or_else(|| "precision 4 is the lowest, and takes more: give more bytes".to_string())?
        }
        (None, None, None, None) => {
            return Err("give one of `error`, `precision`, `registers` and `bytes`".into());
        }
        _ => return Err("each of these settles the others: leave all but one of them empty".into()),
    };
    if !(4..=18).contains(&precision) {
        return Err("`precision` is a whole number from 4 to 18".into());
    }
    Ok(Solved {
        values: vec![std_error(precision), precision.into(), f64::from(1_u32 << precision), bytes(precision)],
        rust: format!(
            "use fewbytes::{name};\n\nlet mut words = {name}::new({precision}, 0)?;\nwords.insert(\"owl\");\n\
             assert!(words.estimate().covers(1.0));"
        ),
        command: format!("fewbytes build {slug} --precision {precision} words.txt -o words.few"),
    })
}

/// Header, and registers of `bits` bits.
fn file(start: usize, bits: u32) -> impl Fn(u32) -> f64 {
    move |precision| start as f64 + f64::from(bits) * f64::from(1_u32 << precision.min(30)) / 8.0
}

macro_rules! calculators {
    ($($constant:ident $module:ident $slug:literal $name:literal $bits:literal $error:expr;)*) => {$(
        pub static $constant: Calculator = Calculator {
            slug: $slug,
            quantities: QUANTITIES,
            rule: RULE,
            solve: |given| registers(given, $name, $slug, $error, file($module::FORMAT.payload_start(), $bits)),
        };
    )*};
}
calculators! {
    LOGLOG loglog "loglog" "LogLog" 6 loglog::std_error;
    SUPERLOGLOG superloglog "superloglog" "SuperLogLog" 6 superloglog::std_error;
    HYPERLOGLOG hyperloglog "hyperloglog" "HyperLogLog" 6 hyperloglog::std_error;
    ULTRALOGLOG ultraloglog "ultraloglog" "UltraLogLog" 8 ultraloglog::std_error;
    EXALOGLOG exaloglog "exaloglog" "ExaLogLog" 28 |precision| exaloglog::Plan::new(precision).std_error();
}

pub static KMV: Calculator = Calculator {
    slug: "kmv",
    quantities: &[
        quantity("error", "standard error", Unit::Share, "1 %"),
        quantity("k", "k", Unit::Count, ""),
        quantity("bytes", "file", Unit::Bytes, ""),
    ],
    rule: "Give one of error, k and file.",
    solve: |given| {
        let start = kmv::FORMAT.payload_start() as f64;
        let k = match (given[0], given[1], given[2]) {
            (Some(error), None, None) => {
                let too_few = largest(3, 1 << 20, |k| kmv::std_error(k as u32) > error);
                too_few.map_or(3, |k| k + 1)
            }
            (None, Some(k), None) => whole("k", k)?,
            (None, None, Some(bytes)) => ((bytes - start) / 8.0) as u64,
            (None, None, None) => return Err("give one of `error`, `k` and `bytes`".into()),
            _ => return Err("`error`, `k` and `bytes` settle one another: leave two of them empty".into()),
        };
        if !(3..=1 << 20).contains(&k) {
            return Err("`k` is a whole number from 3 to 1,048,576: what is given asks for another".into());
        }
        Ok(Solved {
            values: vec![kmv::std_error(k as u32), k as f64, start + 8.0 * k as f64],
            rust: format!(
                "use fewbytes::KMinimumValues;\n\nlet mut words = KMinimumValues::new({k}, 0)?;\n\
                 words.insert(\"owl\");\nassert_eq!(words.estimate().value, 1.0);"
            ),
            command: format!("fewbytes build kmv --k {k} words.txt -o words.few"),
        })
    },
};
