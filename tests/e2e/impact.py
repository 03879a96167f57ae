"""What must run again: the view, its twin, running downstream; what is out of date; the way of a column."""
import contextlib
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import time

from harness import BINARY, Workspace, main, need

WS = Workspace()
STALE = Workspace()  # for what is out of date: nothing else runs there


def test_the_impact_is_told_in_the_order_of_running():
    rows = WS.json("lineage", "clean_transactions", "--impact")
    names = [r["name"] for r in rows]
    need(names[0] == "clean_transactions.v1" and rows[0]["why"].startswith("changes itself"), rows)
    for row in rows[1:]:
        inputs = re.sub(r"^(stands on|shows) ", "", row["why"]).split(";")[0].split(", ")
        need(inputs and all(names.index(i) < names.index(row["name"]) for i in inputs if i != row["name"]), row)
    need(all(r["took_ms"] is not None for r in rows if r["runs"] and r["state"] == "READY" and "never ran" not in r["why"]), rows)
    need(all(len(r["hash"]) == 12 for r in rows), rows)
    down = WS.json("lineage", "clean_transactions", "--down")
    need({r["to"] for r in down} | {"clean_transactions.v1"} == set(names), "another set than what stands on it")
    text = WS.run("lineage", "clean_transactions", "--impact")
    need("stands on clean_transactions.v1" in text.stdout and re.search(r"\d+ runs", text.stderr), text.stdout + text.stderr)


def test_pictures_dot_and_json_have_the_same_nodes_and_edges():
    for name in ("clean_transactions", "transactions", "daily_spend"):
        edges = WS.json("lineage", name)
        dot = WS.ok("lineage", name, "-o", "dot")
        boxes = {i: (label.split(" [")[0], kind) for i, label, kind in re.findall(r'(n\d+) \[label="([^"]*)", class="(\w+)"\]', dot)}
        arrows = sorted((boxes[a], boxes[b]) for a, b in re.findall(r"(n\d+) -> (n\d+);", dot))
        need(arrows == sorted(((e["from"], e["from_type"]), (e["to"], e["to_type"])) for e in edges), (arrows, edges))
        drawn = re.findall(r"[\w.]+ \[[A-Z]+(?: stale)?\]", WS.ok("lineage", name))
        need(sorted(d.split(" [")[0] for d in drawn) == sorted(b[0] for b in boxes.values()), drawn)
    (WS.work / "lone.csv").write_text("a\n1\n")
    WS.ok("register", "lone", "--path", "./lone.csv", "--format", "csv")
    alone = WS.json("lineage", "lone")
    need(len(alone) == 1 and alone[0]["from_type"] == "source" and alone[0]["to"] is None, alone)
    need("lone" in WS.ok("lineage", "lone", "-o", "dot") and "lone" in WS.ok("lineage", "lone"), "the lone one is not drawn")


def test_downstream_is_shown_and_then_run_in_order():
    plan = [r["name"] for r in WS.json("run", "clean_transactions", "--downstream", "--plan")]
    need(plan == [r["name"] for r in WS.json("lineage", "clean_transactions", "--impact") if r["runs"]], plan)
    before = len(WS.json("runs", "-n", 1000))
    need(plan and before == len(WS.json("runs", "-n", 1000)), "a plan ran")
    need("--plan is of" in WS.fails(2, "run", "clean_transactions", "--plan"), "a plan of one run")
    WS.ok("run", "spend_window", "--downstream")
    new = [r["name"] for r in WS.json("runs", "-n", 1000)][:-before][::-1]
    want = [r["name"] for r in WS.json("run", "spend_window", "--downstream", "--plan")]
    need(new == want, (new, want))
    lone = WS.run("run", "lone", "--downstream")
    need(lone.returncode != 0 and "nothing that runs stands on" in lone.stderr, lone.stderr)


def test_the_view_of_the_impact():
    got = WS.screen("key 2\nexpect clean\nwait\nkey g I\nexpect Impact of clean_transactions.v1\nexpect changes itself\nwait\ndump view\n"
                    "key r\nexpect Run in this order\nexpect clean_transactions.v1, then\ndump asked\nkey enter\nwait\nrefute Run in this order\n"
                    "key /\ntype nosuch\nkey enter\nwait\nrefute changes itself\nkey esc\nexpect clean\n", "140x30")
    need("read by" in got["view"] and re.search(r"\d+ runs, .* by the last ones", got["view"]), got["view"])
    before = len(WS.json("runs", "-n", 1000))
    WS.screen("key 2\nexpect clean\nwait\ntype :impact spend_window\nkey enter\nexpect changes itself\nwait\nkey r\nexpect Run in this order\n"
              "key tab enter\nexpect started\nwait\n", "120x30")
    need(len(WS.json("runs", "-n", 1000)) > before, "nothing ran")


