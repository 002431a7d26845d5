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

# Every key of JSON, of every form of it, and every column of CSV stands in dcc-report(5).
sed -e 's/\\&//g; s/\\-/-/g; s/\\(aq/'\''/g' "$SRCDIR/man/dcc-report.5" | tr -s ' ,;()|"' '\n' |
    sed 's/[.:]$//' | sort -u >"$TMPDIR/words"
cat >"$TMPDIR/keys.py" <<'EOF'
import csv, json, re, sys

words = set(open(sys.argv[1]).read().split())
names = {re.split(r"[.]", word)[-1] for word in words} | {part for word in words for part in word.split(".")}
own = set()  # names that the files give: of dims, tensors, memories, parts


def walk(value, path):
    if isinstance(value, dict):
        for key, child in value.items():
            parent = path[-1] if path else ""
            free = parent in ("dims", "tensor_size", "tensors", "offchip", "reuse", "reads", "writes", "mac",
                              "energy_pj", "energy_pj_by_tensor", "area_mm2", "power_mw", "psum_reads",
                              "required_bytes", "depths", "l1", "l2", "buffer")
            if key not in names and not free:
                own.add(".".join(path + [key]))
            walk(child, path + [key])
    elif isinstance(value, list):
        for child in value:
            walk(child, path)


for name in sys.argv[2:]:
    if name.endswith(".json"):
        walk(json.load(open(name)), [])
        continue
    for column in next(csv.reader(open(name))):
        column = re.sub(r" .*", "", column)
        pattern = [re.sub(r"^\d+$", "{l}", step) for step in column.split(".")]
        if not any(step in names for step in pattern):
            own.add(column)
print("\n".join(sorted(own)))
sys.exit(1 if own else 0)
EOF
run() {
    DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware "$DCC" "$@" --json "$TMPDIR/$n.json" \
        --csv "$TMPDIR/$n.csv" >"$TMPDIR/log" 2>&1
    python3 "$TMPDIR/keys.py" "$TMPDIR/words" "$TMPDIR/$n.json" "$TMPDIR/$n.csv" >"$TMPDIR/log" 2>&1
    report $? "every key of $*"
}
run yr-p.m --model vgg16.m --hw eyeriss.hw --why
run ff-gemmini.m --model bert-base.m --hw ff-gemmini.hw --why
run kc-p.m yr-p.m --model vgg16.m --hw paper256.hw --optimize edp
run rs.m --model alexnet.m --hw eyeriss.hw
echo "1..$n"
