/* The part of a skeleton from a level on, over the whole layer, is searched by itself for the least
 * bound.  Loops further out are as if they stood in its first level: they would only move more.
 *
 * That holds as long as a size that the loops further out leave is one that the first level could
 * take: where sizes are bounded by the text, or rounded, it is left undone. */
#include "map/inside.h"

#include <math.h>
#include <string.h>

#include "map/branch.h"

/* Of what is found, so much below is not looked for: it is not worth the time. */
static const double SLACK = 0.1;

/* In a part: what is open then bounds it as well.  Fewer where the units are known, as there are
 * many of those. */
enum { BOUNDS_MOST = 1000, BOUNDS_OF_UNITS = 20000 };

/* Of keys: beyond that all are forgotten, and found again where they are asked for. */
enum { KEYS_MOST = 1 << 27 };

struct InsideStore {
    GMutex mutex;
    GHashTable *known; /* GBytes of a part to its least energy or time */
    gsize keys;        /* bytes of those */
};

InsideStore *inside_store_new(void)
{
    InsideStore *store = g_new0(InsideStore, 1);
    g_mutex_init(&store->mutex);
    store->known =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, g_free);
    return store;
}

void inside_store_free(InsideStore *store)
{
    g_hash_table_unref(store->known);
    g_mutex_clear(&store->mutex);
    g_free(store);
}

static bool store_find(InsideStore *store, GBytes *key, double *least)
{
    g_mutex_lock(&store->mutex);
    const double *known = g_hash_table_lookup(store->known, key);
    if (known != NULL)
        *least = *known;
    g_mutex_unlock(&store->mutex);
    return known != NULL;
}

/* Takes the key over. */
static void store_add(InsideStore *store, GBytes *key, double least)
{
    g_mutex_lock(&store->mutex);
    if (store->keys > KEYS_MOST) {
        g_hash_table_remove_all(store->known);
        store->keys = 0;
    }
    store->keys += g_bytes_get_size(key);
    g_hash_table_insert(store->known, key, g_memdup2(&least, sizeof least));
    g_mutex_unlock(&store->mutex);
}

struct Insides {
    const Layer *layer;
    const Machine *machine;
    Branch branch;
    bool channel;       /* its time is what is searched for, else the energy */
    double least, left; /* of the part that is searched */
    int64_t end;        /* bounds */
    InsideStore *store;
    InsideStop *stop;
    void *data;
    Hole open;
    Skeleton part;
};

static double value(Branch *b, MapBound *bound)
{
    const Insides *s = b->data;
    if (s->channel) {
        *bound = (MapBound){0, 0};
        return bound_channel(&b->model, &b->partial, 0);
    }
    const BoundLimit limit = {s->least * (1 - SLACK), INFINITY};
    *bound = bound_below(&b->model, &b->partial, &limit);
    return bound->pj;
}

static bool is_open(const Branch *b, const MapBound *bound, double value)
{
    const Insides *s = b->data;
    (void) bound;
    return value < s->least * (1 - SLACK);
}

static bool is_stopped(Branch *b)
{
    const Insides *s = b->data;
    return b->bounds >= s->end || s->stop(s->data);
}

static void leave(Branch *b, double bound)
{
    Insides *s = b->data;
    s->left = fmin(s->left, bound);
}

static void decided(Branch *b, const MapBound *bound)
{
    Insides *s = b->data;
    s->least = fmin(s->least, s->channel ? bound_channel(&b->model, &b->partial, 0) : bound->pj);
}

static bool ends(Branch *b)
{
    MapBound bound;
    double least = value(b, &bound);
    return !is_open(b, &bound, least);
}

static const BranchOwner owner = {value, is_open, is_stopped, leave, decided, NULL, ends};

