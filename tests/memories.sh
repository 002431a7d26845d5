#!/bin/bash
# What is reported of the shipped hierarchies adds up, in JSON and CSV.
set -u
source "$SRCDIR/tests/tap"
cd "$TMPDIR" || exit 1

if ! command -v python3 >/dev/null; then
    echo "ok 1 - reports of hierarchies # SKIP no python3"
    echo "1..1"
    exit 0
fi

for machine in "$SRCDIR"/hardware/*.hw; do
    grep -q '^ *Hierarchy' "$machine" || continue
    name=$(basename "$machine" .hw)
    for model in vgg16 bert-base; do
        "$DCC" "$name.m" --model $model.m --hw "$name.hw" -Wno-capacity --json out.json --csv out.csv >out 2>log &&
            python3 "$SRCDIR/tests/memories.py" out.json out.csv >log
        report $? "$name, $model: figures add up"
    done
done
echo "1..$n"
