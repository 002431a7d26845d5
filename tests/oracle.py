#!/usr/bin/env python3
"""Compares results with the executable specification, case by case.

    oracle.py SPECIFICATION < lines of {"case": .., "result": ..}

Bandwidths that are fractions come as text ("4/3"); the specification divides by them
exactly when they are given to it as such."""
import importlib.util
import json
import sys
from fractions import Fraction


def load(path):
    sys.dont_write_bytecode = True      # nothing is left beside the specification
    spec = importlib.util.spec_from_file_location("oracle_specification", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exact(bandwidth):
    if isinstance(bandwidth, dict):
        return {tensor: exact(b) for tensor, b in bandwidth.items()}
    return Fraction(bandwidth) if isinstance(bandwidth, str) else bandwidth


def differences(got, want, where=""):
    """Paths at which two JSON values differ; the specification's may hold less."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in want:
            yield from differences(got.get(key), want[key], where + "/" + key)
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (g, w) in enumerate(zip(got, want)):
            yield from differences(g, w, "%s/%d" % (where, i))
    elif got != want:
        yield "%s: %s, the specification says %s" % (where, got, want)


def main():
    oracle = load(sys.argv[1])
    cases = failed = 0
    for line in sys.stdin:
        text = json.loads(line)
        case = json.loads(line)["case"]
        for level in case["levels"]:
            level["noc"]["bandwidth"] = exact(level["noc"]["bandwidth"])
        found = list(differences(text["result"], oracle.Sim(case).result()))
        cases += 1
        if found:
            failed += 1
            if failed <= 3:
                print("# " + "\n# ".join(found[:5]))
                print("# " + json.dumps(text["case"]))
    print("%s 1 - %d cases agree with the executable specification%s" % (
        "not ok" if failed or not cases else "ok", cases - failed,
        ", %d do not" % failed if failed else ""))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
