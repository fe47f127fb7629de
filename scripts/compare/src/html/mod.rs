//! A comparison as one HTML page: the table, and two plots. The page needs no network and no script.

mod plot;

use crate::comparison::Comparison;
use crate::table::{self, Cell, Row};
use html_page::escape;
use plot::{Axis, Line, Plot};

/// The whole page.
pub fn page(comparison: &Comparison) -> String {
    let title = format!("Wirelab: lab {} compared", comparison.lab);
    let load = table::load_in_words(comparison);
    let rounds = table::rounds_in_words(comparison);
    let sentences = comparison.sentences.iter().map(|text| format!("<p>{}</p>\n", escape(text)));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p>{load}<br>{rounds}</p>\n{sentences}{table}{latencies}{rates}\
         </main>\n</body>\n</html>\n",
        title = escape(&title),
        load = escape(&load),
        rounds = escape(&rounds),
        sentences = sentences.collect::<String>(),
        table = table_of(comparison),
        latencies = latencies(comparison).svg(),
        rates = rates(comparison).svg(),
    )
}

fn table_of(comparison: &Comparison) -> String {
    let heads = comparison
        .programs
        .iter()
        .map(|column| format!("<th scope=\"col\">{}</th>", escape(&column.name)));
    let rows = table::rows(comparison);
    format!(
        "<h2>All figures</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" \
         aria-label=\"All figures\">\n<table>\n<thead><tr><td></td>{}</tr></thead>\n<tbody>\n{}\
         </tbody>\n</table>\n</div>\n",
        heads.collect::<String>(),
        rows.iter().map(row_of).collect::<String>()
    )
}

fn row_of(row: &Row) -> String {
    let cell = |cell: &Cell| {
        let range = if cell.range.is_empty() {
            String::new()
        } else {
            format!("<br><small>{}</small>", escape(&cell.range))
        };
        format!("<td>{}{range}</td>", escape(&cell.value))
    };
    let cells: String = row.cells.iter().map(cell).collect();
    format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escape(row.label.trim_start()))
}

/// The share of exchanges over the latency that they do not exceed.
fn latencies(comparison: &Comparison) -> Plot {
    let lines = comparison.programs.iter().map(|column| {
        let quantiles = column.figures.iter().flat_map(|figures| &figures.latency_quantiles);
        let points = quantiles.map(|point| (point.latency_microseconds, point.share * 100.0));
        Line { name: column.name.clone(), points: points.collect() }
    });
    Plot {
        title: "Latency distribution".to_owned(),
        x: Axis { label: "microseconds (logarithmic)".to_owned(), is_logarithmic: true },
        y: Axis { label: "% of exchanges".to_owned(), is_logarithmic: false },
        lines: lines.collect(),
    }
}

/// The rate over the number of clients. Leaves out measurements in which some clients were not served.
fn rates(comparison: &Comparison) -> Plot {
    let lines = comparison.programs.iter().map(|column| {
        let points = column
            .by_clients
            .iter()
            .filter(|point| point.clients_served == point.clients)
            .filter_map(|point| Some((point.clients as f64, point.units_per_second?.median)));
        Line { name: column.name.clone(), points: points.collect() }
    });
    Plot {
        title: "Throughput by number of clients".to_owned(),
        x: Axis { label: "clients (logarithmic)".to_owned(), is_logarithmic: true },
        y: Axis { label: format!("{} a second", comparison.unit), is_logarithmic: false },
        lines: lines.collect(),
    }
}

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --line: #b8c0c8; --dim: #57606a;
  --p0: #0b5cad; --p1: #b3441b; --p2: #1a7f37; --p3: #8250df; --p4: #7a5b00; --p5: #57606a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #484f58;
  --dim: #9aa4ae; --p0: #6cb6ff; --p1: #ff9d6f; --p2: #6bd68a; --p3: #c8a6ff; --p4: #e3b341;
  --p5: #9aa4ae; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem .25rem 0; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; white-space: nowrap; }
th[scope=row] { text-align: left; font-weight: normal; }
th[scope=col] { min-width: 6rem; white-space: normal; overflow-wrap: anywhere; }
/* The names of the rows stay in sight while the table scrolls. */
th[scope=row], thead td { position: sticky; left: 0; background: var(--paper); }
@media (max-width: 30rem) { th[scope=row] { min-width: 7rem; white-space: normal; } }
small { color: var(--dim); }
svg { width: 100%; max-width: 36rem; height: auto; display: block; }
circle { fill: var(--paper); }
svg text { fill: var(--ink); font-size: 13px; }
.grid { stroke: var(--line); }
.s0 { stroke: var(--p0); } .s1 { stroke: var(--p1); } .s2 { stroke: var(--p2); }
.s3 { stroke: var(--p3); } .s4 { stroke: var(--p4); } .s5 { stroke: var(--p5); }
.curve { fill: none; stroke-width: 2; }
ul.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
ul.legend svg { width: 2.5rem; height: .75rem; display: inline-block; }
";
