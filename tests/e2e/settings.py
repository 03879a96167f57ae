"""Settings in force, while they change, and what people bring of their own: keys, commands, production."""
import json
import os
import signal

from harness import Terminal, Workspace, main, need

WS = Workspace()
CONFIG = WS.dir / "home/.config/firesteel/config.yaml"


def config(text):
    CONFIG.parent.mkdir(parents=True, exist_ok=True)
    CONFIG.write_text(text)


def test_wrong_keys_name_file_line_and_nearest():
    config('theme: mono\nkeys:\n  quit: "Q"\n  act.rum: f9\n')
    said = WS.fails(2, "keys")
    need("config.yaml:4:3" in said and "act.run" in said, said)
    config('keys:\n  act.run: "f77"\n')
    said = WS.fails(2, "keys")
    need("config.yaml:2:3" in said and "f77" in said, said)
    config('commands: {look: {argv: [ls], scop: run}}\n')
    said = WS.fails(2, "keys")
    need("config.yaml:1:" in said and "did you mean scope" in said, said)
    config("")


def test_read_only_as_a_setting():
    config("read_only: true\n")
    WS.screen("key 2\nexpect clean\nexpect [read-only]\nkey r\nwait\nrefute starting\n")
    need("read-only" in WS.run("delete", "spend_window.v1").stderr, "a verb writes")
    config("read_only: false\n")
    WS.screen("key 2\nexpect clean\nwait\nrefute [read-only]\n")


def test_keys_one_after_the_other():
    config('keys: {list.bottom: "g,e", list.top: "g,g", go.runs: "space,r"}\n')
    WS.screen("key 2\nexpect clean\nexpect 1/\nkey g\nexpect g …\nkey e\nwait\nrefute 1/\nkey g g\nwait\nexpect 1/\n"
              "key g x\nwait\nexpect 1/\nkey space r\nexpect FAILED\n")
    need({r["keys"] for r in WS.json("keys") if r["action"] == "list.top"} == {"g,g"}, "keys")
    config("")


def test_settings_change_while_one_works():
    WS.screen("type :set theme nosuch\nkey enter\nexpect there is no theme nosuch\ntype :set theme\nkey enter\nexpect theme is default\n"
              "type :set theme mono\nkey enter\nexpect theme is mono (:set)\ntype :set ui.ascii yes please\nkey enter\nexpect of type bool\n"
              "type :set ui.asci true\nkey enter\nexpect did you mean ui.ascii\ntype :set ui.ascii true\nkey enter\nexpect ui.ascii is true\n"
              "type :set read_only true\nkey enter\nexpect [read-only]\ntype :set read_only false\nkey enter\nwait\nrefute [read-only]\n")


def test_a_file_that_is_saved_is_in_force():
    config("")
    t = Terminal(WS)
    try:
        t.expect("Training sets")
        config('keys: {go.runs: "Z"}\ntheme: mono\n')
        t.expect("the settings were read again")
        t.send("Z")
        t.expect("FAILED")
        config("theme: mno\n")
        t.expect("there is no theme mno")
        config("themes: mono\n")
        t.expect("no setting themes")
        t.send("Q")
        t.wait_exit()
    finally:
        t.close()
        config("")


def test_production_is_marked_and_asks_for_its_name():
    config("provider: prod-local\nproduction: prod-*, other\nstaging: stage\n")
    (WS.work / "prod.yaml").write_text("providers:\n  - {name: prod-local, engine: local}\n  - {name: stage, engine: local}\n"
                                       "transformations:\n  - {name: real, variant: v1, sql: SELECT 1 AS one}\n")
    WS.ok("apply", "prod.yaml")
    runs = len(WS.json("runs", "-n", 100))
    got = WS.screen("expect prod-local [production]\nroles marked\ntype :run real\nkey enter\nexpect this is production\nexpect Run real.v1\n"
                    "key enter\nwait\nrefute started\ntype :run real\nkey enter\nexpect this is production\ntype prod\nkey tab tab enter\n"
                    "expect nothing was done\ntype :provider stage\nkey enter\nexpect stage [staging]\nroles nearly\n", "100x24")
    need(len(WS.json("runs", "-n", 100)) == runs, "it ran")
    first = {name: set(text.splitlines()[0].strip()) for name, text in got.items()}
    need(len(first["marked"]) == 1 and len(first["nearly"]) == 1 and first["marked"] != first["nearly"], first)
    WS.screen("type :run real\nkey enter\nexpect this is production\ntype prod-local\nkey tab tab enter\nexpect started real.v1\nwait\n", "100x24")
    need(len(WS.json("runs", "-n", 100)) == runs + 1, "it did not run")
    WS.screen("type :provider stage\nkey enter\nexpect staging\ntype :run real\nkey enter\nexpect started real.v1\nwait\n", "100x24")
    config("")


