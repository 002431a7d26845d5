/* Why nothing is found for a problem: a memory that is too small for the smallest tiles; else, of
 * mappings that fit, an energy that has no figure, or what is required of them. */
#include <math.h>
#include <string.h>

#include "ir/decimal.h"
#include "map/network_parts.h"
#include "map/obstacle.h"

enum { LOOKED_AT = 3000, NAMES_BYTES = 200 };

struct Fitting {
    const Network *network;
    const GArray *demands;   /* of Requirement */
    int64_t fit, known;      /* how many, and with what the objective rests on */
    double *nearest;         /* by requirement: the value that comes nearest; NAN: none is known */
    bool *met;               /* by requirement: by some mapping */
    char names[NAMES_BYTES]; /* parts whose energy has no figure, of the first that lacks one */
    GMutex lock;
};

Fitting *fitting_new(const Network *n)
{
    static const GArray none;
    Fitting *f = g_new0(Fitting, 1);
    f->network = n;
    f->demands = n->options->requirements != NULL ? n->options->requirements : &none;
    f->nearest = g_new(double, f->demands->len + 1);
    f->met = g_new0(bool, f->demands->len + 1);
    for (guint i = 0; i < f->demands->len; i++)
        f->nearest[i] = NAN;
    g_mutex_init(&f->lock);
    return f;
}

void fitting_free(Fitting *f)
{
    if (f == NULL)
        return;
    g_free(f->nearest);
    g_free(f->met);
    g_mutex_clear(&f->lock);
    g_free(f);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fitting, fitting_free)

static const Requirement *demand_at(const Fitting *f, guint i)
{
    return &g_array_index(f->demands, Requirement, i);
}

static void note_demand(Fitting *f, guint i, const ReportEntry *entry)
{
    const Requirement *demand = demand_at(f, i);
    double value = measure_read(&demand->measure, entry), limit = demand->limit;
    f->met[i] |= requirement_met(demand, entry);
    if (isnan(f->nearest[i]) || fabs(value - limit) < fabs(f->nearest[i] - limit))
        f->nearest[i] = value;
}

void fitting_note(Fitting *f, const ReportEntry *entry)
{
    g_mutex_lock(&f->lock);
    f->fit++;
    if (network_known(entry, f->network->objective))
        f->known++;
    else if (*f->names == '\0' && entry->costed)
        cost_energy_known(&entry->cost, f->names, sizeof f->names);
    for (guint i = 0; i < f->demands->len; i++)
        note_demand(f, i, entry);
    g_mutex_unlock(&f->lock);
}

static void append_demand(const Fitting *f, guint i, GString *why)
{
    const Requirement *demand = demand_at(f, i);
    g_string_append_printf(why, "%s %s ", demand->path, demand->relation);
    decimal_apart(why, demand->limit, 10, f->nearest[i]);
}

static void append_nearest(const Fitting *f, guint i, GString *why)
{
    bool known = !isnan(f->nearest[i]);
    g_string_append(why, known ? "; the nearest has " : ", which is not known");
    if (known)
        decimal_apart(why, f->nearest[i], 10, demand_at(f, i)->limit);
}

/* What none of them meets; false if some meets each. */
static bool append_unmet(const Fitting *f, const char *whose, GString *why)
{
    bool told = false;
    for (guint i = 0; i < f->demands->len; i++) {
        if (f->met[i])
            continue;
        g_string_append_printf(why, "%s%s has ", told ? "; none" : "none of ", told ? "" : whose);
        append_demand(f, i, why);
        append_nearest(f, i, why);
        told = true;
    }
    return told;
}

static void append_together(const Fitting *f, const char *whose, GString *why)
{
    g_string_append_printf(why, "none of %s has all that is required: ", whose);
    for (guint i = 0; i < f->demands->len; i++) {
        g_string_append(why, i > 0 ? ", " : "");
        append_demand(f, i, why);
    }
}

/* Nothing where nothing fits, or nothing is wrong with what does. */
static void append_fitting(const Fitting *f, const char *whose, GString *why)
{
    if (f->fit == 0 || append_unmet(f, whose, why))
        return;
    if (f->known == 0)
        g_string_append_printf(why, "the energy of %s is not known: no figure is given for %s",
                               whose, *f->names != '\0' ? f->names : "any part");
    else if (f->demands->len > 0)
        append_together(f, whose, why);
}

/* ---- what the dataflow that is given needs ---- */

static void look_at_given(Network *n, const Problem *problem, const Start *start, Fitting *fitting,
                          GString *why)
{
    Finding finding[FINDINGS_MAX];
    ReportEntry *entry = &n->reference;
    Machine machine = start->machine;
    network_evaluate(n, &problem->layer, &start->nest, start->name, &machine, entry);
    int found = entry_findings(entry, finding);
    for (int f = 0; f < found; f++) {
        g_string_append(why, why->len > 0 ? "; " : "");
        finding_text(&finding[f], problem->layer.name, why);
    }
    if (entry->status != ENTRY_EVALUATED && entry->why != NULL && found == 0)
        g_string_append(why, entry->why);
    else if (entry->status == ENTRY_EVALUATED && found == 0)
        fitting_note(fitting, entry);
}

static void explain_given(Network *n, const Problem *problem, Fitting *fitting, GString *why)
{
    for (guint i = 0; i < problem->tried->len; i++) {
        const Start *start = &tried_at(problem, i)->start;
        if (start->kind != START_SHIPPED)
            look_at_given(n, problem, start, fitting, why);
    }
    if (why->len == 0)
        append_fitting(fitting, "the dataflows given", why);
}

/* ---- what the space has ---- */

/* Every mapping that fits is looked at, none is taken. */
static bool look(const ReportEntry *entry, void *data)
{
    fitting_note(data, entry);
    return false;
}

static bool is_over(const SearchProgress *progress, void *data)
{
    const Fitting *fitting = data;
    return fitting->fit >= LOOKED_AT || *fitting->network->options->stop ||
           obstacle_enough(progress);
}

/* What a search of its own meets, if the one before it has not noted anything. */
static void look_at_space(SearchRequest *request, Fitting *fitting)
{
    SearchResult result;
    request->objective = OBJECTIVE_RUNTIME;
    request->threads = 1;
    request->admit = look;
    request->stop = is_over;
    request->data = fitting;
    search_run(request, &result);
    search_clear(&result);
}

static void explain_space(const Network *n, const Problem *problem, Fitting *own, GString *why)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    SearchRequest request = network_request(n, problem, none);
    if (!*n->options->stop && obstacle_find(&request, why) > 0 && why->len > 0) {
        g_string_prepend(why, "with the smallest tiles ");
        return;
    }
    const Fitting *fitting = problem->fitting;
    if (fitting == NULL || fitting->fit == 0) {
        look_at_space(&request, own);
        fitting = own;
    }
    append_fitting(fitting, "the dataflows that fit and were looked at", why);
    if (problem->end != END_ITSELF && why->len > 0)
        g_string_prepend(why, "the search ended before it found one: ");
}

char *network_why(Network *n, const Problem *problem)
{
    GString *why = g_string_new(NULL);
    g_autoptr(Fitting) own = fitting_new(n);
    if (!problem->open)
        explain_given(n, problem, own, why);
    else
        explain_space(n, problem, own, why);
    if (why->len == 0)
        g_string_append(why, problem->end == END_ITSELF
                                 ? "no dataflow of the space fits all memories"
                                 : "the search ended before it found one that fits");
    return g_string_free(why, FALSE);
}
