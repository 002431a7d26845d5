/* Evaluations per second of one layer on one machine, engines only: IR to Result, one thread, by
 * its own clock.
 *
 *   run      analysis_run: every count, the time and what it consists of
 *   step     the same by prefetch step
 *   results  25 PE counts times 32 bandwidths: the nest counted once per PE count, then a
 *            Result for every bandwidth
 *   times    the same points, only the cycles of each
 *   bands    one nest, 100,000 pairs of bandwidth and latency, only the cycles of each
 *   count    analysis_count: every count, no time
 *   cost     cost_layer: energy, once the layer is evaluated
 *
 * Of a hierarchy, BERT-large's queries, keys and values on ff-gemmini.hw, run and count.
 *
 * With DATAFLOW MODEL HARDWARE run and count of these alone.
 *
 * Last, and alone with --random, come random nests of two and of three levels: the dims of each
 * level in random order, one of them, at random, over the children, and sizes uniform over 1 to
 * what the parent has, or over the divisors of it.
 *
 * Every figure is the median of seven rounds; the spread is from the slowest to the fastest
 * in percent of it.  Machines differ and are shared, so a fixed reference runs before
 * every round: REFERENCE_STEPS steps x = x * 6364136223846793005 + 1442695040888963407, each of
 * which waits for the one before.  `ratio` is evaluations per million of such steps. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/analysis.h"
#include "engine/cost.h"
#include "frontend/diag.h"
#include "run/job.h"

enum { ROUNDS = 7, REFERENCE_STEPS = 4000000, PES = 25, BANDS = 32, PAIRS = 100000, NESTS = 512 };
static const uint64_t SEED = 1;
static const double ROUND_S = 0.06;

typedef struct {
    const Program *program;
    GArray *jobs;
    Workspace *ws;
    Result result;
    Nest nest[NESTS]; /* random ones */
    int64_t bandwidth[PAIRS], latency[PAIRS], cycles[PAIRS];
} Bench;

/* ---- what is timed; each returns the evaluations that it made ------------------------- */

static int64_t run_layer(Bench *bench, const Job *job)
{
    analysis_run(&job->layer, &job->nest, &job->machine, bench->ws, &bench->result);
    return 1;
}

static int64_t count_layer(Bench *bench, const Job *job)
{
    analysis_count(&job->layer, &job->nest, &job->machine, bench->ws, &bench->result);
    return 1;
}

static int64_t cost_one(Bench *bench, const Job *job)
{
    static Cost cost;
    cost_layer(&job->layer, &job->machine, &bench->program->technology, &bench->result, &cost);
    return 1;
}

/* The same for all random nests. */
static int64_t run_random(Bench *bench, const Job *job)
{
    for (int i = 0; i < NESTS; i++)
        analysis_run(&job->layer, &bench->nest[i], &job->machine, bench->ws, &bench->result);
    return NESTS;
}

static int64_t count_random(Bench *bench, const Job *job)
{
    for (int i = 0; i < NESTS; i++)
        analysis_count(&job->layer, &bench->nest[i], &job->machine, bench->ws, &bench->result);
    return NESTS;
}

/* The job on a machine of so many PEs; false if its clusters do not fit. */
static bool with_pes(const Job *job, int64_t pes, Nest *nest, Machine *machine)
{
    int64_t below = 1;
    *nest = job->nest;
    *machine = job->machine;
    for (int l = 1; l < nest->n_levels; l++)
        below *= nest->level[l].children;
    machine->pes = pes;
    nest->level[0].children = pes / below;
    return pes >= below;
}

/* 25 PE counts, 64 apart. */
static int64_t sweep_results(Bench *bench, const Job *job)
{
    for (int p = 1; p <= PES; p++) {
        Nest nest;
        Machine machine;
        if (!with_pes(job, 64 * p, &nest, &machine))
            continue;
        analysis_prepare(&job->layer, &nest, bench->ws);
        for (int b = 0; b < BANDS; b++) {
            machine.noc[0].bandwidth[0] = (Rational){bench->bandwidth[b], 1};
            analysis_time(&machine, bench->ws, &bench->result);
        }
    }
    return (int64_t) PES * BANDS;
}

static int64_t sweep_times(Bench *bench, const Job *job)
{
    Variants variants = {{bench->bandwidth}, {NULL}};
    for (int p = 1; p <= PES; p++) {
        Nest nest;
        Machine machine;
        if (!with_pes(job, 64 * p, &nest, &machine))
            continue;
        analysis_prepare(&job->layer, &nest, bench->ws);
        analysis_variants(&machine, &variants, BANDS, bench->ws, bench->cycles);
    }
    return (int64_t) PES * BANDS;
}

