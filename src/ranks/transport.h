/* How bytes go between the processes of a run: what a plugin brings, so that nothing else knows of
 * MPI, and a run of one process does not load it. */
#ifndef DCC_RANKS_TRANSPORT_H
#define DCC_RANKS_TRANSPORT_H

#include <stddef.h>

enum { TRANSPORT_VERSION = 1 };

/* Called by one thread.  Each returns 0, or else the processes cannot reach each other any more. */
typedef struct {
    int version;
    /* This process, of how many, how many of them are on this machine. */
    int (*join)(int *rank, int *ranks, int *beside);
    /* Does not wait.  The bytes are copied. */
    int (*send)(int to, const void *bytes, size_t n);
    /* The next message that is there, to be freed with free(); *bytes NULL: there is none. */
    int (*next)(int *from, void **bytes, size_t *n);
    /* Waits for all processes to do the same. */
    int (*leave)(void);
} Transport;

/* The one name of a plugin: a function of this type. */
#define TRANSPORT_SYMBOL "dcc_transport"
typedef const Transport *TransportGet(void);
TransportGet dcc_transport;

#endif
