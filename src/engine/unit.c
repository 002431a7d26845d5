/* States of units, and their numbers.
 *
 * By hand, the README's example: a CONV of K 32, C 8, R 3, S 3 and an output of Y' 16 by X' 16 on
 * 16 PEs,
 *
 *     SpatialMap(1,1) K;  TemporalMap(1,1) C;  TemporalMap(Sz(R),1) Y;  TemporalMap(Sz(S),1) X
 *
 * where each PE has a filter, and the window slides over the image.  There are two kinds of units:
 * the array, with one run, and the PEs, with a run for each of the 2 * 8 * 16 * 16 = 4096 steps.
 *
 * The array starts with lengths 32, 8, 3, 3, 16, 16, and had nothing before, so all its dims count
 * as moved.  PE 0 at the step at which the window first slides to the right (k 0, c 0, y' 0, x' 1):
 *
 *     dim     K  C  R  S  Y'  X'
 *     now     1  1  3  3   1   1
 *     before  1  1  3  3   1   1
 *     shift   0  0  0  0   0   1     moved = {X'}
 *     held    0  1  3  3   0   0     it worked on the output tile that it had
 *
 * and where the window begins the next row, back at the left, Y' has moved by 1 and X' by -15. (How
 * far counts for Y' and X', which share a coordinate with R and S; a channel or a filter is the
 * same or another one.)  psum is 0 as long as c is 0: no output tile that comes in has been here
 * before. */
#include "engine/unit.h"

/* Of the lengths alone, which the sets say of full chunks: few states differ in nothing but how far
 * a dim has moved or what is held. */
static inline uint64_t state_hash(const UnitState *state)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = ((uint64_t) state->sets << 1 | state->psum) * factor;
    unsigned edges = (state->sets >> EDGE | state->sets >> WAS_EDGE) & ((1u << DIMS_MAX) - 1);
    for (; edges; edges &= edges - 1) {
        const Move *move = &state->dim[__builtin_ctz(edges)].move;
        hash = (hash ^ hash >> 32 ^ (uint64_t) (move->now + 5 * move->before)) * factor;
    }
    return hash ^ hash >> 32;
}

static inline const UnitState *state_at(const UnitState *list, size_t stride, int index)
{
    return (const UnitState *) (const void *) ((const char *) list + (size_t) index * stride);
}

static inline bool state_equal(const UnitState *a, const UnitState *b, int n_dims)
{
    return a->sets == b->sets && !memcmp(a, b, unit_size(n_dims));
}

/* Among few states a look at each is quicker than a hash. */
enum { FEW = 10 };

static int find_few(Numbers *numbers, const UnitState *state, int n_dims, const UnitState *list,
                    size_t stride)
{
    int n = numbers->n;
    for (int k = 0; k < n; k++)
        if (state_equal(state_at(list, stride, k), state, n_dims))
            return k;
    numbers->n++;
    if (n < FEW)
        return n;
    numbers->n = 0; /* there are no longer few */
    for (int k = 0; k < n; k++)
        numbers_add(numbers, state_hash(state_at(list, stride, k)));
    numbers_add(numbers, state_hash(state));
    return n;
}

int unit_number(Numbers *numbers, const UnitState *state, int n_dims, const UnitState *list,
                size_t stride)
{
    if (numbers->n <= FEW)
        return find_few(numbers, state, n_dims, list, stride);
    uint64_t hash = state_hash(state);
    int number = numbers_find(numbers, hash, state, unit_size(n_dims), list, stride);
    if (number >= 0)
        return number;
    numbers_add(numbers, hash);
    return numbers->n - 1;
}
