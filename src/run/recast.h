/* A hardware file of the classic form as a hierarchy: dcc --as-hierarchy. */
#ifndef DCC_RUN_RECAST_H
#define DCC_RUN_RECAST_H

#include "frontend/diag.h"

/* The text in canonical form, to be freed; NULL after reporting what is wrong with the file, or
 * with *error set where it cannot be read. */
char *recast_file(const char *name, Diag *diag, GError **error);

#endif
