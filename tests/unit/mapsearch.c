/* The search against the enumeration of whole small spaces: random layers and machines, everything
 * open, every mapping of which is evaluated in every order of its loops.  The enumeration goes by
 * the same branches, but leaves nothing out: neither by a bound nor by what fits, which the engines
 * say.  See maptrial.h for MAPSEARCH and MAPSEARCH_SEED. */
#include "maptrial.h"

#include "map/branch.h"
#include "map/fill.h"
#include "suite.h"

enum { CASES = 500, ORDERS_MOST = 1200, TIE_SPACE = 1200 };

/* What an order comes to. */
typedef struct {
    double value[GOALS];
} Figures;

typedef struct {
    Trial trial;
    GRand *random;
    Sizes sizes;
    Template open;
    TrafficStore energies; /* of the trial */
    Branch branch;
    bool counts; /* only so far that it is known how many there are */
    int64_t orders, orders_most;
    int skeletons;
    GArray *all;          /* of Figures, of all orders that fit */
    GHashTable *mappings; /* GBytes, all but the order, to Figures: the least of each goal */
    Figures least;
    Nest best[GOALS];
    Nest some; /* one of those that fit, at random */
} Space;

/* How often something was looked at. */
static struct {
    int spaces, empty, stopped, outside, ties;
    int64_t orders;
} seen;

/* ---- the enumeration ------------------------------------------------------------------------- */

static bool is_large(const Space *s)
{
    return s->counts && (s->orders > s->orders_most || s->branch.bounds > 20 * s->orders_most ||
                         s->skeletons > s->orders_most / 4);
}

static double value(Branch *b, MapBound *bound)
{
    (void) b;
    *bound = (MapBound){0, 0};
    return 0;
}

static bool always_open(const Branch *b, const MapBound *bound, double least)
{
    (void) b, (void) bound, (void) least;
    return true;
}

static bool stopped(Branch *b)
{
    return is_large(b->data);
}

static void left(Branch *b, double least)
{
    (void) b, (void) least;
}

static int compare_maps(const void *a, const void *b)
{
    return ((const Map *) a)->dim - ((const Map *) b)->dim;
}

/* All of a nest but the order of its loops. */
static GBytes *mapping_of(const Nest *nest)
{
    g_autofree Nest *sorted = g_new0(Nest, 1);
    nest_copy(sorted, nest);
    for (int l = 0; l < nest->n_levels; l++) {
        Level *level = &sorted->level[l];
        qsort(level->map, (size_t) level->n_maps, sizeof(Map), compare_maps);
        memset(&level->map[level->n_maps], 0, (size_t) (DIMS_MAX - level->n_maps) * sizeof(Map));
    }
    return g_bytes_new(sorted->level, (gsize) nest->n_levels * sizeof(Level));
}

static void note(Space *s, const Nest *nest, const Figures *figures)
{
    GBytes *mapping = mapping_of(nest);
    Figures *least = g_hash_table_lookup(s->mappings, mapping);
    if (least == NULL) {
        least = g_memdup2(figures, sizeof *figures);
        g_hash_table_insert(s->mappings, g_bytes_ref(mapping), least);
    }
    g_bytes_unref(mapping);
    g_array_append_vals(s->all, figures, 1);
    for (int g = 0; g < GOALS; g++) {
        least->value[g] = fmin(least->value[g], figures->value[g]);
        if (figures->value[g] < s->least.value[g]) {
            s->least.value[g] = figures->value[g];
            nest_copy(&s->best[g], nest);
        }
    }
    if (mapcase_between(s->random, 1, s->all->len) == 1)
        nest_copy(&s->some, nest);
}

static void decided(Branch *b, const MapBound *bound)
{
    Space *s = b->data;
    Trial *t = &s->trial;
    Order order;
    Nest nest;
    Figures figures;
    (void) bound;
    for (bool more = order_first(&b->model, &b->partial, &order); more && !is_large(s);
         more = order_next(&b->model, &b->partial, &order)) {
        s->orders++;
        if (s->counts || fill_nest(&t->layer, &t->machine, &b->partial, &order, &nest) != FILL_DONE)
            continue;
        ck_assert_int_le(nest_check(&t->layer, &nest, &t->machine).law, NEST_NO_SPATIAL);
        if (trial_evaluate(t, &nest, figures.value))
            note(s, &nest, &figures);
    }
}

static bool never(Branch *b)
{
    (void) b;
    return false;
}

