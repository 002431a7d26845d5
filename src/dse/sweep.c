/* Threads take units off a common counter: a few chunks, or a part of one.  What each finds is its
 * own; all is merged in the end (sums, minima and fronts with all ties settled), so the result does
 * not depend on who did what.  Rows that are wanted of every design are written unit by unit, in
 * order: who has the unit whose turn it is writes, the others leave theirs to be written. */
#include "dse/sweep.h"

#include <string.h>

#include "dse/design.h"

/* ---- findings -------------------------------------------------------------------- */

Findings *findings_new(ObjectiveSet front)
{
    Findings *findings = g_new0(Findings, 1);
    findings->front = front_new(front);
    findings->first_illegal = -1;
    return findings;
}

void findings_free(Findings *findings)
{
    if (!findings)
        return;
    front_free(findings->front);
    g_free(findings);
}

static void take_best(Findings *f, const Point *point, bool first)
{
    for (Objective o = 0; o < OBJECTIVES; o++) {
        double new = pareto_value(point, o), old = pareto_value(&f->best[o], o);
        if (first || new < old || (new == old &&pareto_order(point, &f->best[o]) < 0))
            f->best[o] = *point;
    }
}

void findings_offer(Findings *f, const Point *point)
{
    take_best(f, point, front_size(f->front) == 0);
    front_add(f->front, point);
}

void findings_merge(Findings *f, const Findings *other)
{
    int64_t n = front_size(other->front);
    f->seen += other->seen;
    f->illegal += other->illegal;
    if (other->first_illegal >= 0 &&
        (f->first_illegal < 0 || other->first_illegal < f->first_illegal))
        f->first_illegal = other->first_illegal;
    f->over += other->over;
    f->evaluated += other->evaluated;
    f->valid += other->valid;
    if (n == 0)
        return;
    bool first = front_size(f->front) == 0;
    for (Objective o = 0; o < OBJECTIVES; o++)
        take_best(f, &other->best[o], first && o == 0);
    const Point *points = front_sorted(other->front);
    for (int64_t i = 0; i < n; i++)
        front_add(f->front, &points[i]);
}

/* ---- chunks ---------------------------------------------------------------------- */

/* Machines of one nest, so many that a chunk is neither over at once nor lasts for long. */
Chunks sweep_chunks(const Space *space)
{
    const int64_t points = 4 << 20, most = 256;
    int64_t plane = space->n1 * space->n2;
    Chunks chunks = {.machines = CLAMP(points / plane, 1, MIN(most, space->machines))};
    chunks.per_nest = (space->machines + chunks.machines - 1) / chunks.machines;
    chunks.chunks = chunks.per_nest * space->nests;
    return chunks;
}

int64_t sweep_share(const Chunks *chunks, int64_t shard, int64_t shards)
{
    return chunks->chunks > shard ? (chunks->chunks - shard - 1) / shards + 1 : 0;
}

/* ---- units ----------------------------------------------------------------------- */

/* What is taken at a time: `chunks` of them, or one of `parts` of a chunk. */
typedef struct {
    int64_t chunks, parts;
    int64_t n; /* units to do */
} Units;

enum { UNIT_POINTS = 256, ROWS_POINTS = 4096, GIVE_US = 20000, WAITING_BYTES = 64 << 20 };

/* Few enough that threads end together; parts only where rows are kept until they are written. */
static Units units_of(const Chunks *chunks, const Space *space, const SweepOptions *options,
                      int64_t share)
{
    int64_t points = chunks->machines * space->n1 * space->n2, left = share - options->done;
    int64_t threads = MAX(options->threads, 1);
    Units units = {CLAMP(UNIT_POINTS / points, 1, MAX(1, left / (8 * threads))), 1, 0};
    if (options->rows)
        units.parts = CLAMP(points / ROWS_POINTS, 1, chunks->machines);
    units.n = (left + units.chunks - 1) / units.chunks * units.parts;
    return units;
}

/* What the threads share. */
typedef struct {
    const Study *study;
    const SweepOptions *options;
    Chunks chunks;
    Units units;
    int64_t share; /* chunks of the shard in all */
    GMutex lock;   /* of what follows */
    GCond changed, turned;
    int64_t next;        /* unit */
    int running;         /* threads */
    Findings *sum;       /* of what threads have given */
    int64_t turn;        /* unit whose rows are next */
    GHashTable *waiting; /* unit -> GString: rows to be written when it is their turn */
    gsize waiting_bytes;
} Sweep;

/* A thread's own. */
typedef struct {
    Sweep *sweep;
    Designer *designer;
    Findings *found;
    int64_t unit;
    GString *rows;
    gint64 given; /* when it last gave what it had found */
} Worker;

