#!/usr/bin/env python3
"""Compares results with the executable specification, case by case.

    specification.py < lines of {"case": .., "result": ..}

The specification is oracle.py beside this file, with spending.py.  Rates that are fractions come as text
("4/3"); it divides by them exactly when they are given to it as such."""
import json
import math
import sys
from fractions import Fraction

sys.dont_write_bytecode = True      # nothing is left beside the specification
import spending  # noqa: E402

RATES = ("bandwidth", "read", "write", "both")


def exact(value, rate=False):
    """The same with fractions for the texts of rates."""
    if isinstance(value, dict):
        return {key: exact(v, rate or key in RATES) for key, v in value.items()}
    if isinstance(value, list):
        return [exact(v, rate) for v in value]
    return Fraction(value) if rate and isinstance(value, str) else value


def differences(got, want, where=""):
    """Paths at which two JSON values differ; what is not in the first is not compared."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in got:
            yield from differences(got[key], want.get(key), where + "/" + key)
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (g, w) in enumerate(zip(got, want)):
            yield from differences(g, w, "%s/%d" % (where, i))
    elif got != want and not (isinstance(want, float) and math.isclose(got, want)):
        yield "%s: %s, the specification says %s" % (where, got, want)


def main():
    cases = failed = 0
    for line in sys.stdin:
        read = json.loads(line)
        found = list(differences(read["result"], spending.Sim(exact(read["case"])).result()))
        cases += 1
        if found:
            failed += 1
            if failed <= 3:
                print("# case %d\n# %s" % (cases, "\n# ".join(found[:5])))
                print("# " + json.dumps(read["case"]))
    print("%d of %d cases differ" % (failed, cases))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
