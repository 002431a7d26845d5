/* The table of legality checks, each over one level. */
#include "frontend/legal.h"

#define I64 "%" G_GINT64_FORMAT

typedef bool (*LegalCheck)(const Lowered *lowered, const LoweredLevel *level);

int64_t legal_chunks(int64_t interval, int64_t size, int64_t offset)
{
    return interval <= size ? 1 : (interval - size + offset - 1) / offset + 1;
}

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
    return map->item->name;
}

/* "TemporalMap(4,2) of X" with what it came to, where that is another dim. */
static char *describe(const Lowered *lowered, const LoweredMap *map)
{
    if (map->derived < 0)
        return g_strdup_printf("map of %s", map->item->name);
    return g_strdup_printf("map of %s (that is a map of %s with size " I64 " and offset " I64 ")",
                           map->item->name, dim_name(lowered, map), map->map.size, map->map.offset);
}

static void note_mend(const Lowered *lowered, const LoweredMap *map)
{
    const LayerInfo *info = lowered->info;
    int64_t size = map->map.size;
    if (map->derived < 0) {
        diag_note(lowered->diag, SPAN_NONE, "write %s(" I64 "," I64 ") %s", map->item->key, size,
                  size, map->item->name);
        return;
    }
    int64_t step = info->info->derived[map->derived].upscaled ? 1 : info->stride[map->derived];
    diag_note(lowered->diag, SPAN_NONE,
              "write %s(" I64 "," I64 ") %s: each chunk gives " I64 " of %s", map->item->key,
              map->written_size, size * step, map->item->name, size, dim_name(lowered, map));
}

/* Chunks that do not begin where the one before ends. */
static bool check_offsets(const Lowered *lowered, const LoweredLevel *level)
{
    bool ok = true;
    for (int i = 0; i < level->n_maps; i++) {
        const LoweredMap *map = &level->map[i];
        if (map->chunks == 1 || map->map.offset == map->map.size)
            continue;
        bool skips = map->map.offset > map->map.size;
        ok = false;
        int64_t extent;
        const char *name = written_name(lowered, map, &extent);
        g_autofree char *what = describe(lowered, map);
        diag_report(lowered->diag, skips ? CHECK_SKIP : CHECK_OVERLAP, map->item->span,
                    "%s %s: offset " I64 " is %s than size " I64 " (layer %s, %s is " I64 ")", what,
                    skips ? "skips indices" : "repeats MACs", map->map.offset,
                    skips ? "more" : "less", map->map.size, lowered->info->layer.name, name,
                    extent);
        note_mend(lowered, map);
    }
    return ok;
}

static bool check_diagonal(const Lowered *lowered, const LoweredLevel *level)
{
    const LoweredMap *first = NULL;
    bool ok = true;
    for (int i = 0; i < level->n_maps; i++) {
        const LoweredMap *map = &level->map[i];
        if (map->map.kind != MAP_SPATIAL || map->chunks == 1)
            continue;
        if (first == NULL) {
            first = map;
            continue;
        }
        ok = false;
        int64_t a, b;
        const char *one = written_name(lowered, first, &a), *other = written_name(lowered, map, &b);
        diag_report(lowered->diag, CHECK_DIAGONAL, map->item->span,
                    "%s and %s are both spatial in one level, which visits only their diagonal "
                    "(layer %s, %s is " I64 ", %s is " I64 ")",
                    one, other, lowered->info->layer.name, one, a, other, b);
        diag_note(
            lowered->diag, first->item->span,
            "%s is mapped here; make one of them a TemporalMap, or put a Cluster between them",
            one);
    }
    return ok;
}

/* Only child 0 has the one chunk; what the others would do with the other map's is lost. */
static bool check_lost_work(const Lowered *lowered, const LoweredLevel *level)
{
    const LoweredMap *spread = NULL;
    bool ok = true;
    for (int i = 0; i < level->n_maps; i++) {
        if (level->map[i].map.kind == MAP_SPATIAL && level->map[i].chunks > 1)
            spread = &level->map[i];
    }
    for (int i = 0; i < level->n_maps && spread != NULL && level->children > 1; i++) {
        const LoweredMap *map = &level->map[i];
        if (map->map.kind != MAP_SPATIAL || map->chunks > 1)
            continue;
        ok = false;
        int64_t extent;
        const char *name = written_name(lowered, map, &extent);
        diag_report(lowered->diag, CHECK_LOST_WORK, map->item->span,
                    "spatial map of %s has one chunk here, so only the first child gets work of "
                    "the %s that are spread as well"
                    " (layer %s, %s is " I64 ")",
                    name, spread->item->name, lowered->info->layer.name, name, extent);
        diag_note(lowered->diag, spread->item->span, "%s is spread here; make %s a TemporalMap",
                  spread->item->name, name);
    }
    return ok;
}

static bool check_no_spatial(const Lowered *lowered, const LoweredLevel *level)
{
    for (int i = 0; i < level->n_maps; i++) {
        if (level->map[i].map.kind == MAP_SPATIAL)
            return true;
    }
    if (level->children <= 1)
        return true;
    diag_report(lowered->diag, CHECK_NO_SPATIAL, level->span,
                "level %d has no spatial map, so its " I64
                " children would all compute the same MACs (layer %s)",
                (int) (level - lowered->level), level->children, lowered->info->layer.name);
    diag_note(lowered->diag, SPAN_NONE, "make one of its maps a SpatialMap%s",
              level == lowered->level ? ", or give the machine one PE"
                                      : ", or leave the Cluster out");
    return true; /* legal, if wasteful: the counts are those of all children */
}

static const LegalCheck legal_checks[] = {check_offsets, check_diagonal, check_lost_work,
                                          check_no_spatial};

bool legal_check(const Lowered *lowered)
{
    bool ok = true;
    for (int l = 0; l < lowered->n_levels; l++) {
        for (size_t i = 0; i < G_N_ELEMENTS(legal_checks); i++)
            ok &= legal_checks[i](lowered, &lowered->level[l]);
    }
    return ok;
}