/* ---- rows ------------------------------------------------------------------------ */

/* Writes rows that wait for the turn.  Locked, and unlocked while it writes. */
static void write_waiting(Sweep *sweep)
{
    GString *rows;
    while ((rows = g_hash_table_lookup(sweep->waiting, &sweep->turn)) != NULL) {
        gsize bytes = rows->len;
        g_hash_table_remove(sweep->waiting, &sweep->turn); /* frees the key alone */
        g_mutex_unlock(&sweep->lock);
        sweep->options->rows->write(rows, sweep->options->rows->data);
        g_string_free(rows, TRUE);
        g_mutex_lock(&sweep->lock);
        sweep->waiting_bytes -= bytes;
        sweep->turn++;
        g_cond_broadcast(&sweep->turned);
    }
}

static void await_turn(Worker *worker, gsize most_waiting)
{
    Sweep *sweep = worker->sweep;
    while (sweep->turn != worker->unit && sweep->waiting_bytes >= most_waiting)
        g_cond_wait(&sweep->turned, &sweep->lock);
}

/* Writes what there is once it is the unit's turn. */
static void write_rows(Worker *worker)
{
    g_mutex_lock(&worker->sweep->lock);
    await_turn(worker, 0);
    g_mutex_unlock(&worker->sweep->lock);
    worker->sweep->options->rows->write(worker->rows, worker->sweep->options->rows->data);
    g_string_truncate(worker->rows, 0);
}

/* The unit is done: writes its rows, or leaves them to who has the turn. */
static void end_rows(Worker *worker)
{
    Sweep *sweep = worker->sweep;
    g_mutex_lock(&sweep->lock);
    await_turn(worker, WAITING_BYTES);
    int64_t *unit = g_new(int64_t, 1);
    *unit = worker->unit;
    g_hash_table_insert(sweep->waiting, unit, worker->rows);
    sweep->waiting_bytes += worker->rows->len;
    worker->rows = g_string_new(NULL);
    if (sweep->turn == worker->unit)
        write_waiting(sweep);
    g_mutex_unlock(&sweep->lock);
}

/* ---- work ------------------------------------------------------------------------ */

static void visit(const Point *point, void *data)
{
    findings_offer(data, point);
}

/* Both what is found and what the caller wants to see. */
static void visit_both(const Point *point, void *data)
{
    Worker *worker = data;
    const SweepRows *rows = worker->sweep->options->rows;
    findings_offer(worker->found, point);
    rows->format(point, worker->rows, rows->data);
    if (worker->rows->len >= WAITING_BYTES / 16)
        write_rows(worker);
}

static void do_machine(Worker *worker, int64_t machine)
{
    const Study *study = worker->sweep->study;
    Findings *f = worker->found;
    int64_t points = study->space->n1 * study->space->n2;
    const Plane *plane;
    f->seen += points;
    switch (designer_plane(worker->designer, machine, study->prune, &plane)) {
    case DESIGN_NONE:
        f->illegal += points;
        return;
    case DESIGN_OVER:
        f->over += points;
        return;
    case DESIGN_PLANE:
        break;
    }
    PlaneCount count = worker->rows
                           ? plane_walk(plane, PLANE_EACH, visit_both, worker)
                           : plane_walk(plane, study->prune ? PLANE_BEST : PLANE_ALL, visit, f);
    f->evaluated += count.evaluated;
    f->valid += count.valid;
}

static void note_illegal(const Space *space, Findings *f, int64_t nest, int64_t points)
{
    int64_t first = nest * (space->points / space->nests);
    f->illegal += points;
    if (f->first_illegal < 0 || first < f->first_illegal)
        f->first_illegal = first;
}

/* Machines from .. to - 1 of a nest. */
static void do_machines(Worker *worker, int64_t nest, int64_t from, int64_t to)
{
    const Study *study = worker->sweep->study;
    const Space *space = study->space;
    Findings *f = worker->found;
    int64_t points = (to - from) * space->n1 * space->n2;
    bool over = study->prune && study_nest_over(study, nest);
    if (over || !designer_nest(worker->designer, nest, from, to)) {
        f->seen += points;
        if (over)
            f->over += points;
        else
            note_illegal(space, f, nest, points);
        return;
    }
    for (int64_t m = from; m < to; m++)
        do_machine(worker, m);
}

