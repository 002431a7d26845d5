/* Which part of each tensor stays in the global buffer.
 *
 * Every tensor has a few depths worth having; all combinations of them are gone through,
 * and left as soon as they hold or move more than the best so far. */
#include "engine/residency.h"

#include <math.h>
#include <string.h>

/* A depth that no other one beats in all of bytes reserved, held and moved. */
typedef struct {
    int depth;
    double need, footprint, traffic;
} Option;

typedef struct {
    int n_tensors;
    double capacity; /* bytes */
    int n[TENSORS_MAX];
    Option option[TENSORS_MAX][DIMS_MAX + 1]; /* outer depths first */
    Option smallest[TENSORS_MAX];             /* what each takes if nothing fits */
    int depth[TENSORS_MAX], best[TENSORS_MAX];
    Option least; /* sums; least.traffic is negative while nothing fits */
} Choice;

static bool beats(const Option *a, const Option *b)
{
    return a->need <= b->need && a->footprint <= b->footprint && a->traffic <= b->traffic;
}

/* Of two that are alike the outer one stays. */
static void add_option(Choice *c, int t, Option option)
{
    int kept = 0;
    for (int k = 0; k < c->n[t]; k++)
        if (beats(&c->option[t][k], &option))
            return;
    for (int k = 0; k < c->n[t]; k++)
        if (!beats(&option, &c->option[t][k]))
            c->option[t][kept++] = c->option[t][k];
    c->option[t][kept++] = option;
    c->n[t] = kept;
}

static void set_options(Choice *c, const Shape *shape, const Machine *machine,
                        const OffchipTable *table, int t)
{
    double bytes = machine_bytes(machine, t);
    int depths = machine->stays_onchip[t] ? 1 /* all of it */ : table->depths;
    Option option = {0, 0, 0, 0};
    c->n[t] = 0;
    for (int j = 0; j < depths; j++) {
        const OffchipRow *row = &table->row[t][j];
        double footprint = (double) row->footprint * bytes;
        option = (Option){j, (j ? 2 : 1) * footprint, footprint,
                          offchip_bytes(shape, machine, t, table->row[t][0].footprint, row)};
        if (j > 1 && !memcmp(row, row - 1, sizeof *row))
            continue; /* the same as the depth outside it */
        add_option(c, t, option);
    }
    c->smallest[t] = option;
}

static void set_choice(Choice *c, const Shape *shape, const Machine *machine,
                       const OffchipTable *table)
{
    c->n_tensors = shape->n_tensors;
    for (int t = 0; t < shape->n_tensors; t++)
        set_options(c, shape, machine, table, t);
}

/* Less traffic, then a smaller footprint, then less of the buffer reserved. */
static bool better(const Option *a, const Option *b)
{
    if (a->traffic != b->traffic)
        return a->traffic < b->traffic;
    return a->footprint != b->footprint ? a->footprint < b->footprint : a->need < b->need;
}

static void choose(Choice *c, int t, Option sum)
{
    if (sum.need > c->capacity || (c->least.traffic >= 0 && sum.traffic > c->least.traffic))
        return;
    if (t == c->n_tensors) {
        if (c->least.traffic < 0 || better(&sum, &c->least)) {
            c->least = sum;
            memcpy(c->best, c->depth, sizeof c->best);
        }
        return;
    }
    for (int k = 0; k < c->n[t]; k++) {
        const Option *o = &c->option[t][k];
        c->depth[t] = o->depth;
        choose(c, t + 1,
               (Option){0, sum.need + o->need, sum.footprint + o->footprint,
                        sum.traffic + o->traffic});
    }
}

/* Finds best within a capacity, 0 for any; returns the bytes that then move. */
static double choose_within(Choice *c, int64_t capacity)
{
    double traffic = 0;
    c->capacity = capacity > 0 ? (double) capacity : INFINITY;
    c->least = (Option){.traffic = -1};
    choose(c, 0, (Option){0, 0, 0, 0});
    if (c->least.traffic >= 0)
        return c->least.traffic;
    for (int t = 0; t < c->n_tensors; t++) {
        c->best[t] = c->smallest[t].depth;
        traffic += c->smallest[t].traffic;
    }
    return traffic;
}

bool residency_fits(const Shape *shape, const Machine *machine, const OffchipKept *kept)
{
    double need = 0;
    if (machine->l2_bytes == 0)
        return true;
    for (int t = 0; t < shape->n_tensors; t++)
        need +=
            (kept->depth[t] ? 2 : 1) * (double) kept->row[t].footprint * machine_bytes(machine, t);
    return need <= (double) machine->l2_bytes;
}

void residency_choose(const Shape *shape, const Machine *machine, const OffchipTable *table,
                      OffchipKept *kept)
{
    Choice c;
    set_choice(&c, shape, machine, table);
    choose_within(&c, machine->l2_bytes);
    for (int t = 0; t < c.n_tensors; t++) {
        kept->depth[t] = c.best[t];
        kept->row[t] = table->row[t][c.best[t]];
    }
}

/* More buffer never moves more, so the next useful capacity is found by halving. */
static void find_gain(Choice *c, int64_t low, ResidencyGain *gain)
{
    int64_t high = INT64_MAX / 4;
    if (!low || low > high / 2)
        return;
    double now = choose_within(c, low);
    gain->saved_by_kib = now - choose_within(c, low + 1024);
    if (choose_within(c, high) >= now)
        return;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (choose_within(c, middle) < now)
            high = middle;
        else
            low = middle;
    }
    gain->next_bytes = high;
    gain->saved_by_next = now - choose_within(c, high);
}

void residency_gain(const Shape *shape, const Machine *machine, const OffchipTable *table,
                    ResidencyGain *gain)
{
    Choice c;
    set_choice(&c, shape, machine, table);
    *gain = (ResidencyGain){0, 0, 0};
    find_gain(&c, machine->l2_bytes, gain);
}
