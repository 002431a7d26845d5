/* A Dataflow block to a Nest for one layer: levels are cut, sizes worked out, maps of derived
 * dims lowered with nominal sizes, then legality is checked. */
#include <string.h>

#include "frontend/cuts.h"
#include "frontend/legal.h"
#include "frontend/schema.h"

#define I64 "%" G_GINT64_FORMAT

static const int64_t MAP_SIZE_MAX = INT32_MAX;

/* A dataflow while it is lowered; sizes are nominal, never clipped. */
typedef struct {
    const Trees *program;
    ExprScope scope;
    Lowered lowered;
    const Machine *machine; /* or NULL */
    bool hierarchy;         /* levels end with the lines of cuts.h, not with Clusters */
    bool misformed;         /* there are lines of the other form */
    bool too_many;          /* levels: those beyond are left out */
    Cuts cuts;
    Level cut[LEVELS_MAX];      /* what ends each level, without its maps */
    Nest lines;                 /* its autos alone */
    int64_t interval[DIMS_MAX]; /* what a parent of the level owns */
    int64_t mapped[DIMS_MAX];   /* size in the nearest level that maps it, ... */
    const Item *by[DIMS_MAX];   /* ... and that map, or NULL */
    bool doubtful[DIMS_MAX];    /* how it is cut rests on a mistake that has been reported */
    bool unsure[DIMS_MAX];      /* a map that cannot be told may be of it */
    bool wrong;
} Lowering;

/* A directive with its numbers, before derived dims are lowered. */
typedef struct {
    const Item *item;
    int dim, derived; /* one of them is -1 */
    int64_t size, offset;
} Raw;

/* After a mistake the level goes on without that map, and what may follow from it is not said. */
typedef struct {
    int n;
    Raw raw[2 * DIMS_MAX];
    bool unknown;            /* a map of it cannot be told */
    bool doubtful[DIMS_MAX]; /* the map of this dim cannot */
} RawLevel;

static const LayerInfo *layer_of(const Lowering *lowering)
{
    return lowering->lowered.info;
}

