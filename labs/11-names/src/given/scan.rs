//! Runs `scan` with the functions of the steps ports, crowd and banners.

use super::command_line::Scan;
use super::results::{Host, OpenPort, Results};
use crate::probe::{State, probe};
use crate::targets::{self, Target};
use crate::{banner, crowd, json};
use common::net::reason;
use common::services;
use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;

/// The line above and below the list of ports.
const RULE: &str = "--------------------------------------------------";

/// What one try found.
enum Found {
    Open(Option<String>),
    Closed,
    Filtered,
}

/// Scans, prints, and writes the file if it is wanted.
///
/// # Errors
///
/// Those of the steps, for the user.
pub fn run(options: &Scan) -> Result<(), Box<dyn Error>> {
    let targets = targets::targets(&options.target)?;
    targets::guard(&targets, &options.allow)?;
    let ports = &options.ports.0;
    // All machines have the same queue, so one that does not answer holds up no other.
    let place = |job: usize| (&targets[job / ports.len()], ports[job % ports.len()]);
    let work = |job| {
        let (target, port) = place(job);
        try_one(options, SocketAddr::new(target.ip, port))
    };
    let mut results = Results::default();
    let done = |job: usize, found| {
        let (target, port) = place(job);
        if port == ports[0] {
            // Only the file needs the machines that are done, and there may be 65,536 of them.
            if options.json.is_none() {
                results.hosts.clear();
            }
            begin(&mut results, target, &options.ports.0)?;
        }
        let Some(host) = results.hosts.last_mut() else {
            return Err(io::Error::other("results came out of order"));
        };
        add(host, port, found, options.verbose)?;
        if Some(&port) == ports.last() { end(host) } else { Ok(()) }
    };
    crowd::in_order(targets.len() * ports.len(), options.parallel.into(), work, done)
        .map_err(|error| format!("cannot scan {}: {}", options.target, reason(&error)))?;
    if let Some(path) = &options.json {
        json::write(path, &results)
            .map_err(|error| format!("cannot write {}: {}", path.display(), reason(&error)))?;
    }
    Ok(())
}

fn try_one(options: &Scan, address: SocketAddr) -> io::Result<Found> {
    Ok(match probe(address, options.timeout)? {
        State::Open(stream) if options.banner => {
            let bytes = banner::read(&stream, options.banner_timeout);
            Found::Open(Some(banner::harmless(&bytes)).filter(|banner| !banner.is_empty()))
        }
        State::Open(_) => Found::Open(None),
        State::Closed => Found::Closed,
        State::Filtered => Found::Filtered,
    })
}

fn begin(results: &mut Results, target: &Target, ports: &[u16]) -> io::Result<()> {
    let Target { host, ip } = target;
    let (first, last) = (ports[0], ports[ports.len() - 1]);
    results.hosts.push(Host {
        host: host.clone(),
        address: *ip,
        ports: Vec::new(),
        closed: 0,
        filtered: 0,
    });
    print(&format!("Scanning {ip} for open ports ({first}-{last})...\n{RULE}\n"))
}

fn add(host: &mut Host, port: u16, found: Found, is_verbose: bool) -> io::Result<()> {
    let service = services::name_of(port).unwrap_or("unknown");
    let state = match found {
        Found::Open(banner) => {
            let words = banner.as_ref().map_or(String::new(), |banner| format!("  {banner}"));
            host.ports.push(OpenPort { port, state: "open", service, banner });
            return print(&format!("Port {port:5} - OPEN  ({service}){words}\n"));
        }
        Found::Closed => {
            host.closed += 1;
            "CLOSED"
        }
        Found::Filtered => {
            host.filtered += 1;
            "FILTERED"
        }
    };
    if is_verbose { print(&format!("Port {port:5} - {state}\n")) } else { Ok(()) }
}

fn end(host: &Host) -> io::Result<()> {
    print(&format!("{RULE}\nFound {} open ports\n", host.ports.len()))
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
