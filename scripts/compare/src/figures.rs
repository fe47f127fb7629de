//! The figures of one program: what all its rounds have measured.

use serde::Serialize;

use crate::plan::Plan;
use crate::round::{Round, Usage};
use crate::stats::{Spread, percentile};

/// The shares of exchanges for which the distribution of latencies is given.
const QUANTILES: [f64; 15] =
    [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0];

/// What a program did under the load. Each [`Spread`] is over the rounds.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// How many clients there were.
    pub clients: usize,
    /// How many of them completed an exchange in the worst round.
    pub clients_served: usize,
    /// What arrived in a second, in the unit of the load.
    pub units_per_second: Option<Spread>,
    /// The same divided by that of the reference in the same round. `None` if one of them left more
    /// clients waiting: the rate of one client cannot be compared with that of 16.
    pub rate_ratio: Option<Spread>,
    /// Half of the exchanges took no longer.
    pub latency_p50_microseconds: Option<Spread>,
    /// Of 100 exchanges, 99 took no longer.
    pub latency_p99_microseconds: Option<Spread>,
    /// Most resident memory.
    pub peak_memory_bytes: Option<Spread>,
    /// Most threads.
    pub threads: Option<Spread>,
    /// Most open descriptors.
    pub descriptors: Option<Spread>,
    /// CPU time for each unit.
    pub cpu_microseconds_per_unit: Option<Spread>,
    /// The same divided by that of the reference in the same round. `None` as for the rates.
    pub cpu_ratio: Option<Spread>,
    /// The distribution of the latencies of all rounds.
    pub latency_quantiles: Vec<Quantile>,
    /// What went wrong in the first round in which something did.
    pub problem: Option<String>,
}

/// One point of a distribution.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Quantile {
    /// The share of the exchanges, from 0 to 1.
    pub share: f64,
    /// They took no longer.
    pub latency_microseconds: f64,
}

impl Figures {
    /// The figures of `rounds`, beside those of the `reference` in the same rounds.
    pub fn of(plan: &Plan, rounds: &[Round], reference: &[Round]) -> Figures {
        let rates = || rounds.iter().map(rate);
        let is_comparable = served(rounds) == served(reference);
        let ratios = rates().zip(reference.iter().map(rate));
        let ratios = ratios.filter(|(_, other)| is_comparable && *other > 0.0);
        let pairs = rounds.iter().zip(reference);
        let cpu = pairs.filter_map(|(one, other)| Some((cpu_per_unit(one)?, cpu_per_unit(other)?)));
        let cpu = cpu.filter(|(_, other)| is_comparable && *other > 0.0);
        let latency = |share: f64| {
            let of_round = |round: &Round| percentile(&round.latencies_ns, share);
            Spread::of(rounds.iter().filter_map(of_round).map(microseconds))
        };
        let used = |figure: fn(&Usage) -> usize| {
            Spread::of(
                rounds
                    .iter()
                    .filter_map(|round| round.usage.as_ref())
                    .map(|usage| figure(usage) as f64),
            )
        };
        Figures {
            clients: plan.clients,
            clients_served: served(rounds),
            units_per_second: Spread::of(rates()),
            rate_ratio: Spread::of(ratios.map(|(rate, other)| rate / other)),
            latency_p50_microseconds: latency(0.5),
            latency_p99_microseconds: latency(0.99),
            peak_memory_bytes: used(|usage| usage.peak_memory),
            threads: used(|usage| usage.threads),
            descriptors: used(|usage| usage.descriptors),
            cpu_microseconds_per_unit: Spread::of(rounds.iter().filter_map(cpu_per_unit)),
            cpu_ratio: Spread::of(cpu.map(|(one, other)| one / other)),
            latency_quantiles: quantiles(rounds),
            problem: rounds.iter().find_map(|round| round.problem.clone()),
        }
    }

    /// Whether each client was served in each round.
    pub fn serves_all(&self) -> bool {
        self.clients_served == self.clients
    }
}

/// How many clients were served in the worst round.
fn served(rounds: &[Round]) -> usize {
    rounds.iter().map(|round| round.served).min().unwrap_or(0)
}

/// Units in a second.
pub fn rate(round: &Round) -> f64 {
    let seconds = round.time.as_secs_f64();
    if seconds > 0.0 { round.units as f64 / seconds } else { 0.0 }
}

fn cpu_per_unit(round: &Round) -> Option<f64> {
    let cpu = round.usage?.cpu.as_secs_f64() * 1e6;
    (round.units > 0).then(|| cpu / round.units as f64)
}

fn quantiles(rounds: &[Round]) -> Vec<Quantile> {
    let mut all: Vec<u64> = rounds.iter().flat_map(|round| &round.latencies_ns).copied().collect();
    all.sort_unstable();
    let quantile = |share: f64| {
        let latency_microseconds = microseconds(percentile(&all, share)?);
        Some(Quantile { share, latency_microseconds })
    };
    QUANTILES.into_iter().filter_map(quantile).collect()
}

fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
}
