//! Lines in a coordinate system, as SVG. The stroke of each program also has its own dashes, so that
//! the lines differ without colours.

use html_page::escape;
use terminal::rounded;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 15.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 50.0;

/// The number of colours and dashes in the style of the page.
const STROKES: usize = 6;
const DASHES: [&str; STROKES] = ["", "8 3", "2 3", "10 3 2 3", "5 5", "1 5"];

/// Marks on a linear axis.
const TICKS: usize = 4;

/// Some lines in one coordinate system. A program has the same stroke in all plots of a page, so a program
/// without points has a line, too.
pub struct Plot {
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    pub lines: Vec<Line>,
}

/// What an axis shows.
pub struct Axis {
    pub label: String,
    pub is_logarithmic: bool,
}

/// The points of one program.
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// The lowest and the highest value of an axis.
#[derive(Clone, Copy)]
struct Range {
    lowest: f64,
    highest: f64,
    is_logarithmic: bool,
}

impl Range {
    fn of(axis: &Axis, values: impl Iterator<Item = f64> + Clone) -> Range {
        let (mut lowest, highest) =
            (values.clone().fold(f64::MAX, f64::min), values.fold(0.0, f64::max));
        if !axis.is_logarithmic {
            lowest = 0.0;
        }
        Range {
            lowest,
            highest: highest.max(lowest + f64::EPSILON),
            is_logarithmic: axis.is_logarithmic,
        }
    }

    /// Where `value` is between the ends, from 0 to 1.
    fn place(&self, value: f64) -> f64 {
        let of = |value: f64| if self.is_logarithmic { value.max(1e-9).ln() } else { value };
        let length = of(self.highest) - of(self.lowest);
        if length > 0.0 { (of(value) - of(self.lowest)) / length } else { 0.5 }
    }

    /// Values to be marked. A logarithmic axis has the powers of two or of ten.
    fn ticks(&self) -> Vec<f64> {
        if !self.is_logarithmic {
            return (0..=TICKS).map(|tick| self.highest * tick as f64 / TICKS as f64).collect();
        }
        let factor = if self.highest / self.lowest > 64.0 { 10.0 } else { 2.0_f64 };
        let first = self.lowest.log(factor).ceil() as i32;
        let last = self.highest.log(factor).floor() as i32;
        (first..=last).map(|power| factor.powi(power)).collect()
    }
}

impl Plot {
    /// The plot with its heading and legend.
    pub fn svg(&self) -> String {
        let title = escape(&self.title);
        let points = || self.lines.iter().flat_map(|line| &line.points);
        if points().next().is_none() {
            return format!("<h2>{title}</h2>\n<p>Nothing was measured.</p>\n");
        }
        let x = Range::of(&self.x, points().map(|point| point.0));
        let y = Range::of(&self.y, points().map(|point| point.1));
        let curves = self.drawn().map(|(place, line)| curve(place, line, x, y));
        format!(
            "<h2>{title}</h2>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-label=\"{title}; the table has the figures\">\n{}{}{}</svg>\n\
             <ul class=\"legend\">{}</ul>\n",
            self.x_axis(x),
            self.y_axis(y),
            curves.collect::<String>(),
            self.legend()
        )
    }

    /// The lines with points, and the place of each among all lines.
    fn drawn(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.lines.iter().enumerate().filter(|(_, line)| !line.points.is_empty())
    }

    fn x_axis(&self, range: Range) -> String {
        let bottom = HEIGHT - BOTTOM;
        let tick = |value: f64| {
            let x = x_of(range, value);
            format!(
                "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
                bottom + 16.0,
                rounded(value)
            )
        };
        let ticks: String = range.ticks().into_iter().map(tick).collect();
        let (x, y, label) =
            (f64::midpoint(LEFT, WIDTH - RIGHT), HEIGHT - 10.0, escape(&self.x.label));
        format!("{ticks}<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>\n")
    }

    fn y_axis(&self, range: Range) -> String {
        let right = WIDTH - RIGHT;
        let tick = |value: f64| {
            let y = y_of(range, value);
            format!(
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
                LEFT - 6.0,
                y + 4.0,
                short(value)
            )
        };
        let ticks: String = range.ticks().into_iter().map(tick).collect();
        format!("{ticks}<text x=\"4\" y=\"16\">{}</text>\n", escape(&self.y.label))
    }

    fn legend(&self) -> String {
        let entry = |(place, line): (usize, &Line)| {
            format!(
                "<li><svg viewBox=\"0 0 40 12\" aria-hidden=\"true\"><path class=\"curve s{}\" \
                 stroke-dasharray=\"{}\" d=\"M0 6H40\"/></svg> {}</li>",
                place % STROKES,
                dashes(place),
                escape(&line.name)
            )
        };
        self.drawn().map(entry).collect()
    }
}

fn curve(place: usize, line: &Line, x: Range, y: Range) -> String {
    let point = |point: &(f64, f64)| format!("{:.1},{:.1}", x_of(x, point.0), y_of(y, point.1));
    let points: Vec<String> = line.points.iter().map(point).collect();
    let (stroke, dashes) = (place % STROKES, dashes(place));
    let dots = points
        .iter()
        .filter_map(|point| point.split_once(','))
        .map(|(x, y)| format!("<circle class=\"s{stroke}\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>"));
    format!(
        "<g><title>{}</title><polyline class=\"curve s{stroke}\" stroke-dasharray=\"{dashes}\" \
         points=\"{}\"/>{}</g>\n",
        escape(&line.name),
        points.join(" "),
        dots.collect::<String>()
    )
}

/// The dashes of the program at `place`. When all colours are used, each gets the next dashes.
fn dashes(place: usize) -> &'static str {
    DASHES[(place + place / STROKES) % STROKES]
}

fn x_of(range: Range, value: f64) -> f64 {
    LEFT + range.place(value) * (WIDTH - LEFT - RIGHT)
}

fn y_of(range: Range, value: f64) -> f64 {
    HEIGHT - BOTTOM - range.place(value) * (HEIGHT - TOP - BOTTOM)
}

/// `41 k` for 41,233, so that it fits beside its axis.
fn short(value: f64) -> String {
    match value {
        value if value >= 1e9 => format!("{} G", rounded(value / 1e9)),
        value if value >= 1e6 => format!("{} M", rounded(value / 1e6)),
        value if value >= 1e4 => format!("{} k", rounded(value / 1e3)),
        value => rounded(value),
    }
}
