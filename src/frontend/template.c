/* A Dataflow block with holes to a Template: levels as in nest.c, but that maps, units and tensors
 * may be open.  What is written is held against the laws like a nest of that alone, as far as the
 * holes leave no doubt. */
#include <string.h>

#include "frontend/lowering.h"

#define I64 "%" G_GINT64_FORMAT

static const unsigned TEMPORAL = 1u << MAP_TEMPORAL, SPATIAL = 1u << MAP_SPATIAL;

typedef struct {
    Lowering lowering; /* of its levels the maps that are written, and the least units */
    Template *out;
    TemplateLevel level; /* that is read */
    const Item *item[TEMPLATE_MAPS_MAX];
    LoweredLevel written;
    unsigned cut, cuts; /* dims that an open map may cut: further out, in the level */
} Opening;

static const LayerInfo *layer_of(const Opening *opening)
{
    return opening->lowering.lowered.info;
}

static bool is_single(unsigned set)
{
    return set != 0 && (set & (set - 1)) == 0;
}

static int first_of(unsigned set)
{
    return __builtin_ctz(set);
}

/* --- dims --- */

static unsigned given_dims(const LayerInfo *info)
{
    unsigned dims = 0;
    for (int d = 0; d < info->layer.op.n_dims; d++)
        dims |= (unsigned) info->given[d] << d;
    return dims;
}

/* Adds a dim to those that a map may be of; false after reporting. */
static bool add_dim(Opening *opening, const Expr *name, unsigned *dims)
{
    Lowering *lowering = &opening->lowering;
    const LayerInfo *info = layer_of(opening);
    int dim, derived;
    if (!maps_dim(lowering, name->text, name->span, &dim, &derived))
        return false;
    if (derived >= 0) {
        const char *out = info->layer.op.dim[info->info->derived[derived].out];
        lowering_wrong(lowering, CHECK_HOLES, name->span,
                       "%s cannot be mapped in a dataflow with holes", name->text);
        diag_note(lowering->program->diag, SPAN_NONE, "write %s, whose sizes count outputs", out);
        return false;
    }
    if (*dims >> dim & 1) {
        lowering_wrong(lowering, CHECK_HOLES, name->span, "%s is named twice here", name->text);
        return false;
    }
    *dims |= 1u << dim;
    return true;
}

/* Dims by name; of none all that the layer gives. */
static bool add_dims(Opening *opening, const Expr *names, unsigned *dims)
{
    bool known = true;
    if (names == NULL)
        *dims = given_dims(layer_of(opening));
    for (const Expr *name = names; name != NULL; name = name->next)
        known &= add_dim(opening, name, dims);
    return known;
}

/* --- maps --- */

/* Takes in a map that was read. */
static void add_map(Opening *opening, const Item *item, const TemplateMap *map)
{
    TemplateLevel *level = &opening->level;
    if (level->n_maps == TEMPLATE_MAPS_MAX) {
        lowering_wrong(&opening->lowering, CHECK_LIMIT, item->span, "more than %d maps in a level",
                       TEMPLATE_MAPS_MAX);
        return;
    }
    opening->item[level->n_maps] = item;
    level->map[level->n_maps++] = *map;
}

static void read_any(Opening *opening, const Item *item)
{
    Lowering *lowering = &opening->lowering;
    TemplateMap map = {.any = true, .kinds = TEMPORAL | SPATIAL, .size = hole_open()};
    const Expr *size = ast_args(item), *names = ast_names(item);
    bool known = add_dims(opening, names, &map.dims);
    if (size != NULL)
        known &= holes_number(&lowering->scope, size, "size of the maps", &map.size);
    if (item->value != NULL && strcmp(item->value->text, "ordered") == 0)
        for (const Expr *name = names; name != NULL && known; name = name->next)
            map.order[map.n_order++] = operator_dim(&layer_of(opening)->layer.op, name->text);
    opening->cuts |= map.dims;
    opening->written.doubtful = true;
    lowering->wrong |= !known;
    if (known)
        add_map(opening, item, &map);
}

/* The size, and the offset, which is the same where a size is open; false after reporting. */
static bool read_numbers(Opening *opening, const Item *item, Hole *size, int64_t *offset)
{
    const ExprScope *scope = &opening->lowering.scope;
    const Expr *args = ast_args(item);
    g_autofree char *size_of = g_strdup_printf("size of the map of %s", ast_more(item)->name);
    g_autofree char *offset_of = g_strdup_printf("offset of the map of %s", ast_more(item)->name);
    bool known = holes_number(scope, args, size_of, size);
    *offset = size->value;
    if (args->kind != EXPR_HOLE)
        known &= expr_integer_in(scope, args->next, offset_of, 1, MAP_SIZE_MAX, offset);
    return known;
}

