/* A tool as one of several processes that mpirun has started. */
#ifndef DCC_TOOLS_PARTS_MPIRUN_H
#define DCC_TOOLS_PARTS_MPIRUN_H

#include "ranks/ranks.h"

/* Joins the others if the environment says that there are some; *ranks is NULL where there are
 * none.  When the process exits it leaves them.  False after reporting: the tool is to end with
 * *status. */
bool mpirun_join(const char *tool, volatile sig_atomic_t *stop, Ranks **ranks, int *status);

/* Whether this process only works for rank 0. */
bool mpirun_helps(const Ranks *ranks);

/* Shares the standard input if one of the files, or one of the lone ones, is "-"; any may be NULL.
 */
bool mpirun_share_input(Ranks *ranks, char *const *files, const char *model, const char *hardware,
                        GError **error);

/* The threads of this process, where so many are asked for; 0: nothing is said. */
int mpirun_threads(const Ranks *ranks, int asked);

#endif
