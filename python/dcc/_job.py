"""Plans, jobs and results: what files come to, a layer on a machine, what an evaluation finds."""
from __future__ import annotations

import ctypes
from collections.abc import Mapping as AbstractMapping
from typing import (Any, Callable, Iterator, Mapping, NamedTuple, Optional, Sequence, Union,
                    overload)

from . import _batch
from ._batch import COUNT, TEXT, Knob
from ._errors import (ArgumentError, ClosedError, InputError, Message, Status, check, messages_of,
                      text_of)
from ._handle import INT32_MAX, INT64_MAX, Box, Context, Handle, context_of, encode, integer, real
from ._library import CMap, lib
from ._table import Table

Words = Union[None, str, Sequence[str], Mapping[str, Any]]

_KINDS = ("temporal", "spatial")  # dcc_kind


class Map(NamedTuple):
    """A map of a level: each child gets `size` indices of the dim at a time."""
    kind: str
    dim: str
    size: int


# ---- names and numbers; the job is held ----


def _number(job: int, name: Any, what: str, count: Callable[[int], int],
            name_of: Callable[[int, int], Optional[bytes]]) -> int:
    """Of a name, or of a number that is tried."""
    n = count(job)
    if not isinstance(name, str):
        return integer(name, f"the {what}", 0, n - 1)
    names = [text_of(name_of(job, i)) or "" for i in range(n)]
    if name not in names:
        raise ArgumentError(f"there is no {what} {name!r}; there are {', '.join(names) or 'none'}")
    return names.index(name)


def dim_number(job: int, name: Any) -> int:
    """C looks it up; where it finds none, _number says what there is."""
    if isinstance(name, str):
        number = lib.dcc_dim(job, encode(name, "the name of a dim"))
        if number >= 0:
            return number
    return _number(job, name, "dim", lib.dcc_dims, lib.dcc_dim_name)


def tensor_number(job: int, name: Any) -> int:
    return _number(job, name, "tensor", lib.dcc_tensors, lib.dcc_tensor_name)


def memory_number(job: int, name: Any) -> int:
    return _number(job, name, "memory", lib.dcc_memories, lib.dcc_memory_name)


def fanout_number(job: int, name: Any) -> int:
    return _number(job, name, "fan-out", lib.dcc_fanouts, lib.dcc_fanout_name)


def kind_number(kind: Any) -> int:
    if kind not in _KINDS:
        raise ArgumentError(f"a map is 'temporal' or 'spatial', not {kind!r}")
    return _KINDS.index(kind)


def metric_number(job: int, name: Any) -> int:
    number = lib.dcc_metric_find(job, encode(name, "the name of a metric"))
    if number < 0:
        raise ArgumentError(f"there is no metric {name!r}")
    return number


