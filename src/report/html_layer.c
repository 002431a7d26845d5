/* The section of a layer: where its cycles and its energy go, what it needs of the memories, its
 * nest.  Of layers that are alike in all of it only the first one's is written. */
#include "report/html_parts.h"

#include <math.h>

#include "report/detail.h"
#include "report/number.h"
#include "report/waterfall.h"
#include "report/why.h"

/* ---- energy ---------------------------------------------------------------------------- */

/* On a hierarchy the parts of the energy are the MACs, the memories, the hops, the leakage. */
void html_energies(const ReportEntry *e, double pj[COST_PARTS])
{
    const double *own = e->cost.pj;
    int memories = e->machine->n_memories;
    if (memories == 0) {
        for (int p = 0; p < COSTS; p++)
            pj[p] = own[p];
        return;
    }
    pj[0] = own[COST_MAC];
    for (int m = 0; m < memories; m++)
        pj[1 + m] = own[COSTS + m];
    pj[1 + memories] = own[COST_NOC];
    pj[2 + memories] = own[COST_LEAKAGE];
}

int html_energy_parts(const Machine *machine, const char *parts[COST_PARTS])
{
    static const char *const classic[COSTS] = {"MAC", "L1",       "buffers", "L2",
                                               "NoC", "off-chip", "leakage"};
    int n = 0;
    if (machine->n_memories == 0) {
        for (; n < COSTS; n++)
            parts[n] = classic[n];
        return n;
    }
    parts[n++] = "MAC";
    for (int m = 0; m < machine->n_memories; m++)
        parts[n++] = machine->memory[m].name;
    parts[n++] = "NoC";
    parts[n++] = "leakage";
    return n;
}

enum {
    TOTAL = SVG_COLOURS - 1, /* the colour of sums */
    ADVISED_MOST = 200       /* layers: remedies take some milliseconds each */
};

/* ---- where it goes --------------------------------------------------------------------- */

/* From the ideal to all cycles. */
static void add_cycles(GString *out, const ReportEntry *e, const Why *why)
{
    guint n = why->time->len;
    g_autofree WaterfallPart *parts = g_new0(WaterfallPart, n + 1);
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    for (guint k = 0; k < n; k++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, k);
        bool ideal = part->cause == WHY_IDEAL;
        g_ptr_array_add(labels, why_time_label(e, part));
        parts[k] = (WaterfallPart){labels->pdata[k], (double) part->cycles, ideal,
                                   ideal ? TOTAL : (int) part->cause % TOTAL};
    }
    parts[n] = (WaterfallPart){"all cycles", (double) e->result.cycles, true, TOTAL};
    g_string_append(out, "<div>\n<h4>Cycles</h4>\n");
    waterfall_draw(out, "Cycles, from the ideal on", "cycles of one run", "", parts, (int) n + 1);
    g_string_append(out, "</div>\n");
}

/* From what must move to all that moves. */
static void add_energy(GString *out, const ReportEntry *e, const Why *why)
{
    guint n = why->energy->len;
    g_autofree WaterfallPart *parts = g_new0(WaterfallPart, n + 1);
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    if (n == 0)
        return;
    for (guint k = 0; k < n; k++) {
        const WhyEnergy *part = &g_array_index(why->energy, WhyEnergy, k);
        g_ptr_array_add(labels, why_energy_label(e, part));
        parts[k] =
            (WaterfallPart){labels->pdata[k], part->pj * 1e-12, false, (int) part->cause % TOTAL};
    }
    parts[n] = (WaterfallPart){e->cost.unknown ? "all that is known" : "all energy",
                               e->cost.total_pj * 1e-12, true, TOTAL};
    g_string_append(out, "<div>\n<h4>Energy</h4>\n");
    waterfall_draw(out, "Energy, from what must move on", "energy of one run, J", "J", parts,
                   (int) n + 1);
    g_string_append(out, "</div>\n");
}

/* ---- what would help -------------------------------------------------------------------- */

