/* Bytes by MPI: a plugin, the only file that knows of it.  Sends do not wait, receives look first:
 * a rank that dies blocks nobody. */
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

#include "ranks/transport.h"

/* A message is sent in parts of so many bytes, since MPI counts them in an int. */
enum { PART = 1 << 28, TAG_LAST = 1, TAG_MORE = 2 };

/* On its way. */
typedef struct Sent {
    struct Sent *next;
    MPI_Request request;
    char bytes[];
} Sent;

/* What has come of a message of a rank. */
typedef struct {
    char *bytes;
    size_t n;
} Begun;

/* The part that is being received, if `is`: so that who sends it may die meanwhile. */
typedef struct {
    int is, from, n, tag;
    MPI_Request request;
} Arriving;

static Sent *sent;
static Arriving arriving;
static Begun *begun; /* by rank */
static int n_ranks;

static int join(int *rank, int *ranks, int *beside)
{
    int level;
    MPI_Comm machine;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return 1;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (MPI_Comm_rank(MPI_COMM_WORLD, rank) != MPI_SUCCESS ||
        MPI_Comm_size(MPI_COMM_WORLD, ranks) != MPI_SUCCESS ||
        MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine) !=
            MPI_SUCCESS ||
        MPI_Comm_size(machine, beside) != MPI_SUCCESS)
        return 1;
    MPI_Comm_free(&machine);
    n_ranks = *ranks;
    begun = calloc((size_t) n_ranks, sizeof *begun);
    return level < MPI_THREAD_FUNNELED || begun == NULL;
}

/* Frees what has arrived. */
static int settle_sent(void)
{
    for (Sent **at = &sent; *at != NULL;) {
        int done = 0;
        Sent *one = *at;
        if (MPI_Test(&one->request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return 1;
        if (!done) {
            at = &one->next;
            continue;
        }
        *at = one->next;
        free(one);
    }
    return 0;
}

static int send_part(int to, const char *bytes, int n, int tag)
{
    Sent *one = malloc(sizeof *one + (size_t) n);
    if (one == NULL)
        return 1;
    memcpy(one->bytes, bytes, (size_t) n);
    if (MPI_Isend(one->bytes, n, MPI_BYTE, to, tag, MPI_COMM_WORLD, &one->request) != MPI_SUCCESS) {
        free(one);
        return 1;
    }
    one->next = sent;
    sent = one;
    return 0;
}

static int send(int to, const void *bytes, size_t n)
{
    const char *at = bytes;
    for (; n > PART; n -= PART, at += PART)
        if (send_part(to, at, PART, TAG_MORE) != 0)
            return 1;
    return send_part(to, at, (int) n, TAG_LAST) != 0 || settle_sent() != 0;
}

/* A part is there: begins to receive it. */
static int begin_part(const MPI_Status *status)
{
    Begun *of = &begun[status->MPI_SOURCE];
    int n;
    if (MPI_Get_count(status, MPI_BYTE, &n) != MPI_SUCCESS || n < 0)
        return 1;
    char *grown = realloc(of->bytes, of->n + (size_t) n + 1);
    if (grown == NULL)
        return 1;
    of->bytes = grown;
    arriving = (Arriving){.from = status->MPI_SOURCE, .n = n, .tag = status->MPI_TAG, .is = 1};
    return MPI_Irecv(of->bytes + of->n, n, MPI_BYTE, arriving.from, arriving.tag, MPI_COMM_WORLD,
                     &arriving.request) != MPI_SUCCESS;
}

/* Receives what is there of a part; *whole: it ended its message. */
static int go_on(int *there, int *whole)
{
    MPI_Status status;
    *there = 1;
    *whole = 0;
    if (!arriving.is) {
        if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, there, &status) != MPI_SUCCESS)
            return 1;
        if (!*there)
            return 0;
        if (begin_part(&status) != 0)
            return 1;
    }
    if (MPI_Test(&arriving.request, there, MPI_STATUS_IGNORE) != MPI_SUCCESS)
        return 1;
    if (!*there)
        return 0;
    arriving.is = 0;
    begun[arriving.from].n += (size_t) arriving.n;
    *whole = arriving.tag == TAG_LAST;
    return 0;
}

static int next(int *from, void **bytes, size_t *n)
{
    int there = 1, whole = 0;
    *bytes = NULL;
    if (settle_sent() != 0)
        return 1;
    while (!whole)
        if (go_on(&there, &whole) != 0)
            return 1;
        else if (!there)
            return 0;
    *from = arriving.from;
    *bytes = begun[*from].bytes;
    *n = begun[*from].n;
    begun[*from] = (Begun){NULL, 0};
    return 0;
}

static int leave(void)
{
    int failed = 0;
    while (sent != NULL && !failed)
        failed = settle_sent();
    for (int rank = 0; rank < n_ranks; rank++)
        free(begun[rank].bytes);
    free(begun);
    return failed || MPI_Finalize() != MPI_SUCCESS;
}

__attribute__((visibility("default"))) const Transport *dcc_transport(void)
{
    static const Transport transport = {TRANSPORT_VERSION, join, send, next, leave};
    return &transport;
}
