//! Speed and memory of programs, as `cargo lab compare NN --with ANSWER --format json` has printed
//! them.

use std::fs;
use std::path::Path;

use lab::error::Error;
use serde::Deserialize;

use crate::harmless::one_line;

/// What a comparison has measured, as far as the page shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// The lab's folder.
    lab: String,
    /// How many clients talked at the same time.
    pub clients: usize,
    /// How many rounds there were.
    pub rounds: usize,
    /// The unit of the load, such as `messages`.
    pub unit: String,
    /// The programs that took turns.
    pub programs: Vec<Program>,
}

/// One of the programs.
#[derive(Clone, Debug, Deserialize)]
pub struct Program {
    /// The name of its folder, or `model answer`.
    pub name: String,
    /// `None` if it was not measured.
    pub figures: Option<Figures>,
}

/// What a program did under the load.
#[derive(Clone, Debug, Deserialize)]
pub struct Figures {
    /// How many clients completed an exchange in the worst round.
    pub clients_served: usize,
    /// What arrived in a second.
    pub units_per_second: Option<Spread>,
    /// Half of the exchanges took no longer.
    pub latency_p50_microseconds: Option<Spread>,
    /// Of 100 exchanges, 99 took no longer.
    pub latency_p99_microseconds: Option<Spread>,
    /// Most resident memory.
    pub peak_memory_bytes: Option<Spread>,
}

/// A figure over all rounds.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Spread {
    /// The value in the middle.
    pub median: f64,
    /// The lowest round.
    pub lowest: f64,
    /// The highest round.
    pub highest: f64,
}

impl Measured {
    /// Reads what `compare` has printed into the file `path`.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is something else.
    pub fn read(path: &Path) -> Result<Measured, Error> {
        let cannot = |why: String| Error::usage(format!("cannot read {}", path.display()), why);
        let text = fs::read_to_string(path).map_err(|error| cannot(error.to_string()))?;
        let mut measured: Measured = serde_json::from_str(&text).map_err(|error| {
            cannot(format!("it is no comparison: {error}"))
                .advice("cargo lab compare 02 --with ../anna --format json > FILE writes one.")
        })?;
        for program in &mut measured.programs {
            program.name = one_line(&program.name);
        }
        Ok(measured)
    }

    /// The number of the lab.
    pub fn lab(&self) -> &str {
        self.lab.split('-').next().unwrap_or_default()
    }
}
