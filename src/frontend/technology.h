/* Technology blocks: energy and area of the building blocks, each with its source. */
#ifndef DCC_FRONTEND_TECHNOLOGY_H
#define DCC_FRONTEND_TECHNOLOGY_H

#include "frontend/check.h"
#include "ir/technology.h"

/* The Technology of that name among the run's files, and its file; NULL if there is none. */
const Item *technology_find(const Trees *program, const char *name, const ProgramFile **file);

/* Names of those in the run's files, and of each tech-NAME.hw that would be found; owns them. */
GPtrArray *technology_names(const Trees *program);

/* Reads a block; false after reporting what is wrong.  Texts live in the run's arena. */
bool technology_read(const Trees *program, const ProgramFile *file, const Item *block,
                     Technology *technology);

/* Reads the Scaling block within a Technology block; false after reporting, or without one. */
bool technology_scaling(const Trees *program, const ProgramFile *file, const Item *block,
                        Scaling *scaling);

#endif
