#!/usr/bin/env python3
"""Holds what dcc --explain says against a walk of the steps, coordinate by coordinate.

    explain.py DCC SEED CASES

Writes random layers with a dataflow each, half of them for machines of the classic form, half for a
hierarchy on which tensors pass memories by; and reads the reuse, the units that work and the first
steps from what is printed."""
import itertools
import math
import random
import re
import subprocess
import sys
from collections import namedtuple

sys.dont_write_bytecode = True      # nothing is left beside the specification
from oracle import chunks, image, tile  # noqa: E402

PES_MAX, STEPS_MAX = 16, 6          # of the first steps

Level = namedtuple("Level", "children maps keep fanout memory")
Case = namedtuple("Case", "name dims tensors levels text")
Machine = namedtuple("Machine", "text hierarchy sizes multicast reduction coefs")


# ---- what is drawn ----------------------------------------------------------------------

def tensor(name, role, *coords):
    return {"name": name, "role": role, "coords": coords}


def draw_layer(rand, coefs):
    """Extents, tensors, and the text of the operator."""
    if rand.random() < 0.2:
        dims = {"P": rand.randint(1, 7), "Q": rand.randint(1, 7)}
        tensors = [tensor("O", "output", [("P", 1)]), tensor("I", "input", [("P", coefs[0]), ("Q", coefs[1])])]
        return dims, tensors, "Type: SUM;"
    if rand.random() < 0.4:
        dims = {"M": rand.randint(1, 8), "N": rand.randint(1, 5), "K": rand.randint(1, 5)}
        tensors = [tensor("A", "input", [("M", 1)], [("K", 1)]), tensor("B", "input", [("K", 1)], [("N", 1)]),
                   tensor("C", "output", [("M", 1)], [("N", 1)])]
        return dims, tensors, "Type: GEMM;"
    dims = {"K": rand.randint(1, 4), "C": rand.randint(1, 3), "Y'": rand.randint(1, 7), "R": rand.randint(1, 5)}
    stride, dilation = rand.choice([1, 1, 2, 3]), rand.choice([1, 1, 1, 2])
    tensors = [tensor("W", "input", [("K", 1)], [("C", 1)], [("R", 1)]),
               tensor("I", "input", [("C", 1)], [("Y'", stride), ("R", dilation)]),
               tensor("O", "output", [("K", 1)], [("Y'", 1)])]
    return dims, tensors, "Type: CONV; Stride { Y: %d } Dilation { Y: %d }" % (stride, dilation)


def spread_dim(level):
    return next((dim for kind, dim, _ in level.maps if kind == "S"), None)


def draw_maps(rand, dims, children, outer):
    """At most one SpatialMap, in most levels of several children one, in some others too.  What a level
    outside spreads is often divided again: its clipped chunk has fewer steps."""
    names = rand.sample(list(dims), rand.randint(1, min(3, len(dims))))
    again = [d for d in map(spread_dim, outer) if d and d not in names]
    if again and rand.random() < 0.6:
        names.append(again[-1])
    spread = rand.choice(names) if rand.random() < (0.9 if children > 1 else 0.2) else None
    return [("S" if d == spread else "T", d, rand.randint(1, rand.choice([1, 2, dims[d]]))) for d in names]


def draw_machine(rand, hierarchy):
    merge = {way: rand.random() < 0.7 for way in ("Multicast", "Reduction")}
    noc = ", ".join("%s: %s" % (way, "yes" if yes else "no") for way, yes in merge.items())
    if hierarchy:
        sizes = [rand.choice([1, 2, 3, 3, 4]), rand.choice([1, 2, 3, 3, 4])]
        text = ('Accelerator "a" { Hierarchy { Memory DRAM { } Memory GLB { } Fanout A %d { %s } Memory Mid { } '
                "Fanout B %d { %s } Memory RF { } MAC { } } }" % (sizes[0], noc, sizes[1], noc))
    else:
        sizes = [rand.choice([1, 2, 3, 4, 4, 5, 6, 12])]
        text = 'Accelerator "a" { PEs: %d; %s }' % (sizes[0], " ".join("NoC %d { %s }" % (l, noc) for l in range(3)))
    coefs = rand.randint(1, 4), rand.randint(1, 4)
    text += "\nOperator SUM { Output O[P]; Input I[%d*P+%d*Q]; }" % coefs
    return Machine(text, hierarchy, sizes, merge["Multicast"], merge["Reduction"], coefs)


