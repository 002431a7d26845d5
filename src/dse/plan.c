#include "dse/plan.h"

#include <math.h>

#include "dse/summary.h"
#include "dse/sweep.h"
#include "report/number.h"

enum { SAMPLE_CHUNKS = 4096 };

/* Bytes of a row of --points, by those of the front. */
static double row_bytes(const Study *study, const Front *front)
{
    const Point *points = front_sorted((Front *) front);
    g_autoptr(GString) rows = g_string_new(NULL);
    int64_t n = MIN(front_size(front), 100);
    for (int64_t k = 0; k < n; k++)
        summary_csv_point(study->space, &points[k], rows);
    return n > 0 ? (double) rows->len / (double) n : 0;
}

/* "3.2 s", "5 h 12 min", "41 days". */
static void append_time(GString *out, double seconds)
{
    if (seconds < 120)
        g_string_append_printf(out, "%.3g s", seconds);
    else if (seconds < 7200)
        g_string_append_printf(out, "%.0f min", seconds / 60);
    else if (seconds < 48 * 3600.0)
        g_string_append_printf(out, "%.1f h", seconds / 3600);
    else if (seconds < 3 * 365.25 * 86400)
        g_string_append_printf(out, "%.3g days", seconds / 86400);
    else
        g_string_append_printf(out, "%.3g years", seconds / (365.25 * 86400));
}

static void append_line(GString *out, const char *what, double value, const char *unit)
{
    g_string_append_printf(out, "  %-26s ", what);
    number_scaled(out, value, unit);
    g_string_append_c(out, '\n');
}

static void append_times(GString *out, const char *what, double seconds)
{
    g_string_append_printf(out, "  %-26s ", what);
    append_time(out, seconds);
    g_string_append_c(out, '\n');
}

/* Every stride-th chunk, from the middle of the first stretch on. */
static Findings *take_sample(const Study *study, int threads, int64_t *chunks, double *seconds)
{
    const Chunks all = sweep_chunks(study->space);
    const int64_t strides = MAX(1, all.chunks / SAMPLE_CHUNKS);
    gint64 began = g_get_monotonic_time();
    SweepOptions options = {.threads = threads,
                            .shard = strides / 2,
                            .shards = strides,
                            .until = began + G_TIME_SPAN_SECOND};
    Findings *findings = findings_new(study->front);
    *chunks = sweep_run(study, &options, findings);
    *seconds = (double) (g_get_monotonic_time() - began) * 1e-6;
    return findings;
}

GString *plan_write(const Study *study, int threads)
{
    const double designs = (double) study->space->points;
    int64_t chunks;
    double seconds;
    g_autoptr(Findings) f = take_sample(study, threads, &chunks, &seconds);
    GString *out = g_string_new(NULL);
    double seen = (double) MAX(1, f->seen), share = seen / designs,
           rows = (double) (f->seen - f->illegal - f->over);
    append_line(out, "designs", designs, "");
    append_line(out, "chunks", (double) sweep_chunks(study->space).chunks, "");
    g_string_append_printf(out, "\nA sample of %" G_GINT64_FORMAT " chunks, ", chunks);
    number_scaled(out, (double) f->seen, "");
    g_string_append(out, " designs spread over the space, took ");
    append_time(out, seconds);
    g_string_append_printf(out, " on %d thread%s:\n\n", threads, threads == 1 ? "" : "s");
    append_line(out, "designs a second", seen / fmax(seconds, 1e-6), "");
    append_line(out, "evaluated", (double) f->evaluated, "");
    append_line(out, "on the front", (double) front_size(f->front), "");
    g_string_append(out, share < 1 ? "\nAll of it, if the rest is like that:\n\n" : "\n");
    append_times(out, "time", seconds / share);
    append_times(out, "time, 10 machines", seconds / share / 10);
    append_times(out, "time, 1000 machines", seconds / share / 1000);
    append_line(out, "rows of --points, at most", rows / share, "");
    append_line(out, "size of that, CSV", rows / share * row_bytes(study, f->front), "bytes");
    g_string_append(out,
                    "\nThe further a sweep is, the more its bounds skip: it may be done sooner.  "
                    "With --points\nall valid designs are evaluated: it takes longer.\n");
    return out;
}
