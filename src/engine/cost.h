/* What a layer costs: energy from its counts, area and power of the machine. */
#ifndef DCC_ENGINE_COST_H
#define DCC_ENGINE_COST_H

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

/* Where a number comes from: count times figure. */
typedef struct {
    CostPart part;
    int tensor;         /* -1: not of one tensor */
    int level;          /* of a NoC or a buffer; -1 */
    const char *what;   /* "read", "write", "hop", ...; static text */
    double count;       /* accesses, or elements moved, density included */
    double pj;          /* each */
    const char *source; /* NULL: not given, counted as 0 */
} CostTerm;

enum { TERMS_MAX = 16 * TENSORS_MAX + 8 };

typedef struct {
    double pj[COSTS];              /* joules begin as picojoules */
    double tensor_pj[TENSORS_MAX]; /* of the accesses to and moves of a tensor */
    double total_pj;
    double edp;      /* energy delay product, J s */
    double power_mw; /* average over the layer: energy / time */
    int n_terms;
    CostTerm term[TERMS_MAX];
} Cost;

/* Energy of one run of the layer.  Capacities that the machine does not give are the ones that the
 * layer requires. */
void cost_layer(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, Cost *cost);

/* Capacities that a chip is built with, in bytes; buffer[l], l >= 1, and how many of each. */
typedef struct {
    double l1, l2, buffer[LEVELS_MAX];
    double buffers[LEVELS_MAX]; /* number of buffers of level l */
} Capacity;

/* Raises the capacities to what the machine gives or, where it gives no L1 or L2, the layer needs.
 * Buffers between are built only where the machine gives them. */
void cost_capacity(const Machine *machine, const Nest *nest, const Result *result,
                   Capacity *capacity);

typedef struct {
    double um2[PARTS], mw[PARTS]; /* power at full activity */
    double total_um2, total_mw;
} ChipCost;

/* Area and power.  Width of the buses: level 0's bandwidth in elements per cycle; an unlimited one
 * counts as one element per PE and cycle. */
void cost_chip(const Machine *machine, const Capacity *capacity, const Technology *technology,
               ChipCost *chip);

/* What a larger L2 would buy: bytes less of off-chip traffic with 1 KiB more, and the smallest
 * capacity above the machine's that saves anything, with what it saves.  All 0 where the machine
 * gives no capacity or nothing can be saved. */
typedef struct {
    double saved_by_kib;
    int64_t next_bytes;
    double saved_by_next;
} ResidencyGain;

#endif
