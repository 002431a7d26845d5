/* What moves in a skeleton, and what an element of it costs: the model behind the bound.  Energies
 * are found by asking cost_layer, whose sum is linear in the counts, for one count after the other;
 * no rule of it stands here. */
#ifndef DCC_MAP_TRAFFIC_H
#define DCC_MAP_TRAFFIC_H

#include "engine/cluster.h"
#include "ir/technology.h"
#include "map/skeleton.h"

enum { TRAFFICS_MAX = (SKELETON_LEVELS + 1) * TENSORS_MAX };

/* A tensor between two units that hold it, one inside the other; or, streamed, between the
 * innermost that holds it and the MACs.  Energies in pJ an element. */
typedef struct {
    int tensor;
    int home, holder; /* depths; holder of what is streamed: n_levels */
    bool stream;
    bool merges; /* what units inside ask for together is moved once */
    bool first;  /* outputs: no units further out share an element, so that it comes to the home
                    without a partial sum once */
    /* Inputs: elements that leave the home, and that come to all holders.  Outputs: elements that
     * come to the home, and that leave all holders. */
    double near, far;
    double back;             /* an output's partial sum that goes inside again */
    double again;            /* an output that is added up at the home on its arrival */
    double shared[DIMS_MAX]; /* units outside the skeleton that one element goes to, by the dim that
                                they divide; 1 */
    bool wants_near, wants_far, wants_back; /* something costs energy or time */
} Traffic;

/* Something that moves so many elements a cycle. */
typedef struct {
    int depth;                                /* of the units that have one each */
    double in[TENSORS_MAX], out[TENSORS_MAX]; /* cycles an element; 0: does not pass */
    double credit;   /* cycles that outputs are shorter on their way to a root that come once */
    double narrowed; /* cycles of one that is finished, over those of another; 1 */
    bool shared;     /* both ways together */
    bool apart;      /* each tensor has its own */
    int level;       /* of a link; -1: a port of the units' memories */
} Channel;

enum { CHANNELS_MAX = 2 * SKELETON_LEVELS + MEMORIES_MAX };

typedef struct {
    const Layer *layer;
    const Machine *machine;
    const Technology *technology; /* or NULL: there is no energy */
    const Skeleton *skeleton;
    const Shape *shape;
    int n;
    Traffic traffic[TRAFFICS_MAX];
    double least_pj; /* of the MACs, and of what crosses the border of a classic chip */
    double pj_cycle; /* what leaks */
    int n_channels;
    Channel channel[CHANNELS_MAX];
    double offchip_cycles;          /* of a classic machine, for what crosses in any case */
    double offchip_pj[TENSORS_MAX]; /* of an element that comes once more, and of an output
                                       goes once more, too */
    double offchip_bytes[TENSORS_MAX];
    unsigned homes; /* depths, a bit for each */
} TrafficModel;

/* Where tensors are held, on which the energies depend, and nothing that is mapped. */
typedef struct {
    int n_levels;
    struct {
        int fanout;
        unsigned held;
        bool rest;
        int8_t memory[TENSORS_MAX];
    } level[SKELETON_LEVELS];
} Holding;

typedef struct {
    Holding of; /* n_levels 0: nothing yet */
    struct {
        double near, far, back, again;
    } traffic[TRAFFICS_MAX];
    double least_pj, offchip_pj[TENSORS_MAX];
} TrafficEnergies;

/* Energies that were found, of one layer on one machine; all 0 at first. */
typedef struct {
    TrafficEnergies slot[256];
} TrafficStore;

/* Whether the tensor passes it. */
bool channel_takes(const Channel *channel, const Traffic *traffic);

void traffic_model(const Layer *layer, const Machine *machine, const Technology *technology,
                   const Shape *shape, const Skeleton *skeleton, TrafficStore *store,
                   TrafficModel *model);

#endif
