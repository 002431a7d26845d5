/* Random layers and machines for the tests of the mapper: small, of every form that it takes. */
#ifndef DCC_TESTS_UNIT_MAPCASE_H
#define DCC_TESTS_UNIT_MAPCASE_H

#include <glib.h>
#include <math.h>
#include <string.h>

#include "ir/machine.h"
#include "ir/layer.h"
#include "ir/technology.h"

static inline int64_t mapcase_between(GRand *random, int64_t low, int64_t high)
{
    return low + g_rand_int_range(random, 0, (gint32) (high - low + 1));
}

static inline bool mapcase_chance(GRand *random, int percent)
{
    return mapcase_between(random, 0, 99) < percent;
}

static inline void mapcase_tensor(Operator *op, const char *name, TensorRole role)
{
    op->tensor[op->n_tensors++] = (Tensor){.name = name, .role = role};
    if (role == ROLE_OUTPUT)
        op->output = op->n_tensors - 1;
}

static inline void mapcase_coord(Operator *op, int a, int64_t x, int b, int64_t y)
{
    Tensor *tensor = &op->tensor[op->n_tensors - 1];
    tensor->coord[tensor->n_coords++] = (Coord){b < 0 ? 1 : 2, {a, b < 0 ? 0 : b}, {x, y}};
}

/* C[M][N] = A[M][K] B[K][N] */
static inline void mapcase_gemm(Operator *op)
{
    static const char *const dims[] = {"M", "N", "K"};
    op->type = "GEMM";
    op->n_dims = 3;
    memcpy(op->dim, dims, sizeof dims);
    mapcase_tensor(op, "A", ROLE_INPUT);
    mapcase_coord(op, 0, 1, -1, 0);
    mapcase_coord(op, 2, 1, -1, 0);
    mapcase_tensor(op, "B", ROLE_WEIGHT);
    mapcase_coord(op, 2, 1, -1, 0);
    mapcase_coord(op, 1, 1, -1, 0);
    mapcase_tensor(op, "C", ROLE_OUTPUT);
    mapcase_coord(op, 0, 1, -1, 0);
    mapcase_coord(op, 1, 1, -1, 0);
}

/* O[K][Y'][X'] = W[K][C][R][S] I[C][Y][X]; deep: O[C][Y'][X'] = W[C][R][S] I[C][Y][X]. */
static inline void mapcase_conv(GRand *random, Operator *op, bool deep)
{
    static const char *const dims[] = {"K", "C", "Y'", "X'", "R", "S"};
    int64_t stride = mapcase_between(random, 1, 3), dilation = mapcase_between(random, 1, 2);
    op->type = deep ? "DSCONV" : "CONV";
    op->n_dims = 6;
    memcpy(op->dim, dims, sizeof dims);
    mapcase_tensor(op, "I", ROLE_INPUT);
    mapcase_coord(op, 1, 1, -1, 0);
    mapcase_coord(op, 2, stride, 4, dilation);
    mapcase_coord(op, 3, mapcase_between(random, 1, 2), 5, mapcase_between(random, 1, 2));
    mapcase_tensor(op, "W", ROLE_WEIGHT);
    if (!deep)
        mapcase_coord(op, 0, 1, -1, 0);
    mapcase_coord(op, 1, 1, -1, 0);
    mapcase_coord(op, 4, 1, -1, 0);
    mapcase_coord(op, 5, 1, -1, 0);
    mapcase_tensor(op, "O", ROLE_OUTPUT);
    mapcase_coord(op, deep ? 1 : 0, 1, -1, 0);
    mapcase_coord(op, 2, 1, -1, 0);
    mapcase_coord(op, 3, 1, -1, 0);
}

/* Extents up to `most` for single dims. */
static inline void mapcase_layer(GRand *random, int64_t most, Layer *layer)
{
    int kind = (int) mapcase_between(random, 0, 2);
    *layer = (Layer){.name = "L", .count = 1};
    if (kind == 0)
        mapcase_gemm(&layer->op);
    else
        mapcase_conv(random, &layer->op, kind == 2);
    for (int t = 0; t < TENSORS_MAX; t++)
        layer->density[t] = 1;
    for (int d = 0; d < layer->op.n_dims; d++)
        layer->extent[d] = mapcase_between(random, 1, kind > 0 && d > 3 ? 3 : most);
    if (kind == 2)
        layer->extent[0] = 1;
    if (mapcase_chance(random, 10))
        layer->density[mapcase_between(random, 0, layer->op.n_tensors - 1)] = 0.5;
}

static inline Rational mapcase_rate(GRand *random)
{
    return mapcase_chance(random, 40)
               ? (Rational){0, 1}
               : (Rational){mapcase_between(random, 1, 6), mapcase_between(random, 1, 3)};
}

static inline Noc mapcase_noc(GRand *random)
{
    Noc noc = {.latency = mapcase_between(random, 1, 3),
               .hops = (double) mapcase_between(random, 0, 2),
               .per_tensor = mapcase_chance(random, 20),
               .in_bits = mapcase_chance(random, 20),
               .multicast = mapcase_chance(random, 80),
               .reduction = mapcase_chance(random, 80),
               .prefetch = (Prefetch) mapcase_between(random, 0, 3)};
    for (int t = 0; t < TENSORS_MAX; t++)
        noc.bandwidth[t] = mapcase_rate(random);
    return noc;
}

