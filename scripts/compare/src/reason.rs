//! Sentences under the table: which program is slow, and why, as far as the figures show it.

use crate::comparison::Column;
use crate::figures::Figures;
use crate::stats::Spread;
use terminal::rounded;

/// Below this share of the fastest rate, a program is slow.
const SLOW: f64 = 0.9;

/// Above this ratio, CPU time explains a lower rate.
const MORE_CPU: f64 = 1.15;

/// Fewer rounds have no range that means anything.
pub const ENOUGH: usize = 3;

/// One sentence or two for each program that fails, leaves clients waiting, or is slow. Ratios are those
/// to the program at the place `reference`.
pub fn sentences(columns: &[Column], unit: &str, rounds: usize, reference: usize) -> Vec<String> {
    let fastest = columns
        .iter()
        .filter(|column| is_sound(column))
        .max_by(|one, other| median(one).total_cmp(&median(other)));
    let sentence = |column: &Column| {
        let (name, figures) = (&column.name, column.figures.as_ref()?);
        if !figures.serves_all() || figures.problem.is_some() {
            return Some(failure(name, figures));
        }
        let fastest = fastest.filter(|_| rounds >= ENOUGH)?;
        slowness(name, figures, &fastest.name, fastest.figures.as_ref()?, unit)
            .or_else(|| more_cpu_time(name, figures, &columns[reference].name, unit))
    };
    let sentences: Vec<String> = columns.iter().filter_map(sentence).collect();
    let measured = columns.iter().filter(|column| column.figures.is_some()).count();
    if sentences.is_empty() && measured > 1 && rounds < ENOUGH {
        return vec![format!(
            "Fewer than {ENOUGH} rounds show no range, so no rates are compared."
        )];
    }
    if sentences.is_empty() && measured > 1 {
        return vec!["No program is clearly slower than another.".to_owned()];
    }
    sentences
}

fn is_sound(column: &Column) -> bool {
    let figures = column.figures.as_ref();
    figures.is_some_and(|figures| figures.serves_all() && figures.problem.is_none())
}

fn median(column: &Column) -> f64 {
    let rate = column.figures.as_ref().and_then(|figures| figures.units_per_second);
    rate.map_or(0.0, |rate| rate.median)
}

fn failure(name: &str, figures: &Figures) -> String {
    let (clients, served) = (figures.clients, figures.clients_served);
    if let Some(problem) = &figures.problem {
        return format!("{name} served {served} of {clients} clients: {problem}.");
    }
    match (served, clients - served) {
        (1, waiting) => format!(
            "{name} serves one client at a time: {waiting} of {clients} clients waited until the \
             round was over."
        ),
        (_, waiting) => format!("{name} left {waiting} of {clients} clients without an answer."),
    }
}

/// Says how much slower a program is, if the ranges of both rates are apart.
fn slowness(
    name: &str,
    figures: &Figures,
    fastest_name: &str,
    fastest: &Figures,
    unit: &str,
) -> Option<String> {
    let (rate, best) = (figures.units_per_second?, fastest.units_per_second?);
    let ratio = rate.median / best.median;
    if ratio > SLOW || rate.overlaps(&best) {
        return None;
    }
    let why = cpu_ratio(figures.cpu_microseconds_per_unit, fastest.cpu_microseconds_per_unit);
    let why = match why {
        Some(ratio) if ratio > MORE_CPU => {
            let one = singular(unit);
            format!("It needs {ratio:.1} times the CPU time for each {one}.")
        }
        Some(_) => {
            "It needs no more CPU time, so it waits: for a core, a lock or a timer.".to_owned()
        }
        None => String::new(),
    };
    let ratio = rounded(ratio);
    let sentence = format!("{name} reaches {ratio} of the rate of {fastest_name}. {why}");
    Some(sentence.trim_end().to_owned())
}

/// On a busy machine, rates overlap although one program needs more CPU time. The load changes from round
/// to round and changes that time, too, so only the programs of one round are compared: the program must
/// need more in each round. So two runs name the same programs.
fn more_cpu_time(name: &str, figures: &Figures, reference: &str, unit: &str) -> Option<String> {
    let ratio = figures.cpu_ratio?;
    let one = singular(unit);
    (ratio.median > MORE_CPU && ratio.lowest > 1.0).then(|| {
        let times = format!("{:.1} times the CPU time of {reference}", ratio.median);
        format!("{name} needs {times} for each {one}.")
    })
}

/// `query` of `queries`.
fn singular(unit: &str) -> String {
    match unit.strip_suffix("ies") {
        Some(word) => format!("{word}y"),
        None => unit.trim_end_matches('s').to_owned(),
    }
}

fn cpu_ratio(one: Option<Spread>, other: Option<Spread>) -> Option<f64> {
    let (one, other) = (one?.median, other?.median);
    (other > 0.0).then(|| one / other)
}
