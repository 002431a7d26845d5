/* Units of the input files, from the one table units.def.
 *
 *     value in `to` = value in `from` * factor(from) / factor(to)
 *
 * which is exact: 0.8 GB/s is 6400000000 bit/s. */
#ifndef DCC_FRONTEND_UNIT_H
#define DCC_FRONTEND_UNIT_H

#include <glib.h>

#include "ir/rational.h"

typedef enum {
    QUANTITY_PLAIN, /* no unit */
    QUANTITY_DATA,
    QUANTITY_FREQUENCY,
    QUANTITY_TIME,
    QUANTITY_CYCLES,
    QUANTITY_AREA,
    QUANTITY_POWER,
    QUANTITY_ENERGY,
    QUANTITY_LENGTH,
    QUANTITY_VOLTAGE,
    QUANTITY_EVENT /* an access, a hop: only as what something is per */
} Quantity;

/* A unit or a quotient of two. */
typedef struct {
    Quantity of, per; /* per is PLAIN where there is no quotient */
    Rational factor;  /* to the quantities' own units */
} Unit;

/* The unit of these bytes; "" is that of a plain number.  False if there is none. */
bool unit_find(const char *text, size_t length, Unit *unit);

/* What a number in one unit (NULL: none) is multiplied by to be in another; false if they do not
 * measure the same. */
bool unit_convert(const char *from, const char *to, Rational *factor);

/* "um2 or mm2": the units that can stand where `to` is meant.  To be freed. */
char *unit_choices(const char *to);

/* False for what the lexer has reported as no unit; there is nothing more to say of it. */
bool unit_is_known(const char *text);

/* The unit that the text is but for its case, such as "GB/s" for "gb/S"; NULL: none.  To be freed.
 */
char *unit_recase(const char *text);

/* The names that are listed, borrowed. */
GPtrArray *unit_names(void);

#endif
