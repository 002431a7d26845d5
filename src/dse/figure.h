/* The designs as pictures. */
#ifndef DCC_DSE_FIGURE_H
#define DCC_DSE_FIGURE_H

#include "dse/summary.h"

enum { CLOUD_PLANES = 2048, CLOUD_POINTS = 8192 };

/* Designs to stand behind the front, of machines spread evenly over the space: of each some that
 * may be best with it.  An array of Point, to be freed. */
GArray *figure_cloud(const Study *study);

/* One HTML file: the front in the axes of its objectives; area, power and buffers against
 * throughput, as Figure 13 of the MAESTRO paper has them; tables of the best designs and of the
 * front.  `cloud` may be NULL. */
GString *figure_html(const Summary *summary, const GArray *cloud);

#endif
