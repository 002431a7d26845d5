/* The forms that a run is written in besides the text, as far as they are asked for, fed together.
 */
#ifndef DCC_REPORT_FORMS_H
#define DCC_REPORT_FORMS_H

#include "report/html.h"
#include "report/report.h"

/* Where they go; NULL: it is not asked for. */
typedef struct {
    const char *csv, *json, *html;
    bool maestro; /* columns of the CSV */
} FormPaths;

typedef struct {
    bool maestro;
    Output *csv_out, *json_out, *html_out; /* NULL: it is not asked for */
    Csv *csv;
    Json *json;
    Html *html;
} Forms;

/* NULL with *error set if one cannot be written; nothing is, then. */
Forms *forms_open(const FormPaths *paths, GError **error);

/* What csv_layer wants to know, of each layer before the first row. */
void forms_layer(Forms *forms, const Layer *layer, const Machine *machine, int levels);
bool forms_want_layers(const Forms *forms);

/* The head of the rows, and that of JSON, which may be another. */
void forms_begin(Forms *forms, const Report *rows, const Report *json);

/* Before the first entry, where the rows are of several dataflows.  Borrows both. */
void forms_compare(Forms *forms, const Compare *compare, Report *const *runs);

/* Before the first entry, where they are the layers of a program.  Borrows it. */
void forms_advise(Forms *forms, Adviser *adviser);

/* An entry: to the forms that hold a row or a mark, and to JSON. */
void forms_row(Forms *forms, const Report *report, const ReportEntry *entry);
void forms_entry(Forms *forms, const ReportEntry *entry);

/* After the last: totals and messages.  More members may be written to json_out before the end. */
void forms_total(Forms *forms, const Report *json);

/* Gives the files their names and frees `forms`; false with *error set if one of them failed. */
bool forms_close(Forms *forms, GError **error);

#endif
