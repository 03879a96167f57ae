"""Screens of the real program, driven by key scripts and compared with the text in golden/.

FIRESTEEL_GOLDEN=1 writes the files anew: read the difference before it is committed. Times and run ids are replaced by
what they are.
"""
import difflib
import json
import os
import pathlib
import re
import shutil
import socket
import threading
import time

from harness import Failure, Terminal, Workspace, main, need

GOLDEN = pathlib.Path(__file__).parent / "golden"
WS = Workspace()
SCRUBS = [
    (re.compile(r"\d{8}-\d{6}-[0-9a-z]{4}"), "<------run------->  "),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<------time------>  "),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "<time> UTC"),
    (re.compile(r"\d{4}-\d\d-\d\dt\d\d-\d\d-\d\d"), "<----variant----->"),
    (re.compile(re.escape(str(WS.dir)) + r"[^ ]*"), "<folder>"),
    (re.compile(r"firesteel  [~/]\S*"), "firesteel  <folder>"),
    (re.compile(r" +\d+(\.\d+)?(ms|s)\b"), "   <took>"),
]


def scrub(text):
    for pattern, word in SCRUBS:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def golden(name, text):
    path = GOLDEN / f"{name}.txt"
    got = scrub(text) + "\n"
    if os.environ.get("FIRESTEEL_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(got)
        return
    if not path.exists():
        raise Failure(f"there is no {path.name}; FIRESTEEL_GOLDEN=1 makes it")
    want = path.read_text()
    if got != want:
        raise Failure("".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True), path.name, "now")))


def no_drafts():
    shutil.rmtree(WS.dir / "home/.local/state/firesteel/drafts", ignore_errors=True)


def shots(script, size="80x24", prefix="", args=()):
    for name, text in WS.screen(script, size, *args).items():
        golden(f"{prefix}{name}", text)


def test_home_and_lists():
    shots("expect Training sets\nwait\ndump home\nkey 2\nexpect clean_transactions\nwait\ndump transformations\n"
          "key 3\nexpect avg_transaction\nwait\ndump features\nkey 7\nexpect Spark Connect\nwait\ndump providers\n")


def test_what_has_no_meaning_for_a_kind_is_not_offered():
    WS.screen("key 7\nexpect Spark Connect\nexpect T test\nexpect S start\nexpect l lineage\nrefute p preview\nkey p\n"
              "expect is a provider: preview is not for those\nkey l\nexpect lineage of\nkey esc enter\nexpect definition\nexpect T test\nrefute p preview\n"
              "key ctrl-p\ntype act.p\nwait\nrefute act.preview\nkey esc 2\nexpect clean_transactions\nexpect l lineage\nrefute T test\n"
              "key T\nexpect is a transformation: test is not for those\n", "160x30")


def test_esc_on_the_first_screen_does_not_leave():
    WS.screen("key 2\nexpect Transformations  1/\nkey esc esc\nexpect this is the first screen; q leaves\nkey |\nwait\nkey esc\nwait\n"
              "refute q leaves\nkey 3\nexpect Features  1/\n")


def test_home_says_what_wants_to_be_looked_at():
    (WS.work / "later.yaml").write_text("transformations:\n  - {name: later, variant: v1, sql: SELECT 1 AS one}\n")
    WS.screen("expect failed    location_codes.draft  [CAST_INVALID_INPUT]\nwait\nrefute new\n")
    WS.ok("apply", "later.yaml")
    WS.screen("expect new       later.v1  transformation\nkey G\nkey k\nkey enter\nexpect CAST_INVALID_INPUT\nkey q\nkey G\n"
              "key enter\nexpect SELECT 1 AS one\n")
    WS.ok("delete", "later.v1")


def test_what_was_said_is_kept():
    WS.screen("key ~\nexpect nothing was said yet\nkey q\nkey 7\nexpect Spark Connect\nkey p p\nexpect preview is not for those\nkey j\nwait\n"
              "refute preview is not for those\nkey : \ntype nosuchthing\nkey enter\nexpect nosuchthing\nkey j\nkey ~\nexpect messages  2\n"
              "expect preview is not for those\nexpect UTC  \nexpect nosuchthing\nkey /\ntype nosuch\nkey enter\nexpect 1 of 1 lines with\nwait\nexpect messages  2\n"
              "key q 0\ntype :messages\nkey enter\nexpect messages  2\n", "120x24")


def test_live_filter_and_empty_list():
    shots("key 2\nexpect clean\nkey /\ntype spend\nwait\ndump filtered\nkey enter\nwait\nrefute clean_transactions\n"
          "key / esc\nwait\nexpect clean_transactions\nkey /\ntype zzz\nwait\nexpect nothing found\n")


def test_two_panes_the_lower_follows_the_cursor():
    shots("key 3\nexpect avg_transaction\nkey |\nwait\nexpect Mean amount of the last ten\nrefute Transactions on the last whole day, forg\n"
          "key j\nwait\nexpect feature  daily_transactions.v1\nexpect Transactions on the last whole day, forg\ndump panes\n"
          "roles panes-roles\nkey q\nwait\nrefute daily_transactions.v1\nexpect Features  2/4\n")
    WS.screen("key |\nwait\nexpect Transformations  1/6\nkey 8\nexpect FAILED\nkey | G\nwait\nexpect CAST_INVALID_INPUT\n"
              "expect state     FAILED\n", "120x40")
    WS.screen("type :preview transactions\nkey enter\nexpect T0000001\nkey | j\nwait\nexpect row 2 of transactions.kaggle\n"
              "expect TransactionID       T0000002\nkey s s\nwait\nexpect desc\nrefute TransactionID       T0000002\n", "100x30")


def test_the_pane_in_focus_has_the_keys_and_fills_the_screen():
    WS.screen("key 3\nexpect avg_transaction\nkey |\nwait\nkey tab j\nwait\nexpect Features  1/4\nkey O\nwait\n"
              "expect home > features > feature  avg_transaction.v1\nrefute Features  1/4\nkey O\nwait\nexpect Features  1/4\n"
              "key tab enter\nwait\nexpect home > features > feature  avg_transaction.v1\nkey q\nwait\n"
              "expect Features  1/4\nexpect entity    user\n")
    WS.screen("key |\nwait\nexpect two panes need\nkey O\nwait\nexpect there is one pane only\n", "80x14")
    WS.screen("key 3\nexpect avg_transaction\nkey |\nwait\nexpect stands on\nresize 80x12\nwait\nrefute stands on\n"
              "resize 80x24\nwait\nexpect stands on\n")


def test_what_one_is_asked_about_in_a_pane_stays():
    WS.screen("key 3\nexpect avg_transaction\nkey |\nwait\nkey tab t\nexpect tags to add\ntype paned\nkey enter\nwait\n"
              "expect Features  1/4\nkey tab j\nwait\nexpect feature  daily_transactions.v1\nrefute paned\nkey k O\nwait\nkey tab\nwait\n"
              "expect feature  avg_transaction.v1\nkey O t\ntype -paned\nkey enter\nwait\n")


def test_the_title_says_the_way_here():
    WS.screen("key 3\nexpect avg_transaction\nwait\nexpect home > Features\nkey enter\nwait\nexpect home > features > feature  avg_transaction.v1\n"
              "key l\nwait\nexpect home > features > avg_transaction.v1 > lineage of avg\nresize 80x24\nwait\n"
              "expect … > avg_transaction.v1 > lineage of avg\nrefute home\n", "100x24")


def test_a_number_finds_the_screen_that_was_open():
    WS.screen("key 2\nexpect clean\nwait\nkey /\ntype spend\nwait\nkey enter j\nwait\nexpect 2/3  filter: spend\nkey 3\nwait\n"
              "expect transformations > Features\nkey 2\nwait\nexpect home > features > Transformations  2/3  filter: spend\n"
              "key q\nwait\nexpect home > Features  1/4\nkey 0\nwait\nexpect features > firesteel\nkey q\nwait\nexpect Features  1/4\n"
              "key q\nwait\nexpect Training sets\n")


def test_what_was_closed_comes_back():
    WS.screen("key 2\nexpect clean\nwait\nkey /\ntype spend\nwait\nkey enter j\nwait\nkey enter\nwait\nexpect stands on\nkey q q\n"
              "wait\nexpect Training sets\nkey ]\nwait\nexpect Transformations  2/3  filter: spend\nkey ]\nwait\n"
              "expect transformations > transformation  spend_by_segment\nkey ]\nexpect nothing was closed\n"
              "key q 8 q ]\nwait\nexpect Runs  1/\nkey ]\nwait\nexpect nothing was closed\n", "120x24")


