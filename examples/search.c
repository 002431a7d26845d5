/* A search over tile sizes with libdcc: VGG-16's CONV2 in the shape of KC-P (filters over clusters,
 * channels within a cluster), 256 PEs.
 *
 *   search [EVALUATIONS [SEED [THREADS]]]
 *
 * Draws sizes at random and keeps the fastest design whose PEs need at most 512 bytes; of equally
 * fast ones the one with fewer accesses to L2, and of those the first.  Prints it, and how many
 * evaluations a second made.  The design does not depend on the number of threads.
 */
#define _POSIX_C_SOURCE 200809L

#include <dcc.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { L1_MOST = 512, MACHINES = 1024, THREADS_MOST = 64 };

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

typedef struct {
    Design design;
    int64_t cycles, l2, number; /* of the draw */
} Best;

/* One thread's part: every so manieth of the draws that all make alike. */
typedef struct {
    pthread_t thread;
    const dcc_job *job;
    int64_t evaluations, first, step;
    uint64_t seed;
    Best best;
} Part;

static int beats(const Best *a, const Best *b)
{
    if (a->cycles != b->cycles)
        return a->cycles < b->cycles;
    return a->l2 != b->l2 ? a->l2 < b->l2 : a->number < b->number;
}

/* Each thread has a context, a job and a result of its own. */
static void *search_part(void *data)
{
    Part *part = data;
    dcc_context *context = dcc_open();
    dcc_job *job = dcc_job_copy(part->job);
    dcc_result *result = dcc_result_new();
    Dims dims = {dcc_dim(job, "K"), dcc_dim(job, "C"), dcc_dim(job, "Y'"), dcc_dim(job, "X'")};
    dcc_metric cycles = dcc_metric_find(job, "cycles"),
               l1 = dcc_metric_find(job, "l1.required_bytes"),
               l2 = dcc_metric_find(job, "l2_accesses");
    uint64_t state = part->seed;
    part->best = (Best){.cycles = INT64_MAX};
    for (int64_t i = 0; i < part->evaluations; i++) {
        Design design = {.cluster = draw(&state, 9), .k = draw(&state, 4)};
        design.y = draw(&state, 6);
        design.x = draw(&state, 6);
        if (i % part->step != part->first)
            continue;
        put(job, &dims, &design);
        if (dcc_evaluate(context, job, result) < 0 || dcc_count(result, l1) > L1_MOST)
            continue;
        Best found = {design, dcc_count(result, cycles), dcc_count(result, l2), i};
        if (beats(&found, &part->best))
            part->best = found;
    }
    dcc_result_free(result);
    dcc_job_free(job);
    dcc_close(context);
    return NULL;
}

static int search(const dcc_job *job, int64_t evaluations, uint64_t seed, int threads)
{
    static Part part[THREADS_MOST];
    Best best = {.cycles = INT64_MAX};
    double began = now();
    for (int t = 0; t < threads; t++) {
        part[t] = (Part){
            .job = job, .evaluations = evaluations, .first = t, .step = threads, .seed = seed};
        if (pthread_create(&part[t].thread, NULL, search_part, &part[t]) != 0) {
            fputs("search: a thread cannot be started\n", stderr);
            return EXIT_FAILURE;
        }
    }
    for (int t = 0; t < threads; t++) {
        pthread_join(part[t].thread, NULL);
        if (beats(&part[t].best, &best))
            best = part[t].best;
    }
    double took = now() - began;
    const Design *d = &best.design;
    printf("best: cluster %" PRId64 ", K %" PRId64 ", Y' %" PRId64 ", X' %" PRId64 ": %" PRId64
           " cycles, %" PRId64 " L2 accesses\n",
           d->cluster, d->k, d->y, d->x, best.cycles, best.l2);
    printf("%.0f designs per second, threads: %d\n", (double) evaluations / took, threads);
    return EXIT_SUCCESS;
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
    long threads = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
    if (threads < 1 || threads > THREADS_MOST) {
        fprintf(stderr, "search: 1 to %d threads\n", THREADS_MOST);
        return EXIT_FAILURE;
    }
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
    int status = search(job, evaluations, seed, (int) threads);
    dcc_job_free(job);
    dcc_close(context);
    return status;
}
