#!/usr/bin/env python3
"""Where a layer's time goes, what would help, and what is wrong with a text.

    why.py

The module dcc is the installed one, or that of PYTHONPATH; files are looked for in DCC_PATH too.
"""
import dcc

MISTAKEN = """
Accelerator "small" { PEs: 16, Precision: 8 bit }
Dataflow "wrong" { SpatialMap(2,1) K; }
Network "one" { Layer CONV { Type: CONV, Dimensions { K: 32, C: 8, R: 3, S: 3, Y: 18, X: 18 } } }
"""


def mistakes():
    """Messages come with their places."""
    try:
        dcc.parse(MISTAKEN)
    except dcc.InputError as error:
        for message in error.messages:
            print(f"line {message.line}, column {message.column}: {message.severity}: "
                  f"{message.text}")


def main():
    mistakes()
    job = dcc.load("yr-p.m", model="vgg16.m", hw="eyeriss.hw", layer="CONV2",
                   set={"noc.bandwidth": 2})[0]
    why = job.why()
    total = job.evaluate()["cycles"]
    print(f"\n{job.name}: {total} cycles")
    for part in why.times:
        print(f"  {part['label']:32} {part['cycles']:12}  {part['cycles'] / total:6.1%}")
    assert sum(part["cycles"] for part in why.times) == total

    print("\nwhat would help")
    for remedy in why.remedies[:3]:
        print(f"  {remedy['label']}: {remedy['cycles']} cycles")
    best = why.remedies[0]
    print(f"the best saves {1 - best['cycles'] / total:.0%}")


if __name__ == "__main__":
    main()
