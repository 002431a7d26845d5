/* A search over tile sizes with libdcc: VGG-16's CONV2 in the shape of KC-P (filters over clusters,
 * channels within a cluster), 256 PEs.
 *
 *   search [EVALUATIONS [SEED]]
 *
 * Draws sizes at random and keeps the fastest design whose PEs need at most 512 bytes; of equally
 * fast ones the one with fewer accesses to L2.  Prints it, and how many evaluations a second made.
 */
#define _POSIX_C_SOURCE 200809L

#include <dcc.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { L1_MOST = 512, MACHINES = 1024 };

typedef struct {
    int64_t cluster; /* PEs, and so channels, side by side */
    int64_t k, y, x; /* filters, output rows and columns that a cluster has at a time */
} Design;

typedef struct {
    int k, c, y, x; /* numbers of the dims */
} Dims;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* One of the first n powers of two. */
static int64_t draw(uint64_t *state, unsigned n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return INT64_C(1) << (*state >> 33) % n;
}

static void put(dcc_job *job, const Dims *dims, const Design *design)
{
    dcc_set_cluster(job, 1, design->cluster);
    dcc_set_size(job, 0, dims->c, design->cluster);
    dcc_set_size(job, 0, dims->k, design->k);
    dcc_set_size(job, 0, dims->y, design->y);
    dcc_set_size(job, 0, dims->x, design->x);
}

static void search(dcc_context *context, dcc_job *job, int64_t evaluations, uint64_t seed)
{
    Dims dims = {dcc_dim(job, "K"), dcc_dim(job, "C"), dcc_dim(job, "Y'"), dcc_dim(job, "X'")};
    dcc_metric cycles = dcc_metric_find(job, "cycles"),
               l1 = dcc_metric_find(job, "l1.required_bytes"),
               l2 = dcc_metric_find(job, "l2_accesses");
    dcc_result *result = dcc_result_new();
    Design best = {0};
    int64_t best_cycles = INT64_MAX, best_l2 = INT64_MAX;
    double began = now();
    for (int64_t i = 0; i < evaluations; i++) {
        Design design = {.cluster = draw(&seed, 9), .k = draw(&seed, 4)};
        design.y = draw(&seed, 6);
        design.x = draw(&seed, 6);
        put(job, &dims, &design);
        if (dcc_evaluate(context, job, result) < 0 || dcc_count(result, l1) > L1_MOST)
            continue;
        int64_t c = dcc_count(result, cycles), a = dcc_count(result, l2);
        if (c < best_cycles || (c == best_cycles && a < best_l2)) {
            best = design;
            best_cycles = c;
            best_l2 = a;
        }
    }
    double took = now() - began;
    printf("best: cluster %" PRId64 ", K %" PRId64 ", Y' %" PRId64 ", X' %" PRId64 ": %" PRId64
           " cycles, %" PRId64 " L2 accesses\n",
           best.cluster, best.k, best.y, best.x, best_cycles, best_l2);
    printf("%.0f designs per second\n", (double) evaluations / took);
    put(job, &dims, &best);
    dcc_result_free(result);
}

/* The same design over and over, and then on many machines at once. */
static void measure(dcc_context *context, const dcc_job *job, int64_t evaluations)
{
    static int64_t bandwidth[MACHINES], cycles[MACHINES];
    dcc_result *result = dcc_result_new();
    double began = now();
    for (int64_t i = 0; i < evaluations; i++)
        dcc_evaluate(context, job, result);
    printf("%.0f evaluations of one design per second\n", (double) evaluations / (now() - began));
    for (int i = 0; i < MACHINES; i++)
        bandwidth[i] = i + 1;
    dcc_prepare(context, job);
    began = now();
    for (int64_t i = 0; i < evaluations; i += MACHINES / 8)
        dcc_times(context, job, 0, MACHINES, bandwidth, NULL, cycles);
    printf("%.0f bandwidths per second\n", (double) evaluations * 8 / (now() - began));
    dcc_result_free(result);
}

int main(int argc, char **argv)
{
    const char *words[] = {"kc-p.m",      "--model", "vgg16.m", "--hw",
                           "paper256.hw", "--layer", "CONV2",   NULL};
    int64_t evaluations = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    dcc_context *context = dcc_open();
    dcc_plan *plan = dcc_load(context, words);
    if (plan == NULL) {
        fputs(dcc_messages(context), stderr);
        dcc_close(context);
        return EXIT_FAILURE;
    }
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    measure(context, job, evaluations);
    search(context, job, evaluations, seed);
    dcc_job_free(job);
    dcc_close(context);
    return EXIT_SUCCESS;
}
