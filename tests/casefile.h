/* A case as text, to be kept in tests/cases/ and read by people.
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
 *     keep=W,O                            what the children hold; left out: everything; -: nothing
 *     port=W,I read:8 write:0 both:0      of a memory of the level's parents
 *     pe_port=W read:1 write:1 both:0     of a memory of the PEs
 *     bits=8 16 32                        of an element of each tensor; left out: 8
 *     done=4                              of an output at a root; left out: as on the chip
 *     setup=10                            cycles
 *     offchip=1.25 900 8 W,I              bytes per cycle, of the buffer (0: no limit), bits of a
 *                                         finished output, what stays on the chip
 *
 * A `level` line for each level, and after it those of its `noc`, `keep` and ports;
 * `bandwidth:1,0,1/2` is one for each tensor, 0 is unlimited; `in_bits:1` after it, or in a
 * port: in bits a cycle.  `#` starts a comment line. */
#ifndef DCC_TESTS_CASEFILE_H
#define DCC_TESTS_CASEFILE_H

#include <glib.h>

#include "case.h"

/* Appends the case's text. */
void casefile_print(const Case *c, GString *out);

/* Reads a case; false, with *error a text to free, if it is not one. */
bool casefile_parse(const char *text, Case *c, char **error);

#endif
