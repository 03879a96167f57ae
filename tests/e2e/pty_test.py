"""The real program in a pty: the terminal is put back on every way out, and few bytes go over the line."""
import base64
import json
import os
import signal
import termios

from harness import Failure, Terminal, Workspace, main, need

WS = Workspace()


def opened(rows=24, cols=80):
    t = Terminal(WS, rows=rows, cols=cols)
    t.expect("Training sets")
    t.pump(1)
    return t


def restored(t):
    """The alternate screen was left, the cursor is shown, echo and line mode are on again."""
    need(t.raw.rfind(b"\x1b[?1049l") > t.raw.rfind(b"\x1b[?1049h"), "the alternate screen was not left")
    shown = max(t.raw.rfind(b"\x1b[?25h"), t.raw.rfind(b"\x1b[?12;25h"), t.raw.rfind(b"\x1b[?12l\x1b[?25h"))
    need(shown > t.raw.rfind(b"\x1b[?25l"), "the cursor is hidden")
    flags = termios.tcgetattr(t.fd)[3]
    need(flags & termios.ECHO and flags & termios.ICANON, "echo or line mode is off")


def way_out(act, check=None):
    t = opened()
    try:
        act(t)
        status = t.wait_exit()
        t.pump(0.5)
        restored(t)
        if check:
            check(status)
    finally:
        t.close()


def test_quit_restores():
    way_out(lambda t: t.send("Q"), lambda status: need(status == 0, f"status {status}"))


def test_sigterm_restores():
    way_out(lambda t: os.kill(t.pid, signal.SIGTERM))


def test_sighup_ends():
    t = opened()
    try:
        os.kill(t.pid, signal.SIGHUP)
        t.wait_exit()
    finally:
        t.close()


def test_crash_restores():
    way_out(lambda t: os.kill(t.pid, signal.SIGSEGV),
            lambda status: need(os.WIFSIGNALED(status) or os.WEXITSTATUS(status), "a crash looks like success"))


def test_closed_terminal_ends_the_program():
    t = opened()
    pid = t.pid
    os.close(t.fd)
    t.fd = os.open("/dev/null", os.O_RDONLY)
    deadline = 300
    while deadline:
        done, _ = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        deadline -= 1
        signal.sigtimedwait([], 0.1)
    t.pid = None if deadline else pid
    t.close()
    need(deadline, "the program outlived its terminal by 30 s")


def test_suspend_and_resume():
    t = opened()
    try:
        t.send("\x1a")
        _, status = os.waitpid(t.pid, os.WUNTRACED)
        need(os.WIFSTOPPED(status), "Ctrl-Z did not stop it")
        t.pump(0.5)
        restored(t)
        os.kill(t.pid, signal.SIGCONT)
        t.send("2")
        t.expect("clean_transactions")
    finally:
        t.close()


def bytes_of(t, keys):
    """Bytes written for each key of `keys`, in order."""
    counts = []
    for key in keys:
        before = t.bytes
        t.send(key)
        t.pump(2)
        counts.append(t.bytes - before)
    return counts


def test_cursor_moves_cost_few_bytes():
    t = opened(rows=40, cols=120)
    try:
        t.send("2")
        t.expect("clean_transactions")
        t.pump(1)
        counts = bytes_of(t, "jjjkkj")
        need(max(counts) <= 400, f"bytes per cursor move: {counts}")
        need(min(counts) > 0, f"a move wrote nothing: {counts}")
    finally:
        t.close()


def test_scrolled_lines_cost_few_bytes():
    t = opened(rows=40, cols=120)
    try:
        t.send(":preview transactions\r")
        t.expect("T0000030")
        t.send("j" * 36)
        t.pump(2)
        counts = bytes_of(t, "jjjjj")
        need(max(counts) <= 600, f"bytes per scrolled line: {counts}")
    finally:
        t.close()


def test_moves_above_a_resting_pane_cost_few_bytes():
    t = opened(rows=40, cols=120)
    try:
        t.send("2")
        t.expect("clean_transactions")
        t.send("|")
        t.expect("stands on")
        t.pump(1)
        before = t.bytes
        t.send("j")
        t.pump(0.05)
        t.send("k")
        t.pump(0.05)
        need(t.bytes - before <= 800, f"{t.bytes - before} bytes for two moves")
        t.pump(1)
        before = t.bytes
        t.pump(2)
        need(t.bytes == before, f"{t.bytes - before} bytes for nothing")
    finally:
        t.close()


def test_keys_that_change_nothing_and_idling_write_nothing():
    t = opened()
    try:
        t.send("2")
        t.expect("clean_transactions")
        t.send("g")
        t.pump(1)
        before = t.bytes
        t.send("k")
        t.pump(3)
        need(t.bytes == before, f"{t.bytes - before} bytes for nothing")
    finally:
        t.close()


def test_a_copied_value_goes_out_as_osc_52_once_and_whole():
    (WS.work / "odd.jsonl").write_text(json.dumps({"word": "\x1b]52;c;AAAA\x07 é"}) + "\n")
    env = {name: value for name, value in WS.env.items() if name not in ("TMUX", "STY")}
    t = Terminal(WS, env=env)
    try:
        t.expect("Training sets")
        t.send(":preview ./odd.jsonl\r")
        t.expect("é")
        t.send("y")
        t.expect("copied word of row 1: 15 bytes")
        wanted = b"\x1b]52;c;" + base64.b64encode("\x1b]52;c;AAAA\x07 é".encode()) + b"\x07"
        need(t.raw.count(wanted) == 1 and t.raw.count(b"\x1b]52") == 1, t.raw[-2000:])
    finally:
        t.close()


