/* A network on several cores: which core each layer runs on, and how far from the least that can
 * be.
 *
 *     sched MODEL [SYSTEM]
 *
 * Files are looked for in DCC_PATH too. */
#include <stdio.h>
#include <stdlib.h>

#include "dcc.h"

static void show_layers(const dcc_sched *sched, const dcc_schedule *found)
{
    for (int l = 0; l < found->layers; l++) {
        dcc_sched_layer layer;
        dcc_sched_get_layer(sched, l, &layer);
        printf("%s: %s on", layer.name, layer.split);
        for (int i = 0; i < layer.cores; i++) {
            dcc_sched_part core;
            dcc_sched_get_core(sched, dcc_sched_layer_core(sched, l, i), &core);
            printf(" %s", core.name);
        }
        printf("\n");
    }
}

static void show_cores(const dcc_sched *sched, const dcc_schedule *found)
{
    for (int k = 0; k < found->cores; k++) {
        dcc_sched_part core;
        dcc_sched_get_core(sched, k, &core);
        printf("%s: busy %.1f%%, at most %lld bytes\n", core.name,
               100.0 * (double) core.busy_cycles / (double) found->cycles,
               (long long) core.peak_bytes);
    }
}

static int run(dcc_context *context, dcc_sched *sched)
{
    dcc_schedule found;
    int status = dcc_sched_run(context, sched);
    if (status != DCC_OK) {
        fprintf(stderr, "%s%s\n", dcc_messages(context), dcc_status_text(status));
        return EXIT_FAILURE;
    }
    dcc_sched_get(sched, &found);
    printf("%lld cycles, %.4g uJ, of %lld schedules; gap %.2g\n", (long long) found.cycles,
           found.total_pj * 1e-6, (long long) found.schedules, found.gap);
    show_layers(sched, &found);
    show_cores(sched, &found);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: sched MODEL [SYSTEM]\n");
        return 2;
    }
    dcc_context *context = dcc_open();
    dcc_sched *sched = dcc_sched_load(context, argv[1], argc > 2 ? argv[2] : NULL, NULL);
    int status = EXIT_FAILURE;
    if (sched == NULL)
        fprintf(stderr, "%s", dcc_messages(context));
    else
        status = run(context, sched);
    dcc_sched_free(sched);
    dcc_close(context);
    return status;
}