def value_text(value: Any) -> str:
    """As it stands in a file.

    >>> value_text(True), value_text(16), value_text(["Input", "Weight"])
    ('yes', '16', 'Input, Weight')
    >>> value_text({"Input": "8 B", "Weight": "24 B"})
    '{ Input: 8 B, Weight: 24 B }'
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, AbstractMapping):
        return "{ " + ", ".join(f"{name}: {value_text(v)}" for name, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(value_text, value))
    if isinstance(value, (int, float)) or hasattr(value, "__index__") or hasattr(value, "item"):
        return repr(value.item() if hasattr(value, "item") else value)
    raise TypeError(f"a value is text, a number, a dict or a list, not {type(value).__name__}")


# ---- results ----


class Result(Handle, AbstractMapping):
    """What an evaluation finds: metrics by their names, the paths of dcc --json within a layer.

    A count is an int, any other number a float, and None what is not known.  `status` is
    Status.OK, or Status.NO_SPATIAL where the children of a level all compute the same MACs.

    >>> import dcc
    >>> result = dcc.build("GEMM", M=4, N=4, K=4).evaluate()
    >>> result["macs"], result["cycles"]
    (64, 66)
    >>> result["energy_pj.total"] is None
    True
    """

    def __init__(self, box: Box, job: Box, status: int):
        self._box = self._result = box
        self._of = job  # names and sums are read from it
        self.status = Status(status)

    def _metric(self, name: str) -> Any:
        with self._result as result, self._of as job:
            return _value(result, metric_number(job, name))

    def __getitem__(self, name: str) -> Any:
        try:
            return self._metric(name)
        except ArgumentError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.to_dict()))

    def __len__(self) -> int:
        return len(self.to_dict())

    # Two results are two results, as any two handles.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def to_dict(self) -> dict[str, Any]:
        """All metrics that the result has, in the order of the reports."""
        found: dict[str, Any] = {}
        with self._result as result, self._of:
            metric = lib.dcc_metric_next(result, -1)
            while metric >= 0:
                found[_metric_name(result, metric)] = _value(result, metric)
                metric = lib.dcc_metric_next(result, metric)
        return found

    def unit(self, name: str) -> str:
        """Of a metric, "" for none.

        >>> import dcc
        >>> dcc.build("GEMM").evaluate().unit("l1.required_bytes")
        'bytes'
        """
        with self._of as job:
            return text_of(lib.dcc_metric_unit(metric_number(job, name))) or ""

    def findings(self, context: Optional[Context] = None) -> list[str]:
        """What does not fit, a line of dcc for each: buffers, budgets, counts beyond 63 bits."""
        with context_of(context) as pointer, self._result as result, self._of as job:
            return (text_of(lib.dcc_findings(pointer, job, result)) or "").splitlines()

    def __repr__(self) -> str:
        return "<Result, closed>" if self.closed else f"<Result of {len(self)} metrics>"


def _metric_name(result: int, metric: int) -> str:
    name = ctypes.create_string_buffer(128)
    length = lib.dcc_metric_name(result, metric, name, len(name))
    if length >= len(name):
        name = ctypes.create_string_buffer(length + 1)
        lib.dcc_metric_name(result, metric, name, len(name))
    return text_of(name.value) or ""


def _value(result: int, metric: int) -> Any:
    kind = lib.dcc_metric_type(metric)
    if kind == TEXT:
        return text_of(lib.dcc_text(result, metric))
    if kind == COUNT:
        count = lib.dcc_count(result, metric)
        return count if count >= 0 else None
    value = lib.dcc_real(result, metric)
    return value if value == value else None


# ---- jobs ----


class Job(Handle):
    """A layer with its dataflow and the machine that it runs on, all of it the caller's to change.

    Dims, tensors, memories and fan-outs go by their names; levels by numbers from 0, the
    outermost.  A job can be used by several threads: a call takes it as it is at that time.

    >>> import dcc
    >>> job = dcc.build("GEMM", M=64, N=64, K=64)
    >>> job.set("pes", 16)
    >>> job.add_map("spatial", "N", 4)
    >>> job.evaluate()["cycles"]
    16386
    """

    def __init__(self, box: Box):
        self._box = self._job = box

    def __copy__(self) -> "Job":
        return self.copy()

    def __deepcopy__(self, _: object) -> "Job":
        return self.copy()

    def copy(self) -> "Job":
        """A job of its own that is the same."""
        return Job(self._copy())

    def _copy(self) -> Box:
        with self._job as job:
            return Box(lib.dcc_job_copy(job), lib.dcc_job_free, "job")

    def __repr__(self) -> str:
        return "<Job, closed>" if self.closed else f"<Job {self.name}: {self.type}>"

    # ---- what it is ----

    @property
    def name(self) -> str:
        """Of the layer."""
        with self._job as job:
            return text_of(lib.dcc_job_name(job)) or ""

    @property
    def type(self) -> str:
        """Of the operator, "CONV"."""
        with self._job as job:
            return text_of(lib.dcc_job_type(job)) or ""

    @property
    def dims(self) -> dict[str, int]:
        """Extents by the names of the iteration dims."""
        with self._job as job:
            return {text_of(lib.dcc_dim_name(job, d)) or "": lib.dcc_extent(job, d)
                    for d in range(lib.dcc_dims(job))}

    @property
    def tensors(self) -> list[str]:
        with self._job as job:
            return [text_of(lib.dcc_tensor_name(job, t)) or ""
                    for t in range(lib.dcc_tensors(job))]

    @property
    def memories(self) -> list[str]:
        """Of a hierarchy, outermost first; [] of a classic machine."""
        with self._job as job:
            return [text_of(lib.dcc_memory_name(job, m)) or ""
                    for m in range(lib.dcc_memories(job))]

    @property
    def fanouts(self) -> dict[str, int]:
        """Of a hierarchy: units in one outside it, by name."""
        with self._job as job:
            return {text_of(lib.dcc_fanout_name(job, f)) or "": lib.dcc_fanout_size(job, f)
                    for f in range(lib.dcc_fanouts(job))}

    @property
    def pes(self) -> int:
        with self._job as job:
            return lib.dcc_get_machine(job, 0)

    @property
    def is_open(self) -> bool:
        """Whether the dataflow has holes, which map() fills."""
        with self._job as job:
            return bool(lib.dcc_is_open(job))

    @property
    def levels(self) -> list[list[Map]]:
        """The maps of each level, the outermost loop first."""
        raw = CMap()
        with self._job as job:
            found: list[list[Map]] = []
            for level in range(lib.dcc_levels(job)):
                found.append([])
                for i in range(lib.dcc_maps(job, level)):
                    check(lib.dcc_get_map(job, level, i, raw))
                    found[-1].append(Map(_KINDS[raw.kind],
                                         text_of(lib.dcc_dim_name(job, raw.dim)) or "", raw.size))
            return found

    def children(self, level: int) -> int:
        """Units under one parent."""
        with self._job as job:
            return lib.dcc_children(job, self._level(job, level))

    def holder(self, level: int, tensor: str) -> Optional[str]:
        """The memory in which the children of a level hold a tensor, of level -1 its root."""
        with self._job as job:
            number = integer(level, "the level", -1, lib.dcc_levels(job) - 1)
            memory = lib.dcc_holder(job, number, tensor_number(job, tensor))
            return text_of(lib.dcc_memory_name(job, memory)) if memory >= 0 else None

    def dataflow(self, name: str = "dataflow") -> str:
        """The dataflow as text that dcc reads."""
        title = encode(name, "the name")
        with self._job as job:
            length = lib.dcc_print(job, title, None, 0)
            text = ctypes.create_string_buffer(length + 1)
            lib.dcc_print(job, title, text, length + 1)
        return text_of(text.value) or ""

    def check(self) -> Status:
        """Whether the dataflow computes every MAC; StatusError where it does not."""
        with self._job as job:
            return Status(check(lib.dcc_check(job)))

    @staticmethod
    def _level(job: int, level: Any) -> int:
        return integer(level, "the level", 0, lib.dcc_levels(job) - 1)

    # ---- the machine ----

    def set(self, key: str, value: Any, context: Optional[Context] = None) -> None:
        """Sets a key of the machine, as dcc --set does: set("l1.capacity", "512 B"),
        set("noc.bandwidth", {"Input": 4, "Weight": 2}), set("pes", 64), set("noc.multicast", True).
        InputError where it is refused, and nothing has changed.

        >>> import dcc
        >>> dcc.build("GEMM").set("pess", 3)
        Traceback (most recent call last):
        ...
        dcc._errors.InputError: error: pess=3: no key 'pess'; did you mean 'pes'?
        """
        name, text = encode(key, "the key"), encode(value_text(value), "the value")
        with self._job as job, context_of(context) as pointer:
            if lib.dcc_set(pointer, job, name, text) < 0:
                raise InputError(messages_of(pointer))

    def add_memory(self, name: str) -> None:
        """Inside all that there are; the first makes a hierarchy of a classic machine."""
        with self._job as job:
            check(lib.dcc_add_memory(job, encode(name, "the name")), f"memory {name}")

    def add_fanout(self, name: str, size: int) -> None:
        """Inside all that there are."""
        units = integer(size, "the size", 1)
        with self._job as job:
            check(lib.dcc_add_fanout(job, encode(name, "the name"), units), f"fan-out {name}")

    # ---- the layer ----

    def set_extent(self, dim: str, extent: int) -> None:
        value = integer(extent, "the extent", 1)
        with self._job as job:
            check(lib.dcc_set_extent(job, dim_number(job, dim), value), f"extent of {dim}")

    def set_window(self, dim: str, stride: int = 1, dilation: int = 1) -> None:
        """Of the window that slides along an output dim: input row = stride Y' + dilation R."""
        steps = integer(stride, "the stride", 1), integer(dilation, "the dilation", 1)
        with self._job as job:
            check(lib.dcc_set_window(job, dim_number(job, dim), *steps), f"window of {dim}")

    def set_density(self, tensor: str, density: float) -> None:
        """Share of elements that are not zero, above 0, at most 1."""
        share = real(density, "the density")
        if not 0 < share <= 1:
            raise ArgumentError(f"the density is above 0 and at most 1, not {share}")
        with self._job as job:
            check(lib.dcc_set_density(job, tensor_number(job, tensor), share), "the density")

    # ---- the dataflow ----

    def clear_nest(self) -> None:
        """One level without maps."""
        with self._job as job:
            lib.dcc_clear_nest(job)

    def add_map(self, kind: str, dim: str, size: int) -> None:
        """Innermost in the last level; kind is "temporal" or "spatial"."""
        tile = integer(size, "the size", 1)
        with self._job as job:
            check(lib.dcc_add_map(job, kind_number(kind), dim_number(job, dim), tile),
                  f"map of {dim}")

    def add_cluster(self, size: int) -> None:
        """On a classic machine: ends the last level, and begins the next."""
        units = integer(size, "the size", 1)
        with self._job as job:
            check(lib.dcc_add_cluster(job, units), "cluster")

    def add_cut(self, fanout: Optional[str] = None, units: int = 0) -> None:
        """On a hierarchy: ends the last level, as Fanout(name, units) or Level does."""
        number = integer(units, "the units", 0)
        with self._job as job:
            cut = -1 if fanout is None else fanout_number(job, fanout)
            check(lib.dcc_add_cut(job, cut, number), "cut")

    def hold(self, level: int, tensor: str, memory: Optional[str]) -> None:
        """The children of a level hold their tiles of a tensor in a memory; None: they do not."""
        with self._job as job:
            place = -1 if memory is None else memory_number(job, memory)
            check(lib.dcc_hold(job, self._level(job, level), tensor_number(job, tensor), place),
                  f"{tensor} in {memory}")

    def set_size(self, level: int, dim: str, size: int) -> None:
        """Of the map that the dim has in the level."""
        tile = integer(size, "the size", 1)
        with self._job as job:
            check(lib.dcc_set_size(job, self._level(job, level), dim_number(job, dim), tile),
                  f"size of {dim} in level {level}")

    def set_kind(self, level: int, dim: str, kind: str) -> None:
        """Of the map that the dim has in the level: "temporal" or "spatial"."""
        with self._job as job:
            check(lib.dcc_set_kind(job, self._level(job, level), dim_number(job, dim),
                                   kind_number(kind)), f"kind of {dim} in level {level}")

    def set_order(self, level: int, dim: str, i: int) -> None:
        """Makes it map number i of the level."""
        place = integer(i, "the place", 0)
        with self._job as job:
            check(lib.dcc_set_order(job, self._level(job, level), dim_number(job, dim), place),
                  f"order of {dim} in level {level}")

    def set_cluster(self, level: int, size: int) -> None:
        """On a classic machine: units of the clusters that are a level, 1 or more."""
        units = integer(size, "the size", 1)
        with self._job as job:
            check(lib.dcc_set_cluster(job, self._level(job, level), units), f"cluster {level}")

    def set_units(self, level: int, units: int) -> None:
        """On a hierarchy: units of its fan-out that the children of a level are."""
        number = integer(units, "the units", 1)
        with self._job as job:
            check(lib.dcc_set_units(job, self._level(job, level), number), f"units of {level}")

    # ---- evaluation ----

    def evaluate(self, counts_only: bool = False, context: Optional[Context] = None) -> Result:
        """All metrics; with counts_only those that are no times, in a fraction of the time.
        StatusError where the dataflow cannot be evaluated."""
        job, result = self._copy(), Box(lib.dcc_result_new(), lib.dcc_result_free, "result")
        run, name = lib.dcc_evaluate_counts if counts_only else lib.dcc_evaluate, self.name
        with context_of(context) as pointer:
            status = check(run(pointer, job.pointer, result.pointer), name)
            lib.dcc_cost(job.pointer, result.pointer)
            lib.dcc_gain(job.pointer, result.pointer)
        return Result(result, job, status)

    def times(self, bandwidth: Optional[Sequence[int]] = None,
              latency: Optional[Sequence[int]] = None, level: int = -1,
              context: Optional[Context] = None) -> Any:
        """Cycles on machines that differ in bandwidth (elements per cycle, 0: unlimited) and
        latency (cycles) of a level's interconnect, -1 of all: an array, of numpy where numpy is.
        -1 stands for what does not fit.  Tens of millions of machines a second.

        >>> import dcc
        >>> job = dcc.build("GEMM", M=8, N=8, K=8)
        >>> list(map(int, job.times(bandwidth=[1, 2, 0])))
        [704, 608, 514]
        """
        return _batch.times(self, bandwidth, latency, level, context)

    def batch(self, values: Mapping[Knob, Sequence[int]],
              metrics: Union[str, Sequence[str]] = ("cycles",), threads: int = 1,
              context: Optional[Context] = None) -> Table:
        """Evaluates the job once for each row of values, and gives a table of the values, the
        metrics as reals, not-a-number where they are not known, and "status", of dcc.Status.
        Hundreds of thousands of rows a second for each thread.  The job itself stays as it is.

        >>> import dcc
        >>> job = dcc.build("GEMM", M=8, N=8, K=8)
        >>> job.add_map("spatial", "N", 1)
        >>> print(job.batch({dcc.pes: [1, 2, 8], dcc.extent("M"): [8, 8, 0]}))
        pes  extent(M)  cycles  status
          1          8     514       0
          2          8     258       0
          8          0       -      -1
        """
        return _batch.run(self, values, metrics, threads, context)

    def sweep(self, keys: Mapping[str, Sequence[Any]],
              metrics: Union[str, Sequence[str]] = ("cycles",),
              context: Optional[Context] = None) -> Table:
        """Evaluates the job for all combinations of values of keys of the machine, the last key
        the fastest.  Where a value is refused or the dataflow cannot be evaluated, "why" says so.

        >>> import dcc
        >>> job = dcc.build("GEMM", M=8, N=8, K=8)
        >>> job.add_map("spatial", "N", 1)
        >>> print(job.sweep({"pes": [2, 8], "noc0.bandwidth": [1, 2]}))
        pes  noc0.bandwidth  cycles  why
          2               1     352    -
          2               2     304    -
          8               1     256    -
          8               2     160    -
        """
        from ._sweep import run
        return run(self, keys, metrics, context)

    def why(self, seconds: float = 0, context: Optional[Context] = None) -> Any:
        """Where the time and the energy go, and what would help: a dcc.Why.  A search for a
        better dataflow takes so many seconds; 0: there is none."""
        from ._search import why
        return why(self, seconds, context)

    def map(self, objective: str = "edp", **options: Any) -> Any:
        """Looks for the dataflow of least "runtime", "energy" or "edp": a dcc.Mapping.  Options
        are those of dcc.map_job."""
        from ._search import map_job
        return map_job(self, objective, **options)


