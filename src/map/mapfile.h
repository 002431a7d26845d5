/* What the searches of a network have found so far, in a file: to go on from. */
#ifndef DCC_MAP_MAPFILE_H
#define DCC_MAP_MAPFILE_H

#include "map/network_parts.h"

/* Of all that the answer depends on: texts of the files, options, version; owned by the caller. */
char *mapfile_digest(const Network *network, const ProgramRequest *request);

/* The file is either as it was or whole; false with *error set. */
bool mapfile_write(const Network *network, const char *digest, const char *path, GError **error);

/* Takes over what an earlier run has found: searches that had ended are done, the others begin with
 * it.  False with *error set: the file cannot be read, is none of ours, or is of another run. */
bool mapfile_read(Network *network, const char *digest, const char *path, GError **error);

/* Whether a checkpoint may take that name: none is there, or an earlier one of the same run. */
bool mapfile_may_write(const char *digest, const char *path, GError **error);

#endif
