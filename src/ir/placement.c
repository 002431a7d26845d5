/* From the outside in: what has been passed, and which memory holds a tensor last. */
#include "ir/placement.h"

#define I64 "%" G_GINT64_FORMAT

typedef struct {
    const Layer *layer;
    const Nest *nest;
    const Machine *machine;
    int level, passed;
    int64_t units;           /* of the last fan-out, in all of its parts so far */
    bool held;               /* a memory is named inside it */
    int memory[TENSORS_MAX]; /* the innermost that holds a tensor so far, from 1; 0: none */
    int64_t interval[DIMS_MAX];
    int n;
    NestFault *fault;
} PlacementWalk;

static void add(PlacementWalk *walk, NestLaw law, int map)
{
    walk->fault[walk->n++] = (NestFault){law, walk->level, map, -1};
}

/* --- the laws --- */

static void pass_fanout(PlacementWalk *walk, const Level *level)
{
    if (level->fanout == 0) {
        if (level->children != 1)
            add(walk, NEST_AGAINST_ORDER, -1);
        return;
    }
    int f = level->fanout - 1;
    bool here = f < walk->machine->n_fanouts &&
                (level->rest ? f == walk->passed - 1 && !walk->held : f >= walk->passed);
    if (!here) {
        add(walk, NEST_AGAINST_ORDER, -1);
        return;
    }
    const int64_t size = walk->machine->fanout[f].size;
    int64_t units = level->rest ? walk->units : 1;
    bool fits = level->children <= size / units;
    if (!fits)
        add(walk, NEST_TOO_MANY_UNITS, -1);
    walk->units = fits ? units * level->children : size;
    walk->held &= level->rest;
    walk->passed = f + 1;
}

static void divide(PlacementWalk *walk, const Level *level)
{
    bool known = level->fanout > 0 && level->fanout <= walk->machine->n_fanouts;
    unsigned dims = known ? walk->machine->fanout[level->fanout - 1].dims : 0;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        bool several = walk->interval[map->dim] > map->size;
        if (map->kind == MAP_SPATIAL && several && dims != 0 && !(dims >> map->dim & 1))
            add(walk, NEST_CANNOT_DIVIDE, m);
        if (several)
            walk->interval[map->dim] = map->size;
    }
}

static NestLaw law_of(const PlacementWalk *walk, int tensor, int number)
{
    if (number < 1 || number > walk->machine->n_memories)
        return NEST_AGAINST_ORDER;
    const Memory *memory = &walk->machine->memory[number - 1];
    if (memory->root || !(memory->holds >> tensor & 1) || number == walk->memory[tensor])
        return NEST_CANNOT_HOLD;
    return memory->fanouts == walk->passed && number > walk->memory[tensor] ? NEST_LEGAL
                                                                            : NEST_AGAINST_ORDER;
}

static void hold(PlacementWalk *walk, const Level *level)
{
    for (int t = 0; t < walk->layer->op.n_tensors; t++) {
        bool passes = level->passes >> t & 1;
        if (passes && level->memory[t] == 0)
            continue;
        NestLaw law = passes ? NEST_CANNOT_HOLD : law_of(walk, t, level->memory[t]);
        if (law != NEST_LEGAL) {
            add(walk, law, -1);
            continue;
        }
        walk->memory[t] = level->memory[t];
        walk->held = true;
    }
}

int placement_faults(const Layer *layer, const Nest *nest, const Machine *machine,
                     NestFault fault[NEST_FAULTS_MAX])
{
    PlacementWalk walk = {.layer = layer, .nest = nest, .machine = machine, .fault = fault};
    for (int d = 0; d < layer->op.n_dims; d++)
        walk.interval[d] = layer->extent[d];
    for (; walk.level < nest->n_levels; walk.level++) {
        const Level *level = &nest->level[walk.level];
        divide(&walk, level);
        pass_fanout(&walk, level);
        hold(&walk, level);
    }
    return walk.n;
}

/* --- as text --- */

static bool holds_nothing(const Level *level)
{
    for (int t = 0; t < TENSORS_MAX; t++)
        if (level->memory[t] != 0)
            return false;
    return true;
}

static void print_buffer(const Layer *layer, const Level *level, int number, const Machine *machine,
                         GString *out)
{
    const char *mark = ") ";
    g_string_append_printf(out, "  Buffer(%s", machine->memory[number - 1].name);
    for (int t = 0; t < layer->op.n_tensors; t++) {
        if (level->memory[t] != number)
            continue;
        g_string_append_printf(out, "%s%s", mark, layer->op.tensor[t].name);
        mark = ", ";
    }
    g_string_append(out, ";\n");
}

/* A memory of the level with a tensor that the cut before holds too: its line begins a cut of its
 * own.  0: none. */
static int renewed(const Nest *nest, int level)
{
    const Level *own = &nest->level[level];
    for (int t = 0; t < TENSORS_MAX && level > 0; t++)
        if (own->memory[t] != 0 && own[-1].memory[t] != 0)
            return own->memory[t];
    return 0;
}

static void print_buffers(const Layer *layer, const Nest *nest, int level, const Machine *machine,
                          GString *out)
{
    const Level *own = &nest->level[level];
    int first = renewed(nest, level);
    if (first > 0)
        print_buffer(layer, own, first, machine, out);
    for (int m = 1; m <= machine->n_memories; m++) {
        bool named = false;
        for (int t = 0; t < layer->op.n_tensors; t++)
            named |= own->memory[t] == m;
        if (named && m != first)
            print_buffer(layer, own, m, machine, out);
    }
}

bool placement_joins(const Nest *nest, int level)
{
    const Level *own = &nest->level[level], *before = own - 1;
    bool alone = level == 0 || own->n_maps > 0 || own->fanout > 0 || holds_nothing(own);
    if (alone || (before->fanout == 0 && holds_nothing(before)))
        return false;
    return renewed(nest, level) == 0;
}

void placement_print(const Layer *layer, const Nest *nest, int level, const Machine *machine,
                     GString *out)
{
    const Level *own = &nest->level[level];
    bool last = level + 1 == nest->n_levels;
    if (own->fanout > 0)
        g_string_append_printf(out, "  Fanout(%s, " I64 ");\n",
                               machine->fanout[own->fanout - 1].name, own->children);
    else if (holds_nothing(own) && (!last || own->n_maps == 0))
        g_string_append(out, "  Level;\n");
    print_buffers(layer, nest, level, machine, out);
}