static void wrong(Lowering *lowering, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void wrong(Lowering *lowering, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(lowering->program->diag, check, span, format, args);
    va_end(args);
    lowering->wrong = true;
}

/* --- what expressions may ask --- */

static void unknown_dim(const LayerInfo *info, Diag *diag, Span span, const char *name)
{
    diag_report(diag, CHECK_UNKNOWN_DIM, span, "no dimension '%s' in %s (layer %s)%s", name,
                info->layer.op.type, info->layer.name, operator_dim_hint(info->info, name, diag));
    operator_dim_note(info->info, diag);
}

static void missing_dim(const LayerInfo *info, Diag *diag, Span span, const char *name)
{
    diag_report(diag, CHECK_MISSING_DIM, span, "layer %s does not give %s", info->layer.name, name);
    diag_note(diag, info->span, "add %s to its Dimensions", name);
}

static void wrong_window(const LayerInfo *info, Diag *diag, Span span, const char *name)
{
    const char *names[DIMS_MAX];
    for (int i = 0; i < info->info->n_derived; i++)
        names[i] = info->layer.op.dim[info->info->derived[i].window];
    diag_report(diag, CHECK_UNKNOWN_DIM, span, "'%s' is no dim of a window of %s (layer %s)%s",
                name, info->layer.op.type, info->layer.name,
                diag_hint(diag, name, names, (size_t) info->info->n_derived));
}

static bool layer_size(const ExprScope *scope, const char *name, Span span, int64_t *extent)
{
    const LayerInfo *info = scope->data;
    int dim = operator_dim(&info->layer.op, name), derived = operator_derived(info->info, name);
    if (dim < 0 && derived < 0) {
        unknown_dim(info, scope->diag, span, name);
        return false;
    }
    *extent = dim >= 0 ? info->layer.extent[dim] : info->derived_extent[derived];
    if (info->given[dim >= 0 ? dim : info->info->derived[derived].out])
        return true;
    missing_dim(info, scope->diag, span, name);
    return false;
}

static bool layer_window(const ExprScope *scope, const char *name, Span span, int64_t *extent)
{
    const LayerInfo *info = scope->data;
    int dim = operator_dim(&info->layer.op, name), i = operator_window(info->info, dim);
    if (!layer_size(scope, name, span, extent))
        return false;
    if (i < 0) {
        wrong_window(info, scope->diag, span, name);
        return false;
    }
    *extent = (*extent - 1) * info->dilation[i] + 1;
    return true;
}

/* --- directives to numbers --- */

static bool is_cluster(const Item *item)
{
    return strcmp(item->key, "Cluster") == 0;
}

static bool is_map(const Item *item)
{
    return !is_cluster(item) && !cuts_is_line(item);
}

static bool read_map(Lowering *lowering, const Item *item, Raw *raw)
{
    const LayerInfo *info = layer_of(lowering);
    Diag *diag = lowering->program->diag;
    *raw = (Raw){item, operator_dim(&info->layer.op, ast_more(item)->name),
                 operator_derived(info->info, ast_more(item)->name), 0, 0};
    if (raw->dim < 0 && raw->derived < 0) {
        unknown_dim(info, diag, ast_more(item)->name_span, ast_more(item)->name);
        return false;
    }
    int dim = raw->dim >= 0 ? raw->dim : info->info->derived[raw->derived].out;
    if (!info->given[dim]) {
        missing_dim(info, diag, ast_more(item)->name_span, ast_more(item)->name);
        return false;
    }
    g_autofree char *size = g_strdup_printf("size of the map of %s", ast_more(item)->name);
    g_autofree char *offset = g_strdup_printf("offset of the map of %s", ast_more(item)->name);
    bool ok = expr_integer_in(&lowering->scope, ast_args(item), size, 1, MAP_SIZE_MAX, &raw->size);
    return expr_integer_in(&lowering->scope, ast_args(item)->next, offset, 1, MAP_SIZE_MAX,
                           &raw->offset) &&
           ok;
}

/* The dim that the map comes to, to find doubles. */
static int raw_dim(const Lowering *lowering, const Raw *raw)
{
    return raw->dim >= 0 ? raw->dim : layer_of(lowering)->info->derived[raw->derived].out;
}

static void add_map(Lowering *lowering, RawLevel *level, const Item *item)
{
    Raw raw;
    if (!read_map(lowering, item, &raw)) {
        bool known = raw.dim >= 0 || raw.derived >= 0;
        *(known ? &level->doubtful[raw_dim(lowering, &raw)] : &level->unknown) = true;
        lowering->wrong = true;
        return;
    }
    int dim = raw_dim(lowering, &raw);
    for (int i = 0; i < level->n; i++) {
        if (raw_dim(lowering, &level->raw[i]) != dim)
            continue;
        wrong(lowering, CHECK_MAPPED_TWICE, item->span,
              "%s is mapped twice in one level (layer %s)", layer_of(lowering)->layer.op.dim[dim],
              layer_of(lowering)->layer.name);
        diag_note(lowering->program->diag, level->raw[i].item->span, "it is mapped here before");
        level->doubtful[dim] = true;
        return;
    }
    level->raw[level->n++] = raw;
}

/* --- derived dims --- */

static int64_t step_of(const LayerInfo *info, int derived)
{
    return info->info->derived[derived].upscaled ? 1 : info->stride[derived];
}

static const Raw *find_raw(const RawLevel *level, int dim)
{
    for (int i = 0; i < level->n; i++) {
        if (level->raw[i].dim == dim)
            return &level->raw[i];
    }
    return NULL;
}

static bool is_spatial(const Item *item)
{
    return strcmp(item->key, "SpatialMap") == 0;
}

/* Y and R both spatial: the offset of Y' is what is left of Y's when R moves. */
static bool lower_diagonal(Lowering *lowering, const Raw *y, const Raw *r, LoweredMap *map)
{
    const LayerInfo *info = layer_of(lowering);
    int64_t step = step_of(info, y->derived),
            left = y->offset - r->offset * info->dilation[y->derived];
    if (left < 0 || left % step != 0) {
        wrong(lowering, CHECK_DERIVED_OFFSET, y->item->span,
              "%s moves by " I64 " where %s moves by " I64 " (dilation " I64 ", stride " I64
              "): no whole offset of %s follows (layer %s, %s is " I64 ")",
              ast_more(y->item)->name, y->offset, ast_more(r->item)->name, r->offset,
              info->dilation[y->derived], step, info->layer.op.dim[map->map.dim], info->layer.name,
              ast_more(y->item)->name, info->derived_extent[y->derived]);
        diag_note(lowering->program->diag, SPAN_NONE,
                  "write %s instead, or SpatialMap(" I64 "," I64 ") %s",
                  info->layer.op.dim[map->map.dim], y->size, r->offset * info->dilation[y->derived],
                  ast_more(y->item)->name);
        return false;
    }
    map->map.offset = left / step;
    if (left == 0) { /* every child works on the same outputs */
        map->map.kind = MAP_TEMPORAL;
        map->map.offset = map->map.size;
    }
    return true;
}

/* The window is larger than its dim, or the chunk smaller than the window. */
static void say_window(Lowering *lowering, const Raw *y, const Raw *r, int64_t size, int64_t window)
{
    const LayerInfo *info = layer_of(lowering);
    const Derived *derived = &info->info->derived[y->derived];
    const char *name = info->layer.op.dim[derived->window];
    const Item *by = r != NULL ? r->item : lowering->by[derived->window];
    int64_t extent = info->layer.extent[derived->window];
    if (by != NULL && size > extent) {
        wrong(lowering, CHECK_CHUNK_BELOW_WINDOW, by->span,
              "%s(" I64 "," I64 ") %s makes the window " I64 " although %s is " I64
              ", and a chunk of %s covers " I64 " (layer %s)",
              by->key, size, r != NULL ? r->offset : size, name, window, name, extent,
              ast_more(y->item)->name, y->size, info->layer.name);
        diag_note(lowering->program->diag, SPAN_NONE, "write %s(Sz(%s),Sz(%s)) %s", by->key, name,
                  name, name);
        return;
    }
    wrong(lowering, CHECK_CHUNK_BELOW_WINDOW, y->item->span,
          "chunk of %s covers " I64 ", but the window of %s here covers " I64
          " (layer %s, %s is " I64 ")",
          ast_more(y->item)->name, y->size, name, window, info->layer.name, ast_more(y->item)->name,
          info->derived_extent[y->derived]);
    if (window == size) {
        diag_note(lowering->program->diag, SPAN_NONE, "give it a size of at least " I64, window);
        return;
    }
    diag_note(lowering->program->diag, SPAN_NONE,
              "give it a size of at least " I64 ", which is Win(%s): its dilation is " I64, window,
              name, info->dilation[y->derived]);
}

static bool in_doubt(const Lowering *lowering, const RawLevel *level, int dim)
{
    return lowering->doubtful[dim] || lowering->unsure[dim] || level->doubtful[dim] ||
           (level->unknown && find_raw(level, dim) == NULL);
}

static bool lower_derived(Lowering *lowering, const RawLevel *level, const Raw *y, LoweredMap *map)
{
    const LayerInfo *info = layer_of(lowering);
    const Derived *derived = &info->info->derived[y->derived];
    const Raw *r = find_raw(level, derived->window);
    int64_t step = step_of(info, y->derived),
            window_size = r != NULL ? r->size : lowering->mapped[derived->window];
    int64_t window = (window_size - 1) * info->dilation[y->derived] + 1;
    const char *r_name = info->layer.op.dim[derived->window];
    if (y->size < window) {
        if (!in_doubt(lowering, level, derived->window))
            say_window(lowering, y, r, window_size, window);
        return false;
    }
    map->map.size = (y->size - window) / step + 1;
    map->map.offset = (y->offset + step - 1) / step;
    bool many = r != NULL && nest_chunks(&(Map){.size = r->size, .offset = r->offset},
                                         lowering->interval[derived->window]) > 1;
    if (!many)
        return true;
    if (is_spatial(y->item) && is_spatial(r->item))
        return lower_diagonal(lowering, y, r, map);
    wrong(lowering, CHECK_DERIVED_OFFSET, y->item->span,
          "%s cannot be mapped where %s has more than one chunk (layer %s, %s is " I64 ")",
          ast_more(y->item)->name, r_name, info->layer.name, ast_more(y->item)->name,
          info->derived_extent[y->derived]);
    diag_note(lowering->program->diag, r->item->span, "%s is cut here; write %s instead of %s",
              r_name, info->layer.op.dim[derived->out], ast_more(y->item)->name);
    return false;
}

/* --- levels --- */

static void lower_map(Lowering *lowering, const RawLevel *level, const Raw *raw, LoweredLevel *out)
{
    LoweredMap map = {.item = raw->item, .derived = raw->derived, .written_size = raw->size};
    map.map = (Map){is_spatial(raw->item) ? MAP_SPATIAL : MAP_TEMPORAL, raw_dim(lowering, raw),
                    raw->size, raw->offset};
    if (raw->derived >= 0 && !lower_derived(lowering, level, raw, &map)) {
        lowering->doubtful[map.map.dim] = out->doubtful = true;
        return;
    }
    out->map[out->n_maps++] = map;
}

/* A map that cannot be told may be of any dim that the level does not map; the levels below are
 * checked as if it were of none. */
static void spread_doubt(Lowering *lowering, const RawLevel *level, LoweredLevel *out)
{
    for (int d = 0; d < layer_of(lowering)->layer.op.n_dims; d++) {
        bool mapped = false;
        for (int i = 0; i < out->n_maps; i++)
            mapped |= out->map[i].map.dim == d;
        lowering->doubtful[d] |= level->doubtful[d];
        lowering->unsure[d] |= level->unknown && !mapped;
        out->doubtful |= level->doubtful[d];
    }
}

/* Lowers the maps of a level, then hands their chunks to the next one. */
static void end_level(Lowering *lowering, RawLevel *level, Span span)
{
    Lowered *lowered = &lowering->lowered;
    if (lowered->n_levels == LEVELS_MAX)
        return;
    LoweredLevel *out = &lowered->level[lowered->n_levels++];
    *out = (LoweredLevel){.span = span, .doubtful = level->unknown};
    for (int i = 0; i < level->n; i++)
        lower_map(lowering, level, &level->raw[i], out);
    spread_doubt(lowering, level, out);
    for (int i = 0; i < out->n_maps; i++) {
        int dim = out->map[i].map.dim;
        out->map[i].doubtful = lowering->doubtful[dim];
        lowering->interval[dim] = MIN(lowering->interval[dim], out->map[i].map.size);
        lowering->mapped[dim] = out->map[i].map.size;
        lowering->by[dim] = out->map[i].item;
    }
    *level = (RawLevel){0};
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

/* Ends the level here; `cut` says what its children are. */
static void add_cut(Lowering *lowering, RawLevel *level, Span span, const Level *cut)
{
    const int l = lowering->lowered.n_levels, most = LEVELS_MAX - !lowering->hierarchy;
    if (l == most && !lowering->too_many)
        wrong(lowering, CHECK_LIMIT, span, "more than %d levels", LEVELS_MAX);
    lowering->too_many |= l == most;
    if (lowering->too_many)
        return;
    lowering->cut[l] = *cut;
    end_level(lowering, level, span);
}

/* A cut that holds nothing stands for the line until it is placed. */
static void add_auto(Lowering *lowering, RawLevel *level, const Item *item)
{
    Level joint = cuts_none(layer_of(lowering));
    Nest *lines = &lowering->lines;
    if (lines->n_autos == AUTOS_MAX)
        wrong(lowering, CHECK_LIMIT, item->span, "more than %d lines with auto", AUTOS_MAX);
    else
        lines->autos[lines->n_autos++] =
            (AutoPlace){lowering->cuts.automatic, lowering->lowered.n_levels};
    joint.joint = true;
    add_cut(lowering, level, item->span, &joint);
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
    if (l == 0 || !cuts_join(cuts, item, &cut, &lowering->cut[l - 1]))
        add_cut(lowering, level, item->span, &cut);
    cuts->open = strcmp(item->key, "Level") != 0;
}

static void say_wrong_form(Lowering *lowering, const Item *item)
{
    const Machine *machine = lowering->machine;
    if (lowering->hierarchy) {
        wrong(lowering, CHECK_WRONG_FORM, item->span,
              "Cluster is for machines of the classic form; %s has a Hierarchy", machine->name);
        if (machine->n_fanouts > 0)
            diag_note(lowering->program->diag, SPAN_NONE,
                      "write Fanout(%s) and Buffer(%s) and the like, as dcc-dataflow(5) says",
                      machine->fanout[0].name, machine->memory[machine->n_memories - 1].name);
        return;
    }
    wrong(lowering, CHECK_WRONG_FORM, item->span,
          "%s is for machines with a Hierarchy; %s has none", item->key, machine->name);
    diag_note(lowering->program->diag, SPAN_NONE,
              "write Cluster(n), or give the machine a Hierarchy: dcc --as-hierarchy prints one");
}

/* Whether a line that is no map belongs on the machine; false after reporting the first that does
 * not. */
static bool has_form(Lowering *lowering, const Item *item)
{
    bool fits = lowering->machine == NULL || is_cluster(item) != lowering->hierarchy;
    if (!fits && !lowering->misformed)
        say_wrong_form(lowering, item);
    lowering->misformed |= !fits;
    return fits;
}

/* --- all of them --- */

/* A directive as it should be; the schema and the argument check report others. */
static bool is_whole(const Item *item)
{
    const Expr *first = ast_args(item), *second = first != NULL ? first->next : NULL;
    const Expr *names = ast_names(item);
    if (!schema_fits(item, "Dataflow"))
        return false;
    if (is_map(item))
        return second != NULL && second->next == NULL && names != NULL && names->next == NULL;
    if (strcmp(item->key, "Level") == 0)
        return first == NULL && names == NULL;
    bool named = is_cluster(item) || (first != NULL && first->kind == EXPR_WORD);
    if (strcmp(item->key, "Buffer") == 0)
        return named && second == NULL;
    return first != NULL && named && names == NULL && (second == NULL || second->next == NULL);
}

static void read_item(Lowering *lowering, RawLevel *level, const Item *item)
{
    if (is_map(item)) {
        add_map(lowering, level, item);
        lowering->cuts.open = false;
    } else if (!has_form(lowering, item)) {
        level->unknown = true;
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
        end_level(lowering, level, last);
        return;
    }
    Level none = cuts_none(layer_of(lowering));
    bool joint = l > 0 && lowering->cut[l - 1].joint;
    if (l == 0 || level->n > 0 || level->unknown || joint)
        add_cut(lowering, level, level->n > 0 ? level->raw[0].item->span : last, &none);
    if (!lowering->wrong)
        cuts_idle(&lowering->cuts, lowering->lowered.dataflow);
}

static void read_levels(Lowering *lowering)
{
    RawLevel level = {0};
    const Item *dataflow = lowering->lowered.dataflow;
    Span last = ast_head(dataflow);
    for (const Item *item = dataflow->body; item != NULL; item = item->next) {
        if (!is_whole(item)) {
            lowering->wrong = level.unknown = true;
            continue;
        }
        read_item(lowering, &level, item);
        if (!is_map(item))
            last = item->span;
    }
    end_levels(lowering, &level, last);
}

/* A Cluster is of the level that it begins, a line of cuts.h of the level that it ends.  On a
 * machine of the classic form level 0 has no children yet. */
static void make_nest(const Lowering *lowering, Nest *nest)
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

/* The levels as they are written, and their numbers; false after reporting. */
static bool lower_levels(Lowering *lowering, const Trees *program, const ProgramFile *file,
                         const Item *dataflow, const LayerInfo *info, const Machine *machine,
                         Nest *nest)
{
    *lowering = (Lowering){.program = program,
                           .machine = machine,
                           .wrong = dataflow->broken || dataflow->body == NULL};
    lowering->hierarchy = machine != NULL ? machine->n_memories > 0 : cuts_has_line(dataflow);
    lowering->scope = (ExprScope){.constants = file->constants,
                                  .diag = program->diag,
                                  .layer = info->layer.name,
                                  .generation = info->number,
                                  .size = layer_size,
                                  .window = layer_window,
                                  .data = info};
    lowering->lowered.info = info;
    lowering->lowered.dataflow = dataflow;
    lowering->lowered.diag = program->diag;
    for (int d = 0; d < info->layer.op.n_dims; d++)
        lowering->interval[d] = lowering->mapped[d] = info->layer.extent[d];
    lowering->cuts =
        cuts_new(program->diag, &lowering->scope, info, lowering->hierarchy ? machine : NULL);
    read_levels(lowering);
    make_nest(lowering, nest);
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
    nest->n_levels = maps->n_levels;
    nest->n_autos = maps->n_autos;
    nest->placed = maps->placed;
    memcpy(nest->autos, maps->autos, sizeof nest->autos);
    memcpy(nest->level, maps->level, (size_t) maps->n_levels * sizeof *maps->level);
    if (pes > 0)
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
    if (!lowering.hierarchy)
        nest->level[0].children = nest_children(nest, pes);
    if (!legal_check(&lowering.lowered, nest, pes, lowering.cuts.machine) || !whole)
        return false;
    set_offsets(nest);
    return true;
}
