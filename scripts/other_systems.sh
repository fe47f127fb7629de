#!/usr/bin/env bash
# Checks the workspace for macOS and Windows with clippy, including stubs, solutions and tests.
# Nothing is linked or run.
#
#   scripts/other_systems.sh
#
# It needs rustup to get their standard libraries. A system without a library to download is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

# ring has parts in C, for which this machine has no compiler. Without a linker, empty objects and
# archives are enough.
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cat >"$tools/cc" <<'CC'
#!/bin/sh
while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then : >"$2"; fi
    shift
done
CC
cat >"$tools/ar" <<'AR'
#!/bin/sh
for file; do
    case $file in *.a) : >"$file" ;; esac
done
AR
chmod +x "$tools/cc" "$tools/ar"

# Two minutes are enough to download a library, if the network allows it.
limit=
if command -v timeout >/dev/null; then limit="timeout 120"; fi

for target in aarch64-apple-darwin x86_64-pc-windows-gnu; do
    if ! $limit rustup target add "$target" >/dev/null 2>&1; then
        echo "skipped: rustup has no standard library for $target"
        continue
    fi
    TARGET_CC=$tools/cc TARGET_AR=$tools/ar \
        cargo clippy --quiet --target "$target" --workspace --all-targets -- -D warnings
    echo "$target: no warnings"
done
