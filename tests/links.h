/* Cycles that transfers take over a link: its channels, and the ports of the memories above it.
 *
 *     delay(v) = 0 if v = 0, else latency + ceil(v / bandwidth) - 1
 *
 * on the slowest of them.  Transfers that are hidden follow one another: their latency is 1. */
#ifndef DCC_TESTS_LINKS_H
#define DCC_TESTS_LINKS_H

#include "asks.h"

/* Of a level's link, for these elements by tensor. */
int64_t links_delay(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way);
int64_t links_hidden(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way);

/* Of the ports that serve both ways, for what is given and taken. */
int64_t links_shared(const Sim *s, int level, const Load *load);

/* A step of the level waits for its own volume over all links from the homes: for the slowest of
 * them, and for the latencies of all on the longest way. */
int64_t links_wait(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way);

/* Of the ports of the PEs' memories, for what the MACs of a PE read and write. */
int64_t links_macs(const Sim *s, const int64_t reads[TENSORS_MAX],
                   const int64_t writes[TENSORS_MAX]);

#endif
