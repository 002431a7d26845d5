/* A Study block of a .dse file: the options of a sweep, as text; see dcc-dse(5). */
#ifndef DCC_DSE_STUDYFILE_H
#define DCC_DSE_STUDYFILE_H

#include "frontend/diag.h"

/* NULL or empty where nothing is said. */
typedef struct {
    GPtrArray *dataflows, *layers, *sets, *defines, *sweeps; /* of char * */
    GPtrArray
        *places; /* of GArray * of Span: of each of `sweeps`, as space_set_places takes them */
    char *model, *hardware, *technology, *area, *power, *buffers, *objectives;
} StudyFile;

/* Reads and checks a file.  What is wrong in it goes to `diag`; NULL then, or with *error set if it
 * cannot be read. */
StudyFile *studyfile_read(const char *name, Diag *diag, GError **error);
void studyfile_free(StudyFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StudyFile, studyfile_free)

#endif
