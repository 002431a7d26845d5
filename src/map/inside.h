/* The least energy of all that moves inside a depth, whatever the loops outside of it are: there
 * the sizes that are decided last couple the tensors most, while a bound that goes from the outside
 * in sees each of them alone. */
#ifndef DCC_MAP_INSIDE_H
#define DCC_MAP_INSIDE_H

#include <glib.h>

#include "map/bound.h"

/* What is known of parts of skeletons, which many of them have in common; of all threads. */
typedef struct InsideStore InsideStore;

InsideStore *inside_store_new(void);
void inside_store_free(InsideStore *store);

/* Of one thread, for mappings of a layer onto a machine; borrows the store. */
typedef struct Insides Insides;

/* Asked often; true ends what is being searched: what is known then is a bound, too. */
typedef bool InsideStop(void *data);

Insides *insides_new(const Layer *layer, const Machine *machine, Sizes sizes, InsideStore *store,
                     InsideStop *stop, void *data);
void insides_free(Insides *insides);

/* Sets model->inside[depth] for the depths at which something is held, where levels have so many
 * units; NULL, or 0: any number.  times: and model->channel_least. */
void insides_set(Insides *insides, const Skeleton *skeleton, const int64_t *units, bool times,
                 BoundModel *model);

#endif
