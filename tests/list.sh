#!/bin/bash
# `dcc --list`: every name that it prints stands in a page of the manual, so that what is added to a
# table is also written about; and what is asked for wrongly is answered with what there is.
set -u

source "$SRCDIR/tests/tap"
shown=$TMPDIR/log

# The words of all pages, one a line: marks of the layout are no part of a name.
sed -e 's/\\&//g; s/\\-/-/g; s/\\(aq/'\''/g' "$SRCDIR"/man/*.[1-9] |
    tr -s ' ,;()|"' '\n' | sed 's/[.:]$//' | sort -u >"$TMPDIR/words"

for what in operators checks metrics keys dataflows models hardware; do
    "$DCC" --list "$what" >"$TMPDIR/list" 2>"$TMPDIR/log"
    report $? "--list $what"
    [ "$(wc -l <"$TMPDIR/list")" -ge 5 ]
    report $? "$what has lines"
    awk 'NF < 2' "$TMPDIR/list" >"$TMPDIR/log"
    ! [ -s "$TMPDIR/log" ]
    report $? "every name of $what has a line"
    cut -d ' ' -f 1 "$TMPDIR/list" | sort -u | comm -23 - "$TMPDIR/words" >"$TMPDIR/log"
    ! [ -s "$TMPDIR/log" ]
    report $? "every name of $what stands in the manual"
done

"$DCC" --list key >"$TMPDIR/list" 2>"$TMPDIR/log"
[ $? -eq 2 ] && grep -q "did you mean 'keys'" "$TMPDIR/log"
report $? "--list key: the near name"
"$DCC" --list q >"$TMPDIR/list" 2>"$TMPDIR/log"
[ $? -eq 2 ] && grep -q "there are operators, checks, metrics, keys, dataflows, models and hardware" "$TMPDIR/log"
report $? "--list q: what there is"

# What --model takes from DCC_PATH is listed.
mkdir "$TMPDIR/own"
printf '// A net of one'\''s own, et al. (2026). More.\nNetwork "own" {\n}\n' >"$TMPDIR/own/own.m"
DCC_PATH=$TMPDIR/own "$DCC" --list models >"$TMPDIR/log" 2>&1
grep -q "^own.m  *A net of one's own, et al. (2026)$" "$TMPDIR/log"
report $? "--list models: those of DCC_PATH too"
echo "1..$n"
