/* Each thread goes through a lane of units: a few chunks, or a part of one.  What each finds is its
 * own; all is merged in the end (sums, minima and fronts with all ties settled), so the result does
 * not depend on who did what.  Rows that are wanted of every design are written unit by unit, in
 * order: who has the unit whose turn it is writes, the others leave theirs to be written. */
#include "dse/sweep.h"

#include <math.h>

#include "dse/sweep_parts.h"
#include "ir/thread.h"

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

enum {
    UNIT_POINTS = 256,
    ROWS_POINTS = 4096,
    GIVE_US = 100000,
    WATCH_US = 20000,
    TELL_US = 100000
};

/* Few enough that threads end together; parts only where rows are kept until they are written. */
static Units units_of(const Sweep *sweep, int64_t left)
{
    const SweepOptions *options = sweep->options;
    const Space *space = sweep->study->space;
    int64_t points = sweep->chunks.machines * space->n1 * space->n2;
    int64_t ranks = options->ranks != NULL ? ranks_count(options->ranks) : 1;
    int64_t threads = MAX(options->threads, 1) * ranks;
    Units units = {CLAMP(UNIT_POINTS / points, 1, MAX(1, left / (8 * threads))), 1, 0};
    if (options->rows)
        units.parts = CLAMP(points / ROWS_POINTS, 1, sweep->chunks.machines);
    return units;
}

static void add_segment(Sweep *sweep, const Piece *piece)
{
    Units *units = &sweep->units;
    Segment segment = {*piece, units->n};
    int64_t chunks = piece->end - piece->first;
    g_array_append_val(sweep->segments, segment);
    units->n += piece->parts > 1 ? 1 : (chunks + units->chunks - 1) / units->chunks * units->parts;
}

/* What was left out before, and all that follows. */
static void find_segments(Sweep *sweep)
{
    const SweepOptions *options = sweep->options;
    const Piece rest = {options->done, sweep->share, 0, 1};
    int64_t chunks = rest.end - rest.first;
    guint n = options->left != NULL ? options->left->len : 0;
    for (guint i = 0; i < n; i++) {
        const Piece *piece = &g_array_index(options->left, Piece, i);
        chunks += piece->end - piece->first;
    }
    sweep->units = units_of(sweep, chunks);
    sweep->segments = g_array_new(FALSE, FALSE, sizeof(Segment));
    for (guint i = 0; i < n; i++)
        add_segment(sweep, &g_array_index(options->left, Piece, i));
    add_segment(sweep, &rest);
}

/* The last that begins with that unit or before it. */
static const Segment *segment_of(const Sweep *sweep, int64_t unit)
{
    guint low = 0, high = sweep->segments->len;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(sweep->segments, Segment, middle).first <= unit)
            low = middle;
        else
            high = middle;
    }
    return &g_array_index(sweep->segments, Segment, low);
}

static bool is_last(const Sweep *sweep, const Segment *segment)
{
    return segment == &g_array_index(sweep->segments, Segment, sweep->segments->len - 1);
}

/* One of those that a segment is divided into. */
static Piece piece_of(const Units *units, const Segment *segment, int64_t unit)
{
    int64_t k = unit - segment->first,
            first = segment->piece.first + k / units->parts * units->chunks;
    if (segment->piece.parts > 1)
        return segment->piece;
    return (Piece){first, MIN(first + units->chunks, segment->piece.end), k % units->parts,
                   units->parts};
}

Piece sweep_piece(const Sweep *sweep, int64_t unit)
{
    return piece_of(&sweep->units, segment_of(sweep, unit), unit);
}

/* Rows are written in order, and ranks are given the next: then all take from one lane. */
static void share_out(Sweep *sweep)
{
    const SweepOptions *options = sweep->options;
    bool ordered = options->rows != NULL || options->ranks != NULL;
    int n = sweep->lanes = ordered ? 1 : MAX(options->threads, 1);
    sweep->lane = g_new(Lane, n);
    for (int i = 0; i < n; i++)
        sweep->lane[i] = (Lane){sweep->units.n * i / n, sweep->units.n * (i + 1) / n};
}