# ---- plans ----


class Plan(Handle, Sequence):
    """What files come to: a sequence of jobs, each made when it is asked for.

    `messages` are the warnings of the load.

    >>> import dcc
    >>> plan = dcc.parse('''
    ...     Accelerator "a" { PEs: 4, Precision: 8 bit }
    ...     Dataflow "d" { SpatialMap(1,1) N; }
    ...     Network "n" { Layer A { Type: GEMM, Dimensions { M: 8, N: 8, K: 8 } }
    ...                   Layer B { Type: GEMM, Dimensions { M: 8, N: 2, K: 8 } } }''')
    >>> print(plan.evaluate(["cycles", "macs"]))
    layer  cycles  macs
    A         130   512
    B          66   128
    """

    def __init__(self, box: Box, messages: list[Message]):
        self._box = self._plan = box
        self.messages = messages

    def __len__(self) -> int:
        with self._plan as plan:
            return lib.dcc_plan_jobs(plan)

    @overload
    def __getitem__(self, i: int) -> Job: ...

    @overload
    def __getitem__(self, i: slice) -> list[Job]: ...

    def __getitem__(self, i: Any) -> Any:
        with self._plan as plan:
            jobs = range(lib.dcc_plan_jobs(plan))[i]
            found = [Job(Box(lib.dcc_job_new(plan, job), lib.dcc_job_free, "job"))
                     for job in (jobs if isinstance(jobs, range) else [jobs])]
        return found if isinstance(jobs, range) else found[0]

    def job(self, name: str) -> Job:
        """The first layer of that name."""
        for job in self:
            if job.name == name:
                return job
        raise KeyError(name)

    def evaluate(self, metrics: Union[str, Sequence[str]] = ("cycles",),
                 context: Optional[Context] = None) -> Table:
        """Every layer, in a table; StatusError for the first that cannot be evaluated."""
        names = _batch.names_of(metrics)
        columns: dict[str, list[Any]] = {name: [] for name in ["layer", *names]}
        for job in self:
            with job, job.evaluate(context=context) as result:
                columns["layer"].append(job.name)
                for name in names:
                    columns[name].append(result._metric(name))
        return Table(columns)

    def __repr__(self) -> str:
        return "<Plan, closed>" if self.closed else f"<Plan of {len(self)} jobs>"


