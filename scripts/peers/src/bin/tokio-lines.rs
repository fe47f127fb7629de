//! Lab 02 in the usual style of tokio: a task for each client, one buffer, and one write for all
//! answers to the messages of one read.
//!
//! ```sh
//! tokio-lines serve --listen 127.0.0.1:0
//! ```

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MAX_LINE: usize = 1024;

#[derive(Default)]
struct Counters {
    clients: AtomicUsize,
    messages: AtomicU64,
}

/// Serves until the process is killed; prints `listening on ADDRESS` first.
fn main() -> io::Result<()> {
    let address = std::env::args().skip_while(|word| word != "--listen").nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:7002".to_owned());
    // One worker thread for each core: tokio's default.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_io().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        println!("listening on {}", listener.local_addr()?);
        let counters = Arc::new(Counters::default());
        loop {
            let (stream, _) = listener.accept().await?;
            let counters = Arc::clone(&counters);
            tokio::spawn(async move {
                counters.clients.fetch_add(1, Ordering::Relaxed);
                // An error of one connection does not concern the other clients.
                let _ = converse(stream, &counters).await;
                counters.clients.fetch_sub(1, Ordering::Relaxed);
            });
        }
    })
}

async fn converse(mut stream: TcpStream, counters: &Counters) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut unread, mut answers) = (Vec::with_capacity(4096), Vec::new());
    while stream.read_buf(&mut unread).await? > 0 {
        let mut start = 0;
        while let Some(len) = unread[start..].iter().position(|byte| *byte == b'\n') {
            let line = &unread[start..start + len];
            start += len + 1;
            if !answer(line.strip_suffix(b"\r").unwrap_or(line), counters, &mut answers) {
                return stream.write_all(&answers).await;
            }
        }
        unread.drain(..start);
        if unread.len() > MAX_LINE + 1 {
            answers.extend_from_slice(b"ERROR line too long\n");
            return stream.write_all(&answers).await;
        }
        stream.write_all(&answers).await?;
        answers.clear();
    }
    Ok(())
}

/// Returns `false` if the server must close the connection after this answer.
fn answer(line: &[u8], counters: &Counters, answers: &mut Vec<u8>) -> bool {
    if line.len() > MAX_LINE {
        answers.extend_from_slice(b"ERROR line too long\n");
        return false;
    }
    if line.eq_ignore_ascii_case(b"close") {
        answers.extend_from_slice(b"closed\n");
        return false;
    }
    if line.eq_ignore_ascii_case(b"stats") {
        let (clients, messages) = (&counters.clients, &counters.messages);
        let (clients, messages) =
            (clients.load(Ordering::Relaxed), messages.load(Ordering::Relaxed));
        answers.extend_from_slice(format!("clients {clients}, messages {messages}\n").as_bytes());
        return true;
    }
    counters.messages.fetch_add(1, Ordering::Relaxed);
    answers.extend_from_slice(b"accepted\n");
    true
}
