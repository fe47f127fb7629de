//! A comparison as a table for a terminal: a column for each program, in blocks that fit.

use terminal::{Style, pad, rounded, thousands, width, wrap_all, wrap_lines};

use crate::comparison::{Column, Comparison};
use crate::figures::Figures;
use crate::reason::ENOUGH;
use crate::stats::Spread;

/// The width of the names of the rows.
const LABEL: usize = 24;

/// The width of a program's column.
const COLUMN: usize = 18;

/// A row of the table: a name, and a cell for each program.
pub struct Row {
    /// Its name.
    pub label: String,
    /// For each program a value, and its range over the rounds.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The value, or `—`.
    pub value: String,
    /// Its range; empty if it has none.
    pub range: String,
}

/// The table and the sentences under it.
pub fn page(comparison: &Comparison, style: &Style) -> String {
    let rows = rows(comparison);
    let per_block = (style.columns.saturating_sub(LABEL) / COLUMN).max(1);
    let places: Vec<usize> = (0..comparison.programs.len()).collect();
    let mut page = format!("\n{}\n", heading(comparison, style));
    for block in places.chunks(per_block) {
        page += &format!("\n{}", block_of(comparison, &rows, block, style));
    }
    for text in &comparison.sentences {
        page += &format!("\n{}\n", wrap_lines(text, style.columns).join("\n"));
    }
    page
}

fn heading(comparison: &Comparison, style: &Style) -> String {
    let load = load_in_words(comparison);
    let how = rounds_in_words(comparison);
    let lines = wrap_lines(&format!("{load}\n{how}"), style.columns).join("\n");
    format!("{}\n{lines}", style.bold(&format!("lab {}", comparison.lab)))
}

/// How the figures were measured, in one line.
pub fn rounds_in_words(comparison: &Comparison) -> String {
    let seconds = comparison.seconds;
    match comparison.rounds {
        1 => format!("One round of {seconds} s."),
        rounds if rounds < ENOUGH => format!("Medians of {rounds} rounds of {seconds} s by turns."),
        rounds => format!(
            "Medians of {rounds} rounds of {seconds} s by turns, and the range from the lowest to the \
             highest round."
        ),
    }
}

/// The load in one line.
pub fn load_in_words(comparison: &Comparison) -> String {
    let clients = terminal::count_of(comparison.clients, "client");
    let bytes = terminal::count_of(comparison.message_bytes, "byte");
    match comparison.unit {
        "bytes" => format!("Load: {clients}, each downloads a file of {bytes} again and again."),
        _ => format!("Load: {clients}, messages of {bytes}, {} in flight.", comparison.in_flight),
    }
}

fn block_of(comparison: &Comparison, rows: &[Row], block: &[usize], style: &Style) -> String {
    let line = |label: &str, cell: &dyn Fn(usize) -> String| {
        let cells = block.iter().map(|place| pad(&clipped(&cell(*place)), COLUMN));
        let line = pad(label, LABEL) + &cells.collect::<String>();
        line.trim_end().to_owned() + "\n"
    };
    let names = |place: usize| wrap_all(&comparison.programs[place].name, COLUMN - 2);
    let lines = block.iter().map(|place| names(*place).len()).max().unwrap_or(0);
    let name = |row: usize| line("", &|place| names(place).get(row).cloned().unwrap_or_default());
    let mut text: String = (0..lines).map(|row| style.bold(&name(row))).collect();
    for row in rows {
        text += &line(&row.label, &|place| row.cells[place].value.clone());
        if block.iter().any(|place| !row.cells[*place].range.is_empty()) {
            text += &style.dim(&line("", &|place| row.cells[place].range.clone()));
        }
    }
    text
}

/// Text that leaves a space to the next column.
fn clipped(text: &str) -> String {
    if width(text) < COLUMN {
        return text.to_owned();
    }
    let kept: String = text.chars().take(COLUMN - 2).collect();
    kept + "…"
}

/// All rows, for the terminal and for the HTML page.
pub fn rows(comparison: &Comparison) -> Vec<Row> {
    let mut rows = test_rows(comparison);
    let unit = comparison.unit;
    let (rate, scale) = if unit == "bytes" {
        ("MB a second".to_owned(), 1e-6)
    } else {
        (format!("{unit} a second"), 1.0)
    };
    let has_ranges = comparison.rounds >= ENOUGH;
    let mut figure = |label: &str, scale: f64, of: fn(&Figures) -> Option<Spread>| {
        let cell = |column: &Column| {
            let cell = cell(column.figures.as_ref().and_then(of), scale);
            if has_ranges { cell } else { plain_cell(Some(cell.value)) }
        };
        rows.push(Row {
            label: label.to_owned(),
            cells: comparison.programs.iter().map(cell).collect(),
        });
    };
    figure(&rate, scale, |figures| figures.units_per_second);
    figure("  ratio", 1.0, |figures| figures.rate_ratio);
    figure("latency p50, µs", 1.0, |figures| figures.latency_p50_microseconds);
    figure("latency p99, µs", 1.0, |figures| figures.latency_p99_microseconds);
    if unit == "bytes" {
        figure("CPU, µs for a MB", 1e6, |figures| figures.cpu_microseconds_per_unit);
    } else {
        figure("CPU, µs for each", 1.0, |figures| figures.cpu_microseconds_per_unit);
    }
    figure("peak memory, KiB", 1.0 / 1024.0, |figures| figures.peak_memory_bytes);
    figure("threads", 1.0, |figures| figures.threads);
    figure("descriptors", 1.0, |figures| figures.descriptors);
    let plain = |label: &str, of: &dyn Fn(&Column) -> Option<String>| Row {
        label: label.to_owned(),
        cells: comparison.programs.iter().map(|column| plain_cell(of(column))).collect(),
    };
    rows.push(plain("clients served", &served));
    rows.push(plain("lines of code", &|column| column.lines_of_code.map(thousands)));
    rows
}

/// `served 1 of 16`, because such a program has no comparable rate.
fn served(column: &Column) -> Option<String> {
    let figures = column.figures.as_ref()?;
    Some(format!("{} of {}", figures.clients_served, figures.clients))
}

fn test_rows(comparison: &Comparison) -> Vec<Row> {
    let judged = comparison.programs.iter().find(|column| !column.tests.is_empty());
    let Some(judged) = judged else { return Vec::new() };
    let all = |column: &Column| {
        let passed: usize = column.tests.iter().map(|step| step.passed).sum();
        let tests: usize = column.tests.iter().map(|step| step.tests).sum();
        (tests > 0).then(|| format!("{passed} of {tests}"))
    };
    let row = |label: String, of: &dyn Fn(&Column) -> Option<String>| Row {
        label,
        cells: comparison.programs.iter().map(|column| plain_cell(of(column))).collect(),
    };
    let steps = judged.tests.iter().enumerate().map(|(place, step)| {
        row(format!("  {}", step.step), &|column| {
            let step = column.tests.get(place)?;
            Some(format!("{} of {}", step.passed, step.tests))
        })
    });
    [row("tests passed".to_owned(), &all)].into_iter().chain(steps).collect()
}

fn plain_cell(value: Option<String>) -> Cell {
    Cell { value: value.unwrap_or_else(|| "—".to_owned()), range: String::new() }
}

fn cell(spread: Option<Spread>, scale: f64) -> Cell {
    let Some(spread) = spread else { return plain_cell(None) };
    let shown = |value: f64| rounded(value * scale);
    let (lowest, highest) = (shown(spread.lowest), shown(spread.highest));
    let range = if lowest == highest { String::new() } else { format!("{lowest}–{highest}") };
    Cell { value: shown(spread.median), range }
}
