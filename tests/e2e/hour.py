"""The first hour: from an empty folder with files and no YAML to a training set, all on the screen."""
import json
import os
import re
import sqlite3

from harness import Terminal, Workspace, main, need

WS = Workspace(demo=False)


def files(folder):
    """Parts of one table; made by a child, so that this process stays small."""
    folder.mkdir(parents=True)
    for part in range(3):
        rows = [f"c{i % 40},2026-01-{1 + i % 28:02d} 0{part}:{i % 60:02d}:00,{i * 1.5},{'true' if i % 9 == 0 else 'false'}" for i in range(300)]
        (folder / f"part-{part}.csv").write_text("customer_id,happened_at,amount,is_fraud\n" + "\n".join(rows) + "\n")


files(WS.work / "data/events")


def registered():
    return {f"{r['type']}/{r['name']}": r for kind in ("sources", "transformations", "features", "labels", "training_sets", "entities", "providers")
            for r in WS.json("list", kind)}


def test_an_empty_folder_is_asked_about():
    other = Workspace(demo=False)
    try:
        import shutil
        shutil.rmtree(other.work / ".firesteel")
        need("make one with firesteel init" in other.fails(3), "what is no terminal was asked")
        t = Terminal(other)
        try:
            t.expect("There is no workspace here yet")
            t.send("n\r")
            need(os.WEXITSTATUS(t.wait_exit()) == 3, "no is no error")
        finally:
            t.close()
        need(not (other.work / ".firesteel").exists(), "made although the answer was no")
        t = Terminal(other)
        try:
            t.expect("There is no workspace here yet")
            t.send("\r")
            t.expect("One key begins")
            t.expect("browse files")
            t.send("q")
            need(os.WEXITSTATUS(t.wait_exit()) == 0, "q did not leave")
        finally:
            t.close()
        need((other.work / ".firesteel/catalog.db").exists(), "no workspace was made")
    finally:
        other.close()


def test_the_first_screen_leads():
    got = WS.screen("wait\ndump empty\nkey b\nexpect data/\nkey q\nkey n\nexpect A provider\nkey esc\nkey a\nexpect apply the YAML file\nkey esc\n"
                    "key D\nexpect 100,000 generated\nkey esc\nwait\nexpect One key begins\n")
    for line in ("browse files", "add a provider", "apply a YAML", "make the demo"):
        need(line in got["empty"], got["empty"])


def test_files_are_browsed():
    (WS.work / "data/notes.txt").write_text("nothing\n")
    (WS.dir / "home/mine").mkdir(exist_ok=True)
    got = WS.screen("key b\nexpect data/\nkey enter\nexpect events/\nwait\nkey enter\nexpect part-2.csv\nwait\ndump parts\nkey enter\nexpect customer_id\n"
                    "expect 1/200+\nkey q backspace\nexpect notes.txt\nwait\nkey p\nexpect 1/200+\nkey q\nkey /\ntype note\nwait\nrefute events\nkey esc\n"
                    "key G enter\nexpect no table\nkey ~\nexpect mine/\nkey c\ntype ~/mine\nkey enter\nexpect an empty folder\nkey c\n"
                    "type /nosuch\nkey enter\nexpect No such file\nkey c\ntype https://example.invalid/x\nkey enter\nexpect no listings\n", "100x24")
    lines = got["parts"].splitlines()
    need(re.search(r"part-0.csv +\d+ B|part-0.csv +[\d.]+ kB", got["parts"]) and "csv" in lines[2], got["parts"])


def test_a_large_folder_is_cut_and_says_so():
    many = WS.dir / "many"
    many.mkdir()
    for i in range(5200):
        (many / f"f{i:05d}.csv").touch()
    WS.screen(f"type :files {many}\nkey enter\nwait\nexpect cut: there are more\nexpect 1/5000\n", "120x24")


