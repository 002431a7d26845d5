/* Level by level: what the windows of a body move, then what each step's windows wait for. */
#include "engine/timetable.h"

#include <glib.h>
#include <string.h>

#include "engine/wait.h"
#include "engine/windows.h"

void timetable_free(Timetable *table)
{
    g_free(table->steps.item);
    g_free(table->bounds.item);
    g_free(table->handed.item);
    g_free(table->moved.item);
    g_free(table->first.item);
    g_free(table->volumes.item);
}

/* ---- what is asked from outside -------------------------------------------------------------- */

Transfer timetable_alone(Timetable *table, const Step *step)
{
    return transfer_alone(&table->links, &table->links.link[0], &step->volumes, true);
}

Load timetable_flush(Timetable *table, const Cases *cases, int level)
{
    const Link *link = &table->links.link[level];
    if (cases->cluster[level].passes >> cases->shape->output & 1)
        return (Load){0, 0, 0};
    if (!wait_is_near(cases, level) || link->ports)
        return wait_flush(&table->links, cases, level);
    Load load =
        load_out(&table->links, link,
                 link->noc->reduction ? cases->flush.shared[level] : cases->flush.each[level]);
    load_wait(&table->links, link, &load);
    return load;
}

/* ---- levels -------------------------------------------------------------------------------- */

/* A level on the machine. */
typedef struct {
    Timetable *table;
    const Cases *cases;
    const Machine *machine;
    int level, links, stride; /* links; numbers of a window in `volumes` */
    bool windows;
    bool near;    /* nothing passes, all comes from the parents, no port bounds it */
    bool single;  /* and there is one link, of one channel */
    uint64_t own; /* arrivals over its own link of what the children hold */
    Prefetch prefetch;
    uint64_t arrivals; /* those of the links */
    const Link *link;  /* of the level, and those inside */
} Fill;

static inline int64_t *window_volumes(const Fill *f, int window)
{
    int64_t *volumes = f->table->volumes.item;
    return volumes + (ptrdiff_t) (window - f->cases->window[f->level]) * f->stride;
}

/* Adds `times` the numbers of a step that begins a window, and of what is inside it (NULL:
 * nothing). */
static inline void add_window(const Fill *f, const Step *step, const int64_t *inside, int64_t times,
                              int64_t *sum)
{
    for (int link = 0; link < f->links; link++) {
        const Link *l = &f->link[link];
        const Volumes *v = cases_volumes(f->cases, step, link);
        const int64_t *in = l->noc->multicast ? v->in_shared : v->in_each;
        if (l->together)
            sum[0] += times * ((inside ? inside[0] : 0) + link_all(l, v));
        for (int t = 0; t < l->n && !l->together; t++)
            sum[t] += times * ((inside ? inside[t] : 0) + in[t]);
        sum[l->n] += times * ((inside ? inside[l->n] : 0) + link_out(l, v));
        sum += l->n + 1;
        inside = inside ? inside + l->n + 1 : NULL;
    }
}

/* Of one channel of one link. */
static inline void sum_single(const Fill *f, const Window *window, int64_t *sum)
{
    const int64_t none[2] = {0, 0};
    const int64_t *inside = window->first >= 0 ? window_volumes(f, window->first) : none;
    int64_t in = inside[0], out = inside[1];
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &f->cases->steps.item[s];
        inside = step->window >= 0 ? window_volumes(f, step->window) : none;
        in += step->in_window * (inside[0] + link_all(f->link, &step->volumes));
        out += step->in_window * (inside[1] + link_out(f->link, &step->volumes));
    }
    sum[0] = in;
    sum[1] = out;
}

/* The numbers of the rest of a window; those of the windows inside it are there. */
static inline void sum_window(const Fill *f, int index)
{
    const Window *window = &f->cases->windows.item[index];
    int64_t *sum = window_volumes(f, index);
    if (f->single) {
        sum_single(f, window, sum);
        return;
    }
    const int64_t *first = window->first >= 0 ? window_volumes(f, window->first) : NULL;
    for (int i = 0; i < f->stride; i++)
        sum[i] = first ? first[i] : 0;
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &f->cases->steps.item[s];
        add_window(f, step, step->window >= 0 ? window_volumes(f, step->window) : NULL,
                   step->in_window, sum);
    }
}

