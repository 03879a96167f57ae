#!/usr/bin/env python3
"""Random statements, answered by the local engine and by a real Spark: generate.py [--count N] [--seed S] [--keep FILE].

Names, types, rows and error conditions must be the same, or the statement refused. What differs is made smaller and
printed (and with --keep put into a corpus). Ends with 1 when an answer differs; that one of the two fails, or with another
condition, is only counted so far: it depends on what Spark's optimizer computes first."""
import argparse
import collections
import copy
import math
import os
import pathlib
import random
import re
import select
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path += [str(HERE), str(HERE / "corpus")]
from generate_grammar import Grammar, Node  # noqa: E402
import make  # noqa: E402

ANSWERS = ROOT / "build/release/tests/engine/local_answers"
ORDERED = re.compile(r" ORDER BY [\d, A-Z]+$")
ALLOWED = {"equal", "errors", "refused", "different", "condition", "only ours fails", "only Spark fails"}
LOOSE = re.compile(r"\b(sum|avg|stddev\w*|var_\w+|corr|covar_\w+|median)\(")


class Local:
    """The program beside, one statement after the other; started again when it dies."""

    def __init__(self, *arguments):
        self.child = None
        self.command = [ANSWERS, *arguments]

    def answer(self, sql, ordered):
        if not self.child or self.child.poll() is not None:
            self.child = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.child.stdin.write((("-- ordered\n" if ordered else "") + sql + "\n;\n").encode())
        self.child.stdin.flush()
        out = b""
        until = time.monotonic() + 30
        while not out.endswith(b"\n;\n"):
            ready = select.select([self.child.stdout], [], [], max(0, until - time.monotonic()))[0]
            got = os.read(self.child.stdout.fileno(), 1 << 16) if ready else b""
            if not got:
                self.child.kill()
                return [f"DIED {self.child.wait()}" if ready else "HANGS"]
            out += got
        return out[:-3].decode("utf-8", "replace").split("\n")


def spark_answer(spark, sql, ordered):
    try:
        return make.answer(spark, sql, ordered)
    except Exception as error:  # the condition is the answer
        return [make.condition(error)]


def near(a, b):
    try:
        return math.isclose(float(a), float(b), rel_tol=1e-12)
    except ValueError:
        return False


def rows_agree(ours, theirs, loose):
    if len(ours) != len(theirs):
        return False
    for a, b in zip(ours, theirs):
        cells = list(zip(a.split("\t"), b.split("\t")))
        if len(a.split("\t")) != len(b.split("\t")) or not all(x == y or loose and near(x, y) for x, y in cells):
            return False
    return True


def difference(sql, ours, theirs):
    """None, or in one word what differs."""
    if ours[0].startswith(("DIED", "HANGS")):
        return ours[0]
    if ours[0].startswith("ERROR") or theirs[0].startswith("ERROR"):
        kinds = {(True, True): "condition", (True, False): "only ours fails", (False, True): "only Spark fails"}
        return None if ours == theirs else kinds[ours[0].startswith("ERROR"), theirs[0].startswith("ERROR")]
    if ours[0] != theirs[0]:
        return "head"
    return None if rows_agree(ours[1:], theirs[1:], LOOSE.search(sql)) else "rows"


class Compare:
    def __init__(self, spark):
        self.spark, self.local, self.halves = spark, Local(), Local("2")

    def __call__(self, sql):
        ordered = bool(ORDERED.search(sql))
        ours = self.local.answer(sql, ordered)
        halves = self.halves.answer(sql, ordered)
        if difference(sql, halves, ours):
            return "rows of two threads", halves, ours
        if ours[0].startswith("REFUSED"):
            return "refused", ours, []
        theirs = spark_answer(self.spark, sql, ordered)
        return difference(sql, ours, theirs), ours, theirs


def smaller(tree):
    """Trees with something taken away, the largest pieces first."""
    for k, (holder, i) in enumerate(tree.places()):
        node = holder.parts[i]
        if node.kind == "option" or holder.kind == "list" and len(holder.parts) > 1:
            yield k, None
        if node.kind == "expr" and node.type:
            for d, (h, j) in enumerate(node.places()):
                if h.parts[j].type == node.type and h.parts[j].kind == "expr":
                    yield k, d


def without(tree, k, d):
    tree = copy.deepcopy(tree)
    holder, i = list(tree.places())[k]
    if d is not None:
        h, j = list(holder.parts[i].places())[d]
        holder.parts[i] = h.parts[j]
    elif holder.kind == "list":
        del holder.parts[i]
    else:
        holder.parts[i] = Node([])
    return tree


def shrink(compare, tree, what):
    tries, changed = 60, True
    while changed and tries > 0:
        changed = False
        for k, d in smaller(tree):
            tries -= 1
            candidate = without(tree, k, d)
            if compare(str(candidate))[0] == what:
                tree, changed = candidate, True
                break
            if tries <= 0:
                break
    return tree


def construct(refusal):
    """What a refusal names, without its place."""
    return re.sub(r"^REFUSED (line \d+, column \d+: )?", "", refusal)[:90]


def report(n, kinds, refusals):
    for name, count in refusals.most_common():
        print(f"  refused {count:6}  {name}")
    for what in sorted(kinds.keys() - {"equal", "errors", "refused", "different"}):
        print(f"  different {kinds[what]:4}  {what}")
    print(f"generated {n} statements: {kinds['equal']} equal ({kinds['errors']} of them the same error), {kinds['refused']} refused, "
          f"{kinds['different']} different")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--count", type=int, default=2000)
    args.add_argument("--seed", type=int, default=int(time.time()))
    args.add_argument("--keep")
    args.add_argument("--seconds", type=float, default=1e9)
    args.add_argument("--only", default="", help="of differences, only those of this kind are made smaller and shown")
    args = args.parse_args()
    print(f"seed {args.seed}", flush=True)
    spark = make.session()
    for name in make.TABLES:
        spark.read.parquet(str(HERE / f"corpus/data/{name}.parquet")).createOrReplaceTempView(name)
    grammar, compare = Grammar(random.Random(args.seed)), Compare(spark)
    kinds, refusals = collections.Counter(), collections.Counter()
    until, done = time.monotonic() + args.seconds, 0
    while done < args.count and time.monotonic() < until:
        tree = grammar.statement()
        done += 1
        what, ours, theirs = compare(str(tree))
        if what == "refused":
            kinds["refused"] += 1
            refusals[construct(ours[0])] += 1
        elif not what:
            kinds["equal"] += 1
            kinds["errors"] += ours[0].startswith("ERROR")
        else:
            kinds["different"] += 1
            kinds[what] += 1
            if args.only not in what:
                continue
            small = str(shrink(compare, tree, what))
            _, ours, theirs = compare(small)
            print(f"--- {done} {what}: {small}\nours:   {ours[:6]}\nSpark:  {theirs[:6]}", flush=True)
            if args.keep:
                with open(args.keep, "a", encoding="utf-8") as f:
                    f.write(("-- ordered\n" if ORDERED.search(small) else "") + small + ";\n")
    report(done, kinds, refusals)
    sys.exit(1 if kinds.keys() - ALLOWED else 0)


if __name__ == "__main__":
    main()
