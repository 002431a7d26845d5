/* What the engines say of one layer on one machine: plain numbers, no text.
 * Counts are of one run of the layer, in elements; see dcc-semantics(7).  Arrays are set as far as
 * the layer's tensors, the nest's levels and the depths of the off-chip table go. */
#ifndef DCC_ENGINE_RESULT_H
#define DCC_ENGINE_RESULT_H

#include "ir/layer.h"
#include "ir/machine.h"
#include "ir/nest.h"

/* At the boundary between a level's parents and its children, over the layer. */
typedef struct {
    int64_t reads;      /* inputs: elements read from the parents' buffers */
    int64_t fills;      /* elements written to the children's buffers */
    int64_t writes;     /* output: elements written to the parents' buffers */
    int64_t drains;     /* output: elements read from the children's buffers */
    int64_t psum_reads; /* output: partial sums read back from the parents' buffers */
    int64_t tile_max;   /* largest tile of a child */
    int64_t union_max;  /* largest union of the working children's tiles */
} TensorCounts;

typedef struct {
    int64_t children; /* under one parent */
    int64_t steps;    /* over all working parents */
    TensorCounts tensor[TENSORS_MAX];
    double peak_bandwidth;    /* elements per cycle that no step would wait for */
    double average_bandwidth; /* all that moves, over the compute cycles */
} LevelResult;

/* What crosses the links of a level over the layer, in elements: of a tensor that the children
 * hold, for them; of any other, on behalf of what is deeper inside. */
typedef struct {
    int64_t in[TENSORS_MAX], out;  /* partial sums come in too */
    int64_t in_cycles, out_cycles; /* of the layer's, that it is what they were spent on */
} LinkResult;

/* A tensor's accesses by the MACs, to the memory that serves them.  The output's reads are partial
 * sums. */
typedef struct {
    int64_t reads, writes;
} MacAccesses;

/* A memory of a hierarchy where a dataflow places it: all its instances together, in elements. */
typedef struct {
    int memory;       /* in Machine.memory */
    int depth;        /* of the units that it is in; 0: the root */
    int64_t units;    /* instances: the children of all levels outside, multiplied */
    unsigned tensors; /* that it holds there, a bit for each */
    /* What one instance needs for each tensor, 0 of one that it does not hold here; a root needs it
     * whole.  Bytes are of all that a memory holds together, rounded up once: cost_required. */
    double need_bits[TENSORS_MAX];
    int64_t tile[TENSORS_MAX];
    /* Given to the inside and taken from there; taken from the outside and given to it; partial
     * sums read to be added to or to go inside again.  Of what stands in the units of the
     * innermost depth the MACs' own are in it: reads of inputs, psum_reads and writes. */
    int64_t reads[TENSORS_MAX], writes[TENSORS_MAX], fills[TENSORS_MAX], drains[TENSORS_MAX],
        psum_reads[TENSORS_MAX];
} MemoryResult;

enum { PLACES_MAX = MEMORIES_MAX + LEVELS_MAX };

/* Traffic between off-chip memory and the global buffer if the buffer keeps, of a
 * tensor, all that the level-0 loops inside `depth` touch. */
typedef struct {
    int64_t footprint, reads, writes;
} OffchipRow;

/* A dim at level 0. */
typedef struct {
    int place; /* of its loop, from the outermost; DIMS_MAX, inside all, if it takes one step */
    int64_t steps;
    int64_t length[2]; /* what all children have outside the loop, and in a step */
    int64_t last;      /* and in the last one */
} OffchipDim;

/* The dims of level 0, and the loops that take several steps: all that what moves at a depth rests
 * on. */
typedef struct {
    OffchipDim row[DIMS_MAX];
    int n_loops, n_maps;                        /* n_maps -1: there is no depth to choose */
    uint8_t dim[DIMS_MAX + 1];                  /* of each loop */
    uint8_t loops[DIMS_MAX + 1];                /* [m]: among the first m maps */
    uint8_t depth[DIMS_MAX + 2];                /* [j]: the first m with j of them */
    int64_t coef[TENSORS_MAX][DIMS_MAX / 2][2]; /* of a tensor's coordinates of two dims */
} OffchipLoops;

