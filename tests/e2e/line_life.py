"""The life of a line: slow ones, windows that are dragged, a shell in between, readers that stop, lines that die."""
import os
import random
import re
import select
import shutil
import signal
import subprocess
import termios
import time

from harness import BINARY, Workspace, main, need
from line import DOWN, PGDN, Line

WS = Workspace()
ENV = {name: value for name, value in WS.env.items() if name not in ("TMUX", "STY", "COLORTERM")}
KERNEL = 70_000  # bytes that a pty holds for its reader


def opened(rows=24, cols=80, view=None, wanted=None):
    line = Line([BINARY], WS.work, ENV, rows, cols)
    line.expect("Training sets")
    line.settle()
    if view:
        line.go(view, wanted)
    return line


def slowly(line, baud, seconds, keys, every):
    """Read as a modem would while keys come, one each `every` seconds: bytes read, keys sent."""
    began, read, sent, done = time.monotonic(), 0, 0, 0
    while (now := time.monotonic() - began) < seconds:
        if now >= sent * every and sent < len(keys):
            line.send(keys[sent])
            sent += 1
        due = int(baud / 10 * now) - done
        if due > 0:
            n = len(line.read(0.0, due))
            read, done = read + n, done + due
        select.select([], [], [], 0.005)
    return read, sent


def on_a_slow_line(baud):
    """A key is held for three seconds: all of them count, and the line got no more than it can hold."""
    with opened(40, 120, ":preview transactions\r", "T0000015") as line:
        page = max(a.n for a in [line.press(PGDN), line.press(PGDN), line.press(PGDN)][1:])
        line.press("g")
        before = line.bytes
        _, sent = slowly(line, baud, 3.0, [PGDN] * 90, 1 / 30)
        line.settle(limit=60)
        frames = (line.bytes - before) / page
        need(sent == 90 and not line.ended(), f"{sent} keys were sent")
        need(line.bytes - before < KERNEL + 3 * page + baud, f"{line.bytes - before} bytes for {sent} pages of {page} at {baud} baud")
        need(frames < sent / 2, f"{frames:.0f} frames for {sent} keys at {baud} baud")
        row = int(re.search(r" ([\d,]+)/100,000", line.text()).group(1).replace(",", ""))
        line.press("g")
        for _ in range(sent):
            line.send(PGDN)
        line.settle()
        again = int(re.search(r" ([\d,]+)/100,000", line.text()).group(1).replace(",", ""))
        need(row == again and row > 2000, f"row {row} at {baud} baud, {again} at once")


def test_held_keys_at_1200_baud_are_all_taken_and_frames_are_left_out():
    on_a_slow_line(1200)


def test_held_keys_at_9600_baud_are_all_taken_and_frames_are_left_out():
    on_a_slow_line(9600)


def test_typed_text_at_1200_baud_arrives_whole():
    word = "abcdefghij" * 4
    with opened(24, 80, "2", "clean_transactions") as line:
        line.send(":")
        slowly(line, 1200, 1.5, list(word), 0.02)
        line.settle(limit=60)
        need(word in line.text(), line.text())


def sizes(n):
    rnd = random.Random(5)
    special = [(1, 1), (500, 200), (1, 200), (200, 1), (2, 2), (200, 500)]
    return [special[i % 50] if i % 50 < len(special) else (rnd.randrange(1, 201), rnd.randrange(1, 501)) for i in range(n)]


def storm(view, wanted):
    line = Line([BINARY], WS.work, ENV, 40, 120, screen=False)
    try:
        while b"Training sets" not in line.raw:
            line.read(0.1)
            need(not line.ended(), "it never began")
        line.settle()
        line.press(view)
        before, began, all_sizes = line.bytes, time.monotonic(), sizes(1000)
        for i, (rows, cols) in enumerate(all_sizes):
            line.set_size(rows, cols)
            while time.monotonic() - began < (i + 1) / 1000:
                line.read(0.0002)
        took = time.monotonic() - began
        line.settle(limit=60)
        need(not line.ended(), f"it ended: {line.status}")
        drawn = line.bytes - before
        line.set_size(24, 80)
        line.settle()
        line.raw = b""
        line.set_size(40, 120)
        line.settle()
        need(wanted.encode() in line.raw, line.raw[-500:])
        # 30 frames a second, of screens that have 50,000 cells on the average, of which most are blank
        need(drawn < 30 * (took + 1) * 20_000, f"{drawn} bytes for a thousand sizes in {took:.1f} s")
    finally:
        line.close()


