//! Datagrams that are answered: by themselves (lab 03), or by a DNS response (lab 11). A number at
//! the beginning of each tells an answer from an older one. A lost datagram is sent again.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use super::client::{Client, Load};
use super::clock::{Clock, Phase};
use super::wire::LOOK;
use crate::plan::Plan;

/// Without an answer for so long, a datagram is lost.
const RESEND: Duration = Duration::from_millis(100);

/// A zone with one name.
const ZONE: &str = "a.test. 3600 SOA ns.a.test. admin.a.test. 1 3600 600 86400 300\n\
                    www.a.test. 60 A 192.0.2.7\n";

/// Flags, counts and the question of a query for that name (RFC 1035, section 4.1).
const QUERY: &[u8] = b"\x01\x00\0\x01\0\0\0\0\0\0\x03www\x01a\x04test\0\0\x01\0\x01";

/// The end of each answer: type, class, TTL, length and address.
const ADDRESS: &[u8] = b"\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x07";

pub struct Datagrams {
    unit: &'static str,
    /// The bytes behind the number.
    question: Vec<u8>,
    /// How the answer ends.
    wanted: Vec<u8>,
    /// How many bytes the number has.
    number_len: usize,
    in_flight: usize,
    /// The zone of a DNS server. It is removed when this is dropped.
    zone: Option<NamedTempFile>,
}

impl Datagrams {
    /// Datagrams that come back (lab 03).
    pub fn echo(plan: &Plan) -> Datagrams {
        let number_len = size_of::<u64>();
        let question = vec![b'm'; plan.message_bytes - number_len];
        let wanted = question.clone();
        let in_flight = plan.in_flight;
        Datagrams { unit: "datagrams", question, wanted, number_len, in_flight, zone: None }
    }

    /// Queries for one name (lab 11). The number is the id.
    pub fn queries(plan: &Plan) -> io::Result<Datagrams> {
        let zone = NamedTempFile::new()?;
        zone.as_file().write_all(ZONE.as_bytes())?;
        Ok(Datagrams {
            unit: "queries",
            question: QUERY.to_vec(),
            wanted: ADDRESS.to_vec(),
            number_len: size_of::<u16>(),
            in_flight: plan.in_flight,
            zone: Some(zone),
        })
    }
}

impl Load for Datagrams {
    fn unit(&self) -> &'static str {
        self.unit
    }

    fn arguments(&self) -> Vec<String> {
        let path = self.zone.as_ref().map(|zone| zone.path().to_string_lossy().into_owned());
        path.map_or(Vec::new(), |path| vec!["--zone".to_owned(), path])
    }

    fn connect(
        &self,
        server: SocketAddr,
        _: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        let any = if server.is_ipv4() { "127.0.0.1:0" } else { "[::1]:0" };
        let socket = UdpSocket::bind(any)?;
        socket.connect(server)?;
        socket.set_read_timeout(Some(LOOK))?;
        Ok(Box::new(UdpClient {
            socket,
            clock: Arc::clone(clock),
            datagram: [&vec![0; self.number_len], &self.question[..]].concat(),
            wanted: self.wanted.clone(),
            number_len: self.number_len,
            next: 0,
            unanswered: Vec::with_capacity(self.in_flight),
        }))
    }
}

struct UdpClient {
    socket: UdpSocket,
    clock: Arc<Clock>,
    datagram: Vec<u8>,
    /// How an answer ends.
    wanted: Vec<u8>,
    number_len: usize,
    /// The number of the next datagram.
    next: u64,
    /// The numbers of the datagrams in flight.
    unanswered: Vec<u64>,
}

impl UdpClient {
    fn send(&mut self, number: u64) -> io::Result<()> {
        let bytes = number.to_be_bytes();
        let number = &bytes[bytes.len() - self.number_len..];
        self.datagram[..self.number_len].copy_from_slice(number);
        self.socket.send(&self.datagram).map(|_| ())
    }

    /// Receives until no datagram is unanswered, or none has come for [`RESEND`].
    fn receive(&mut self) -> io::Result<()> {
        let mut buffer = [0; 65_536];
        let begun = Instant::now();
        while !self.unanswered.is_empty() && begun.elapsed() < RESEND {
            match self.socket.recv(&mut buffer) {
                Ok(len) => self.note(&buffer[..len]),
                Err(error) if common::net::is_timeout(&error) => {
                    if self.clock.phase() == Phase::Stopped {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn note(&mut self, answer: &[u8]) {
        if answer.len() >= self.number_len && answer.ends_with(&self.wanted) {
            let len = self.number_len;
            self.unanswered.retain(|number| {
                let bytes = number.to_be_bytes();
                bytes[bytes.len() - len..] != answer[..len]
            });
        }
    }
}

impl Client for UdpClient {
    fn exchange(&mut self) -> io::Result<u64> {
        let batch = self.unanswered.capacity() as u64;
        self.unanswered.extend(self.next..self.next + batch);
        self.next += batch;
        while !self.unanswered.is_empty() {
            for number in self.unanswered.clone() {
                self.send(number)?;
            }
            self.receive()?;
        }
        Ok(batch)
    }
}
