/* The engines against the simulator, integer for integer, on random small cases.
 *
 *     differential [--cases N] [--hierarchies N] [--seed S] [--replay FILE]... [--engine WHICH]
 *     differential --dump-json N [--kind KIND] [--seed S] [--replay FILE]... [--engine WHICH]
 *
 * First come the cases kept in tests/cases/, then classic cases, then those with a hierarchy of
 * memories (half as many, unless told), of which the engine may refuse one in a hundred.  Without
 * --seed one half of each has a fixed seed and the other a fresh one, which is printed; with it all
 * have that seed.  The first failure is shrunk, printed and kept.  Output is TAP. */
#include <glib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "casefile.h"
#include "casegen.h"
#include "casejson.h"
#include "conservation.h"
#include "draw.h"
#include "engine/analysis.h"
#include "engine/cost.h"
#include "engine/offchip.h"
#include "rooted.h"
#include "shrink.h"
#include "simulator.h"

/* Hierarchies that the engine refused; atomic. */
static int refused;

enum { FIXED_SEED = 1, CHUNK = 64, REREAD = 32 /* one case in so many is written and read */ };

/* ---- options ---- */

static int64_t cases = 20000, hierarchies = -1, dump;
static char *seed_text, *engine, *kind_text;
static char **replays;
static int threads;

static const GOptionEntry entries[] = {
    {"cases", 'n', 0, G_OPTION_ARG_INT64, &cases, "random classic cases (20000)", "N"},
    {"hierarchies", 'm', 0, G_OPTION_ARG_INT64, &hierarchies, "and with memories (N / 2)", "N"},
    {"seed", 's', 0, G_OPTION_ARG_STRING, &seed_text, "seed of all cases", "S"},
    {"replay", 'r', 0, G_OPTION_ARG_FILENAME_ARRAY, &replays, "run only this kept case", "FILE"},
    {"threads", 't', 0, G_OPTION_ARG_INT, &threads, "workers (one a processor)", "N"},
    {"engine", 'e', 0, G_OPTION_ARG_STRING, &engine, "analysis, simulator-only or counts", "WHICH"},
    {"dump-json", 0, 0, G_OPTION_ARG_INT64, &dump, "print N cases (or the kept ones) and results",
     "N"},
    {"kind", 'k', 0, G_OPTION_ARG_STRING, &kind_text, "of them: classic, or hierarchy", "KIND"},
    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
};

static bool simulator_only(void)
{
    return g_strcmp0(engine, "simulator-only") == 0;
}

/* The closed form against the table of cases, without the simulator. */
static bool counts_only(void)
{
    return g_strcmp0(engine, "counts") == 0;
}

/* ---- one case ---- */

/* The first difference found, as text; empty while there is none. */
typedef struct {
    char text[200];
} Difference;

static void differ(Difference *d, const char *where, int64_t got, int64_t want)
{
    if (got != want && !*d->text)
        g_snprintf(d->text, sizeof d->text, "%s: %" PRId64 ", the simulator counts %" PRId64, where,
                   got, want);
}

static void compare_counts(Difference *d, const char *where, const TensorCounts *a,
                           const TensorCounts *b)
{
    static const char *const names[] = {"reads",      "fills",    "writes",   "drains",
                                        "psum_reads", "tile_max", "union_max"};
    const int64_t got[] = {a->reads,      a->fills,    a->writes,   a->drains,
                           a->psum_reads, a->tile_max, a->union_max};
    const int64_t want[] = {b->reads,      b->fills,    b->writes,   b->drains,
                            b->psum_reads, b->tile_max, b->union_max};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (got[i] != want[i]) {
            g_autofree char *name = g_strdup_printf("%s %s", where, names[i]);
            differ(d, name, got[i], want[i]);
        }
}

