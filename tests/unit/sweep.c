/* Random small spaces, with every point evaluated by the front end and the engines as dcc does
 * it: the number of valid points, the optima and the front must be the same with pruning, without
 * it, and on any number of threads. */
#include "dse/sweep.h"

#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/analysis.h"
#include "engine/cost.h"

enum { POINTS_MAX_HERE = 400 };

#ifdef DCC_SANITIZE
enum { SPACES = 60 };
#else
enum { SPACES = 250 };
#endif

static uint64_t state = 1;

static int64_t draw(int64_t low, int64_t high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((state >> 33) % (uint64_t) (high - low + 1));
}

static bool chance(int percent)
{
    return draw(1, 100) <= percent;
}

/* ---- texts ----------------------------------------------------------------------- */

static const char *const dataflows[] = {
    "Constant T 2;\n"
    "Dataflow \"a\" { SpatialMap(1,1) K; TemporalMap(T,T) C; TemporalMap(2,2) Y'; Cluster(T);"
    " SpatialMap(1,1) C; }\n",
    "Constant T 2;\n"
    "Dataflow \"b\" { TemporalMap(T,T) K; SpatialMap(1,1) Y'; TemporalMap(3,3) X'; }\n",
    "Constant T 2;\n"
    "Dataflow \"c\" { TemporalMap(1,1) C; TemporalMap(T,T) X'; SpatialMap(T,T) K; }\n",
};

static void put_layer(GString *out, int number)
{
    g_string_append_printf(out,
                           " Layer L%d { Type: CONV  Dimensions { K: %d, C: %d, Y': %d, X': %d, R: "
                           "%d, S: %d } Count: %d }\n",
                           number, (int) draw(1, 12), (int) draw(1, 8), (int) draw(1, 9),
                           (int) draw(1, 9), (int) draw(1, 3), (int) draw(1, 3), (int) draw(1, 3));
}

static void put_hardware(GString *out)
{
    g_string_append_printf(out,
                           "Accelerator \"h\" { PEs: %d Clock: 1 GHz Technology: \"t\"\n"
                           " NoC 0 { Bandwidth: %d Prefetch: %s }\n",
                           (int) draw(2, 16), (int) draw(1, 8), chance(50) ? "layer" : "none");
    if (chance(60))
        g_string_append_printf(out, " OffChip { Bandwidth: %d GB/s }\n", (int) draw(1, 9));
    if (chance(30))
        g_string_append_printf(out, " Buffer L1 { Capacity: %d B }\n", (int) draw(16, 200));
    if (chance(30))
        g_string_append_printf(out, " Buffer 1 { Capacity: %d B }\n", (int) draw(16, 400));
    g_string_append(out, "}\n");
}

/* Curves that rise, and some that fall: nothing is to be taken for granted. */
static void put_curve(GString *out, const char *key)
{
    bool wild = chance(30);
    g_string_append_printf(out, " %s {\n", key);
    for (int k = 0; k < 3; k++)
        g_string_append_printf(out,
                               "  Point %d { Capacity: %d B, Read: %d pJ, Write: %d pJ, Area: %d "
                               "um2, Power: %d mW }\n",
                               k, 64 << (4 * k), (int) draw(1, 4) + 4 * k, (int) draw(1, 4) + 4 * k,
                               wild ? (int) draw(1, 400) : 100 * (k + 1),
                               wild ? (int) draw(1, 9) : 2 * k + 1);
    g_string_append(out, "  Source: \"a test\"\n }\n");
}

static void put_technology(GString *out)
{
    g_string_append(out,
                    "Technology \"t\" {\n Width: 16 bit\n"
                    " MAC { Energy: 0.5 pJ, Area: 100 um2, Power: 1 mW, Source: \"a test\" }\n");
    put_curve(out, "L1");
    put_curve(out, "SRAM");
    g_string_append(
        out, " Bus { Area { Scale: 3 um2, PerPE: 2, Base: 1 } Power { Scale: 0.1 mW, PerPE: 1 "
             "} Source: \"a test\" }\n"
             " Arbiter { Area { Scale: 2 um2, PerPE2: 1 } Source: \"a test\" }\n"
             " NoC { Hop: 0.3 pJ, Source: \"a test\" }\n"
             " Idle { Power: 0.5 mW, Source: \"a test\" }\n"
             " OffChip { Energy: 4 pJ/bit, Source: \"a test\" }\n}\n");
}

