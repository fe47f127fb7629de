//! The secrets of TLS sessions, by which Wireshark decrypts a trace.

use rustls::KeyLog;
use std::fmt::Write;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};

/// Lines of an NSS key log, shared by the connections of one side.
#[derive(Clone, Debug, Default)]
pub struct SecretLog(Arc<Mutex<String>>);

impl SecretLog {
    /// For rustls. `None` where the runner asks for no trace: then no secret is kept.
    pub fn for_rustls(&self) -> Option<Arc<dyn KeyLog>> {
        testkit::is_traced().then(|| Arc::new(self.clone()) as Arc<dyn KeyLog>)
    }

    /// All lines since the last call.
    pub fn take(&self) -> String {
        mem::take(&mut *self.lines())
    }

    fn lines(&self) -> MutexGuard<'_, String> {
        self.0.lock().expect("no panic under the lock")
    }
}

impl KeyLog for SecretLog {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let mut lines = self.lines();
        lines.push_str(label);
        for bytes in [client_random, secret] {
            lines.push(' ');
            for byte in bytes {
                write!(lines, "{byte:02x}").expect("a string takes all");
            }
        }
        lines.push('\n');
    }
}
