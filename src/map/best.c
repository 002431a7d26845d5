/* A mapping that is found keeps out what is no better; of equal ones the earlier one stays. */
#include "map/best.h"

#include <math.h>
#include <string.h>

/* Bounds are sums of doubles in another order than the cost's: they may be above it by so much. */
static const double ROUNDING = 1e-9;

void best_init(Best *best, const SearchRequest *request)
{
    *best = (Best){.front = request->front,
                   .top = (guint) MAX(1, request->top),
                   .gap = request->gap,
                   .last = INFINITY,
                   .found = g_ptr_array_new_with_free_func(g_free)};
    g_mutex_init(&best->mutex);
}

void best_clear(Best *best)
{
    g_ptr_array_free(best->found, TRUE);
    g_mutex_clear(&best->mutex);
}

void best_view_clear(BestView *view)
{
    if (view->points != NULL)
        g_array_free(view->points, TRUE);
}

int best_compare(double a, double b)
{
    return a < b * (1 - ROUNDING) ? -1 : a * (1 - ROUNDING) > b;
}

/* ---- the front ----------------------------------------------------------------------- */

/* Whether a point has no more of either; of the same, that it comes first. */
static bool keeps_out(const FrontPoint *point, double pj, double cycles, double gap, int64_t number)
{
    int energy = best_compare(pj * (1 + gap), point->pj),
        time = best_compare(cycles * (1 + gap), point->cycles);
    return energy >= 0 && time >= 0 && (energy > 0 || time > 0 || point->number <= number);
}

/* A copy that is read without the mutex, as of the last change. */
static const GArray *front_of(Best *best, BestView *view)
{
    guint changes = __atomic_load_n(&best->changes, __ATOMIC_ACQUIRE);
    if (view->points != NULL && view->changes == changes)
        return view->points;
    if (view->points == NULL)
        view->points = g_array_new(FALSE, FALSE, sizeof(FrontPoint));
    g_mutex_lock(&best->mutex);
    g_array_set_size(view->points, 0);
    for (guint i = 0; i < best->found->len; i++) {
        const SearchFound *found = g_ptr_array_index(best->found, i);
        FrontPoint point = {found->pj, found->cycles, found->number};
        g_array_append_val(view->points, point);
    }
    view->changes = best->changes;
    g_mutex_unlock(&best->mutex);
    return view->points;
}

static bool front_open(Best *best, BestView *view, const MapBound *bound, int64_t number)
{
    const GArray *front = front_of(best, view);
    bool open = true;
    for (guint i = 0; i < front->len && open; i++) {
        const FrontPoint *point = &g_array_index(front, FrontPoint, i);
        if (best_compare(bound->pj * (1 + best->gap), point->pj) < 0)
            break; /* the others have even more energy */
        open = !keeps_out(point, bound->pj, bound->cycles, best->gap, number);
    }
    return open;
}

bool best_open(Best *best, BestView *view, const MapBound *bound, double value, int64_t number)
{
    double last;
    if (best->front)
        return front_open(best, view, bound, number);
    __atomic_load(&best->last, &last, __ATOMIC_ACQUIRE);
    int order = best_compare(value * (1 + best->gap), last);
    if (order != 0)
        return order < 0;
    return number >= 0 && __atomic_load_n(&best->last_number, __ATOMIC_ACQUIRE) > number;
}

double best_limit(const Best *best)
{
    double last;
    __atomic_load(&best->last, &last, __ATOMIC_ACQUIRE);
    return last * (1 + 2 * ROUNDING);
}

/* ---- what is found, with the mutex ----------------------------------------------------- */

static gint compare_found(gconstpointer a, gconstpointer b)
{
    const SearchFound *x = *(SearchFound *const *) a, *y = *(SearchFound *const *) b;
    int order = best_compare(x->value, y->value);
    return order != 0 ? order : x->number < y->number ? -1 : x->number > y->number;
}

static void add(Best *best, const SearchFound *found)
{
    g_ptr_array_add(best->found, g_memdup2(found, sizeof *found));
    g_ptr_array_sort(best->found, compare_found);
}

static bool add_to_front(Best *best, const SearchFound *found)
{
    for (guint i = 0; i < best->found->len;) {
        const SearchFound *other = g_ptr_array_index(best->found, i);
        const FrontPoint old = {other->pj, other->cycles, other->number},
                         new = {found->pj, found->cycles, found->number};
        if (keeps_out(&old, new.pj, new.cycles, 0, new.number))
            return false;
        if (keeps_out(&new, old.pj, old.cycles, 0, old.number))
            g_ptr_array_remove_index(best->found, i);
        else
            i++;
    }
    add(best, found);
    __atomic_add_fetch(&best->changes, 1, __ATOMIC_RELEASE);
    return true;
}

static bool has_map(const Level *level, const Map *map)
{
    for (int m = 0; m < level->n_maps; m++)
        if (memcmp(&level->map[m], map, sizeof *map) == 0)
            return true;
    return false;
}

/* Whether both differ in nothing but the order of loops. */
static bool same_but_order(const Nest *a, const Nest *b)
{
    if (a->n_levels != b->n_levels)
        return false;
    for (int l = 0; l < a->n_levels; l++) {
        const Level *x = &a->level[l], *y = &b->level[l];
        if (x->n_maps != y->n_maps || x->children != y->children || x->passes != y->passes ||
            memcmp(x->memory, y->memory, sizeof x->memory) != 0)
            return false;
        for (int m = 0; m < x->n_maps; m++)
            if (!has_map(y, &x->map[m]))
                return false;
    }
    return true;
}

static bool add_to_top(Best *best, const SearchFound *found)
{
    for (guint i = 0; i < best->found->len; i++) {
        const SearchFound *other = g_ptr_array_index(best->found, i);
        if (best->top == 1 || !same_but_order(&other->nest, &found->nest))
            continue;
        if (best_compare(other->value, found->value) <= 0)
            return false;
        g_ptr_array_remove_index(best->found, i);
        break;
    }
    add(best, found);
    if (best->found->len > best->top) {
        const SearchFound *out = g_ptr_array_index(best->found, best->top);
        bool kept = out->number != found->number || out->value != found->value;
        g_ptr_array_set_size(best->found, (gint) best->top);
        if (!kept)
            return false;
    }
    if (best->found->len < best->top)
        return true;
    const SearchFound *last = g_ptr_array_index(best->found, best->top - 1);
    __atomic_store_n(&best->last_number, last->number, __ATOMIC_RELEASE);
    __atomic_store(&best->last, &last->value, __ATOMIC_RELEASE);
    return true;
}

bool best_take(Best *best, const SearchFound *found)
{
    g_mutex_lock(&best->mutex);
    bool kept = best->front ? add_to_front(best, found) : add_to_top(best, found);
    g_mutex_unlock(&best->mutex);
    return kept;
}

double best_value(Best *best)
{
    g_mutex_lock(&best->mutex);
    const SearchFound *first = best->found->len > 0 ? g_ptr_array_index(best->found, 0) : NULL;
    double value = first != NULL ? first->value : INFINITY;
    g_mutex_unlock(&best->mutex);
    return value;
}
