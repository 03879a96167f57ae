#!/bin/sh
# Start or stop a Livy server of our own for tests: its jars by Maven, its Spark the pyspark package, local[2].
#
#   livy.sh start PORT [FOLDER]    FOLDER: where batches may take files of this host from (/)
#   livy.sh stop PORT
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
command=${1:-} port=${2:-} folder=${3:-/}
case $port in '' | *[!0-9]*) echo "usage: livy.sh start|stop PORT [FOLDER]" >&2; exit 2 ;; esac
lib=$root/build/livy/lib dir=$root/build/livy/$port
python=${FIRESTEEL_PYTHON:-$root/build/venv/bin/python}
: "${SPARK_HOME:=$("$python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')}"

fetch() {
    [ -f "$lib/.complete" ] && return 0
    mkdir -p "$lib"
    mvn -q -B -f "$root/tests/tools/livy-pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" >"$lib/../fetch.log" 2>&1 ||
        { tail -n 20 "$lib/../fetch.log" >&2; exit 1; }
    touch "$lib/.complete"
}

running() {
    [ -f "$dir/pid" ] && { tr '\0' ' ' <"/proc/$(cat "$dir/pid")/cmdline" | grep -q LivyServer; } 2>/dev/null
}

start() {
    if running; then echo "http://127.0.0.1:$port"; return; fi
    fetch
    home=$dir/home
    mkdir -p "$home/conf" "$home/logs" "$home/rsc-jars" "$home/repl_2.11-jars"
    touch "$home/rsc-jars/x.jar" "$home/repl_2.11-jars/livy-repl_2.11-x.jar"
    printf 'livy.server.host=127.0.0.1\nlivy.server.port=%s\nlivy.spark.master=local[2]\nlivy.file.local-dir-whitelist=%s\n' \
        "$port" "$folder" >"$home/conf/livy.conf"
    opens=
    for package in lang util net nio; do opens="$opens --add-opens=java.base/java.$package=ALL-UNNAMED"; done
    # shellcheck disable=SC2086
    SPARK_HOME=$SPARK_HOME LIVY_HOME=$home LIVY_CONF_DIR=$home/conf SPARK_LOCAL_IP=127.0.0.1 setsid java -Xmx512m $opens \
        --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED -cp "$home/conf:$lib/*" org.apache.livy.server.LivyServer \
        </dev/null >"$dir/log" 2>&1 &
    echo $! >"$dir/pid"
    tries=0
    until "$python" -c "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:$port/version', timeout=2)" \
        2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! running; then
            echo "Livy did not start; the end of $dir/log:" >&2
            tail -n 10 "$dir/log" >&2
            exit 1
        fi
        sleep 0.5
    done
    echo "http://127.0.0.1:$port"
}

stop() {
    ! running || kill "$(cat "$dir/pid")" 2>/dev/null || true
    rm -f "$dir/pid"
}

case $command in
start) start ;;
stop) stop ;;
*) echo "usage: livy.sh start|stop PORT [FOLDER]" >&2; exit 2 ;;
esac
