/* Nodes and pieces of random small networks, against loops over every element. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "sched/graph.h"
#include "sched/routes.h"

enum { CASES = 1500, LAYERS = 3 };

enum { N, K, C, ROW, COLUMN, R, S };

/* A convolution: W[K][C][R][S], I[N][C][Y][X], O[N][K][Y'][X']. */
static Operator conv(int64_t stride, int64_t dilation)
{
    Operator op = {.type = "CONV",
                   .n_dims = 7,
                   .dim = {"N", "K", "C", "Y'", "X'", "R", "S"},
                   .n_tensors = 3,
                   .output = 2};
    op.tensor[0] =
        (Tensor){"W", ROLE_WEIGHT, 4, {{1, {K}, {1}}, {1, {C}, {1}}, {1, {R}, {1}}, {1, {S}, {1}}}};
    op.tensor[1] = (Tensor){"I",
                            ROLE_INPUT,
                            4,
                            {{1, {N}, {1}},
                             {1, {C}, {1}},
                             {2, {ROW, R}, {stride, dilation}},
                             {2, {COLUMN, S}, {stride, dilation}}}};
    op.tensor[2] = (Tensor){
        "O", ROLE_OUTPUT, 4, {{1, {N}, {1}}, {1, {K}, {1}}, {1, {ROW}, {1}}, {1, {COLUMN}, {1}}}};
    return op;
}

typedef struct {
    Layer layer[LAYERS];
    GraphLayer graph[LAYERS];
    Edge edge[LAYERS];
    GraphRequest request;
} Case;

/* A layer that reads so many channels, rows and columns; false if its window does not fit. */
static bool draw_layer(uint64_t *draw, Layer *layer, GraphLayer *graph, const int64_t in[3])
{
    int64_t stride = draw_between(draw, 1, 3), dilation = draw_between(draw, 1, 2);
    bool spread = draw_percent(draw, 15);
    *layer = (Layer){.name = "layer", .op = conv(spread ? 1 : stride, dilation), .count = 1};
    *graph = (GraphLayer){.layer = layer};
    layer->extent[N] = 1;
    layer->extent[K] = draw_between(draw, 1, 4);
    layer->extent[C] = in[0];
    layer->extent[R] = draw_between(draw, 1, 3);
    layer->extent[S] = draw_between(draw, 1, 3);
    for (int i = 0; i < 2; i++) {
        int64_t window = (layer->extent[R + i] - 1) * dilation + 1,
                padding = draw_between(draw, 0, window - 1);
        int64_t has = spread ? (in[1 + i] - 1) * stride + 1 + 2 * (window - 1 - padding)
                             : in[1 + i] + 2 * padding;
        if (has < window)
            return false;
        layer->extent[ROW + i] = (has - window) / (spread ? 1 : stride) + 1;
        graph->before[1][2 + i] = spread ? window - 1 - padding : padding;
        graph->spread[1][2 + i] = spread ? stride : 1;
        graph->given[1][2 + i] = draw_percent(draw, 50) || spread ? in[1 + i] : 0;
    }
    static const int dims[] = {K, ROW, COLUMN};
    for (int i = 0; i < 3; i++)
        if (draw_percent(draw, 45))
            graph->cut[graph->n_cuts++] =
                (GraphCut){dims[i], draw_between(draw, 1, layer->extent[dims[i]])};
    return true;
}

/* A chain of two, or two that are put together for a third. */
static bool draw_case(uint64_t seed, Case *c)
{
    uint64_t draw = seed;
    bool joined = draw_percent(&draw, 40);
    int64_t in[3] = {draw_between(&draw, 1, 3), draw_between(&draw, 3, 9),
                     draw_between(&draw, 3, 9)};
    memset(c, 0, sizeof *c);
    c->request = (GraphRequest){
        c->graph, joined ? 3 : 2, c->edge, joined ? 2 : 1, (int) draw_between(&draw, 1, 2), NULL};
    if (!draw_layer(&draw, &c->layer[0], &c->graph[0], in))
        return false;
    const Layer *first = &c->layer[0];
    int64_t next[3] = {first->extent[K], first->extent[ROW], first->extent[COLUMN]};
    c->edge[0] = (Edge){0, 1, 1, 0};
    if (joined) { /* another one of the same rows and columns, and other channels */
        c->layer[1] = c->layer[0];
        c->graph[1] = c->graph[0];
        c->graph[1].layer = &c->layer[1];
        c->layer[1].extent[K] = draw_between(&draw, 1, 4);
        for (int i = 0; i < c->graph[1].n_cuts; i++)
            c->graph[1].cut[i].parts =
                MIN(c->graph[1].cut[i].parts, c->layer[1].extent[c->graph[1].cut[i].dim]);
        next[0] += c->layer[1].extent[K];
        c->edge[0] = (Edge){0, 2, 1, 0};
        c->edge[1] = (Edge){1, 2, 1, 1};
    }
    int last = c->request.n_layers - 1;
    return draw_layer(&draw, &c->layer[last], &c->graph[last], next);
}