# ---- loading ----


def _words(option: str, values: Words) -> list[str]:
    """An option for each value."""
    if values is None:
        return []
    if isinstance(values, AbstractMapping):
        values = [f"{name}={value_text(value)}" for name, value in values.items()]
    elif isinstance(values, str):
        values = [values]
    return [word for value in values for word in (option, value)]


def _load(text: Optional[str], files: tuple[Any, ...], options: list[str],
          context: Optional[Context]) -> Plan:
    import os
    named = [os.fspath(file) for file in files]
    for file in named:
        if isinstance(file, str) and file.startswith("-") and file != "-":
            raise ArgumentError(f"{file}: write ./{file}; this looks like an option")
    raw = [encode(word, "a word") for word in [*named, *options]]
    words = (ctypes.c_char_p * (len(raw) + 1))(*raw, None)
    given = None if text is None else encode(text, "the text")
    with context_of(context) as pointer:
        plan = (lib.dcc_load(pointer, words) if given is None else
                lib.dcc_parse(pointer, given, words))
        messages = messages_of(pointer)
    if plan is None:
        raise InputError(messages)
    return Plan(Box(plan, lib.dcc_plan_free, "plan"), messages)


def _options(model: Optional[str], hw: Optional[str], layer: Words, set: Words, define: Words,
             tech: Optional[str], node: Optional[float], warn: Words) -> list[str]:
    import os
    words: list[str] = []
    for option, value in (("--model", model), ("--hw", hw)):
        words += _words(option, None if value is None else os.fspath(value))
    for option, values in (("--layer", layer), ("--set", set), ("--define", define),
                           ("--tech", tech), ("--warn", warn)):
        words += _words(option, values)
    return words + ([] if node is None else ["--node", repr(real(node, "the node"))])


