/* Threads take chunks off a common counter.  What each finds is its own; all is merged in the end
 * (sums, minima and fronts with ties settled by number), so the result does not depend on who did
 * what. */
#include "dse/sweep.h"

#include <string.h>

#include "dse/design.h"

/* ---- findings -------------------------------------------------------------------- */

Findings *findings_new(ObjectiveSet front)
{
    Findings *findings = g_new0(Findings, 1);
    findings->front = front_new(front);
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
        if (first || new < old || (new == old && point->index < f->best[o].index))
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

/* What the threads share. */
typedef struct {
    const Study *study;
    const SweepOptions *options;
    Chunks chunks;
    int64_t share; /* chunks to do in all */
    GMutex lock;   /* of what follows */
    GCond changed;
    int64_t next;  /* chunk of the shard */
    int running;   /* threads */
    Findings *sum; /* of chunks done */
} Sweep;

static void visit(const Point *point, void *data)
{
    findings_offer(data, point);
}

/* Both what is found and what the caller wants to see. */
typedef struct {
    Findings *findings;
    const SweepOptions *options;
} Both;

static void visit_both(const Point *point, void *data)
{
    Both *both = data;
    findings_offer(both->findings, point);
    both->options->each(point, both->options->data);
}

static void do_machine(const Sweep *sweep, Designer *designer, int64_t machine, Findings *f)
{
    const Study *study = sweep->study;
    int64_t points = study->space->n1 * study->space->n2;
    const Plane *plane;
    Both both = {f, sweep->options};
    bool each = sweep->options->each != NULL;
    f->seen += points;
    switch (designer_plane(designer, machine, study->prune, &plane)) {
    case DESIGN_NONE:
        f->illegal += points;
        return;
    case DESIGN_OVER:
        f->over += points;
        return;
    case DESIGN_PLANE:
        break;
    }
    PlaneCount count = each ? plane_walk(plane, PLANE_EACH, visit_both, &both)
                            : plane_walk(plane, study->prune ? PLANE_BEST : PLANE_ALL, visit, f);
    f->evaluated += count.evaluated;
    f->valid += count.valid;
}

static void do_chunk(const Sweep *sweep, Designer *designer, int64_t chunk, Findings *f)
{
    const Space *space = sweep->study->space;
    int64_t nest = chunk / sweep->chunks.per_nest;
    int64_t from = chunk % sweep->chunks.per_nest * sweep->chunks.machines;
    int64_t to = MIN(from + sweep->chunks.machines, space->machines);
    int64_t points = (to - from) * space->n1 * space->n2;
    bool over = sweep->study->prune && study_nest_over(sweep->study, nest);
    if (over || !designer_nest(designer, nest, from, to)) {
        f->seen += points;
        *(over ? &f->over : &f->illegal) += points;
        return;
    }
    for (int64_t m = from; m < to; m++)
        do_machine(sweep, designer, m, f);
}

/* The next chunk, or -1. */
static int64_t take_chunk(Sweep *sweep)
{
    int64_t chunk = -1;
    g_mutex_lock(&sweep->lock);
    bool stop = sweep->options->stop && *sweep->options->stop;
    stop |= sweep->options->until && g_get_monotonic_time() >= sweep->options->until;
    if (!stop && sweep->next < sweep->share)
        chunk = sweep->options->shard + sweep->next++ * sweep->options->shards;
    g_mutex_unlock(&sweep->lock);
    return chunk;
}

/* A thread's front goes to the sum with every chunk: chunks last long enough. */
static void give(Sweep *sweep, Findings **own)
{
    g_mutex_lock(&sweep->lock);
    findings_merge(sweep->sum, *own);
    g_mutex_unlock(&sweep->lock);
    findings_free(*own);
    *own = findings_new(sweep->study->front);
}

static gpointer work(gpointer data)
{
    Sweep *sweep = data;
    Designer *designer = designer_new(sweep->study);
    Findings *own = findings_new(sweep->study->front);
    for (int64_t chunk; (chunk = take_chunk(sweep)) >= 0; give(sweep, &own))
        do_chunk(sweep, designer, chunk, own);
    findings_free(own);
    designer_free(designer);
    g_mutex_lock(&sweep->lock);
    sweep->running--;
    g_cond_signal(&sweep->changed);
    g_mutex_unlock(&sweep->lock);
    return NULL;
}

static void watch(Sweep *sweep)
{
    const SweepOptions *options = sweep->options;
    g_mutex_lock(&sweep->lock);
    while (sweep->running > 0) {
        gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND / 10;
        g_cond_wait_until(&sweep->changed, &sweep->lock, until);
        if (options->progress)
            options->progress(sweep->sum, sweep->next, options->data);
    }
    g_mutex_unlock(&sweep->lock);
}

int64_t sweep_run(const Study *study, const SweepOptions *options, Findings *findings)
{
    Sweep sweep = {.study = study,
                   .options = options,
                   .chunks = sweep_chunks(study->space),
                   .next = options->done,
                   .running = options->each ? 1 : options->threads,
                   .sum = findings};
    g_autofree GThread **threads = g_new0(GThread *, sweep.running);
    int n = sweep.running;
    sweep.share = sweep_share(&sweep.chunks, options->shard, options->shards);
    g_mutex_init(&sweep.lock);
    g_cond_init(&sweep.changed);
    for (int i = 0; i < n; i++)
        threads[i] = g_thread_new("sweep", work, &sweep);
    watch(&sweep);
    for (int i = 0; i < n; i++)
        g_thread_join(threads[i]);
    g_mutex_clear(&sweep.lock);
    g_cond_clear(&sweep.changed);
    return sweep.next;
}
