/* What nodes, pieces, places and splits are called. */
#include <math.h>
#include <string.h>

#include "sched/show.h"

#define I64 "%" G_GINT64_FORMAT

void show_node(const Show *show, int node, GString *out)
{
    const Graph *graph = show->chosen->plan.graph;
    const GraphNode *at = &graph->node[node];
    g_string_append(out, show->problem->fleet->layer[at->layer].layer.name);
    if (graph->count[at->layer] > 1)
        g_string_append_printf(out, "[%d]", at->number);
    if (show->problem->images > 1)
        g_string_append_printf(out, " of image %d", at->image);
}

void show_piece(const Show *show, int piece, GString *out)
{
    const Graph *graph = show->chosen->plan.graph;
    const GraphPiece *about = &graph->piece[piece];
    const Layer *layer = &show->problem->fleet->layer[about->layer].layer;
    if (graph->plan.piece[piece].maker >= 0)
        show_node(show, graph->plan.piece[piece].maker, out);
    else
        g_string_append_printf(out, "%s of %s", layer->op.tensor[about->tensor].name, layer->name);
}

const char *show_place(const Show *show, int place)
{
    return place < show->problem->system.n_cores ? fleet_core(show->problem->fleet, place)->name
                                                 : "OffChip";
}

const char *show_link(const Show *show, int link)
{
    const GArray *links = show->problem->fleet->system.links;
    return link < (int) links->len ? g_array_index(links, SystemLink, (guint) link).name
                                   : "OffChip";
}

double show_interval(const Show *show)
{
    const Problem *problem = show->problem;
    int images = problem->images, from = (images - 1) / 2;
    g_autofree int64_t *end = g_new0(int64_t, images);
    for (int n = 0; n < show->chosen->plan.graph->plan.n_nodes; n++) {
        int64_t *last = &end[show->chosen->plan.graph->node[n].image];
        *last = MAX(*last, show->chosen->timeline.end[n]);
    }
    for (int i = 1; i < images; i++) /* an image may overtake another */
        end[i] = MAX(end[i], end[i - 1]);
    return images > 1 ? (double) (end[images - 1] - end[from]) / (images - 1 - from) : NAN;
}

const ProblemSplit *show_split_of(const Show *show, int layer)
{
    return problem_split(show->problem, show->chosen->choice, layer);
}

int show_core_number(const Show *show, int layer, int i)
{
    const ProblemLayer *of = &show->problem->layer[layer];
    const ProblemSplit *split = show_split_of(show, layer);
    int place = split->dealt ? i : of->option[show->chosen->choice[layer]].place;
    return split->core[place];
}

const char *show_core(const Show *show, int layer, int i)
{
    return show_place(show, show_core_number(show, layer, i));
}

int64_t show_peak(const Show *show, int core)
{
    int64_t peak = 0;
    for (int m = 0; m < show->problem->system.core[core].n_memories; m++) {
        int64_t bits = show->chosen->timeline.peak[core * PLAN_MEMORIES_MAX + m];
        peak += bits / 8 + (bits % 8 > 0);
    }
    return peak;
}

void show_split(const Show *show, int layer, GString *out)
{
    const ProblemSplit *split = show_split_of(show, layer);
    const Layer *of = &show->problem->fleet->layer[layer].layer;
    for (int c = 0; c < split->n_cuts; c++) {
        const GraphCut *cut = &split->cut[c];
        g_string_append_printf(out, "%s%s ", c > 0 ? ", " : "", of->op.dim[cut->dim]);
        if (cut->parts == of->extent[cut->dim])
            g_string_append(out, "all");
        else
            g_string_append_printf(out, I64, cut->parts);
    }
    if (split->n_cuts == 0)
        g_string_append(out, "none");
}

const char *show_priority(const Show *show)
{
    static const char *const names[] = {"latency", "memory", "ready"};
    return names[show->chosen->priority];
}