/* ---- steps --------------------------------------------------------------------------------- */

/* MACs, or the accesses that they make to what the PE holds, whichever takes longer.  Of the
 * children the first has most of both. */
static int64_t ported_compute(const Fill *f, const Volumes *v, int64_t cycles)
{
    const Shape *shape = f->cases->shape;
    int64_t reads[TENSORS_MAX] = {0}, writes[TENSORS_MAX] = {0};
    for (int t = 0; t < shape->n_tensors; t++)
        if (!(f->cases->cluster[f->level].passes >> t & 1))
            reads[t] = v->macs;
    if (reads[shape->output]) {
        writes[shape->output] = v->macs;
        reads[shape->output] -= v->fresh;
    }
    return max64(cycles, link_macs(&f->table->links, &f->machine->pe_ports, reads, writes));
}

static inline int64_t macs_compute(const Fill *f, int64_t macs)
{
    const Shape *shape = f->cases->shape;
    if (!shape->sparse)
        return f->machine->lanes == 1 ? macs : ceil_div(macs, f->machine->lanes);
    return link_fraction(&f->table->links,
                         shape->work * (double) macs / (double) f->machine->lanes);
}

static inline int64_t pe_compute(const Fill *f, const Volumes *v)
{
    int64_t cycles = macs_compute(f, v->macs);
    return f->machine->pe_ports.n ? ported_compute(f, v, cycles) : cycles;
}

/* Arrivals of the links from `first` on. */
static uint64_t all_arrivals(int first, int links)
{
    uint64_t all = links * ARRIVALS < 64 ? (UINT64_C(1) << links * ARRIVALS) - 1 : ~UINT64_C(0);
    return all & ~((UINT64_C(1) << first * ARRIVALS) - 1);
}

static void add_handed(const Fill *f, int link, Transfer transfer)
{
    if (transfer.in.cycles || transfer.out.cycles)
        *APPEND(f->table->handed) = (Handed){f->level + link, transfer};
}

/* The numbers of a link that bind a window: `own` of its first step, and all that is inside.  Only
 * a way in which something belongs to just this window can be longer than the windows in it. */
static Transfer bound_transfer(Links *links, const Link *link, const int64_t *own,
                               const int64_t *rest, unsigned arrivals)
{
    int64_t sum[NUMBERS_MAX];
    Transfer transfer = {{0, 0, 0}, {0, 0, 0}};
    if (!arrivals)
        return transfer;
    for (int i = 0; i <= link->n; i++)
        sum[i] = own[i] + (rest ? rest[i] : 0);
    if (arrivals & ~(1u << ARRIVAL_OUT))
        transfer.in = load_in(links, link, sum);
    if (arrivals >> ARRIVAL_OUT)
        transfer.out = load_out(links, link, sum[link->n]);
    if (link->ports)
        link_share(links, link, sum, sum[link->n], &transfer);
    return transfer;
}

static inline unsigned link_arrivals(uint64_t arrivals, int link)
{
    return (unsigned) (arrivals >> link * ARRIVALS) & WHOLE;
}

/* What the links bring that `set` has, `own` of the step and all that is inside the window (-1: the
 * step alone). */
static void set_bound(const Fill *f, TimeStep *row, int window, uint64_t set, const int64_t *own)
{
    const int64_t *rest = window >= 0 ? window_volumes(f, window) : NULL;
    Transfer transfer =
        bound_transfer(&f->table->links, &f->link[0], own, rest, link_arrivals(set, 0));
    int handed = f->table->handed.n;
    if (window < 0 && row->waits) /* what passes is not waited for */
        add_handed(f, 0, transfer);
    for (int link = 1, i = f->link[0].n + 1; link < f->links; i += f->link[link++].n + 1)
        add_handed(f, link,
                   bound_transfer(&f->table->links, &f->link[link], own + i, rest ? rest + i : NULL,
                                  link_arrivals(set, link)));
    int n_handed = f->table->handed.n - handed;
    if (window >= 0) {
        *APPEND(f->table->bounds) = (Bound){window, handed, n_handed, transfer};
        row->n_bounds++;
        return;
    }
    row->handed = handed;
    row->n_handed = n_handed;
    if (!row->waits)
        row->own = transfer;
}