static int64_t left_in(const Lane *lane)
{
    return lane->end - lane->next;
}

/* Half of the longest that is left, rounded up. */
static void take_half(Sweep *sweep, Lane *own)
{
    Lane *longest = sweep->lane;
    for (int i = 1; i < sweep->lanes; i++)
        if (left_in(&sweep->lane[i]) > left_in(longest))
            longest = &sweep->lane[i];
    int64_t middle = longest->next + left_in(longest) / 2;
    *own = (Lane){middle, longest->end};
    if (own != longest)
        longest->end = middle;
}

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

static bool is_stopped(const Sweep *sweep)
{
    return study_stopped(sweep->study);
}

/* False if the sweep is stopped before.  The calling thread wakes those that wait. */
static bool await_turn(Worker *worker, gsize most_waiting)
{
    Sweep *sweep = worker->sweep;
    while (sweep->turn != worker->unit && sweep->waiting_bytes >= most_waiting &&
           !is_stopped(sweep))
        g_cond_wait(&sweep->turned, &sweep->lock);
    return !is_stopped(sweep);
}

/* Writes what there is once it is the unit's turn. */
static void write_rows(Worker *worker)
{
    g_mutex_lock(&worker->sweep->lock);
    bool turn = await_turn(worker, 0);
    g_mutex_unlock(&worker->sweep->lock);
    if (turn)
        worker->sweep->options->rows->write(worker->rows, worker->sweep->options->rows->data);
    g_string_truncate(worker->rows, 0);
}

void sweep_put_rows(Sweep *sweep, int64_t number, GString *rows)
{
    int64_t *unit = g_new(int64_t, 1);
    *unit = number;
    g_hash_table_insert(sweep->waiting, unit, rows);
    sweep->waiting_bytes += rows->len;
    if (sweep->turn == number)
        write_waiting(sweep);
}

/* The unit is done: writes its rows, or leaves them to who has the turn. */
static void end_rows(Worker *worker)
{
    Sweep *sweep = worker->sweep;
    if (sweep->helper != NULL) {
        sweep_give_rows(worker);
        return;
    }
    g_mutex_lock(&sweep->lock);
    await_turn(worker, WAITING_BYTES);
    GString *rows = worker->rows;
    worker->rows = g_string_new(NULL);
    sweep_put_rows(sweep, worker->unit, rows);
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
    if (worker->rows->len >= WAITING_BYTES / 64 && worker->sweep->helper == NULL)
        write_rows(worker);
}

/* The box is over at its least. */
static void note_over(const Study *study, Findings *f, int64_t points, Least least)
{
    f->over += points;
    if (least.um2 > study->most_um2)
        findings_lack(f, LACK_AREA, points, least.um2);
    if (least.mw > study->most_mw)
        findings_lack(f, LACK_POWER, points, least.mw);
}

static void note_lacks(Findings *f, const Plane *plane, int64_t points)
{
    double least[LACKS];
    unsigned lacks = plane_lacks(plane, least);
    for (Lack k = 0; k < LACKS; k++)
        if (lacks >> k & 1)
            findings_lack(f, k, points, least[k]);
    if (lacks >> LACK_FIGURE & 1)
        findings_first(&f->first_missing, plane->first);
}

static void do_machine(Worker *worker, int64_t nest, int64_t machine)
{
    const Study *study = worker->sweep->study;
    Findings *f = worker->found;
    int64_t points = study->space->n1 * study->space->n2;
    const Plane *plane;
    f->seen += points;
    switch (designer_plane(worker->designer, machine, study->prune, &plane)) {
    case DESIGN_NONE:
        f->illegal += points;
        if (study_has_hierarchy(study))
            findings_first(&f->first_illegal, nest * study->space->machines + machine);
        return;
    case DESIGN_OVER:
        note_over(study, f, points, designer_least(worker->designer, machine));
        return;
    case DESIGN_PLANE:
        break;
    }
    PlaneCount count = worker->rows
                           ? plane_walk(plane, PLANE_EACH, visit_both, worker)
                           : plane_walk(plane, study->prune ? PLANE_BEST : PLANE_ALL, visit, f);
    f->evaluated += count.evaluated;
    f->valid += count.valid;
    if (count.valid == 0)
        note_lacks(f, plane, points);
}

