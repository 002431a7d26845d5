/* The run as one HTML file: no network, no library, readable without a script and when printed.
 *
 * What one wants to know first stands first: the machine, the totals, the layers that lose most;
 * then charts, a mark a layer; then tables and a section for each layer.  Every number is one that
 * the metrics table has, but for the rooflines'. */
#include "report/html_parts.h"
#include "report/why.h"

#include <stdlib.h>
#include <string.h>

enum { DRAWN_MOST = 60 };

const char *const html_causes[CAUSES] = {"compute", "ingress",  "egress", "fill",
                                         "drain",   "off-chip", "setup"};

char *html_name(const Mark *mark, bool several)
{
    g_autofree char *times =
        mark->count > 1 ? g_strdup_printf("%" G_GINT64_FORMAT "x ", mark->count) : g_strdup("");
    return g_strconcat(times, mark->name, several ? " · " : "", several ? mark->dataflow : "",
                       NULL);
}

/* ---- row by row ------------------------------------------------------------------------- */

static void clear_mark(gpointer mark)
{
    g_free(((Mark *) mark)->worst);
}

static void clear_section(gpointer section)
{
    g_string_free(((HtmlSection *) section)->body, TRUE);
}

Html *html_begin(Output *out, const Report *report)
{
    Html *html = g_new0(Html, 1);
    html->out = out;
    html->rows = output_aside();
    html->layers = output_aside();
    html->marks = g_array_new(FALSE, TRUE, sizeof(Mark));
    g_array_set_clear_func(html->marks, clear_mark);
    html->ws = workspace_new();
    html->drawn = g_array_new(FALSE, TRUE, sizeof(guint));
    html->sections = g_array_new(FALSE, TRUE, sizeof(HtmlSection));
    g_array_set_clear_func(html->sections, clear_section);
    html->bodies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    html->totals = totals_new();
    html->figures = report->figures;
    html->has_machine = report->machine != NULL;
    if (html->has_machine)
        html->machine = *report->machine;
    html->memories = html->machine.n_memories > 0;
    return html;
}

void html_compare(Html *html, const Compare *compare, Report *const *runs)
{
    html->compare = compare;
    html->runs = runs;
}

void html_insert(Html *html, const char *id, const char *title, GString *body)
{
    HtmlSection section = {id, title, body};
    g_array_append_val(html->sections, section);
}

/* The machine is drawn as it is for the first layer. */
static void note_machine(Html *html, const ReportEntry *e)
{
    const Operator *op = &e->layer->op;
    if (html->n_tensors > 0)
        return;
    html->machine = *e->machine;
    html->has_machine = true;
    html->memories = e->machine->n_memories > 0;
    html->first = e->layer->name;
    html->n_tensors = op->n_tensors;
    for (int t = 0; t < op->n_tensors; t++)
        html->tensor[t] = op->tensor[t].name;
}

/* How many children a level has, all dataflows that the totals count say together. */
static void note_levels(Html *html, const Nest *nest)
{
    for (int l = 0; l < nest->n_levels; l++) {
        int64_t children = nest->level[l].children;
        bool first = l >= html->levels;
        html->least[l] = first ? children : MIN(html->least[l], children);
        html->most[l] = first ? children : MAX(html->most[l], children);
    }
    html->levels = MAX(html->levels, nest->n_levels);
}

static void keep_mark(Html *html, const ReportEntry *e, const Why *why, bool beside)
{
    const Result *r = &e->result;
    Mark mark = {.name = e->layer->name,
                 .dataflow = e->dataflow,
                 .number = html->entries,
                 .count = e->layer->count,
                 .run = e->run,
                 .beside = beside,
                 .cycles = (double) r->cycles,
                 .ideal = (double) r->ideal_cycles,
                 .active = r->active_pes,
                 .utilization = r->utilization,
                 .rate = (double) r->effectual_macs / (double) r->cycles,
                 .bound = r->bound_by};
    for (int cause = 0; cause < CAUSES; cause++)
        mark.cause[cause] = (double) r->cycles_by_cause[cause];
    if (e->costed)
        html_energies(e, mark.pj);
    html_needs(e, mark.need, &mark.exceeded);
    html_intensities(e, mark.intensity);
    const WhyTime *worst = why_worst(why);
    if (worst != NULL) {
        mark.worst = why_time_label(e, worst);
        mark.worst_cycles = (double) worst->cycles;
    }
    g_array_append_val(html->marks, mark);
}

