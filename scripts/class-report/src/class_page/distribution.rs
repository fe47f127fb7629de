//! How many students have how many points, as bars.

use terminal::count_of;

use crate::class::ClassLab;
use crate::gradebook::Gradebook;

/// Bars, each for a tenth of the points. Full points have a bar of their own.
const BARS: usize = 11;

const BAR: usize = 44;
const GAP: usize = 6;
const HEIGHT: usize = 120;
const TOP: usize = 22;
const BOTTOM: usize = 26;

/// The section of the page.
pub fn section(book: &Gradebook, lab: &ClassLab) -> String {
    let percents: Vec<f64> =
        book.results(lab).filter_map(|(_, result)| result.grade.percent()).collect();
    let heading =
        "<section aria-labelledby=\"points\">\n<h2 id=\"points\">Distribution of points</h2>\n";
    if percents.is_empty() {
        return format!("{heading}<p>There are no grades yet.</p>\n</section>\n");
    }
    let counts = counts(&percents);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bars = counts.iter().enumerate().map(|(index, count)| bar(index, *count, most));
    let (width, height) = (BARS * (BAR + GAP), TOP + HEIGHT + BOTTOM);
    format!(
        "{heading}<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Bars\">\
         <svg class=\"bars\" role=\"img\" aria-label=\"{}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">{}</svg></div>\n<p class=\"detail\">Percent of the points, and \
         the number of students. The last bar is for full points.</p>\n</section>\n",
        in_words(&counts),
        bars.collect::<String>()
    )
}

/// How many of `percents` belong to each bar.
fn counts(percents: &[f64]) -> [usize; BARS] {
    let mut counts = [0; BARS];
    for percent in percents {
        counts[((percent / 10.0) as usize).min(BARS - 1)] += 1;
    }
    counts
}

fn bar(index: usize, count: usize, most: usize) -> String {
    let height = HEIGHT * count / most;
    let (x, y) = (index * (BAR + GAP), TOP + HEIGHT - height);
    let middle = x + BAR / 2;
    let number = if count > 0 { count.to_string() } else { String::new() };
    format!(
        "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"{BAR}\" height=\"{height}\"/>\
         <text x=\"{middle}\" y=\"{}\">{number}</text><text class=\"axis\" x=\"{middle}\" y=\"{}\">{}</text>",
        y - 5,
        TOP + HEIGHT + 18,
        label(index)
    )
}

/// `0–9`, and `100` for the last bar.
fn label(index: usize) -> String {
    let low = index * 10;
    if index == BARS - 1 { low.to_string() } else { format!("{low}–{}", low + 9) }
}

fn in_words(counts: &[usize]) -> String {
    let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let words =
        bars.map(|(index, count)| format!("{} %: {}", label(index), count_of(*count, "student")));
    words.collect::<Vec<_>>().join(", ")
}
