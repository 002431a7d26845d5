#!/bin/bash
# What is written, and where: files whole or not at all, links followed, several files of --format.
set -u

cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware

source "$SRCDIR/tests/tap"

evaluate() { "$DCC" kc-p.m --model alexnet.m --hw paper256.hw "$@"; }

evaluate --csv - >direct 2>log
evaluate --csv plain.csv >/dev/null 2>>log && cmp -s direct plain.csv
report $? "a file has what the standard output has"

echo before >target.csv && ln -s target.csv link.csv
evaluate --csv link.csv >/dev/null 2>>log && [ -L link.csv ] && cmp -s direct target.csv
report $? "a link stays one, and what it points to is replaced"

mkfifo pipe && { cat pipe >got & } && evaluate --csv pipe >/dev/null 2>>log && wait && cmp -s direct got && [ -p pipe ]
report $? "a pipe is written to"

evaluate --csv missing/file.csv >/dev/null 2>err
[ $? -eq 2 ] && grep -q '^dcc: cannot write missing/file.csv: No such file or directory$' err
report $? "a folder that is not there"

ln -s later.csv early.csv
evaluate --csv early.csv >/dev/null 2>>log && [ -L early.csv ] && cmp -s direct later.csv
report $? "a link to nothing makes what it names"

touch own.csv && chmod 600 own.csv
evaluate --csv own.csv >/dev/null 2>>log && cmp -s direct own.csv && [ "$(stat -c %a own.csv)" = 600 ]
report $? "a file keeps its permissions"

refused() { # refused WHAT OPTION...: with one line, before anything is written
    local what=$1
    shift
    evaluate "$@" >/dev/null 2>err
    [ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && ! [ -e x ]
    report $? "$what"
}
refused "one name for two outputs" --csv x --json x
refused "an output without a name" --csv x --json ""
cp "$SRCDIR/dataflows/x-p.m" mine.m && refused "an output that is an input" mine.m --csv mine.m

DSE=${DCC%/*}/dcc-dse
sweep() {
    "$DSE" kc-p.m --model alexnet.m --layer CONV2 --hw paper256.hw --sweep noc.bandwidth=4:64:4 "$@"
}
sweep --points file.csv >/dev/null 2>>log && sweep --points - >got 2>>log && cmp -s file.csv got
report $? "points on the standard output, and nothing else"

ln -s points.csv link2.csv && ln -s points.db link2.db
sweep --points link2.csv >/dev/null 2>>log && sweep --points link2.db >/dev/null 2>>log &&
    [ -L link2.csv ] && [ -L link2.db ] && [ -s points.db ] && cmp -s file.csv points.csv
report $? "points through links"

sweep --checkpoint missing/c >/dev/null 2>err
[ $? -eq 2 ] && grep -q '^dcc-dse: cannot write missing/c: No such file or directory$' err
report $? "a checkpoint that cannot be written"

sweep --objectives "" >/dev/null 2>err
[ $? -eq 2 ] && grep -q 'at least one' err
report $? "a front over nothing"

# A name may be as long as the file system takes, though what it is written by way of has a longer one.
mkdir long && cd long || exit 1
most=$(getconf NAME_MAX .)
named() { # named ENDING: the longest name that ends so
    printf "%0$((most - ${#1}))d%s" 0 "$1"
}
alone() { # alone NAME...: that is all there is here, and none of it is empty
    [ "$(find . -type f | wc -l)" -eq $# ] && for name in "$@"; do [ -s "$name" ] || return 1; done
}
evaluate --csv "$(named .csv)" --json "$(named .json)" --html "$(named .html)" >/dev/null 2>>../log &&
    alone "$(named .csv)" "$(named .json)" "$(named .html)" && cmp -s ../direct "$(named .csv)"
report $? "the longest names that there can be"
rm -f -- *
sweep --points "$(named 1)" --front "$(named 2)" --checkpoint "$(named c)" >/dev/null 2>>../log &&
    alone "$(named 1)" "$(named 2)" "$(named c)" && cmp -s ../file.csv "$(named 1)"
report $? "those of a sweep, which differ at their ends alone"
rm -f -- *
sweep --points "$(named 1.db)" --front "$(named 2.db)" >/dev/null 2>>../log &&
    alone "$(named 1.db)" "$(named 2.db)"
report $? "those of databases"
rm -f -- *
for word in "evaluate --json" "sweep --points" "sweep --front" "sweep --checkpoint"; do
    # shellcheck disable=SC2086 # two words
    $word "0$(named '')" >/dev/null 2>err
    [ $? -eq 2 ] && grep -q 'cannot write 0*: File name too long$' err && rm err && alone
    report $? "$word: one more is too long"
done
accents=$(named '' | sed 's/00/\xc3\xa9/g') # 2 bytes each, and one
for name in "$accents" "x${accents%0}"; do
    (ulimit -f 1 && sweep --points "$name" --sweep l2.capacity=64KiB:128KiB:1KiB >/dev/null 2>&1)
    files=(*)
    [ ${#files[@]} -eq 1 ] && [[ ${files[0]} =~ ~[0-9a-f]{8}\.partial$ ]] &&
        iconv -f UTF-8 -t UTF-8 <<<"${files[0]}" >/dev/null 2>>../log
    report $? "of a name that is cut there are whole characters"
    rm -f -- *
done
cd .. || exit 1

"$DCC" --format="$SRCDIR/dataflows/x-p.m" >one && "$DCC" --format="$SRCDIR/dataflows/kc-p.m" >>one &&
    "$DCC" --format="$SRCDIR/dataflows/x-p.m" --format="$SRCDIR/dataflows/kc-p.m" >both && cmp -s one both
report $? "--format of two files prints both"

both() { "$DCC" kc-p.m yr-p.m --layer CONV2 "$@" --csv -; }
both --model vgg16.m --hw paper256.hw >named 2>>log &&
    both --model - --hw <(cat "$SRCDIR/hardware/paper256.hw") <"$SRCDIR/models/vgg16.m" >piped 2>>log &&
    cmp named piped >>log
report $? "several dataflows from standard input and a pipe"
cat >keys.hw <<'END'
Accelerator "k" { PEs 16, Clock 1 GHz; Setup 28us
  Precision { Input 4 bit Weight 4bit, Output: 8 bit, Partial: 32 bit }
  NoC 0 { Multicast: yes, Reduction no, Prefetch: tile }
  OffChip { Holds: Weight, // the filters
    Input /* and the first image */ , Bandwidth: 4 GB/s } }
