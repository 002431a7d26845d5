/* A machine as the engines read it, with every name resolved for one layer's
 * operator: per-tensor figures are indexed as Operator.tensor is. */
#ifndef DCC_IR_MACHINE_H
#define DCC_IR_MACHINE_H

#include "ir/operator.h"
#include "ir/rational.h"

/* How much of the moving is hidden; see dcc-semantics(7).  The numbers are libdcc's. */
typedef enum { PREFETCH_LAYER, PREFETCH_TILE, PREFETCH_NONE, PREFETCH_STEP } Prefetch;

/* The interconnect between a parent's buffer and its children.  Moving v elements
 * takes 0 cycles if v is 0, else max(1, latency) + ceil(v / bandwidth) - 1. */
typedef struct {
    bool per_tensor;                 /* each tensor has its own channel */
    bool in_bits;                    /* an element counts as many units as its tensor has bits;
                                        else one */
    Rational bandwidth[TENSORS_MAX]; /* units per cycle; [0] is all tensors' if !per_tensor */
    int64_t latency;                 /* cycles: average hops times cycles per hop */
    double hops;                     /* average, for energy */
    bool multicast, reduction;
    Prefetch prefetch;
} Noc;

typedef struct {
    const char *name;
    int64_t pes;
    int64_t lanes; /* MACs per PE and cycle */
    double clock_hz;
    int64_t bits[TENSORS_MAX];      /* of an element on the chip; of the output's partial sums */
    int64_t done_bits;              /* of a finished output element, as it goes off-chip */
    bool stays_onchip[TENSORS_MAX]; /* lives in L2 between layers: never fetched or written back */
    int64_t setup_cycles;           /* before a layer starts */
    Noc noc[LEVELS_MAX];            /* by level, all given */
    int64_t l1_bytes, l2_bytes;     /* capacity; 0: not given */
    int64_t buffer_bytes[LEVELS_MAX]; /* [l], l >= 1: buffer of the clusters of level l - 1; 0: not
                                         given */
    double offchip_bytes_per_s;       /* 0: unlimited */
} Machine;

/* Bytes of an element on the chip. */
static inline double machine_bytes(const Machine *machine, int tensor)
{
    return (double) machine->bits[tensor] / 8;
}

#endif
