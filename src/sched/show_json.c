#include <math.h>

#include "report/number.h"
#include "report/report.h"
#include "sched/show.h"

#define I64 "%" G_GINT64_FORMAT

static void separate(GString *out, bool *first)
{
    g_string_append(out, *first ? "\n    " : ",\n    ");
    *first = false;
}

static void append_int(GString *out, const char *name, int64_t value)
{
    g_string_append_printf(out, "\"%s\": " I64, name, value);
}

static void append_text(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, "\"%s\": ", name);
    json_append_text(out, text);
}

static void append_cores(const Show *show, Output *out)
{
    const Timeline *line = &show->chosen->timeline;
    const PlanSystem *system = &show->problem->system;
    bool first = true;
    g_string_append(out->text, "  \"cores\": [");
    for (int k = 0; k < system->n_cores; k++) {
        separate(out->text, &first);
        g_string_append_c(out->text, '{');
        append_text(out->text, "name", show_place(show, k));
        g_string_append(out->text, ", ");
        append_int(out->text, "busy_cycles", line->busy[k]);
        g_string_append(out->text, ", \"memories\": [");
        for (int m = 0; m < system->core[k].n_memories; m++) {
            int64_t bits = line->peak[k * PLAN_MEMORIES_MAX + m],
                    capacity = system->core[k].capacity_bits[m];
            g_string_append(out->text, m > 0 ? ", {" : "{");
            append_text(out->text, "name", show->problem->memory_name[k * PLAN_MEMORIES_MAX + m]);
            g_string_append_printf(out->text, ", \"peak_bytes\": " I64 ", \"capacity_bytes\": ",
                                   bits / 8 + (bits % 8 > 0));
            if (capacity > 0)
                g_string_append_printf(out->text, I64 "}", capacity / 8);
            else
                g_string_append(out->text, "null}");
        }
        g_string_append(out->text, "], ");
        append_int(out->text, "peak_bytes", show_peak(show, k));
        g_string_append_c(out->text, '}');
    }
    g_string_append(out->text, "\n  ],\n");
}

static void append_links(const Show *show, Output *out)
{
    bool first = true;
    g_string_append(out->text, "  \"links\": [");
    for (int l = 0; l < show->problem->system.n_links; l++) {
        separate(out->text, &first);
        g_string_append_c(out->text, '{');
        append_text(out->text, "name", show_link(show, l));
        g_string_append(out->text, ", ");
        append_int(out->text, "busy_cycles", show->chosen->timeline.used[l]);
        g_string_append_c(out->text, '}');
    }
    g_string_append(out->text, "\n  ],\n");
}

/* {"K": [0, 8], "Y'": [3, 4]}: the dims of the output. */
static void append_box(const Layer *layer, const GraphBox *box, GString *out)
{
    const Tensor *output = &layer->op.tensor[layer->op.output];
    g_string_append(out, "\"box\": {");
    for (int c = 0; c < output->n_coords; c++) {
        int d = output->coord[c].dim[0];
        g_string_append(out, c > 0 ? ", " : "");
        json_append_text(out, layer->op.dim[d]);
        g_string_append_printf(out, ": [" I64 ", " I64 "]", box->low[d], box->high[d]);
    }
    g_string_append(out, "}");
}

static void append_nodes(const Show *show, Output *out)
{
    const Graph *graph = show->chosen->plan.graph;
    bool first = true;
    g_string_append(out->text, "  \"nodes\": [");
    for (int n = 0; n < graph->plan.n_nodes; n++) {
        const Layer *layer = &show->problem->fleet->layer[graph->node[n].layer].layer;
        separate(out->text, &first);
        g_string_append_c(out->text, '{');
        append_text(out->text, "layer", layer->name);
        g_string_append(out->text, ", ");
        append_int(out->text, "image", graph->node[n].image);
        g_string_append(out->text, ", ");
        append_box(layer, &graph->node[n].box, out->text);
        g_string_append(out->text, ", ");
        append_text(out->text, "core", show_place(show, show->chosen->plan.core[n]));
        g_string_append(out->text, ", ");
        append_int(out->text, "start", show->chosen->timeline.start[n]);
        g_string_append(out->text, ", ");
        append_int(out->text, "end", show->chosen->timeline.end[n]);
        g_string_append_c(out->text, '}');
        output_spill(out);
    }
    g_string_append(out->text, "\n  ],\n");
}

