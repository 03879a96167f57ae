#!/bin/sh
# Install what is missing on Debian: `build` for building and running, `spark` for the demo on Spark, `test` for everything.
# Uses sudo only when not root; asks for nothing that is there already.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build="gcc make pkg-config libc6-dev libncurses-dev libcurl4-openssl-dev libcurl4 libssl3 libcjson-dev libsqlite3-dev libyaml-dev \
libzstd-dev zlib1g-dev liblz4-dev libbrotli-dev libpcre2-dev libutf8proc-dev"
spark="python3 python3-venv"
test="libcmocka-dev clang clang-format python3 python3-venv git procps maven openssl time \
ncurses-bin ncurses-term strace valgrind tmux screen zsh fish"

missing() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

install() {
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    echo "installing: $wanted"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $wanted >/dev/null
}

need_java() {
    command -v java >/dev/null 2>&1 || install openjdk-17-jre-headless
}

# For the clusters of the tests that come by Maven: Livy, and a Hadoop whose starter is compiled
need_jdk() {
    command -v javac >/dev/null 2>&1 || install openjdk-17-jdk-headless
    command -v mvn >/dev/null 2>&1 || install maven
}

# $1 = packages for pip; the stamp remembers them
venv() {
    stamp=$root/build/venv/.installed
    [ -x "$root/build/venv/bin/python" ] || python3 -m venv "$root/build/venv"
    for package in $1; do
        grep -qx "$package" "$stamp" 2>/dev/null && continue
        echo "installing the Python package $package into build/venv"
        "$root/build/venv/bin/python" -m pip install -q --disable-pip-version-check "$package"
        echo "$package" >>"$stamp"
    done
}

# A Spark of another version, for a server: not what a Python client of it needs.
server() { # folder, version
    stamp=$root/build/$1/.installed
    [ "$(cat "$stamp" 2>/dev/null)" != "$2" ] || return 0
    echo "installing Spark $2 into build/$1"
    python3 -m venv "$root/build/$1"
    "$root/build/$1/bin/python" -m pip install -q --disable-pip-version-check "pyspark==$2"
    echo "$2" >"$stamp"
}

# Spark 3.5 keeps its Connect server in a jar that its Python package does not have.
connect_jar() { # version
    [ ! -f "$root/build/connect-35/spark-connect_2.12-$1.jar" ] || return 0
    mvn -q -B dependency:copy "-Dartifact=org.apache.spark:spark-connect_2.12:$1" \
        "-DoutputDirectory=$root/build/connect-35" >"$root/build/connect-35.log" 2>&1 ||
        { echo "the Connect jar of Spark $1 did not come; see build/connect-35.log" >&2; return 1; }
}

mkdir -p "$root/build"
case ${1:-build} in
build) install $build ;;
spark) install $build $spark; need_java; venv "pyspark==4.3.0" ;;
test)
    install $build $spark $test
    need_java
    need_jdk
    # the last four are what a Python client of Spark Connect needs beside pyarrow and pandas; moto is an S3
    venv "pyspark==4.3.0 pyarrow duckdb polars pandas pyte grpcio grpcio-status googleapis-common-protos zstandard"
    venv "moto flask flask-cors"
    server venv-42 4.2.0
    server venv-40 4.0.1
    server venv-35 3.5.7
    connect_jar 3.5.7
    ;;
*) echo "usage: deps.sh build|spark|test" >&2; exit 2 ;;
esac
