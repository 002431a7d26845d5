/* A case as text, to be kept in tests/cases/ and read by people, and as a line of JSON.
 *
 *     dims=K:4 C:6 Y':5 R:3
 *     weight=W K|C|R                      name, then its coordinates
 *     input=I C|2*Y'+1*R
 *     output=O K|Y'
 *     pes=7
 *     lanes=1
 *     level=2 S(K,1,1) T(C,2,2)           children, then its maps: dim, size, offset
 *     noc=bandwidth:4/3 latency:1 multicast:1 reduction:0 prefetch:layer
 *
 * A `level` line and its `noc` line for each level; `bandwidth:1,0,1/2` is one for each tensor,
 * 0 is unlimited.  `#` starts a comment line. */
#ifndef DCC_TESTS_CASEFILE_H
#define DCC_TESTS_CASEFILE_H

#include <glib.h>

#include "casegen.h"
#include "engine/result.h"

/* Appends the case's text. */
void casefile_print(const Case *c, GString *out);

/* Reads a case; false, with *error a text to free, if it is not one. */
bool casefile_parse(const char *text, Case *c, char **error);

/* Appends {"case": {..}, "result": {..}} and a newline: the case as the executable
 * specification takes it (fractions as "4/3"), the result as it gives it, and the rest. */
void casefile_json(const Case *c, const Result *r, GString *out);

#endif
