/* Reading the values of an Accelerator's keys. */
#ifndef DCC_FRONTEND_READER_H
#define DCC_FRONTEND_READER_H

#include "frontend/hardware.h"
#include "frontend/unit.h"

/* Where values come from and mistakes go. */
typedef struct {
    Diag *diag;
    const Operators *operators;
    ExprScope scope;
    bool bare; /* units may be left out (--set, the flat form) */
    bool wrong;
} Reader;

/* Reports, and remembers that something is wrong. */
void reader_wrong(Reader *reader, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* All of these return false after reporting that the value cannot be. */

/* A number above 0 (or 0 too) in that unit; "" is a plain number. */
bool reader_quantity(Reader *reader, const Item *item, const char *unit, bool zero,
                     Rational *value);
/* An integer from least to most. */
bool reader_count(Reader *reader, const Item *item, int64_t least, int64_t most, int64_t *value);
bool reader_bytes(Reader *reader, const Item *item, int64_t *bytes);
bool reader_bits(Reader *reader, const Item *item, int64_t least, int64_t most, int64_t *bits);

/* One value for all tensors, or a body with one for each.  Of a body with other keys alone: false
 * without a report. */
bool reader_rates(Reader *reader, const Item *item, TensorRate *rate);
bool reader_widths(Reader *reader, const Item *item, int64_t least, int64_t most, TensorRate *rate);

/* One rate; of a port one for each way, or a body with Read, Write, Shared. */
bool reader_rate(Reader *reader, const Item *item, Rate *rate);
bool reader_port(Reader *reader, const Item *item, PortRate *port);

/* One value for all tensors, or a body with one for each. */
bool reader_shares(Reader *reader, const Item *item, TensorBytes *bytes);

/* A power, or an energy for each cycle. */
bool reader_leakage(Reader *reader, const Item *item, Leakage *leakage);

bool reader_dims(Reader *reader, const Item *item, TensorNames *names);
bool reader_tensors(Reader *reader, const Item *item, TensorNames *names);
bool reader_duration(Reader *reader, const Item *item, Duration *duration);
/* The words that the next two are written with. */
extern const char *const reader_yes_words[2];
extern const char *const reader_prefetch_words[PREFETCH_STEP + 1];
bool reader_yes(Reader *reader, const Item *item, bool *value);
bool reader_prefetch(Reader *reader, const Item *item, Prefetch *prefetch);
bool reader_word(Reader *reader, const Item *item, const char **word);

#endif