static const BranchOwner owner = {value, always_open, stopped, left, decided, NULL, never};

/* What fits is for the engines to say. */
static void make_roomy(BoundModel *model)
{
    model->rooms.n = 0;
    for (int d = 0; d < DIMS_MAX; d++)
        for (int depth = 0; depth < DEPTHS; depth++)
            model->most[d][depth] = INFINITY;
}

static bool enter(const Skeleton *skeleton, void *data)
{
    Space *s = data;
    Shape shape;
    cluster_shape(&s->trial.layer, &shape);
    bound_model(&s->trial.layer, &s->trial.machine, &s->trial.technology, &shape, skeleton,
                &s->energies, &s->branch.model);
    s->branch.model.falls = 0;
    make_roomy(&s->branch.model);
    partial_start(&s->branch.partial, &s->trial.layer, skeleton, s->branch.model.model.homes);
    branch_run(&s->branch);
    s->skeletons++;
    return !is_large(s);
}

static void go_through(Space *s, Sizes sizes, bool counts)
{
    branch_init(&s->branch, &owner, s, &s->trial.layer, &s->trial.machine, sizes);
    s->branch.units_first = mapcase_chance(s->random, 50);
    s->counts = counts;
    s->orders = s->skeletons = 0;
    memset(&s->energies, 0, sizeof s->energies);
    skeletons_visit(&s->trial.layer, &s->trial.machine, &s->open, false, enter, s);
    branch_clear(&s->branch);
}

/* ---- spaces -----------------------------------------------------------------------------------
 */

static void draw(Space *s)
{
    Trial *t = &s->trial;
    bool hierarchy = mapcase_chance(s->random, 60);
    mapcase_layer(s->random, 6, &t->layer);
    trial_narrow(s->random, (int) mapcase_between(s->random, 1, 3), &t->layer);
    mapcase_machine(s->random, &t->layer, hierarchy, &t->machine);
    trial_vary(s->random, &t->layer, &t->machine);
    mapcase_technology(s->random, &t->technology);
    t->placed = t->machine;
    s->sizes = (Sizes) mapcase_between(s->random, SIZES_DIVISORS, SIZES_ALL);
    open_template(&t->layer, &t->machine, (int) mapcase_between(s->random, 1, 2),
                  mapcase_chance(s->random, 30) ? 2 : 1, &s->open);
}

/* The first space from a seed on that is not too large to be gone through. */
static void space_open(Space *s, guint32 seed)
{
    s->trial.seed = seed;
    s->random = g_rand_new_with_seed(seed);
    do {
        draw(s);
        go_through(s, s->sizes, true);
    } while (is_large(s));
    s->all = g_array_new(FALSE, FALSE, sizeof(Figures));
    s->mappings =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, g_free);
    s->least = (Figures){{INFINITY, INFINITY, INFINITY}};
    if (s->sizes != SIZES_DIVISORS) /* are always among those that are tried */
        go_through(s, SIZES_DIVISORS, false);
    go_through(s, s->sizes, false);
    seen.orders += s->orders;
    seen.spaces++;
    seen.empty += s->all->len == 0;
}

static void space_close(Space *s)
{
    g_array_free(s->all, TRUE);
    g_hash_table_destroy(s->mappings);
    g_rand_free(s->random);
}

/* ---- what is asked --------------------------------------------------------------------------- */

/* Many searches go in portions. */
static const int WAITING[] = {0, 1, 2, 5, 20};

static SearchRequest request_of(const Space *s, const Template *const *open, int goal)
{
    return (SearchRequest){.layer = &s->trial.layer,
                           .machine = &s->trial.machine,
                           .technology = &s->trial.technology,
                           .open = open,
                           .n_open = 1,
                           .objective = TRIAL_GOALS[goal],
                           .sizes = s->sizes,
                           .threads = 1,
                           .waiting = WAITING[s->trial.seed % G_N_ELEMENTS(WAITING)]};
}

static const SearchFound *found_at(const SearchResult *result, guint i)
{
    return &g_array_index(result->found, SearchFound, i);
}

static void refute(Space *s, int goal, const SearchResult *result, const char *what)
{
    static const char *const sizes[] = {"divisors", "canonical", "all"};
    trial_say(&s->trial);
    fprintf(stderr, "sizes: %s; %s: %.12g over %d orders; bound %.12g, %s\n", sizes[s->sizes],
            objective_name(TRIAL_GOALS[goal]), s->least.value[goal], (int) s->all->len,
            result->bound, result->complete ? "complete" : "stopped");
    if (s->all->len > 0)
        trial_say_nest(&s->trial, "enumerated", &s->best[goal]);
    for (guint i = 0; i < result->found->len && i < 4; i++)
        trial_say_nest(&s->trial, "found", &found_at(result, i)->nest);
    ck_abort_msg("seed %u: %s", s->trial.seed, what);
}

