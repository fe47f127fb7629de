//! What a server answers to a good upload, and the advice that fits each answer.

use testkit::Peer;

/// Expects the line `wanted`. The advice depends on the line that came.
pub fn expect_answer(peer: &mut Peer, wanted: &str, advice: fn(&str) -> Advice) {
    let answer = peer.line();
    let (id, think) = advice(&answer);
    peer.says(id, think);
    let sentence = format!("The server answered {answer:?} where {wanted:?} was due.");
    peer.check(answer == wanted, &sentence, &format!("wanted {wanted:?}"));
}

/// An id and a text.
pub type Advice = (&'static str, &'static str);

pub const GO_BYTES_OK: Advice = (
    "go-bytes-ok",
    "In `upload::receive`, write GO, receive `size` bytes, publish the file, and then write OK.",
);

/// For a server that refuses a good upload.
pub fn advice_without_go(answer: &str) -> Advice {
    match answer {
        "ERROR no such file" => (
            "a-free-name-is-fine",
            "In `destination`, return the path of a name that is free (`NotFound`) or a regular file. The folder of `new.txt` is the shared folder itself.",
        ),
        "ERROR cannot store the file" => (
            "temporary-file-in-the-folder",
            "In `upload::receive`, create the temporary file in the folder of the path (`tempfile_in`). The log has the error.",
        ),
        _ if answer.starts_with("ERROR expected") => (
            "three-words-of-put",
            "In `Request::parse`, divide `SIZE SHA256 NAME` with `split_once(' ')`, twice. `number` and `Digest::parse` accept these words.",
        ),
        _ => GO_BYTES_OK,
    }
}

/// For a server that has all bytes of a good upload.
pub fn advice_without_ok(answer: &str) -> Advice {
    match answer {
        "ERROR wrong sum" => (
            "sum-of-the-uploaded-bytes",
            "In `upload::receive`, write all bytes to the temporary file, then compare `Digest::of` of this file with `digest`.",
        ),
        "ERROR cannot store the file" => (
            "publish-to-the-path",
            "In `publish`, sync the file, rename it to `path` (`persist`), and sync the folder. The log has the error.",
        ),
        "ERROR upload cut short" => (
            "all-bytes-are-there",
            "In `upload::receive`, compare the result of `copy::receive` with `size`. `copy::receive` has to read until `count` bytes have arrived.",
        ),
        _ => GO_BYTES_OK,
    }
}
