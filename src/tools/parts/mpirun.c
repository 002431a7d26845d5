#include "tools/parts/mpirun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, THREADS_MOST = 256 };

/* Ranks that are not 0 have no status of their own.  Where one is lost MPI cannot be ended. */
static void leave(int status, void *data)
{
    Ranks *ranks = data;
    bool helps = mpirun_helps(ranks);
    bool all = ranks_leave(ranks);
    if (all && (!helps || status == EXIT_SUCCESS))
        return;
    fflush(NULL);
    _exit(helps ? EXIT_SUCCESS : status);
}

/* Rank 0 is told to end, and tells the others. */
static void outlive_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

bool mpirun_join(const char *tool, volatile sig_atomic_t *stop, Ranks **ranks, int *status)
{
    g_autoptr(GError) error = NULL;
    *ranks = NULL;
    if (ranks_expected() > 0) /* a launcher's own terminal is not that of who reads */
        g_setenv("NO_COLOR", "1", TRUE);
    if (ranks_expected() <= 1)
        return true;
    *ranks = ranks_join(stop, &error);
    if (*ranks == NULL) { /* one says so; a launcher ends all once one has failed */
        *status = ranks_is_first() ? EXIT_USAGE : EXIT_SUCCESS;
        if (ranks_is_first())
            fprintf(stderr, "%s: %s\n", tool, error->message);
        return false;
    }
    on_exit(leave, *ranks);
    if (mpirun_helps(*ranks))
        outlive_signals();
    return true;
}

bool mpirun_helps(const Ranks *ranks)
{
    return ranks != NULL && ranks_own(ranks) > 0;
}

bool mpirun_share_input(Ranks *ranks, char *const *files, const char *model, const char *hardware,
                        GError **error)
{
    bool reads = g_strcmp0(model, "-") == 0 || g_strcmp0(hardware, "-") == 0;
    for (; files != NULL && *files != NULL; files++)
        reads |= strcmp(*files, "-") == 0;
    return ranks == NULL || !reads || ranks_share_input(ranks, error);
}

int mpirun_threads(const Ranks *ranks, int asked)
{
    if (asked > 0)
        return MIN(asked, THREADS_MOST);
    return ranks != NULL ? ranks_threads(ranks) : (int) g_get_num_processors();
}
