/* How much memory a hierarchy has, and how much of it a layer needs. */
#include <math.h>

#include "engine/cost.h"

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

double cost_need_bits(const Result *result, int memory, unsigned tensors)
{
    double bits = 0;
    for (int p = 0; p < result->n_places; p++) {
        const MemoryResult *place = &result->place[p];
        unsigned held = place->memory == memory ? place->tensors & tensors : 0;
        for (; held; held &= held - 1)
            bits += place->need_bits[__builtin_ctz(held)];
    }
    return bits;
}

int64_t cost_required(const Result *result, int memory)
{
    return (int64_t) ceil(cost_need_bits(result, memory, ~0u) / 8);
}

int64_t cost_share_required(const Result *result, int memory, int tensor)
{
    return (int64_t) ceil(cost_need_bits(result, memory, 1u << tensor) / 8);
}