/* A nest that is found is legal, and evaluated again comes to what was said of it. */
static void check_figures(Space *s, int goal, const SearchResult *result)
{
    for (guint i = 0; i < result->found->len; i++) {
        const SearchFound *found = found_at(result, i);
        const Nest nest = found->nest;
        double again[GOALS];
        if (nest_check(&s->trial.layer, &nest, &s->trial.machine).law > NEST_NO_SPATIAL ||
            !trial_evaluate(&s->trial, &nest, again))
            refute(s, goal, result, "what is found is no answer");
        if (again[GOAL_RUNTIME] != found->cycles || again[GOAL_ENERGY] != found->pj)
            refute(s, goal, result, "other figures when evaluated again");
    }
}

static void check_least(Space *s, int goal, const SearchResult *result, double least)
{
    check_figures(s, goal, result);
    if (!result->complete)
        refute(s, goal, result, "not complete");
    if (!isfinite(least)) {
        if (result->found->len > 0)
            refute(s, goal, result, "something is found where nothing fits");
        return;
    }
    if (result->found->len == 0)
        refute(s, goal, result, "nothing is found");
    if (!trial_near(found_at(result, 0)->value, least))
        refute(s, goal, result, "not the least");
    if (!trial_near(result->bound, least))
        refute(s, goal, result, "a gap");
}

/* Of those that are as good, that of the least product of energy and time; in large spaces it is
 * not looked for to the end. */
static void check_tie(Space *s, int goal, const SearchResult *result)
{
    double least = INFINITY;
    int equal = 0;
    for (guint i = 0; i < s->all->len; i++) {
        const Figures *figures = &g_array_index(s->all, Figures, i);
        if (figures->value[goal] > s->least.value[goal] * (1 + TRIAL_ROUNDING))
            continue;
        least = fmin(least, figures->value[GOAL_EDP]);
        equal++;
    }
    if (equal < 2 || s->all->len > TIE_SPACE)
        return;
    const SearchFound *found = found_at(result, 0);
    double edp = found->pj * 1e-12 * found->cycles / s->trial.machine.clock_hz;
    seen.ties++;
    if (edp > least * (1 + TRIAL_ROUNDING))
        refute(s, goal, result, "another one is as good, and of less EDP");
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void check_goal(Space *s, int goal)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, goal);
    SearchResult result;
    request.warm_bounds = mapcase_chance(s->random, 50); /* else most have the least EDP already */
    search_run(&request, &result);
    check_least(s, goal, &result, s->least.value[goal]);
    check_tie(s, goal, &result);
    search_clear(&result);
}

/* Time alone needs no technology. */
static void check_without_energy(Space *s)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, GOAL_RUNTIME);
    SearchResult result;
    request.technology = NULL;
    search_run(&request, &result);
    bool same =
        isfinite(s->least.value[GOAL_RUNTIME])
            ? result.found->len > 0 && found_at(&result, 0)->value == s->least.value[GOAL_RUNTIME]
            : result.found->len == 0;
    if (!same)
        refute(s, GOAL_RUNTIME, &result, "not the least time without energies");
    search_clear(&result);
}

static bool is_covered(const SearchResult *result, const Figures *figures)
{
    for (guint i = 0; i < result->found->len; i++) {
        const SearchFound *found = found_at(result, i);
        if (found->pj <= figures->value[GOAL_ENERGY] * (1 + TRIAL_ROUNDING) &&
            found->cycles <= figures->value[GOAL_RUNTIME] * (1 + TRIAL_ROUNDING))
            return true;
    }
    return false;
}

static bool is_there(const Space *s, const SearchFound *found)
{
    for (guint i = 0; i < s->all->len; i++) {
        const Figures *figures = &g_array_index(s->all, Figures, i);
        if (trial_near(found->pj, figures->value[GOAL_ENERGY]) &&
            trial_near(found->cycles, figures->value[GOAL_RUNTIME]))
            return true;
    }
    return false;
}

