"""The grid on a table of 100 million rows and on one of 1,000 columns, in a pty: milliseconds from the key to the rows on the
screen, and what was written to the terminal for it."""
import re
import time

import parquet
from figures import figure
from harness import Terminal, Workspace

FILES = parquet.FILES
LAST = 100_000_000


def shows(t, row):
    """Is this the row of the cursor (the title counts from 1), and is it there?"""
    title, *lines = t.text().split("\n")
    return f" {row:,}/" in title and not any(line.startswith(" …") for line in lines)


def press(t, keys, row):
    """Milliseconds until the cursor's row is shown, and bytes."""
    before, began = t.bytes, time.perf_counter()
    t.send(keys)
    while not shows(t, row):
        t.pump(0.002)
        if time.perf_counter() - began > 10:
            raise AssertionError(f"{keys!r}: never saw row {row:,}; the screen:\n{t.text()}")
    return (time.perf_counter() - began) * 1000, t.bytes - before


def say(what, presses, limit=100):
    times = sorted(ms for ms, _ in presses)
    figure(f"{what}: p50", times[len(times) // 2], "ms", None)
    figure(f"{what}: most", times[-1], "ms", limit)
    figure(f"{what}: bytes, most", max(n for _, n in presses), "bytes", None)


def pages(t, key, first, step, n):
    presses = []
    for i in range(n):
        presses.append(press(t, key, first + step * (i + 1)))
    return presses


def scroll(name, total, rows, cols):
    with Workspace(demo=False) as ws:
        t = Terminal(ws, rows=rows, cols=cols)
        t.expect("Sources")
        began = time.perf_counter()
        t.send(f":preview {FILES / name}\r")
        while not shows(t, 1):
            t.pump(0.002)
        figure(f"{name}, {cols}x{rows}: open", (time.perf_counter() - began) * 1000, "ms", 100)
        what = f"{name}, {cols}x{rows}"
        say(f"{what}: to the end and back, 10 times",
            [press(t, key, row) for _ in range(10) for key, row in (("G", total), ("g", 1))])
        press(t, "G", total)
        t.send("\x1b[5~")
        t.pump(0.5)
        page = total - int(re.search(r" ([\d,]+)/", t.text()).group(1).replace(",", ""))
        say(f"{what}: page up, 50 times", pages(t, "\x1b[5~", total - page, -page, 50))
        press(t, "g", 1)
        say(f"{what}: page down, 50 times", pages(t, "\x1b[6~", 1, page, 50))
        jumps = [total * k // 17 + k for k in range(1, 17)]
        say(f"{what}: to a row", [press(t, f"#{row}\r", row) for row in jumps])
        t.close()


def bench_scroll():
    parquet.peers()
    for rows, cols in (24, 80), (40, 120):
        scroll("H.parquet", LAST, rows, cols)
    scroll("W.parquet", 100_000, 40, 120)
