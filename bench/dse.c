/* Rates of dcc-dse on the space of the MAESTRO paper's study (section 5.2): KC-P on CONV2 of
 * VGG-16, 480 million designs, with budgets of 16 mm2 and 450 mW; medians with spread. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "dse/sweep.h"

enum { RUNS = 7 };

static const char *const sweeps[] = {
    "pes=8:512:8",
    "noc.bandwidth=2:236:2",
    "l1.capacity=16:4096:16",
    "l2.capacity=16KiB:4MiB:16KiB",
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return x < y ? -1 : x > y;
}

static double run(Study *study, bool prune, int64_t *front)
{
    SweepOptions options = {.threads = (int) g_get_num_processors(), .shards = 1};
    g_autoptr(Findings) findings = findings_new(study->front);
    gint64 began = g_get_monotonic_time();
    study->prune = prune;
    sweep_run(study, &options, findings);
    *front = front_size(findings->front);
    double seconds = (double) (g_get_monotonic_time() - began) * 1e-6;
    return (double) (prune ? findings->seen : findings->evaluated) / seconds;
}

static void measure(Study *study, bool prune, const char *what)
{
    double rates[RUNS];
    int64_t front = 0;
    for (int k = 0; k < RUNS; k++)
        rates[k] = run(study, prune, &front);
    qsort(rates, RUNS, sizeof *rates, by_value);
    printf("%-32s %8.1f M designs/s  (%.1f .. %.1f), %d runs, front of %d\n", what,
           rates[RUNS / 2] * 1e-6, rates[0] * 1e-6, rates[RUNS - 1] * 1e-6, RUNS, (int) front);
}

static Study *study_make(Diag *diag, GError **error)
{
    static const char *files[] = {"kc-p.m", NULL}, *layers[] = {"CONV2", NULL};
    static const char *sets[] = {"budget.area=16mm2", "budget.power=450mW", NULL};
    ProgramRequest request = {.files = files,
                              .model = "vgg16.m",
                              .hardware = "paper256.hw",
                              .sets = sets,
                              .layers = layers};
    Space *space = space_new();
    for (size_t k = 0; k < G_N_ELEMENTS(sweeps); k++)
        if (!space_add(space, sweeps[k], error))
            return NULL;
    return study_new(&request, space, false, diag, error);
}

int main(void)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(GError) error = NULL;
    /* found beside the program, which is in a folder of the build */
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self ? self : ".");
    g_autofree char *root = g_build_filename(folder, "..", "..", NULL);
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, FALSE);
    g_autoptr(Study) study = study_make(diag, &error);
    if (!study) {
        diag_print(diag, stderr, false);
        fprintf(stderr, "dse: %s\n", error ? error->message : "no study");
        return EXIT_FAILURE;
    }
    study->front = 1U << OBJECTIVE_RUNTIME | 1U << OBJECTIVE_ENERGY | 1U << OBJECTIVE_AREA;
    printf("%.1f M designs, %u threads\n", (double) study->space->points * 1e-6,
           g_get_num_processors());
    measure(study, true, "with bounds");
    measure(study, false, "all evaluated");
    study->budget_um2 = study->budget_mw = INFINITY;
    measure(study, true, "no budgets, with bounds");
    measure(study, false, "no budgets, all evaluated");
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        printf("%.1f MB at most\n", (double) usage.ru_maxrss / 1024);
    return EXIT_SUCCESS;
}
