"""Lists: what is left out of them, their columns and order, marks, what changed."""
import json
import re
import sqlite3

from harness import Workspace, main, need

WS = Workspace()


def names(text):
    return [line.split()[0] for line in text.splitlines()[2:-2] if line.strip()]


def test_filters_of_every_kind():
    got = WS.screen("key 2\nexpect clean\nkey /\ntype ^(daily|spend)_\nwait\ndump expression\nkey ctrl-u\ntype !spend\nwait\ndump inverse\n"
                    "key ctrl-u\ntype ~uac\nwait\ndump letters\nkey ctrl-u\ntype !^daily\nwait\ndump both\nkey ctrl-u\ntype (\nwait\n"
                    "expect nothing found\nkey esc\nwait\nroles all\nkey /\ntype sp.nd+_\nkey enter\nwait\nroles marked\n")
    need(names(got["expression"]) == ["daily_spend", "spend_by_segment", "spend_window"], got["expression"])
    need(names(got["inverse"]) == ["clean_transactions", "location_codes", "user_activity"], got["inverse"])
    need(names(got["letters"]) == ["user_activity"], got["letters"])
    need("daily_spend" not in got["both"] and "spend_window" in got["both"], got["both"])
    need("match" in got["marked"] and "match" not in got["all"], got["marked"])


def test_runs_by_expressions():
    WS.screen("key 8\nexpect FAILED\nexpect READY\nkey /\ntype !ready|cancel\nwait\nexpect FAILED\nrefute READY\nkey ctrl-u\ntype ^spend_\nwait\n"
              "expect READY\nrefute FAILED\n")


def test_hits_are_counted_in_texts():
    WS.screen("key ?\nexpect everywhere\nkey /\ntype list the\nkey enter\nexpect 1 of 9 lines with\nkey n\nexpect 2 of 9 lines\nkey N N\n"
              "expect 9 of 9 lines\nkey /\ntype nosuch word\nkey enter\nexpect no line with\nkey /\ntype ^ +[0-9] +go\nkey enter\nexpect of 10 lines\n", "100x30")


def test_columns_as_one_wants_them():
    got = WS.screen("key 2\nexpect clean\nkey = ctrl-u\ntype name,tags,variants,ran,run\nkey enter\nwait\ndump mine\nkey = ctrl-u\ntype name,nosuch\n"
                    "key enter\nexpect columns.transformations\nwait\ndump same\nkey 3\nexpect avg_transaction\nwait\nexpect description\n", "120x24")
    need(got["mine"].splitlines()[1].split() == ["name", "tags", "variants", "ran", "run"], got["mine"])
    need(got["same"].splitlines()[1] == got["mine"].splitlines()[1], got["same"])
    (WS.work / "columns.yaml").write_text("columns.transformations: name, age\ncolumns: {runs: 'run,user,began'}\n")
    got = WS.screen("key 2\nexpect clean\nwait\ndump list\nkey 8\nexpect began\nwait\ndump runs\nkey = ctrl-u\ntype run,error\nkey enter\n"
                    "expect CAST_INVALID\n", "100x24", "--config", "columns.yaml")
    need(got["list"].splitlines()[1].split() == ["name", "age"], got["list"])
    need(got["runs"].splitlines()[1].split() == ["run", "user", "began"], got["runs"])
    (WS.work / "columns.yaml").write_text("columns.runs: run,nosuch\n")
    need("columns.yaml:1:" in WS.fails(2, "--config", "columns.yaml", "list"), "a wrong column is taken")


def test_an_order_as_one_wants_it():
    got = WS.screen("key 2\nexpect clean\nwait\nkey o\ntype -name\nkey enter\nexpect by name down\ndump down\nkey o ctrl-u\ntype state\nkey enter\n"
                    "expect by state\ndump state\nkey o ctrl-u\ntype nosuch\nkey enter\nexpect there is no column nosuch\nkey o ctrl-u enter\nwait\n"
                    "refute by state\ndump none\n")
    order = names(got["none"])
    need(order == sorted(order) and names(got["down"]) == order[::-1], got["down"])
    need(names(got["state"]) != order and sorted(names(got["state"])) == order, got["state"])


def test_what_is_marked_is_done_together():
    got = WS.screen("key 2\nexpect clean\nwait\nkey g space space\nexpect 2 marked\nroles marks\nkey y\nexpect copied 2 names\ncopied names\n"
                    "key t\ntype together\nkey enter\nexpect tags of 2 changed\nkey r\nexpect Run all that are marked\nkey enter\nwait\nkey * *\nwait\n"
                    "refute marked\nkey *\nexpect 6 marked\nkey space\nexpect 5 marked\n", "100x24")
    need("selected" in got["marks"], got["marks"])
    need(json.loads(got["names"]) == "clean_transactions.v1\ndaily_spend.v1\n", got["names"])
    tagged = WS.json("list", "--tag", "together")
    need(sorted(r["name"] for r in tagged) == ["clean_transactions", "daily_spend"], tagged)
    before = len(WS.json("runs", "-n", 100))
    WS.screen("key 2\nexpect clean\nwait\nkey g space space r\nexpect Run all\nkey tab enter\nwait\nexpect 2 marked\n", "100x24")
    need(len(WS.json("runs", "-n", 100)) == before + 2, "they did not run")