def classic_levels(rand, dims, tensors, pes):
    sizes = []
    for _ in range(rand.randint(0, 2)):
        sizes.append(rand.randint(1, max(1, min(4, pes // math.prod(sizes)))))
    everything = {t["name"] for t in tensors}
    levels = []
    for n in [pes // math.prod(sizes)] + sizes:
        levels.append(Level(n, draw_maps(rand, dims, n, levels), everything, None, None))
    return levels


def hierarchy_levels(rand, dims, tensors, sizes):
    """A cut for each memory and fan-out, and the maps inside the last one."""
    levels = []
    for fanout, memory in ((None, "GLB"), ("A", rand.choice([None, "Mid"])), ("B", "RF"), (None, None)):
        children = sizes[fanout == "B"] if fanout else 1
        keep = {t["name"] for t in tensors if memory and rand.random() < 0.5}
        if fanout or keep or memory is None:
            levels.append(Level(children, draw_maps(rand, dims, children, levels), keep, fanout, memory if keep else None))
    return levels


def level_text(level, last, hierarchy, after):
    kinds = {"S": "Spatial", "T": "Temporal"}
    text = "".join("%sMap(%d,%d) %s; " % (kinds[k], size, size, d) for k, d, size in level.maps)
    if not hierarchy:
        return text if last else text + "Cluster(%d); " % after
    text += "Fanout(%s); " % level.fanout if level.fanout else ""
    return text + ("Buffer(%s) %s; " % (level.memory, ", ".join(sorted(level.keep))) if level.memory else "")


def draw_case(rand, machine, number):
    dims, tensors, operator = draw_layer(rand, machine.coefs)
    draw = hierarchy_levels if machine.hierarchy else classic_levels
    levels = draw(rand, dims, tensors, machine.sizes if machine.hierarchy else machine.sizes[0])
    flow = "".join(level_text(l, i + 1 == len(levels), machine.hierarchy, (levels + [None])[i + 1] and
                              levels[i + 1].children) for i, l in enumerate(levels))
    text = "Layer L%d { %s Dimensions { %s } Dataflow { %s} }" % (
        number, operator, ", ".join("%s: %d" % d for d in dims.items()), flow)
    return Case("L%d" % number, dims, tensors, levels, text)


# ---- the walk ---------------------------------------------------------------------------

def bounds(level, box):
    res = []
    for kind, dim, size in level.maps:
        n = chunks(box[dim][1] - box[dim][0], size, size)
        res.append(-(-n // level.children) if kind == "S" else n)
    return res


def child(level, box, counters, p):
    """None: the unit skips these counters, or has nothing."""
    if box is None or any(c >= b for c, b in zip(counters, bounds(level, box))):
        return None
    sub = dict(box)
    for (kind, dim, size), c in zip(level.maps, counters):
        q, (low, high) = c * level.children + p if kind == "S" else c, box[dim]
        if q >= chunks(high - low, size, size):
            return None
        sub[dim] = (low + q * size, min(low + (q + 1) * size, high))
    return sub


def whole(case):
    return {d: (0, n) for d, n in case.dims.items()}


def begins(level):
    return [0] * len(level.maps)


def first_box(case, depth):
    """Of the first unit of a depth in the first step."""
    box = whole(case)
    for level in case.levels[:depth]:
        box = child(level, box, begins(level), 0)
    return box


def sequence(levels, box):
    """The counters and boxes of the first unit below these levels, step by step."""
    if not levels:
        yield (), box
        return
    for counters in itertools.product(*map(range, bounds(levels[0], box))):
        for inner, sub in sequence(levels[1:], child(levels[0], box, counters, 0)):
            yield counters + inner, sub


def inside(levels, box):
    """The boxes of the units that work below these levels in their first step."""
    if box is None or not levels:
        return [] if box is None else [box]
    return [sub for p in range(levels[0].children)
            for sub in inside(levels[1:], child(levels[0], box, begins(levels[0]), p))]


def steps(levels, boxes, name=()):
    """The names and boxes of all units, time step by time step."""
    if not levels:
        yield ".".join(map(str, name)), boxes
        return
    level = levels[0]
    most = [max(column) for column in zip(*(bounds(level, b) for b in boxes if b))]
    for number, counters in enumerate(itertools.product(*map(range, most))):
        below = [child(level, b, counters, p) for b in boxes for p in range(level.children)]
        yield from steps(levels[1:], below, name + (number,))


# ---- what is to be said -----------------------------------------------------------------

def home_of(case, depth, name):
    while depth > 0 and name not in case.levels[depth - 1].keep:
        depth -= 1
    return depth


def coord_with(t, dim):
    return next((c for c in t["coords"] if dim in dict(c)), None)


def over_time(case, t, home, depth):
    """Of the first tile, from the first step of the home's levels on."""
    levels = case.levels[home:depth]
    dims = [d for level in levels for _, d, _ in level.maps]
    walked = [(c, b, tile(t, b)) for c, b in sequence(levels, first_box(case, home))]
    stays = next((i for i, w in enumerate(walked) if w[2] != walked[0][2]), len(walked))
    kind = "temporal reduction" if t["role"] == "output" else "temporal multicast"
    if stays > 1:
        moved = [i for i in range(len(dims)) if any(w[0][i] for w in walked[:stays])]
        return "%s over %s (%d steps)" % (kind, ", ".join(dict.fromkeys(dims[i] for i in reversed(moved))), stays)
    if len(walked) == 1:
        return "one for each tile above" if home else "the only tile"
    dim = dims[next(i for i, c in enumerate(walked[1][0]) if c)]
    before, now = (image(coord_with(t, dim), walked[i][1]) for i in (0, 1))
    if before & now:
        return "halo of %d in %d along %s" % (len(before & now), len(now), dim)
    firsts = (i for i in range(1, len(walked)) if sum(map(bool, walked[i][0])) == 1 and 1 in walked[i][0])
    if any(walked[i][2] & walked[i - 1][2] for i in firsts):
        return "none along %s" % dim
    return "none: a new tile every step"


def across(case, machine, t, level, depth, streamed):
    """What the children of the first unit share in their first step."""
    outer, levels = case.levels[level], case.levels[level + 1:depth]
    parent = first_box(case, level)
    boxes = [b for b in (child(outer, parent, begins(outer), p) for p in range(outer.children)) if b]
    output = t["role"] == "output"
    if len(boxes) == 1:
        return "one child works"
    apart = ""
    if not (machine.reduction if output else machine.multicast):
        apart = ", added in the parent" if output else ", read by each child"
    if boxes[0] == boxes[1]:
        return "the same in each child" + apart
    dim = next(d for d in boxes[0] if boxes[0][d] != boxes[1][d])
    coord = coord_with(t, dim)
    if coord is None:
        return "spatial %s over %s%s" % ("reduction" if output else "multicast", dim, apart)
    held = []
    for box in boxes:
        units = inside(levels, box)
        if streamed:                # the PEs' first MACs, at the same time
            units = [{d: (low, low + 1) for d, (low, _) in b.items()} for b in units]
        held.append(set().union(*(image(coord, b) for b in units)))
    n = next((n for n in range(1, len(held)) if held[0] & held[n]), 0)
    if n == 0:
        return "none: a tile each"
    return "halo of %d in %d along %s%s%s" % (len(held[0] & held[n]), len(held[n]), dim,
                                              ", %d children apart" % n if n > 1 else "", apart)


def units_said(case, level):
    """The `par` line of a level."""
    outer, parent = case.levels[level], first_box(case, level)
    boxes = [b for b in (child(outer, parent, begins(outer), p) for p in range(outer.children)) if b]
    spread = spread_dim(outer)
    return "par %sover %s: %d of %d units%s" % (spread + " " if spread else "", outer.fanout, len(boxes), outer.children,
                                               "" if spread else ", all with the same work")


# ---- what is said -----------------------------------------------------------------------

def cells(line):
    return re.split("  +", line.strip())


def values(text):
    """The least, the largest and the number of the values of "0-1,8-9,..,56-57" or "5 of 0-9"."""
    counted = re.fullmatch(r"(\d+) of (\d+)-(\d+)", text)
    if counted:
        return int(counted[2]), int(counted[3]), int(counted[1])
    runs = [tuple(map(int, (r + "-" + r).split("-")[:2])) for r in text.split(",") if r != ".."]
    if ".." in text:
        runs = [(low, low + runs[0][1] - runs[0][0]) for low in range(runs[0][0], runs[-1][0] + 1, runs[1][0] - runs[0][0])]
    return runs[0][0], runs[-1][1], sum(high - low + 1 for low, high in runs)


def wrong_steps(case, lines):
    """Of the table of the first steps."""
    rows = [cells(l) for l in lines[1:] if l.strip() and not l.strip().startswith("-")]
    want = []
    for name, boxes in itertools.islice(steps(case.levels, [whole(case)]), STEPS_MAX):
        want += [([name] if pe == 0 else []) + [str(pe)] + tiles_said(case, b) for pe, b in enumerate(boxes)]
    said = [[c if not c.startswith("[") else [values(v) for v in re.findall(r"\[([^]]*)\]", c)] for c in row]
            for row in rows]
    if said != want:
        at = next((i for i, (s, w) in enumerate(zip(said, want)) if s != w), min(len(said), len(want)))
        yield "row %d of the first steps: %s, not %s" % (at, said[at:at + 1], want[at:at + 1])


def tiles_said(case, box):
    if box is None:
        return ["idle"] * len(case.tensors)
    row = []
    for t in case.tensors:
        shown = [image(c, box) for c in t["coords"] if any(case.dims[d] > 1 for d, _ in c)]
        if shown:
            row.append([(min(v), max(v), len(v)) for v in shown])
    return row


def wrong_classic(case, machine, lines):
    level, number = None, {t["name"]: t for t in case.tensors}
    seen = 0
    for line in lines:
        begun = re.match(r"level (\d+): ", line)
        if begun:
            level = int(begun[1])
        row = cells(line)
        if row[0] in number and len(row) == 3:
            t = number[row[0]]
            seen += 1
            for said, want in ((row[1], over_time(case, t, level, level + 1)),
                               (row[2], across(case, machine, t, level, level + 1, False))):
                if said != want:
                    yield "level %d, %s: %s, not %s" % (level, row[0], said, want)
    if seen != len(case.levels) * len(number):
        yield "%d lines of reuse" % seen


def between(case, machine, t, home, depth, streamed):
    fanouts = [l for l in range(home, depth) if case.levels[l].children > 1]
    parts = [across(case, machine, t, l, depth, streamed) for l in fanouts]
    return [case.levels[l].fanout + ": " + p for l, p in zip(fanouts, parts)] if len(parts) > 1 else parts


def wrong_tree(case, machine, lines):
    depth_of = {level.memory: i + 1 for i, level in enumerate(case.levels) if level.memory}
    number = {t["name"]: t for t in case.tensors}
    pars = [units_said(case, l) for l, level in enumerate(case.levels) if level.children > 1]
    said_pars = [l.strip() for l in lines if l.strip().startswith("par ")]
    if pars != said_pars:
        yield "%s, not %s" % (said_pars, pars)
    memory = seen = 0
    for line in lines:
        row = cells(line)
        if row[0] not in number:
            memory = row[0].split(",")[0]
            continue
        t, depth = number[row[0]], depth_of.get(memory)
        seen += 1
        if memory == "MAC":
            home = home_of(case, len(case.levels), row[0])
            want = between(case, machine, t, home, len(case.levels), True)
            said = row[3].split("; ") if len(row) > 3 else []
        elif depth is None:
            continue
        else:
            home = home_of(case, depth - 1, row[0])
            want = [over_time(case, t, home, depth)] + between(case, machine, t, home, depth, False)
            said = row[3:4] + (row[4].split("; ") if len(row) > 4 else [])
        if said != want:
            yield "%s at %s: %s, not %s" % (row[0], memory, said, want)
    if seen != 2 * len(number) + sum(len(level.keep) for level in case.levels):
        yield "%d lines of tensors" % seen


def wrong(case, machine, text):
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if "first steps" in line)
    yield from (wrong_tree if machine.hierarchy else wrong_classic)(case, machine, lines[1:at])
    if math.prod(level.children for level in case.levels) <= PES_MAX:
        yield from wrong_steps(case, lines[at + 1:])


def run(dcc, rand, n, hierarchy):
    """A machine and so many layers on it; returns the number of those that are explained wrong."""
    machine = draw_machine(rand, hierarchy)
    cases = [draw_case(rand, machine, i) for i in range(n)]
    text = '%s\nNetwork "n" {\n%s\n}\n' % (machine.text, "\n".join(c.text for c in cases))
    with open("explained.m", "w", encoding="utf-8") as file:
        file.write(text)
    ran = subprocess.run([dcc, "explained.m", "--explain", "*"], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        print("# exit status %d: %s" % (ran.returncode, ran.stderr))
        return n
    said = dict(re.findall(r"^(L\d+): (.*(?:\n(?!L\d+: ).*)*)", ran.stdout, re.M))
    failed = 0
    for case in cases:
        found = list(wrong(case, machine, said[case.name])) if case.name in said else ["nothing is said: " + ran.stderr]
        failed += bool(found)
        if found and failed <= 2:
            print("# %s\n# Network \"n\" { %s }\n#   %s" % (machine.text.replace("\n", "\n# "), case.text, "\n#   ".join(found)[:2000]))
    return failed


def main():
    dcc, seed, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rand, each, failed, total = random.Random(seed), 20, 0, 0
    while total < n:
        failed += run(dcc, rand, each, total // each % 2 == 1)
        total += each
    print("%d of %d layers are explained wrong" % (failed, total))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
