/* From the outside in; of one depth in the order of the machine.
 *
 * A memory gives what the next holder of the tensor further inside takes, or the MACs; it takes
 * from the nearest further out.  It needs the largest tile of a unit, twice where the next one is
 * loaded beside it: never of a tile that is the same throughout the layer, nor of a root's, which
 * are whole tensors. */
#include "engine/places.h"

#include "ir/hierarchy.h"

typedef struct {
    const Shape *shape;
    const Nest *nest;
    const Machine *machine;
    const unsigned *turns;
    Result *result;
} Fill;

/* The level whose children are the next to hold the tensor, further in than `depth`; n_levels: the
 * MACs take it. */
static int next_holder(const Nest *nest, int depth, int t)
{
    while (depth < nest->n_levels && nest->level[depth].passes >> t & 1)
        depth++;
    return depth;
}

/* What the memory gives to the inside and takes from there. */
static void set_given(const Fill *f, int t, MemoryResult *place)
{
    int level = next_holder(f->nest, place->depth, t);
    bool output = t == f->shape->output;
    if (level < f->nest->n_levels) {
        const TensorCounts *counts = &f->result->level[level].tensor[t];
        place->reads[t] = output ? 0 : counts->reads;
        place->writes[t] = output ? counts->writes : 0;
        place->psum_reads[t] = output ? counts->psum_reads : 0;
        return;
    }
    const MacAccesses *mac = &f->result->mac[t];
    place->reads[t] = output ? 0 : mac->reads;
    place->psum_reads[t] = output ? mac->reads : 0;
    place->writes[t] = mac->writes;
}

/* What it takes from the outside and gives there. */
static void set_taken(const Fill *f, int t, MemoryResult *place)
{
    place->fills[t] = place->drains[t] = 0;
    place->tile[t] = f->result->tensor_size[t];
    if (place->depth == 0)
        return;
    const TensorCounts *counts = &f->result->level[place->depth - 1].tensor[t];
    place->fills[t] = counts->fills;
    place->drains[t] = t == f->shape->output ? counts->drains : 0;
    place->tile[t] = counts->tile_max;
}

/* How often it holds a tile. */
static int copies_of(const Fill *f, int t, const MemoryResult *place)
{
    const Memory *memory = &f->machine->memory[place->memory];
    int level = place->depth - 1;
    if (level < 0 || !(f->turns[level] & f->shape->dims[t]))
        return 1;
    if (memory->copies > 0)
        return memory->copies;
    return f->machine->noc[level].prefetch == PREFETCH_NONE ? 1 : 2;
}

static double need_bits(const Fill *f, int t, const MemoryResult *place)
{
    int64_t bits = f->machine->bits[t];
    bool root = t == f->shape->output && place->depth == 0;
    if (root && f->machine->done_bits > 0 && result_comes_once(f->result, t))
        bits = f->machine->done_bits;
    return copies_of(f, t, place) * (double) place->tile[t] * (double) bits;
}

/* What a memory holds at a depth: tensors `held`. */
static void set_place(const Fill *f, int depth, int memory, unsigned held, MemoryResult *place)
{
    place->memory = memory;
    place->depth = depth;
    place->tensors = held;
    for (int t = 0; t < f->shape->n_tensors; t++) {
        if (!(held >> t & 1)) {
            place->tile[t] = place->reads[t] = place->writes[t] = 0;
            place->fills[t] = place->drains[t] = place->psum_reads[t] = 0;
            place->need_bits[t] = 0;
            continue;
        }
        set_given(f, t, place);
        set_taken(f, t, place);
        place->need_bits[t] = need_bits(f, t, place);
    }
}

/* Whether the bytes of all memories together are counts. */
static bool needs_fit(const Result *result)
{
    double bits = 0;
    for (int p = 0; p < result->n_places; p++)
        for (unsigned held = result->place[p].tensors; held; held &= held - 1)
            bits += result->place[p].need_bits[__builtin_ctz(held)];
    return bits / 8 < 9e18;
}

/* By memory, the tensors that it holds at a depth; returns the memories as a set. */
static unsigned holders(const Fill *f, int depth, unsigned held[MEMORIES_MAX])
{
    unsigned memories = 0;
    for (int t = 0; t < f->shape->n_tensors; t++) {
        int m = hierarchy_memory(f->machine, f->nest, depth, t);
        if (m < 0)
            continue;
        if (!(memories >> m & 1))
            held[m] = 0;
        held[m] |= 1u << t;
        memories |= 1u << m;
    }
    return memories;
}

bool places_fill(const Shape *shape, const Nest *nest, const Machine *machine,
                 const unsigned turns[LEVELS_MAX], Result *result)
{
    Fill f = {shape, nest, machine, turns, result};
    const unsigned all = (1u << shape->n_tensors) - 1;
    int64_t units = 1;
    result->n_places = 0;
    for (int depth = 0; depth <= nest->n_levels; depth++) {
        unsigned held[MEMORIES_MAX], memories = 0;
        if (depth == 0 || (nest->level[depth - 1].passes & all) != all)
            memories = holders(&f, depth, held);
        for (; memories && result->n_places < PLACES_MAX; memories &= memories - 1) {
            int m = __builtin_ctz(memories);
            MemoryResult *place = &result->place[result->n_places++];
            place->units = units;
            set_place(&f, depth, m, held[m], place);
        }
        if (depth < nest->n_levels)
            units *= nest->level[depth].children;
    }
    if (!needs_fit(result))
        result->status = RESULT_OVERFLOW;
    return result->status == RESULT_OK;
}
