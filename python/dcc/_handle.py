"""Owners of what the library has allocated.

A box has a pointer and a lock.  Whoever uses the pointer holds the box, so that another thread
cannot free or change what is in use; a box that was closed cannot be held.  Who holds several
takes a job before a context, and a context before a result, so that no two wait for each other.
"""
from __future__ import annotations

import operator
import threading
from typing import Any, Callable, Optional

from ._errors import ArgumentError, ClosedError
from ._library import lib

INT32_MAX = 2**31 - 1
INT64_MAX = 2**63 - 1
SECONDS_END = 10**9


class Box:
    """A pointer that is freed once.  `with box as pointer:` holds it."""
    __slots__ = ("pointer", "lock", "free", "what")

    def __init__(self, pointer: Optional[int], free: Callable[[int], Any], what: str):
        self.lock = threading.RLock()
        self.free = free
        self.what = what
        self.pointer = pointer

    def __enter__(self) -> int:
        self.lock.acquire()
        if self.pointer is None:
            self.lock.release()
            raise ClosedError(f"the {self.what} was closed before")
        return self.pointer

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def close(self) -> None:
        with self.lock:
            pointer, self.pointer = self.pointer, None
            if pointer is not None:
                self.free(pointer)

    def __del__(self) -> None:
        # Nobody else knows the box any more; an __init__ that failed has left no pointer.
        if getattr(self, "pointer", None) is not None:
            self.free(self.pointer)
            self.pointer = None


class Closed(Box):
    """What an object has before it has a box of its own."""


_nothing = Closed(None, print, "object")


class Handle:
    """An object of the library: freed by close(), at the end of a `with`, or with its last
    reference."""
    _box: Box = _nothing

    def close(self) -> None:
        """Gives the memory back.  A second time it does nothing."""
        self._box.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._box.pointer is None

    def __enter__(self):
        with self._box:
            return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __copy__(self):
        raise TypeError(f"a {type(self).__name__} cannot be copied")

    def __deepcopy__(self, _: object):
        return self.__copy__()

    def __reduce_ex__(self, _: object):
        raise TypeError(f"a {type(self).__name__} cannot be pickled")


class Context(Handle):
    """Working memory and messages.  One is made for each thread when it is needed; who wants to
    give its memory back earlier makes one and hands it to the calls as context=.

    >>> import dcc
    >>> with dcc.Context() as context:
    ...     job = dcc.build("GEMM", M=4, N=4, K=4, context=context)
    >>> context.closed
    True
    """

    def __init__(self) -> None:
        self._box = self._context = Box(lib.dcc_open(), lib.dcc_close, "context")


_threads = threading.local()


def context_of(context: Optional[Context]) -> Box:
    """The box of a context that was given, or of the thread's own."""
    if context is None:
        context = getattr(_threads, "context", None)
        if context is None or context.closed:
            context = _threads.context = Context()
    elif not isinstance(context, Context):
        raise TypeError(f"a dcc.Context is wanted, not {type(context).__name__}")
    return context._context


# ---- arguments ----


def integer(value: Any, what: str, low: int = -INT32_MAX - 1, high: int = INT32_MAX) -> int:
    """A whole number that C can take; ctypes would cut it off."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{what} is a whole number, not {type(value).__name__}") from None
    if not low <= number <= high:
        raise ArgumentError(f"{what} is {low} .. {high}, not {number}")
    return number


def real(value: Any, what: str) -> float:
    """A finite number."""
    if isinstance(value, (str, bytes)):
        raise TypeError(f"{what} is a number, not {type(value).__name__}")
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ArgumentError(f"{what} is a finite number, not {number}")
    return number


def limits(seconds: Any, gap: Any) -> tuple[float, float]:
    """Of a search."""
    time, part = real(seconds, "seconds"), real(gap, "gap")
    if not 0 <= time < SECONDS_END:
        raise ArgumentError(f"seconds is from 0 to below {SECONDS_END}, not {time}")
    if part < 0:
        raise ArgumentError(f"gap is not below 0, not {part}")
    return time, part


def encode(text: Any, what: str) -> bytes:
    """Text for C, which ends it at a NUL."""
    if not isinstance(text, str):
        raise TypeError(f"{what} is text, not {type(text).__name__}")
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ArgumentError(f"{what} has {text[error.start]!a}, a surrogate and no "
                            "character") from None
    if b"\0" in raw:
        raise ArgumentError(f"{what} has a NUL character")
    return raw
