/* The dataflows that a search is begun from, and compared with. */
#ifndef DCC_MAP_STARTS_H
#define DCC_MAP_STARTS_H

#include "run/job.h"

typedef enum {
    START_GIVEN,  /* what the run is about */
    START_FROM,   /* of a file that the search is to begin from */
    START_SHIPPED /* of a file that is found beside the program, its constants as they stand there
                   */
} StartKind;

/* A legal dataflow of a layer.  Names live as long as what they are from. */
typedef struct {
    StartKind kind;
    const char *name; /* of the dataflow, as reports have it */
    const char *file; /* without its folder; "" where it is the program's own */
    const char *own;  /* constants that the run defines, but of the file are as they stand there */
    Nest nest;
    Machine machine; /* which may be a hierarchy in the classic form */
} Start;

/* Programs of one file each, over the same layers and the same machine. */
typedef struct Starts Starts;

/* Reads the shipped files, as far as they can be, those of `from` (NULL-terminated, or NULL) and
 * `given` (or NULL).  NULL with *error set where one of the latter cannot be used. */
Starts *starts_new(const Program *program, const ProgramRequest *request, const char *const *from,
                   const char *given, GError **error);
void starts_free(Starts *starts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Starts, starts_free)

/* Appends a Start for each dataflow that can map the layer, which is that of this number in the
 * program, or a box of it (NULL: all of it): the given first, the shipped last.  Of a file that is
 * a network, the dataflows of its layers of the same shape.  Nothing is reported. */
void starts_add(const Starts *starts, guint number, const JobBox *box, const Layer *layer,
                GArray *to);

/* Of a file that is given, and that starts_add has nothing of: its name, and in *why what is wrong
 * with it for the layer. */
const char *starts_refused(const Starts *starts, guint number, const char **why);

#endif
