/* A layer on a hierarchy, counted by hand: weights bypass the global buffer and stay in the PEs,
 * inputs are streamed to the MACs out of it, partial sums come back from it.
 *
 *   Memory DRAM; Memory GLB { Holds: Input, Output }; Fanout PE 8 { Hops: 2 }; Memory RF { Holds:
 *   Weight, Output }
 *
 *   TemporalMap(8,8) K; TemporalMap(1,1) C; Buffer(GLB) Input, Output;
 *   TemporalMap(1,1) Y'; TemporalMap(1,1) X'; SpatialMap(1,1) K; Fanout(PE); Buffer(RF);
 *   TemporalMap(1,1) R; TemporalMap(1,1) S;
 *
 * with K 16, C 2, Y' and X' 4, R and S 3: 4608 MACs.  Weights: each once into one PE, 288, and read
 * by every MAC.  Inputs: 36 for each of 2 * 2 steps outside, 144; of these the MACs ask 16 * 9
 * times in each, all PEs at once: 576.  Outputs: a PE gives one up in each of 2 * 2 * 16 steps,
 * 512 from 8 of them, and has it back in the second half, 256; a MAC reads it but for the first of
 * the 9 in the first half: 256 * (8 + 9) = 4352. */
#ifndef DCC_TESTS_UNIT_BYPASS_H
#define DCC_TESTS_UNIT_BYPASS_H

#include <math.h>
#include <string.h>

#include "engine/result.h"
#include "ir/technology.h"

enum { BYPASS_W, BYPASS_I, BYPASS_O };
enum { BYPASS_DRAM, BYPASS_GLB, BYPASS_RF };

static const Operator bypass_operator = {
    .type = "CONV",
    .n_dims = 6,
    .dim = {"K", "C", "Y'", "X'", "R", "S"},
    .n_tensors = 3,
    .tensor = {{"W", ROLE_WEIGHT, 4, {{1, {0}, {1}}, {1, {1}, {1}}, {1, {4}, {1}}, {1, {5}, {1}}}},
               {"I", ROLE_INPUT, 3, {{1, {1}, {1}}, {2, {2, 4}, {1, 1}}, {2, {3, 5}, {1, 1}}}},
               {"O", ROLE_OUTPUT, 3, {{1, {0}, {1}}, {1, {2}, {1}}, {1, {3}, {1}}}}},
    .output = 2,
};

static inline Layer bypass_layer(void)
{
    return (Layer){.name = "CONV1",
                   .op = bypass_operator,
                   .extent = {16, 2, 4, 4, 3, 3},
                   .count = 1,
                   .density = {1, 1, 1, 1, 1, 1}};
}

static inline Nest bypass_nest(void)
{
    enum { W = 1 << BYPASS_W, I = 1 << BYPASS_I, O = 1 << BYPASS_O };
    return (Nest){
        .n_levels = 3,
        .level = {
            {.children = 1,
             .n_maps = 2,
             .map = {{MAP_TEMPORAL, 0, 8, 8}, {MAP_TEMPORAL, 1, 1, 1}},
             .passes = W,
             .memory = {0, BYPASS_GLB + 1, BYPASS_GLB + 1}},
            {.children = 8,
             .n_maps = 3,
             .map = {{MAP_TEMPORAL, 2, 1, 1}, {MAP_TEMPORAL, 3, 1, 1}, {MAP_SPATIAL, 0, 1, 1}},
             .passes = I,
             .fanout = 1,
             .memory = {BYPASS_RF + 1, 0, BYPASS_RF + 1}},
            {.children = 1,
             .n_maps = 2,
             .map = {{MAP_TEMPORAL, 4, 1, 1}, {MAP_TEMPORAL, 5, 1, 1}},
             .passes = W | I | O}}};
}

/* DRAM: 8 pJ to read a byte, 4 pJ to write one.  GLB: 2 pJ to read a byte, 4 pJ to write one.  RF:
 * by the technology.  Inputs and weights have 8 bit, partial sums 24, finished outputs 8. */
static inline Machine bypass_machine(void)
{
    const Noc noc = {.bandwidth = {{0, 1}}, .latency = 1, .multicast = true, .reduction = true};
    Machine machine = {
        .name = "bypass",
        .pes = 8,
        .lanes = 1,
        .clock_hz = 1e9,
        .bits = {8, 8, 24, 8, 8, 8},
        .done_bits = 8,
        .n_memories = 3,
        .n_fanouts = 1,
        .memory = {{.name = "DRAM",
                    .root = true,
                    .holds = 7,
                    .read_pj = 64,
                    .write_pj = 32,
                    .width_bits = 64,
                    .um2 = NAN,
                    .leak_mw = NAN},
                   {.name = "GLB",
                    .holds = 6,
                    .capacity_bytes = 900,
                    .read_pj = 6,
                    .write_pj = 12,
                    .width_bits = 24,
                    .um2 = 1000,
                    .leak_mw = 1},
                   {.name = "RF",
                    .fanouts = 1,
                    .holds = 5,
                    .capacity_bytes = 32,
                    .read_pj = NAN,
                    .write_pj = NAN,
                    .um2 = 10,
                    .leak_mw = 0.25}},
        .fanout = {{.name = "PE", .size = 8, .memories = 2, .noc = noc}},
        .mac_um2 = 5,
        .mac_pj = 0.5,
        .mac_mw = 0.125,
    };
    machine.fanout[0].noc.hops = 2;
    for (int l = 0; l < 3; l++)
        machine.noc[l] = noc;
    machine.noc[1].hops = 2;
    return machine;
}

