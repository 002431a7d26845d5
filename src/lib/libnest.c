/* The dataflow of a job: its levels and maps.
 *
 * A map's offset is always its size here, so no index is left out or repeated within a
 * level; what can go wrong is that two dims share the children of one level. */
#include "lib/lib.h"

#include "ir/hierarchy.h"

static const Level *level_of(const dcc_job *job, int level)
{
    return level >= 0 && level < job->nest->n_levels ? &job->nest->level[level] : NULL;
}

int dcc_levels(const dcc_job *job)
{
    return job->nest->n_levels;
}

int dcc_is_open(const dcc_job *job)
{
    return job->open != NULL;
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
    const Map *found = &job->nest->level[level].map[i];
    *map =
        (dcc_map){found->kind == MAP_SPATIAL ? DCC_SPATIAL : DCC_TEMPORAL, found->dim, found->size};
    return DCC_OK;
}

int dcc_print(const dcc_job *job, const char *name, char *text, size_t size)
{
    g_autofree char *all =
        g_string_free(nest_print(&job->layer, job->nest, job->machine, name), FALSE);
    return g_snprintf(text, size, "%s", all);
}

/* ---- making it ---- */

/* A level that has no maps yet, and on a hierarchy holds nothing. */
static Level new_level(const dcc_job *job, int64_t children)
{
    unsigned all = (1u << job->layer.op.n_tensors) - 1;
    return (Level){.children = children, .passes = job_is_hierarchy(job) ? all : 0};
}

static bool is_count(int64_t number)
{
    return number >= 1 && number <= LIB_COUNT_MAX;
}

void nest_empty(dcc_job *job)
{
    g_auto(Change) change = job_change(job);
    *change.nest = (Nest){.n_levels = 1};
    change.nest->level[0] = new_level(job, 1);
    job->cut = false;
}

void dcc_clear_nest(dcc_job *job)
{
    job->open = NULL;
    nest_empty(job);
}

int dcc_add_cluster(dcc_job *job, int64_t size)
{
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (job->open != NULL)
        return DCC_OPEN;
    if (job->nest->n_levels == LEVELS_MAX || !is_count(size))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    change.nest->level[change.nest->n_levels++] = new_level(job, size);
    return DCC_OK;
}

int dcc_set_cluster(dcc_job *job, int level, int64_t size)
{
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (level == 0 || level_of(job, level) == NULL || !is_count(size))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    change.nest->level[level].children = size;
    return DCC_OK;
}

/* ---- cuts of a hierarchy ---- */

/* Where the last level has ended another one begins; false if there are too many. */
static bool begin_level(dcc_job *job)
{
    g_auto(Change) change = job_change(job);
    Nest *nest = change.nest;
    if (!job->cut)
        return true;
    if (nest->n_levels == LEVELS_MAX)
        return false;
    nest->level[nest->n_levels++] = new_level(job, 1);
    job->cut = false;
    return true;
}

/* Units of a fan-out that the levels so far leave; *rest: they have a part of it. */
static int64_t units_left(const dcc_job *job, int fanout, bool *rest)
{
    int64_t left = job->machine->fanout[fanout].size;
    *rest = false;
    for (int l = 0; l < job->nest->n_levels; l++) {
        if (job->nest->level[l].fanout != fanout + 1)
            continue;
        left /= job->nest->level[l].children;
        *rest = true;
    }
    return left > 1 ? left : 1;
}