static void note_illegal(const Space *space, Findings *f, int64_t nest, int64_t points)
{
    f->illegal += points;
    findings_first(&f->first_illegal, nest * (space->points / space->nests));
}

/* Machines from .. to - 1 of a nest. */
static void do_machines(Worker *worker, int64_t nest, int64_t from, int64_t to)
{
    const Study *study = worker->sweep->study;
    const Space *space = study->space;
    Findings *f = worker->found;
    int64_t points = (to - from) * space->n1 * space->n2;
    Least least = study_nest_least(study, nest);
    bool over = study->prune && study_over(study, least);
    if (over || !designer_nest(worker->designer, nest, from, to)) {
        f->seen += points;
        if (over)
            note_over(study, f, points, least);
        else
            note_illegal(space, f, nest, points);
        return;
    }
    for (int64_t m = from; m < to && !is_stopped(worker->sweep); m++)
        do_machine(worker, nest, m);
}

/* The piece's part of a chunk of the space. */
static void do_chunk(Worker *worker, int64_t chunk, const Piece *piece)
{
    const Sweep *sweep = worker->sweep;
    const Chunks *chunks = &sweep->chunks;
    int64_t nest = chunk / chunks->per_nest, part = piece->part, parts = piece->parts;
    int64_t from = chunk % chunks->per_nest * chunks->machines;
    int64_t n = MIN(chunks->machines, sweep->study->space->machines - from);
    int64_t begin = n * part / parts, end = n * (part + 1) / parts;
    if (begin < end)
        do_machines(worker, nest, from + begin, from + end);
}

static void do_piece(Worker *worker, const Piece *piece)
{
    const SweepOptions *options = worker->sweep->options;
    for (int64_t i = piece->first; i < piece->end && !is_stopped(worker->sweep); i++)
        do_chunk(worker, options->shard + i * options->shards, piece);
}

/* Without a stop chunks that are begun are finished. */
bool sweep_next(Sweep *sweep, int lane, int64_t *unit, Piece *piece)
{
    Lane *own = &sweep->lane[lane];
    int64_t until = sweep->options->until;
    bool late = until && g_get_monotonic_time() >= until;
    if (left_in(own) == 0 && sweep->lanes > 1)
        take_half(sweep, own);
    if (left_in(own) == 0 || is_stopped(sweep))
        return false;
    const Segment *segment = segment_of(sweep, own->next);
    *piece = piece_of(&sweep->units, segment, own->next);
    if (late && piece->part == 0)
        return false;
    *unit = own->next++;
    sweep->taken++;
    if (is_last(sweep, segment))
        sweep->done = MAX(sweep->done, piece->end);
    return true;
}

/* Takes the next piece; false if there is none. */
static bool take_piece(Worker *worker, Piece *piece)
{
    Sweep *sweep = worker->sweep;
    if (sweep->helper != NULL)
        return sweep_borrow(worker, piece);
    g_mutex_lock(&sweep->lock);
    bool took = sweep_next(sweep, worker->lane, &worker->unit, piece);
    g_mutex_unlock(&sweep->lock);
    return took;
}

/* What a thread has found goes to the sum now and then, so that progress can be told and a stop
 * does not cost more than that.  Once it is stopped, what it has not given is left out: its last
 * piece may not be whole. */