static void compare_buffers(Difference *d, const Case *c, const Result *a, const Result *b)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        char where[100];
        g_snprintf(where, sizeof where, "L1 reads of %s", c->layer.op.tensor[t].name);
        differ(d, where, a->l1_reads[t], b->l1_reads[t]);
        g_snprintf(where, sizeof where, "L1 writes of %s", c->layer.op.tensor[t].name);
        differ(d, where, a->l1_writes[t], b->l1_writes[t]);
    }
    differ(d, "L1 bytes", a->l1_required_bytes, b->l1_required_bytes);
    differ(d, "L2 bytes", a->l2_required_bytes, b->l2_required_bytes);
    for (int l = 1; l < c->nest.n_levels; l++) {
        char where[100];
        g_snprintf(where, sizeof where, "level %d buffer bytes", l);
        differ(d, where, a->buffer_required_bytes[l], b->buffer_required_bytes[l]);
    }
}

static void differ_real(Difference *d, const char *where, double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * fabs(want)) && !*d->text)
        g_snprintf(d->text, sizeof d->text, "%s: %.12g, the simulator counts %.12g", where, got,
                   want);
}

static void compare_levels(Difference *d, const Case *c, const Result *a, const Result *b)
{
    for (int l = 0; l < c->nest.n_levels; l++) {
        char where[100];
        g_snprintf(where, sizeof where, "level %d children", l);
        differ(d, where, a->level[l].children, b->level[l].children);
        g_snprintf(where, sizeof where, "level %d steps", l);
        differ(d, where, a->level[l].steps, b->level[l].steps);
        for (int t = 0; t < c->layer.op.n_tensors; t++) {
            g_snprintf(where, sizeof where, "level %d %s", l, c->layer.op.tensor[t].name);
            compare_counts(d, where, &a->level[l].tensor[t], &b->level[l].tensor[t]);
        }
    }
}

static void compare_bandwidth(Difference *d, const Case *c, const Result *a, const Result *b)
{
    for (int l = 0; l < c->nest.n_levels; l++) {
        char where[100];
        g_snprintf(where, sizeof where, "level %d peak_bandwidth", l);
        differ_real(d, where, a->level[l].peak_bandwidth, b->level[l].peak_bandwidth);
        g_snprintf(where, sizeof where, "level %d average_bandwidth", l);
        differ_real(d, where, a->level[l].average_bandwidth, b->level[l].average_bandwidth);
    }
}

/* What moves at every depth. */
static void compare_rows(Difference *d, const Case *c, const OffchipTable *a, const OffchipTable *b)
{
    differ(d, "offchip depths", a->depths, b->depths);
    for (int t = 0; t < c->layer.op.n_tensors && !*d->text; t++)
        for (int j = 0; j < b->depths; j++) {
            const OffchipRow *x = &a->row[t][j], *y = &b->row[t][j];
            char where[100];
            if (!memcmp(x, y, sizeof *x))
                continue;
            g_snprintf(where, sizeof where, "offchip %s depth %d %s", c->layer.op.tensor[t].name, j,
                       x->footprint != y->footprint ? "footprint"
                       : x->reads != y->reads       ? "reads"
                                                    : "writes");
            differ(d, where, x->footprint, y->footprint);
            differ(d, where, x->reads, y->reads);
            differ(d, where, x->writes, y->writes);
        }
}

/* The first depth of those with the smallest footprint of those with the least traffic. */
static int least_depth(const OffchipRow *row, int depths)
{
    int least = 0;
    for (int j = 1; j < depths; j++) {
        int64_t more = row[j].reads + row[j].writes - row[least].reads - row[least].writes;
        if (more < 0 || (more == 0 && row[j].footprint < row[least].footprint))
            least = j;
    }
    return least;
}

