/* Level by level: what the windows of a body move, then what each step's windows wait for. */
#include "engine/timetable.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/windows.h"

void timetable_free(Timetable *table)
{
    g_free(table->steps.item);
    g_free(table->bounds.item);
    g_free(table->handed.item);
    g_free(table->plain.item);
    g_free(table->moved.item);
    g_free(table->first.item);
    g_free(table->volumes.item);
}

/* ---- channels ---------------------------------------------------------------------------- */

/* ceil(units * den / num) where the product has more than 63 bits. */
static int64_t wide_cycles(Timetable *table, const Rational *bandwidth, int64_t units)
{
    __int128 scaled = (__int128) units * bandwidth->den;
    __int128 cycles = (scaled + bandwidth->num - 1) / bandwidth->num;
    if (cycles > INT64_MAX / 2) {
        table->overflow = true;
        return 0;
    }
    return (int64_t) cycles;
}

static inline int64_t channel_cycles(Timetable *table, const Rational *bandwidth, int64_t units)
{
    int64_t scaled;
    if (units == 0)
        return 0;
    if (!bandwidth->num)
        return 1;
    if (__builtin_mul_overflow(units, bandwidth->den, &scaled))
        return wide_cycles(table, bandwidth, units);
    return (scaled - 1) / bandwidth->num + 1;
}

/* To the nearest of the fractions that times are in. */
static int64_t fraction(Timetable *table, double cycles)
{
    double time = cycles * (double) table->unit;
    if (time < 4e18)
        return (int64_t) rint(time);
    table->overflow = true;
    return 0;
}

static int64_t sparse_cycles(Timetable *table, const Rational *bandwidth, double units)
{
    double cycles = 1;
    if (units <= 0)
        return 0;
    if (bandwidth->num)
        cycles = fmax(1, units * (double) bandwidth->den / (double) bandwidth->num);
    return fraction(table, cycles);
}

/* ---- links --------------------------------------------------------------------------------- */

/* A link keeps account of what it moves in numbers, the last one what goes up.  The others are what
 * comes down: one for all tensors where that is all that its time asks for, else one for each. */
typedef struct {
    Timetable *table;
    const Shape *shape;
    const Machine *machine;
    const Noc *noc;
    int level;
    bool together;
    int n; /* numbers of what comes down */
} Link;

enum { NUMBERS_MAX = TENSORS_MAX + 1, WHOLE = (1 << ARRIVALS) - 1 /* every arrival of a link */ };

static Link link_of(Timetable *table, const Cases *cases, const Machine *machine, int level)
{
    Link link = {table, &cases->shape, machine, &machine->noc[level], level, false, 1};
    link.together = !link.noc->per_tensor && !link.noc->in_bits && !cases->shape.sparse;
    if (!link.together)
        link.n = cases->shape.n_tensors;
    return link;
}

/* What comes down at a step, all tensors together. */
static inline int64_t link_all(const Link *link, const Volumes *v)
{
    int64_t all = link->noc->multicast ? v->all_shared : v->all_each;
    link->table->overflow |= all < 0;
    return all < 0 ? 0 : all;
}

static inline int64_t link_out(const Link *link, const Volumes *v)
{
    return link->noc->reduction ? v->out_shared : v->out_each;
}

/* Adds to the numbers what some arrivals bring. */
static inline void link_add(const Link *link, const Volumes *v, unsigned arrivals, int64_t *sum)
{
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    bool *overflow = &link->table->overflow;
    if (arrivals >> ARRIVAL_OUT & 1)
        *overflow |= __builtin_add_overflow(sum[link->n], link_out(link, v), &sum[link->n]);
    if (link->together && arrivals == WHOLE) {
        *overflow |= __builtin_add_overflow(sum[0], link_all(link, v), &sum[0]);
        return;
    }
    for (int t = 0; t < link->shape->n_tensors; t++) {
        int64_t *number = &sum[link->together ? 0 : t];
        if (arrivals >> t & 1)
            *overflow |= __builtin_add_overflow(*number, in[t], number);
    }
}

