/* A hierarchy of memories that is built call by call, with libdcc: a matrix product on 16 by 16
 * multipliers, an accumulator for each row of them, a weight in each, and a scratchpad.
 *
 *   hierarchy [M N K]
 *
 * Finds, for every size of the scratchpad, the tile with the least traffic of the outermost memory
 * that fits in it, and prints the two with the cycles.
 */
#include <dcc.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 16 };

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "hierarchy: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

static void done(int status, const char *what)
{
    if (status < 0)
        fail(what, dcc_status_text(status));
}

static void set(dcc_context *context, dcc_job *job, const char *key, const char *value)
{
    if (dcc_set(context, job, key, value) < 0)
        fail(key, dcc_messages(context));
}

static void build_machine(dcc_context *context, dcc_job *job)
{
    done(dcc_add_memory(job, "DRAM"), "DRAM");
    set(context, job, "DRAM.bandwidth", "16 B/cycle");
    done(dcc_add_memory(job, "Scratchpad"), "Scratchpad");
    set(context, job, "Scratchpad.holds", "Input, Weight");
    set(context, job, "Scratchpad.bandwidth", "{ Read: 32, Write: 16 }");
    done(dcc_add_fanout(job, "Rows", ROWS), "Rows");
    done(dcc_add_memory(job, "Accumulator"), "Accumulator");
    set(context, job, "Accumulator.holds", "Output");
    done(dcc_add_fanout(job, "Columns", ROWS), "Columns");
    done(dcc_add_memory(job, "Register"), "Register");
    set(context, job, "Register.holds", "Weight");
    set(context, job, "precision.partial", "32 bit");
}

static void hold(dcc_job *job, const char *tensor, const char *memory)
{
    done(dcc_hold(job, dcc_levels(job) - 1, dcc_tensor(job, tensor), dcc_memory(job, memory)),
         memory);
}

/* Weights stay; the scratchpad has the tiles of so many rows and columns of the product, of so many
 * summed indices. */
static void build_dataflow(dcc_job *job, int64_t rows, int64_t columns, int64_t deep)
{
    int m = dcc_dim(job, "M"), n = dcc_dim(job, "N"), k = dcc_dim(job, "K");
    dcc_clear_nest(job);
    done(dcc_add_map(job, DCC_TEMPORAL, m, rows), "M");
    done(dcc_add_map(job, DCC_TEMPORAL, n, columns), "N");
    done(dcc_add_map(job, DCC_TEMPORAL, k, deep), "K");
    done(dcc_add_cut(job, -1, 1), "scratchpad");
    hold(job, "A", "Scratchpad");
    hold(job, "B", "Scratchpad");
    done(dcc_add_map(job, DCC_SPATIAL, n, 1), "N");
    done(dcc_add_cut(job, dcc_fanout(job, "Rows"), 0), "Rows");
    hold(job, "C", "Accumulator");
    done(dcc_add_map(job, DCC_SPATIAL, k, 1), "K");
    done(dcc_add_cut(job, dcc_fanout(job, "Columns"), 0), "Columns");
    hold(job, "B", "Register");
    done(dcc_add_map(job, DCC_TEMPORAL, m, 1), "M");
}

typedef struct {
    int64_t rows, columns, deep, traffic;
} Tile;

/* Bytes that DRAM gives and takes. */
static int64_t traffic_of(const dcc_job *job, const dcc_result *result)
{
    static const char *const names[] = {
        "memories.DRAM.tensors.A.reads", "memories.DRAM.tensors.B.reads",
        "memories.DRAM.tensors.C.writes", "memories.DRAM.tensors.C.psum_reads"};
    int64_t bytes = 0;
    for (int i = 0; i < 4; i++)
        bytes += dcc_count(result, dcc_metric_find(job, names[i])) * (i == 3 ? 4 : 1);
    return bytes;
}

/* Counts need no time, so that many tiles can be tried. */
static Tile best_tile(dcc_context *context, dcc_job *job, dcc_result *result, int64_t capacity)
{
    static const int64_t sizes[] = {16, 32, 64, 128, 256, 512, 1024, 2048};
    const int n = sizeof sizes / sizeof *sizes;
    Tile best = {0, 0, 0, INT64_MAX};
    dcc_metric need = dcc_metric_find(job, "memories.Scratchpad.required_bytes");
    for (int i = 0; i < n * n * n; i++) {
        Tile tile = {sizes[i % n], sizes[i / n % n], sizes[i / n / n], 0};
        build_dataflow(job, tile.rows, tile.columns, tile.deep);
        done(dcc_evaluate_counts(context, job, result), "counts");
        tile.traffic = traffic_of(job, result);
        if (dcc_count(result, need) <= capacity && tile.traffic < best.traffic)
            best = tile;
    }
    return best;
}

int main(int argc, char **argv)
{
    static const char *const dims[] = {"M", "N", "K"};
    int64_t extent[] = {4096, 3072, 1024};
    dcc_context *context = dcc_open();
    dcc_job *job = dcc_job_build(context, "GEMM");
    dcc_result *result = dcc_result_new();
    for (int i = 0; i < 3; i++) {
        if (argc > i + 1)
            extent[i] = strtoll(argv[i + 1], NULL, 10);
        done(dcc_set_extent(job, dcc_dim(job, dims[i]), extent[i]), dims[i]);
    }
    build_machine(context, job);
    printf("scratchpad   tile M x N x K   DRAM bytes       cycles\n");
    for (int64_t kib = 16; kib <= 1024; kib *= 2) {
        char text[32];
        snprintf(text, sizeof text, "%" PRId64 " KiB", kib);
        set(context, job, "Scratchpad.capacity", text);
        Tile tile = best_tile(context, job, result, kib * 1024);
        if (tile.rows == 0) {
            printf("%8s   nothing fits\n", text);
            continue;
        }
        build_dataflow(job, tile.rows, tile.columns, tile.deep);
        done(dcc_evaluate(context, job, result), "evaluation");
        printf("%8s   %4" PRId64 " x %4" PRId64 " x %4" PRId64 " %12" PRId64 " %12" PRId64 "\n",
               text, tile.rows, tile.columns, tile.deep, tile.traffic,
               dcc_count(result, dcc_metric_find(job, "cycles")));
    }
    dcc_result_free(result);
    dcc_job_free(job);
    dcc_close(context);
    return 0;
}