static int64_t sweep_bands(Bench *bench, const Job *job)
{
    Variants variants = {{bench->bandwidth}, {bench->latency}};
    analysis_prepare(&job->layer, &job->nest, bench->ws);
    analysis_variants(&job->machine, &variants, PAIRS, bench->ws, bench->cycles);
    return PAIRS;
}

typedef int64_t Work(Bench *bench, const Job *job);

/* ---- rounds --------------------------------------------------------------------------- */

/* Of this thread: what others do on the machine does not count, as far as that can be helped. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

/* Reference steps per second. */
static double reference_rate(void)
{
    volatile uint64_t sink;
    uint64_t x = 1;
    double began = seconds();
    for (int i = 0; i < REFERENCE_STEPS; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        sink = x;
    }
    (void) sink;
    return REFERENCE_STEPS / (seconds() - began);
}

/* Evaluations per second over all legal layers, for about ROUND_S. */
static double work_rate(Bench *bench, Work *work)
{
    int64_t made = 0;
    double began = seconds(), now = began;
    while (now - began < ROUND_S) {
        for (int i = 0; i < (work == run_random || work == count_random ? 1 : 16); i++)
            for (guint k = 0; k < bench->jobs->len; k++) {
                const Job *job = &g_array_index(bench->jobs, Job, k);
                if (job->legal)
                    made += work(bench, job);
            }
        now = seconds();
    }
    return (double) made / (now - began);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static void measure(Bench *bench, const char *what, Work *work)
{
    double rate[ROUNDS], ratio[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        double reference = reference_rate();
        rate[r] = work_rate(bench, work);
        ratio[r] = rate[r] / reference * 1e6;
    }
    qsort(rate, ROUNDS, sizeof *rate, by_value);
    qsort(ratio, ROUNDS, sizeof *ratio, by_value);
    double median = rate[ROUNDS / 2];
    printf("  %-8s %12.0f %6.1f %% %12.1f\n", what, median,
           100 * (rate[ROUNDS - 1] - rate[0]) / median, ratio[ROUNDS / 2]);
    fflush(stdout);
}

/* Calls `use` with the plan of a command line. */
static void with_plan(Bench *bench, const char *dataflow, const char *model, const char *layer,
                      const char *hardware, void (*use)(Bench *bench))
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(GError) error = NULL;
    const char *files[] = {dataflow, NULL}, *layers[] = {layer, NULL};
    static const char kqv[] =
        "Network \"kqv\" { Layer KQV { Type: GEMM, Dimensions { M: 4096, N: 3072, "
        "K: 1024 } } }\n";
    sources_give(sources, "kqv", kqv, strlen(kqv), NULL); /* read by that name */
    ProgramRequest request = {
        .files = files, .model = model, .hardware = hardware, .layers = layer ? layers : NULL};
    g_autoptr(Program) program = program_read(&request, diag, &error);
    if (!program) {
        fprintf(stderr, "rates: %s\n", error->message);
        exit(EXIT_FAILURE);
    }
    g_autoptr(GArray) jobs = jobs_new(program, 0);
    bench->program = program;
    bench->jobs = jobs;
    printf("%s %s %s (%u layers)\n", model, layer ? layer : "whole", dataflow, jobs->len);
    use(bench);
}

/* What the steps need moves during them: MAESTRO's rule.  No copy of a machine is timed, which
 * takes as long as a tenth of an evaluation. */
static void measure_by_step(Bench *bench)
{
    Prefetch(*given)[LEVELS_MAX] = g_malloc_n(bench->jobs->len, sizeof *given);
    for (guint k = 0; k < bench->jobs->len; k++)
        for (int l = 0; l < LEVELS_MAX; l++) {
            Noc *noc = &g_array_index(bench->jobs, Job, k).machine.noc[l];
            given[k][l] = noc->prefetch;
            noc->prefetch = PREFETCH_STEP;
        }
    measure(bench, "step", run_layer);
    for (guint k = 0; k < bench->jobs->len; k++)
        for (int l = 0; l < LEVELS_MAX; l++)
            g_array_index(bench->jobs, Job, k).machine.noc[l].prefetch = given[k][l];
    g_free(given);
}