static inline int64_t width_of(const Link *link, int t)
{
    return link->noc->in_bits ? link->machine->bits[t] : 1;
}

static int64_t sparse_in(const Link *link, const int64_t *numbers)
{
    const Shape *shape = link->shape;
    const Rational *bandwidth = link->noc->bandwidth;
    double sum = 0;
    int64_t longest = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        double units = shape->density[t] * (double) numbers[t] * (double) width_of(link, t);
        sum += units;
        if (link->noc->per_tensor)
            longest = max64(longest, sparse_cycles(link->table, &bandwidth[t], units));
    }
    return link->noc->per_tensor ? longest : sparse_cycles(link->table, bandwidth, sum);
}

/* Of several channels, several widths, or a sparse layer. */
static Load load_apart(const Link *link, const int64_t *numbers)
{
    const Shape *shape = link->shape;
    Load load = {0, 0, 0};
    for (int t = 0; t < shape->n_tensors; t++) {
        int64_t units = 0;
        add_product(&units, numbers[t], width_of(link, t), &link->table->overflow);
        add_product(&load.units, units, 1, &link->table->overflow);
        load.elements += shape->density[t] * (double) numbers[t];
        if (link->noc->per_tensor)
            load.cycles =
                max64(load.cycles, channel_cycles(link->table, &link->noc->bandwidth[t], units));
    }
    if (shape->sparse)
        load.cycles = sparse_in(link, numbers);
    else if (!link->noc->per_tensor)
        load.cycles = channel_cycles(link->table, link->noc->bandwidth, load.units);
    return load;
}

/* One channel, an element counts for one: nothing more to it. */
static inline Load load_together(const Link *link, int64_t units)
{
    return (Load){channel_cycles(link->table, link->noc->bandwidth, units), units, (double) units};
}

static inline Load load_in(const Link *link, const int64_t *numbers)
{
    return link->together ? load_together(link, numbers[0]) : load_apart(link, numbers);
}

static Load load_out_apart(const Link *link, int64_t out)
{
    const Shape *shape = link->shape;
    int o = shape->output;
    const Rational *bandwidth = &link->noc->bandwidth[link->noc->per_tensor ? o : 0];
    Load load = {0, 0, shape->density[o] * (double) out};
    add_product(&load.units, out, width_of(link, o), &link->table->overflow);
    load.cycles = shape->sparse ? sparse_cycles(link->table, bandwidth,
                                                shape->density[o] * (double) load.units)
                                : channel_cycles(link->table, bandwidth, load.units);
    return load;
}

static inline Load load_out(const Link *link, int64_t out)
{
    return link->together ? load_together(link, out) : load_out_apart(link, out);
}

static inline Transfer transfer_of(const Link *link, const int64_t *numbers)
{
    return (Transfer){load_in(link, numbers), load_out(link, numbers[link->n])};
}

/* With latency. */
static inline void load_wait(const Link *link, Load *load)
{
    if (load->cycles)
        load->cycles += (max64(1, link->noc->latency) - 1) * link->table->unit;
}

/* What a step moves over the link. */
static inline Transfer transfer_alone(const Link *link, const Volumes *v, bool latency)
{
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    Transfer transfer = {link->together ? load_together(link, link_all(link, v))
                                        : load_apart(link, in),
                         load_out(link, link_out(link, v))};
    if (latency) {
        load_wait(link, &transfer.in);
        load_wait(link, &transfer.out);
    }
    return transfer;
}

Transfer timetable_alone(Timetable *table, const Cases *cases, const Machine *machine,
                         const Step *step)
{
    Link link = link_of(table, cases, machine, 0);
    return transfer_alone(&link, &step->volumes, true);
}

