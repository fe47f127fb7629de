//! Measures lab 02's model answer (threads, blocking reads) beside a tokio server of the same
//! protocol: 16 clients, messages of 64 bytes, in one run. By hand, from the workspace's root:
//!
//! ```sh
//! cargo build --release -p solution02
//! cargo run --release --manifest-path scripts/bench/Cargo.toml
//! ```
//!
//! Without an argument it measures `target/release/solution02`; with one, that program. The servers
//! take turns, each for a second at a time, so that other load on the machine affects both. The
//! report shows the medians of the rounds.

mod load;
mod tokio_server;

use testkit::PairedBench;
use load::Shape;
use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CLIENTS: usize = 16;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(1);
const SHAPES: [Shape; 2] =
    [Shape { name: "one at a time", batch: 1 }, Shape { name: "32 in flight", batch: 32 }];

fn main() -> Result<(), Box<dyn Error>> {
    let argument = env::args_os().nth(1);
    if argument.as_deref() == Some("tokio".as_ref()) {
        return Ok(tokio_server::serve()?);
    }
    let model = argument.map_or_else(default_model, PathBuf::from);
    let threads = Server::start(Command::new(&model).args(["serve", "--listen", "127.0.0.1:0"]))
        .map_err(|error| format!("cannot start {}: {error}", model.display()))?;
    let tokio = Server::start(Command::new(env::current_exe()?).arg("tokio"))?;
    println!("messages a second, {CLIENTS} clients, {} bytes a message", load::MESSAGE_LEN);
    for shape in SHAPES {
        compare(&threads, &tokio, shape);
    }
    Ok(())
}

fn compare(threads: &Server, tokio: &Server, shape: Shape) {
    let measure = |server: &Server| load::run(server.address, CLIENTS, shape, ROUND);
    // The first round warms up, and is not counted.
    measure(threads);
    measure(tokio);
    let pairs = PairedBench::measure(ROUNDS, || measure(threads), || measure(tokio));
    let (threads, tokio, ratio) = (pairs.one(), pairs.other(), pairs.ratio());
    println!(
        "{:<14} model answer {threads:>9.0}   tokio {tokio:>9.0}   model/tokio {ratio:.2}",
        shape.name
    );
}

fn default_model() -> PathBuf {
    let name = format!("solution02{}", env::consts::EXE_SUFFIX);
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/release").join(name)
}

/// A server that runs until this is dropped.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(command: &mut Command) -> Result<Server, Box<dyn Error>> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("stdout is piped")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on ").ok_or("it does not listen")?;
        Ok(Server { child, address: address.parse()? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both calls fail only if the server has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
