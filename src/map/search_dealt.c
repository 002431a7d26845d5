/* A search on several ranks.  Rank 0 has the heap and hands out tasks, which come back done or to
 * be taken once more; what any rank finds goes to all.
 *
 * A rank that takes a task knows all that was found in it before: news go out before tasks, and
 * what was found comes back before the task does.  So, as with threads, the first of equal mappings
 * in the order of enumeration is the answer. */
#include <math.h>
#include <string.h>

#include "map/search_parts.h"

enum { COUNTS_US = 50000, ASK_US = 20000 };

/* What comes back. */
typedef enum { BACK_TASK, BACK_FOUND, BACK_COUNTS, BACK_TOTALS } Back;

/* ---- mappings ---- */

static void pack_found(const SearchFound *found, GByteArray *to)
{
    const Nest *nest = &found->nest;
    const double values[] = {found->value, found->pj, found->cycles};
    const int64_t numbers[] = {found->given, found->number, nest->placed};
    pack(to, values, sizeof values);
    pack(to, numbers, sizeof numbers);
    pack_block(to, nest->level, (gsize) nest->n_levels * sizeof *nest->level);
}

/* Of a nest that is evaluated nothing is left to be placed. */
static bool unpack_found(Unpack *from, SearchFound *found)
{
    double values[3];
    int64_t numbers[3];
    gsize n;
    unpack_raw(from, values, sizeof values);
    unpack_raw(from, numbers, sizeof numbers);
    const guint8 *levels = unpack_block(from, &n);
    if (from->bad || n % sizeof(Level) != 0 || n / sizeof(Level) > LEVELS_MAX)
        return false;
    *found = (SearchFound){.value = values[0],
                           .pj = values[1],
                           .cycles = values[2],
                           .given = (int) numbers[0],
                           .number = numbers[1]};
    memcpy(found->nest.level, levels, n);
    found->nest.n_levels = (int) (n / sizeof(Level));
    found->nest.placed = numbers[2] != 0;
    return true;
}

void search_pack(const SearchResult *result, GByteArray *to)
{
    const int64_t counts[] = {result->skeletons, result->bounds, result->evaluated,
                              result->passed_over, result->refused};
    pack(to, counts, sizeof counts);
    pack(to, &result->bound, sizeof result->bound);
    pack_number(to, result->complete);
    pack_number(to, result->ties);
    for (guint i = 0; i < result->found->len; i++)
        pack_found(&g_array_index(result->found, SearchFound, i), to);
}

bool search_unpack(Unpack *from, SearchResult *result)
{
    int64_t counts[5];
    SearchFound found;
    unpack_raw(from, counts, sizeof counts);
    *result = (SearchResult){.skeletons = counts[0],
                             .bounds = counts[1],
                             .evaluated = counts[2],
                             .passed_over = counts[3],
                             .refused = counts[4]};
    unpack_raw(from, &result->bound, sizeof result->bound);
    result->complete = unpack_number(from) != 0;
    result->ties = unpack_number(from) != 0;
    result->found = g_array_new(FALSE, TRUE, sizeof(SearchFound));
    bool well = !from->bad;
    while (well && from->left > 0) {
        well = unpack_found(from, &found);
        if (well)
            g_array_append_val(result->found, found);
    }
    if (!well)
        search_clear(result);
    return well;
}

/* All that is in the message. */
static bool take_found(Search *s, Unpack *from)
{
    SearchFound found;
    bool well = true;
    while (well && from->left > 0) {
        well = unpack_found(from, &found);
        if (well)
            best_take(&s->best, &found);
    }
    return well;
}

static void pack_all_found(Search *s, GByteArray *to)
{
    g_mutex_lock(&s->best.mutex);
    for (guint i = 0; i < s->best.found->len; i++)
        pack_found(g_ptr_array_index(s->best.found, i), to);
    g_mutex_unlock(&s->best.mutex);
}

