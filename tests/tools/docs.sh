#!/bin/sh
# Write the generated parts of docs/; with --check only compare, and fail when one is behind the tables.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
tool=$root/build/docs-tool
status=0
for part in keys verbs settings definitions functions local-sql man; do
    file=$root/docs/$part.md
    [ "$part" != man ] || file=$root/docs/firesteel.1
    "$tool" "$part" >"$root/build/docs.tmp"
    if [ "${1:-}" != --check ]; then
        cp "$root/build/docs.tmp" "$file"
    elif ! cmp -s "$root/build/docs.tmp" "$file"; then
        echo "$file is behind the program's tables: make docs"
        status=1
    fi
done
exit $status