/* Whether it has no more of either than the other, and less of one. */
static bool beats(const SearchFound *found, const SearchFound *other)
{
    bool energy = trial_near(found->pj, other->pj), time = found->cycles == other->cycles;
    return (energy || found->pj < other->pj) && found->cycles <= other->cycles && !(energy && time);
}

static void check_front(Space *s)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, GOAL_ENERGY);
    SearchResult result;
    request.front = true;
    search_run(&request, &result);
    check_figures(s, GOAL_ENERGY, &result);
    if (!result.complete)
        refute(s, GOAL_ENERGY, &result, "the front is not complete");
    for (guint i = 0; i < s->all->len; i++)
        if (!is_covered(&result, &g_array_index(s->all, Figures, i)))
            refute(s, GOAL_ENERGY, &result, "a point of the front is missing");
    for (guint i = 0; i < result.found->len; i++) {
        if (!is_there(s, found_at(&result, i)))
            refute(s, GOAL_ENERGY, &result, "a point of the front is not in the space");
        for (guint k = 0; k < result.found->len; k++)
            if (beats(found_at(&result, k), found_at(&result, i)))
                refute(s, GOAL_ENERGY, &result, "a point that another one beats");
    }
    search_clear(&result);
}

static gint by_value(gconstpointer a, gconstpointer b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return x < y ? -1 : x > y;
}

/* The least order of every mapping, ascending. */
static GArray *values_of(const Space *s, int goal)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    GHashTableIter iter;
    gpointer figures;
    g_hash_table_iter_init(&iter, s->mappings);
    while (g_hash_table_iter_next(&iter, NULL, &figures))
        g_array_append_val(values, ((const Figures *) figures)->value[goal]);
    g_array_sort(values, by_value);
    return values;
}

/* Mappings that differ in nothing but the order of loops count once, wherever they come from: no
 * value of the space that is below the last one found is missing. */
static void check_top(Space *s, int goal)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, goal);
    g_autoptr(GArray) values = values_of(s, goal);
    SearchResult result;
    request.top = (int) mapcase_between(s->random, 2, 8);
    search_run(&request, &result);
    check_figures(s, goal, &result);
    guint last = result.found->len - 1, i = 0;
    if (result.found->len > (guint) request.top || values->len < result.found->len)
        refute(s, goal, &result, "more than were asked for");
    for (guint k = 0; k < values->len; k++) {
        double want = g_array_index(values, double, k);
        while (i < last && found_at(&result, i)->value < want &&
               !trial_near(want, found_at(&result, i)->value))
            i++;
        double found = found_at(&result, i)->value;
        bool beyond = want > found_at(&result, last)->value;
        if (!trial_near(found, want) && !beyond)
            refute(s, goal, &result, "one of the best is missing");
        if (beyond && result.found->len < (guint) request.top && !trial_near(found, want))
            refute(s, goal, &result, "not as many as are asked for");
    }
    search_clear(&result);
}

static void check_threads(Space *s, int goal)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, goal);
    SearchResult one, several;
    request.warm_bounds = mapcase_between(s->random, 0, 40); /* what begins it, begins again */
    search_run(&request, &one);
    for (request.threads = 2; request.threads <= 4; request.threads *= 2) {
        request.waiting = (int) mapcase_between(s->random, 0, 9);
        search_run(&request, &several);
        bool same = one.found->len == several.found->len;
        for (guint i = 0; i < one.found->len && same; i++)
            same = nest_equal(&found_at(&one, i)->nest, &found_at(&several, i)->nest) &&
                   found_at(&one, i)->value == found_at(&several, i)->value;
        if (!same)
            fprintf(stderr, "%d threads, %d skeletons at a time\n", request.threads,
                    request.waiting);
        if (!same && one.found->len > 0)
            trial_say_nest(&s->trial, "one thread", &found_at(&one, 0)->nest);
        if (!same)
            refute(s, goal, &several, "another answer with more threads, or in portions");
        search_clear(&several);
    }
    search_clear(&one);
}

static bool stop_after(const SearchProgress *progress, void *data)
{
    int *times = data;
    ck_assert(progress->bound <= progress->best);
    return (*times)-- <= 0;
}

