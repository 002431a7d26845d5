/* The processes of one run, its ranks: rank 0 reads the standard input, writes and deals work out,
 * the others work and print nothing.  All read the same files with the same command line. */
#ifndef DCC_RANKS_RANKS_H
#define DCC_RANKS_RANKS_H

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

#include "ranks/packing.h"
#include "ranks/transport.h"

typedef struct Ranks Ranks;

/* What a message is about; the first four are the ranks' own. */
typedef enum {
    MESSAGE_READY, /* to rank 0: has read all; the digest of what */
    MESSAGE_LEFT,  /* to rank 0: ends, what it would have printed on the standard error */
    MESSAGE_END,   /* from rank 0: the run ends */
    MESSAGE_INPUT, /* from rank 0: the standard input */
    MESSAGE_BEGIN, /* from rank 0: work of a kind begins */
    MESSAGE_TASKS, /* from rank 0 */
    MESSAGE_NEWS,  /* from rank 0: what others have found */
    MESSAGE_CLOSE, /* from rank 0: the work ends; a byte: what is begun is not wanted any more */
    MESSAGE_WANT,  /* to rank 0: a number of tasks */
    MESSAGE_FOUND, /* to rank 0 */
    MESSAGE_LAST,  /* to rank 0: nothing more of this work */
    MESSAGES
} MessageKind;

typedef struct {
    MessageKind kind;
    int from;
    guint32 work; /* number of the work that it belongs to */
    GBytes *body;
} Message;

/* How many processes the environment says that the run has; 0: no launcher has started it. */
int ranks_expected(void);
/* Whether it says that this one is the first. */
bool ranks_is_first(void);

/* Joins the others, by the plugin.  *stop is set where the run is to end: of rank 0 because another
 * one is lost, of the others because it ends.  A rank that is not 0 does not print from now on.
 * NULL with *error set. */
Ranks *ranks_join(volatile sig_atomic_t *stop, GError **error);

/* The same by any transport, for tests. */
Ranks *ranks_new(const Transport *transport, volatile sig_atomic_t *stop, GError **error);

/* Ends the run, or this rank's part in it.  Returns once all have ended; false: some have not. */
bool ranks_leave(Ranks *ranks);

int ranks_own(const Ranks *ranks);
int ranks_count(const Ranks *ranks);

/* The threads of a rank where nothing is said: the processors that the ranks of a machine have for
 * one each. */
int ranks_threads(const Ranks *ranks);

/* Every rank has read the same, or false with *error set on rank 0.  The others wait for no answer.
 */
bool ranks_agree(Ranks *ranks, const char *digest, GError **error);

/* Every rank reads the standard input of rank 0 from now on; false with *error set. */
bool ranks_share_input(Ranks *ranks, GError **error);

/* A number for the next work, by rank 0. */
guint32 ranks_work(Ranks *ranks);

/* Does not wait. */
void ranks_send(Ranks *ranks, int to, MessageKind kind, guint32 work, const void *bytes, gsize n);
/* The next message of work that is there; false: none. */
bool ranks_next(Ranks *ranks, Message *message);
void message_clear(Message *message);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Message, message_clear)

/* On rank 0, why a rank is lost; else NULL.  Elsewhere whether the run has ended. */
const char *ranks_lost(const Ranks *ranks);
bool ranks_ended(const Ranks *ranks);
/* What the rank sends cannot be read: it counts as lost. */
void ranks_lose(Ranks *ranks, int rank);
volatile sig_atomic_t *ranks_stop(const Ranks *ranks);

#endif
