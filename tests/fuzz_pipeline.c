/* Files to report: the input stands for one file of a run, and what it lacks (a network, a
 * dataflow, an accelerator) comes from small files of this program's own.  Every layer
 * that is legal is evaluated and written in every form. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/report.h"
#include "run/evaluation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char network[] = "Network n { Layer L { Type: CONV Stride { X: 2, Y: 1 } "
                              "Dimensions { K: 6, C: 5, R: 3, S: 3, Y: 12, X: 13 } } "
                              "Layer G { Type: GEMM Dimensions { M: 4, N: 5, K: 6 } } }";
static const char dataflow[] = "Dataflow c for CONV { SpatialMap(1,1) K; TemporalMap(2,2) C; } "
                               "Dataflow g for GEMM { SpatialMap(1,1) M; TemporalMap(2,2) K; }";
static const char hardware[] = "Accelerator a { PEs: 12 Clock: 1 GHz "
                               "NoC 0 { Bandwidth: 3, Latency: 2, Reduction: no } }";

/* A file in memory; its path is written to *path, to be freed. */
static int file_new(const void *bytes, size_t size, char **path)
{
    int fd = memfd_create("fuzz", 0);
    g_assert(fd >= 0 && write(fd, bytes, size) == (ssize_t) size);
    *path = g_strdup_printf("/proc/self/fd/%d", fd);
    return fd;
}

static bool mentions(const uint8_t *data, size_t size, const char *word)
{
    return memmem(data, size, word, strlen(word)) != NULL;
}

static void evaluate(const Program *program)
{
    g_autoptr(Evaluation) evaluation = evaluation_new(program, 0, false);
    g_autoptr(Report) report = report_new();
    Output *out[] = {output_memory(), output_memory(), output_memory()};
    Text *text = text_begin(report, (TextStyle){0});
    Csv *csv = csv_begin(out[1]);
    Json *json = json_begin(out[2], report, 0);
    const ReportEntry *entry;
    for (guint i = 0; i < program->layers->len; i++) {
        Layer layer;
        int levels;
        const Machine *machine = evaluation_outline(evaluation, i, &layer, &levels);
        csv_layer(csv, &layer, machine, levels);
    }
    while ((entry = evaluation_next(evaluation)) != NULL) {
        text_entry(text, entry);
        text_detail(out[0], entry, (TextStyle){0});
        csv_entry(csv, entry);
        json_entry(json, entry);
        g_string_free(explain_write(entry), TRUE);
    }
    evaluation_finish(evaluation);
    text_end(text, report, out[0]);
    csv_end(csv);
    json_total(json, report);
    json_end(json);
    for (size_t k = 0; k < G_N_ELEMENTS(out); k++)
        g_string_free(output_take(out[k]), TRUE);
}

/* Messages are printed too: their places come from the input. */
static void print_messages(Diag *diag)
{
    static FILE *null;
    if (!null)
        null = fopen("/dev/null", "w");
    g_assert(null);
    diag_print(diag, "dcc", null, true);
}

static void run(const char **files, const char *model, const char *machine)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(GError) error = NULL;
    ProgramRequest request = {.files = files, .model = model, .hardware = machine};
    g_autoptr(Program) program = program_read(&request, diag, &error);
    if (program)
        evaluate(program);
    print_messages(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *paths[4] = {NULL};
    const int fds[4] = {file_new(data, size, &paths[0]),
                        file_new(network, sizeof network - 1, &paths[1]),
                        file_new(dataflow, sizeof dataflow - 1, &paths[2]),
                        file_new(hardware, sizeof hardware - 1, &paths[3])};
    bool has_dataflow = mentions(data, size, "Dataflow") || mentions(data, size, "Map");
    const char *files[] = {paths[0], has_dataflow ? NULL : paths[2], NULL};
    bool has_machine = mentions(data, size, "Accelerator") || mentions(data, size, "num_pes");
    run(files, mentions(data, size, "Network") ? NULL : paths[1], has_machine ? NULL : paths[3]);
    for (int i = 0; i < 4; i++) {
        close(fds[i]);
        g_free(paths[i]);
    }
    return 0;
}
