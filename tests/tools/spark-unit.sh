#!/bin/sh
# The unit tests that need a Spark, against a Connect server of their own; goldens of the corpora are made again by it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
port=${FIRESTEEL_TEST_PORT:-15902}
trap 'sh "$root/tests/tools/spark-server.sh" stop "$port"' EXIT
FIRESTEEL_SPARK_URL=$(sh "$root/tests/tools/spark-server.sh" start "$port")
export FIRESTEEL_SPARK_URL FIRESTEEL_SPARK_TESTS=1
echo "Spark Connect at $FIRESTEEL_SPARK_URL"
cd "$root"
${MAKE:-make} --no-print-directory check ROOM="engine sql"