Load timetable_flush(Timetable *table, const Cases *cases, const Machine *machine, int level)
{
    Link link = link_of(table, cases, machine, level);
    Load load =
        load_out(&link, link.noc->reduction ? cases->left_shared[level] : cases->left_each[level]);
    load_wait(&link, &load);
    return load;
}

static inline const Volumes *link_volumes(const Cases *cases, const Step *step, int link)
{
    return link == 0 ? &step->volumes : &cases->loads.item[step->load + link - 1];
}

static inline Moved link_moved(const Link *link, const Volumes *v)
{
    const Shape *shape = link->shape;
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    Moved moved = {0, (double) link_out(link, v)};
    if (link->together) {
        moved.in = (double) link_all(link, v);
        return moved;
    }
    moved.out *= shape->density[shape->output];
    for (int t = 0; t < shape->n_tensors; t++)
        moved.in += shape->density[t] * (double) in[t];
    return moved;
}

/* ---- levels -------------------------------------------------------------------------------- */

/* A level on the machine. */
typedef struct {
    Timetable *table;
    const Cases *cases;
    const Machine *machine;
    int level, links, stride; /* links; numbers of a window in `volumes` */
    bool flat;                /* it hands up what it moves */
    bool windows;
    Prefetch prefetch;
    uint64_t arrivals; /* those of the links */
    Link link[LEVELS_MAX];
} Fill;

static bool hands_up(const Cases *cases, const Machine *machine, int level)
{
    return cases->cluster[level].flat && machine->noc[level].prefetch == PREFETCH_LAYER;
}

int timetable_links(const Cases *cases, const Machine *machine, int level)
{
    int links = 1;
    while (level + links < cases->n_levels && hands_up(cases, machine, level + links))
        links++;
    return links;
}

static inline int64_t *window_volumes(const Fill *f, int window)
{
    int64_t *volumes = f->table->volumes.item;
    return volumes + (ptrdiff_t) (window - f->cases->window[f->level]) * f->stride;
}

/* Adds `times` the numbers of a step that begins a window, and of what is inside it (NULL:
 * nothing). */
static inline void add_window(const Fill *f, const Step *step, const int64_t *inside, int64_t *sum)
{
    for (int link = 0, i = 0; link < f->links; link++) {
        int64_t own[NUMBERS_MAX];
        int n = f->link[link].n + 1;
        for (int k = 0; k < n; k++)
            own[k] = inside ? inside[i + k] : 0;
        link_add(&f->link[link], link_volumes(f->cases, step, link), WHOLE, own);
        for (int k = 0; k < n; k++, i++)
            add_product(&sum[i], own[k], step->in_window, &f->table->overflow);
    }
}

/* The numbers of the rest of a window; those of the windows inside it are there. */
static void sum_window(const Fill *f, int index)
{
    const Window *window = &f->cases->windows.item[index];
    int64_t *sum = window_volumes(f, index);
    const int64_t *first = window->first >= 0 ? window_volumes(f, window->first) : NULL;
    for (int i = 0; i < f->stride; i++)
        sum[i] = first ? first[i] : 0;
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &f->cases->steps.item[s];
        add_window(f, step, step->window >= 0 ? window_volumes(f, step->window) : NULL, sum);
    }
}

/* ---- steps --------------------------------------------------------------------------------- */

static inline int64_t pe_compute(const Fill *f, int64_t macs)
{
    const Shape *shape = &f->cases->shape;
    if (!shape->sparse)
        return ceil_div(macs, f->machine->lanes);
    return fraction(f->table, shape->work * (double) macs / (double) f->machine->lanes);
}

