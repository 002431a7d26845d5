/* From the innermost level out: the runs of a level are known when the one around it asks. */
#include "engine/flows.h"

#include <string.h>

typedef struct {
    Cases *cases;
    const Machine *machine;
    JointSpace *space;
    int level;
    FlowsStatus status;
    int refused; /* the tensor */
} Fill;

static const Flow *run_of(const Fill *f, const Kid *kid)
{
    return &f->cases->runs.item[kid->entry];
}

/* ---- one step ----------------------------------------------------------------------------- */

static int64_t sum_in(const Fill *f, const Step *step, int t)
{
    const Kid *kid = f->cases->kids.item + step->kid;
    int64_t sum = 0;
    for (int k = 0; k < step->n_kids; k++)
        sum += kid[k].count * run_of(f, &kid[k])->in[t];
    return sum;
}

static int64_t children_of(const Fill *f, const Step *step)
{
    const Kid *kid = f->cases->kids.item + step->kid;
    int64_t children = 0;
    for (int k = 0; k < step->n_kids; k++)
        children += kid[k].count;
    return children;
}

/* What crosses the link of a step of an input that its children do not hold: the cases of flows.h.
 */
static int64_t input_flow(Fill *f, const Step *step, int t)
{
    SplitKind kind = f->cases->cluster[f->level].whole[t].kind;
    bool merges = f->machine->noc[f->level].multicast;
    if (step->n_kids == 0)
        return 0;
    if (!merges || kind == SPLIT_SINGLE || children_of(f, step) == 1)
        return sum_in(f, step, t);
    if (kind == SPLIT_NONE)
        return run_of(f, &f->cases->kids.item[step->kid])->in[t];
    int64_t flow;
    JointStatus status = joint_flow(f->cases, f->machine, f->level, step, t, f->space, &flow);
    if (status != JOINT_DONE && f->status == FLOWS_DONE) {
        f->status = status == JOINT_ENTANGLED ? FLOWS_ENTANGLED : FLOWS_RAGGED;
        f->refused = t;
    }
    return flow;
}

/* Whether units inside a child that has, or had, `length` indices of dim d, which the output lacks,
 * give an element up several times over links that do not add, but fewer times where its last chunk
 * is cut off and some of them have no work. */
static bool copies_vary(const Fill *f, int d, int64_t length)
{
    int o = f->cases->shape->output, level = f->level;
    bool several = false, uneven = false;
    do {
        const Cluster *cluster = &f->cases->cluster[++level];
        for (int k = 0; k < cluster->n_loops; k++) {
            const Loop *loop = &cluster->loop[k];
            if (loop->dim != d)
                continue;
            several |= loop->across > 1 && !f->machine->noc[level].reduction;
            uneven |= length % loop->width != 0;
            length = min64(length, loop->size);
        }
    } while (f->cases->cluster[level].passes >> o & 1 && level + 1 < f->cases->n_levels);
    return several && uneven;
}

/* Children that divide a reduced dim and whose link adds count once, as the one with the most steps
 * gives up.  One with fewer waits for it, and may still give up more copies at a time, where
 * copies_vary: then there is no closed form.  Whether that may be. */
static bool lags(const Fill *f, const Step *step)
{
    const Cluster *cluster = &f->cases->cluster[f->level];
    const Kid *kid = f->cases->kids.item + step->kid;
    if (cluster->spatial < 0 || step->n_kids == 0)
        return false;
    int d = cluster->loop[cluster->spatial].dim;
    const UnitDim *first = &f->cases->entries.item[kid[0].entry].state.dim[d];
    bool differ = step->n_leavers > 0;
    for (int k = 1; k < step->n_kids; k++)
        differ |=
            memcmp(first, &f->cases->entries.item[kid[k].entry].state.dim[d], sizeof *first) != 0;
    return differ && (copies_vary(f, d, first->move.now) || copies_vary(f, d, first->move.before) ||
                      copies_vary(f, d, first->held));
}

/* Of the output: what comes in adds up, what goes up is merged where the link adds and the children
 * have the same elements.  Children without work in this step, which come behind the others, give
 * up what they held at the same time as those beside them. */
