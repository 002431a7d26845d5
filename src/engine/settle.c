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
    if (shape->singles[t] & moved)
        return false;
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        if (axis->dims & moved && apart(axis, state))
            return false;
    }
    return true;
}

/* Those of no tensor that keeps something, and that can be said to be far away. */
unsigned settle_far(const Shape *shape, const UnitState *state)
{
    unsigned moved = unit_dims(state, MOVED, shape->all), kept = shape->large;
    if (!moved)
        return 0;
    for (int t = 0; t < shape->n_tensors; t++)
        if (keeps(shape, t, moved, state))
            kept |= shape->dims[t];
    return shape->all & ~kept;
}

void settle_state(const Shape *shape, unsigned inside, unsigned far, UnitState *state)
{
    unsigned reduced = ~(shape->of_output | inside), known = 0;
    for (unsigned dims = far; dims; dims &= dims - 1) {
        int d = __builtin_ctz(dims);
        Move *move = &state->dim[d].move;
        if (!move->now || !move->before)
            continue;
        known |= 1u << d;
        move->shift = UNIT_FAR;
        if (reduced >> d & 1)
            move->before = move->now;
    }
    unsigned edge = unit_dims(state, EDGE, known & reduced);
    state->sets &= ~((known & reduced) << WAS_EDGE);
    state->sets |= known << MOVED | edge << WAS_EDGE;
}
