/* Rank 0 of three, with messages that a transport in memory brings: those that are as they should
 * be, and those that are not, which never do harm. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dse/findings.h"
#include "map/search.h"
#include "ranks/deal.h"

enum { MAGIC = 0x64636331, POINTS = 1000 };

/* ---- the transport ---- */

typedef struct {
    int rank; /* from or to */
    GByteArray *bytes;
} Sent;

static GQueue coming = G_QUEUE_INIT, going = G_QUEUE_INIT; /* of Sent */
static bool broken;

static int join(int *rank, int *ranks, int *beside)
{
    *rank = 0;
    *ranks = *beside = 3;
    return 0;
}

static void put(GQueue *queue, int rank, const void *bytes, size_t n)
{
    Sent *sent = g_new(Sent, 1);
    *sent = (Sent){rank, g_byte_array_new()};
    pack(sent->bytes, bytes, n);
    g_queue_push_tail(queue, sent);
}

static int send(int to, const void *bytes, size_t n)
{
    put(&going, to, bytes, n);
    return broken;
}

static int next(int *from, void **bytes, size_t *n)
{
    Sent *sent = g_queue_pop_head(&coming);
    *bytes = NULL;
    if (sent == NULL)
        return broken;
    *from = sent->rank;
    *n = sent->bytes->len;
    *bytes = malloc(*n + 1);
    if (*bytes == NULL)
        abort();
    memcpy(*bytes, sent->bytes->data, *n);
    g_byte_array_unref(sent->bytes);
    g_free(sent);
    return 0;
}

static int leave(void)
{
    return 0;
}

static const Transport transport = {TRANSPORT_VERSION, join, send, next, leave};

static void come(int from, MessageKind kind, guint32 work, const void *body, gsize n)
{
    const guint32 head[] = {MAGIC, kind, work, 0};
    g_autoptr(GByteArray) all = g_byte_array_new();
    pack(all, head, sizeof head);
    if (n > 0)
        pack(all, body, n);
    put(&coming, from, all->data, all->len);
}

/* How many messages of the kind have gone to the rank; forgets all. */
static int gone(int to, MessageKind kind)
{
    int n = 0;
    for (Sent *sent; (sent = g_queue_pop_head(&going)) != NULL; g_free(sent)) {
        guint32 head[4];
        memcpy(head, sent->bytes->data, sizeof head);
        n += sent->rank == to && head[1] == kind;
        g_byte_array_unref(sent->bytes);
    }
    return n;
}

/* ---- a run ---- */

static volatile sig_atomic_t stop;
static Ranks *ranks;

static void setup(void)
{
    stop = 0;
    broken = false;
    ranks = ranks_new(&transport, &stop, NULL);
    ck_assert_int_eq(ranks_count(ranks), 3);
    ck_assert_int_ge(ranks_threads(ranks), 1);
}

static void teardown(void)
{
    come(1, MESSAGE_LEFT, 0, NULL, 0);
    come(2, MESSAGE_LEFT, 0, NULL, 0);
    ranks_leave(ranks);
    gone(0, MESSAGE_END);
    for (Sent *sent; (sent = g_queue_pop_head(&coming)) != NULL; g_free(sent))
        g_byte_array_unref(sent->bytes);
}

START_TEST(all_have_read_the_same)
{
    come(1, MESSAGE_READY, 0, "abc", 3);
    come(2, MESSAGE_READY, 0, "abc", 3);
    ck_assert(ranks_agree(ranks, "abc", NULL));
    ck_assert_ptr_null(ranks_lost(ranks));
}
END_TEST

START_TEST(one_has_read_something_else)
{
    g_autoptr(GError) error = NULL;
    come(1, MESSAGE_READY, 0, "abc", 3);
    come(2, MESSAGE_READY, 0, "abd", 3);
    ck_assert(!ranks_agree(ranks, "abc", &error));
    ck_assert_ptr_nonnull(strstr(error->message, "rank 2"));
    ck_assert_int_eq(stop, 1);
}
END_TEST

