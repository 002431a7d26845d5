/* A tensor keeps nothing of its tile if a coordinate of one dim is another one, or if two images
 * have nothing in common; then nor do the units inside, whose images are parts of these.  Which of
 * its dims have moved, and how far, is then of no matter to it: a dim of such tensors alone may as
 * well have moved, far away.
 *
 * Of a reduced dim that has moved, the length before matters to those that divide it: how many of
 * them held the output. */
#include "engine/settle.h"

static inline bool apart(const Axis *axis, const UnitState *state)
{
    return axis->coef[0] == 1 && axis->coef[1] == 1 &&
           !tensor_common(axis, &state->dim[axis->dim[0]].move, &state->dim[axis->dim[1]].move);
}

static inline bool keeps(const Shape *shape, int t, unsigned moved, const UnitState *state)
{
    bool fresh = shape->singles[t] & moved;
    for (int c = 0; c < shape->n_pairs[t] && !fresh; c++) {
        const Axis *axis = &shape->axis[t][c];
        fresh = axis->dims & moved && apart(axis, state);
    }
    return !fresh;
}

/* Dims of tensors that keep something, and those that cannot be said to be far away. */
static inline unsigned kept_dims(const Shape *shape, unsigned moved, const UnitState *state)
{
    unsigned dims = shape->large;
    for (int t = 0; t < shape->n_tensors; t++)
        if (keeps(shape, t, moved, state))
            dims |= shape->dims[t];
    return dims;
}

static inline void settle_reduced(const Shape *shape, unsigned divided, unsigned kept, UnitState *state)
{
    for (int k = 0; k < shape->n_reduced; k++) {
        int d = shape->reduced[k];
        UnitDim *dim = &state->dim[d];
        if (divided >> d & 1 || !dim->move.now || !dim->move.before)
            continue;
        dim->held = dim->held ? dim->move.now : 0;
        if (kept >> d & 1)
            continue;
        dim->move.before = dim->move.now;
        state->sets &= ~(UINT32_C(1) << (WAS_EDGE + d));
        state->sets |= (state->sets >> (EDGE + d) & 1) << (WAS_EDGE + d);
    }
}

void settle_state(const Shape *shape, unsigned divided, UnitState *state)
{
    unsigned moved = unit_dims(state, MOVED, shape->all);
    unsigned kept = moved ? kept_dims(shape, moved, state) : shape->all;
    for (unsigned dims = shape->all & ~kept; dims; dims &= dims - 1) {
        int d = __builtin_ctz(dims);
        Move *move = &state->dim[d].move;
        if (!move->now || !move->before)
            continue;
        move->shift = UNIT_FAR;
        state->sets |= UINT32_C(1) << (MOVED + d);
    }
    settle_reduced(shape, divided, kept, state);
}
