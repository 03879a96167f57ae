#!/bin/sh
# Everything that `make test` runs, the quick parts first. Prints one line a part, and the count at the end; a part that
# fails shows its output and the rest still runs.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
passed=0 failed=0 names= began=$(date +%s)
logs=build/test-logs
mkdir -p "$logs"

part() {
    name=$1
    shift
    from=$(date +%s)
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok      %-14s %4ds  %s\n' "$name" $(($(date +%s) - from)) "$(tail -n 1 "$logs/$name.log")"
        grep -ah '^SKIP\|^Spark ' "$logs/$name.log" | sort -u
    else
        failed=$((failed + 1))
        names="$names $name"
        printf 'FAILED  %-14s %4ds\n' "$name" $(($(date +%s) - from))
        tail -n 150 "$logs/$name.log"
    fi
}

make=${MAKE:-make}
part lint $make --no-print-directory lint
part unit $make --no-print-directory -j2 check
part demo sh tests/e2e/demo.sh
part screens "$FIRESTEEL_PYTHON" tests/e2e/screens.py
part pty "$FIRESTEEL_PYTHON" tests/e2e/pty_test.py
part bytes "$FIRESTEEL_PYTHON" tests/e2e/bytes.py
part terminals "$FIRESTEEL_PYTHON" tests/e2e/term_matrix.py
part line "$FIRESTEEL_PYTHON" tests/e2e/line_life.py
part start "$FIRESTEEL_PYTHON" tests/e2e/start.py
part bad-input "$FIRESTEEL_PYTHON" tests/e2e/bad_input.py
part export "$FIRESTEEL_PYTHON" tests/e2e/export.py
part stats "$FIRESTEEL_PYTHON" tests/e2e/stats.py
part shell "$FIRESTEEL_PYTHON" tests/e2e/shell.py
part settings "$FIRESTEEL_PYTHON" tests/e2e/settings.py
part runs "$FIRESTEEL_PYTHON" tests/e2e/runs.py
part lists "$FIRESTEEL_PYTHON" tests/e2e/lists.py
part paths "$FIRESTEEL_PYTHON" tests/e2e/paths.py
part facts "$FIRESTEEL_PYTHON" tests/e2e/facts.py
part hour "$FIRESTEEL_PYTHON" tests/e2e/hour.py
part editing "$FIRESTEEL_PYTHON" tests/e2e/editing.py
part impact "$FIRESTEEL_PYTHON" tests/e2e/impact.py
part where "$FIRESTEEL_PYTHON" tests/e2e/where.py
part texts "$FIRESTEEL_PYTHON" tests/e2e/texts.py
part survival "$FIRESTEEL_PYTHON" tests/e2e/survival.py
part spark "$FIRESTEEL_PYTHON" tests/e2e/spark.py
part hive "$FIRESTEEL_PYTHON" tests/e2e/hive.py
part survival-spark "$FIRESTEEL_PYTHON" tests/e2e/survival_spark.py
part clusters "$FIRESTEEL_PYTHON" tests/e2e/clusters.py
part yarn "$FIRESTEEL_PYTHON" tests/e2e/yarn.py
part s3-write "$FIRESTEEL_PYTHON" tests/e2e/s3_write.py
part s3 "$FIRESTEEL_PYTHON" tests/e2e/s3.py
part delta "$FIRESTEEL_PYTHON" tests/e2e/delta.py
part chaos "$FIRESTEEL_PYTHON" tests/e2e/chaos.py
part profile "$FIRESTEEL_PYTHON" tests/e2e/profile.py
part driver env FIRESTEEL_SPARK_TESTS=1 "$FIRESTEEL_PYTHON" tests/engine/driver_test.py
part spark-unit sh tests/tools/spark-unit.sh
part generated sh -c "$make --no-print-directory build/release/tests/engine/local_answers && \"$FIRESTEEL_PYTHON\" \
    tests/engine/generate.py --seed 20 --count 1500 --seconds 240 --only rows && \"$FIRESTEEL_PYTHON\" \
    tests/engine/generate_calls.py --seed 20 --count 4000"
part versions sh tests/tools/connect-versions.sh
part asan $make --no-print-directory -j2 check MODE=asan
part monkey env FIRESTEEL_MODE=asan "$FIRESTEEL_PYTHON" tests/e2e/monkey.py --count 60000 --seed 7
part asan-screens env FIRESTEEL_MODE=asan "$FIRESTEEL_PYTHON" tests/e2e/screens.py
part tsan $make --no-print-directory -j2 check MODE=tsan ROOM=io
team=build/tsan/tests/data/test_team
part tsan-team sh -c "$make --no-print-directory MODE=tsan $team && $team"
ahead=build/tsan/tests/data/test_ahead
part tsan-ahead sh -c "$make --no-print-directory MODE=tsan $ahead && $ahead"
half=build/tsan/tests/engine/test_local_half
part tsan-half sh -c "$make --no-print-directory MODE=tsan $half && $half"

echo "took $(($(date +%s) - began)) s"
echo "$passed passed, $failed failed${names:+:$names}"
[ "$failed" = 0 ]