/* Whether a node reads an element of a tensor: by all points of its box. */
static bool reads(const GraphLayer *layer, const GraphBox *box, int tensor, const int64_t at[4])
{
    const Tensor *t = &layer->layer->op.tensor[tensor];
    for (int c = 0; c < t->n_coords; c++) {
        const Coord *coord = &t->coord[c];
        bool found = false;
        int b = coord->n > 1 ? coord->dim[1] : -1;
        for (int64_t x = box->low[coord->dim[0]]; x < box->high[coord->dim[0]]; x++)
            for (int64_t y = b >= 0 ? box->low[b] : 0; y < (b >= 0 ? box->high[b] : 1); y++) {
                int64_t spread = MAX(layer->spread[tensor][c], 1);
                int64_t i = coord->coef[0] * x + (b >= 0 ? coord->coef[1] * y : 0) -
                            layer->before[tensor][c];
                found |= i % spread == 0 && i / spread == at[c];
            }
        if (!found)
            return false;
    }
    return true;
}

/* Elements that one node makes and another one needs. */
static int64_t shared(const Case *c, const Graph *graph, int maker, int reader)
{
    const GraphNode *from = &graph->node[maker], *to = &graph->node[reader];
    int64_t sum = 0, offset = 0;
    int e = 0;
    while (e < c->request.n_edges &&
           (c->edge[e].producer != from->layer || c->edge[e].consumer != to->layer))
        e++;
    if (e == c->request.n_edges || from->image != to->image)
        return 0;
    if (c->edge[e].part > 0)
        offset = c->layer[0].extent[K];
    const GraphBox *box = &from->box;
    for (int64_t n = box->low[N]; n < box->high[N]; n++)
        for (int64_t k = box->low[K]; k < box->high[K]; k++)
            for (int64_t y = box->low[ROW]; y < box->high[ROW]; y++)
                for (int64_t x = box->low[COLUMN]; x < box->high[COLUMN]; x++)
                    sum +=
                        reads(&c->graph[to->layer], &to->box, 1, (int64_t[]){n, k + offset, y, x});
    return sum;
}

static bool has(const int *list, int n, int value)
{
    for (int i = 0; i < n; i++)
        if (list[i] == value)
            return true;
    return false;
}

static void check_pair(const Case *c, const Graph *graph, int maker, int reader)
{
    const PlanNode *from = &graph->plan.node[maker], *to = &graph->plan.node[reader];
    int64_t sum = 0;
    for (int i = 0; i < from->n_makes; i++)
        if (has(to->needs, to->n_needs, from->makes[i]))
            sum += graph->plan.piece[from->makes[i]].elements;
    ck_assert_int_eq(sum, shared(c, graph, maker, reader));
}

/* All that a node makes, once. */
static void check_made(const Graph *graph, int node)
{
    const PlanNode *n = &graph->plan.node[node];
    const GraphBox *box = &graph->node[node].box;
    int64_t sum = 0, all = 1;
    for (int i = 0; i < n->n_makes; i++) {
        ck_assert_int_eq(graph->plan.piece[n->makes[i]].maker, node);
        sum += graph->plan.piece[n->makes[i]].elements;
    }
    for (int d = N; d <= COLUMN; d++)
        all *= d == C ? 1 : box->high[d] - box->low[d];
    ck_assert_int_eq(sum, all);
}

