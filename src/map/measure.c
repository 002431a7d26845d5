#include "map/measure.h"

#include <math.h>
#include <string.h>

/* Whether a path is one that the pattern stands for: {t} and the like for one part of it each. */
static bool matches(const char *pattern, const char *path)
{
    g_auto(GStrv) wanted = g_strsplit(pattern, ".", -1);
    g_auto(GStrv) given = g_strsplit(path, ".", -1);
    if (g_strv_length(wanted) != g_strv_length(given))
        return false;
    for (guint i = 0; wanted[i] != NULL; i++)
        if (*wanted[i] == '{' ? *given[i] == '\0' : strcmp(wanted[i], given[i]) != 0)
            return false;
    return true;
}

static const char *nearest(const char *path)
{
    const char *names[METRICS];
    for (int k = 0; k < METRICS; k++)
        names[k] = metrics_table[k].path;
    return diag_nearest(path, names, METRICS);
}

bool measure_find(const char *path, const char *option, Measure *measure, GError **error)
{
    for (int k = 0; k < METRICS; k++)
        if (metrics_table[k].kind != METRIC_KIND_TEXT && matches(metrics_table[k].path, path)) {
            *measure = (Measure){(MetricId) k, path};
            return true;
        }
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s: no metric '%s'; dcc --list metrics has them%s%s%s", option, path,
                DIAG_HINT(nearest(path)));
    return false;
}

static double number_of(MetricValue value)
{
    if (!value.known)
        return NAN;
    return value.kind == METRIC_KIND_COUNT ? (double) value.count : value.real;
}

double measure_read(const Measure *measure, const ReportEntry *entry)
{
    MetricIndex at;
    for (bool more = metrics_first(measure->id, entry, &at); more;
         more = metrics_next(measure->id, entry, &at)) {
        g_autofree char *name = metrics_name(measure->id, entry, at);
        if (strcmp(name, measure->path) == 0)
            return number_of(metrics_read(measure->id, entry, at));
    }
    return NAN;
}

static bool wrong(const char *text, GError **error)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--require %s: wants METRIC RELATION NUMBER, such as 'utilization >= 0.8'", text);
    return false;
}

bool requirement_parse(const char *text, Requirement *requirement, GError **error)
{
    size_t name = strcspn(text, "<>= "), blank = strspn(text + name, " ");
    const char *relation = text + name + blank;
    size_t length = strspn(relation, "<>=");
    char *end = NULL;
    if (name == 0 || length < 1 || length > 2)
        return wrong(text, error);
    *requirement = (Requirement){.limit = g_ascii_strtod(relation + length, &end)};
    memcpy(requirement->relation, relation, length);
    static const char *const relations[] = {"<=", ">=", "<", ">", "==", NULL};
    if (end == relation + length || *g_strchug(end) != '\0' ||
        !g_strv_contains(relations, requirement->relation))
        return wrong(text, error);
    requirement->path = g_strndup(text, name);
    if (measure_find(requirement->path, "--require", &requirement->measure, error))
        return true;
    requirement_clear(requirement);
    return false;
}

void requirement_clear(Requirement *requirement)
{
    g_clear_pointer(&requirement->path, g_free);
}

bool requirement_met(const Requirement *r, const ReportEntry *entry)
{
    double value = measure_read(&r->measure, entry);
    if (isnan(value))
        return false;
    bool equal = r->relation[strlen(r->relation) - 1] == '=' && value == r->limit;
    return equal || (*r->relation == '<' && value < r->limit) ||
           (*r->relation == '>' && value > r->limit);
}