/* A read of an L1 takes 1 pJ, a write 2, of an element; a byte 1 pJ over a hop. */
static inline Technology bypass_technology(void)
{
    return (Technology){.name = "test",
                        .l1 = {.read_pj = {.n = 1, .x = {1}, .y = {1}, .source = "l1"},
                               .write_pj = {.n = 1, .x = {1}, .y = {2}, .source = "l1"}},
                        .bus_um2 = {.scale = 1, .constant = 3, .source = "bus"},
                        .arbiter_um2 = {.scale = 1, .linear = 1, .source = "arbiter"},
                        .hop_pj = {1, "hop"},
                        .hop_bits = 8};
}

static inline void bypass_links(Result *r)
{
    r->link[0] = (LinkResult){.in = {288, 144, 0}, .out = 256, .in_cycles = 3, .out_cycles = 1};
    r->link[1] = (LinkResult){.in = {288, 576, 256}, .out = 512};
    r->link[2] = (LinkResult){.in = {4608, 4608, 4352}, .out = 4608};
    r->mac[BYPASS_W] = (MacAccesses){4608, 0};
    r->mac[BYPASS_I] = (MacAccesses){576, 0};
    r->mac[BYPASS_O] = (MacAccesses){4352, 4608};
}

static inline void bypass_places(Result *r)
{
    r->n_places = 3;
    r->place[0] = (MemoryResult){.memory = BYPASS_DRAM,
                                 .units = 1,
                                 .tensors = 7,
                                 .need_bits = {8 * 288, 8 * 72, 8 * 256},
                                 .tile = {288, 72, 256},
                                 .reads = {288, 144, 0},
                                 .writes = {0, 0, 256}};
    r->place[1] = (MemoryResult){.memory = BYPASS_GLB,
                                 .depth = 1,
                                 .units = 1,
                                 .tensors = 6,
                                 .need_bits = {0, 8 * 2 * 36, 24 * 2 * 128},
                                 .tile = {0, 36, 128},
                                 .reads = {0, 576, 0},
                                 .writes = {0, 0, 512},
                                 .fills = {0, 144, 0},
                                 .drains = {0, 0, 256},
                                 .psum_reads = {0, 0, 256}};
    r->place[2] = (MemoryResult){.memory = BYPASS_RF,
                                 .depth = 2,
                                 .units = 8,
                                 .tensors = 5,
                                 .need_bits = {8 * 2 * 9, 0, 24 * 2},
                                 .tile = {9, 0, 1},
                                 .reads = {4608, 0, 0},
                                 .writes = {0, 0, 4608},
                                 .fills = {288, 0, 256},
                                 .drains = {0, 0, 512},
                                 .psum_reads = {0, 0, 4352}};
}

static inline void bypass_result(Result *r)
{
    memset(r, 0, sizeof *r);
    r->macs = r->effectual_macs = 4608;
    r->copies = 1;
    r->cycles = r->onchip_cycles = 580;
    r->ideal_cycles = 576;
    r->utilization = 4608 / (580.0 * 8);
    r->active_pes = 8;
    r->tensor_size[BYPASS_W] = 288;
    r->tensor_size[BYPASS_I] = 72;
    r->tensor_size[BYPASS_O] = 256;
    r->cycles_by_cause[CAUSE_COMPUTE] = 576;
    r->cycles_by_cause[CAUSE_FILL] = 3;
    r->cycles_by_cause[CAUSE_DRAIN] = 1;
    r->n_levels = 3;
    r->level[0] = (LevelResult){.children = 1, .steps = 4};
    r->level[0].tensor[BYPASS_I] = (TensorCounts){.reads = 144, .fills = 144, .tile_max = 36};
    r->level[0].tensor[BYPASS_O] = (TensorCounts){.writes = 256, .drains = 256, .tile_max = 128};
    r->level[1] = (LevelResult){.children = 8, .steps = 64, .peak_bandwidth = 8};
    r->level[1].tensor[BYPASS_W] = (TensorCounts){.reads = 288, .fills = 288, .tile_max = 9};
    r->level[1].tensor[BYPASS_O] = (TensorCounts){
        .writes = 512, .drains = 512, .fills = 256, .psum_reads = 256, .tile_max = 1};
    r->level[2] = (LevelResult){.children = 1, .steps = 4608};
    bypass_links(r);
    bypass_places(r);
}

#endif