/* The step alone: what is handed up. */
static void add_alone(const Fill *f, const Step *step)
{
    for (int link = 1; link < f->links; link++)
        add_handed(f, link,
                   transfer_alone(&f->table->links, &f->link[link],
                                  cases_volumes(f->cases, step, link), false));
}

/* The windows that the step begins: different arrivals belong to different ones. */
static __attribute__((noinline)) void add_several(const Fill *f, const Step *step, TimeStep *row)
{
    int64_t own[LEVELS_MAX * NUMBERS_MAX];
    const Stay *stay = &f->cases->stays.item[step->stay];
    uint64_t set = row->waits ? f->arrivals & ~f->own : f->arrivals;
    for (int i = 0; i < f->stride; i++)
        own[i] = 0;
    for (int k = 0; k < step->n_stays; k++) {
        uint64_t arrivals = stay[k].arrivals & set;
        if (!arrivals)
            continue;
        for (int link = 0, i = 0; link < f->links; i += f->link[link++].n + 1) {
            unsigned some = link_arrivals(arrivals, link);
            if (some)
                link_add_some(&f->table->links, &f->link[link], cases_volumes(f->cases, step, link),
                              some, own + i);
        }
        set_bound(f, row, stay[k].window, arrivals, own);
    }
}

/* The same over one channel of one link; nothing waits. */
static __attribute__((noinline)) void add_single(const Fill *f, const Step *step, TimeStep *row)
{
    Links *links = &f->table->links;
    const Volumes *v = &step->volumes;
    const int64_t *in = f->link->noc->multicast ? v->in_shared : v->in_each;
    const Stay *stay = &f->cases->stays.item[step->stay];
    int64_t own[2] = {0, 0};
    for (int k = 0; k < step->n_stays; k++) {
        unsigned arrivals = link_arrivals(stay[k].arrivals, 0);
        unsigned down = arrivals & ~(1u << ARRIVAL_OUT);
        if (!arrivals)
            continue;
        const int64_t *rest = stay[k].window >= 0 ? window_volumes(f, stay[k].window) : NULL;
        Transfer transfer = {{0, 0, 0}, {0, 0, 0}};
        for (unsigned some = down; some; some &= some - 1)
            own[0] += in[__builtin_ctz(some)];
        if (down)
            transfer.in = load_together(links, f->link, own[0] + (rest ? rest[0] : 0));
        if (arrivals >> ARRIVAL_OUT) {
            own[1] += link_out(f->link, v);
            transfer.out = load_together(links, f->link, own[1] + (rest ? rest[1] : 0));
        }
        if (rest) {
            *APPEND(f->table->bounds) = (Bound){stay[k].window, row->handed, 0, transfer};
            row->n_bounds++;
        } else {
            row->own = transfer;
        }
    }
}

static inline void add_windows(const Fill *f, const Step *step, TimeStep *row)
{
    const Stay *stay = &f->cases->stays.item[step->stay];
    if (f->single) {
        if (!row->waits)
            add_single(f, step, row);
        return;
    }
    if (step->n_stays == 0)
        return;
    if (step->n_stays > 1 || stay->window >= 0 || (row->waits && !f->near)) {
        add_several(f, step, row);
        return;
    }
    if (!row->waits) /* nothing stays longer than the step */
        row->own = transfer_alone(&f->table->links, &f->link[0], &step->volumes, false);
    add_alone(f, step);
    row->n_handed = f->table->handed.n - row->handed;
}

/* What a step moves over its link, less what waits for it. */
static Transfer passing_transfer(const Fill *f, const Volumes *v)
{
    int64_t numbers[NUMBERS_MAX] = {0};
    link_add_some(&f->table->links, f->link, v, (unsigned) (f->arrivals & ~f->own) & WHOLE,
                  numbers);
    return transfer_of(&f->table->links, f->link, numbers);
}

