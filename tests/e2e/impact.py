"""What must run again: the view, its twin, running downstream; chains and their ends; the way of a column."""
import json
import re
import subprocess
import time

from harness import BINARY, Workspace, main, need

WS = Workspace()


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


def chains(*more):
    return WS.json("runs", "--chains", "-n", 100, *more)


def wait_for_chain(chain, state, limit=60):
    end = time.monotonic() + limit
    while (row := next(r for r in chains() if r["chain"] == chain))["state"] != state:
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
              f"expect asked chain {chain} to end\nexpect 0/2 READY, ended\nexpect CANCELLED\nexpect waits\nkey c\nwait\n"
              f"expect chain {chain} has ended already\n", "120x20")
    wait_for_chain(chain, "CANCELLED")


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
