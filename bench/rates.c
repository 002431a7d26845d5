/* Evaluations per second of one layer on one machine, engines only: IR to Result, one thread, by
 * its own clock.
 *
 *   run      analysis_run: every count, the time and what it consists of
 *   results  25 PE counts times 32 bandwidths: the nest counted once per PE count, then a
 *            Result for every bandwidth
 *   times    the same points, only the cycles of each
 *   bands    one nest, 100,000 pairs of bandwidth and latency, only the cycles of each
 *
 * Every figure is the median of seven rounds; the spread is from the slowest to the fastest
 * in percent of it.  Machines differ and are shared, so a fixed reference runs before
 * every round: REFERENCE_STEPS steps x = x * 6364136223846793005 + 1442695040888963407, each of
 * which waits for the one before.  `ratio` is evaluations per million of such steps. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/analysis.h"
#include "frontend/diag.h"
#include "run/job.h"

enum { ROUNDS = 7, REFERENCE_STEPS = 4000000, PES = 25, BANDS = 32, PAIRS = 100000 };
static const double ROUND_S = 0.06;

typedef struct {
    const GArray *jobs;
    Workspace *ws;
    Result result;
    int64_t bandwidth[PAIRS], latency[PAIRS], cycles[PAIRS];
} Bench;

/* ---- what is timed; each returns the evaluations that it made ------------------------- */

static int64_t run_layer(Bench *bench, const Job *job)
{
    analysis_run(&job->layer, &job->nest, &job->machine, bench->ws, &bench->result);
    return 1;
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
        for (int i = 0; i < 16; i++)
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

static void measure_all(Bench *bench, const char *dataflow, const char *model, const char *layer)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(GError) error = NULL;
    const char *files[] = {dataflow, NULL}, *layers[] = {layer, NULL};
    ProgramRequest request = {
        .files = files, .model = model, .hardware = "paper256.hw", .layers = layer ? layers : NULL};
    g_autoptr(Program) program = program_read(&request, diag, &error);
    if (!program) {
        fprintf(stderr, "rates: %s\n", error->message);
        exit(EXIT_FAILURE);
    }
    g_autoptr(GArray) jobs = jobs_new(program, 0);
    bench->jobs = jobs;
    printf("%s %s %s (%u layers)\n", model, layer ? layer : "whole", dataflow, jobs->len);
    measure(bench, "run", run_layer);
    measure(bench, "results", sweep_results);
    measure(bench, "times", sweep_times);
    if (layer)
        measure(bench, "bands", sweep_bands);
}

int main(void)
{
    const char *dataflows[] = {"kc-p.m", "x-p.m", "yx-p.m", "yr-p.m"};
    Bench *bench = g_new0(Bench, 1);
    bench->ws = workspace_new();
    for (int i = 0; i < PAIRS; i++) {
        bench->bandwidth[i] = 2 * (1 + i % 320);
        bench->latency[i] = i / 320;
    }
    printf("  %-8s %12s %8s %12s\n", "", "per second", "spread", "ratio");
    for (size_t i = 0; i < G_N_ELEMENTS(dataflows); i++)
        measure_all(bench, dataflows[i], "vgg16.m", "CONV2");
    measure_all(bench, "kc-p.m", "resnet50.m", NULL);
    workspace_free(bench->ws);
    g_free(bench);
    return 0;
}
