"""A small imitation of GAMMA's loop: random mappings, some of them illegal, each written into a
file, evaluated by a program called maestro, and read back from the CSV by the names of its columns.

    maestro.py PROGRAM DCC [older]      the loop; "older": options and columns of before 2020
    maestro.py ratio PROGRAM DCC        how long a call takes, in calls of dcc --version
"""
import csv
import os
import random
import statistics
import subprocess
import sys
import time

PES, L1, L2 = 16, 512, 108000
EXTENT = {"K": 32, "C": 16, "Y": 18, "X": 18, "R": 3, "S": 3}
RUNS = 60


def draw(dice):
    """A mapping as GAMMA draws it: a spatial dim, the order and the sizes of two levels."""
    levels, outside = [], {**EXTENT, "Y": 16, "X": 16}
    for level in range(2):
        spatial = dice.choice("KCYX")
        # A search's own operators make clusters that are too large, too.
        units = min(outside[spatial], dice.choice((4, 16, PES, 2 * PES)))
        sizes = {dim: dice.randint(1, outside[dim]) for dim in EXTENT}
        order = dice.sample(list(sizes), len(sizes))
        if dice.random() < 0.1:  # what a crossover may leave: a dim twice
            order.append(order[0])
        levels.append((spatial, units, [(dim, sizes[dim]) for dim in order]))
        outside = sizes
    return levels


def write(path, levels):
    with open(path, "w") as out:
        out.write("Network 0 {\nLayer CONV {\nType: CONV\nDimensions { ")
        out.write(", ".join(f"{dim}: {extent}" for dim, extent in EXTENT.items()))
        out.write(" }\nDataflow {\n")
        for level, (spatial, units, maps) in enumerate(levels):
            if level:
                out.write(f"Cluster({units},P);\n")
            for dim, size in maps:
                kind = "SpatialMap" if dim == spatial else "TemporalMap"
                name = dim + "'" if dim in "YX" else dim
                out.write(f"{kind}({size},{size}) {name};\n")
        out.write("}\n}\n}")


def command(program, name, older):
    cut = "" if older else "_cstr"
    return [program, f"--Mapping_file={name}.m", "--full_buffer=false", f"--noc_bw{cut}=81920000",
            "--noc_hops=1", "--noc_hop_latency=1", "--noc_mc_support=true", f"--num_pes={PES}",
            "--num_simd_lanes=1", f"--l1_size{cut}={L1}", f"--l2_size{cut}={L2}",
            "--print_res=false", "--print_res_csv_file=true", "--print_log_file=false",
            "--print_design_space=false", "--msg_print_lv=0"]


def observe(program, levels, name, older):
    """Runtime, energy and so on; None where the search takes the mapping for invalid."""
    write(f"{name}.m", levels)
    done = subprocess.run(command(program, name, older), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    with open(f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    os.remove(f"{name}.csv")
    assert len(rows) == 1, rows
    req = "" if older else " Req"
    runtime, throughput, energy, area, l1, l2, macs, power = (float(rows[0][column]) for column in (
        " Runtime (Cycles)", " Throughput (MACs/Cycle)", " Activity count-based Energy (nJ)",
        " Area", f" L1 SRAM Size{req} (Bytes)", f"  L2 SRAM Size{req} (Bytes)", " Num MACs",
        " Power"))
    assert done.stdout == b"", done.stdout
    assert (done.returncode == 0) == (runtime > 0), done
    if l1 > L1 or l2 > L2 or runtime < 1 or l1 < 0 or l2 < 0:
        return None
    assert macs == 32 * 16 * 16 * 16 * 9 and throughput > 0 and energy > 0 and area > 0 < power
    return runtime


def by_dcc(dcc, name):
    """What dcc says of the same file; None where it refuses it."""
    done = subprocess.run([dcc, f"{name}.m", "--hw", "machine.hw", "--csv", "-"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    row = next(csv.DictReader(done.stdout.decode().splitlines()))
    return float(row["cycles [cycles]"]) if row["status"] == "evaluated" else None


def loop(program, dcc, older):
    dice, valid, refused, best = random.Random(7), 0, 0, float("inf")
    with open("machine.hw", "w") as out:
        out.write(f'Accelerator "m" {{ PEs: {PES}  Precision: 8 bit  Buffer L1 {{ Capacity: {L1} B }}'
                  f'  Buffer L2 {{ Capacity: {L2} B }}  NoC 0 {{ Bandwidth: 81920000 }} }}\n')
    for i in range(RUNS):
        name = str(dice.randint(0, 2**32))
        runtime = observe(program, draw(dice), name, older)
        wanted = by_dcc(dcc, name)
        assert runtime is None or runtime == wanted, (name, runtime, wanted)
        valid += runtime is not None
        refused += wanted is None
        best = min(best, runtime or best)
    print(f"# {RUNS} mappings, {valid} valid, {refused} refused, best {best:.0f} cycles")
    assert valid > 5 and refused > 5


def seconds(words):
    began = time.perf_counter()
    process = os.posix_spawn(words[0], words, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    os.waitpid(process, 0)
    return time.perf_counter() - began


def ratio(program, dcc):
    """By turns, so that what else the machine does is the same for both; the least of five medians,
    as that only adds."""
    write("layer.m", [("K", 4, [("K", 4), ("C", 3), ("R", 3), ("S", 3), ("Y", 7), ("X", 1)]),
                      ("C", 8, [(dim, 1) for dim in "CKRSYX"])])
    found = []
    for _ in range(5):
        pairs = [(seconds(command(program, "layer", False)), seconds([dcc, "--version"]))
                 for _ in range(80)]
        call, version = (statistics.median(times) for times in zip(*pairs))
        found.append((call / version, call, version))
        if found[-1][0] <= 1.2:
            break
    least, call, version = min(found)
    print(f"{least:.3f} {call * 1e3:.2f} {version * 1e3:.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "ratio":
        ratio(*sys.argv[2:])
    else:
        loop(sys.argv[1], sys.argv[2], "older" in sys.argv[3:])
