/* What the children of a level share of a tensor at one time. */
#ifndef DCC_REPORT_ACROSS_H
#define DCC_REPORT_ACROSS_H

#include "report/scope.h"

/* The tiles that units so many levels inside the parents hold; or, streamed, what the MACs ask for
 * there. */
typedef struct {
    const Scope *scope; /* of each level, from the outermost: across whose children */
    int levels;
    bool streamed;
} Tiles;

/* Owned by the caller. */
GString *reuse_across_children(const Tiles *tiles, const Tensor *tensor);

#endif
