/* Look-ups in the table of keys, and how a value of each kind is read. */
#include "frontend/keys.h"

#include <stddef.h>
#include <string.h>

enum { COUNT_MAX = INT32_MAX, BITS_MAX = 8192 };

const HardwareKey hardware_keys[HARDWARE_KEYS] = {
#define FIELD(field) offsetof(Hardware, field), 0
#define EACH(array) offsetof(Hardware, array), sizeof(((Hardware *) NULL)->array[0])
#define OF_EACH(array, field)                                                                      \
    offsetof(Hardware, array[0].field), sizeof(((Hardware *) NULL)->array[0])
#define KEY(id, block, which, key, name, kind, unit, least, most, initial, where, changes, what)   \
    [KEY_##id] = {block, which, key,     name,  KEY_KIND_##kind,       unit,                       \
                  least, most,  initial, where, KEY_CHANGES_##changes, what},
#define FLAT(key, name)
#include "frontend/keys.def"
#undef KEY
#undef FLAT
};

static const struct {
    const char *key, *name;
} flat_keys[] = {
#define KEY(...)
#define FLAT(key, name) {key, name},
#include "frontend/keys.def"
#undef KEY
#undef FLAT
};

/* --- look-ups --- */

int hardware_key_first(const HardwareKey *key)
{
    return g_str_has_suffix(key->which, "..") ? key->which[0] - '0' : -1;
}

const HardwareKey *hardware_key(const char *block, const char *which, const char *key)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *row = &hardware_keys[i];
        bool here = strcmp(row->block, block) == 0 && strcmp(row->key, key) == 0;
        if (here && (strcmp(row->which, which) == 0 ||
                     (hardware_key_first(row) >= 0 && g_ascii_isdigit(which[0]))))
            return row;
    }
    return NULL;
}

/* "noc2.hops" is noc.hops of number 2. */
static bool is_named(const HardwareKey *key, const char *name, int *first, int *last)
{
    const char *dot = strchr(name, '.');
    int low = hardware_key_first(key), number = dot != NULL && dot > name ? dot[-1] - '0' : -1;
    *first = MAX(low, 0);
    *last = low < 0 ? 0 : LEVELS_MAX - 1;
    if (strcmp(key->name, name) == 0)
        return true;
    if (low < 0 || number < low || number >= LEVELS_MAX)
        return false;
    *first = *last = number;
    size_t stem = (size_t) (dot - name) - 1;
    return strncmp(key->name, name, stem) == 0 && strcmp(key->name + stem, dot) == 0;
}

const HardwareKey *hardware_key_named(const char *name, int *first, int *last)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        if (key->name != NULL && is_named(key, name, first, last))
            return key;
    }
    return NULL;
}

const char *hardware_flat_name(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(flat_keys); i++) {
        if (strcmp(flat_keys[i].key, key) == 0)
            return flat_keys[i].name;
    }
    return NULL;
}

GPtrArray *hardware_key_names(size_t *plain)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        if (hardware_keys[i].name != NULL)
            g_ptr_array_add(names, g_strdup(hardware_keys[i].name));
    }
    *plain = names->len;
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        const char *dot = key->name != NULL ? strchr(key->name, '.') : NULL;
        int low = hardware_key_first(key);
        for (int l = low; dot != NULL && low >= 0 && l < LEVELS_MAX; l++)
            g_ptr_array_add(
                names, g_strdup_printf("%.*s%d%s", (int) (dot - key->name), key->name, l, dot));
    }
    return names;
}

/* --- values --- */

static bool read_limit(Reader *reader, const Item *item, const char *unit, double *limit)
{
    Rational value;
    if (!reader_quantity(reader, item, unit, false, &value))
        return false;
    *limit = rational_real(value);
    return true;
}

bool hardware_key_read(Reader *reader, const HardwareKey *key, const Item *item,
                       HardwareValue *value)
{
    switch (key->kind) {
    case KEY_KIND_COUNT:
        return reader_count(reader, item, key->least, key->most, &value->integer);
    case KEY_KIND_BYTES:
        return reader_bytes(reader, item, &value->integer);
    case KEY_KIND_BITS:
        return reader_bits(reader, item, key->least, key->most, &value->integer);
    case KEY_KIND_WIDTH:
        return reader_widths(reader, item, key->least, key->most, &value->rate);
    case KEY_KIND_AMOUNT:
        return reader_quantity(reader, item, key->unit, true, &value->amount);
    case KEY_KIND_POSITIVE:
        return reader_quantity(reader, item, key->unit, false, &value->amount);
    case KEY_KIND_LIMIT:
        return read_limit(reader, item, key->unit, &value->real);
    case KEY_KIND_RATE:
    case KEY_KIND_RATES:
        return reader_rates(reader, item, &value->rate);
    case KEY_KIND_DURATION:
        return reader_duration(reader, item, &value->duration);
    case KEY_KIND_YES:
        return reader_yes(reader, item, &value->yes);
    case KEY_KIND_PREFETCH:
        return reader_prefetch(reader, item, &value->prefetch);
    case KEY_KIND_TENSORS:
        return reader_tensors(reader, item, &value->names);
    case KEY_KIND_WORD:
        return reader_word(reader, item, &value->word);
    }
    return false;
}

static size_t size_of(KeyKind kind)
{
    static const size_t sizes[] = {
        [KEY_KIND_COUNT] = sizeof(int64_t),     [KEY_KIND_BYTES] = sizeof(int64_t),
        [KEY_KIND_BITS] = sizeof(int64_t),      [KEY_KIND_WIDTH] = sizeof(TensorRate),
        [KEY_KIND_AMOUNT] = sizeof(Rational),   [KEY_KIND_POSITIVE] = sizeof(Rational),
        [KEY_KIND_LIMIT] = sizeof(double),      [KEY_KIND_RATE] = sizeof(TensorRate),
        [KEY_KIND_RATES] = sizeof(TensorRate),  [KEY_KIND_DURATION] = sizeof(Duration),
        [KEY_KIND_YES] = sizeof(bool),          [KEY_KIND_PREFETCH] = sizeof(Prefetch),
        [KEY_KIND_WORD] = sizeof(const char *), [KEY_KIND_TENSORS] = sizeof(TensorNames)};
    return sizes[kind];
}

void hardware_apply(Hardware *hardware, const HardwareSet *set)
{
    for (int l = set->first; l <= set->last; l++)
        memcpy((char *) hardware + set->key->offset + (size_t) l * set->key->stride, &set->value,
               size_of(set->key->kind));
    hardware->clock_given |= set->key == &hardware_keys[KEY_CLOCK];
}