def test_the_view_tells_the_whole_why_of_the_line_under_the_cursor():
    rows = WS.json("lineage", "clean_transactions", "--impact")
    got = WS.screen("type :impact clean_transactions\nkey enter\nexpect changes itself\nwait\n" +
                    "".join(f"dump {row['name']}\nkey j\nwait\n" for row in rows))
    for row in rows:
        told = " ".join(line.strip() for line in got[row["name"]].splitlines())
        need(f"{row['name']} {row['why']}" in told, (row, got[row["name"]]))
        need(not row["readers"] or f"; read by {row['readers']}" in told, (row, got[row["name"]]))
    need(any(len(row["why"]) > 60 for row in rows), "none is longer than its line")


def newer(name):
    """The file has another time of change, whatever the clock says."""
    path = STALE.work / "data" / name
    now = path.stat().st_mtime
    os.utime(path, (now + 10, now + 10))


def names_of_runs():
    return [r["name"] for r in STALE.json("runs", "-n", 1000)][::-1]


def stale_plan():
    return [r["name"] for r in STALE.json("run", "--stale", "--plan")]


def test_what_is_out_of_date_is_planned_and_then_run():
    STALE.ok("run", "--stale")
    newer("transactions.parquet")
    before = names_of_runs()
    plan = STALE.json("run", "--stale", "--plan")
    names = [r["name"] for r in plan]
    impact = {r["name"]: r for r in STALE.json("lineage", "transactions", "--impact") if r["runs"]}
    need(sorted(names) == sorted(impact) and len(names) == 6, (names, list(impact)))
    need(all(r["hash"] == impact[r["name"]]["hash"] and r["hash_ran"] is None and r["took_ms"] is not None for r in plan), plan)
    need([r["step"] for r in plan] == list(range(1, 7)), plan)
    why = {r["name"]: r["why"] for r in plan}
    need(why["clean_transactions.v1"] == "an input is newer: transactions.kaggle", why)
    need(why["user_activity.v1"] == "stands on daily_spend.v1, spend_window.v1", why)
    edges = [(e["from"], e["to"]) for e in STALE.json("lineage", "transactions") if e["from"] in names and e["to"] in names]
    need(len(edges) >= 4 and all(names.index(a) < names.index(b) for a, b in edges), (names, edges))
    told = STALE.run("run", "--stale", "--plan", "-o", "csv")
    need([r["name"] for r in csv.DictReader(io.StringIO(told.stdout))] == names, told.stdout)
    need(re.search(r"^6 runs, .* by the last ones$", told.stderr, re.M), told.stderr)
    need([json.loads(line)["name"] for line in STALE.ok("run", "--stale", "--plan", "-o", "jsonl").splitlines()] == names, "as lines of JSON")
    need(names_of_runs() == before, "a plan ran")
    ran = STALE.run("run", "--stale")
    need(ran.returncode == 0 and names_of_runs()[len(before):] == names, (ran.stderr, names_of_runs()))
    first = ran.stderr.index(": run ")
    need(all(ran.stderr.index(f"{i + 1}. {name}: ") < first for i, name in enumerate(names)), ran.stderr)
    need(stale_plan() == [], "something is out of date after all of it ran")


def test_of_another_source_exactly_its_own_is_planned():
    STALE.ok("run", "--stale")
    newer("customers.csv")
    need(stale_plan() == ["spend_by_segment.v1", "fraud_training.v1"], stale_plan())  # location_codes never ran, and nothing reads it
    STALE.ok("run", "--stale")
    need(stale_plan() == [], stale_plan())


def test_where_nothing_is_out_of_date_it_says_so():
    STALE.ok("run", "--stale")
    before = names_of_runs()
    for options in ([], ["--plan"], ["--detach"]):
        told = STALE.run("run", "--stale", *options)
        need(told.returncode == 0 and "nothing is out of date" in told.stderr, told.stderr)
    need(names_of_runs() == before, "something ran")


