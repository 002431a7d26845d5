#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"
#include "sched/show.h"

#define I64 "%" G_GINT64_FORMAT

/* ---- text ---- */

static void append_pj(GString *out, double pj)
{
    number_scaled(out, pj * 1e-12, "J");
}

static void append_part(const Show *show, GString *out, const char *name, double pj)
{
    double all = timeline_pj(&show->chosen->timeline);
    char part[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "  %-10s", name);
    append_pj(out, pj);
    if (all > 0)
        g_string_append_printf(out, "  %s%%",
                               g_ascii_formatd(part, sizeof part, "%.1f", pj / all * 100));
    g_string_append_c(out, '\n');
}

static void append_percent(GString *out, int64_t part, int64_t whole)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double share = whole > 0 ? (double) part / (double) whole * 100 : 0;
    g_string_append_printf(out, "%s%%", g_ascii_formatd(text, sizeof text, "%.1f", share));
}

static void cell_number(Table *table, int64_t value)
{
    GString *text = g_string_new(NULL);
    number_count(text, value);
    table_cell_take(table, text);
}

static void cell_percent(Table *table, int64_t part, int64_t whole)
{
    GString *text = g_string_new(NULL);
    append_percent(text, part, whole);
    table_cell_take(table, text);
}

static void cell_bytes(Table *table, int64_t bits)
{
    GString *text = g_string_new(NULL);
    number_scaled(text, (double) (bits / 8 + (bits % 8 > 0)), "bytes");
    table_cell_take(table, text);
}

static int nodes_on(const Show *show, int core)
{
    int n = 0;
    for (int i = 0; i < show->chosen->plan.graph->plan.n_nodes; i++)
        n += show->chosen->plan.core[i] == core;
    return n;
}

static void write_cores(const Show *show, Output *out, bool colour)
{
    const Timeline *line = &show->chosen->timeline;
    const PlanSystem *system = &show->problem->system;
    g_autoptr(Table) table = table_new(7);
    const char *head[] = {"core", "nodes", "busy", "util", "memory", "peak", "capacity"};
    table_left(table, 0);
    table_left(table, 4);
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        table_cell(table, head[i]);
    for (int k = 0; k < system->n_cores; k++)
        for (int m = 0; m < system->core[k].n_memories; m++) {
            int64_t capacity = system->core[k].capacity_bits[m];
            table_cell(table, m == 0 ? show_place(show, k) : "");
            if (m == 0) {
                cell_number(table, nodes_on(show, k));
                cell_number(table, line->busy[k]);
                cell_percent(table, line->busy[k], line->cycles);
            }
            for (int i = 0; i < 3 && m > 0; i++)
                table_cell(table, "");
            table_cell(table, show->problem->memory_name[k * PLAN_MEMORIES_MAX + m]);
            cell_bytes(table, line->peak[k * PLAN_MEMORIES_MAX + m]);
            if (capacity > 0)
                cell_bytes(table, capacity);
            else
                table_cell(table, "-");
        }
    table_write_out(table, out, 0, colour);
}

static void write_links(const Show *show, Output *out, bool colour)
{
    const Timeline *line = &show->chosen->timeline;
    g_autoptr(Table) table = table_new(3);
    const char *head[] = {"link", "busy", "util"};
    table_left(table, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        table_cell(table, head[i]);
    for (int l = 0; l < show->problem->system.n_links; l++) {
        table_cell(table, show_link(show, l));
        cell_number(table, line->used[l]);
        cell_percent(table, line->used[l], line->cycles);
    }
    table_write_out(table, out, 0, colour);
}

/* The cores of a layer: the one chosen, or all that its parts are dealt to. */
static void append_cores(const Show *show, int l, GString *out)
{
    for (int i = 0; i < problem_cores(show_split_of(show, l)); i++)
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", show_core(show, l, i));
}

/* Whether a layer is cut, or could be. */
static bool has_splits(const Show *show)
{
    for (int l = 0; l < show->problem->fleet->n_layers; l++)
        for (int s = 0; s < show->problem->layer[l].n_splits; s++)
            if (show->problem->layer[l].split[s].n_cuts > 0)
                return true;
    return false;
}

static void write_layers(const Show *show, Output *out, bool colour)
{
    const Problem *problem = show->problem;
    const Timeline *line = &show->chosen->timeline;
    bool splits = has_splits(show);
    g_autoptr(Table) table = table_new(splits ? 6 : 5);
    const char *head[] = {"layer", "cores", "split", "nodes", "start", "end"};
    for (int i = 0; i < (splits ? 3 : 2); i++)
        table_left(table, i);
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        if (i != 2 || splits)
            table_cell(table, head[i]);
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        int64_t start = INT64_MAX, end = 0;
        int nodes = 0;
        for (int n = 0; n < show->chosen->plan.graph->plan.n_nodes; n++) {
            if (show->chosen->plan.graph->node[n].layer != l)
                continue;
            start = MIN(start, line->start[n]);
            end = MAX(end, line->end[n]);
            nodes++;
        }
        GString *cores = g_string_new(NULL);
        append_cores(show, l, cores);
        table_cell(table, problem->fleet->layer[l].layer.name);
        table_cell_take(table, cores);
        if (splits) {
            GString *split = g_string_new(NULL);
            show_split(show, l, split);
            table_cell_take(table, split);
        }
        cell_number(table, nodes);
        cell_number(table, start);
        cell_number(table, end);
    }
    table_write_out(table, out, 0, colour);
}

