"""Random sweeps over hierarchies of memories against dcc, design by design.

A sweep draws a machine with a dataflow for it, some axes and some values of each.  A design must be
among the points of dcc-dse, with the same digits, if dcc evaluates every layer, warns of no capacity
and no budget and knows all that the objectives rest on; else it must not be.  Then the same sweep in
shards, on other numbers of threads and without pruning must give the same bytes.
"""
import concurrent.futures
import csv
import itertools
import json
import os
import random
import re
import subprocess
import sys

BUILD, SRCDIR = sys.argv[1:3]
SWEEPS, SEED, FIRST = (int(argument) for argument in sys.argv[3:6])  # FIRST: number of the first test
POINTS = 24  # of a sweep that are compared; most have no more

NET = """
Network "net" {
  Layer A { Type: CONV Dimensions { N: 1, K: 24, C: 12, R: 3, S: 3, Y': 9, X': 14 } Count: 2 }
  Layer B { Type: CONV Stride { X: 2, Y: 2 } Dimensions { N: 1, K: 40, C: 20, R: 3, S: 3, Y': 7, X': 7 } }
  Layer C { Type: CONV Dimensions { N: 1, K: 20, C: 70, R: 1, S: 1, Y': 9, X': 9 } Density { Input: 0.4 } }
}
"""
GEMM = 'Network "net" { Layer E { Type: GEMM Dimensions { B: 1, M: 60, N: 130, K: 90 } Count: 3 } }\n'

# What the shipped machines leave out: figures of all kinds, shares, two roots, one that is on the chip.
OWN = """
Technology "wires" {
  NoC { Hop: 0.01 pJ/bit, Source: "made up" }
  Bus { Area { Scale: 40 um2, PerPE: 1.5, Base: 2 }, Source: "made up" }
  Arbiter { Area { Scale: 12 um2, PerPE2: 0.1, PerPE: 3, Base: 1 }, Source: "made up" }
}
Accelerator "own" {
  Technology: "wires"
  Clock: 700 MHz
  Precision { Input: 8 bit, Weight: 8 bit, Output: 16 bit, Partial: 24 bit }
  Hierarchy {
    Memory WMem { Holds: Weight, Bandwidth: 4, Read: 30 pJ, Write: 31 pJ, Width: 64 bit, Area: 90000 um2 }
    Memory DRAM { Holds: Input, Output, Bandwidth { Shared: 9 }, Latency: 30, Read: 40 pJ, Write: 40.5 pJ, Leakage: 0.3 mW }
    Memory GLB { Holds: Input, Output, Capacity: 5 KiB, Bandwidth: 16, Read: 1.7 pJ, Write: 2.1 pJ, Area: 40000 um2, Leakage: 0.7 mW }
    Fanout PE 6 { Bandwidth: 8, Latency: 1, Hops: 2, Reduction: no }
    Memory RF { Holds: Weight, Output, Capacity { Weight: 700 B, Output: 90 B }, Prefetch: tile, Read: 0.3 pJ, Write: 0.4 pJ, Area: 900 um2 }
    Fanout row 4
    Memory Reg { Holds: Weight, Copies: 1, Read: 0.03 pJ, Write: 0.05 pJ, Area: 30 um2, Leakage: 1 uW }
    MAC { Lanes: 1, Energy: 0.21 pJ, Area: 310 um2, Leakage: 3 uW }
  }
}
"""
OWN_MAPS = """
Constant Tile 12;
Dataflow "own" for CONV {
  TemporalMap(Tile,Tile) K;
  TemporalMap(8,8) C;
  Buffer(GLB) %s;
  TemporalMap(1,1) Y';
  TemporalMap(1,1) X';
  SpatialMap(2,2) K;
  Fanout(PE);
  Buffer(RF) %s;
  TemporalMap(1,1) R;
  TemporalMap(1,1) S;
  TemporalMap(1,1) K;
  SpatialMap(1,1) C;
  Fanout(row);
  Buffer(Reg);
}
"""
# The classic shape, as a hierarchy.
SHAPE = """
Accelerator "shape" {
  Technology: "28nm"
  Hierarchy {
    Memory DRAM { Bandwidth: 3 }
    Memory GLB { Capacity: 30 KiB }
    Fanout PE 16 { Bandwidth: 8, Latency: 2 }
    Memory RF { Capacity: 3000 B }
    MAC { Lanes: 1 }
  }
}
"""
CLASSIC_MAPS = """
Constant Tile 4;
Dataflow "classic" for CONV { SpatialMap(1,1) K; TemporalMap(Tile,Tile) C; TemporalMap(3,3) Y'; TemporalMap(1,1) X';
  Cluster(2); SpatialMap(1,1) C; }
"""
SHAPE_MAPS = """
Constant Tile 4;
Dataflow "lines" for CONV { TemporalMap(8,8) K; TemporalMap(Tile,Tile) C; Buffer(GLB) auto; TemporalMap(2,2) Y';
  SpatialMap(1,1) K; Fanout(PE); Buffer(RF); TemporalMap(1,1) X'; TemporalMap(1,1) C; }
"""
# The first sweep: memories are placed by their capacities.
PLACED = {"RF.capacity": ["60B", "400B", "2KiB", "8KiB"], "GLB.capacity": ["700B", "3KiB", "6KiB", "12KiB", "40KiB"],
          "GLB.bandwidth.read": ["3", "16"]}
