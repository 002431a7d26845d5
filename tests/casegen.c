/* Random cases: an operator, extents, a nest that is legal by construction, a machine.
 *
 * What is drawn too large to walk is made smaller, an extent at a time, rather than
 * thrown away: cases stay varied and a seed always gives one. */
#include "casegen.h"

#include <glib.h>
#include <string.h>

#include "casemachine.h"
#include "draw.h"

/* What a case is to stress: variety, long loops, or chunks and strides far apart. */
typedef enum { STYLE_ORDINARY, STYLE_LONG, STYLE_WIDE } Style;

/* What may be walked, and held in a set. */
typedef struct {
    double steps;
    int64_t elements;
    double macs;
} Limits;

/* ---- operators ---- */

static int dim_add(Operator *op, const char *name)
{
    op->dim[op->n_dims] = name;
    return op->n_dims++;
}

static Tensor *tensor_add(Operator *op, const char *name, TensorRole role)
{
    Tensor *t = &op->tensor[op->n_tensors];
    if (role == ROLE_OUTPUT)
        op->output = op->n_tensors;
    op->n_tensors++;
    t->name = name;
    t->role = role;
    return t;
}

static void coord_add(Tensor *t, int dim)
{
    t->coord[t->n_coords++] = (Coord){1, {dim, 0}, {1, 0}};
}

static void coord_pair(Tensor *t, int64_t a, int first, int64_t b, int second)
{
    t->coord[t->n_coords++] = (Coord){2, {first, second}, {a, b}};
}

/* A row of single-dim coordinates. */
static void coords_add(Tensor *t, const int *dim, int n)
{
    for (int i = 0; i < n; i++)
        coord_add(t, dim[i]);
}

/* A sliding window: the input's coordinates over one or two axes. */
static void window_add(uint64_t *state, Tensor *input, const int *out, const int *kernel, int axes)
{
    for (int i = 0; i < axes; i++) {
        int64_t stride = draw_percent(state, 50) ? 1 : draw_between(state, 1, 4);
        int64_t dilation = draw_percent(state, 60) ? 1 : draw_between(state, 1, 3);
        coord_pair(input, stride, out[i], dilation, kernel[i]);
    }
}

typedef enum { LIKE_CONV, LIKE_GROUPED, LIKE_DEPTHWISE, LIKE_POOL } ConvLike;

/* N [G] K C Y' X' R S, with one or two axes; the depth-wise kind's K is its multiplier. */
static void make_conv(uint64_t *state, Operator *op, ConvLike like)
{
    int axes = draw_percent(state, 50) ? 1 : 2, outer[4], n_outer = 0;
    static const char *const types[] = {"CONV", "NGCONV", "DSCONV", "POOL"};
    op->type = types[like];
    if (draw_percent(state, 40))
        outer[n_outer++] = dim_add(op, "N");
    if (like == LIKE_GROUPED)
        outer[n_outer++] = dim_add(op, "G");
    int k = like == LIKE_POOL ? -1 : dim_add(op, "K");
    int c = dim_add(op, "C"), out[2], kernel[2];
    out[0] = dim_add(op, "Y'");
    out[1] = axes == 2 ? dim_add(op, "X'") : 0;
    kernel[0] = dim_add(op, "R");
    kernel[1] = axes == 2 ? dim_add(op, "S") : 0;
    if (like != LIKE_POOL) {
        Tensor *weight = tensor_add(op, "W", ROLE_WEIGHT);
        if (like == LIKE_GROUPED)
            coord_add(weight, outer[n_outer - 1]);
        coords_add(weight, (int[]){k, c}, 2);
        coords_add(weight, kernel, axes);
    }
    Tensor *input = tensor_add(op, "I", ROLE_INPUT);
    coords_add(input, outer, n_outer);
    coord_add(input, c);
    window_add(state, input, out, kernel, axes);
    Tensor *output = tensor_add(op, "O", ROLE_OUTPUT);
    coords_add(output, outer, n_outer);
    if (like == LIKE_DEPTHWISE || like == LIKE_POOL)
        coord_add(output, c);
    if (k >= 0)
        coord_add(output, k);
    coords_add(output, out, axes);
}

static void make_gemm(uint64_t *state, Operator *op)
{
    int batch = draw_percent(state, 30) ? dim_add(op, "B") : -1;
    int m = dim_add(op, "M"), n = dim_add(op, "N"), k = dim_add(op, "K");
    int dims[3][2] = {{m, k}, {k, n}, {m, n}};
    static const char *const names[] = {"A", "B", "C"};
    static const TensorRole roles[] = {ROLE_INPUT, ROLE_WEIGHT, ROLE_OUTPUT};
    op->type = "GEMM";
    for (int i = 0; i < 3; i++) {
        Tensor *t = tensor_add(op, names[i], roles[i]);
        if (batch >= 0)
            coord_add(t, batch);
        coords_add(t, dims[i], 2);
    }
}