/* Where something passes, or comes from further out, or through ports. */
static void fill_far(const Fill *f, const Step *step, TimeStep *row)
{
    Links *links = &f->table->links;
    Transfer all = transfer_alone(links, f->link, &step->volumes, false);
    Transfer hidden = row->waits ? passing_transfer(f, &step->volumes) : all;
    if (row->waits) {
        row->own = wait_transfer(links, f->cases, f->level, &step->volumes);
    } else if (row->latency) { /* nothing that passes waits for latency */
        int64_t numbers[NUMBERS_MAX] = {0};
        link_add_some(links, f->link, &step->volumes, (unsigned) f->own, numbers);
        row->own = (Transfer){load_in(links, f->link, numbers),
                              load_out(links, f->link, numbers[f->link->n])};
        load_wait(links, f->link, &row->own.in);
        load_wait(links, f->link, &row->own.out);
    }
    row->own.in.elements = all.in.elements;
    row->own.out.elements = all.out.elements;
    if (!f->windows || f->link->flat)
        add_handed(f, 0, hidden);
}

static inline void fill_step(const Fill *f, int index, bool waits)
{
    Timetable *table = f->table;
    const Step *step = &f->cases->steps.item[index];
    TimeStep *row = &table->steps.item[index];
    row->times = step->total;
    row->kid = step->kid;
    row->n_kids = step->n_kids;
    row->compute = step->n_kids ? 0 : pe_compute(f, &step->volumes);
    row->waits = waits;
    row->latency = waits || !f->windows;
    row->n_handed = row->n_bounds = 0;
    row->handed = table->handed.n;
    row->bound = table->bounds.n;
    if (row->latency && f->near)
        row->own = transfer_alone(&f->table->links, &f->link[0], &step->volumes, true);
    else
        row->own = (Transfer){{0, 0, 0}, {0, 0, 0}};
    if (row->latency && !f->near)
        fill_far(f, step, row);
    if (f->windows && !f->link->flat) /* of a flat level all is handed up, or waited for */
        add_windows(f, step, row);
    else if (f->links > 1 && !f->windows)
        add_alone(f, step);
    if (!f->windows || f->link->flat)
        row->n_handed = table->handed.n - row->handed;
}

/* ---- bodies and entries -------------------------------------------------------------------- */

/* Whether no window of level 0 takes longer than what is in it, but perhaps the run. */
static bool is_plain(const Timetable *table, const Cases *cases)
{
    int run = cases->window[1] - 1;
    if (table->bounds.n == 0)
        return true;
    for (int s = cases->step[0]; s < cases->step[1]; s++) {
        const TimeStep *row = &table->steps.item[s];
        bool first = s == cases->step[0];
        if (row->n_bounds > first ||
            (row->n_bounds == 1 && table->bounds.item[row->bound].window != run))
            return false;
    }
    return true;
}

/* Elements that the links move, of the numbers of one way to keep account of them. */
static void numbers_moved(const Fill *f, const int64_t *numbers, Moved *moved)
{
    for (int link = 0; link < f->links; link++) {
        moved[link] = link_numbers_moved(&f->table->links, &f->link[link], numbers);
        numbers += f->link[link].n + 1;
    }
}

/* Adds what the links move at so many occurrences of a step. */
static inline void add_moved(const Fill *f, int index, double times, Moved *moved)
{
    const Step *step = &f->cases->steps.item[index];
    const TimeStep *row = &f->table->steps.item[index];
    if (f->links == 1 && row->latency) { /* all that it moves is in one transfer */
        moved->in += times * row->own.in.elements;
        moved->out += times * row->own.out.elements;
        return;
    }
    for (int link = 0; link < f->links; link++) {
        Moved one =
            link_moved(&f->table->links, &f->link[link], cases_volumes(f->cases, step, link));
        moved[link].in += times * one.in;
        moved[link].out += times * one.out;
    }
}

static inline void no_moved(const Fill *f, Moved *moved)
{
    for (int link = 0; link < f->links; link++)
        moved[link] = (Moved){0, 0};
}

/* Of level 0, where nobody asks what windows move. */
static void fill_root(const Fill *f)
{
    const Cases *cases = f->cases;
    Moved *moved = f->table->moved.item;
    if (cases->body[1] == 0)
        return;
    no_moved(f, moved);
    for (int s = 1; s < cases->step[1]; s++) {
        fill_step(f, s, f->prefetch == PREFETCH_NONE);
        add_moved(f, s, (double) cases->steps.item[s].total, moved);
    }
}

