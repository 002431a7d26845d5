/* Evaluation of a job. */
#include "lib/lib.h"

#include "ir/hierarchy.h"

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
    case DCC_ENTANGLED:
        return "a tensor that passes a fan-out is shared there in parts that have no closed form";
    case DCC_NOT_PREPARED:
        return "no nest is prepared";
    case DCC_OTHER_FORM:
        return "the machine is of the other form: a hierarchy has no L1, L2 and clusters, any "
               "other no "
               "cuts";
    case DCC_NO_ROOT:
        return "the outermost memories do not hold every tensor once, as roots do";
    case DCC_CANNOT_DIVIDE:
        return "a fan-out cannot divide a dim that is spread over it";
    case DCC_TOO_MANY_UNITS:
        return "a fan-out has fewer units than the dataflow asks for";
    case DCC_AGAINST_ORDER:
        return "a fan-out or memory is not at that place of the hierarchy";
    case DCC_CANNOT_HOLD:
        return "a memory cannot hold a tensor, or holds it already";
    case DCC_OPEN:
        return "the dataflow is open, and a search has to find it";
    case DCC_NO_ENERGY:
        return "the energy is not known, and cannot be searched for";
    case DCC_NOT_FOUND:
        return "nothing that fits was found";
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
    case RESULT_ENTANGLED:
        return DCC_ENTANGLED;
    case RESULT_TOO_MANY_PES:
        return DCC_TOO_FEW_PES;
    default:
        return DCC_OVERFLOW;
    }
}

/* Costs and gains are not known until dcc_cost and dcc_gain. */
static void start(const dcc_job *job, dcc_result *result)
{
    entry_start(&result->entry, job->dataflow, &job->layer, job->nest, job->machine);
}

/* The status of an entry that the engines have been asked for; `remark` if they have done it. */
static int finish(const dcc_result *result, int remark)
{
    ResultStatus status = result->entry.result.status;
    return status == RESULT_OK ? remark : status_of(status);
}

static int evaluate(dcc_context *context, const dcc_job *job, EntryEngine *engine,
                    dcc_result *result)
{
    int status = dcc_check(job);
    context->prepared = false;
    start(job, result);
    if (status < 0) {
        entry_refuse(&result->entry, status == DCC_OVERFLOW ? ENTRY_OVERFLOW : ENTRY_REFUSED,
                     dcc_status_text(status));
        return status;
    }
    engine(&result->entry, context->workspace);
    return finish(result, status);
}

int dcc_evaluate(dcc_context *context, const dcc_job *job, dcc_result *result)
{
    return evaluate(context, job, entry_run, result);
}

int dcc_evaluate_counts(dcc_context *context, const dcc_job *job, dcc_result *result)
{
    return evaluate(context, job, entry_count, result);
}

static bool is_evaluated(const dcc_job *job, const ReportEntry *entry)
{
    return entry->layer == &job->layer && entry->status == ENTRY_EVALUATED;
}

int dcc_cost(const dcc_job *job, dcc_result *result)
{
    if (!is_evaluated(job, &result->entry))
        return DCC_BAD_ARGUMENT;
    entry_cost(&result->entry, cost_technology(job->technology, job->machine));
    return DCC_OK;
}

int dcc_gain(const dcc_job *job, dcc_result *result)
{
    if (!is_evaluated(job, &result->entry))
        return DCC_BAD_ARGUMENT;
    entry_gain(&result->entry);
    return DCC_OK;
}

/* The chip that has just what this layer needs. */
static int budget_findings(const dcc_job *job, const ReportEntry *entry, Finding *finding)
{
    const Hardware *hardware =
        job->hardware != NULL ? &job->hardware->hardware : &job->plan->program->machine;
    const Technology *technology = cost_technology(job->technology, job->machine);
    Capacity capacity = {0};
    ChipCost chip = {.total_um2 = 0};
    if (entry->status != ENTRY_EVALUATED)
        return 0;
    cost_capacity(job->machine, job->nest, &entry->result, &capacity);
    if (technology != NULL)
        cost_chip(job->machine, &capacity, technology, &chip);
    return chip_findings(technology != NULL ? &chip : NULL, hardware->area_budget_mm2,
                         hardware->power_budget_mw, finding);
}

