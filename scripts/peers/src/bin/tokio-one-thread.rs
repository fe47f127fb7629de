//! Lab 09 in the usual style of tokio, in one thread: a task for each client, one buffer, and one
//! write for all answers to the lines of one read. It knows `echo TEXT` and no other request.
//!
//! ```sh
//! tokio-one-thread serve --listen 127.0.0.1:0
//! ```

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MAX_LINE: usize = 1024;

/// Serves until the process is killed; prints `listening on ADDRESS` first.
fn main() -> io::Result<()> {
    let address = std::env::args().skip_while(|word| word != "--listen").nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:7009".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        println!("listening on {}", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            // An error of one connection does not concern the other clients.
            tokio::spawn(async move { converse(stream).await.unwrap_or_default() });
        }
    })
}

async fn converse(mut stream: TcpStream) -> io::Result<()> {
    let (mut unread, mut answers) = (Vec::with_capacity(4096), Vec::new());
    while stream.read_buf(&mut unread).await? > 0 {
        let mut start = 0;
        while let Some(len) = unread[start..].iter().position(|byte| *byte == b'\n') {
            let line = &unread[start..start + len];
            start += len + 1;
            let answer = line.strip_prefix(b"echo ").unwrap_or(b"ERROR expected echo");
            answers.extend_from_slice(answer);
            answers.push(b'\n');
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
