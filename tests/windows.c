/* The steps of a run at equal outermost j counters are a window, for j = 0 (the run) to the
 * number of loops (one step).  It takes
 *
 *     T = max( sum of T of its inner windows, hidden(in), hidden(out) )
 *
 * with all arrivals that belong to it and to those inside; a window of one step has the time of
 * its slowest child for the sum.  An arrival is what one tensor moves one way over one link at
 * one step.  It belongs to the largest window that begins with that step and has no other
 * arrival of the same tensor, link and way.
 *
 * Example: loops K 2, Y 3, weights that change with K only, inputs that change in every
 * step.  The weights of steps 0 and 3 belong to the windows of three steps that begin there
 * (step 0 begins the run too, but the run has another arrival of weights); each input belongs to
 * its step. */
#include "windows.h"

#include "links.h"

typedef signed char Stays[2][TENSORS_MAX]; /* [way]: the j of the window of an arrival */

typedef struct {
    Sim *s;
    int level, n_links;
    Prefetch mode;
    const StepRecord *record;
    Load *load;   /* n_links + 1 a step: own; then a load of each link */
    Stays *stays; /* n_links a step */
    int64_t n;    /* steps */
    int n_loops;  /* that have several steps: the others make no windows of their own */
    int64_t inner[DIMS_MAX + 1]; /* [j] steps of a window at equal j outermost counters */
} Run;

/* Loads by link; of those that count for the bandwidth: elements in and out, cycles. */
typedef struct {
    Time time;
    int64_t compute, in[LEVELS_MAX], out[LEVELS_MAX];
    Load load[LEVELS_MAX];
} Window;

/* ---- records ---- */

void windows_reserve(Sim *s, int level, int64_t n)
{
    guint links = (guint) s->n_links[level], records = (guint) n;
    g_array_set_size(s->record[level], records);
    g_array_set_size(s->load[level], records * (links + 1));
    g_array_set_size(s->stays[level], records * links * (guint) sizeof(Stays));
}

static void load_add(Load *to, const Load *from)
{
    for (int t = 0; t < TENSORS_MAX; t++) {
        to->in[t] += from->in[t];
        to->out[t] += from->out[t];
    }
}

static void load_most(Load *to, const Load *from)
{
    for (int t = 0; t < TENSORS_MAX; t++) {
        to->in[t] = MAX(to->in[t], from->in[t]);
        to->out[t] = MAX(to->out[t], from->out[t]);
    }
}

/* The children compute side by side: the time of the slowest, the first of them. */
static Time slowest_child(const Sim *s, int level, const Unit *child)
{
    Time slowest = {0};
    int64_t steps = 0;
    for (int64_t p = 0; p < s->nest->level[level].children; p++, child++) {
        if (!child->live)
            continue;
        steps = MAX(steps, child->time.compute_steps);
        if (child->time.cycles > slowest.cycles)
            slowest = child->time;
    }
    slowest.compute_steps = steps;
    return slowest;
}

static void record_unit(Sim *s, int level, int64_t index, bool fill)
{
    Unit *unit = &s->row[level][index];
    const Unit *child = sim_children(s, level, index);
    int64_t at = unit->record + unit->taken++;
    int links = s->n_links[level];
    Load *load = &g_array_index(s->load[level], Load, at * (links + 1));
    g_array_index(s->record[level], StepRecord, at) =
        (StepRecord){slowest_child(s, level, child), fill};
    load[0] = unit->own;
    load[1] = unit->through;
    for (int k = 1; k < links; k++)
        load[1 + k] = (Load){0};
    for (int64_t p = 0; p < s->nest->level[level].children; p++, child++)
        for (int k = 1; k < links && child->live && child->handed; k++)
            load_most(&load[1 + k], &child->handed[k - 1]);
}

static void add_load(const Load *load, Load *sum)
{
    for (int t = 0; t < TENSORS_MAX; t++) {
        sum->in[t] += load->in[t];
        sum->out[t] += load->out[t];
    }
}

void windows_record(Sim *s, int level, bool fill)
{
    if (level == 0) {
        add_load(&s->row[0]->own, &s->root);
        add_load(&s->row[0]->through, &s->root);
    }
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        Unit *unit = &s->row[level][s->now[level][i]];
        if (unit->live)
            record_unit(s, level, s->now[level][i], fill);
        unit->through = (Load){0};
    }
}

/* ---- waiting ---- */

static Load *step_loads(const Run *r, int64_t i)
{
    return r->load + i * (r->n_links + 1);
}

