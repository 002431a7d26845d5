/* The one register of the files of a run: those that it reads and those that it is to write.  No
 * file is written that is in there already: not one that is read, nor another output. */
#ifndef DCC_REPORT_CLAIMS_H
#define DCC_REPORT_CLAIMS_H

#include "frontend/source.h"

/* An option that names a file to be written. */
typedef struct {
    const char *option;
    const char *path; /* NULL: not given */
    bool parts;       /* written by way of PATH.partial, and a database's journals */
} Claim;

/* False with *error set if an output has no name, is a file that is read (of `sources`, or one of
 * the NULL-terminated `inputs`), or a file that another output or the standard output is.  Names
 * are told apart by the file, not by how they are spelled; devices and pipes are nobody's. */
bool claims_check(const Claim *claims, size_t n, const Sources *sources, char *const *inputs,
                  GError **error);

#endif
