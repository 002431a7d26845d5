/* Sums have their minimum where every term has.  The product of the two sums
 *
 *     (sum of e) * (sum of t)
 *
 * is quasi-concave, so it is least at a corner of the convex hull of what the sums can be, and such
 * a corner minimises sum of e + lambda t for some lambda >= 0: every layer by itself minimises e +
 * lambda t, for one lambda.  As lambda grows from 0 a layer goes along the lower hull of its
 * points, from the least energy to the least time; all steps of all layers, in the order of their
 * lambda, lead through every corner, and the best on the way is the answer.
 *
 * Example: (e, t) of layer A is (1, 9) or (3, 2), of B (1, 5) or (9, 4).  The steps are A's, of
 * lambda (3 - 1) / (9 - 2) = 0.29, and B's, of 8: the sums are (2, 14), (4, 7), (12, 6), and the
 * least product is 28, with A's second and B's first. */
#include "run/choice.h"

#include <math.h>

/* A layer goes over to another dataflow. */
typedef struct {
    double lambda, energy, time; /* what the sums grow by */
    size_t layer;
    int to;
} Step;

static double value(const ChoicePoint *point, Objective objective)
{
    return objective == OBJECTIVE_RUNTIME ? point->time : point->energy;
}

/* Energies that are not known are alike. */
static Merit merit_of(const ChoicePoint *point, int number)
{
    double energy = isnan(point->energy) ? 0 : point->energy;
    return (Merit){
        .edp = energy * point->time, .seconds = point->time, .pj = energy, .number = number};
}

/* The least for the objective, of equals the one that objective_order puts first. */
static int least(const ChoicePoint *point, int n, Objective objective)
{
    int best = -1;
    for (int k = 0; k < n; k++) {
        if (!point[k].known)
            continue;
        if (best >= 0 && value(&point[k], objective) == value(&point[best], objective)) {
            const Merit own = merit_of(&point[k], k), other = merit_of(&point[best], best);
            best = objective_order(&own, &other) < 0 ? k : best;
        } else if (best < 0 || value(&point[k], objective) < value(&point[best], objective)) {
            best = k;
        }
    }
    return best;
}

/* The next corner of the lower hull: what costs the least energy for each unit of time that it
 * saves; of equals the one that saves the most.  False if none saves time. */
static bool next_corner(const ChoicePoint *point, int n, int from, Step *step)
{
    bool found = false;
    for (int k = 0; k < n; k++) {
        double saved = point[from].time - point[k].time,
               energy = point[k].energy - point[from].energy, lambda = energy / saved;
        if (!point[k].known || !(saved > 0))
            continue;
        if (found && (lambda > step->lambda || (lambda == step->lambda && -saved >= step->time)))
            continue;
        *step = (Step){.lambda = lambda, .energy = energy, .time = -saved, .to = k};
        found = true;
    }
    return found;
}

static void add_steps(GArray *steps, const ChoicePoint *point, int n, size_t layer, int from)
{
    Step step;
    while (next_corner(point, n, from, &step)) {
        step.layer = layer;
        from = step.to;
        g_array_append_val(steps, step);
    }
}

static int compare_steps(gconstpointer a, gconstpointer b)
{
    const Step *x = a, *y = b;
    if (x->lambda != y->lambda)
        return x->lambda < y->lambda ? -1 : 1;
    return x->layer < y->layer ? -1 : x->layer > y->layer;
}

/* How many of the steps lead to the least product. */
static guint best_of(const GArray *steps, double energy, double time)
{
    double product = energy * time;
    guint best = 0;
    for (guint k = 0; k < steps->len; k++) {
        const Step *step = &g_array_index(steps, Step, k);
        energy += step->energy;
        time += step->time;
        if (energy * time < product) {
            product = energy * time;
            best = k + 1;
        }
    }
    return best;
}

/* From the least energy of every layer, in `chosen`. */
static void improve(const ChoicePoint *point, size_t layers, int n, int *chosen)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(Step));
    double energy = 0, time = 0;
    for (size_t l = 0; l < layers; l++) {
        const ChoicePoint *own = &point[l * (size_t) n];
        if (chosen[l] < 0)
            continue;
        energy += own[chosen[l]].energy;
        time += own[chosen[l]].time;
        add_steps(steps, own, n, l, chosen[l]);
    }
    g_array_sort(steps, compare_steps);
    guint taken = best_of(steps, energy, time);
    for (guint k = 0; k < taken; k++) {
        const Step *step = &g_array_index(steps, Step, k);
        chosen[step->layer] = step->to;
    }
}

void choice_make(const ChoicePoint *point, size_t layers, int n, Objective objective, int *chosen)
{
    for (size_t l = 0; l < layers; l++)
        chosen[l] = least(&point[l * (size_t) n], n, objective);
    if (objective == OBJECTIVE_EDP)
        improve(point, layers, n, chosen);
}
