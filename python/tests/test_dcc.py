"""The module against what dcc and libdcc say, and against whoever misuses it."""
import copy
import gc
import importlib
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import doctest
import json
import unittest
from pathlib import Path

import dcc

TEXT = """Accelerator "small" { PEs: 16  Precision: 8 bit  Clock: 1 GHz  Technology: "28nm"
  Buffer L1 { Capacity: 512 B }  Buffer L2 { Capacity: 16 KiB }
  NoC 0 { Bandwidth: 1, Latency: 4 }  OffChip { Bandwidth: 1 GB/s } }
Dataflow "plain" { TemporalMap(2,2) K; SpatialMap(1,1) C; }
Network "small" { Layer L { Type: CONV, Dimensions { K: 8, C: 6, Y: 14, X: 14, R: 3, S: 3 } } }
"""
HIERARCHY = """Accelerator "h" { Precision: 8 bit
  Hierarchy { Memory DRAM { Bandwidth: 16 B/cycle } Memory GLB { Capacity: 64 KiB }
              Fanout PE 16  Memory RF { Capacity: 64 B } } }
Dataflow "d" { TemporalMap(4,4) M; Buffer(GLB) Input, Weight, Output; SpatialMap(1,1) N; Fanout(PE);
               Buffer(RF) Input, Weight, Output; TemporalMap(1,1) K; }
Network "n" { Layer G { Type: GEMM, Dimensions { M: 16, N: 16, K: 16 } } }
"""
MODULES = ["dcc", *(f"dcc.{name}" for name in ("_batch", "_errors", "_handle", "_job", "_schedule",
                                               "_search", "_sweep", "_table"))]


def job():
    with dcc.parse(TEXT) as plan:
        return plan[0]


