/* What one step of one parent moves.
 *
 * What a child has there already is the overlap of the images of its box and of the box before; the
 * rest is new.  Images and overlaps are products over a tensor's coordinates. */
#ifndef DCC_ENGINE_VOLUMES_H
#define DCC_ENGINE_VOLUMES_H

#include "engine/children.h"

/* Elements that move in one step, for each way in which a NoC may share them.  `tile` is what the
 * first child has, the largest; `joined` the union of what all have.  An output tile stays in a
 * child until the next one comes in; `stays` counts those that come in, all of which go up again.
 */
typedef struct {
    int64_t in_shared[TENSORS_MAX];   /* read once for all children that want them (multicast) */
    int64_t in_each[TENSORS_MAX];     /* once per child; the output's are partial sums: one child */
    int64_t all_shared, all_each;     /* sums of the two over the tensors; -1: they overflow */
    int64_t out_shared, out_each;     /* with and without spatial reduction */
    int64_t stays_shared, stays_each; /* of output tiles that come in, likewise */
    int64_t tile[TENSORS_MAX], joined[TENSORS_MAX];
    int64_t fresh;   /* outputs of the first child that are worked on for the first time */
    int64_t working; /* children */
    int64_t macs;    /* of the largest child */
    int64_t macs_all;
    bool ragged; /* could not be counted */
} Volumes;

/* The step that the parent's loops are at. */
void volumes_count(const Parent *parent, Volumes *volumes);

/* After it, where the children are PEs: what they do not hold comes MAC by MAC. */
void volumes_stream(const Parent *parent, Volumes *volumes);

/* Sets all_shared and all_each. */
void volumes_sums(int n_tensors, Volumes *volumes);

#endif
