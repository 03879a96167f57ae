"""What a terminal's terminfo entry allows to be written to it: term_caps.py TERM prints patterns, one JSON list.

A process of its own for each terminal, since a process can read one entry only."""
import curses
import itertools
import json
import re
import subprocess
import sys


def pattern(text):
    """Numbers that depend on parameters are any numbers; delays are for terminals of glass and brass."""
    return re.sub(rb"\d+", rb"\\d+", re.escape(re.sub(rb"\$<[^>]*>", b"", text)))


def filled(name, text):
    """The strings that a capability with parameters makes."""
    if name in ("setaf", "setab", "setf", "setb"):
        return [curses.tparm(text, i) for i in range(max(8, curses.tigetnum("colors")))]
    if name in ("sgr",):
        return [curses.tparm(text, *bits) for bits in itertools.product((0, 1), repeat=9)]
    if b"%p" not in text:
        return [text]
    return [curses.tparm(text, 11, 22)[1 if name == "rep" else 0:]]  # it begins with the letter to be repeated


def main(term):
    curses.setupterm(term)
    names = re.findall(r"^\t(\w+)=", subprocess.run(["infocmp", "-1", "-x", term], check=True, text=True, capture_output=True).stdout, re.M)
    patterns = set()
    for name in names:
        text = curses.tigetstr(name)
        if not text or name.startswith(("k", "pf")) or b"%s" in text or b"%l" in text:
            continue
        for one in filled(name, text):
            if b"\x1b" in one or b"\x0e" in one or b"\x0f" in one or b"\x9b" in one:
                patterns.add(pattern(one).decode("latin-1"))
    print(json.dumps({"patterns": sorted(patterns, key=len, reverse=True), "colors": curses.tigetnum("colors"),
                      "alternate": (curses.tigetstr("rmcup") or b"").decode("latin-1"),
                      "paste": bool(curses.tigetstr("BE") or b"?1049" in (curses.tigetstr("smcup") or b""))}))


if __name__ == "__main__":
    main(sys.argv[1])