def test_the_workbench_begins_where_it_was_left():
    (WS.work / "restore.yaml").write_text("restore: true\n")
    args = ("--config", "restore.yaml")
    WS.screen("key 2\nexpect clean\nwait\nkey /\ntype spend\nwait\nkey enter j\nwait\nkey l\nexpect nodes\nwait\nkey Q\n", "120x24", *args)
    WS.screen("wait\nexpect home > transformations > lineage of spend_by\nkey q\nwait\nexpect Transformations  2/3  filter: spend\n",
              "120x24", *args)
    WS.screen("wait\nexpect Training sets\nrefute lineage\n", "120x24")


class Slow:
    """A server that says how long its file is and then keeps one waiting for the rows, until it is let go."""

    def __init__(self):
        self.go, self.listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/slow.csv"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(line,), daemon=True).start()

    def answer(self, line):
        with line:
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = line.recv(4096)
                    if not piece:
                        return
                    head += piece
                self.go.wait(60)
                body = b"n,word\n" + b"".join(b"%d,w%d\n" % (i, i) for i in range(100))
                says = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
                line.sendall(says if head.startswith(b"HEAD") else says + body)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.go.set()
        self.listener.close()


def test_keys_while_something_is_under_way():
    with Slow() as slow:
        opened = f"type :preview {slow.url}\nkey enter\nexpect reading rows 1s …\n"
        WS.screen(opened + "key j ?\nexpect help: preview\nkey q 2\nexpect clean_transactions\nkey j\nexpect Transformations  2/6\n"
                  "key W\nexpect Under way  1/1\nexpect reading rows\nexpect http://127\nkey c\nexpect ending: reading rows\nkey Q\n", "100x24")
        WS.screen(opened + "key q\nexpect Training sets\nkey W\nexpect reading rows\nexpect ending\nkey Q\n", "100x24")
        began = time.monotonic()
        WS.screen(opened + "key Q\n", "100x24")
        need(time.monotonic() - began < 20, "leaving waited for the server")


def test_the_mouse_where_it_is_wanted():
    WS.screen("key 3\nexpect avg_transaction\nwait\nclick 5x5\nwait\nexpect Features  1/4\nkey M\nexpect the mouse is on\n"
              "click 5x5\nwait\nexpect Features  3/4\nclick 5x5\nwait\nexpect features > feature  segment\n"
              "key q\nwheel-up 5x10\nwait\nexpect Features  1/4\nwheel-down 5x10\nwait\nexpect Features  4/4\n"
              "key |\nwait\nclick 5x18\nclick 5x4\nwait\nexpect Features  2/4\nclick 5x20\nkey l\nexpect lineage of daily_transactions\n"
              "key q tab q\nwait\nexpect enter open\nclick 2x23\nwait\nexpect features > feature  daily_tr\nkey M\nexpect the mouse is off\n")
def test_a_list_with_nothing_in_it_is_put_in_order():
    WS.screen("key 2\nexpect clean\nkey /\ntype zzz\nkey enter\nwait\nexpect nothing found\nkey o\ntype -name\nkey enter\nwait\n"
              "expect nothing found\nkey o ctrl-u enter\nwait\n")


def test_page_of_a_resource():
    shots("key 2\nexpect clean\nwait\nkey enter\nexpect stands on\nwait\ndump page\n", size="100x40")


def test_lineage_drawn_and_walked():
    shots("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\ndump lineage\nkey left\nwait\ndump lineage-left\n"
          "key u\nwait\nkey enter\nwait\nexpect definition\n", size="150x24")
    shots("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\ndump lineage-narrow\n")


def test_lineage_the_whole_way_stands_out_and_back_is_back():
    shots("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\nkey left\nwait\nroles lineage-way\n"
          "key left right\nwait\nexpect label fraudulent.v1 \nkey h l l\nwait\nexpect training_set fraud_training.v1 \n"
          "key H\nwait\nexpect of fraud_training.v1\n", size="150x24")


def test_lineage_looks_for_nodes_that_are_off_the_screen():
    WS.screen("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\ntype /trans\nwait\nexpect of 4\nkey enter\nwait\n"
              "key n\nwait\nexpect of 4\nkey N\nwait\nexpect of 4\n", "100x24")


def test_lineage_between_a_mark_and_the_cursor():
    shots("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\nkey m left left\nwait\nexpect nodes between\n"
          "roles lineage-between\nkey m\nwait\nrefute between\n", size="150x24")


def test_lineage_of_some_levels_folded_and_as_a_map():
    shots("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\nkey -\nwait\nexpect levels\nkey +\nwait\n"
          "key a left up z\nwait\nexpect more\ndump lineage-folded\nkey enter\nwait\nrefute more\nkey o\nwait\nexpect levels  map\n"
          "dump lineage-map\nkey left enter\nwait\nrefute levels  map\nkey f\nwait\nexpect all is shown\n", size="150x24")


def test_lineage_keeps_what_was_folded_and_marked():
    WS.screen("key 5\nexpect fraud_training\nwait\nkey l\nexpect 12 nodes\nwait\nkey m left up z\nwait\nexpect more\nkey q\nexpect Training sets\n"
              "type :lineage fraud_training.v1\nkey enter\nwait\nexpect more\nexpect nodes between\nkey m\ntype /more\nkey enter\nwait\nkey enter\nwait\nexpect 12 nodes\n"
              "key q\nwait\nkey l\nwait\nexpect 12 nodes\nrefute between\nrefute more\n", "150x24")
    WS.screen("key 5\nexpect fraud_training\nwait\nkey l\nwait\nexpect 12 nodes\nkey m left up z\nwait\nexpect more\nkey q\nexpect Training sets\n"
              "type :lineage clean_transactions\nkey enter\nwait\nexpect 10 nodes\nrefute more\nrefute between\n", "150x24")


def test_lineage_only_what_failed_or_is_stale():
    got = WS.screen("type :lineage customers\nkey enter\nexpect 5 nodes\nexpect segment.v1\nkey f\nwait\nexpect 2 nodes  failed or stale\n"
                    "expect F location_codes.draft\nrefute segment.v1\ndump failed\nkey right\nwait\nexpect transformation location_codes.draft FAILED\n"
                    "key f\nwait\nexpect 5 nodes\nrefute failed or stale\nexpect segment.v1\n", "100x24")["failed"]
    need("R customers.v1 ─── F location_codes.draft" in got, got)


def lineage_moved(ws, moves):
    began = time.monotonic()
    ws.screen("type :lineage few\nkey enter\nexpect 20002 nodes, a list\nwait\ntype /v1\nwait\nexpect of 20002\nkey enter o\nwait\nexpect  map\n" +
              "key j\nwait\n" * moves, "100x24")
    return time.monotonic() - began


def test_lineage_of_too_many_nodes_is_a_list_and_says_why():
    many = "sources:\n  - {name: few, variant: v1, path: /nowhere/x.parquet}\ntransformations:\n  - {name: middle, variant: v1, sql: 'SELECT * FROM {{few}}'}\n"
    many += "".join(f"  - {{name: m{i:05}, variant: v1, sql: 'SELECT * FROM {{{{middle}}}}'}}\n" for i in range(20000))
    with Workspace(demo=False) as ws:
        (ws.work / "many.yaml").write_text(many)
        ws.ok("apply", "many.yaml")
        got = ws.screen("type :lineage few\nkey enter\nexpect 20002 nodes are too many to draw (20000): a list; - for less\nwait\nkey j j\nwait\n"
                        "expect 20002 nodes, a list\nexpect transformation m00001.v1\ndump list\ntype /m19999\nwait\nkey enter\nwait\n"
                        "expect transformation m19999.v1\nkey -\nwait\nexpect 2 nodes  1 level\nrefute a list\ndump less\n", "100x24")
        # all fit, and each is drawn: a frame took eight times as long as all before it when each was looked for among all that fit
        opened, moved = (lineage_moved(ws, moves) for moves in (0, 10))
        need(moved < 40 * opened, f"ten frames: {moved:.1f} s, {opened:.1f} s before them")
    rows = got["list"].splitlines()[1:-3]
    need([r.split()[-1] for r in rows] == ["few.v1", *[f"m{i:05}.v1" for i in range(len(rows) - 1)]], got["list"])
    need("F few.v1 ─── - middle.v1" in got["less"], got["less"])


def test_columns_down_to_their_sources():
    WS.screen("type :user_activity\nkey enter\nexpect stands on\nkey C\nexpect columns of user_activity.v1\nwait\n"
              "expect transactions.kaggle.CustomerID\nexpect computed\n", "120x40")


def test_lineage_with_ascii():
    (WS.work / "ascii.yaml").write_text("ui: {ascii: true}\n")
    shots("key 5\nexpect fraud_training\nwait\nkey l\nexpect nodes\nwait\ndump lineage-ascii\n", size="150x24",
          args=("--config", "ascii.yaml"))


