/* Rates of dcc-dse, medians with spread: on the space of the MAESTRO paper's study (section 5.2),
 * KC-P on CONV2 of VGG-16, 480 million designs, with budgets of 16 mm2 and 450 mW; and on spaces
 * whose axes change nests, with the time that files and axes take to be read. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "dse/sweep.h"

enum { RUNS = 7 };

/* A space: a layer or (NULL) all of a network, and its axes. */
typedef struct {
    const char *what, *model, *layer;
    bool exact;
    const char *sweeps[5];
} Swept;

static const Swept paper = {"the paper's study",
                            "vgg16.m",
                            "CONV2",
                            false,
                            {"pes=8:512:8", "noc.bandwidth=2:236:2", "l1.capacity=16:4096:16",
                             "l2.capacity=16KiB:4MiB:16KiB"}};

static const Swept nests[] = {
    {"one layer, PEs and a constant", "vgg16.m", "CONV2", false, {"pes=64:4096:4", "TileC=1:64:1"}},
    {"ResNet-50, and bandwidths",
     "resnet50.m",
     NULL,
     false,
     {"pes=64:1024:16", "TileC=8:64:8", "noc.bandwidth=2:256:2"}},
    {"ResNet-50, exact buffers", "resnet50.m", NULL, true, {"pes=64:1024:16", "TileC=8:64:8"}},
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

static Study *study_make(const Swept *from, Diag *diag, GError **error)
{
    static const char *files[] = {"kc-p.m", NULL};
    static const char *budgets[] = {"budget.area=16mm2", "budget.power=450mW", NULL};
    const char *layers[] = {from->layer, NULL};
    ProgramRequest request = {.files = files,
                              .model = from->model,
                              .hardware = "paper256.hw",
                              .sets = from == &paper ? budgets : NULL,
                              .layers = from->layer ? layers : NULL};
    Space *space = space_new();
    for (size_t k = 0; from->sweeps[k]; k++)
        if (!space_add(space, from->sweeps[k], error))
            return NULL;
    Study *study = study_new(&request, space, from->exact, diag, error);
    if (study)
        study->front = 1U << OBJECTIVE_RUNTIME | 1U << OBJECTIVE_ENERGY | 1U << OBJECTIVE_AREA;
    return study;
}

/* What a study needs while it is there. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Study *study;
} Opened;

/* Ends the program where there is no study. */
static Opened open_study(const Swept *from)
{
    Opened opened = {.arena = arena_new()};
    g_autoptr(GError) error = NULL;
    opened.sources = sources_new(opened.arena);
    opened.diag = diag_new(opened.sources, opened.arena);
    opened.study = study_make(from, opened.diag, &error);
    if (!opened.study) {
        diag_print(opened.diag, "bench", stderr, false);
        fprintf(stderr, "dse: %s\n", error ? error->message : "no study");
        exit(EXIT_FAILURE);
    }
    return opened;
}

static void close_study(Opened *opened)
{
    study_free(opened->study);
    diag_free(opened->diag);
    sources_free(opened->sources);
    arena_free(opened->arena);
}

static void measure_paper(void)
{
    Opened opened = open_study(&paper);
    Study *study = opened.study;
    printf("%s: %.1f M designs, %u threads\n", paper.what, (double) study->space->points * 1e-6,
           g_get_num_processors());
    measure(study, true, "with bounds");
    measure(study, false, "all evaluated");
    study->budget_um2 = study->budget_mw = INFINITY;
    measure(study, true, "no budgets, with bounds");
    measure(study, false, "no budgets, all evaluated");
    close_study(&opened);
}

/* ---- nests ----------------------------------------------------------------------- */

/* Of all threads. */
static double cpu_seconds(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static void measure_nests(const Swept *from)
{
    double cpu[RUNS], wall[RUNS];
    int64_t designs = 0, front;
    for (int k = 0; k < RUNS; k++) {
        double began = cpu_seconds();
        gint64 start = g_get_monotonic_time();
        Opened opened = open_study(from);
        designs = opened.study->space->points;
        run(opened.study, true, &front);
        close_study(&opened);
        cpu[k] = cpu_seconds() - began;
        wall[k] = (double) (g_get_monotonic_time() - start) * 1e-6;
    }
    qsort(cpu, RUNS, sizeof *cpu, by_value);
    qsort(wall, RUNS, sizeof *wall, by_value);
    printf(
        "%-32s %6d designs: %.3f s of CPU (%.3f .. %.3f), %.3f s (%.3f .. %.3f), %.0f a second\n",
        from->what, (int) designs, cpu[RUNS / 2], cpu[0], cpu[RUNS - 1], wall[RUNS / 2], wall[0],
        wall[RUNS - 1], (double) designs / wall[RUNS / 2]);
}

int main(void)
{
    /* found beside the program, which is in a folder of the build */
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self ? self : ".");
    g_autofree char *root = g_build_filename(folder, "..", "..", NULL);
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, FALSE);
    measure_paper();
    for (size_t k = 0; k < G_N_ELEMENTS(nests); k++)
        measure_nests(&nests[k]);
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        printf("%.1f MB at most\n", (double) usage.ru_maxrss / 1024);
    return EXIT_SUCCESS;
}
