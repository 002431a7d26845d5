/* A machine as the engines read it, with every name resolved for one layer's
 * operator: per-tensor figures are indexed as Operator.tensor is. */
#ifndef DCC_IR_MACHINE_H
#define DCC_IR_MACHINE_H

#include "ir/operator.h"

/* An exact fraction, lowest terms; num == 0 means unlimited. */
typedef struct {
    int64_t num, den;
} Rational;

typedef enum { PREFETCH_LAYER, PREFETCH_TILE, PREFETCH_NONE } Prefetch;

/* The interconnect between a parent's buffer and its children.  Moving v elements
 * takes 0 cycles if v is 0, else max(0, latency + ceil(v / bandwidth) - 1). */
typedef struct {
    bool per_tensor;                 /* each tensor has its own channel */
    Rational bandwidth[TENSORS_MAX]; /* elements per cycle; [0] is all tensors' if !per_tensor */
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
    double element_bytes[TENSORS_MAX];
    Noc noc[LEVELS_MAX];              /* by level, all given */
    int64_t l1_bytes, l2_bytes;       /* capacity; 0: not given */
    int64_t buffer_bytes[LEVELS_MAX]; /* [l], l >= 1: buffer of the clusters of level l - 1; 0: not
                                         given */
    double offchip_bytes_per_s;       /* 0: unlimited */
} Machine;

#endif
