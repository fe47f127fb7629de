#!/usr/bin/env bash
# Whether the workspace is right for macOS and Windows, as far as their compilers can tell from
# here: clippy for each of them, stubs, solutions and tests. Nothing is linked or run.
#
#   scripts/other_systems.sh
#
# It wants rustup, to get their standard libraries; a system whose library cannot be had is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

# ring has parts in C, for which there is no compiler here. Whoever links nothing can do with empty
# objects and archives.
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

# Two minutes are enough to fetch a library, where there is a way to it at all.
impatient=
if command -v timeout >/dev/null; then impatient="timeout 120"; fi

for target in aarch64-apple-darwin x86_64-pc-windows-gnu; do
    if ! $impatient rustup target add "$target" >/dev/null 2>&1; then
        echo "skipped: rustup has no standard library for $target"
        continue
    fi
    TARGET_CC=$tools/cc TARGET_AR=$tools/ar \
        cargo clippy --quiet --target "$target" --workspace --all-targets -- -D warnings
    echo "$target: nothing to complain of"
done
