/* How much memory a hierarchy has, and how much of it a layer needs. */
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

int64_t cost_required(const Result *result, int memory)
{
    int64_t bytes = 0;
    for (int p = 0; p < result->n_places; p++)
        if (result->place[p].memory == memory)
            bytes += result->place[p].required_bytes;
    return bytes;
}

int64_t cost_share_required(const Result *result, int memory, int tensor)
{
    for (int p = 0; p < result->n_places; p++) {
        const MemoryResult *place = &result->place[p];
        if (place->memory == memory && place->tensors >> tensor & 1)
            return place->tensor_bytes[tensor];
    }
    return 0;
}
