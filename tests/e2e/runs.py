"""Runs on the screen: the timeline of their stages, what stands out, attempts, logs, the end that is told."""
import difflib
import json
import os
import pathlib
import re
import sqlite3
import threading
import time

from harness import MODE, Terminal, Workspace, main, need

WS = Workspace()
(WS.work / "ascii.yaml").write_text("ui.ascii: true\n")
S = 10**6
T0 = 10**15


def golden(name, text):
    path = pathlib.Path(__file__).parent / "golden" / f"{name}.txt"
    text = re.sub(r"\d{8}-\d{6}-[0-9a-z]{4}", "<------run------->  ", text)
    got = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if os.environ.get("FIRESTEEL_GOLDEN"):
        path.write_text(got)
    need(path.exists(), f"there is no {path.name}; FIRESTEEL_GOLDEN=1 makes it")
    want = path.read_text()
    need(got == want, "".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True), path.name, "now")))


def stage(number, begin, end, **more):
    base = {"id": number, "state": "COMPLETE" if end else "ACTIVE", "name": f"stage at X.scala:{number}", "nodes": "Exchange", "node": "Exchange",
            "submitted_us": T0 + begin * S, "completed_us": T0 + end * S if end else 0, "tasks": 8, "tasks_done": 8 if end else 3, "run_us": 100 * S,
            "duration_us": [S] * 6}
    return {**base, **more}


def profile_of(run, stages, ended=100, **more):
    profile = {"source": "rest", "finished": bool(ended), "started_us": T0, "ended_us": T0 + ended * S if ended else 0, "executors": 1, "cores": 2,
               "stages": stages, **more}
    (WS.work / ".firesteel/runs" / run / "profile.json").write_text(json.dumps(profile))


def ready_run(name="spend_by_segment"):
    return next(r["run"] for r in WS.json("runs", "-n", 100) if r["state"] == "READY" and r["name"] == f"{name}.v1")


SKEWED = [stage(0, 0, 10), stage(1, 0, 40), stage(2, 0, 0, state="SKIPPED", submitted_us=0, completed_us=0),
          stage(3, 40, 95, nodes="SortMergeJoin, Sort", node="SortMergeJoin", words="user_id", duration_us=[S, S, S, S, S, 50 * S],
                tasks=200, tasks_done=200, spill_disk_bytes=3 << 30, spill_memory_bytes=9 << 30, shuffle_read_bytes=5 << 30, failure="\u001b[31mred")]


def test_stages_are_bars_on_the_clock():
    run = ready_run()
    profile_of(run, SKEWED)
    got = WS.screen(f"type :stages {run}\nkey enter\nexpect timeline\nexpect SortMergeJoin\nwait\ndump bars\n", "110x30")
    rows = {m[1]: line for line in got["bars"].splitlines() if (m := re.match(r"[* ] +(\d+)  [ █]", line))}
    need(set(rows) == {"0", "1", "3"}, got["bars"])
    need(rows["1"].startswith("*") and rows["3"].startswith("*") and not rows["0"].startswith("*"), got["bars"])
    need(rows["0"].count("█") < rows["1"].count("█") < rows["3"].count("█"), got["bars"])
    need(rows["1"].rindex("█") <= rows["3"].index("█"), "a stage begins before the one that it waits for ends")
    need("55%" in rows["3"] and "55s" in rows["3"], rows["3"])
    golden("run-stages", got["bars"])
    got = WS.screen(f"type :stages {run}\nkey enter\nexpect timeline\nwait\ndump bars\n", "80x30", "--config", "ascii.yaml")
    need(all(ord(c) < 128 for c in got["bars"]), "not only ASCII")
    golden("run-stages-ascii", got["bars"])


