#!/usr/bin/env python3
"""Every function with arguments of every type, analysed by the local engine and by a real Spark: generate_calls.py
[--seed S] [--count N] [--only REGEX].

The name and type of the column, or the error's condition, must be the same, or the call refused. The arguments are columns
without rows: nothing is computed. Functions and how many arguments they take are read from the table in functions.c."""
import argparse
import collections
import random
import re
import sys
import time

import generate
import make

FUNCTION = re.compile(r'\{"([a-z0-9_]+)", FST_FN_\w+, ([SAW]), (\d+), (\w+), "')
COLUMNS = {
    "y": "cast(NULL AS tinyint)", "s": "cast(NULL AS smallint)", "i": "cast(NULL AS int)", "l": "cast(NULL AS bigint)",
    "f": "cast(NULL AS float)", "d": "cast(NULL AS double)", "m": "cast(NULL AS decimal(10,2))", "t": "cast(NULL AS string)",
    "x": "cast(NULL AS binary)", "b": "cast(NULL AS boolean)", "da": "cast(NULL AS date)", "ts": "cast(NULL AS timestamp)",
    "tn": "cast(NULL AS timestamp_ntz)", "xs": "array(1)", "st": "named_struct('a', 1)", "mp": "map('k', 1)", "v": "NULL",
}
FROM = " FROM (SELECT " + ", ".join(f"{value} AS {name}" for name, value in COLUMNS.items()) + ") w WHERE false"
MOST = 4  # arguments


def calls(rnd, only):
    """One random call after the other, each function as often as any."""
    rows = FUNCTION.findall((generate.ROOT / "src/sql/functions.c").read_text(encoding="utf-8"))
    rows = [row for row in rows if re.search(only, row[0])]
    while True:
        name, kind, least, most = rnd.choice(rows)
        most = int(least) + 2 if most == "ANY" else int(most)
        n = rnd.randint(int(least), max(int(least), min(most, MOST)))
        args = ", ".join(rnd.choice(list(COLUMNS)) for _ in range(n))
        yield f"{name}({args})" + (" OVER (ORDER BY i)" if kind == "W" else "")


def analysed(spark, sql):
    try:
        return "\t".join(f"{f.name} {f.dataType.simpleString()}" for f in spark.sql(sql).schema.fields)
    except Exception as error:  # the condition is the answer
        return make.condition(error)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--count", type=int, default=5000)
    args.add_argument("--seed", type=int, default=int(time.time()))
    args.add_argument("--only", default="")
    args = args.parse_args()
    print(f"seed {args.seed}", flush=True)
    spark, local = make.session(), generate.Local()
    kinds = collections.Counter()
    made = calls(random.Random(args.seed), args.only)
    for _ in range(args.count):
        call = next(made)
        ours = local.answer("SELECT " + call + FROM, False)[0]
        if ours.startswith("REFUSED"):
            kinds["refused"] += 1
            continue
        theirs = analysed(spark, "SELECT " + call + FROM)
        kinds["equal" if ours == theirs else "different"] += 1
        if ours != theirs:
            print(f"--- {call}\nours:  {ours}\nSpark: {theirs}", flush=True)
    print(f"generated {args.count} calls: {kinds['equal']} equal, {kinds['refused']} refused, {kinds['different']} different")
    sys.exit(1 if kinds["different"] else 0)


if __name__ == "__main__":
    main()