static void fill_windows(const Fill *f)
{
    const Cases *cases = f->cases;
    for (int w = cases->window[f->level]; w < cases->window[f->level + 1]; w++) {
        const Window *window = &cases->windows.item[w];
        sum_window(f, w);
        for (int s = window->step; s < window->step + window->n_steps; s++)
            fill_step(f, s, f->prefetch == PREFETCH_NONE);
    }
    for (int b = cases->body[f->level]; b < cases->body[f->level + 1]; b++)
        numbers_moved(f, window_volumes(f, cases->bodies.item[b].window),
                      f->table->moved.item + b * LEVELS_MAX);
}

static void fill_entry(const Fill *f, int index)
{
    const Entry *entry = &f->cases->entries.item[index];
    fill_step(f, entry->step, timetable_waits(f->prefetch, true, entry->state.first));
    Moved *moved = f->table->first.item + index * LEVELS_MAX;
    no_moved(f, moved);
    add_moved(f, entry->step, 1, moved);
}

/* A level on the machine, before anything is filled. */
static Fill fill_start(Timetable *table, const Cases *cases, const Machine *machine, int level)
{
    Prefetch prefetch = machine->noc[level].prefetch;
    Fill f = {.table = table,
              .cases = cases,
              .machine = machine,
              .level = level,
              .links = timetable_links(table, cases, level),
              .prefetch = prefetch,
              .windows = prefetch == PREFETCH_LAYER || prefetch == PREFETCH_TILE,
              .link = &table->links.link[level]};
    f.arrivals = all_arrivals(0, f.links);
    f.near = wait_is_near(cases, level) && !f.link->ports;
    f.single = f.near && f.links == 1 && f.link->together;
    f.own = WHOLE & ~(uint64_t) cases->cluster[level].passes;
    if (cases->cluster[level].passes >> cases->shape->output & 1)
        f.own &= ~((uint64_t) 1 << ARRIVAL_OUT);
    for (int link = 0; link < f.links; link++)
        f.stride += f.link[link].n + 1;
    RESERVE(table->volumes, (cases->window[level + 1] - cases->window[level]) * f.stride);
    return f;
}

/* All levels; `root`: again, what the root's bounds touch, level 0 and the layer's first steps. */
static void fill_levels(Timetable *table, const Cases *cases, const Machine *machine, bool root)
{
    table->links.overflow = false;
    links_set(&table->links, cases, machine);
    for (int l = 0; l < cases->n_levels; l++) {
        Fill f = fill_start(table, cases, machine, l);
        bool again = root && l > 0;
        if (l == 0 && !f.windows)
            fill_root(&f);
        else if (!again)
            fill_windows(&f);
        for (int w = cases->window[l]; again && w < cases->window[l + 1]; w++)
            sum_window(&f, w);
        for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++) {
            const Entry *entry = &cases->entries.item[e];
            if (again && !entry->state.first)
                continue;
            fill_entry(&f, e);
        }
    }
    table->plain = is_plain(table, cases);
}

/* Whether any level asks which arrivals stay for which window, or for what flat levels hand up. */
static bool asks_windows(const Cases *cases, const Machine *machine)
{
    for (int l = 0; l < cases->n_levels; l++)
        if (machine->noc[l].prefetch == PREFETCH_LAYER || machine->noc[l].prefetch == PREFETCH_TILE)
            return true;
    return false;
}

void timetable_fill(Timetable *table, Cases *cases, const Machine *machine)
{
    if (asks_windows(cases, machine))
        windows_find(cases);
    RESERVE(table->steps, cases->steps.n);
    RESERVE(table->moved, cases->bodies.n * LEVELS_MAX);
    RESERVE(table->first, cases->entries.n * LEVELS_MAX);
    table->bounds.n = table->handed.n = 0;
    fill_levels(table, cases, machine, false);
}

void timetable_root(Timetable *table, const Cases *cases, const Machine *machine)
{
    fill_levels(table, cases, machine, true);
}
