"""Random keys on the demo workspace, with resizes and files that change below: monkey.py [--keys N] [--seed S].

No crash, no hang, and the catalog is whole afterwards. Best with FIRESTEEL_MODE=asan. Left out are the keys that stop
the program for the shell, and those that start or stop servers."""
import argparse
import random
import subprocess
import sys
import time

from harness import BINARY, MODE, Workspace, need

PLAIN = list("abcdefghijklmnoprtuvwxyzABCDEFGHIJLMNOPRUVWXYZ0123456789/?:;.,-+*#<>[]{}()'\"`$%!=_") + ["s"] * 3
NAMED = ["enter", "tab", "shift-tab", "up", "down", "left", "right", "pgup", "pgdn", "home", "end", "space", "backspace",
         "delete", "f1", "f5", "ctrl-a", "ctrl-b", "ctrl-d", "ctrl-e", "ctrl-f", "ctrl-g", "ctrl-k", "ctrl-l", "ctrl-n", "ctrl-p",
         "ctrl-r", "ctrl-s", "ctrl-t", "ctrl-u", "ctrl-v", "ctrl-w", "ctrl-x", "ctrl-y", "ctrl-space", "alt-a", "alt-c", "alt-d", "alt-s",
         "alt-w", "alt-x", "shift-up", "shift-down", "shift-left", "shift-right", "ctrl-left", "ctrl-right", "ctrl-home", "ctrl-end"]
TEXTS = ["edit user_activity", "preview transactions", "lineage fraud_training", "runs", "sql SELECT 1", "features sp", "help", "tasks",
         "SELECT {{", "'; DROP TABLE x", "\u202e\U0001f600e\u0301", "w > 1 AND", "fraud_training", "q", "files data", "usage", "drift"]
SIZES = ["80x24", "120x40", "20x6", "1x1", "300x90", "9x3", "40x12"]
CHUNK = 300


def script(rnd, n):
    """Lines for n keys. Now and then a view is opened, so that ways back do not end on the first screen, which leaves."""
    for i in range(n):
        choice = rnd.random()
        if i % 20 == 0:
            yield f"key {rnd.randrange(10)}"
        if choice < 0.005:
            yield f"resize {rnd.choice(SIZES)}"
        elif choice < 0.02:
            yield "type :" + rnd.choice(TEXTS)
            yield "key enter"
        elif choice < 0.03:
            yield "type " + rnd.choice(TEXTS)
        elif choice < 0.05:
            yield "wait"
        elif choice < 0.065:
            yield "key q"
        else:
            yield "key " + (rnd.choice(PLAIN) if rnd.random() < 0.5 else rnd.choice(NAMED))


def disturb(rnd, ws):
    """A file of the demo is cut off, grows, or is as it was."""
    path = ws.work / "data/customers.csv"
    keep = ws.dir / "customers.csv"
    if not keep.exists():
        keep.write_bytes(path.read_bytes())
    whole = keep.read_bytes()
    path.write_bytes(rnd.choice([whole, whole[:rnd.randrange(len(whole))], whole + b"\xff\x00,,\n", whole]))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--keys", type=int, default=4000)
    args.add_argument("--seed", type=int, default=int(time.time()))
    args = args.parse_args()
    print(f"seed {args.seed}, {args.keys} keys, {MODE}", flush=True)
    rnd, done, whole = random.Random(args.seed), 0, 0
    with Workspace() as ws:
        env = dict(ws.env, ASAN_OPTIONS="detect_leaks=0")
        before = {(r["type"], r["name"], r["variant"]) for r in ws.json("list", "--all")}
        while done < args.keys:
            (ws.dir / "monkey.keys").write_text("\n".join(script(rnd, CHUNK)) + "\ndump end\n")
            read_only = ["--read-only"] if rnd.random() < 0.7 else []
            result = subprocess.run([str(BINARY), "--keys", ws.dir / "monkey.keys", "--dump", ws.dir / "dump", "--size", rnd.choice(SIZES[:2]),
                                     *read_only], cwd=ws.work, env=env, capture_output=True, timeout=300)
            text = result.stderr.decode(errors="replace")
            need(result.returncode == 0 and "Sanitizer" not in text, f"keys from {done} on, exit {result.returncode}:\n{text[-4000:]}\n"
                 + (ws.dir / "monkey.keys").read_text())
            done += CHUNK
            whole += "--- end" in (ws.dir / "dump").read_text(errors="replace")
            disturb(rnd, ws)
        after = {(r["type"], r["name"], r["variant"]) for r in ws.json("list", "--all")}
        need(before <= after, f"the catalog lost {before - after}")
    print(f"monkey: {done} keys, {whole} of {done // CHUNK} scripts to their end")


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(f"FAILED {error}")
        sys.exit(1)
