"""Random keys on the demo workspace, with resizes and files that change below: monkey.py [--count N] [--seed S].

All keys and all actions that `firesteel keys` prints are pressed, all views are opened, prompts get random text. No crash, no
screen that is stuck, no edit lost, and the catalog is whole afterwards. Best with FIRESTEEL_MODE=asan. A seed gives the same
keys again, of the same keymap; what fails is printed as a key script. Left out are the keys that leave the program, and
nothing that would start a server finds a Python to do it with.
"""
import argparse
import json
import os
import random
import sqlite3
import string
import subprocess
import sys
import time

from harness import BINARY, MODE, Workspace, need

PLAIN = [c for c in string.ascii_letters + string.digits + "/?:;.,-+*#<>[]{}()'\"`$%!=_&^~|\\@" if c not in "Q"] + ["s"] * 3 + ["|"] * 3
NAMED = ["enter", "tab", "shift-tab", "up", "down", "left", "right", "pgup", "pgdn", "home", "end", "space", "backspace",
         "delete", "f1", "f5", "ctrl-a", "ctrl-b", "ctrl-d", "ctrl-e", "ctrl-f", "ctrl-g", "ctrl-k", "ctrl-l", "ctrl-n", "ctrl-p",
         "ctrl-r", "ctrl-s", "ctrl-t", "ctrl-u", "ctrl-v", "ctrl-w", "ctrl-x", "ctrl-y", "ctrl-space", "alt-a", "alt-c", "alt-d", "alt-s",
         "alt-w", "alt-x", "shift-up", "shift-down", "shift-left", "shift-right", "ctrl-left", "ctrl-right", "ctrl-home", "ctrl-end"]
