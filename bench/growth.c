/* How the time of an evaluation grows: with the size of a layer, with the directives and levels of
 * a dataflow, with the dims of an operator, with the memories of a hierarchy (of a convolution and
 * of a product of matrices, and there for the counts alone too).  Engines only, one thread,
 * nanoseconds by its own clock; the median of seven rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/analysis.h"
#include "ir/hierarchy.h"

enum { ROUNDS = 7, RUNS = 20000, FEWER_RUNS = 1000 };
enum {
    N,
    K,
    C,
    Y,
    X,
    R,
    S,
    MORE
}; /* dims of a convolution; those from MORE on are further batches */

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
} Case;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

typedef void Engine(const Layer *layer, const Nest *nest, const Machine *machine, Workspace *ws,
                    Result *result);

static void measure_by(Engine *engine, int runs, Workspace *ws, const Case *c, const char *what,
                       int64_t value)
{
    Result result = {.status = RESULT_OVERFLOW};
    double ns[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        double began = seconds();
        for (int i = 0; i < runs; i++)
            engine(&c->layer, &c->nest, &c->machine, ws, &result);
        ns[r] = (seconds() - began) / runs * 1e9;
        if (result.status != RESULT_OK) {
            fprintf(stderr, "growth: %s %lld cannot be evaluated\n", what, (long long) value);
            exit(EXIT_FAILURE);
        }
    }
    qsort(ns, ROUNDS, sizeof *ns, by_value);
    printf("  %-13s %6lld %8.0f ns\n", what, (long long) value, ns[ROUNDS / 2]);
    fflush(stdout);
}

static void measure(Workspace *ws, const Case *c, const char *what, int64_t value)
{
    measure_by(analysis_run, RUNS, ws, c, what, value);
}

/* ---- cases ------------------------------------------------------------------------------ */

static void couple(Tensor *tensor, int dim)
{
    tensor->coord[tensor->n_coords++] = (Coord){1, {dim, 0}, {1, 0}};
}

static void window(Tensor *tensor, int out, int filter)
{
    tensor->coord[tensor->n_coords++] = (Coord){2, {out, filter}, {1, 1}};
}

/* A convolution of 64 channels and filters, 3 by 3, with `size` output rows and columns. */
static Case convolution(int64_t size, int dims)
{
    Case c = {.layer.name = "layer", .layer.count = 1};
    Operator *op = &c.layer.op;
    Tensor *w = &op->tensor[0], *in = &op->tensor[1], *out = &op->tensor[2];
    const int64_t extent[MORE] = {1, 64, 64, size, size, 3, 3};
    op->type = "CONV";
    op->n_dims = dims;
    op->n_tensors = 3;
    op->output = 2;
    *w = (Tensor){.name = "W", .role = ROLE_WEIGHT};
    *in = (Tensor){.name = "I", .role = ROLE_INPUT};
    *out = (Tensor){.name = "O", .role = ROLE_OUTPUT};
    for (int d = 0; d < dims; d++) {
        c.layer.extent[d] = d < MORE ? extent[d] : 2;
        if (d == K || d == C || d == R || d == S)
            couple(w, d);
        if (d == N || d == C || d >= MORE)
            couple(in, d);
        if (d == N || d == K || d == Y || d == X || d >= MORE)
            couple(out, d);
    }
    window(in, Y, R);
    window(in, X, S);
    c.machine = (Machine){.pes = 256, .lanes = 1, .clock_hz = 1e9};
    for (int t = 0; t < op->n_tensors; t++)
        c.layer.density[t] = 1, c.machine.bits[t] = 8;
    for (int l = 0; l < LEVELS_MAX; l++)
        c.machine.noc[l] =
            (Noc){.bandwidth[0] = {32, 1}, .latency = 1, .multicast = 1, .reduction = 1};
    c.nest.n_levels = 1;
    c.nest.level[0].children = 256;
    return c;
}

static void map(Case *c, int level, MapKind kind, int dim, int64_t size)
{
    Level *to = &c->nest.level[level];
    to->map[to->n_maps++] = (Map){kind, dim, size, size};
}

/* Filters over clusters, channels over their PEs. */
static void filters_channels(Case *c)
{
    c->nest.n_levels = 2;
    c->nest.level[0].children = 4;
    c->nest.level[1].children = 64;
    map(c, 0, MAP_SPATIAL, K, 1);
    map(c, 0, MAP_TEMPORAL, Y, 1);
    map(c, 0, MAP_TEMPORAL, X, 1);
    map(c, 1, MAP_SPATIAL, C, 1);
}

/* ---- hierarchies ------------------------------------------------------------------------ */

/* 4096 by 4096 by 4096. */
static Case product(void)
{
    static const int dims[3][2] = {{0, 2}, {2, 1}, {0, 1}}; /* A[M][K] B[K][N] C[M][N] */
    Case c = convolution(1, MORE);
    Operator *op = &c.layer.op;
    op->type = "GEMM";
    op->n_dims = 3;
    for (int t = 0; t < 3; t++) {
        op->tensor[t].n_coords = 0;
        couple(&op->tensor[t], dims[t][0]);
        couple(&op->tensor[t], dims[t][1]);
        c.layer.extent[t] = 4096;
    }
    return c;
}

