/* Pieces of a layer as they were made before, by its cuts and those of its readers: nodes by layer
 * and number, which the rest of the network does not move. */
#include <string.h>

#include "sched/graph_parts.h"

typedef struct {
    int layer, number, image;
} Reader;

/* Of one layer; makers are numbers of boxes. */
typedef struct {
    guint n_pieces, n_readers;
    PlanPiece *piece;
    GraphPiece *about;
    guint *begin; /* by piece: its first reader */
    Reader *reader;
} Block;

enum { KEPT_MOST = 1 << 20 /* pieces, before all are forgotten */ };

struct GraphMemo {
    guint kept;         /* pieces */
    GHashTable *blocks; /* GBytes -> Block */
};

static void block_free(gpointer data)
{
    Block *block = data;
    g_free(block->piece);
    g_free(block->about);
    g_free(block->begin);
    g_free(block->reader);
    g_free(block);
}

GraphMemo *graph_memo_new(void)
{
    GraphMemo *memo = g_new0(GraphMemo, 1);
    memo->blocks = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
                                         (GDestroyNotify) g_bytes_unref, block_free);
    return memo;
}

void graph_memo_free(GraphMemo *memo)
{
    g_hash_table_destroy(memo->blocks);
    g_free(memo);
}

static void add_cuts(GByteArray *key, const GraphLayer *layer)
{
    int64_t n = layer->n_cuts;
    g_byte_array_append(key, (const guint8 *) &n, sizeof n);
    for (int c = 0; c < layer->n_cuts; c++) {
        int64_t cut[] = {layer->cut[c].dim, layer->cut[c].parts};
        g_byte_array_append(key, (const guint8 *) cut, sizeof cut);
    }
}

static GBytes *key_of(const GraphRequest *request, int l)
{
    GByteArray *key = g_byte_array_new();
    g_byte_array_append(key, (const guint8 *) &l, sizeof l);
    add_cuts(key, &request->layer[l]);
    for (int e = 0; e < request->n_edges; e++)
        if (request->edge[e].producer == l)
            add_cuts(key, &request->layer[request->edge[e].consumer]);
    return g_byte_array_free_to_bytes(key);
}

void graph_memo_keep(GraphMemo *memo, const GraphRequest *request, int l, const Graph *graph,
                     const PieceList *list, guint from)
{
    guint first =
        from < list->begin->len ? g_array_index(list->begin, guint, from) : list->readers->len;
    Block *block = g_new(Block, 1);
    *block = (Block){list->pieces->len - from,
                     list->readers->len - first,
                     g_new(PlanPiece, list->pieces->len - from + 1),
                     g_new(GraphPiece, list->pieces->len - from + 1),
                     g_new(guint, list->pieces->len - from + 1),
                     g_new(Reader, list->readers->len - first + 1)};
    for (guint i = 0; i < block->n_pieces; i++) {
        block->piece[i] = g_array_index(list->pieces, PlanPiece, from + i);
        block->about[i] = g_array_index(list->about, GraphPiece, from + i);
        block->begin[i] = g_array_index(list->begin, guint, from + i) - first;
        if (block->piece[i].maker >= 0)
            block->piece[i].maker = graph->node[block->piece[i].maker].number;
    }
    for (guint i = 0; i < block->n_readers; i++) {
        const GraphNode *node = &graph->node[g_array_index(list->readers, int, first + i)];
        block->reader[i] = (Reader){node->layer, node->number, node->image};
    }
    if (memo->kept > KEPT_MOST) {
        g_hash_table_remove_all(memo->blocks);
        memo->kept = 0;
    }
    memo->kept += block->n_pieces;
    g_hash_table_insert(memo->blocks, key_of(request, l), block);
}

bool graph_memo_take(const GraphMemo *memo, const GraphRequest *request, int l, const Graph *graph,
                     PieceList *list)
{
    GBytes *key = key_of(request, l);
    const Block *block = g_hash_table_lookup(memo->blocks, key);
    g_bytes_unref(key);
    if (block == NULL || list->pieces->len + block->n_pieces > GRAPH_PIECES_MAX)
        return false;
    guint first = list->readers->len;
    g_array_append_vals(list->about, block->about, block->n_pieces);
    for (guint i = 0; i < block->n_pieces; i++) {
        PlanPiece piece = block->piece[i];
        guint begin = first + block->begin[i];
        if (piece.maker >= 0)
            piece.maker += graph->first[l];
        g_array_append_val(list->pieces, piece);
        g_array_append_val(list->begin, begin);
    }
    for (guint i = 0; i < block->n_readers; i++) {
        const Reader *reader = &block->reader[i];
        int node = graph->first[reader->layer] + reader->number + reader->image * graph->per_image;
        g_array_append_val(list->readers, node);
    }
    return true;
}