START_TEST(one_ends_and_says_why)
{
    g_autoptr(GError) error = NULL;
    come(1, MESSAGE_LEFT, 0, "no file \xff\n", 10);
    ck_assert(!ranks_agree(ranks, "abc", &error));
    ck_assert_str_eq(error->message, "rank 1 has ended: no file \xef\xbf\xbd");
}
END_TEST

/* ---- work that is dealt out ---- */

static int taken, left;

static int deal(int rank, int most, GByteArray *tasks, void *data)
{
    (void) rank;
    (void) data;
    int n = MIN(most, left);
    for (int i = 0; i < n; i++)
        pack_block(tasks, "task", 4);
    left -= n;
    return n;
}

static bool take(int rank, Unpack *found, void *data)
{
    (void) rank;
    (void) data;
    taken += unpack_number(found) == 7;
    return !found->bad;
}

static const DealerOwner owner = {deal, take};

static Dealer *begin(void)
{
    taken = 0;
    left = 3;
    Dealer *dealer = dealer_new(ranks, WORK_SWEEP, NULL, &owner, NULL);
    ck_assert_int_eq(gone(2, MESSAGE_BEGIN), 1);
    return dealer;
}

static void want(int rank, gint64 n)
{
    come(rank, MESSAGE_WANT, 1, &n, sizeof n);
}

START_TEST(who_asks_gets_tasks)
{
    const gint64 found = 7;
    Dealer *dealer = begin();
    want(1, 2);
    dealer_poll(dealer);
    ck_assert_int_eq(gone(1, MESSAGE_TASKS), 1);
    ck_assert_int_eq(left, 1);
    want(2, 4);
    want(1, 1);
    come(1, MESSAGE_FOUND, 1, &found, sizeof found);
    come(1, MESSAGE_FOUND, 99, &found, sizeof found); /* of another work */
    dealer_poll(dealer);
    ck_assert_int_eq(left, 0);
    ck_assert_int_eq(taken, 1);
    gone(1, MESSAGE_TASKS);
    left = 1; /* rank 2 has none yet */
    dealer_poll(dealer);
    ck_assert_int_eq(gone(2, MESSAGE_TASKS), 1);
    come(1, MESSAGE_LAST, 1, NULL, 0);
    come(2, MESSAGE_FOUND, 1, &found, sizeof found);
    come(2, MESSAGE_LAST, 1, NULL, 0);
    ck_assert(dealer_close(dealer, false));
    ck_assert_int_eq(taken, 2);
}
END_TEST

/* What ends the run: each of these, in place of a message. */
static void mistake(int which)
{
    const gint64 number = 7;
    switch (which) {
    case 0:
        put(&coming, 1, "abc", 3);
        break;
    case 1:
        put(&coming, 1, "abcdabcdabcdabcdabcd", 20);
        break;
    case 2:
        come(1, MESSAGES, 1, NULL, 0);
        break;
    case 3:
        come(1, MESSAGE_TASKS, 1, NULL, 0);
        break;
    case 4:
        come(1, MESSAGE_FOUND, 1, &number, 5);
        break;
    case 5:
        come(1, MESSAGE_WANT, 1, NULL, 0);
        break;
    case 6:
        come(1, MESSAGE_LEFT, 1, NULL, 0);
        break;
    default:
        broken = true;
    }
}

START_TEST(what_cannot_be_read_ends_the_run)
{
    Dealer *dealer = begin();
    mistake(_i);
    dealer_poll(dealer);
    ck_assert_ptr_nonnull(ranks_lost(ranks));
    ck_assert_int_eq(stop, 1);
    ck_assert(!dealer_close(dealer, true));
    ck_assert_int_eq(taken, 0);
}
END_TEST

