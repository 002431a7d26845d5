#!/bin/bash
# Runs the examples of the manual: every line `$ dcc ...` of a literal display of man/*.
#
# An example must exit 0.  Where lines follow it in the display they are what it prints on
# standard output; a line `...` stands for any lines.  The examples of a page run in one
# folder, in their order; a line `$ cat FILE` writes what follows into FILE first.  Those of
# dcc-onnx(1) want python3-onnx, those with mpirun Open MPI.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
BUILD=${BUILD:-$SRCDIR/build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
PATH=$BUILD:$PATH
export DCC_PATH=$SRCDIR/examples/sched # of dcc-sched(1)
# mpirun wants to be told that it may have more processes than cores, and be root's.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
number=0
read -r python <"$BUILD/dcc-onnx"
python=${python#"#!"}

# Examples of a page, as lines `C command`, `E expected line`, in the shell's own spelling.
examples() {
    awk '
        function plain(s) {
            gsub(/\\\(aq/, "\047", s); gsub(/\\\(dq/, "\"", s); gsub(/\\&/, "", s)
            gsub(/\\-/, "-", s); gsub(/\\e/, "\\", s)
            return s
        }
        /^\.Bd .*-literal/ { inside = 1; example = 0; next }
        /^\.Ed/ { inside = 0; example = 0; next }
        !inside || /^\./ { next }
        # A command goes on where its line ends in a backslash.
        /^\$ (dcc|dcc-dse|dcc-map|dcc-onnx|dcc-maestro|dcc-sched|mpirun|cat) / { command = plain(substr($0, 3)); more = 1; example = 1 }
        more && !/^\$ / { command = command plain($0) }
        more { more = sub(/\\$/, " ", command); if (!more) print "C " command; next }
        /^\$ / { example = 0; next }
        example { print "E " plain($0) }' "$1"
}

# matches EXPECTED ACTUAL: files; `...` alone on a line stands for any lines
matches() {
    awk '
        NR == FNR { want[++n] = $0; next }
        { have[++m] = $0 }
        function rest(i, j) {
            if (i > n) return j > m
            if (want[i] == "...") {
                for (; j <= m + 1; j++) if (rest(i + 1, j)) return 1
                return 0
            }
            return j <= m && want[i] == have[j] && rest(i + 1, j + 1)
        }
        END { exit !rest(1, 1) }' "$1" "$2"
}

# verdict COMMAND: runs it and compares; expected holds the lines, maybe none
verdict() {
    number=$((number + 1))
    local status=0
    (cd "$work" && bash -o pipefail -c "$1") >"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        echo "not ok $number - $page: $1"
        echo "# exit status $status"
        sed 's/^/# /' "$scratch/err" | head -n 5
    elif [ -s "$scratch/expected" ] && ! matches "$scratch/expected" "$scratch/out"; then
        echo "not ok $number - $page: $1"
        diff "$scratch/expected" "$scratch/out" | head -n 20 | sed 's/^/# /'
    else
        echo "ok $number - $page: $1"
    fi
}

has_mpi() { command -v mpirun >/dev/null && [ -e "$BUILD/dcc-mpi.so" ]; }

# skip COMMAND WHY
skip() {
    number=$((number + 1))
    echo "ok $number - $page: $1 # SKIP $2"
}

# flush COMMAND: a command is over when the next begins or the page ends
flush() {
    case $1 in
    'cat '*) cp "$scratch/expected" "$work/${1#cat }" ;;
    'mpirun '*) if has_mpi; then verdict "$1"; else skip "$1" "no mpirun, or dcc was built without it"; fi ;;
    ?*) verdict "$1" ;;
    esac
    : >"$scratch/expected"
}

: >"$scratch/expected"
for file in "$SRCDIR"/man/*.[1-9]; do
    [ -f "$file" ] || continue
    page=$(basename "$file")
    if [ "$page" = dcc-onnx.1 ] && ! $python -c 'import onnx' 2>/dev/null; then
        number=$((number + 1))
        echo "ok $number - $page # SKIP no python3-onnx"
        continue
    fi
    work=$scratch/$page
    mkdir "$work"
    command=
    while IFS= read -r line; do
        case $line in
        'C '*)
            flush "$command"
            command=${line#C }
            ;;
        'E '*) printf '%s\n' "${line#E }" >>"$scratch/expected" ;;
        esac
    done < <(examples "$file")
    flush "$command"
done
echo "1..$number"
[ "$number" -gt 0 ] || echo "# no examples"
