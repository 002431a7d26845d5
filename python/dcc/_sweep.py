"""Sweeps over keys of the machine: all combinations of their values, in one table."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence, Union

from . import _batch
from ._errors import InputError, Status
from ._handle import Box, Context, context_of
from ._library import lib
from ._table import Table

if TYPE_CHECKING:
    from ._job import Job


class _Sweep:
    def __init__(self, keys: Mapping[str, Sequence[Any]], names: list[str],
                 context: Optional[Context]):
        self.keys = [(key, list(values)) for key, values in keys.items()]
        self.names, self.context = names, context
        self.rows: list[list[Any]] = []
        self.numbers: Any = None

    def evaluate(self, job: Box) -> list[Any]:
        """Metrics, and why there are none."""
        found = _batch.empty_reals(len(self.names))
        status = _batch.empty_wholes(1, "i")
        with context_of(self.context) as pointer:
            lib.dcc_batch(pointer, job.pointer, 0, None, len(self.names), self.numbers, 1, None,
                          _batch.address(found), _batch.address(status))
        refused = int(status[0]) < 0
        return [*found, Status(int(status[0])).sentence if refused else None]

    def refuse(self, before: list[Any], depth: int, why: str) -> None:
        """All rows below a value that is refused."""
        if depth == len(self.keys):
            self.rows.append([*before, *[None] * len(self.names), why])
            return
        for value in self.keys[depth][1]:
            self.refuse([*before, value], depth + 1, why)

    def walk(self, job: "Job", before: list[Any]) -> None:
        """Each key is set in a copy, so that no value is left over from another row."""
        if len(before) == len(self.keys):
            self.rows.append([*before, *self.evaluate(job._job)])
            return
        key, values = self.keys[len(before)]
        for value in values:
            with job.copy() as changed:
                try:
                    changed.set(key, value, self.context)
                except InputError as error:
                    self.refuse([*before, value], len(before) + 1, error.messages[0].text)
                else:
                    self.walk(changed, [*before, value])


def run(job: "Job", keys: Mapping[str, Sequence[Any]], metrics: Union[str, Sequence[str]],
        context: Optional[Context]) -> Table:
    """Job.sweep."""
    names = _batch.names_of(metrics)
    for key, values in keys.items():
        if isinstance(values, (str, bytes)):
            raise TypeError(f"{key}: a list of values is wanted, not text")
    sweep = _Sweep(keys, names, context)
    with job.copy() as start:
        with start._job as held:
            sweep.numbers = _batch.metric_numbers(held, names)
        sweep.walk(start, [])
    columns = list(zip(*sweep.rows)) or [()] * (len(keys) + len(names) + 1)
    return Table(dict(zip([*keys, *names, "why"], columns)), _batch.counted(names, sweep.numbers))
