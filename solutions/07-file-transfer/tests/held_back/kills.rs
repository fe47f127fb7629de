//! Transfers that survive ten kills of either side.

use super::shelf::{Shelf, bytes, content, names_in, text};
use super::{TRANSFER, arrives, len, run_get};
use std::fs;
use testkit::{Deadline, Process, Server, poll_until, subject};

/// The progress of a transfer at each kill, in percent. Ascending, because a download continues.
const MOMENTS: [u64; 10] = [3, 11, 18, 29, 42, 47, 60, 71, 85, 97];

/// Kills the client, the server, or both.
fn kill_in_turn(index: usize, client: &mut Process, server: &mut Server) {
    match index % 3 {
        0 => _ = client.kill(),
        1 => _ = server.kill(),
        _ => _ = (client.kill(), server.kill()),
    }
    // The other side has seen the end of the connection and is idle.
    client.wait_until_idle();
}

#[test]
fn a_download_survives_ten_kills_of_either_side() {
    let lab = subject!("07");
    let (shelf, folder) = (Shelf::new(&lab), lab.folder());
    let all = bytes(24 << 20);
    shelf.add("large", &all);
    let (done, part) = (folder.path().join("large"), folder.path().join("large.part"));
    for (index, moment) in MOMENTS.iter().enumerate() {
        let mut server = shelf.serve(&lab, &[]);
        let mut client = run_get(&lab, &server, "large", &folder);
        let there = all.len() as u64 * moment / 100;
        poll_until(Deadline::usual(), || {
            len(&part) >= there || done.exists() || client.has_ended()
        });
        kill_in_turn(index, &mut client, &mut server);
        client.check(
            !done.exists() || content(&done) == all,
            "A part of the file has the final name.",
            "rename-whole-file",
            "Rename the file to its final name only when it is whole. A killed program cleans up nothing.",
        );
    }
    // The next lines wait until the file appears, so it must not exist now.
    let _ = fs::remove_file(&done);
    let server = shelf.serve(&lab, &[]);
    let mut client = run_get(&lab, &server, "large", &folder);
    arrives(&done, &client);
    client.expect_exit(0);
    let exact = content(&done) == all && names_in(folder.path()) == ["large"];
    server.check(
        exact,
        "After ten kills the fetched file differs, or another file is left.",
        "append-after-kill",
        "In `open_part`, append to the `.part`, after its last byte.",
    );
}

#[test]
fn an_upload_survives_ten_kills_of_either_side() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let (old, new) = (bytes(1000), bytes(8 << 20));
    shelf.add("large", &old).add("../large", &new);
    let path = text(&shelf.path("../large"));
    let run_put =
        |server: &Server| lab.run(["put", "--connect", &server.address().to_string(), &path]);
    for (index, moment) in MOMENTS.iter().enumerate() {
        let mut server = shelf.serve(&lab, &["--writable"]);
        let mut client = run_put(&server);
        let there = new.len() as u64 * moment / 100;
        poll_until(Deadline::usual(), || hidden(&shelf) >= there);
        kill_in_turn(index, &mut client, &mut server);
        // A server that lives may have all bytes of a killed client, and store them now.
        poll_until(Deadline::after(TRANSFER), || server.wait_until_idle() || server.has_ended());
        let stored = content(&shelf.path("large"));
        server.check(
            stored == old || stored == new,
            &format!("The file under the final name has {} bytes, which is neither the old nor the new one.", stored.len()),
            "rename-whole-file",
            "Rename the file to its final name only when it is whole. A killed program cleans up nothing.",
        );
        if !server.has_ended() {
            let list = list(&server);
            // The kernel may have delivered the last bytes only now.
            let sizes = [old.len(), new.len()].map(|size| format!("{size} large"));
            server.check(
                sizes.contains(&list[1]),
                &format!("After a client was killed the list is {list:?}."),
                "list-old-or-new",
                "Rename the temporary file when it is whole. A name means the old file or the new one.",
            );
        }
        // The temporary file of a killed server.
        hidden_names(&shelf).iter().for_each(|name| {
            let _ = fs::remove_file(shelf.path(name));
        });
    }
    let server = shelf.serve(&lab, &["--writable"]);
    fs::remove_file(shelf.path("large")).expect("it is ours");
    let mut client = run_put(&server);
    arrives(&shelf.path("large"), &client);
    client.expect_exit(0);
    server.check(
        content(&shelf.path("large")) == new,
        "The upload after ten kills was not stored.",
        "stored-after-kills",
        "After OK the file must be under its name, with all its bytes.",
    );
}

/// The three lines of a server's list.
fn list(server: &Server) -> Vec<String> {
    let mut peer = server.connect("peer");
    peer.send(b"/list\n").expect(b"3\n");
    (0..3).map(|_| peer.line()).collect()
}

fn hidden_names(shelf: &Shelf) -> Vec<String> {
    shelf.names().into_iter().filter(|name| name.starts_with('.')).collect()
}

/// The length of the temporary file.
fn hidden(shelf: &Shelf) -> u64 {
    hidden_names(shelf).iter().map(|name| len(&shelf.path(name))).max().unwrap_or(0)
}