def test_editor_marks_the_place():
    no_drafts()
    shots("type :edit spend_window\nkey enter\nexpect right: 4 columns\nwait\ndump editor\nroles editor-roles\n"
          "key end\ntype  nosuch AS x,\nexpect line 1, column\nwait\ndump editor-problem\n"
          "roles editor-problem-roles\nkey ctrl-z ctrl-z ctrl-z ctrl-z\nkey esc\n", size="100x24")


def test_peek_shows_the_rows_of_what_is_typed():
    no_drafts()
    shots("type :edit spend_window\nkey enter\nexpect right: 4 columns\nkey end\ntype  1 + 1 AS two,\nexpect right: 5\nkey ctrl-r\n"
          "wait\nexpect rows of the text  1/200+\nexpect two\ndump editor-rows\nkey ctrl-t j j l l l\nwait\nexpect rows of the text  3/200+\n"
          "key y\nexpect copied two of row 3\nkey esc\ntype x\nexpect two,x\nkey ctrl-z alt-e\nexpect the text that was sent\nexpect 1 + 1 AS two\nexpect -- to local (local)\n"
          "expect FROM `{clean_transactions.v1}`\nrefute {{\n"
          "key q esc\nwait\nrefute rows of the text\nkey esc\nexpect Unsaved\nkey tab tab enter\n", size="100x24")


def test_peek_into_a_cte_and_a_subquery():
    no_drafts()
    (WS.work / "ctes.yaml").write_text("transformations:\n  - name: with_ctes\n    variant: v1\n    sql: |\n      WITH one AS (SELECT 41 + 1 AS answer), two AS (SELECT answer * 2 AS twice FROM one)\n"
                                       "      SELECT * FROM two WHERE twice IN (SELECT max(84) AS most FROM one)\n")
    WS.ok("apply", "ctes.yaml")
    WS.screen("type :edit with_ctes\nkey enter\nexpect right\nkey ctrl-home end left left left alt-v\nwait\nexpect rows of the CTE two\nexpect 84\n"
              "key home ctrl-right ctrl-right ctrl-right ctrl-right ctrl-right alt-v\nwait\nexpect rows of the CTE one\nexpect 42\nkey down end left left alt-v\nwait\nexpect rows of the subquery\nexpect most\n"
              "key home alt-v\nwait\nexpect rows of the text\nkey esc esc\n", "100x24")
    WS.ok("delete", "with_ctes.v1")


def test_two_variants_beside_each_other():
    (WS.work / "beside.yaml").write_text("transformations:\n  - {name: pair, variant: v1, sql: \"SELECT 1 AS one,\\n  2 AS two\\nFROM {{customers}}\"}\n"
                                         "  - {name: pair, variant: v2, sql: \"SELECT 1 AS one,\\n  22 AS two,\\n  3 AS three\\nFROM {{customers}}\"}\n  - {name: alone, variant: v1, sql: SELECT 1 AS one}\n")
    WS.ok("apply", "beside.yaml")
    got = WS.screen("type :pair.v2\nkey enter\nexpect definition\nkey V\nexpect pair.v1 beside pair.v2\nwait\ndump wide\nroles roles\nresize 70x24\nwait\ndump narrow\n"
                    "key ]\nwait\nkey q q\ntype :alone\nkey enter\nexpect definition\nkey V\nexpect has no other variant\n", "110x24")
    wide = [line for line in got["wide"].splitlines() if " | " in line or " > " in line and "home" not in line]
    need(any("2 AS two" in line and "| " in line and "22 AS two," in line for line in wide), got["wide"])
    need(any("> " in line and "3 AS three" in line for line in wide), got["wide"])
    need("diff.add" in got["roles"] and "warn" in got["roles"], got["roles"])
    need("-         2 AS two" in got["narrow"] and "+         3 AS three" in got["narrow"], got["narrow"])
    for name in ("pair.v1", "pair.v2", "alone.v1"):
        WS.ok("delete", name)


def test_a_scratch_screen():
    no_drafts()
    path = WS.json("show", "transactions")["definition"]["path"]
    WS.screen(f"key X\nexpect ctrl-r shows the rows\nkey ctrl-r\nexpect nothing to run here\ntype SELECT count(*) * 10 AS ten FROM parquet.`{path}`;\nkey enter\n"
              "type SELECT nosuch FROM {{customers}}\nexpect nosuch\nexpect line 2, column 8\nkey ctrl-r\nwait\nexpect rows of the statement\nexpect nosuch\nkey up\nexpect right: 1 column\n"
              "key ctrl-r\nwait\nexpect rows of the statement  1/1\nexpect 0\nkey esc esc\nexpect Training sets\nkey X\nexpect SELECT nosuch FROM\n"
              "key ctrl-home ctrl-s\ntype tried.first\nkey enter\nexpect tried\nexpect Register\nkey enter\nexpect registered\nwait\nkey esc\ntype :preview tried.first\nkey enter\nwait\n", "120x30")
    need(any(r["name"] == "tried" and r["variant"] == "first" for r in WS.json("list", "transformations")), "it is not registered")
    WS.ok("delete", "tried.first")
    WS.screen("key X\nexpect SELECT nosuch\nkey alt-a\nkey backspace\nexpect ctrl-r shows the rows\nkey esc\nkey X\nexpect ctrl-r shows the rows\n", "120x30")


def test_a_condition_that_fails_is_taken_back():
    shots("type :preview transactions\nkey enter\nexpect T0000001\nkey w\ntype nosuch > 3\nkey enter\nwait\nexpect nosuch\n"
          "refute where nosuch\nexpect T0000001\nkey s\nwait\nexpect by TransactionID\nkey w\ntype 1\nkey enter\nwait\n"
          "expect by TransactionID\nrefute where 1\n", size="120x24")


def test_rows_of_a_query_as_a_target():
    rows = WS.json("preview", "sql:local/SELECT count(*) AS n FROM {{transactions}};", "--where", "n > 5")
    need(rows == [{"n": 100000}], rows)
    answer = WS.run("preview", "sql:SELECT cout(*) FROM {{transactions}}")
    need(answer.returncode != 0 and "line 1, column 8" in answer.stderr, answer.stderr)
    answer = WS.run("schema", "sql:SELECT 1")
    need(answer.returncode != 0 and "only its rows" in answer.stderr, answer.stderr)


def test_editor_completes_references():
    no_drafts()
    shots("type :edit spend_window\nkey enter\nexpect right\nkey ctrl-end\ntype  JOIN {{\nwait\nexpect daily_spend.v1\n"
          "dump editor-complete\n", size="100x24")


def test_editor_knows_inputs_and_calls():
    no_drafts()
    shots("type :preview transactions\nkey enter\nwait\nkey esc\ntype :edit daily_spend\nkey enter\nexpect right\n"
          "key ctrl-end\ntype  JOIN {{transactions}} zz ON coalesce(1, zz.\nkey ctrl-space\nwait\n"
          "expect of transactions\nexpect argument 2\nkey esc left left left left left left left left left left left left left left left\nexpect first value that is not NULL\n", size="100x24")


def test_editor_looks_at_inputs_that_nobody_looked_at():
    no_drafts()
    (WS.work / "fresh.json").write_text('{"giraffe_height": 5, "n": 1}\n')
    WS.ok("register", "fresh.v1", "--path", "./fresh.json")
    WS.screen("type :edit daily_spend\nkey enter\nexpect right\nkey ctrl-end\ntype  JOIN {{fresh}} ff ON ff.\nkey ctrl-space\nwait\nkey esc\n"
              "key ctrl-space\nwait\nexpect giraffe_height\nexpect bigint of fresh\nkey esc\n", "100x24")
    no_drafts()
    WS.ok("delete", "fresh.v1")


def test_editor_moves_lines_and_changes_case():
    no_drafts()
    shots("type :edit daily_spend\nkey enter\nexpect right\nkey ctrl-end enter\ntype -- zebra\nkey alt-u\n"
          "expect ZEBRA\nkey ctrl-z\nexpect zebra\nwait\n", size="100x24")


def test_editor_finds_and_replaces():
    no_drafts()
    shots("type :edit daily_spend\nkey enter\nexpect right\nkey ctrl-f\ntype amount\nexpect 1 of 2\nkey enter f3\n"
          "expect 2 of 2\nwait\nroles editor-find-roles\nkey alt-r\nexpect replace all 2 with:\ntype Value\nkey enter\n"
          "expect 2 replaced\nexpect TransactionValue\nkey ctrl-z\nexpect right: 6 columns\nrefute TransactionValue\n"
          "key alt-g\ntype 7\nkey enter\nexpect   7:1\nkey ctrl-f\ntype nosuch\nexpect 0 found\nkey enter\nexpect is not in the text\nkey esc\n"
          "key alt-g\ntype x\nkey enter\nexpect is no line\nkey esc\nexpect Training sets\n", size="100x24")


