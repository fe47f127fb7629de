//! Lab 07 as a plain loop around sendfile(2): a thread for each client, downloads only, and no check
//! of the names. So it shares a folder with trusted clients only.
//!
//! ```sh
//! sendfile serve --listen 127.0.0.1:0 --root DIR
//! ```

use std::io;

/// Serves until the process is killed; prints `listening on ADDRESS` first.
#[cfg(target_os = "linux")]
fn main() -> io::Result<()> {
    use std::path::PathBuf;
    use std::thread;

    let option = |name: &str| std::env::args().skip_while(|word| word != name).nth(1);
    let address = option("--listen").unwrap_or_else(|| "127.0.0.1:7007".to_owned());
    let root = PathBuf::from(option("--root").unwrap_or_else(|| ".".to_owned()));
    let listener = std::net::TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        let (stream, root) = (stream?, root.clone());
        // An error of one connection does not concern the other clients.
        thread::spawn(move || send_files(&stream, &root));
    }
    Ok(())
}

/// sendfile(2) of other systems takes other arguments.
#[cfg(not(target_os = "linux"))]
fn main() -> io::Result<()> {
    Err(io::Error::other("this server needs Linux"))
}

#[cfg(target_os = "linux")]
fn send_files(mut stream: &std::net::TcpStream, root: &std::path::Path) -> io::Result<()> {
    use std::io::{BufRead, BufReader, Write};

    stream.set_nodelay(true)?;
    for name in BufReader::new(stream).lines() {
        let file = std::fs::File::open(root.join(name?))?;
        let mut left = file.metadata()?.len() as usize;
        stream.write_all(format!("{left}\n").as_bytes())?;
        while left > 0 {
            match rustix::fs::sendfile(stream, &file, None, left)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => left -= count,
            }
        }
    }
    Ok(())
}
