/* What --set overrides: keys of their own, values as in the file. */
#include <string.h>

#include "frontend/reader.h"
#include "frontend/schema.h"

static const char *const set_keys[] = {"pes",
                                       "lanes",
                                       "clock",
                                       "precision",
                                       "offchip.bandwidth",
                                       "l1.capacity",
                                       "l2.capacity",
                                       "buffer1.capacity",
                                       "buffer2.capacity",
                                       "buffer3.capacity",
                                       "buffer4.capacity",
                                       "buffer5.capacity",
                                       "noc.bandwidth",
                                       "noc.latency",
                                       "noc.hops",
                                       "noc.multicast",
                                       "noc.reduction",
                                       "noc.prefetch",
                                       "noc0.bandwidth",
                                       "noc0.latency",
                                       "noc0.hops",
                                       "noc0.multicast",
                                       "noc0.reduction",
                                       "noc0.prefetch",
                                       "budget.area",
                                       "budget.power"};

static void set_noc(Reader *reader, const char *key, Item *item, Hardware *hardware)
{
    static const struct {
        const char *suffix, *key;
    } names[] = {{".bandwidth", "Bandwidth"}, {".latency", "Latency"},
                 {".hops", "Hops"},           {".multicast", "Multicast"},
                 {".reduction", "Reduction"}, {".prefetch", "Prefetch"}};
    bool all = key[3] == '.';
    int from = all ? 0 : key[3] - '0', to = all ? LEVELS_MAX - 1 : from;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(key + (all ? 3 : 4), names[i].suffix) == 0)
            item->key = names[i].key;
    }
    if (!schema_fits(item, "NoC")) {
        reader_wrong(reader, CHECK_WRONG_VALUE, item->head, "%s cannot have this value", item->key);
        return;
    }
    for (int l = from; l <= to; l++)
        hardware_noc_item(reader, item, &hardware->noc[l]);
}

static void set_budget(Reader *reader, const Item *item, Quantity quantity, double *budget)
{
    Rational value;
    if (reader_quantity(reader, item, quantity, false, &value))
        *budget = (double) value.num / (double) value.den;
}

static void set_item(Reader *reader, const char *key, Item *item, Hardware *hardware)
{
    if (strcmp(key, "pes") == 0)
        reader_count(reader, item, &hardware->pes);
    else if (strcmp(key, "lanes") == 0)
        reader_count(reader, item, &hardware->lanes);
    else if (strcmp(key, "clock") == 0)
        hardware->clock_given |=
            reader_quantity(reader, item, QUANTITY_FREQUENCY, false, &hardware->clock_hz);
    else if (strcmp(key, "precision") == 0)
        reader_tensor_rate(reader, item, reader_bits, &hardware->precision);
    else if (strcmp(key, "offchip.bandwidth") == 0)
        reader_tensor_rate(reader, item, reader_rate, &hardware->offchip);
    else if (g_str_has_prefix(key, "noc"))
        set_noc(reader, key, item, hardware);
    else if (strcmp(key, "budget.area") == 0)
        set_budget(reader, item, QUANTITY_AREA, &hardware->area_budget_mm2);
    else if (strcmp(key, "budget.power") == 0)
        set_budget(reader, item, QUANTITY_POWER, &hardware->power_budget_mw);
    else if (key[0] == 'l')
        reader_bytes(reader, item, key[1] == '1' ? &hardware->l1_bytes : &hardware->l2_bytes);
    else
        reader_bytes(reader, item, &hardware->buffer_bytes[key[6] - '0']);
}

/* noc1 to noc5 are keys as noc0 is. */
static bool is_set_key(const char *key)
{
    g_autofree char *first = g_strdup(key);
    if (g_str_has_prefix(first, "noc") && first[3] >= '0' && first[3] < '0' + LEVELS_MAX)
        first[3] = '0';
    for (size_t i = 0; i < G_N_ELEMENTS(set_keys); i++) {
        if (strcmp(first, set_keys[i]) == 0)
            return true;
    }
    return false;
}

static bool set_error(GError **error, const char *assignment, const char *message)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--set %s: %s", assignment,
                message);
    return false;
}

/* First message of a run of its own. */
static const char *first_message(Diag *diag)
{
    size_t n;
    const DiagEntry *entries = diag_entries(diag, &n);
    return n > 0 ? entries[0].message : "cannot be used";
}

static bool set_value(const Trees *program, Hardware *hardware, const char *assignment,
                      const char *key, const char *value, GError **error)
{
    g_autoptr(Sources) sources = sources_new(program->arena);
    g_autoptr(Diag) diag = diag_new(sources, program->arena);
    g_autofree char *text = g_strdup_printf("Value: %s", value);
    int source = sources_add(sources, "--set", text, strlen(text));
    Ast *ast = ast_parse(sources, source, program->arena, diag);
    Item *item = ast->items;
    if (diag_errors(diag) > 0 || item == NULL || item->next != NULL || item->value == NULL ||
        item->has_body)
        return set_error(error, assignment,
                         diag_errors(diag) > 0 ? first_message(diag) : "one value is wanted");
    item->key = key;
    Reader reader = {
        .diag = diag, .operators = program->operators, .scope = {.diag = diag}, .bare = true};
    set_item(&reader, key, item, hardware);
    return reader.wrong ? set_error(error, assignment, first_message(diag)) : true;
}

bool hardware_set(const Trees *program, Hardware *hardware, const char *assignment, GError **error)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return set_error(error, assignment, "wants KEY=VALUE");
    g_autofree char *key = g_strndup(assignment, (gsize) (equals - assignment));
    if (!is_set_key(key)) {
        const char *near = diag_nearest(key, set_keys, G_N_ELEMENTS(set_keys));
        g_autofree char *message = g_strdup_printf("no key '%s'%s%s%s", key, DIAG_HINT(near));
        return set_error(error, assignment, message);
    }
    return set_value(program, hardware, assignment, key, equals + 1, error);
}
