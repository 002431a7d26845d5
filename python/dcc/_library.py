"""The shared library: where it is, and what its functions take and return.

Nothing here checks arguments; who calls does, since C takes a pointer for what it is told it is.
"""
from __future__ import annotations

import ctypes
import os
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int, c_int32, c_int64,
                    c_size_t, c_void_p)
from pathlib import Path

SONAME = "libdcc.so.0"


class CMessage(Structure):
    """dcc_message."""
    _fields_ = [("severity", c_char_p), ("check", c_char_p), ("file", c_char_p),
                ("text", c_char_p), ("line", c_int), ("column", c_int)]


class CMap(Structure):
    """dcc_map."""
    _fields_ = [("kind", c_int32), ("dim", c_int32), ("size", c_int64)]


class CColumn(Structure):
    """dcc_column."""
    _fields_ = [("kind", c_int32), ("level", c_int32), ("index", c_int32)]


class CTimePart(Structure):
    """dcc_time_part."""
    _fields_ = [("cause", c_char_p), ("label", c_char_p), ("level", c_int), ("tensor", c_int),
                ("cycles", c_int64)]


class CEnergyPart(Structure):
    """dcc_energy_part."""
    _fields_ = [("cause", c_char_p), ("label", c_char_p), ("part", c_char_p), ("tensor", c_int),
                ("pj", c_double)]


class CRemedy(Structure):
    """dcc_remedy."""
    _fields_ = [("kind", c_char_p), ("label", c_char_p), ("what", c_char_p), ("unit", c_char_p),
                ("dataflow", c_char_p), ("from_", c_double), ("to", c_double), ("fits", c_int),
                ("cycles", c_int64), ("pj", c_double), ("edp", c_double)]


class CProgress(Structure):
    """dcc_progress."""
    _fields_ = [("best", c_double), ("bound", c_double), ("seconds", c_double),
                ("bounds", c_int64), ("evaluated", c_int64)]


Watch = CFUNCTYPE(c_int, POINTER(CProgress), c_void_p)

_P = c_void_p
_S = c_char_p