/* What is kept moves as that depth does; with room for all it is the least. */
static void compare_kept(Difference *d, const Case *c, const OffchipKept *kept,
                         const OffchipTable *rows)
{
    for (int t = 0; t < c->layer.op.n_tensors && !*d->text; t++) {
        const OffchipRow *row = rows->row[t];
        char where[100];
        g_snprintf(where, sizeof where, "depth of %s", c->layer.op.tensor[t].name);
        if (c->machine.stays_onchip[t] || c->machine.l2_bytes == 0)
            differ(d, where, kept->depth[t],
                   c->machine.stays_onchip[t] ? 0 : least_depth(row, rows->depths));
        if (memcmp(&kept->row[t], &row[kept->depth[t]], sizeof *row))
            differ(d, "what moves at the depth kept", kept->depth[t], -1);
    }
}

static void rows_fill(const Case *c, const Result *result, OffchipTable *rows)
{
    Shape shape;
    cluster_shape(&c->layer, &shape);
    offchip_table(&shape, result, rows);
}

static void compare_offchip(Difference *d, const Case *c, const Result *a, const OffchipTable *b)
{
    OffchipTable rows;
    rows_fill(c, a, &rows);
    compare_rows(d, c, &rows, b);
    compare_kept(d, c, &a->offchip, b);
}

static void compare_time(Difference *d, const Result *a, const Result *b)
{
    static const char *const causes[] = {"compute", "ingress", "egress", "fill",
                                         "drain",   "offchip", "setup"};
    differ(d, "onchip_cycles", a->onchip_cycles, b->onchip_cycles);
    differ(d, "offchip_cycles", a->offchip_cycles, b->offchip_cycles);
    differ(d, "cycles", a->cycles, b->cycles);
    for (int i = 0; i < CAUSES; i++) {
        char where[100];
        g_snprintf(where, sizeof where, "cycles by cause %s", causes[i]);
        differ(d, where, a->cycles_by_cause[i], b->cycles_by_cause[i]);
    }
    differ(d, "bound_by", a->bound_by, b->bound_by);
    differ_real(d, "utilization", a->utilization, b->utilization);
    differ_real(d, "active_pes", a->active_pes, b->active_pes);
}

static void compare_counts_alone(Difference *d, const Case *c, const Result *a,
                                 const Simulation *want)
{
    const Result *b = &want->result;
    differ(d, "status", a->status, b->status);
    differ(d, "macs", a->macs, b->macs);
    differ(d, "copies", a->copies, b->copies);
    differ(d, "effectual_macs", a->effectual_macs, b->effectual_macs);
    differ(d, "ideal_cycles", a->ideal_cycles, b->ideal_cycles);
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        char where[100];
        g_snprintf(where, sizeof where, "size of %s", c->layer.op.tensor[t].name);
        differ(d, where, a->tensor_size[t], b->tensor_size[t]);
    }
    differ(d, "levels", a->n_levels, b->n_levels);
    compare_levels(d, c, a, b);
    compare_offchip(d, c, a, &want->rows);
    compare_buffers(d, c, a, b);
}

static void compare(Difference *d, const Case *c, const Result *a, const Simulation *want)
{
    compare_counts_alone(d, c, a, want);
    compare_time(d, a, &want->result);
    compare_bandwidth(d, c, a, &want->result);
}

static void differ_law(Difference *d, const char *who, const char *broken)
{
    if (broken && !*d->text)
        g_snprintf(d->text, sizeof d->text, "the %s breaks: %s", who, broken);
}

/* Counts in closed form; their times are not known. */
static void compare_closed(Difference *d, const Case *c, Workspace *ws, const Simulation *want)
{
    Result counted;
    if (*d->text)
        return;
    analysis_count(&c->layer, &c->nest, &c->machine, ws, &counted);
    compare_counts_alone(d, c, &counted, want);
    if (*d->text)
        g_strlcat(d->text, " (closed form)", sizeof d->text);
}

static bool closed_holds(const Case *c, Workspace *ws, Difference *d)
{
    Simulation analysed;
    if (!case_classic(c))
        return true;
    analysis_run(&c->layer, &c->nest, &c->machine, ws, &analysed.result);
    rows_fill(c, &analysed.result, &analysed.rows);
    compare_closed(d, c, ws, &analysed);
    return *d->text == '\0';
}

