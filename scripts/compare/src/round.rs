//! One round: a server is started, its clients talk for the time of the plan, and it is ended.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use process_tree::poll::poll_for;
use testkit::Resources;

use crate::load::Load;
use crate::load::clock::{Clock, Phase};
use crate::plan::Plan;
use crate::server::Server;

/// How long clients may take to connect. Then the connected ones begin without the others.
const CONNECT: Duration = Duration::from_secs(2);

/// The time between two looks at what the server uses.
const LOOK: Duration = Duration::from_millis(50);

/// What one round has measured.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// How many clients completed an exchange.
    pub served: usize,
    /// How many units arrived in the measured time.
    pub units: u64,
    /// The measured time.
    pub time: Duration,
    /// How long each complete exchange took, in nanoseconds, sorted.
    pub latencies_ns: Vec<u64>,
    /// What the server used.
    pub usage: Option<Usage>,
    /// Why the server did not serve all clients to the end.
    pub problem: Option<String>,
}

/// What a server used at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Resident memory in bytes.
    pub peak_memory: usize,
    /// Threads.
    pub threads: usize,
    /// Open descriptors.
    pub descriptors: usize,
    /// Time on a CPU, in the measured time, of the threads that lived to its end.
    pub cpu: Duration,
}

/// Measures the server that `command` starts.
pub fn run(command: &[String], load: &dyn Load, plan: &Plan) -> Round {
    match Server::start(command, &load.arguments()) {
        Ok(server) => under_load(server, load, plan),
        Err(problem) => Round { problem: Some(problem), ..Round::default() },
    }
}

fn under_load(mut server: Server, load: &dyn Load, plan: &Plan) -> Round {
    let clock = Arc::new(Clock::default());
    let (talks, usage, time) = thread::scope(|scope| {
        let talk = |number| {
            let (clock, address) = (Arc::clone(&clock), server.address);
            scope.spawn(move || talk(load, address, number, &clock))
        };
        let threads: Vec<_> = (0..plan.clients).map(talk).collect();
        poll_for(CONNECT, || clock.ready() == plan.clients);
        clock.enter(Phase::WarmingUp);
        // Both sleeps are the measurement itself. They wait for no event.
        thread::sleep(plan.warm_up());
        let begun = Instant::now();
        clock.enter(Phase::Measuring);
        let usage = watch(&server, begun, plan.time);
        let time = begun.elapsed();
        clock.enter(Phase::Stopped);
        let ended = threads.into_iter().map(|thread| thread.join().expect("a client has no panic"));
        (ended.collect::<Vec<Talk>>(), usage, time)
    });
    let problem = server.end().or_else(|| talks.iter().find_map(|talk| talk.problem.clone()));
    let mut latencies_ns: Vec<u64> =
        talks.iter().flat_map(|talk| &talk.latencies_ns).copied().collect();
    latencies_ns.sort_unstable();
    Round {
        served: talks.iter().filter(|talk| talk.was_served).count(),
        units: talks.iter().map(|talk| talk.units).sum(),
        time,
        latencies_ns,
        usage,
        problem,
    }
}

/// Looks again and again at what the server uses, until `time` is over.
fn watch(server: &Server, begun: Instant, time: Duration) -> Option<Usage> {
    let first = server.resources();
    let mut looks: Vec<Resources> = first.into_iter().collect();
    loop {
        let left = time.saturating_sub(begun.elapsed());
        thread::sleep(left.min(LOOK));
        looks.extend(server.resources());
        if left.is_zero() {
            break;
        }
    }
    let most = |figure: fn(&Resources) -> usize| looks.iter().map(figure).max();
    Some(Usage {
        peak_memory: most(|look| look.peak_memory)?,
        threads: most(|look| look.threads)?,
        descriptors: most(|look| look.descriptors)?,
        cpu: looks.last()?.cpu.saturating_sub(first?.cpu),
    })
}

/// What one client has measured.
#[derive(Default)]
struct Talk {
    was_served: bool,
    units: u64,
    latencies_ns: Vec<u64>,
    problem: Option<String>,
}

impl Talk {
    /// An error is the server's, unless the end of the round has caused it.
    fn ended_by(mut self, error: &io::Error, clock: &Clock) -> Talk {
        if clock.phase() < Phase::Stopped {
            self.problem = Some(in_words(error));
        }
        self
    }
}

fn talk(load: &dyn Load, server: std::net::SocketAddr, number: usize, clock: &Arc<Clock>) -> Talk {
    let mut talk = Talk::default();
    let client = load.connect(server, number, clock);
    clock.count_ready();
    let mut client = match client {
        Ok(client) => client,
        Err(error) => return talk.ended_by(&error, clock),
    };
    clock.wait_for_start();
    loop {
        let begun = Instant::now();
        let units = match client.exchange() {
            Ok(units) => units,
            Err(error) => return talk.ended_by(&error, clock),
        };
        let phase = clock.phase();
        talk.was_served |= phase < Phase::Stopped;
        if phase == Phase::Measuring {
            talk.units += units;
            talk.latencies_ns.push(begun.elapsed().as_nanos() as u64);
        } else if phase == Phase::Stopped {
            return talk;
        }
    }
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the server closed the connection".to_owned(),
        io::ErrorKind::InvalidData => error.to_string(),
        _ => common::net::reason(error),
    }
}