class Results(unittest.TestCase):
    def test_the_docstrings_examples(self):
        for name in MODULES:
            found = doctest.testmod(importlib.import_module(name))
            self.assertEqual(found.failed, 0, name)

    def test_a_result_is_that_of_dcc(self):
        command = [os.environ["DCC"], "kc-p.m", "--model", "vgg16.m", "--hw", "paper256.hw",
                   "--layer", "CONV2", "--json", "-"]
        layer = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        layer = layer["layers"][0]
        result = dcc.load("kc-p.m", model="vgg16.m", hw="paper256.hw", layer="CONV2")[0].evaluate()
        checked = 0
        for name, value in result.to_dict().items():
            node = layer
            for step in name.split("."):
                node = node[int(step)] if isinstance(node, list) else node[step]
            self.assertEqual(value, node, name)
            self.assertEqual(result[name], node, name)
            checked += 1
        self.assertGreater(checked, 100)

    def test_batches_are_evaluations(self):
        one = job()
        table = one.batch({dcc.size(0, "K"): [1, 2, 8, 0], dcc.pes: [4, 16, 3, 1]},
                          ["cycles", "energy_pj.total"])
        self.assertEqual(table.columns,
                         ["size(0,K)", "pes", "cycles", "energy_pj.total", "status"])
        for row in table:
            if row["size(0,K)"] < 1:
                self.assertEqual(row["status"], dcc.Status.BAD_ARGUMENT)
                self.assertIsNone(row["cycles"])
                continue
            other = one.copy()
            other.set_size(0, "K", row["size(0,K)"])
            other.set("pes", row["pes"])
            result = other.evaluate()
            self.assertEqual(row["cycles"], result["cycles"])
            self.assertIsInstance(row["cycles"], int)
            self.assertEqual(row["energy_pj.total"], result["energy_pj.total"])
        threads = one.batch({dcc.pes: range(1, 100)}, ["cycles"], threads=3)
        self.assertEqual(threads.to_dict(), one.batch({dcc.pes: range(1, 100)}).to_dict())

    def test_machine_batches_are_times(self):
        one, n = job(), 50
        bandwidths, latencies = list(range(n)), list(range(n, 0, -1))
        cycles = one.times(bandwidths, latencies)
        table = one.batch({dcc.bandwidth(): bandwidths, dcc.latency(): latencies})
        self.assertEqual([int(c) for c in cycles], table.to_dict()["cycles"])
        self.assertEqual(len(one.times(bandwidth=[])), 0)

    def test_sweeps_set_each_row_anew(self):
        one = job()
        keys = {"pes": [1, "x", 16], "noc.bandwidth": [1, {"Input": 2, "Weight": 1}, 4]}
        table = one.sweep(keys, ["cycles", "l1.required_bytes"])
        self.assertEqual(len(table), 9)
        for row in table:
            if row["pes"] == "x":
                self.assertIn("pes", row["why"])
                self.assertIsNone(row["cycles"])
                continue
            other = one.copy()
            other.set("pes", row["pes"])
            other.set("noc.bandwidth", row["noc.bandwidth"])
            self.assertEqual(row["cycles"], other.evaluate()["cycles"])
        self.assertEqual(len(one.sweep({})), 1)
        self.assertEqual(len(one.sweep({"pes": []})), 0)

    def test_a_hierarchy(self):
        one = dcc.parse(HIERARCHY)[0]
        self.assertEqual(one.memories, ["DRAM", "GLB", "RF"])
        self.assertEqual(one.fanouts, {"PE": 16})
        self.assertEqual(one.holder(0, one.tensors[0]), "GLB")
        self.assertEqual(one.holder(-1, one.tensors[0]), "DRAM")
        one.set("GLB.capacity", "32 KiB")
        reads = one.evaluate()[f"memories.GLB.tensors.{one.tensors[0]}.reads"]
        self.assertGreater(reads, 0)
        with self.assertRaises(dcc.StatusError) as caught:
            one.add_cluster(4)
        self.assertEqual(caught.exception.status, dcc.Status.OTHER_FORM)
        built = dcc.build("GEMM", M=16, N=16, K=16)
        for memory in ("DRAM", "RF"):
            built.add_memory(memory)
            if memory == "DRAM":
                built.add_fanout("PE", 4)
        built.add_map("spatial", "N", 4)
        built.add_cut("PE")
        for tensor in built.tensors:
            built.hold(0, tensor, "RF")
        self.assertGreater(built.evaluate()["cycles"], 0)
        table = built.batch({dcc.units(0): [1, 2, 4, 5]})
        self.assertEqual([row["status"] for row in table][-1], dcc.Status.TOO_MANY_UNITS)

    def test_a_dataflow_is_written(self):
        one = job()
        one.clear_nest()
        one.add_map("temporal", "K", 4)
        one.add_map("spatial", "C", 1)
        one.add_cluster(2)
        one.add_map("spatial", "X'", 1)
        self.assertEqual(one.levels, [[("temporal", "K", 4), ("spatial", "C", 1)],
                                      [("spatial", "X'", 1)]])
        one.set_kind(0, "C", "temporal")
        one.set_order(0, "C", 0)
        one.set_cluster(1, 4)
        self.assertEqual(one.children(1), 4)
        self.assertIn('Dataflow "mine"', one.dataflow("mine"))
        again = dcc.parse(TEXT.replace(TEXT.splitlines()[3], one.dataflow("mine")))[0]
        self.assertEqual(again.levels, one.levels)
        self.assertEqual(again.evaluate()["cycles"], one.evaluate()["cycles"])

    def test_why_adds_up(self):
        one = job()
        why = one.why()
        self.assertEqual(sum(part["cycles"] for part in why.times), one.evaluate()["cycles"])
        energy = one.evaluate()["energy_pj.total"]
        self.assertAlmostEqual(sum(part["pj"] for part in why.energies) / energy, 1)
        first = next(row for row in why.remedies if row["what"] == "NoC 0")
        one.set("noc0.bandwidth", int(first["to"]))
        self.assertEqual(one.evaluate()["cycles"], first["cycles"])

    def test_a_search_finds_the_least(self):
        one, seen = job(), []
        found = one.map("runtime", sizes="divisors", top=3, watch=lambda at: seen.append(at))
        self.assertTrue(found.complete)
        self.assertEqual(found.job.evaluate()["cycles"], found.value)
        self.assertLessEqual(found.bound, found.value)
        self.assertEqual(found.values, sorted(found.values))
        self.assertLessEqual(found.value, one.evaluate()["cycles"])
        with self.assertRaises(dcc.InputError):
            one.set("l1.capacity", "1 B")
            one.map("runtime", sizes="divisors")

    def test_a_schedule(self):
        found = dcc.schedule("stream-lab3.m", "stream-bus.hw")
        self.assertTrue(found.optimal)
        self.assertEqual((found.gap, found.value), (0, found.latency_cycles))
        self.assertEqual(len(found.nodes), 224)
        self.assertEqual(max(found.transfers["end"]), found.latency_cycles)
        self.assertEqual(set(found.split.values()), {"Y' all"})
        self.assertAlmostEqual(sum(found.energy_pj[part] for part in ("cores", "links", "offchip"))
                               / found.energy_pj["total"], 1)
        least = dcc.schedule("stream-lab3.m", Path("stream-bus.hw"), objective="energy", threads=2)
        self.assertLess(least.value, found.energy_pj["total"])
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "kept.m"
            kept.write_text(found.choice)
            again = dcc.schedule("stream-lab3.m", "stream-bus.hw", replay=kept)
        self.assertEqual((again.latency_cycles, again.schedules), (found.latency_cycles, 3))
        self.assertIsNone(found.cycles_per_image)
        self.assertLess(dcc.schedule("stream-lab1.m", "stream-bus.hw", images=2).cycles_per_image,
                        120254)

    def test_a_schedule_that_cannot_be(self):
        with self.assertRaises(dcc.InputError) as caught:
            dcc.schedule("stream-lab3.m")
        self.assertIn("no system", str(caught.exception))
        with self.assertRaises(dcc.InputError) as caught:
            dcc.schedule("stream-lab3.m", "stream-bus.hw", images=1000)
        self.assertIn("more than", str(caught.exception))
        with self.assertRaises(dcc.ArgumentError):
            dcc.schedule("stream-lab3.m", "stream-bus.hw", objective="time")
        with self.assertRaises(dcc.ArgumentError):
            dcc.schedule("stream-lab3.m", "stream-bus.hw", gap=-1)

    def test_what_a_watch_raises_ends_the_search(self):
        class Enough(Exception):
            pass

        def watch(_):
            raise Enough
        big = dcc.load("kc-p.m", model="vgg16.m", hw="paper256.hw", layer="CONV2")[0]
        for threads in (1, 2):
            with self.assertRaises(Enough):
                big.map("runtime", sizes="all", watch=watch, threads=threads, seconds=30)

    def test_findings(self):
        one = job()
        one.set("l1.capacity", "1 B")
        self.assertTrue(any("[capacity]" in line for line in one.evaluate().findings()))

    def test_counts_only(self):
        result = job().evaluate(counts_only=True)
        self.assertIsNone(result["cycles"])
        self.assertGreater(result["l2_accesses"], 0)