# What the shipped dataflows place by hand, left to be placed.
AUTO = "Buffer(%s) auto;"

FILES = {"net.m": NET, "gemm.m": GEMM, "own.hw": OWN, "shape.hw": SHAPE,
         "own.m": OWN_MAPS % ("Input, Output", "Weight, Output"),
         "own-auto.m": OWN_MAPS % ("auto", "Weight, Output"),
         "own-autos.m": OWN_MAPS % ("auto", "auto"),
         "classic.m": CLASSIC_MAPS, "shape.m": SHAPE_MAPS}


def shipped(folder, name):
    with open(os.path.join(SRCDIR, folder, name), encoding="utf-8") as file:
        return file.read()


def machines():
    """(hardware, its text, dataflows): the shipped hierarchies and those above."""
    for name in sorted(os.listdir(os.path.join(SRCDIR, "hardware"))):
        text = shipped("hardware", name)
        if re.search(r"^\s*Hierarchy", text, re.M):
            stem = name[:-3]
            maps = shipped("dataflows", stem + ".m")
            inner = re.search(r"Buffer\((\w+)\) (\w+(, \w+)*);", maps)
            FILES["auto-" + stem + ".m"] = maps.replace(inner.group(0), AUTO % inner.group(1))
            yield name, text, [stem + ".m", "auto-" + stem + ".m"]
    for _ in range(3):
        yield "own.hw", OWN, ["own.m", "own-auto.m", "own-autos.m"]
    yield "shape.hw", SHAPE, ["classic.m", "shape.m"]


def scaled(draw, value, unit):
    return [f"{max(1, round(value * 2 ** draw.uniform(-2, 2)))}{unit}" for _ in range(draw.randint(2, 4))]


def stretched(draw, values):
    """Many values from the least to the most of some, in no order."""
    unit = values[0].lstrip("0123456789.")
    low, high = (int(f(int(value[:len(value) - len(unit)]) for value in values)) for f in (min, max))
    many = list(dict.fromkeys(f"{draw.randint(low, high)}{unit}" for _ in range(400)))
    return many if len(many) > 40 else values


def figures(draw):
    return [f"{draw.uniform(0, 40):.3g}pJ" for _ in range(draw.randint(2, 3))]


def axis_of_memory(draw, name, block):
    """A key of a memory, and values."""
    given = re.search(r"Capacity: (\d+) (K?i?B)", block)
    kind = draw.choice(["capacity"] * 4 + ["bandwidth", "read", "holds", "write", "latency", "copies", "prefetch", "width",
                                           "leakage", "area", "bandwidth.read", "bandwidth.shared"])
    if kind == "capacity":
        size, unit = (int(given.group(1)), given.group(2)) if given else (8, "KiB")
        return f"{name}.capacity", scaled(draw, size, unit)
    if kind.startswith("bandwidth"):
        return f"{name}.{kind}", draw.choice([scaled(draw, 8, ""), scaled(draw, 6, "B/cycle")])
    values = {"holds": ["Input", "Weight", "Output"], "read": figures(draw), "write": figures(draw), "latency": ["0", "3", "20"], "copies": ["1", "2"],
              "prefetch": ["layer", "tile", "step", "none"], "width": ["8bit", "64bit", "96bit"],
              "leakage": ["0mW", "0.37mW", "2uW"], "area": ["0um2", "1234.5um2", "0.02mm2"]}
    return f"{name}.{kind}", values[kind]


