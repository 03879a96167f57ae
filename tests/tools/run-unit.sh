#!/bin/sh
# Run each test program given; all run, the failures are named at the end.
passed=0 failed=
for program in "$@"; do
    out=$program.out
    if "$program" >"$out" 2>&1; then
        passed=$((passed + $(grep -c '^\[       OK \]' "$out")))
        grep '^SKIP' "$out"
    else
        failed="$failed $program"
        cat "$out"
    fi
done
[ -z "$failed" ] || { echo "FAILED:$failed"; exit 1; }
echo "unit: $passed tests in $# programs passed"
