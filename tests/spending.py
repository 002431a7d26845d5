"""The executable specification, saying also what the time was spent on and what bandwidth was
wanted: from the definitions of dcc-semantics(7), set by set, as oracle.py does for the rest."""
from collections import Counter

import oracle
from oracle import plus


class Cycles(int):
    """A time that knows its causes."""

    def __new__(cls, causes):
        self = super().__new__(cls, sum(causes.values()))
        self.causes = causes
        return self


def bound(causes, ingress, egress):
    """Transfers that take longer get all the time; on a tie it is the steps', then ingress."""
    longest = max(ingress, egress)
    if longest <= sum(causes.values()):
        return causes
    return Counter({"ingress" if ingress == longest else "egress": longest})


class Sim(oracle.Sim):
    def __init__(self, case):
        super().__init__(case)
        self.peak = [0] * len(self.levels)
        self.runs = [[0, 0] for _ in self.levels]      # elements, cycles

    # -- time ---------------------------------------------------------------
    def time(self, level, steps):
        cycles, links = super().time(level, [(c, dict(r)) for c, r in steps])
        run = Run(self, level, steps)
        assert sum(run.causes.values()) == cycles
        if level == 0:
            self.spent = run.causes
        return Cycles(run.causes), links

    def result(self):
        res = super().result(True)
        self.spent["drain"] += res["cycles"] - sum(self.spent.values())
        res["cycles_by_cause"] = {c: self.spent[c] for c in
                                  ("compute", "ingress", "egress", "fill", "drain")}
        res["bandwidth"] = [[float(p), v / c if c else 0] for p, (v, c) in zip(self.peak, self.runs)]
        return res


class Run:
    """The steps of a run, [(counters, record)] in order: its causes."""

    def __init__(self, sim, level, steps):
        self.sim, self.level, self.steps = sim, level, steps
        self.mode = sim.levels[level].get("prefetch", "layer")
        self.causes = Counter()
        self.links = []        # by step, what is hidden: [(level, in, out)]
        for i, (_, r) in enumerate(steps):
            own = [r["in"], r["out"]]
            if self.waits(i) or self.mode == "none":
                self.causes["fill"] += sim.wait(level, r["in"], "read")
                self.causes["drain"] += sim.wait(level, r["out"], "write")
                own = [{}, {}]
            self.links.append([(level, plus(own[0], r["pin"]), plus(own[1], r["pout"]))] + r["below"])
        if self.mode in ("none", "step"):
            self.take_steps()
        elif sim.loopless(level) and not steps[0][1]["fill"]:
            self.causes += self.computed(0)      # the level above hides its loads
        else:
            self.causes += self.window(0, range(len(steps)))
            self.note_run(range(len(steps)), self.links)

    def waits(self, i):
        return self.steps[i][1]["fill"] or (self.mode == "tile" and i == 0)

    def computed(self, i):
        compute = self.steps[i][1]["compute"]
        return getattr(compute, "causes", None) or Counter({"compute": compute})

    # -- modes without windows -------------------------------------------------
    def take_steps(self):
        sim, level = self.sim, self.level
        moved = []
        for i, (_, r) in enumerate(self.steps):
            ingress = egress = 0
            if not self.waits(i) and self.mode == "step":
                ingress, egress = sim.delay(level, r["in"], "read"), sim.delay(level, r["out"], "write")
            hidden = self.hidden(self.links[i])
            self.causes += bound(self.computed(i), max(ingress, hidden[0]), max(egress, hidden[1]))
            moved.append([(level, plus(r["in"], r["pin"]), plus(r["out"], r["pout"]))] + r["below"])
            self.note_peak([i], moved)
        self.note_run(range(len(self.steps)), moved)

    def hidden(self, loads):
        """The longest in (ports for both ways among them) and out."""
        sim = self.sim
        return (max(max(sim.delay(l, i, "read", True), sim.shared(l, i, o)) for l, i, o in loads),
                max(sim.delay(l, o, "write", True) for l, _, o in loads))

    # -- windows -----------------------------------------------------------------
    def same(self, i, j):
        """The window of step i at equal j outermost counters."""
        return [k for k, (c, _) in enumerate(self.steps) if c[:j] == self.steps[i][0][:j]]

    def depth(self, i, link, way, tensor):
        """The largest window that begins with step i and has no other such arrival."""
        for j in range(len(self.steps[i][0]) + 1):
            window = self.same(i, j)
            if window[0] == i and not any(tensor in self.links[k][link][way] for k in window[1:]):
                return j

    def belonging(self, j, window):
        """By step, the arrivals that belong to windows at j counters or more."""
        return {i: [(l, *[{t: v for t, v in (inn, out)[way].items() if self.depth(i, k, way + 1, t) >= j}
                          for way in (0, 1)]) for k, (l, inn, out) in enumerate(self.links[i])]
                for i in window}

    def window(self, j, window):
        if j == len(self.steps[0][0]):
            causes = self.computed(window[0])
        else:
            causes = Counter()
            for k in sorted({self.steps[i][0][j] for i in window}):
                causes += self.window(j + 1, [i for i in window if self.steps[i][0][j] == k])
        arrivals = self.belonging(j, window)
        loads = self.links[window[0]]
        total = [(l, *[sum((Counter(arrivals[i][k][way]) for i in window), Counter()) for way in (1, 2)])
                 for k, (l, _, _) in enumerate(loads)]
        self.note_peak(window, arrivals)
        return bound(causes, *self.hidden(total))

    # -- bandwidth: steps that wait count in neither ---------------------------------
    def demand(self, window, moved):
        """By link (level, elements), and cycles."""
        steps = [i for i in window if not self.waits(i)]
        cycles = sum(self.steps[i][1]["compute"] for i in steps)
        return cycles, [(l, max(sum(sum(moved[i][k][way].values()) for i in steps) for way in (1, 2)))
                        for k, (l, _, _) in enumerate(self.links[0])]

    def note_peak(self, window, moved):
        cycles, elements = self.demand(window, moved)
        for l, v in elements if cycles else []:
            self.sim.peak[l] = max(self.sim.peak[l], v / cycles)

    def note_run(self, window, moved):
        cycles, elements = self.demand(window, moved)
        for l, v in elements if cycles else []:
            self.sim.runs[l][0] += v
            self.sim.runs[l][1] += cycles
