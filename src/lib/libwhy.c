/* Why a job costs what it does, and what would help it. */
#include "lib/lib.h"

#include "report/why.h"

struct dcc_why {
    ReportEntry entry; /* its names are the job's */
    Why *why;          /* NULL: nothing was asked */
    GArray *remedies;
    GPtrArray *labels; /* owned texts: of times, energies, remedies */
};

dcc_why *dcc_why_new(void)
{
    return g_new0(dcc_why, 1);
}

static void forget(dcc_why *why)
{
    g_clear_pointer(&why->why, why_free);
    g_clear_pointer(&why->remedies, g_array_unref);
    g_clear_pointer(&why->labels, g_ptr_array_unref);
}

void dcc_why_free(dcc_why *why)
{
    if (why == NULL)
        return;
    forget(why);
    g_free(why);
}

static void make_labels(dcc_why *why)
{
    why->labels = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < why->why->time->len; i++)
        g_ptr_array_add(why->labels,
                        why_time_label(&why->entry, &g_array_index(why->why->time, WhyTime, i)));
    for (guint i = 0; i < why->why->energy->len; i++)
        g_ptr_array_add(why->labels, why_energy_label(&why->entry, &g_array_index(why->why->energy,
                                                                                  WhyEnergy, i)));
    for (guint i = 0; i < why->remedies->len; i++)
        g_ptr_array_add(why->labels, why_remedy_label(&g_array_index(why->remedies, Remedy, i)));
}

int dcc_why_run(dcc_context *context, const dcc_job *job, const dcc_result *result, double seconds,
                dcc_why *why)
{
    if (context == NULL || job == NULL || result == NULL || why == NULL || !(seconds >= 0) ||
        result->entry.layer == NULL || result->entry.status != ENTRY_EVALUATED ||
        result->entry.result.cycles < 0)
        return DCC_BAD_ARGUMENT;
    g_autoptr(Adviser) adviser = adviser_new(NULL, NULL, (AdviserSearch){.seconds = seconds});
    forget(why);
    context->prepared = false;
    why->entry = result->entry;
    const Technology *technology = cost_technology(job->technology, job->machine);
    why->why = why_new(&why->entry, technology, context->workspace);
    why->remedies = adviser_remedies(adviser, 0, &why->entry, technology);
    make_labels(why);
    return DCC_OK;
}

static const char *label_at(const dcc_why *why, guint i)
{
    return g_ptr_array_index(why->labels, i);
}

int dcc_why_times(const dcc_why *why)
{
    return why == NULL || why->why == NULL ? 0 : (int) why->why->time->len;
}

int dcc_why_time(const dcc_why *why, int i, dcc_time_part *part)
{
    if (i < 0 || i >= dcc_why_times(why) || part == NULL)
        return DCC_BAD_ARGUMENT;
    const WhyTime *time = &g_array_index(why->why->time, WhyTime, i);
    *part = (dcc_time_part){.cause = why_cause_names[time->cause],
                            .label = label_at(why, (guint) i),
                            .level = time->link,
                            .tensor = time->tensor,
                            .cycles = time->cycles};
    return DCC_OK;
}

int dcc_why_energies(const dcc_why *why)
{
    return why == NULL || why->why == NULL ? 0 : (int) why->why->energy->len;
}

int dcc_why_energy(const dcc_why *why, int i, dcc_energy_part *part)
{
    if (i < 0 || i >= dcc_why_energies(why) || part == NULL)
        return DCC_BAD_ARGUMENT;
    const WhyEnergy *energy = &g_array_index(why->why->energy, WhyEnergy, i);
    *part = (dcc_energy_part){.cause = why_energy_names[energy->cause],
                              .label = label_at(why, why->why->time->len + (guint) i),
                              .part = energy->part < 0 ? NULL : why->entry.cost.name[energy->part],
                              .tensor = energy->tensor,
                              .pj = energy->pj};
    return DCC_OK;
}

int dcc_why_remedies(const dcc_why *why)
{
    return why == NULL || why->why == NULL ? 0 : (int) why->remedies->len;
}

int dcc_why_remedy(const dcc_why *why, int i, dcc_remedy *remedy)
{
    if (i < 0 || i >= dcc_why_remedies(why) || remedy == NULL)
        return DCC_BAD_ARGUMENT;
    const Remedy *r = &g_array_index(why->remedies, Remedy, i);
    guint before = why->why->time->len + why->why->energy->len;
    *remedy = (dcc_remedy){.kind = remedy_names[r->kind],
                           .label = label_at(why, before + (guint) i),
                           .what = r->what,
                           .unit = r->unit,
                           .dataflow = r->dataflow,
                           .from = r->from,
                           .to = r->to,
                           .fits = r->fits,
                           .cycles = r->cycles,
                           .pj = r->pj,
                           .edp = r->edp};
    return DCC_OK;
}
