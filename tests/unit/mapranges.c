/* Sizes of a dim that are bounded together against sizes that are bounded one by one: the same
 * answer, in spaces that are too large to be enumerated.  See maptrial.h for MAPSEARCH and
 * MAPSEARCH_SEED. */
#include "maptrial.h"

#include "suite.h"

enum { CASES = 40, BOUNDS_MOST = 20000 };

static bool takes_long(const SearchProgress *progress, void *data)
{
    (void) data;
    return progress->bounds > BOUNDS_MOST;
}

/* Large enough for lists of many sizes; most of it the array's doing, so that little decides. */
static void make(GRand *random, Trial *t)
{
    const bool hierarchy = mapcase_chance(random, 20);
    mapcase_layer(random, hierarchy ? 60 : 400, &t->layer);
    trial_narrow(random, (int) mapcase_between(random, 2, 3), &t->layer);
    mapcase_machine(random, &t->layer, hierarchy, &t->machine);
    mapcase_technology(random, &t->technology);
    t->placed = t->machine;
    if (hierarchy)
        return;
    t->machine.lanes = 1;
    t->machine.pes = mapcase_between(random, 1, 256);
    t->machine.l1_bytes = mapcase_between(random, 16, 1024);
    t->machine.l2_bytes = mapcase_chance(random, 70) ? mapcase_between(random, 1000, 40000) : 0;
    t->machine.buffer_bytes[1] = 0;
    mapcase_offchip(random, 50, 16e9, &t->machine);
    for (int l = 0; l < LEVELS_MAX; l++) {
        t->machine.noc[l].prefetch = PREFETCH_LAYER;
        t->machine.noc[l].multicast = t->machine.noc[l].reduction = true;
        t->machine.noc[l].per_tensor = false;
        t->machine.noc[l].bandwidth[0] = (Rational){mapcase_between(random, 0, 1) * 64, 1};
    }
}

static void refute(Trial *t, const SearchResult *ranges, const SearchResult *ones)
{
    const SearchResult *result[] = {ranges, ones};
    trial_say(t);
    for (int i = 0; i < 2; i++)
        if (result[i]->found->len > 0) {
            const SearchFound *found = &g_array_index(result[i]->found, SearchFound, 0);
            fprintf(stderr, "%s: %.12g\n", i == 0 ? "in ranges" : "one by one", found->value);
            trial_say_nest(t, i == 0 ? "ranges" : "ones", &found->nest);
        }
    ck_abort_msg("another answer; MAPSEARCH_SEED=%u MAPSEARCH=1", t->seed);
}

/* Where not all that is as good was looked at, another one of these may be found. */
static bool same(const SearchResult *a, const SearchResult *b)
{
    if (a->found->len == 0 || b->found->len == 0)
        return a->found->len == b->found->len;
    const SearchFound *x = &g_array_index(a->found, SearchFound, 0),
                      *y = &g_array_index(b->found, SearchFound, 0);
    return trial_near(x->value, y->value) && (a->ties || b->ties || nest_equal(&x->nest, &y->nest));
}

START_TEST(same_answer)
{
    guint32 seed;
    int n = trial_cases(CASES, &seed), compared = 0;
    int64_t in_ranges = 0, one_by_one = 0;
    Trial *t = g_new0(Trial, 1);
    t->ws = workspace_new();
    g_autofree Template *open = g_new0(Template, 1);
    for (int i = 0; i < n; i++) {
        t->seed = seed + (guint32) i;
        g_autoptr(GRand) random = g_rand_new_with_seed(t->seed);
        make(random, t);
        open_template(&t->layer, &t->machine, 2, 1, open);
        const Template *spaces = open;
        SearchRequest request = {.layer = &t->layer,
                                 .machine = &t->machine,
                                 .technology = &t->technology,
                                 .open = &spaces,
                                 .n_open = 1,
                                 .objective = TRIAL_GOALS[mapcase_between(random, 0, GOALS - 1)],
                                 .sizes = mapcase_chance(random, 70) ? SIZES_CANONICAL : SIZES_ALL,
                                 .threads = 1,
                                 .stop = takes_long};
        SearchResult ranges, ones;
        search_run(&request, &ranges);
        request.one_by_one = true;
        search_run(&request, &ones);
        if (ranges.complete && ones.complete) {
            compared++;
            in_ranges += ranges.bounds;
            one_by_one += ones.bounds;
            if (!same(&ranges, &ones))
                refute(t, &ranges, &ones);
        }
        search_clear(&ranges);
        search_clear(&ones);
    }
    printf("# seed %u: %d spaces, %d compared; %d bounds in ranges, %d one by one\n", seed, n,
           compared, (int) in_ranges, (int) one_by_one);
    ck_assert_int_gt(compared, n / 8);
    workspace_free(t->ws);
    g_free(t);
}
END_TEST

int main(void)
{
    return suite_run("map ranges", same_answer);
}