LEAVES = {"quit", "suspend"}  # and the keys of these
TEXTS = ["SELECT {{", "'; DROP TABLE x", "\u202e\U0001f600e\u0301", "w > 1 AND", "fraud_training", "q", "a|(b", "!x", "~abc", "[", "\\", "%s%n",
         "TransactionAmount > 100", "count(*)", "-1", "99999999999999999999", "name asc", "x.csv", "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 3, "=", ""]
SIZES = ["80x24", "120x40", "20x6", "1x1", "300x90", "9x3", "40x12", "500x200", "1x200", "500x1"]
VIEWS = ["tree", "tables", "sessions", "runs", "home", "help", "palette", "sources", "transformations", "features", "labels",
         "training_sets", "entities", "providers", "jobs", "tasks", "sql SELECT 1", "features sp", "search spent", "files data", "usage", "drift", "inspect", "compare", "form", "text", "stale"]
OF_ONE = ["edit", "preview", "lineage", "runs", "explain", "columns", "tree", "run", "tag", "log", "stages", "open"]
CHUNK = 300


class Keymap:
    """What there is to be pressed, as the program tells it."""

    def __init__(self, ws):
        rows = [json.loads(line) for line in ws.ok("keys", "-o", "jsonl").splitlines()]
        keys = {key for r in rows for key in r["keys"].split() if r["action"] not in LEAVES and "," not in key}
        leaving = {key for r in rows for key in r["keys"].split() if r["action"] in LEAVES}
        self.named = sorted((keys | set(NAMED)) - leaving - set(PLAIN) - {"-"})
        self.actions = sorted({r["action"] for r in rows} - LEAVES)
        self.names = sorted({r["name"] for r in ws.json("list", "--all")})


def typed(rnd, keymap):
    choice = rnd.random()
    if choice < 0.6:
        return rnd.choice(TEXTS)
    if choice < 0.8:
        return rnd.choice(keymap.names)
    return "".join(rnd.choice(string.printable[:95]) for _ in range(rnd.randrange(1, 30)))


def command(rnd, keymap):
    choice = rnd.random()
    if choice < 0.35:
        return rnd.choice(VIEWS)
    if choice < 0.75:
        return f"{rnd.choice(OF_ONE)} {rnd.choice(keymap.names)}"
    return rnd.choice(keymap.actions)


def script(rnd, n, keymap):
    """Lines for n keys. Now and then a view is opened, so that ways back do not end on the first screen, which leaves."""
    for i in range(n):
        choice = rnd.random()
        if i % 20 == 0:
            yield f"key {rnd.randrange(10)}"
        if choice < 0.005:
            yield f"resize {rnd.choice(SIZES)}"
        elif choice < 0.012:
            yield f"{rnd.choice(['click', 'click', 'wheel-up', 'wheel-down'])} {rnd.randint(1, 90)}x{rnd.randint(1, 30)}"
        elif choice < 0.03:
            yield "type :" + command(rnd, keymap)
            yield "key enter"
        elif choice < 0.05:
            yield (rnd.choice(["type ", "paste "]) + typed(rnd, keymap)).rstrip() + " x"
            if rnd.random() < 0.5:
                yield "key enter"
        elif choice < 0.055:  # the palette, which acts on what is below
            yield "key ctrl-p"
            yield "type " + rnd.choice(keymap.actions + keymap.names)
            yield "key enter"
        elif choice < 0.075:
            yield "wait"
        elif choice < 0.09:
            yield "key q"
        else:
            yield "key " + (rnd.choice(PLAIN) if rnd.random() < 0.5 else rnd.choice(keymap.named))


def disturb(rnd, ws):
    """A file of the demo is cut off, grows, is gone, or is as it was."""
    for name in "customers.csv", "transactions.parquet":
        path, keep = ws.work / "data" / name, ws.dir / name
        if not keep.exists():
            keep.write_bytes(path.read_bytes())
        whole = keep.read_bytes()
        choice = rnd.randrange(8)
        if choice == 0:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes([whole, whole[:rnd.randrange(len(whole))], whole + b"\xff\x00,,\n", b"", whole][choice % 5])


def run(ws, env, text, args, what):
    (ws.dir / "monkey.keys").write_text(text + "\ndump end\n")
    try:
        result = subprocess.run([str(BINARY), "--keys", ws.dir / "monkey.keys", "--dump", ws.dir / "dump", *args], cwd=ws.work, env=env,
                                capture_output=True, timeout=600)
    except subprocess.TimeoutExpired:
        need(False, f"{what}: stuck\n{text}")
    told = result.stderr.decode(errors="replace")
    need(result.returncode == 0 and "Sanitizer" not in told and "runtime error" not in told,
         f"{what}, exit {result.returncode}:\n{told[-6000:]}\n{text}")
    return (ws.dir / "dump").read_text(errors="replace")


def edits_survive(rnd, ws, env):
    """What was typed in an editor that never closed is there when it is opened again."""
    word = f"kept_{rnd.randrange(10**9)}"
    name = rnd.choice(["clean_transactions", "user_activity"])
    run(ws, env, f"type :edit {name}\nkey enter\nwait\nkey ctrl-home\ntype {word} \nresize 20x6\nresize 120x40\nkey pgdn", [], "an edit")
    text = run(ws, env, f"type :edit {name}\nkey enter\nwait\nkey ctrl-home\nwait", ["--size", "120x40"], "an edit looked at")
    need(word in text, f"the edit {word} of {name} is lost:\n{text}")


def variants(ws):
    """All that were ever registered: archived ones too, since a key archives after asking, and can bring back."""
    with sqlite3.connect(next(ws.work.rglob("catalog.db"))) as db:
        return set(db.execute("SELECT kind, name, variant FROM resource").fetchall())


def check_catalog(ws, before):
    after = variants(ws)
    need(before <= after, f"the catalog lost {before - after}")
    ws.json("list", "--all")
    with sqlite3.connect(next(ws.work.rglob("catalog.db"))) as db:
        need(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the catalog is broken")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--count", "--keys", type=int, default=4000, dest="count")
    args.add_argument("--seed", type=int, default=int(time.time()))
    args = args.parse_args()
    print(f"seed {args.seed}, {args.count} keys, {MODE}", flush=True)
    rnd, done, whole = random.Random(args.seed), 0, 0
    with Workspace() as ws:
        env = dict(ws.env, ASAN_OPTIONS="detect_leaks=0", FIRESTEEL_PYTHON="/bin/false", JAVA_HOME="/nowhere")
        keymap = Keymap(ws)
        before = variants(ws)
        while done < args.count:
            text = "\n".join(script(rnd, CHUNK, keymap))
            read_only = ["--read-only"] if rnd.random() < 0.7 else []
            told = run(ws, env, text, ["--size", rnd.choice(SIZES[:2]), *read_only], f"keys from {done} on")
            done += CHUNK
            whole += "--- end" in told
            disturb(rnd, ws)
            if done // CHUNK % 20 == 0:
                edits_survive(rnd, ws, env)
                check_catalog(ws, before)
                print(f"{done} keys", flush=True)
        check_catalog(ws, before)
    print(f"monkey: {done} keys, {whole} of {done // CHUNK} scripts to their end")


if __name__ == "__main__":
    try:
        os.nice(int(os.environ.get("FIRESTEEL_NICE", "0")))
        main()
    except Exception as error:
        print(f"FAILED {error}")
        sys.exit(1)
