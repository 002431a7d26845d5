/* Messages between ranks: a head of fixed size, then bytes.  What is no message, or of another kind
 * than the ranks send, is as if its rank were lost. */
#include "ranks/ranks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    MAGIC = 0x64636331,
    WAIT_US = 1000,
    LEAVE_US = 300000,       /* that rank 0 waits for others to end once the run is stopped */
    LEAVE_LONG_US = 10000000 /* and else: they may still be reading */
};

typedef struct {
    guint32 magic, kind, work, zero;
} Head;

struct Ranks {
    const Transport *transport;
    volatile sig_atomic_t *stop;
    int rank, ranks, beside;
    int errors;    /* a file in place of the standard error; -1: it is as it was */
    bool *ready;   /* by rank, on rank 0 */
    char **digest; /* likewise */
    bool *left;    /* likewise: it has ended */
    bool ended;    /* the run has */
    GBytes *input; /* what came of the standard input */
    char *lost;    /* why */
    guint32 works; /* so far */
};

void message_clear(Message *message)
{
    g_clear_pointer(&message->body, g_bytes_unref);
}

/* ---- one rank ---- */

/* Prints go to a file, of which rank 0 hears if the rank fails. */
static void keep_quiet(Ranks *c)
{
    FILE *none = freopen("/dev/null", "w", stdout);
    (void) none;
    c->errors = memfd_create("stderr", MFD_CLOEXEC);
    fflush(stderr);
    if (c->errors >= 0)
        dup2(c->errors, STDERR_FILENO);
}

Ranks *ranks_new(const Transport *transport, volatile sig_atomic_t *stop, GError **error)
{
    Ranks *c = g_new0(Ranks, 1);
    c->transport = transport;
    c->stop = stop;
    c->errors = -1;
    if (transport->join(&c->rank, &c->ranks, &c->beside) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "MPI cannot be started");
        g_free(c);
        return NULL;
    }
    c->ready = g_new0(bool, c->ranks);
    c->left = g_new0(bool, c->ranks);
    c->digest = g_new0(char *, c->ranks);
    if (c->rank > 0)
        keep_quiet(c);
    return c;
}

static void ranks_free(Ranks *c)
{
    for (int rank = 0; rank < c->ranks; rank++)
        g_free(c->digest[rank]);
    g_free(c->digest);
    g_free(c->ready);
    g_free(c->left);
    g_free(c->lost);
    g_clear_pointer(&c->input, g_bytes_unref);
    if (c->errors >= 0)
        close(c->errors);
    g_free(c);
}

int ranks_own(const Ranks *c)
{
    return c->rank;
}

int ranks_count(const Ranks *c)
{
    return c->ranks;
}

int ranks_threads(const Ranks *c)
{
    long all = sysconf(_SC_NPROCESSORS_ONLN);
    int own = (int) g_get_num_processors(); /* a launcher may have bound it to some */
    return MAX(1, MIN(own, (int) all / MAX(1, c->beside)));
}

const char *ranks_lost(const Ranks *c)
{
    return c->lost;
}

bool ranks_ended(const Ranks *c)
{
    return c->ended;
}

volatile sig_atomic_t *ranks_stop(const Ranks *c)
{
    return c->stop;
}

guint32 ranks_work(Ranks *c)
{
    return ++c->works;
}

/* ---- messages ---- */

/* The first reason is the one that is told. */
static void lose(Ranks *c, char *why)
{
    if (c->lost == NULL)
        c->lost = why;
    else
        g_free(why);
    *c->stop = 1;
    c->ended = c->ended || c->rank > 0;
}

void ranks_lose(Ranks *c, int rank)
{
    lose(c, g_strdup_printf("what rank %d sends cannot be read", rank));
}

void ranks_send(Ranks *c, int to, MessageKind kind, guint32 work, const void *bytes, gsize n)
{
    const Head head = {MAGIC, kind, work, 0};
    g_autoptr(GByteArray) all = g_byte_array_sized_new((guint) (sizeof head + n));
    pack(all, &head, sizeof head);
    if (n > 0)
        pack(all, bytes, n);
    if (c->lost == NULL && c->transport->send(to, all->data, all->len) != 0)
        lose(c, g_strdup_printf("rank %d cannot be reached", to));
}

/* The next message of any kind. */
static bool next(Ranks *c, Message *message)
{
    void *bytes;
    size_t n;
    Head head;
    *message = (Message){.body = NULL};
    if (c->lost != NULL)
        return false;
    if (c->transport->next(&message->from, &bytes, &n) != 0) {
        lose(c, g_strdup("a rank cannot be reached any more"));
        return false;
    }
    if (bytes == NULL)
        return false;
    g_autoptr(GBytes) all = g_bytes_new_with_free_func(bytes, n, free, bytes);
    if (n >= sizeof head)
        memcpy(&head, bytes, sizeof head);
    if (n < sizeof head || head.magic != MAGIC || head.kind >= MESSAGES) {
        ranks_lose(c, message->from);
        return false;
    }
    message->kind = (MessageKind) head.kind;
    message->work = head.work;
    message->body = g_bytes_new_from_bytes(all, sizeof head, n - sizeof head);
    return true;
}

