/* What the writers say of a hierarchy of memories. */
#include "report/report.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>

#include "report/html.h"
#include "report/metrics.h"
#include "tests/unit/bypass.h"

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
    Technology technology;
    Report *report;
} Sample;

static Sample sample(void)
{
    Sample s = {bypass_layer(), bypass_nest(), bypass_machine(), bypass_technology(), report_new()};
    return s;
}

/* Adds the layer as it was counted by hand. */
static void fill(Sample *s)
{
    static ReportEntry entry;
    entry_start(&entry, "ws", &s->layer, &s->nest, &s->machine);
    entry.status = ENTRY_EVALUATED;
    bypass_result(&entry.result);
    entry_cost(&entry, &s->technology);
    g_array_append_val(s->report->entries, entry);
    Report *report = s->report;
    report->tool = "dcc";
    report->network = "net";
    report->technology = "test";
    report->hardware = report->machine ? report->hardware : "bypass";
    report->machine = &s->machine;
    report->pes = 8;
    report->clock_hz = 1e9;
    report->figures = &s->technology;
    Capacity capacity = {.l1 = 0};
    cost_capacity(&s->machine, &s->nest, &entry.result, &capacity);
    cost_chip(&s->machine, &capacity, &s->technology, &report->chip);
}

int main(void)
{
    Sample s = sample();
    fill(&s);
    GString *t = text_write(s.report, (TextStyle){.detail = true});
    puts(t->str);
    t = json_write(s.report);
    puts(t->str);
    t = csv_write(s.report);
    puts(t->str);
    ExplainCost *e;
    Output *o = output_memory();
    e = explain_cost_begin(o, s.report);
    explain_cost_entry(e, &g_array_index(s.report->entries, ReportEntry, 0));
    explain_cost_end(e, s.report);
    puts(output_take(o)->str);
    puts(explain_write(&g_array_index(s.report->entries, ReportEntry, 0))->str);
}
