/* A program of one test, in its own process and as long as it takes. */
#ifndef DCC_TESTS_UNIT_SUITE_H
#define DCC_TESTS_UNIT_SUITE_H

#include <check.h>

static inline int suite_run(const char *name, const TTest *test)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 0);
    tcase_add_test(all, test);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}

#endif
