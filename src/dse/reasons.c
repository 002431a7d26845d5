/* Boxes of the space that hold no valid design have said what they lack (plane_lacks), and the
 * least that would do; the least of these is what comes nearest. */
#include "dse/reasons.h"

#include <math.h>

#include "dse/known.h"
#include "dse/mapped.h"
#include "ir/decimal.h"
#include "report/number.h"

static void tell_amount(GString *line, double amount, const char *unit)
{
    number_short(line, amount);
    g_string_append_printf(line, " %s", unit);
}

/* By how little ever the least is over the budget, it is seen to be. */
static void tell_over(GString *line, double least, double budget, const char *unit)
{
    decimal_apart(line, budget, 6, least);
    g_string_append_printf(line, " %s; the least of them has at least ", unit);
    decimal_apart(line, least, 6, budget);
    g_string_append_printf(line, " %s, ", unit);
    decimal_apart(line, least / budget, 3, 1);
    g_string_append(line, " times as much");
}

static const char beyond[] = "a count is beyond 63 bits, or an access beyond reach";

/* "; the first of them, pes=8: why", of a nest; on a hierarchy, of a design */
static void tell_first(const Study *study, const Space *space, int64_t point, GString *line)
{
    bool whole = study && study_has_hierarchy(study);
    g_autofree char *why = !study  ? NULL
                           : whole ? study_reason(study, point)
                                   : study_nest_reason(study, point / study_nest_points(study));
    g_string_append(line, space->axes->len ? "; the first of them, " : "");
    space_describe(space, point, line);
    if (why || whole)
        g_string_append_printf(line, ": %s", why ? why : beyond);
}

/* Every nest is legal, so it is the machine, or what it counts. */
static void tell_machine(const Study *study, GString *line)
{
    g_autofree char *why = study ? study_reason(study, 0) : NULL;
    g_string_append_printf(line, ": %s", why ? why : beyond);
}

static void tell_illegal(const Study *study, const Summary *s, FILE *out)
{
    const Findings *f = s->findings;
    g_autoptr(GString) line = g_string_new(NULL);
    if (f->illegal == 0)
        return;
    g_string_printf(line,
                    "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " designs ha%s no legal mapping",
                    f->illegal, f->seen, f->illegal == 1 ? "s" : "ve");
    if (f->first_illegal >= 0)
        tell_first(study, s->space, f->first_illegal, line);
    else
        tell_machine(study, line);
    fprintf(out, "dcc-dse: %s\n", line->str);
}

/* What the bounds left out may have no mapping either. */
static void tell_hidden(const Study *study, const Summary *s, FILE *out)
{
    int64_t nest = study && s->findings->illegal == 0 ? study_first_illegal(study) : -1;
    int64_t point = nest >= 0 ? nest * study_nest_points(study) : -1;
    g_autofree char *why = nest >= 0 ? study_nest_reason(study, nest) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    if (nest < 0)
        return;
    space_describe(s->space, point, line);
    fprintf(
        out,
        "dcc-dse: of those over a budget some have no legal mapping; the first of them, %s: %s\n",
        line->str, why ? why : "not legal");
}

/* What is known of its name: a checkpoint does not have it. */
static char *what_memory(const Study *study, Lack lack)
{
    int m = (int) lack - LACK_MEMORY;
    if (study && m < study->program->machine.n_memories)
        return g_strdup_printf("a memory %s that is too small",
                               study->program->machine.memory[m].name);
    return g_strdup_printf("a memory that is too small, number %d of the hierarchy", m + 1);
}

static void tell_lack(const Study *study, const Summary *s, Lack lack, FILE *out)
{
    static const char *const what[LACK_FIGURE] = {
        "a buffer between that is too small for the layers",
        "an L1 that is too small; the least that would do has ",
        "an L2 that is too small; the least that would do has ",
        "an area over the budget of ",
        "a power over the budget of ",
        "an area within budget only where the power is not",
    };
    const Findings *f = s->findings;
    g_autoptr(GString) line = g_string_new(NULL);
    double scale = lack == LACK_AREA ? 1e-6 : 1, least = f->least[lack];
    double budget = lack == LACK_AREA ? s->budget_um2 : s->budget_mw;
    const char *unit = lack == LACK_AREA ? "mm2" : lack == LACK_POWER ? "mW" : "bytes";
    if (f->lacking[lack] == 0 || lack == LACK_FIGURE)
        return;
    bool memory = lack >= LACK_MEMORY;
    g_autofree char *name = memory ? what_memory(study, lack) : NULL;
    g_string_printf(line, "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " designs have %s%s",
                    f->lacking[lack], f->seen, memory ? name : what[lack],
                    memory ? "; the least that would do has " : "");
    if (memory || lack == LACK_L1 || lack == LACK_L2)
        tell_amount(line, least, unit);
    if (lack == LACK_AREA || lack == LACK_POWER)
        tell_over(line, least * scale, budget * scale, unit);
    fprintf(out, "dcc-dse: %s\n", line->str);
}

/* Designs whose figures are not known in full. */
static void tell_missing(const Study *study, const Summary *s, FILE *out)
{
    const Findings *f = s->findings;
    g_autofree char *why =
        study && f->first_missing >= 0 ? known_missing(study, f->first_missing) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    if (f->first_missing < 0)
        return;
    space_describe(s->space, f->first_missing, line);
    fprintf(out,
            "dcc-dse: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
            " designs lack a figure; the first of them, %s%s%s\n",
            f->lacking[LACK_FIGURE], f->seen, line->str, why ? ": " : "", why ? why : "");
}

/* Designs on which a layer has no dataflow that fits. */
static void tell_unfit(const Study *study, const Summary *s, FILE *out)
{
    int64_t first = s->findings->first_unfit;
    g_autofree char *why = study && first >= 0 ? mapped_reason(study, first) : NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    if (first < 0)
        return;
    space_describe(s->space, first, line);
    fprintf(out, "dcc-dse: no dataflow was found that fits; of the first design%s%s: %s\n",
            line->len > 0 ? ", " : "", line->str, why ? why : "none of them does");
}

bool reasons_tell(const Study *study, const Summary *s, FILE *out)
{
    bool nothing = s->complete && s->findings->valid == 0;
    tell_illegal(study, s, out);
    tell_missing(study, s, out);
    if (!nothing)
        return false;
    for (Lack k = 0; k < LACKS; k++)
        tell_lack(study, s, k, out);
    if (s->map != NULL)
        tell_unfit(study, s, out);
    else
        tell_hidden(study, s, out);
    return true;
}