static void check_stop(Space *s, int goal)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, goal);
    SearchResult result;
    int times = (int) mapcase_between(s->random, 0, 3);
    double least = s->least.value[goal];
    request.stop = stop_after;
    request.data = &times;
    request.threads = (int) mapcase_between(s->random, 1, 2);
    search_run(&request, &result);
    check_figures(s, goal, &result);
    if (result.bound > least * (1 + TRIAL_ROUNDING))
        refute(s, goal, &result, "a bound above the least");
    if (result.found->len > 0 && found_at(&result, 0)->value < least * (1 - TRIAL_ROUNDING))
        refute(s, goal, &result, "better than the least");
    if (result.complete && isfinite(least) &&
        (result.found->len == 0 || !trial_near(found_at(&result, 0)->value, least)))
        refute(s, goal, &result, "complete, but not the least");
    seen.stopped += !result.complete;
    search_clear(&result);
}

static void check_gap(Space *s, int goal)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, goal);
    SearchResult result;
    double least = s->least.value[goal];
    request.gap = (double) mapcase_between(s->random, 1, 40) / 100;
    search_run(&request, &result);
    check_figures(s, goal, &result);
    if (isfinite(least) && (result.found->len == 0 ||
                            found_at(&result, 0)->value > least * (1 + request.gap) * (1 + 1e-8)))
        refute(s, goal, &result, "further from the least than the gap");
    if (isfinite(least) &&
        (result.bound > least * (1 + TRIAL_ROUNDING) ||
         result.bound * (1 + request.gap) < found_at(&result, 0)->value * (1 - TRIAL_ROUNDING)))
        refute(s, goal, &result, "no bound for the gap");
    search_clear(&result);
}

/* The best of a larger space, or nothing. */
static bool take_outside(Space *s, int goal, Nest *nest)
{
    g_autofree Template *wide = g_new0(Template, 1);
    const Template *open = wide;
    SearchRequest request = request_of(s, &open, goal);
    SearchResult result;
    request.sizes = SIZES_ALL;
    open_template(&s->trial.layer, &s->trial.machine, 3, 1, wide);
    search_run(&request, &result);
    bool found = result.found->len > 0;
    if (found)
        nest_copy(nest, &found_at(&result, 0)->nest);
    search_clear(&result);
    return found;
}

/* Never worse than what is given, nor than the space; of equal ones what is given. */
static void check_given(Space *s, int goal)
{
    const Template *open = &s->open;
    SearchRequest request = request_of(s, &open, goal);
    SearchResult result;
    Nest outside;
    double figures[GOALS], least = s->least.value[goal];
    const Nest *given = &s->some;
    if (mapcase_chance(s->random, 60) && take_outside(s, goal, &outside))
        given = &outside;
    if (!trial_evaluate(&s->trial, given, figures))
        return;
    request.given = &given;
    request.n_given = 1;
    search_run(&request, &result);
    check_least(s, goal, &result, fmin(least, figures[goal]));
    bool first = figures[goal] <= least * (1 - 1e-12);
    if (first && found_at(&result, 0)->given != 0)
        refute(s, goal, &result, "what is given is not the answer");
    if (found_at(&result, 0)->given >= 0 && !nest_equal(&found_at(&result, 0)->nest, given))
        refute(s, goal, &result, "another nest than what is given");
    seen.outside += first;
    search_clear(&result);
}

static void check_all(Space *s)
{
    int goal = (int) mapcase_between(s->random, 0, GOALS - 1);
    check_goal(s, goal);
    bool long_one = s->all->len > 300 && mapcase_chance(s->random, 30);
    switch (long_one ? 4 : mapcase_between(s->random, 0, 6)) {
    case 0:
        check_without_energy(s);
        break;
    case 1:
        check_front(s);
        break;
    case 2:
        check_top(s, goal);
        break;
    case 3:
        check_threads(s, goal);
        break;
    case 4:
        check_stop(s, goal);
        break;
    case 5:
        check_gap(s, goal);
        break;
    default:
        if (s->all->len > 0)
            check_given(s, goal);
    }
}

START_TEST(search)
{
    guint32 seed;
    int n = trial_cases(CASES, &seed);
    Space *s = g_new0(Space, 1);
    s->orders_most = trial_orders(ORDERS_MOST);
    s->trial.ws = workspace_new();
    for (int i = 0; i < n; i++) {
        space_open(s, seed + (guint32) i);
        check_all(s);
        space_close(s);
    }
    printf("# seed %u: %d spaces of %d orders, %d where nothing fits, %d searches stopped, %d "
           "better ones given, %d of several that are as good\n",
           seed, seen.spaces, (int) seen.orders, seen.empty, seen.stopped, seen.outside, seen.ties);
    workspace_free(s->trial.ws);
    g_free(s);
}
END_TEST

int main(void)
{
    return suite_run("map search", search);
}