Insides *insides_new(const Layer *layer, const Machine *machine, Sizes sizes, InsideStore *store,
                     InsideStop *stop, void *data)
{
    Insides *s = g_new0(Insides, 1);
    s->layer = layer;
    s->machine = machine;
    s->open = hole_open();
    branch_init(&s->branch, &owner, s, layer, machine, sizes);
    s->branch.units_first = true;
    s->store = store;
    s->stop = stop;
    s->data = data;
    return s;
}

void insides_free(Insides *s)
{
    branch_clear(&s->branch);
    g_free(s);
}

/* ---- the part -------------------------------------------------------------------------- */

/* Whether all sizes that come to the first level's children are among those of the whole layer. */
static bool is_closed(const Insides *s, const Skeleton *skeleton, int first)
{
    if (s->machine->lanes > 1 || s->machine->n_memories == 0)
        return false;
    for (int l = 0; l <= first; l++)
        for (int d = 0; d < s->layer->op.n_dims; d++)
            if (skeleton->level[l].maps >> d & 1 && !hole_is_plain(skeleton->level[l].size[d]))
                return false;
    return true;
}

static void take_part(Insides *s, const Skeleton *skeleton, const int64_t *units, int first)
{
    Skeleton *part = &s->part;
    unsigned outside = 0;
    memset(part, 0, sizeof *part);
    part->n_levels = skeleton->n_levels - first;
    memcpy(part->level, &skeleton->level[first], (size_t) part->n_levels * sizeof *part->level);
    part->level[0].one_step = false; /* folds stand for the loops outside */
    for (int l = 0; l < first; l++)
        outside |= skeleton->level[l].maps;
    for (int l = first; l < skeleton->n_levels && units != NULL; l++)
        if (units[l] > 0)
            part->level[l - first].units_least = part->level[l - first].units_most = units[l];
    for (int d = 0; d < s->layer->op.n_dims; d++)
        if (outside >> d & 1) {
            part->level[0].maps |= 1u << d;
            part->level[0].stays &= ~(1u << d);
            part->level[0].size[d] = &s->open;
        }
}

static void take_traffic(const BoundModel *from, const Skeleton *skeleton, const int64_t *units,
                         int first, const Channel *channel, BoundModel *to)
{
    const TrafficModel *model = &from->model;
    to->model.n = 0;
    for (int i = 0; i < model->n; i++) {
        Traffic t = model->traffic[i];
        if (t.holder <= first || (channel != NULL && !channel_takes(channel, &t)))
            continue;
        if (channel == NULL) {
            t.wants_near = t.near > 0;
            t.wants_back = t.back > 0 || t.again > 0;
        }
        if (!t.first) /* how many outputs come to it without a partial sum is not known */
            t.wants_back = false;
        for (int l = t.home; l < first; l++) /* units outside that it goes to at once */
            if (skeleton->level[l].spread >= 0)
                t.shared[skeleton->level[l].spread] *=
                    (double) (units != NULL && units[l] > 0 ? units[l]
                                                            : skeleton->level[l].units_most);
        t.home = t.home > first ? t.home - first : 0;
        t.holder -= first;
        to->outwards[to->model.n] = to->model.n;
        to->model.traffic[to->model.n++] = t;
        to->model.homes |= 1u << t.home;
    }
}

static void take_rooms(const BoundModel *from, int first, BoundModel *to)
{
    to->rooms.n = 0;
    for (int r = 0; r < from->rooms.n; r++)
        if (from->rooms.room[r].depth > first) {
            to->rooms.room[to->rooms.n] = from->rooms.room[r];
            to->rooms.room[to->rooms.n++].depth -= first;
        }
}

/* The units that have the channel, in the whole mapping, each take a part of what passes it. */
static void take_channel(const BoundModel *from, const Skeleton *skeleton, const int64_t *units,
                         const Channel *channel, BoundModel *to)
{
    Channel *own = &to->model.channel[0];
    double parents = 1;
    for (int l = 0; l < channel->depth; l++)
        parents *= units != NULL && units[l] > 0 ? (double) units[l]
                                                 : (double) skeleton->level[l].units_most;
    parents = fmin(parents, from->pes);
    *own = *channel;
    own->depth = 0;
    own->level = channel->level < 0 ? -1 : 0;
    for (int t = 0; t < TENSORS_MAX; t++) {
        own->in[t] /= parents;
        own->out[t] /= parents;
    }
    own->credit /= parents;
    to->model.n_channels = 1;
}