def test_a_running_stage_grows():
    run = ready_run()
    profile_of(run, [stage(0, 0, 10), stage(1, 10, 0), stage(2, 8, 9, state="FAILED")], ended=0)
    lengths = []
    for seconds in (15, 80):
        env = dict(WS.env, FIRESTEEL_NOW=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(T0 // S + seconds)))
        path = WS.dir / "grow.keys"
        path.write_text(f"type :stages {run}\nkey enter\nexpect timeline\nwait\ndump bars\n")
        out = WS.run("--keys", path, "--size", "100x30", env=env)
        need(out.returncode == 0, out.stdout + out.stderr)
        line = next(x for x in out.stdout.splitlines() if "▶" in x)
        lengths.append(line.count("█") / max(1, next(x for x in out.stdout.splitlines() if re.match(r"[* ] +0  ", x)).count("█")))
        need("3/8" in line, line)
        need("▒" in out.stdout, out.stdout)
    need(lengths[1] > 2 * lengths[0], lengths)


def test_findings_stand_in_the_run_and_open():
    run = ready_run()
    profile_of(run, SKEWED)
    got = WS.screen(f"type :log {run}\nkey enter\nexpect why: enter\nexpect 55% skew\nexpect spill-disk\nwait\ndump run\nkey enter\nexpect timeline\n"
                    "key enter\nexpect finding skew\nwait\ndump finding\nkey q k k\nwait\nkey g\nkey j j j j j\nkey enter\nwait\ndump stage\n", "110x30")
    finding = got["finding"]
    for word in ("rule         skew: a task takes much longer", "value        max 50s", "threshold    ", "findings.skew.ratio", "findings.muted: skew",
                 "shuffle read", "spilled to disk", "median 1s"):
        need(word in finding, f"{word}\n{finding}")
    need("stage 3, attempt 1, COMPLETE" in got["stage"], got["stage"])
    shares = [int(x) for x in re.findall(r"(\d+)% [a-z-]+ ", got["run"].split("log")[0])]
    need(shares == sorted(shares, reverse=True), got["run"])
    need("\u001b" not in got["stage"] and "[31mred" in got["stage"], got["stage"])


def config(text):
    path = WS.dir / "home/.config/firesteel/config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def opened(**more):
    t = Terminal(WS, **more)
    t.expect("Transformations")
    return t


def told(t, wanted):
    end = time.monotonic() + 60
    while wanted not in t.raw and time.monotonic() < end:
        t.pump(0.2)
    need(wanted in t.raw, f"{wanted} did not come:\n{t.text()}")


def test_the_end_is_told_as_one_wants_it():
    note = WS.dir / "note.txt"
    config(f"notify: osc9\nnotify.command: [sh, -c, 'printf \"%s|\" \"$@\" >{note}', me, '{{name}}', '{{state}}', '{{took}}', 'x{{run}}', '{{other}}']\n")
    t = opened()
    try:
        t.send(":run location_codes.draft\r")
        t.expect("location_codes.draft is FAILED after")
        told(t, b"\x1b]9;firesteel: location_codes.draft is FAILED after ")
        end = time.monotonic() + 20
        while not (note.exists() and note.read_text()) and time.monotonic() < end:
            t.pump(0.2)
        words = note.read_text().split("|")
        run = WS.json("runs")[0]["run"]
        need(words[0] == "location_codes.draft" and words[1] == "FAILED" and re.fullmatch(r"[0-9.]+m?s", words[2]), words)
        need(words[3] == f"x{run}" and words[4] == "{other}", words)
        t.send(":set notify none\r")
        t.pump(0.3)
        before = len(t.raw)
        t.send(":run location_codes.draft\r")
        t.expect("location_codes.draft is FAILED after")
        need(b"\x1b]9;" not in t.raw[before:] and b"\x07" not in t.raw[before:], "told although it was not wanted")
    finally:
        t.close()
        config("")


def test_short_runs_ring_nothing():
    config("notify.after: 3600\n")
    t = opened()
    try:
        t.send(":run location_codes.draft\r")
        t.expect("location_codes.draft is FAILED after")
        t.pump(0.5)
        need(b"\x07" not in t.raw, "it rang")
    finally:
        t.close()
        config("")


def test_the_words_of_notify_are_checked():
    config("notify: loud\n")
    need("config.yaml:1:" in WS.fails(2, "list"), "a wrong word is taken")
    config("notify: {after: 5, command: what}\n")
    need("argv" in WS.fails(2, "list"), "a command that is no list is taken")
    config("notify: {after: 5, command: [true]}\n")
    WS.ok("list")
    config("")
    own = WS.work / ".firesteel/config.yaml"
    own.write_text("notify.command: [rm, x]\n")
    try:
        need("your own config.yaml only" in WS.fails(2, "list"), "a workspace brings a program along")
    finally:
        own.unlink()


def test_the_end_of_a_chain_is_told():
    (WS.work / "chain.yaml").write_text("""transformations:
  - {name: step0, variant: v1, sql: 'SELECT 1 AS one'}
  - {name: step1, variant: v1, sql: 'SELECT one FROM {{step0.v1}}'}
  - {name: step2, variant: v1, sql: 'SELECT one FROM {{step1.v1}}'}
""")
    WS.ok("apply", "chain.yaml")
    t = opened(cols=120)
    try:
        t.send(":step2\r")
        t.expect("definition")
        t.send("R")
        t.expect("step2.v1 is READY, all 3 runs, after")
        need(b"\x07" in t.raw, "no bell")
        need(t.raw.count(b"\x07") == 1, "it rang more than once")
    finally:
        t.close()
    (WS.work / "chain.yaml").write_text("transformations:\n  - {name: bad0, variant: v1, sql: 'SELECT CAST(City AS INT) AS x FROM {{customers}}'}\n"
                                        "  - {name: bad1, variant: v1, sql: 'SELECT x FROM {{bad0.v1}}'}\n")
    WS.ok("apply", "chain.yaml")
    t = opened(cols=120)
    try:
        t.send(":bad1\r")
        t.expect("definition")
        t.send("R")
        t.expect("bad1.v1 ended with 0 of 2 runs READY after")
    finally:
        t.close()


def test_the_runs_of_a_chain_on_the_clock():
    run = ready_run("step1")
    got = WS.screen(f"type :log {run}\nkey enter\nexpect progress\nkey T\nexpect chain of step2.v1  3/3 READY, ended\nwait\ndump chain\nkey j enter\n"
                    "expect progress\n", "100x20")
    lines = got["chain"].splitlines()[2:5]
    need([line.split()[0] for line in lines] == ["step0.v1", "step1.v1", "step2.v1"], got["chain"])
    need(lines[0].index("█") < lines[1].index("█") < lines[2].index("█"), got["chain"])
    got = WS.screen(f"type :log {run}\nkey enter\nexpect progress\nkey T\nexpect chain of\nwait\ndump chain\n", "80x20", "--config", "ascii.yaml")
    need(all(ord(c) < 128 for c in got["chain"]) and got["chain"].count("#") >= 3, got["chain"])
    WS.screen(f"type :log {ready_run()}\nkey enter\nexpect progress\nkey T\nexpect is in no chain\n", "100x20")
    WS.screen("type :bad1\nkey enter\nexpect definition\nkey q\nkey 8\nexpect bad0\nkey g T\nexpect chain of bad1.v1  0/2 READY, ended\nexpect left out, stands on bad0.v1\n", "100x20")


def run_log(run):
    return WS.work / ".firesteel/runs" / run / "log"


STATES = {"RUNNING": 3, "READY": 4}


def make_live(run, state="RUNNING"):
    """As if another host had it under way, so that nobody here takes it up; or ended, as it was."""
    db = sqlite3.connect(WS.work / ".firesteel/catalog.db")
    try:
        finished = 0 if state == "RUNNING" else int(time.time() * 10**6)
        db.execute("UPDATE run SET state = ?, finished = ?, host = 'elsewhere' WHERE run_id = ?", (STATES[state], finished, run))
        db.commit()
    finally:
        db.close()
    need(next(r for r in WS.json("runs", "-n", 100) if r["run"] == run)["state"] == state, f"run {run} is not {state}")


def test_a_log_is_cut_to_a_time():
    run = ready_run()
    kept = run_log(run).read_text()
    lines = [f"26/11/28 {9 + i // 60:02}:{i % 60:02}:00 INFO Work: line {i:03}" for i in range(120)]
    lines.insert(119, "  a second line of 118")
    run_log(run).write_text("\n".join(lines) + "\n")
    got = WS.screen(f"type :log {run}\nkey enter\nexpect line 119\nwait\nkey (\nexpect time: last 1h  62/121\nkey (\nexpect time: last 5m  7/121\nwait\n"
                    "dump minutes\nkey (\nexpect time: last 1m  3/121\nkey (\nexpect that is the shortest\nkey ) ) )\nwait\nrefute time:\nkey )\n"
                    "expect that is all of the log\nkey @\ntype 09:10..09:12\nkey enter\nexpect 3/121\nexpect line 011\nrefute line 013\nkey /\ntype line 011\n"
                    "key enter\nwait\nexpect line 011\nrefute line 012\nkey @ ctrl-u\ntype sometimes\nkey enter\nexpect a time is 5m\n", "100x30")
    need("a second line of 118" in got["minutes"] and "line 114" in got["minutes"] and "line 113" not in got["minutes"], got["minutes"])
    run_log(run).write_text(kept)


def rss(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


def test_following_never_loses_its_place():
    run = ready_run()
    path = run_log(run)
    kept = path.read_text()
    path.write_text("")
    make_live(run)
    t = opened(rows=24, cols=100)
    stop, written = threading.Event(), [0]

    def write():
        with path.open("a") as f:
            began = time.monotonic()
            while not stop.is_set():
                due = int((time.monotonic() - began) * 10000)
                f.write("".join(f"26/11/28 10:00:00 INFO W: line {i:07} of {'even' if i % 2 == 0 else 'odd'} {'x' * 60}\n"
                                for i in range(written[0], due)))
                f.flush()
                written[0] = max(due, written[0])
                stop.wait(0.05)

    thread = threading.Thread(target=write)
    thread.start()

    def first_line():
        found = re.search(r"line (\d{7})", t.text())
        return int(found[1]) if found else -1

    try:
        t.send(f":log {run}\r")
        t.expect("following")
        t.expect("line 00")
        t.send("kkk")
        t.expect("not following")
        at = first_line()
        for _ in range(12):
            t.pump(0.2)
            need(first_line() == at, f"the place moved from {at} to {first_line()}")
        t.send("F")
        end = time.monotonic() + 30
        while first_line() <= at and time.monotonic() < end:
            t.pump(0.3)
        need(first_line() > at, "it does not follow")
        t.send("/odd\r")
        for _ in range(10):
            t.pump(0.2)
            need("of even" not in t.text(), t.text())
        at, end = first_line(), time.monotonic() + 30
        while first_line() <= at and time.monotonic() < end:
            t.pump(0.3)
        need(first_line() > at, "it does not follow with a filter")
        t.send("/\x15\r")
        end = time.monotonic() + 90
        while "before are not kept" not in t.text() and time.monotonic() < end:
            t.pump(0.3)
        need("before are not kept" in t.text(), t.text())
        before = rss(t.pid)
        until = written[0] + 80000  # 8 MB more: as much as is kept
        while written[0] < until:
            t.pump(0.3)
        if MODE == "release":  # a sanitizer keeps what was freed for a while
            need(rss(t.pid) < before + 24000, f"{before} kB grew to {rss(t.pid)} kB")
    finally:
        stop.set()
        thread.join()
        t.close()
        path.write_text(kept)
        make_live(run, "READY")


def test_live_runs_are_counted_and_gone_through():
    runs = [r["run"] for r in WS.json("runs", "-n", 100) if r["state"] == "READY"][:3]
    for run in runs:
        make_live(run)
    try:
        WS.screen("key 8\nexpect 3 running\nexpect failed in the last hour\n", "100x24")
        got = WS.screen(f"type :log {runs[0]}\nkey enter\nexpect run {runs[0]}\nkey ]\nexpect run 2 of 3 that go on\nexpect run {runs[1]}\nkey ]\n"
                        f"expect run {runs[2]}\nkey ]\nexpect run {runs[0]}\nkey [\nexpect run 3 of 3\nwait\ndump third\nkey q\nexpect Transformations\n", "100x24")
        need(runs[2] in got["third"], got["third"])
    finally:
        for run in runs:
            make_live(run, "READY")
    WS.screen(f"type :log {runs[0]}\nkey enter\nexpect progress\nkey ]\nexpect no other run goes on\nkey q 8\nexpect 0 running\n", "100x24")


def test_marked_runs_are_started_again_and_ended_together():
    before = WS.json("runs", "-n", 100)
    names = [before[0]["name"], before[1]["name"]]
    got = WS.screen("key 8\nexpect READY\nwait\nkey g space space\nexpect 2 marked\nroles marks\nkey c\nexpect all that are marked have ended\nkey r\n"
                    "expect Run again all that are marked\nwait\ndump ask\nkey enter\nwait\nexpect 2 marked\nkey r\nexpect Run again\nkey tab enter\n"
                    "expect started again 2 runs\n", "100x24")
    need("selected" in got["marks"] and all(name in got["ask"] for name in names), got["ask"])
    after = WS.json("runs", "-n", 100)
    need(len(after) == len(before) + 2 and sorted(r["name"] for r in after[:2]) == sorted(names), after[:3])
    live = [after[0]["run"], after[1]["run"]]
    for run in live:
        WS.wait_for_run(run, ("READY", "FAILED"))
    WS.screen("key 8\nexpect READY\nwait\nkey g space * *\nwait\nrefute marked\nkey *\nexpect marked\n", "100x24")
    for run in live:
        make_live(run)
    try:
        WS.screen("key 8\nexpect RUNNING\nwait\nkey g space space space c\nexpect End all that are marked\nexpect 1 others are left out\nkey tab enter\n"
                  "expect asked to end: 2 runs\n", "100x24")
        db = sqlite3.connect(WS.work / ".firesteel/catalog.db")
        columns = [row[1] for row in db.execute("PRAGMA table_info(run)")]
        wanted = next(c for c in columns if "cancel" in c)
        need([db.execute(f"SELECT {wanted} FROM run WHERE run_id = ?", (run,)).fetchone()[0] for run in live] == [1, 1], "they were not asked to end")
        db.close()
    finally:
        for run in live:
            make_live(run, "READY")


def test_attempts_side_by_side():
    WS.ok("run", "spend_by_segment")
    runs = [r["run"] for r in WS.json("runs", "-n", 100) if r["name"] == "spend_by_segment.v1"]
    profile_of(runs[0], [SKEWED[0], dict(SKEWED[3], id=9, completed_us=T0 + 150 * S)], ended=150)
    profile_of(runs[1], SKEWED)
    job = WS.work / ".firesteel/runs" / runs[0] / "job.json"
    sent = json.loads(job.read_text())
    sent["conf"] = {"spark.sql.shuffle.partitions": "7"}
    job.write_text(json.dumps(sent))
    got = WS.screen(f"type :log {runs[1]}\nkey enter\nexpect progress\nkey a\nexpect (this one)\nwait\ndump list\nkey g\nkey d\nexpect (* = differs)\n"
                    "wait\ndump two\nkey G\nwait\ndump end\nkey q\nkey g space space\nwait\nroles marks\nkey d\nexpect (* = differs)\n", "140x40")
    need("spark.sql.shuffle.partitions=7" in got["list"], got["list"])
    two = got["two"] + got["end"]
    need(re.search(r"\* spark.sql.shuffle.partitions +- +7", two), two)
    need(re.search(rf"\* run +{runs[1]} +{runs[0]}", two), two)
    need(re.search(r"stage 3 / 9  SortMergeJoin, Sort\n\* +took +55s +1m50s  \(2.00 x\)", two), two)
    need(re.search(r"stage 1 / -  Exchange", two), two)
    need("selected" in got["marks"], got["marks"])


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