def axis_of_fanout(draw, name, size):
    kind = draw.choice(["", "", "", "dims", "bandwidth", "latency", "hops", "multicast", "reduction", "prefetch"])
    values = {"": scaled(draw, size, ""), "bandwidth": scaled(draw, 8, ""), "latency": ["0", "1", "7"],
              "hops": ["0.5", "1", "3"], "dims": ["K", "C", "N", "M"], "multicast": ["yes", "no"],
              "reduction": ["yes", "no"], "prefetch": ["layer", "tile", "step", "none"]}
    return (f"{name}.{kind}" if kind else name), values[kind]


def axis_of_all(draw):
    return draw.choice([("precision", ["8bit", "12bit", "16bit"]), ("clock", ["700MHz", "1GHz", "0.3GHz"]),
                        ("mac.lanes", ["1", "2", "3"]), ("mac.energy", ["0.1pJ", "0.7pJ"]), ("setup", ["0", "100"]),
                        ("precision.partial", ["16bit", "32bit"]), ("mac.area", ["100um2", "333.3um2"]), ("mac.leakage", ["1uW", "0uW"])])


def axis_of_dataflow(draw, maps):
    constant = draw.choice(re.findall(r"^Constant (\w+)", maps, re.M) or ["Tile"])
    return constant, [str(value) for value in draw.sample([1, 2, 3, 4, 6, 8, 12, 16, 32], 3)]


def draw_axes(draw, text, maps):
    memories = re.findall(r"Memory (\w+) (\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})", text)
    fanouts = re.findall(r"Fanout (\w+) (\d+)", text)
    axes, points = {}, 1
    for _ in range(draw.randint(1, 4)):
        kind = draw.choice("mmmmffad")
        if kind == "m":
            key, values = axis_of_memory(draw, *draw.choice(memories))
        elif kind == "f":
            name, size = draw.choice(fanouts)
            key, values = axis_of_fanout(draw, name, int(size))
        elif kind == "a":
            key, values = axis_of_all(draw)
        else:
            key, values = axis_of_dataflow(draw, maps)
        values = list(dict.fromkeys(values))[:POINTS // points]
        if key not in axes and values:
            axes[key] = values
            points *= len(values)
    long = [key for key in axes if re.search(r"\.(capacity|bandwidth|bandwidth.\w+)$", key)]
    if long and draw.random() < 0.2:
        axes[long[0]] = stretched(draw, axes[long[0]])
    return axes


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, check=False)


