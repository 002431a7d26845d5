#include "map/room.h"

#include <math.h>

#include "ir/integer.h"
#include "map/real.h"
#include "map/set.h"

static bool never_doubles(const Machine *machine)
{
    bool none = false;
    for (int f = 0; f < machine->n_fanouts; f++)
        none |= machine->fanout[f].noc.prefetch == PREFETCH_NONE;
    for (int k = 0; k < machine->n_memories; k++)
        none |= machine->memory[k].prefetch == PREFETCH_NONE;
    return none;
}

static void add_room(const TrafficModel *m, Rooms *rooms, int depth, unsigned tensors, double bytes,
                     double copies)
{
    Room *room = &rooms->room[rooms->n++];
    *room = (Room){.depth = depth, .tensors = tensors, .bytes = bytes, .changing = copies};
    for (int t = 0; t < m->shape->n_tensors; t++)
        room->element[t] = (double) m->machine->bits[t] / 8;
}

static void find_hierarchy_rooms(const TrafficModel *m, Rooms *rooms)
{
    const Machine *machine = m->machine;
    const Skeleton *s = m->skeleton;
    bool once = never_doubles(machine);
    for (int depth = 1; depth <= s->n_levels; depth++)
        for (int k = 0; k < machine->n_memories; k++) {
            const Memory *memory = &machine->memory[k];
            double copies = memory->copies > 0 ? memory->copies : once ? 1 : 2;
            unsigned tensors = 0;
            for (int t = 0; t < m->shape->n_tensors; t++)
                tensors |= (unsigned) (s->level[depth - 1].memory[t] == k + 1) << t;
            if (!tensors)
                continue;
            for (int t = 0; t < m->shape->n_tensors && memory->partitioned; t++)
                if (has(tensors, t) && memory->share_bytes[t] > 0)
                    add_room(m, rooms, depth, 1u << t, (double) memory->share_bytes[t], copies);
            if (!memory->partitioned && memory->capacity_bytes > 0)
                add_room(m, rooms, depth, tensors, (double) memory->capacity_bytes, copies);
        }
}

/* Tensors that live on the chip are there whole, once. */
static void add_l2(const TrafficModel *m, Rooms *rooms)
{
    double bytes = (double) m->machine->l2_bytes, size[DIMS_MAX];
    unsigned moving = 0;
    for (int d = 0; d < m->layer->op.n_dims; d++)
        size[d] = (double) m->layer->extent[d];
    for (int t = 0; t < m->shape->n_tensors; t++)
        if (m->machine->stays_onchip[t])
            bytes -= rooms_image(m->shape, t, size) * machine_bytes(m->machine, t);
        else
            moving |= 1u << t;
    add_room(m, rooms, 1, moving, bytes, 2);
    rooms->room[rooms->n - 1].together = true;
}

static void find_classic_rooms(const TrafficModel *m, Rooms *rooms)
{
    const Machine *machine = m->machine;
    const int n = m->skeleton->n_levels;
    unsigned all = (1u << m->shape->n_tensors) - 1;
    for (int depth = 1; depth <= n; depth++) {
        double bytes = (double) (depth == n ? machine->l1_bytes : machine->buffer_bytes[depth]);
        double copies = machine->noc[depth - 1].prefetch == PREFETCH_NONE ? 1 : 2;
        if (bytes > 0)
            add_room(m, rooms, depth, all, bytes, copies);
    }
    if (machine->l2_bytes > 0)
        add_l2(m, rooms);
}

static double image_of(const Axis *axis, const double size[DIMS_MAX])
{
    const double n = size[axis->dim[0]];
    if (axis->n == 1)
        return n;
    const double k = size[axis->dim[1]];
    return n * k - greater(0, n - (double) axis->coef[1]) * greater(0, k - (double) axis->coef[0]);
}

double rooms_image(const Shape *shape, int t, const double size[DIMS_MAX])
{
    double product = 1;
    for (int c = 0; c < shape->n_axes[t]; c++)
        product *= image_of(&shape->axis[t][c], size);
    return product;
}

/* Bytes of a tensor's tile; changed: dims whose chunks are not the same throughout the layer. */
static double tile_bytes(const TrafficModel *m, const Room *room, int t,
                         const double size[DIMS_MAX], unsigned changed)
{
    const double copies = changed & m->shape->dims[t] ? room->changing : 1;
    return rooms_image(m->shape, t, size) * copies * room->element[t];
}

static bool room_holds(const TrafficModel *m, const Room *room, const double size[DIMS_MAX],
                       unsigned changed)
{
    double bytes = 0;
    for (int t = 0; t < m->shape->n_tensors; t++)
        if (has(room->tensors, t))
            bytes += tile_bytes(m, room, t, size, changed);
    return bytes <= room->bytes;
}

