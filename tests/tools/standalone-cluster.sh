#!/bin/sh
# Start or stop a standalone cluster of our own for tests: a master and two workers of two cores each, from the pyspark package.
#
#   standalone-cluster.sh start PORT    master PORT, its interface PORT + 1, REST PORT + 2, workers' interfaces PORT + 3 and + 4
#   standalone-cluster.sh stop PORT
#   standalone-cluster.sh worker PORT N    start worker N (1 or 2) again
#
# Everything it writes is under build/standalone/PORT/.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
command=${1:-} port=${2:-}
case $port in '' | *[!0-9]*) echo "usage: standalone-cluster.sh start|stop|worker PORT [N]" >&2; exit 2 ;; esac
dir=$root/build/standalone/$port
python=${FIRESTEEL_PYTHON:-$root/build/venv/bin/python}
: "${SPARK_HOME:=$("$python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')}"
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 SPARK_DAEMON_MEMORY=256m SPARK_NO_DAEMONIZE=1 PYSPARK_PYTHON="$python"
unset SPARK_REMOTE

spawn() { # name, class, arguments
    name=$1
    shift
    setsid "$SPARK_HOME/bin/spark-class" "$@" </dev/null >"$dir/$name.log" 2>&1 &
    echo $! >"$dir/$name.pid"
}

# A pid may have been given to someone else since: ours has our folder or port among its arguments.
ours() {
    [ -f "$dir/$1.pid" ] && { tr '\0' ' ' <"/proc/$(cat "$dir/$1.pid")/cmdline" | grep -q "deploy\.\(master\|worker\)"; } 2>/dev/null
}

worker() {
    spawn "worker$1" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 2 --memory 2g --work-dir "$dir/work$1" \
        --webui-port $((port + 2 + $1)) "spark://127.0.0.1:$port"
}

alive_workers() {
    "$python" - "http://127.0.0.1:$((port + 1))/json/" <<'P' 2>/dev/null || echo 0
import json, sys, urllib.request
print(json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=5))["aliveworkers"])
P
}

start() {
    mkdir -p "$dir"
    if ! ours master; then
        SPARK_MASTER_OPTS="-Dspark.master.rest.enabled=true -Dspark.master.rest.port=$((port + 2))" spawn master \
            org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port $((port + 1))
    fi
    ours worker1 || worker 1
    ours worker2 || worker 2
    tries=0
    until [ "$(alive_workers)" = 2 ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ]; then
            echo "the standalone cluster did not start; the end of its logs:" >&2
            tail -n 5 "$dir"/*.log >&2
            exit 1
        fi
        sleep 0.5
    done
    echo "spark://127.0.0.1:$port"
}

# Until they are gone: a worker that ends still writes into its folder.
stop() {
    for name in worker1 worker2 master; do
        ! ours "$name" || kill "$(cat "$dir/$name.pid")" 2>/dev/null || true
    done
    tries=0
    while [ "$tries" -lt 60 ] && { ours worker1 || ours worker2 || ours master; }; do
        tries=$((tries + 1))
        sleep 0.5
    done
    rm -rf "$dir"/worker1.pid "$dir"/worker2.pid "$dir"/master.pid "$dir"/work1 "$dir"/work2
}

case $command in
start) start ;;
stop) stop ;;
worker) worker "$3" ;;
*) echo "usage: standalone-cluster.sh start|stop|worker PORT [N]" >&2; exit 2 ;;
esac
