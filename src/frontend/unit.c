/* A look-up in the table, with one slash. */
#include "frontend/unit.h"

#include <glib.h>
#include <string.h>

typedef struct {
    const char *name;
    Quantity of;
    Rational factor;
    bool listed;
} Row;

static const Row rows[] = {
#define UNIT(name, quantity, num, den, listed)                                                     \
    {name, QUANTITY_##quantity, {INT64_C(num), INT64_C(den)}, listed},
#include "frontend/units.def"
#undef UNIT
};

static const Row *row_find(const char *text, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strlen(rows[i].name) == length && memcmp(rows[i].name, text, length) == 0)
            return &rows[i];
    }
    return NULL;
}

bool unit_find(const char *text, size_t length, Unit *unit)
{
    *unit = (Unit){QUANTITY_PLAIN, QUANTITY_PLAIN, {1, 1}};
    if (length == 0)
        return true;
    const char *slash = memchr(text, '/', length);
    size_t first = slash != NULL ? (size_t) (slash - text) : length;
    const Row *of = row_find(text, first);
    if (of == NULL || of->of == QUANTITY_EVENT)
        return false;
    unit->of = of->of;
    unit->factor = of->factor;
    if (slash == NULL)
        return true;
    const Row *per = row_find(slash + 1, length - first - 1);
    if (per == NULL)
        return false;
    unit->per = per->of;
    return rational_divide(of->factor, per->factor, &unit->factor);
}

static const char *recase(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_ascii_strcasecmp(rows[i].name, name) == 0)
            return rows[i].name;
    return NULL;
}

char *unit_recase(const char *text)
{
    g_auto(GStrv) part = g_strsplit(text, "/", 2);
    const char *of = part[0] != NULL ? recase(part[0]) : NULL;
    const char *per = of != NULL && part[1] != NULL ? recase(part[1]) : NULL;
    if (of == NULL || (part[1] != NULL && per == NULL))
        return NULL;
    return g_strconcat(of, per != NULL ? "/" : "", per, NULL);
}

bool unit_convert(const char *from, const char *to, Rational *factor)
{
    Unit have, want;
    return unit_find(from != NULL ? from : "", from != NULL ? strlen(from) : 0, &have) &&
           unit_find(to, strlen(to), &want) && have.of == want.of && have.per == want.per &&
           rational_divide(have.factor, want.factor, factor);
}

bool unit_is_known(const char *text)
{
    Unit unit;
    return unit_find(text, strlen(text), &unit);
}

char *unit_choices(const char *to)
{
    GString *text = g_string_new(NULL);
    const char *slash = strchr(to, '/');
    const Row *of = row_find(to, slash != NULL ? (size_t) (slash - to) : strlen(to));
    size_t left = 0;
    for (size_t i = 0; of != NULL && i < G_N_ELEMENTS(rows); i++)
        left += rows[i].listed && rows[i].of == of->of;
    for (size_t i = 0; left > 0 && i < G_N_ELEMENTS(rows); i++) {
        if (!rows[i].listed || rows[i].of != of->of)
            continue;
        left--;
        g_string_append_printf(text, "%s%s%s",
                               text->len == 0 ? ""
                               : left > 0     ? ", "
                                              : " or ",
                               rows[i].name, slash != NULL ? slash : "");
    }
    if (of == NULL)
        g_string_append(text, "a plain number");
    return g_string_free(text, FALSE);
}

GPtrArray *unit_names(void)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].listed)
            g_ptr_array_add(names, (gpointer) rows[i].name);
    }
    return names;
}
