/* The layers of a run one after the other.  What stands in full is written while the entry is
 * there; of all others a row is kept. */
#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/table.h"
#include "report/why.h"
#include "run/evaluation.h"

/* How long a search for a mapping may take, for a layer in full: about a fifth of a second, and the
 * same on every machine but where the space is very large. */
static const AdviserSearch SEARCH = {.seconds = 0.5, .moves = 40000};

typedef struct {
    char *layer, *worst, *helps;
    double cycles, times; /* of all its runs; of the ideal */
    double lost;          /* share of the cycles that goes to the worst part */
    double gained;        /* share that the best remedy saves */
} Row;

struct Whys {
    const Program *program;
    const char *layer;
    bool keeps_json;
    Adviser *quick, *thorough;
    Workspace *ws;
    GArray *rows;         /* of Row */
    GString *full, *json; /* of the layers in full; of all */
    double most_lost;     /* cycles, of the layer that loses most: */
    guint most, next;     /* layers of the program */
};

static void row_clear(gpointer data)
{
    Row *row = data;
    g_free(row->layer);
    g_free(row->worst);
    g_free(row->helps);
}

Whys *whys_new(const Program *program, const ProgramRequest *request, const char *layer, bool json)
{
    Whys *whys = g_new0(Whys, 1);
    whys->program = program;
    whys->layer = layer;
    whys->keeps_json = json;
    whys->quick = adviser_new(program, request, (AdviserSearch){0});
    whys->thorough = adviser_new(program, request, SEARCH);
    whys->ws = workspace_new();
    whys->rows = g_array_new(FALSE, TRUE, sizeof(Row));
    g_array_set_clear_func(whys->rows, row_clear);
    whys->full = g_string_new(NULL);
    whys->json = g_string_new(NULL);
    return whys;
}

void whys_free(Whys *whys)
{
    if (whys == NULL)
        return;
    adviser_free(whys->quick);
    adviser_free(whys->thorough);
    workspace_free(whys->ws);
    g_array_free(whys->rows, TRUE);
    g_string_free(whys->full, TRUE);
    g_string_free(whys->json, TRUE);
    g_free(whys);
}

/* Of the time: where there is no gain, of the energy. */
static void add_row(Whys *whys, const ReportEntry *entry, const Why *why, const GArray *remedies)
{
    const Result *result = &entry->result;
    double cycles = (double) result->cycles, runs = (double) entry->layer->count;
    const WhyTime *worst = why_worst(why);
    const Remedy *best = remedies->len > 0 ? &g_array_index(remedies, Remedy, 0) : NULL;
    bool helps = best != NULL && (double) best->cycles < cycles * (1 - WHY_SAME);
    Row row = {.layer = g_strdup(entry->layer->name),
               .worst = worst != NULL ? why_time_label(entry, worst) : g_strdup("nothing"),
               .helps = helps ? why_remedy_label(best) : g_strdup("-"),
               .cycles = cycles * runs,
               .times = cycles / (double) MAX(1, result->ideal_cycles),
               .lost = worst != NULL ? (double) worst->cycles / cycles : 0,
               .gained = helps ? 1 - (double) best->cycles / cycles : 0};
    g_array_append_val(whys->rows, row);
}

static void append_full(Whys *whys, const ReportEntry *entry, const Why *why,
                        const GArray *remedies)
{
    g_string_append(whys->full, whys->full->len > 0 ? "\n" : "");
    why_text(whys->full, entry, why, remedies);
}

static void look(Whys *whys, guint layer, const ReportEntry *entry, const Technology *technology)
{
    g_autoptr(Why) why = why_new(entry, technology, whys->ws);
    double lost = ((double) entry->result.cycles - (double) entry->result.ideal_cycles) *
                  (double) entry->layer->count;
    g_autoptr(GArray) remedies = adviser_remedies(
        whys->layer != NULL ? whys->thorough : whys->quick, layer, entry, technology);
    if (whys->rows->len == 0 || lost > whys->most_lost) {
        whys->most_lost = lost;
        whys->most = layer;
    }
    if (whys->layer != NULL)
        append_full(whys, entry, why, remedies);
    add_row(whys, entry, why, remedies);
    if (whys->keeps_json) {
        g_string_append(whys->json, whys->json->len > 0 ? ",\n" : "");
        why_json(whys->json, entry, why, remedies, 2);
    }
}

void whys_entry(Whys *whys, const ReportEntry *entry, const Technology *technology)
{
    guint layer = whys->next++;
    if (entry->status == ENTRY_EVALUATED &&
        (whys->layer == NULL || g_pattern_match_simple(whys->layer, entry->layer->name)))
        look(whys, layer, entry, technology);
}

static void append_percent(Table *table, double share)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%.1f%%", 100 * share);
    table_cell_take(table, out);
}

static void append_table(const Whys *whys, GString *out)
{
    static const char *const head[] = {"layer", "cycles",          "times ideal", "lost most to",
                                       "",      "what helps most", "saves"};
    g_autoptr(Table) table = table_new(G_N_ELEMENTS(head));
    table_left(table, 0);
    table_left(table, 3);
    table_left(table, 5);
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        table_cell(table, head[i]);
    for (guint i = 0; i < whys->rows->len; i++) {
        const Row *row = &g_array_index(whys->rows, Row, i);
        GString *cycles = g_string_new(NULL), *times = g_string_new(NULL);
        table_cell(table, row->layer);
        number_scaled(cycles, row->cycles, "");
        table_cell_take(table, cycles);
        g_string_append_printf(times, "%.3g", row->times);
        table_cell_take(table, times);
        table_cell(table, row->worst);
        append_percent(table, row->lost);
        table_cell(table, row->helps);
        append_percent(table, row->gained);
    }
    table_write(table, out, 0, 0, false);
}

/* The layer that loses most, evaluated once more. */
static void look_again(Whys *whys)
{
    g_autoptr(Evaluation) again = evaluation_new(whys->program, 0, true);
    const ReportEntry *entry = NULL;
    for (guint i = 0; i <= whys->most; i++)
        entry = evaluation_next(again);
    if (entry == NULL || entry->status != ENTRY_EVALUATED)
        return;
    g_autoptr(Why) why = why_new(entry, again->technology, whys->ws);
    g_autoptr(GArray) remedies =
        adviser_remedies(whys->thorough, whys->most, entry, again->technology);
    append_full(whys, entry, why, remedies);
}

bool whys_text(Whys *whys, Output *out)
{
    if (whys->rows->len == 0)
        return false;
    if (whys->layer == NULL) {
        if (whys->rows->len > 1) {
            append_table(whys, out->text);
            g_string_append(out->text, "\nMost is lost in ");
        }
        look_again(whys);
    }
    g_string_append_len(out->text, whys->full->str, (gssize) whys->full->len);
    return true;
}

void whys_json(const Whys *whys, Output *out)
{
    g_string_append(out->text, ",\n \"why\": [\n");
    g_string_append_len(out->text, whys->json->str, (gssize) whys->json->len);
    g_string_append(out->text, "\n ]");
}
