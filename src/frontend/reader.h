/* Reading the values of an Accelerator's keys. */
#ifndef DCC_FRONTEND_READER_H
#define DCC_FRONTEND_READER_H

#include "frontend/hardware.h"

typedef enum {
    QUANTITY_PLAIN,
    QUANTITY_BITS,
    QUANTITY_RATE,
    QUANTITY_FREQUENCY,
    QUANTITY_AREA,
    QUANTITY_POWER
} Quantity;

/* Where values come from and mistakes go. */
struct Reader {
    Diag *diag;
    const Operators *operators;
    ExprScope scope;
    bool bare; /* base units may be left out (--set) */
    bool wrong;
};

/* Reports, and remembers that something is wrong. */
void reader_wrong(Reader *reader, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* All of these report and leave the value alone (those of type bool: false) if it cannot be. */

/* A number above 0 (or 0 too) in the quantity's base unit: bits, Hz, mm2, mW. */
bool reader_quantity(Reader *reader, const Item *item, Quantity quantity, bool zero,
                     Rational *value);
/* "14", "0.8 GB/s", "64 bit/cycle" */
bool reader_rate(Reader *reader, const Item *item, Rate *rate);
/* The width of an element. */
bool reader_bits(Reader *reader, const Item *item, Rate *bits);
/* One value for all tensors, or a body with one for each. */
void reader_tensor_rate(Reader *reader, const Item *item,
                        bool (*read)(Reader *, const Item *, Rate *), TensorRate *rate);
void reader_count(Reader *reader, const Item *item, int64_t *value);
void reader_bytes(Reader *reader, const Item *item, int64_t *bytes);
void reader_yes(Reader *reader, const Item *item, bool *value);
void reader_prefetch(Reader *reader, const Item *item, Prefetch *prefetch);

#endif
