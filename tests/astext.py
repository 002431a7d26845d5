#!/usr/bin/env python3
"""Random hierarchies as a user writes them: astext.py DCC DIR <LINES

LINES are what `differential --dump-json --kind hierarchy` prints, a case and the simulator's result
each.  A case becomes a file of an operator, a layer, a dataflow and a machine; dcc reads it, and its
JSON must have the same counts, MAC accesses and cycles.  Each level is a fan-out, and each depth has
a memory for the tensors that its port serves and one for the others; a case with several ports at
one place cannot be written so, and is passed over."""
import json
import os
import subprocess
import sys

COUNTS = ("reads", "fills", "writes", "drains", "psum_reads")


def plain(dim):
    return dim.replace("'", "o")


def operator(case):
    lines = []
    for t in case["tensors"]:
        coords = "".join(
            "[" + " + ".join(f"{c}*{plain(d)}" if c != 1 else plain(d) for d, c in coord) + "]"
            for coord in t["coords"])
        lines.append(f"  {t['role'].capitalize()} {t['name']}{coords};")
    return "Operator RANDOM {\n" + "\n".join(lines) + "\n}\n"


def rates(pairs):
    return "{ " + ", ".join(f"{name}: {rate}" for name, rate in pairs) + " }"


def memories(depth, held, ports):
    """Hardware and dataflow lines of a depth."""
    served = [t for t in held if ports and t in ports[0]["tensors"]]
    hardware, dataflow = [], []
    for name, tensors in ((f"M{depth}Port", served), (f"M{depth}", [t for t in held if t not in served])):
        if not tensors:
            continue
        given = [(word, ports[0][way]) for way, word in
                 (("read", "Read"), ("write", "Write"), ("both", "Shared"))
                 if ports and tensors == served and ports[0].get(way) is not None]
        bandwidth = f" Bandwidth {rates(given)}" if given else ""
        hardware.append(f"    Memory {name} {{ Holds: {', '.join(tensors)};{bandwidth} }}")
        dataflow.append(f"  Buffer({name}) {', '.join(tensors)};")
    return hardware, dataflow


def fanout(level, children, noc, prefetch):
    keys = [f"Latency: {noc['latency']}", f"Prefetch: {prefetch}"]
    keys += [f"{key}: {'yes' if noc[key.lower()] else 'no'}" for key in ("Multicast", "Reduction")]
    bandwidth = noc["bandwidth"]
    if isinstance(bandwidth, dict):
        bandwidth = [(t, rate) for t, rate in bandwidth.items() if rate is not None]
        bandwidth = rates(bandwidth) if bandwidth else None
    if bandwidth is not None:
        keys.insert(0, f"Bandwidth: {bandwidth}")
    return f"    Fanout F{level} {children} {{ {', '.join(keys)} }}"


def as_text(case):
    """The case as a file, or None."""
    levels, every = case["levels"], [t["name"] for t in case["tensors"]]
    ports = [l["noc"].get("ports", []) for l in levels] + [case.get("pe_ports", [])]
    used = {d for t in case["tensors"] for coord in t["coords"] for d, _ in coord}
    if used != set(case["dims"]) or any(len(p) > 1 for p in ports):
        return None
    children, below = [l.get("cluster") for l in levels[:-1]], 1
    for n in children:
        below *= n
    children.insert(0, case["pes"] // below)
    held = [every] + (case.get("keep") or [every] * len(levels))
    hardware, dataflow = memories(0, held[0], ports[0])[0], []
    for l, level in enumerate(levels):
        hardware.append(fanout(l, children[l], level["noc"], level.get("prefetch", "layer")))
        dataflow += [f"  {'SpatialMap' if kind == 'S' else 'TemporalMap'}({size},{offset}) {plain(dim)};"
                     for kind, dim, size, offset in level["map"]]
        dataflow.append(f"  Fanout(F{l}, {children[l]});")
        lines = memories(l + 1, held[l + 1], ports[l + 1])
        hardware += lines[0]
        dataflow += lines[1]
    dims = ", ".join(f"{plain(d)}: {extent}" for d, extent in case["dims"].items())
    return (operator(case) + f'Network "n" {{ Layer L {{ Type: RANDOM Dimensions {{ {dims} }} }} }}\n'
            + 'Dataflow "d" {\n' + "\n".join(dataflow) + '\n}\nAccelerator "m" {\n  Precision: 8 bit\n'
            + "  Hierarchy {\n" + "\n".join(hardware)
            + f"\n    MAC {{ Lanes: {case.get('lanes', 1)} }}\n  }}\n}}\n")


def differences(layer, want):
    if layer["status"] != "evaluated":
        return [] if "closed form" in layer["why"] else [layer["why"]]
    pairs = [("cycles", layer["cycles"], want["cycles"])]
    pairs += [("levels", len(layer["levels"]), len(want["levels"]))]
    for l, (got, level) in enumerate(zip(layer["levels"], want["levels"])):
        for name, counts in level["tensors"].items():
            pairs += [(f"level {l} {name} {c}", got["tensors"].get(name, {}).get(c, 0), counts[c])
                      for c in COUNTS]
    for name, mac in want["mac"].items():
        pairs += [(f"MAC {name} {c}", layer["mac"][name][c], mac[c]) for c in mac]
    return [f"{what}: {got}, the simulator counts {n}" for what, got, n in pairs if got != n]


def main():
    dcc, folder = sys.argv[1:]
    written = wrong = 0
    for line in sys.stdin:
        pair = json.loads(line)
        text = as_text(pair["case"])
        if text is None:
            continue
        path = os.path.join(folder, "case.m")
        with open(path, "w") as out:
            out.write(text)
        run = subprocess.run([dcc, path, "--json", "-"], capture_output=True, text=True)
        written += 1
        found = differences(json.loads(run.stdout)["layers"][0], pair["result"]) if run.stdout \
            else [run.stderr]
        if found:
            wrong += 1
            print("\n".join("# " + l for l in found[:3] + text.splitlines()))
    print(f"# {written} cases written, {wrong} differ")
    return wrong > 0 or written == 0


sys.exit(main())
