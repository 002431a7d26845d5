/* Figures of the hardware for one operator: what machine.c and memories.c have in common. */
#ifndef DCC_FRONTEND_RESOLVE_H
#define DCC_FRONTEND_RESOLVE_H

#include "frontend/reader.h"

/* The widest of so many; *mixed: they differ. */
Rational resolve_widest(const Rational bits[], int n, bool *mixed);

/* Elements of so many bits per cycle; den is never 0.  False after reporting at `span`. */
bool resolve_rate(Reader *reader, const Hardware *hardware, Span span, const Rate *rate,
                  Rational bits, Rational *out);

bool resolve_noc(Reader *reader, const Hardware *hardware, const HardwareNoc *from,
                 const Operator *op, const Rational bits[], Noc *noc);

#endif
