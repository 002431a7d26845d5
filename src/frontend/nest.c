/* A Dataflow block to a Nest for one layer: it is cut into levels, whose maps are lowered; then
 * legality is checked. */
#include <string.h>

#include "frontend/lowering.h"
#include "frontend/schema.h"

static bool is_cluster(const Item *item)
{
    return strcmp(item->key, "Cluster") == 0;
}

bool lowering_is_map(const Item *item)
{
    return !is_cluster(item) && !cuts_is_line(item);
}

/* --- cuts --- */

/* The size of a Cluster, the children of the level that it begins. */
static int64_t cluster_size(Lowering *lowering, const Item *item)
{
    int64_t size = 1;
    if (!expr_integer_in(&lowering->scope, ast_args(item), "size of the cluster", 1, MAP_SIZE_MAX,
                         &size)) {
        lowering->wrong = true;
        size = 1;
    }
    return size;
}

bool lowering_has_room(Lowering *lowering, Span span)
{
    const int l = lowering->lowered.n_levels, most = LEVELS_MAX - !lowering->hierarchy;
    if (l == most && !lowering->too_many)
        lowering_wrong(lowering, CHECK_LIMIT, span, "more than %d levels", LEVELS_MAX);
    lowering->too_many |= l == most;
    return !lowering->too_many;
}

/* Ends the level here; `cut` says what its children are. */
static void add_cut(Lowering *lowering, RawLevel *level, Span span, const Level *cut)
{
    if (!lowering_has_room(lowering, span))
        return;
    lowering->cut[lowering->lowered.n_levels] = *cut;
    maps_end_level(lowering, level, span);
}

/* A cut that holds nothing stands for the line until it is placed. */
static void add_auto(Lowering *lowering, RawLevel *level, const Item *item)
{
    Level joint = cuts_none(lowering_layer(lowering));
    Nest *lines = &lowering->lines;
    if (lines->n_autos == AUTOS_MAX)
        lowering_wrong(lowering, CHECK_LIMIT, item->span, "more than %d lines with auto",
                       AUTOS_MAX);
    else
        lines->autos[lines->n_autos++] =
            (AutoPlace){lowering->cuts.automatic, lowering->lowered.n_levels};
    joint.joint = true;
    add_cut(lowering, level, item->span, &joint);
    lowering->cuts.open = false; /* nothing that follows belongs to it */
}

static void add_line(Lowering *lowering, RawLevel *level, const Item *item)
{
    Cuts *cuts = &lowering->cuts;
    int l = lowering->lowered.n_levels;
    Level cut;
    cuts_read(cuts, item, &cut);
    lowering->wrong |= cuts->wrong;
    if (cuts->automatic > 0) {
        add_auto(lowering, level, item);
        return;
    }
    if (!cuts_join(cuts, item, &cut, l > 0 ? &lowering->cut[l - 1] : NULL))
        add_cut(lowering, level, item->span, &cut);
    cuts->open = strcmp(item->key, "Level") != 0;
}

static void say_wrong_form(Lowering *lowering, const Item *item)
{
    const Machine *machine = lowering->machine;
    if (lowering->hierarchy) {
        lowering_wrong(lowering, CHECK_WRONG_FORM, item->span,
                       "Cluster is for machines of the classic form; %s has a Hierarchy",
                       machine->name);
        if (machine->n_fanouts > 0)
            diag_note(lowering->program->diag, SPAN_NONE,
                      "write Fanout(%s) and Buffer(%s) and the like, as dcc-dataflow(5) says",
                      machine->fanout[0].name, machine->memory[machine->n_memories - 1].name);
        return;
    }
    lowering_wrong(lowering, CHECK_WRONG_FORM, item->span,
                   "%s is for machines with a Hierarchy; %s has none", item->key, machine->name);
    diag_note(lowering->program->diag, SPAN_NONE,
              "write Cluster(n), or give the machine a Hierarchy: dcc --as-hierarchy prints one");
}

bool lowering_has_form(Lowering *lowering, const Item *item)
{
    lowering->misformed = lowering->machine != NULL && is_cluster(item) == lowering->hierarchy;
    if (lowering->misformed)
        say_wrong_form(lowering, item);
    return !lowering->misformed;
}

/* --- all of them --- */

bool lowering_is_whole(const Item *item)
{
    const Expr *first = ast_args(item), *second = first != NULL ? first->next : NULL;
    const Expr *names = ast_names(item);
    bool open = first != NULL && first->kind == EXPR_HOLE;
    if (!schema_fits(item, "Dataflow"))
        return false;
    if (strcmp(item->key, "Any") == 0)
        return second == NULL && (item->value != NULL) == (names != NULL);
    if (lowering_is_map(item))
        return first != NULL && (second != NULL ? second->next == NULL : open) && names != NULL &&
               names->next == NULL;
    if (strcmp(item->key, "Level") == 0)
        return first == NULL && names == NULL;
    bool named = is_cluster(item) || (first != NULL && first->kind == EXPR_WORD);
    if (strcmp(item->key, "Buffer") == 0)
        return named && second == NULL;
    return first != NULL && named && names == NULL && (second == NULL || second->next == NULL);
}

static void read_item(Lowering *lowering, RawLevel *level, const Item *item)
{
    if (lowering_is_map(item)) {
        maps_add(lowering, level, item);
        lowering->cuts.open = false;
    } else if (!lowering_has_form(lowering, item)) {
        return;
    } else if (is_cluster(item)) {
        Level cut = {.children = cluster_size(lowering, item)};
        add_cut(lowering, level, item->span, &cut);
    } else {
        add_line(lowering, level, item);
    }
}