def load(*files: Any, model: Optional[str] = None, hw: Optional[str] = None, layer: Words = None,
         set: Words = None, define: Words = None, tech: Optional[str] = None,
         node: Optional[float] = None, warn: Words = None,
         context: Optional[Context] = None) -> Plan:
    """Reads files, as dcc(1) does with the same names and options; files are looked for where it
    looks, in DCC_PATH too.  `layer` and `warn` are a name or several, `set` and `define` dicts, or
    texts KEY=VALUE.  InputError has the messages where anything is wrong.

    load("kc-p.m", model="vgg16.m", hw="paper256.hw", layer="CONV2", set={"pes": 128})
    """
    return _load(None, files, _options(model, hw, layer, set, define, tech, node, warn), context)


def parse(text: str, *files: Any, model: Optional[str] = None, hw: Optional[str] = None,
          layer: Words = None, set: Words = None, define: Words = None,
          tech: Optional[str] = None, node: Optional[float] = None, warn: Words = None,
          context: Optional[Context] = None) -> Plan:
    """The same with a text before the files; messages call it <text>."""
    if not isinstance(text, str):
        raise TypeError(f"the text is text, not {type(text).__name__}")
    return _load(text, files, _options(model, hw, layer, set, define, tech, node, warn), context)


def build(type: str, extents: Optional[Mapping[str, int]] = None, /, *,
          context: Optional[Context] = None, **more: int) -> Job:
    """A job of an operator type without files: extents as given, else 1, one level without maps,
    a machine of one PE at 1 GHz, one byte per element, with nothing limited.

    >>> build("CONV", {"Y'": 14, "X'": 14}, K=8, C=4, R=3, S=3).dims["Y'"]
    14
    """
    name = encode(type, "the type")
    with context_of(context) as pointer:
        made = lib.dcc_job_build(pointer, name)
        if made is None:
            raise InputError(messages_of(pointer))
    job = Job(Box(made, lib.dcc_job_free, "job"))
    for dim, extent in {**(extents or {}), **more}.items():
        job.set_extent(dim, extent)
    return job


__all__ = ["ClosedError", "INT32_MAX", "INT64_MAX", "Job", "Map", "Plan", "Result", "build",
           "load", "parse"]
