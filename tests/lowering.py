#!/usr/bin/env python3
"""Random convolutions written as files, dcc's JSON against the executable specification.

    lowering.py DCC FOLDER CASES SEED

A map of Y or X is written with the size and offset of the input that its outputs need.
"""
import json
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
import oracle  # noqa: E402

dcc, folder, cases, seed = sys.argv[1:]

rng = random.Random(int(seed))
OUTPUT = {"Y": "Y'", "X": "X'"}
KINDS = {"S": "SpatialMap", "T": "TemporalMap"}


def level(extent, layer):
    """A random level: its maps as the oracle has them, and as lines of a dataflow."""
    names = rng.sample(["N", "K", "C", "Y", "X"], rng.randint(1, 5))
    spatial, maps, lines, chunks = rng.choice(names), [], [], 1
    for name in names:
        dim = OUTPUT.get(name, name)
        size = rng.randint(1, extent[dim])
        kind = "S" if name == spatial else "T"
        maps.append([kind, dim, size, size])
        if name in OUTPUT and rng.random() < 0.8:
            reach = (size - 1) * layer["stride"] + layer["window"][name]
            lines.append("%s(%d,%d) %s;" % (KINDS[kind], reach, size * layer["stride"], name))
        else:
            lines.append("%s(%d,%d) %s;" % (KINDS[kind], size, size, dim))
        chunks *= -(-extent[dim] // size)
        extent[dim] = min(extent[dim], size)
    noc = dict(bandwidth=rng.choice([1, 2, 5]), latency=rng.randint(1, 3),
               multicast=rng.random() < 0.5, reduction=rng.random() < 0.5)
    return dict(map=maps, noc=noc, prefetch=rng.choice(["layer", "tile", "step", "none"])), lines, chunks


def draw():
    """A case for the oracle and the same as a file; None if it has too many steps."""
    stride, dilation = rng.choice([1, 1, 2, 3]), rng.choice([1, 1, 2])
    dims = {d: rng.randint(1, n) for d, n in
            (("N", 2), ("K", 5), ("C", 5), ("Y'", 6), ("X'", 5), ("R", 3), ("S", 3))}
    layer = dict(stride=stride, window={"Y": (dims["R"] - 1) * dilation + 1,
                                        "X": (dims["S"] - 1) * dilation + 1})
    cluster = rng.choice([None, rng.randint(1, 4)])
    pes = (cluster or 1) * rng.randint(1, 4) + rng.randint(0, 1)
    extent, levels, text, work = dict(dims), [], [], 1
    for number in range(2 if cluster else 1):
        one, lines, chunks = level(extent, layer)
        if cluster and number == 0:
            one["cluster"] = cluster
            lines.append("Cluster(%d, P);" % cluster)
        levels.append(one)
        text += lines
        work *= chunks
    if work > 600:
        return None
    tensors = [("W", "input", [[["K", 1]], [["C", 1]], [["R", 1]], [["S", 1]]]),
               ("I", "input", [[["N", 1]], [["C", 1]], [["Y'", stride], ["R", dilation]],
                               [["X'", stride], ["S", dilation]]]),
               ("O", "output", [[["N", 1]], [["K", 1]], [["Y'", 1]], [["X'", 1]]])]
    case = dict(dims=dims, pes=pes, levels=levels, lanes=1,
                tensors=[dict(name=n, role=r, coords=c) for n, r, c in tensors])
    return case, file_text(case, layer, dilation, text)


def file_text(case, layer, dilation, dataflow):
    yes = {True: "yes", False: "no"}
    nocs = ["  NoC %d { Bandwidth: %d, Latency: %d, Multicast: %s, Reduction: %s, Prefetch: %s }" %
            (l, one["noc"]["bandwidth"], one["noc"]["latency"], yes[one["noc"]["multicast"]],
             yes[one["noc"]["reduction"]], one["prefetch"]) for l, one in enumerate(case["levels"])]
    extents = {d: case["dims"][d] for d in "NKCRS"}
    for d, out in OUTPUT.items():
        extents[d] = (case["dims"][out] - 1) * layer["stride"] + layer["window"][d]
    return "\n".join(
        ["Accelerator \"a\" {", "  PEs: %d" % case["pes"]] + nocs + ["}", "Dataflow {"] + dataflow +
        ["}", "Network n { Layer A { Type: CONV",
         "  Stride { X: %d, Y: %d } Dilation { X: %d, Y: %d }" % (2 * (layer["stride"],) + 2 * (dilation,)),
         "  Dimensions { %s } } }" % ", ".join("%s: %d" % e for e in extents.items()), ""])


def differences(got, want):
    if (got["macs"], got["onchip_cycles"]) != (want["macs"], want["cycles"]):
        yield "macs, cycles", (got["macs"], got["onchip_cycles"]), (want["macs"], want["cycles"])
    for l, (mine, theirs) in enumerate(zip(got["levels"], want["levels"])):
        if mine["steps"] != theirs["steps"]:
            yield l, "steps", mine["steps"], theirs["steps"]
        for t, counts in theirs["tensors"].items():
            for k, v in counts.items():
                if mine["tensors"][t][k] != v:
                    yield l, t, k, mine["tensors"][t][k], v
    for t, rows in want["offchip"].items():
        if got["offchip"][t]["depths"] != rows:
            yield "offchip", t


def main():
    path, done = os.path.join(folder, "lowering.m"), 0
    while done < int(cases):
        drawn = draw()
        if drawn is None:
            continue
        done += 1
        with open(path, "w") as file:
            file.write(drawn[1])
        run = subprocess.run([dcc, path, "--json", "-"], capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(drawn[1] + run.stderr)
        wrong = list(differences(json.loads(run.stdout)["layers"][0], oracle.Sim(drawn[0]).result()))
        if wrong:
            sys.exit("%s\nwhat, dcc, oracle: %s" % (drawn[1], wrong[:5]))


main()