def test_a_new_variant_is_a_changed_definition():
    STALE.ok("run", "--stale")
    old = {r["name"]: r["hash"] for r in STALE.json("lineage", "spend_by_segment", "--impact")}["spend_by_segment.v1"]
    (STALE.work / "again.yaml").write_text(
        "transformations:\n  - name: spend_by_segment\n    variant: again\n    sql: SELECT count(*) AS n FROM {{clean_transactions.v1}}\n")
    STALE.ok("apply", "again.yaml")
    plan = STALE.json("run", "--stale", "--plan")
    need([r["name"] for r in plan] == ["spend_by_segment.again"], plan)
    need(plan[0]["why"] == "its definition changed since spend_by_segment.v1 ran" and plan[0]["hash_ran"] == old != plan[0]["hash"], plan)
    detached = STALE.ok("run", "--stale", "--detach").split()
    need(len(detached) == 1, detached)
    STALE.wait_for_run(detached[0], ["READY"])
    need(stale_plan() == [], stale_plan())
    STALE.ok("delete", "spend_by_segment.again")


def test_what_is_out_of_date_has_no_name():
    need("takes no name" in STALE.fails(2, "run", "clean_transactions", "--stale"), "a name beside --stale")
    for option in ("--upstream", "--downstream", "--show-command"):
        need(f"{option} is of a name" in STALE.fails(2, "run", "--stale", option), option)
    need("run needs NAME[.VARIANT] or --stale" in STALE.fails(2, "run"), "run alone")
    need("run needs NAME[.VARIANT] or --stale" in STALE.fails(2, "run", "--plan"), "a plan of nothing")


def test_the_first_screen_leads_to_what_is_out_of_date():
    STALE.ok("run", "--stale")
    got = STALE.screen("expect Training sets\nwait\nrefute rebuild\nkey R\nexpect nothing is out of date\nkey r\nwait\nrefute Run in this order\ndump none\n"
                       "key esc\nexpect Training sets\n")
    need("Out of date  0 runs" in got["none"], got["none"])
    newer("transactions.parquet")
    before = names_of_runs()
    # The plan looks at the files by itself; the first screen tells it afterwards.
    got = STALE.screen("expect Training sets\nkey R\nexpect an input is newer\nwait\ndump plan\nkey esc\nexpect stale\nexpect R rebuild\nwait\ndump home\n"
                       "type :stale\nkey enter\nexpect an input is newer\nwait\nkey r\nexpect Run in this order\nexpect clean_transactions.v1, then\n"
                       "dump asked\nkey enter\nwait\nrefute Run in this order\nkey r\nexpect Run in this order\nkey tab enter\n"
                       "expect the rebuild is READY, all 6 runs\nexpect nothing is out of date\nkey esc\nexpect Training sets\nwait\nrefute R rebuild\n", "100x30")
    shown = [line.split()[0] for line in got["plan"].splitlines() if re.match(r"\s*\w+\.\w+  ", line)]
    need(shown == names_of_runs()[len(before):] and len(shown) == 6, (shown, got["plan"]))
    need(re.search(r"Out of date  6 runs, .* by the last ones", got["plan"]) and "stands on daily_spend.v1" in got["plan"], got["plan"])
    need(stale_plan() == [], stale_plan())


def test_what_is_under_way_is_told_before_it_runs_again():
    newer("transactions.parquet")
    shown = "type :stale\nkey enter\nexpect an input is newer\nwait\nkey r\nexpect Run in this order\n"
    STALE.screen(shown + "refute under way already\n")
    with contextlib.closing(sqlite3.connect(STALE.work / ".firesteel/catalog.db")) as catalog, catalog:
        catalog.execute("UPDATE resource SET state = 3 WHERE name = 'daily_spend'")
    STALE.screen(shown + "expect 1 of them is under way already.\n")
    STALE.ok("run", "--stale")


ENDLESS = """transformations:
  - {name: endless, variant: v1, sql: 'SELECT count(*) AS n FROM {{transactions}} a CROSS JOIN {{transactions}} b WHERE a.CustomerID < b.TransactionID'}
  - {name: after, variant: v1, sql: 'SELECT n FROM {{endless.v1}}'}
"""


def endless_chain():
    """A chain whose first step takes for ever: its id, and the step's run."""
    (WS.work / "endless.yaml").write_text(ENDLESS)
    WS.ok("apply", "endless.yaml")
    out = WS.run("run", "after", "--upstream", "--detach")
    run, chain = out.stdout.strip(), re.search(r"^chain (\S+)$", out.stderr, re.M)
    need(out.returncode == 0 and chain, out.stdout + out.stderr)
    WS.wait_for_run(run, {"RUNNING"})
    return chain[1], run


