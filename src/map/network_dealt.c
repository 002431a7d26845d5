/* A network on several ranks.  While there are more searches than ranks, each rank has one of its
 * own, which scales best; all go through the last ones together.  With a limit, which each search
 * has a part of, all do from the begin on. */
#include "ir/thread.h"
#include "map/mapfile.h"
#include "map/network_parts.h"

/* ---- rank 0 ---- */

typedef struct {
    Network *network;
    GArray *numbers; /* of guint: the problems that are dealt out */
    GMutex lock;     /* of what follows, and of what problems keep */
    GCond changed;
    guint next;
    bool running; /* this rank has one too */
    int lent;     /* others have */
    bool news;    /* to be kept in a file */
} Ahead;

static bool may_go_ahead(const Problem *problem)
{
    return problem->open && !problem->done && !problem->resumed;
}

/* The next problem's number; -1: there is none.  With the lock. */
static int64_t next(Ahead *ahead)
{
    if (ahead->next == ahead->numbers->len || *ahead->network->options->stop)
        return -1;
    return g_array_index(ahead->numbers, guint, ahead->next++);
}

/* As if an earlier run had come to it, which the result is taken over by.  With the lock. */
static void keep(Ahead *ahead, Problem *problem, const SearchResult *result, double seconds)
{
    problem->search = *result;
    problem->resumed = true;
    problem->before = seconds;
    ahead->news = true;
}

static int deal(int rank, int most, GByteArray *tasks, void *data)
{
    Ahead *ahead = data;
    (void) rank;
    (void) most;
    g_mutex_lock(&ahead->lock);
    int64_t number = next(ahead);
    ahead->lent += number >= 0;
    g_mutex_unlock(&ahead->lock);
    if (number >= 0)
        pack_block(tasks, &number, sizeof number);
    return number >= 0;
}

static bool take(int rank, Unpack *from, void *data)
{
    Ahead *ahead = data;
    SearchResult result;
    double seconds;
    int64_t number = unpack_number(from);
    (void) rank;
    unpack_raw(from, &seconds, sizeof seconds);
    if (number < 0 || number >= ahead->network->problems->len || !search_unpack(from, &result))
        return false;
    Problem *problem = problem_at(ahead->network, (guint) number);
    bool well = may_go_ahead(problem);
    for (guint i = 0; i < result.found->len; i++)
        well &= g_array_index(result.found, SearchFound, i).given < (int) problem->tried->len;
    if (!well) {
        search_clear(&result);
        return false;
    }
    g_mutex_lock(&ahead->lock);
    keep(ahead, problem, &result, seconds);
    ahead->lent--;
    g_mutex_unlock(&ahead->lock);
    return true;
}

/* True with what was found if the search came to its end. */
static bool search(Network *n, int64_t number, SearchResult *result, double *seconds)
{
    gint64 began = g_get_monotonic_time();
    bool whole = network_search_apart(n, problem_at(n, (guint) number), result);
    *seconds = (double) (g_get_monotonic_time() - began) * 1e-6;
    if (!whole)
        search_clear(result);
    return whole;
}

/* This rank's own. */
static gpointer work(gpointer data)
{
    Ahead *ahead = data;
    SearchResult result;
    double seconds;
    g_mutex_lock(&ahead->lock);
    for (int64_t number = next(ahead); number >= 0; number = next(ahead)) {
        g_mutex_unlock(&ahead->lock);
        bool whole = search(ahead->network, number, &result, &seconds);
        g_mutex_lock(&ahead->lock);
        if (whole)
            keep(ahead, problem_at(ahead->network, (guint) number), &result, seconds);
    }
    ahead->running = false;
    g_cond_signal(&ahead->changed);
    g_mutex_unlock(&ahead->lock);
    return NULL;
}

/* With the lock. */
static void write_news(Ahead *ahead)
{
    Network *n = ahead->network;
    if (ahead->news && n->checkpoint != NULL && n->unkept == NULL)
        mapfile_write(n, n->digest, n->checkpoint, &n->unkept);
    ahead->news = false;
}