def test_what_changed_is_marked():
    got = WS.screen("key 2\nexpect clean\nwait\ntype :run user_activity\nkey enter\nexpect started\nwait\nexpect ~user_activity\ndump after\n", "100x24")
    need(sum(line.startswith("~") for line in got["after"].splitlines()) >= 1, got["after"])


def test_more_runs_than_a_page():
    db = sqlite3.connect(WS.work / ".firesteel/catalog.db")
    columns = [row[1] for row in db.execute("PRAGMA table_info(run)")]
    row = db.execute("SELECT * FROM run LIMIT 1").fetchone()
    for i in range(700):
        new = dict(zip(columns, row), id=None, run_id=f"20200101-{i:06d}-aaaa", created=i)
        db.execute(f"INSERT INTO run({','.join(new)}) VALUES({','.join('?' * len(new))})", list(new.values()))
    db.commit()
    db.close()
    total = len(WS.json("runs", "-n", 100000))
    keys = "key G\nwait\n" * 5
    got = WS.screen(f"key 8\nexpect FAILED\nwait\n{keys}dump end\n")
    need(re.search(rf"Runs +{total}/{total}", got["end"]), got["end"])


def test_a_search_finds_columns_and_says_which():
    (WS.work / "odd.json").write_text('{"zebra_count": 1, "other": 2}\n')
    WS.ok("register", "stable", "--path", "./odd.json")
    WS.screen("key 1\nexpect stable\nkey ctrl-r\nwait\ntype :search zebra\nkey enter\nwait\nexpect stable\nexpect column zebra_count  bigint\n", "120x24")
    need(WS.json("search", "Zebra_C")[0]["description"] == "column zebra_count  bigint", WS.json("search", "Zebra_C"))
    (WS.work / "zebra.yaml").write_text("transformations:\n  - {name: hooves, variant: v1, sql: 'SELECT zebra_count * 4 AS hoof_count FROM {{stable}}'}\n")
    WS.ok("apply", "zebra.yaml")
    WS.ok("run", "hooves")
    found = WS.json("search", "hoof_")
    need(found[0]["name"] == "hooves" and found[0]["description"].startswith("column hoof_count"), found)
    WS.ok("delete", "hooves")
    WS.ok("delete", "stable")


def test_a_palette_of_everything():
    got = WS.screen("key 2\nexpect clean\nwait\nkey ctrl-p\nexpect what to do\nexpect act.lineage\ntype upstr\nwait\ndump acts\n"
                    "key ctrl-u\ntype plan that\nwait\ndump help\nkey ctrl-u\ntype lin\nkey enter\nexpect lineage of clean_transactions\n"
                    "key ctrl-p\ntype spend_wi\nexpect spend_window.v1\nkey enter\nexpect definition\nkey ctrl-p\ntype zzzz\nwait\nexpect nothing found\n"
                    "key backspace backspace esc\nexpect definition\n", "100x30")
    need("act.run-upstream" in got["acts"].splitlines()[2] and "R" in got["acts"].splitlines()[2].split(), got["acts"])
    need("act.explain" in got["help"], got["help"])
    WS.screen("key 2\nexpect clean\nkey ctrl-p\ntype act.run\nwait\nrefute act.run-upstream\n", "80x24", "--read-only")


def test_a_tree_opens_and_closes():
    (WS.work / "deep.json").write_text('{"who": {"name": "a", "tags": [{"k": 1}]}, "n": 1}\n')
    got = WS.screen("type :tree\nkey enter\nexpect + customers.v1\nexpect + transactions.kaggle\nkey enter\nwait\nexpect - customers.v1\n"
                    "expect CustomerID\ndump open\nkey j h\nwait\nkey h\nwait\nrefute CustomerID\nkey /\ntype amount\nwait\nkey esc\n"
                    "type :tree ./deep.json\nkey enter\nexpect columns of ./deep.json\nexpect + who\nrefute tags\nkey G l\nwait\nexpect + tags\nkey *\n"
                    "wait\nexpect k\ndump deep\nkey Z\nwait\nrefute tags\nkey /\ntype k\nwait\nexpect tags\n"
                    "key esc q q 2\nexpect clean\nwait\nkey g i\nexpect columns of transformation/clean_transactions.v1\nexpect decimal(12,2)\n", "100x30")
    need("  CustomerID" in got["open"] and "string" in got["open"], got["open"])
    depth = {line.strip(" +-").split()[0]: len(line) - len(line.lstrip(" ")) for line in got["deep"].splitlines()[2:-2] if line.strip()}
    need(depth["n"] >= depth["who"] and depth["k"] > depth["tags"] - 2, got["deep"])


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