/* The MACs' accesses; a first visit reads no partial sum. */
static void compare_macs(Difference *d, const Case *c, const Result *a, const Simulation *b)
{
    differ(d, "macs", a->macs * a->copies, b->result.macs * b->result.copies);
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        char where[100];
        g_snprintf(where, sizeof where, "MAC reads of %s", c->layer.op.tensor[t].name);
        differ(d, where, a->mac[t].reads, b->mac[t].reads + b->mac[t].psum_reads);
        g_snprintf(where, sizeof where, "MAC writes of %s", c->layer.op.tensor[t].name);
        differ(d, where, a->mac[t].writes, b->mac[t].writes);
    }
}

/* What memories of a hierarchy need, and their energy with densities that follow from the case. */
static void compare_memories(Difference *d, const Case *c, Workspace *ws, const Rooted *rooted,
                             const Simulation *want)
{
    static _Thread_local Result got;
    static _Thread_local Cost cost;
    Layer layer = c->layer;
    for (int t = 0; t < layer.op.n_tensors; t++)
        layer.density[t] = 1 / (double) (1 + (layer.extent[0] + t) % 3);
    analysis_count(&layer, &rooted->nest, &rooted->machine, ws, &got);
    if (got.status != RESULT_OK)
        return;
    cost_layer(&layer, &rooted->machine, cost_technology(NULL, &rooted->machine), &got, &cost);
    for (int m = 0; m < ROOTED_MEMORIES; m++) {
        char where[100];
        g_snprintf(where, sizeof where, "bytes of memory %d", m);
        differ(d, where, cost_required(&got, m), rooted_bytes(c, want, m));
        g_snprintf(where, sizeof where, "energy of memory %d", m);
        differ_real(d, where, cost.pj[COSTS + m], rooted_pj(c, want, rooted, m, layer.density));
    }
}

/* With a root whose ports are those of level 0: the layer's time is with them, the time on chip
 * without. */
static void compare_root(Difference *d, const Case *c, Workspace *ws, const Simulation *wide)
{
    static _Thread_local Rooted rooted;
    static _Thread_local Result free, got;
    static _Thread_local Simulation narrow;
    const Result *bounded = &wide->result;
    rooted_make(c, &rooted);
    if (c->machine.done_bits != c->machine.bits[c->layer.op.output] && rooted_comes_once(c, wide)) {
        simulator_run_done(c, &narrow);
        bounded = &narrow.result;
    }
    Machine machine = c->machine;
    machine.ports[0].n = 0;
    analysis_run(&c->layer, &c->nest, &machine, ws, &free);
    analysis_run(&c->layer, &rooted.nest, &rooted.machine, ws, &got);
    differ(d, "cycles with a root", got.cycles, bounded->onchip_cycles);
    differ(d, "cycles without its ports", got.onchip_cycles, free.onchip_cycles);
    differ(d, "cycles of its ports", got.offchip_cycles, rooted_offchip(c, wide));
    for (int i = 0; i < CAUSES; i++)
        if (i != CAUSE_OFFCHIP)
            differ(d, "a cause with a root", got.cycles_by_cause[i], bounded->cycles_by_cause[i]);
    compare_bandwidth(d, c, &got, bounded);
    compare_memories(d, c, ws, &rooted, wide);
}

/* What crosses the links, with time and without; there only where hops ask for it. */
static void compare_links(Difference *d, const Case *c, const Result *counted, const Result *timed)
{
    for (int l = 0; l < c->nest.n_levels; l++) {
        const LinkResult *a = &counted->link[l], *b = &timed->link[l];
        if (c->machine.noc[l].hops <= 0)
            continue;
        differ(d, "results over a link", a->out, b->out);
        for (int t = 0; t < c->layer.op.n_tensors; t++)
            differ(d, "what comes over a link", a->in[t], b->in[t]);
    }
}

