/* A case and its result as a line of JSON, to be held against the executable specification. */
#ifndef DCC_TESTS_CASEJSON_H
#define DCC_TESTS_CASEJSON_H

#include <glib.h>

#include "simulator.h"

/* Whether the specification can say the case: it counts elements, so tensors that share a channel
 * in bits must have one width. */
bool casejson_can(const Case *c);

/* Appends {"case": {..}, "result": {..}} and a newline: the case as the specification takes it
 * (fractions as text, "4/3"), the result as it gives it. */
void casejson_print(const Case *c, const Simulation *s, GString *out);

#endif
