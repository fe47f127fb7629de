//! What commands cost.

use std::ops::AddAssign;
use std::time::Instant;

use grade::worker::cpu_ms;

/// What commands cost.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// Processor time.
    pub cpu_ms: u64,
    /// From the start to the end.
    pub wall_ms: u64,
}

impl Cost {
    /// The cost of the commands that `run` starts and waits for.
    pub fn of(run: impl FnOnce()) -> Cost {
        let (cpu, clock) = (cpu_ms(), Instant::now());
        run();
        let wall_ms = u64::try_from(clock.elapsed().as_millis()).expect("it ends");
        Cost { cpu_ms: cpu_ms() - cpu, wall_ms }
    }

    /// The mean of `count` that cost so much together.
    pub fn mean(self, count: usize) -> Cost {
        let count = u64::try_from(count).expect("a small number");
        Cost { cpu_ms: self.cpu_ms / count, wall_ms: self.wall_ms / count }
    }

    pub fn print(self, what: &str) {
        let seconds = |ms: u64| ms as f64 / 1000.0;
        let (cpu, wall) = (seconds(self.cpu_ms), seconds(self.wall_ms));
        eprintln!("{what:24} {cpu:8.2} s of CPU, {wall:8.2} s");
    }

    /// How many times as much as `other` it is.
    pub fn print_ratio(self, what: &str, other: Cost) {
        let ratio = |one: u64, other: u64| one as f64 / other as f64;
        let cpu = ratio(self.cpu_ms, other.cpu_ms);
        let wall = ratio(self.wall_ms, other.wall_ms);
        eprintln!("{what:24} {cpu:8.1} times the CPU, {wall:.1} times as long as the grader");
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        self.cpu_ms += other.cpu_ms;
        self.wall_ms += other.wall_ms;
    }
}