/* With memories the engine may refuse; cases of small extents never fall into too many pieces. */
static void compare_hierarchy(Difference *d, const Case *c, Workspace *ws, const Simulation *want)
{
    static _Thread_local Result got, counted;
    analysis_run(&c->layer, &c->nest, &c->machine, ws, &got);
    if (got.status == RESULT_ENTANGLED) {
        g_atomic_int_inc(&refused);
        return;
    }
    differ(d, "status", got.status, RESULT_OK);
    compare_levels(d, c, &got, &want->result);
    compare_macs(d, c, &got, want);
    compare_time(d, &got, &want->result);
    compare_bandwidth(d, c, &got, &want->result);
    compare_root(d, c, ws, want);
    analysis_count(&c->layer, &c->nest, &c->machine, ws, &counted);
    compare_levels(d, c, &counted, &want->result);
    compare_macs(d, c, &counted, want);
    compare_links(d, c, &counted, &got);
}

/* Runs one case both ways; false, with the reason, if they differ or break a law. */
static bool case_holds(const Case *c, Workspace *ws, Difference *d)
{
    Simulation simulated, analysed;
    *d->text = '\0';
    if (counts_only())
        return closed_holds(c, ws, d);
    simulator_run(c, &simulated);
    const char *broken = conservation_broken(c, &simulated);
    if (!simulator_only() && !case_classic(c))
        compare_hierarchy(d, c, ws, &simulated);
    else if (!simulator_only()) {
        analysis_run(&c->layer, &c->nest, &c->machine, ws, &analysed.result);
        rows_fill(c, &analysed.result, &analysed.rows);
        compare(d, c, &analysed.result, &simulated);
        compare_closed(d, c, ws, &simulated);
        memcpy(analysed.mac, simulated.mac, sizeof analysed.mac);
        differ_law(d, "engine", conservation_broken(c, &analysed));
    }
    differ_law(d, "simulator", broken);
    return *d->text == '\0';
}

/* Whether the case, written and read again, is the same to the simulator. */
static bool reread_holds(const Case *c, Difference *d)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *why = NULL;
    Simulation before, after;
    Case again;
    casefile_print(c, text);
    if (!casefile_parse(text->str, &again, &why)) {
        g_snprintf(d->text, sizeof d->text, "the case cannot be read again: %s", why);
        return false;
    }
    simulator_run(c, &before);
    simulator_run(&again, &after);
    if (memcmp(&before, &after, sizeof before))
        g_snprintf(d->text, sizeof d->text, "the case is another when it is read again");
    return *d->text == '\0';
}

/* ---- failures ---- */

static bool still_fails(const Case *c, void *ws)
{
    Difference d = {""};
    return !case_holds(c, ws, &d) || !reread_holds(c, &d);
}

static char *cases_dir(void)
{
    const char *source = g_getenv("SRCDIR");
    return g_build_filename(source ? source : ".", "tests", "cases", NULL);
}

static void print_commented(const char *text)
{
    g_auto(GStrv) line = g_strsplit(text, "\n", -1);
    for (char **l = line; *l; l++)
        if (**l)
            printf("# %s\n", *l);
}

static const char *const kind_names[] = {"classic", "hierarchy", "short classic",
                                         "short hierarchy"};

/* Shrinks the failing case, prints what differs, and keeps it. */
static void report(uint64_t seed, CaseKind kind, Workspace *ws)
{
    Case c;
    Difference d = {""};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *dir = cases_dir(), *name = NULL, *path = NULL;
    casegen_make(seed, kind, &c);
    shrink_case(&c, still_fails, ws);
    if (case_holds(&c, ws, &d))
        reread_holds(&c, &d);
    g_string_printf(text, "# %s\n# shrunk from %s case, seed %" PRIu64 "\n", d.text,
                    kind_names[kind], seed);
    casefile_print(&c, text);
    print_commented(text->str);
    name = g_strdup_printf("%016" PRIx64 ".case", seed);
    path = g_build_filename(dir, name, NULL);
    g_autoptr(GError) error = NULL;
    if (g_file_set_contents(path, text->str, -1, &error))
        printf("# kept as %s\n", path);
    else
        printf("# not kept: %s\n", error->message);
}

