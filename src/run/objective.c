/* Names of objectives, in one list; ties. */
#include "run/objective.h"

#include <string.h>

static const char *const names[OBJECTIVES] = {
    [OBJECTIVE_RUNTIME] = "runtime", [OBJECTIVE_THROUGHPUT] = "throughput",
    [OBJECTIVE_ENERGY] = "energy",   [OBJECTIVE_EDP] = "edp",
    [OBJECTIVE_AREA] = "area",       [OBJECTIVE_POWER] = "power"};

const char *objective_name(Objective objective)
{
    return names[objective];
}

int objective_find(const char *name, ObjectiveSet among, const char *option, GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (int o = 0; o < OBJECTIVES; o++) {
        if (!(among >> o & 1))
            continue;
        if (strcmp(names[o], name) == 0)
            return o;
        g_string_append_printf(all, "%s%s", all->len > 0 ? ", " : "", names[o]);
    }
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s: no objective '%s'; there are %s", option, name, all->str);
    return -1;
}

int objective_order(const Merit *a, const Merit *b)
{
    const double x[] = {a->edp, a->seconds, a->pj, a->um2, a->bytes};
    const double y[] = {b->edp, b->seconds, b->pj, b->um2, b->bytes};
    for (size_t k = 0; k < G_N_ELEMENTS(x); k++)
        if (x[k] != y[k])
            return x[k] < y[k] ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}
