"""The SQL editor and the scratch screen, as somebody works in them: undo over saves, drafts after a kill, what was run before."""
import json
import os
import signal
import time

from harness import Failure, Terminal, Workspace, main, need

FIRST, SECOND, THIRD = "SELECT 1 AS one", "SELECT 1 AS one, 2 AS two", "SELECT 1 AS one, 2 AS two, 3 AS three"
UNDO, REDO = "\x1a", "\x19"


def workspace():
    ws = Workspace(demo=False)
    (ws.work / "made.yaml").write_text(f"transformations:\n  - {{name: made, variant: v1, sql: \"{FIRST}\"}}\n")
    ws.ok("apply", "made.yaml")
    return ws


def drafts(ws):
    return {p.name: p.read_text() for p in (ws.dir / "home").rglob("drafts/*/*.sql")}


def wait_for_drafts(ws, t, wanted):
    for _ in range(200):
        if drafts(ws) == wanted:
            return
        t.pump(0.15)
    raise Failure(f"drafts are {drafts(ws)}, not {wanted}")


def killed(t):
    os.kill(t.pid, signal.SIGKILL)
    t.wait_exit()
    t.close()


def edit(ws, columns):
    t = Terminal(ws, rows=30, cols=120)
    t.expect("Transformations")
    t.send(":edit made\r")
    t.expect(f"right: {columns} column")
    return t


def save(t, variant):
    t.send("\x13")
    t.expect("Save as a new variant")
    t.send(variant + "\t\t\r")
    t.expect(f"saved as made.{variant}")


def save_script(variant):
    return f"key ctrl-s\nexpect Save as a new variant\ndump before-{variant}\ntype {variant}\nkey tab tab enter\nexpect saved as made.{variant}\n"


def changed_lines(dump):
    """What the diff of a dialog takes away and brings."""
    lines = [line.strip(" │|") for line in dump.splitlines()]
    return [line for line in lines if line[:1] in "+-" and "SELECT" in line]


TWO_SAVES = f"type :edit made\nkey enter\nexpect right: 1 column\nkey end\ntype , 2 AS two\nexpect right: 2 columns\nwait\n{save_script('v2')}" \
            f"type , 3 AS three\nexpect right: 3 columns\nwait\n{save_script('v3')}"


def test_undo_goes_back_over_saves_and_redo_forward():
    with workspace() as ws:
        back, forward = "key ctrl-z\n" * 4, "key ctrl-y\n" * 4
        got = ws.screen(f"{TWO_SAVES}refute [changed]\n{back}expect right: 2 columns\nwait\nexpect [changed]\ndump second\n"
                        f"{back}expect right: 1 column,\nwait\ndump first\nkey ctrl-z\nwait\ndump still-first\n"
                        f"{forward}expect right: 2 columns\nwait\nexpect [changed]\n{forward}"
                        "expect right: 3 columns\nwait\nrefute [changed]\ndump third\nkey ctrl-y\nwait\nrefute [changed]\nkey ctrl-s\nexpect nothing has changed\n", "120x30")
        for name, text in ("second", SECOND), ("first", FIRST), ("still-first", FIRST), ("third", THIRD):
            need(any(line.rstrip().endswith(text) for line in got[name].splitlines()), got[name])
        need(changed_lines(got["before-v2"]) == [f"-{FIRST}", f"+{SECOND}"], got["before-v2"])
        need(changed_lines(got["before-v3"]) == [f"-{SECOND}", f"+{THIRD}"], got["before-v3"])
        saved = {v: ws.json("show", f"made.{v}")["definition"]["sql"] for v in ("v1", "v2", "v3")}
        need(saved == {"v1": FIRST, "v2": SECOND, "v3": THIRD}, saved)


def test_after_undo_the_diff_is_against_what_the_catalog_has():
    with workspace() as ws:
        got = ws.screen(TWO_SAVES + "key ctrl-z\n" * 8 + f"expect right: 1 column,\ntype , 4 AS four\nexpect right: 2 columns\nwait\n{save_script('v4')}"
                        "wait\nrefute [changed]\n", "120x30")
        need(changed_lines(got["before-v4"]) == [f"-{THIRD}", f"+{FIRST}, 4 AS four"], got["before-v4"])
        need(ws.json("show", "made.v4")["definition"]["sql"] == f"{FIRST}, 4 AS four", "not what was written")