/* ---- many cases, on all processors ---- */

typedef struct {
    uint64_t seed;
    CaseKind kind;
    int64_t n;
    int next;     /* chunk to take; atomic */
    int failures; /* atomic */
    GMutex lock;
    int64_t first_failed; /* smallest index of a case that failed, or n */
} Batch;

static void batch_fail(Batch *b, int64_t index)
{
    g_atomic_int_inc(&b->failures);
    g_mutex_lock(&b->lock);
    b->first_failed = MIN(b->first_failed, index);
    g_mutex_unlock(&b->lock);
}

static gpointer batch_work(gpointer data)
{
    Batch *b = data;
    Workspace *ws = simulator_only() ? NULL : workspace_new();
    for (;;) {
        int64_t start = (int64_t) g_atomic_int_add(&b->next, 1) * CHUNK;
        if (start >= b->n)
            break;
        for (int64_t i = start; i < MIN(start + CHUNK, b->n); i++) {
            Case c;
            Difference d = {""};
            casegen_make(draw_seed(b->seed, (uint64_t) i), b->kind, &c);
            if (!case_holds(&c, ws, &d) || (i % REREAD == 0 && !reread_holds(&c, &d)))
                batch_fail(b, i);
        }
    }
    if (ws)
        workspace_free(ws);
    return NULL;
}

static void batch_threads(Batch *b)
{
    int n = threads > 0 ? threads : (int) g_get_num_processors();
    GThread **worker = g_new(GThread *, n);
    for (int i = 0; i < n; i++)
        worker[i] = g_thread_new("cases", batch_work, b);
    for (int i = 0; i < n; i++)
        g_thread_join(worker[i]);
    g_free(worker);
}

/* Runs n cases of a seed and prints the verdict as test `number`. */
static bool run_batch(int number, uint64_t seed, const char *which, CaseKind kind, int64_t n,
                      Workspace *ws)
{
    Batch b = {.seed = seed, .kind = kind, .n = n, .first_failed = n};
    refused = 0;
    g_mutex_init(&b.lock);
    batch_threads(&b);
    g_mutex_clear(&b.lock);
    bool many = n >= 1000 && refused > n / 100;
    printf("%s %d - %" PRId64 " random cases (%s), %s seed %" PRIu64 "\n",
           b.failures || many ? "not ok" : "ok", number, n, kind_names[kind], which, seed);
    if (refused)
        printf("# %d are refused%s\n", refused, many ? ": more than one in a hundred" : "");
    if (b.failures) {
        printf("# %d cases fail; the first:\n", b.failures);
        report(draw_seed(seed, (uint64_t) b.first_failed), kind, ws);
    }
    return b.failures == 0 && !many;
}

/* ---- kept cases ---- */

static bool read_case(const char *path, Case *c)
{
    g_autofree char *text = NULL, *why = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error)) {
        printf("# %s\n", error->message);
        return false;
    }
    if (!casefile_parse(text, c, &why)) {
        printf("# %s: %s\n", path, why);
        return false;
    }
    return true;
}

static bool replay_file(const char *path, Workspace *ws)
{
    Case c;
    Difference d = {""};
    if (!read_case(path, &c))
        return false;
    if (case_holds(&c, ws, &d))
        return true;
    printf("# %s: %s\n", path, d.text);
    return false;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The files named by --replay, or else all of tests/cases/. */
static GPtrArray *replay_paths(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (char **r = replays; r && *r; r++)
        g_ptr_array_add(paths, g_strdup(*r));
    if (replays)
        return paths;
    g_autofree char *folder = cases_dir();
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".case"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, compare_names);
    return paths;
}

