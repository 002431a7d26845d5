/* What the files of the graph have in common. */
#ifndef DCC_SCHED_GRAPH_PARTS_H
#define DCC_SCHED_GRAPH_PARTS_H

#include "sched/graph.h"
#include "sched/runs.h"

/* How a consumer's input is laid over a producer's output. */
typedef enum { VIEW_IMAGE, VIEW_SAME, VIEW_WHOLE } View;

typedef struct {
    View view;
    int64_t offset;     /* of this part in the channels, or the last coordinate */
    unsigned broadcast; /* coordinates of which the producer has one for all, a bit for each */
} EdgeView;

/* A set of elements: the product of sets of coordinates. */
typedef struct {
    int n;
    Runs *runs[COORDS_MAX];
} Region;

void region_clear(Region *region);

/* Looks at the shapes along all edges: view[edge].  False with *fault set. */
bool shapes_check(const GraphRequest *request, EdgeView *view, GraphFault *fault);

/* Extent of a coordinate of a layer's tensor: of an input without padding, as its producer or it
 * itself says. */
int64_t shape_extent(const GraphLayer *layer, int tensor, int coord);

/* What a box needs of a tensor, coordinate by coordinate; what it makes, of an output.  Extents of
 * inputs are shape_extent's. */
bool region_of_box(const GraphLayer *layer, const GraphBox *box, int tensor, Region *region);

/* What a box needs of an edge's producer, and what a box of that makes: both as an image, if it is
 * one. */
bool region_of_edge(const GraphRequest *request, int edge, const EdgeView *view,
                    const GraphBox *box, Region *region);
bool region_of_maker(const GraphLayer *layer, const GraphBox *box, Region *region);

/* Pieces in the making. */
typedef struct {
    GArray *pieces;  /* of PlanPiece, whose readers are in `readers` so far */
    GArray *about;   /* of GraphPiece */
    GArray *readers; /* of int, all pieces' one after the other */
    GArray *begin;   /* of guint, by piece: its first reader there */
} PieceList;

/* Keeps the pieces of a layer, those of the list from `from` on; adds those that were kept of it,
 * of the same cuts of it and its readers: false if there are none. */
void graph_memo_keep(GraphMemo *memo, const GraphRequest *request, int layer, const Graph *graph,
                     const PieceList *list, guint from);
bool graph_memo_take(const GraphMemo *memo, const GraphRequest *request, int layer,
                     const Graph *graph, PieceList *list);

/* Whether a layer makes that input of the layer. */
bool graph_is_fed(const GraphRequest *request, int layer, int tensor);

/* What readers need of what a maker has (or of all that they need: maker NULL), in classes of
 * elements that the same ones need. */
typedef struct {
    GArray *readers; /* of int: numbers of regions; owned */
    int64_t elements;
} RegionClass;

/* GArray of RegionClass, in the order of their first elements; the class of none is among them
 * where there is a maker.  NULL: a count does not fit. */
GArray *region_classes(const Region *maker, const Region *const *reader, int n);
void region_classes_free(GArray *classes);

#endif