class Messages(unittest.TestCase):
    def test_places(self):
        with self.assertRaises(dcc.InputError) as caught:
            dcc.parse('Dataflow "d" { TemporalMap(1,1) Q; }\n' + TEXT)
        places = [(m.file, m.line) for m in caught.exception.messages if m.severity == "error"]
        self.assertTrue(places)
        self.assertTrue(all(file == "<text>" for file, _ in places))
        self.assertIn("<text>:", str(caught.exception))

    def test_without_places(self):
        with self.assertRaises(dcc.InputError) as caught:
            dcc.load("nowhere.m")
        message = caught.exception.messages[0]
        self.assertEqual((message.file, message.line, message.check), (None, 0, None))
        self.assertIn("nowhere.m", message.text)
        with self.assertRaises(dcc.InputError) as caught:
            dcc.build("Gemm")
        self.assertEqual(str(caught.exception),
                         "error: no operator 'Gemm'; did you mean 'GEMM'? [unknown-type]")

    def test_what_is_built_is_named_by_its_type(self):
        one = dcc.build("GEMM", M=64)
        self.assertEqual(one.name, "GEMM")
        one.set("l1.capacity", 1)
        with self.assertRaisesRegex(dcc.InputError, "layer GEMM needs "):
            one.map("runtime")

    def test_warnings_of_a_plan(self):
        unused = TEXT + 'Constant Nobody 3;\n'
        warnings = dcc.parse(unused).messages
        self.assertEqual([m.severity for m in warnings if m.severity == "error"], [])
        self.assertEqual(dcc.parse(TEXT).messages, [])
        with self.assertRaises(dcc.InputError):
            dcc.parse(TEXT, warn="no-such-warning")

    def test_an_error_can_be_pickled(self):
        for error in (dcc.InputError([dcc.Message("error", "x")]), dcc.ArgumentError("what"),
                      dcc.StatusError(-5, "L"), dcc.ClosedError("gone")):
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(again), str(again)), (type(error), str(error)))