/* A step that waits: nothing of its own is hidden, and it says nothing of the bandwidth. */
static bool waits(const Run *r, int64_t i)
{
    return r->record[i].fill || (r->mode == PREFETCH_TILE && i == 0);
}

/* Adds the waiting of a step, whose own load is then hidden no more; else that joins the load of
 * its link. */
static void step_waits(const Run *r, int64_t i, Time *time)
{
    Load *load = step_loads(r, i);
    if (!waits(r, i) && r->mode != PREFETCH_NONE) {
        load_add(&load[1], &load[0]);
        return;
    }
    int64_t fill = links_wait(r->s, r->level, load->in, WAY_IN);
    int64_t drain = links_wait(r->s, r->level, load->out, WAY_OUT);
    time->cycles += fill + drain;
    time->cause[CAUSE_FILL] += fill;
    time->cause[CAUSE_DRAIN] += drain;
    load[0] = (Load){0};
}

static void time_add(Time *to, const Time *from)
{
    to->cycles += from->cycles;
    to->compute_steps += from->compute_steps;
    for (int c = 0; c < CAUSES; c++)
        to->cause[c] += from->cause[c];
}

/* All the time is given to the transfers if they take longer. */
static void time_bound(Time *time, int64_t in, int64_t out)
{
    int64_t steps = time->compute_steps;
    if (time->cycles >= MAX(in, out))
        return;
    *time = (Time){.cycles = MAX(in, out), .compute_steps = steps};
    time->cause[in >= out ? CAUSE_INGRESS : CAUSE_EGRESS] = time->cycles;
}

/* Of hidden loads, each of a link from `level` on.  A port for both ways counts with what comes
 * in. */
static void loads_hidden(const Run *r, const Load *load, int64_t *in, int64_t *out)
{
    for (int k = 0; k < r->n_links; k++) {
        *in = MAX(*in, links_hidden(r->s, r->level + k, load[k].in, WAY_IN));
        *in = MAX(*in, links_shared(r->s, r->level + k, &load[k]));
        *out = MAX(*out, links_hidden(r->s, r->level + k, load[k].out, WAY_OUT));
    }
}

/* ---- bandwidth ---- */

static int64_t elements(const int64_t volume[TENSORS_MAX])
{
    int64_t sum = 0;
    for (int t = 0; t < TENSORS_MAX; t++)
        sum += volume[t];
    return sum;
}

static void note_peak(const Run *r, const Window *w)
{
    for (int k = 0; k < r->n_links && w->compute > 0; k++) {
        double rate = (double) MAX(w->in[k], w->out[k]) / (double) w->compute;
        Demand *demand = &r->s->demand[r->level + k];
        demand->peak = MAX(demand->peak, rate);
    }
}

static void note_run(const Run *r, const Window *all)
{
    for (int k = 0; k < r->n_links && all->compute > 0; k++) {
        Demand *demand = &r->s->demand[r->level + k];
        demand->volume += MAX(all->in[k], all->out[k]);
        demand->compute += all->compute;
    }
}

/* ---- prefetch step and none ---- */

/* The elements of a step whose own load has not joined that of its link. */
static Window step_window(const Run *r, int64_t i)
{
    const Load *load = step_loads(r, i);
    Window w = {.compute = waits(r, i) ? 0 : r->record[i].compute.cycles};
    for (int k = 0; k < r->n_links && w.compute > 0; k++) {
        w.in[k] = elements(load[1 + k].in) + (k ? 0 : elements(load->in));
        w.out[k] = elements(load[1 + k].out) + (k ? 0 : elements(load->out));
    }
    return w;
}

static void step_time(const Run *r, int64_t i, Time *total)
{
    Load *load = step_loads(r, i);
    Time time = r->record[i].compute;
    step_waits(r, i, total);
    int64_t in = links_delay(r->s, r->level, load->in, WAY_IN);
    int64_t out = links_delay(r->s, r->level, load->out, WAY_OUT);
    loads_hidden(r, load + 1, &in, &out);
    time_bound(&time, in, out);
    time_add(total, &time);
}

static Time steps_time(const Run *r)
{
    Time total = {0};
    Window all = {0};
    for (int64_t i = 0; i < r->n; i++) {
        Window w = step_window(r, i);
        note_peak(r, &w);
        all.compute += w.compute;
        for (int k = 0; k < r->n_links; k++) {
            all.in[k] += w.in[k];
            all.out[k] += w.out[k];
        }
        step_time(r, i, &total);
    }
    note_run(r, &all);
    return total;
}

/* ---- prefetch layer and tile ---- */

/* How many of the outermost counters are equal at both steps. */
static int common_counters(const Run *r, int64_t a, int64_t b)
{
    int j = 0;
    while (j < r->n_loops && a / r->inner[j + 1] == b / r->inner[j + 1])
        j++;
    return j;
}

