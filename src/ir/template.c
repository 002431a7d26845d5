/* Numbers that may be open, and nests as templates. */
#include "ir/template.h"

#include <string.h>

Hole hole_written(int64_t value)
{
    return (Hole){.value = value, .least = value, .most = value, .multiple = 1};
}

Hole hole_open(void)
{
    return (Hole){.open = true, .least = 1, .most = INT32_MAX, .multiple = 1};
}

static bool is_listed(const Hole *hole, int64_t value)
{
    int i = 0;
    while (i < hole->n_among && hole->among[i] != value)
        i++;
    return hole->n_among == 0 || i < hole->n_among;
}

bool hole_takes(const Hole *hole, int64_t value)
{
    return value >= hole->least && value <= hole->most && value % hole->multiple == 0 &&
           is_listed(hole, value);
}

bool hole_is_plain(const Hole *hole)
{
    return hole->open && hole->least <= 1 && hole->most >= INT32_MAX && hole->multiple <= 1 &&
           hole->n_among == 0;
}

int64_t hole_least(const Hole *hole)
{
    int64_t value = (hole->least + hole->multiple - 1) / hole->multiple * hole->multiple;
    if (hole->n_among == 0)
        return value <= hole->most ? value : 0;
    for (int i = 0; i < hole->n_among; i++)
        if (hole_takes(hole, hole->among[i]))
            return hole->among[i];
    return 0;
}

static TemplateMap map_from(const Map *map)
{
    return (TemplateMap){
        .kinds = 1u << map->kind, .dims = 1u << map->dim, .size = hole_written(map->size)};
}

void template_from_nest(const Nest *nest, Template *out)
{
    g_assert(nest->n_autos == 0);
    *out = (Template){.n_levels = nest->n_levels};
    for (int l = 0; l < nest->n_levels; l++) {
        const Level *from = &nest->level[l];
        TemplateLevel *to = &out->level[l];
        to->n_maps = from->n_maps;
        for (int m = 0; m < from->n_maps; m++)
            to->map[m] = map_from(&from->map[m]);
        to->children = hole_written(from->children);
        to->fanout = from->fanout;
        to->rest = from->rest;
        memcpy(to->memory, from->memory, sizeof to->memory);
    }
}
