#!/bin/sh
# The main job from the shell, all of it: processes started, files read, report printed.
set -eu
runs=50
dcc=${DCC:-build/dcc}
began=$(date +%s%N)
i=0
while [ "$i" -lt "$runs" ]; do
    "$dcc" yr-p.m --model vgg16.m --hw eyeriss.hw >/dev/null
    i=$((i + 1))
done
ended=$(date +%s%N)
awk -v ns=$((ended - began)) -v runs="$runs" \
    'BEGIN { printf "dcc yr-p.m --model vgg16.m --hw eyeriss.hw: %.1f ms\n", ns / runs / 1e6 }'