/* A random input: some of the dims, each once, some of them in pairs. */
static void make_random_input(uint64_t *state, Operator *op, const char *name, int64_t most)
{
    int order[DIMS_MAX], n = (int) draw_between(state, 1, op->n_dims), i = 0;
    Tensor *t = tensor_add(op, name, draw_percent(state, 50) ? ROLE_WEIGHT : ROLE_INPUT);
    for (int d = 0; d < op->n_dims; d++)
        order[d] = d;
    draw_shuffle(state, order, op->n_dims);
    while (i < n) {
        bool pair = i + 1 < n && draw_percent(state, 45);
        int64_t a = draw_percent(state, 50) ? 1 : draw_between(state, 1, most);
        int64_t b = draw_percent(state, 50) ? 1 : draw_between(state, 1, most);
        if (pair)
            coord_pair(t, a, order[i], b, order[i + 1]);
        else
            t->coord[t->n_coords++] =
                (Coord){1, {order[i], 0}, {draw_percent(state, 80) ? 1 : a, 0}};
        i += pair ? 2 : 1;
    }
}

/* Few dims leave room for long loops and large coefficients. */
static void make_random(uint64_t *state, Operator *op, bool wide)
{
    static const char *const dims[] = {"P", "Q", "T", "U", "V", "Z"};
    static const char *const names[] = {"A", "B", "C"};
    int n = (int) draw_between(state, 2, wide ? 3 : 6), order[DIMS_MAX];
    int inputs = (int) draw_between(state, 1, wide ? 2 : 3), most = wide ? 7 : 3;
    op->type = "RANDOM";
    for (int d = 0; d < n; d++)
        order[dim_add(op, dims[d])] = d;
    int before = (int) draw_between(state, 0, inputs);
    for (int i = 0; i < before; i++)
        make_random_input(state, op, names[i], most);
    draw_shuffle(state, order, n);
    coords_add(tensor_add(op, "O", ROLE_OUTPUT), order,
               (int) draw_between(state, 1, draw_percent(state, 80) ? n - 1 : n));
    for (int i = before; i < inputs; i++)
        make_random_input(state, op, names[i], most);
}

static void make_operator(uint64_t *state, Operator *op, bool wide)
{
    int64_t draw = draw_between(state, 0, 99);
    if (wide)
        make_random(state, op, true);
    else if (draw < 25)
        make_conv(state, op, LIKE_CONV);
    else if (draw < 32)
        make_conv(state, op, LIKE_GROUPED);
    else if (draw < 39)
        make_conv(state, op, LIKE_DEPTHWISE);
    else if (draw < 45)
        make_conv(state, op, LIKE_POOL);
    else if (draw < 55)
        make_gemm(state, op);
    else
        make_random(state, op, false);
}

/* ---- extents ---- */

static void make_extents(uint64_t *state, Layer *layer, Style style)
{
    bool connected = !strcmp(layer->op.type, "CONV") && draw_percent(state, 15); /* FC: no window */
    for (int d = 0; d < layer->op.n_dims; d++) {
        int64_t e = draw_between(state, 1, 7);
        if (draw_percent(state, 12))
            e = draw_between(state, 5, 13);
        if (style != STYLE_ORDINARY && draw_percent(state, 50))
            e = style == STYLE_LONG ? draw_between(state, 8, 24) : draw_between(state, 10, 80);
        if (connected && strchr("YXRS", layer->op.dim[d][0]))
            e = 1;
        layer->extent[d] = e;
    }
}

/* ---- nests ---- */

static int64_t chunk_count(int64_t extent, int64_t size, int64_t offset)
{
    return extent <= size ? 1 : (extent - size + offset - 1) / offset + 1;
}

/* Nominal: the interval that the first child owns. */
static int64_t owned(const Case *c, int level, int dim)
{
    int64_t e = c->layer.extent[dim];
    for (int l = 0; l < level; l++)
        for (int m = 0; m < c->nest.level[l].n_maps; m++)
            if (c->nest.level[l].map[m].dim == dim)
                e = MIN(e, c->nest.level[l].map[m].size);
    return e;
}

static int64_t map_chunks(const Case *c, int level, const Map *map)
{
    return chunk_count(owned(c, level, map->dim), map->size, map->offset);
}

