#include "why/why.h"

#include "why/parts.h"

const char *const why_cause_names[WHY_CAUSES] = {
    [WHY_IDEAL] = "ideal", [WHY_IDLE] = "idle",       [WHY_REPEATED] = "repeated",
    [WHY_FOLDS] = "folds", [WHY_EDGES] = "edges",     [WHY_PORTS] = "ports",
    [WHY_FILL] = "fill",   [WHY_INGRESS] = "ingress", [WHY_EGRESS] = "egress",
    [WHY_DRAIN] = "drain", [WHY_OFFCHIP] = "offchip", [WHY_SETUP] = "setup"};

const char *const why_energy_names[WHY_ENERGIES] = {[WHY_COMPUTE] = "compute",
                                                    [WHY_ONCE] = "once",
                                                    [WHY_AGAIN] = "again",
                                                    [WHY_MOVED] = "interconnect",
                                                    [WHY_LEAKED] = "leakage"};

Why *why_new(const ReportEntry *entry, const Technology *technology, Workspace *ws)
{
    Why *why = g_new0(Why, 1);
    why->time = g_array_new(FALSE, TRUE, sizeof(WhyTime));
    why->energy = g_array_new(FALSE, TRUE, sizeof(WhyEnergy));
    why_add_time(entry, ws, why->time);
    why_add_energy(entry, technology, why);
    return why;
}

void why_free(Why *why)
{
    g_array_free(why->time, TRUE);
    g_array_free(why->energy, TRUE);
    g_free(why);
}

const WhyTime *why_worst(const Why *why)
{
    const WhyTime *worst = NULL;
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        if (part->cause != WHY_IDEAL && (worst == NULL || part->cycles > worst->cycles))
            worst = part;
    }
    return worst;
}
