/* Why a tile stays in a unit: which loops leave it where it is. */
#ifndef DCC_REPORT_REUSE_H
#define DCC_REPORT_REUSE_H

#include "report/scope.h"

/* Of a tile that is loaded over so many levels, from the home's outermost one at `scope` to the
 * innermost at scope[levels - 1]: of the first unit's, from its first step.  Owned by the caller.
 */
GString *reuse_over_time(const Scope *scope, int levels, const Tensor *tensor);

#endif
