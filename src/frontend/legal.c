/* A message for each law of a nest. */
#include "frontend/legal.h"

#include "ir/placement.h"

#define I64 "%" G_GINT64_FORMAT

/* A fault with the level, and the maps, that it speaks of; NULL where it speaks of none. */
typedef struct {
    const Lowered *lowered;
    const Nest *nest;
    int64_t pes;
    const Machine *machine; /* if it is a hierarchy; else NULL */
    int number;             /* of the level */
    const LoweredLevel *level;
    const LoweredMap *map, *other;
} Place;

static const char *dim_name(const Lowered *lowered, const LoweredMap *map)
{
    return lowered->info->layer.op.dim[map->map.dim];
}

/* The dim as the user wrote it, and its extent in the layer. */
static const char *written_name(const Lowered *lowered, const LoweredMap *map, int64_t *extent)
{
    const LayerInfo *info = lowered->info;
    *extent =
        map->derived >= 0 ? info->derived_extent[map->derived] : info->layer.extent[map->map.dim];
    return ast_more(map->item)->name;
}

/* "TemporalMap(4,2) of X" with what it came to, where that is another dim. */
static char *describe(const Lowered *lowered, const LoweredMap *map)
{
    if (map->derived < 0)
        return g_strdup_printf("map of %s", ast_more(map->item)->name);
    return g_strdup_printf("map of %s (that is a map of %s with size " I64 " and offset " I64 ")",
                           ast_more(map->item)->name, dim_name(lowered, map), map->map.size,
                           map->map.offset);
}

static void note_mend(const Lowered *lowered, const LoweredMap *map)
{
    const LayerInfo *info = lowered->info;
    int64_t size = map->map.size;
    if (map->derived < 0) {
        diag_note(lowered->diag, SPAN_NONE, "write %s(" I64 "," I64 ") %s", map->item->key, size,
                  size, ast_more(map->item)->name);
        diag_mend(lowered->diag, map->item->span, "%s(" I64 "," I64 ") %s", map->item->key, size,
                  size, ast_more(map->item)->name);
        return;
    }
    int64_t step = info->info->derived[map->derived].upscaled ? 1 : info->stride[map->derived];
    diag_note(lowered->diag, SPAN_NONE,
              "write %s(" I64 "," I64 ") %s: each chunk gives " I64 " of %s", map->item->key,
              map->written_size, size * step, ast_more(map->item)->name, size,
              dim_name(lowered, map));
    diag_mend(lowered->diag, map->item->span, "%s(" I64 "," I64 ") %s", map->item->key,
              map->written_size, size * step, ast_more(map->item)->name);
}

/* --- a law each --- */

static void say_too_few_pes(const Place *place)
{
    const Lowered *lowered = place->lowered;
    int64_t needed = 1;
    bool overflow = false;
    for (int l = 1; l < place->nest->n_levels; l++)
        overflow |= __builtin_mul_overflow(needed, place->nest->level[l].children, &needed);
    g_autofree char *words = overflow ? g_strdup("more than 2^63") : g_strdup_printf(I64, needed);
    diag_report(lowered->diag, CHECK_TOO_FEW_PES, lowered->level[lowered->n_levels - 2].span,
                "the clusters need %s PEs, there are " I64 " (layer %s)", words, place->pes,
                lowered->info->layer.name);
    diag_note(lowered->diag, SPAN_NONE, "make them smaller, or give the machine more PEs");
}

/* Chunks that do not begin where the one before ends. */
static void say_offset(const Place *place, bool skips)
{
    const Lowered *lowered = place->lowered;
    const LoweredMap *map = place->map;
    int64_t extent;
    const char *name = written_name(lowered, map, &extent);
    g_autofree char *what = describe(lowered, map);
    diag_report(lowered->diag, skips ? CHECK_SKIP : CHECK_OVERLAP, map->item->span,
                "%s %s: offset " I64 " is %s than size " I64 " (layer %s, %s is " I64 ")", what,
                skips ? "skips indices" : "repeats MACs", map->map.offset, skips ? "more" : "less",
                map->map.size, lowered->info->layer.name, name, extent);
    note_mend(lowered, map);
}

static void say_skip(const Place *place)
{
    say_offset(place, true);
}

static void say_overlap(const Place *place)
{
    say_offset(place, false);
}

static void say_diagonal(const Place *place)
{
    const Lowered *lowered = place->lowered;
    int64_t a, b;
    const char *one = written_name(lowered, place->other, &a),
               *other = written_name(lowered, place->map, &b);
    diag_report(lowered->diag, CHECK_DIAGONAL, place->map->item->span,
                "%s and %s are both spatial in one level, which visits only their diagonal "
                "(layer %s, %s is " I64 ", %s is " I64 ")",
                one, other, lowered->info->layer.name, one, a, other, b);
    diag_note(lowered->diag, place->other->item->span,
              "%s is mapped here; make one of them a TemporalMap, or put a %s between them", one,
              place->machine != NULL ? "Fanout" : "Cluster");
}