static bool run_replays(int number, Workspace *ws)
{
    g_autoptr(GPtrArray) paths = replay_paths();
    bool good = true;
    for (guint i = 0; i < paths->len; i++)
        good &= replay_file(g_ptr_array_index(paths, i), ws);
    printf("%s %d - %u kept cases\n", good ? "ok" : "not ok", number, paths->len);
    return good;
}

/* ---- the whole ---- */

/* What the engine says, as the simulator does; false if it refuses. */
static bool engine_says(const Case *c, Workspace *ws, Simulation *s)
{
    int o = c->layer.op.output;
    analysis_run(&c->layer, &c->nest, &c->machine, ws, &s->result);
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        const MacAccesses *mac = &s->result.mac[t];
        s->mac[t] = (MacCounts){.reads = t == o ? 0 : mac->reads,
                                .writes = mac->writes,
                                .psum_reads = t == o ? mac->reads : 0};
    }
    rows_fill(c, &s->result, &s->rows);
    return s->result.status == RESULT_OK;
}

/* False if the engine refuses the case. */
static bool dump_case(const Case *c, Workspace *ws)
{
    g_autoptr(GString) line = g_string_new(NULL);
    Simulation s;
    if (simulator_only())
        simulator_run(c, &s);
    else if (!engine_says(c, ws, &s))
        return false;
    casejson_print(c, &s, line);
    fputs(line->str, stdout);
    return true;
}

/* The cases of the files, or random ones. */
static bool run_dump(uint64_t seed, Workspace *ws)
{
    CaseKind kind = g_strcmp0(kind_text, "hierarchy") ? CASE_SHORT : CASE_SHORT_HIERARCHY;
    Case c;
    for (char **path = replays; path && *path; path++) {
        if (!read_case(*path, &c))
            return false;
        if (casejson_can(&c))
            dump_case(&c, ws);
    }
    for (int64_t i = 0; dump > 0 && !replays; i++) {
        casegen_make(draw_seed(seed, (uint64_t) i), kind, &c);
        if (casejson_can(&c) && dump_case(&c, ws))
            dump--;
    }
    return true;
}

static uint64_t fresh_seed(void)
{
    return (uint64_t) g_get_real_time() ^ (uint64_t) g_random_int() << 20;
}

/* Both kinds of cases with one seed, as tests `number` and the next. */
static bool run_seed(int number, uint64_t seed, const char *which, int64_t part, Workspace *ws)
{
    int64_t others = hierarchies < 0 ? cases / 2 : hierarchies;
    bool good = run_batch(number, seed, which, CASE_CLASSIC, cases / part, ws);
    return run_batch(number + 1, seed, which, CASE_HIERARCHY, others / part, ws) && good;
}

static bool run_all(Workspace *ws)
{
    if (replays) {
        printf("1..1\n");
        return run_replays(1, ws);
    }
    printf("1..%d\n", seed_text ? 3 : 5);
    bool good = run_replays(1, ws);
    if (seed_text)
        return run_seed(2, g_ascii_strtoull(seed_text, NULL, 0), "given", 1, ws) && good;
    good &= run_seed(2, FIXED_SEED, "fixed", 2, ws);
    return run_seed(4, fresh_seed(), "fresh", 2, ws) && good;
}

int main(int argc, char **argv)
{
    g_autoptr(GOptionContext) options = g_option_context_new("- engines against the simulator");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error) || argc > 1) {
        fprintf(stderr, "differential: %s\n", error ? error->message : "too many arguments");
        return 2;
    }
    Workspace *ws = simulator_only() ? NULL : workspace_new();
    bool good = true;
    if (dump > 0)
        good = run_dump(seed_text ? g_ascii_strtoull(seed_text, NULL, 0) : FIXED_SEED, ws);
    else
        good = run_all(ws);
    if (ws)
        workspace_free(ws);
    g_free(seed_text);
    g_free(engine);
    g_free(kind_text);
    g_strfreev(replays);
    return good ? 0 : 1;
}
