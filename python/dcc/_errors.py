"""What goes wrong, as exceptions; and what the front end says, message by message."""
from __future__ import annotations

import enum
import os
from dataclasses import dataclass
from typing import Optional

from ._library import CMessage, lib


class Status(enum.IntEnum):
    """What a function of the library returns: dcc_status.  Negative: nothing was done."""
    OK = 0
    NO_SPATIAL = 1
    NOT_FOUND = 2
    BAD_ARGUMENT = -1
    MAPPED_TWICE = -2
    DIAGONAL = -3
    LOST_WORK = -4
    TOO_FEW_PES = -5
    OVERFLOW = -6
    RAGGED = -7
    NOT_PREPARED = -8
    ENTANGLED = -9
    OTHER_FORM = -10
    NO_ROOT = -11
    CANNOT_DIVIDE = -12
    TOO_MANY_UNITS = -13
    AGAINST_ORDER = -14
    CANNOT_HOLD = -15
    OPEN = -16
    NO_ENERGY = -17

    @property
    def sentence(self) -> str:
        """
        >>> Status.TOO_FEW_PES.sentence
        'the clusters need more PEs than there are'
        """
        return text_of(lib.dcc_status_text(int(self))) or ""


def text_of(raw: Optional[bytes]) -> Optional[str]:
    """Text from C; bytes that are not UTF-8, as in names of files, come back as they went."""
    return None if raw is None else raw.decode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class Message:
    """One thing that the front end says.

    severity is "error", "warning" or "note", and a note belongs to the message before it; check is
    the name that dcc(1) shows behind the text, None where there is none; file is None and line and
    column are 0 where there is no place, else both count from 1, columns in characters.
    """
    severity: str
    text: str
    check: Optional[str] = None
    file: Optional[str] = None
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file is not None else ""
        check = f" [{self.check}]" if self.check is not None else ""
        return f"{place}{self.severity}: {self.text}{check}"


class Error(Exception):
    """All that this module raises of its own."""


class InputError(Error, ValueError):
    """What a text, a file, an option or a key says is wrong.

    >>> import dcc
    >>> try:
    ...     dcc.parse('Network { Layer L { Type: CONW, Dimensions { K: 1 } } }')
    ... except dcc.InputError as error:
    ...     first = error.messages[0]
    >>> first.line, first.column, first.check
    (1, 27, 'unknown-type')
    """

    def __init__(self, messages: list[Message]):
        super().__init__(messages)
        self.messages = messages

    def __str__(self) -> str:
        return "\n".join(map(str, self.messages))


class StatusError(Error):
    """The library refuses a call: `status` says why."""

    def __init__(self, status: int, what: str = ""):
        super().__init__(status, what)
        self.status = Status(status)
        self.what = what

    def __str__(self) -> str:
        return f"{self.what}: {self.status.sentence}" if self.what else self.status.sentence


class ArgumentError(StatusError, ValueError):
    """A number or an index is out of range, or a name is not there."""

    def __init__(self, what: str, status: int = Status.BAD_ARGUMENT):
        super().__init__(status, what)

    def __str__(self) -> str:
        return self.what

    def __reduce__(self):
        return type(self), (self.what, int(self.status))


class ClosedError(Error, ValueError):
    """The object was closed before."""


def check(status: int, what: str = "") -> int:
    """The status, if all was done."""
    if status == Status.BAD_ARGUMENT:
        sentence = Status(status).sentence
        raise ArgumentError(f"{what}: {sentence}" if what else sentence)
    if status < 0:
        raise StatusError(status, what)
    return status


def messages_of(context: int) -> list[Message]:
    """Those of a context that is held."""
    found, raw = [], CMessage()
    for i in range(lib.dcc_message_count(context)):
        lib.dcc_get_message(context, i, raw)
        file = os.fsdecode(raw.file) if raw.file is not None else None
        found.append(Message(text_of(raw.severity) or "", text_of(raw.text) or "",
                             text_of(raw.check), file, raw.line, raw.column))
    return found