static void give(Worker *worker)
{
    Sweep *sweep = worker->sweep;
    worker->given = g_get_monotonic_time();
    if (sweep->helper != NULL) {
        sweep_give_back(worker);
    } else {
        g_mutex_lock(&sweep->lock);
        if (worker->cut)
            g_array_append_vals(sweep->out, worker->pieces->data, worker->pieces->len);
        else
            findings_merge(sweep->sum, worker->found);
        g_mutex_unlock(&sweep->lock);
    }
    g_array_set_size(worker->pieces, 0);
    findings_free(worker->found);
    worker->found = findings_new(sweep->study->front);
}

/* So that a stop in the next piece does not cost this one. */
static bool is_large(const Sweep *sweep, const Piece *piece)
{
    const Space *space = sweep->study->space;
    int64_t chunk = sweep->chunks.machines * space->n1 * space->n2;
    return (piece->end - piece->first) * (chunk / piece->parts) >= ROWS_POINTS;
}

Worker *sweep_worker_new(Sweep *sweep, int number)
{
    Worker *worker = g_new0(Worker, 1);
    *worker = (Worker){.sweep = sweep,
                       .lane = sweep->lanes > 0 ? number % sweep->lanes : 0,
                       .designer = designer_new(sweep->study),
                       .found = findings_new(sweep->study->front),
                       .pieces = g_array_new(FALSE, FALSE, sizeof(Piece)),
                       .units = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                       .rows = sweep->options->rows ? g_string_new(NULL) : NULL,
                       .given = g_get_monotonic_time()};
    return worker;
}

void sweep_worker_free(Worker *worker)
{
    findings_free(worker->found);
    g_array_unref(worker->pieces);
    g_array_unref(worker->units);
    designer_free(worker->designer);
    if (worker->rows)
        g_string_free(worker->rows, TRUE);
    g_free(worker);
}

gpointer sweep_work(gpointer data)
{
    Worker *worker = data;
    Sweep *sweep = worker->sweep;
    Piece piece;
    while (!worker->cut && take_piece(worker, &piece)) {
        g_array_append_val(worker->pieces, piece);
        do_piece(worker, &piece);
        worker->cut = is_stopped(sweep);
        if (worker->rows && !worker->cut)
            end_rows(worker);
        if (!worker->cut &&
            (is_large(sweep, &piece) || g_get_monotonic_time() - worker->given > GIVE_US))
            give(worker);
    }
    give(worker);
    return NULL;
}

static gpointer work(gpointer data)
{
    Sweep *sweep = data;
    Worker *worker = sweep_worker_new(sweep, g_atomic_int_add(&sweep->workers, 1));
    sweep_work(worker);
    sweep_worker_free(worker);
    g_mutex_lock(&sweep->lock);
    sweep->running--;
    g_cond_signal(&sweep->changed);
    g_mutex_unlock(&sweep->lock);
    return NULL;
}

static void watch(Sweep *sweep)
{
    const SweepOptions *options = sweep->options;
    gint64 told = 0;
    g_mutex_lock(&sweep->lock);
    while (sweep->running > 0) {
        gint64 now = g_get_monotonic_time();
        g_cond_wait_until(&sweep->changed, &sweep->lock,
                          now + (sweep->dealer != NULL ? DEAL_POLL_US : WATCH_US));
        g_mutex_unlock(&sweep->lock);
        dealer_poll(sweep->dealer);
        g_mutex_lock(&sweep->lock);
        if (is_stopped(sweep))
            g_cond_broadcast(&sweep->turned);
        if (!options->progress || now - told < TELL_US)
            continue;
        options->progress(sweep->sum, sweep->done, options->data);
        told = now;
    }
    g_mutex_unlock(&sweep->lock);
}

/* Lanes of those that cannot begin are what others take of the longest.  Who watches works itself
 * where there is nobody to watch. */
static void run_threads(Sweep *sweep)
{
    const int n = MAX(1, sweep->options->threads);
    g_autofree GThread **thread = g_new0(GThread *, n);
    int begun =
        threads_begin_counted(thread, n, "sweep", work, sweep, &sweep->lock, &sweep->running);
    watch(sweep);
    threads_await(thread, begun);
}

