#!/bin/sh
# Delta Lake for tests: a Spark 4.2 of its own (Delta is not made for 4.3 yet) and Delta's jars by Maven.
#
#   delta.sh        prints the Python that has pyspark 4.2, and the jars, comma-separated, on two lines
#
# FIRESTEEL_SPARK42_PYTHON names a Python with pyspark 4.2 that is there already. Else one is made in build/venv-42.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
lib=$root/build/delta/lib
python=${FIRESTEEL_SPARK42_PYTHON:-$root/build/venv-42/bin/python}

if ! "$python" -c 'import pyspark, sys; sys.exit(not pyspark.__version__.startswith("4.2."))' 2>/dev/null; then
    [ -x "$python" ] || python3 -m venv "$root/build/venv-42" >&2
    "$python" -m pip install -q --disable-pip-version-check "pyspark==4.2.0" >&2
fi
if [ ! -f "$lib/.complete" ]; then
    mkdir -p "$lib"
    mvn -q -B -f "$root/tests/tools/delta-pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" >"$lib/../fetch.log" 2>&1 ||
        { tail -n 20 "$lib/../fetch.log" >&2; exit 1; }
    touch "$lib/.complete"
fi
echo "$python"
find "$lib" -name '*.jar' | sort | paste -sd, -
