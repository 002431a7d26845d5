/* Values are kept as text: what a sweep means by a value is what --set and -D mean by it. */
#include "dse/space.h"

#include <math.h>
#include <string.h>

#include "frontend/diag.h"
#include "frontend/keys.h"

enum { VALUES_MAX = 1 << 20 };

static void axis_free(gpointer data)
{
    SpaceAxis *axis = data;
    g_free(axis->name);
    g_ptr_array_free(axis->values, TRUE);
    if (axis->places)
        g_array_unref(axis->places);
    g_free(axis);
}

Space *space_new(void)
{
    Space *space = g_new0(Space, 1);
    space->axes = g_ptr_array_new_with_free_func(axis_free);
    return space;
}

void space_free(Space *space)
{
    if (!space)
        return;
    g_ptr_array_free(space->axes, TRUE);
    g_free(space);
}

/* ---- axes ------------------------------------------------------------------------ */

/* What is no key of --set is a Constant; but no Constant has a dot, so what has one is meant for a
 * key, and --set says that there is none. */
static AxisKind kind_of(const Hardware *hardware, const char *name)
{
    static const AxisKind kinds[] = {
        [KEY_CHANGES_NOTHING] = AXIS_MACHINE, [KEY_CHANGES_NEST] = AXIS_NEST,
        [KEY_CHANGES_MACHINE] = AXIS_MACHINE, [KEY_CHANGES_COST] = AXIS_MACHINE,
        [KEY_CHANGES_L1] = AXIS_L1,           [KEY_CHANGES_L2] = AXIS_L2};
    int first, last;
    const HardwareKey *key = hardware_key_named(hardware, name, &first, &last);
    if (key != NULL)
        return kinds[key->changes];
    if (hardware != NULL && hardware_key_named(NULL, name, &first, &last) != NULL)
        return AXIS_MACHINE; /* --set says that it is not of this machine */
    return strchr(name, '.') ? AXIS_MACHINE : AXIS_CONSTANT;
}

static bool is_swept(const char *name)
{
    int first, last;
    const HardwareKey *key = hardware_key_named(NULL, name, &first, &last);
    return key == NULL || key->changes != KEY_CHANGES_NOTHING;
}

static int group_of(AxisKind kind)
{
    static const int groups[] = {[AXIS_DATAFLOW] = 0, [AXIS_CONSTANT] = 0, [AXIS_NEST] = 0,
                                 [AXIS_MACHINE] = 1,  [AXIS_L1] = 2,       [AXIS_L2] = 3};
    return groups[kind];
}

static void insert(Space *space, SpaceAxis *axis)
{
    guint at = 0;
    while (at < space->axes->len &&
           group_of(((SpaceAxis *) space->axes->pdata[at])->kind) <= group_of(axis->kind))
        at++;
    g_ptr_array_insert(space->axes, (int) at, axis);
}

static SpaceAxis *axis_new(const char *name, AxisKind kind)
{
    SpaceAxis *axis = g_new0(SpaceAxis, 1);
    axis->name = g_strdup(name);
    axis->kind = kind;
    axis->values = g_ptr_array_new_with_free_func(g_free);
    return axis;
}

void space_add_dataflows(Space *space, const char *const *files)
{
    SpaceAxis *axis = axis_new("dataflow", AXIS_DATAFLOW);
    for (int i = 0; files[i]; i++)
        g_ptr_array_add(axis->values, g_strdup(files[i]));
    g_ptr_array_insert(space->axes, 0, axis);
}

SpaceAxis *space_append(Space *space, const char *name)
{
    bool dataflow = space->axes->len == 0 && !strcmp(name, "dataflow");
    SpaceAxis *axis = axis_new(name, dataflow ? AXIS_DATAFLOW : kind_of(NULL, name));
    g_ptr_array_add(space->axes, axis);
    return axis;
}

const SpaceAxis *space_find(const Space *space, const char *name)
{
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        if (!strcmp(axis->name, name))
            return axis;
    }
    return NULL;
}

/* ---- values ---------------------------------------------------------------------- */

/* A number and the unit that follows it. */
typedef struct {
    double number;
    const char *unit;
} Amount;

