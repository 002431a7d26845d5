"""Results as tables: named columns, rows that are dicts; numpy arrays where numpy is."""
from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any, Iterator, Mapping, Sequence, Union, overload

try:
    import numpy
except ImportError:  # columns are arrays of the standard library then
    numpy = None  # type: ignore[assignment]


def _plain(value: Any) -> Any:
    """A value as Python has it: None for not-a-number, a whole number where it is one of numpy."""
    if hasattr(value, "item"):
        value = value.item()
    return None if value != value else value


class Table(Sequence):
    """Columns of equal length by their names.

    table["cycles"] is a column, table[3] a row as a dict, in which what is not known is None; a
    loop goes through the rows, and print() shows them.

    >>> table = Table({"pes": [1, 2], "cycles": [10.0, float("nan")]}, counts=["cycles"])
    >>> table[0]
    {'pes': 1, 'cycles': 10}
    >>> table[-1]["cycles"] is None
    True
    >>> print(table)
    pes  cycles
      1      10
      2       -
    >>> table.to_dict()
    {'pes': [1, 2], 'cycles': [10, None]}
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], counts: Sequence[str] = ()):
        """`counts`: columns whose reals are whole numbers."""
        self._columns = dict(columns)
        lengths = {len(column) for column in self._columns.values()}
        if len(lengths) > 1:
            raise ValueError("the columns are of different lengths")
        self._length = lengths.pop() if lengths else 0
        self._counts = frozenset(counts)

    @property
    def columns(self) -> list[str]:
        """Their names, in order."""
        return list(self._columns)

    def column(self, name: str) -> Sequence[Any]:
        """As it was made: a numpy array, an array of the standard library, or a list."""
        return self._columns[name]

    def __len__(self) -> int:
        return self._length

    def _value(self, name: str, row: int) -> Any:
        value = _plain(self._columns[name][row])
        whole = name in self._counts and isinstance(value, float) and value.is_integer()
        return int(value) if whole else value

    def _row(self, row: int) -> dict[str, Any]:
        return {name: self._value(name, row) for name in self._columns}

    @overload
    def __getitem__(self, key: str) -> Sequence[Any]: ...

    @overload
    def __getitem__(self, key: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, key: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, key: Union[str, int, slice]) -> Any:
        if isinstance(key, str):
            return self._columns[key]
        rows = range(self._length)[key]
        return [self._row(row) for row in rows] if isinstance(rows, range) else self._row(rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._row, range(self._length))

    def to_dict(self) -> dict[str, list[Any]]:
        """Columns as lists of plain values; what pandas.DataFrame() takes."""
        return {name: [self._value(name, row) for row in range(self._length)]
                for name in self._columns}

    def least(self, name: str) -> dict[str, Any]:
        """The row with the least value in a column, the first of several; unknown ones are left
        out.  ValueError if none is known.

        >>> Table({"a": [3, 1, 1], "b": "xyz"}).least("a")
        {'a': 1, 'b': 'y'}
        """
        column = self._columns[name]
        known = [row for row in range(self._length) if _plain(column[row]) is not None]
        if not known:
            raise ValueError(f"no value of {name} is known")
        return self._row(min(known, key=lambda row: column[row]))

    def to_csv(self) -> str:
        """As text; what is not known is left empty.

        >>> Table({"a": [1], "b": [None]}).to_csv()
        'a,b\\n1,\\n'
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self._columns)
        writer.writerows(row.values() for row in self)
        return text.getvalue()

    def __str__(self) -> str:
        rows = [list(self._columns)]
        rows += [[_shown(value) for value in row.values()] for row in self]
        widths = [max(map(_cells, column)) for column in zip(*rows)]
        left = [any(isinstance(self._value(name, row), str) for row in range(self._length))
                for name in self._columns]
        lines = ["  ".join(_flush(cell, width, to_left)
                           for cell, width, to_left in zip(row, widths, left)) for row in rows]
        return "\n".join(line.rstrip() for line in lines)

    def __repr__(self) -> str:
        return f"<Table of {self._length} rows: {', '.join(self._columns)}>"


def _cells(text: str) -> int:
    """What the text takes on a terminal.

    >>> _cells("abc"), _cells("\u5c64"), _cells("e\u0301")
    (3, 2, 1)
    """
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _flush(cell: str, width: int, to_left: bool) -> str:
    blanks = " " * (width - _cells(cell))
    return cell + blanks if to_left else blanks + cell


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