/* What moves of every tensor at every depth. */
typedef struct {
    int depths; /* offchip_depths; 0: not filled */
    OffchipRow row[TENSORS_MAX][DIMS_MAX + 1];
} OffchipTable;

/* The depth that is chosen for every tensor: level-0 maps outside of what the buffer keeps of it.
 */
typedef struct {
    int depth[TENSORS_MAX];
    OffchipRow row[TENSORS_MAX];
} OffchipKept;

typedef enum {
    CAUSE_COMPUTE,
    CAUSE_INGRESS,
    CAUSE_EGRESS,
    CAUSE_FILL,
    CAUSE_DRAIN,
    CAUSE_OFFCHIP,
    CAUSE_SETUP,
    CAUSES
} Cause;

typedef enum {
    RESULT_OK,
    RESULT_OVERFLOW,     /* a count does not fit 63 bits */
    RESULT_TOO_MANY_PES, /* the clusters need more PEs than there are (never from checked input) */
    RESULT_RAGGED, /* a long dilated or strided chunk across a SpatialMap: too many pieces to count
                    */
    RESULT_ENTANGLED /* a tensor passes several fan-outs that share its elements in part: no closed
                        form */
} ResultStatus;

typedef struct {
    ResultStatus status;
    int refused_level, refused_tensor; /* of RESULT_ENTANGLED: whose link, and what crosses it */
    int64_t macs;                      /* the product of the extents */
    int64_t copies;                    /* how often each is computed: levels that divide nothing */
    int64_t effectual_macs;            /* those that take time: macs times the inputs' densities */
    int64_t tensor_size[TENSORS_MAX];
    int64_t cycles;                  /* the layer's time */
    int64_t onchip_cycles;           /* without the limit of off-chip memory */
    int64_t offchip_cycles;          /* off-chip traffic over off-chip bandwidth */
    int64_t ideal_cycles;            /* effectual_macs / (pes * lanes), rounded up */
    double utilization;              /* effectual_macs / (cycles * pes * lanes) */
    double active_pes;               /* average over the compute steps */
    int64_t cycles_by_cause[CAUSES]; /* add up to cycles */
    Cause bound_by;                  /* off-chip where it decides, else the largest other cause */

    int n_levels;
    LevelResult level[LEVELS_MAX];

    OffchipLoops outer;  /* on a classic machine, and */
    OffchipKept offchip; /* what moves */

    int64_t l1_required_bytes, l2_required_bytes;
    int64_t buffer_required_bytes[LEVELS_MAX]; /* [l], l >= 1, as Machine.buffer_bytes */
    int64_t l1_reads[TENSORS_MAX], l1_writes[TENSORS_MAX]; /* elements, over all PEs */
    int64_t l2_reads[TENSORS_MAX], l2_writes[TENSORS_MAX];
    double reuse[TENSORS_MAX]; /* MACs per L2 access */

    LinkResult link[LEVELS_MAX];
    MacAccesses mac[TENSORS_MAX];
    int n_places; /* on a hierarchy: memories that hold something, outermost first */
    MemoryResult place[PLACES_MAX];
} Result;

/* Whether each output comes to a hierarchy's root once, when it is done: no partial sum is ever
 * there, neither to go inside again nor to be added to what other units send. */
static inline bool result_comes_once(const Result *result, int output)
{
    return result->link[0].out == result->tensor_size[output];
}

/* Cycles of ingress, egress and compute over the steps of level 0, as last timed. */
typedef enum { DELAY_INGRESS, DELAY_EGRESS, DELAY_COMPUTE, DELAYS } DelayKind;

typedef struct {
    int64_t least[DELAYS], most[DELAYS];
    double mean[DELAYS];
} Delays;

#endif