class Misuse(unittest.TestCase):
    """Nothing of this may reach C."""

    def test_what_is_closed(self):
        plan, one, context = dcc.parse(TEXT), job(), dcc.Context()
        result = one.evaluate()
        for handle in (plan, one, context, result):
            handle.close()
            handle.close()
            self.assertTrue(handle.closed)
            repr(handle)
        for call in (lambda: plan[0], lambda: len(plan), lambda: one.name, lambda: one.evaluate(),
                     lambda: one.set("pes", 3), lambda: one.copy(), lambda: result["cycles"],
                     lambda: list(result), lambda: one.times([1]), lambda: one.map(),
                     lambda: one.batch({dcc.pes: [1]}), lambda: one.sweep({"pes": [1]}),
                     lambda: one.why(), lambda: result.findings(), lambda: one.__enter__(),
                     lambda: dcc.parse(TEXT, context=context),
                     lambda: job().evaluate(context=context)):
            self.assertRaises(dcc.ClosedError, call)

    def test_owners_are_kept_alive(self):
        result = dcc.parse(TEXT)[0].evaluate()
        gc.collect()
        self.assertGreater(result["cycles"], 0)
        self.assertIn("cycles", result.to_dict())
        found = job().map("runtime", sizes="divisors").job
        gc.collect()
        self.assertGreater(found.evaluate()["cycles"], 0)

    def test_a_result_does_not_follow_its_job(self):
        one = job()
        result = one.evaluate()
        before = result.to_dict()
        one.set_extent("K", 64)
        one.clear_nest()
        one.close()
        self.assertEqual(result.to_dict(), before)

    def test_numbers_out_of_range(self):
        one = job()
        for call in (lambda: one.set_extent("K", 0), lambda: one.set_extent("K", 2**31),
                     lambda: one.set_extent("K", 2**64 + 1), lambda: one.set_extent(-1, 3),
                     lambda: one.set_extent(99, 3), lambda: one.set_extent("Q", 3),
                     lambda: one.set_size(-1, "K", 1), lambda: one.set_size(7, "K", 1),
                     lambda: one.set_size(2**32, "K", 1), lambda: one.children(-1),
                     lambda: one.add_map("sideways", "K", 1), lambda: one.add_map("spatial", "K", 0),
                     lambda: one.set_order(0, "K", -1), lambda: one.set_order(0, "K", 99),
                     lambda: one.set_density("W", 2), lambda: one.set_density("W", float("nan")),
                     lambda: one.hold(0, "W", "nowhere"), lambda: one.holder(-2, "W"),
                     lambda: one.times([-1]), lambda: one.times([1], [2, 3]), lambda: one.times(),
                     lambda: one.times([1], level=99), lambda: one.times([2**31]),
                     lambda: one.times([2**40]), lambda: one.times([1], level=2**32),
                     lambda: one.batch({}), lambda: one.batch({dcc.pes: [1], dcc.lanes: [1, 2]}),
                     lambda: one.batch({dcc.size(0, "Q"): [1]}), lambda: one.batch({dcc.pes: [1]}, "no"),
                     lambda: one.batch({dcc.pes: [1]}, "bound_by"),
                     lambda: one.batch({dcc.pes: [1]}, ["cycles", "cycles"]),
                     lambda: one.batch({dcc.pes: [2**64]}), lambda: one.batch({dcc.pes: [1]}, threads=0),
                     lambda: one.map("speed"), lambda: one.map(sizes="some"),
                     lambda: one.map(threads=0), lambda: one.map(top=0), lambda: one.map(spatial=9),
                     lambda: one.map(seconds=-1), lambda: one.why(-1), lambda: dcc.build("NOSUCH"),
                     lambda: dcc.build("CONV } }"), lambda: dcc.build("GEMM", M=0),
                     lambda: one.set("no.key", 1), lambda: one.set("pes", "x\0y"),
                     lambda: dcc.load("a\0b"), lambda: dcc.load("--model"), lambda: dcc.parse(""),
                     lambda: dcc.load()):
            with self.assertRaises((ValueError, dcc.Error, OverflowError, IndexError)):
                call()
        self.assertEqual(one.levels, job().levels)
        for i in (1, -2, 2**70):
            with self.assertRaises((IndexError, OverflowError)):
                dcc.parse(TEXT)[i]

    def test_limits_that_are_said(self):
        """The last number that is within them is taken, and the one behind it is not."""
        one = dcc.build("GEMM", M=2)
        files = "stream-lab3.m", "stream-bus.hw"

        def search(**limit):
            return one.map("runtime", **limit)

        def schedule(**limit):
            return dcc.schedule(*files, **limit)

        for name, call in (("spatial", search), ("threads", search), ("top", search),
                           ("places", search), ("threads", schedule),
                           ("threads", lambda **n: one.batch({dcc.pes: [1]}, **n)),
                           ("size", lambda size: one.copy().add_cluster(size)),
                           ("extent", lambda extent: one.copy().set_extent("M", extent)),
                           ("stride", lambda stride: dcc.build("CONV").set_window("Y'", stride))):
            for wrong in (0, 2**63):
                with self.assertRaises(dcc.ArgumentError) as caught:
                    call(**{name: wrong})
                self.assertRegex(str(caught.exception), rf"^.*{name}.* is 1 \.\. \d+, not {wrong}$")
            most = int(str(caught.exception).split(" .. ")[1].split(",")[0])
            call(**{name: most})
            self.assertRaises(dcc.ArgumentError, call, **{name: most + 1})
        for call, said in ((lambda: one.map(seconds=-1), "seconds is from 0 to below 1000000000,"),
                           (lambda: one.map(seconds=1e9), "to below 1000000000, not 1000000000.0"),
                           (lambda: one.map(gap=-1), "gap is not below 0, not -1.0"),
                           (lambda: dcc.schedule(*files, seconds=1e9), "seconds is from 0 to below"),
                           (lambda: dcc.schedule(*files, gap=-1), "gap is not below 0"),
                           (lambda: one.set_density("A", 0), "above 0 and at most 1, not 0.0"),
                           (lambda: one.set_density("A", 1.0000001), "at most 1, not 1.0000001")):
            with self.assertRaises(dcc.ArgumentError) as caught:
                call()
            self.assertIn(said, str(caught.exception))

    def test_text_that_is_none(self):
        one, no = job(), "\ud800"
        result = one.evaluate()
        for call in (lambda: dcc.parse(no), lambda: dcc.parse(TEXT + no), lambda: dcc.load(no),
                     lambda: dcc.load("x", model=no), lambda: dcc.load("x", hw=no),
                     lambda: dcc.load(layer=[no]), lambda: dcc.load(set={no: 1}),
                     lambda: dcc.load(set={"pes": no}), lambda: dcc.load(define=no),
                     lambda: dcc.load(tech=no), lambda: dcc.load(warn=no), lambda: dcc.build(no),
                     lambda: dcc.build("GEMM", {no: 3}), lambda: one.set(no, 1),
                     lambda: one.set("pes", no), lambda: one.set("noc.bandwidth", {no: 1}),
                     lambda: one.set_extent(no, 2), lambda: one.set_window(no),
                     lambda: one.set_density(no, 1), lambda: one.add_map(no, "K", 1),
                     lambda: one.add_map("spatial", no, 1), lambda: one.add_cut(no),
                     lambda: one.add_memory(no), lambda: one.add_fanout(no, 2),
                     lambda: one.hold(0, no, None), lambda: one.hold(0, "W", no),
                     lambda: one.holder(0, no), lambda: one.set_size(0, no, 1),
                     lambda: one.set_kind(0, "K", no), lambda: one.dataflow(no),
                     lambda: one.batch({dcc.size(0, no): [1]}),
                     lambda: one.batch({dcc.pes: [1]}, no),
                     lambda: one.batch({dcc.bandwidth(0, no): [1]}), lambda: one.sweep({no: [1]}),
                     lambda: one.sweep({"pes": [no]}), lambda: one.sweep({"pes": [1]}, no),
                     lambda: one.map(no), lambda: one.map(sizes=no), lambda: result.unit(no),
                     lambda: dcc.parse(TEXT).evaluate(no), lambda: dcc.parse(TEXT).evaluate("no"),
                     lambda: dcc.schedule(no),
                     lambda: dcc.schedule("x", no), lambda: dcc.schedule("x", replay=no),
                     lambda: dcc.schedule("x", objective=no),
                     lambda: dcc.schedule("x", priority=no)):
            with self.assertRaises(dcc.Error) as caught:
                call()
            str(caught.exception).encode()  # it can be printed
        self.assertRaises(KeyError, lambda: result[no])

    def test_wrong_types(self):
        one = job()
        for call in (lambda: one.set_extent("K", 1.5), lambda: one.set_extent(None, 1),
                     lambda: one.set_extent("K", "3"), lambda: one.set(3, 4),
                     lambda: one.set("pes", object()), lambda: one.set_density("W", "1"),
                     lambda: one.times("123"), lambda: one.times([1.5]), lambda: one.times(3),
                     lambda: one.batch([1]), lambda: one.batch({"pes": [1]}),
                     lambda: one.batch({dcc.pes: 3}), lambda: one.batch({dcc.pes: ["a"]}),
                     lambda: one.batch({dcc.pes: [1]}, 5), lambda: one.sweep({"pes": "12"}),
                     lambda: one.map(watch=3), lambda: one.map(seconds="x"), lambda: dcc.load(3),
                     lambda: dcc.parse(None), lambda: dcc.build(None), lambda: dcc.size("x", "K"),
                     lambda: one.evaluate(context=one), lambda: dcc.parse(TEXT, context=3),
                     lambda: dcc.Job.evaluate(dcc.parse(TEXT)), lambda: dcc.Plan.__len__(one),
                     lambda: dcc.Job.set_extent(dcc.Context(), "K", 1),
                     lambda: dcc.Result.to_dict(one), lambda: dcc.Job(None).name,
                     lambda: dcc.parse(TEXT)["0"]):
            with self.assertRaises((TypeError, AttributeError, dcc.ArgumentError)):
                call()
        for kind in (dcc.Job, dcc.Plan, dcc.Result, dcc.Context):
            with self.assertRaises((dcc.ClosedError, AttributeError)):
                with kind.__new__(kind):
                    pass

    def test_copies(self):
        one = job()
        other, deep = copy.copy(one), copy.deepcopy(one)
        one.close()
        self.assertEqual(other.dims, deep.dims)
        for handle in (other.evaluate(), dcc.Context(), dcc.parse(TEXT)):
            self.assertRaises(TypeError, copy.copy, handle)
            self.assertRaises(TypeError, copy.deepcopy, handle)
        self.assertRaises(TypeError, pickle.dumps, other)

    def test_memory_comes_back(self):
        def resident():
            pages = Path("/proc/self/statm").read_text().split()[1]
            return int(pages) * os.sysconf("SC_PAGE_SIZE")

        def use():
            with dcc.parse(TEXT) as plan, plan[0] as one, one.evaluate():
                one.set("pes", 8)
            job().evaluate()
        for _ in range(100):
            use()
        gc.collect()
        before = resident()
        for _ in range(1500):
            use()
        gc.collect()
        self.assertLess(resident() - before, 8 << 20)


