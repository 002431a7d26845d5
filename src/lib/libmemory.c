/* The hierarchy of a job's machine, by name. */
#include "lib/lib.h"

#include <string.h>

int dcc_memories(const dcc_job *job)
{
    return job->machine.n_memories;
}

const char *dcc_memory_name(const dcc_job *job, int memory)
{
    bool there = memory >= 0 && memory < job->machine.n_memories;
    return there ? job->machine.memory[memory].name : NULL;
}

int dcc_memory(const dcc_job *job, const char *name)
{
    int memory = job->machine.n_memories - 1;
    while (memory >= 0 && strcmp(job->machine.memory[memory].name, name) != 0)
        memory--;
    return memory;
}

const char *dcc_fanout_name(const dcc_job *job, int level)
{
    int fanout = level >= 0 && level < job->nest.n_levels ? job->nest.level[level].fanout : 0;
    return fanout > 0 ? job->machine.fanout[fanout - 1].name : NULL;
}