def test_a_text_that_is_there_already_is_not_saved_twice():
    with workspace() as ws:
        got = ws.screen(TWO_SAVES + "key ctrl-z\n" * 8 + "expect right: 1 column,\nwait\nkey ctrl-s\nexpect Save as a new variant\ntype v4\nkey tab tab enter\n"
                        "expect made.v1 says the same already\nwait\nexpect [changed]\ndump after\n", "120x30")
        need(FIRST in got["after"], got["after"])
        need("it has v3, v2, v1" in ws.fails(3, "show", "made.v4"), "a variant that says the same was made")


def test_typing_to_the_saved_text_is_no_change():
    with workspace() as ws:
        ws.screen("type :edit made\nkey enter\nexpect right: 1 column\nkey end\ntype x\nexpect [changed]\nkey backspace\nwait\nrefute [changed]\n"
                  "key ctrl-s\nexpect nothing has changed\nkey esc\nexpect Training sets\n", "120x30")
        need(not drafts(ws), drafts(ws))


def test_the_draft_of_an_undone_text_survives_a_kill():
    with workspace() as ws:
        ws.screen(TWO_SAVES, "120x30")
        need(not drafts(ws), f"saved texts are drafts: {drafts(ws)}")
    with workspace() as ws:
        t = edit(ws, 1)
        for columns, text, variant in (2, ", 2 AS two", "v2"), (3, ", 3 AS three", "v3"):
            t.send("\x1b[F" + text)
            t.expect(f"right: {columns} columns")
            save(t, variant)
        t.send(UNDO * 8)
        t.expect("right: 1 column,")
        wait_for_drafts(ws, t, {"made.v3.sql": FIRST})
        killed(t)
        t = edit(ws, 1)
        try:
            t.expect("a draft was kept here and is restored")
            t.expect("edit made.v3 [changed]")
            t.send(UNDO)
            t.expect("right: 3 columns")
            t.expect("edit made.v3 ")
            need("[changed]" not in t.text(), t.text())
            t.send(REDO)
            t.expect("right: 1 column,")
        finally:
            killed(t)


def test_what_was_redone_leaves_no_draft():
    with workspace() as ws:
        t = edit(ws, 1)
        t.send("\x1b[F, 2 AS two")
        t.expect("right: 2 columns")
        save(t, "v2")
        t.send(UNDO)
        wait_for_drafts(ws, t, {"made.v2.sql": "SELECT 1 AS one, 2 AS"})
        t.send(REDO)
        t.expect("right: 2 columns")
        wait_for_drafts(ws, t, {})
        killed(t)


def test_a_large_draft_comes_back():
    with workspace() as ws:
        ws.screen("key X\nexpect ctrl-r shows\ntype SELECT 1 AS begun\nexpect right\nwait\nkey esc\n", "120x30")
        draft = next((ws.dir / "home").rglob("drafts/*/scratch.*.sql"))
        draft.write_text("SELECT 1 AS begun\n" + "-- filler of a long line, sixty-four bytes with its end ......\n" * 20000)
        ws.screen("key X\nexpect begun\n", "120x30")


def past(ws):
    """What is remembered of queries, the oldest first."""
    path = ws.dir / "home/.local/state/firesteel/queries"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def run_script(*queries):
    return "".join(f"key alt-a\ntype {q}\nkey ctrl-r\nwait\nexpect rows of the statement\n" for q in queries)


THREE = ("SELECT 11 AS first_one", "SELECT nosuch", "SELECT explode(sequence(1, 300)) AS third_one")


