/* The side of the ranks that are not 0.  So many tasks are asked for that threads seldom wait: more
 * where they last for less than a message. */
#include "ranks/deal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/thread.h"

enum { TASKS_MOST = 4096, IDLE_US = 2000 };

struct Helper {
    Ranks *ranks;
    guint32 work;
    GBytes *about;
    GMutex lock; /* of what follows */
    GCond tasks_come, changed;
    GQueue tasks; /* of GBytes */
    GQueue found; /* of GBytes */
    bool closed;
    bool dry;    /* a thread has waited for a task */
    int waiting; /* threads that do */
    int running; /* threads */
    /* Of the thread that looks. */
    int target; /* tasks that are to wait here */
    bool asked;
};

Helper *helper_next(Ranks *ranks, WorkKind *kind, Unpack *about)
{
    while (!ranks_ended(ranks)) {
        g_auto(Message) message = {.body = NULL};
        guint8 first;
        if (!ranks_next(ranks, &message)) {
            g_usleep(IDLE_US);
            continue;
        }
        *about = unpack_bytes(message.body);
        if (message.kind != MESSAGE_BEGIN || !unpack_raw(about, &first, 1))
            continue; /* of a work that has ended here */
        Helper *h = g_new0(Helper, 1);
        h->ranks = ranks;
        h->work = message.work;
        h->about = g_steal_pointer(&message.body);
        g_mutex_init(&h->lock);
        g_cond_init(&h->tasks_come);
        g_cond_init(&h->changed);
        *ranks_stop(ranks) = 0;
        *kind = (WorkKind) first;
        return h;
    }
    return NULL;
}

void helper_free(Helper *h)
{
    g_queue_clear_full(&h->tasks, (GDestroyNotify) g_bytes_unref);
    g_queue_clear_full(&h->found, (GDestroyNotify) g_bytes_unref);
    g_bytes_unref(h->about);
    g_mutex_clear(&h->lock);
    g_cond_clear(&h->tasks_come);
    g_cond_clear(&h->changed);
    g_free(h);
}

/* ---- threads that work ---- */

GBytes *helper_take(Helper *h)
{
    g_mutex_lock(&h->lock);
    while (h->tasks.length == 0 && !h->closed) {
        h->dry = true;
        h->waiting++;
        g_cond_signal(&h->changed);
        g_cond_wait(&h->tasks_come, &h->lock);
        h->waiting--;
    }
    GBytes *task = g_queue_pop_head(&h->tasks);
    g_mutex_unlock(&h->lock);
    return task;
}

void helper_give(Helper *h, const GByteArray *found)
{
    g_mutex_lock(&h->lock);
    g_queue_push_tail(&h->found, g_bytes_new(found->data, found->len));
    g_cond_signal(&h->changed);
    g_mutex_unlock(&h->lock);
}

typedef struct {
    Helper *helper;
    const HelperRun *run;
    gpointer worker;
} Start;

static gpointer work(gpointer data)
{
    const Start *start = data;
    Helper *h = start->helper;
    start->run->work(start->worker);
    g_mutex_lock(&h->lock);
    h->running--;
    g_cond_signal(&h->changed);
    g_mutex_unlock(&h->lock);
    return NULL;
}

/* ---- the thread that looks; with the lock ---- */

static void take_tasks(Helper *h, const Message *message)
{
    Unpack body = unpack_bytes(message->body);
    h->asked = false;
    while (body.left > 0 && !body.bad) {
        gsize n;
        const guint8 *task = unpack_block(&body, &n);
        if (!body.bad)
            g_queue_push_tail(&h->tasks, g_bytes_new(task, n));
    }
    g_cond_broadcast(&h->tasks_come);
}

static void close_work(Helper *h, bool stop)
{
    h->closed = true;
    if (stop) {
        g_queue_clear_full(&h->tasks, (GDestroyNotify) g_bytes_unref);
        *ranks_stop(h->ranks) = 1;
    }
    g_cond_broadcast(&h->tasks_come);
}

