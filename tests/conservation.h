/* What must hold of any evaluation, whoever computed it. */
#ifndef DCC_TESTS_CONSERVATION_H
#define DCC_TESTS_CONSERVATION_H

#include "casegen.h"
#include "engine/result.h"

/* NULL if the result obeys every law, else static text: the law that is broken. */
const char *conservation_broken(const Case *c, const Result *r);

#endif