void search_tell(Search *s, const SearchFound *found)
{
    if (s->helper != NULL) {
        g_autoptr(GByteArray) back = g_byte_array_new();
        pack_number(back, BACK_FOUND);
        pack_found(found, back);
        helper_give(s->helper, back);
    } else if (s->news != NULL) {
        g_mutex_lock(&s->mutex);
        pack_found(found, s->news);
        g_mutex_unlock(&s->mutex);
    }
}

/* ---- tasks ---- */

/* Sizes of a skeleton are holes of the templates: the how many-th byte of which of them, from 1. */
static int64_t hole_number(const SearchRequest *r, const Hole *hole)
{
    for (int i = 0; i < r->n_open && hole != NULL; i++) {
        const char *begin = (const char *) r->open[i], *at = (const char *) hole;
        if (at >= begin && at < begin + sizeof(Template))
            return i * (int64_t) sizeof(Template) + (at - begin) + 1;
    }
    return 0;
}

static bool find_hole(const SearchRequest *r, int64_t number, const Hole **hole)
{
    int64_t size = sizeof(Template);
    *hole = NULL;
    if (number < 0 || number > r->n_open * size)
        return false;
    if (number > 0)
        *hole = (const Hole *) ((const char *) r->open[(number - 1) / size] + (number - 1) % size);
    return (uintptr_t) *hole % _Alignof(Hole) == 0;
}

static void pack_skeleton(const SearchRequest *r, const Skeleton *skeleton, GByteArray *to)
{
    pack_number(to, skeleton->n_levels);
    for (int l = 0; l < skeleton->n_levels; l++) {
        int64_t holes[DIMS_MAX];
        for (int d = 0; d < DIMS_MAX; d++)
            holes[d] = hole_number(r, skeleton->level[l].size[d]);
        pack(to, &skeleton->level[l], sizeof skeleton->level[l]);
        pack(to, holes, sizeof holes);
    }
}

static bool unpack_skeleton(const SearchRequest *r, Unpack *from, Skeleton *skeleton)
{
    int64_t n = unpack_number(from), holes[DIMS_MAX];
    bool well = n >= 0 && n <= SKELETON_LEVELS;
    skeleton->n_levels = well ? (int) n : 0;
    for (int l = 0; l < skeleton->n_levels && well; l++) {
        SkeletonLevel *level = &skeleton->level[l];
        unpack_raw(from, level, sizeof *level);
        well = unpack_raw(from, holes, sizeof holes);
        for (int d = 0; d < DIMS_MAX && well; d++)
            well = find_hole(r, holes[d], &level->size[d]);
    }
    return well;
}

/* All of a task but its skeleton. */
typedef struct {
    int64_t number;
    bool probed, refined;
    double bound, inside[DEPTHS];
} State;

static void pack_state(const Task *task, GByteArray *to)
{
    const double none[DEPTHS] = {0};
    pack_number(to, task->number);
    pack_number(to, task->probed);
    pack_number(to, task->inside != NULL);
    pack(to, &task->bound, sizeof task->bound);
    pack(to, task->inside != NULL ? task->inside : none, sizeof none);
}

static bool unpack_state(Unpack *from, State *state)
{
    state->number = unpack_number(from);
    state->probed = unpack_number(from) != 0;
    state->refined = unpack_number(from) != 0;
    unpack_raw(from, &state->bound, sizeof state->bound);
    return unpack_raw(from, state->inside, sizeof state->inside);
}

static void set_state(Task *task, const State *state)
{
    task->number = state->number;
    task->probed = state->probed;
    task->bound = state->bound;
    if (state->refined)
        task_refine(task, state->inside);
}

/* ---- rank 0 ---- */

/* Whether the task has anything to do that is worth a message. */
static bool is_worth(Search *s, Task *task)
{
    const MapBound none = {0, 0};
    if (!task->probed)
        __atomic_fetch_add(&s->probes, 1, __ATOMIC_RELAXED);
    if (task->inside == NULL || s->request->front ||
        best_open(&s->best, NULL, &none, task->bound, task->number))
        return true;
    task_free(task);
    return false;
}

