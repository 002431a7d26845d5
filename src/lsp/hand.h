/* The layer at hand: what a dataflow or an expression is looked at with. */
#ifndef DCC_LSP_HAND_H
#define DCC_LSP_HAND_H

#include "lsp/revision.h"
#include "run/entry.h"

typedef struct {
    const Program *program;
    guint number; /* of the layer */
    LayerInfo info;
    Place dataflow; /* that it takes; item NULL: none */
    bool mapped;    /* the dataflow is legal: the job has its nest */
    bool timed;     /* there is a machine as well, and the entry has its result */
    Job job;
    ReportEntry entry;
} Hand;

/* The first layer that takes the dataflow, one that it can map if there is one; dataflow NULL: the
 * first of all.  NULL: there is none.  Nothing is reported. */
Hand *hand_new(Revision *revision, const Item *dataflow);

/* That layer block. */
Hand *hand_of_layer(Revision *revision, const Item *layer);

void hand_free(Hand *hand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hand, hand_free)

/* The level and the number in it of what a directive has come to, the dim being that of the loop;
 * false: it has come to nothing. */
bool hand_map(const Hand *hand, const Item *directive, int *level, int *map);

#endif
