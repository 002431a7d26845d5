#!/bin/bash
# What is written, and where: files whole or not at all, links followed, several files of --format.
set -u

cd "$TMPDIR" || exit 1
export DCC_PATH=$SRCDIR/dataflows:$SRCDIR/models:$SRCDIR/hardware
n=0

report() { # report STATUS WHAT
    n=$((n + 1))
    [ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

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

"$DCC" --format="$SRCDIR/dataflows/x-p.m" >one && "$DCC" --format="$SRCDIR/dataflows/kc-p.m" >>one &&
    "$DCC" --format="$SRCDIR/dataflows/x-p.m" --format="$SRCDIR/dataflows/kc-p.m" >both && cmp -s one both
report $? "--format of two files prints both"

echo "1..$n"
