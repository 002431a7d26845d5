/* What a layer costs: energy from its counts, area and power of the machine. */
#ifndef DCC_ENGINE_COST_H
#define DCC_ENGINE_COST_H

#include <stddef.h>

#include "engine/result.h"
#include "ir/technology.h"

typedef enum {
    COST_MAC,
    COST_L1,
    COST_BUFFER,
    COST_L2,
    COST_NOC,
    COST_OFFCHIP,
    COST_LEAKAGE,
    COSTS
} CostPart;

typedef enum {
    PART_PES,
    PART_L1,
    PART_BUFFER,
    PART_L2,
    PART_BUS,
    PART_ARBITER,
    PART_REST,
    PARTS
} ChipPart;

/* On a hierarchy memory m is a part of its own, number COSTS + m of an energy and PARTS + m of a
 * chip, and fan-out f number PARTS_FANOUT + f. */
enum {
    COST_PARTS = COSTS + MEMORIES_MAX,
    PARTS_FANOUT = PARTS + MEMORIES_MAX,
    CHIP_PARTS = PARTS_FANOUT + FANOUTS_MAX
};
_Static_assert(CHIP_PARTS <= 32 && COST_PARTS <= 32, "a set of parts is an unsigned");

extern const char *const cost_part_names[COSTS]; /* MAC, L1, buffer, L2, NoC, off-chip, leakage */
extern const char *const chip_part_names[PARTS]; /* pes, l1, buffer, l2, bus, arbiter, rest */

/* A figure taken from beyond twice its range: at x, where it is meant for low to high. */
typedef struct {
    const char *what; /* "read energy of L1"; static text */
    const char *unit; /* of x: "B", "bit", "PEs" */
    double x, low, high;
} Extrapolation;

enum { EXTRAPOLATIONS_MAX = 10 };

typedef struct {
    int n;
    Extrapolation figure[EXTRAPOLATIONS_MAX]; /* each `what` once */
} Extrapolations;

/* Where a number comes from: count times figure. */
typedef struct {
    int part;
    int tensor;         /* -1: not of one tensor */
    int level;          /* of a NoC or a buffer; -1 */
    const char *what;   /* "read", "write", "hop", ...; static text */
    double count;       /* accesses, or elements moved, density included */
    double pj;          /* each; NAN: not given */
    const char *source; /* NULL: none */
    const char *where;  /* which fan-out, memory; NULL: its part says it */
} CostTerm;

/* Of a classic machine, 16 a tensor and 8; of a hierarchy, reads, writes and a finished element of
 * what each memory holds, hops by level, what leaks. */
enum { TERMS_MAX = (2 * MEMORIES_MAX + LEVELS_MAX) * TENSORS_MAX + TENSORS_MAX + MEMORIES_MAX + 8 };

typedef struct {
    int n;
    CostTerm term[TERMS_MAX];
} CostTerms;

typedef struct {
    double pj[COST_PARTS];         /* joules begin as picojoules; what is known of a part */
    const char *name[COST_PARTS];  /* of the parts that the machine has; else NULL; borrowed */
    double tensor_pj[TENSORS_MAX]; /* of the accesses to and moves of a tensor */
    double total_pj;               /* of all that is known */
    double onchip_pj;              /* the same without off-chip memory, or the roots */
    unsigned roots;                /* parts that the chip's energy leaves out */
    double edp;                    /* energy delay product, J s, of all that is known */
    double power_mw;               /* average over the layer: energy / time */
    /* Sets of parts and tensors (1u << part) something of which was counted and has no figure.
     * Unknown is the energy of MACs, memories and off-chip accesses: the total lacks it.
     * Not modelled are hops, leakage, and buffers that neither the machine gives nor the technology
     * knows anything of: no part of the total.  Where a hierarchy gives the leakage of some
     * memories only, the others stand in not_leaking. */
    unsigned unknown, unknown_tensors, not_modelled, not_leaking;
    Extrapolations beyond;
} Cost;

/* Who gives no technology has the figures of the machine itself, if it has one: an empty technology
 * then, else NULL. */
const Technology *cost_technology(const Technology *technology, const Machine *machine);

/* What a cycle costs however little is done, in pJ; NAN: not given. */
double cost_leakage(const Technology *technology, const Machine *machine);

