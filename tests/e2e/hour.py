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
                    "expect Go back\nkey esc\nkey esc\nexpect Throw it away\nkey tab enter\nwait\nexpect One key begins\n", "100x40")
    need("master" in got["engine"], got["engine"])
    got = WS.screen("key n\nexpect engine\ntype here\nkey down\ntype local\nwait\ndump local\nkey ctrl-t\nwait\nexpect tested:\nkey ctrl-s\nexpect engine: \nkey enter\n"
                    "wait\nexpect registered provider here\n", "100x40")
    made = registered()
    need("provider/here" in made, made)
    got = WS.screen("key 7\nexpect here\nkey e\nexpect A provider here\nwait\ndump form\nkey pgdn pgdn pgdn up\ntype for trying\nkey ctrl-s\nexpect description\n"
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


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
