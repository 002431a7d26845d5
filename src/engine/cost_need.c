/* How much memory a hierarchy has, and how much of it a layer needs. */
#include "engine/cost.h"

#include <math.h>
#include <string.h>

int64_t cost_memory_bytes(const Memory *memory)
{
    int64_t bytes = 0;
    for (int t = 0; t < TENSORS_MAX && memory->partitioned; t++)
        bytes += memory->share_bytes[t];
    return memory->capacity_bytes > 0 ? memory->capacity_bytes : bytes;
}

int64_t cost_units(const Machine *machine, int fanouts)
{
    int64_t units = 1;
    for (int f = 0; f < fanouts; f++)
        units *= machine->fanout[f].size;
    return units;
}

int64_t cost_memory_units(const Machine *machine, int memory)
{
    return cost_units(machine, machine->memory[memory].fanouts);
}

int64_t cost_required(const Result *result, int memory)
{
    int64_t bytes = 0;
    for (int p = 0; p < result->n_places; p++)
        if (result->place[p].memory == memory)
            bytes += result->place[p].required_bytes;
    return bytes;
}

/* Dims that some loop outside of this depth advances. */
static unsigned dims_that_turn(const Layer *layer, const Nest *nest, int depth)
{
    int64_t extent[DIMS_MAX];
    unsigned turns = 0;
    memcpy(extent, layer->extent, sizeof extent);
    for (int l = 0; l < depth; l++)
        for (int m = 0; m < nest->level[l].n_maps; m++) {
            const Map *map = &nest->level[l].map[m];
            int64_t *whole = &extent[map->dim];
            if (nest_steps(map, *whole, nest->level[l].children) > 1)
                turns |= 1u << map->dim;
            *whole = map->size < *whole ? map->size : *whole;
        }
    return turns;
}

/* How often a tile of the tensor is held: twice if it changes and the next is loaded beside it. */
static int64_t copies_of(const Layer *layer, const Machine *machine, const Nest *nest,
                         const MemoryResult *place, int tensor)
{
    const Tensor *held = &layer->op.tensor[tensor];
    int copies = machine->memory[place->memory].copies;
    unsigned turns = dims_that_turn(layer, nest, place->depth), touched = 0;
    for (int c = 0; c < held->n_coords; c++)
        for (int i = 0; i < held->coord[c].n; i++)
            touched |= 1u << held->coord[c].dim[i];
    if (place->depth == 0 || !(turns & touched))
        return 1;
    return copies > 0 ? copies : machine->noc[place->depth - 1].prefetch == PREFETCH_NONE ? 1 : 2;
}

int64_t cost_share_required(const Layer *layer, const Machine *machine, const Nest *nest,
                            const Result *result, int memory, int tensor)
{
    for (int p = 0; p < result->n_places; p++) {
        const MemoryResult *place = &result->place[p];
        if (place->memory == memory && place->tensors == 1u << tensor)
            return place->required_bytes;
        if (place->memory == memory && place->tensors >> tensor & 1)
            return (int64_t) ceil((double) copies_of(layer, machine, nest, place, tensor) *
                                  (double) place->tile[tensor] * machine_bytes(machine, tensor));
    }
    return 0;
}
