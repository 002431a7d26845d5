/* The classic form of a machine, and the hierarchy of its shape: each as the other. */
#ifndef DCC_FRONTEND_CLASSIC_H
#define DCC_FRONTEND_CLASSIC_H

#include "frontend/hardware.h"

/* A hierarchy of an outermost memory, one global memory, one fan-out and one memory inside it, all
 * of which hold everything of the operator, in the classic form for a dataflow without Fanout,
 * Buffer and Level lines.  False if the machine or the dataflow is not so.  Warns of figures that
 * have no place there. */
bool classic_hardware(Diag *diag, const Hardware *hierarchy, const Operator *op,
                      const Item *dataflow, Hardware *classic);

/* Warns of these figures, for a dataflow of that name which has taken the machine so. */
void classic_warn(Diag *diag, const Hardware *hierarchy, const char *name);

#endif
