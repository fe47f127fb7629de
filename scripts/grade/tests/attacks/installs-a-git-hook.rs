// Installs a hook that git would run as the instructor.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let _ = std::fs::write("WORKSPACE/.git/hooks/post-checkout", "#!/bin/sh\n:\n");
}
