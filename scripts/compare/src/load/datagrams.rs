//! Lab 03: datagrams that come back. A number at the beginning of each tells an answer from an
//! older one. A lost datagram is sent again.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::client::{Client, Load};
use super::clock::{Clock, Phase};
use super::wire::LOOK;
use crate::plan::Plan;

/// Without an answer for so long, a datagram is lost.
const RESEND: Duration = Duration::from_millis(100);

/// The length of the number.
const NUMBER: usize = size_of::<u64>();

pub struct Datagrams {
    len: usize,
    in_flight: usize,
}

impl Datagrams {
    pub fn new(plan: &Plan) -> Datagrams {
        Datagrams { len: plan.message_bytes, in_flight: plan.in_flight }
    }
}

impl Load for Datagrams {
    fn unit(&self) -> &'static str {
        "datagrams"
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
        let datagram = vec![b'm'; self.len];
        let clock = Arc::clone(clock);
        let unanswered = Vec::with_capacity(self.in_flight);
        Ok(Box::new(UdpClient { socket, clock, datagram, next: 0, unanswered }))
    }
}

struct UdpClient {
    socket: UdpSocket,
    clock: Arc<Clock>,
    datagram: Vec<u8>,
    /// The number of the next datagram.
    next: u64,
    /// The numbers of the datagrams in flight.
    unanswered: Vec<u64>,
}

impl UdpClient {
    fn send(&mut self, number: u64) -> io::Result<()> {
        self.datagram[..NUMBER].copy_from_slice(&number.to_be_bytes());
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
        if answer.len() == self.datagram.len() && answer[NUMBER..] == self.datagram[NUMBER..] {
            self.unanswered.retain(|number| number.to_be_bytes() != answer[..NUMBER]);
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
