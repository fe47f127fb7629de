//! A peer of the server, over TCP or UDP: a socket, and a thread that reads from it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};
use testkit::{TlsEnd, TlsLayer};

use crate::addresses::Ends;
use crate::event::{End, Event};
use crate::inbox::Inbox;

/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(3);

/// How long a write may wait for a program that does not read.
const WRITING: Duration = Duration::from_secs(1);

/// How often a reader looks whether it should stop reading, or end.
const LOOK: Duration = Duration::from_millis(20);

/// The most bytes of a read. A datagram has at most so many.
const READ: usize = 1 << 16;

/// One peer. The session owns it.
#[derive(Debug)]
pub struct Peer {
    /// What it has received.
    pub inbox: Inbox,
    /// How the program ended the connection, if it has.
    pub ended: Option<End>,
    /// Whether it speaks UDP.
    pub is_udp: bool,
    /// Its address, and that of the program.
    pub ends: Ends,
    /// Encrypts what goes and decrypts what comes, once TLS has begun.
    pub tls: Option<Box<dyn TlsLayer>>,
    /// `None`: the peer has reset the connection.
    link: Option<Link>,
    reading: Arc<Reading>,
    reader: Option<JoinHandle<()>>,
}

#[derive(Debug)]
enum Link {
    Tcp(TcpStream),
    /// Not connected, so that answers from a wrong address are seen, too.
    Udp {
        socket: UdpSocket,
        server: SocketAddr,
    },
}

/// What the session tells the reader.
#[derive(Debug, Default)]
struct Reading {
    is_stopped: AtomicBool,
    is_over: AtomicBool,
    /// Locked during a read.
    one_read: Mutex<()>,
}

