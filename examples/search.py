#!/usr/bin/env python3
"""The search of search.c from Python, with nothing but ctypes.

    search.py [EVALUATIONS [SEED]]

The library is looked for where LIBDCC says, else where the system keeps its libraries.
"""
import ctypes
import os
import sys
import time
from ctypes import POINTER, c_char_p, c_int, c_int32, c_int64, c_void_p

L1_MOST = 512

dcc = ctypes.CDLL(os.environ.get("LIBDCC", "libdcc.so.0"))


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
declare("dcc_dim", c_int, c_void_p, c_char_p)
declare("dcc_set_cluster", c_int, c_void_p, c_int, c_int64)
declare("dcc_set_size", c_int, c_void_p, c_int, c_int, c_int64)
declare("dcc_result_new", c_void_p)
declare("dcc_result_free", None, c_void_p)
declare("dcc_evaluate", c_int, c_void_p, c_void_p, c_void_p)
declare("dcc_metric_find", c_int32, c_void_p, c_char_p)
declare("dcc_count", c_int64, c_void_p, c_int32)


def load(context, *words):
    """The first job of a plan; a handle to be freed by dcc_job_free."""
    array = (c_char_p * (len(words) + 1))(*[word.encode() for word in words], None)
    plan = dcc.dcc_load(context, array)
    if not plan:
        sys.exit(dcc.dcc_messages(context).decode().rstrip())
    job = dcc.dcc_job_new(plan, 0)
    dcc.dcc_plan_free(plan)
    return job


def designs(evaluations, state):
    """The designs that search.c draws: cluster, K, Y', X'."""
    for _ in range(evaluations):
        design = []
        for n in (9, 4, 6, 6):
            state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
            design.append(1 << (state >> 33) % n)
        yield design


def search(context, job, evaluations, seed):
    k, c, y, x = (dcc.dcc_dim(job, name) for name in (b"K", b"C", b"Y'", b"X'"))
    cycles, l1, l2 = (dcc.dcc_metric_find(job, name)
                      for name in (b"cycles", b"l1.required_bytes", b"l2_accesses"))
    # Handles made once, and functions without a look-up: most of a call's time is ctypes'.
    result = dcc.dcc_result_new()
    context, job, found = c_void_p(context), c_void_p(job), c_void_p(result)
    set_size, evaluate, count = dcc.dcc_set_size, dcc.dcc_evaluate, dcc.dcc_count
    best, least = None, (sys.maxsize, 0)
    drawn = list(designs(evaluations, seed))
    began = time.perf_counter()
    for design in drawn:
        cluster, size_k, size_y, size_x = design
        dcc.dcc_set_cluster(job, 1, cluster)
        set_size(job, 0, c, cluster)
        set_size(job, 0, k, size_k)
        set_size(job, 0, y, size_y)
        set_size(job, 0, x, size_x)
        if evaluate(context, job, found) < 0 or count(found, l1) > L1_MOST:
            continue
        cost = count(found, cycles), count(found, l2)
        if cost < least:
            best, least = design, cost
    took = time.perf_counter() - began
    dcc.dcc_result_free(result)
    print("best: cluster %d, K %d, Y' %d, X' %d: %d cycles, %d L2 accesses" % (*best, *least))
    print("%.0f designs per second" % (evaluations / took))


def main():
    evaluations = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    context = dcc.dcc_open()
    job = load(context, "kc-p.m", "--model", "vgg16.m", "--hw", "paper256.hw", "--layer", "CONV2")
    search(context, job, evaluations, seed)
    dcc.dcc_job_free(job)
    dcc.dcc_close(context)


if __name__ == "__main__":
    main()