def test_the_scratch_screen_remembers_what_ran():
    with workspace() as ws:
        got = ws.screen("key X\nkey alt-h\nexpect nothing ran in the scratch screen yet\nkey q\n" + run_script(*THREE) +
                        "key alt-h\nexpect What ran  1/3\nwait\ndump all\nkey j\nexpect nosuch\nkey y\nexpect copied\ncopied second\n"
                        "key /\ntype first\nexpect What ran  1/1\nwait\ndump filtered\nkey enter enter\nexpect scratch\nexpect 1 AS first_one\nwait\ndump taken\n"
                        "key ctrl-z\nexpect AS third_one\nwait\ndump undone\n", "100x30")
        rows = [line for line in got["all"].splitlines() if "local" in line and "SELECT" in line]
        need(len(rows) == 3 and all(sql[:24] in row for sql, row in zip(reversed(THREE), rows)), got["all"])
        need("200+" in rows[0] and "failed" in rows[1] and " 1 " in rows[2], got["all"])
        need(json.loads(got["second"].splitlines()[0]) == THREE[1], got["second"])
        need("nosuch" not in got["filtered"], got["filtered"])
        need("third_one" not in got["taken"].split("rows of")[0], got["taken"])
        need("first_one" not in got["undone"].split("rows of")[0], got["undone"])
        kept = past(ws)
        need([q["sql"] for q in kept] == list(THREE), kept)
        need([q["rows"] for q in kept] == [1, -1, 200] and [q["more"] for q in kept] == [False, False, True], kept)
        need("nosuch" in kept[1]["error"] and "\n" not in kept[1]["error"] and not kept[0]["error"], kept)
        need(all(0 <= q["took"] < 60e6 and abs(q["at"] / 1e6 - time.time()) < 300 and q["provider"] == "local" for q in kept), kept)
        folder = ws.dir / "home/.local/state/firesteel"
        need((folder / "queries").stat().st_mode & 0o777 == 0o600, "others can read what ran")
        ws.screen("key X\nkey alt-h\nexpect What ran  1/3\n", "80x24")


def test_what_ran_is_stepped_through_as_in_a_shell():
    with workspace() as ws:
        ws.screen("key X\n" + run_script(*THREE) + "key esc\nkey alt-a\ntype SELECT 2 AS kept; SELECT 5 AS typ\n"
                  "key ctrl-up\nexpect 1 of 3\nexpect kept; SELECT explode\nkey alt-,\nexpect 2 of 3\nexpect kept; SELECT nosuch\n"
                  "key ctrl-up\nexpect 3 of 3\nexpect kept; SELECT 11 AS first_one\nkey ctrl-up\nexpect nothing ran before that\n"
                  "key ctrl-down\nexpect 2 of 3\nkey alt-.\nexpect 1 of 3\nkey ctrl-down\nexpect kept; SELECT 5 AS typ\nrefute explode\n"
                  "key ctrl-down\nexpect nothing ran after that\nkey ctrl-up ctrl-up\nexpect kept; SELECT nosuch\n"
                  "key ctrl-z\nexpect kept; SELECT explode\nkey ctrl-z\nexpect kept; SELECT 5 AS typ\n"
                  # changed after a step: that is what was typed, and the way begins anew
                  "key ctrl-up\nexpect 1 of 3\ntype , 1\nkey ctrl-up\nexpect 1 of 3\nkey ctrl-down\nexpect AS third_one, 1\n"
                  # in another statement the way begins anew as well
                  "key ctrl-up ctrl-up\nexpect 2 of 3\nkey ctrl-home ctrl-up\nexpect 1 of 3\nkey ctrl-down\nexpect SELECT 2 AS kept; SELECT nosuch\n"
                  # one that ran again is the newest: the step before is what ran before it
                  "key ctrl-end\nkey alt-a\ntype SELECT 0\nkey ctrl-up ctrl-up ctrl-up\nexpect 3 of 3\nkey ctrl-r\nwait\nexpect 1/1\n"
                  "key ctrl-up\nexpect 2 of 4\nexpect SELECT explode\n", "100x30")


def test_statements_parts_and_the_sql_command_are_remembered_and_secrets_are_not():
    with workspace() as ws:
        secret = "SELECT aes_encrypt('hunter2', 'hunter3hunter3hu') AS x"
        ws.screen("key X\ntype SELECT 1 AS a; SELECT 2 AS b FROM (SELECT 3 AS c)\nkey ctrl-home ctrl-r\nwait\nexpect rows of the statement\n"
                  "key ctrl-end left alt-v\nwait\nexpect rows of the subquery\nkey alt-a\n"
                  f"type {secret}\nkey ctrl-r\nwait\nexpect rows of the statement\nkey esc\nkey esc\nwait\ntype :sql SELECT 4 AS d\nkey enter\nwait\nexpect d\n"
                  "key q X\nkey alt-h\nexpect What ran  1/4\nexpect SELECT 4 AS d\n", "100x30")
        kept = past(ws)
        need([q["sql"].strip() for q in kept] == ["SELECT 1 AS a", "SELECT 3 AS c", "SELECT aes_encrypt('***', '***') AS x", "SELECT 4 AS d"], kept)
        need("hunter" not in json.dumps(kept), kept)


