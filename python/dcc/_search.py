"""Why a job costs what it does, and the search for a better dataflow."""
from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

from ._errors import ArgumentError, InputError, Status, check, messages_of, text_of
from ._handle import Box, Context, Handle, context_of, integer, limits, real
from ._library import CEnergyPart, CRemedy, CTimePart, Watch, lib
from ._table import Table

if TYPE_CHECKING:
    from ._job import Job

# ---- why ----


@dataclass(frozen=True)
class Why:
    """Three tables: `times`, parts of the cycles that add up to all of them; `energies`, parts of
    the energy, in pJ, without rows where it is not known; `remedies`, changes that were evaluated,
    what saves most cycles first.

    >>> import dcc
    >>> job = dcc.build("GEMM", M=8, N=8, K=8)
    >>> job.set("noc0.bandwidth", 1)
    >>> why = job.why()
    >>> sum(part["cycles"] for part in why.times) == job.evaluate()["cycles"]
    True
    >>> why.remedies[0]["label"]
    'twice the bandwidth of NoC 0 (1 to 2 elements/cycle)'
    """
    times: Table
    energies: Table
    remedies: Table


def _known(value: float) -> Optional[float]:
    return value if value == value else None


def _table(rows: list[dict[str, Any]], names: list[str]) -> Table:
    return Table({name: [row[name] for row in rows] for name in names})


def _parts(why: int, count: Any, get: Any, raw: Any, row: Callable[[Any], dict[str, Any]],
           names: list[str]) -> Table:
    rows = []
    for i in range(count(why)):
        check(get(why, i, raw))
        rows.append(row(raw))
    return _table(rows, names)


def _tables(job: int, why: int) -> Why:
    def tensor(number: int) -> Optional[str]:
        return text_of(lib.dcc_tensor_name(job, number)) if number >= 0 else None

    def time(part: Any) -> dict[str, Any]:
        return {"cause": text_of(part.cause), "label": text_of(part.label),
                "level": part.level if part.level >= 0 else None, "tensor": tensor(part.tensor),
                "cycles": part.cycles}

    def energy(part: Any) -> dict[str, Any]:
        return {"cause": text_of(part.cause), "label": text_of(part.label),
                "part": text_of(part.part), "tensor": tensor(part.tensor), "pj": part.pj}

    def remedy(part: Any) -> dict[str, Any]:
        return {"kind": text_of(part.kind), "label": text_of(part.label),
                "what": text_of(part.what), "unit": text_of(part.unit),
                "from": _known(part.from_), "to": _known(part.to), "fits": bool(part.fits),
                "cycles": part.cycles if part.cycles >= 0 else None, "pj": _known(part.pj),
                "edp": _known(part.edp), "dataflow": text_of(part.dataflow)}

    return Why(_parts(why, lib.dcc_why_times, lib.dcc_why_time, CTimePart(), time,
                      ["cause", "label", "level", "tensor", "cycles"]),
               _parts(why, lib.dcc_why_energies, lib.dcc_why_energy, CEnergyPart(), energy,
                      ["cause", "label", "part", "tensor", "pj"]),
               _parts(why, lib.dcc_why_remedies, lib.dcc_why_remedy, CRemedy(), remedy,
                      ["kind", "label", "what", "unit", "from", "to", "fits", "cycles", "pj",
                       "edp", "dataflow"]))


def why(job: "Job", seconds: float, context: Optional[Context]) -> Why:
    """Job.why."""
    limit = real(seconds, "the time")
    if limit < 0:
        raise ArgumentError("the time is not below 0")
    name = job.name
    with job.evaluate(context=context) as result:
        handle = Box(lib.dcc_why_new(), lib.dcc_why_free, "answer")
        with context_of(context) as pointer, result._result as found, result._of as own, \
                handle as answer:
            check(lib.dcc_why_run(pointer, own, found, limit, answer), name)
            return _tables(own, answer)


# ---- search ----

_OBJECTIVES = ("runtime", "energy", "edp")
_SIZES = ("divisors", "canonical", "all")


class Progress(NamedTuple):
    """Where a search stands; None is not known yet."""
    best: Optional[float]
    bound: Optional[float]
    seconds: float
    bounds: int
    evaluated: int


