/* Why no mapping of a space is admitted: which memory is too small most often, and for how much. */
#ifndef DCC_MAP_OBSTACLE_H
#define DCC_MAP_OBSTACLE_H

#include "map/search.h"

/* Looks at mappings with the smallest tiles that the request's templates allow, as if memories had
 * no end, and appends sentences about what they need; nothing where all of them fit, or none could
 * be looked at.  Returns how many were. */
int64_t obstacle_find(const SearchRequest *request, GString *out);

/* A search that only explains ends here, after about a second, wherever it is. */
bool obstacle_enough(const SearchProgress *progress);

#endif
