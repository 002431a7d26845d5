/* A machine of the classic form as the hierarchy of its shape. */
#ifndef DCC_FRONTEND_RECAST_H
#define DCC_FRONTEND_RECAST_H

#include <glib.h>

#include "frontend/hardware.h"

/* The text of an Accelerator with a Hierarchy: OffChip, L2, a fan-out PE with the links of NoC 0,
 * L1.  Comments before it say what it leaves out, the Technology that stands in the file too.  Not
 * in canonical form; owned by the caller. */
GString *recast_print(const Hardware *classic, const char *name, bool has_technology);

#endif