START_TEST(nobody_is_waited_for_after_a_stop)
{
    Dealer *dealer = begin();
    gint64 began = g_get_monotonic_time();
    stop = 1;
    ck_assert(!dealer_close(dealer, true));
    ck_assert_int_lt(g_get_monotonic_time() - began, 5 * G_TIME_SPAN_SECOND);
}
END_TEST

/* ---- what is in messages ---- */

static Findings *findings(void)
{
    Findings *f = findings_new(7);
    for (int64_t i = 0; i < 20; i++) {
        const Point point = {.index = i,
                             .macs = 1,
                             .cycles = 1 + i,
                             .seconds = 1 + (double) i,
                             .pj = 40 - (double) i,
                             .um2 = 1};
        findings_offer(f, &point);
    }
    f->seen = f->valid = 20;
    f->first_illegal = 30;
    return f;
}

START_TEST(findings_come_through)
{
    g_autoptr(Findings) f = findings();
    g_autoptr(Findings) same = findings_new(7);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    findings_pack(f, bytes);
    Unpack from = {bytes->data, bytes->len, false};
    ck_assert(findings_unpack(&from, POINTS, same));
    ck_assert_int_eq(front_size(same->front), front_size(f->front));
    ck_assert_int_eq(same->first_illegal, 30);
    ck_assert_mem_eq(same->best, f->best, sizeof f->best);
    ck_assert_mem_eq(front_sorted(same->front), front_sorted(f->front),
                     (size_t) front_size(f->front) * sizeof(Point));
}
END_TEST

START_TEST(findings_that_are_cut_off_are_none)
{
    g_autoptr(Findings) f = findings();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    findings_pack(f, bytes);
    for (guint n = 0; n < bytes->len; n++) {
        g_autoptr(Findings) other = findings_new(7);
        Unpack from = {bytes->data, n, false};
        ck_assert(!findings_unpack(&from, POINTS, other));
    }
    g_autoptr(Findings) other = findings_new(7);
    Unpack from = {bytes->data, bytes->len, false};
    ck_assert(!findings_unpack(&from, 10, other)); /* of a space with fewer points */
}
END_TEST

START_TEST(results_of_searches_come_through)
{
    const SearchFound found = {
        .nest.n_levels = 2, .value = 5, .pj = 4, .cycles = 3, .given = -1, .number = 17};
    SearchResult result = {.found = g_array_new(FALSE, TRUE, sizeof found),
                           .bound = 2.5,
                           .skeletons = 9},
                 same;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_array_append_val(result.found, found);
    g_array_append_val(result.found, found);
    search_pack(&result, bytes);
    Unpack from = {bytes->data, bytes->len, false};
    ck_assert(search_unpack(&from, &same));
    ck_assert_int_eq(same.found->len, 2);
    ck_assert_int_eq(g_array_index(same.found, SearchFound, 1).number, 17);
    ck_assert_double_eq(same.bound, 2.5);
    search_clear(&same);
    for (guint n = 0, whole = 0; n < bytes->len; n++) {
        from = (Unpack){bytes->data, n, false};
        if (search_unpack(&from, &same)) { /* with fewer mappings */
            ck_assert_int_eq(same.found->len, whole++);
            search_clear(&same);
        }
    }
    search_clear(&result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ranks");
    TCase *run = tcase_create("run"), *bytes = tcase_create("bytes");
    tcase_add_checked_fixture(run, setup, teardown);
    tcase_add_test(run, all_have_read_the_same);
    tcase_add_test(run, one_has_read_something_else);
    tcase_add_test(run, one_ends_and_says_why);
    tcase_add_test(run, who_asks_gets_tasks);
    tcase_add_loop_test(run, what_cannot_be_read_ends_the_run, 0, 8);
    tcase_add_test(run, nobody_is_waited_for_after_a_stop);
    tcase_add_test(bytes, findings_come_through);
    tcase_add_test(bytes, findings_that_are_cut_off_are_none);
    tcase_add_test(bytes, results_of_searches_come_through);
    suite_add_tcase(suite, run);
    suite_add_tcase(suite, bytes);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