def test_editor_lays_the_text_out():
    no_drafts()
    shots("type :edit daily_spend\nkey enter\nexpect right\nkey alt-a\n"
          "type select x, 1 as y from {{clean_transactions.v1}} where x is not null\nwait\nkey alt-l\n"
          "expect laid out; undo\nwait\ndump editor-format\nkey alt-l\nexpect laid out already\nkey alt-a\n"
          "type select (1\nkey alt-l\nexpect left as it is\n", size="100x24")


def test_editor_with_the_keys_of_vi():
    no_drafts()
    shots("type :set editor.keys emacs\nkey enter\nexpect plain, or vi\n"
          "type :set editor.keys vi\nkey enter\nexpect editor.keys is vi\ntype :edit daily_spend\nkey enter\n"
          "expect -- normal --\nexpect right: 6\nexpect f5 rows\nexpect ctrl-q back\ntype 4Gdd\nexpect right: 5\ntype owrong,\nexpect -- insert --\n"
          "key esc\nexpect -- normal --\ntype u\nexpect right: 5\ntype Vj\nexpect -- visual line --\nwait\n"
          "roles editor-vi-roles\nkey esc esc\nexpect ctrl-q or :q\ntype /known\nexpect 1 of 1\nkey enter\n"
          "type :2\nkey enter\nexpect   2:1\ntype gg:q\nkey enter\nexpect Unsaved text\nkey tab tab enter\n"
          "expect Training sets\n", size="100x24")


def with_editor(body, script):
    """A key script in the editor, with a program of one's own as $EDITOR; what is left of its files."""
    program = WS.dir / "edit.sh"
    program.write_text("#!/bin/sh\n" + body)
    program.chmod(0o755)
    WS.env["EDITOR"] = f"{program}  --a-word"
    WS.env.pop("VISUAL", None)
    state = WS.dir / "home/.local/state/firesteel"
    try:
        no_drafts()
        WS.screen("type :edit daily_spend\nkey enter\nexpect right\nkey ctrl-o\n" + script, "100x24")
        return sorted(state.glob("outside.*/*"))
    finally:
        for left in state.glob("outside.*"):
            shutil.rmtree(left)
        del WS.env["EDITOR"]


def test_the_text_in_an_editor_of_ones_own_and_back():
    seen = WS.dir / "seen"
    left = with_editor(f"""printf '%s\\n' "$1" "$(basename "$2")" "$(stat -c %a "$2")" > '{seen}'
sed -i 's/SELECT/SELECT 7 AS seven,/' "$2"
""", "expect SELECT 7 AS seven\nexpect right: 7 columns\nkey ctrl-z\nexpect right: 6 columns\nrefute seven\n")
    need(seen.read_text().split() == ["--a-word", "daily_spend.sql", "600"], seen.read_text())
    need(not left, left)


def test_an_editor_that_changes_nothing_leaves_nothing():
    need(not with_editor('echo >> "$2"; sed -i "$ d" "$2"\n', "expect changed nothing\nkey esc\nexpect Training sets\n"), "left")


def test_what_an_editor_wrote_is_kept_when_it_cannot_be_taken():
    for body, word in (('echo SELECT 9 > "$2"; exit 3\n', "ended with 3"),
                       ('printf "SELECT \\377" > "$2"\n', "no UTF-8"),
                       ('head -c 2000000 /dev/zero | tr "\\0" x > "$2"\n', "outside")):
        left = with_editor(body, f"expect {word}\nexpect as it was\nexpect GROUP BY\n")
        need([p.name for p in left] == ["daily_spend.sql"], left)
    need(not with_editor('rm "$2"\n', "expect as it was\nexpect GROUP BY\n"), "left")
    need(not with_editor('exit 1\n', "expect ended with 1\n"), "left")


def test_save_shows_diff_and_downstream_and_makes_variants():
    no_drafts()
    shots("type :edit daily_spend\nkey enter\nexpect right\nwait\nkey end\ntype  1 AS one,\nexpect right: 7\nwait\n"
          "key ctrl-s\nexpect Save as a new variant\nwait\ndump save-dialog\ntype v2\nkey tab tab enter\n"
          "expect Make new variants\nwait\ndump offer\nkey tab enter\nexpect made\nwait\nexpect lineage of\n", size="100x30")
    names = {(r["name"], r["variant"]) for r in WS.json("list", "--all")}
    need(("daily_spend", "v2") in names, names)
    need(sum(name == "fraud_training" for name, _ in names) == 2, names)


def test_preview_grid():
    shots("type :preview transactions\nkey enter\nexpect T0000001\nwait\ndump preview\nkey l l l\nkey G\nwait\nkey g\n"
          "key enter\nexpect CustomerID\nwait\ndump record\nkey q\nkey w\ntype TransactionAmount > 5000\nkey enter\nwait\n"
          "expect where\nexpect TransactionID\n", size="120x24")


def test_files_become_a_source_from_their_rows():
    (WS.work / "found.csv").write_text("n,word\n1,one\n")
    WS.screen("type :preview ./found.csv\nkey enter\nexpect one\nkey a\nexpect name of the source: found\nkey enter\n"
              "expect is registered as source found.\nwait\nkey q\ntype :found\nkey enter\nexpect found.csv\n"
              "key p\nexpect one\nkey a\nexpect only files that are not registered\n")
    WS.ok("delete", "found")


def test_a_long_value_shows_its_beginning():
    (WS.work / "essay.csv").write_text("n,note\n1,essay" + "x" * 9000 + "\n2,short\n")
    WS.screen("type :preview ./essay.csv\nkey enter\nexpect short\nexpect essayxxxxx\n")
    (WS.work / "nested.json").write_text('{"a": {"b": "essay' + "x" * 9000 + '"}}\n')
    WS.screen('type :preview ./nested.json\nkey enter\nexpect {"b":"essayxxxxx\n')


def test_end_of_queried_rows_is_the_last_of_all():
    (WS.work / "long.csv").write_text("n,word\n" + "".join(f"{i},word{i * 7919 % 100003}\n" for i in range(1, 30001)))
    WS.screen("type :preview ./long.csv\nkey enter\nexpect word7919\nwait\nkey s\nwait\nexpect by n\nexpect 1/200+\nkey G\nwait\n"
              "expect 30,000/30,000\nrefute 30,000+\nexpect word62875\nkey g\nwait\nexpect 1/30,000\n")
    WS.screen("type :preview ./long.csv\nkey enter\nexpect word7919\nwait\nkey w\ntype n > 100\nkey enter\nwait\n"
              "expect 1/200+\nkey end\nwait\nexpect 29,900/29,900\nrefute 29,900+\nexpect word62875\n")


def test_what_is_not_kept_of_queried_rows_is_said():
    (WS.work / "many.csv").write_text("n\n" + "".join(f"{i}\n" for i in range(1, 1_003_001)))
    WS.screen("type :preview ./many.csv\nkey enter\nexpect n\nwait\nkey w\ntype n > 1000\nkey enter\nwait\nexpect 1/200+\nkey G\nwait\n"
              "expect only the first 1,000,000 rows are kept\nexpect 1,000,000/1,000,000+\n")


ODD = 'n,word\n1,"a\tb ""c""\nd \x1b[31mred\x1b[0m\x07"\n2,\n3,""\n4,é 中\n5,' + "x" * 56244 + "\n6," + "y" * 56245 + "\n"


def copies(script, *args):
    return {name: json.loads(text) for name, text in WS.screen(script, "100x24", *args).items()}


def test_values_are_copied_exactly():
    (WS.work / "odd.csv").write_text(ODD)
    got = copies("type :preview ./odd.csv\nkey enter\nexpect red\nwait\ncopied none\nkey y\nexpect copied n of row 1: 1 byte\n"
                 "copied n\nkey l y\nexpect copied word of row 1: 23 bytes\ncopied odd\nkey j y\nexpect not copied: word of row 2 is NULL\n"
                 "key j j y\nexpect copied word of row 4: 6 bytes\ncopied wide\n"
                 "key j y\nexpect copied word of row 5: 56,244 bytes\ncopied long\nkey j y\n"
                 "expect these are 56,245 bytes, and terminals take 56,244\ncopied still\n")
    need(got["none"] is None and got["n"] == "1", got["n"])
    need(got["odd"] == 'a\tb "c"\nd \x1b[31mred\x1b[0m\x07', got["odd"])
    need(got["wide"] == "é 中" and got["long"] == "x" * 56244 and got["still"] == got["long"], "long ones")