static void add_change(GString *out, double now, double before)
{
    g_autoptr(GString) change = why_change(now, before);
    svg_put(out, "<td>$</td>", change->str);
}

static void add_gain(GString *out, const ReportEntry *e, const Remedy *r)
{
    g_autofree char *label = why_remedy_label(r);
    g_autoptr(GString) cycles = g_string_new(NULL);
    number_scaled(cycles, (double) r->cycles, "");
    svg_put(out, "<tr><th scope=\"row\">$$</th><td>$</td>", label,
            r->fits ? "" : " (does not fit its buffers)", cycles->str);
    add_change(out, (double) r->cycles, (double) e->result.cycles);
    add_change(out, r->pj, e->costed ? e->cost.total_pj : NAN);
    add_change(out, r->edp, e->costed ? e->cost.edp : NAN);
    g_string_append(out, "</tr>\n");
}

static void add_useless(GString *out, const ReportEntry *e, const GArray *remedies)
{
    const char *separator = "<p class=\"note\">No gain: ";
    for (guint k = 0; k < remedies->len; k++) {
        const Remedy *r = &g_array_index(remedies, Remedy, k);
        g_autofree char *label = why_remedy_label(r);
        if (why_gains(e, r))
            continue;
        g_string_append(out, separator);
        svg_put(out, "$", label);
        separator = "; ";
    }
    if (separator[0] == ';')
        g_string_append(out, ".</p>\n");
}

static void add_remedies(GString *out, const ReportEntry *e, const GArray *remedies)
{
    bool some = false;
    g_string_append(out, "<h4>What would help</h4>\n");
    for (guint k = 0; k < remedies->len; k++) {
        const Remedy *r = &g_array_index(remedies, Remedy, k);
        if (!why_gains(e, r))
            continue;
        if (!some)
            g_string_append(out, "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
                                 "<th scope=\"col\" class=\"text\">change</th>"
                                 "<th scope=\"col\">cycles</th><th scope=\"col\">time</th>"
                                 "<th scope=\"col\">energy</th><th scope=\"col\">EDP</th>"
                                 "</tr></thead><tbody>\n");
        some = true;
        add_gain(out, e, r);
    }
    g_string_append(out, some ? "</tbody></table></div>\n" : "<p>Nothing that was tried.</p>\n");
    add_useless(out, e, remedies);
}

/* ---- what it needs ----------------------------------------------------------------------- */

static void add_need(GString *out, const Machine *machine, int b, int64_t need, bool exceeded)
{
    g_autofree char *name = html_buffer_name(machine, b);
    g_autoptr(GString) needed = g_string_new(NULL), given = g_string_new(NULL);
    int64_t capacity = html_capacity(machine, b);
    number_scaled(needed, (double) need, "bytes");
    if (capacity > 0)
        number_scaled(given, (double) capacity, "bytes");
    svg_put(out, "<tr><th scope=\"row\">$</th><td>$$</td><td>$</td><td>", name, needed->str,
            exceeded ? " !" : "", capacity > 0 ? given->str : "not given");
    if (capacity > 0)
        g_string_append_printf(out, "%.0f %%%s", 100 * (double) need / (double) capacity,
                               exceeded ? " <span class=\"bad\">does not fit</span>" : "");
    g_string_append(out, "</td></tr>\n");
}

static void add_needs(GString *out, const ReportEntry *e)
{
    int64_t need[BUFFERS_MAX] = {0};
    unsigned exceeded = 0;
    html_needs(e, need, &exceeded);
    g_string_append(out, "<h4>Memories</h4>\n<table><thead><tr><th scope=\"col\" class=\"text\">"
                         "memory</th><th scope=\"col\">need</th><th scope=\"col\">capacity</th>"
                         "<th scope=\"col\">of it</th></tr></thead><tbody>\n");
    for (int b = 0; b < BUFFERS_MAX; b++)
        if (need[b] > 0)
            add_need(out, e->machine, b, need[b], exceeded >> b & 1);
    g_string_append(out, "</tbody></table>\n");
}