def test_a_thousand_sizes_in_a_second_on_a_list():
    storm("2", "clean_transactions")


def test_a_thousand_sizes_in_a_second_on_a_table():
    storm(":preview transactions\r", "T0000005")


def test_a_thousand_sizes_in_a_second_on_lineage():
    storm(":lineage fraud_training\r", "fraud_training")


def test_a_thousand_sizes_in_a_second_in_an_editor():
    storm(":edit clean_transactions\r", "SELECT")


def test_a_run_goes_on_while_the_program_is_stopped():
    with opened(view="8", wanted="READY") as line:
        runs = {r["run"] for r in WS.json("runs", "-n", 100)}
        line.send(":run fraud_training\r")
        end = time.monotonic() + 60
        while not (new := [r for r in WS.json("runs", "-n", 100) if r["run"] not in runs]):
            need(time.monotonic() < end, f"no run began:\n{line.text()}")
            line.read(0.1)
        line.send("\x1a")
        _, status = os.waitpid(line.pid, os.WUNTRACED)
        need(os.WIFSTOPPED(status), "Ctrl-Z did not stop it")
        line.settle()
        need(termios.tcgetattr(line.slave) == line.modes, "the modes of the line are not the shell's")
        need(b"\x1b[?1049l" in line.raw[-300:], "the screen was not left")
        ended = WS.wait_for_run(new[0]["run"], {"READY", "FAILED"})
        need(ended["state"] == "READY", f"the run ended {ended}")
        line.kill(signal.SIGCONT)
        line.go("8", ended["run"])
        need(re.search(ended["run"] + r".*READY", line.text()), line.text())
        line.send("Q")
        need(line.wait_end() == 0, f"status {line.status}")


def test_suspended_twice_and_resized_in_between():
    with opened(view="2", wanted="clean_transactions") as line:
        for rows, cols in ((40, 120), (10, 40)):
            line.send("\x1a")
            _, status = os.waitpid(line.pid, os.WUNTRACED)
            need(os.WIFSTOPPED(status), "Ctrl-Z did not stop it")
            line.resize(rows, cols)
            line.kill(signal.SIGCONT)
            line.settle()
            line.expect("clean_tr")
            need(line.text().count("\n") == rows - 1, "not the new size")
        line.send("Q")
        need(line.wait_end() == 0, f"status {line.status}")


def stuck(line):
    """Nobody reads: frames are asked for until the program waits in a write."""
    end, still = time.monotonic() + 30, 0
    while still < 10:
        need(time.monotonic() < end, "it never filled the line")
        if line.is_taken():
            line.send(PGDN)
            still = 0
        else:
            still += 1
        select.select([], [], [], 0.03)


def ends_though_nobody_reads(number):
    with opened(60, 200, ":preview transactions\r", "T0000015") as line:
        stuck(line)
        began = time.monotonic()
        line.kill(number)
        status = line.wait_end(10, reads=False)
        need(status is not None, "a reader that stopped keeps it from ending")
        need(time.monotonic() - began < 5, f"{time.monotonic() - began:.1f} s to end")
        need(termios.tcgetattr(line.slave) == line.modes, "the modes of the line are not as they were")
        while line.read(0.1):
            pass
        need(b"\x1b[?1049l" in line.raw[-300:], "the screen was not left")


def test_sigterm_ends_it_though_nobody_reads():
    ends_though_nobody_reads(signal.SIGTERM)


def test_sighup_ends_it_though_nobody_reads():
    ends_though_nobody_reads(signal.SIGHUP)


def test_a_reader_that_stopped_for_a_while_gets_the_last_screen():
    with opened(60, 200, ":preview transactions\r", "T0000015") as line:
        stuck(line)
        line.send("g" + "G")
        line.go("g", "T0000015")