G_GNUC_PRINTF(3, 4)
static bool fail(GError **error, const char *sweep, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--sweep %s: %s", sweep, what);
    return false;
}

/* What follows a number is a unit, or the text is no number. */
static bool read_amount(const char *sweep, const char *text, Amount *amount, GError **error)
{
    char *end;
    amount->number = g_ascii_strtod(text, &end);
    bool number = end != text && isfinite(amount->number);
    amount->unit = end + strspn(end, " \t");
    if (number && unit_is_known(amount->unit))
        return true;
    if (!number || !g_ascii_isalpha(*amount->unit))
        return fail(error, sweep,
                    "wants LO:HI:STEP, LO:HI:*FACTOR or A,B,C; '%s' is no number, and expressions "
                    "are for A,B,C",
                    text);
    g_autofree char *near = unit_recase(amount->unit);
    return fail(error, sweep, "there is no unit '%s'%s%s%s", amount->unit, DIAG_HINT(near));
}

/* Both in one unit: the first one's. */
static bool same_unit(const char *sweep, const Amount *a, Amount *b, GError **error)
{
    Rational factor;
    if (!unit_convert(b->unit, a->unit, &factor))
        return fail(error, sweep, "the units do not go together: %s and %s",
                    *a->unit ? a->unit : "none", *b->unit ? b->unit : "none");
    if (strcmp(a->unit, b->unit) != 0)
        *b = (Amount){b->number * rational_real(factor), a->unit};
    return true;
}

/* "48KiB", "0.5": as short as it reads back. */
static void add_value(SpaceAxis *axis, double number, const char *unit)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(buffer, sizeof buffer, "%.15g", number);
    g_ptr_array_add(axis->values, g_strconcat(buffer, unit, NULL));
}

static bool add_range(SpaceAxis *axis, const char *sweep, char **part, GError **error)
{
    for (int i = 0; part[i]; i++)
        g_strstrip(part[i]);
    bool times = part[2][0] == '*';
    Amount low, high, step;
    if (!read_amount(sweep, part[0], &low, error) || !read_amount(sweep, part[1], &high, error) ||
        !read_amount(sweep, part[2] + times, &step, error) ||
        !same_unit(sweep, &low, &high, error) || (!times && !same_unit(sweep, &low, &step, error)))
        return false;
    if (times && *step.unit)
        return fail(error, sweep, "a factor has no unit");
    if (low.number > high.number)
        return fail(error, sweep, "the range is empty");
    if (times ? step.number <= 1 || low.number <= 0 : step.number <= 0)
        return fail(error, sweep,
                    times ? "the factor must be above 1, and the range above 0"
                          : "the step must be above 0");
    double slack = high.number * 1e-12, value = low.number;
    for (int64_t k = 1; value <= high.number + slack; k++) {
        if (k > VALUES_MAX)
            return fail(error, sweep, "more than 2^20 values");
        add_value(axis, value, low.unit);
        value = times ? value * step.number : low.number + (double) k * step.number;
    }
    return true;
}

/* Parts between separators that stand in no parentheses and no text: "1, min(2,3)" has two. */
static char **split(const char *text, char separator)
{
    GStrvBuilder *builder = g_strv_builder_new();
    int depth = 0;
    bool quoted = false;
    const char *begin = text, *at = text;
    for (; *at; at++) {
        quoted ^= *at == '"';
        depth += !quoted && strchr("([{", *at) ? 1 : !quoted && strchr(")]}", *at) ? -1 : 0;
        if (*at == separator && !quoted && depth <= 0) {
            g_autofree char *part = g_strndup(begin, (gsize) (at - begin));
            g_strv_builder_add(builder, part);
            begin = at + 1;
        }
    }
    g_strv_builder_add(builder, begin);
    char **parts = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
    return parts;
}

static bool add_list(SpaceAxis *axis, const char *sweep, const char *text, GError **error)
{
    g_auto(GStrv) words = split(text, ',');
    for (int i = 0; words[i]; i++) {
        char *word = g_strstrip(words[i]);
        if (!*word)
            return fail(error, sweep, "a value is missing");
        for (guint k = 0; k < axis->values->len; k++)
            if (!strcmp(axis->values->pdata[k], word))
                return fail(error, sweep, "a value stands twice");
        g_ptr_array_add(axis->values, g_strdup(word));
    }
    return axis->values->len > 0 || fail(error, sweep, "no value is given");
}

