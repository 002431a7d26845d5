"""What a dataflow costs on a deep-learning accelerator: libdcc(3) for Python.

Files are loaded into a plan, which is a sequence of jobs; a job is a layer with its dataflow and
its machine, which can be changed and evaluated:

>>> import dcc
>>> plan = dcc.parse('''
...     Accelerator "small" { PEs: 16  Precision: 8 bit  NoC 0 { Bandwidth: 1 } }
...     Dataflow "filters in parallel" { SpatialMap(1,1) K; TemporalMap(1,1) C; }
...     Network "one" { Layer CONV { Type: CONV, Dimensions { K: 32, C: 8, R: 3, S: 3, Y: 18, X: 18 } } }
... ''')
>>> job = plan[0]
>>> job.evaluate()["cycles"] > 36864
True
>>> job.set("noc0.bandwidth", 64)
>>> job.evaluate()["macs"]
589824

What a text has wrong comes as an InputError, with the places of all messages.  Calls release the
GIL.  dcc-python(3) says more.
"""
from ._batch import (Knob, bandwidth, buffer_bytes, cluster, extent, l1_bytes, l2_bytes, lanes,
                     latency, offchip, pes, setup_cycles, size, units)
from ._errors import (ArgumentError, ClosedError, Error, InputError, Message, Status, StatusError)
from ._handle import Context
from ._job import Job, Map, Plan, Result, build, load, parse
from ._library import lib as _lib, path as library_path
from ._schedule import Schedule, schedule
from ._search import Mapping, Progress, Why, map_job
from ._table import Table


def version() -> str:
    """Of the library.

    >>> version().count(".")
    2
    """
    return _lib.dcc_version().decode()


__version__ = version()

__all__ = [
    "ArgumentError", "ClosedError", "Context", "Error", "InputError", "Job", "Knob", "Map",
    "Mapping", "Message", "Plan", "Progress", "Result", "Schedule", "Status", "StatusError", "Table", "Why",
    "bandwidth", "buffer_bytes", "build", "cluster", "extent", "l1_bytes", "l2_bytes", "lanes",
    "latency", "library_path", "load", "map_job", "offchip", "parse", "pes", "schedule", "setup_cycles",
    "size", "units", "version",
]
