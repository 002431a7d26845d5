#!/bin/bash
# Figures brought to another node, and layers whose counts do not fit, in every kind of output.
set -u
cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

# value FILE COLUMN: of the first layer of a CSV; names without their unit
value() {
    tr -d '\r' <"$1" | awk -F, -v name="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) { sub(/ \[.*/, "", $i); if ($i == name) at = i } }
        NR == 2 { print $at }'
}
# ratio PATH TIMES: the column at 32 nm is so many times that at 45 nm
ratio() {
    awk -v a="$(value at45.csv "$1")" -v b="$(value at32.csv "$1")" -v times="$2" \
        'BEGIN { r = b / a / times - 1; if (r < 0) r = -r; exit !(a > 0 && r < 1e-3) }'
    report $? "$1 is times $2"
}
layer=(kc-p.m --model alexnet.m --layer CONV2 --hw paper256.hw --tech 45nm)
"$DCC" "${layer[@]}" --csv at45.csv --json at45.json >/dev/null 2>log &&
    "$DCC" "${layer[@]}" --node 32 --csv at32.csv --json at32.json >table 2>>log &&
    grep -q '^technology 45nm brought to 32 nm: energies and powers on the chip times 0.5412, areas times 0.4697 (Stillmaker' table
report $? "the table says what figures are times"
ratio energy_pj.mac 0.5412
ratio energy_pj.l1 0.5412
ratio energy_pj.l2 0.5412
ratio energy_pj.offchip 1 # memory is of another chip
[ "$(value at45.csv cycles)" = "$(value at32.csv cycles)" ]
report $? "time stays"
"$DCC" "${layer[@]}" --node 32 --explain-cost >account 2>log &&
    grep -q '^brought to 32 nm: energies and powers on the chip times 0.54[0-9]*, areas times 0.46[0-9]* \[[0-9]*\]$' account
report $? "the account says so with its source"
"$DCC" "${layer[@]}" --node 45 --csv same.csv >table 2>>log && cmp at45.csv same.csv >>log &&
    grep -q 'on the chip times 1, areas times 1 ' table
report $? "a technology's own node changes nothing"
echo 'Accelerator "bare" { PEs: 256 }' >bare.hw
"$DCC" kc-p.m --model alexnet.m --layer CONV2 --hw bare.hw --explain-cost >account 2>log
grep -q 'no technology is given: energy and area are not known' account
report $? "an account of no technology"
cat >>bare.hw <<'END'
Technology "energies" { MAC { Energy: 1 pJ Source: "a test" } }
END
sed -i 's/256/256, Technology: "energies"/' bare.hw
"$DCC" kc-p.m --model alexnet.m --layer CONV2 --hw bare.hw --explain-cost >account 2>log &&
    grep -qx 'area -, power -' account
report $? "an account of energies alone names no source of areas"
sed -i 's/256, Technology: "energies"/256, Technology: "28nm", Buffer 1 { Capacity: 1 KiB }/' bare.hw
"$DCC" kc-p.m --model alexnet.m --layer CONV2 --hw bare.hw --explain-cost >account 2>log &&
    grep -q '^  area of a buffer, by capacity  *\[1\]$' account && grep -q '^  power of a buffer, by capacity  *\[1\]$' account
report $? "a buffer between is in the account of areas"

# --- counts that do not fit: layer L of tests/bad/count-overflow.m, and S, which does ---

"$DCC" "$SRCDIR/tests/bad/count-overflow.m" --csv out.csv --json out.json --html out.html >table 2>log
[ $? -eq 1 ] && grep -q '^L  *-  *-  *-  *overflow ' table && grep -q '^total, 1 missing ' table &&
    grep -q '^1 layer takes .*, 1 not evaluated$' table
report $? "in the table"
[ "$(value out.csv status)" = overflow ] && [ "$(value out.csv why)" = 'a count does not fit 63 bits' ] &&
    [ -z "$(value out.csv cycles)" ]
report $? "in the CSV"
[ "$(grep -c '"status": "overflow"' out.json)" -eq 1 ] && [ "$(grep -c '"status": "evaluated"' out.json)" -eq 1 ] &&
    grep -q '"why": "a count does not fit 63 bits"' out.json
report $? "in the JSON"
grep -q 'overflow\|does not fit' out.html
report $? "in the page"
"$DCC" "$SRCDIR/tests/bad/count-overflow.m" --explain-cost >account 2>log
[ $? -eq 1 ] && grep -q 'does not fit 63 bits' log
report $? "in the account"
echo "1..$n"