/* On a hierarchy the tree says all; else what each level reuses follows it. */
static void add_nest(GString *out, const ReportEntry *e)
{
    g_autoptr(GString) nest = g_string_new(NULL), levels = g_string_new(NULL);
    html_nest(nest, e);
    g_string_append(out, "<h4>Loop nest</h4>\n");
    page_lines(out, NULL, nest->str);
    if (e->machine->n_memories > 0)
        return;
    explain_nest(levels, e);
    page_lines(out, "Directives and reuse of each level", levels->str);
}

/* "K=64 C=3 ..." */
static void add_dims(GString *out, const ReportEntry *e)
{
    const Operator *op = &e->layer->op;
    svg_put(out, "<p class=\"note\">$", op->type);
    for (int d = 0; d < op->n_dims; d++) {
        svg_put(out, " $=", op->dim[d]);
        number_count(out, e->layer->extent[d]);
    }
    g_string_append(out, "</p>\n");
}

static GString *body_of(const ReportEntry *e, const Why *why, const GArray *remedies)
{
    GString *out = g_string_new(NULL);
    add_dims(out, e);
    g_string_append(out, "<div class=\"charts\">\n");
    add_cycles(out, e, why);
    add_energy(out, e, why);
    g_string_append(out, "</div>\n");
    if (remedies != NULL)
        add_remedies(out, e, remedies);
    add_needs(out, e);
    add_nest(out, e);
    return out;
}

/* ---- its section ------------------------------------------------------------------------ */

static void add_summary(GString *out, const ReportEntry *e, bool evaluated)
{
    g_autoptr(GString) name = detail_name(e->layer), sum = g_string_new(NULL);
    svg_put(out, "<summary><h3>$ · $</h3>", name->str, e->dataflow);
    if (evaluated) {
        g_string_append(sum, " — ");
        number_scaled(sum, (double) e->result.cycles, " cycles");
        if (e->costed) {
            g_string_append(sum, e->cost.unknown ? ", ≥" : ", ");
            number_scaled(sum, e->cost.total_pj * 1e-12, "J");
        }
        g_string_append_printf(sum, ", bound by %s", html_causes[e->result.bound_by]);
        svg_put(out, " <span class=\"sum\">$</span>", sum->str);
    } else {
        svg_put(out, " — <span class=\"bad\">$</span>", report_status_name(e->status));
    }
    g_string_append(out, "</summary>\n");
}

static void add_body(Html *html, const ReportEntry *e, const Why *why)
{
    GString *out = html->layers->text;
    bool advised = html->adviser != NULL && html->entries < ADVISED_MOST;
    g_autoptr(GArray) remedies =
        advised ? adviser_remedies(html->adviser, html->entries, e, html->figures) : NULL;
    g_autoptr(GString) body = body_of(e, why, remedies);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, body->str, -1);
    gpointer first;
    if (g_hash_table_lookup_extended(html->bodies, sum, NULL, &first)) {
        g_string_append_printf(out, "<p>In all figures as <a href=\"#l%u\">entry %u</a>.</p>\n",
                               GPOINTER_TO_UINT(first), GPOINTER_TO_UINT(first) + 1);
        return;
    }
    g_hash_table_insert(html->bodies, g_steal_pointer(&sum), GUINT_TO_POINTER(html->entries));
    g_string_append_len(out, body->str, (gssize) body->len);
}

void html_layer(Html *html, const ReportEntry *e, const Why *why)
{
    GString *out = html->layers->text;
    bool evaluated = e->status == ENTRY_EVALUATED;
    g_string_append(out, "<details class=\"layer\">");
    add_summary(out, e, evaluated);
    /* a link to what is inside opens it */
    g_string_append_printf(out, "<div id=\"l%u\">\n", html->entries);
    if (evaluated)
        add_body(html, e, why);
    else
        svg_put(out, "<p>Not evaluated: $</p>\n", e->why ? e->why : "no reason is known");
    g_string_append(out, "</div></details>\n");
}
