#include "map/open.h"

#include <string.h>

static Hole any_size(void)
{
    return (Hole){.open = true, .least = 1, .most = INT32_MAX, .multiple = 1};
}

static TemplateMap any_maps(unsigned dims, bool spatial)
{
    return (TemplateMap){.any = true,
                         .kinds = 1u << MAP_TEMPORAL | (unsigned) spatial << MAP_SPATIAL,
                         .dims = dims,
                         .size = any_size()};
}

static TemplateMap any_division(unsigned dims)
{
    return (TemplateMap){.kinds = 1u << MAP_SPATIAL, .dims = dims, .size = any_size()};
}

static TemplateLevel *add_level(Template *open)
{
    TemplateLevel *level = &open->level[open->n_levels++];
    *level = (TemplateLevel){.n_maps = 0, .children = {.value = 1}};
    return level;
}

static void add_map(TemplateLevel *level, TemplateMap map)
{
    level->map[level->n_maps++] = map;
}

static void classic(const Machine *machine, unsigned dims, int spatial, Template *open)
{
    TemplateLevel *level = add_level(open);
    level->children = any_size();
    add_map(level, any_maps(dims, true));
    for (int l = 1; l < spatial; l++) {
        level = add_level(open);
        level->children = any_size();
        add_map(level, machine->buffer_bytes[l] > 0 ? any_maps(dims, true) : any_division(dims));
    }
}

static bool room(const Template *open)
{
    return open->n_levels < TEMPLATE_LEVELS_MAX - 1; /* one for what is inside the last cut */
}

static void add_fanout(const Machine *machine, int f, unsigned dims, int spatial, Template *open)
{
    unsigned divides = machine->fanout[f].dims ? machine->fanout[f].dims & dims : dims;
    int parts = spatial < __builtin_popcount(divides) ? spatial : __builtin_popcount(divides);
    for (int part = 0; part < (parts > 1 ? parts : 1) && room(open); part++) {
        TemplateLevel *level = add_level(open);
        level->children = any_size();
        level->fanout = f + 1;
        level->rest = part > 0;
        add_map(level, part == 0 ? any_maps(dims, true) : any_division(divides));
    }
}

static void add_memory(const Machine *machine, int m, unsigned dims, int places, Template *open)
{
    unsigned holds = machine->memory[m].holds;
    for (int place = 0; place < places && room(open); place++) {
        if (place > 0 && place == __builtin_popcount(holds))
            return;
        TemplateLevel *level = add_level(open);
        level->open[m] = holds;
        add_map(level, any_maps(dims, false));
    }
}

/* Memories and fan-outs from the outside in. */
static void hierarchy(const Machine *machine, unsigned dims, int spatial, int places,
                      Template *open)
{
    int f = 0;
    for (int m = 0; m < machine->n_memories && room(open); m++) {
        while (f < machine->memory[m].fanouts && room(open))
            add_fanout(machine, f++, dims, spatial, open);
        if (!machine->memory[m].root)
            add_memory(machine, m, dims, places, open);
    }
    while (f < machine->n_fanouts && room(open))
        add_fanout(machine, f++, dims, spatial, open);
    if (open->n_levels == 0)
        add_level(open);
}

void open_template(const Layer *layer, const Machine *machine, int spatial, int places,
                   Template *open)
{
    unsigned dims = (1u << layer->op.n_dims) - 1;
    open->n_levels = 0;
    if (machine->n_memories == 0)
        classic(machine, dims, spatial, open);
    else
        hierarchy(machine, dims, spatial, places, open);
}