def test_rows_are_copied_as_the_setting_says():
    (WS.work / "odd.csv").write_text(ODD)
    script = ("type :preview ./odd.csv\nkey enter\nexpect red\nwait\nkey Y\nexpect copied row 1 as\ncopied row\n"
              "key enter\nexpect row 1 of\nkey y\nexpect copied the row as jsonl\ncopied record\n")
    want = {"n": 1, "word": 'a\tb "c"\nd \x1b[31mred\x1b[0m\x07'}
    got = copies(script)
    need(got["row"] == '1\t"a\tb ""c""\nd \x1b[31mred\x1b[0m\x07"\n', got["row"])
    need(json.loads(got["record"]) == want, got["record"])
    (WS.work / "jsonl.yaml").write_text("copy.format: jsonl\n")
    got = copies(script, "--config", "jsonl.yaml")
    need(json.loads(got["row"]) == want and got["row"] == got["record"], got["row"])


def test_selected_rows_are_copied_in_the_format_that_one_chooses():
    (WS.work / "many.jsonl").write_text("".join(f'{{"n": {i}, "word": "w {i}"}}\n' for i in range(1, 30001)))
    got = copies("type :preview ./many.jsonl\nkey enter\nexpect w 3\nwait\nkey j v j j\nexpect 3 selected\nkey esc\nwait\n"
                 "refute selected\nexpect 4/\nkey v k k y\nexpect copied 3 rows as tsv\nrefute selected\ncopied tsv\n"
                 "key v G y\nexpect still being read\nwait\nkey y\nexpect 29,999 rows take 397,789 bytes\nexpect writes rows into a file\ncopied same\nkey esc g v j Y\nexpect copy the rows as\n"
                 "type js\nkey tab enter\nexpect copied 2 rows as jsonl\ncopied jsonl\nkey v j Y\ntype csv\nkey enter\n"
                 "expect 2 rows as csv\ncopied csv\nkey v Y\ntype xml\nkey enter\nexpect not as xml\nexpect 1 selected\n")
    need(got["tsv"] == "n\tword\n2\tw 2\n3\tw 3\n4\tw 4\n" and got["same"] == got["tsv"], got["tsv"])
    need(got["jsonl"] == '{"n":1,"word":"w 1"}\n{"n":2,"word":"w 2"}\n', got["jsonl"])
    need(got["csv"] == "n,word\n2,w 2\n3,w 3\n", got["csv"])


DEEP = [{"n": 1, "note": "first line\nsecond line with " + "word " * 40 + "\n\nlast", "raw": '{"k": [1, 2, {"z": null}]}',
         "tree": {"a": [1, 2, 3], "m": {"k": 1.5, "gone": None}}}, {"n": 2, "note": "", "raw": "NULL", "tree": None}]


def test_a_block_of_cells_is_copied():
    (WS.work / "block.jsonl").write_text("".join(f'{{"a": {i}, "b": "b {i}", "c": "c {i}"}}\n' for i in range(1, 6)))
    got = copies("type :preview ./block.jsonl\nkey enter\nexpect c 3\nwait\nkey j l V j l\nexpect 2x2 selected\nroles block\nkey y\n"
                 "expect copied 2 columns of 2 rows as tsv\nrefute selected\ncopied block\nkey V h k Y\ntype csv\nkey enter\n"
                 "expect 2 columns of 2 rows as csv\ncopied csv\nkey g - ctrl-y\nexpect copy the 5 rows\ntype jsonl\nkey enter\n"
                 "expect copied 2 columns of 5 rows as jsonl\ncopied shown\n".replace("roles block\n", ""))
    need(got["block"] == "b\tc\nb 2\tc 2\nb 3\tc 3\n" and got["csv"] == "b,c\nb 2,c 2\nb 3,c 3\n", got)
    need(got["shown"].splitlines()[4] == '{"a":5,"c":"c 5"}', got["shown"])


def many(n):
    """A file of so many rows, and the keys that look at it."""
    (WS.work / "many.jsonl").write_text("".join(f'{{"n": {i}, "word": "w {i}"}}\n' for i in range(1, n + 1)))
    return "type :preview ./many.jsonl\nkey enter\nexpect w 3\nwait\n"


CLEARED = "rows are no longer marked: the rows are others now"


def test_rows_that_lie_apart_are_marked_and_copied():
    script = many(30000) + "key j j j space j j j space g space\nexpect 3 marked\n"
    got = copies(script + "key y\nexpect copied 3 rows as tsv\nexpect 3 marked\ncopied tsv\nkey esc\nwait\nrefute marked\nexpect rows of\n"
                 "key y\nexpect copied n of row 2\ncopied cell\n")
    need(got["tsv"] == "n\tword\n1\tw 1\n4\tw 4\n8\tw 8\n" and got["cell"] == "2", got)
    wanted = {"csv": "n,word\n1,w 1\n4,w 4\n8,w 8\n", "jsonl": "".join(f'{{"n":{i},"word":"w {i}"}}\n' for i in (1, 4, 8)),
              "markdown": "| n | word |\n| ---: | --- |\n| 1 | w 1 |\n| 4 | w 4 |\n| 8 | w 8 |\n",
              "insert": "INSERT INTO `rows` (`n`, `word`) VALUES\n" + ",\n".join(f"  (CAST('{i}' AS bigint), 'w {i}')" for i in (1, 4, 8)) + ";\n",
              "values": "SELECT * FROM VALUES\n" + ",\n".join(f"  (CAST('{i}' AS bigint), 'w {i}')" for i in (1, 4, 8)) + "\nAS `rows`(`n`, `word`)\n"}
    got = copies(script + "".join(f"key Y\nexpect copy the rows as\ntype {name}\nkey enter\nexpect copied 3 rows as {name}\ncopied {name}\n"
                                  for name in [*wanted, "pyspark"]))
    for name, text in wanted.items():
        need(got[name] == text, f"{name}: {got[name]}")
    need('        (1, "w 1",),\n        (4, "w 4",),\n        (8, "w 8",),\n    ],' in got["pyspark"], got["pyspark"])


def test_marks_have_a_sign_without_colours():
    script = many(30) + "key j space j space g\nwait\ndump marks\n"
    shots(script)
    shots(script, args=("--no-color",))


def test_marked_rows_that_are_no_longer_at_hand_are_read_again():
    far = "type :preview transactions\nkey enter\nexpect T0000001\nwait\n" + "".join(
        f"key #\ntype {row}\nkey enter\nwait\nexpect T{row:07}\nkey space\nwait\n" for row in (90000, 7, 50000, 50003, 99999))
    got = copies(far + "expect 5 marked\nkey y\nexpect copied 5 rows as tsv\ncopied tsv\nkey g C\ntype TransactionID\nkey enter\nwait\nkey E\n"
                 "expect 5 marked to (.parquet .csv ...):\ntype five.csv\nkey enter\nexpect wrote 5 rows into five.csv\n")
    ids = [f"T{row:07}" for row in (7, 50000, 50003, 90000, 99999)]
    need([line.split("\t")[0] for line in got["tsv"].splitlines()] == ["TransactionID", *ids], got["tsv"])
    need((WS.work / "five.csv").read_text().splitlines() == ["TransactionID", *ids], "export")
    rows = [WS.json("preview", "transactions", "--where", f"TransactionID = '{i}'")[0] for i in ids]
    need([line.split("\t")[1] for line in got["tsv"].splitlines()[1:]] == [r["CustomerID"] for r in rows], got["tsv"])


def test_all_rows_but_some_are_marked_and_written():
    all_but = "type :preview transactions\nkey enter\nexpect T0000001\nwait\nkey *\nexpect 100,000 marked\nkey j v j j space\nexpect 99,997 marked\n"
    WS.screen(all_but + "key y\nexpect not copied: 99,997 rows take over\nexpect E writes rows into a file\nexpect 99,997 marked\nkey E\n"
              "type rest.parquet\nkey enter\nexpect wrote 99,997 rows into rest.parquet\nkey * *\nwait\nrefute marked\n", "160x24")
    need(WS.json("preview", "./rest.parquet", "--where", "TransactionID IN ('T0000001', 'T0000003', 'T0000005', 'T0100000')",
                 "--columns", "TransactionID") == [{"TransactionID": i} for i in ("T0000001", "T0000005", "T0100000")], "rest.parquet")


def test_marks_are_of_the_rows_as_they_were_asked_for():
    marked = many(300) + "key space j space\nexpect 2 marked\n"
    for asked in ("key w\ntype n > 4\nkey enter\n", "key s\n", "key S\ntype n DESC\nkey enter\n", "key ctrl-r\n"):
        WS.screen(marked + asked + f"expect 2 {CLEARED}\nwait\nrefute 2 marked\n", "100x24")
    WS.screen(marked + "key w\ntype nosuch > 4\nkey enter\nwait\nexpect >> nosuch\nexpect 2 marked\nkey v j\nexpect 2 selected\n"
              "expect 2 marked\nkey esc\nwait\nrefute selected\nexpect 2 marked\nkey esc\nwait\nrefute marked\nkey esc\nwait\nrefute w 3\n", "100x24")


