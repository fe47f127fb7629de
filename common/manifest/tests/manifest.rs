//! `lab.toml`, read.

use manifest::{Manifest, Shape};

const LAB: &str = r#"
    title = "Echo"
    minutes = 150
    [[step]]
    name = "listen"
    idea = "A queue."
    points = 15
    functions = 1
    files = ["listen.rs"]
    tests = ["it_listens"]
    hints = ["one"]
    [[step]]
    name = "echo"
    idea = "A stream."
    points = 25
    functions = 1
    hints = []
"#;

#[test]
fn steps_have_an_order_and_a_module_each() {
    let manifest = Manifest::parse(LAB).expect("a manifest");
    assert_eq!(manifest.position("echo"), Some(1));
    assert_eq!(manifest.position("serve"), None);
    assert_eq!(manifest.module(1).as_deref(), Some("step2_echo"));
    assert_eq!(manifest.steps[0].tests, ["it_listens"]);
    assert_eq!(manifest.functions(), 2);
}

#[test]
fn a_word_that_is_no_field_is_an_error() {
    let wrong = LAB.replace("minutes", "minute");
    let error = Manifest::parse(&wrong).expect_err("a typing error");
    assert!(error.to_string().contains("minute"), "{error}");
}

#[test]
fn a_load_is_optional_and_its_shape_is_known() {
    let load = "minutes = 150\n[load]\nshape = \"tls_lines\"\nclients = 16\n\
                message_bytes = 512\nin_flight = 1\nseconds = 1\n";
    let with_load = LAB.replace("minutes = 150", load);
    let manifest = Manifest::parse(&with_load).expect("a manifest");
    assert_eq!(manifest.load.map(|load| load.shape), Some(Shape::TlsLines));
    assert_eq!(Manifest::parse(LAB).expect("a manifest").load, None);
    Manifest::parse(&with_load.replace("tls_lines", "telex")).expect_err("no such shape");
}
