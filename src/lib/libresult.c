/* Evaluation of a job. */
#include "lib/lib.h"

#include <math.h>

#include "engine/residency.h"

const char *dcc_status_text(int status)
{
    switch (status) {
    case DCC_OK:
        return "done";
    case DCC_NO_SPATIAL:
        return "a level has no spatial map, so its children all compute the same MACs";
    case DCC_BAD_ARGUMENT:
        return "an index or a number is out of range";
    case DCC_MAPPED_TWICE:
        return "a dim is mapped twice in one level";
    case DCC_DIAGONAL:
        return "two spatial maps of a level visit only their diagonal";
    case DCC_LOST_WORK:
        return "beside a spatial map of one chunk the work of another is lost";
    case DCC_TOO_FEW_PES:
        return "the clusters need more PEs than there are";
    case DCC_OVERFLOW:
        return "a count does not fit 63 bits";
    case DCC_RAGGED:
        return "the tiles fall into too many pieces to count";
    case DCC_NOT_PREPARED:
        return "no nest is prepared";
    default:
        return "no such status";
    }
}

dcc_result *dcc_result_new(void)
{
    return g_new0(dcc_result, 1);
}

void dcc_result_assign(dcc_result *to, const dcc_result *from)
{
    *to = *from;
}

void dcc_result_free(dcc_result *result)
{
    g_free(result);
}

static int status_of(ResultStatus status)
{
    switch (status) {
    case RESULT_OK:
        return DCC_OK;
    case RESULT_RAGGED:
        return DCC_RAGGED;
    case RESULT_TOO_MANY_PES:
        return DCC_TOO_FEW_PES;
    default:
        return DCC_OVERFLOW;
    }
}

static EntryStatus entry_status(int status)
{
    if (status >= 0)
        return ENTRY_EVALUATED;
    if (status == DCC_OVERFLOW)
        return ENTRY_OVERFLOW;
    return status == DCC_RAGGED ? ENTRY_RAGGED : ENTRY_ILLEGAL;
}

/* The entry's head; costs and gains are not known until dcc_cost. */
static void start(const dcc_job *job, dcc_result *result)
{
    ReportEntry *entry = &result->entry;
    entry->dataflow = job->dataflow;
    entry->layer = &job->layer;
    entry->nest = &job->nest;
    entry->machine = &job->machine;
    entry->costed = false;
    entry->gain = (ResidencyGain){NAN, -1, NAN};
}

static int finish(int status, dcc_result *result)
{
    result->entry.status = entry_status(status);
    return status;
}

int dcc_evaluate(dcc_context *context, const dcc_job *job, dcc_result *result)
{
    Result *found = &result->entry.result;
    int status = dcc_check(job);
    context->prepared = false;
    start(job, result);
    if (status >= 0) {
        analysis_run(&job->layer, &job->nest, &job->machine, context->workspace, found);
        if (found->status != RESULT_OK)
            status = status_of(found->status);
    }
    return finish(status, result);
}

int dcc_cost(const dcc_job *job, dcc_result *result)
{
    ReportEntry *entry = &result->entry;
    if (entry->layer != &job->layer || entry->status != ENTRY_EVALUATED)
        return DCC_BAD_ARGUMENT;
    residency_gain(&job->layer, &job->machine, &entry->result, &entry->gain);
    if (job->technology != NULL) {
        cost_layer(&job->layer, &job->machine, job->technology, &entry->result, &entry->cost);
        entry->costed = true;
    }
    return DCC_OK;
}

int dcc_prepare(dcc_context *context, const dcc_job *job)
{
    int status = dcc_check(job);
    context->prepared = false;
    if (status < 0)
        return status;
    ResultStatus found = analysis_prepare(&job->layer, &job->nest, context->workspace);
    context->prepared = found == RESULT_OK;
    context->remark = status;
    return found == RESULT_OK ? status : status_of(found);
}

int dcc_time(dcc_context *context, const dcc_job *job, dcc_result *result)
{
    Result *found = &result->entry.result;
    if (!context->prepared)
        return DCC_NOT_PREPARED;
    start(job, result);
    analysis_time(&job->machine, context->workspace, found);
    return finish(found->status == RESULT_OK ? context->remark : status_of(found->status), result);
}

int dcc_times(dcc_context *context, const dcc_job *job, int level, int n, const int64_t *bandwidth,
              const int64_t *latency, int64_t *cycles)
{
    Variants variants = {{NULL}, {NULL}};
    if (!context->prepared)
        return DCC_NOT_PREPARED;
    if (level < -1 || level >= LEVELS_MAX || n < 0)
        return DCC_BAD_ARGUMENT;
    for (int i = 0; i < n; i++)
        if ((bandwidth != NULL && (bandwidth[i] < 0 || bandwidth[i] > LIB_COUNT_MAX)) ||
            (latency != NULL && (latency[i] < 0 || latency[i] > LIB_COUNT_MAX)))
            return DCC_BAD_ARGUMENT;
    for (int l = 0; l < LEVELS_MAX; l++) {
        variants.bandwidth[l] = level < 0 || l == level ? bandwidth : NULL;
        variants.latency[l] = level < 0 || l == level ? latency : NULL;
    }
    analysis_variants(&job->machine, &variants, n, context->workspace, cycles);
    return DCC_OK;
}