static void append_transfers(const Show *show, Output *out)
{
    const GArray *transfers = show->chosen->timeline.transfers;
    bool first = true;
    g_string_append(out->text, "  \"transfers\": [");
    for (guint i = 0; i < transfers->len; i++) {
        const PlanTransfer *t = &g_array_index(transfers, PlanTransfer, i);
        g_autoptr(GString) piece = g_string_new(NULL);
        show_piece(show, t->piece, piece);
        separate(out->text, &first);
        g_string_append_c(out->text, '{');
        append_text(out->text, "tensor", piece->str);
        g_string_append(out->text, ", ");
        append_int(out->text, "bytes", t->bits / 8 + (t->bits % 8 > 0));
        g_string_append(out->text, ", ");
        append_text(out->text, "from", show_place(show, t->from));
        g_string_append(out->text, ", ");
        append_text(out->text, "to", show_place(show, t->to));
        g_string_append(out->text, ", ");
        append_int(out->text, "start", t->start);
        g_string_append(out->text, ", ");
        append_int(out->text, "end", t->end);
        g_string_append_printf(out->text, ", \"shared\": %s}", t->with >= 0 ? "true" : "false");
        output_spill(out);
    }
    g_string_append(out->text, "\n  ],\n");
}

static void append_allocation(const Show *show, Output *out)
{
    bool first = true;
    g_string_append(out->text, "  \"allocation\": {");
    for (int l = 0; l < show->problem->fleet->n_layers; l++) {
        separate(out->text, &first);
        json_append_text(out->text, show->problem->fleet->layer[l].layer.name);
        g_string_append(out->text, ": [");
        for (int i = 0; i < problem_cores(show_split_of(show, l)); i++) {
            g_string_append(out->text, i > 0 ? ", " : "");
            json_append_text(out->text, show_core(show, l, i));
        }
        g_string_append_c(out->text, ']');
    }
    g_string_append(out->text, "\n  },\n");
}

/* Cores that cannot run what they may be allocated. */
static void append_left(const Show *show, Output *out)
{
    bool first = true;
    g_string_append(out->text, "  \"left_out\": [");
    for (guint i = 0; i < show->problem->left->len; i++) {
        const ProblemLeft *left = &g_array_index(show->problem->left, ProblemLeft, i);
        separate(out->text, &first);
        g_string_append_c(out->text, '{');
        append_text(out->text, "layer", show->problem->fleet->layer[left->layer].layer.name);
        g_string_append(out->text, ", ");
        append_text(out->text, "core", show_place(show, left->core));
        g_string_append(out->text, ", ");
        append_text(out->text, "why", left->why);
        g_string_append_c(out->text, '}');
        output_spill(out);
    }
    g_string_append(out->text, first ? "],\n" : "\n  ],\n");
}

static void append_split(const Show *show, Output *out)
{
    bool first = true;
    g_string_append(out->text, "  \"split\": {");
    for (int l = 0; l < show->problem->fleet->n_layers; l++) {
        g_autoptr(GString) split = g_string_new(NULL);
        separate(out->text, &first);
        json_append_text(out->text, show->problem->fleet->layer[l].layer.name);
        g_string_append(out->text, ": ");
        show_split(show, l, split);
        json_append_text(out->text, split->str);
    }
    g_string_append(out->text, "\n  },\n  ");
    append_text(out->text, "priority", show_priority(show));
    g_string_append(out->text, ",\n");
}

void show_json(const Show *show, Output *out)
{
    const Timeline *line = &show->chosen->timeline;
    static const char *const objectives[] = {"latency", "energy", "edp"};
    const struct {
        const char *name;
        double pj;
    } part[] = {{"cores", line->core_pj},
                {"links", line->link_pj},
                {"offchip", line->offchip_pj},
                {"total", timeline_pj(line)}};
    GString *text = out->text;
    g_string_append(text, "{\n  ");
    append_text(text, "network", show->problem->fleet->network);
    g_string_append(text, ",\n  ");
    append_text(text, "system", show->problem->fleet->system.name);
    g_string_append(text, ",\n  ");
    append_int(text, "latency_cycles", line->cycles);
    g_string_append(text, ",\n  \"cycles_per_image\": ");
    json_append_real(text, show_interval(show));
    g_string_append(text, ",\n  \"energy_pj\": {");
    for (size_t i = 0; i < G_N_ELEMENTS(part); i++) {
        g_string_append_printf(text, "%s\"%s\": ", i > 0 ? ", " : "", part[i].name);
        json_append_real(text, part[i].pj);
    }
    g_string_append_printf(text, "},\n  \"energy_known\": %s,\n",
                           show->problem->energy ? "true" : "false");
    append_cores(show, out);
    append_links(show, out);
    append_nodes(show, out);
    append_transfers(show, out);
    append_allocation(show, out);
    append_left(show, out);
    append_split(show, out);
    g_string_append(text, "  ");
    append_text(text, "objective", objectives[show->objective]);
    g_string_append(text, ",\n  \"value\": ");
    json_append_real(text, show->chosen->value);
    g_string_append(text, ",\n  \"bound\": ");
    json_append_real(text, show->chosen->bound);
    g_string_append(text, ",\n  \"gap\": ");
    json_append_real(text, show->chosen->gap);
    g_string_append_printf(text, ",\n  \"optimal\": %s,\n  \"schedules\": " I64 "\n}\n",
                           show->chosen->optimal ? "true" : "false", show->chosen->schedules);
}