static void add_entry(Html *html, const ReportEntry *entry, bool beside)
{
    if (*entry->dataflow != '\0') { /* some have none that could be read */
        html->dataflow = html->dataflow ? html->dataflow : entry->dataflow;
        html->several |= strcmp(html->dataflow, entry->dataflow) != 0;
    }
    g_autoptr(Why) why = NULL;
    if (entry->status == ENTRY_EVALUATED) {
        why = why_new(entry, html->figures, html->ws);
        note_machine(html, entry);
        if (!beside)
            note_levels(html, entry->nest);
        keep_mark(html, entry, why, beside);
    }
    html_table_row(html, entry);
    html_layer(html, entry, why);
    output_spill(html->rows);
    output_spill(html->layers);
    html->entries++;
}

void html_beside(Html *html, const ReportEntry *entry)
{
    html->beside = true;
    add_entry(html, entry, true);
}

/* Of a layer under several dataflows the one that it takes counts. */
static bool is_chosen(const Html *html, const ReportEntry *entry)
{
    return html->compare == NULL ||
           entry->run ==
               compare_chosen(html->compare, html->entries / (guint) compare_runs(html->compare));
}

void html_advise(Html *html, Adviser *adviser)
{
    html->adviser = adviser;
}

void html_entry(Html *html, const ReportEntry *entry)
{
    bool chosen = is_chosen(html, entry);
    add_entry(html, entry, !chosen);
    if (chosen)
        totals_add(html->totals, entry);
}

/* ---- charts ----------------------------------------------------------------------- */

static int by_weight(gconstpointer a, gconstpointer b)
{
    const Mark *x = *(const Mark *const *) a, *y = *(const Mark *const *) b;
    double wx = x->cycles * (double) x->count, wy = y->cycles * (double) y->count;
    return wx != wy ? (wx < wy) - (wx > wy) : (x->number > y->number) - (x->number < y->number);
}

static int by_number(gconstpointer a, gconstpointer b)
{
    return (*(const guint *) a > *(const guint *) b) - (*(const guint *) a < *(const guint *) b);
}

/* Of many bars those that the totals count, and of them those that take most time, in the order of
 * the network. */
static void choose_drawn(Html *html)
{
    g_autofree const Mark **order = g_new(const Mark *, html->marks->len + 1);
    bool many = html->marks->len > DRAWN_MOST;
    guint n = 0;
    for (guint k = 0; k < html->marks->len; k++)
        if (!many || !html_mark(html, k)->beside)
            order[n++] = html_mark(html, k);
    qsort(order, n, sizeof *order, by_weight);
    for (guint k = 0; k < MIN(n, DRAWN_MOST); k++) {
        guint number = (guint) (order[k] - html_mark(html, 0));
        g_array_append_val(html->drawn, number);
    }
    g_array_sort(html->drawn, by_number);
}

void html_say_drawn(const Html *html)
{
    if (html->drawn->len < html->marks->len)
        g_string_append_printf(html->out->text,
                               " Of %u bars %u are drawn, of what the totals count those that take "
                               "most time; the table of layers has all of them.",
                               html->marks->len, html->drawn->len);
}

static const double *runtime_parts(const Mark *mark)
{
    return mark->cause;
}

static const double *energy_parts(const Mark *mark)
{
    return mark->pj;
}

static const double *utilization_parts(const Mark *mark)
{
    return &mark->utilization;
}

static void add_bars(const Html *html)
{
    static const char *const busy[] = {""};
    const char *parts[COST_PARTS];
    const Bars runtime = {
        .title = "Runtime by cause",
        .axis = "cycles, all runs of a layer together",
        .desc = "Every cycle stands under what was waited for. The ticks on a bar are "
                "where it would end if all MACs worked all the time.",
        .unit = "",
        .names = html_causes,
        .n = CAUSES,
        .factor = 1,
        .runs = true,
        .ideal = true,
        .parts = runtime_parts};
    const Bars energy = {.title = "Energy by component",
                         .axis = "energy, J, all runs of a layer together",
                         .desc = "What has no figure is not in it.",
                         .unit = "J",
                         .names = parts,
                         .n = html_energy_parts(&html->machine, parts),
                         .factor = 1e-12,
                         .runs = true,
                         .parts = energy_parts};
    const Bars utilization = {.title = "Utilization",
                              .axis = "% of the MACs that the machine could do meanwhile",
                              .desc = "100 % is a MAC in every lane of every PE in every cycle.",
                              .unit = " %",
                              .names = busy,
                              .n = 1,
                              .factor = 100,
                              .full = 100,
                              .parts = utilization_parts};
    page_section(html->out->text, "charts", "Time and energy by layer");
    g_string_append(html->out->text, "<div class=\"charts\">\n");
    html_bars(html, &runtime);
    html_bars(html, &energy);
    html_bars(html, &utilization);
    g_string_append(html->out->text, "</div>\n");
    page_section_end(html->out->text);
}

