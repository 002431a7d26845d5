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
    KEY_KIND_TENSORS,  /* TensorNames: at least one */
    KEY_KIND_DIMS,     /* TensorNames: at least one, of dims */
    KEY_KIND_SHARES,   /* TensorBytes: at least 1 B, of all tensors or of each */
    KEY_KIND_CHANNEL,  /* Rate: above 0 */
    KEY_KIND_PORT,     /* PortRate: the same, each way, or of each way */
    KEY_KIND_LEAKAGE   /* Leakage: 0 or more */
} KeyKind;

/* What of an evaluation another value makes stale: the nest and all its counts; the machine's
 * share of them; what it costs and what fits, but no count and no time, unless memories are placed
 * by their capacity; only what a capacity of the classic form decides; nothing. */
typedef enum {
    KEY_CHANGES_NOTHING,
    KEY_CHANGES_NEST,
    KEY_CHANGES_MACHINE,
    KEY_CHANGES_COST,
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
    TensorBytes bytes;
    Rate channel;
    PortRate port;
    Leakage leakage;
} HardwareValue;

/* A key, the numbers of the blocks it is of, and its value: an override that has been read. */
typedef struct {
    const HardwareKey *key;
    int first, last;
    HardwareValue value;
} HardwareSet;

/* The key of a block ("Buffer" and "L1"; "NoC" and any number; "Budget" and ""); NULL: none. */
const HardwareKey *hardware_key(const char *block, const char *which, const char *key);

/* The key of that name for --set, and the numbers that it stands for; NULL: none.  The hardware
 * gives the names of memories and fan-outs, and by its form says which keys there are; NULL: one of
 * the classic form. */
const HardwareKey *hardware_key_named(const Hardware *hardware, const char *name, int *first,
                                      int *last);

/* True if a machine of that form has the key. */
bool hardware_key_is_of(const HardwareKey *key, bool hierarchy);

/* The key, in any case, whose name a memory or fan-out, or a constant, must not have; NULL: none.
 */
const char *hardware_key_reserves(const char *name);
const char *hardware_key_reserves_constant(const char *name);

/* The name for --set of a key of the flat form, or NULL. */
const char *hardware_flat_name(const char *key);

/* Lowest number of the blocks of a key, -1 where they have none. */
int hardware_key_first(const HardwareKey *key);

/* True for a key of memories or fan-outs, which go by name; how many blocks there may be of a key
 * at most. */
bool hardware_key_goes_by_name(const HardwareKey *key);
int hardware_key_count(const HardwareKey *key);

/* All names for --set of the hardware (NULL: of the classic form), those with numbers behind the
 * others: *plain of them have none.  Owns them. */
GPtrArray *hardware_key_names(const Hardware *hardware, size_t *plain);

/* Reads the keys of a block, the one of that number, into the hardware. */
void hardware_read_keys(Reader *reader, const Item *block, const char *which, int number,
                        Hardware *hardware);

/* Reads an item's value; false after reporting. */
bool hardware_key_read(Reader *reader, const HardwareKey *key, const Item *item,
                       HardwareValue *value);

/* Reads a value from text of its own, as --set does; false with *error set.  Names live in the
 * program's arena. */
bool hardware_value_parse(const Trees *program, const HardwareKey *key, const char *text,
                          HardwareValue *value, GError **error);

/* Reads "name=value" for a machine; false with *error set. */
bool hardware_set_parse(const Trees *program, const Hardware *hardware, const char *assignment,
                        HardwareSet *set, GError **error);

/* Puts it where it belongs. */
void hardware_apply(Hardware *hardware, const HardwareSet *set);

#endif