/* ---- a space --------------------------------------------------------------------- */

typedef struct {
    char *folder, *dataflow[3], *model, *hardware;
    int n_dataflows;
    GPtrArray *sets; /* budgets */
    ProgramRequest request;
    const char *files[4], *set_list[4];
    bool exact;
} Case;

static char *write_text(const Case *c, const char *name, const char *text)
{
    char *path = g_build_filename(c->folder, name, NULL);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void case_draw(Case *c)
{
    memset(c, 0, sizeof *c);
    c->folder = g_dir_make_tmp("dse-XXXXXX", NULL);
    c->n_dataflows = chance(30) ? 2 : 1;
    for (int i = 0; i < c->n_dataflows; i++) {
        char name[16];
        g_snprintf(name, sizeof name, "d%d.m", i);
        c->files[i] = c->dataflow[i] = write_text(c, name, dataflows[draw(0, 2)]);
    }
    g_autoptr(GString) model = g_string_new("Network n {\n"), hardware = g_string_new(NULL);
    for (int i = 0, n = (int) draw(1, 2); i < n; i++)
        put_layer(model, i);
    g_string_append(model, "}\n");
    put_hardware(hardware);
    put_technology(hardware);
    c->model = write_text(c, "n.m", model->str);
    c->hardware = write_text(c, "h.hw", hardware->str);
    c->request = (ProgramRequest){.files = c->files, .model = c->model, .hardware = c->hardware};
}

static void case_clear(Case *c)
{
    char *paths[] = {c->dataflow[0], c->dataflow[1], c->model, c->hardware};
    for (size_t k = 0; k < G_N_ELEMENTS(paths); k++) {
        if (paths[k])
            g_remove(paths[k]);
        g_free(paths[k]);
    }
    for (int i = 0; i < 2; i++)
        g_free((char *) c->set_list[i]);
    g_rmdir(c->folder);
    g_free(c->folder);
}

static void add(Space *space, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add(Space *space, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *sweep = g_strdup_vprintf(format, args);
    va_end(args);
    GError *error = NULL;
    if (!space_add(space, sweep, &error))
        ck_abort_msg("%s", error->message);
}

static Space *space_draw(Case *c)
{
    Space *space = space_new();
    c->exact = chance(15);
    if (chance(70))
        add(space, "pes=%d:%d:3", (int) draw(1, 5), (int) draw(6, 16));
    if (chance(60))
        add(space, "noc.bandwidth=1:%d:*2", (int) draw(2, 9));
    if (chance(30))
        add(space, "T=1,%d", (int) draw(2, 4));
    if (chance(15))
        add(space, "lanes=1,2");
    if (chance(15))
        add(space, "precision=8,16");
    if (chance(15))
        add(space, "noc1.latency=1,3");
    if (chance(10))
        add(space, "buffer1.capacity=20,90,300");
    if (!c->exact && chance(70))
        add(space, "l1.capacity=%s", chance(50) ? "8:160:24" : "100,30,60");
    if (!c->exact && chance(70))
        add(space, "l2.capacity=%s", chance(50) ? "32:2048:*2" : "900,100,60,5000");
    return space;
}

/* ---- the judge ------------------------------------------------------------------- */

typedef struct {
    bool valid;
    Point point;
} Judged;

/* Evaluates a machine; false if a layer cannot be. */
static bool judge_layers(const Technology *technology, const GArray *jobs, Workspace *ws,
                         Capacity *capacity, Point *point, bool *fits)
{
    *capacity = (Capacity){0};
    point->cycles = point->macs = 0;
    point->pj = 0;
    *fits = true;
    for (guint i = 0; i < jobs->len; i++) {
        const Job *job = &g_array_index(jobs, Job, i);
        const Machine *m = &job->machine;
        Result r;
        Cost cost = {0};
        analysis_run(&job->layer, &job->nest, m, ws, &r);
        if (r.status != RESULT_OK)
            return false;
        cost_layer(&job->layer, m, technology, &r, &cost);
        cost_capacity(m, &job->nest, &r, capacity);
        point->cycles += job->layer.count * r.cycles;
        point->macs += job->layer.count * r.macs;
        point->pj += (double) job->layer.count * cost.total_pj;
        *fits &= !(m->l1_bytes && m->l1_bytes < r.l1_required_bytes);
        *fits &= !(m->l2_bytes && m->l2_bytes < r.l2_required_bytes);
        for (int l = 1; l < r.n_levels; l++)
            *fits &= !(m->buffer_bytes[l] && m->buffer_bytes[l] < r.buffer_required_bytes[l]);
    }
    return true;
}

static void require(GArray *jobs, Workspace *ws)
{
    int64_t l1 = 0, l2 = 0;
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < jobs->len; i++) {
            Job *job = &g_array_index(jobs, Job, i);
            Result r;
            analysis_run(&job->layer, &job->nest, &job->machine, ws, &r);
            l1 = MAX(l1, r.l1_required_bytes);
            l2 = MAX(l2, r.l2_required_bytes);
            if (pass == 1) {
                job->machine.l1_bytes = l1;
                job->machine.l2_bytes = l2;
            }
        }
}

static Judged judge_jobs(const Technology *technology, GArray *jobs, bool exact, double um2,
                         double mw, Workspace *ws)
{
    Judged judged = {0};
    Capacity capacity;
    ChipCost chip;
    bool fits;
    for (guint i = 0; i < jobs->len; i++)
        if (!g_array_index(jobs, Job, i).legal)
            return judged;
    if (exact)
        require(jobs, ws);
    const Machine *m = &g_array_index(jobs, Job, 0).machine;
    if (!judge_layers(technology, jobs, ws, &capacity, &judged.point, &fits))
        return judged;
    cost_chip(m, &capacity, technology, &chip);
    judged.point.seconds = (double) judged.point.cycles / m->clock_hz;
    judged.point.um2 = chip.total_um2;
    judged.point.mw = chip.total_mw;
    judged.point.l1 = capacity.l1;
    judged.point.l2 = capacity.l2;
    judged.valid = fits && chip.total_um2 <= um2 && chip.total_mw <= mw;
    return judged;
}

static Judged judge(const Case *c, const Space *space, int64_t index, double um2, double mw)
{
    ProgramRequest request = c->request;
    guint choice = 0;
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) defines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        const char *value = space_value(space, i, index);
        if (axis->kind == AXIS_DATAFLOW)
            choice = strcmp(value, c->files[0]) != 0;
        else
            g_ptr_array_add(axis->kind == AXIS_CONSTANT ? defines : sets,
                            g_strdup_printf("%s=%s", axis->name, value));
    }
    g_ptr_array_add(sets, NULL);
    g_ptr_array_add(defines, NULL);
    request.sets = (const char **) sets->pdata;
    request.defines = (const char **) defines->pdata;
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    GError *error = NULL;
    g_autoptr(Program) program = program_read(&request, diag, &error);
    if (!program)
        ck_abort_msg("%s", error->message);
    Workspace *ws = workspace_new();
    g_autoptr(GArray) jobs = jobs_new(program, choice);
    Judged judged = judge_jobs(&program->technology, jobs, c->exact, um2, mw, ws);
    judged.point.index = index;
    workspace_free(ws);
    return judged;
}