def test_a_provider_is_added_and_changed():
    got = WS.screen("key n\nexpect engine\ntype spark_one\nkey down\ntype s\nwait\nexpect < s\ndump engine\nkey ctrl-s\nwait\n"
                    "expect Go back\nkey esc\nkey esc\nexpect Throw it away\nkey tab enter\nwait\nexpect One key begins\n"
                    "key ]\nwait\nrefute A provider that is new\ntype :form\nkey enter\nexpect there is no command form\nexpect One key begins\n", "100x40")
    need("master" in got["engine"], got["engine"])
    got = WS.screen("key n\nexpect engine\ntype here\nkey down\ntype local\nwait\ndump local\nkey ctrl-t\nwait\nexpect tested:\nkey ctrl-s\nexpect engine: \nkey enter\n"
                    "wait\nexpect registered provider here\n", "100x40")
    made = registered()
    need("provider/here" in made, made)
    got = WS.screen("key 7\nexpect here\nkey e\nexpect A provider here\nwait\ndump form\nkey pgdn pgdn pgdn up\ntype for trying\nkey ctrl-s\nexpect provider here: changes\n"
                    "key enter\nwait\nexpect registered provider here\n", "100x40")
    need(registered()["provider/here"]["description"] == "for trying", registered())


def test_a_secret_is_only_a_reference():
    got = WS.screen("key n\nexpect engine\ntype far\nkey down\ntype c\nwait\nkey down down\nwait\ntype hunter2\nwait\nexpect a secret is not written here\n"
                    "refute hunter2\ndump typed\ntype env:SPARK_TOKEN\nwait\nexpect env:SPARK_TOKEN\n", "100x40")
    need("token" in got["typed"], got["typed"])


def test_the_whole_hour():
    WS.screen("key b\nexpect data/\nkey enter\nexpect events/\nwait\nkey a\nexpect name of the source\ntype .v1\nkey enter\nwait\nexpect registered as source events.v1\n", "100x30")
    need("source/events" in registered(), registered())
    got = WS.screen("key 1\nexpect events\nkey p\nexpect customer_id\nwait\nkey l l m\nexpect values\nwait\ndump make\nkey ctrl-s\nexpect value_column: amount\nkey enter\nwait\n"
                    "expect registered entity customer, feature amount\nkey m\nwait\nkey right\nwait\nkey down down down down down\nwait\nkey space\nwait\ndump label\n"
                    "key ctrl-s\nexpect value_column: is_fraud\nkey enter\nwait\nexpect registered label is_fraud\n"
                    "key q\nkey 5\nexpect none yet\nkey n\nexpect training set\nkey down\ntype fraud\nkey down down down space\nwait\ndump set\nkey ctrl-s\n"
                    "expect label: is_fraud\nkey enter\nwait\nexpect registered training_set fraud\n", "100x40")
    need("[x] amount" in got["make"], got["make"])
    need("[x] is_fraud" in got["label"] and "[ ] amount" in got["label"], got["label"])
    need("[x] amount" in got["set"], got["set"])
    WS.ok("run", "fraud")
    rows = WS.json("preview", "fraud", "-n", 5)
    need({"customer", "amount", "is_fraud"} <= {re.sub("__.*", "", k.replace("Feature__", "").replace("Label__", "")) for k in rows[0]} or rows, rows[0])
    text = WS.ok("export")
    need("value_column: amount" in text and "training_sets:" in text, text)

YAML = """# the head stays
entities:
  - name: customer

sources:
  # where it lies
  - name: events        # the only one
    variant: v1
    path: data/events
    options: {header: true, inferSchema: true}

transformations:
  - name: amounts
    sql_file: amounts.sql
  - name: large
    variant: v1
    tags:
      - big
    sql: |
      -- a comment of the query
      SELECT * FROM {{events}}
      WHERE amount > 100
  # after it

features:
  - name: amount
    variant: v1
    entity: customer
    from: events
    entity_column: customer_id
    value_column: amount
    timestamp_column: happened_at
    max_age: 30d     # a month
"""


def test_files_that_became_a_source_have_features_at_once():
    ws = Workspace(demo=False)
    try:
        files(ws.work / "data/events")
        ws.screen("type :files data\nkey enter\nexpect events/\nwait\nkey p\nexpect customer_id\nwait\nkey m\nexpect only what is registered\nkey a\n"
                  "expect name of the source\nkey enter\nwait\nexpect registered as source\nkey l l m\nwait\nexpect [x] amount\n", "110x30")
    finally:
        ws.close()