class Threads(unittest.TestCase):
    def run_all(self, works):
        raised = []

        def guarded(work):
            try:
                work()
            except BaseException as error:  # of a thread, to be seen
                raised.append(error)
        threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(raised, [])

    def test_each_thread_has_a_context(self):
        one = job()
        wanted = one.evaluate()["cycles"]

        def work():
            for _ in range(200):
                assert one.evaluate()["cycles"] == wanted
        self.run_all([work] * 4)

    def test_one_context_for_all(self):
        one, context = job(), dcc.Context()
        wanted = one.evaluate()["cycles"]

        def work():
            for i in range(100):
                assert one.evaluate(context=context)["cycles"] == wanted
                assert int(one.times([1], context=context)[0]) == wanted
                try:
                    one.set("no.key", i, context)
                except dcc.InputError as error:
                    assert f"no.key={i}" in str(error)
        self.run_all([work] * 4)

    def test_changes_meanwhile(self):
        one = job()

        def change():
            for i in range(300):
                one.set_extent("K", i % 8 + 1)
                one.clear_nest()
                one.add_map("temporal", "K", 1)

        def look():
            for _ in range(300):
                one.levels
                one.evaluate().to_dict()
        self.run_all([change, look, look])

    def test_closed_meanwhile(self):
        for _ in range(30):
            one = job()

            def look():
                try:
                    while True:
                        one.evaluate()["cycles"]
                except dcc.ClosedError:
                    pass
            self.run_all([look, look, one.close])


class WithoutNumpy(unittest.TestCase):
    @unittest.skipIf(sys.modules.get("numpy", True) is None, "this is that run")
    def test_all_of_it(self):
        code = ("import sys; sys.modules['numpy'] = None; sys.argv = ['test_dcc']\n"
                "import unittest; unittest.main('test_dcc', verbosity=0)")
        done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent,
                              stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
