"""The SQL editor and the scratch screen, as somebody works in them: undo over saves, drafts after a kill, what was run before."""
import os
import signal

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


if __name__ == "__main__":
    main(globals())