/* Arrivals of the links from `first` on. */
static uint64_t links_set(int first, int links)
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
static Transfer bound_transfer(const Link *link, const int64_t *own, const int64_t *rest,
                               unsigned arrivals)
{
    int64_t sum[NUMBERS_MAX];
    Transfer transfer = {{0, 0, 0}, {0, 0, 0}};
    if (!arrivals)
        return transfer;
    for (int i = 0; i <= link->n; i++)
        sum[i] = own[i] + (rest ? rest[i] : 0);
    if (arrivals & ~(1u << ARRIVAL_OUT))
        transfer.in = load_in(link, sum);
    if (arrivals >> ARRIVAL_OUT)
        transfer.out = load_out(link, sum[link->n]);
    return transfer;
}

static inline unsigned link_arrivals(uint64_t arrivals, int link)
{
    return (unsigned) (arrivals >> link * ARRIVALS) & WHOLE;
}

static void add_bound(const Fill *f, int window, uint64_t arrivals, const int64_t *own)
{
    const int64_t *rest = window >= 0 ? window_volumes(f, window) : NULL;
    Bound *bound = APPEND(f->table->bounds);
    bound->window = window;
    bound->latency = false;
    bound->own = bound_transfer(&f->link[0], own, rest, link_arrivals(arrivals, 0));
    bound->handed = f->table->handed.n;
    for (int link = 1, i = f->link[0].n + 1; link < f->links; i += f->link[link++].n + 1)
        add_handed(f, link,
                   bound_transfer(&f->link[link], own + i, rest ? rest + i : NULL,
                                  link_arrivals(arrivals, link)));
    bound->n_handed = f->table->handed.n - bound->handed;
}

/* The windows that the step begins; `set`: the links that do not wait. */
static void add_windows(const Fill *f, const Step *step, uint64_t set)
{
    int64_t own[LEVELS_MAX * NUMBERS_MAX];
    const Stay *stay = &f->cases->stays.item[step->stay];
    for (int i = 0; i < f->stride; i++)
        own[i] = 0;
    for (int k = 0; k < step->n_stays; k++) {
        uint64_t arrivals = stay[k].arrivals & set;
        if (!arrivals)
            continue;
        for (int link = 0, i = 0; link < f->links; i += f->link[link++].n + 1) {
            unsigned some = link_arrivals(arrivals, link);
            if (some)
                link_add(&f->link[link], link_volumes(f->cases, step, link),
                         step->n_stays == 1 ? WHOLE : some, own + i);
        }
        add_bound(f, stay[k].window, arrivals, own);
    }
}

/* The step alone: what it moves itself, which costs latency, and what is handed up. */
static void add_alone(const Fill *f, const Step *step, bool waits)
{
    Bound bound = {.window = -1, .latency = true, .handed = f->table->handed.n};
    if (!waits)
        bound.own = transfer_alone(&f->link[0], &step->volumes, true);
    for (int link = 1; link < f->links; link++)
        add_handed(f, link,
                   transfer_alone(&f->link[link], link_volumes(f->cases, step, link), false));
    bound.n_handed = f->table->handed.n - bound.handed;
    if (bound.own.in.cycles || bound.own.out.cycles || bound.n_handed)
        *APPEND(f->table->bounds) = bound;
}

static inline void fill_step(const Fill *f, int index, bool waits)
{
    Timetable *table = f->table;
    const Step *step = &f->cases->steps.item[index];
    TimeStep *row = &table->steps.item[index];
    row->kid = step->kid;
    row->n_kids = step->n_kids;
    row->compute = step->n_kids ? 0 : pe_compute(f, step->volumes.macs);
    row->waits = waits;
    if (waits)
        row->wait = transfer_alone(&f->link[0], &step->volumes, true);
    row->bound = table->bounds.n;
    if (f->windows && !f->flat) /* of a flat level all is handed up, or waited for */
        add_windows(f, step, waits ? f->arrivals & ~(uint64_t) WHOLE : f->arrivals);
    else if (!f->windows)
        add_alone(f, step, waits);
    row->n_bounds = table->bounds.n - row->bound;
}

/* ---- bodies and entries -------------------------------------------------------------------- */

