#!/bin/bash
# Wrong input: what dcc prints on standard error and its exit status, against goldens.
#
# tests/bad/NAME.m or .hw says in its first line how it is run (`// run: ARGUMENTS`, @ is the
# file), NAME.args is a command line alone; NAME.err is the golden, its last line the exit
# status.  GOLDEN=1 writes the goldens.  Files that are huge or no text are made here.
set -u

cd "$SRCDIR/tests/bad" || exit 1
# Seconds that a run may take; sanitizers and unoptimized code are slow, and machines are shared.
limit=120
n=0

verdict() { # NAME: the output of a run, in out, against its golden
    n=$((n + 1))
    if [ "${GOLDEN:-0}" = 1 ]; then
        cp "$TMPDIR/out" "$1.err"
    fi
    if cmp -s "$TMPDIR/out" "$1.err"; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        diff "$1.err" "$TMPDIR/out" | head -n 20 | sed 's/^/# /'
    fi
}

run() { # NAME ARGUMENT...
    local name=$1
    shift
    timeout "$limit" "$DCC" "$@" >/dev/null 2>"$TMPDIR/all"
    echo "exit status $?" >>"$TMPDIR/all"
    # what is installed changes
    sed -E 's/; there are [a-z0-9-]+\.(m|hw), .*/; there are .../; s/; there are mine, .* \[/; there are mine, ... [/' "$TMPDIR/all" >"$TMPDIR/out"
    verdict "$name"
}

for file in *.args; do
    read -ra words <"$file"
    run "${file%.args}" "${words[@]}"
done
for file in *.m *.hw; do
    read -r first <"$file"
    [[ $first == "// run: "* ]] || continue
    first=${first#// run: }
    read -ra words <<<"${first/@/$file}"
    run "${file%.*}" "${words[@]}"
done

# --- files that are made here, under the names that the goldens have ---

made() { # NAME: runs the file of standard input as a network; of much output, the ends
    cat >"$TMPDIR/made.m"
    (cd "$TMPDIR" && timeout "$limit" "$DCC" made.m --hw "$SRCDIR/tests/bad/ok.hw" >/dev/null 2>all
    echo "exit status $?" >>all
    if [ "$(wc -l <all)" -gt 100 ]; then
        { head -n 6 all && echo "..." && tail -n 2 all; } >out
    else
        mv all out
    fi)
    verdict "$1"
}

repeat() { # COUNT TEXT
    head -c "$(($1 * ${#2}))" < <(yes "$2" | tr -d '\n')
}

made empty-file </dev/null
printf 'Network "n" {\n  Layer\0L1 { }\n}\n' | made binary-nul
head -c 4096 /bin/true | made binary-elf
printf 'Dataflow { SpatialMap(1,1) K\xff; }\n' | made binary-utf8
repeat 10000000 '{' | made nesting-braces
{ printf 'Constant T = '; repeat 200000 '('; repeat 200000 ')'; } | made nesting-200000
{ printf 'Constant T = '; repeat 200000 -; echo '1;'; } | made nesting-signs
{ printf 'Constant T = 1'; repeat 200000 '+1'; echo ';'; } | made nesting-sum
{ printf 'Constant T = '; repeat 100000 'max(1,'; } | made nesting-calls
{ seq 30000 | sed 's/.*/Constant C& D&;/' && seq 30000 | sed 's/.*/Operator P& { Output O[I]; Input A[I]; }/' &&
    echo 'Network n {' && seq 30000 | sed 's/.*/Layer L& { Type: Q& Dimensions { } }/' && echo '}'; } | made many-unknown
repeat 2000000 'a ' | made many-words
repeat 5000000 ';' | made many-semicolons
repeat 1000000 '} ;x ' | made many-errors-count
{ echo '/*'; repeat 3000000 'x*'; } | made comment-long
{ printf '"'; repeat 3000000 'x'; } | made string-long
printf '\xef\xbb\xbfNetwork "n" {\r\n  Layer L1 {\r\n    Typ: CONV\r\n  }\r\n}\r\n' | made crlf
printf 'Network "\033[31mred" { Layer "a\tb" { Type: X } }\n' | made control
printf 'Network "n" { Layer "\302\23331mX" { Type: "\342\200\256Q\360\235\204\236" } }\n' | made control-c1
printf 'Network "caf\351" { Layer "\303" { Type: "\355\240\200X" } } // \351\n' | made not-utf8

truncate -s 268435457 "$TMPDIR/huge.m"
(cd "$TMPDIR" && timeout "$limit" "$DCC" huge.m --hw "$SRCDIR/tests/bad/ok.hw" >/dev/null 2>out
echo "exit status $?" >>out)
verdict usage-huge
rm "$TMPDIR/huge.m"

if [ "$(id -u)" != 0 ]; then
    touch "$TMPDIR/unreadable.m"
    chmod 000 "$TMPDIR/unreadable.m"
    (cd "$TMPDIR" && "$DCC" unreadable.m --hw "$SRCDIR/tests/bad/ok.hw" >/dev/null 2>out
    echo "exit status $?" >>out)
    verdict usage-unreadable
else
    echo "ok $((n + 1)) - usage-unreadable # SKIP root reads everything"
    n=$((n + 1))
fi
echo "1..$n"
