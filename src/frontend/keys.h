/* The keys of the hardware as a table; keys.def says what the columns are. */
#ifndef DCC_FRONTEND_KEYS_H
#define DCC_FRONTEND_KEYS_H

#include "frontend/hardware.h"
#include "frontend/reader.h"

/* How a value is written, checked and kept. */
typedef enum {
    KEY_KIND_COUNT,    /* int64_t: an integer from least to most */
    KEY_KIND_BYTES,    /* int64_t: at least 1 B */
    KEY_KIND_BITS,     /* int64_t: a whole number of bits from least to most */
    KEY_KIND_WIDTH,    /* TensorRate: the same, of all tensors or of each */
    KEY_KIND_AMOUNT,   /* Rational: 0 or more */
    KEY_KIND_POSITIVE, /* Rational: above 0 */
    KEY_KIND_LIMIT,    /* double: above 0 */
    KEY_KIND_RATE,     /* TensorRate: above 0 */
    KEY_KIND_RATES,    /* TensorRate: the same, of all tensors or of each */
    KEY_KIND_DURATION, /* Duration: 0 or more */
    KEY_KIND_YES,      /* bool */
    KEY_KIND_PREFETCH, /* Prefetch */
    KEY_KIND_WORD,     /* const char *: any */
    KEY_KIND_TENSORS   /* TensorNames: at least one */
} KeyKind;

/* What of an evaluation another value makes stale: the nest and all its counts, the machine's
 * share of them, only what a capacity decides, nothing. */
typedef enum {
    KEY_CHANGES_NOTHING,
    KEY_CHANGES_NEST,
    KEY_CHANGES_MACHINE,
    KEY_CHANGES_L1,
    KEY_CHANGES_L2
} KeyChange;

typedef struct {
    const char *block, *which, *key;
    const char *name; /* for --set, or NULL */
    KeyKind kind;
    const char *unit; /* of the field */
    int64_t least, most;
    const char *initial;
    size_t offset, stride; /* in Hardware; from one number to the next */
    KeyChange changes;
    const char *what;
} HardwareKey;

typedef enum {
#define KEY(id, ...) KEY_##id,
#define FLAT(key, name)
#include "frontend/keys.def"
#undef KEY
#undef FLAT
    HARDWARE_KEYS
} HardwareKeyId;

extern const HardwareKey hardware_keys[HARDWARE_KEYS];

/* What a key is set to. */
typedef union {
    int64_t integer;
    Rational amount;
    double real;
    TensorRate rate;
    Duration duration;
    bool yes;
    Prefetch prefetch;
    const char *word;
    TensorNames names;
} HardwareValue;

/* A key, the numbers of the blocks it is of, and its value: an override that has been read. */
typedef struct {
    const HardwareKey *key;
    int first, last;
    HardwareValue value;
} HardwareSet;

/* The key of a block ("Buffer" and "L1"; "NoC" and any number; "Budget" and ""); NULL: none. */
const HardwareKey *hardware_key(const char *block, const char *which, const char *key);

/* The key of that name for --set, and the numbers that it stands for; NULL: none. */
const HardwareKey *hardware_key_named(const char *name, int *first, int *last);

/* The name for --set of a key of the flat form, or NULL. */
const char *hardware_flat_name(const char *key);

/* Lowest number of the blocks of a key, -1 where they have none. */
int hardware_key_first(const HardwareKey *key);

/* All names for --set, those with numbers behind the others: *plain of them have none.  Owns them.
 */
GPtrArray *hardware_key_names(size_t *plain);

/* Reads an item's value; false after reporting. */
bool hardware_key_read(Reader *reader, const HardwareKey *key, const Item *item,
                       HardwareValue *value);

/* Reads a value from text of its own, as --set does; false with *error set.  Names live in the
 * program's arena. */
bool hardware_value_parse(const Trees *program, const HardwareKey *key, const char *text,
                          HardwareValue *value, GError **error);

/* Reads "name=value"; false with *error set. */
bool hardware_set_parse(const Trees *program, const char *assignment, HardwareSet *set,
                        GError **error);

/* Puts it where it belongs. */
void hardware_apply(Hardware *hardware, const HardwareSet *set);

#endif
