#!/usr/bin/env python3
"""The best dataflow of a layer: what a search finds, and how far from the least it can be.

    best.py [SECONDS]

The module dcc is the installed one, or that of PYTHONPATH; files are looked for in DCC_PATH too.
"""
import sys

import dcc


def tell(progress):
    """Called some hundred times a second; what is true would end the search."""
    if tell.told + 1 <= progress.seconds:
        tell.told = progress.seconds
        print(f"{progress.seconds:.0f} s: best {progress.best}, bound {progress.bound}",
              file=sys.stderr)


tell.told = 0


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    job = dcc.load("kc-p.m", model="vgg16.m", hw="paper256.hw", layer="CONV2",
                   set={"l1.capacity": "4KiB", "l2.capacity": "512KiB",
                        "offchip.bandwidth": "16GB/s"})[0]
    before = job.evaluate()
    found = job.map("edp", sizes="divisors", seconds=seconds, watch=tell)
    after = found.job.evaluate()
    state = "optimal" if found.complete else "ended before"
    print(f"best: {found.value:.6g} J s, bound {found.bound:.6g} J s, {state}")
    print(dcc.Table({"dataflow": ["KC-P", "found"],
                     "cycles": [before["cycles"], after["cycles"]],
                     "energy_pj": [before["energy_pj.total"], after["energy_pj.total"]],
                     "l1_bytes": [before["l1.required_bytes"], after["l1.required_bytes"]]}))
    print(found.job.dataflow("found"), end="")


if __name__ == "__main__":
    main()