/* On a hierarchy the maps behind the last cut are a level, if there are any. */
static void end_levels(Lowering *lowering, RawLevel *level, Span last)
{
    int l = lowering->lowered.n_levels;
    if (!lowering->hierarchy) {
        maps_end_level(lowering, level, last);
        return;
    }
    Level none = cuts_none(lowering_layer(lowering));
    bool joint = l > 0 && lowering->cut[l - 1].joint;
    if (l == 0 || level->n > 0 || level->unknown || joint)
        add_cut(lowering, level, level->n > 0 ? level->raw[0].item->span : last, &none);
    if (!lowering->wrong)
        cuts_idle(&lowering->cuts, lowering->lowered.dataflow);
}

/* Behind a line of the other form nothing is judged: where levels end is not known. */
static void read_levels(Lowering *lowering)
{
    RawLevel level = {0};
    const Item *dataflow = lowering->lowered.dataflow;
    Span last = ast_head(dataflow);
    for (const Item *item = dataflow->body; item != NULL && !lowering->misformed;
         item = item->next) {
        if (!lowering_is_whole(item)) {
            lowering->wrong = level.unknown = true;
            continue;
        }
        read_item(lowering, &level, item);
        if (!lowering_is_map(item))
            last = item->span;
    }
    end_levels(lowering, &level, last);
}

/* A Cluster is of the level that it begins, a line of cuts.h of the level that it ends. */
void lowering_nest(const Lowering *lowering, Nest *nest)
{
    const Lowered *lowered = &lowering->lowered;
    *nest = (Nest){.n_levels = lowered->n_levels, .n_autos = lowering->lines.n_autos};
    memcpy(nest->autos, lowering->lines.autos, sizeof nest->autos);
    for (int l = 0; l < lowered->n_levels; l++) {
        const LoweredLevel *level = &lowered->level[l];
        if (lowering->hierarchy)
            nest->level[l] = lowering->cut[l];
        else
            nest->level[l].children = l > 0 ? lowering->cut[l - 1].children : 0;
        nest->level[l].n_maps = level->n_maps;
        for (int i = 0; i < level->n_maps; i++)
            nest->level[l].map[i] = level->map[i].map;
    }
}

/* In a legal nest only a map of one chunk can have another offset, which means nothing. */
static void set_offsets(Nest *nest)
{
    for (int l = 0; l < nest->n_levels; l++)
        for (int i = 0; i < nest->level[l].n_maps; i++)
            nest->level[l].map[i].offset = nest->level[l].map[i].size;
}

void lowering_begin(Lowering *lowering, const Trees *program, const ProgramFile *file,
                    const Item *dataflow, const LayerInfo *info, const Machine *machine)
{
    *lowering = (Lowering){.program = program,
                           .machine = machine,
                           .wrong = dataflow->broken || dataflow->body == NULL};
    lowering->hierarchy = machine != NULL ? machine->n_memories > 0 : cuts_has_line(dataflow);
    lowering->scope = (ExprScope){.constants = file->constants,
                                  .diag = program->diag,
                                  .layer = info->layer.name,
                                  .generation = info->number,
                                  .size = maps_size,
                                  .window = maps_window,
                                  .data = info};
    lowering->lowered.info = info;
    lowering->lowered.dataflow = dataflow;
    lowering->lowered.diag = program->diag;
    for (int d = 0; d < info->layer.op.n_dims; d++)
        lowering->interval[d] = lowering->mapped[d] = info->layer.extent[d];
    lowering->cuts =
        cuts_new(program->diag, &lowering->scope, info, lowering->hierarchy ? machine : NULL);
}

/* The levels as they are written, and their numbers; false after reporting.  Of a dataflow with
 * holes nothing is read. */
static bool lower_levels(Lowering *lowering, const Trees *program, const ProgramFile *file,
                         const Item *dataflow, const LayerInfo *info, const Machine *machine,
                         Nest *nest)
{
    lowering_begin(lowering, program, file, dataflow, info, machine);
    lowering->misformed = holes_refuse(dataflow, program->diag);
    lowering->wrong |= lowering->misformed;
    read_levels(lowering);
    lowering_nest(lowering, nest);
    return !lowering->wrong;
}

bool lower_maps(const Trees *program, const ProgramFile *file, const Item *dataflow,
                const LayerInfo *info, const Machine *machine, Nest *maps)
{
    Lowering lowering;
    return lower_levels(&lowering, program, file, dataflow, info, machine, maps);
}

NestFault lower_place(const Layer *layer, const Nest *maps, int64_t pes, Nest *nest)
{
    nest_copy(nest, maps);
    nest->level[0].children = nest_children(nest, pes);
    NestFault fault = nest_check(layer, nest, NULL);
    set_offsets(nest);
    return fault;
}

bool lower_nest(const Trees *program, const ProgramFile *file, const Item *dataflow,
                const LayerInfo *info, const Machine *machine, Nest *nest)
{
    Lowering lowering;
    bool whole = lower_levels(&lowering, program, file, dataflow, info, machine, nest);
    bool no_levels = dataflow->broken || dataflow->body == NULL;
    if (!whole && (no_levels || lowering.too_many || lowering.misformed))
        return false;
    int64_t pes = machine != NULL ? machine->pes : INT32_MAX;
    lowering.lowered.level[0].doubtful |= machine == NULL;
    if (!lowering.hierarchy)
        nest->level[0].children = nest_children(nest, pes);
    if (!legal_check(&lowering.lowered, nest, pes, lowering.cuts.machine) || !whole)
        return false;
    set_offsets(nest);
    return true;
}