def test_the_editor_of_a_transformation_remembers_nothing():
    with workspace() as ws:
        ws.screen("type :edit made\nkey enter\nexpect right: 1 column\nkey ctrl-r\nwait\nexpect rows of the text\nkey alt-h ctrl-up\nwait\nrefute What ran\n", "100x30")
        need(past(ws) == [], past(ws))


def test_what_is_remembered_survives_a_kill_and_a_broken_file():
    with workspace() as ws:
        t = Terminal(ws, rows=30, cols=100)
        t.expect("Transformations")
        t.send("XSELECT 7 AS seven\x12")
        t.expect("1/1")
        for _ in range(200):
            if past(ws):
                break
            t.pump(0.15)
        killed(t)
        need([q["sql"] for q in past(ws)] == ["SELECT 7 AS seven"], past(ws))
        path = ws.dir / "home/.local/state/firesteel/queries"
        path.write_bytes(path.read_bytes() + b'{"sql": "SELECT \xff"}\n{"sql": "SELECT \\u001b[31mred"}\n{"sql"')
        got = ws.screen("key X\nkey alt-h\nexpect What ran\nwait\ndump broken\nkey G\nwait\nkey enter\nexpect SELECT 7 AS seven\n", "100x30")
        need("\x1b" not in got["broken"] and "SELECT 7" in got["broken"], got["broken"])


VI = "type :set editor.keys vi\nkey enter\nexpect editor.keys is vi\n"


def test_the_commands_of_vi():
    with workspace() as ws:
        ws.screen(f"{VI}type :edit made\nkey enter\nexpect right: 1 column\nexpect -- normal --\n"
                  "type :%s/one/two_$1/g\nkey enter\nexpect 1 AS two_$1\nexpect 1 replaced\ntype u:s|(\\d) AS|\\1\\1 AS|\nkey enter\nexpect SELECT 11 AS one\n"
                  "type :s/one/<&>\\&/\nkey enter\nexpect 11 AS <one>&\ntype u:%s/nowhere/x/\nkey enter\nexpect nothing was replaced\n"
                  "type /SELECT\nkey enter\nexpect 1 of 1\ntype :noh\nkey enter\nwait\nrefute 1 of 1\n"
                  "type :wq\nkey enter\nexpect Save as a new variant\ntype v2\nkey tab tab enter\nexpect saved as made.v2\n"
                  "type x:q\nkey enter\nexpect Unsaved text\nkey esc\ntype :q!\nkey enter\nexpect Training sets\nwait\nrefute Unsaved\n", "120x30")
        need(ws.json("show", "made.v2")["definition"]["sql"] == "SELECT 11 AS one", "not what was written")
        need(not drafts(ws), f"thrown away, and there: {drafts(ws)}")
        ws.screen(f"{VI}key X\ntype iSELECT 3 AS stays\nkey esc\ntype :q!\nkey enter\nexpect Training sets\nkey X\nexpect SELECT 3 AS stays\n", "120x30")


def test_an_insertion_of_vi_is_parted_by_a_save():
    with workspace() as ws:
        ws.screen(f"{VI}type :edit made\nkey enter\nexpect right: 1 column\ntype A, 2 AS two\nexpect right: 2 columns\n{save_script('v2')}"
                  "expect -- insert --\ntype , 3 AS three\nexpect right: 3 columns\nkey esc\ntype u\nexpect right: 2 columns\nwait\nrefute [changed]\n"
                  "type u\nexpect right: 1 column,\nexpect [changed]\nkey ctrl-r ctrl-r\nexpect right: 3 columns\n", "120x30")


if __name__ == "__main__":
    main(globals())
