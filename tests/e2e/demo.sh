#!/bin/sh
# The demo without a terminal, in a folder of its own: every step must succeed and the rows must be there.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
where=$(mktemp -d)
trap 'rm -rf "$where"' EXIT
out=$(HOME=$where FIRESTEEL_DEMO=$where/demo sh "$root/tests/tools/demo.sh" 2>&1 </dev/null | tee "$where/out")
for wanted in 'fraud_training.v1' 'READY' 'label_timestamp' 'Feature__avg_transaction__v1' 'zstd'; do
    grep -qi "$wanted" "$where/out" || { cat "$where/out"; echo "the demo did not print $wanted"; exit 1; }
done
echo "the demo printed $(wc -l <"$where/out") lines"
