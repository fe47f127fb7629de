//! Medians, ranges, percentiles, and the sentences that follow from them.

use std::time::Duration;

use compare::comparison::Column;
use compare::figures::Figures;
use compare::plan::Plan;
use compare::reason;
use compare::round::{Round, Usage};
use compare::stats::{Spread, percentile};
use manifest::Shape;

/// 16 clients for a second.
pub fn plan() -> Plan {
    let time = Duration::from_secs(1);
    Plan { shape: Shape::Lines, clients: 16, message_bytes: 64, in_flight: 1, time }
}

/// A round of a second with `units` for `served` clients, and 10 µs of CPU time for each unit.
pub fn round(served: usize, units: u64, cpu_microseconds: u64) -> Round {
    let cpu = Duration::from_micros(cpu_microseconds * units);
    Round {
        served,
        units,
        time: Duration::from_secs(1),
        latencies_ns: (1..=100).map(|latency| latency * 1000).collect(),
        usage: Some(Usage { peak_memory: 4096, threads: 17, descriptors: 20, cpu }),
        problem: None,
    }
}

/// A column of three rounds.
pub fn column(name: &str, rounds: [Round; 3]) -> Column {
    beside(&rounds.clone(), name, rounds)
}

/// The same beside the rounds of a reference.
fn beside(reference: &[Round; 3], name: &str, rounds: [Round; 3]) -> Column {
    Column {
        name: name.to_owned(),
        tests: Vec::new(),
        lines_of_code: Some(392),
        figures: Some(Figures::of(&plan(), &rounds, reference)),
        by_clients: Vec::new(),
    }
}

fn around(units: u64, cpu_microseconds: u64) -> [Round; 3] {
    [units - 10, units, units + 10].map(|units| round(16, units, cpu_microseconds))
}

#[test]
fn a_spread_has_the_middle_and_both_ends() {
    let spread = |values: &[f64]| Spread::of(values.iter().copied());
    assert_eq!(spread(&[]), None);
    assert_eq!(spread(&[3.0, 1.0, 2.0]), Some(Spread { median: 2.0, lowest: 1.0, highest: 3.0 }));
    assert_eq!(spread(&[4.0, 1.0]).map(|spread| spread.median), Some(2.5));
}

#[test]
fn ranges_overlap_if_they_share_a_value() {
    let range = |lowest, highest| Spread { median: lowest, lowest, highest };
    assert!(range(1.0, 3.0).overlaps(&range(3.0, 4.0)));
    assert!(range(1.0, 9.0).overlaps(&range(3.0, 4.0)));
    assert!(!range(1.0, 2.0).overlaps(&range(3.0, 4.0)));
}

#[test]
fn a_percentile_is_a_value_by_its_rank() {
    let values: Vec<u64> = (1..=200).collect();
    assert_eq!(percentile(&values, 0.5), Some(100));
    assert_eq!(percentile(&values, 0.99), Some(198));
    assert_eq!(percentile(&values, 1.0), Some(200));
    assert_eq!(percentile(&[7], 0.01), Some(7));
    assert_eq!(percentile(&[], 0.5), None);
}

#[test]
fn the_worst_round_says_how_many_clients_were_served() {
    let rounds = [round(16, 100, 10), round(3, 100, 10), round(16, 200, 10)];
    let figures = Figures::of(&plan(), &rounds, &rounds);
    assert_eq!(figures.clients_served, 3);
    assert_eq!(figures.units_per_second.map(|rate| rate.median), Some(100.0));
    assert_eq!(figures.latency_p99_microseconds.map(|latency| latency.median), Some(99.0));
    assert_eq!(figures.cpu_microseconds_per_unit.map(|cpu| cpu.median), Some(10.0));
}

#[test]
fn a_ratio_compares_the_same_rounds() {
    let rounds = [round(16, 50, 10), round(16, 400, 10)];
    let reference = [round(16, 100, 10), round(16, 800, 10)];
    let ratio = Figures::of(&plan(), &rounds, &reference).rate_ratio.expect("two rounds");
    assert_eq!(ratio, Spread { median: 0.5, lowest: 0.5, highest: 0.5 });
}

