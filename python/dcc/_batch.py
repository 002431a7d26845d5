"""Batches: many evaluations in one call.  What goes in and comes out are arrays."""
from __future__ import annotations

import ctypes
from array import array
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence, Union

from ._errors import ArgumentError, Status, check
from ._handle import INT32_MAX, INT64_MAX, Box, Context, context_of, integer
from ._library import CColumn, lib
from ._table import Table, numpy

if TYPE_CHECKING:
    from ._job import Job

TEXT, COUNT, REAL = range(3)  # dcc_type


@dataclass(frozen=True)
class Knob:
    """A number of a job that a batch gives other values; made by the functions below."""
    kind: int
    level: int = 0
    of: Union[str, int, None] = None  # a dim or a tensor by its name, or a number
    name: str = ""

    def __str__(self) -> str:
        return self.name


def extent(dim: str) -> Knob:
    """The extent of a dim.

    >>> str(extent("K"))
    'extent(K)'
    """
    return Knob(0, 0, dim, f"extent({dim})")


def size(level: int, dim: str) -> Knob:
    """The size of a dim's map in a level."""
    return Knob(1, integer(level, "the level"), dim, f"size({level},{dim})")


def cluster(level: int) -> Knob:
    """The units of the clusters that are a level, 1 or more."""
    return Knob(2, integer(level, "the level"), None, f"cluster({level})")


def units(level: int) -> Knob:
    """On a hierarchy, the units of its fan-out that the children of a level are."""
    return Knob(3, integer(level, "the level"), None, f"units({level})")


pes = Knob(4, 0, 0, "pes")
lanes = Knob(4, 0, 1, "lanes")
l1_bytes = Knob(4, 0, 2, "l1_bytes")
l2_bytes = Knob(4, 0, 3, "l2_bytes")
setup_cycles = Knob(4, 0, 4, "setup_cycles")
offchip = Knob(5, 0, None, "offchip")


def buffer_bytes(level: int) -> Knob:
    """The buffer of the clusters that are a level."""
    return Knob(6, integer(level, "the level"), None, f"buffer_bytes({level})")


def bandwidth(level: int = -1, tensor: Optional[str] = None) -> Knob:
    """Elements per cycle of the interconnect to the children of a level (-1: of all), for all
    tensors together or for one; 0 is unlimited."""
    of = f",{tensor}" if tensor is not None else ""
    return Knob(7, integer(level, "the level"), tensor, f"bandwidth({level}{of})")


def latency(level: int = -1) -> Knob:
    """Cycles of the interconnect to the children of a level (-1: of all), hops included."""
    return Knob(8, integer(level, "the level"), 0, f"latency({level})")


_DIMS, _TENSORS = (0, 1), (7,)


def _column(job: int, knob: Any) -> CColumn:
    """For C; `job` is held."""
    from ._job import dim_number, tensor_number
    if not isinstance(knob, Knob):
        raise TypeError(f"a knob is wanted, such as dcc.size(0, 'K'), not {type(knob).__name__}")
    index: int
    if knob.kind in _DIMS:
        index = dim_number(job, knob.of)
    elif knob.kind in _TENSORS:
        index = -1 if knob.of is None else tensor_number(job, knob.of)
    else:
        index = knob.of if isinstance(knob.of, int) else 0
    return CColumn(knob.kind, knob.level, index)


# ---- arrays ----


def whole_numbers(values: Any, what: str) -> Any:
    """A contiguous array of 64-bit integers, of numpy where numpy is."""
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{what}: whole numbers are wanted, not text")
    if numpy is not None:
        given = numpy.asarray(values)
        if given.size == 0:
            given = given.astype(numpy.int64)
        if given.dtype.kind == "O" and given.ndim == 1:  # whole numbers that are too large, say
            given = numpy.array([integer(value, what, -INT64_MAX - 1, INT64_MAX)
                                 for value in given])
        if given.dtype.kind not in "biu":
            raise TypeError(f"{what}: whole numbers are wanted, not {given.dtype}")
        if given.dtype == numpy.uint64 and int(given.max()) > INT64_MAX:
            raise ArgumentError(f"{what}: a number does not fit 63 bits")
        if given.ndim != 1:
            raise ArgumentError(f"{what}: one dimension is wanted, not {given.ndim}")
        return numpy.array(given, dtype=numpy.int64, order="C")  # the caller's may change
    given = list(values)
    try:
        return array("q", given)
    except (TypeError, OverflowError):  # integer says what is wrong
        return array("q", [integer(value, what, -INT64_MAX - 1, INT64_MAX) for value in given])


def empty_reals(n: int) -> Any:
    return numpy.full(n, numpy.nan) if numpy is not None else array("d", bytes(8 * n))


def empty_wholes(n: int, code: str = "q") -> Any:
    width = {"q": 8, "i": 4}[code]
    return numpy.zeros(n, dtype=f"i{width}") if numpy is not None else array(code, bytes(width * n))


def address(values: Any) -> Optional[int]:
    """Where an array begins, good as long as it lives."""
    if not len(values):
        return None
    return values.ctypes.data if numpy is not None else values.buffer_info()[0]