const char *dcc_findings(dcc_context *context, const dcc_job *job, const dcc_result *result)
{
    const ReportEntry *entry = &result->entry;
    Finding finding[2 * FINDINGS_MAX];
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_like(job->plan->diag, sources, arena);
    int n = entry->layer == &job->layer ? entry_findings(entry, finding) : 0;
    if (entry->layer == &job->layer)
        n += budget_findings(job, entry, &finding[n]);
    for (int i = 0; i < n; i++)
        finding_report(&finding[i], job->layer.name, SPAN_NONE, diag);
    g_free(context->findings);
    context->findings = messages_new(diag, NULL);
    return context->findings;
}

int dcc_prepare(dcc_context *context, const dcc_job *job)
{
    int status = dcc_check(job);
    context->prepared = false;
    if (status < 0)
        return status;
    ResultStatus found = analysis_prepare(&job->layer, job->nest, context->workspace);
    context->prepared = found == RESULT_OK;
    context->remark = status;
    return found == RESULT_OK ? status : status_of(found);
}

int dcc_time(dcc_context *context, const dcc_job *job, dcc_result *result)
{
    if (!context->prepared)
        return DCC_NOT_PREPARED;
    if (job->rootless)
        return DCC_NO_ROOT;
    start(job, result);
    entry_time(&result->entry, context->workspace);
    return finish(result, context->remark);
}

/* Whether bandwidth and latency of a level can be others: those of its interconnect, or on a
 * hierarchy of its fan-out, which the later parts of one do not have. */
static bool has_link(const dcc_job *job, int level)
{
    if (!job_is_hierarchy(job))
        return level >= 0 && level < LEVELS_MAX;
    bool there = level >= 0 && level < job->nest->n_levels;
    return there && job->nest->level[level].fanout > 0 && !job->nest->level[level].rest;
}

/* On a hierarchy a link has its fan-out's latency and that of the memories outside it; NULL: so it
 * has by itself.  Owned by the caller. */
static int64_t *with_memories(const dcc_job *job, int level, int n, const int64_t *latency)
{
    int tensors = job->layer.op.n_tensors;
    int64_t more = 0, *sum = NULL;
    if (job_is_hierarchy(job))
        more = hierarchy_latency(job->machine, job->nest, level, tensors);
    if (latency != NULL && more > 0) {
        sum = g_new(int64_t, n);
        for (int i = 0; i < n; i++)
            sum[i] = latency[i] + more; /* both below 2^31 */
    }
    return sum;
}

int dcc_times(dcc_context *context, const dcc_job *job, int level, int n, const int64_t *bandwidth,
              const int64_t *latency, int64_t *cycles)
{
    Variants variants = {{NULL}, {NULL}};
    int64_t *sum[LEVELS_MAX] = {NULL};
    if (!context->prepared)
        return DCC_NOT_PREPARED;
    if (job->rootless)
        return DCC_NO_ROOT;
    if ((level != -1 && !has_link(job, level)) || n < 0)
        return DCC_BAD_ARGUMENT;
    for (int i = 0; i < n; i++)
        if ((bandwidth != NULL && (bandwidth[i] < 0 || bandwidth[i] > LIB_COUNT_MAX)) ||
            (latency != NULL && (latency[i] < 0 || latency[i] > LIB_COUNT_MAX)))
            return DCC_BAD_ARGUMENT;
    for (int l = 0; l < LEVELS_MAX; l++) {
        if ((level >= 0 && l != level) || !has_link(job, l))
            continue;
        sum[l] = with_memories(job, l, n, latency);
        variants.bandwidth[l] = bandwidth;
        variants.latency[l] = sum[l] != NULL ? sum[l] : latency;
    }
    analysis_variants(job->machine, &variants, n, context->workspace, cycles);
    for (int l = 0; l < LEVELS_MAX; l++)
        g_free(sum[l]);
    return DCC_OK;
}