static void append_bound(const Show *show, GString *out)
{
    const Chosen *chosen = show->chosen;
    static const char *const names[] = {"latency", "energy", "EDP"};
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!chosen->free_cores && !chosen->free_splits) {
        bool alone = show->problem->left->len > 0, splits = has_splits(show);
        g_string_append_printf(out, "  allocation is %s%s\n",
                               alone ? "the only one that can run" : "fixed",
                               !splits ? ""
                               : alone ? ", splits are fixed"
                                       : ", and so are splits");
        return;
    }
    g_string_append_printf(out, "  %s ", names[show->objective]);
    if (chosen->optimal)
        g_string_append_printf(out, "is the least of %.0f %s", chosen->choices,
                               !chosen->free_splits  ? "allocations"
                               : !chosen->free_cores ? "splits"
                                                     : "allocations and splits");
    else
        g_string_append_printf(
            out, "is the least of " I64 " schedules, at most %s%% above the bound",
            chosen->schedules, g_ascii_formatd(text, sizeof text, "%.1f", chosen->gap * 100));
    g_string_append_c(out, '\n');
}

/* ---- cores that are left out ---- */

/* A core and a reason, without the layer's name behind it: " (layer A)". */
static char *reason_of(const Show *show, const ProblemLeft *left)
{
    const char *name = show->problem->fleet->layer[left->layer].layer.name;
    g_autofree char *tail = g_strdup_printf(" (layer %s)", name);
    size_t length = strlen(left->why);
    if (g_str_has_suffix(left->why, tail))
        length -= strlen(tail);
    g_autofree char *why = g_strndup(left->why, length);
    return g_strdup_printf("%s: %s", show_place(show, left->core), why);
}

typedef struct {
    char *reason;
    GString *layers; /* names of the first of them */
    int n;
} LeftRow;

static void row_free(gpointer data)
{
    LeftRow *row = data;
    g_free(row->reason);
    g_string_free(row->layers, TRUE);
    g_free(row);
}

static LeftRow *row_of(GHashTable *by_reason, GPtrArray *rows, char *reason)
{
    LeftRow *row = g_hash_table_lookup(by_reason, reason);
    if (row != NULL) {
        g_free(reason);
        return row;
    }
    row = g_new0(LeftRow, 1);
    row->reason = reason;
    row->layers = g_string_new(NULL);
    g_hash_table_insert(by_reason, reason, row);
    g_ptr_array_add(rows, row);
    return row;
}

/* "left out  c1: the clusters need 64 PEs, there are 4 (A, B)", each reason once. */
static void append_left(const Show *show, GString *out)
{
    enum { NAMES_MOST = 4 };
    g_autoptr(GHashTable) by_reason = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    for (guint i = 0; i < show->problem->left->len; i++) {
        const ProblemLeft *left = &g_array_index(show->problem->left, ProblemLeft, i);
        LeftRow *row = row_of(by_reason, rows, reason_of(show, left));
        g_autofree char *name = printable_text(show->problem->fleet->layer[left->layer].layer.name);
        if (row->n++ < NAMES_MOST)
            g_string_append_printf(row->layers, "%s%s", row->n > 1 ? ", " : "", name);
    }
    for (guint i = 0; i < rows->len; i++) {
        const LeftRow *row = rows->pdata[i];
        g_autofree char *reason = printable_text(row->reason);
        g_string_append_printf(out, "  left out  %s (%s", reason, row->layers->str);
        if (row->n > NAMES_MOST)
            g_string_append_printf(out, " and %d more", row->n - NAMES_MOST);
        g_string_append(out, ")\n");
    }
}

void show_text(const Show *show, Output *out, bool colour)
{
    const Problem *problem = show->problem;
    const Timeline *line = &show->chosen->timeline;
    GString *text = out->text;
    double interval = show_interval(show);
    g_autofree char *network = printable_text(problem->fleet->network);
    g_autofree char *system = printable_text(problem->fleet->system.name);
    g_string_append_printf(text, "%s on %s: %d layers, %d nodes, %d cores\n\n", network, system,
                           problem->fleet->n_layers, show->chosen->plan.graph->plan.n_nodes,
                           problem->system.n_cores);
    g_string_append_printf(text, "  latency   " I64 " cycles, ", line->cycles);
    number_scaled(text, (double) line->cycles / problem->fleet->clock_hz, "s");
    g_string_append_c(text, '\n');
    if (problem->images > 1) {
        g_string_append(text, "  an image every ");
        number_scaled(text, interval, " cycles, ");
        number_scaled(text, problem->fleet->clock_hz / interval, " images/s\n");
    }
    append_bound(show, text);
    append_left(show, text);
    g_string_append_printf(text, "  priority  %s\n", show_priority(show));
    g_string_append(text, "\n  energy    ");
    append_pj(text, timeline_pj(line));
    g_string_append(text, problem->energy ? "\n" : ", without parts that have no figure\n");
    append_part(show, text, "cores", line->core_pj);
    append_part(show, text, "links", line->link_pj);
    append_part(show, text, "off-chip", line->offchip_pj);
    g_string_append_c(text, '\n');
    write_layers(show, out, colour);
    g_string_append_c(text, '\n');
    write_cores(show, out, colour);
    g_string_append_c(text, '\n');
    write_links(show, out, colour);
}