class Sweep:
    def __init__(self, seed):
        draw = self.draw = random.Random(seed)
        self.seed = seed
        hardware, text, dataflows = draw.choice(list(MACHINES))
        self.files = [draw.choice(dataflows)] if draw.random() < 0.8 else dataflows[:2]
        maps = FILES.get(self.files[0]) or shipped("dataflows", self.files[0])
        self.axes = draw_axes(draw, text, maps)
        if seed == SEED:
            hardware, self.files, self.axes, maps = "own.hw", ["own-autos.m"], dict(PLACED), OWN_MAPS
        if draw.random() < 0.25 and "for CONV" not in maps or " CONV" not in maps:
            self.model = "gemm.m"
        else:
            self.model = "net.m"
        self.options = ["--model", self.model, "--hw", hardware]
        if draw.random() < 0.3 and hardware != "own.hw":
            self.options += ["--tech", draw.choice(["28nm", "45nm"])]
        self.budget = []
        self.wants = ["energy_pj"]
        objectives = "runtime,energy"
        if hardware == "own.hw" and draw.random() < 0.5 or "28nm" in self.options and draw.random() < 0.7:
            objectives = "energy,area"
            self.wants.append("area_mm2")
            if draw.random() < 0.4:
                self.budget = ["--set", f"budget.area={draw.choice([0.05, 0.07, 0.3, 5])}mm2"]
        self.objectives = ["--objectives", objectives]
        self.threads = draw.choice("124")

    def command(self, *more):
        sweeps = []
        for key, values in self.axes.items():
            sweeps += ["--sweep", f"{key}={','.join(values)}"]
        return ["dcc-dse", *self.files, *self.options, *self.budget, *sweeps, *self.objectives, *more]

    def dcc(self, axes, values):
        """The digits of a design as dcc has them, or None where it is not valid."""
        sets, file = [], self.files[0]
        for key, value in zip(axes, values):
            if key == "dataflow":
                file = value
            elif key in self.axes and is_constant(key, self.files):
                sets += ["-D", f"{key}={value}"]
            else:
                sets += ["--set", f"{key}={value}"]
        done = run("dcc", file, *self.options, *self.budget, *sets, "--json", "-")
        total = json.loads(done.stdout)["total"] if done.stdout else None
        wrong = re.search(r"\[(capacity|budget|unknown-figure)\]", done.stderr)
        if total is None or total["missing"] or wrong or any(total[key]["total"] is None for key in self.wants):
            return None
        names = {"cycles": total["cycles"], "seconds": total["seconds"], "energy_pj": total["energy_pj"]["total"],
                 "edp_js": total["edp"]}
        for key in "area_mm2", "power_mw":
            names[key] = total[key]["total"]
        return {key: "" if value is None else "%.15g" % value for key, value in names.items()}

    def check(self):
        """What is wrong, or None."""
        done = run(*self.command("--points", f"{self.seed}.csv", "--threads", self.threads))
        if done.returncode > 1:
            missing = "is not known" in done.stderr
            return None if missing and not self.any_valid() else done.stderr
        points = {}
        if not os.path.exists(f"{self.seed}.csv"):  # wrong in every design
            return done.stderr if self.any_valid() else None
        with open(f"{self.seed}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
            for row in rows:
                points[int(row["index"])] = row
        axes = list(self.order())
        designs = list(enumerate(itertools.product(*(self.order()[key] for key in axes))))
        for index, values in self.draw.sample(designs, min(len(designs), POINTS)):
            want, have = self.dcc(axes, values), points.get(index)
            design = " ".join(f"{key}={value}" for key, value in zip(axes, values))
            if (want is None) != (have is None):
                return f"{design}: valid for {'dcc-dse' if want is None else 'dcc'} alone\n{done.stderr}"
            for key in want or {}:
                if want[key] != have[key]:
                    return f"{design}: {key} is {have[key]} for dcc-dse, {want[key]} for dcc"
        self.valid = len(points)
        return self.again()

    def again(self):
        """The same in other ways."""
        with open(f"{self.seed}.csv", "rb") as file:
            first = file.read()
        for threads, more in ("1", []), ("4", ["--no-prune"]):
            run(*self.command("--points", f"{self.seed}.again.csv", "--threads", threads, *more))
            with open(f"{self.seed}.again.csv", "rb") as file:
                if file.read() != first:
                    return f"{threads} threads, {more}: other points"
        whole = run(*self.command("--json", "-"))
        for shard in "12":
            run(*self.command("--shard", f"{shard}/2", "--checkpoint", f"{self.seed}.{shard}"))
        merged = run("dcc-dse", "merge", f"{self.seed}.1", f"{self.seed}.2", "--json", "-")
        return None if merged.stdout == whole.stdout else "two shards come to something else\n" + merged.stderr

    def order(self):
        """The axes in the order of the space."""
        axes = dict(self.axes)
        if len(self.files) > 1:
            axes = {"dataflow": self.files, **axes}
        nests = {key: axes[key] for key in axes if changes_nest(key, self.files)}
        return {**nests, **{key: axes[key] for key in axes if key not in nests}}

    def any_valid(self):
        order = self.order()
        designs = list(itertools.product(*order.values()))
        return any(self.dcc(list(order), values) for values in self.draw.sample(designs, min(len(designs), POINTS)))


def is_constant(key, files):
    return any(re.search(rf"^Constant {key}\b", FILES.get(file) or shipped("dataflows", file), re.M)
               for file in files)


def changes_nest(key, files):
    return (key == "dataflow" or re.search(r"^precision|\.(holds|dims)$", key) is not None or
            ("." not in key and key not in ("clock", "setup")))


def check(seed):
    sweep = Sweep(seed)
    sweep.valid = 0
    wrong = sweep.check()
    return sweep, wrong


MACHINES = list(machines())
os.environ["PATH"] = BUILD + ":" + os.environ["PATH"]
os.environ.pop("DCC_PATH", None)
for name, text in FILES.items():
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)
print(f"# seeds {SEED} to {SEED + SWEEPS - 1}")
valid = 0
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for number, (sweep, wrong) in enumerate(pool.map(check, range(SEED, SEED + SWEEPS)), FIRST):
        command = " ".join(f"'{word}'" if re.search(r"[^\w./:,=*-]", word) else word for word in sweep.command())
        command = command if len(command) < 400 else command[:400] + "..."
        print(f"{'not ok' if wrong else 'ok'} {number} - seed {sweep.seed}, {sweep.valid} valid: {command}")
        valid += sweep.valid
        if wrong:
            print("".join(f"# {line}\n" for line in wrong.splitlines()), end="")
# Of no use if nothing is ever valid.
print(f"{'ok' if valid > SWEEPS else 'not ok'} {FIRST + SWEEPS} - {valid} designs are valid")
print(f"1..{FIRST + SWEEPS}")