static int64_t make_size(uint64_t *state, int64_t extent)
{
    int64_t draw = draw_between(state, 0, 99);
    if (draw < 35)
        return 1;
    if (draw < 60)
        return draw_between(state, 1, MIN(extent, 3));
    if (draw < 92)
        return draw_between(state, 1, extent);
    return extent + draw_between(state, 0, 2);
}

static void make_maps(uint64_t *state, Case *c, int l)
{
    Level *level = &c->nest.level[l];
    int order[DIMS_MAX], n = c->layer.op.n_dims;
    for (int d = 0; d < n; d++)
        order[d] = d;
    draw_shuffle(state, order, n);
    level->n_maps = (int) draw_between(state, draw_percent(state, 80) ? MIN(2, n) : 0, n);
    for (int m = 0; m < level->n_maps; m++) {
        int64_t e = owned(c, l, order[m]), size = make_size(state, e);
        level->map[m] = (Map){MAP_TEMPORAL, order[m], size, size};
        if (chunk_count(e, size, size) == 1)
            level->map[m].offset = draw_between(state, 1, size + 2);
    }
}

/* One SpatialMap of several chunks if there is one to be; or several of one chunk. */
static void make_spatial(uint64_t *state, Case *c, int l)
{
    Level *level = &c->nest.level[l];
    if (level->n_maps == 0 || draw_percent(state, 6))
        return;
    int start = (int) draw_between(state, 0, level->n_maps - 1);
    bool single = draw_percent(state, 10);
    for (int i = 0; i < level->n_maps; i++) {
        Map *map = &level->map[(start + i) % level->n_maps];
        bool one = map_chunks(c, l, map) == 1;
        if (!single && !one) {
            map->kind = MAP_SPATIAL;
            return;
        }
        if (single && one && draw_percent(state, 60))
            map->kind = MAP_SPATIAL;
    }
}

/* One chunk or one fold of each map: the inner level of an array. */
static void make_flat(Case *c, int l)
{
    Level *level = &c->nest.level[l];
    for (int m = 0; m < level->n_maps; m++) {
        Map *map = &level->map[m];
        int64_t e = owned(c, l, map->dim);
        int64_t units = map->kind == MAP_SPATIAL ? level->children : 1;
        map->size = map->offset = MAX(map->size, (e + units - 1) / units);
    }
}

/* A hierarchy has more levels, many of them of one child: memories without a fan-out. */
static void make_nest(uint64_t *state, Case *c, Style style, bool hierarchy)
{
    static const int level_odds[][10] = {{1, 1, 1, 2, 2, 2, 2, 3, 3, 4},
                                         {1, 2, 2, 2, 3, 3, 3, 4, 4, 5}};
    c->nest.n_levels = level_odds[hierarchy][draw_between(state, 0, 9)];
    for (int l = 0; l < c->nest.n_levels; l++) {
        int64_t most = draw_percent(state, 10) ? 9 : 4;
        if (style == STYLE_WIDE && draw_percent(state, 40))
            most = 20;
        if (hierarchy && draw_percent(state, 35))
            most = 1;
        c->nest.level[l].children = draw_between(state, 1, most);
        make_maps(state, c, l);
        make_spatial(state, c, l);
        if (l > 0 && draw_percent(state, 30))
            make_flat(c, l);
    }
}

bool casegen_legal(Case *c)
{
    if (c->nest.n_levels < 1 || c->layer.op.n_tensors < 1)
        return false;
    for (int l = 0; l < c->nest.n_levels; l++) {
        Level *level = &c->nest.level[l];
        int several = 0, spatial = 0;
        for (int m = 0; m < level->n_maps; m++) {
            Map *map = &level->map[m];
            if (owned(c, l, map->dim) > map->size)
                map->offset = map->size;
            spatial += map->kind == MAP_SPATIAL;
            several += map->kind == MAP_SPATIAL && map_chunks(c, l, map) > 1;
        }
        if (several > 1 || (several == 1 && spatial > 1 && level->children > 1))
            return false;
    }
    return true;
}

double casegen_walk(const Case *c)
{
    double steps = 1, units = 1, total = 0;
    for (int l = 0; l < c->nest.n_levels; l++) {
        const Level *level = &c->nest.level[l];
        for (int m = 0; m < level->n_maps; m++) {
            int64_t q = map_chunks(c, l, &level->map[m]);
            if (level->map[m].kind == MAP_SPATIAL)
                q = (q + level->children - 1) / level->children;
            steps *= (double) q;
        }
        units *= (double) level->children;
        total += steps * units;
    }
    return total;
}