def test_marks_of_a_wide_table_are_copied_whole():
    (WS.work / "wide.jsonl").write_text("".join(json.dumps({f"c{i:03}": row + i for i in range(300)}) + "\n" for row in range(200)))
    WS.screen("type :preview ./wide.jsonl\nkey enter\nexpect c001\nwait\nkey E\ntype wide.parquet\nkey enter\nexpect wrote 200 rows\n")
    got = copies("type :preview ./wide.parquet\nkey enter\nexpect c001\nkey space G space\nexpect 2 marked\nkey y\nexpect copied 2 rows\ncopied rows\n")
    rows = [line.split("\t") for line in got["rows"].splitlines()]
    need([len(r) for r in rows] == [300] * 3 and rows[1][299] == "299" and rows[2][0] == "199", got["rows"][:200])


def test_marked_rows_are_not_taken_from_another_table():
    WS.screen(many(60000) + "key E\ntype now.parquet\nkey enter\nexpect wrote 60,000 rows\nkey w\ntype n < 9\nkey enter\nwait\nkey C\n"
              "type n\nkey enter\nwait\nkey E\ntype other.parquet\nkey enter\nexpect wrote 8 rows\n", "100x24")
    changes = (("./now.parquet", "w 3", "w 60000", lambda: os.replace(WS.work / "other.parquet", WS.work / "now.parquet")),
               ("clean_transactions", "T0000003", "T0100000", lambda: WS.ok("run", "clean_transactions")))
    for target, first, last, change in changes:
        terminal = Terminal(WS, cols=120)
        try:
            terminal.send(f":preview {target}\r")
            terminal.expect(first)
            terminal.send(" G ")
            terminal.expect("2 marked")
            terminal.expect(last)
            change()
            terminal.send("y")
            terminal.expect("is another table now than the one on the screen")
        finally:
            terminal.close()


QUOTES = [{"n": 1, "word": "it's \\ ${x} {{y}} a|b\nend", "list": [1, None], "map": {"k": 1.5}}, {"n": None, "word": "", "list": [], "map": None}]


def copied_as(name, source="./quotes.jsonl"):
    return copies(f"type :preview {source}\nkey enter\nexpect end\nwait\nkey v j Y\ntype {name}\nkey enter\n"
                  f"expect copied 2 rows as {name}\ncopied text\n")["text"]