impl Peer {
    /// A TCP client with these ends. It is the peer with this index.
    pub fn connect(ends: Ends, index: usize, events: &SyncSender<Event>) -> io::Result<Peer> {
        let Ends { peer, program } = ends;
        let socket = Socket::new(Domain::for_address(program), Type::STREAM, None)?;
        socket.bind(&peer.into())?;
        socket.connect_timeout(&program.into(), CONNECTING)?;
        let stream = TcpStream::from(socket);
        // Nagle's algorithm would glue small pieces together.
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITING))?;
        stream.set_read_timeout(Some(LOOK))?;
        let reading = stream.try_clone()?;
        let ends = Ends { peer: stream.local_addr()?, program: stream.peer_addr()? };
        let peer = Peer::new(Inbox::Stream(Vec::new()), ends, Link::Tcp(stream));
        let read = move |buffer: &mut [u8]| (&reading).read(buffer);
        Ok(peer.read_by(index, events, read))
    }

    /// A UDP client with these ends. It is the peer with this index.
    pub fn open_udp(ends: Ends, index: usize, events: &SyncSender<Event>) -> io::Result<Peer> {
        let Ends { peer, program: server } = ends;
        let socket = UdpSocket::bind(peer)?;
        socket.set_read_timeout(Some(LOOK))?;
        let reading = socket.try_clone()?;
        let ends = Ends { peer: socket.local_addr()?, program: server };
        let inbox = Inbox::Datagrams(Default::default());
        let peer = Peer::new(inbox, ends, Link::Udp { socket, server });
        let read = move |buffer: &mut [u8]| reading.recv_from(buffer).map(|(count, _)| count);
        Ok(peer.read_by(index, events, read))
    }

    fn new(inbox: Inbox, ends: Ends, link: Link) -> Peer {
        let is_udp = matches!(link, Link::Udp { .. });
        Peer {
            inbox,
            ended: None,
            is_udp,
            ends,
            tls: None,
            link: Some(link),
            reading: Arc::default(),
            reader: None,
        }
    }

    /// Starts the thread that reads with `read`.
    fn read_by(
        mut self,
        index: usize,
        events: &SyncSender<Event>,
        read: impl Fn(&mut [u8]) -> io::Result<usize> + Send + 'static,
    ) -> Peer {
        let events = events.clone();
        let reading = Arc::clone(&self.reading);
        let is_udp = self.is_udp;
        let mut buffer = vec![0; READ];
        self.reader = Some(thread::spawn(move || {
            while let Some(read) = reading.next(&read, &mut buffer) {
                let event = match read {
                    // Windows reports that an earlier datagram found no receiver.
                    Err(_) if is_udp => continue,
                    Ok(0) if !is_udp => Event::Ended { peer: index, how: End::Fin },
                    Ok(count) => Event::Received { peer: index, bytes: buffer[..count].into() },
                    Err(_) => Event::Ended { peer: index, how: End::Reset },
                };
                let is_last = matches!(event, Event::Ended { .. });
                if events.send(event).is_err() || is_last {
                    return;
                }
            }
        }));
        self
    }

    /// Whether it has reset the connection.
    pub fn is_gone(&self) -> bool {
        self.link.is_none()
    }

    /// Whether TLS has begun and its handshake goes on.
    pub fn is_handshaking(&self) -> bool {
        let tls = self.tls.as_ref().filter(|tls| tls.is_handshaking() && tls.end().is_none());
        tls.is_some() && self.ended.is_none() && !self.is_gone()
    }

    /// Whether the program has ended its stream in TLS.
    pub fn has_close_notify(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| matches!(tls.end(), Some(TlsEnd::Closed)))
    }

    /// Sends `bytes` in one write, in TLS encrypted. Returns how many of them the program's side took.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else { return self.write(bytes) };
        let encrypted = tls.encrypt(bytes);
        // A part of a record is nothing to the program.
        self.write(&encrypted).map(|sent| if sent < encrypted.len() { 0 } else { bytes.len() })
    }

    /// Sends `bytes` as they are. Returns how many of them the program's side took.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.link {
            Some(Link::Tcp(stream)) => write(stream, bytes),
            Some(Link::Udp { socket, server }) => socket.send_to(bytes, server),
            None => Err(ErrorKind::NotConnected.into()),
        }
    }

    /// Closes the sending side. A connection that is gone has nothing left to close.
    pub fn half_close(&self) {
        if let Some(Link::Tcp(stream)) = &self.link {
            let _ = stream.shutdown(Shutdown::Write);
        }
    }

    /// Resets the connection: with linger 0, close(2) sends RST (socket(7), SO_LINGER). The reader
    /// has the socket, too, and closes it when it has ended.
    pub fn reset(&mut self) {
        if let Some(Link::Tcp(stream)) = self.link.take() {
            let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
        self.reading.is_over.store(true, Ordering::SeqCst);
    }

    /// Stops reading. When this returns, no read is under way.
    pub fn stop_reading(&self) {
        self.reading.is_stopped.store(true, Ordering::SeqCst);
        drop(self.reading.one_read.lock());
    }

    /// Whether it reads what arrives.
    pub fn reads(&self) -> bool {
        !self.reading.is_stopped.load(Ordering::SeqCst)
    }

    /// Reads on.
    pub fn go_on(&self) {
        self.reading.is_stopped.store(false, Ordering::SeqCst);
    }
}

impl Drop for Peer {
    /// Joins the reader. It waits for no event, because the session drops the receiver first.
    fn drop(&mut self) {
        self.reading.is_over.store(true, Ordering::SeqCst);
        if let Some(reader) = self.reader.take() {
            // A reader does not panic, and there is nothing to clean up after one that did.
            let _ = reader.join();
        }
    }
}

impl Reading {
    /// The next read that brings something. `None`: the reader should end.
    fn next(
        &self,
        read: &impl Fn(&mut [u8]) -> io::Result<usize>,
        buffer: &mut [u8],
    ) -> Option<io::Result<usize>> {
        while !self.is_over.load(Ordering::SeqCst) {
            match self.try_read(read, buffer) {
                Some(Err(error)) if is_a_wait(&error) => (),
                Some(read) => return Some(read),
                None => thread::sleep(LOOK),
            }
        }
        None
    }

    /// One read, or none if reading is stopped.
    fn try_read(
        &self,
        read: &impl Fn(&mut [u8]) -> io::Result<usize>,
        buffer: &mut [u8],
    ) -> Option<io::Result<usize>> {
        let _one_read = self.one_read.lock();
        (!self.is_stopped.load(Ordering::SeqCst)).then(|| read(buffer))
    }
}

/// A read after its time limit. A datagram that no program received is an error of a later read.
fn is_a_wait(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut | Interrupted | ConnectionRefused)
}

fn write(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) if is_a_wait(&error) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests;