/* Those that are dealt out: all but as many as there are ranks. */
static GArray *choose(const Network *n)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < n->problems->len; i++)
        if (may_go_ahead(problem_at(n, i)))
            g_array_append_val(numbers, i);
    guint together = (guint) ranks_count(n->options->ranks);
    g_array_set_size(numbers, numbers->len > together ? numbers->len - together : 0);
    return numbers;
}

static void go_ahead(Ahead *ahead)
{
    static const DealerOwner owner = {deal, take};
    Network *n = ahead->network;
    Dealer *dealer = dealer_new(n->options->ranks, WORK_PROBLEM, NULL, &owner, ahead);
    GThread *thread = thread_begin("ahead", work, ahead);
    g_mutex_lock(&ahead->lock);
    ahead->running &= thread != NULL; /* else all go through each search together */
    while (ahead->running || (ahead->lent > 0 && !*n->options->stop)) {
        g_cond_wait_until(&ahead->changed, &ahead->lock, g_get_monotonic_time() + DEAL_POLL_US);
        g_mutex_unlock(&ahead->lock);
        dealer_poll(dealer);
        g_mutex_lock(&ahead->lock);
        write_news(ahead);
    }
    g_mutex_unlock(&ahead->lock);
    thread_await(thread);
    dealer_close(dealer, *n->options->stop);
    write_news(ahead);
}

void network_ahead(Network *n)
{
    const NetworkOptions *options = n->options;
    if (n->ahead || options->ranks == NULL || options->seconds > 0 || options->moves > 0)
        return;
    n->ahead = true;
    g_autoptr(GArray) numbers = choose(n);
    Ahead ahead = {.network = n, .numbers = numbers, .running = true};
    if (numbers->len == 0)
        return;
    g_mutex_init(&ahead.lock);
    g_cond_init(&ahead.changed);
    go_ahead(&ahead);
    g_mutex_clear(&ahead.lock);
    g_cond_clear(&ahead.changed);
}

/* ---- another rank ---- */

typedef struct {
    Network *network;
    Helper *helper;
} Help;

static gpointer help_ahead(gpointer data)
{
    const Help *help = data;
    Network *n = help->network;
    GBytes *task;
    while ((task = helper_take(help->helper)) != NULL) {
        Unpack from = unpack_bytes(task);
        int64_t number = unpack_number(&from);
        g_autoptr(GByteArray) back = g_byte_array_new();
        SearchResult result;
        double seconds;
        bool there = !from.bad && number >= 0 && number < n->problems->len;
        if (there && search(n, number, &result, &seconds)) {
            pack_number(back, number);
            pack(back, &seconds, sizeof seconds);
            search_pack(&result, back);
            search_clear(&result);
            helper_give(help->helper, back);
        }
        g_bytes_unref(task);
    }
    return NULL;
}

/* Its threads are in one search. */
static void help_with_problems(Network *n, Helper *helper)
{
    Help help = {n, helper};
    gpointer worker[] = {&help};
    const HelperRun run = {.threads = 1, .coarse = true, .work = help_ahead, .worker = worker};
    helper_run(helper, &run);
    helper_end(helper, NULL);
}

static void help_with_search(const Network *n, Helper *helper, Unpack *about)
{
    int64_t number = unpack_number(about);
    if (!about->bad && number >= 0 && number < n->problems->len)
        network_search_help(n, problem_at(n, (guint) number), helper, about);
}

void network_help(Network *n)
{
    WorkKind kind;
    Unpack about;
    Helper *helper;
    while ((helper = helper_next(n->options->ranks, &kind, &about)) != NULL) {
        if (kind == WORK_PROBLEM)
            help_with_problems(n, helper);
        else if (kind == WORK_SEARCH)
            help_with_search(n, helper, &about);
        helper_free(helper);
    }
}
