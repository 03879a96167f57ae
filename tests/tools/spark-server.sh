#!/bin/sh
# Start or stop a Spark Connect server of our own for tests.
#
#   spark-server.sh start PORT    waits until it answers, prints its connection string
#   spark-server.sh stop PORT
#
# Spark is $SPARK_HOME, or the pyspark package of $FIRESTEEL_PYTHON. FIRESTEEL_SPARK_UI_PORT (PORT + 1),
# FIRESTEEL_SPARK_MASTER (local[2]), FIRESTEEL_SPARK_MEMORY (1g) and FIRESTEEL_SPARK_CONF ("k=v k=v")
# change the rest. Everything it writes is under build/spark/PORT/.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
command=${1:-} port=${2:-}
case $port in '' | *[!0-9]*) echo "usage: spark-server.sh start|stop PORT" >&2; exit 2 ;; esac
dir=$root/build/spark/$port
pidfile=$dir/pid log=$dir/log

# A pid may have been given to someone else since: ours has our port among its arguments.
running() {
    [ -f "$pidfile" ] || return 1
    pid=$(cat "$pidfile")
    [ -r "/proc/$pid/cmdline" ] &&
        tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "grpc.binding.port=$port "
}

find_spark() {
    [ -z "${SPARK_HOME:-}" ] || return 0
    python=${FIRESTEEL_PYTHON:-$root/build/venv/bin/python}
    SPARK_HOME=$("$python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))') ||
        { echo "no Spark: set SPARK_HOME, or FIRESTEEL_PYTHON to a Python with pyspark" >&2; exit 1; }
}

start() {
    if running; then echo "sc://127.0.0.1:$port"; return; fi
    find_spark
    mkdir -p "$dir"
    : >"$log"
    cd "$dir"
    unset SPARK_REMOTE
    set --
    for setting in ${FIRESTEEL_SPARK_CONF:-}; do
        set -- "$@" --conf "$setting"
    done
    python=${FIRESTEEL_PYTHON:-$root/build/venv/bin/python}
    [ -n "${PYSPARK_PYTHON:-}" ] || [ ! -x "$python" ] || export PYSPARK_PYTHON="$python"
    SPARK_HOME=$SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 SPARK_CONNECT_MODE=0 \
        setsid "$SPARK_HOME/bin/spark-submit" --master "${FIRESTEEL_SPARK_MASTER:-local[2]}" \
        --name firesteel-test --driver-memory "${FIRESTEEL_SPARK_MEMORY:-1g}" \
        --class org.apache.spark.sql.connect.service.SparkConnectServer \
        --conf spark.connect.grpc.binding.address=127.0.0.1 \
        --conf "spark.connect.grpc.binding.port=$port" \
        --conf "spark.ui.port=${FIRESTEEL_SPARK_UI_PORT:-$((port + 1))}" \
        --conf spark.ui.showConsoleProgress=false "$@" spark-internal \
        </dev/null >>"$log" 2>&1 &
    pid=$!
    echo "$pid" >"$pidfile"
    tries=0
    until grep -q "Spark Connect server started at" "$log"; do
        tries=$((tries + 1))
        if ! kill -0 "$pid" 2>/dev/null || [ "$tries" -gt 600 ]; then
            echo "the Spark Connect server did not start; the end of $log:" >&2
            tail -n 5 "$log" >&2
            kill "$pid" 2>/dev/null || true
            rm -f "$pidfile"
            exit 1
        fi
        sleep 0.2
    done
    echo "sc://127.0.0.1:$port"
}

stop() {
    running || { rm -f "$pidfile"; return 0; }
    kill "$pid"
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    ! kill -0 "$pid" 2>/dev/null || kill -9 "$pid"
    rm -f "$pidfile"
}

case $command in
start) start ;;
stop) stop ;;
*) echo "usage: spark-server.sh start|stop PORT" >&2; exit 2 ;;
esac