def test_rows_are_copied_as_code():
    (WS.work / "quotes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in QUOTES))
    text = copied_as("insert")
    need(text == "INSERT INTO `rows` (`list`, `map`, `n`, `word`) VALUES\n"
         "  (array(CAST('1' AS bigint), NULL), named_struct('k', 1.5D), CAST('1' AS bigint), "
         "'it\\'s \\\\ $\\u007bx} {\\u007by}} a|b\\nend'),\n"
         "  (CAST(array() AS array<bigint>), NULL, NULL, '');\n", text)
    text = copied_as("markdown")
    need(text.splitlines()[1:3] == ["| --- | --- | ---: | --- |",
                                    "| \\[1,null] | {\"k\":1.5} | 1 | it's \\\\ ${x} {{y}} a\\|b<br>end |"], text)
    made = {}

    class spark:
        @staticmethod
        def createDataFrame(rows, schema):
            made.update(rows=rows, schema=schema)
    exec(copied_as("pyspark"), {"spark": spark})
    need(made["rows"] == [([1, None], (1.5,), 1, QUOTES[0]["word"]), ([], None, None, "")], made)
    need(made["schema"] == "`list` array<bigint>, `map` struct<k:double>, `n` bigint, `word` string", made["schema"])


def test_values_come_back_as_they_were():
    (WS.work / "plain.jsonl").write_text("".join(json.dumps({"n": r["n"], "word": r["word"]}) + "\n" for r in QUOTES))
    text = copied_as("values", "./plain.jsonl")
    need(text.startswith("SELECT * FROM VALUES\n  (") and text.endswith(")\nAS `rows`(`n`, `word`)\n"), text)
    need(WS.json("preview", "sql:local/" + text) == [{k: r[k] for k in ("n", "word")} for r in QUOTES], text)


def test_a_text_is_found_in_the_rows_that_were_read():
    (WS.work / "many.jsonl").write_text("".join(f'{{"n": {i}, "word": "w {i}"}}\n' for i in range(1, 30001)))
    got = copies("type :preview ./many.jsonl\nkey enter\nexpect w 3\nwait\nkey j /\ntype w 1\nwait\nexpect /w 1 2 of 111 in 200 rows read\n"
                 "type 5\nwait\nexpect /w 15 1 of \nkey enter\nexpect rows read\nkey n y\nexpect copied word of row 150\ncopied next\n"
                 "key N N\nexpect from the last hit again\nkey / ctrl-u\ntype ^w (7|9)$\nwait\nexpect 1 of 2 in \nkey enter n y\n"
                 "expect word of row 9:\nkey n\nexpect from the first hit again\nkey / esc\nwait\nrefute rows read\n")
    need(got["next"] == "w 150", got)
    shots("type :preview ./many.jsonl\nkey enter\nexpect w 3\nwait\nkey /\ntype 15\nkey enter\nwait\nroles find-roles\n")


def test_what_was_not_read_is_looked_through_to_its_end():
    (WS.work / "far.csv").write_text("n,word\n" + "".join(f"{i},w {i}\n" for i in range(1, 60001)))
    WS.screen("type :preview ./far.csv\nkey enter\nexpect w 3\nwait\nkey /\ntype w 5000\nkey enter\nwait\nexpect 0 in \nkey n\n"
              "expect ctrl-n looks in the others\nkey ctrl-n\nexpect 5,000/\nwait\nexpect 1 of \nkey ctrl-n\nwait\nexpect 50,000/\n"
              "key ctrl-n\nwait\nexpect 50,001/\nkey / ctrl-u\ntype nowhere\nkey enter\nwait\nkey ctrl-n\nwait\nexpect there are no rows behind\n")
    WS.screen("type :preview transactions\nkey enter\nexpect T0000001\nwait\nkey /\ntype T0090000\nkey enter\nwait\nkey ctrl-n\n"
              "wait\nexpect 90,000/100,000\nexpect T0090000\nexpect 1 of 1 in \nkey s s\nwait\nexpect desc\nkey g ctrl-n\nwait\n"
              "expect 10,001/\n", "120x24")


def test_columns_are_hidden_moved_and_shown_again():
    (WS.work / "wide.jsonl").write_text("".join(f'{{"a": {i}, "b": "b {i}", "c": "c {i}", "d d": {i}}}\n' for i in range(1, 6)))
    opened = "type :preview ./wide.jsonl\nkey enter\nexpect b 3\nwait\n"
    shots(opened + "key l -\nwait\nrefute b 3\nkey ) ctrl-w\ntype 12\nkey enter\nwait\ndump columns\nkey E\ntype shown.csv\nkey enter\n"
          "wait\nexpect wrote 5 rows\nkey q\n" + opened.replace("b 3", "c 3") + "refute b 3\nkey s s\nwait\nrefute b 3\nkey U\nwait\nexpect b 3\n"
          "key C\ntype d d, nosuch\nkey enter\nexpect there is no column nosuch\nkey C\ntype c, A\nkey enter\nwait\n"
          "refute b 3\nkey c\ntype b\nkey enter\nwait\nexpect b 3\n")
    need((WS.work / "shown.csv").read_text().startswith("a,d d,c\n1,1,c 1\n"), (WS.work / "shown.csv").read_text())


def test_rows_are_ordered_by_what_one_types():
    (WS.work / "order.jsonl").write_text("".join(f'{{"a": {i % 3}, "b": {i}}}\n' for i in range(1, 10)))
    got = copies("type :preview ./order.jsonl\nkey enter\nwait\nkey S\ntype a DESC, b D\nkey backspace\ntype DESC\nkey enter\nwait\n"
                 "expect by a DESC, b DESC\nkey v j j y\nexpect copied 3 rows\ncopied rows\nkey S ctrl-u\ntype a, nosuch\nkey enter\nwait\n"
                 "expect at: a, >> nosuch\nexpect by a DESC, b DESC\nkey s\nwait\nexpect by a\nrefute DESC\n")
    need(got["rows"] == "a\tb\n2\t8\n2\t5\n2\t2\n", got)


def test_a_condition_completes_remembers_and_shows_its_place():
    WS.screen("type :preview transactions\nkey enter\nexpect T0000001\nwait\nkey w\ntype TransactionA\nkey tab\ntype  > 5000\nkey enter\nwait\n"
              "expect where TransactionAmount > 5000\nkey w ctrl-u\ntype TransactionAmount > 1 AND nosuch = 2\nkey enter\nwait\n"
              "expect TransactionAmount > 1 AND >> nosuch = 2\nkey w ctrl-u up up\nwait\nexpect where: TransactionAmount > 5000\n", "120x24")


def test_three_kinds_of_nothing_have_marks():
    folder = WS.work / "mixed"
    folder.mkdir(exist_ok=True)
    for name, sql in (("a", "SELECT 1 AS n, 'NULL' AS x UNION ALL SELECT 2, '' UNION ALL SELECT 3, NULL"), ("b", "SELECT 4 AS n")):
        WS.screen(f"type :sql {sql}\nkey enter\nwait\nexpect 1/\nkey E\ntype mixed/{name}.parquet\nkey enter\nwait\nexpect wrote\n")
    (WS.work / "ascii.yaml").write_text("ui: {ascii: true}\n")
    script = "type :preview ./mixed\nkey enter\nexpect 4\nwait\n"
    shots(script + "dump nothing\nkey G enter\nwait\nexpect x  —\nkey G enter\nwait\nexpect no such column\n")
    shots(script + "dump nothing-ascii\n", args=("--config", "ascii.yaml"))


def test_looking_through_rows_is_ended_by_a_key():
    (WS.work / "many.csv").write_text("n\n" + "".join(f"{i}\n" for i in range(1, 1_003_001)))
    WS.screen("type :preview ./many.csv\nkey enter\nexpect n\nwait\nkey /\ntype nowhere\nkey enter\nwait\nkey ctrl-n\n"
              "expect looking through rows that nobody has counted in a file of\nkey esc\nwait\nexpect ended: \nexpect 0 in 200 rows read\n"
              "key ctrl-n q q\nwait\nrefute rows of\n")


def test_one_value_is_shown_whole():
    (WS.work / "deep.jsonl").write_text("".join(json.dumps(row) + "\n" for row in DEEP))
    shots("type :preview ./deep.jsonl\nkey enter\nexpect first\nwait\nkey l o\nwait\ndump value-text\nkey q l o\nwait\n"
          "expect it is JSON\nexpect k: list of 3\nkey t\nwait\nexpect [1, 2, {\nkey q enter\nwait\nexpect row 1 of\nkey G enter\n"
          "expect tree of row 1\nwait\ndump value-tree\nkey j enter\nwait\ndump value-folded\nkey Z\nwait\nrefute k: 1.5\n"
          "key q q j l o\nexpect NULL\n")
    got = copies("type :preview ./deep.jsonl\nkey enter\nexpect first\nwait\nkey l l l o y\nexpect copied tree\ncopied tree\n")
    need(json.loads(got["tree"]) == DEEP[0]["tree"], got["tree"])


def test_a_value_tells_what_it_is_stored_as():
    shots("type :sql SELECT CAST(1.50 AS DECIMAL(10,2)) AS d, TIMESTAMP '2024-03-01 12:00:00.5' AS t, unhex('00414243') AS b\n"
          "key enter\nwait\nexpect 1.50\nkey o\nexpect unscaled   150 with 2 digits\nkey q l o\nexpect 2024-03-01T12:00:00.5Z\n"
          "expect 1709294400500000 microseconds since 1970 UTC\nkey q l o\nexpect 00000000  00 41 42 43\nexpect .ABC\n")


def test_a_long_value_is_read_to_its_end():
    (WS.work / "essay.csv").write_text("n,note\n1,essay" + "x" * 90000 + " the end\n2,short\n")
    WS.screen("type :preview ./essay.csv\nkey enter\nexpect short\nwait\nkey l o\nexpect 90,013\nkey G\nwait\nexpect the end\n")


def test_one_goes_to_a_column_by_its_name():
    got = copies("type :preview transactions\nkey enter\nexpect T0000001\nwait\nkey c\ntype CustL\nkey tab enter\n"
                 "key y\nexpect copied CustLocation of row 1\nkey c\ntype amount\nkey enter\nkey y\n"
                 "expect copied TransactionAmount of row 1\ncopied amount\nkey c\ntype nosuch\nkey enter\nexpect no column nosuch\n")
    need(got["amount"] == "120.13", got)


def test_what_the_question_gives_is_exported_to_a_file():
    (WS.work / "many.jsonl").write_text("".join(f'{{"n": {i}, "word": "w {i}"}}\n' for i in range(1, 30001)))
    WS.screen("type :preview ./many.jsonl\nkey enter\nexpect w 3\nwait\nkey w\ntype n > 10\nkey enter\nwait\nkey s s\nwait\n"
              "expect by n desc\nkey E\ntype out.csv\nkey enter q\nwait\nexpect wrote 29,990 rows into out.csv\n"
              "type :preview ./many.jsonl\nkey enter\nexpect w 3\nwait\nkey E\nexpect export to (.parquet .csv .jsonl ...):\ntype out.csv\nkey enter\nwait\n"
              "expect out.csv is there already\nkey E\ntype out.parquet\nkey enter\nwait\nexpect wrote 30,000 rows\n"
              "key E\ntype out.csv.gz\nkey enter\nwait\nexpect the name says the format\n"
              "key E\ntype nosuch/out.csv\nkey enter\nwait\nexpect nosuch/out.csv\nrefute wrote\n")
    lines = (WS.work / "out.csv").read_text().splitlines()
    need(lines[:2] == ["n,word", "30000,w 30000"] and lines[-1] == "11,w 11" and len(lines) == 29991, lines[:3])
    need(WS.json("preview", "./out.parquet", "--where", "n = 30000") == [{"n": 30000, "word": "w 30000"}], "parquet")
    need(not list(WS.work.glob(".out*")) and not list(WS.work.glob("out.csv.gz")), "something was left behind")


def test_names_are_copied_from_lists_and_pages():
    got = copies("key 2\nexpect clean\nwait\nkey g y\nexpect copied clean_transactions.v1: 21 bytes\ncopied list\nkey j enter\n"
                 "expect definition\nwait\nkey y\nexpect copied daily_spend\ncopied page\nkey i\n")
    need(got["list"] == "clean_transactions.v1" and got["page"].startswith("daily_spend."), got)


def test_runs_and_one_run():
    shots("key 8\nexpect READY\nexpect FAILED\nwait\nkey G\nwait\nkey enter\nexpect CAST_INVALID_INPUT\nwait\n", size="120x30")


def test_runs_are_filtered_while_typing():
    WS.screen("key 8\nexpect FAILED\nexpect READY\nwait\nkey /\ntype failed\nwait\nexpect filter: failed\nexpect FAILED\nrefute READY\n"
              "key enter enter\nexpect CAST_INVALID_INPUT\nkey q\nwait\nrefute READY\nkey /\ntype nosuch\nwait\nexpect nothing found\n"
              "key esc\nwait\nexpect READY\nrefute filter:\n")
    WS.screen("key /\nexpect nothing to filter here\n")


def test_every_built_in_theme_draws():
    for theme in ("default", "dark", "light", "mono", "colorblind"):
        WS.screen("key 8\nexpect FAILED\n", "80x24", "--theme", theme)
    need("colorblind" in WS.fails(1, "--theme", "colorblinds", "--keys", "/dev/null"), "the nearest theme is not named")


def test_help_lists_the_keys():
    shots("key 2\nexpect clean\nkey ?\nwait\ndump help\n", size="100x30")


def test_read_only_removes_actions():
    out = WS.screen("key 2\nexpect clean\nwait\ndump ro\nkey r\nwait\nrefute starting\nkey ? pgdn\nwait\nexpect not in read-only mode\n",
                    "80x24", "--read-only")
    need("[read-only]" in out["ro"], out["ro"])
    need("run " not in out["ro"].splitlines()[-2], out["ro"])


def test_unknown_command_names_the_nearest():
    WS.screen("type :lineaje x\nkey enter\nexpect did you mean lineage\n")


def test_words_that_are_begun_and_names_alone():
    WS.screen("type :trans\nkey enter\nexpect clean_transactions\ntype :feat spent\nkey enter\nexpect spent_yesterday\nwait\n"
              "refute avg_transaction\nkey q\ntype :fraud_training\nkey enter\nexpect stands on\nkey q\n"
              "type :pro\nkey enter\nexpect there is no command pro\ntype :q\nkey enter\n")


def test_a_query_at_the_prompt():
    WS.screen("type :sql SELECT count(*) AS n FROM {{transactions}}\nkey enter\nwait\nexpect rows of a query\nexpect 100000\n")


def test_the_prompt_remembers_what_was_given_before():
    WS.screen("type :search spend_window_once\nkey enter\nwait\nexpect nothing found\n")
    WS.screen("key :\nkey up\nexpect :search spend_window_once\nkey esc\n")


def test_a_draft_survives():
    WS.screen("type :edit spend_by_segment\nkey enter\nexpect right\ntype -- mine\nwait\nkey esc\nexpect Unsaved\nkey tab enter\n")
    WS.screen("type :edit spend_by_segment\nkey enter\nexpect a draft was kept\nexpect -- mine\n")


FUNCTIONS = """
providers:
  - {name: far, engine: connect, options: {url: "sc://127.0.0.1:1"}}
transformations:
  - name: total_spend
    variant: v1
    provider: far
    inputs: [transactions]
    python: |
      from pyspark.sql import functions as F

      def total_spend(t):
          return t.groupBy("CustomerID").agg(F.count("*").alias("n"))
    conf: {spark.sql.shuffle.partitions: 8}
jobs:
  - {name: compact, variant: v1, file: jobs/compact.py, args: [--keep, 30d], inputs: [total_spend], provider: far}
"""


def test_a_whole_job_without_spark():
    no_drafts()
    WS.screen("type :edit location_codes.draft\nkey enter\nexpect runs locally\nkey ctrl-r\nexpect CAST_INVALID_INPUT\nkey esc\n"
              "key ctrl-home ctrl-right ctrl-right right right\ntype TRY_\nexpect runs locally\nexpect TRY_CAST(City\n"
              "key ctrl-s\nexpect +SELECT CustomerID, TRY_CAST\ntype fixed\nkey enter\nexpect saved as location_codes.fixed\nkey esc\n"
              "key 2\nexpect fixed\ntype :run location_codes.fixed\nkey enter\nexpect started location_codes.fixed\nwait\n"
              "type :preview location_codes.fixed\nkey enter\nexpect of location_codes.fixed\nexpect C100000\nkey q\n"
              "type :lineage location_codes.fixed\nkey enter\nexpect customers.v1\n")
    states = {r["variant"]: r["state"] for r in WS.json("list", "--all") if r["name"] == "location_codes"}
    need(states["fixed"] == "READY", states)


def test_functions_and_jobs():
    path = WS.work / "functions.yaml"
    path.write_text(FUNCTIONS)
    WS.ok("apply", path)
    shots("key 9\nexpect compact\nwait\nkey enter\nexpect compact.py\nwait\ndump job\n"
          "type :page total_spend\nkey enter\nexpect def total_spend\nwait\ndump function\n"
          "key e\nexpect Python function\n", size="100x30")


def test_what_ends_work_asks_first():
    (WS.work / "endless.yaml").write_text("transformations:\n  - name: endless\n    variant: v1\n    sql: SELECT count(*) AS n FROM "
                                          "{{transactions}} a CROSS JOIN {{transactions}} b WHERE a.CustomerID < b.TransactionID\n")
    WS.ok("apply", "endless.yaml")
    run = WS.ok("run", "endless", "--detach").split()[-1]
    try:
        WS.wait_for_run(run, {"RUNNING"})
        WS.screen("key 8\nexpect RUNNING\nkey c\nexpect End the run\nexpect is RUNNING\nkey enter\nwait\nrefute End the run\n"
                  "refute asked run\nkey c\nexpect End the run\nkey tab enter\nexpect CANCELLED\nkey c\nwait\n"
                  "expect has ended already\n")
        need(WS.wait_for_run(run, {"CANCELLED"}), "it did not end")
    finally:
        WS.run("cancel", run)
        WS.run("delete", "endless")
    WS.screen("key 7\nexpect Spark Connect\nkey G\nkey K\nexpect Stop the server\nkey enter\nwait\nrefute Stop the server\n"
              "refute stopping\n")


def test_tables_and_sessions_say_what_is_missing():
    WS.screen("type :sessions\nkey enter\nexpect S begins one\nkey S\ntype local\nkey enter\nexpect no sessions that last\n"
              "type :tables local\nkey enter\nexpect does not know tables\n")


LOG = """26/11/28 10:00:01 INFO SparkContext: Running
26/11/28 10:00:02 WARN Utils: a \x1b[31mred\x1b]0;owned\x07 word\r
26/11/28 10:00:03 ERROR Executor: Exception in task 0.0
org.apache.spark.SparkException: Job aborted
\tat org.apache.spark.Driver.run(Driver.java:10)
\tat org.apache.spark.Main.main(Main.java:20)
Caused by: java.io.IOException: disk
\tat java.io.File.write(File.java:1)
\t... 2 more
Caused by: java.lang.OutOfMemoryError: the real reason
\tat java.lang.Heap.grow(Heap.java:3)
\t... 3 more
Traceback (most recent call last):
  File "job.py", line 3, in f
    return 1 / 0
ZeroDivisionError: division by zero
"""


def with_log(text):
    """The id of a run that ended, whose log is `text`."""
    run = next(r["run"] for r in WS.json("runs") if r["state"] == "FAILED")
    path = next(p for p in WS.dir.rglob(f"{run}/*") if p.name.startswith("log"))
    path.write_bytes(text.encode())
    return run, path


NUMBERED = LOG + "".join(f"26/11/28 10:01:{i % 60:02} INFO Work: line {i} {'x' * 90} end{i}\n" for i in range(300))


def test_follow_ends_by_scrolling_and_comes_back():
    run, _ = with_log(NUMBERED)
    WS.screen(f"type :log {run}\nkey enter\nexpect line 299\nexpect  following\nrefute not following\nkey right right right right\n"
              "expect end299\nkey k\nexpect not following\nkey j\nexpect not following\nkey up up\nrefute end299\nkey G\n"
              "expect end299\nrefute not following\nkey g\nexpect not following\nkey F\nexpect end299\nrefute not following\n")


def test_levels_have_colours_and_errors_are_jumped_to():
    run, _ = with_log(NUMBERED)
    shots(f"type :log {run}\nkey enter\nexpect line 299\nkey g\nexpect SparkContext\nwait\nroles log-roles\nkey e\nwait\n"
          "roles log-error-roles\nkey e e\nwait\nkey e\nexpect no error line below\nkey E\nwait\nkey G\nkey E\nexpect ZeroDivision\n")


def test_traces_are_folded_below_their_root_cause():
    run, _ = with_log(LOG)
    shots(f"type :log {run}\nkey enter\nexpect + [9 lines] java.lang.OutOfMemoryError: the real reason\n"
          "expect + [4 lines] ZeroDivisionError: division by zero\nrefute Driver.java\nwait\ndump log-folded\nkey e e z\n"
          "expect - [9 lines]\nexpect Driver.java\nrefute job.py\nwait\ndump log-unfolded\nkey z\nwait\nrefute Driver.java\n"
          "key Z\nexpect Driver.java\nexpect job.py\n", size="80x40")


def test_a_log_is_filtered_wrapped_and_saved():
    run, path = with_log(NUMBERED)
    shots(f"type :log {run}\nkey enter\nexpect line 299\nkey / \ntype line 29\nkey enter\nexpect 11/316\nrefute line 300\nwait\n"
          "dump log-filtered\nkey &\nexpect 305/316\nkey &\nexpect 11/316\nkey / ctrl-u\ntype !line\nkey enter\nexpect 5/316\n"
          "refute Work\nexpect WARN\nkey / ctrl-u\ntype line (1|2)7[0-2] x+\nkey enter\nexpect 6/316\nexpect line 172\nrefute line 173\n"
          "key / esc\nexpect line 299\nrefute end299\nkey w G\nexpect end299\nwait\ndump log-wrapped\nkey k\nexpect end298\nkey w\n"
          "refute end299\nkey S ctrl-u\ntype saved.log\nkey enter\nexpect to saved.log\nkey S ctrl-u\ntype saved.log\nkey enter\n"
          "expect File exists\n")
    need((WS.work / "saved.log").read_bytes() == path.read_bytes(), "what was saved differs")


def test_expressions_that_could_take_long_are_plain_text():
    run, _ = with_log("a" * 5000 + "b\n" + "(a+)\\1\n")
    WS.screen(f"type :log {run}\nkey enter\nexpect aaaa\nkey /\ntype (a|aa|a*)*$c\nkey enter\nexpect 0/2\nkey / ctrl-u\n"
              "type (a+)\\1\nkey enter\nexpect 1/2\nexpect (a+)\n")


def test_log_of_a_name_is_its_last_run():
    with_log(LOG)
    WS.screen("type :log location_codes.draft\nkey enter\nexpect OutOfMemoryError\ntype :log nosuch\nkey enter\nexpect nosuch\n"
              "type :log transactions\nkey enter\nexpect never ran\n")


def test_the_end_of_a_run_is_told_in_any_view():
    WS.screen("type :run clean_transactions\nkey enter\nkey 3\nexpect clean_transactions.v1 is READY after\nexpect avg_transaction\n"
              "type :run location_codes.draft\nkey enter\nkey 2\nexpect location_codes.draft is FAILED after\n")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