static inline Memory mapcase_memory(GRand *random, const char *name, unsigned holds, bool root)
{
    Memory memory = {.name = name,
                     .root = root,
                     .holds = holds,
                     .latency = mapcase_chance(random, 20) ? 2 : 0,
                     .prefetch = mapcase_chance(random, 70)
                                     ? PREFETCH_LAYER
                                     : (Prefetch) mapcase_between(random, 0, 3),
                     .copies = (int) mapcase_between(random, 0, 2),
                     .read_pj = (double) mapcase_between(random, 1, 20),
                     .write_pj = (double) mapcase_between(random, 1, 20),
                     .width_bits = mapcase_chance(random, 20) ? 64 : 0,
                     .um2 = NAN,
                     .leak_mw = mapcase_chance(random, 20) ? 1 : NAN};
    memory.port =
        (Port){.in_bits = mapcase_chance(random, 20),
               .read = mapcase_rate(random),
               .write = mapcase_rate(random),
               .both = mapcase_chance(random, 20) ? mapcase_rate(random) : (Rational){0, 1}};
    if (!root && mapcase_chance(random, 60))
        memory.capacity_bytes = mapcase_between(random, 4, 400);
    return memory;
}

/* A root, up to two fan-outs, a memory or more behind each. */
static inline void mapcase_hierarchy(GRand *random, unsigned all, Machine *machine)
{
    static const char *const memories[] = {"M0", "M1", "M2", "M3", "M4"};
    static const char *const fanouts[] = {"F0", "F1"};
    int n_fanouts = (int) mapcase_between(random, 0, 2);
    machine->memory[machine->n_memories++] = mapcase_memory(random, "DRAM", all, true);
    machine->pes = 1;
    for (int f = 0; f <= n_fanouts; f++) {
        for (int i = (int) mapcase_between(random, 0, 2); i > 0 && machine->n_memories < 5; i--) {
            Memory *memory = &machine->memory[machine->n_memories];
            unsigned holds = (unsigned) mapcase_between(random, 1, all);
            *memory = mapcase_memory(random, memories[machine->n_memories++], holds, false);
            memory->fanouts = f;
        }
        if (f == n_fanouts)
            break;
        machine->fanout[f] = (Fanout){.name = fanouts[f],
                                      .size = mapcase_between(random, 1, 5),
                                      .memories = machine->n_memories,
                                      .noc = mapcase_noc(random)};
        machine->pes *= machine->fanout[f].size;
        machine->n_fanouts++;
    }
    machine->mac_pj = 0.5;
    machine->mac_um2 = machine->mac_mw = NAN;
}

/* Unlimited, or so many bytes or elements. */
static inline void mapcase_offchip(GRand *random, int64_t limited, double rate, Machine *machine)
{
    bool elements = mapcase_chance(random, 35);
    rate = mapcase_chance(random, limited) ? rate : 0;
    machine_set_offchip(machine, elements ? rate / 8 : rate);
    machine->offchip.elements = elements;
}

static inline void mapcase_machine(GRand *random, const Layer *layer, bool hierarchy,
                                   Machine *machine)
{
    memset(machine, 0, sizeof *machine);
    machine->name = "random";
    machine->clock_hz = 1e9;
    machine->lanes = mapcase_chance(random, 70) ? 1 : 2;
    machine->pes = mapcase_between(random, 1, 12);
    machine->setup_cycles = mapcase_chance(random, 20) ? 5 : 0;
    for (int t = 0; t < TENSORS_MAX; t++)
        machine->bits[t] = 8 * mapcase_between(random, 1, 3);
    machine->done_bits = mapcase_chance(random, 50) ? 8 : machine->bits[layer->op.output];
    for (int l = 0; l < LEVELS_MAX; l++)
        machine->noc[l] = mapcase_noc(random);
    machine->mac_pj = machine->mac_um2 = machine->mac_mw = NAN;
    if (hierarchy) {
        mapcase_hierarchy(random, (1u << layer->op.n_tensors) - 1, machine);
        return;
    }
    machine->l1_bytes = mapcase_chance(random, 50) ? mapcase_between(random, 8, 100) : 0;
    machine->l2_bytes = mapcase_chance(random, 60) ? mapcase_between(random, 50, 600) : 0;
    machine->buffer_bytes[1] = mapcase_chance(random, 30) ? mapcase_between(random, 20, 200) : 0;
    mapcase_offchip(random, 60, 1e9, machine);
    machine->stays_onchip[0] = mapcase_chance(random, 10);
}

static inline Curve mapcase_curve(double y)
{
    return (Curve){.n = 1, .x = {64}, .y = {y}, .exponent = 0.3, .range = {1, 1e9}, .source = "-"};
}

static inline void mapcase_technology(GRand *random, Technology *technology)
{
    *technology = (Technology){.name = "random",
                               .mac_pj = mapcase_curve(0.7),
                               .offchip_pj = {(double) mapcase_between(random, 5, 90), "-"},
                               .hop_pj = {0.3, "-"},
                               .idle_mw = {mapcase_chance(random, 50) ? 1 : 0, "-"}};
    MemoryKind *kinds[] = {&technology->l1, &technology->buffer, &technology->l2};
    for (int k = 0; k < 3; k++) {
        kinds[k]->read_pj = mapcase_curve((double) mapcase_between(random, 1, 9));
        kinds[k]->write_pj = mapcase_curve((double) mapcase_between(random, 1, 9));
    }
    technology_slopes(technology);
}

#endif