/* Whether no window of the step takes longer than what is in it, but perhaps `root`. */
static inline bool is_plain(const Timetable *table, int index, int root)
{
    const TimeStep *row = &table->steps.item[index];
    for (int b = row->bound; b < row->bound + row->n_bounds; b++)
        if (table->bounds.item[b].window >= 0 && table->bounds.item[b].window != root)
            return false;
    return true;
}

/* Elements that the links move at a step. */
static inline void fill_moved(const Fill *f, const Step *step, double times, Moved *moved)
{
    for (int link = 0; link < f->links; link++) {
        Moved one = link_moved(&f->link[link], link_volumes(f->cases, step, link));
        moved[link].in += times * one.in;
        moved[link].out += times * one.out;
    }
}

static void fill_body(const Fill *f, int index)
{
    const Body *body = &f->cases->bodies.item[index];
    Moved *moved = f->table->moved.item + index * LEVELS_MAX;
    bool plain = true;
    for (int w = body->window + body->n_windows - 1; w >= body->window && f->windows; w--)
        sum_window(f, w);
    for (int link = 0; link < f->links; link++)
        moved[link] = (Moved){0, 0};
    for (int s = body->step; s < body->step + body->n_steps; s++) {
        const Step *step = &f->cases->steps.item[s];
        fill_step(f, s, f->prefetch == PREFETCH_NONE);
        fill_moved(f, step, (double) step->times, moved);
        plain = plain && is_plain(f->table, s, -1);
    }
    f->table->plain.item[index] = plain;
}

static void fill_entry(const Fill *f, int index)
{
    const Entry *entry = &f->cases->entries.item[index];
    Moved *moved = f->table->first.item + index * LEVELS_MAX;
    for (int link = 0; link < f->links; link++)
        moved[link] = (Moved){0, 0};
    fill_step(f, entry->step, timetable_waits(f->prefetch, true, entry->state.first));
    fill_moved(f, &f->cases->steps.item[entry->step], 1, moved);
    f->table->steps.item[entry->step].times = 1;
    if (entry->body >= 0)
        f->table->plain.item[entry->body] &=
            is_plain(f->table, entry->step, f->cases->bodies.item[entry->body].window);
}

static void fill_times(const Fill *f, int index)
{
    const Body *body = &f->cases->bodies.item[index];
    bool plain = f->table->plain.item[index];
    for (int s = body->step; s < body->step + body->n_steps; s++) {
        const Step *step = &f->cases->steps.item[s];
        f->table->steps.item[s].times = plain ? step->times : step->in_window;
    }
}

static void fill_level(Timetable *table, const Cases *cases, const Machine *machine, int level)
{
    Fill f;
    f.table = table;
    f.cases = cases;
    f.machine = machine;
    f.level = level;
    f.links = timetable_links(cases, machine, level);
    f.arrivals = links_set(0, f.links);
    f.flat = hands_up(cases, machine, level);
    f.prefetch = machine->noc[level].prefetch;
    f.windows = f.prefetch == PREFETCH_LAYER || f.prefetch == PREFETCH_TILE;
    f.stride = 0;
    for (int link = 0; link < f.links; link++) {
        f.link[link] = link_of(table, cases, machine, level + link);
        f.stride += f.link[link].n + 1;
    }
    RESERVE(table->volumes, (cases->window[level + 1] - cases->window[level]) * f.stride);
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++)
        fill_body(&f, b);
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++)
        fill_entry(&f, e);
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++)
        fill_times(&f, b);
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
    RESERVE(table->plain, cases->bodies.n);
    RESERVE(table->moved, cases->bodies.n * LEVELS_MAX);
    RESERVE(table->first, cases->entries.n * LEVELS_MAX);
    table->bounds.n = table->handed.n = 0;
    table->overflow = false;
    for (int l = 0; l < cases->n_levels; l++)
        fill_level(table, cases, machine, l);
}