/* Part of a chunk of the space. */
static void do_chunk(Worker *worker, int64_t chunk, int64_t part)
{
    const Sweep *sweep = worker->sweep;
    const Chunks *chunks = &sweep->chunks;
    int64_t nest = chunk / chunks->per_nest, parts = sweep->units.parts;
    int64_t from = chunk % chunks->per_nest * chunks->machines;
    int64_t n = MIN(chunks->machines, sweep->study->space->machines - from);
    int64_t begin = n * part / parts, end = n * (part + 1) / parts;
    if (begin < end)
        do_machines(worker, nest, from + begin, from + end);
}

static void do_unit(Worker *worker)
{
    const Sweep *sweep = worker->sweep;
    const SweepOptions *options = sweep->options;
    int64_t first = options->done + worker->unit / sweep->units.parts * sweep->units.chunks;
    int64_t end = MIN(first + sweep->units.chunks, sweep->share);
    for (int64_t i = first; i < end; i++)
        do_chunk(worker, options->shard + i * options->shards, worker->unit % sweep->units.parts);
}

/* Takes the next unit; false if there is none.  Chunks that are begun are finished. */
static bool take_unit(Worker *worker)
{
    Sweep *sweep = worker->sweep;
    g_mutex_lock(&sweep->lock);
    bool stop = sweep->options->stop && *sweep->options->stop;
    stop |= sweep->options->until && g_get_monotonic_time() >= sweep->options->until;
    stop &= sweep->next % sweep->units.parts == 0;
    bool took = !stop && sweep->next < sweep->units.n;
    if (took)
        worker->unit = sweep->next++;
    g_mutex_unlock(&sweep->lock);
    return took;
}

/* What a thread has found goes to the sum now and then, so that progress can be told. */
static void give(Worker *worker)
{
    Sweep *sweep = worker->sweep;
    worker->given = g_get_monotonic_time();
    g_mutex_lock(&sweep->lock);
    findings_merge(sweep->sum, worker->found);
    g_mutex_unlock(&sweep->lock);
    findings_free(worker->found);
    worker->found = findings_new(sweep->study->front);
}

static gpointer work(gpointer data)
{
    Sweep *sweep = data;
    Worker worker = {.sweep = sweep,
                     .designer = designer_new(sweep->study),
                     .found = findings_new(sweep->study->front),
                     .rows = sweep->options->rows ? g_string_new(NULL) : NULL,
                     .given = g_get_monotonic_time()};
    while (take_unit(&worker)) {
        do_unit(&worker);
        if (worker.rows)
            end_rows(&worker);
        if (sweep->options->progress && g_get_monotonic_time() - worker.given > GIVE_US)
            give(&worker);
    }
    give(&worker);
    findings_free(worker.found);
    designer_free(worker.designer);
    if (worker.rows)
        g_string_free(worker.rows, TRUE);
    g_mutex_lock(&sweep->lock);
    sweep->running--;
    g_cond_signal(&sweep->changed);
    g_mutex_unlock(&sweep->lock);
    return NULL;
}

static int64_t chunks_done(const Sweep *sweep)
{
    int64_t done = sweep->options->done + sweep->next / sweep->units.parts * sweep->units.chunks;
    return MIN(done, sweep->share);
}

static void watch(Sweep *sweep)
{
    const SweepOptions *options = sweep->options;
    g_mutex_lock(&sweep->lock);
    while (sweep->running > 0) {
        gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND / 10;
        g_cond_wait_until(&sweep->changed, &sweep->lock, until);
        if (options->progress)
            options->progress(sweep->sum, chunks_done(sweep), options->data);
    }
    g_mutex_unlock(&sweep->lock);
}

static void sweep_start(Sweep *sweep)
{
    g_mutex_init(&sweep->lock);
    g_cond_init(&sweep->changed);
    g_cond_init(&sweep->turned);
    sweep->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void sweep_end(Sweep *sweep)
{
    g_hash_table_destroy(sweep->waiting);
    g_mutex_clear(&sweep->lock);
    g_cond_clear(&sweep->changed);
    g_cond_clear(&sweep->turned);
}

int64_t sweep_run(const Study *study, const SweepOptions *options, Findings *findings)
{
    Sweep sweep = {.study = study,
                   .options = options,
                   .chunks = sweep_chunks(study->space),
                   .running = options->threads,
                   .sum = findings};
    int n = sweep.running;
    g_autofree GThread **threads = g_new0(GThread *, n);
    sweep.share = sweep_share(&sweep.chunks, options->shard, options->shards);
    sweep.units = units_of(&sweep.chunks, study->space, options, sweep.share);
    sweep_start(&sweep);
    for (int i = 0; i < n; i++)
        threads[i] = g_thread_new("sweep", work, &sweep);
    watch(&sweep);
    for (int i = 0; i < n; i++)
        g_thread_join(threads[i]);
    sweep_end(&sweep);
    return chunks_done(&sweep);
}
