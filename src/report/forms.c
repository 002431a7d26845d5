/* A file that cannot be opened is said before the run; one that cannot be finished, after it. */
#include "report/forms.h"

static void discard(Output *out)
{
    if (out)
        output_discard(out);
}

Forms *forms_open(const FormPaths *paths, GError **error)
{
    Forms *forms = g_new0(Forms, 1);
    forms->maestro = paths->maestro;
    if ((!paths->csv || (forms->csv_out = output_open(paths->csv, error))) &&
        (!paths->json || (forms->json_out = output_open(paths->json, error))) &&
        (!paths->html || (forms->html_out = output_open(paths->html, error)))) {
        forms->csv = forms->csv_out && !forms->maestro ? csv_begin(forms->csv_out) : NULL;
        return forms;
    }
    discard(forms->csv_out);
    discard(forms->json_out);
    discard(forms->html_out);
    g_free(forms);
    return NULL;
}

bool forms_want_layers(const Forms *forms)
{
    return forms->csv != NULL;
}

void forms_layer(Forms *forms, const Layer *layer, const Machine *machine, int levels)
{
    csv_layer(forms->csv, layer, machine, levels);
}

void forms_begin(Forms *forms, const Report *rows, const Report *json)
{
    if (forms->csv_out && forms->maestro)
        maestro_begin(forms->csv_out, false);
    if (forms->json_out)
        forms->json = json_begin(forms->json_out, json, 0);
    if (forms->html_out)
        forms->html = html_begin(forms->html_out, rows);
}

void forms_compare(Forms *forms, const Compare *compare, Report *const *runs)
{
    if (forms->html)
        html_compare(forms->html, compare, runs);
}

void forms_advise(Forms *forms, Adviser *adviser)
{
    if (forms->html)
        html_advise(forms->html, adviser);
}

void forms_row(Forms *forms, const Report *report, const ReportEntry *entry)
{
    if (forms->csv)
        csv_entry(forms->csv, entry);
    else if (forms->csv_out)
        maestro_entry(forms->csv_out, report, entry);
    if (forms->html)
        html_entry(forms->html, entry);
}

void forms_entry(Forms *forms, const ReportEntry *entry)
{
    if (forms->json)
        json_entry(forms->json, entry);
}

void forms_total(Forms *forms, const Report *json)
{
    if (forms->csv)
        csv_end(forms->csv);
    if (forms->json)
        json_total(forms->json, json);
    if (forms->html) {
        html_total(forms->html, json);
        html_end(forms->html);
    }
}

/* The first failure is the one that is told. */
static bool close_one(Output *out, bool well, GError **error)
{
    if (!out)
        return well;
    return output_close(out, well ? error : NULL) && well;
}

bool forms_close(Forms *forms, GError **error)
{
    if (forms->json)
        json_end(forms->json);
    bool well = close_one(forms->csv_out, true, error);
    well = close_one(forms->json_out, well, error);
    well = close_one(forms->html_out, well, error);
    g_free(forms);
    return well;
}