#[test]
fn the_rate_of_one_client_has_no_ratio_to_that_of_sixteen() {
    let (one, all) = (around(500, 10).map(|all| Round { served: 1, ..all }), around(900, 10));
    assert_eq!(Figures::of(&plan(), &one, &all).rate_ratio, None);
    assert!(Figures::of(&plan(), &one, &one).rate_ratio.is_some());
}

#[test]
fn a_program_that_serves_one_client_at_a_time_is_named() {
    let one = [round(1, 900, 10), round(1, 900, 10), round(1, 900, 10)];
    let columns = [column("model answer", around(500, 10)), column("queue", one)];
    let sentences = reason::sentences(&columns, "messages", 3, 0);
    let wanted = "queue serves one client at a time: 15 of 16 clients waited until the round was \
                  over.";
    assert_eq!(sentences, [wanted]);
}

#[test]
fn a_slow_program_is_named_with_its_cpu_time() {
    let columns = [column("model answer", around(1000, 10)), column("python", around(500, 30))];
    let sentences = reason::sentences(&columns, "messages", 3, 0);
    let wanted = "python reaches 0.50 of the rate of model answer. It needs 3.0 times the CPU time \
                  for each message.";
    assert_eq!(sentences, [wanted]);
}

#[test]
fn a_unit_is_named_in_the_singular() {
    let columns = [column("model answer", around(100_000, 10)), column("python", around(200, 30))];
    let sentences = reason::sentences(&columns, "queries", 3, 0);
    let wanted = "python reaches 0.0020 of the rate of model answer. It needs 3.0 times the CPU \
                  time for each query.";
    assert_eq!(sentences, [wanted]);
}

#[test]
fn a_program_that_waits_is_named_as_one() {
    let columns = [column("model answer", around(1000, 10)), column("sleeper", around(500, 10))];
    let sentences = reason::sentences(&columns, "messages", 3, 0);
    assert!(sentences[0].contains("It needs no more CPU time"), "{sentences:?}");
}

#[test]
fn ranges_that_overlap_are_no_difference() {
    let wide = [round(16, 400, 10), round(16, 500, 10), round(16, 1000, 10)];
    let columns = [column("model answer", around(995, 10)), column("wide", wide)];
    let sentences = reason::sentences(&columns, "messages", 3, 0);
    assert_eq!(sentences, ["No program is clearly slower than another."]);
}

#[test]
fn more_cpu_time_is_named_although_the_rates_overlap() {
    let wide = [round(16, 400, 30), round(16, 500, 30), round(16, 1000, 31)];
    let model = around(995, 10);
    let columns = [beside(&model, "model answer", model.clone()), beside(&model, "python", wide)];
    let sentences = reason::sentences(&columns, "messages", 3, 0);
    let wanted = "python needs 3.0 times the CPU time of model answer for each message.";
    assert_eq!(sentences, [wanted]);
}

/// In one round, other programs of the machine made both need more. Their ranges overlap, and the program
/// that is the fastest by chance is another one in each run.
#[test]
fn a_round_on_a_busy_machine_hides_no_cpu_time() {
    let model = [round(16, 990, 9), round(16, 995, 12), round(16, 999, 9)];
    let python = [round(16, 900, 11), round(16, 995, 14), round(16, 1000, 11)];
    let tokio = [round(16, 400, 8), round(16, 1200, 10), round(16, 1300, 8)];
    let columns = [
        beside(&model, "model answer", model.clone()),
        beside(&model, "python", python),
        beside(&model, "tokio", tokio),
    ];
    let sentences = reason::sentences(&columns, "messages", 3, 0);
    let wanted = "python needs 1.2 times the CPU time of model answer for each message.";
    assert_eq!(sentences, [wanted]);
}

#[test]
fn two_rounds_compare_no_rates() {
    let columns = [column("model answer", around(1000, 10)), column("python", around(500, 30))];
    let sentences = reason::sentences(&columns, "messages", 2, 0);
    assert_eq!(sentences, ["Fewer than 3 rounds show no range, so no rates are compared."]);
}
