/* Layers are written as they come. */
#include <math.h>

#include "map/answer.h"
#include "report/number.h"

struct AnswerJson {
    const Answer *answer;
    Output *out;
    Json *json;
};

static const char *const ends[] = {[END_ITSELF] = "itself",
                                   [END_TIME] = "time",
                                   [END_MOVES] = "moves",
                                   [END_STOP] = "interrupt",
                                   [END_NONE] = "none"};

static void add_key(GString *out, int depth, const char *before, const char *key)
{
    g_string_append_printf(out, "%s\n%*s\"%s\": ", before, depth, "", key);
}

static void add_text(GString *out, int depth, const char *key, const char *text)
{
    add_key(out, depth, ",", key);
    if (text != NULL)
        json_append_text(out, text);
    else
        g_string_append(out, "null");
}

static void add_real(GString *out, int depth, const char *key, double value)
{
    add_key(out, depth, ",", key);
    json_append_real(out, value);
}

static void add_count(GString *out, int depth, const char *key, int64_t count)
{
    add_key(out, depth, ",", key);
    number_count(out, count);
}

static void add_flag(GString *out, int depth, const char *key, bool value)
{
    add_key(out, depth, ",", key);
    g_string_append(out, value ? "true" : "false");
}

static void add_entry(AnswerJson *json, const char *key, const ReportEntry *entry)
{
    add_key(json->out->text, 3, ",", key);
    if (entry != NULL)
        json_figures(json->json, entry, 1);
    else
        g_string_append(json->out->text, "null");
}

AnswerJson *answer_json_begin(const Answer *answer, Output *out)
{
    AnswerJson *json = g_new0(AnswerJson, 1);
    *json = (AnswerJson){answer, out, json_begin(out, answer->report, 0)};
    return json;
}

static void add_dataflow(GString *out, const Mapped *m)
{
    g_autoptr(GString) text = NULL;
    if (m->best != NULL)
        text = nest_print(m->layer, m->best->nest, m->best->machine, m->best->dataflow);
    add_text(out, 3, "dataflow", text != NULL ? text->str : NULL);
}

/* The best, as many as were asked for, or the front. */
static void add_found(const Answer *answer, GString *out, const Mapped *m)
{
    add_key(out, 3, ",", answer->front ? "front" : "top");
    g_string_append_c(out, '[');
    for (guint i = 0; m->found != NULL && i < m->found->len; i++) {
        const SearchFound *found = &g_array_index(m->found, SearchFound, i);
        const Machine *machine = m->best != NULL ? m->best->machine : NULL;
        g_autoptr(GString) text = nest_print(m->layer, &found->nest, machine, "found");
        g_string_append(out, i > 0 ? "," : "");
        g_string_append_c(out, '{');
        add_key(out, 4, "", "value");
        json_append_real(out, found->value);
        add_real(out, 4, "energy_pj", found->pj);
        add_real(out, 4, "cycles", found->cycles);
        add_text(out, 4, "dataflow", text->str);
        g_string_append_printf(out, "\n%*s}", 3, "");
    }
    g_string_append_c(out, ']');
}

void answer_json_layer(AnswerJson *json, const Mapped *m)
{
    GString *out = json->out->text;
    const Place *first = &g_array_index(json->answer->program->layers, Place, m->as);
    json_next(json->json);
    g_string_append_c(out, '{');
    add_key(out, 3, "", "name");
    json_append_text(out, m->layer->name);
    add_text(out, 3, "as", ast_name(first->item));
    add_text(out, 3, "why", m->why);
    add_entry(json, "best", m->best);
    add_entry(json, "reference", m->reference);
    add_flag(out, 3, "given", m->given);
    add_real(out, 3, "value", m->value);
    add_real(out, 3, "bound", m->bound);
    add_real(out, 3, "gap", m->gap);
    add_flag(out, 3, "optimal", m->optimal);
    add_flag(out, 3, "ties", m->search.ties);
    add_text(out, 3, "space", json->answer->space);
    add_text(out, 3, "end", ends[m->end]);
    add_count(out, 3, "skeletons", m->search.skeletons);
    add_count(out, 3, "bounds", m->search.bounds);
    add_count(out, 3, "evaluated", m->search.evaluated);
    add_real(out, 3, "seconds", m->seconds);
    add_dataflow(out, m);
    add_found(json->answer, out, m);
    g_string_append_printf(out, "\n%*s}", 2, "");
    if (m->best != NULL)
        json_count(json->json, m->best);
}

void answer_json_end(AnswerJson *json, const NetworkTotal *total)
{
    GString *out = json->out->text;
    json_total(json->json, json->answer->report);
    add_key(out, 1, ",", "search");
    g_string_append_c(out, '{');
    add_key(out, 2, "", "objective");
    json_append_text(out, json->answer->measure != NULL ? json->answer->measure->path
                          : json->answer->front         ? "energy,runtime"
                                                        : objective_name(json->answer->objective));
    add_text(out, 2, "lacking", json->answer->lacking);
    add_text(out, 2, "space", json->answer->space);
    add_real(out, 2, "value", total->value);
    add_real(out, 2, "reference", total->reference);
    add_real(out, 2, "bound", total->bound);
    add_real(out, 2, "gap", total->gap);
    add_flag(out, 2, "optimal", total->optimal);
    add_count(out, 2, "layers", total->layers);
    add_count(out, 2, "missing", total->missing);
    add_count(out, 2, "bounds", total->bounds);
    add_count(out, 2, "evaluated", total->evaluated);
    add_real(out, 2, "seconds", total->seconds);
    g_string_append(out, "\n }");
    json_end(json->json);
    g_free(json);
}