/* Energy delay product, J s. */
static inline double cost_edp(double pj, double seconds)
{
    return pj * 1e-12 * seconds;
}

/* Energy of one run of the layer; on a hierarchy, of a result whose places are filled.  Capacities
 * that the machine does not give are the ones that the layer requires.  Without cycles the total is
 * without leakage, which is NaN, as are edp and power.  Of extrapolations only those that there are
 * are set. */
void cost_layer(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, Cost *cost);

/* The terms of that energy, in the order in which they are added up; of counts of 0 there are none.
 */
void cost_terms(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, CostTerms *terms);

/* pJ of a MAC; NAN: it has no figure. */
double cost_mac(const Layer *layer, const Machine *machine, const Technology *technology);

/* pJ of an element of the tensor that is read from the memory furthest out on the chip which holds
 * it, or written to it: the L2 of a classic machine.  Without a capacity it is of so many bytes.
 * NAN: it has no figure; 0: no memory on the chip holds the tensor. */
double cost_outermost(const Machine *machine, const Technology *technology, int tensor, bool write,
                      double bytes);

/* Capacities that a chip is built with, in bytes; buffer[l], l >= 1, and how many of each. */
typedef struct {
    double l1, l2, buffer[LEVELS_MAX];
    double buffers[LEVELS_MAX];  /* number of buffers of level l */
    double memory[MEMORIES_MAX]; /* of a hierarchy, one instance */
} Capacity;

/* Bytes that a memory of a hierarchy has: its capacity or its shares; 0: not given. */
int64_t cost_memory_bytes(const Memory *memory);

/* What a layer needs of one instance of a memory, wherever it is placed, for a set of tensors;
 * bytes of all of it, and of the share of one tensor, which is memory of its own.  Only the sum of
 * a memory is rounded up. */
double cost_need_bits(const Result *result, int memory, unsigned tensors);
int64_t cost_required(const Result *result, int memory);
int64_t cost_share_required(const Result *result, int memory, int tensor);

/* Units inside of so many fan-outs, the outermost ones; instances of a memory.  A machine has at
 * most as many PEs as fit 63 bits. */
int64_t cost_units(const Machine *machine, int fanouts);
int64_t cost_memory_units(const Machine *machine, int memory);

/* Raises the capacities to what the machine gives or, where it gives no L1 or L2, the layer needs;
 * memories of a hierarchy likewise.
 * Buffers between are built only where the machine gives them. */
void cost_capacity(const Machine *machine, const Nest *nest, const Result *result,
                   Capacity *capacity);

typedef struct {
    double um2[CHIP_PARTS], mw[CHIP_PARTS]; /* power at full activity */
    const char *name[CHIP_PARTS];           /* of the parts that it has; else NULL; borrowed */
    double total_um2, total_mw;             /* of all that is known */
    /* Sets of parts that are there and have no figure. */
    unsigned unknown_um2, unknown_mw;
    Extrapolations beyond;
} ChipCost;

/* Area and power.  Width of the buses: level 0's bandwidth in elements per cycle; an unlimited one
 * counts as one element per PE and cycle.  On a hierarchy each fan-out has the buses and the
 * arbiter of its own units, and a root counts if its area is given. */
void cost_chip(const Machine *machine, const Capacity *capacity, const Technology *technology,
               ChipCost *chip);

/* Whether the figure is known in full, so that a budget or an objective may rest on it; if not,
 * `names` has what is missing: "L2, off-chip".  80 bytes hold all names of a classic machine, those
 * of a hierarchy are cut off to fit. */
bool cost_energy_known(const Cost *cost, char *names, size_t size);
bool cost_area_known(const ChipCost *chip, char *names, size_t size);
bool cost_power_known(const ChipCost *chip, char *names, size_t size);

/* The same before anything is counted: whether the technology has the energies that any layer
 * needs, of MACs, L1, L2 and off-chip accesses. */
bool cost_technology_known(const Technology *technology, char *names, size_t size);

/* What a larger L2 would buy: bytes less of off-chip traffic with 1 KiB more, and the smallest
 * capacity above the machine's that saves anything, with what it saves.  All 0 where the machine
 * gives no capacity or nothing can be saved. */
typedef struct {
    double saved_by_kib;
    int64_t next_bytes;
    double saved_by_next;
} ResidencyGain;

#endif
