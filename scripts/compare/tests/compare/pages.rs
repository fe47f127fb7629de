//! The table, the HTML page and JSON.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use compare::comparison::{Column, Comparison, RateByClients, StepResult};
use compare::html;
use compare::stats::Spread;
use compare::table;
use terminal::{Style, width};

use crate::figures::{column, round};

const HOSTILE: &str = "<script>alert('a & b')</script>\u{202e}";

fn comparison(names: &[&str]) -> Comparison {
    let rounds = || [round(16, 41_000, 10), round(16, 42_500, 10), round(16, 43_000, 10)];
    let mut programs: Vec<_> = names.iter().map(|name| column(name, rounds())).collect();
    for program in &mut programs {
        let units_per_second = Spread::of([1000.0]);
        program.by_clients = [1, 2, 4]
            .map(|clients| RateByClients { clients, clients_served: clients, units_per_second })
            .to_vec();
    }
    Comparison {
        lab: "02-multithreaded".to_owned(),
        clients: 16,
        message_bytes: 64,
        in_flight: 1,
        seconds: 1.0,
        rounds: 3,
        unit: "messages",
        programs,
        sentences: vec![format!("{HOSTILE} is slow.")],
    }
}

#[test]
fn a_table_has_a_median_and_a_range() {
    let page = table::page(&comparison(&["yours", "model answer"]), &Style::PLAIN);
    let rate = "messages a second       42,500            42,500\n                        \
                41,000–43,000     41,000–43,000\n";
    assert!(page.contains(rate), "{page}");
    assert!(page.contains("clients served          16 of 16          16 of 16\n"), "{page}");
    assert!(page.contains("lines of code           392               392\n"), "{page}");
}

#[test]
fn fewer_than_three_rounds_show_no_range() {
    for (rounds, words) in [(1, "One round of 1 s."), (2, "Medians of 2 rounds of 1 s by turns.")] {
        let few = Comparison { rounds, ..comparison(&["yours", "model answer"]) };
        let page = table::page(&few, &Style::PLAIN);
        assert!(page.contains(&format!("{words}\n")) && !page.contains('–'), "{page}");
    }
}

#[test]
fn a_program_without_figures_has_a_dash() {
    let mut comparison = comparison(&["yours"]);
    comparison.programs[0].figures = None;
    let page = table::page(&comparison, &Style::PLAIN);
    assert!(page.contains("messages a second       —\n"), "{page}");
}

#[test]
fn a_table_fits_into_any_terminal() {
    let comparison =
        comparison(&["yours", "a-name-that-is-much-longer-than-a-column", "c", "d", "e", "f"]);
    for columns in [40, 80, 100] {
        let page = table::page(&comparison, &Style { columns, ..Style::PLAIN });
        let widest = page.lines().max_by_key(|line| width(line)).unwrap_or_default();
        // 42 columns hold the names of the rows and one program.
        assert!(width(widest) <= columns.max(42), "{columns}: {widest}");
    }
}

#[test]
fn a_page_needs_no_network_and_escapes_all_names() {
    let page = html::page(&comparison(&["yours", HOSTILE]));
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains('\u{202e}'), "{page}");
    assert!(
        page.contains("&lt;script&gt;alert(&#39;a &amp; b&#39;)&lt;/script&gt;\\u{202e}"),
        "{page}"
    );
    for outside in ["http:", "https:", "url(", "@import", " src=", " href="] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_page_has_a_line_for_each_program_in_each_plot() {
    let page = html::page(&comparison(&["yours", "model answer"]));
    assert_eq!(page.matches("<polyline").count(), 4);
    assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
}

#[test]
fn a_rate_of_fewer_clients_than_asked_is_no_point() {
    let mut comparison = comparison(&["queue"]);
    let all = html::page(&comparison);
    for point in &mut comparison.programs[0].by_clients {
        point.clients_served = 1;
    }
    let one = html::page(&comparison);
    let points = |page: &str| {
        let (_, rates) = page.split_once("Throughput by number").expect("two plots");
        rates.matches("<circle").count()
    };
    assert_eq!([points(&all), points(&one)], [3, 1]);
}

#[test]
fn a_program_has_the_same_stroke_in_both_plots_and_no_other_has_it() {
    let names = ["one", "two", "three", "four", "five", "six", "seven"];
    let mut comparison = comparison(&names);
    comparison.programs[0].figures = None;
    let page = html::page(&comparison);
    let (latencies, rates) = page.split_once("Throughput by number").expect("two plots");
    let stroke = |plot: &str, name: &str| {
        let (_, curve) = plot.split_once(&format!("<g><title>{name}</title>"))?;
        Some(curve.split_once(" points=")?.0.to_owned())
    };
    assert_eq!(stroke(latencies, "one"), None);
    let strokes = names.map(|name| stroke(rates, name).expect("it has a curve"));
    assert_eq!(BTreeSet::from_iter(&strokes).len(), names.len(), "{strokes:?}");
    for (name, of_rates) in names.iter().zip(&strokes).skip(1) {
        assert_eq!(stroke(latencies, name).as_ref(), Some(of_rates));
    }
}

/// For `scripts/check_compare_pages.py`, which opens them in a browser.
#[test]
#[ignore = "it writes into target/compare-pages"]
fn pages_of_programs_that_answer_stall_and_fail_are_written() {
    let mut full = comparison(&["yours", "model answer", "c", "d", "e", "f", HOSTILE]);
    let stalled = [round(1, 41_000, 10), round(1, 42_500, 10), round(1, 43_000, 10)];
    let by_clients = full.programs[2].by_clients.clone();
    full.programs[2] = Column { by_clients, ..column("one-client-at-a-time.patch", stalled) };
    full.programs[3].figures = None;
    let tests = |step: &str| StepResult { step: step.to_owned(), passed: 7, tests: 8 };
    full.programs[0].tests = ["framing", "serve"].map(tests).to_vec();
    let empty = Comparison {
        programs: vec![Column { figures: None, ..full.programs[0].clone() }],
        ..full.clone()
    };
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/compare-pages");
    fs::create_dir_all(&target).expect("made");
    for (name, comparison) in [("full", full), ("empty", empty)] {
        fs::write(target.join(name).with_extension("html"), html::page(&comparison))
            .expect("written");
    }
}

#[test]
fn json_names_its_units() {
    let json = serde_json::to_value(comparison(&["yours"])).expect("all keys are text");
    let figures = &json["programs"][0]["figures"];
    assert_eq!(figures["latency_p50_microseconds"]["median"], 50.0);
    assert_eq!(figures["peak_memory_bytes"]["highest"], 4096.0);
    assert_eq!(json["unit"], "messages");
}
