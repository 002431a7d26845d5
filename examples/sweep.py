#!/usr/bin/env python3
"""A layer on many machines and with many tiles: tables, and the rate that batches reach.

    sweep.py [ROWS]

The module dcc is the installed one, or that of PYTHONPATH; files are looked for in DCC_PATH too.
"""
import random
import sys
import time

import dcc


def machines(job):
    """All combinations of a few keys, as dcc --set names them."""
    table = job.sweep({"pes": [64, 256], "noc.bandwidth": [8, 32], "l1.capacity": ["64 B"]},
                      ["cycles", "utilization", "l1.required_bytes"])
    print(table)
    print("least:", table.least("cycles"))


def rated(what, rows, run):
    """The best of three, as what else the machine does only adds."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - began)
    print(f"{what}: {rows / min(seconds):.0f} per second")
    return result


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200000
    job = dcc.load("kc-p.m", model="vgg16.m", hw="paper256.hw", layer="CONV2")[0]
    machines(job)

    draw = random.Random(1)
    bandwidths = [draw.randint(1, 256) for _ in range(rows)]
    latencies = [draw.randint(0, 16) for _ in range(rows)]
    k, y, x = ([draw.choice((1, 2, 4, 8)) for _ in range(rows)] for _ in range(3))

    cycles = rated("bandwidths and latencies, cycles alone", rows,
                   lambda: job.times(bandwidths, latencies))
    table = rated("bandwidths and latencies, cycles and energy", rows,
                  lambda: job.batch({dcc.bandwidth(): bandwidths, dcc.latency(): latencies},
                                    ["cycles", "energy_pj.total"]))
    assert table[0]["cycles"] == cycles[0]
    table = rated("tiles, cycles and buffer", rows,
                  lambda: job.batch({dcc.size(0, "K"): k, dcc.size(0, "Y'"): y,
                                     dcc.size(0, "X'"): x}, ["cycles", "l1.required_bytes"]))
    print("least:", table.least("cycles"))


if __name__ == "__main__":
    main()
