/* The searches for mappings that dcc-map is measured by: how long each takes to its proof, or what
 * gap is left when its time is over; what it found, the bounds that it looked at and their rate,
 * and how many mappings it evaluated.
 *
 *   factorflow   GEMMs on FactorFlow's machines under its constraints (examples/map), least energy
 *                and energy-delay product, over divisors and canonical sizes; 10 s each
 *   classic      a product of matrices and two convolutions on 256 PEs and on Eyeriss; 10 s each
 *   hierarchies  a convolution on hierarchies of two, three and four memories; 10 s each
 *   networks     all layers of VGG-16 and of ResNet-50, those of one shape once; 20 s together
 *   anytime      every layer of three networks: what 1 s finds over the best of 60 s
 *
 * All but the last, which takes hours, or those that are named: map [--threads N] [--time SECONDS]
 * [PART ...].  Nothing is known to a search at its begin.  --time is at most for each search. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map/open.h"
#include "map/search.h"
#include "run/job.h"

static int threads;
static double seconds_most = INFINITY;

/* ---- one search -------------------------------------------------------------------------------
 */

static double now(void)
{
    return (double) g_get_monotonic_time() * 1e-6;
}

typedef struct {
    double began, seconds; /* that it may take, and that it took */
} Watch;

static bool is_over(const SearchProgress *progress, void *data)
{
    const Watch *watch = data;
    (void) progress;
    return now() - watch->began > watch->seconds;
}

typedef struct {
    double best, bound, seconds;
    bool proven;
    int64_t bounds, evaluated;
} Answer;

static Answer search(const Program *program, const Job *job, const Template *open,
                     Objective objective, Sizes sizes, double seconds)
{
    Watch watch = {now(), fmin(seconds, seconds_most)};
    SearchResult result;
    SearchRequest request = {.layer = &job->layer,
                             .machine = &job->machine,
                             .technology = &program->technology,
                             .open = &open,
                             .n_open = 1,
                             .objective = objective,
                             .sizes = sizes,
                             .threads = threads,
                             .stop = is_over,
                             .data = &watch};
    search_run(&request, &result);
    bool found = result.found->len > 0;
    Answer answer = {found ? g_array_index(result.found, SearchFound, 0).value : NAN,
                     result.bound,
                     now() - watch.began,
                     result.complete,
                     result.bounds,
                     result.evaluated};
    search_clear(&result);
    return answer;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static int searches, proven;

static void print_head(const char *part)
{
    printf("%s\n  %-38s %-8s %-10s %12s %9s %9s %10s %11s %10s\n", part, "", "least", "sizes",
           "best", "seconds", "gap", "M bounds/s", "bounds", "evaluated");
}

static void print_row(const char *what, Objective objective, Sizes sizes, const Answer *a)
{
    static const char *const names[] = {
        [SIZES_DIVISORS] = "divisors", [SIZES_CANONICAL] = "canonical", [SIZES_ALL] = "all"};
    char gap[32] = "proven";
    if (isnan(a->best))
        g_strlcpy(gap, "nothing", sizeof gap);
    else if (!a->proven && a->bound > 0)
        g_snprintf(gap, sizeof gap, "%.2f%%", 100 * (a->best / a->bound - 1));
    else if (!a->proven)
        g_strlcpy(gap, "no bound", sizeof gap);
    printf("  %-38s %-8s %-10s %12.6g %9.3f %9s %10.2f %11lld %10lld\n", what,
           objective_name(objective), names[sizes], a->best, a->seconds, gap,
           (double) a->bounds * 1e-6 / a->seconds, (long long) a->bounds, (long long) a->evaluated);
    fflush(stdout);
    searches++;
    proven += a->proven && !isnan(a->best);
}

/* ---- what is read -----------------------------------------------------------------------------
 */

typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
} Opened;

/* `machine`: the text of the hardware, or NULL.  Ends the program if something is wrong. */
static Opened read_files(const char *dataflow, const char *model, const char *hardware,
                         const char *machine, const char *layer, const char **defines,
                         const char **sets)
{
    const char *files[] = {dataflow, NULL}, *layers[] = {layer, NULL};
    ProgramRequest request = {.files = files,
                              .model = model,
                              .hardware = hardware,
                              .defines = defines,
                              .sets = sets,
                              .layers = layer != NULL ? layers : NULL};
    Opened opened = {.arena = arena_new()};
    g_autoptr(GError) error = NULL;
    opened.sources = sources_new(opened.arena);
    opened.diag = diag_new(opened.sources, opened.arena);
    if (machine == NULL || sources_give(opened.sources, hardware, machine, strlen(machine), &error))
        opened.program = program_read(&request, opened.diag, &error);
    if (opened.program == NULL) {
        diag_print(opened.diag, "bench", stderr, false);
        fprintf(stderr, "map: %s\n", error != NULL ? error->message : "no program");
        exit(EXIT_FAILURE);
    }
    return opened;
}