def test_a_held_screen_stays_as_it_is():
    t = opened()
    try:
        t.send("2")
        t.expect("clean_transactions")
        t.send("!")
        t.expect("[held]")
        (WS.work / "held.yaml").write_text("transformations:\n  - {name: while_held, variant: v1, sql: SELECT 1 AS one}\n")
        WS.ok("apply", "held.yaml")
        t.pump(2)
        need("while_held" not in t.text(), "it looked while it was held")
        t.send("!")
        t.expect("while_held")
        WS.ok("delete", "while_held.v1")
    finally:
        t.close()


def test_the_mouse_is_off_until_it_is_wanted_and_off_on_the_way_out():
    def act(t):
        t.send("3")
        t.expect("avg_transaction")
        need(b"?1000" not in t.raw and b"?1006" not in t.raw, "the mouse was asked for")
        t.send("M")
        t.expect("the mouse is on")
        t.send("\x1b[<0;5;5M\x1b[<0;5;5m")
        t.expect("Features  3/4")
        t.send("\x1b[<65;5;5M")
        t.expect("Features  4/4")
        t.send("\x1b[<0;99999;99999M\x1b[<0;;M\x1b[<35;1;1M")
        t.send("k")
        t.expect("Features  3/4")
        os.kill(t.pid, signal.SIGTERM)

    t = opened()
    try:
        act(t)
        t.wait_exit()
        t.pump(0.5)
        restored(t)
        need(t.raw.rfind(b"\x1b[?1000l") > t.raw.rfind(b"\x1b[?1000h") > 0, "the mouse is still on")
    finally:
        t.close()


def test_an_editor_of_ones_own_has_the_terminal():
    program = WS.dir / "edit.sh"
    program.write_text("""#!/bin/sh
printf 'which word? '
read word
sed -i "s/SELECT/SELECT '$word' AS word,/" "$1"
""")
    program.chmod(0o755)
    WS.env["EDITOR"] = str(program)
    t = opened(cols=100)
    try:
        t.send(":edit daily_spend\r")
        t.expect("right: 6")
        t.send("\x0f")
        t.expect("which word?")
        need(termios.tcgetattr(t.fd)[3] & termios.ICANON, "it has no lines to read")
        t.send("pebble\r")
        t.expect("'pebble' AS word")
        t.expect("right: 7")
        t.send("\x1a")
        t.expect("right: 6")
        t.send("\x11")
        t.expect("Training sets")
        t.send("Q")
        t.wait_exit()
        restored(t)
    finally:
        del WS.env["EDITOR"]
        t.close()


def test_resize_keeps_the_view():
    t = opened()
    try:
        t.send("2")
        t.expect("clean_transactions")
        for rows, cols in ((40, 120), (10, 30), (24, 80)):
            t.resize(rows, cols)
            t.expect("clean_transactions"[: max(8, min(18, cols - 20))])
    finally:
        t.close()


def test_escapes_in_a_log_never_reach_the_terminal():
    run = next(r["run"] for r in WS.json("runs") if r["state"] == "FAILED")
    path = next(p for p in WS.dir.rglob(f"{run}/log"))
    evil = b"\x1b]0;owned\x07\x1b[31mred\x1b[2J \xc2\x9b31m \x9d0;owned2\x9c \x1bPq\x1b\\ \x00\x08\x0e"
    trace = b"java.lang.Error: " + evil + b"\n\tat a.B.c(B.java:1)\nCaused by: x.Y: " + evil + b"\n\tat a.B.c(" + evil + b")\n"
    path.write_bytes(b"INFO " + evil + b"\nERROR " + evil + b"\n" + trace + b"the last line " + evil)
    t = opened()
    try:
        t.send(f":log {run}\r")
        t.expect("the last line")
        for key in ("e", "e", "z", "w", "g", "/owned\r", "&", "E", "Z", "w", ">", "G"):
            t.send(key)
            t.pump(0.3)
        need(b"owned" in t.raw, "the log was not shown")
        for bad in (b"\x1b]0;owned", b"\x1b[31mred", b"\xc2\x9b", b"\x9d", b"\x1bPq", b"\x1b[2J ", b"\x00"):
            need(bad not in t.raw, f"{bad!r} reached the terminal")
    finally:
        t.close()


def test_the_bell_rings_when_a_run_ends():
    t = opened()
    try:
        t.send(":run location_codes.draft\r")
        t.expect("location_codes.draft is FAILED after")
        need(b"\x07" in t.raw, "no bell")
    finally:
        t.close()


def test_new_lines_of_a_log_do_not_move_what_is_read():
    run = next(r["run"] for r in WS.json("runs") if r["state"] == "FAILED")
    path = next(p for p in WS.dir.rglob(f"{run}/log"))
    lines = [f"{i:05} {'x' * 40} right{i:05} {'y' * 80}" for i in range(400)]
    path.write_text("\n".join(lines) + "\npart")
    t = opened()
    try:
        t.send(f":log {run}\r")
        t.expect("00399")
        t.send("kkkkk>>")
        t.expect("not following")
        t.expect("right00394")
        t.send("G")
        t.expect("right00399")
        t.send("kkkkk")
        t.expect("not following")
        before = t.text()
        with path.open("a") as log:
            log.write("ial line\n" + "java.lang.Error: it\n\tat a.B(B.java)\n\tat a.C(C.java)\n" + "later\n" * 9000 + "z" * 40 + " the end")
        t.send("\x12")
        t.pump(2)
        need(t.text() == before, f"what was read moved:\n{before}\n---\n{t.text()}")
        t.send("G")
        t.expect("zzzzzzzz the end")
        need("later" not in t.text(), "the sideways place was lost")
    finally:
        t.close()


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
