//! What a measurement does: the lab's load with the changes of the command line.

use std::time::Duration;

use manifest::{Load, Shape};

/// Most bytes that a client has in flight. They fit into the socket buffers. So a server that
/// writes an answer before it reads on never waits for our clients.
pub const MAX_IN_FLIGHT_BYTES: usize = 65_536;

/// One load.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What a client sends, and which answer it expects.
    pub shape: Shape,
    /// How many clients talk at the same time.
    pub clients: usize,
    /// The length of a message, or of the transferred file.
    pub message_bytes: usize,
    /// How many messages a client sends before it waits for their answers.
    pub in_flight: usize,
    /// How long one round is measured.
    pub time: Duration,
}

impl Plan {
    /// The load of a lab.
    pub fn of(load: &Load) -> Plan {
        Plan {
            shape: load.shape,
            clients: load.clients,
            message_bytes: load.message_bytes,
            in_flight: load.in_flight,
            time: Duration::from_secs(load.seconds.into()),
        }
    }

    /// Why there is no such load.
    pub fn problem(&self) -> Option<String> {
        if self.clients == 0 || self.in_flight == 0 || self.time.is_zero() {
            return Some("it needs a client, a message in flight, and some time".to_owned());
        }
        if self.shape == Shape::Files {
            return (self.in_flight != 1)
                .then(|| "a client requests one file at a time".to_owned());
        }
        if self.message_bytes < self.shortest() {
            return Some(format!("a message has at least {} bytes", self.shortest()));
        }
        // A page is in the answers only. With one request in flight, no side waits for the other.
        if self.shape == Shape::Http && self.in_flight == 1 {
            return None;
        }
        let bytes = self.message_bytes.saturating_mul(self.in_flight);
        let is_too_much = bytes > MAX_IN_FLIGHT_BYTES;
        is_too_much.then(|| format!("{bytes} bytes in flight are more than {MAX_IN_FLIGHT_BYTES}"))
    }

    /// Room for a newline, a sequence number, or the word of a request.
    fn shortest(&self) -> usize {
        match self.shape {
            Shape::Datagrams => 8,
            Shape::Frames => "ECHO x".len(),
            Shape::Repeated => "echo \n".len(),
            _ => 2,
        }
    }

    /// Clients talk so long before the measurement begins.
    pub fn warm_up(&self) -> Duration {
        self.time / 5
    }
}