/* So few that the last ones are not all with one rank.  With the mutex. */
static int deal_some(Search *s, int most, GByteArray *tasks)
{
    int n = 0, share = (int) tasks_count(s->tasks) / (4 * ranks_count(s->request->ranks));
    for (Task *task; n < CLAMP(share, 1, most) && (task = search_pop(s)) != NULL;) {
        if (!is_worth(s, task))
            continue;
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        Skeleton skeleton;
        pack_state(task, bytes);
        tasks_skeleton(s->tasks, task, &skeleton);
        pack_skeleton(s->request, &skeleton, bytes);
        pack_block(tasks, bytes->data, bytes->len);
        g_hash_table_insert(s->lent, &task->number, task);
        g_ptr_array_add(s->running, task);
        n++;
    }
    return n;
}

static void tell_news(Search *s)
{
    if (s->news->len > 0)
        dealer_tell(s->dealer, -1, s->news->data, s->news->len);
    g_byte_array_set_size(s->news, 0);
}

static int deal(int rank, int most, GByteArray *tasks, void *data)
{
    Search *s = data;
    (void) rank;
    g_mutex_lock(&s->mutex);
    int n = s->stopped ? 0 : deal_some(s, most, tasks);
    tell_news(s);
    g_cond_broadcast(&s->changed);
    g_mutex_unlock(&s->mutex);
    return n;
}

/* A task comes back. */
static bool take_task(Search *s, Unpack *from)
{
    State back;
    bool again = unpack_number(from) != 0, well = unpack_state(from, &back);
    g_mutex_lock(&s->mutex);
    Task *task = well ? g_hash_table_lookup(s->lent, &back.number) : NULL;
    if (task != NULL) {
        g_hash_table_remove(s->lent, &task->number);
        g_ptr_array_remove(s->running, task);
        set_state(task, &back);
        if (again)
            tasks_push(s->tasks, task);
        else
            task_free(task);
        g_cond_broadcast(&s->changed);
    }
    g_mutex_unlock(&s->mutex);
    return task != NULL;
}

static bool take_counts(Search *s, Unpack *from)
{
    int64_t bounds = unpack_number(from), evaluated = unpack_number(from);
    g_mutex_lock(&s->mutex);
    s->bounds += bounds;
    s->evaluated += evaluated;
    g_mutex_unlock(&s->mutex);
    return !from->bad;
}

static bool take_totals(Search *s, Unpack *from)
{
    SearchResult *result = s->result;
    result->bounds += unpack_number(from);
    result->evaluated += unpack_number(from);
    result->passed_over += unpack_number(from);
    result->refused += unpack_number(from);
    return !from->bad;
}

static bool take(int rank, Unpack *from, void *data)
{
    Search *s = data;
    switch (unpack_number(from)) {
    case BACK_TASK:
        return take_task(s, from);
    case BACK_FOUND:
        dealer_tell(s->dealer, rank, from->at, from->left);
        return take_found(s, from);
    case BACK_COUNTS:
        return take_counts(s, from);
    case BACK_TOTALS:
        return take_totals(s, from);
    default:
        return false;
    }
}

void search_deal(Search *s)
{
    static const DealerOwner owner = {deal, take};
    if (s->request->ranks == NULL)
        return;
    g_autoptr(GByteArray) about = g_byte_array_new();
    pack_number(about, s->request->number);
    pack_all_found(s, about);
    s->news = g_byte_array_new();
    s->lent = g_hash_table_new(g_int64_hash, g_int64_equal);
    s->dealer = dealer_new(s->request->ranks, WORK_SEARCH, about, &owner, s);
}

static bool all_done(const Search *s)
{
    return s->running->len == 0 && tasks_count(s->tasks) == 0;
}

