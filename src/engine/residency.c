/* Which part of each tensor stays in the global buffer.
 *
 * Every tensor has a few depths worth having; all combinations of them are gone through,
 * and left as soon as they hold or move more than the best so far. */
#include "engine/residency.h"

#include <string.h>

#include "engine/offchip.h"

/* A depth that no other one beats in all of bytes reserved, held and moved. */
typedef struct {
    int depth;
    double need, footprint, traffic;
} Option;

typedef struct {
    int n_tensors;
    double capacity; /* bytes, above 0 */
    int n[TENSORS_MAX];
    Option option[TENSORS_MAX][DIMS_MAX + 1]; /* outer depths first */
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

static void set_options(Choice *c, const Shape *shape, const Machine *machine, const Result *result,
                        int t)
{
    double bytes = machine_bytes(machine, t);
    c->n[t] = 0;
    for (int j = 0; j < result->offchip_depths; j++) {
        const OffchipRow *row = &result->offchip[t][j];
        if (j > 1 && !memcmp(row, row - 1, sizeof *row))
            continue; /* the same as the depth outside it */
        double footprint = (double) row->footprint * bytes;
        add_option(c, t,
                   (Option){j, (j ? 2 : 1) * footprint, footprint,
                            offchip_bytes(shape, machine, result, t, j)});
        if (machine->stays_onchip[t])
            break; /* all of it */
    }
}

/* Less traffic, then a smaller footprint, then less of the buffer reserved. */
static bool better(const Option *a, const Option *b)
{
    if (a->traffic != b->traffic)
        return a->traffic < b->traffic;
    return a->footprint != b->footprint ? a->footprint < b->footprint : a->need < b->need;
}

/* Whether every tensor can have its least traffic; takes those depths. */
static bool choose_least(const Shape *shape, const Machine *machine, Result *result)
{
    double need = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        int least = machine->stays_onchip[t] ? 0 : result->offchip_least[t];
        result->offchip_depth[t] = least;
        need += (least ? 2 : 1) * (double) result->offchip[t][least].footprint *
                machine_bytes(machine, t);
    }
    return machine->l2_bytes == 0 || need <= (double) machine->l2_bytes;
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

void residency_choose(const Shape *shape, const Machine *machine, Result *result)
{
    if (choose_least(shape, machine, result))
        return;
    Choice c = {.n_tensors = shape->n_tensors,
                .capacity = (double) machine->l2_bytes,
                .least = {.traffic = -1}};
    for (int t = 0; t < c.n_tensors; t++) {
        set_options(&c, shape, machine, result, t);
        c.best[t] = machine->stays_onchip[t] ? 0 : result->offchip_depths - 1;
    }
    choose(&c, 0, (Option){0, 0, 0, 0});
    for (int t = 0; t < c.n_tensors; t++)
        result->offchip_depth[t] = c.best[t];
}

/* Bytes that move with so much buffer. */
static double traffic_with(const Shape *shape, Machine machine, Result result, int64_t capacity)
{
    double traffic = 0;
    machine.l2_bytes = capacity;
    residency_choose(shape, &machine, &result);
    for (int t = 0; t < shape->n_tensors; t++)
        traffic += offchip_bytes(shape, &machine, &result, t, result.offchip_depth[t]);
    return traffic;
}

/* More buffer never moves more, so the next useful capacity is found by halving. */
void residency_gain(const Layer *layer, const Machine *machine, const Result *result,
                    ResidencyGain *gain)
{
    Shape shape;
    int64_t low = machine->l2_bytes, high = INT64_MAX / 4;
    *gain = (ResidencyGain){0, 0, 0};
    if (!low || low > high / 2)
        return;
    cluster_shape(layer, &shape);
    double now = traffic_with(&shape, *machine, *result, low);
    gain->saved_by_kib = now - traffic_with(&shape, *machine, *result, low + 1024);
    if (traffic_with(&shape, *machine, *result, high) >= now)
        return;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (traffic_with(&shape, *machine, *result, middle) < now)
            high = middle;
        else
            low = middle;
    }
    gain->next_bytes = high;
    gain->saved_by_next = now - traffic_with(&shape, *machine, *result, high);
}