double casegen_macs(const Case *c)
{
    double macs = 1;
    for (int d = 0; d < c->layer.op.n_dims; d++)
        macs *= (double) c->layer.extent[d];
    for (int l = 0; l < c->nest.n_levels; l++) {
        bool spatial = false;
        for (int m = 0; m < c->nest.level[l].n_maps; m++)
            spatial |= c->nest.level[l].map[m].kind == MAP_SPATIAL;
        macs *= spatial ? 1 : (double) c->nest.level[l].children;
    }
    return macs;
}

int64_t casegen_tensor(const Case *c, int t)
{
    const Tensor *tensor = &c->layer.op.tensor[t];
    int64_t elements = 1;
    for (int i = 0; i < tensor->n_coords; i++) {
        int64_t end = 1;
        for (int k = 0; k < tensor->coord[i].n; k++)
            end += tensor->coord[i].coef[k] * (c->layer.extent[tensor->coord[i].dim[k]] - 1);
        elements *= end;
    }
    return elements;
}

int64_t casegen_elements(const Case *c)
{
    int64_t most = 1;
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        int64_t elements = casegen_tensor(c, t);
        most = MAX(most, elements);
    }
    return most;
}

static void reduce_extent(uint64_t *state, Case *c)
{
    int64_t *e = &c->layer.extent[draw_between(state, 0, c->layer.op.n_dims - 1)];
    if (*e > 3 || (*e > 1 && draw_percent(state, 30)))
        *e -= 1 + *e / 4;
}

static void enlarge_chunk(uint64_t *state, Case *c)
{
    Level *level = &c->nest.level[draw_between(state, 0, c->nest.n_levels - 1)];
    if (level->n_maps == 0)
        return;
    Map *map = &level->map[draw_between(state, 0, level->n_maps - 1)];
    map->size++;
    map->offset = map->size;
}

static void reduce_children(uint64_t *state, Case *c)
{
    Level *level = &c->nest.level[draw_between(state, 0, c->nest.n_levels - 1)];
    level->children -= level->children > 1;
}

/* Smaller until it can be walked: shorter loops, larger chunks, fewer children. */
static void make_walkable(uint64_t *state, Case *c, const Limits *limits)
{
    for (;;) {
        bool long_walk = casegen_walk(c) > limits->steps, many = casegen_macs(c) > limits->macs;
        if (!long_walk && !many && casegen_elements(c) <= limits->elements)
            break;
        Nest before = c->nest;
        if (long_walk && draw_percent(state, 40))
            enlarge_chunk(state, c);
        else
            reduce_extent(state, c);
        if ((long_walk || many) && draw_percent(state, 10))
            reduce_children(state, c);
        if (!casegen_legal(c)) /* a larger chunk is cut into several by a second SpatialMap below */
            c->nest = before;
    }
}

/* ---- the whole ---- */

/* Most cases are short, for there to be many; some are long. */
static Limits make_limits(uint64_t *state, CaseKind kind)
{
    int64_t draw = draw_between(state, 0, 999);
    if (kind == CASE_SHORT || kind == CASE_SHORT_HIERARCHY)
        return (Limits){.steps = 250, .elements = 1000, .macs = 700};
    return (Limits){.steps = draw < 400   ? 300
                             : draw < 800 ? 2000
                             : draw < 980 ? 6000
                                          : 20000,
                    .elements = 2000,
                    .macs = kind == CASE_CLASSIC ? 1e9 : 8000};
}

void casegen_make(uint64_t seed, CaseKind kind, Case *c)
{
    uint64_t state = seed;
    bool hierarchy = kind == CASE_HIERARCHY || kind == CASE_SHORT_HIERARCHY;
    int64_t draw = draw_between(&state, 0, 99);
    Style style = draw < 55 ? STYLE_ORDINARY : draw < 80 ? STYLE_LONG : STYLE_WIDE;
    memset(c, 0, sizeof *c);
    c->layer.name = "case";
    c->layer.count = 1;
    for (int t = 0; t < TENSORS_MAX; t++)
        c->layer.density[t] = 1;
    make_operator(&state, &c->layer.op, style == STYLE_WIDE);
    make_extents(&state, &c->layer, style);
    make_nest(&state, c, style, hierarchy);
    Limits limits = make_limits(&state, kind);
    make_walkable(&state, c, &limits);
    casemachine_make(&state, c);
    if (hierarchy)
        casemachine_memories(&state, c);
    else if (draw_percent(&state, 25))
        casemachine_offchip(&state, c);
    g_assert(casegen_legal(c));
}