static void take_model(Insides *s, const BoundModel *from, const Skeleton *skeleton,
                       const int64_t *units, int first, const Channel *channel)
{
    BoundModel *to = &s->branch.model;
    const int n = s->part.n_levels;
    *to = *from;
    to->model.skeleton = &s->part;
    to->model.least_pj = to->model.pj_cycle = to->model.offchip_cycles = 0;
    to->model.n_channels = 0;
    to->model.homes = 1;
    take_traffic(from, skeleton, units, first, channel, to);
    if (channel != NULL)
        take_channel(from, skeleton, units, channel, to);
    s->channel = channel != NULL;
    take_rooms(from, first, to);
    for (int l = 0; l < n; l++)
        to->units_most[l] = (double) s->part.level[l].units_most;
    for (int depth = 0; depth <= n; depth++) {
        for (int d = 0; d < s->layer->op.n_dims; d++)
            to->most[d][depth] =
                depth > 0 ? from->most[d][first + depth] : (double) s->layer->extent[d];
        to->inside[depth] = from->inside[first + depth];
    }
    to->inside[0] = 0;
    memset(to->channel_least, 0, sizeof to->channel_least);
}

/* All that the search of a part looks at. */
static GBytes *part_key(const Insides *s)
{
    const BoundModel *m = &s->branch.model;
    GByteArray *key = g_byte_array_new();
    g_byte_array_append(key, (const guint8 *) s->part.level,
                        (guint) ((size_t) s->part.n_levels * sizeof *s->part.level));
    g_byte_array_append(key, (const guint8 *) m->model.traffic,
                        (guint) ((size_t) m->model.n * sizeof *m->model.traffic));
    if (s->channel)
        g_byte_array_append(key, (const guint8 *) m->model.channel, sizeof *m->model.channel);
    return g_byte_array_free_to_bytes(key);
}

static double search_part(Insides *s, int64_t most)
{
    Branch *b = &s->branch;
    s->least = s->left = INFINITY;
    s->end = b->bounds + most;
    partial_start(&b->partial, s->layer, &s->part, b->model.model.homes);
    branch_run(b);
    double least = fmin(s->least, s->left);
    return isfinite(least) ? least * (1 - SLACK) * (1 - 1e-9) : 0;
}

static double part_least(Insides *s, const Skeleton *skeleton, const int64_t *units,
                         const BoundModel *model, int first, const Channel *channel)
{
    take_part(s, skeleton, units, first);
    take_model(s, model, skeleton, units, first, channel);
    if (s->branch.model.model.n == 0)
        return 0;
    GBytes *key = part_key(s);
    double least;
    if (store_find(s->store, key, &least)) {
        g_bytes_unref(key);
        return least;
    }
    least = search_part(s, units != NULL ? BOUNDS_OF_UNITS : BOUNDS_MOST);
    store_add(s->store, key, least);
    return least;
}

void insides_set(Insides *s, const Skeleton *skeleton, const int64_t *units, bool times,
                 BoundModel *model)
{
    for (int first = skeleton->n_levels - 1; first > 0; first--)
        if (skeleton->level[first - 1].held != 0 && is_closed(s, skeleton, first))
            model->inside[first] = part_least(s, skeleton, units, model, first, NULL);
    for (int c = 0; c < model->model.n_channels && times; c++) {
        const Channel *channel = &model->model.channel[c];
        if (channel->depth > 0 && is_closed(s, skeleton, channel->depth))
            model->channel_least[c] =
                part_least(s, skeleton, units, model, channel->depth, channel);
    }
}