static int compare_pieces(gconstpointer a, gconstpointer b)
{
    const Piece *x = a, *y = b;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : x->part < y->part ? -1 : 1;
}

/* Units from .. end - 1 of a segment: parts of a chunk that was begun, then whole chunks, of the
 * last segment as far as another lane has gone. */
static void leave_units(Sweep *sweep, const Segment *segment, int64_t from, int64_t end)
{
    const Units *units = &sweep->units;
    bool whole = segment->piece.parts == 1;
    for (; from < end && (!whole || (from - segment->first) % units->parts != 0); from++) {
        Piece piece = piece_of(units, segment, from);
        g_array_append_val(sweep->out, piece);
    }
    if (from >= end)
        return;
    Piece rest = {piece_of(units, segment, from).first, piece_of(units, segment, end - 1).end, 0,
                  1};
    if (is_last(sweep, segment))
        rest.end = MIN(rest.end, sweep->done);
    if (rest.first < rest.end)
        g_array_append_val(sweep->out, rest);
}

/* What has not been taken, of what was begun, is left out too. */
static void leave_rest(Sweep *sweep)
{
    for (guint i = 0; i < sweep->segments->len; i++) {
        const Segment *segment = &g_array_index(sweep->segments, Segment, i);
        int64_t end = is_last(sweep, segment) ? sweep->units.n : segment[1].first;
        for (int k = 0; k < sweep->lanes; k++)
            leave_units(sweep, segment, MAX(sweep->lane[k].next, segment->first),
                        MIN(sweep->lane[k].end, end));
    }
}

/* Puts the pieces that are left out, those that follow each other as one, in the place of those of
 * before. */
static void tell_left(Sweep *sweep)
{
    GArray *left = sweep->options->left;
    leave_rest(sweep);
    g_array_sort(sweep->out, compare_pieces);
    if (!left)
        return;
    g_array_set_size(left, 0);
    for (guint i = 0; i < sweep->out->len; i++) {
        const Piece *piece = &g_array_index(sweep->out, Piece, i);
        Piece *last = left->len > 0 ? &g_array_index(left, Piece, left->len - 1) : NULL;
        if (last && last->parts == 1 && piece->parts == 1 && last->end == piece->first)
            last->end = piece->end;
        else
            g_array_append_vals(left, piece, 1);
    }
}

static void sweep_start(Sweep *sweep)
{
    sweep->done = sweep->options->done;
    sweep->out = g_array_new(FALSE, FALSE, sizeof(Piece));
    find_segments(sweep);
    g_mutex_init(&sweep->lock);
    g_cond_init(&sweep->changed);
    g_cond_init(&sweep->turned);
    sweep->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    share_out(sweep);
}

static void sweep_end(Sweep *sweep)
{
    GHashTableIter iter;
    gpointer rows;
    g_hash_table_iter_init(&iter, sweep->waiting);
    while (g_hash_table_iter_next(&iter, NULL, &rows)) /* of a sweep that was stopped */
        g_string_free(rows, TRUE);
    g_hash_table_destroy(sweep->waiting);
    g_array_unref(sweep->segments);
    g_array_unref(sweep->out);
    g_free(sweep->lane);
    g_mutex_clear(&sweep->lock);
    g_cond_clear(&sweep->changed);
    g_cond_clear(&sweep->turned);
}

int64_t sweep_run(const Study *study, const SweepOptions *options, Findings *findings)
{
    Sweep sweep = {
        .study = study, .options = options, .chunks = sweep_chunks(study->space), .sum = findings};
    sweep.share = sweep_share(&sweep.chunks, options->shard, options->shards);
    sweep_start(&sweep);
    sweep_deal(&sweep);
    run_threads(&sweep);
    sweep_deal_end(&sweep);
    int64_t done = sweep.done;
    tell_left(&sweep);
    sweep_end(&sweep);
    return done;
}