/* Weights, and inputs of the network, that it needs. */
static void check_given(const Case *c, const Graph *graph, int node)
{
    const PlanNode *n = &graph->plan.node[node];
    const GraphLayer *layer = &c->graph[graph->node[node].layer];
    const GraphBox *box = &graph->node[node].box;
    int64_t weights = 0, inputs = 0, wanted = 0;
    bool fed = false;
    for (int e = 0; e < c->request.n_edges; e++)
        fed |= c->edge[e].consumer == graph->node[node].layer;
    for (int i = 0; i < n->n_needs; i++) {
        const PlanPiece *piece = &graph->plan.piece[n->needs[i]];
        if (piece->role == PLAN_WEIGHT)
            weights += piece->elements;
        else if (piece->maker < 0)
            inputs += piece->elements;
        ck_assert(has(piece->readers, piece->n_readers, node));
    }
    ck_assert_int_eq(weights, (box->high[K] - box->low[K]) * layer->layer->extent[C] *
                                  layer->layer->extent[R] * layer->layer->extent[S]);
    /* as far as it goes without padding at the end */
    int64_t extent[2];
    for (int i = 0; i < 2; i++) {
        const Coord *coord = &layer->layer->op.tensor[1].coord[2 + i];
        int64_t covered = coord->coef[0] * (layer->layer->extent[ROW + i] - 1) +
                          coord->coef[1] * (layer->layer->extent[R + i] - 1) + 1;
        extent[i] = layer->given[1][2 + i] > 0 ? layer->given[1][2 + i]
                                               : MAX(covered - 2 * layer->before[1][2 + i], 1);
    }
    for (int64_t k = 0; k < layer->layer->extent[C] && !fed; k++)
        for (int64_t y = 0; y < extent[0]; y++)
            for (int64_t x = 0; x < extent[1]; x++)
                wanted += reads(layer, box, 1, (int64_t[]){0, k, y, x});
    ck_assert_int_eq(inputs, wanted);
}

START_TEST(random_networks_are_exact)
{
    const char *given = g_getenv("GRAPH_SEED");
    uint64_t seed = given ? g_ascii_strtoull(given, NULL, 0) : 20250705;
    int made = 0;
    printf("# GRAPH_SEED=%" G_GUINT64_FORMAT "\n", seed);
    for (int i = 0; i < CASES; i++) {
        Case c;
        GraphFault fault;
        if (!draw_case(draw_seed(seed, (uint64_t) i), &c))
            continue;
        g_autoptr(Graph) graph = graph_new(&c.request, &fault);
        ck_assert_msg(graph != NULL, "case %d: %s", i, fault.what);
        made++;
        for (int n = 0; n < graph->plan.n_nodes; n++) {
            check_made(graph, n);
            check_given(&c, graph, n);
            for (int m = n + 1; m < graph->plan.n_nodes; m++)
                check_pair(&c, graph, n, m);
        }
    }
    ck_assert_int_gt(made, CASES / 2);
}
END_TEST

START_TEST(shapes_that_do_not_fit)
{
    uint64_t draw = 1;
    Case c;
    GraphFault fault;
    while (!draw_case(draw_seed(3, draw++), &c) || c.request.n_layers != 2)
        ;
    c.layer[1].extent[C] += 5;
    ck_assert_ptr_null(graph_new(&c.request, &fault));
    ck_assert_int_eq(fault.status, GRAPH_MISMATCH);
    ck_assert_str_eq(fault.what, "channels");
    ck_assert_int_eq(fault.edge, 0);
    ck_assert_int_eq(fault.has, c.layer[0].extent[K]);
    ck_assert_int_eq(fault.least, c.layer[1].extent[C]);
}
END_TEST

START_TEST(too_many_nodes)
{
    Layer layer = {
        .name = "layer", .op = conv(1, 1), .count = 1, .extent = {1, 1, 1, 1 << 10, 1 << 10, 1, 1}};
    GraphLayer graph = {.layer = &layer, .n_cuts = 2, .cut = {{ROW, 1 << 10}, {COLUMN, 1 << 10}}};
    GraphRequest request = {&graph, 1, NULL, 0, 1, NULL};
    GraphFault fault;
    ck_assert_ptr_null(graph_new(&request, &fault));
    ck_assert_int_eq(fault.status, GRAPH_TOO_MANY);
}
END_TEST

