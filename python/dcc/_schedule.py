"""Networks on several cores: dcc-sched(1) for Python."""
from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Optional, Union

from ._errors import ArgumentError, InputError, Status, check, messages_of, text_of
from ._handle import INT64_MAX, Box, Context, encode, integer, limits
from ._library import lib
from ._table import Table

_OBJECTIVES = ("latency", "energy", "edp")
_PRIORITIES = ("latency", "memory", "ready", "any")
_JSON, _CHOICE = 0, 1

Path = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Schedule:
    """What was found: the members of dcc-sched's JSON under their names, but for these.

    `cores`, `links`, `nodes`, `transfers` and `left_out` are tables; `choice` has the cores and the splits as
    text, Allocate and Split, which schedule(replay=) reads from a file.  What is not known is None.
    """
    network: str
    system: str
    latency_cycles: int
    cycles_per_image: Optional[float]
    energy_pj: dict[str, float]
    energy_known: bool
    cores: Table
    links: Table
    nodes: Table
    transfers: Table
    allocation: dict[str, list[str]]
    left_out: Table
    split: dict[str, str]
    priority: str
    objective: str
    value: float
    bound: float
    gap: Optional[float]
    optimal: bool
    schedules: int
    choice: str


def _table(rows: list[dict[str, Any]]) -> Table:
    return Table({name: [row[name] for row in rows] for name in (rows[0] if rows else ())})


def _schedule(sched: int) -> Schedule:
    found = json.loads(text_of(lib.dcc_sched_text(sched, _JSON)) or "")
    for name in ("cores", "links", "nodes", "transfers", "left_out"):
        found[name] = _table(found[name])
    return Schedule(**found, choice=text_of(lib.dcc_sched_text(sched, _CHOICE)) or "")


def _path(path: Optional[Path], what: str) -> Optional[bytes]:
    return None if path is None else encode(os.fspath(path), what)


def _index(name: Any, names: tuple[str, ...], what: str) -> int:
    if name not in names:
        raise ArgumentError(f"{what} is {' or '.join(map(repr, names))}, not {name!r}")
    return names.index(name)


def schedule(model: Path, system: Optional[Path] = None, *, objective: str = "latency",
             priority: str = "any", images: int = 1, moves: int = 2000, seed: int = 1,
             map_moves: int = 2000, threads: int = 1, seconds: float = 0, gap: float = 0,
             replay: Optional[Path] = None) -> Schedule:
    """Runs a network on the cores of a system, and finds the cores and the splits of its layers.

    model      the file of the network, which may have the system too
    objective  what is to be least: "latency" (cycles), "energy" (pJ) or "edp" (pJ * cycles)
    priority   which node is taken first: "latency", "memory", "ready", or "any", the best of them
    images     one after the other, 1 .. 1000
    moves      schedules that annealing looks at, where there are too many choices; seed: of it
    map_moves  bounds that the mapper looks at for a box, where a core has Dataflow: map
    threads    1 .. 64; no figure depends on it
    seconds    the search ends after so many; 0: never
    gap        it ends once the best is at most so much of the bound above it: 0.01
    replay     a file whose Allocate and Split hold instead of those of the other files

    InputError where a file is wrong, or there is no schedule; StatusError where the objective
    rests on an energy that is not known.
    """
    options = (_index(objective, _OBJECTIVES, "the objective"),
               _index(priority, _PRIORITIES, "the priority"),
               integer(images, "images", 1, 1000), integer(moves, "moves", 1, INT64_MAX),
               integer(seed, "the seed", -INT64_MAX - 1, INT64_MAX),
               integer(map_moves, "map_moves", 1, INT64_MAX), integer(threads, "threads", 1, 64))
    ends = limits(seconds, gap)
    files = _path(model, "the model"), _path(system, "the system"), _path(replay, "the replay")
    with Context()._context as context:
        loaded = lib.dcc_sched_load(context, *files)
        if loaded is None:
            raise InputError(messages_of(context))
        with Box(loaded, lib.dcc_sched_free, "schedule") as sched:
            for option, value in enumerate(options):
                check(lib.dcc_sched_set(sched, option, value), "an option")
            check(lib.dcc_sched_limit(sched, *ends), "seconds or gap")
            if check(lib.dcc_sched_run(context, sched)) == Status.NOT_FOUND:
                raise InputError(messages_of(context))
            return _schedule(sched)