/* A map of a dim that is open has chunks that begin where the one before ends. */
static void check_offset(Opening *opening, const Item *item, int64_t size, int64_t offset)
{
    if (offset == size)
        return;
    lowering_wrong(&opening->lowering, offset > size ? CHECK_SKIP : CHECK_OVERLAP, item->span,
                   "map %s: offset " I64 " is %s than size " I64 " (layer %s)",
                   offset > size ? "skips indices" : "repeats MACs", offset,
                   offset > size ? "more" : "less", size, layer_of(opening)->layer.name);
    diag_note(opening->lowering.program->diag, SPAN_NONE, "write %s(" I64 "," I64 ") %s", item->key,
              size, size, ast_more(item)->name);
    diag_mend(opening->lowering.program->diag, item->span, "%s(" I64 "," I64 ") %s", item->key,
              size, size, ast_more(item)->name);
}

/* Whether the dim has a map in the level already, which is reported. */
static bool is_mapped(Opening *opening, const Item *item, int dim)
{
    const TemplateLevel *level = &opening->level;
    const Layer *layer = &layer_of(opening)->layer;
    int m = 0;
    while (m < level->n_maps && (level->map[m].any || level->map[m].dims != 1u << dim))
        m++;
    if (m == level->n_maps)
        return false;
    lowering_wrong(&opening->lowering, CHECK_MAPPED_TWICE, item->span,
                   "%s is mapped twice in one level (layer %s)", layer->op.dim[dim], layer->name);
    diag_note(opening->lowering.program->diag, opening->item[m]->span,
              "it is mapped here before; a Cluster between the two makes two levels");
    return true;
}

/* Of a written size and dim; one of an open kind is written as if it were in time, which no law
 * but that of offsets looks at. */
static void write_map(Opening *opening, const Item *item, const TemplateMap *map, int64_t offset)
{
    LoweredLevel *written = &opening->written;
    int dim = first_of(map->dims);
    bool doubtful = opening->lowering.wrong || (opening->cut >> dim & 1) != 0;
    written->map[written->n_maps++] = (LoweredMap){
        .item = item,
        .map = {map->kinds == SPATIAL ? MAP_SPATIAL : MAP_TEMPORAL, dim, map->size.value, offset},
        .derived = -1,
        .written_size = map->size.value,
        .doubtful = doubtful && offset == map->size.value};
}

static unsigned kinds_of(const Item *item)
{
    if (strcmp(item->key, "?") == 0)
        return TEMPORAL | SPATIAL;
    return strcmp(item->key, "SpatialMap") == 0 ? SPATIAL : TEMPORAL;
}

static void read_map(Opening *opening, const Item *item)
{
    const Expr *name = ast_names(item);
    TemplateMap map = {.kinds = kinds_of(item)};
    int64_t offset;
    bool open = name->kind == EXPR_HOLE;
    bool known = add_dims(opening, open ? holes_names(name) : name, &map.dims);
    known &= read_numbers(opening, item, &map.size, &offset);
    bool single = is_single(map.dims), written = known && single && !map.size.open;
    opening->cuts |= written ? 0 : map.dims;
    opening->written.doubtful |=
        !known || ((map.kinds & SPATIAL) != 0 && (!written || map.kinds != SPATIAL));
    opening->lowering.wrong |= !known;
    if (!known || (single && is_mapped(opening, item, first_of(map.dims))))
        return;
    if (written && opening->level.n_maps < TEMPLATE_MAPS_MAX)
        write_map(opening, item, &map, offset);
    else if (!map.size.open)
        check_offset(opening, item, map.size.value, offset);
    add_map(opening, item, &map);
}

/* --- levels --- */

enum { DIM_SETS = 1 << DIMS_MAX };

/* From the sets of dims that the maps so far can have to those with one more, of `dims`; false if
 * there is none. */
static bool take_dim(unsigned dims, bool used[DIM_SETS])
{
    bool next[DIM_SETS] = {false}, any = false;
    for (unsigned set = 0; set < DIM_SETS; set++)
        for (unsigned left = used[set] ? dims & ~set : 0; left != 0; left &= left - 1)
            any = next[set | (left & -left)] = true;
    memcpy(used, next, sizeof next);
    return any;
}

