#!/bin/sh
# The tests of the connect engine that matter on every Spark, on real servers of other versions than the usual one:
#   4.2  of build/venv-42, which asks for a token, alone and behind a proxy that speaks TLS
#   4.0  of build/venv-40: has no GetStatus
#   3.5  of build/venv-35, its Connect jar fetched by Maven into build/connect-35: cannot bind inputs in plans either
# What is missing is a SKIP, and in CI (where CI is set) a failure: tests/tools/deps.sh test installs it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
port=${FIRESTEEL_TEST_PORT:-15932}
token=of-a-test-only
usual=${FIRESTEEL_PYTHON:-$root/build/venv/bin/python}
failed=
cd "$root"
trap 'sh "$root/tests/tools/spark-server.sh" stop "$port"' EXIT

is_there() { # version, files
    version=$1
    shift
    for file in "$@"; do
        [ ! -e "$file" ] || continue
        echo "SKIP Spark $version: there is no $file (tests/tools/deps.sh test)"
        [ -z "${CI:-}" ] || failed="$failed, Spark $version is missing"
        return 1
    done
}

serve() { # version of the venv
    FIRESTEEL_PYTHON=$root/build/venv-$1/bin/python sh tests/tools/spark-server.sh start "$port"
}

# What each Spark must do; the rest of test_connect_spark is the same everywhere.
run_tests() { # label, url, patterns of tests
    label=$1
    export FIRESTEEL_PYTHON="$usual" FIRESTEEL_SPARK_URL="$2"
    shift 2
    for pattern in "$@"; do
        program=build/release/tests/engine/test_connect_${pattern%%:*}
        FIRESTEEL_TEST_ONLY="*${pattern#*:}*" "$program" || failed="$failed, $label $pattern"
    done
    echo "Spark $label: done"
}

for test in line spark tls; do
    ${MAKE:-make} --no-print-directory "build/release/tests/engine/test_connect_$test"
done

found="spark:work_of_a_killed spark:found_without spark:says_why_to_who spark:cancelled_by_another spark:nobody_knows"
same="line: spark:bound_inputs spark:inside_an_input spark:under_a_limit spark:many_types spark:tells_its_progress"

if is_there 4.2 "$root/build/venv-42/bin/python"; then
    # The environment keeps the token out of the arguments.
    url=$(SPARK_CONNECT_AUTHENTICATE_TOKEN=$token serve 42)
    export FIRESTEEL_SPARK_TOKEN_URL="$url" FIRESTEEL_SPARK_TOKEN="$token"
    # shellcheck disable=SC2086
    run_tests "4.2 with a token" "$url/;token=$token" tls: $same $found
    sh tests/tools/spark-server.sh stop "$port"
fi
if is_there 4.0 "$root/build/venv-40/bin/python"; then
    # shellcheck disable=SC2086
    run_tests 4.0 "$(serve 40)" $same $found
    sh tests/tools/spark-server.sh stop "$port"
fi
if is_there 3.5 "$root/build/venv-35/bin/python" "$root/build/connect-35/spark-connect_2.12-3.5.7.jar"; then
    # Strict as the later ones are, so that the same work fails. It tells no progress, no causes, and of work that failed
    # without a client only that a task did.
    settings="spark.sql.ansi.enabled=true spark.jars=$root/build/connect-35/spark-connect_2.12-3.5.7.jar"
    # shellcheck disable=SC2086
    run_tests 3.5 "$(FIRESTEEL_SPARK_CONF=$settings serve 35)" line:cut_again line:rows_that_are_gone line:by_its_tag \
        line:no_views spark:bound_inputs spark:inside_an_input spark:under_a_limit spark:many_types spark:work_of_a_killed \
        spark:found_without spark:cancelled_by_another spark:nobody_knows
fi
[ -z "$failed" ] || echo "connect-versions: failed:${failed#,}"
[ -z "$failed" ] && echo "connect-versions: all passed"
