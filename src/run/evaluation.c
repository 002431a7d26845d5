/* One layer after the other; a chip is as large as the largest of them asks for. */
#include "run/evaluation.h"

static void report_all(const Program *program, const Finding *finding, int n, const char *layer,
                       Span span)
{
    for (int i = 0; i < n; i++)
        finding_report(&finding[i], layer, span, program->trees->diag);
}

static void evaluate(const Program *program, const Job *job, Workspace *ws, ReportEntry *entry)
{
    Finding finding[FINDINGS_MAX];
    entry_start(entry, job->dataflow, &job->layer, &job->nest, &job->machine);
    entry_refuse(entry, ENTRY_REFUSED, job->why);
    if (job->legal)
        entry_run(entry, ws);
    report_all(program, finding, entry_findings(entry, finding), job->layer.name, job->span);
    if (entry->status != ENTRY_EVALUATED)
        return;
    analysis_delays(ws, &entry->delays);
    entry_gain(entry);
    entry_cost(entry, program->has_technology ? &program->technology : NULL);
}

static void price_chip(const Program *program, Evaluation *evaluation)
{
    const Hardware *hardware = &program->machine;
    const Job *first = &g_array_index(evaluation->jobs, Job, 0);
    Capacity capacity = {0};
    Finding finding[FINDINGS_MAX];
    for (guint i = 0; i < evaluation->entries->len; i++) {
        const ReportEntry *e = &g_array_index(evaluation->entries, ReportEntry, i);
        if (e->status == ENTRY_EVALUATED)
            cost_capacity(e->machine, e->nest, &e->result, &capacity);
    }
    if (program->has_technology)
        cost_chip(&first->machine, &capacity, &program->technology, &evaluation->chip);
    int n = chip_findings(program->has_technology ? &evaluation->chip : NULL,
                          hardware->area_budget_mm2, hardware->power_budget_mw, finding);
    report_all(program, finding, n, "", hardware->span);
}

Evaluation *evaluation_new(const Program *program, guint choice)
{
    Evaluation *evaluation = g_new0(Evaluation, 1);
    Workspace *ws = workspace_new();
    evaluation->dataflow = g_array_index(program->choices, ProgramChoice, choice).name;
    evaluation->jobs = jobs_new(program, choice);
    evaluation->entries =
        g_array_sized_new(FALSE, TRUE, sizeof(ReportEntry), evaluation->jobs->len);
    g_array_set_size(evaluation->entries, evaluation->jobs->len);
    for (guint i = 0; i < evaluation->jobs->len; i++) {
        ReportEntry *entry = &g_array_index(evaluation->entries, ReportEntry, i);
        evaluate(program, &g_array_index(evaluation->jobs, Job, i), ws, entry);
        entry->run = (int) choice;
    }
    workspace_free(ws);
    if (evaluation->jobs->len > 0)
        price_chip(program, evaluation);
    return evaluation;
}

void evaluation_free(Evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    g_array_free(evaluation->jobs, TRUE);
    g_array_free(evaluation->entries, TRUE);
    g_free(evaluation);
}
