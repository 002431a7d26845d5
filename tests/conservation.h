/* Laws that every result obeys, whoever computed it. */
#ifndef DCC_TESTS_CONSERVATION_H
#define DCC_TESTS_CONSERVATION_H

#include "simulator.h"

/* The law that the simulation of a case breaks, or NULL. */
const char *conservation_broken(const Case *c, const Simulation *s);

#endif
