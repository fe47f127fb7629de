//! Speed and memory of the submissions that the instructor has measured.

use html_page::{escape, scrolling};
use terminal::{count_of, rounded};

use crate::class::{ClassLab, shown_name};
use crate::gradebook::Gradebook;
use crate::measured::{Figures, Measured, Program, Spread};

const KIB: f64 = 1024.0;
const MB: f64 = 1e6;

/// A comparison with fewer rounds has no ranges that say anything.
const ENOUGH: usize = 3;

/// The section of the page, or nothing.
pub fn section(book: &Gradebook, lab: &ClassLab, measured: &[Measured]) -> String {
    let of_lab = measured.iter().filter(|measured| measured.lab() == lab.number);
    let tables: String = of_lab.map(|measured| table(book, measured)).collect();
    match tables.is_empty() {
        true => tables,
        false => format!(
            "<section aria-labelledby=\"speed\">\n<h2 id=\"speed\">Speed and memory</h2>\n\
             <p>Measured by <code>cargo lab compare</code>. The programs of a table took turns under the \
             same load, so compare them only with each other.</p>\n{tables}</section>\n"
        ),
    }
}

fn table(book: &Gradebook, measured: &Measured) -> String {
    let rate = match measured.unit.as_str() {
        "bytes" => "MB a second".to_owned(),
        unit => format!("{unit} a second"),
    };
    let columns = ["program", "clients served", &rate, "p50, µs", "p99, µs", "memory, KiB"];
    let heading: String =
        columns.iter().map(|name| format!("<th scope=\"col\">{}</th>", escape(name))).collect();
    let rows: String = measured.programs.iter().map(|it| row(book, measured, it)).collect();
    let label = format!(
        "Speed and memory with {}, {}",
        count_of(measured.clients, "client"),
        count_of(measured.rounds, "round")
    );
    let table = format!(
        "<table>\n<caption>{label}</caption>\n<thead><tr>{heading}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    );
    scrolling("wide", &label, &table)
}

fn row(book: &Gradebook, measured: &Measured, program: &Program) -> String {
    let cells = match &program.figures {
        Some(figures) => cells(measured, figures),
        None => "<td colspan=\"5\">not measured</td>".to_owned(),
    };
    format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", name(book, program))
}

/// A link to the student whose submission has the name of the program.
fn name(book: &Gradebook, program: &Program) -> String {
    let name = escape(&program.name);
    let mut students = book.class.students.iter();
    let student = students.find(|member| {
        [member.student.id.as_str(), shown_name(&member.student)].contains(&program.name.as_str())
    });
    student.map_or(name.clone(), |member| {
        format!("<a href=\"feedback/{}.html\">{name}</a>", member.file_name)
    })
}

fn cells(measured: &Measured, figures: &Figures) -> String {
    let scale = if measured.unit == "bytes" { MB } else { 1.0 };
    let served = format!("{} of {}", figures.clients_served, measured.clients);
    let spreads = [
        (figures.units_per_second, scale),
        (figures.latency_p50_microseconds, 1.0),
        (figures.latency_p99_microseconds, 1.0),
        (figures.peak_memory_bytes, KIB),
    ];
    let has_range = measured.rounds >= ENOUGH;
    let shown = spreads.map(|(spread, unit)| shown(spread, unit, has_range));
    let cell = |text: &String| format!("<td class=\"number\">{text}</td>");
    [served].iter().chain(&shown).map(cell).collect()
}

/// `1,204 (1,100–1,320)`
fn shown(spread: Option<Spread>, unit: f64, has_range: bool) -> String {
    let Some(spread) = spread else { return "–".to_owned() };
    let number = |value: f64| rounded(value / unit);
    let Spread { median, lowest, highest } = spread;
    match has_range {
        true => format!("{} ({}–{})", number(median), number(lowest), number(highest)),
        false => number(median),
    }
}