/* A text of another rank, which need not end in a NUL; to be freed. */
static char *text_of(const Message *message)
{
    gsize n;
    const char *text = g_bytes_get_data(message->body, &n);
    g_autofree char *copy = g_strndup(text, n);
    return g_utf8_make_valid(g_strstrip(copy), -1);
}

/* A rank that ends is lost, unless the run has ended. */
static void take_left(Ranks *c, const Message *message)
{
    c->left[message->from] = true;
    if (c->ended)
        return;
    g_autofree char *text = text_of(message);
    lose(c, g_strdup_printf("rank %d has ended%s%s", message->from, *text ? ": " : "", text));
}

/* Whether the message was the ranks' own. */
static bool take(Ranks *c, const Message *message)
{
    switch (message->kind) {
    case MESSAGE_READY:
        g_free(c->digest[message->from]);
        c->digest[message->from] = text_of(message);
        c->ready[message->from] = true;
        return true;
    case MESSAGE_LEFT:
        take_left(c, message);
        return true;
    case MESSAGE_END:
        c->ended = true;
        *c->stop = 1;
        return true;
    case MESSAGE_INPUT:
        g_clear_pointer(&c->input, g_bytes_unref);
        c->input = g_bytes_ref(message->body);
        return true;
    default:
        return false;
    }
}

bool ranks_next(Ranks *c, Message *message)
{
    while (next(c, message)) {
        bool to_first = message->kind >= MESSAGE_WANT;
        if (!take(c, message)) {
            if ((c->rank == 0) == to_first && (c->rank == 0 || message->from == 0))
                return true;
            lose(c, g_strdup_printf("what rank %d sends has no place here", message->from));
        }
        message_clear(message);
    }
    return false;
}

/* Takes what is there of the ranks' own messages, and waits a little. */
static void wait_a_little(Ranks *c)
{
    Message message;
    while (ranks_next(c, &message))
        message_clear(&message);
    g_usleep(WAIT_US);
}

/* ---- all have read the same ---- */

static bool all_are(const Ranks *c, const bool *which)
{
    bool all = true;
    for (int rank = 1; rank < c->ranks; rank++)
        all = all && which[rank];
    return all;
}

bool ranks_agree(Ranks *c, const char *digest, GError **error)
{
    if (c->rank > 0) {
        ranks_send(c, 0, MESSAGE_READY, 0, digest, strlen(digest));
        return true;
    }
    while (!all_are(c, c->ready) && !*c->stop)
        wait_a_little(c);
    for (int rank = 1; rank < c->ranks && c->lost == NULL && !*c->stop; rank++)
        if (strcmp(c->digest[rank], digest) != 0)
            lose(c,
                 g_strdup_printf(
                     "rank %d has another command line, or reads other files, than rank 0", rank));
    if (c->lost != NULL)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s", c->lost);
    return c->lost == NULL;
}

/* ---- the standard input ---- */

static GByteArray *read_input(void)
{
    GByteArray *all = g_byte_array_new();
    guint8 buffer[1 << 16];
    ssize_t n;
    while ((n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            pack(all, buffer, (gsize) n);
    return all;
}

/* A file with those bytes is the standard input. */
static bool put_input(const void *bytes, gsize n, GError **error)
{
    int file = memfd_create("stdin", MFD_CLOEXEC);
    bool well = file >= 0 && (n == 0 || write(file, bytes, n) == (ssize_t) n) &&
                lseek(file, 0, SEEK_SET) == 0 && dup2(file, STDIN_FILENO) == STDIN_FILENO;
    if (!well)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                    "the standard input cannot be shared: %s", g_strerror(errno));
    if (file >= 0)
        close(file);
    return well;
}

bool ranks_share_input(Ranks *c, GError **error)
{
    if (c->rank == 0) {
        g_autoptr(GByteArray) all = read_input();
        for (int rank = 1; rank < c->ranks; rank++)
            ranks_send(c, rank, MESSAGE_INPUT, 0, all->data, all->len);
        return put_input(all->data, all->len, error);
    }
    while (c->input == NULL && !c->ended)
        wait_a_little(c);
    gsize n = 0;
    const void *bytes = c->input != NULL ? g_bytes_get_data(c->input, &n) : NULL;
    return put_input(bytes, n, error);
}

/* ---- the end ---- */

/* What it would have printed, as far as it is of use. */
static void send_left(Ranks *c)
{
    char text[4096];
    fflush(stderr);
    ssize_t n = c->errors >= 0 ? pread(c->errors, text, sizeof text, 0) : 0;
    ranks_send(c, 0, MESSAGE_LEFT, 0, text, (gsize) MAX(n, 0));
}

bool ranks_leave(Ranks *c)
{
    bool all = true;
    if (c->rank > 0) {
        send_left(c);
        while (!c->ended)
            wait_a_little(c);
    } else {
        gint64 most = *c->stop ? LEAVE_US : LEAVE_LONG_US, began = g_get_monotonic_time();
        c->ended = true;
        for (int rank = 1; rank < c->ranks; rank++)
            ranks_send(c, rank, MESSAGE_END, 0, NULL, 0);
        while (c->lost == NULL && !all_are(c, c->left) && g_get_monotonic_time() - began < most)
            wait_a_little(c);
        all = all_are(c, c->left);
    }
    all = all && c->lost == NULL && c->transport->leave() == 0;
    ranks_free(c);
    return all;
}