def _matrix(columns: Sequence[Any], n: int) -> Any:
    """Rows of all columns, one behind the other."""
    if numpy is not None:
        table = numpy.empty((n, len(columns)), dtype=numpy.int64)
        for c, column in enumerate(columns):
            table[:, c] = column
        return table.reshape(-1)
    flat = array("q", bytes(8 * n * len(columns)))
    for c, column in enumerate(columns):
        flat[c::len(columns)] = column
    return flat


# ---- the batch ----


def metric_numbers(job: int, names: Sequence[str]) -> Any:
    """Metrics for C, none of which is text; `job` is held."""
    from ._job import metric_number
    numbers = (ctypes.c_int32 * len(names))()
    for m, name in enumerate(names):
        numbers[m] = metric_number(job, name)
        if lib.dcc_metric_type(numbers[m]) == TEXT:
            raise ArgumentError(f"{name} is text, and no number for a table")
    return numbers


def counted(names: Sequence[str], numbers: Any) -> list[str]:
    """Those whose values are whole."""
    return [name for name, number in zip(names, numbers) if lib.dcc_metric_type(number) == COUNT]


def names_of(metrics: Union[str, Sequence[str]]) -> list[str]:
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    if len(set(names)) != len(names):
        raise ArgumentError("a metric is named twice")
    return names


class _Run:
    """Arrays of one batch."""

    def __init__(self, job: Box, knobs: Any, numbers: Any, values: Any, n: int):
        self.job, self.knobs, self.numbers, self.values, self.n = job, knobs, numbers, values, n
        self.found = empty_reals(n * len(numbers))
        self.status = empty_wholes(n, "i")

    def part(self, first: int, count: int, context: Box) -> None:
        """Some of the rows; the rest is for other threads.  The job is nobody else's, and is
        only read."""
        def at(values: Any, width: int) -> Optional[int]:
            begin = address(values)
            return None if begin is None else begin + first * width
        with context as pointer:
            check(lib.dcc_batch(pointer, self.job.pointer, len(self.knobs), self.knobs,
                                len(self.numbers), self.numbers, count,
                                at(self.values, 8 * len(self.knobs)),
                                at(self.found, 8 * len(self.numbers)), at(self.status, 4)))

    def all(self, threads: int, context: Box) -> None:
        if threads == 1 or self.n < 2 * threads:
            self.part(0, self.n, context)
            return
        bounds = [self.n * t // threads for t in range(threads + 1)]
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(lambda t: self.part(bounds[t], bounds[t + 1] - bounds[t],
                                                  Context()._context), range(threads)):
                pass


def run(job: "Job", values: Mapping[Knob, Any], metrics: Union[str, Sequence[str]], threads: int,
        context: Optional[Context]) -> Table:
    """Job.batch."""
    threads = integer(threads, "the number of threads", 1, 256)
    names = names_of(metrics)
    if not isinstance(values, Mapping):
        raise TypeError("values are wanted as a dict of knobs, such as {dcc.pes: [16, 32]}")
    with job._job as held:
        knobs = (CColumn * len(values))(*[_column(held, knob) for knob in values])
        numbers = metric_numbers(held, names)
        copy = Box(lib.dcc_job_copy(held), lib.dcc_job_free, "job")
    arrays = {str(knob): whole_numbers(column, str(knob)) for knob, column in values.items()}
    lengths = {len(column) for column in arrays.values()}
    if len(lengths) != 1:
        raise ArgumentError("as many values are wanted of each knob" if lengths else
                            "a knob is wanted")
    n = integer(lengths.pop(), "the number of rows", 0, INT32_MAX)
    batch = _Run(copy, knobs, numbers, _matrix(list(arrays.values()), n), n)
    batch.all(threads, context_of(context))
    columns: dict[str, Any] = dict(arrays)
    for m, name in enumerate(names):
        columns[name] = batch.found[m::len(names)]
    columns["status"] = batch.status
    return Table(columns, counted(names, numbers))


def times(job: "Job", bandwidths: Any, latencies: Any, level: int,
          context: Optional[Context]) -> Any:
    """Job.times."""
    level = integer(level, "the level")
    given = [None if values is None else whole_numbers(values, what)
             for values, what in ((bandwidths, "bandwidth"), (latencies, "latency"))]
    lengths = {len(values) for values in given if values is not None}
    if len(lengths) != 1:
        raise ArgumentError("as many bandwidths as latencies are wanted" if lengths else
                            "bandwidths or latencies are wanted")
    n = integer(lengths.pop(), "the number of machines", 0, INT32_MAX)
    cycles, name = empty_wholes(n), job.name
    with job._job as held:
        copy = Box(lib.dcc_job_copy(held), lib.dcc_job_free, "job")
    with context_of(context) as pointer, copy as own:
        check(lib.dcc_prepare(pointer, own), name)
        starts = [None if values is None else address(values) for values in given]
        check(lib.dcc_times(pointer, own, level, n, *starts, address(cycles)),
              "bandwidth, latency or level")
    return cycles


__all__ = ["Knob", "Status", "bandwidth", "buffer_bytes", "cluster", "extent", "l1_bytes",
           "l2_bytes", "lanes", "latency", "offchip", "pes", "setup_cycles", "size", "units"]
