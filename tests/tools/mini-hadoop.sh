#!/bin/sh
# Start or stop a Hadoop of our own for tests: HDFS and YARN in one process, its jars by Maven.
#
#   mini-hadoop.sh start PORT [hdfs]    hdfs: without YARN; prints the folder for HADOOP_CONF_DIR
#   mini-hadoop.sh stop PORT
#
# Name node PORT, WebHDFS PORT + 1, resource manager PORT + 2 to PORT + 5, its REST API PORT + 6. Everything it writes is under
# build/hadoop/PORT/. Once the jars are under build/hadoop/lib no network is needed.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
command=${1:-} port=${2:-} part=${3:-yarn}
case $port in '' | *[!0-9]*) echo "usage: mini-hadoop.sh start|stop PORT [hdfs]" >&2; exit 2 ;; esac
here=$root/tests/tools lib=$root/build/hadoop/lib classes=$root/build/hadoop/classes dir=$root/build/hadoop/$port

fetch() {
    [ -f "$lib/.complete" ] && return 0
    mkdir -p "$lib"
    mvn -q -B -f "$here/hadoop-pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" >"$lib/../fetch.log" 2>&1 ||
        { tail -n 20 "$lib/../fetch.log" >&2; exit 1; }
    touch "$lib/.complete"
}

compile() {
    [ "$classes/MiniHadoop.class" -nt "$here/MiniHadoop.java" ] && return 0
    mkdir -p "$classes"
    javac -d "$classes" -cp "$lib/*" -nowarn "$here/MiniHadoop.java" >"$classes/../compile.log" 2>&1 ||
        { tail -n 20 "$classes/../compile.log" >&2; exit 1; }
}

# A pid may have been given to someone else since: ours has our folder among its arguments.
running() {
    [ -f "$dir/pid" ] && tr '\0' ' ' <"/proc/$(cat "$dir/pid")/cmdline" 2>/dev/null | grep -q "MiniHadoop $dir "
}

start() {
    if running; then echo "$dir/conf"; return; fi
    fetch
    compile
    rm -rf "$dir"
    mkdir -p "$dir"
    mkfifo "$dir/input"
    opens=
    for package in lang util net; do opens="$opens --add-opens=java.base/java.$package=ALL-UNNAMED"; done
    cd "$dir" # it leaves a folder `target` where it stands
    # the pipe is held open by a process that ends with the cluster's
    # shellcheck disable=SC2086
    setsid java -Xmx1000m $opens -Dtest.build.data="$dir/data" -cp "$classes:$lib/*" MiniHadoop "$dir" "$port" "$part" \
        <>"$dir/input" >"$dir/log" 2>&1 &
    echo $! >"$dir/pid"
    tries=0
    until grep -qx ready "$dir/log"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 360 ] || ! running; then
            echo "Hadoop did not start; the end of $dir/log:" >&2
            tail -n 10 "$dir/log" >&2
            stop
            exit 1
        fi
        sleep 0.5
    done
    echo "$dir/conf"
}

stop() {
    running || { rm -f "$dir/pid"; return 0; }
    kill "$(cat "$dir/pid")"
    tries=0
    while running && [ "$tries" -lt 50 ]; do
        tries=$((tries + 1))
        sleep 0.2
    done
    ! running || kill -9 "$(cat "$dir/pid")"
    rm -f "$dir/pid"
}

case $command in
start) start ;;
stop) stop ;;
*) echo "usage: mini-hadoop.sh start|stop PORT [hdfs]" >&2; exit 2 ;;
esac