/* ---- the page ------------------------------------------------------------------------ */

static void add_notes(GString *out, const Report *report)
{
    if (!report->notes->len)
        return;
    page_section(out, "messages", "Messages");
    g_string_append(out, "<ul class=\"notes\">\n");
    for (guint k = 0; k < report->notes->len; k++) {
        const ReportNote *note = &g_array_index(report->notes, ReportNote, k);
        g_string_append(out, "<li>");
        if (note->file) {
            html_escape(out, note->file);
            g_string_append_printf(out, ":%d:%d: ", note->line, note->column);
        }
        svg_put(out, "$: $</li>\n", note->severity, note->message);
    }
    g_string_append(out, "</ul>\n");
    page_section_end(out);
}

static void add_header(const Html *html, const Report *report)
{
    g_autofree char *title = g_strdup_printf("%s on %s", report->network, report->hardware);
    g_autoptr(GString) sub = g_string_new(NULL);
    if (html->compare != NULL)
        g_string_append_printf(sub, "%d dataflows compared", compare_runs(html->compare));
    else
        g_string_append_printf(sub, "dataflow %s",
                               *report->dataflow ? report->dataflow : "of each layer");
    g_string_append_printf(sub, " · technology %s",
                           report->technology && *report->technology ? report->technology
                           : report->figures                         ? "the machine's own"
                                                                     : "not given");
    g_string_append_printf(sub, " · %s %s", report->tool, report->version);
    page_open(html->out->text, title, sub->str);
}

static void add_contents(const Html *html, const Report *report)
{
    enum { FIXED = 7 };
    guint n = 0, extra = html->sections->len;
    g_autofree PageLink *links = g_new0(PageLink, extra + FIXED);
    bool some = html->marks->len > 0;
    links[n++] = (PageLink){"overview", "Overview"};
    for (guint k = 0; k < extra; k++) {
        const HtmlSection *section = &g_array_index(html->sections, HtmlSection, k);
        links[n++] = (PageLink){section->id, section->title};
    }
    if (some) {
        links[n++] = (PageLink){"charts", "Time and energy by layer"};
        links[n++] = (PageLink){"roofs", "Rooflines"};
        links[n++] = (PageLink){"buffers", "Buffers"};
    }
    links[n++] = (PageLink){"table", "Table of layers"};
    links[n++] = (PageLink){"layers", "Each layer"};
    if (report->notes->len)
        links[n++] = (PageLink){"messages", "Messages"};
    page_contents(html->out->text, links, (int) n);
}

static void add_layers(const Html *html)
{
    GString *out = html->out->text;
    page_section(out, "layers", "Each layer");
    g_string_append(out, "<p class=\"note\">Figures are of one run of a layer. Open one for where "
                         "its cycles and its energy go, what it needs of each memory, and its loop "
                         "nest.</p>\n");
    output_join(html->out, html->layers);
    page_section_end(out);
}

void html_total(Html *html, const Report *report)
{
    GString *out = html->out->text;
    choose_drawn(html);
    html_comparison(html);
    add_header(html, report);
    add_contents(html, report);
    html_overview(html, report);
    for (guint k = 0; k < html->sections->len; k++) {
        const HtmlSection *section = &g_array_index(html->sections, HtmlSection, k);
        page_section(out, section->id, section->title);
        g_string_append_len(out, section->body->str, (gssize) section->body->len);
        page_section_end(out);
    }
    if (html->marks->len > 0) {
        add_bars(html);
        html_rooflines(html);
        html_buffers(html);
    }
    html_table(html);
    add_layers(html);
    add_notes(out, report);
}

void html_end(Html *html)
{
    page_close(html->out->text, true);
    totals_free(html->totals);
    g_array_free(html->marks, TRUE);
    g_array_free(html->drawn, TRUE);
    g_array_free(html->sections, TRUE);
    g_hash_table_destroy(html->bodies);
    workspace_free(html->ws);
    output_discard(html->rows);
    output_discard(html->layers);
    g_free(html);
}

GString *html_write(const Report *report)
{
    Output *out = output_memory();
    Html *html = html_begin(out, report);
    for (guint k = 0; k < report->entries->len; k++)
        html_entry(html, &g_array_index(report->entries, ReportEntry, k));
    html_total(html, report);
    html_end(html);
    return output_take(out);
}