/* Each map that is no Any has a dim of its own; says which finds none. */
static void check_dims(Opening *opening)
{
    const TemplateLevel *level = &opening->level;
    bool used[DIM_SETS] = {true};
    int m = 0;
    while (m < level->n_maps && (level->map[m].any || take_dim(level->map[m].dims, used)))
        m++;
    if (m == level->n_maps)
        return;
    lowering_wrong(&opening->lowering, CHECK_MAPPED_TWICE, opening->item[m]->span,
                   "no dim is left for this map in its level (layer %s)",
                   layer_of(opening)->layer.name);
    diag_note(opening->lowering.program->diag, SPAN_NONE,
              "each dim is mapped once in a level: leave a map out");
}

/* Ends the level; `cut` is what nest.c has of what ends it. */
static void end_level(Opening *opening, Span span, const Level *cut)
{
    Lowering *lowering = &opening->lowering;
    int l = lowering->lowered.n_levels;
    check_dims(opening);
    if (!lowering_has_room(lowering, span))
        return;
    opening->written.span = span;
    opening->written.doubtful |= lowering->wrong || opening->level.children.open;
    lowering->cut[l] = *cut;
    lowering->lowered.level[l] = opening->written;
    opening->out->level[l] = opening->level;
    opening->out->n_levels = lowering->lowered.n_levels = l + 1;
    opening->cut |= opening->cuts;
    opening->cuts = 0;
    opening->level = (TemplateLevel){.children = hole_written(1)};
    opening->written = (LoweredLevel){0};
}

static void read_cluster(Opening *opening, const Item *item)
{
    Lowering *lowering = &opening->lowering;
    Hole units;
    if (!holes_number(&lowering->scope, ast_args(item), "size of the cluster", &units)) {
        lowering->wrong = true;
        units = hole_written(1);
    }
    end_level(opening, item->span, &(Level){.children = hole_least(&units)});
    opening->level.children = units;
}

/* What a line says of its cut, beside the memories that it names. */
static void set_cut(Opening *opening, const Level *cut, TemplateLevel *level)
{
    const Cuts *cuts = &opening->lowering.cuts;
    memcpy(level->memory, cut->memory, sizeof level->memory);
    if (cuts->maybe > 0)
        level->open[cuts->maybe - 1] |= cuts->maybes;
}

static void read_line(Opening *opening, const Item *item)
{
    Lowering *lowering = &opening->lowering;
    Cuts *cuts = &lowering->cuts;
    int l = lowering->lowered.n_levels;
    Level cut;
    cuts_read(cuts, item, &cut);
    lowering->wrong |= cuts->wrong;
    if (cuts->automatic > 0) {
        lowering_wrong(lowering, CHECK_AUTO, item->span, "automatic placement beside holes");
        diag_note(lowering->program->diag, SPAN_NONE,
                  "write Buffer(%s) ?; the search then chooses what it holds here",
                  ast_args(item)->text);
        return;
    }
    if (cuts_join(cuts, item, &cut, l > 0 ? &lowering->cut[l - 1] : NULL)) {
        set_cut(opening, &lowering->cut[l - 1], &opening->out->level[l - 1]);
        return;
    }
    opening->level.children = cuts->units;
    opening->level.fanout = cut.fanout;
    opening->level.rest = cut.rest;
    set_cut(opening, &cut, &opening->level);
    end_level(opening, item->span, &cut);
}

static void read_item(Opening *opening, const Item *item)
{
    Lowering *lowering = &opening->lowering;
    if (lowering_is_map(item)) {
        lowering->cuts.open = false;
        (strcmp(item->key, "Any") == 0 ? read_any : read_map)(opening, item);
    } else if (!lowering_has_form(lowering, item)) {
        return;
    } else if (cuts_is_line(item)) {
        read_line(opening, item);
    } else {
        read_cluster(opening, item);
    }
}

/* On a hierarchy the maps behind the last cut are a level, if there are any. */
static void end_levels(Opening *opening, Span last)
{
    Lowering *lowering = &opening->lowering;
    Level none = cuts_none(layer_of(opening));
    int n = opening->level.n_maps;
    if (!lowering->hierarchy || lowering->lowered.n_levels == 0 || n > 0)
        end_level(opening, lowering->hierarchy && n > 0 ? opening->item[0]->span : last, &none);
    if (lowering->hierarchy && !lowering->wrong)
        cuts_idle(&lowering->cuts, lowering->lowered.dataflow);
}

static void read_items(Opening *opening)
{
    Lowering *lowering = &opening->lowering;
    const Item *dataflow = lowering->lowered.dataflow;
    Span last = ast_head(dataflow);
    for (const Item *item = dataflow->body; item != NULL && !lowering->misformed;
         item = item->next) {
        if (!lowering_is_whole(item) || !holes_check(lowering->program, item)) {
            lowering->wrong = true;
            continue;
        }
        read_item(opening, item);
        if (!lowering_is_map(item))
            last = item->span;
    }
    end_levels(opening, last);
}