double rooms_most(const Rooms *rooms, const TrafficModel *m, int dim, int depth)
{
    double most = (double) m->layer->extent[dim], size[DIMS_MAX];
    bool spread = false; /* then it may be a part of the dim throughout */
    for (int d = 0; d < DIMS_MAX; d++)
        size[d] = 1;
    for (int l = 0; l < depth; l++)
        spread |= m->skeleton->level[l].spread == dim;
    for (int r = 0; r < rooms->n; r++) {
        const Room *room = &rooms->room[r];
        if (room->depth != depth)
            continue;
        double low = 1, high = most;
        size[dim] = high;
        if (room_holds(m, room, size, 0)) /* whole, it may never change */
            continue;
        while (high - low >= 1) {
            size[dim] = floor((low + high + 1) / 2);
            if (room_holds(m, room, size, room->together || spread ? 0 : 1u << dim))
                low = size[dim];
            else
                high = size[dim] - 1;
        }
        most = greater(1, lesser(most, low));
    }
    return most;
}

/* Loops may cut it to nothing, units that take it in one step leave each their part. */
double rooms_least_size(const Partial *p, const SizeRange *range, int dim, int depth)
{
    const bool many = has(range->dims, dim) && depth >= range->depth;
    const int known = many ? range->depth : p->known[dim];
    int64_t size = many ? range->least : p->at[dim][min64(depth, known)].size;
    for (int l = known; l < depth && size > 1; l++) {
        const int64_t parts = partial_parts(p, dim, l);
        if (parts == 0)
            return 1;
        size = ceil_div(size, parts);
    }
    return (double) size;
}

/* Of a dim what a room at a depth has of it, at least. */
static double least_in_room(const Room *room, const Partial *p, const SizeRange *range, int dim)
{
    const double size = rooms_least_size(p, range, dim, room->depth);
    const bool units = room->together && p->skeleton->level[0].spread == dim &&
                       p->known[dim] >= room->depth && p->units[0] > 0;
    return units ? lesser(size * (double) p->units[0], (double) p->at[dim][0].size) : size;
}

bool rooms_hold(const Rooms *rooms, const TrafficModel *m, const Partial *p)
{
    const SizeRange one = {0};
    for (int r = 0; r < rooms->n; r++) {
        const Room *room = &rooms->room[r];
        double size[DIMS_MAX];
        unsigned changed = 0;
        for (int d = 0; d < p->n_dims; d++)
            size[d] = least_in_room(room, p, &one, d);
        for (int l = 0; l < room->depth; l++)
            changed |= p->several[l];
        if (!room_holds(m, room, size, changed))
            return false;
    }
    return true;
}
/* What a size of one more takes of the room: of a coordinate of its own, what its tensors take with
 * one index; else no less than it does at last. */
static double slope_of(const TrafficModel *m, const Room *room, const double bytes[TENSORS_MAX],
                       const double size[DIMS_MAX], int dim)
{
    const Shape *shape = m->shape;
    double slope = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        if (!has(room->tensors, t) || !has(shape->dims[t], dim))
            continue;
        int c = 0;
        while (!has(shape->axis[t][c].dims, dim))
            c++;
        const Axis *axis = &shape->axis[t][c];
        const int self = axis->n > 1 && axis->dim[1] == dim;
        const double at_last =
            axis->n > 1 ? lesser(size[axis->dim[1 - self]], (double) axis->coef[self]) : 1;
        slope += bytes[t] / image_of(axis, size) * at_last;
    }
    return slope;
}

/* What the sizes at the room's depth, those that are decided and the least of the others, leave for
 * each of those.  A need grows with a size by no less than it does at last. */
static void limit_by_room(const Room *room, const TrafficModel *m, const Partial *p,
                          const SizeRange *range, double most[DIMS_MAX][DEPTHS])
{
    double size[DIMS_MAX], bytes[TENSORS_MAX] = {0}, first = 0;
    unsigned open = 0, changed = 0;
    for (int d = 0; d < p->n_dims; d++)
        open |= (unsigned) (p->known[d] < room->depth) << d;
    if (open == 0)
        return;
    for (int d = 0; d < p->n_dims; d++)
        size[d] = least_in_room(room, p, range, d);
    for (int l = 0; l < room->depth; l++)
        changed |= p->several[l];
    for (int t = 0; t < m->shape->n_tensors; t++)
        if (has(room->tensors, t)) {
            bytes[t] = tile_bytes(m, room, t, size, changed);
            first += bytes[t];
        }
    for (int d = 0; d < p->n_dims; d++) {
        if (!has(open, d))
            continue;
        const double slope = slope_of(m, room, bytes, size, d),
                     whole = (double) p->at[d][p->known[d]].size;
        if (slope <= 0)
            continue;
        double limit = size[d] + floor((room->bytes - first) / slope + 1e-6);
        if (limit >= whole)
            continue;
        if (room->together && p->skeleton->level[0].spread == d && p->units[0] > 0)
            limit = floor(limit / (double) p->units[0]);
        for (int depth = room->depth; depth <= p->skeleton->n_levels; depth++)
            most[d][depth] = lesser(most[d][depth], greater(limit, 1));
    }
}

void rooms_limit(const Rooms *rooms, const TrafficModel *m, const Partial *p,
                 const SizeRange *range, double most[DIMS_MAX][DEPTHS])
{
    for (int r = 0; r < rooms->n; r++)
        limit_by_room(&rooms->room[r], m, p, range, most);
}

void rooms_find(const TrafficModel *m, Rooms *rooms)
{
    rooms->n = 0;
    if (m->machine->n_memories > 0)
        find_hierarchy_rooms(m, rooms);
    else
        find_classic_rooms(m, rooms);
}
