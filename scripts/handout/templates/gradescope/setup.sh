#!/usr/bin/env bash
# Prepares the container of an assignment. Gradescope runs it once, as root, with a network.
set -euo pipefail
autograder=${AUTOGRADER:-/autograder}
export HOME=/root PATH="$PATH:/root/.cargo/bin" DEBIAN_FRONTEND=noninteractive

# The programs of the sandbox, a linker for rustc, and peers of some tests.
apt-get update
apt-get install -y --no-install-recommends bubblewrap util-linux \
    build-essential ca-certificates curl netcat-openbsd openssl python3
if ! command -v rustup >/dev/null; then
    curl --proto '=https' --tlsv1.2 --silent --show-error --fail https://sh.rustup.rs |
        sh -s -- -y --no-modify-path --profile minimal
fi

cd "$autograder/source/workspace"
cargo fetch

# Judges the stub. This builds the grader and the tests, and a container that cannot judge is found
# now, and not by the first student.
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
mkdir "$trial/submission" "$trial/results"
ln -s "$autograder/source" "$trial/source"
cp -R labs/@lab@-*/src "$trial/submission/src"
AUTOGRADER=$trial bash "$autograder/source/run_autograder"
