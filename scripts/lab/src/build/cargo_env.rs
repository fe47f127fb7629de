//! What `cargo run` tells a program about itself. (The launcher reads this file, too.)

use std::env;
use std::process::Command;

/// Takes it from what `command` would inherit: build scripts and tests that look at such
/// variables would take ours for their own. (And build anew what was built without them: ring's
/// looks at `OUT_DIR`, and with ring goes all of TLS.)
pub fn take_from(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let is_ours = name.to_str().is_some_and(|name| {
            name == "OUT_DIR"
                || name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
        });
        if is_ours {
            command.env_remove(name);
        }
    }
}