static void receive(Helper *h, const HelperRun *run)
{
    Message message;
    while (ranks_next(h->ranks, &message)) {
        Unpack body = unpack_bytes(message.body);
        guint8 stop = 0;
        if (message.work != h->work)
            stop = 0;
        else if (message.kind == MESSAGE_TASKS)
            take_tasks(h, &message);
        else if (message.kind == MESSAGE_NEWS && run->news != NULL)
            run->news(&body, run->data);
        else if (message.kind == MESSAGE_CLOSE)
            close_work(h, unpack_raw(&body, &stop, 1) && stop);
        message_clear(&message);
    }
    if (ranks_ended(h->ranks) && !h->closed)
        close_work(h, true);
}

/* Tasks that are to be asked for. */
static int lacking(Helper *h, const HelperRun *run)
{
    int there = (int) h->tasks.length;
    if (run->coarse)
        return h->waiting - there;
    if (there > h->target / 2)
        return 0;
    if (h->dry)
        h->target = MIN(2 * h->target, TASKS_MOST * run->threads);
    h->dry = false;
    return h->target - there;
}

static void ask(Helper *h, const HelperRun *run)
{
    gint64 n = h->asked || h->closed ? 0 : lacking(h, run);
    if (n <= 0)
        return;
    h->asked = true;
    ranks_send(h->ranks, 0, MESSAGE_WANT, h->work, &n, sizeof n);
}

static void send_found(Helper *h)
{
    GBytes *found;
    while ((found = g_queue_pop_head(&h->found)) != NULL) {
        gsize n;
        const void *bytes = g_bytes_get_data(found, &n);
        ranks_send(h->ranks, 0, MESSAGE_FOUND, h->work, bytes, n);
        g_bytes_unref(found);
    }
}

static void look(Helper *h, const HelperRun *run)
{
    g_mutex_lock(&h->lock);
    while (h->running > 0) {
        receive(h, run);
        ask(h, run);
        send_found(h);
        if (run->tick != NULL)
            run->tick(run->data);
        g_cond_wait_until(&h->changed, &h->lock, g_get_monotonic_time() + DEAL_POLL_US);
    }
    send_found(h);
    g_mutex_unlock(&h->lock);
}

/* A thread may be done before the work is closed: it has seen a stop. */
static void await_close(Helper *h, const HelperRun *run)
{
    g_mutex_lock(&h->lock);
    while (!h->closed) {
        receive(h, run);
        g_mutex_unlock(&h->lock);
        g_usleep(DEAL_POLL_US);
        g_mutex_lock(&h->lock);
    }
    g_mutex_unlock(&h->lock);
}

/* The calling thread looks, and cannot work: without any other the rank is of no use. */
static void begin(Helper *h, const HelperRun *run, Start *start, GThread **thread)
{
    int begun = 0;
    for (; begun < run->threads; begun++) {
        start[begun] = (Start){h, run, run->worker[begun]};
        thread[begun] = thread_begin("helper", work, &start[begun]);
        if (thread[begun] == NULL)
            break;
    }
    if (begun == 0) {
        fputs("no thread can be made\n", stderr);
        exit(EXIT_FAILURE); /* rank 0 is told */
    }
    g_mutex_lock(&h->lock);
    h->running -= run->threads - begun;
    g_mutex_unlock(&h->lock);
}

void helper_run(Helper *h, const HelperRun *run)
{
    g_autofree GThread **thread = g_new0(GThread *, run->threads);
    g_autofree Start *start = g_new0(Start, run->threads);
    h->running = run->threads;
    h->target = 2 * run->threads;
    begin(h, run, start, thread);
    look(h, run);
    threads_await(thread, run->threads);
    await_close(h, run);
}

void helper_say(Helper *h, const GByteArray *found)
{
    ranks_send(h->ranks, 0, MESSAGE_FOUND, h->work, found->data, found->len);
}

void helper_end(Helper *h, const GByteArray *last)
{
    if (last != NULL)
        helper_say(h, last);
    ranks_send(h->ranks, 0, MESSAGE_LAST, h->work, NULL, 0);
}
