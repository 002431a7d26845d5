/* What a machine is made of beside its MACs: memories that hold tiles, fan-outs that divide the
 * work, ports and interconnects that move the tiles.  Per-tensor figures are indexed as
 * Operator.tensor is; sets of tensors have a bit for each. */
#ifndef DCC_IR_MEMORY_H
#define DCC_IR_MEMORY_H

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

enum {
    PORTS_MAX = TENSORS_MAX, /* at one place: each memory there holds a tensor */
    MEMORIES_MAX = 16,       /* of a machine */
    FANOUTS_MAX = 8
};

/* The port of a memory: what it gives (read) and takes (write) of its tensors, in elements a
 * cycle, or in bits; `both` is a limit of the two together.  A rate of 0 is none. */
typedef struct {
    unsigned tensors; /* bit t: tensor t */
    bool in_bits;
    Rational read, write, both;
} Port;

typedef struct {
    int n;
    Port port[PORTS_MAX];
} Ports;

/* A memory of a hierarchy.  NAN: a figure that is not given. */
typedef struct {
    const char *name;
    int fanouts;    /* of the machine's fan-outs, how many are outside it: they multiply it */
    bool root;      /* the outermost for the tensors that it holds, from where the layer starts */
    unsigned holds; /* tensors that it can hold */
    int64_t capacity_bytes; /* 0: not given, or a root without limit */
    bool partitioned;       /* each tensor has a share of its own: */
    int64_t share_bytes[TENSORS_MAX];
    Port port;
    int64_t latency; /* cycles that it adds to a transfer out of it, or into it from below */
    Prefetch prefetch;
    int copies;               /* of a tile that changes: 1, 2; 0: as the prefetch asks for */
    double read_pj, write_pj; /* of an access of width_bits */
    double width_bits;        /* 0: of one element */
    double um2, leak_mw;      /* of one instance */
} Memory;

/* Units inside the memories before it. */
typedef struct {
    const char *name;
    int64_t size;
    int memories;  /* of the machine's memories, how many are outside it */
    unsigned dims; /* that it can divide, a bit for each; 0: any */
    Noc noc;
} Fanout;

#endif