static void close_files(Opened *opened)
{
    program_free(opened->program);
    diag_free(opened->diag);
    sources_free(opened->sources);
    arena_free(opened->arena);
}

/* What a dataflow leaves open of the layer, or all that there is. */
static void lower(const Opened *opened, guint layer, bool dataflow, Job *job, Template *open)
{
    bool lowered = dataflow ? job_template(opened->program, layer, 0, job, open)
                            : job_open(opened->program, layer, job);
    if (!lowered) {
        diag_print(opened->diag, "bench", stderr, false);
        exit(EXIT_FAILURE);
    }
    if (!dataflow)
        open_template(&job->layer, &job->machine, 2, 1, open);
}

/* ---- FactorFlow's machines --------------------------------------------------------------------
 */

/* What its constraints let the fan-outs divide. */
static const char *eyeriss_dims[] = {"SACols.dims=N,K", "SARows.dims=N", NULL};
static const char *array_dims[] = {"SARows.dims=N", "SACols.dims=K", NULL};
static const char *simba_dims[] = {"PEs.dims=N,K", "DistributionBuffers.dims=N", "RegMac.dims=K",
                                   NULL};

static void factorflow_gemm(const char *machine, const char **sets, const char *layer)
{
    g_autofree char *dataflow = g_strdup_printf("%s.m", machine);
    g_autofree char *hardware = g_strdup_printf("%s.hw", machine);
    g_autofree char *what = g_strdup_printf("%s %s", machine, layer);
    g_autofree Job *job = g_new0(Job, 1);
    g_autofree Template *open = g_new0(Template, 1);
    bool deep = strcmp(machine, "ff-simba") == 0;
    Opened opened = read_files(dataflow, "gemms.m", hardware, NULL, layer, NULL, sets);
    lower(&opened, 0, true, job, open);
    for (Sizes sizes = SIZES_DIVISORS; sizes <= SIZES_CANONICAL; sizes++)
        for (int product = 0; product < 2; product++) {
            Objective objective = product ? OBJECTIVE_EDP : OBJECTIVE_ENERGY;
            double seconds = deep && sizes == SIZES_CANONICAL ? 30 : 10;
            Answer answer = search(opened.program, job, open, objective, sizes, seconds);
            print_row(what, objective, sizes, &answer);
        }
    close_files(&opened);
}

static void factorflow(void)
{
    static const struct {
        const char *name, **sets;
    } machines[] = {{"ff-eyeriss", eyeriss_dims},
                    {"ff-gemmini", array_dims},
                    {"ff-tpu", array_dims},
                    {"ff-simba", simba_dims}};
    static const char *const layers[] = {"KQV", "KTQ", "MB2", "MB3", "MB5", "MB6"};
    print_head("GEMMs on FactorFlow's machines, pJ and J s");
    for (size_t m = 0; m < G_N_ELEMENTS(machines); m++)
        for (size_t k = 0; k < G_N_ELEMENTS(layers); k++)
            factorflow_gemm(machines[m].name, machines[m].sets, layers[k]);
}

/* ---- machines of the classic form -------------------------------------------------------------
 */

static const char *paper_sets[] = {"l1.capacity=1KiB", "l2.capacity=256KiB",
                                   "offchip.bandwidth=16GB/s", NULL};
static const char *eyeriss_sets[] = {"offchip.bandwidth=0.8GB/s", NULL};

static const struct {
    const char *name, *hardware, **sets;
} machines[] = {{"256 PEs", "paper256.hw", paper_sets}, {"Eyeriss", "eyeriss.hw", eyeriss_sets}};

static void one_layer(const char *what, const Opened *opened, Sizes sizes, double seconds)
{
    g_autofree Job *job = g_new0(Job, 1);
    g_autofree Template *open = g_new0(Template, 1);
    lower(opened, 0, false, job, open);
    Answer answer = search(opened->program, job, open, OBJECTIVE_EDP, sizes, seconds);
    print_row(what, OBJECTIVE_EDP, sizes, &answer);
}