static bool add_values(SpaceAxis *axis, const char *sweep, const char *text, GError **error)
{
    g_auto(GStrv) part = split(text, ':');
    switch (g_strv_length(part)) {
    case 3:
        return add_range(axis, sweep, part, error);
    case 1:
        return add_list(axis, sweep, text, error);
    default:
        return fail(error, sweep, "wants LO:HI:STEP, LO:HI:*FACTOR or A,B,C");
    }
}

bool space_add(Space *space, const char *sweep, GError **error)
{
    const char *equals = strchr(sweep, '=');
    if (!equals || equals == sweep)
        return fail(error, sweep, "wants KEY=VALUES");
    g_autofree char *name = g_strndup(sweep, (gsize) (equals - sweep));
    if (space_find(space, name))
        return fail(error, sweep, "this key is swept already");
    if (!is_swept(name))
        return fail(error, sweep, "a budget is not swept");
    SpaceAxis *axis = axis_new(name, kind_of(NULL, name));
    axis->given = space->axes->len + 1;
    if (add_values(axis, sweep, equals + 1, error)) {
        insert(space, axis);
        return true;
    }
    axis_free(axis);
    return false;
}

static gint compare_given(gconstpointer a, gconstpointer b)
{
    const SpaceAxis *x = *(SpaceAxis *const *) a, *y = *(SpaceAxis *const *) b;
    return (x->given > y->given) - (x->given < y->given);
}

void space_settle(Space *space, const Hardware *hardware)
{
    GPtrArray *axes = space->axes;
    g_ptr_array_sort(axes, compare_given);
    space->axes = g_ptr_array_new_with_free_func(axis_free);
    for (guint i = 0; i < axes->len; i++) {
        SpaceAxis *axis = axes->pdata[i];
        if (axis->kind != AXIS_DATAFLOW)
            axis->kind = kind_of(hardware, axis->name);
        insert(space, axis);
    }
    g_ptr_array_set_free_func(axes, NULL);
    g_ptr_array_free(axes, TRUE);
}

void space_set_places(Space *space, const char *name, GArray *places)
{
    for (guint i = 0; i < space->axes->len; i++) {
        SpaceAxis *axis = space->axes->pdata[i];
        if (!strcmp(axis->name, name) && !axis->places)
            axis->places = g_array_ref(places);
    }
}

Span space_place(const SpaceAxis *axis, int64_t value)
{
    const GArray *places = axis->places;
    return places ? g_array_index(places, Span, places->len == 1 ? 0 : value) : SPAN_NONE;
}

/* ---- points ---------------------------------------------------------------------- */

bool space_count(Space *space, GError **error)
{
    int64_t *counts[] = {&space->nests, &space->machines, &space->n1, &space->n2};
    bool overflow = false;
    space->points = space->nests = space->machines = space->n1 = space->n2 = 1;
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        int64_t *count = counts[group_of(axis->kind)];
        overflow |= __builtin_mul_overflow(*count, (int64_t) axis->values->len, count);
        overflow |=
            __builtin_mul_overflow(space->points, (int64_t) axis->values->len, &space->points);
    }
    if (overflow)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "the space has more than 2^63 points");
    return !overflow;
}

const char *space_value(const Space *space, guint axis, int64_t point)
{
    for (guint i = space->axes->len - 1; i > axis; i--)
        point /= (int64_t) ((SpaceAxis *) space->axes->pdata[i])->values->len;
    const SpaceAxis *found = space->axes->pdata[axis];
    return found->values->pdata[point % (int64_t) found->values->len];
}

void space_describe(const Space *space, int64_t point, GString *out)
{
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        const char *value = space_value(space, i, point);
        g_string_append_printf(out, "%s%s=", i ? " " : "", axis->name);
        for (; *value; value++)
            if (*value != ' ')
                g_string_append_c(out, *value);
    }
}
