#include "sched/runs.h"

#include "ir/integer.h"

Runs *runs_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(Run));
}

static const Run *run_at(const Runs *runs, guint i)
{
    return &g_array_index(runs, Run, i);
}

/* Behind all that are there, or joined to the last. */
static void append(Runs *runs, int64_t low, int64_t high)
{
    Run run = {low, high};
    if (high <= low)
        return;
    if (runs->len > 0 && run_at(runs, runs->len - 1)->high >= low) {
        Run *last = &g_array_index(runs, Run, runs->len - 1);
        last->high = MAX(last->high, high);
    } else {
        g_array_append_val(runs, run);
    }
}

Runs *runs_interval(int64_t low, int64_t high)
{
    Runs *runs = runs_new();
    append(runs, low, high);
    return runs;
}

void runs_free(Runs *runs)
{
    if (runs != NULL)
        g_array_free(runs, TRUE);
}

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const Run *one = a, *other = b;
    return one->low < other->low ? -1 : one->low > other->low;
}

/* One after the other, of a set that has gaps. */
static Runs *affine_points(int64_t a, int64_t x0, int64_t x1, int64_t b, int64_t y0, int64_t y1)
{
    g_autoptr(GArray) points = runs_new();
    int64_t width = b == 1 ? y1 - y0 : 1, each = b == 1 ? 1 : y1 - y0;
    if (x1 - x0 > RUNS_MAX || each > RUNS_MAX || (x1 - x0) * each > RUNS_MAX)
        return NULL;
    for (int64_t x = x0; x < x1; x++)
        for (int64_t y = 0; y < each; y++) {
            int64_t low = a * x + b * (y0 + y);
            Run run = {low, low + width};
            g_array_append_val(points, run);
        }
    g_array_sort(points, compare_runs);
    Runs *runs = runs_new();
    for (guint i = 0; i < points->len; i++)
        append(runs, run_at(points, i)->low, run_at(points, i)->high);
    return runs;
}

Runs *runs_affine(int64_t a, int64_t x0, int64_t x1, int64_t b, int64_t y0, int64_t y1)
{
    if (x1 <= x0 || y1 <= y0)
        return runs_new();
    bool joined =
        (b == 1 && (y1 - y0 >= a || x1 - x0 == 1)) || (a == 1 && (x1 - x0 >= b || y1 - y0 == 1));
    if (!joined)
        return affine_points(a, x0, x1, b, y0, y1);
    return runs_interval(a * x0 + b * y0, a * (x1 - 1) + b * (y1 - 1) + 1);
}

Runs *runs_shift(const Runs *runs, int64_t before, int64_t spread, int64_t extent)
{
    Runs *shifted = runs_new();
    for (guint i = 0; i < runs->len; i++) {
        int64_t low = ceil_div(run_at(runs, i)->low - before, spread),
                high = ceil_div(run_at(runs, i)->high - before, spread);
        append(shifted, MAX(low, 0), MIN(high, extent));
    }
    return shifted;
}

Runs *runs_product(const Runs *outer, const Runs *inner, int64_t extent)
{
    Runs *runs = runs_new();
    bool whole = inner->len == 1 && run_at(inner, 0)->low == 0 && run_at(inner, 0)->high == extent;
    for (guint i = 0; i < outer->len; i++) {
        int64_t low = run_at(outer, i)->low, high = run_at(outer, i)->high;
        if (whole) {
            append(runs, low * extent, high * extent);
            continue;
        }
        for (int64_t at = low; at < high && runs->len <= RUNS_MAX; at++)
            for (guint j = 0; j < inner->len; j++)
                append(runs, at * extent + run_at(inner, j)->low,
                       at * extent + run_at(inner, j)->high);
    }
    if (runs->len <= RUNS_MAX)
        return runs;
    runs_free(runs);
    return NULL;
}

bool runs_meet(const Runs *a, const Runs *b)
{
    guint i = 0, j = 0;
    while (i < a->len && j < b->len) {
        const Run *one = run_at(a, i), *other = run_at(b, j);
        if (one->low < other->high && other->low < one->high)
            return true;
        if (one->high <= other->high)
            i++;
        else
            j++;
    }
    return false;
}

bool runs_has(const Runs *runs, int64_t value)
{
    guint low = 0, high = runs->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (run_at(runs, middle)->high <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < runs->len && run_at(runs, low)->low <= value;
}