int dcc_add_cut(dcc_job *job, int fanout, int64_t units)
{
    bool rest = false;
    if (!job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (job->open != NULL)
        return DCC_OPEN;
    if (fanout < -1 || fanout >= job->machine->n_fanouts || units < 0 || units > LIB_COUNT_MAX ||
        (fanout < 0 && units > 1))
        return DCC_BAD_ARGUMENT;
    int64_t left = fanout >= 0 ? units_left(job, fanout, &rest) : 1;
    if (!begin_level(job))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    Level *level = &change.nest->level[change.nest->n_levels - 1];
    level->fanout = fanout + 1;
    level->rest = rest;
    level->children = units > 0 ? units : left;
    job->cut = true;
    return DCC_OK;
}

int dcc_set_units(dcc_job *job, int level, int64_t units)
{
    if (!job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (level_of(job, level) == NULL || job->nest->level[level].fanout == 0 || !is_count(units))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    change.nest->level[level].children = units;
    return DCC_OK;
}

int dcc_level_fanout(const dcc_job *job, int level)
{
    const Level *found = level_of(job, level);
    return found != NULL ? found->fanout - 1 : -1;
}

int dcc_hold(dcc_job *job, int level, int tensor, int memory)
{
    if (!job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (job->open != NULL)
        return DCC_OPEN;
    if (level_of(job, level) == NULL || dcc_tensor_name(job, tensor) == NULL || memory < -1 ||
        memory >= job->machine->n_memories)
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    Level *to = &change.nest->level[level];
    to->memory[tensor] = memory + 1;
    to->passes &= ~(1u << tensor);
    to->passes |= (unsigned) (memory < 0) << tensor;
    job->cut |= level == job->nest->n_levels - 1 && memory >= 0;
    return DCC_OK;
}

int dcc_holder(const dcc_job *job, int level, int tensor)
{
    bool known = level == -1 || level_of(job, level) != NULL;
    if (!job_is_hierarchy(job) || !known || dcc_tensor_name(job, tensor) == NULL)
        return -1;
    return hierarchy_memory(job->machine, job->nest, level + 1, tensor);
}

/* ---- maps ---- */

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
    if (job->open != NULL)
        return DCC_OPEN;
    if (!is_kind(kind) || dcc_dim_name(job, dim) == NULL || !is_count(size) || !begin_level(job))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    Level *level = &change.nest->level[change.nest->n_levels - 1];
    if (map_find(level, dim) >= 0)
        return DCC_MAPPED_TWICE;
    level->map[level->n_maps++] = (Map){kind_of(kind), dim, size, size};
    return DCC_OK;
}

/* The map of a dim in a level, to be changed; NULL if there is none. */
static Map *map_of(const Change *change, int level, int dim)
{
    if (level_of(change->job, level) == NULL)
        return NULL;
    int i = map_find(&change->nest->level[level], dim);
    return i >= 0 ? &change->nest->level[level].map[i] : NULL;
}

int dcc_set_size(dcc_job *job, int level, int dim, int64_t size)
{
    g_auto(Change) change = job_change(job);
    Map *map = map_of(&change, level, dim);
    if (map == NULL || size < 1 || size > LIB_COUNT_MAX)
        return DCC_BAD_ARGUMENT;
    map->size = map->offset = size;
    return DCC_OK;
}

int dcc_set_kind(dcc_job *job, int level, int dim, int kind)
{
    g_auto(Change) change = job_change(job);
    Map *map = map_of(&change, level, dim);
    if (map == NULL || !is_kind(kind))
        return DCC_BAD_ARGUMENT;
    map->kind = kind_of(kind);
    return DCC_OK;
}

int dcc_set_order(dcc_job *job, int level, int dim, int to)
{
    g_auto(Change) change = job_change(job);
    Map *map = map_of(&change, level, dim);
    if (map == NULL || to < 0 || to >= change.nest->level[level].n_maps)
        return DCC_BAD_ARGUMENT;
    Map *maps = change.nest->level[level].map, moved = *map;
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
                                   [NEST_LOST_WORK] = DCC_LOST_WORK,
                                   [NEST_CANNOT_DIVIDE] = DCC_CANNOT_DIVIDE,
                                   [NEST_TOO_MANY_UNITS] = DCC_TOO_MANY_UNITS,
                                   [NEST_AGAINST_ORDER] = DCC_AGAINST_ORDER,
                                   [NEST_CANNOT_HOLD] = DCC_CANNOT_HOLD};
    if (job->rootless)
        return DCC_NO_ROOT;
    if (job->open != NULL)
        return DCC_OPEN;
    NestFault fault = nest_check(&job->layer, job->nest, job->machine);
    return statuses[fault.law] >= 0 && job->too_large ? DCC_OVERFLOW : statuses[fault.law];
}