static void classic(void)
{
    static const struct {
        const char *name, *model, *layer;
    } layers[] = {{"GEMM 384x3072x768", "bert-base.m", "FEED1"},
                  {"VGG-16 CONV2", "vgg16.m", "CONV2"},
                  {"ResNet-50, 3x3 of 128 channels", "resnet50.m", "CONV3"}};
    const char *defines[] = {"Tokens=384", NULL};
    print_head("One layer, J s");
    for (size_t m = 0; m < G_N_ELEMENTS(machines); m++)
        for (size_t k = 0; k < G_N_ELEMENTS(layers); k++) {
            g_autofree char *what = g_strdup_printf("%s %s", machines[m].name, layers[k].name);
            Opened opened = read_files(NULL, layers[k].model, machines[m].hardware, NULL,
                                       layers[k].layer, k == 0 ? defines : NULL, machines[m].sets);
            one_layer(what, &opened, SIZES_CANONICAL, 10);
            close_files(&opened);
        }
}

/* ---- hierarchies ------------------------------------------------------------------------------
 */

#define TOP                                                                                        \
    "Technology \"t\" { MAC { Energy: 0.2 pJ; Source: \"made up\" } \
NoC { Hop: 0 pJ; Source: \"made up\" } } \
Accelerator \"a\" { Precision: 8 bit, Technology: \"t\", Hierarchy { \
Memory DRAM { Bandwidth: 8, Read: 64 pJ, Write: 64 pJ } "
#define L2 "Memory L2 { Capacity: 512 KiB, Bandwidth: 16, Read: 3 pJ, Write: 3 pJ } "
#define L1 "Memory L1 { Capacity: 32 KiB, Bandwidth: 32, Read: 1 pJ, Write: 1 pJ } "
#define ARRAY "Fanout PEs 64 { Multicast: yes, Reduction: yes } "
#define REGISTERS "Memory RF { Capacity: 256 B, Bandwidth: 4, Read: 0.1 pJ, Write: 0.1 pJ } "
#define BOTTOM "MAC { Lanes: 1 } } }"

static void hierarchies(void)
{
    static const char *const texts[] = {TOP L1 ARRAY BOTTOM, TOP L1 ARRAY REGISTERS BOTTOM,
                                        TOP L2 L1 ARRAY REGISTERS BOTTOM};
    print_head("ResNet-50's 3x3 of 128 channels on hierarchies, J s");
    for (int k = 0; k < (int) G_N_ELEMENTS(texts); k++) {
        g_autofree char *what = g_strdup_printf("%d memories", k + 2);
        for (Sizes sizes = SIZES_DIVISORS; sizes <= SIZES_CANONICAL; sizes++) {
            Opened opened =
                read_files(NULL, "resnet50.m", "hierarchy.hw", texts[k], "CONV3", NULL, NULL);
            one_layer(what, &opened, sizes, 10);
            close_files(&opened);
        }
    }
}

/* ---- networks ---------------------------------------------------------------------------------
 */

/* A shape's first layer. */
typedef struct {
    Job job;
    Template open;
    int64_t count;
} Shaped;

static bool add_count(GPtrArray *shapes, const Job *job)
{
    for (guint i = 0; i < shapes->len; i++) {
        Shaped *shaped = g_ptr_array_index(shapes, i);
        if (layer_alike(&shaped->job.layer, &job->layer)) {
            shaped->count += job->layer.count;
            return true;
        }
    }
    return false;
}

/* Of Shaped, owned. */
static GPtrArray *shapes_of(const Opened *opened)
{
    GPtrArray *shapes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < opened->program->layers->len; i++) {
        Shaped *shaped = g_new0(Shaped, 1);
        lower(opened, i, false, &shaped->job, &shaped->open);
        shaped->count = shaped->job.layer.count;
        if (add_count(shapes, &shaped->job))
            g_free(shaped);
        else
            g_ptr_array_add(shapes, shaped);
    }
    return shapes;
}

/* Every search has an equal part of the time that is left.  The bound is that of the product of
 * sums, by Cauchy and Schwarz: see map/network.h. */
