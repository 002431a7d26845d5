/* What a hierarchy of memories comes to: which table a memory has its figures from, where the
 * MACs' accesses go, how much of a memory a layer needs. */
#ifndef DCC_ENGINE_COST_HIERARCHY_H
#define DCC_ENGINE_COST_HIERARCHY_H

#include "engine/charge.h"

typedef struct {
    const MemoryKind *kind;
    const MemoryWords *words;
} MemoryTable;

/* Of a memory without figures of its own. */
MemoryTable hierarchy_table(const Machine *machine, const Technology *technology, int memory);

/* pJ of an element of the tensor that is read from the memory or written to it, of so many bytes;
 * NAN: it has no figure. */
double hierarchy_element(const Machine *machine, const Technology *technology, int memory,
                         int tensor, bool write, double bytes);

/* Which of the result's places serves the MACs with a tensor: the innermost that holds it. */
int hierarchy_serves(const Result *result, int tensor);

/* Of the output's elements that a place is given from the inside, the share that are finished ones
 * of a width of their own: at a root each output is once, however often it is written there, and
 * zeros leave out as many of the one as of the other.  0: all are as wide as on the chip. */
double hierarchy_finished(const Machine *machine, const Result *result, int p, int output);

/* Of the leakage what the energy on chip is without: that of the roots, and that of all else over
 * the cycles beyond those on chip. */
double hierarchy_root_leak(const Account *a);

#endif