/* ---- comparing ------------------------------------------------------------------- */

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static void check_point(const Point *found, const Judged *judged)
{
    const Point *p = &judged[found->index].point;
    ck_assert(judged[found->index].valid);
    ck_assert_int_eq(found->cycles, p->cycles);
    ck_assert_int_eq(found->macs, p->macs);
    for (Objective o = 0; o < OBJECTIVES; o++)
        ck_assert(near(pareto_value(found, o), pareto_value(p, o)));
    ck_assert(found->l1 == p->l1 && found->l2 == p->l2);
}

static void check_best(const Findings *f, const Judged *judged, int64_t n)
{
    for (Objective o = 0; o < OBJECTIVES && f->valid > 0; o++) {
        double least = INFINITY;
        double edp = INFINITY; /* the least of those that are equal in the objective */
        for (int64_t i = 0; i < n; i++) {
            double value = pareto_value(&judged[i].point, o),
                   own = pareto_value(&judged[i].point, OBJECTIVE_EDP);
            if (!judged[i].valid || value > least)
                continue;
            edp = value < least ? own : fmin(edp, own);
            least = value;
        }
        check_point(&f->best[o], judged);
        if (o <= OBJECTIVE_THROUGHPUT) { /* of whole cycles: nothing is rounded in another order */
            ck_assert(pareto_value(&f->best[o], o) == least);
            ck_assert(near(pareto_value(&f->best[o], OBJECTIVE_EDP), edp));
        }
        ck_assert(near(pareto_value(&f->best[o], o), least));
    }
}

