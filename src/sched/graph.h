/* A network as nodes: boxes of its layers' outputs, and the pieces of tensors that they give each
 * other.  A node needs the image of its box in its layer's inputs, exactly: index
 *
 *     (stride * y + dilation * r - before) / spread
 *
 * of rows and columns, where there is one; what falls outside the tensor is padding, which nobody
 * makes.
 *
 * Along an edge tensors of four coordinates and more are images: batch, channels (all between,
 * flattened), rows, columns; others are compared coordinate by coordinate.  Where only the number
 * of elements agrees, as where a layer in between gave them another shape, a node needs all of
 * them. */
#ifndef DCC_SCHED_GRAPH_H
#define DCC_SCHED_GRAPH_H

#include <glib.h>

#include "ir/edge.h"
#include "ir/layer.h"
#include "sched/plan.h"

enum { GRAPH_NODES_MAX = 1 << 17, GRAPH_PIECES_MAX = 1 << 20 };

/* A cut of a dim into parts of ceil(extent / parts), the last one smaller. */
typedef struct {
    int dim; /* of the output */
    int64_t parts;
} GraphCut;

typedef struct {
    const Layer *layer;
    int64_t before[TENSORS_MAX][COORDS_MAX]; /* padding before, of an input's coordinate */
    int64_t spread[TENSORS_MAX][COORDS_MAX]; /* 1; more where the input is spread by a stride */
    int64_t given[TENSORS_MAX][COORDS_MAX];  /* its extent without padding, if the layer gives it */
    int n_cuts;
    GraphCut cut[DIMS_MAX]; /* the first one outermost */
} GraphLayer;

/* What graphs of the same layers, edges and images have in common. */
typedef struct GraphMemo GraphMemo;

GraphMemo *graph_memo_new(void);
void graph_memo_free(GraphMemo *memo);

typedef struct {
    const GraphLayer *layer; /* in the order written */
    int n_layers;
    const Edge *edge;
    int n_edges;
    int images;      /* how often the network runs, at least 1 */
    GraphMemo *memo; /* of other graphs of the same layers with other cuts; or NULL */
} GraphRequest;

/* A node's box: [low, high) of each of its layer's dims. */
typedef struct {
    int64_t low[DIMS_MAX], high[DIMS_MAX];
} GraphBox;

typedef struct {
    int layer, image;
    int number; /* of its box among the layer's */
    GraphBox box;
} GraphNode;

/* What a piece is of: the tensor of a layer that makes it, or that alone reads it. */
typedef struct {
    int layer, tensor, image; /* image -1: weights, of all images */
} GraphPiece;

typedef enum {
    GRAPH_OK,
    GRAPH_MISMATCH, /* shapes along an edge */
    GRAPH_TOO_MANY, /* nodes or pieces */
    GRAPH_RAGGED,   /* an image of too many runs */
    GRAPH_OVERFLOW  /* a number of elements does not fit 63 bits */
} GraphStatus;

/* Of a mismatch: the consumer wants `least` to `most` of `what`, the producer, or all of them
 * together, has another number.  Else the layer. */
typedef struct {
    GraphStatus status;
    int edge; /* number in the request; -1 */
    int layer;
    const char *what; /* "rows", "channels", ...; static text */
    int64_t least, most, has;
} GraphFault;

typedef struct {
    PlanGraph plan;  /* Plan.bits has row layer * TENSORS_MAX + tensor of a piece */
    GraphNode *node; /* by node: image by image, layers makers first, boxes in order */
    GraphPiece *piece;
    int *depth;       /* by node: of its layer, from the network's inputs */
    int *image;       /* by node */
    int *layer_order; /* layers, makers first, else as written */
    int *first;       /* by layer: its first node of image 0 */
    int *count;       /* by layer: its nodes of an image */
    int n_layers, per_image;
    int *reader, *need, *make; /* what the plan's nodes and pieces point into */
} Graph;

/* False with *fault set.  To be freed. */
Graph *graph_new(const GraphRequest *request, GraphFault *fault);
void graph_free(Graph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Graph, graph_free)

/* How many boxes the cuts of a layer come to (more than GRAPH_NODES_MAX: that and one), and the
 * i-th of them, the last cut fastest. */
int graph_boxes(const GraphLayer *layer);
GraphBox graph_box(const GraphLayer *layer, int64_t i);

/* Extents of a box, by dim. */
void graph_extents(const Layer *layer, const GraphBox *box, int64_t extent[DIMS_MAX]);

#endif