def test_files_and_catalog_are_compared():
    ws = Workspace(demo=False)
    try:
        files(ws.work / "data/events")
        path = ws.work / "features.yaml"
        path.write_text(YAML)
        (ws.work / "amounts.sql").write_text("SELECT customer_id, amount FROM {{events}}\n")
        ws.ok("apply", path)
        need(ws.json("drift", path) == [], "drift right after apply")
        need(ws.json("drift") == [], "the catalog does not know its file")
        # made on the screen: a variant of a transformation whose text is a file of its own
        ws.screen("key 2\nexpect amounts\nkey e\nexpect SELECT\nkey ctrl-end\ntype  WHERE amount > 7\nkey ctrl-s\nexpect Save as a new variant\ntype two\nkey enter\nwait\nexpect two\n", "100x30")
        drift = ws.run("drift", "-o", "json")
        need(drift.returncode == 1, drift.stdout + drift.stderr)
        rows = json.loads(drift.stdout)
        need(len(rows) == 1 and rows[0]["name"].startswith("amounts."), rows)
        shown = ws.ok("drift", "--write", "amounts", "--into", path, "--plan")
        need("+" in shown and "WHERE amount > 7" in shown, shown)
        need("7" not in (ws.work / "amounts.sql").read_text(), "--plan wrote")
        ws.ok("drift", "--write", "amounts", "--into", path)
        need("WHERE amount > 7" in (ws.work / "amounts.sql").read_text(), "the sql_file is as before")
        need(path.read_text() == YAML, "the YAML changed although only its sql_file did")
        need(ws.json("drift") == [], ws.run("drift").stdout)
        # the file changes: the catalog takes it
        path.write_text(YAML.replace("- name: customer\n", "- name: customer\n    description: who buys\n"))
        (row,) = json.loads(ws.run("drift", "-o", "json").stdout)
        need(row["what"] == "differs" and row["name"] == "customer", row)
        got = ws.screen("type :drift\nkey enter\nexpect customer\nwait\ndump drift\nkey c\nexpect who buys\nkey tab enter\nwait\nexpect agree\n", "100x30")
        need("+    description: who buys" in got["drift"], got["drift"])
        # the catalog changes: the file takes it, and keeps its comments
        ws.ok("tag", "large.v1", "weekly")
        ws.ok("tag", "amount.v1", "money")
        (rows) = json.loads(ws.run("drift", "-o", "json").stdout)
        before = path.read_text()
        ws.screen("type :drift\nkey enter\nexpect large.v1\nwait\nkey f\nexpect Write into\nkey tab enter\nwait\nexpect written\nkey f\nexpect Write into\nexpect money\nkey tab enter\nwait\nexpect agree\n", "100x30")
        after = path.read_text()
        for line in before.splitlines():
            need(line in after.splitlines(), f"the line is gone: {line}\n{after}")
        need(after.count("\n") == before.count("\n") + 3, after)
        need(ws.json("drift") == [], ws.run("drift").stdout)
    finally:
        ws.close()


def test_what_was_made_here_goes_into_a_file():
    ws = Workspace(demo=False)
    try:
        files(ws.work / "data/events")
        ws.ok("register", "events.v1", "--path", "data/events")
        ws.screen("key 1\nexpect events\nkey w\nexpect write it into the file\nkey ctrl-u\ntype new.yaml\nkey enter\nexpect Write into\nexpect name: events\nkey tab enter\nwait\nexpect written\n")
        text = (ws.work / "new.yaml").read_text()
        need("sources:" in text and "header: true" in text and "path: data/events\n" in text, text)
        need(ws.json("drift") == [], ws.run("drift").stdout)
        (ws.work / "new.yaml").write_text("# mine\n" + text + "# the end\n")
        ws.ok("register", "events.v2", "--path", "data/events", "--format", "csv")
        ws.ok("drift", "--write", "events.v2", "--into", "new.yaml")
        text = (ws.work / "new.yaml").read_text()
        need(text.startswith("# mine\n") and text.endswith("# the end\n") and text.index("variant: v1") < text.index("variant: v2"), text)
        need(ws.json("drift", "new.yaml") == [], ws.run("drift", "new.yaml").stdout)
        # the last of it ends when the workbench is left
        ws.ok("register", "events.v3", "--path", "data/events", "--format", "csv")
        ws.screen("type :list sources\nkey enter\ntype :events.v3\nkey enter\nexpect definition\nkey w\nexpect write it into\nkey ctrl-u\ntype last.yaml\nkey enter\nexpect Write into\nkey tab enter Q\n")
        need("v3" in (ws.work / "last.yaml").read_text(), "it was not written")
        # a definition in one line is not touched
        (ws.work / "flow.yaml").write_text("sources: [{name: events, variant: v1, path: elsewhere}]\n")
        said = ws.run("drift", "--write", "events.v1", "--into", "flow.yaml").stderr
        need("by hand" in said, said)
    finally:
        ws.close()