/* The window of an arrival at step i, the next one of its kind being at `next` (-1: none). */
static int stays_in(const Run *r, int64_t i, int64_t next)
{
    int begins = i ? common_counters(r, i - 1, i) + 1 : 0;
    int alone = next >= 0 ? common_counters(r, i, next) + 1 : 0;
    return MAX(begins, alone);
}

static void find_stays(const Run *r, int link, bool out, int t)
{
    int64_t next = -1;
    for (int64_t i = r->n - 1; i >= 0; i--) {
        const Load *load = &step_loads(r, i)[1 + link];
        if ((out ? load->out[t] : load->in[t]) == 0)
            continue;
        r->stays[i * r->n_links + link][out][t] = (signed char) stays_in(r, i, next);
        next = i;
    }
}

static void window_add(const Run *r, Window *to, const Window *from)
{
    time_add(&to->time, &from->time);
    to->compute += from->compute;
    for (int k = 0; k < r->n_links; k++) {
        to->in[k] += from->in[k];
        to->out[k] += from->out[k];
        load_add(&to->load[k], &from->load[k]);
    }
}

/* Of a window at equal j counters, what arrives at its first step and belongs to it. */
static void add_arrivals(const Run *r, int j, int64_t i, Window *w)
{
    for (int k = 0; k < r->n_links; k++) {
        const Load *load = &step_loads(r, i)[1 + k];
        const signed char(*stays)[TENSORS_MAX] = r->stays[i * r->n_links + k];
        Load mine = {0};
        for (int t = 0; t < r->s->layer->op.n_tensors; t++) {
            mine.in[t] = load->in[t] && stays[0][t] == j ? load->in[t] : 0;
            mine.out[t] = load->out[t] && stays[1][t] == j ? load->out[t] : 0;
        }
        load_add(&w->load[k], &mine);
        w->in[k] += waits(r, i) ? 0 : elements(mine.in);
        w->out[k] += waits(r, i) ? 0 : elements(mine.out);
    }
}

static void window_time(const Run *r, int j, int64_t i, Window *w)
{
    int64_t in = 0, out = 0;
    *w = (Window){0};
    if (j == r->n_loops) {
        w->time = r->record[i].compute;
        w->compute = waits(r, i) ? 0 : w->time.cycles;
    } else
        for (int64_t k = i; k < i + r->inner[j]; k += r->inner[j + 1]) {
            Window inside;
            window_time(r, j + 1, k, &inside);
            window_add(r, w, &inside);
        }
    add_arrivals(r, j, i, w);
    loads_hidden(r, w->load, &in, &out);
    time_bound(&w->time, in, out);
    note_peak(r, w);
}

static Time windows_time(const Run *r, const Load **handed)
{
    Time total = {0};
    Window all;
    for (int64_t i = 0; i < r->n; i++)
        step_waits(r, i, &total);
    if (r->s->flat[r->level] && !r->record->fill) {
        *handed = r->load + 1;
        return r->record->compute;
    }
    for (int k = 0; k < r->n_links; k++)
        for (int t = 0; t < r->s->layer->op.n_tensors; t++) {
            find_stays(r, k, false, t);
            find_stays(r, k, true, t);
        }
    window_time(r, 0, 0, &all);
    note_run(r, &all);
    time_add(&total, &all.time);
    return total;
}

/* ---- a run ---- */

static Run run_of(Sim *s, int level, const Unit *unit)
{
    Run r = {.s = s, .level = level, .n_links = s->n_links[level], .n = unit->taken};
    r.mode = s->machine->noc[level].prefetch;
    r.record = &g_array_index(s->record[level], StepRecord, unit->record);
    r.load = &g_array_index(s->load[level], Load, unit->record * (r.n_links + 1));
    r.stays = (Stays *) s->stays[level]->data + unit->record * r.n_links;
    r.inner[0] = r.n;
    for (int m = 0; m < s->nest->level[level].n_maps; m++)
        if (unit->bound[m] > 1) {
            r.inner[r.n_loops + 1] = r.inner[r.n_loops] / unit->bound[m];
            r.n_loops++;
        }
    return r;
}

void windows_run(Sim *s, int level, Unit *unit)
{
    unit->time = (Time){0};
    unit->handed = NULL;
    if (!unit->live)
        return;
    Run r = run_of(s, level, unit);
    if (r.mode == PREFETCH_LAYER || r.mode == PREFETCH_TILE)
        unit->time = windows_time(&r, &unit->handed);
    else
        unit->time = steps_time(&r);
}
