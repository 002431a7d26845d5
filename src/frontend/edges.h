/* Where the layers of a network read their inputs: `From: a, b;`, `From { A: x; B: y }`. */
#ifndef DCC_FRONTEND_EDGES_H
#define DCC_FRONTEND_EDGES_H

#include "frontend/check.h"
#include "ir/edge.h"

/* With the place to point at when it is wrong. */
typedef struct {
    Edge edge;
    Span span; /* the producer's name in the From; in a chain, the consumer's own */
} EdgeInfo;

typedef struct {
    GPtrArray *layers; /* of const Item *: the network's, in the order written */
    GArray *list;      /* of EdgeInfo, by consumer; an input that none is of is the network's */
    bool chain;        /* no layer says From: each reads the one before, where it has an input */
    bool wrong;        /* something was reported */
} Edges;

/* Reads and checks the edges of a Network block; what is wrong is reported, and is no edge.  Shapes
 * are not looked at.  Free with edges_free. */
Edges *edges_read(const Trees *program, const Item *network);
void edges_free(Edges *edges);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Edges, edges_free)

/* The check over the trees. */
void edges_check(const Trees *program, const ProgramFile *file, const Item *network);

#endif