END
"$DCC" --format=keys.hw >once.hw && "$DCC" --format=once.hw >twice.hw && cmp -s once.hw twice.hw &&
    grep -q '^    Holds: Weight, Input$' once.hw && grep -q 'Multicast: yes, Reduction: no' once.hw
report $? "--format of a list of names, and a fixed point"
for hw in keys once; do
    "$DCC" kc-p.m --model vgg16.m --layer CONV2 --hw $hw.hw -D TileC=4 --json $hw.json >/dev/null 2>&1
    sed -i 's/"hardware": *"[^"]*"//' $hw.json
done
cmp -s keys.json once.json && [ -s keys.json ]
report $? "which means the same"

# Layers in, rows out: each that is refused with the first thing said about it.
cat >rows.m <<'END'
Network rows {
  Layer GOOD { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 16, X: 16 } }
  Layer UNTYPED { Dimensions { K: 8 } }
  Layer WINDOW { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 2, X: 16 } }
  Layer UNKNOWN { Type: NOPE Dimensions { K: 8 } }
  Layer SYNTAX { Type: CONV Count: 3 Dimensions { K: 8 C: 8 R: 3 S: 3 Y: 16 X: = 16 } }
  Layer { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 16, X: 16 } }
  Layer DIAGONAL { Type: CONV Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 16, X: 16 }
    Dataflow { SpatialMap(1,1) K; SpatialMap(1,1) C; } }
  Layer LAST { Type: GEMM Dimensions { M: 8, N: 8, K: 8 } }
}
END
"$DCC" kc-p.m --model rows.m --hw paper256.hw --csv rows.csv --json rows.json --html rows.html --detail >rows.txt 2>err
[ $? -eq 1 ] && [ "$(wc -l <rows.csv)" -eq 9 ] && [ "$(grep -c '"status": "refused"' rows.json)" -eq 6 ] &&
    [ "$(grep -c '^[A-Z ].* refused ' rows.txt)" -eq 6 ] && grep -q '^total, 6 missing ' rows.txt &&
    grep -q '^2 layers take .*, 6 not evaluated$' rows.txt && grep -q '"missing": 6' rows.json
report $? "a row for each layer, and how many are missing"

