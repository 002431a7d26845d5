/* Numbers only: what the file says does not change with constants or with what lies beside it. */
#include <math.h>
#include <string.h>

#include "frontend/layertext.h"
#include "map/answer.h"
#include "report/number.h"

struct AnswerFile {
    const Answer *answer;
    Output *out;
    GString *layers;
    GHashTable *types; /* operators that are written */
    GHashTable *names; /* of layers that edges may come from, or NULL */
};

AnswerFile *answer_file_begin(const Answer *answer, Output *out)
{
    AnswerFile *file = g_new0(AnswerFile, 1);
    *file = (AnswerFile){answer, out, g_string_new(NULL), g_hash_table_new(g_str_hash, g_str_equal),
                         program_names(answer->program)};
    return file;
}

static const char *unit_of(Objective objective)
{
    return objective == OBJECTIVE_RUNTIME ? "cycles" : objective == OBJECTIVE_ENERGY ? "pJ" : "J s";
}

/* "edp 1.23e-05 J s, bound 1.2e-05, at most 2.5 % above the least" */
static void append_figures(const Answer *answer, double value, double bound, double gap,
                           GString *out)
{
    g_string_append_printf(out, "%s ", objective_name(answer->objective));
    number_exact(out, value);
    g_string_append_printf(out, " %s", unit_of(answer->objective));
    if (!isfinite(gap))
        return;
    g_string_append(out, ", bound ");
    number_exact(out, bound);
    g_string_append(out, ", gap ");
    number_short(out, gap);
}

/* Operators of the files stand before the layers. */
static void add_operator(AnswerFile *file, const OperatorInfo *info)
{
    if (info->span.source < 0 || !g_hash_table_add(file->types, (gpointer) info->op.type))
        return;
    g_string_append_c(file->out->text, '\n');
    layertext_operator(info, file->out->text);
}

/* False if the layer cannot be read, which was reported. */
static bool read_layer(const Program *program, guint number, LayerInfo *info)
{
    const Place *place = &g_array_index(program->layers, Place, number);
    Diag *diag = program->trees->diag;
    diag_quiet(diag, true);
    bool read = lower_layer(program->trees, program_file(program, *place), place->item, info);
    diag_quiet(diag, false);
    return read;
}

void answer_file_layer(AnswerFile *file, const Mapped *m)
{
    LayerInfo info;
    g_autoptr(GString) dataflow = NULL;
    if (!read_layer(file->answer->program, m->number, &info))
        return;
    g_string_append(file->layers, "\n  // ");
    if (m->best == NULL) {
        g_string_append(file->layers, "nothing was found");
    } else {
        append_figures(file->answer, m->value, m->bound, m->gap, file->layers);
        dataflow = nest_print(m->layer, m->best->nest, m->best->machine, m->best->dataflow);
    }
    g_string_append_c(file->layers, '\n');
    add_operator(file, info.info);
    layertext_layer(&info, file->names, dataflow != NULL ? dataflow->str : NULL, file->layers);
}

void answer_file_end(AnswerFile *file, const NetworkTotal *total)
{
    const Answer *answer = file->answer;
    const Report *report = answer->report;
    GString *out = file->out->text, *head = g_string_new(NULL);
    g_string_append_printf(head, "// Found by %s %s for %s on %s.\n// ", report->tool,
                           report->version, report->network, report->hardware);
    append_figures(answer, total->value, total->bound, total->gap, head);
    g_string_append_printf(head, "\n// over %s\n", answer->space);
    g_string_prepend_len(out, head->str, (gssize) head->len);
    g_string_append_printf(out, "\nNetwork \"%s\" {", report->network);
    g_string_append_len(out, file->layers->str, (gssize) file->layers->len);
    g_string_append(out, "}\n");
    g_string_free(head, TRUE);
    g_string_free(file->layers, TRUE);
    g_hash_table_destroy(file->types);
    if (file->names != NULL)
        g_hash_table_unref(file->names);
    g_free(file);
}