def chains(*more, ws=WS):
    return ws.json("runs", "--chains", "-n", 100, *more)


def wait_for_chain(chain, state, limit=60, ws=WS):
    end = time.monotonic() + limit
    while (row := next(r for r in chains(ws=ws) if r["chain"] == chain))["state"] != state:
        need(time.monotonic() < end, f"the chain is {row}")
    return row


def test_chains_are_listed():
    WS.ok("run", "spend_window", "--downstream")
    steps = [r["name"] for r in WS.json("run", "spend_window", "--downstream", "--plan")]
    row = wait_for_chain(chains()[0]["chain"], "READY")  # its process writes that down a moment after its last run
    need(row["done"] == row["steps"] == len(steps) and row["target"] == "spend_window", row)
    need(row["now"] is None and row["error"] is None and re.fullmatch(r"[0-9.]+m?s", row["took"]) and row["began"].startswith("20"), row)
    need([r["chain"] for r in chains("--of", steps[-1])][:1] == [row["chain"]], chains("--of", steps[-1]))
    need(chains("--of", "transactions") == [], chains("--of", "transactions"))
    rows = chains()
    need([r["chain"] for r in rows] == sorted((r["chain"] for r in rows), reverse=True), rows)
    few = WS.run("runs", "--chains", "-n", 1, "-o", "csv")
    need(len(few.stdout.splitlines()) == 2 and f"1 of {len(rows)} chains" in few.stderr, few.stdout + few.stderr)
    for how in ("table", "json", "jsonl", "csv", "tsv"):
        text = WS.ok("runs", "--chains", "-o", how)
        need(row["chain"] in text and "spend_window" in text, f"{how}: {text}")
    (WS.work / "chains.parquet").write_bytes(subprocess.run([BINARY, "runs", "--chains", "-o", "parquet"], cwd=WS.work, env=WS.env, check=True,
                                                            capture_output=True).stdout)
    need(WS.json("preview", "chains.parquet")[0]["chain"] == row["chain"], "not what was written")


def test_a_chain_is_ended_as_a_run_is():
    chain, run = endless_chain()
    row = next(r for r in chains() if r["chain"] == chain)
    need(row["state"] == "RUNNING" and row["done"] == 0 and row["steps"] == 2 and row["now"] == "endless.v1", row)
    need("read-only" in WS.fails(4, "--read-only", "cancel", chain), "it changes something")
    out = WS.run("cancel", chain[-4:])  # a part will do, as of a run
    need(out.returncode == 0 and "firesteel runs --chains shows" in out.stderr, out.stderr)
    row = wait_for_chain(chain, "CANCELLED")
    need(row["done"] == 0 and row["now"] is None and "endless.v1 is CANCELLED" in row["error"], row)
    need(WS.wait_for_run(run, {"CANCELLED"}), "the step goes on")
    need(not [r for r in WS.json("runs", "-n", 100) if r["name"] == "after.v1"], "a further step was started")
    of_run, of_chain = WS.run("cancel", run), WS.run("cancel", chain)
    need(of_run.returncode == of_chain.returncode == 2, (of_run.returncode, of_chain.returncode))
    need(of_chain.stderr == of_run.stderr.replace("run", "chain").replace(run, chain), (of_run.stderr, of_chain.stderr))
    need("there is no run and no chain nosuch" in WS.fails(3, "cancel", "nosuch"), "another word for what is not there")


def test_whoever_follows_a_chain_hears_of_its_end():
    chain, run = endless_chain()
    WS.ok("cancel", chain)
    wait_for_chain(chain, "CANCELLED")
    follower = subprocess.Popen([BINARY, "run", "after", "--upstream"], cwd=WS.work, env=WS.env, text=True, stderr=subprocess.PIPE)
    try:
        words = follower.stderr.readline()
        chain = re.fullmatch(r"chain (\S+)\n", words)[1]
        while "RUNNING" not in (words := follower.stderr.readline()):
            need(words, "it ended by itself")
        WS.ok("cancel", chain)
        rest = follower.stderr.read()
        need(follower.wait(60) == 130 and "endless.v1 is CANCELLED" in rest, rest)
    finally:
        follower.kill()
        follower.wait()
        WS.run("cancel", chain)