/* How a is to b in all objectives of the set: no worse, give or take; clearly better in one. */
static bool no_worse(const Point *a, const Point *b, ObjectiveSet over, bool *better)
{
    *better = false;
    for (Objective o = 0; o < OBJECTIVES; o++) {
        double x = pareto_value(a, o), y = pareto_value(b, o);
        if (!(over & 1U << o) || near(x, y))
            continue;
        if (x > y)
            return false;
        *better = true;
    }
    return true;
}

static void check_front(const Findings *f, ObjectiveSet over, const Judged *judged, int64_t n)
{
    const Point *front = front_sorted(f->front);
    bool better;
    for (int64_t k = 0; k < front_size(f->front); k++) {
        check_point(&front[k], judged);
        for (int64_t i = 0; i < n; i++)
            if (judged[i].valid)
                ck_assert(!(no_worse(&judged[i].point, &front[k], over, &better) && better));
    }
    for (int64_t i = 0; i < n; i++) {
        bool covered = !judged[i].valid;
        for (int64_t k = 0; k < front_size(f->front) && !covered; k++)
            covered = no_worse(&front[k], &judged[i].point, over, &better);
        ck_assert(covered);
    }
}

static Findings *find(Study *study, bool prune, int threads)
{
    SweepOptions options = {.threads = threads, .shards = 1};
    Findings *findings = findings_new(study->front);
    study->prune = prune;
    sweep_run(study, &options, findings);
    ck_assert_int_eq(findings->seen, study->space->points);
    return findings;
}

static volatile sig_atomic_t stop;

/* Stops the sweep after some microseconds. */
static gpointer stop_later(gpointer data)
{
    g_usleep(GPOINTER_TO_UINT(data));
    stop = 1;
    return NULL;
}

/* What was left out before is not begun either once it is late. */
static void check_late(const Study *study, SweepOptions options, Findings *findings)
{
    int64_t seen = findings->seen;
    g_autoptr(GArray) left = g_array_copy(options.left);
    options.left = left;
    options.until = 1;
    ck_assert_int_eq(sweep_run(study, &options, findings), options.done);
    ck_assert_int_eq(findings->seen, seen);
}

/* The same in one go after another, each but the last stopped somewhere, or at its end, by as many
 * threads as it may be.  Counts the stops that left something out. */
static Findings *find_in_parts(Study *study, int *stops)
{
    Findings *findings = findings_new(study->front);
    Chunks chunks = sweep_chunks(study->space);
    SweepOptions options = {.shards = 1};
    options.left = g_array_new(FALSE, FALSE, sizeof(Piece));
    study->prune = false;
    study->stop = &stop;
    for (int k = 0; options.done < chunks.chunks || options.left->len > 0; k++) {
        stop = 0;
        guint after = k < 20 ? (guint) draw(0, 300) : G_USEC_PER_SEC / 4;
        options.threads = (int) draw(1, 4);
        options.until = k % 2 ? g_get_monotonic_time() + after : 0;
        GThread *thread = k % 2 ? NULL : g_thread_new("stop", stop_later, GUINT_TO_POINTER(after));
        options.done = sweep_run(study, &options, findings);
        *stops += options.left->len > 0;
        if (thread != NULL)
            g_thread_join(thread);
        if (k % 2)
            check_late(study, options, findings);
    }
    study->stop = NULL;
    g_array_unref(options.left);
    ck_assert_int_eq(findings->seen, study->space->points);
    return findings;
}

static void check_same(const Findings *a, const Findings *b)
{
    ck_assert_int_eq(a->valid, b->valid);
    ck_assert_int_eq(front_size(a->front), front_size(b->front));
    for (Objective o = 0; o < OBJECTIVES && a->valid > 0; o++)
        ck_assert_mem_eq(&a->best[o], &b->best[o], sizeof a->best[o]);
    if (front_size(a->front) > 0)
        ck_assert_mem_eq(front_sorted(a->front), front_sorted(b->front),
                         (size_t) front_size(a->front) * sizeof(Point));
}

