/* Several runs, compared. */
#include "report/compare.h"
#include "tools/parts/dcc.h"

/* The runs, gone through a first time; a report for each choice of dataflows, and one of the
 * adaptive choice. */
typedef struct {
    const Program *program;
    const Options *options;
    int n;
    Report **report, *best, *all;
    Compare *compare;
    Objective objective;
    Machine machine; /* of the last run, whose memories are those of all */
} Runs;

/* What is said of a run is what was found by its end. */
static void run_through(Runs *runs, int r, Farthest *beyond)
{
    g_autoptr(Evaluation) evaluation = evaluation_new(runs->program, (guint) r, false);
    const ReportEntry *entry;
    while ((entry = evaluation_next(evaluation)) != NULL)
        compare_entry(runs->compare, entry);
    evaluation_finish(evaluation);
    farthest_join(beyond, &evaluation->beyond);
    runs->report[r] = dcc_report(runs->program, evaluation);
    runs->machine = evaluation->machine; /* the other goes with the evaluation */
    runs->report[r]->machine = evaluation->has_machine ? &runs->machine : NULL;
    runs->report[r]->chip = evaluation->chip;
    report_take_notes(runs->report[r], runs->program->trees->diag);
}

/* A report with another one's head. */
static Report *report_like(const Report *report, const char *dataflow, Diag *diag)
{
    Report *copy = report_new();
    GArray *entries = copy->entries, *notes = copy->notes;
    *copy = *report;
    copy->entries = entries;
    copy->notes = notes;
    copy->dataflow = dataflow;
    report_take_notes(copy, diag);
    return copy;
}

static void runs_make(Runs *runs)
{
    Farthest beyond = {0};
    Diag *diag = runs->program->trees->diag;
    runs->compare = compare_new(runs->n, runs->objective);
    runs->report = g_new0(Report *, runs->n);
    for (int r = 0; r < runs->n; r++)
        run_through(runs, r, &beyond);
    farthest_report(&beyond, runs->program);
    runs->best = report_like(runs->report[0], "adaptive", diag);
    runs->all = report_like(runs->report[0], "several", diag);
}

static void runs_free(Runs *runs)
{
    for (int r = 0; r < runs->n; r++)
        report_free(runs->report[r]);
    g_free(runs->report);
    report_free(runs->best);
    report_free(runs->all);
    compare_free(runs->compare);
}

/* Every layer under all dataflows, the adaptive choice among them. */
static void write_layers(Runs *runs, Forms *forms)
{
    g_autofree Evaluation **again = g_new0(Evaluation *, runs->n);
    Capacity capacity = {0};
    for (int r = 0; r < runs->n; r++)
        again[r] = evaluation_new(runs->program, (guint) r, true);
    for (guint k = 0; k < runs->program->layers->len; k++)
        for (int r = 0; r < runs->n; r++) {
            const ReportEntry *entry = evaluation_next(again[r]);
            forms_row(forms, runs->all, entry);
            if (r != compare_chosen(runs->compare, k))
                continue;
            forms_entry(forms, entry);
            if (entry->status == ENTRY_EVALUATED)
                cost_capacity(entry->machine, entry->nest, &entry->result, &capacity);
        }
    if (again[0]->has_machine && runs->best->figures)
        cost_chip(&again[0]->machine, &capacity, runs->best->figures, &runs->best->chip);
    for (int r = 0; r < runs->n; r++)
        evaluation_free(again[r]);
}

/* The report of a run, inside of another. */
static void write_run(const Runs *runs, int r, Output *out)
{
    g_autoptr(Evaluation) again = evaluation_new(runs->program, (guint) r, true);
    const ReportEntry *entry;
    Json *json = json_begin(out, runs->report[r], 2);
    while ((entry = evaluation_next(again)) != NULL)
        json_entry(json, entry);
    json_total(json, runs->report[r]);
    json_end(json);
}

static void write_runs(const Runs *runs, Output *out)
{
    g_string_append_printf(out->text, ",\n \"objective\": \"%s\",\n \"runs\": [",
                           objective_name(runs->objective));
    for (int r = 0; r < runs->n; r++) {
        g_string_append(out->text, r ? ",\n  " : "\n  ");
        write_run(runs, r, out);
    }
    g_string_append(out->text, "\n ]");
}

static bool write_forms(Runs *runs, GError **error)
{
    Forms *forms = dcc_forms(runs->options, error);
    if (!forms)
        return false;
    for (int r = 0; r < runs->n; r++) {
        g_autoptr(Evaluation) again = evaluation_new(runs->program, (guint) r, true);
        dcc_tell_layers(forms, again);
    }
    forms_begin(forms, runs->all, runs->best);
    forms_compare(forms, runs->compare, runs->report);
    write_layers(runs, forms);
    forms_total(forms, runs->best);
    if (forms->json_out)
        write_runs(runs, forms->json_out);
    return forms_close(forms, error);
}

bool dcc_run_several(const Program *program, const Options *options, Objective objective,
                     GError **error)
{
    Runs runs = {.program = program,
                 .options = options,
                 .n = (int) program->choices->len,
                 .objective = objective};
    runs_make(&runs);
    bool asked = options->csv || options->json || options->html;
    bool well = compare_choose(runs.compare, error) && (!asked || write_forms(&runs, error));
    Output *out = well && dcc_writes_text(options, program) ? output_open("-", error) : NULL;
    if (out) {
        compare_write(runs.compare, runs.report, dcc_style(options), out);
        well = output_close(out, error);
    }
    runs_free(&runs);
    return well;
}
