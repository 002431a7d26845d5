/* A Hierarchy of memories and fan-outs: its block, and what it comes to for an operator. */
#ifndef DCC_FRONTEND_HIERARCHY_H
#define DCC_FRONTEND_HIERARCHY_H

#include "frontend/keys.h"

/* Reads an Accelerator that has one. */
void hierarchy_read(Reader *reader, const Item *accelerator, Hardware *hardware);

/* True for a name that a dataflow and --set can write; it may be a key's. */
bool hierarchy_is_name(const char *name);

/* Names to the tensors and dims of an operator, rates and energies to the machine's; the
 * machine has the widths of tensors.  False after reporting. */
bool hierarchy_resolve(Reader *reader, const Hardware *hardware, const Operator *op,
                       const Rational bits[], Machine *machine);

#endif
