#!/bin/sh
# The pictures of the README: screens of the program on its demo workspace, drawn by itself. Run by `make pictures`;
# with a folder as argument they go there.
set -eu
program=$PWD/build/firesteel
out=${1:-$PWD/docs/pictures}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" LC_ALL=C.UTF-8
mkdir "$work/demo"
cd "$work/demo"
"$program" init --demo >/dev/null 2>&1

# picture NAME COLSxROWS, its keys on standard input
picture() {
    { cat; printf 'wait\npicture %s\n' "$1"; } >"$work/keys"
    "$program" --keys "$work/keys" --dump "$work/dump" --size "$2" --theme dark
    sed '/^---/d' "$work/dump" >"$out/$1.svg"
    rm -rf "$work/state"
}

mkdir -p "$out"
picture home 100x20 <<'K'
expect Training sets
K
picture lineage 140x14 <<'K'
type :lineage fraud_training
key enter
expect 12 nodes
K
picture editor 100x16 <<'K'
type :edit user_activity
key enter
expect right: 4 columns
key down end
type , nosuch AS oops
expect UNRESOLVED_COLUMN
K
picture rows 120x20 <<'K'
type :preview transactions
key enter
expect T0000001
key w
type TransactionAmount > 1000
key enter
wait
expect where
K
picture save 100x24 <<'K'
type :edit daily_spend
key enter
expect right
key end
type  1 AS one,
expect right: 7
key ctrl-s
expect Save as a new variant
K
picture columns 100x16 <<'K'
type :user_activity
key enter
expect stands on
key C
expect columns of
K
echo "$out: $(ls "$out" | wc -l) pictures"
