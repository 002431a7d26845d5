/* How long what arrives at a step may take: until the end of which window.
 *
 * What one tensor moves one way over one link at a step is an arrival.  It belongs to the largest
 * window that begins with the step and in which no more of the tensor moves that way over the link;
 * it may arrive at any time in it, as the tile before it is in use until then.
 *
 * A flat level, one whose every loop takes a single step in a parent of full size, has no windows
 * of its own: what it moves in its one step is handed to the step of the level above, as the
 * arrivals of one more link.
 *
 * None of it depends on the machine; which levels' prefetch lets them be flat is the reader's to
 * know. */
#ifndef DCC_ENGINE_WINDOWS_H
#define DCC_ENGINE_WINDOWS_H

#include "engine/cases.h"

/* Fills windows[].arrivals, stays and loads, and the steps' ranges of these, unless it is done. */
void windows_find(Cases *cases);

/* Links of a level: its own, and one for each flat level that follows it. */
int windows_links(const Cases *cases, int level);

#endif
