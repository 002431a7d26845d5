#!/bin/bash
# The README's example: the file it shows, run by the commands it shows, prints what it shows.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
BUILD=${BUILD:-$SRCDIR/build}
PATH=$BUILD:$PATH
unset DCC_PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

# Indented blocks, without the indent: the first after `example.m:` is the file, one that
# begins with `$ dcc` a command and what it prints.
awk '
    /example\.m:$/ { file = "example.m"; next }
    /^    \$ dcc/ {
        n++
        print substr($0, 7) >("command." n)
        file = "expected." n
        printf "" >file
        next
    }
    /^    / && file {
        for (; blank; blank--) if (begun[file]) print "" >file
        print substr($0, 5) >file
        begun[file] = 1
        next
    }
    /^$/ { blank++; next }
    { file = ""; blank = 0 }' "$SRCDIR/README"

number=0
for command in command.*; do
    [ -f "$command" ] || { echo "not ok 1 - the README has no example"; exit 1; }
    number=$((number + 1))
    if bash "$command" 2>&1 | diff "expected.${command#command.}" - >difference; then
        echo "ok $number - $(cat "$command")"
    else
        echo "not ok $number - $(cat "$command")"
        sed 's/^/# /' difference
    fi
done
echo "1..$number"