why() { # why NAME MESSAGE
    grep -q "^$1,.*,refused,\"*$2" rows.csv && grep -q "\"why\": \"$2" rows.json && grep -q "^  not evaluated: $2" rows.txt &&
        grep -q "error: $2" err
}
why UNTYPED 'Layer UNTYPED has no Type' && why WINDOW 'layer WINDOW: the window of R covers 3, but Y ' &&
    why UNKNOWN "no operator 'NOPE' (layer UNKNOWN); there are CONV" && why SYNTAX "unexpected '='; expected a value" &&
    why '' 'Layer wants a name and' && why DIAGONAL 'K and C are both spatial in one level'
report $? "why it is refused"

"$DCC" kc-p.m x-p.m --model rows.m --hw paper256.hw --optimize edp --csv both.csv --json both.json >both.txt 2>err
[ $? -eq 1 ] && [ "$(wc -l <both.csv)" -eq 17 ] && [ "$(grep -c '"status": "refused"' both.json)" -eq 18 ] &&
    [ "$(sed '/^class/,$d' both.txt | grep -c '^[A-Z]* * -  * -  -$')" -eq 6 ]
report $? "the same of several dataflows"

# A machine that cannot be used is no layer's mistake, nor is one layer's mistake another's.
printf 'Accelerator "a" { PE { NumPEs: 128 } }\n' >broken.hw
"$DCC" kc-p.m --model rows.m --hw broken.hw --csv broken.csv --json broken.json >broken.txt 2>err
why() { grep -q "^$1,.*,refused,\"*$2" broken.csv && grep -q "error: $3" err; }
[ "$(wc -l <broken.csv)" -eq 9 ] && why UNTYPED 'Layer UNTYPED has no Type' 'Layer UNTYPED' &&
    why GOOD 'the hardware cannot be used: Accelerator a has no PEs' 'Accelerator a has no PEs' &&
    why LAST 'the hardware cannot be used: Accelerator a has no PEs' "no key 'PE' in Accelerator"
report $? "a machine that cannot be used"

# What the energies leave out, and figures from beyond their range, each said once.
"$DCC" kc-p.m --model vgg16.m --hw paper256.hw --json notes.json >/dev/null 2>>log &&
    [ "$(grep -c 'not modelled: buffer, NoC, leakage"' notes.json)" -eq 1 ]
report $? "JSON says what is not modelled"
"$DCC" kc-p.m --model vgg16.m --hw paper256.hw --set pes=65536 --json far.json >/dev/null 2>err
[ "$(grep -c 'arbiter is taken at 65536 PEs, more than twice beyond its figures, which are for 4 to 512 PEs \[extrapolated\]$' err)" -eq 2 ] &&
    [ "$(grep -c '"message": "area of the arbiter is taken at' far.json)" -eq 1 ] &&
    "$DCC" kc-p.m --model vgg16.m --hw paper256.hw --set pes=65536 -W no-extrapolated 2>&1 >/dev/null | cmp -s /dev/null -
report $? "figures from beyond their range"

# Where a standard stream is closed, no file is taken for it.
closed() { # TOOL ARGUMENT...: the same files as without that
    local tool=$BUILD/$1
    shift
    "$tool" "$@" --json open.json --html open.html >/dev/null 2>&1 || return 1
    "$tool" "$@" --json shut.json --html shut.html >&- 2>err
    [ $? -eq 2 ] && grep -q 'cannot write standard output: Bad file descriptor$' err || return 1
    "$tool" "$@" --json shut.json --html shut.html <&- >&- 2>&-
    [ $? -eq 2 ] && python3 - <<'END'
import json, re
def same(name):
    one, other = (re.sub(r'[\d.e-]+ ?s\b|"[a-z_]*seconds": [\d.e-]+', "", open(kind + name).read()) for kind in ("open", "shut"))
    assert len(one) == len(other), name
json.load(open("shut.json"))
same(".json"), same(".html")
END
}
for tool in dcc dcc-map dcc-dse; do
    case $tool in
    dcc) words=(kc-p.m --model alexnet.m --hw paper256.hw) ;;
    dcc-map) words=(--model alexnet.m --hw paper256.hw --layer CONV5 --moves 300 --threads 1) ;;
    *) words=(kc-p.m --model alexnet.m --hw paper256.hw --sweep 'pes=64,128') ;;
    esac
    closed $tool "${words[@]}" >>log 2>&1
    report $? "$tool with closed streams"
    (ulimit -f 1 && "$BUILD/$tool" "${words[@]}" --html large.html >/dev/null 2>large)
    [ $? -eq 2 ] && grep -q 'File too large$' large && ! ls large.html* 2>/dev/null
    report $? "$tool beyond the size that a file may have"
done

echo "1..$n"