static void output_flow(Fill *f, const Step *step, Volumes *v)
{
    int o = f->cases->shape->output;
    bool alike = f->cases->cluster[f->level].whole[o].kind == SPLIT_NONE;
    bool merged = alike && f->machine->noc[f->level].reduction;
    const Kid *kid = f->cases->kids.item + step->kid;
    Flow sum = {{0}, 0, 0, 0};
    if (merged && lags(f, step)) {
        f->status = FLOWS_ENTANGLED;
        f->refused = o;
    }
    for (int k = 0; k < step->n_kids + step->n_leavers; k++) {
        const Flow *run = run_of(f, &kid[k]);
        bool works = k < step->n_kids;
        int64_t count = kid[k].count;
        if (k == 0 || !merged)
            sum.out += (merged ? 1 : count) * run->out;
        if (works && (k == 0 || !merged))
            sum.stays += (merged ? 1 : count) * run->stays;
        if (works && (k == 0 || !alike))
            sum.once += (alike ? 1 : count) * run->once;
    }
    v->in_shared[o] = v->in_each[o] = sum_in(f, step, o);
    v->out_shared = v->out_each = sum.out;
    v->stays_shared = sum.once;
    v->stays_each = sum.stays;
}

static void step_flows(Fill *f, int index, unsigned passes)
{
    const Step *step = &f->cases->steps.item[index];
    Volumes *v = &f->cases->steps.item[index].volumes;
    for (int t = 0; t < f->cases->shape->n_tensors; t++) {
        if (!(passes >> t & 1))
            continue;
        if (t == f->cases->shape->output)
            output_flow(f, step, v);
        else
            v->in_shared[t] = v->in_each[t] = input_flow(f, step, t);
    }
    volumes_sums(f->cases->shape->n_tensors, v);
}

/* ---- runs ---------------------------------------------------------------------------------- */

/* So many times what a step moves over its own link. */
static void add_step(const Fill *f, const Step *step, int64_t times, Flow *run)
{
    const Volumes *v = &step->volumes;
    const Noc *noc = &f->machine->noc[f->level];
    for (int t = 0; t < f->cases->shape->n_tensors; t++)
        run->in[t] += times * flows_in(v, noc, t);
    run->out += times * (noc->reduction ? v->out_shared : v->out_each);
    run->stays += times * flows_stays(f->cases, f->level, v, noc);
    run->once += times * v->stays_shared;
}

static void add_flow(const Flow *flow, int64_t times, int n_tensors, Flow *sum)
{
    for (int t = 0; t < n_tensors; t++)
        sum->in[t] += times * flow->in[t];
    sum->out += times * flow->out;
    sum->stays += times * flow->stays;
    sum->once += times * flow->once;
}

/* What a window's rest moves. */
static void window_rest(const Fill *f, int index)
{
    const Cases *cases = f->cases;
    const Window *window = &cases->windows.item[index];
    int n = cases->shape->n_tensors;
    Flow *rests = f->cases->rests.item, *rest = &rests[index];
    memset(rest, 0, sizeof *rest);
    if (window->first >= 0)
        add_flow(&rests[window->first], 1, n, rest);
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &cases->steps.item[s];
        add_step(f, step, step->in_window, rest);
        if (step->window >= 0)
            add_flow(&rests[step->window], step->in_window, n, rest);
    }
}

/* The run of an entry: its first step, then the others. */
static void entry_run(const Fill *f, int index)
{
    const Cases *cases = f->cases;
    const Entry *entry = &cases->entries.item[index];
    Flow *run = &f->cases->runs.item[index];
    int rest = cases_rest(cases, entry);
    memset(run, 0, sizeof *run);
    add_step(f, &cases->steps.item[entry->step], 1, run);
    if (rest >= 0)
        add_flow(&cases->rests.item[rest], 1, cases->shape->n_tensors, run);
}

/* The level's steps, then its runs, if the level around it asks for them. */
static void level_flows(Fill *f)
{
    const Cases *cases = f->cases;
    int l = f->level;
    unsigned passes = l + 1 < cases->n_levels ? cases->cluster[l].passes : 0;
    for (int s = cases->step[l]; passes && s < cases->step[l + 1]; s++)
        step_flows(f, s, passes);
    if (l == 0 || !cases->cluster[l - 1].passes)
        return;
    for (int w = cases->window[l]; w < cases->window[l + 1]; w++)
        window_rest(f, w);
    for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++)
        entry_run(f, e);
}

FlowsStatus flows_fill(Cases *cases, const Machine *machine, JointSpace *space, int *level,
                       int *tensor)
{
    Fill f = {.cases = cases, .machine = machine, .space = space, .status = FLOWS_DONE};
    if (!cases->passing)
        return FLOWS_DONE;
    cases->windows_found = false; /* loads of several children are of the machine */
    RESERVE(cases->runs, cases->entries.n);
    RESERVE(cases->rests, cases->windows.n);
    for (f.level = cases->n_levels - 1; f.level >= 0 && f.status == FLOWS_DONE; f.level--)
        level_flows(&f);
    *level = f.level + 1;
    *tensor = f.refused;
    return f.status;
}
