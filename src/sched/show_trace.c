/* Complete events ("ph": "X") of the trace event format; process 0 has the cores, process 1 the
 * links. */
#include "report/report.h"
#include "sched/show.h"

#define I64 "%" G_GINT64_FORMAT

typedef struct {
    const Show *show;
    Output *out;
    bool first;
} Trace;

static void begin_event(Trace *trace)
{
    g_string_append(trace->out->text, trace->first ? "\n" : ",\n");
    trace->first = false;
}

static void name_row(Trace *trace, const char *kind, int process, int row, const char *name)
{
    begin_event(trace);
    g_string_append_printf(trace->out->text,
                           "{\"ph\": \"M\", \"name\": \"%s\", \"pid\": %d, \"tid\": %d, "
                           "\"args\": {\"name\": ",
                           kind, process, row);
    json_append_text(trace->out->text, name);
    g_string_append(trace->out->text, "}}");
}

static void event(Trace *trace, int process, int row, const char *name, int64_t start, int64_t end)
{
    begin_event(trace);
    g_string_append(trace->out->text, "{\"ph\": \"X\", \"name\": ");
    json_append_text(trace->out->text, name);
    g_string_append_printf(trace->out->text,
                           ", \"pid\": %d, \"tid\": %d, \"ts\": " I64 ", \"dur\": " I64 "}",
                           process, row, start, end - start);
    output_spill(trace->out);
}

static void add_transfer(Trace *trace, const PlanTransfer *t)
{
    const Show *show = trace->show;
    const PlanSystem *system = &show->problem->system;
    const PlanRoute *route = &system->route[t->from * (system->n_cores + 1) + t->to];
    g_autoptr(GString) name = g_string_new(NULL);
    if (t->with >= 0)
        return;
    show_piece(show, t->piece, name);
    g_string_append_printf(name, ": %s to %s", show_place(show, t->from), show_place(show, t->to));
    for (int l = 0; l < route->n; l++)
        event(trace, 1, route->link[l], name->str, t->start, t->end);
}

void show_trace(const Show *show, Output *out)
{
    const Problem *problem = show->problem;
    const Timeline *line = &show->chosen->timeline;
    Trace trace = {show, out, true};
    g_string_append(out->text, "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [");
    name_row(&trace, "process_name", 0, 0, "cores");
    name_row(&trace, "process_name", 1, 0, "links");
    for (int k = 0; k < problem->system.n_cores; k++)
        name_row(&trace, "thread_name", 0, k, show_place(show, k));
    for (int l = 0; l < problem->system.n_links; l++)
        name_row(&trace, "thread_name", 1, l, show_link(show, l));
    for (int n = 0; n < show->chosen->plan.graph->plan.n_nodes; n++) {
        g_autoptr(GString) name = g_string_new(NULL);
        show_node(show, n, name);
        event(&trace, 0, show->chosen->plan.core[n], name->str, line->start[n], line->end[n]);
    }
    for (guint i = 0; i < line->transfers->len; i++)
        add_transfer(&trace, &g_array_index(line->transfers, PlanTransfer, i));
    g_string_append(out->text, "\n]}\n");
}
