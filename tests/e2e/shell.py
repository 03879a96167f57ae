"""What shells complete: bash by its own rules; zsh and fish, where they are installed, at least read what they are given."""
import shutil
import subprocess

from harness import BINARY, Workspace, main, need

WS = Workspace()


def completed(*words):
    """What bash offers for the last word of a line."""
    quoted = " ".join(f"'{w}'" for w in words)
    script = (f"PATH={BINARY.parent}:$PATH; source <(firesteel completion bash); COMP_WORDS=(firesteel {quoted}); "
              f"COMP_CWORD={len(words)}; _firesteel; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    out = subprocess.run(["bash", "-c", script], cwd=WS.work, env=WS.env, text=True, capture_output=True, check=True)
    return out.stdout.split()


def test_verbs_options_and_names_are_completed():
    need(completed("ru") == ["run", "runs"], completed("ru"))
    need(completed("run", "--up") == ["--upstream"], completed("run", "--up"))
    need("--catalog" in completed("lineage", "--"), completed("lineage", "--"))
    need(completed("run", "fraud_") == ["fraud_training.v1"], completed("run", "fraud_"))
    need("agent" not in completed(""), completed(""))


def test_runs_and_chains_are_completed():
    WS.ok("run", "fraud_training", "--upstream", "--provider", "local")
    WS.ok("run", "clean_transactions", "--downstream", "--provider", "local")
    runs, chains = {r["run"] for r in WS.json("runs", "-n", 100)}, {r["chain"] for r in WS.json("runs", "--chains")}
    need(runs and chains, (runs, chains))
    need(set(completed("log", "20")) == runs, completed("log", "20"))
    need(set(completed("cancel", "20")) == runs | chains, completed("cancel", "20"))
    need(completed("retry", "fraud_") == [], completed("retry", "fraud_"))


def test_shells_read_what_they_are_given():
    for shell in ("bash", "zsh", "fish"):
        text = WS.ok("completion", shell)
        need("upstream" in text and "_SUCCESS last" in text or shell == "bash", f"{shell}: no options")
        if shutil.which(shell):
            subprocess.run([shell, "-n"], input=text, text=True, check=True)
        else:
            print(f"SKIP {shell}: not installed")


def test_the_keys_are_those_of_the_settings():
    def keys(*args):
        return {r["action"]: r["keys"] for r in WS.json("keys", *args)}
    need(keys()["act.run"] == "r", keys()["act.run"])
    (WS.work / "own.yaml").write_text('keys: {act.run: "f9 ctrl-e"}\n')
    need(keys("--config", "own.yaml")["act.run"].lower() == "f9 ctrl-e", keys("--config", "own.yaml")["act.run"])
    (WS.work / "own.yaml").write_text('keys: {act.rum: "f9"}\n')
    need("act.run" in WS.fails(2, "keys", "--config", "own.yaml"), "the nearest action is not named")


def test_the_pictures_are_of_this_program():
    """make pictures draws them anew."""
    drawn = WS.dir / "pictures"
    subprocess.run(["sh", "tests/tools/pictures.sh", drawn], cwd=BINARY.parents[1], check=True, capture_output=True)
    kept = BINARY.parents[1] / "docs/pictures"
    names = sorted(p.name for p in drawn.iterdir())
    need(names == sorted(p.name for p in kept.iterdir()), names)
    for name in names:
        need((drawn / name).read_text() == (kept / name).read_text(), f"docs/pictures/{name} is stale: make pictures")


def test_lineage_is_a_graph_for_graphviz():
    dot = WS.ok("lineage", "fraud_training", "-o", "dot")
    need(dot.startswith("digraph lineage {") and dot.rstrip().endswith("}"), dot)
    need(dot.count("->") == len(WS.json("lineage", "fraud_training")), dot)
    need('label="fraud_training.v1 [READY]"' in dot, dot)
    need("takes table" in WS.fails(2, "list", "-o", "dot"), "another verb takes dot")


def test_other_shells_are_refused():
    need("bash, zsh or fish" in WS.fails(2, "completion", "ksh"), "no word of those there are")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
