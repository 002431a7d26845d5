"""Reads a report of a hierarchy in JSON and in CSV, and says what does not add up: energies, cycles,
columns, and traffic between the memories that hold a tensor one inside the other."""
import csv
import json
import sys


def flat(value, path=""):
    """The leaves of a tree by the names that CSV has for them."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        name = f"{path}.{key}" if path else str(key)
        if isinstance(child, (dict, list)):
            yield from flat(child, name)
        else:
            yield name, child


def same(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)


def wrong_energy(layer):
    energy = layer["energy_pj"]
    memories = sum(m["energy_pj"] for m in layer["memories"])
    parts = memories + energy["mac"] + (energy["noc"] or 0) + (energy["leakage"] or 0)
    if not same(parts, energy["total"]):
        yield f"parts of the energy are {parts}, not {energy['total']}"
    if not same(energy["total"] - layer["memories"][0]["energy_pj"], energy["onchip"]):
        yield f"the chip's energy is {energy['onchip']}"


def wrong_time(layer):
    causes = sum(c for c in layer["cycles_by_cause"].values() if isinstance(c, int))
    if causes != layer["cycles"]:
        yield f"causes come to {causes} of {layer['cycles']} cycles"
    links = layer["cycles_by_cause"]["links"]
    if sum(l["in"] + l["out"] for l in links) > layer["cycles"]:
        yield "links took longer than the layer"


def wrong_traffic(layer):
    """What a holder takes its home gives, once or, merged, less often; outputs likewise."""
    for tensor in layer["tensor_size"]:
        held = [m["tensors"][tensor] for m in layer["memories"] if tensor in m["tensors"]]
        for home, holder in zip(held, held[1:]):
            if home["reads"] > holder["fills"] or (holder["fills"] > 0) != (home["reads"] + home["psum_reads"] > 0):
                yield f"{tensor}: {home['reads']} given for {holder['fills']}"
            if home["writes"] > holder["drains"] or (home["writes"] > 0) != (holder["drains"] > 0):
                yield f"{tensor}: {home['writes']} taken of {holder['drains']}"
        mac = layer["mac"][tensor]
        for way in ("reads", "psum_reads"):
            if held[-1][way] != mac[way]:
                yield f"{tensor}: the MACs make {mac[way]} {way} of {held[-1][way]}"


def wrong_csv(layer, row):
    for name, value in flat(layer):
        if name in row and isinstance(value, int) and row[name] != str(value):
            yield f"{name} is {row[name]} in CSV"
        if name.startswith("memories.") and name not in row:
            yield f"{name} has no column"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        layers = json.load(file)["layers"]
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    names = [title.split(" [")[0] for title in header]
    wrong = [f"row {i} has {len(r)} fields" for i, r in enumerate(rows) if len(r) != len(header)]
    if len(rows) != len(layers):
        wrong.append(f"{len(rows)} rows of {len(layers)} layers")
    for layer, row in zip(layers, rows):
        for check in (wrong_energy, wrong_time, wrong_traffic):
            wrong += [f"{layer['name']}: {w}" for w in check(layer)]
        wrong += [f"{layer['name']}: {w}" for w in wrong_csv(layer, dict(zip(names, row)))]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
