#!/bin/sh
# Run each test program given, as many at a time as there are cores; all run, the failures are named at the end.
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" sh -c '"$0" >"$0.out" 2>&1; echo "ended: $?" >>"$0.out"'
passed=0 failed=
for program in "$@"; do
    out=$program.out
    if [ "$(tail -n 1 "$out")" = "ended: 0" ]; then
        passed=$((passed + $(grep -c '^\[       OK \]' "$out")))
        grep '^SKIP' "$out"
    else
        failed="$failed $program"
        cat "$out"
    fi
done
[ -z "$failed" ] || { echo "FAILED:$failed"; exit 1; }
echo "unit: $passed tests in $# programs passed"