/* A chain of n memories that hold everything, 16 units at the innermost. */
static void chain_memories(Case *c, int n)
{
    static const char *const names[] = {"M0", "M1", "M2", "M3", "M4", "M5"};
    const unsigned all = 7;
    c->machine.n_memories = n;
    for (int m = 0; m < n; m++)
        c->machine.memory[m] = (Memory){.name = names[m],
                                        .root = m == 0,
                                        .fanouts = m == n - 1,
                                        .holds = all,
                                        .port = {all, false, {64, 1}, {64, 1}, {0, 1}}};
    c->machine.n_fanouts = 1;
    c->machine.fanout[0] = (Fanout){.name = "F", .size = 16, .memories = n - 1};
    c->machine.fanout[0].noc = c->machine.noc[0];
    c->machine.pes = 16;
}

/* Each memory has a quarter of what the one outside has, of every dim of `order`; the innermost
 * cut divides the first of them, and the MACs take them one by one. */
static void cut_by_memories(Case *c, int n, const int *order, int n_order)
{
    int64_t extent[DIMS_MAX];
    for (int d = 0; d < DIMS_MAX; d++)
        extent[d] = c->layer.extent[d];
    c->nest = (Nest){.n_levels = n};
    for (int l = 0; l < n; l++) {
        bool inner = l == n - 2, last = l == n - 1;
        Level *level = &c->nest.level[l];
        level->children = inner ? 16 : 1;
        level->fanout = inner;
        level->passes = last ? 7 : 0;
        for (int t = 0; t < 3 && !last; t++)
            level->memory[t] = l + 2;
        for (int i = 0; i < n_order; i++) {
            int64_t *whole = &extent[order[i]], size = last || *whole < 4 ? 1 : *whole / 4;
            if (*whole > 1)
                map(c, l, inner && i == 0 ? MAP_SPATIAL : MAP_TEMPORAL, order[i], size);
            *whole = size;
        }
    }
    hierarchy_place(&c->nest, 3, &c->machine);
    if (nest_check(&c->layer, &c->nest, &c->machine).law != NEST_LEGAL) {
        fprintf(stderr, "growth: %d memories are no legal nest\n", n);
        exit(EXIT_FAILURE);
    }
}

static void measure_memories(Workspace *ws)
{
    static const int conv[] = {K, C, Y, X}, gemm[] = {1, 0, 2};
    for (int n = 2; n <= 6; n++) {
        Case c = convolution(256, MORE);
        c.layer.extent[K] = c.layer.extent[C] = 1024;
        chain_memories(&c, n);
        cut_by_memories(&c, n, conv, 4);
        measure_by(analysis_run, FEWER_RUNS, ws, &c, "CONV memories", n);
        measure_by(analysis_count, FEWER_RUNS, ws, &c, "  counts", n);
    }
    for (int n = 2; n <= 6; n++) {
        Case c = product();
        chain_memories(&c, n);
        cut_by_memories(&c, n, gemm, 3);
        measure_by(analysis_run, FEWER_RUNS, ws, &c, "GEMM memories", n);
        measure_by(analysis_count, FEWER_RUNS, ws, &c, "  counts", n);
    }
}

int main(void)
{
    static const int64_t size[] = {14, 56, 224, 896, 3584};
    static const int order[] = {K, C, Y, X, R, S}, across[] = {K, C, Y, X};
    Workspace *ws = workspace_new();
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        Case c = convolution(size[i], MORE);
        filters_channels(&c);
        measure(ws, &c, "rows", size[i]);
    }
    for (int n = 1; n <= 6; n++) { /* one level, no edges */
        Case c = convolution(256, MORE);
        for (int i = 0; i < n; i++)
            map(&c, 0, i == 0 ? MAP_SPATIAL : MAP_TEMPORAL, order[i], 1);
        c.nest.level[0].children = 16;
        measure(ws, &c, "directives", n);
    }
    for (int n = 1; n <= 4; n++) { /* each level has a map over children and one over time */
        Case c = convolution(256, MORE);
        c.nest.n_levels = n;
        for (int l = 0; l < n; l++) {
            c.nest.level[l].children = 4;
            map(&c, l, MAP_SPATIAL, across[l], 8 >> l);
            map(&c, l, MAP_TEMPORAL, l % 2 ? Y : X, 64 >> 2 * l);
        }
        measure(ws, &c, "levels", n);
    }
    for (int n = MORE; n <= DIMS_MAX; n++) { /* every further dim has a map */
        Case c = convolution(256, n);
        for (int d = MORE; d < n; d++)
            map(&c, 0, MAP_TEMPORAL, d, 1);
        filters_channels(&c);
        measure(ws, &c, "dims", n);
    }
    measure_memories(ws);
    workspace_free(ws);
    return 0;
}
