/* One layer after the other; a chip is as large as the largest of them asks for. */
#include "run/evaluation.h"

/* The machines of all layers are the same but for what they say of tensors. */
static bool resolve_machine(Evaluation *evaluation)
{
    const Program *program = evaluation->program;
    for (guint i = 0; i < program->layers->len; i++)
        if (job_outline_machine(program, i, evaluation->choice, &evaluation->machine))
            return true;
    return false;
}

/* Nothing is reported; false if there is no legal nest. */
static bool lower_quietly(const Program *program, guint layer, guint choice, Job *job)
{
    Diag *diag = program->trees->diag;
    bool quiet = diag_is_quiet(diag);
    diag_quiet(diag, true);
    bool read = job_lower(program, layer, choice, job);
    diag_quiet(diag, quiet);
    return read && job->legal;
}

/* A hierarchy of the classic shape is a classic machine under a dataflow that takes it as one: what
 * the first layer that can be mapped says, holds for the report. */
static void resolve_form(Evaluation *evaluation)
{
    Job *job = &evaluation->outlined;
    guint layers = evaluation->program->layers->len;
    for (guint i = 0; i < layers; i++)
        if (lower_quietly(evaluation->program, i, evaluation->choice, job)) {
            evaluation->machine = job->machine;
            return;
        }
}

Evaluation *evaluation_new(const Program *program, guint choice, bool quiet)
{
    Evaluation *evaluation = g_new0(Evaluation, 1);
    evaluation->program = program;
    evaluation->choice = choice;
    evaluation->quiet = quiet;
    evaluation->dataflow = g_array_index(program->choices, ProgramChoice, choice).name;
    evaluation->ws = workspace_new();
    diag_quiet(program->trees->diag, quiet);
    evaluation->has_machine = resolve_machine(evaluation);
    if (evaluation->has_machine && evaluation->machine.n_memories > 0)
        resolve_form(evaluation);
    diag_quiet(program->trees->diag, false);
    evaluation->technology = program->has_technology ? &program->technology : NULL;
    if (evaluation->has_machine)
        evaluation->technology = cost_technology(evaluation->technology, &evaluation->machine);
    return evaluation;
}

const Machine *evaluation_outline(Evaluation *evaluation, guint layer, Layer *outline, int *levels)
{
    const Program *program = evaluation->program;
    Job *job = &evaluation->outlined;
    if (program->machine.n_memories == 0 ||
        !lower_quietly(program, layer, evaluation->choice, job)) {
        job_outline(program, layer, evaluation->choice, outline, levels);
        return NULL;
    }
    *outline = job->layer;
    *levels = job->nest.n_levels;
    return job->machine.n_memories > 0 ? &job->machine : NULL;
}

void evaluation_free(Evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    workspace_free(evaluation->ws);
    g_free(evaluation);
}

static void report_all(const Evaluation *evaluation, const Finding *finding, int n,
                       const char *layer, Span span)
{
    for (int i = 0; i < n && !evaluation->quiet; i++)
        finding_report(&finding[i], layer, span, evaluation->program->trees->diag);
}

/* The first thing that is wrong with a layer; else what was found when it was lowered, or what is
 * wrong with all of them. */
static const char *why_unread(const Diag *diag, Span layer)
{
    const char *why = diag_first(diag, layer);
    if (why == NULL)
        why = diag_marked(diag);
    if (why == NULL)
        why = diag_first(diag, SPAN_NONE);
    return why != NULL ? why : "it cannot be read";
}

/* The layer is well; without a machine there is nothing to say of it. */
static const char *why_machine(const Program *program)
{
    const Item *block = program->machine.block;
    const char *why = diag_first(program->trees->diag, block != NULL ? block->span : SPAN_NONE);
    if (program->usable)
        return why;
    return arena_printf(program->trees->arena, "the hardware cannot be used%s%s",
                        why != NULL ? ": " : "", why != NULL ? why : "");
}

/* Lowers the layer; of one that cannot be read there is the outline. */
static void lower(Evaluation *evaluation, guint layer)
{
    const Program *program = evaluation->program;
    Diag *diag = program->trees->diag;
    Job *job = &evaluation->job;
    const Span span = g_array_index(program->layers, Place, layer).item->span;
    int levels;
    if (job_lower(program, layer, evaluation->choice, job)) {
        if (!job->legal && job->why == NULL)
            job->why = why_machine(program);
        if (!job->legal && job->why == NULL) /* what is wrong was seen before it was lowered */
            job->why = why_unread(diag, span);
        return;
    }
    *job = (Job){.dataflow = "", .span = SPAN_NONE};
    job_outline(program, layer, evaluation->choice, &job->layer, &levels);
    job->why = why_unread(diag, span);
}

static void evaluate(Evaluation *evaluation)
{
    const Job *job = &evaluation->job;
    ReportEntry *entry = &evaluation->entry;
    Finding finding[FINDINGS_MAX];
    entry_start(entry, job->dataflow, &job->layer, &job->nest, &job->machine);
    entry_refuse(entry, ENTRY_REFUSED, job->why);
    entry->run = (int) evaluation->choice;
    if (job->legal)
        entry_evaluate(entry, evaluation->technology, evaluation->ws);
    report_all(evaluation, finding, entry_findings(entry, finding), job->layer.name, job->span);
    if (entry->status != ENTRY_EVALUATED)
        return;
    cost_capacity(&job->machine, &job->nest, &entry->result, &evaluation->capacity);
    if (entry->costed)
        farthest_add(&evaluation->beyond, &entry->cost.beyond);
}

const ReportEntry *evaluation_next(Evaluation *evaluation)
{
    const Program *program = evaluation->program;
    if (evaluation->next == program->layers->len)
        return NULL;
    diag_quiet(program->trees->diag, evaluation->quiet);
    lower(evaluation, evaluation->next++);
    evaluate(evaluation);
    diag_quiet(program->trees->diag, false);
    return &evaluation->entry;
}

void evaluation_finish(Evaluation *evaluation)
{
    const Program *program = evaluation->program;
    const Hardware *hardware = &program->machine;
    Finding finding[FINDINGS_MAX];
    if (!evaluation->has_machine)
        return;
    if (evaluation->technology != NULL) {
        cost_chip(&evaluation->machine, &evaluation->capacity, evaluation->technology,
                  &evaluation->chip);
        farthest_add(&evaluation->beyond, &evaluation->chip.beyond);
    }
    int n = chip_findings(evaluation->technology != NULL ? &evaluation->chip : NULL,
                          hardware->area_budget_mm2, hardware->power_budget_mw, finding);
    report_all(evaluation, finding, n, "", hardware->span);
}
