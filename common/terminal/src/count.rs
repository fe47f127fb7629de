//! Numbers and what they count.

/// `1234567` as `1,234,567`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A measured value with at least two digits that count: `0.0018`, `0.88`, `3.42`, `71.3`, `41,233`.
pub fn rounded(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => thousands(value.round() as usize),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        size => {
            let zeros = -size.log10().floor() as usize;
            format!("{value:.digits$}", digits = zeros + 1)
        }
    }
}

/// `1 byte`, `2 bytes`, `1,024 bytes`.
pub fn count_of(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}
