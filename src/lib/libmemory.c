/* The hierarchy of a job's machine: its memories and fan-outs, by name and by number. */
#include "lib/lib.h"

#include <string.h>

#include "frontend/hierarchy.h"

bool job_is_hierarchy(const dcc_job *job)
{
    return job->machine->n_memories > 0;
}

int dcc_memories(const dcc_job *job)
{
    return job->machine->n_memories;
}

const char *dcc_memory_name(const dcc_job *job, int memory)
{
    bool there = memory >= 0 && memory < job->machine->n_memories;
    return there ? job->machine->memory[memory].name : NULL;
}

int dcc_memory(const dcc_job *job, const char *name)
{
    int memory = job->machine->n_memories - 1;
    while (memory >= 0 && strcmp(job->machine->memory[memory].name, name) != 0)
        memory--;
    return memory;
}

int dcc_fanouts(const dcc_job *job)
{
    return job->machine->n_fanouts;
}

static bool is_fanout(const dcc_job *job, int fanout)
{
    return fanout >= 0 && fanout < job->machine->n_fanouts;
}

const char *dcc_fanout_name(const dcc_job *job, int fanout)
{
    return is_fanout(job, fanout) ? job->machine->fanout[fanout].name : NULL;
}

int64_t dcc_fanout_size(const dcc_job *job, int fanout)
{
    return is_fanout(job, fanout) ? job->machine->fanout[fanout].size : 0;
}

int dcc_fanout(const dcc_job *job, const char *name)
{
    int fanout = job->machine->n_fanouts - 1;
    while (fanout >= 0 && strcmp(job->machine->fanout[fanout].name, name) != 0)
        fanout--;
    return fanout;
}

/* ---- making it ---- */

/* Whether a memory or fan-out can have the name. */
static bool is_free(const dcc_job *job, const char *name)
{
    return hierarchy_is_name(name) && hardware_key_reserves(name) == NULL &&
           dcc_memory(job, name) < 0 && dcc_fanout(job, name) < 0;
}

/* Without what only a machine of the classic form has; the places of memories and fan-outs have
 * the defaults of their keys. */
static void leave_classic(Hardware *hardware)
{
    hardware->l1_bytes = hardware->l2_bytes = 0;
    memset(hardware->buffer_bytes, 0, sizeof hardware->buffer_bytes);
    hardware->offchip = (TensorRate){.span = SPAN_NONE};
    hardware->offchip_holds.n = 0;
    hardware->pes = 1;
}

int dcc_add_memory(dcc_job *job, const char *name)
{
    bool first = !job_is_hierarchy(job);
    int n = job->machine->n_memories;
    if (!is_free(job, name) || n == MEMORIES_MAX)
        return DCC_BAD_ARGUMENT;
    Hardware hardware = *job_hardware(job);
    if (first)
        leave_classic(&hardware);
    HardwareMemory *memory = &hardware.memory[n];
    memory->name = g_intern_string(name);
    memory->span = SPAN_NONE;
    memory->fanouts = hardware.n_fanouts;
    hardware.n_memories++;
    int status = job_describe(job, &hardware, NULL);
    if (status == DCC_OK && first)
        dcc_clear_nest(job);
    return status;
}

int dcc_add_fanout(dcc_job *job, const char *name, int64_t size)
{
    const HardwareKey *key = &hardware_keys[KEY_FANOUT_SIZE];
    int n = job->machine->n_fanouts;
    if (!job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (!is_free(job, name) || n == FANOUTS_MAX || size < key->least || size > key->most)
        return DCC_BAD_ARGUMENT;
    Hardware hardware = *job_hardware(job);
    HardwareFanout *fanout = &hardware.fanout[n];
    fanout->name = g_intern_string(name);
    fanout->span = SPAN_NONE;
    fanout->memories = hardware.n_memories;
    fanout->size = size;
    hardware.n_fanouts++;
    return job_describe(job, &hardware, NULL);
}
