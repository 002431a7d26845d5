/* The messages of libdcc one by one: what is said comes with the place that the text shows. */
#include "lib/dcc.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static dcc_context *context;

static void open_context(void)
{
    context = dcc_open();
}

static void close_context(void)
{
    dcc_close(context);
}

START_TEST(messages_have_places)
{
    dcc_message message;
    ck_assert_int_eq(dcc_message_count(context), 0);
    ck_assert_int_eq(dcc_get_message(context, 0, &message), DCC_BAD_ARGUMENT);
    ck_assert_ptr_null(dcc_parse(context,
                                 "Dataflow \"d\" { SpatialMap(2,1) K; }\n"
                                 "Network { Layer L { Typ: CONV } }\n",
                                 NULL));
    ck_assert_int_ge(dcc_message_count(context), 1);
    ck_assert_int_eq(dcc_get_message(context, -1, &message), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_get_message(context, dcc_message_count(context), &message),
                     DCC_BAD_ARGUMENT);
    int errors = 0;
    for (int i = 0; i < dcc_message_count(context); i++) {
        ck_assert_int_eq(dcc_get_message(context, i, &message), DCC_OK);
        ck_assert_ptr_nonnull(strstr(dcc_messages(context), message.text));
        if (strcmp(message.severity, "error") == 0 && strcmp(message.check, "unknown-key") == 0) {
            ck_assert_str_eq(message.file, "<text>");
            ck_assert_int_eq(message.line, 2);
            ck_assert_int_eq(message.column, 21);
            errors++;
        }
    }
    ck_assert_int_eq(errors, 1);
}
END_TEST

START_TEST(messages_without_places)
{
    const char *const words[] = {"nowhere.m", NULL};
    dcc_message message;
    dcc_job *job = dcc_job_build(context, "CONV");
    ck_assert_ptr_null(dcc_load(context, words));
    ck_assert_int_eq(dcc_message_count(context), 1);
    ck_assert_int_eq(dcc_get_message(context, 0, &message), DCC_OK);
    ck_assert_str_eq(message.severity, "error");
    ck_assert_ptr_null(message.check);
    ck_assert_ptr_null(message.file);
    ck_assert_int_eq(message.line, 0);
    ck_assert_ptr_nonnull(strstr(message.text, "nowhere.m"));
    ck_assert_int_eq(dcc_set(context, job, "no.key", "1"), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_message_count(context), 1);
    ck_assert_int_eq(dcc_get_message(context, 0, &message), DCC_OK);
    ck_assert_ptr_nonnull(strstr(message.text, "no.key"));
    ck_assert_int_eq(dcc_set(context, job, "noc0.latency", "3"), DCC_OK);
    ck_assert_int_eq(dcc_message_count(context), 0);
    ck_assert_str_eq(dcc_messages(context), "");
    dcc_job_free(job);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("libmessage");
    TCase *tests = tcase_create("messages");
    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_add_test(tests, messages_have_places);
    tcase_add_test(tests, messages_without_places);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
