#!/bin/sh
# The unit tests that need a Spark, against a Connect server of their own; and whether Spark still says what the goldens do.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
port=${FIRESTEEL_TEST_PORT:-15902}
trap 'sh "$root/tests/tools/spark-server.sh" stop "$port"' EXIT
FIRESTEEL_SPARK_URL=$(sh "$root/tests/tools/spark-server.sh" start "$port")
export FIRESTEEL_SPARK_URL FIRESTEEL_SPARK_TESTS=1
echo "Spark Connect at $FIRESTEEL_SPARK_URL"
cd "$root"
tests='tests/data/test_parquet_written.c tests/engine/test_submit_spark.c'
for name in extras line spark; do
    tests="$tests tests/engine/test_connect_$name.c"
done
${MAKE:-make} --no-print-directory check ROOM="data engine" TESTS="$tests"
# Another tenth of the corpora each day: that the local engine says what the goldens say, all of it is among the unit tests.
"${FIRESTEEL_PYTHON:-python3}" tests/engine/corpus/make.py check "$(date +%-j)/10"
