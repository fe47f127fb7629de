//! The random tests with a million messages, and bodies of a gigabyte. They take some minutes, so they are run by hand:
//!
//! ```sh
//! cargo test --release -p solution10 --test acceptance -- --ignored
//! ```

#[path = "../../../labs/10-http/tests/suite/site.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod site;

#[path = "held_back/crowd.rs"]
mod crowd;
#[path = "held_back/random.rs"]
mod random;
#[path = "held_back/raw.rs"]
mod raw;

use testkit::subject;

#[test]
#[ignore = "takes long"]
fn half_a_million_mutated_heads_get_one_answer_each() {
    random::heads(&subject!("10"), 500_000);
}

#[test]
#[ignore = "takes long"]
fn half_a_million_mutated_chunks_get_one_answer_each() {
    random::chunks(&subject!("10"), 500_000);
}

#[test]
#[ignore = "takes long"]
fn a_hundred_thousand_conversations_do_not_depend_on_their_cuts() {
    random::cuts(&subject!("10"), 100_000);
}

#[test]
#[ignore = "takes long"]
fn ten_thousand_bodies_come_back_whole() {
    random::bodies(&subject!("10"), 10_000);
}

#[test]
#[ignore = "takes long"]
fn a_file_of_a_gigabyte_takes_little_memory() {
    crowd::expect_flat(&subject!("10"), 1 << 30);
}

#[test]
#[ignore = "takes long"]
fn an_upload_of_a_gigabyte_takes_little_memory() {
    crowd::expect_flat_upload(&subject!("10"), 1 << 10);
}

#[test]
#[ignore = "takes long"]
fn a_download_of_a_gigabyte_takes_little_memory() {
    crowd::expect_flat_download(&subject!("10"), 1 << 10);
}
