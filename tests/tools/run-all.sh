#!/bin/bash
# Everything that `make test` runs: first what is quick and needs no Spark, with the whole machine; then two lanes side by
# side, since what asks a Spark mostly waits. Prints a line a part as it ends, and the count at the end; a part that fails
# shows what failed in it and the end of its output, and the rest still runs.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
began=$(date +%s)
logs=build/test-logs
rm -rf "$logs"
mkdir -p "$logs"
make=${MAKE:-make}

tell() { # name seconds status: the lines of one part stay together
    printf '%-7s %-14s %4ds  %s\n' "$3" "$1" "$2" "$([ "$3" = ok ] && tail -n 1 "$logs/$1.log")"
    if [ "$3" = ok ]; then
        grep -ah '^SKIP\|^Spark ' "$logs/$1.log" | sort -u
    else
        grep -an "^FAILED \|  FAILED  \|  ERROR  " "$logs/$1.log" | head -n 20
        tail -n 150 "$logs/$1.log"
    fi
}

part() {
    local name=$1 from=$(date +%s) status=FAILED
    shift
    "$@" >"$logs/$name.log" 2>&1 && status=ok
    (flock 9 && tell "$name" $(($(date +%s) - from)) "$status") 9>"$logs/lock"
    echo "$status $name" >>"$logs/ended"
}

e2e() {
    local name
    for name in "$@"; do
        part "$name" "$FIRESTEEL_PYTHON" "tests/e2e/${name//-/_}.py"
    done
}

under_tsan() { # a test program
    $make --no-print-directory "MODE=tsan" "build/tsan/tests/$1" && "build/tsan/tests/$1"
}

generated() {
    $make --no-print-directory build/release/tests/engine/local_answers &&
        "$FIRESTEEL_PYTHON" tests/engine/generate.py --seed 20 --count 1500 --seconds 120 --only rows &&
        "$FIRESTEEL_PYTHON" tests/engine/generate_calls.py --seed 20 --count 2000
}

without_spark() {
    e2e bytes term-matrix line-life start bad-input export stats shell settings runs lists paths facts hour editing impact where texts
    e2e survival
    part asan $make --no-print-directory -j2 check MODE=asan
    part monkey env FIRESTEEL_MODE=asan "$FIRESTEEL_PYTHON" tests/e2e/monkey.py --count 60000 --seed 7
    part asan-screens env FIRESTEEL_MODE=asan "$FIRESTEEL_PYTHON" tests/e2e/screens.py
    part tsan $make --no-print-directory -j2 check MODE=tsan ROOM=io
    part tsan-team under_tsan data/test_team
    part tsan-ahead under_tsan data/test_ahead
    part tsan-half under_tsan engine/test_local_half
    part versions sh tests/tools/connect-versions.sh
}

on_spark() {
    e2e spark hive survival-spark clusters yarn s3-write s3 delta chaos profile
    part driver env FIRESTEEL_SPARK_TESTS=1 "$FIRESTEEL_PYTHON" tests/engine/driver_test.py
    part spark-unit sh tests/tools/spark-unit.sh
    part generated generated
}

part lint $make --no-print-directory -j2 lint
part unit $make --no-print-directory -j2 check
part demo sh tests/e2e/demo.sh
e2e screens pty-test
without_spark &
on_spark &
wait

echo "took $(($(date +%s) - began)) s"
failed=$(sed -n 's/^FAILED //p' "$logs/ended" | tr '\n' ' ')
echo "$(grep -c '^ok ' "$logs/ended") passed, $(grep -c '^FAILED ' "$logs/ended") failed${failed:+: $failed}"
[ -z "$failed" ]
