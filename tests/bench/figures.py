"""What the benches share: figures beside their bars, times of whole processes, memory."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

ROWS = []
FAILED = []


def figure(what, value, unit, bar, blocks=False):
    over = bar is not None and value > bar
    ROWS.append((what, value, unit, bar, over))
    print(f"{what:58} {value:10.1f} {unit:6} {'bar ' + format(bar, 'g') if bar is not None else '':12} "
          f"{'OVER' if over else ''}", flush=True)
    if over and blocks:
        FAILED.append(what)


def median_ms(argv, runs=9, **kw):
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **kw)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def peak_mb(argv, **kw):
    """Largest resident size of one process. GNU time starts it: what this Python forks would begin with its own size."""
    told = subprocess.run(["/usr/bin/time", "-f", "%M", *map(str, argv)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, check=True, **kw)
    return int(told.stderr.split()[-1]) / 1024


def rss_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
