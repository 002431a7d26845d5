/* Look-ups in the table of keys, and how a value of each kind is read. */
#include "frontend/keys.h"

#include <stddef.h>
#include <string.h>

enum { COUNT_MAX = INT32_MAX, BITS_MAX = 8192, WIDTH_MAX = 1 << 20 };

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

bool hardware_key_goes_by_name(const HardwareKey *key)
{
    return strcmp(key->which, "*") == 0;
}

static bool is_of_fanout(const HardwareKey *key)
{
    return strcmp(key->block, "Fanout") == 0;
}

int hardware_key_count(const HardwareKey *key)
{
    if (hardware_key_goes_by_name(key))
        return is_of_fanout(key) ? FANOUTS_MAX : MEMORIES_MAX;
    return key->stride > 0 ? LEVELS_MAX : 1;
}

bool hardware_key_is_of(const HardwareKey *key, bool hierarchy)
{
    static const char *const classic[] = {"Buffer", "NoC", "OffChip"};
    bool mac = strcmp(key->block, "MAC") == 0;
    if (!hierarchy)
        return !hardware_key_goes_by_name(key) && !mac;
    for (size_t i = 0; i < G_N_ELEMENTS(classic); i++)
        if (strcmp(key->block, classic[i]) == 0)
            return false;
    return key != &hardware_keys[KEY_PES];
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
static bool is_numbered(const HardwareKey *key, const char *name, int *first, int *last)
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

/* Number of the fan-out or memory that the name begins with; -1: none. */
static int find_block(const Hardware *hardware, const char *name, bool fanout)
{
    size_t length = strcspn(name, ".");
    int n = fanout ? hardware->n_fanouts : hardware->n_memories;
    for (int i = 0; i < n; i++) {
        const char *own = fanout ? hardware->fanout[i].name : hardware->memory[i].name;
        if (strlen(own) == length && strncmp(own, name, length) == 0)
            return i;
    }
    return -1;
}

/* "GLB.capacity" is NAME.capacity of the memory GLB. */
static bool is_named(const HardwareKey *key, const Hardware *hardware, const char *name, int *first)
{
    const char *rest = name + strcspn(name, ".");
    *first = find_block(hardware, name, is_of_fanout(key));
    return *first >= 0 && strcmp(key->name + strlen("NAME"), rest) == 0;
}

const HardwareKey *hardware_key_named(const Hardware *hardware, const char *name, int *first,
                                      int *last)
{
    bool hierarchy = hardware != NULL && hardware->n_memories > 0;
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        if (key->name == NULL || !hardware_key_is_of(key, hierarchy))
            continue;
        if (!hardware_key_goes_by_name(key)) {
            if (is_numbered(key, name, first, last))
                return key;
        } else if (is_named(key, hardware, name, first)) {
            *last = *first;
            return key;
        }
    }
    return NULL;
}

/* What a hierarchy does not have (PEs, NoC) is free. */
const char *hardware_key_reserves(const char *name)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        if (!hardware_key_is_of(key, true))
            continue;
        if (g_ascii_strcasecmp(key->key, name) == 0)
            return key->key;
        if (g_ascii_strcasecmp(key->block, name) == 0)
            return key->block;
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

const char *hardware_key_reserves_constant(const char *name)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        if (!hardware_key_goes_by_name(key) && key->name != NULL &&
            g_ascii_strcasecmp(key->name, name) == 0)
            return key->name;
    }
    return NULL;
}

/* One for each block of that kind. */
static void add_names(const HardwareKey *key, const Hardware *hardware, GPtrArray *names)
{
    bool fanout = is_of_fanout(key);
    int n = hardware == NULL ? 0 : fanout ? hardware->n_fanouts : hardware->n_memories;
    for (int i = 0; i < n; i++)
        g_ptr_array_add(names,
                        g_strconcat(fanout ? hardware->fanout[i].name : hardware->memory[i].name,
                                    key->name + strlen("NAME"), NULL));
}

static void add_numbers(const HardwareKey *key, GPtrArray *names)
{
    const char *dot = strchr(key->name, '.');
    int low = hardware_key_first(key);
    for (int l = low; dot != NULL && low >= 0 && l < LEVELS_MAX; l++)
        g_ptr_array_add(names,
                        g_strdup_printf("%.*s%d%s", (int) (dot - key->name), key->name, l, dot));
}

GPtrArray *hardware_key_names(const Hardware *hardware, size_t *plain)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    bool hierarchy = hardware != NULL && hardware->n_memories > 0;
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        if (key->name == NULL || !hardware_key_is_of(key, hierarchy))
            continue;
        if (hardware_key_goes_by_name(key))
            add_names(key, hardware, names);
        else
            g_ptr_array_add(names, g_strdup(key->name));
    }
    *plain = names->len;
    for (size_t i = 0; i < HARDWARE_KEYS; i++)
        if (hardware_keys[i].name != NULL && hardware_key_is_of(&hardware_keys[i], hierarchy))
            add_numbers(&hardware_keys[i], names);
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
    case KEY_KIND_DIMS:
        return reader_dims(reader, item, &value->names);
    case KEY_KIND_SHARES:
        return reader_shares(reader, item, &value->bytes);
    case KEY_KIND_CHANNEL:
        return reader_rate(reader, item, &value->channel);
    case KEY_KIND_PORT:
        return reader_port(reader, item, &value->port);
    case KEY_KIND_LEAKAGE:
        return reader_leakage(reader, item, &value->leakage);
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
        [KEY_KIND_WORD] = sizeof(const char *), [KEY_KIND_TENSORS] = sizeof(TensorNames),
        [KEY_KIND_DIMS] = sizeof(TensorNames),  [KEY_KIND_SHARES] = sizeof(TensorBytes),
        [KEY_KIND_CHANNEL] = sizeof(Rate),      [KEY_KIND_PORT] = sizeof(PortRate),
        [KEY_KIND_LEAKAGE] = sizeof(Leakage)};
    return sizes[kind];
}

void hardware_apply(Hardware *hardware, const HardwareSet *set)
{
    for (int l = set->first; l <= set->last; l++)
        memcpy((char *) hardware + set->key->offset + (size_t) l * set->key->stride, &set->value,
               size_of(set->key->kind));
    hardware->clock_given |= set->key == &hardware_keys[KEY_CLOCK];
}
