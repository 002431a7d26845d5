/* What has been lowered for its mistakes is lowered again, quietly. */
#include "lsp/hand.h"

#include <string.h>

#include "frontend/lowering.h"

/* ---- a layer and its dataflow ---- */

static bool read_layer(Hand *hand)
{
    const Program *program = hand->program;
    Place place = g_array_index(program->layers, Place, hand->number);
    if (!lower_layer(program->trees, program_file(program, place), place.item, &hand->info))
        return false;
    hand->info.number = hand->number + 1;
    if (!job_dataflow(program, hand->number, &hand->info, 0, &hand->dataflow))
        hand->dataflow.item = NULL;
    return true;
}

static void evaluate(Hand *hand)
{
    Job *job = &hand->job;
    ReportEntry *entry = &hand->entry;
    Workspace *ws = workspace_new();
    entry_start(entry, job->dataflow, &job->layer, &job->nest, &job->machine);
    entry_evaluate(entry, NULL, ws);
    hand->timed = entry->status == ENTRY_EVALUATED;
    workspace_free(ws);
}

/* Onto the machine, or, if there is none, as it is written. */
static void map_layer(Hand *hand)
{
    const Program *program = hand->program;
    Job *job = &hand->job;
    if (hand->dataflow.item == NULL)
        return;
    if (program->usable) {
        hand->mapped = job_lower(program, hand->number, 0, job) && job->legal;
        if (hand->mapped)
            evaluate(hand);
        return;
    }
    hand->mapped = lower_nest(program->trees, program_file(program, hand->dataflow),
                              hand->dataflow.item, &hand->info, NULL, &job->nest);
    job->layer = hand->info.layer;
    entry_start(&hand->entry, "", &job->layer, &job->nest, NULL);
}

/* Looks through the layers; `fits` says which are meant. */
static bool find(Hand *hand, const Item *dataflow, bool mapped)
{
    for (hand->number = 0; hand->number < hand->program->layers->len; hand->number++) {
        if (!read_layer(hand) || (dataflow != NULL && hand->dataflow.item != dataflow))
            continue;
        if (mapped)
            map_layer(hand);
        if (hand->mapped || !mapped)
            return true;
    }
    return false;
}

static Hand *hand_begin(Revision *revision)
{
    if (revision->program == NULL)
        return NULL;
    revision_check(revision); /* what is looked at quietly is not reported later */
    Hand *hand = g_new0(Hand, 1);
    hand->program = revision->program;
    diag_quiet(revision->diag, true);
    return hand;
}

static Hand *hand_end(Hand *hand, bool found)
{
    diag_quiet(hand->program->trees->diag, false);
    if (found)
        return hand;
    hand_free(hand);
    return NULL;
}

Hand *hand_new(Revision *revision, const Item *dataflow)
{
    Hand *hand = hand_begin(revision);
    if (hand == NULL)
        return NULL;
    bool found = (dataflow != NULL && find(hand, dataflow, true)) || find(hand, dataflow, false);
    return hand_end(hand, found);
}

Hand *hand_of_layer(Revision *revision, const Item *layer)
{
    Hand *hand = hand_begin(revision);
    if (hand == NULL)
        return NULL;
    const GArray *layers = hand->program->layers;
    while (hand->number < layers->len && g_array_index(layers, Place, hand->number).item != layer)
        hand->number++;
    bool found = hand->number < layers->len && read_layer(hand);
    if (found)
        map_layer(hand);
    return hand_end(hand, found);
}

void hand_free(Hand *hand)
{
    g_free(hand);
}

/* ---- directives ---- */

/* The dim that a map of it comes to, -1 if the operator does not have it. */
static int loop_dim(const Hand *hand, const Item *directive)
{
    const char *name = ast_more(directive)->name;
    const OperatorInfo *op = hand->info.info;
    if (directive->kind != ITEM_CALL || !lowering_is_map(directive) || name == NULL)
        return -1;
    int dim = operator_dim(&op->op, name), derived = operator_derived(op, name);
    return dim >= 0 ? dim : derived >= 0 ? op->derived[derived].out : -1;
}

/* A level maps a dim once, so that the maps of a dim are those of the levels that have one. */
bool hand_map(const Hand *hand, const Item *directive, int *level, int *map)
{
    const Nest *nest = &hand->job.nest;
    int dim = loop_dim(hand, directive), before = 0;
    if (dim < 0 || !hand->mapped)
        return false;
    for (const Item *item = hand->dataflow.item->body; item != directive; item = item->next) {
        if (item == NULL)
            return false;
        before += loop_dim(hand, item) == dim;
    }
    for (*level = 0; *level < nest->n_levels; ++*level)
        for (*map = 0; *map < nest->level[*level].n_maps; ++*map)
            if (nest->level[*level].map[*map].dim == dim && before-- == 0)
                return true;
    return false;
}
