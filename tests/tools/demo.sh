#!/bin/sh
# The demo: on a terminal the workbench on a demo workspace, else the main job as verbs. `demo.sh spark` does it on a
# real Spark: starts a Connect server on this host first, and stops it at the end (not on a terminal: there it goes on).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
where=${FIRESTEEL_DEMO:-$root/build/demo}
fs=$root/build/firesteel
provider=local
export FIRESTEEL_PYTHON=${FIRESTEEL_PYTHON:-$root/build/venv/bin/python}
[ -d "$where/.firesteel" ] || { mkdir -p "$where" && "$fs" init "$where" --demo; }
cd "$where"

step() {
    printf '\n$ firesteel %s\n' "$*"
    "$fs" "$@"
}

if [ "${1:-}" = spark ]; then
    provider=spark
    "$fs" provider start spark || [ $? = 3 ]
fi
if [ -t 0 ] && [ -t 1 ]; then
    exec "$fs"
fi
step list transformations
step lineage fraud_training
step check user_activity --provider $provider
step sql 'SELECT CustomerID, count(*) AS n, sum(TransactionAmount) AS spent FROM {{transactions.kaggle}} GROUP BY CustomerID ORDER BY spent DESC LIMIT 5' --provider $provider
step run fraud_training --upstream --provider $provider
step runs -n 5
step preview fraud_training -n 8
step info fraud_training
if [ "${1:-}" = spark ]; then
    step provider stop spark
fi
