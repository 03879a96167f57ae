#!/bin/sh
# An S3 for tests that checks signatures (S3Proxy), and the jars that let Spark 4.3 speak s3a.
#
#   s3.sh fetch              prints S3Proxy's jar, then the jars for Spark's class path, joined by colons
#   s3.sh start PORT         a server that keeps objects in memory; waits until it answers
#   s3.sh stop PORT
# Keys: AKIDEXAMPLE and wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
lib=$root/build/s3/lib
proxy=s3proxy-4.1.0-jar-with-dependencies.jar

fetch() {
    [ ! -f "$lib/.complete" ] || return 0
    mkdir -p "$lib/spark"
    mvn -q -B dependency:copy "-Dartifact=org.gaul:s3proxy:4.1.0:jar:jar-with-dependencies" \
        "-DoutputDirectory=$lib" >"$root/build/s3/fetch.log" 2>&1 &&
        mvn -q -B -f "$root/tests/tools/s3a-pom.xml" dependency:copy-dependencies \
            "-DoutputDirectory=$lib/spark" >>"$root/build/s3/fetch.log" 2>&1 ||
        { tail -n 20 "$root/build/s3/fetch.log" >&2; exit 1; }
    touch "$lib/.complete"
}

start() {
    dir=$root/build/s3/$1
    rm -rf "$dir"
    mkdir -p "$dir"
    cat >"$dir/conf" <<END
s3proxy.endpoint=http://127.0.0.1:$1
s3proxy.authorization=aws-v4
s3proxy.identity=AKIDEXAMPLE
s3proxy.credential=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
jclouds.provider=transient-nio2
jclouds.identity=x
jclouds.credential=y
END
    setsid java -Xmx256m -jar "$lib/$proxy" --properties "$dir/conf" >"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    tries=0
    until python3 -c "import socket; socket.create_connection(('127.0.0.1', $1), 1)" 2>/dev/null; do
        tries=$((tries + 1))
        if ! kill -0 "$(cat "$dir/pid")" 2>/dev/null || [ "$tries" -gt 300 ]; then
            tail -n 20 "$dir/log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

stop() {
    pid=$(cat "$root/build/s3/$1/pid" 2>/dev/null) || return 0
    [ ! -r "/proc/$pid/cmdline" ] || ! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "s3/$1/conf" || kill "$pid"
}

case ${1:-} in
fetch) fetch; echo "$lib/$proxy"; find "$lib/spark" -name '*.jar' | sort | paste -sd: - ;;
start) fetch; start "$2" ;;
stop) stop "$2" ;;
*) echo "usage: s3.sh fetch | start PORT | stop PORT" >&2; exit 2 ;;
esac
