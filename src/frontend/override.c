/* What --set or an axis of a sweep overrides: a key of the table by its name, the value as in the
 * file.  Errors begin with the assignment; who knows the option puts it before. */
#include <string.h>

#include "frontend/keys.h"
#include "frontend/reader.h"

static bool set_error(GError **error, const char *assignment, const char *message)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", assignment, message);
    return false;
}

/* First message of a run of its own. */
static const char *first_message(Diag *diag, const char *otherwise)
{
    size_t n;
    const DiagEntry *entries = diag_entries(diag, &n);
    return n > 0 ? entries[0].message : otherwise;
}

/* What can be given of each tensor, or each way: "{ Input: 8 B, Weight: 24 B }". */
static bool may_have_parts(const HardwareKey *key)
{
    return key->kind == KEY_KIND_WIDTH || key->kind == KEY_KIND_RATES ||
           key->kind == KEY_KIND_SHARES || key->kind == KEY_KIND_PORT;
}

static bool is_one_value(const Item *item, bool parts)
{
    if (item == NULL || item->next != NULL || item->kind != ITEM_ENTRY)
        return false;
    return item->has_body ? parts && item->value == NULL
                          : item->value != NULL && ast_args(item) == NULL;
}

static bool read_value(const Trees *program, const HardwareKey *key, const char *name,
                       const char *text, HardwareValue *value, Diag *diag)
{
    bool parts = may_have_parts(key) && g_str_has_prefix(text, "{");
    g_autofree char *line = g_strdup_printf("Value%s %s", parts ? "" : ":", text);
    int source = sources_add(diag_sources(diag), "--set", line, strlen(line));
    Item *item = ast_parse(diag_sources(diag), source, program->arena, diag)->items;
    if (diag_errors(diag) > 0 || !is_one_value(item, parts))
        return false;
    item->key = name;
    Reader reader = {
        .diag = diag, .operators = program->operators, .scope = {.diag = diag}, .bare = true};
    return hardware_key_read(&reader, key, item, value);
}

/* The text lives for as long as it is read, so nothing is to point into it later. */
static void forget_place(const HardwareKey *key, HardwareValue *value)
{
    if (key->kind == KEY_KIND_DURATION)
        value->duration.span = SPAN_NONE;
    else if (key->kind == KEY_KIND_RATE || key->kind == KEY_KIND_RATES ||
             key->kind == KEY_KIND_WIDTH)
        value->rate.span = SPAN_NONE;
    else if (key->kind == KEY_KIND_PORT)
        value->port.span = SPAN_NONE;
}

/* As a key of its own; the message of what is wrong is *error's. */
static bool parse_as(const Trees *program, const HardwareKey *key, const char *name,
                     const char *text, HardwareValue *value, const char *assignment, GError **error)
{
    g_autoptr(Sources) sources = sources_new(program->arena);
    g_autoptr(Diag) diag = diag_new(sources, program->arena);
    if (read_value(program, key, name, text, value, diag)) {
        forget_place(key, value);
        return true;
    }
    return set_error(error, assignment, first_message(diag, "one value is wanted"));
}

bool hardware_value_parse(const Trees *program, const HardwareKey *key, const char *text,
                          HardwareValue *value, GError **error)
{
    return parse_as(program, key, key->key, text, value, key->key, error);
}

static bool unknown_key(const Hardware *hardware, const char *assignment, const char *name,
                        GError **error)
{
    size_t plain;
    g_autoptr(GPtrArray) names = hardware_key_names(hardware, &plain);
    const char *const *all = (const char *const *) names->pdata;
    const char *near = diag_nearest(name, all, names->len);
    g_autoptr(GString) message = g_string_new(NULL);
    g_string_printf(message, "no key '%s'", name);
    diag_hint_append(message, near, all, plain);
    return set_error(error, assignment, message->str);
}

bool hardware_set_parse(const Trees *program, const Hardware *hardware, const char *assignment,
                        HardwareSet *set, GError **error)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return set_error(error, assignment, "wants KEY=VALUE");
    g_autofree char *name = g_strndup(assignment, (gsize) (equals - assignment));
    set->key = hardware_key_named(hardware, name, &set->first, &set->last);
    if (set->key == NULL)
        return unknown_key(hardware, assignment, name, error);
    return parse_as(program, set->key, name, equals + 1, &set->value, assignment, error);
}

bool hardware_set(const Trees *program, Hardware *hardware, const char *assignment, GError **error)
{
    HardwareSet set;
    if (!hardware_set_parse(program, hardware, assignment, &set, error))
        return false;
    hardware_apply(hardware, &set);
    return true;
}