static void network(const char *what, const char *model, int machine, double seconds)
{
    Opened opened = read_files(NULL, model, machines[machine].hardware, NULL, NULL, NULL,
                               machines[machine].sets);
    g_autoptr(GPtrArray) shapes = shapes_of(&opened);
    double began = now(), best = 0, bound = 0;
    Answer total = {.proven = true};
    int unproven = 0;
    for (guint i = 0; i < shapes->len; i++) {
        const Shaped *shaped = g_ptr_array_index(shapes, i);
        double left = fmax(0, seconds - (now() - began)) / (shapes->len - i);
        Answer a = search(opened.program, &shaped->job, &shaped->open, OBJECTIVE_EDP,
                          SIZES_CANONICAL, left);
        best += (double) shaped->count * sqrt(a.best);
        bound += (double) shaped->count * sqrt(a.bound);
        total.bounds += a.bounds;
        total.evaluated += a.evaluated;
        unproven += !a.proven;
    }
    total.best = best * best;
    total.bound = bound * bound;
    total.proven = unproven == 0;
    total.seconds = now() - began;
    print_row(what, OBJECTIVE_EDP, SIZES_CANONICAL, &total);
    printf("    %d of %d shapes proven\n", (int) shapes->len - unproven, (int) shapes->len);
    close_files(&opened);
}

static void networks(void)
{
    print_head("Networks, the square of the sum of their layers' roots, J s");
    for (int m = 0; m < (int) G_N_ELEMENTS(machines); m++) {
        g_autofree char *vgg = g_strdup_printf("%s VGG-16", machines[m].name);
        g_autofree char *resnet = g_strdup_printf("%s ResNet-50", machines[m].name);
        network(vgg, "vgg16.m", m, 20);
        network(resnet, "resnet50.m", m, 20);
    }
}

/* ---- what is found early ----------------------------------------------------------------------
 */

static void early(const char *model, int machine, double *worst)
{
    Opened opened = read_files(NULL, model, machines[machine].hardware, NULL, NULL, NULL,
                               machines[machine].sets);
    g_autoptr(GPtrArray) shapes = shapes_of(&opened);
    for (guint i = 0; i < shapes->len; i++) {
        const Shaped *shaped = g_ptr_array_index(shapes, i);
        Answer second = search(opened.program, &shaped->job, &shaped->open, OBJECTIVE_EDP,
                               SIZES_CANONICAL, 1),
               minute = search(opened.program, &shaped->job, &shaped->open, OBJECTIVE_EDP,
                               SIZES_CANONICAL, 60);
        double above = 100 * (second.best / minute.best - 1);
        printf("  %-12s %-22s %8.4f%% above the best of %.1f s%s\n", model, shaped->job.layer.name,
               above, minute.seconds, minute.proven ? ", which is proven" : "");
        *worst = fmax(*worst, above);
        fflush(stdout);
    }
    close_files(&opened);
}

static void anytime(void)
{
    for (int m = 0; m < (int) G_N_ELEMENTS(machines); m++) {
        double worst = 0;
        printf("After 1 s, %s, energy-delay product\n", machines[m].name);
        early("vgg16.m", m, &worst);
        early("resnet50.m", m, &worst);
        early("mobilenetv2.m", m, &worst);
        printf("    at most %.4f%% above\n", worst);
    }
}

/* ---- parts ------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    void (*run)(void);
    bool asked; /* only if it is named */
} parts[] = {{"factorflow", factorflow, false},
             {"classic", classic, false},
             {"hierarchies", hierarchies, false},
             {"networks", networks, false},
             {"anytime", anytime, true}};

static void set_path(void)
{
    /* found beside the program, which is in a folder of the build */
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self ? self : ".");
    g_autofree char *root = g_build_filename(folder, "..", "..", NULL);
    g_autofree char *path = g_strdup_printf("%s/examples/map:%s/dataflows:%s/models:%s/hardware",
                                            root, root, root, root);
    g_setenv("DCC_PATH", path, TRUE);
}

static bool is_named(char *const *names, const char *name)
{
    for (; names != NULL && *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    double seconds = 0;
    g_auto(GStrv) names = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry options[] = {
        {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (all processors)", "N"},
        {"time", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "Seconds at most for each search", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, NULL},
        {0}};
    g_autoptr(GOptionContext) context = g_option_context_new("[PART ...]");
    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "map: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (threads < 1)
        threads = (int) g_get_num_processors();
    if (seconds > 0)
        seconds_most = seconds;
    set_path();
    for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
        if (names != NULL ? is_named(names, parts[k].name) : !parts[k].asked)
            parts[k].run();
    printf("%d of %d proven, %d thread%s\n", proven, searches, threads, threads > 1 ? "s" : "");
    return EXIT_SUCCESS;
}