/* Until there is nothing to do any more, or the search is stopped. */
void search_deal_poll(Search *s)
{
    gint64 asked = 0;
    g_mutex_lock(&s->mutex);
    while (!all_done(s) && !s->stopped) {
        gint64 now = g_get_monotonic_time();
        tell_news(s);
        g_mutex_unlock(&s->mutex);
        dealer_poll(s->dealer);
        g_mutex_lock(&s->mutex);
        if (now - asked >= ASK_US) {
            search_ask(s);
            asked = now;
        }
        if (!all_done(s))
            g_cond_wait_until(&s->changed, &s->mutex, now + DEAL_POLL_US);
    }
    g_cond_broadcast(&s->changed);
    g_mutex_unlock(&s->mutex);
}

/* After a stop: what others have is left out, and so is what they have given back. */
void search_deal_end(Search *s)
{
    if (s->dealer == NULL)
        return;
    dealer_close(s->dealer, s->stopped);
    if (s->stopped)
        s->left = fmin(s->left, tasks_least(s->tasks));
    for (guint i = 0; i < s->running->len; i++) {
        Task *task = g_ptr_array_index(s->running, i);
        s->left = fmin(s->left, task->bound);
        task_free(task);
    }
    g_ptr_array_set_size(s->running, 0);
    g_hash_table_destroy(s->lent);
    g_byte_array_unref(s->news);
    s->news = NULL;
    s->dealer = NULL;
}

/* ---- another rank ---- */

Task *search_borrow(Search *s)
{
    g_autoptr(GBytes) bytes = helper_take(s->helper);
    if (bytes == NULL)
        return NULL;
    Unpack from = unpack_bytes(bytes);
    State state;
    Skeleton skeleton;
    if (!unpack_state(&from, &state) || !unpack_skeleton(s->request, &from, &skeleton))
        return NULL;
    g_mutex_lock(&s->mutex);
    Task *task = tasks_make(s->tasks, &skeleton);
    g_mutex_unlock(&s->mutex);
    set_state(task, &state);
    return task;
}

void search_give_back(Search *s, const Task *task, bool again)
{
    g_autoptr(GByteArray) back = g_byte_array_new();
    pack_number(back, BACK_TASK);
    pack_number(back, again || __atomic_load_n(&s->stopped, __ATOMIC_RELAXED));
    pack_state(task, back);
    helper_give(s->helper, back);
}

static void news(Unpack *from, void *data)
{
    take_found(data, from);
}

/* What has been counted since it was told last. */
static void tell_counts(void *data)
{
    Search *s = data;
    gint64 now = g_get_monotonic_time();
    if (now - s->counted < COUNTS_US)
        return;
    g_autoptr(GByteArray) back = g_byte_array_new();
    g_mutex_lock(&s->mutex);
    int64_t bounds = s->bounds - s->told_bounds, evaluated = s->evaluated - s->told_evaluated;
    s->told_bounds = s->bounds;
    s->told_evaluated = s->evaluated;
    g_mutex_unlock(&s->mutex);
    s->counted = now;
    pack_number(back, BACK_COUNTS);
    pack_number(back, bounds);
    pack_number(back, evaluated);
    if (bounds + evaluated > 0)
        helper_say(s->helper, back);
}

void search_help(const SearchRequest *request, Helper *helper, Unpack *about)
{
    SearchResult result;
    Search s;
    int n = MAX(1, request->threads);
    g_autofree gpointer *worker = g_new0(gpointer, n);
    g_autoptr(GByteArray) totals = g_byte_array_new();
    search_start(&s, request, &result);
    s.helper = helper;
    s.enumerated = true;
    take_found(&s, about);
    for (int i = 0; i < n; i++)
        worker[i] = search_worker_new(&s);
    const HelperRun run = {.threads = n,
                           .work = search_work,
                           .worker = worker,
                           .news = news,
                           .tick = tell_counts,
                           .data = &s};
    helper_run(helper, &run);
    for (int i = 0; i < n; i++)
        search_worker_free(worker[i]);
    pack_number(totals, BACK_TOTALS);
    pack_number(totals, result.bounds);
    pack_number(totals, result.evaluated);
    pack_number(totals, result.passed_over);
    pack_number(totals, result.refused);
    helper_end(helper, totals);
    search_end(&s);
}