static void say_lost_work(const Place *place)
{
    const Lowered *lowered = place->lowered;
    const char *spread = ast_more(place->other->item)->name;
    int64_t extent;
    const char *name = written_name(lowered, place->map, &extent);
    diag_report(lowered->diag, CHECK_LOST_WORK, place->map->item->span,
                "spatial map of %s has one chunk here, so only the first child gets work of "
                "the %s that are spread as well"
                " (layer %s, %s is " I64 ")",
                name, spread, lowered->info->layer.name, name, extent);
    diag_note(lowered->diag, place->other->item->span, "%s is spread here; make %s a TemporalMap",
              spread, name);
}

static void say_no_spatial(const Place *place)
{
    const Lowered *lowered = place->lowered;
    diag_report(lowered->diag, CHECK_NO_SPATIAL, place->level->span,
                "level %d has no spatial map, so its " I64
                " children would all compute the same MACs (layer %s)",
                place->number, place->nest->level[place->number].children,
                lowered->info->layer.name);
    diag_note(lowered->diag, SPAN_NONE, "make one of its maps a SpatialMap%s",
              place->machine != NULL ? ", or write Fanout(.., 1)"
              : place->number == 0   ? ", or give the machine one PE"
                                     : ", or leave the Cluster out");
}

static void say_cannot_divide(const Place *place)
{
    const Lowered *lowered = place->lowered;
    const Fanout *fanout = &place->machine->fanout[place->nest->level[place->number].fanout - 1];
    const Operator *op = &lowered->info->layer.op;
    g_autoptr(GString) dims = g_string_new(NULL);
    for (int d = 0; d < op->n_dims; d++)
        if (fanout->dims >> d & 1)
            g_string_append_printf(dims, "%s%s", dims->len > 0 ? ", " : "", op->dim[d]);
    diag_report(lowered->diag, CHECK_CANNOT_DIVIDE, place->map->item->span,
                "fan-out %s cannot divide %s (layer %s)", fanout->name,
                dim_name(lowered, place->map), lowered->info->layer.name);
    diag_note(lowered->diag, place->level->span,
              dims->len > 0 ? "it divides %s" : "it divides no dim of %s",
              dims->len > 0 ? dims->str : op->type);
}

/* Malformed nests and dims that are mapped twice do not come so far. */
static void (*const say[])(const Place *place) = {
    [NEST_NO_SPATIAL] = say_no_spatial,
    [NEST_TOO_FEW_PES] = say_too_few_pes,
    [NEST_SKIP] = say_skip,
    [NEST_OVERLAP] = say_overlap,
    [NEST_DIAGONAL] = say_diagonal,
    [NEST_LOST_WORK] = say_lost_work,
    [NEST_CANNOT_DIVIDE] = say_cannot_divide,
};

/* Says nothing of what is in doubt; true if it is, or if the fault makes no nest illegal. */
static bool say_fault(Place *place, const NestFault *fault)
{
    place->number = fault->level;
    place->level = &place->lowered->level[fault->level];
    place->map = fault->map >= 0 ? &place->level->map[fault->map] : NULL;
    place->other = fault->other >= 0 ? &place->level->map[fault->other] : NULL;
    g_assert(fault->law < G_N_ELEMENTS(say) && say[fault->law] != NULL);
    if ((place->map != NULL && place->map->doubtful) ||
        (place->other != NULL && place->other->doubtful) ||
        (fault->law == NEST_NO_SPATIAL && place->level->doubtful))
        return true;
    say[fault->law](place);
    return fault->law == NEST_NO_SPATIAL; /* legal, if wasteful */
}

/* Dims that a fan-out cannot divide; the rest is not looked at. */
static bool check_dims(Place *place, const Machine *hierarchy)
{
    NestFault fault[NEST_FAULTS_MAX];
    bool legal = true;
    int n = placement_faults(&place->lowered->info->layer, place->nest, hierarchy, fault);
    for (int i = 0; i < n; i++) {
        if (fault[i].law != NEST_CANNOT_DIVIDE)
            continue;
        legal &= say_fault(place, &fault[i]);
    }
    return legal;
}

bool legal_check(const Lowered *lowered, const Nest *nest, int64_t pes, const Machine *hierarchy)
{
    NestFault fault[NEST_FAULTS_MAX];
    Place place = {.lowered = lowered, .nest = nest, .pes = pes, .machine = hierarchy};
    bool legal = true;
    int n = nest_faults(&lowered->info->layer, nest, NULL, fault);
    if (n > 0 && fault[0].law == NEST_TOO_FEW_PES)
        n = 1; /* with other PEs the rest may be otherwise */
    for (int i = 0; i < n; i++)
        legal &= say_fault(&place, &fault[i]);
    return (hierarchy == NULL || check_dims(&place, hierarchy)) && legal;
}