/* Four cores in a mesh of 2 x 2, whose first also has off-chip memory: 0 1 over 2 3. */
START_TEST(along_rows_first)
{
    static const int ends[][2] = {{0, 1}, {1, 0}, {2, 3}, {3, 2}, {0, 2},
                                  {2, 0}, {1, 3}, {3, 1}, {0, 4}};
    RouteLink link[9];
    for (int l = 0; l < 9; l++)
        link[l] = (RouteLink){2, ends[l], l < 8};
    PlanRoute *route = routes_new(4, link, 9);
    const PlanRoute *across = &route[0 * 5 + 3], *out = &route[3 * 5 + 4];
    ck_assert_int_eq(across->n, 2);
    ck_assert_int_eq(across->link[0], 0);
    ck_assert_int_eq(across->link[1], 6);
    ck_assert_int_eq(out->n, 4); /* with the port */
    ck_assert_int_eq(out->link[0], 3);
    ck_assert_int_eq(out->link[1], 5);
    ck_assert_int_eq(out->link[2], 8);
    ck_assert_int_eq(out->link[3], 9);
    routes_free(route, 4);
}
END_TEST

/* Two cores that only off-chip memory connects have no route. */
START_TEST(not_through_memory)
{
    static const int ends[][2] = {{0, 2}, {1, 2}};
    RouteLink link[] = {{2, ends[0], false}, {2, ends[1], false}};
    PlanRoute *route = routes_new(2, link, 2);
    ck_assert_int_eq(route[0 * 3 + 1].n, 0);
    ck_assert_int_eq(route[0 * 3 + 2].n, 2);
    routes_free(route, 2);
}
END_TEST

/* Every way between two places, by brute force. */
typedef struct {
    int n_cores, n_links, to;
    const RouteLink *link;
    int way[8], best[8], n_best;
} Ways;

static bool at_end(const RouteLink *link, int place, int end)
{
    bool is = false;
    for (int i = 0; i < link->n; i++)
        is |= link->end[i] == place && (!link->one_way || i == end);
    return is;
}

static void try_ways(Ways *w, int at, int n)
{
    if (at == w->to) {
        bool better = w->n_best < 0 || n < w->n_best;
        for (int i = 0; i < n && n == w->n_best && !better; i++) {
            if (w->way[i] > w->best[i])
                return;
            better = w->way[i] < w->best[i];
        }
        if (better) {
            memcpy(w->best, w->way, sizeof w->best);
            w->n_best = n;
        }
        return;
    }
    for (int l = 0; l < w->n_links && n < w->n_cores && (n == 0 || at < w->n_cores); l++)
        for (int next = 0; next <= w->n_cores && at_end(&w->link[l], at, 0); next++)
            if (next != at && at_end(&w->link[l], next, 1)) {
                w->way[n] = l;
                try_ways(w, next, n + 1);
            }
}

/* Of ways that are as short the one whose links come first, over whichever cores. */
START_TEST(routes_are_the_first)
{
    uint64_t state = 5;
    int ways = 0;
    for (int k = 0; k < 3000; k++) {
        int n_cores = (int) draw_between(&state, 2, 4), n_links = (int) draw_between(&state, 1, 6),
            places = n_cores + 1;
        int ends[6][5];
        RouteLink link[6];
        for (int l = 0; l < n_links; l++) {
            int n = (int) draw_between(&state, 2, 3);
            bool one_way = n == 2 && draw_between(&state, 0, 2) == 0;
            int first = (int) draw_between(&state, 0, n_cores);
            for (int i = 0; i < n; i++) /* some may be one place */
                ends[l][i] = (first + (i > 0) * (int) draw_between(&state, 1, n_cores)) % places;
            link[l] = (RouteLink){n, ends[l], one_way};
        }
        PlanRoute *route = routes_new(n_cores, link, n_links);
        for (int from = 0; from < places; from++)
            for (int to = 0; to < places; to++) {
                Ways w = {
                    .n_cores = n_cores, .n_links = n_links, .to = to, .link = link, .n_best = -1};
                const PlanRoute *found = &route[from * places + to];
                bool port = from == n_cores || to == n_cores;
                if (from == to)
                    continue;
                try_ways(&w, from, 0);
                ck_assert_int_eq(found->n, w.n_best < 0 ? 0 : w.n_best + port);
                for (int i = 0; i < w.n_best; i++)
                    ck_assert_int_eq(found->link[i], w.best[i]);
                ways += w.n_best > 1;
            }
        routes_free(route, n_cores);
    }
    ck_assert_int_gt(ways, 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph");
    TCase *tests = tcase_create("graph");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, random_networks_are_exact);
    tcase_add_test(tests, shapes_that_do_not_fit);
    tcase_add_test(tests, too_many_nodes);
    tcase_add_test(tests, along_rows_first);
    tcase_add_test(tests, not_through_memory);
    tcase_add_test(tests, routes_are_the_first);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
