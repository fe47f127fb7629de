//! A server of ours, for judging clients. It listens, and the test decides what it does.

use super::peer::Peer;
use crate::context::TestContext;
use crate::failure::FailedExpectation;
use crate::linux;
use crate::party::Party;
use crate::time::{ProgressDeadline, poll_until};
use report::Direction::Note;
use report::Role;
use socket2::SockRef;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The small socket buffers. In less, no whole segment of the loopback interface has room (64 KiB),
/// and TCP waits with the next one for its persist timer.
const SMALL_BUFFER: usize = 64 * 1024;

/// Listens on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct ScriptedServer {
    party: Party,
    listener: TcpListener,
    address: SocketAddr,
    /// A client that was seen waiting. Looking at the system's queue takes a client from it.
    seen: Mutex<Option<TcpStream>>,
}

impl ScriptedServer {
    pub(crate) fn listen(context: &Arc<TestContext>, name: &str) -> ScriptedServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        ScriptedServer::over(context, name, listener)
    }

    pub(crate) fn over(
        context: &Arc<TestContext>,
        name: &str,
        listener: TcpListener,
    ) -> ScriptedServer {
        let address = listener.local_addr().expect("a bound socket has an address");
        listener.set_nonblocking(true).expect("every socket can be made non-blocking");
        ScriptedServer {
            party: Party::listener(context, name, Some(Role::Client)),
            listener,
            address,
            seen: Mutex::default(),
        }
    }

    /// Small socket buffers, 128 KiB each way, for all clients that it accepts. Then the system can
    /// hold little for a client that writes without reading.
    pub fn with_small_buffers(self) -> ScriptedServer {
        let socket = SockRef::from(&self.listener);
        // Accepted sockets inherit both (socket(7)); Linux doubles what it is asked for.
        let receive = socket.set_recv_buffer_size(SMALL_BUFFER);
        let send = socket.set_send_buffer_size(SMALL_BUFFER);
        receive.and(send).expect("every TCP socket has buffers");
        self
    }

    /// Where it listens, as text for a command line.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What to check should no client come.
    pub fn says(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says(id, text);
        self
    }

    /// The next client that connects.
    pub fn accept(&mut self) -> Peer {
        let mut stream = None;
        let mut deadline = ProgressDeadline::new();
        poll_until(deadline.total(), || {
            // Asked first: a client that connected and ended is among those that wait by now.
            let is_over = self.party.context.all_have_ended()
                || deadline.left_unless(|| self.party.context.is_slow()).is_none();
            stream = self.next();
            stream.is_some() || is_over
        });
        let stream = stream.unwrap_or_else(|| {
            let did = format!("did not connect to {}", self.address);
            let failed = self.party.failed("did-not-connect", did, "wanted: connect");
            // Its name may be that of a peer of an earlier program, so the mark is at the end.
            self.party.context.fail(FailedExpectation { peer: None, ..failed })
        });
        Peer::accepted(&self.party.context, self.party.name(), stream)
    }

    /// Whether no client waits to be accepted now.
    pub fn has_no_client_waiting(&self) -> bool {
        let next = self.next();
        let is_none = next.is_none();
        *self.seen.lock().expect("no panic under the lock") = next;
        is_none
    }

    /// A client that waits. An error means none, or one that has left again. The connection of a
    /// program that does not belong to this test is closed.
    fn next(&self) -> Option<TcpStream> {
        let seen = self.seen.lock().expect("no panic under the lock").take();
        seen.or_else(|| {
            loop {
                let (stream, client) = self.listener.accept().ok()?;
                let ours = stream.local_addr().unwrap_or(self.address);
                if !linux::is_stranger(client, ours, &self.party.context.watched()) {
                    return Some(stream);
                }
                self.party.note(Note, "closed a connection of another program");
            }
        })
    }
}