static void measure_network(Bench *bench)
{
    measure(bench, "run", run_layer);
    measure_by_step(bench);
    measure(bench, "count", count_layer);
    measure(bench, "results", sweep_results);
    measure(bench, "times", sweep_times);
}

static void measure_given(Bench *bench)
{
    measure(bench, "run", run_layer);
    measure(bench, "count", count_layer);
}

static void measure_layer(Bench *bench)
{
    measure_network(bench);
    run_layer(bench, &g_array_index(bench->jobs, Job, 0));
    measure(bench, "cost", cost_one);
    measure(bench, "bands", sweep_bands);
}

/* ---- random nests ---------------------------------------------------------------------- */

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return low + (int64_t) ((*state >> 33) % (uint64_t) (high - low + 1));
}

static int64_t draw_divisor(uint64_t *state, int64_t whole)
{
    int64_t size;
    do
        size = draw(state, 1, whole);
    while (whole % size);
    return size;
}

static void draw_level(uint64_t *state, int n_dims, bool divide, int64_t *extent, Level *level)
{
    int order[DIMS_MAX], across = (int) draw(state, 0, n_dims - 1);
    for (int d = 0; d < n_dims; d++)
        order[d] = d;
    level->n_maps = n_dims;
    for (int m = 0; m < n_dims; m++) {
        int other = (int) draw(state, m, n_dims - 1), dim = order[other];
        order[other] = order[m];
        int64_t size = divide ? draw_divisor(state, extent[dim]) : draw(state, 1, extent[dim]);
        level->map[m] = (Map){dim == across ? MAP_SPATIAL : MAP_TEMPORAL, dim, size, size};
        extent[dim] = size;
    }
}

/* 256 PEs: two levels of 16, or 16 clusters of 4 of 4. */
static void draw_nest(uint64_t *state, const Layer *layer, int n_levels, bool divide, Nest *nest)
{
    int64_t extent[DIMS_MAX];
    memcpy(extent, layer->extent, sizeof extent);
    memset(nest, 0, sizeof *nest);
    nest->n_levels = n_levels;
    for (int l = 0; l < n_levels; l++) {
        nest->level[l].children = l == 0 || n_levels == 2 ? 16 : 4;
        draw_level(state, layer->op.n_dims, divide, extent, &nest->level[l]);
    }
}

static void measure_random(Bench *bench)
{
    const Layer *layer = &g_array_index(bench->jobs, Job, 0).layer;
    printf("%d random nests each, seed %d\n", NESTS, (int) SEED);
    for (int kind = 0; kind < 4; kind++) {
        uint64_t state = SEED;
        int levels = 2 + kind / 2;
        bool divide = kind % 2;
        for (int i = 0; i < NESTS; i++)
            draw_nest(&state, layer, levels, divide, &bench->nest[i]);
        printf(" %d levels, sizes %s\n", levels, divide ? "that divide" : "uniform");
        measure(bench, "run", run_random);
        measure(bench, "count", count_random);
    }
}

int main(int argc, char **argv)
{
    const char *dataflows[] = {"kc-p.m", "x-p.m", "yx-p.m", "yr-p.m"};
    static const char paper[] = "paper256.hw";
    bool random = argc == 2 && !strcmp(argv[1], "--random"), given = argc == 4;
    if (argc > 1 && !random && !given) {
        fprintf(stderr, "usage: rates [--random | DATAFLOW MODEL HARDWARE]\n");
        return 2;
    }
    Bench *bench = g_new0(Bench, 1);
    bench->ws = workspace_new();
    for (int i = 0; i < PAIRS; i++) {
        bench->bandwidth[i] = 2 * (1 + i % 320);
        bench->latency[i] = i / 320;
    }
    printf("  %-8s %12s %8s %12s\n", "", "per second", "spread", "ratio");
    for (size_t i = 0; i < G_N_ELEMENTS(dataflows) && !random && !given; i++)
        with_plan(bench, dataflows[i], "vgg16.m", "CONV2", paper, measure_layer);
    if (!random && !given)
        with_plan(bench, "kc-p.m", "resnet50.m", NULL, paper, measure_network);
    if (!random && !given)
        with_plan(bench, "ff-gemmini-kqv.m", "kqv", NULL, "ff-gemmini.hw", measure_given);
    if (!given)
        with_plan(bench, "kc-p.m", "vgg16.m", "CONV2", paper, measure_random);
    else
        with_plan(bench, argv[1], argv[2], NULL, argv[3], measure_given);
    workspace_free(bench->ws);
    g_free(bench);
    return 0;
}
