#!/usr/bin/env bash
# `cargo lab` as a student uses it, on lab 01: from the stub to the model answer, a file at a time, with
# an answer that does not compile, one that got worse, a hint and a reset. Prints each verdict.
#
#   scripts/walk_through.sh
#
# It works on labs/01-echo itself, which must be unchanged since the last commit, and restores it at
# the end. The progress of lab 01 in .lab/ (points, hints) is then that of this walk.
set -euo pipefail
cd "$(dirname "$0")/.."

lab=labs/01-echo
solution=solutions/01-echo
if [ -n "$(git status --porcelain -- "$lab")" ]; then
    echo "$lab has uncommitted changes, which this script would overwrite" >&2
    exit 2
fi
said=$(mktemp)
trap 'git checkout --quiet -- "$lab"; rm -f "$said"' EXIT

fail() {
    echo "$1. The output was:" >&2
    cat "$said" >&2
    exit 1
}

# Judges the lab: it must `pass` or `fail`, and print some words.
judge() {
    local verdict=pass
    cargo lab test 01 >"$said" 2>&1 || verdict=fail
    [ "$verdict" = "$1" ] || fail "after '$3' the lab should $1"
    grep -q "$2" "$said" || fail "after '$3' the verdict should say '$2'"
    echo "$3: $(grep -o '[0-9]* of [0-9]* points\|does not compile: [0-9]* error' "$said")"
}

points() { grep -o '[0-9]* of [0-9]* points' "$said" | cut -d' ' -f1; }

judge fail "^0 of [0-9]* points" "the stub"
before=0
for file in listen echo serve client variations; do
    cp "$solution/src/$file.rs" "$lab/src/$file.rs"
    if [ "$file" = variations ]; then
        judge pass "^All tests pass" "$file.rs"
    else
        judge fail "is not written yet" "$file.rs"
    fi
    [ "$(points)" -gt "$before" ] || fail "$file.rs brought no points"
    before=$(points)
done

echo 'fn unfinished(' >>"$lab/src/echo.rs"
judge fail "does not compile: 1 error" "half a function"
git checkout --quiet -- "$lab/src/echo.rs"
judge fail "step echo is not written yet" "echo.rs as it was"
cp "$solution/src/echo.rs" "$lab/src/echo.rs"
judge pass "^All tests pass" "echo.rs again"
judge pass "^All tests pass" "nothing"

# The cached call of rustc built these programs, and the program is where the brief says.
grep -q '"call": {' .lab/rustc-lab01.json || fail "the call of rustc should be recorded"
program=$(grep -o '"program": "[^"]*"' .lab/rustc-lab01.json | cut -d'"' -f4)
[ "$program" -nt "$lab/src/echo.rs" ] || fail "$program should be the last one"

cargo lab hint 01 echo >"$said" 2>&1 || fail "there should be a hint"
grep -q "hint 1 of" "$said" || fail "a hint should be shown"
cargo lab reset 01 >"$said" 2>&1 || fail "it should be reset"
git diff --quiet -- "$lab" || fail "after a reset, the stub should be back"
judge fail "^0 of [0-9]* points" "a reset"
cargo lab doctor >"$said" 2>&1 || fail "the doctor should find no fault"
