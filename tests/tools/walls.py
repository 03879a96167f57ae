"""Read every #include of src/ against the table in tests/rooms: which room may see which.

Also checks that each door compiles alone. Exit 1 with each wrong line named.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
may = {}
for line in (root / "tests/rooms").read_text().splitlines():
    if line.strip() and not line.startswith("#"):
        room, _, others = line.partition(":")
        may[room] = set(others.split()) | {room}

bad = []
for path in sorted((root / "src").rglob("*.[ch]")):
    parts = path.relative_to(root / "src").parts
    room = parts[0] if len(parts) > 1 else None
    if room is not None and room not in may:
        bad.append(f"{path}: room '{room}' is not in tests/rooms")
        continue
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not found or room is None:
            continue
        name = found.group(1)
        if name.startswith("firesteel/"):
            other = re.split(r"[/.]", name)[1]
            if other not in may[room]:
                bad.append(f"{path}:{number}: {room} may not include {other}")
        elif "/" in name and name != "embedded.h":
            bad.append(f"{path}:{number}: include a door, not a file inside a room: {name}")

for door in sorted((root / "include/firesteel").glob("*.h")):
    with tempfile.NamedTemporaryFile("w", suffix=".c") as probe:
        probe.write(f'#include "firesteel/{door.name}"\nint fst_probe_;\n')
        probe.flush()
        result = subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", f"-I{root}/include", probe.name],
                                capture_output=True, text=True)
        if result.returncode:
            bad.append(f"{door} does not compile alone:\n{result.stderr}")

print("\n".join(bad) if bad else f"walls: {len(may)} rooms, every include in its direction")
sys.exit(1 if bad else 0)