def test_many_runs_ask_for_the_production_among_them():
    """The first of them runs elsewhere, the second where everything runs that says nothing else."""
    config("provider: prod-local\nproduction: prod-*\n")
    (WS.work / "many.yaml").write_text("providers:\n  - {name: prod-local, engine: local}\n  - {name: stage, engine: local}\n"
                                       "transformations:\n  - {name: begins, variant: v1, provider: stage, sql: SELECT 1 AS one}\n"
                                       "  - {name: ends, variant: v1, sql: 'SELECT one FROM {{begins.v1}}'}\n")
    WS.ok("apply", "many.yaml")
    runs = len(WS.json("runs", "-n", 100))
    asked = "key r\nexpect Run in this order\nexpect begins.v1, then ends.v1\nkey tab enter\nexpect this is production\n"
    WS.screen(f"type :impact begins\nkey enter\nexpect changes itself\nwait\n{asked}expect Run all that stands on begins\ntype stage\nkey tab tab enter\n"
              "expect nothing was done\n", "100x24")
    WS.screen(f"type :stale\nkey enter\nexpect never ran, and\nwait\n{asked}expect Run all that is out of date\nkey enter\nwait\nrefute started\n", "100x24")
    need(len(WS.json("runs", "-n", 100)) == runs, "it ran")
    WS.screen(f"type :stale\nkey enter\nexpect never ran, and\nwait\n{asked}type prod-local\nkey tab tab enter\nexpect the rebuild is READY\nwait\n"
              "expect nothing is out of date\n", "100x24")
    need([r["name"] for r in WS.json("runs", "-n", 2)] == ["ends.v1", "begins.v1"], "it did not run")
    config("")
    for name in "ends.v1", "begins.v1":
        WS.ok("delete", name)


def test_commands_of_ones_own():
    tool = WS.dir / "tool"
    tool.write_text('#!/bin/sh\nfor a in "$@"; do printf "<%s>" "$a"; done\nprintf "\\n"\nexit 3\n')
    tool.chmod(0o755)
    made = WS.work / "made here"
    config(json.dumps({"commands": {
        "say": {"argv": [str(tool), "{kind}:{name}.{variant}", "a b;$(x)", "{input}", "{nosuch}"], "keys": "f7", "ask": "what: ", "show": True},
        "make": {"argv": ["touch", str(made)], "keys": "f8", "scope": "global", "confirm": True},
        "of-run": {"argv": [str(tool), "{run}", "{uri}"], "scope": "run", "keys": "f7", "show": True, "help": "Tell of the run"}}}))
    WS.screen("key 2\nexpect clean\nkey f7\nexpect what:\ntype x  y\nkey enter\n"
              "expect <transformation:clean_transactions.v1><a b;$(x)><x  y><{nosuch}>\nexpect ended with 3\n", "120x24")
    WS.screen("key f8\nexpect touch\nexpect made here\nkey enter\nwait\n")
    need(not made.exists(), "it was not asked")
    WS.screen("key f8\nexpect touch\nkey tab enter\nwait\nexpect touch ended with 0\n")
    need(made.exists(), "it was not started")
    WS.screen("key 8\nexpect READY\nkey ?\nexpect Tell of the run\nkey q f7\nexpect >\nexpect ended with 3\n", "120x60")
    WS.screen("type :own.say\nkey enter\nexpect what:\nkey esc\n")
    (WS.work / ".firesteel/config.yaml").write_text("commands: {bad: {argv: [touch, bad]}}\n")
    need("your own config.yaml only" in WS.fails(2, "list"), "a workspace brings programs along")
    (WS.work / ".firesteel/config.yaml").unlink()
    config("")


def test_a_command_takes_the_terminal_and_gives_it_back():
    config(json.dumps({"commands": {"edit": {"argv": ["sh", "-c", "stty -a; echo name?; read x; echo got $x"], "keys": "f7", "scope": "global"}}}))
    t = Terminal(WS)
    try:
        t.expect("Training sets")
        t.send("\x1b[18~")
        t.expect("name?")
        need(" icanon" in t.text() and " echo " in t.text(), "line mode is off")
        t.send("a thing\r")
        t.expect("sh ended with 0")
        t.expect("Training sets")
        t.send("Q")
        t.wait_exit()
    finally:
        t.close()
        config("")


def test_a_crash_leaves_its_place():
    state = WS.dir / "home/.local/state/firesteel/crash.txt"
    state.unlink(missing_ok=True)
    t = Terminal(WS)
    try:
        t.expect("Training sets")
        os.kill(t.pid, signal.SIGSEGV)
        t.wait_exit()
        t.pump(0.5)
        need(b"ended by signal 11; where it was is in " in t.raw, t.raw[-300:])
    finally:
        t.close()
    lines = state.read_text().splitlines()
    need(lines[0].startswith("firesteel 0.1.0, signal 11, process ") and len(lines) > 3, lines)
    need(any("firesteel(+0x" in line for line in lines[1:]), lines)
    need(state.stat().st_mode & 0o777 == 0o600, "others can read it")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
