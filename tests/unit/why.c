/* Where cycles are said to be: parts that are not below 0 and add up to the layer's cycles, on
 * random cases of every form.  WHY=N cases, WHY_SEED=S. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "casegen.h"
#include "why/parts.h"

enum { CASES = 4000 };

static int64_t sum_of(const Why *why, WhyCause cause)
{
    int64_t sum = 0;
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        sum += part->cause == cause || cause == WHY_CAUSES ? part->cycles : 0;
    }
    return sum;
}

static void check_parts(const ReportEntry *entry, Workspace *ws, uint64_t seed)
{
    g_autoptr(Why) why = why_new(entry, NULL, ws);
    const int64_t *cause = entry->result.cycles_by_cause;
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        ck_assert_msg(part->cycles > 0 || part->cause == WHY_IDEAL, "seed %d: %s is %d", (int) seed,
                      why_cause_names[part->cause], (int) part->cycles);
    }
    ck_assert_msg(sum_of(why, WHY_CAUSES) == entry->result.cycles, "seed %d: %d of %d cycles",
                  (int) seed, (int) sum_of(why, WHY_CAUSES), (int) entry->result.cycles);
    ck_assert_msg(sum_of(why, WHY_IDEAL) == entry->result.ideal_cycles, "seed %d: the ideal",
                  (int) seed);
    ck_assert_msg(sum_of(why, WHY_OFFCHIP) == cause[CAUSE_OFFCHIP], "seed %d: off-chip %d of %d",
                  (int) seed, (int) sum_of(why, WHY_OFFCHIP), (int) cause[CAUSE_OFFCHIP]);
    ck_assert_msg(sum_of(why, WHY_SETUP) == cause[CAUSE_SETUP], "seed %d: setup", (int) seed);
}

START_TEST(parts_add_up)
{
    const char *cases = g_getenv("WHY"), *text = g_getenv("WHY_SEED");
    uint64_t seed =
        text ? g_ascii_strtoull(text, NULL, 10) : (uint64_t) g_get_real_time() % 1000000;
    int n = cases ? atoi(cases) : CASES, evaluated = 0;
    Workspace *ws = workspace_new();
    for (int i = 0; i < n; i++, seed++) {
        Case c;
        ReportEntry entry;
        casegen_make(seed, i % 2 ? CASE_CLASSIC : CASE_HIERARCHY, &c);
        entry_start(&entry, "", &c.layer, &c.nest, &c.machine);
        entry_run(&entry, ws);
        if (entry.status != ENTRY_EVALUATED)
            continue;
        evaluated++;
        check_parts(&entry, ws, seed);
    }
    printf("# %d cases up to seed %d\n", evaluated, (int) seed);
    ck_assert_int_gt(evaluated, n / 2);
    workspace_free(ws);
}
END_TEST

START_TEST(shares_are_exact)
{
    const double weight[4] = {1, 0, 2, 4};
    int64_t part[4];
    for (int64_t whole = 0; whole < 50; whole++) {
        why_share(whole, weight, 4, part);
        ck_assert_int_eq(part[0] + part[1] + part[2] + part[3], whole);
        ck_assert_int_eq(part[1], 0);
        ck_assert_int_le(part[0], part[3]);
    }
    const double none[2] = {0, 0};
    why_share(7, none, 2, part);
    ck_assert_int_eq(part[0] + part[1], 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("why");
    TCase *tc = tcase_create("parts");
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, parts_add_up);
    tcase_add_test(tc, shares_are_exact);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
