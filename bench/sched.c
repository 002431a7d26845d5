/* Speeds of dcc-sched: schedules per second, from the choice of cores to the timeline, one thread.
 *
 *   lab      the 224 nodes of lab 3 of Stream's tutorial: at least 1,000 a second
 *   rows     ResNet-18 by rows on four cores, 849 nodes, written by dcc-onnx: each within 0.1 s.
 * Its file is the first argument; without one it is left out */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/choose.h"

static double now(void)
{
    return (double) g_get_monotonic_time() * 1e-6;
}

static void run(const char *what, const char *model, const char *system, int64_t moves)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(GError) error = NULL;
    FleetRequest request = {model, system, NULL};
    ProblemOptions options = {.images = 1, .moves = 1};
    double began = now();
    g_autoptr(Fleet) fleet = fleet_read(&request, diag, &error);
    g_autoptr(Problem) problem = fleet != NULL ? problem_new(fleet, &options, diag) : NULL;
    if (problem == NULL) {
        diag_print(diag, "bench", stderr, false);
        fprintf(stderr, "sched: %s\n", error != NULL ? error->message : "it cannot be read");
        exit(1);
    }
    double ready = now();
    ProblemPlan plan;
    Timeline line;
    g_autofree int *choice = g_new0(int, fleet->n_layers + 1);
    problem_plan_begin(problem, &plan);
    for (int64_t i = 0; i < moves; i++) {
        for (int l = 0; l < fleet->n_layers; l++)
            choice[l] = (int) ((i * 7 + l * (i % 5 + 1)) % problem->layer[l].n);
        problem_plan(problem, choice, PLAN_LATENCY, &plan);
        timeline_run(&plan.plan, false, &line);
        timeline_clear(&line);
    }
    double seconds = now() - ready;
    printf("%-5s %5d nodes: read and costed in %.1f ms, a schedule in %.3f ms, %.0f schedules/s\n",
           what, plan.graph->plan.n_nodes, (ready - began) * 1e3, seconds / (double) moves * 1e3,
           (double) moves / seconds);
    problem_plan_end(&plan);
}

int main(int argc, char **argv)
{
    run("lab", "stream-lab3.m", "stream-bus.hw", 3000);
    if (argc > 1)
        run("rows", argv[1], "quad.hw", 300);
    return EXIT_SUCCESS;
}