class Mapping(Handle):
    """What a search has found.

    `jobs` are the job with each of the dataflows, the best first, and `values` their objectives:
    cycles, pJ or J s; no dataflow of the space is below `bound`; `gap` is best / bound - 1.  What
    is not known is None.  `complete` says that all that may be better was looked at.
    """

    def __init__(self, box: Box, objective: str):
        from ._job import Job
        self._box, self.objective = box, objective
        with box as search:
            n = lib.dcc_search_found(search)
            self.jobs = [Job(Box(lib.dcc_search_job(search, i), lib.dcc_job_free, "job"))
                         for i in range(n)]
            self.values = [lib.dcc_search_value(search, i) for i in range(n)]
            self.bound = _known(lib.dcc_search_bound(search))
            self.gap = _known(lib.dcc_search_gap(search))
            self.complete = bool(lib.dcc_search_complete(search))
        box.close()

    @property
    def job(self) -> "Job":
        """With the best dataflow."""
        return self.jobs[0]

    @property
    def value(self) -> float:
        """Its objective."""
        return self.values[0]

    def close(self) -> None:
        for job in self.jobs:
            job.close()

    @property
    def closed(self) -> bool:
        return all(job.closed for job in self.jobs)

    def __enter__(self) -> "Mapping":
        return self

    def __repr__(self) -> str:
        return f"<Mapping: {self.objective} {self.value:.6g}, gap {self.gap}>"


class _Watcher:
    """Called by the search; it keeps what was raised, since C cannot pass it on."""

    def __init__(self, watch: Optional[Callable[[Progress], Any]]):
        self.watch = watch
        self.ended = False
        self.raised: Optional[BaseException] = None
        self.call = Watch(self)

    def __call__(self, progress: Any, _: Any) -> int:
        try:
            at = progress.contents
            if self.watch is None or self.ended:
                return self.ended
            return bool(self.watch(Progress(_known(at.best), _known(at.bound), at.seconds,
                                            at.bounds, at.evaluated)))
        except BaseException as error:  # it is raised again where the search was called
            self.raised = error
            return 1

    def wait(self, search: Callable[[], int]) -> int:
        """The status of a search in a thread of its own: Python handles signals in its main
        thread, and only while that is not inside of C."""
        status: list[int] = []
        thread = threading.Thread(target=lambda: status.append(search()))
        thread.start()
        try:
            thread.join()
        except BaseException:
            self.ended = True
            thread.join()
            raise
        if self.raised is not None:
            raise self.raised
        return status[0]


def _index(name: Any, names: tuple[str, ...], what: str) -> int:
    if name not in names:
        raise ArgumentError(f"{what} is {' or '.join(map(repr, names))}, not {name!r}")
    return names.index(name)


def map_job(job: "Job", objective: str = "edp", *, sizes: str = "canonical", spatial: int = 2,
            threads: int = 1, top: int = 1, places: int = 1, seconds: float = 0, gap: float = 0,
            watch: Optional[Callable[[Progress], Any]] = None) -> Mapping:
    """Looks for the dataflow of least "runtime" (cycles), "energy" (pJ) or "edp" (J s) that fits
    the job's machine: what Job.map does.

    sizes    of maps that are tried: "divisors", "canonical", or "all"
    spatial  dims divided over the PEs where all is open, 1 .. 3
    threads  1 .. 256; what is found does not depend on it
    top      dataflows that are kept, 1 .. 64
    places   among the loops, at which a memory may hold its tensors where all is open, 1 .. 3
    seconds  the search ends after so many; 0: never
    gap      it ends once the best is at most so much of the bound above it: 0.01
    watch    called some hundred times a second with a Progress; if it returns what is true, the
             search ends with what it has, and what it raises ends it too

    InputError where nothing that fits is found; StatusError where the job cannot be searched for.

    >>> import dcc
    >>> job = dcc.build("GEMM", M=8, N=8, K=8)
    >>> job.set("pes", 8)
    >>> found = job.map("runtime")
    >>> found.value, found.bound, found.complete
    (66.0, 66.0, True)
    """
    options = (_index(objective, _OBJECTIVES, "the objective"), _index(sizes, _SIZES, "sizes"),
               integer(spatial, "spatial", 1, 3), integer(threads, "threads", 1, 256),
               integer(top, "top", 1, 64), integer(places, "places", 1, 3))
    ends = limits(seconds, gap)
    if watch is not None and not callable(watch):
        raise TypeError("watch is a function")
    # A context and a copy of its own: nothing that others use is held while it runs.
    own, context = job._copy(), Context()
    box = Box(lib.dcc_search_new(), lib.dcc_search_free, "search")
    watcher = _Watcher(watch)
    with box as search, context._context as pointer:
        for option, value in enumerate(options):
            check(lib.dcc_search_set(search, option, value), ("objective", "sizes", "spatial",
                                                              "threads", "top", "places")[option])
        check(lib.dcc_search_limit(search, *ends), "seconds or gap")
        lib.dcc_search_watch(search, watcher.call, None)
        status = watcher.wait(lambda: lib.dcc_search_run(pointer, search, own.pointer))
        if check(status, job.name) == Status.NOT_FOUND:
            raise InputError(messages_of(pointer))
    return Mapping(box, objective)
