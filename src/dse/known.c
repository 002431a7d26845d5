/* In the classic form the technology must have a figure of every part that some design has.  On a
 * hierarchy the machine gives figures too, and what is used of it is the design's affair: there the
 * engines are asked. */
#include "dse/known.h"

#include <math.h>
#include <string.h>

#include "dse/hierarchies.h"
#include "frontend/cuts.h"

/* ---- area and power ----------------------------------------------------------------- */

ObjectiveSet known_partial(const ChipCost *chip)
{
    return (ObjectiveSet) (chip->unknown_um2 != 0) << OBJECTIVE_AREA |
           (ObjectiveSet) (chip->unknown_mw != 0) << OBJECTIVE_POWER;
}

ObjectiveSet known_wanted(const Study *study)
{
    return study->front | (ObjectiveSet) !!isfinite(study->budget_um2) << OBJECTIVE_AREA |
           (ObjectiveSet) !!isfinite(study->budget_mw) << OBJECTIVE_POWER;
}

/* ---- figures of a technology ------------------------------------------------------- */

static bool not_known(const Study *study, const char *what, const char *names, GError **error)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s is not known: technology %s has no figure for %s", what, study->technology.name,
                names);
    return false;
}

static int count_clusters(const Item *dataflow)
{
    int n = 0;
    for (const Item *item = dataflow->body; item; item = item->next)
        n += strcmp(item->key ? item->key : "", "Cluster") == 0 || cuts_is_line(item);
    return n;
}

/* The most that a dataflow may have. */
static int count_levels(const Program *program)
{
    int most = 0;
    for (guint c = 0; c < program->choices->len; c++) {
        const GArray *blocks = g_array_index(program->choices, ProgramChoice, c).blocks;
        for (guint i = 0; i < blocks->len; i++)
            most = MAX(most, count_clusters(g_array_index(blocks, Place, i).item));
    }
    for (guint i = 0; i < program->layers->len; i++) {
        const Item *layer = g_array_index(program->layers, Place, i).item;
        const Item *own = ast_find(layer->body, "Dataflow");
        most = MAX(most, own ? count_clusters(own) : 0);
    }
    return MIN(most + 1, LEVELS_MAX);
}

/* Whether a design has a buffer between of that level. */
static bool has_buffer(const Study *study, int level)
{
    bool has = study->program->machine.buffer_bytes[level] > 0;
    for (guint i = 0; i < study->n_axes; i++) {
        const HardwareSet *set = study->axis[i].set;
        has |= set && set->key == &hardware_keys[KEY_BUFFER_CAPACITY] && set->first <= level &&
               level <= set->last;
    }
    return has;
}

/* Buffers, one byte each, that designs have; returns whether there are any between. */
static bool smallest_buffers(const Study *study, Capacity *capacity)
{
    int levels = count_levels(study->program);
    bool between = false;
    *capacity = (Capacity){.l1 = 1, .l2 = 1};
    for (int l = 1; l < levels; l++)
        if (has_buffer(study, l)) {
            capacity->buffer[l] = capacity->buffers[l] = 1;
            between = true;
        }
    return between;
}

/* ---- figures of a hierarchy -------------------------------------------------------- */

char *known_missing(const Study *study, int64_t point)
{
    Nests *nests = nests_new(study);
    Hierarchies *hierarchies = hierarchies_new(study);
    HierarchyFigures figures;
    int64_t nest = point / study_nest_points(study);
    const NestLayers *layers = nests_at(nests, nest);
    char *missing = NULL;
    if (layers)
        hierarchies_turn(hierarchies, layers, nest);
    if (layers && hierarchies_machine(hierarchies, point % study_nest_points(study)) &&
        hierarchies_run(hierarchies, &figures))
        missing = hierarchies_missing(hierarchies);
    hierarchies_free(hierarchies);
    nests_free(nests);
    return missing;
}

/* The first nest from .. to - 1 that is legal, of as many as are looked at in a tenth of a second;
 * -1: none. */
static int64_t first_legal(const Study *study, int64_t from, int64_t to)
{
    gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND / 10;
    Nests *nests = nests_new(study);
    int64_t found = -1;
    for (int64_t k = from; k < to && found < 0; k++) {
        if (nests_at(nests, k))
            found = k;
        if (g_get_monotonic_time() > until)
            break;
    }
    nests_free(nests);
    return found;
}

/* False if the first design of every dataflow lacks something. */
static bool first_known(const Study *study, GError **error)
{
    bool several = study->n_axes > 0 && study->axis[0].kind == AXIS_DATAFLOW;
    int64_t n = several ? study->axis[0].n : 1, each = study->space->nests / n;
    g_autofree char *first = NULL;
    for (int64_t k = 0; k < n; k++) {
        int64_t nest = first_legal(study, k * each, (k + 1) * each);
        char *missing = nest >= 0 ? known_missing(study, nest * study_nest_points(study)) : NULL;
        if (missing == NULL)
            return true;
        if (first == NULL)
            first = missing;
        else
            g_free(missing);
    }
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", first);
    return false;
}

/* ---- both -------------------------------------------------------------------------- */

/* Buffers between that designs do not give are not modelled where the technology has nothing of
 * them. */
static bool buffers_known(const Study *study, bool given)
{
    const MemoryKind *buffer = &study->technology.buffer;
    bool reads = buffer->read_pj.n > 0, writes = buffer->write_pj.n > 0;
    return count_levels(study->program) == 1 || (reads && writes) || !(given || reads || writes);
}

bool known_all(const Study *study, GError **error)
{
    if (study_has_hierarchy(study))
        return study->map != NULL || first_known(study, error);
    Capacity capacity;
    bool between = smallest_buffers(study, &capacity);
    Machine machine = {.pes = study_pes(study, 0), .lanes = study->least_lanes};
    ChipCost chip;
    char names[80];
    ObjectiveSet wanted = known_wanted(study);
    cost_chip(&machine, &capacity, &study->technology, &chip);
    if (!cost_technology_known(&study->technology, names, sizeof names))
        return not_known(study, "energy", names, error);
    if (!buffers_known(study, between))
        return not_known(study, "energy", cost_part_names[COST_BUFFER], error);
    if (wanted >> OBJECTIVE_AREA & 1 && !cost_area_known(&chip, names, sizeof names))
        return not_known(study, "area", names, error);
    if (wanted >> OBJECTIVE_POWER & 1 && !cost_power_known(&chip, names, sizeof names))
        return not_known(study, "power", names, error);
    return true;
}
