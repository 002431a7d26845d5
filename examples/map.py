#!/usr/bin/env python3
"""The search of map.c from Python, with nothing but ctypes.

    map.py [SECONDS [DATAFLOW-WITH-HOLES]]

The library is looked for where LIBDCC says, else where the system keeps its libraries.
"""
import ctypes
import os
import sys
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int, c_int32, c_int64,
                    c_size_t, c_void_p)

dcc = ctypes.CDLL(os.environ.get("LIBDCC", "libdcc.so.0"))

DIVISORS = 0  # dcc_sizes
SIZES = 1  # dcc_search_option


class Progress(Structure):
    """dcc_progress."""
    _fields_ = [("best", c_double), ("bound", c_double), ("seconds", c_double),
                ("bounds", c_int64), ("evaluated", c_int64)]


Watch = CFUNCTYPE(c_int, POINTER(Progress), c_void_p)


def declare(name, result, *arguments):
    function = getattr(dcc, name)
    function.restype = result
    function.argtypes = arguments


declare("dcc_open", c_void_p)
declare("dcc_close", None, c_void_p)
declare("dcc_load", c_void_p, c_void_p, POINTER(c_char_p))
declare("dcc_messages", c_char_p, c_void_p)
declare("dcc_plan_free", None, c_void_p)
declare("dcc_job_new", c_void_p, c_void_p, c_int)
declare("dcc_job_free", None, c_void_p)
declare("dcc_print", c_int, c_void_p, c_char_p, c_char_p, c_size_t)
declare("dcc_result_new", c_void_p)
declare("dcc_result_free", None, c_void_p)
declare("dcc_evaluate", c_int, c_void_p, c_void_p, c_void_p)
declare("dcc_cost", c_int, c_void_p, c_void_p)
declare("dcc_metric_find", c_int32, c_void_p, c_char_p)
declare("dcc_count", c_int64, c_void_p, c_int32)
declare("dcc_real", c_double, c_void_p, c_int32)
declare("dcc_status_text", c_char_p, c_int)
declare("dcc_search_new", c_void_p)
declare("dcc_search_free", None, c_void_p)
declare("dcc_search_set", c_int, c_void_p, c_int, c_int64)
declare("dcc_search_limit", c_int, c_void_p, c_double, c_double)
declare("dcc_search_watch", None, c_void_p, Watch, c_void_p)
declare("dcc_search_run", c_int, c_void_p, c_void_p, c_void_p)
declare("dcc_search_job", c_void_p, c_void_p, c_int)
declare("dcc_search_value", c_double, c_void_p, c_int)
declare("dcc_search_bound", c_double, c_void_p)
declare("dcc_search_complete", c_int, c_void_p)


def load(context, *words):
    """The first job of a plan; a handle to be freed by dcc_job_free."""
    array = (c_char_p * (len(words) + 1))(*[word.encode() for word in words], None)
    plan = dcc.dcc_load(context, array)
    if not plan:
        sys.exit(dcc.dcc_messages(context).decode().rstrip())
    job = dcc.dcc_job_new(plan, 0)
    dcc.dcc_plan_free(plan)
    return job


class Teller:
    """Tells once a second where the search stands, and never ends it."""

    def __init__(self):
        self.told = 0

    def __call__(self, progress, _):
        at = progress.contents
        if at.seconds >= self.told + 1:
            self.told = at.seconds
            print("%.0f s: best %.4g, bound %.4g" % (at.seconds, at.best, at.bound),
                  file=sys.stderr)
        return 0


def dataflow(job):
    """The job's dataflow as text."""
    length = dcc.dcc_print(job, b"found", None, 0)
    text = ctypes.create_string_buffer(length + 1)
    dcc.dcc_print(job, b"found", text, length + 1)
    return text.value.decode()


def show(context, search):
    job = dcc.dcc_search_job(search, 0)
    result = dcc.dcc_result_new()
    dcc.dcc_evaluate(context, job, result)
    dcc.dcc_cost(job, result)
    cycles, energy, l1 = (dcc.dcc_metric_find(job, name)
                          for name in (b"cycles", b"energy_pj.total", b"l1.required_bytes"))
    print("best: %.6g J s, bound %.6g J s, %s" %
          (dcc.dcc_search_value(search, 0), dcc.dcc_search_bound(search),
           "optimal" if dcc.dcc_search_complete(search) else "ended before"))
    print("%d cycles, %.6g pJ, %d bytes of L1" %
          (dcc.dcc_count(result, cycles), dcc.dcc_real(result, energy), dcc.dcc_count(result, l1)))
    print(dataflow(job), end="")
    dcc.dcc_result_free(result)
    dcc.dcc_job_free(job)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    # Without a file the dataflow is where the search begins.
    begin = sys.argv[2] if len(sys.argv) > 2 else "kc-p.m"
    context = dcc.dcc_open()
    job = load(context, begin, "--model", "vgg16.m", "--hw", "paper256.hw", "--layer", "CONV2",
               "--set", "l1.capacity=4KiB", "--set", "l2.capacity=512KiB",
               "--set", "offchip.bandwidth=16GB/s")
    search = dcc.dcc_search_new()
    watch = Watch(Teller())  # must live as long as it may be called
    dcc.dcc_search_set(search, SIZES, DIVISORS)
    dcc.dcc_search_limit(search, seconds, 0)
    dcc.dcc_search_watch(search, watch, None)
    status = dcc.dcc_search_run(context, search, job)
    if status == 0:
        show(context, search)
    else:
        print("map: %s\n%s" % (dcc.dcc_status_text(status).decode(),
                               dcc.dcc_messages(context).decode()), file=sys.stderr, end="")
    dcc.dcc_search_free(search)
    dcc.dcc_job_free(job)
    dcc.dcc_close(context)
    sys.exit(status != 0)


if __name__ == "__main__":
    main()
