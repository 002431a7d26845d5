/* Rank 0's side.  A rank for which there is no task now is remembered, and gets one once there is.
 */
#include "ranks/deal.h"

#include <string.h>

enum { CLOSE_US = 100000 }; /* that is waited for others once the run is stopped */

struct Dealer {
    Ranks *ranks;
    const DealerOwner *owner;
    void *data;
    guint32 work;
    int *wanted; /* tasks, by rank */
    bool *done;  /* the rank has said its last */
};

Dealer *dealer_new(Ranks *ranks, WorkKind kind, const GByteArray *about, const DealerOwner *owner,
                   void *data)
{
    if (ranks == NULL)
        return NULL;
    Dealer *d = g_new0(Dealer, 1);
    guint8 first = (guint8) kind;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    d->ranks = ranks;
    d->owner = owner;
    d->data = data;
    d->work = ranks_work(ranks);
    d->wanted = g_new0(int, ranks_count(ranks));
    d->done = g_new0(bool, ranks_count(ranks));
    pack(bytes, &first, 1);
    if (about != NULL)
        pack(bytes, about->data, about->len);
    for (int rank = 1; rank < ranks_count(ranks); rank++)
        ranks_send(ranks, rank, MESSAGE_BEGIN, d->work, bytes->data, bytes->len);
    return d;
}

void dealer_tell(Dealer *d, int but, const void *bytes, gsize n)
{
    for (int rank = 1; d != NULL && rank < ranks_count(d->ranks); rank++)
        if (rank != but)
            ranks_send(d->ranks, rank, MESSAGE_NEWS, d->work, bytes, n);
}

static void deal(Dealer *d, int rank)
{
    g_autoptr(GByteArray) tasks = g_byte_array_new();
    int n = d->owner->deal(rank, d->wanted[rank], tasks, d->data);
    if (n == 0)
        return;
    d->wanted[rank] = 0;
    ranks_send(d->ranks, rank, MESSAGE_TASKS, d->work, tasks->data, tasks->len);
}

/* False if it cannot be read. */
static bool take(Dealer *d, const Message *message)
{
    Unpack body = unpack_bytes(message->body);
    gint64 n;
    switch (message->kind) {
    case MESSAGE_WANT:
        n = unpack_number(&body);
        d->wanted[message->from] = (int) CLAMP(n, 1, 1 << 20);
        return !body.bad;
    case MESSAGE_FOUND:
        return d->owner->take(message->from, &body, d->data) && !body.bad;
    case MESSAGE_LAST:
        d->done[message->from] = true;
        return true;
    default:
        return false;
    }
}

/* Messages of an earlier work are late. */
static void receive(Dealer *d)
{
    Message message;
    while (ranks_next(d->ranks, &message)) {
        if (message.work == d->work && !take(d, &message))
            ranks_lose(d->ranks, message.from);
        message_clear(&message);
    }
}

void dealer_poll(Dealer *d)
{
    if (d == NULL)
        return;
    receive(d);
    for (int rank = 1; rank < ranks_count(d->ranks); rank++)
        if (d->wanted[rank] > 0 && !*ranks_stop(d->ranks))
            deal(d, rank);
}

static bool all_done(const Dealer *d)
{
    bool all = true;
    for (int rank = 1; rank < ranks_count(d->ranks); rank++)
        all = all && d->done[rank];
    return all;
}

bool dealer_close(Dealer *d, bool stop)
{
    gint64 stopped = 0;
    if (d == NULL)
        return true;
    guint8 byte = stop;
    for (int rank = 1; rank < ranks_count(d->ranks); rank++)
        ranks_send(d->ranks, rank, MESSAGE_CLOSE, d->work, &byte, 1);
    for (bool going = true; going; going = going && !all_done(d)) {
        receive(d);
        if (*ranks_stop(d->ranks) && stopped == 0)
            stopped = g_get_monotonic_time();
        going = ranks_lost(d->ranks) == NULL &&
                (stopped == 0 || g_get_monotonic_time() - stopped < CLOSE_US);
        if (going && !all_done(d))
            g_usleep(DEAL_POLL_US);
    }
    bool all = all_done(d);
    g_free(d->wanted);
    g_free(d->done);
    g_free(d);
    return all;
}
