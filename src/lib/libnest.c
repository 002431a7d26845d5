/* The dataflow of a job: its levels and maps.
 *
 * A map's offset is always its size here, so no index is left out or repeated within a
 * level; what can go wrong is that two dims share the children of one level. */
#include "lib/lib.h"

#include "ir/integer.h"

static const Level *level_of(const dcc_job *job, int level)
{
    return level >= 0 && level < job->nest.n_levels ? &job->nest.level[level] : NULL;
}

int dcc_levels(const dcc_job *job)
{
    return job->nest.n_levels;
}

int64_t dcc_children(const dcc_job *job, int level)
{
    const Level *found = level_of(job, level);
    return found != NULL ? found->children : 0;
}

int dcc_maps(const dcc_job *job, int level)
{
    const Level *found = level_of(job, level);
    return found != NULL ? found->n_maps : 0;
}

int dcc_get_map(const dcc_job *job, int level, int i, dcc_map *map)
{
    if (i < 0 || i >= dcc_maps(job, level))
        return DCC_BAD_ARGUMENT;
    const Map *found = &job->nest.level[level].map[i];
    *map =
        (dcc_map){found->kind == MAP_SPATIAL ? DCC_SPATIAL : DCC_TEMPORAL, found->dim, found->size};
    return DCC_OK;
}

int dcc_print(const dcc_job *job, const char *name, char *text, size_t size)
{
    g_autofree char *all =
        g_string_free(nest_print(&job->layer, &job->nest, &job->machine, name), FALSE);
    return g_snprintf(text, size, "%s", all);
}

/* ---- making it ---- */

void job_count_children(dcc_job *job)
{
    job->nest.level[0].children = nest_children(&job->nest, job->machine.pes);
}

void dcc_clear_nest(dcc_job *job)
{
    job->nest = (Nest){.n_levels = 1};
    job_count_children(job);
}

int dcc_add_cluster(dcc_job *job, int64_t size)
{
    Nest *nest = &job->nest;
    if (nest->n_levels == LEVELS_MAX || size < 1 || size > LIB_COUNT_MAX)
        return DCC_BAD_ARGUMENT;
    nest->level[nest->n_levels++] = (Level){.children = size};
    job_count_children(job);
    return DCC_OK;
}

int dcc_set_cluster(dcc_job *job, int level, int64_t size)
{
    if (level == 0 || level_of(job, level) == NULL || size < 1 || size > LIB_COUNT_MAX)
        return DCC_BAD_ARGUMENT;
    job->nest.level[level].children = size;
    job_count_children(job);
    return DCC_OK;
}

static int map_find(const Level *level, int dim)
{
    int i = level->n_maps - 1;
    while (i >= 0 && level->map[i].dim != dim)
        i--;
    return i;
}

static bool is_kind(int kind)
{
    return kind == DCC_TEMPORAL || kind == DCC_SPATIAL;
}

static MapKind kind_of(int kind)
{
    return kind == DCC_SPATIAL ? MAP_SPATIAL : MAP_TEMPORAL;
}

int dcc_add_map(dcc_job *job, int kind, int dim, int64_t size)
{
    Level *level = &job->nest.level[job->nest.n_levels - 1];
    if (!is_kind(kind) || dcc_dim_name(job, dim) == NULL || size < 1 || size > LIB_COUNT_MAX)
        return DCC_BAD_ARGUMENT;
    if (map_find(level, dim) >= 0)
        return DCC_MAPPED_TWICE;
    level->map[level->n_maps++] = (Map){kind_of(kind), dim, size, size};
    return DCC_OK;
}

/* The map of a dim in a level, to be changed; NULL if there is none. */
static Map *map_of(dcc_job *job, int level, int dim)
{
    if (level_of(job, level) == NULL)
        return NULL;
    int i = map_find(&job->nest.level[level], dim);
    return i >= 0 ? &job->nest.level[level].map[i] : NULL;
}

int dcc_set_size(dcc_job *job, int level, int dim, int64_t size)
{
    Map *map = map_of(job, level, dim);
    if (map == NULL || size < 1 || size > LIB_COUNT_MAX)
        return DCC_BAD_ARGUMENT;
    map->size = map->offset = size;
    return DCC_OK;
}

int dcc_set_kind(dcc_job *job, int level, int dim, int kind)
{
    Map *map = map_of(job, level, dim);
    if (map == NULL || !is_kind(kind))
        return DCC_BAD_ARGUMENT;
    map->kind = kind_of(kind);
    return DCC_OK;
}

int dcc_set_order(dcc_job *job, int level, int dim, int to)
{
    Map *map = map_of(job, level, dim);
    if (map == NULL || to < 0 || to >= job->nest.level[level].n_maps)
        return DCC_BAD_ARGUMENT;
    Map *maps = job->nest.level[level].map, moved = *map;
    int i = (int) (map - maps);
    for (; i < to; i++)
        maps[i] = maps[i + 1];
    for (; i > to; i--)
        maps[i] = maps[i - 1];
    maps[to] = moved;
    return DCC_OK;
}

/* ---- legality ---- */

int dcc_check(const dcc_job *job)
{
    static const int statuses[] = {[NEST_LEGAL] = DCC_OK,
                                   [NEST_NO_SPATIAL] = DCC_NO_SPATIAL,
                                   [NEST_MALFORMED] = DCC_BAD_ARGUMENT,
                                   [NEST_TOO_FEW_PES] = DCC_TOO_FEW_PES,
                                   [NEST_MAPPED_TWICE] = DCC_MAPPED_TWICE,
                                   [NEST_SKIP] = DCC_BAD_ARGUMENT,
                                   [NEST_OVERLAP] = DCC_BAD_ARGUMENT,
                                   [NEST_DIAGONAL] = DCC_DIAGONAL,
                                   [NEST_LOST_WORK] = DCC_LOST_WORK};
    NestFault fault = nest_check(&job->layer, &job->nest, &job->machine);
    return statuses[fault.law] >= 0 && job->too_large ? DCC_OVERFLOW : statuses[fault.law];
}
