/* The maps of a level: their sizes worked out, those of derived dims lowered with nominal sizes. */
#include <string.h>

#include "frontend/lowering.h"

#define I64 "%" G_GINT64_FORMAT

void lowering_wrong(Lowering *lowering, Check check, Span span, const char *format, ...)
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

bool maps_size(const ExprScope *scope, const char *name, Span span, int64_t *extent)
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

bool maps_window(const ExprScope *scope, const char *name, Span span, int64_t *extent)
{
    const LayerInfo *info = scope->data;
    int dim = operator_dim(&info->layer.op, name), i = operator_window(info->info, dim);
    if (!maps_size(scope, name, span, extent))
        return false;
    if (i < 0) {
        wrong_window(info, scope->diag, span, name);
        return false;
    }
    *extent = (*extent - 1) * info->dilation[i] + 1;
    return true;
}

/* --- directives to numbers --- */

bool maps_dim(Lowering *lowering, const char *name, Span span, int *dim, int *derived)
{
    const LayerInfo *info = lowering_layer(lowering);
    Diag *diag = lowering->program->diag;
    *dim = operator_dim(&info->layer.op, name);
    *derived = operator_derived(info->info, name);
    if (*dim < 0 && *derived < 0) {
        unknown_dim(info, diag, span, name);
        return false;
    }
    if (info->given[*dim >= 0 ? *dim : info->info->derived[*derived].out])
        return true;
    missing_dim(info, diag, span, name);
    return false;
}

static bool read_map(Lowering *lowering, const Item *item, Raw *raw)
{
    *raw = (Raw){.item = item};
    if (!maps_dim(lowering, ast_more(item)->name, ast_more(item)->name_span, &raw->dim,
                  &raw->derived))
        return false;
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
    return raw->dim >= 0 ? raw->dim : lowering_layer(lowering)->info->derived[raw->derived].out;
}

void maps_add(Lowering *lowering, RawLevel *level, const Item *item)
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
        lowering_wrong(
            lowering, CHECK_MAPPED_TWICE, item->span, "%s is mapped twice in one level (layer %s)",
            lowering_layer(lowering)->layer.op.dim[dim], lowering_layer(lowering)->layer.name);
        diag_note(lowering->program->diag, level->raw[i].item->span,
                  "it is mapped here before; a Cluster between the two makes two levels");
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
    const LayerInfo *info = lowering_layer(lowering);
    int64_t step = step_of(info, y->derived),
            left = y->offset - r->offset * info->dilation[y->derived];
    if (left < 0 || left % step != 0) {
        lowering_wrong(lowering, CHECK_DERIVED_OFFSET, y->item->span,
                       "%s moves by " I64 " where %s moves by " I64 " (dilation " I64
                       ", stride " I64 "): no whole offset of %s follows (layer %s, %s is " I64 ")",
                       ast_more(y->item)->name, y->offset, ast_more(r->item)->name, r->offset,
                       info->dilation[y->derived], step, info->layer.op.dim[map->map.dim],
                       info->layer.name, ast_more(y->item)->name, info->derived_extent[y->derived]);
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
    const LayerInfo *info = lowering_layer(lowering);
    const Derived *derived = &info->info->derived[y->derived];
    const char *name = info->layer.op.dim[derived->window];
    const Item *by = r != NULL ? r->item : lowering->by[derived->window];
    int64_t extent = info->layer.extent[derived->window];
    if (by != NULL && size > extent) {
        lowering_wrong(lowering, CHECK_CHUNK_BELOW_WINDOW, by->span,
                       "%s(" I64 "," I64 ") %s makes the window " I64 " although %s is " I64
                       ", and a chunk of %s covers " I64 " (layer %s)",
                       by->key, size, r != NULL ? r->offset : size, name, window, name, extent,
                       ast_more(y->item)->name, y->size, info->layer.name);
        diag_note(lowering->program->diag, SPAN_NONE, "write %s(Sz(%s),Sz(%s)) %s", by->key, name,
                  name, name);
        return;
    }
    lowering_wrong(lowering, CHECK_CHUNK_BELOW_WINDOW, y->item->span,
                   "chunk of %s covers " I64 ", but the window of %s here covers " I64
                   " (layer %s, %s is " I64 ")",
                   ast_more(y->item)->name, y->size, name, window, info->layer.name,
                   ast_more(y->item)->name, info->derived_extent[y->derived]);
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
    const LayerInfo *info = lowering_layer(lowering);
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
    lowering_wrong(lowering, CHECK_DERIVED_OFFSET, y->item->span,
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
    for (int d = 0; d < lowering_layer(lowering)->layer.op.n_dims; d++) {
        bool mapped = false;
        for (int i = 0; i < out->n_maps; i++)
            mapped |= out->map[i].map.dim == d;
        lowering->doubtful[d] |= level->doubtful[d];
        lowering->unsure[d] |= level->unknown && !mapped;
        out->doubtful |= level->doubtful[d];
    }
}

void maps_end_level(Lowering *lowering, RawLevel *level, Span span)
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