def test_variants_are_archived_and_brought_back():
    ws = Workspace()
    try:
        got = ws.screen("key 2\nexpect clean\nwait\nkey g d\nexpect cannot be archived\nexpect daily_spend\ndump no\nkey enter\nwait\nexpect clean\n", "100x30")
        need("[ Archive ]" not in got["no"], got["no"])
        ws.screen("key 2\nexpect location_codes\nkey /\ntype location\nkey enter\nwait\nkey d\nexpect Nothing stands on it\nkey tab enter\nwait\nexpect 1 archived\n"
                  "refute draft\nkey u\nwait\nexpect is back\nexpect location_codes\nkey u\nexpect nothing was archived here\n", "100x30")
        ws.ok("delete", "location_codes.draft")
        ws.fails(3, "show", "location_codes.draft")
        ws.ok("delete", "--undo", "location_codes.draft")
        ws.ok("show", "location_codes.draft")
        ws.fails(3, "delete", "--undo", "location_codes.draft")
    finally:
        ws.close()


def test_outputs_are_measured_and_pruned():
    ws = Workspace()
    try:
        first = {r["run"] for r in ws.json("usage")}
        need(len(first) >= 6 and all(r["kept"] for r in ws.json("usage") if r["state"] == "READY"), ws.json("usage"))
        size = sum(r["bytes"] for r in ws.json("usage"))
        need(size == sum(p.stat().st_size for p in (ws.work / ".firesteel/outputs").rglob("*.parquet")), size)
        ws.ok("run", "daily_spend")
        usage = {r["run"]: r for r in ws.json("usage", "daily_spend")}
        need(len(usage) == 2, usage)
        (old,) = [r for r in usage.values() if r["run"] in first]
        need(old["kept"] and "read by" in old["kept"], old)
        ws.ok("run", "clean_transactions")
        ws.ok("run", "clean_transactions")
        free = ws.json("prune", "clean_transactions")
        need(len(free) == 1, free)
        folder = ws.work / ".firesteel/outputs/transformations/clean_transactions/v1"
        need(len(list(folder.iterdir())) == 3, "a dry run took something away")
        got = ws.screen("type :usage clean_transactions.v1\nkey enter\nexpect not needed\nwait\ndump usage\nkey X\nexpect cannot be brought back\nkey tab enter\nwait\nexpect 1 outputs taken away\n", "120x30")
        need("read by" in got["usage"] and "the newest READY one" in got["usage"], got["usage"])
        need(len(list(folder.iterdir())) == 2, "nothing was taken away")
        need(free[0]["run"] not in {p.name for p in folder.iterdir()}, "the wrong one was")
        need("taken away" in ws.fails(3, "preview", f"clean_transactions@{free[0]['run']}"), "no word of it")
        ws.ok("preview", "clean_transactions", "-n", 1)
        # an output that a source lies in, and one whose run is the newest of a variant
        ws.ok("run", "clean_transactions")
        ws.ok("run", "daily_spend")
        ws.ok("run", "clean_transactions")
        (old,) = [r for r in ws.json("prune", "daily_spend")] or [None]
        ws.ok("register", "kept.v1", "--path", old["output"])
        need(ws.json("prune", "daily_spend") == [], "a source lies there")
        (row,) = [r for r in ws.json("usage", "daily_spend") if r["run"] == old["run"]]
        need("source kept.v1" in row["kept"], row)
        ws.ok("prune", "--yes")
        need(ws.json("prune") == [], "prune leaves something to prune")
    finally:
        ws.close()


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