# Result and arguments of each function, as in dcc.h.
_FUNCTIONS = {
    "dcc_version": (_S,),
    "dcc_status_text": (_S, c_int),
    "dcc_open": (_P,),
    "dcc_close": (None, _P),
    "dcc_load": (_P, _P, POINTER(c_char_p)),
    "dcc_parse": (_P, _P, _S, POINTER(c_char_p)),
    "dcc_messages": (_S, _P),
    "dcc_message_count": (c_int, _P),
    "dcc_get_message": (c_int, _P, c_int, POINTER(CMessage)),
    "dcc_plan_free": (None, _P),
    "dcc_plan_jobs": (c_int, _P),
    "dcc_job_new": (_P, _P, c_int),
    "dcc_job_build": (_P, _P, _S),
    "dcc_job_copy": (_P, _P),
    "dcc_job_assign": (None, _P, _P),
    "dcc_job_free": (None, _P),
    "dcc_job_name": (_S, _P),
    "dcc_job_type": (_S, _P),
    "dcc_check": (c_int, _P),
    "dcc_dims": (c_int, _P),
    "dcc_dim": (c_int, _P, _S),
    "dcc_tensors": (c_int, _P),
    "dcc_dim_name": (_S, _P, c_int),
    "dcc_tensor_name": (_S, _P, c_int),
    "dcc_extent": (c_int64, _P, c_int),
    "dcc_set_extent": (c_int, _P, c_int, c_int64),
    "dcc_set_window": (c_int, _P, c_int, c_int64, c_int64),
    "dcc_set_density": (c_int, _P, c_int, c_double),
    "dcc_memories": (c_int, _P),
    "dcc_memory_name": (_S, _P, c_int),
    "dcc_fanouts": (c_int, _P),
    "dcc_fanout_name": (_S, _P, c_int),
    "dcc_fanout_size": (c_int64, _P, c_int),
    "dcc_add_memory": (c_int, _P, _S),
    "dcc_add_fanout": (c_int, _P, _S, c_int64),
    "dcc_set": (c_int, _P, _P, _S, _S),
    "dcc_is_open": (c_int, _P),
    "dcc_levels": (c_int, _P),
    "dcc_children": (c_int64, _P, c_int),
    "dcc_maps": (c_int, _P, c_int),
    "dcc_get_map": (c_int, _P, c_int, c_int, POINTER(CMap)),
    "dcc_clear_nest": (None, _P),
    "dcc_add_cluster": (c_int, _P, c_int64),
    "dcc_add_cut": (c_int, _P, c_int, c_int64),
    "dcc_hold": (c_int, _P, c_int, c_int, c_int),
    "dcc_holder": (c_int, _P, c_int, c_int),
    "dcc_set_units": (c_int, _P, c_int, c_int64),
    "dcc_add_map": (c_int, _P, c_int, c_int, c_int64),
    "dcc_set_size": (c_int, _P, c_int, c_int, c_int64),
    "dcc_set_kind": (c_int, _P, c_int, c_int, c_int),
    "dcc_set_order": (c_int, _P, c_int, c_int, c_int),
    "dcc_set_cluster": (c_int, _P, c_int, c_int64),
    "dcc_print": (c_int, _P, _S, _P, c_size_t),
    "dcc_get_machine": (c_int64, _P, c_int),
    "dcc_result_new": (_P,),
    "dcc_result_free": (None, _P),
    "dcc_evaluate": (c_int, _P, _P, _P),
    "dcc_evaluate_counts": (c_int, _P, _P, _P),
    "dcc_cost": (c_int, _P, _P),
    "dcc_gain": (c_int, _P, _P),
    "dcc_findings": (_S, _P, _P, _P),
    "dcc_prepare": (c_int, _P, _P),
    "dcc_times": (c_int, _P, _P, c_int, c_int, _P, _P, _P),
    "dcc_batch": (c_int, _P, _P, c_int, POINTER(CColumn), c_int, POINTER(c_int32), c_int, _P, _P,
                  _P),
    "dcc_search_new": (_P,),
    "dcc_search_free": (None, _P),
    "dcc_search_set": (c_int, _P, c_int, c_int64),
    "dcc_search_limit": (c_int, _P, c_double, c_double),
    "dcc_search_watch": (None, _P, Watch, _P),
    "dcc_search_run": (c_int, _P, _P, _P),
    "dcc_search_found": (c_int, _P),
    "dcc_search_job": (_P, _P, c_int),
    "dcc_search_value": (c_double, _P, c_int),
    "dcc_search_bound": (c_double, _P),
    "dcc_search_gap": (c_double, _P),
    "dcc_search_complete": (c_int, _P),
    "dcc_why_new": (_P,),
    "dcc_why_free": (None, _P),
    "dcc_why_run": (c_int, _P, _P, _P, c_double, _P),
    "dcc_why_times": (c_int, _P),
    "dcc_why_time": (c_int, _P, c_int, POINTER(CTimePart)),
    "dcc_why_energies": (c_int, _P),
    "dcc_why_energy": (c_int, _P, c_int, POINTER(CEnergyPart)),
    "dcc_why_remedies": (c_int, _P),
    "dcc_why_remedy": (c_int, _P, c_int, POINTER(CRemedy)),
    "dcc_sched_load": (_P, _P, _S, _S, _S),
    "dcc_sched_free": (None, _P),
    "dcc_sched_set": (c_int, _P, c_int, c_int64),
    "dcc_sched_limit": (c_int, _P, c_double, c_double),
    "dcc_sched_run": (c_int, _P, _P),
    "dcc_sched_text": (_S, _P, c_int),
    "dcc_metric_find": (c_int32, _P, _S),
    "dcc_metric_next": (c_int32, _P, c_int32),
    "dcc_metric_name": (c_int, _P, c_int32, _P, c_size_t),
    "dcc_metric_type": (c_int, c_int32),
    "dcc_metric_unit": (_S, c_int32),
    "dcc_count": (c_int64, _P, c_int32),
    "dcc_real": (c_double, _P, c_int32),
    "dcc_text": (_S, _P, c_int32),
}


def candidates() -> list[str]:
    """Where the library is looked for, in this order; a bare name is for the system's loader."""
    given = os.environ.get("LIBDCC")
    if given:
        return [given]
    package = Path(__file__).resolve().parent
    return [
        str(package / SONAME),                           # beside the module
        str(package.parent.parent / "build" / SONAME),   # the source tree
        str(package.parent.parent.parent / SONAME),      # lib/python3/dist-packages, and lib
        SONAME,
    ]


def _open() -> tuple[ctypes.CDLL, str]:
    tried = []
    for name in candidates():
        if os.sep in name and not os.path.exists(name):
            tried.append(f"{name}: there is no such file")
            continue
        try:
            return ctypes.CDLL(name), name
        except OSError as error:
            tried.append(str(error))
    raise ImportError("libdcc is not to be found; set LIBDCC to its path. " + "; ".join(tried))


def _declare(library: ctypes.CDLL, name: str) -> None:
    for function, (result, *arguments) in _FUNCTIONS.items():
        try:
            found = getattr(library, function)
        except AttributeError:
            raise ImportError(f"{name} is older than this module: it has no {function}") from None
        found.restype = result
        found.argtypes = arguments


lib, path = _open()
_declare(lib, path)
