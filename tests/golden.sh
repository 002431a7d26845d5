#!/bin/bash
# What a user sees: each tests/golden/*.txt holds commands (`$ dcc ...`) and, below each,
# what it prints on both streams and its exit status if that is not 0.
#
# They run in tests/golden, where their inputs are.  `UPDATE=1 tests/golden.sh` writes the
# files anew from what the program says now; read the diff before it is committed.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
BUILD=${BUILD:-$SRCDIR/build}
PATH=$BUILD:$PATH
unset DCC_PATH
cd "$SRCDIR/tests/golden" || exit 1
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
number=0

# play FILE: its commands and what they say now
play() {
    grep '^\$ dcc' "$1" | while IFS= read -r line; do
        local status=0
        printf '%s\n' "$line"
        bash -o pipefail -c "${line#\$ }" </dev/null 2>&1 || status=$?
        [ "$status" -eq 0 ] || echo "exit status $status"
    done
}

for file in *.txt; do
    [ -f "$file" ] || continue
    number=$((number + 1))
    play "$file" >"$actual"
    if [ "${UPDATE:-}" = 1 ]; then
        cp "$actual" "$file"
    fi
    if cmp -s "$file" "$actual"; then
        echo "ok $number - $file"
    else
        echo "not ok $number - $file"
        diff -u "$file" "$actual" | head -n 40 | sed 's/^/# /'
    fi
done
echo "1..$number"
