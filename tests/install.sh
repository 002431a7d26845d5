#!/bin/bash
# As a packager does it: configure and build outside the source tree, install under a
# prefix and under DESTDIR, run what was installed from another folder, uninstall.
set -u
SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

source "$SRCDIR/tests/tap"
shown=$scratch/log

# The tests' own make must not hand its jobs and variables down to this one.
unset MAKEFLAGS MAKELEVEL MFLAGS SAN BUILD
quiet_make() { make --no-print-directory "$@" >"$scratch/log" 2>&1; }

if ! command -v autoconf >/dev/null; then
    echo "1..0 # SKIP no autoconf"
    exit 0
fi

# A copy, so that neither ./configure nor its traces come into the tree.
mkdir "$scratch/source" "$scratch/build"
(cd "$SRCDIR" && tar cf - --exclude=./build --exclude=./.git --exclude=./config.mk .) | tar xf - -C "$scratch/source"
(cd "$scratch/source" && autoconf) >"$scratch/log" 2>&1
report $? "autoconf"

# Folders may have names with blanks and what sed and shells look at.
prefix="$scratch/R&D prefix"
cd "$scratch/build" || exit 1
../source/configure --prefix="$prefix" CFLAGS=-O0 >"$scratch/log" 2>&1
report $? "configure outside the source tree"
quiet_make -j2
report $? "make outside the source tree"
[ -z "$(find "$scratch/source" -newer "$scratch/build/config.mk" -type f)" ]
report $? "the source tree is left alone"
(cd / && "$scratch/build/build/dcc" yr-p.m --model vgg16.m --hw eyeriss.hw --layer CONV1) >"$scratch/log" 2>&1
report $? "dcc runs from its build folder"

quiet_make install
report $? "make install"
rm -rf "$scratch/source/dataflows"
(cd / && "$prefix/bin/dcc" yr-p.m --model vgg16.m --hw eyeriss.hw --layer CONV1) >"$scratch/log" 2>&1
report $? "dcc runs from its prefix"
if command -v python3 >/dev/null; then
    "$prefix/bin/dcc-onnx" --version >"$scratch/log" 2>&1 && grep -q '^dcc-onnx [0-9.]*$' "$scratch/log"
    report $? "dcc-onnx runs from its prefix"
fi
# Somebody else's program, by pkg-config, shared and static.
lib=$prefix/lib
flags() { PKG_CONFIG_PATH=$lib/pkgconfig pkg-config --cflags --libs libdcc; }
build() { eval "cc -pthread -o '$scratch/$1' '$SRCDIR/examples/search.c' $2" >"$scratch/log" 2>&1; }
build shared "$(flags)" &&
    (cd / && LD_LIBRARY_PATH=$lib "$scratch/shared" 100) >>"$scratch/log" 2>&1
report $? "a program uses the shared library"
build static "-Wl,-Bstatic $(flags) -Wl,-Bdynamic $(pkg-config --libs glib-2.0) -lm" &&
    (cd / && "$scratch/static" 100) >>"$scratch/log" 2>&1
report $? "a program uses the static library"
# Python finds the module, and the module the library beside it.
if /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
    (cd / && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$lib/python3/dist-packages /usr/bin/python3 -c \
        'import dcc; print(dcc.library_path, dcc.build("GEMM").evaluate()["macs"])') >"$scratch/log" 2>&1 &&
        grep -qxF "$lib/libdcc.so.0 1" "$scratch/log"
    report $? "Python uses the module"
fi
if [ -e build/dcc-mpi.so ] && command -v mpirun >/dev/null; then
    (cd / && OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe -n 2 \
        "$prefix/bin/dcc-dse" --version) >"$scratch/log" 2>&1 && [ "$(grep -c '^dcc-dse ' "$scratch/log")" = 1 ]
    report $? "mpirun finds the plugin in the prefix"
else
    skip "mpirun finds the plugin in the prefix" "no Open MPI"
fi
for page in "$SRCDIR"/man/*.[1-9]; do
    [ -f "$prefix/share/man/man${page##*.}/$(basename "$page")" ]
    report $? "$(basename "$page") is installed"
done
share=$prefix/share
for file in dcc/examples/map.c dcc/examples/start/dataflow.m dcc/examples/map/gemms.m \
    bash-completion/completions/dcc-map zsh/site-functions/_dcc fish/vendor_completions.d/dcc.fish \
    dcc/editors/README dcc/editors/vim/lua/dcc.lua dcc/editors/textmate/dcc.tmLanguage.json; do
    [ -f "$share/$file" ]
    report $? "$file is installed"
done
for text in README NEWS LICENSE; do
    cmp "$SRCDIR/$text" "$prefix/share/doc/dcc/$text" >"$scratch/log" 2>&1
    report $? "$text is installed"
done
cp -r "$SRCDIR/dataflows" "$scratch/source/"
quiet_make uninstall
find "$prefix" -type f >"$scratch/log"
[ ! -s "$scratch/log" ]
report $? "make uninstall leaves no file"

quiet_make install DESTDIR="$scratch/root"
[ -x "$scratch/root$prefix/bin/dcc" ] && [ ! -e "$prefix/bin/dcc" ]
report $? "make install DESTDIR=..."
echo "1..$n"