static void check_findings(Study *study, const Judged *judged)
{
    int64_t n = study->space->points, valid = 0;
    g_autoptr(Findings) pruned = find(study, true, 1), all = find(study, false, 1);
    g_autoptr(Findings) two = find(study, true, 2), three = find(study, false, 3);
    for (int64_t i = 0; i < n; i++)
        valid += judged[i].valid;
    ck_assert_int_eq(all->valid, valid);
    ck_assert_int_eq(all->evaluated + all->illegal, n);
    check_same(pruned, all);
    check_same(two, all);
    check_same(three, all);
    check_best(all, judged, n);
    check_front(all, study->front, judged, n);
}

/* ---- the test -------------------------------------------------------------------- */

static Study *study_make(Case *c, Space *space, Diag *diag)
{
    GError *error = NULL;
    Study *study = study_new(&c->request, space, c->exact, diag, &error);
    if (!study) {
        diag_print(diag, "dcc", stderr, false);
        ck_abort_msg("%s", error ? error->message : "no study");
    }
    study->front = chance(50)
                       ? 1U << OBJECTIVE_RUNTIME | 1U << OBJECTIVE_ENERGY | 1U << OBJECTIVE_AREA
                       : (ObjectiveSet) draw(1, (1 << OBJECTIVES) - 1);
    return study;
}

/* A point to put a budget at: any, or the smallest of its plane. */
static const Point *draw_edge(const Space *space, const Judged *judged)
{
    int64_t plane = space->n1 * space->n2, at = draw(0, space->points - 1);
    int64_t first = at - at % plane;
    bool smallest = chance(60);
    for (int64_t i = first; i < first + plane && smallest; i++)
        if (judged[i].point.um2 < judged[at].point.um2)
            at = i;
    return &judged[at].point;
}

static void judge_all(const Case *c, Study *study, Judged *judged)
{
    const Space *space = study->space;
    int64_t n = space->points;
    for (int64_t i = 0; i < n; i++)
        judged[i] = judge(c, space, i, INFINITY, INFINITY);
    /* a budget that some point just meets, but for rounding */
    double um2 = chance(60) ? draw_edge(space, judged)->um2 : INFINITY;
    double mw = chance(40) ? draw_edge(space, judged)->mw : INFINITY;
    study_set_budgets(study, um2, mw);
    for (int64_t i = 0; i < n; i++)
        judged[i].valid &=
            judged[i].point.um2 <= um2 * (1 + 1e-9) && judged[i].point.mw <= mw * (1 + 1e-9);
}

START_TEST(stopped_sweeps_lose_nothing)
{
    int stops = 0;
    for (int s = 0; s < 12 || (stops == 0 && s < 400); s++) {
        Case c;
        state = (uint64_t) s + 1;
        case_draw(&c);
        g_autoptr(Arena) arena = arena_new();
        g_autoptr(Sources) sources = sources_new(arena);
        g_autoptr(Diag) diag = diag_new(sources, arena);
        g_autoptr(Study) study = study_make(&c, space_draw(&c), diag);
        g_autoptr(Findings) whole = find(study, false, 1), parts = find_in_parts(study, &stops);
        check_same(whole, parts);
        ck_assert_int_eq(whole->evaluated, parts->evaluated);
        ck_assert_int_eq(whole->illegal, parts->illegal);
        case_clear(&c);
    }
    ck_assert_int_gt(stops, 0);
}
END_TEST

START_TEST(sweeps_find_what_brute_force_finds)
{
    int64_t valid = 0;
    for (int s = 0; s < SPACES; s++) {
        Case c;
        state = (uint64_t) s + 1;
        case_draw(&c);
        g_autoptr(Arena) arena = arena_new();
        g_autoptr(Sources) sources = sources_new(arena);
        g_autoptr(Diag) diag = diag_new(sources, arena);
        g_autoptr(Study) study = study_make(&c, space_draw(&c), diag);
        if (study->space->points <= POINTS_MAX_HERE) {
            Judged *judged = g_new0(Judged, study->space->points);
            judge_all(&c, study, judged);
            check_findings(study, judged);
            for (int64_t i = 0; i < study->space->points; i++)
                valid += judged[i].valid;
            g_free(judged);
        }
        case_clear(&c);
    }
    ck_assert_int_gt(valid, SPACES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sweep");
    TCase *tc = tcase_create("brute force");
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, stopped_sweeps_lose_nothing);
    tcase_add_test(tc, sweeps_find_what_brute_force_finds);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