/* --- what follows from what is written --- */

/* Takes a dim that one map has alone from all others of the level, until there is no such. */
static void settle_dims(TemplateLevel *level)
{
    unsigned taken = 0, before;
    do {
        before = taken;
        for (int m = 0; m < level->n_maps; m++) {
            TemplateMap *map = &level->map[m];
            if (map->any || !is_single(map->dims))
                map->dims &= ~taken;
            if (!map->any && is_single(map->dims))
                taken |= map->dims;
        }
    } while (taken != before);
}

static void settle_any(const TemplateLevel *level, bool several, TemplateMap *map)
{
    int n = 0;
    for (int i = 0; i < map->n_order; i++)
        if (map->dims >> map->order[i] & 1)
            map->order[n++] = map->order[i];
    map->n_order = n;
    for (int m = 0; m < level->n_maps; m++)
        several &= level->map[m].kinds != SPATIAL;
    if (!several)
        map->kinds = TEMPORAL;
}

/* Of a memory no tensor is open that lines of other levels hold in it, or on the wrong side. */
static void settle_tensors(Template *out, int l)
{
    for (int m = 0; m < MEMORIES_MAX; m++)
        for (int t = 0; t < TENSORS_MAX; t++)
            for (int k = 0; k < out->n_levels; k++) {
                int held = out->level[k].memory[t];
                bool fits = held == 0 || (k < l ? held < m + 1 : k > l && held > m + 1);
                if (!fits)
                    out->level[l].open[m] &= ~(1u << t);
            }
}

static void settle(Opening *opening, const Nest *written)
{
    Template *out = opening->out;
    bool hierarchy = opening->lowering.hierarchy, open = false;
    for (int l = 1; l < out->n_levels; l++)
        open |= out->level[l].children.open;
    if (!hierarchy)
        out->level[0].children = open ? hole_open() : hole_written(written->level[0].children);
    for (int l = 0; l < out->n_levels; l++) {
        TemplateLevel *level = &out->level[l];
        bool several =
            hierarchy || l > 0 ? level->children.most > 1 : written->level[0].children > 1;
        settle_dims(level);
        for (int m = 0; m < level->n_maps; m++)
            if (level->map[m].any)
                settle_any(level, several, &level->map[m]);
        settle_tensors(out, l);
    }
}

/* Whether what is written can be legal; false after reporting.  Clusters that are open leave open
 * how many units level 0 has. */
static bool check_written(Opening *opening, const Machine *machine, Nest *written)
{
    Lowering *lowering = &opening->lowering;
    int64_t pes = machine != NULL ? machine->pes : INT32_MAX;
    lowering_nest(lowering, written);
    lowering->lowered.level[0].doubtful |= machine == NULL;
    if (!lowering->hierarchy) {
        written->level[0].children = nest_children(written, pes);
        for (int l = 1; l < opening->out->n_levels; l++)
            lowering->lowered.level[0].doubtful |= opening->out->level[l].children.open;
    }
    return legal_check(&lowering->lowered, written, pes, lowering->cuts.machine);
}

static bool lower_open(const Trees *program, const ProgramFile *file, const Item *dataflow,
                       const LayerInfo *info, const Machine *machine, Template *out)
{
    Opening opening = {.out = out, .level = {.children = hole_written(1)}};
    Lowering *lowering = &opening.lowering;
    Nest written;
    *out = (Template){0};
    lowering_begin(lowering, program, file, dataflow, info, machine);
    read_items(&opening);
    if (lowering->misformed || lowering->too_many)
        return false;
    if (!check_written(&opening, machine, &written) || lowering->wrong)
        return false;
    settle(&opening, &written);
    return true;
}

bool lower_template(const Trees *program, const ProgramFile *file, const Item *dataflow,
                    const LayerInfo *info, const Machine *machine, Template *out)
{
    Nest nest;
    if (holes_has(dataflow))
        return lower_open(program, file, dataflow, info, machine, out);
    if (!lower_nest(program, file, dataflow, info, machine, &nest))
        return false;
    if (nest.n_autos > 0) {
        diag_report(program->diag, CHECK_AUTO, ast_head(dataflow),
                    "automatic placement in a dataflow without holes");
        diag_note(program->diag, SPAN_NONE,
                  "write Buffer(..) ?; the search then chooses what it holds");
        return false;
    }
    template_from_nest(&nest, out);
    return true;
}
