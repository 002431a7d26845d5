/* Level by level, outside in. */
#include "ir/hierarchy.h"

#include "ir/integer.h"

int nest_home(const Nest *nest, int depth, int tensor)
{
    while (depth > 0 && nest->level[depth - 1].passes >> tensor & 1)
        depth--;
    return depth;
}

static int root_of(const Machine *machine, int tensor)
{
    for (int m = 0; m < machine->n_memories; m++)
        if (machine->memory[m].root && machine->memory[m].holds >> tensor & 1)
            return m;
    return -1;
}

int hierarchy_memory(const Machine *machine, const Nest *nest, int depth, int tensor)
{
    if (depth == 0)
        return root_of(machine, tensor);
    const Level *level = &nest->level[depth - 1];
    return level->passes >> tensor & 1 ? -1 : level->memory[tensor] - 1;
}

/* The tensors that a memory holds in units of this depth. */
static unsigned held_in(const Machine *machine, const Nest *nest, int depth, int memory,
                        int n_tensors)
{
    unsigned tensors = 0;
    for (int t = 0; t < n_tensors; t++)
        if (hierarchy_memory(machine, nest, depth, t) == memory)
            tensors |= 1u << t;
    return tensors;
}

/* From the least hiding on. */
static int hiding(Prefetch prefetch)
{
    static const int order[] = {
        [PREFETCH_NONE] = 0, [PREFETCH_STEP] = 1, [PREFETCH_TILE] = 2, [PREFETCH_LAYER] = 3};
    return order[prefetch];
}

/* What the memories of one place come to. */
typedef struct {
    int n;
    int64_t latency;
    Prefetch prefetch;
} Site;

static Site place_ports(const Machine *machine, const Nest *nest, int depth, int n_tensors,
                        Ports *ports)
{
    Site site = {0, 0, PREFETCH_LAYER};
    ports->n = 0;
    for (int m = 0; m < machine->n_memories; m++) {
        const Memory *memory = &machine->memory[m];
        unsigned tensors = held_in(machine, nest, depth, m, n_tensors);
        if (!tensors)
            continue;
        site.n++;
        if (memory->latency > site.latency)
            site.latency = memory->latency;
        if (hiding(memory->prefetch) < hiding(site.prefetch))
            site.prefetch = memory->prefetch;
        if (memory->port.read.num || memory->port.write.num || memory->port.both.num) {
            Port *port = &ports->port[ports->n++];
            *port = memory->port;
            port->tensors = tensors;
        }
    }
    return site;
}

int64_t hierarchy_latency(const Machine *machine, const Nest *nest, int level, int n_tensors)
{
    Ports ports;
    return place_ports(machine, nest, level, n_tensors, &ports).latency;
}

/* Without a fan-out a link has a latency of 1, to which memories add theirs. */
static Noc free_noc(Prefetch prefetch)
{
    return (Noc){.bandwidth = {{0, 1}},
                 .latency = 1,
                 .multicast = true,
                 .reduction = true,
                 .prefetch = prefetch};
}

static Noc level_noc(const Machine *machine, const Level *level, Prefetch prefetch)
{
    if (level->fanout == 0)
        return free_noc(prefetch);
    const Noc *noc = &machine->fanout[level->fanout - 1].noc;
    if (!level->rest)
        return *noc;
    Noc rest = free_noc(noc->prefetch); /* costs nothing */
    rest.latency = 0;
    rest.multicast = noc->multicast;
    rest.reduction = noc->reduction;
    return rest;
}

void hierarchy_place(const Nest *nest, int n_tensors, Machine *machine)
{
    Prefetch prefetch = PREFETCH_LAYER; /* of the memories around, up to the next fan-out */
    for (int l = 0; l < nest->n_levels; l++) {
        Noc *noc = &machine->noc[l];
        Site site = place_ports(machine, nest, l, n_tensors, &machine->ports[l]);
        if (site.n > 0)
            prefetch = site.prefetch;
        *noc = level_noc(machine, &nest->level[l], prefetch);
        noc->latency += site.latency;
        if (noc->latency < 1)
            noc->latency = 1;
        if (nest->level[l].fanout > 0)
            prefetch = PREFETCH_LAYER;
    }
    place_ports(machine, nest, nest->n_levels, n_tensors, &machine->pe_ports);
}

int hierarchy_outermost(const Machine *machine, int tensor)
{
    for (int m = 0; m < machine->n_memories; m++)
        if (!machine->memory[m].root && machine->memory[m].holds >> tensor & 1)
            return m;
    return -1;
}

int64_t hierarchy_free_roots(Machine *machine)
{
    int64_t latency = 0;
    for (int m = 0; m < machine->n_memories; m++)
        if (machine->memory[m].root) {
            latency = max64(latency, machine->memory[m].latency);
            machine->memory[m].latency = 0;
        }
    machine->ports[0].n = 0;
    machine->noc[0].latency = max64(1, machine->noc[0].latency - latency);
    return latency;
}
