/* Layers evaluated per second, VGG-16 under each dataflow of the paper's Table 3.
 *
 * Machines differ and are shared, so each rate is also given as a ratio to a fixed
 * reference in the same run: evaluations in the time of a million steps of a generator. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/analysis.h"
#include "frontend/diag.h"
#include "frontend/plan.h"
#include "frontend/source.h"

enum { REFERENCE_STEPS = 1000000, ROUND_US = 300000 };

/* Microseconds of the reference; the best of five. */
static double reference_us(void)
{
    double best = 0;
    for (int round = 0; round < 5; round++) {
        volatile uint64_t state = 1;
        gint64 began = g_get_monotonic_time();
        for (int i = 0; i < REFERENCE_STEPS; i++)
            state = state * 6364136223846793005u + 1442695040888963407u;
        double took = (double) (g_get_monotonic_time() - began);
        best = round == 0 || took < best ? took : best;
    }
    return best;
}

/* Evaluations per second of all legal layers of a plan, over and over. */
static double rate_of(const Plan *plan)
{
    Workspace *ws = workspace_new();
    static Result result;
    int64_t evaluations = 0;
    gint64 began = g_get_monotonic_time(), now = began;
    while (now - began < ROUND_US) {
        for (guint i = 0; i < plan->jobs->len; i++) {
            const Job *job = &g_array_index(plan->jobs, Job, i);
            if (!job->legal)
                continue;
            analysis_run(&job->layer, &job->nest, &job->machine, ws, &result);
            evaluations++;
        }
        now = g_get_monotonic_time();
    }
    workspace_free(ws);
    return (double) evaluations * 1e6 / (double) (now - began);
}

static void measure(const char *dataflow, double reference)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(GError) error = NULL;
    const char *files[] = {dataflow, NULL};
    PlanRequest request = {.files = files, .model = "vgg16.m", .hardware = "paper256.hw"};
    Plan *plan = plan_new(&request, diag, &error);
    if (!plan) {
        fprintf(stderr, "layers: %s\n", error->message);
        exit(EXIT_FAILURE);
    }
    double rate = rate_of(plan);
    printf("%-8s %10.0f %12.2f\n", dataflow, rate, rate * reference / 1e6);
    plan_free(plan);
}

int main(void)
{
    const char *dataflows[] = {"c-p.m", "x-p.m", "yx-p.m", "yr-p.m", "kc-p.m"};
    double reference = reference_us();
    printf("dataflow   layers/s  / reference\n");
    for (size_t i = 0; i < G_N_ELEMENTS(dataflows); i++)
        measure(dataflows[i], reference);
    return 0;
}
