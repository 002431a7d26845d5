/* Levels with the largest box of their parents. */
#include "report/scope.h"

const char *scope_dim(const Scope *scope, int dim)
{
    return scope->entry->layer->op.dim[dim];
}

const Map *scope_map(const Level *level, int dim)
{
    for (int m = 0; m < level->n_maps; m++)
        if (level->map[m].dim == dim)
            return &level->map[m];
    return NULL;
}

int64_t scope_chunk(const Scope *scope, int dim)
{
    const Map *map = scope_map(scope->level, dim);
    return map ? MIN(map->size, scope->extent[dim]) : scope->extent[dim];
}

int64_t scope_steps(const Scope *scope, const Map *map)
{
    return nest_steps(map, scope->extent[map->dim], scope->level->children);
}

void scope_start(Scope *scope, const ReportEntry *entry)
{
    scope->entry = entry;
    scope->level = &entry->nest->level[0];
    scope->number = 0;
    for (int d = 0; d < entry->layer->op.n_dims; d++)
        scope->extent[d] = entry->layer->extent[d];
}

void scope_descend(const Scope *scope, Scope *child)
{
    Scope below = {scope->entry, scope->level + 1, scope->number + 1, {0}};
    for (int d = 0; d < scope->entry->layer->op.n_dims; d++)
        below.extent[d] = scope_chunk(scope, d);
    *child = below;
}

int64_t scope_advance(const Scope *scope, const Map *map)
{
    int64_t children = map->kind == MAP_SPATIAL ? scope->level->children : 1, advance;
    return __builtin_mul_overflow(map->offset, children, &advance) ? INT64_MAX : advance;
}

/* One of several chunks, else one of a single chunk. */
const Map *scope_spatial(const Scope *scope)
{
    const Map *found = NULL;
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        if (map->kind == MAP_SPATIAL && nest_chunks(map, scope->extent[map->dim]) > 1)
            return map;
        if (map->kind == MAP_SPATIAL)
            found = map;
    }
    return found;
}

int64_t scope_busy(const Scope *scope)
{
    const Map *map = scope_spatial(scope);
    int64_t children = scope->level->children;
    return map ? MIN(nest_chunks(map, scope->extent[map->dim]), children) : children;
}
