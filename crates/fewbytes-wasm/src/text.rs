//! Numbers as people read them.

/// A whole number with its digits grouped: `10,000`.
pub fn grouped(number: f64) -> String {
    if !number.is_finite() {
        return "∞".into();
    }
    let digits = format!("{:.0}", number.max(0.0));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with the word for what is counted: `1 item`, `3 items`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as f64), if number == 1 { one } else { many })
}

/// A share as a signed percentage: `+3.2 %`, `−12 %`.
pub fn signed_percent(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = usize::from(percent.abs() < 99.95);
    let text = format!("{:.decimals$}", percent.abs());
    let sign = match () {
        () if text.trim_matches(['0', '.']).is_empty() => "",
        () if percent < 0.0 => "−",
        () => "+",
    };
    format!("{sign}{text} %")
}

/// A share as a signed percentage without needless digits, for axes: `+26 %`, `−3.2 %`.
pub fn short_percent(share: f64) -> String {
    let sign = if share < 0.0 { "−" } else { "+" };
    let percent = share.abs() * 100.0;
    let decimals = usize::from(percent < 9.95);
    format!("{sign}{percent:.decimals$} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_signed() {
        assert_eq!([0.0, 999.4, 1000.0, 1_234_567.0].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(grouped(f64::INFINITY), "∞");
        assert_eq!([0.0, 0.0312, -0.5, 12.0].map(signed_percent), ["0.0 %", "+3.1 %", "−50.0 %", "+1200 %"]);
        assert_eq!(counted(1, "item", "items"), "1 item");
        assert_eq!(counted(2000, "item", "items"), "2,000 items");
    }
}