def test_an_edit_is_kept_when_the_line_dies():
    for how in ("closed", signal.SIGHUP, signal.SIGTERM):
        line = opened(view=":edit clean_transactions\r", wanted="SELECT")
        word = f"kept_{how if how == 'closed' else int(how)}"
        try:
            line.go(f"{word} ", word)
            if how == "closed":
                os.close(line.slave)
                os.close(line.master)
                end = time.monotonic() + 10
                while not line.ended() and time.monotonic() < end:
                    select.select([], [], [], 0.02)
                line.master, line.slave = os.open("/dev/null", os.O_RDONLY), os.open("/dev/null", os.O_RDONLY)
            else:
                line.kill(how)
                line.wait_end()
            need(line.ended(), "it outlived its line")
        finally:
            line.close()
        with opened(view=":edit clean_transactions\r", wanted=word):
            pass


def test_an_edit_is_kept_though_the_disk_is_slow():
    """A draft that is still being written when the editor is closed must not be the last word. The renames of workers wait from
    their third on; the last draft is the second one of the main thread, which does not."""
    if not shutil.which("strace"):
        print("SKIP no strace here")
        return
    for word, end in (("kept_late", ""), ("kept_later", "key esc\nwait\n")):
        script = WS.dir / "slow.keys"
        script.write_text(f"type :edit clean_transactions\nkey enter\nwait\nkey ctrl-home\n" + "type a\nwait\n" * 10
                          + f"type b\ntype {word}\n{end}")
        subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", "trace=rename", "-e", "inject=rename:delay_enter=300000:when=3+",
                        BINARY, "--keys", script], cwd=WS.work, env=ENV, check=True, timeout=60)
        with opened(view=":edit clean_transactions\r", wanted="SELECT") as line:
            need("aab" + word in line.text(), f"lost {word}:\n{line.text()}")


def test_a_line_that_is_gone_with_hangups_ignored():
    """As under nohup: the end of the line is seen by reading."""
    line = Line(["/bin/sh", "-c", f"trap '' HUP; exec {BINARY}"], WS.work, ENV, screen=False)
    while b"Training sets" not in line.raw:
        line.read(0.1)
        need(not line.ended(), "it never began")
    os.close(line.slave)
    os.close(line.master)
    end = time.monotonic() + 10
    while not line.ended() and time.monotonic() < end:
        select.select([], [], [], 0.02)
    line.master, line.slave = os.open("/dev/null", os.O_RDONLY), os.open("/dev/null", os.O_RDONLY)
    alive = not line.ended()
    line.close()
    need(not alive, "it lives on without a line")


def test_of_a_long_log_only_the_end_is_read():
    """Sixty megabytes: the last line is there with the first frame of the log, and nothing of the start is in memory."""
    run = next(r["run"] for r in WS.json("runs") if r["state"] == "FAILED")
    log = next(p for p in WS.dir.rglob(f"{run}/log"))
    log.write_text("".join(f"{i:07} INFO TaskSetManager: Finished task {i}.0 in stage {i // 2000}.0\n" for i in range(1_000_000)))
    with opened(view=f":log {run}\r", wanted="0999999") as line:
        read = int(re.search(r"rchar: (\d+)", open(f"/proc/{line.pid}/io").read()).group(1))
        need(read < 8_000_000, f"{read} bytes were read")
        need(line.rss_mb("VmHWM") < 24, f"{line.rss_mb('VmHWM'):.1f} MB")
        line.go("g", "its end")


def test_moving_while_a_log_grows_loses_no_key():
    run = next(r["run"] for r in WS.json("runs") if r["state"] == "FAILED")
    log = next(p for p in WS.dir.rglob(f"{run}/log"))
    log.write_text("".join(f"line {i:06}\n" for i in range(2000)))
    with opened(view=f":log {run}\r", wanted="001999") as line:
        line.press("g")
        first = int(re.search(r"line (\d{6})", line.text()).group(1))
        for i in range(100):
            with log.open("a") as f:
                f.write(f"more {i}\n" * 50)
            line.send(DOWN)
            line.read(0.005)
        line.settle()
        top = int(re.search(r"line (\d{6})", line.text()).group(1))
        need(top - first == 100, f"{top - first} lines for a hundred keys")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
