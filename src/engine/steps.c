/* Volumes first, then the kids, group by group. */
#include "engine/steps.h"

#include "engine/settle.h"

/* The entry of the level that begins at `base`. */
static inline int find_entry(Cases *cases, const UnitState *state, int base)
{
    int n_dims = cases->shape->n_dims;
    ROOM(cases->entries); /* an empty list has a place where it begins */
    int index = base + unit_number(&cases->entry_numbers, state, n_dims,
                                   &cases->entries.item[base].state, sizeof(Entry));
    if (index == cases->entries.n) {
        Entry *entry = APPEND(cases->entries);
        entry->times = 0;
        entry->body = -1;
        unit_copy(&entry->state, state, n_dims);
    }
    return index;
}

static inline int find_kid(Cases *cases, int level, const Parent *parent)
{
    bool settles = !cases->passing && (cases->n_levels > 2 || !parent->cluster->even); /* it pays */
    unsigned far = settles ? settle_far(cases->shape, &parent->child) : 0;
    int base = cases->entry[level + 1];
    UnitState state;
    if (!far)
        return find_entry(cases, &parent->child, base);
    unit_copy(&state, &parent->child, cases->shape->n_dims);
    settle_state(cases->shape, parent->cluster->inside, far, &state);
    return find_entry(cases, &state, base);
}

static inline void add_kid(Cases *cases, int level, const Parent *parent, int64_t count)
{
    *APPEND(cases->kids) = (Kid){find_kid(cases, level, parent), count};
}

static void add_group(Cases *cases, int level, Parent *parent, const ChildGroup *group)
{
    children_select(parent, group);
    add_kid(cases, level, parent, group->count);
}

/* Where the output passes the children, those that have no work count too. */
static void add_all_kids(Cases *cases, int level, Parent *parent, Step *step)
{
    ChildGroup group[CHILD_GROUPS_MAX], leaver[CHILD_GROUPS_MAX];
    const Loop *loop = children_loop(parent);
    UnitDim first = parent->child.dim[loop ? loop->dim : 0];
    uint32_t sets = parent->child.sets;
    step->n_kids = children_groups(parent, group);
    step->n_leavers = children_leavers(parent, leaver);
    for (int g = 0; g < step->n_kids; g++)
        add_group(cases, level, parent, &group[g]);
    for (int g = 0; g < step->n_leavers; g++)
        add_group(cases, level, parent, &leaver[g]);
    if (loop) { /* the steps ask for the first child */
        parent->child.dim[loop->dim] = first;
        parent->child.sets = sets;
    }
}

static void add_kids(Cases *cases, int level, Parent *parent, Step *step)
{
    ChildGroup group[CHILD_GROUPS_MAX];
    step->n_kids = children_groups(parent, group);
    if (step->n_kids == 0)
        return;
    parent->child.psum = group[0].psum; /* else its child is the parent's first already */
    add_kid(cases, level, parent, group[0].count);
    for (int g = 1; g < step->n_kids; g++)
        add_group(cases, level, parent, &group[g]);
    if (step->n_kids > 1)
        children_select(parent, &group[0]);
}

Step *steps_add(Cases *cases, int level, Parent *parent, int64_t in_window)
{
    Step *step = APPEND(cases->steps);
    step->in_window = in_window;
    step->window = -1;
    step->kid = cases->kids.n;
    step->n_kids = step->n_leavers = 0;
    volumes_count(parent, &step->volumes);
    cases->ragged |= step->volumes.ragged;
    if (level + 1 < cases->n_levels && children_hold_output(parent))
        add_kids(cases, level, parent, step);
    else if (level + 1 < cases->n_levels)
        add_all_kids(cases, level, parent, step);
    else if (parent->cluster->passes) /* the children are PEs, whose runs have no steps */
        volumes_stream(parent, &step->volumes);
    return step;
}