def test_a_chain_is_ended_on_its_screen():
    chain, run = endless_chain()
    WS.screen(f"type :log {run}\nkey enter\nexpect progress\nkey T\nexpect chain of after\nexpect RUNNING\nkey c\nexpect End the chain\n"
              "expect 0 of 2 runs are READY\nkey enter\nwait\nrefute asked chain\nkey c\nexpect End the chain\nkey tab enter\n"
              f"expect asked chain {chain} to end\nexpect 0/2 READY, ended\nexpect CANCELLED\nexpect not run\nkey c\nwait\n"
              f"expect chain {chain} has ended already\n", "120x20")
    wait_for_chain(chain, "CANCELLED")


BRANCHES = """sources:
  - {name: people, variant: v1, path: ./people.csv, format: csv, options: {header: "true"}}
transformations:
  - {name: a_broken, variant: v1, sql: 'SELECT CAST(name AS INT) AS n FROM {{people.v1}}'}
  - {name: b_on_broken, variant: v1, sql: 'SELECT n FROM {{a_broken.v1}}'}
  - {name: c_fine, variant: v1, sql: 'SELECT name FROM {{people.v1}}'}
  - {name: d_on_fine, variant: v1, sql: 'SELECT name FROM {{c_fine.v1}}'}
  - {name: e_on_both, variant: v1, sql: 'SELECT name, n FROM {{d_on_fine.v1}} CROSS JOIN {{b_on_broken.v1}}'}
"""


def test_what_does_not_stand_on_what_failed_goes_on():
    with Workspace(demo=False) as ws:
        (ws.work / "people.csv").write_text("name\nAda\n")
        (ws.work / "branches.yaml").write_text(BRANCHES)
        ws.ok("apply", "branches.yaml")
        ran = ws.run("run", "people", "--downstream")
        need(ran.returncode not in (0, 2) and "a_broken.v1 is FAILED" in ran.stderr and "CAST_INVALID_INPUT" in ran.stderr, ran.stderr)
        for name in "b_on_broken", "e_on_both":
            need(f"{name}.v1: left out, as it stands on a_broken.v1" in ran.stderr, ran.stderr)
        states = {r["name"]: r["state"] for r in ws.json("runs", "-n", 100)}
        need(states == {"a_broken.v1": "FAILED", "c_fine.v1": "READY", "d_on_fine.v1": "READY"}, states)
        row = wait_for_chain(chains(ws=ws)[0]["chain"], "FAILED", ws=ws)
        need((row["done"], row["steps"]) == (2, 5) and row["error"].startswith("a_broken.v1 is FAILED"), row)
        ws.screen("type :a_broken\nkey enter\nexpect definition\nkey q 8\nexpect d_on_fine\nkey g T\nexpect chain of people  2/5 READY, ended\n"
                  "expect left out, stands on a_broken.v1\nrefute waits\n", "100x24")
        up = ws.run("run", "e_on_both", "--upstream")  # it cannot be made any more: nothing else is begun
        need(up.returncode == ran.returncode and "e_on_both.v1: left out" in up.stderr, up.stderr)
        need(len(ws.json("runs", "-n", 100)) == 4, ws.json("runs", "-n", 100))


def test_the_way_of_a_column_is_followed_both_ways():
    up = WS.json("lineage", "user_activity", "--columns")
    column = next(r["column"] for r in up if r["column"] != "(rows)" and r["from_column"] != r["column"])
    ends = {(r["from"], r["from_column"]) for r in up if r["column"] == column}
    way = WS.json("lineage", "user_activity", "--column", column)
    need(way[0]["name"] == "user_activity.v1" and way[0]["column"] == column and way[0]["depth"] == 0, way)
    need(ends <= {(r["name"], r["column"]) for r in way}, (ends, way))
    need(any(r["name"] not in ("user_activity.v1", *[e[0] for e in ends]) for r in way), way)
    source, at = next(iter(ends))
    down = WS.json("lineage", source, "--column", at, "--down")
    need(("user_activity.v1", column) in {(r["name"], r["column"]) for r in down}, down)
    need(any(r["type"] == "feature" for r in down), down)
    need("has no column nosuch" in WS.run("lineage", "user_activity", "--column", "nosuch").stderr, "a column that is not there")


def test_columns_are_a_list_that_opens_their_way():
    got = WS.screen("key 2\nexpect clean\nwait\nkey G C\nexpect columns of user_activity\nwait\ndump list\nkey enter\nexpect the way of\ndump up\nkey esc d\n"
                    "expect what is made of\ndump down\nkey esc\nexpect columns of\n", "120x30")
    need("user_activity.v1" in got["up"], got["up"])


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
        STALE.close()
