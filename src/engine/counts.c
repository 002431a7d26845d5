/* The nest level by level, and what every level asks of its parents for each tensor. */
#include "engine/counts.h"

#include "engine/walk.h"
#include "ir/hierarchy.h"

#include <string.h>

/* Sets of dims have a bit for each. */
static bool has_dim(unsigned set, int d)
{
    return set >> d & 1;
}

/* ---- the nest ---- */

static void counts_start(Counts *s, const Layer *layer, const Shape *shape)
{
    s->shape = shape;
    s->n_loops = 0;
    s->across = -1;
    s->turn = 0;
    s->copies = s->parents = 1;
    s->depth = s->outer[0] = 0;
    for (int d = 0; d < shape->n_dims; d++) {
        chain_start(&s->chain[d], layer->extent[d]);
        s->full[d] = layer->extent[d];
        s->going[d] = s->back_outer[d] = -1;
        backs_start(&s->backs[d]);
        s->sum[d][0].stays = layer->extent[d];
        s->sum[d][0].units = s->sum[d][0].once = 1;
    }
    for (int t = 0; t < shape->n_tensors; t++) {
        const Whole *whole = &shape->whole[0][t];
        s->single[t] = 1;
        for (int k = 0; k < whole->n_singles; k++)
            s->single[t] *= layer->extent[whole->single[k]];
    }
}

/* Where some of the dim goes, now that its chain has a new innermost loop. */
static inline void find_going(Counts *s, int d)
{
    const ChainSum *sum = s->sum[d];
    int i = s->chain[d].n - 1;
    while (i >= 0 && sum[i].stays == chain_extent(&s->chain[d]))
        i--;
    s->going[d] = i < 0 ? -1 : s->number[d][i];
}

/* Divides the dim of a map that has several chunks; `first`: its chain has no loop yet. */
static inline void divide_dim(Counts *s, const Map *map, int64_t children, bool first)
{
    int d = map->dim;
    Chain *chain = &s->chain[d];
    int64_t size = map->size, units = map->kind == MAP_SPATIAL ? children : 1;
    bool steps = s->full[d] > size * units;
    s->turn |= (unsigned) steps << d;
    s->across = units > 1 ? d : s->across;
    s->full[d] = size;
    s->back_outer[d] = -1;
    backs_start(&s->backs[d]);
    if (first) {
        chain_add_first(chain, size, units);
        chain_sums_of_one(chain, units > 1, s->sum[d]);
    } else {
        chain_add(chain, size, units);
        chain_sums_of_several(chain, chain->n - (units > 1), s->sum[d]);
    }
    find_going(s, d);
}

/* The maps of several chunks.  Which these are, and of which dims they are the first loop, is hard
 * to foresee: both are listed without a branch. */
static void add_loops(Counts *s, const Level *level)
{
    const Map *first[DIMS_MAX], *more[DIMS_MAX];
    int n = s->n_loops, n_first = 0, n_more = 0;
    Depths depth = s->depth;
    for (const Map *map = level->map, *end = map + level->n_maps; map < end; map++) {
        int d = map->dim, index = depths_get(depth, d);
        bool several = s->full[d] > map->size, none = index == 0;
        first[n_first] = more[n_more] = map;
        n_first += several & none;
        n_more += several & !none;
        s->number[d][index] = (uint8_t) n;
        s->loop[n].dim = d;
        s->loop[n].index = index;
        depth += depths_of(d, several);
        n += several;
        s->outer[n] = depth;
    }
    s->n_loops = n;
    s->depth = depth;
    for (int k = 0; k < n_first; k++)
        divide_dim(s, first[k], level->children, true);
    for (int k = 0; k < n_more; k++)
        divide_dim(s, more[k], level->children, false);
}

/* Units below one parent that do the same. */
static int64_t count_alike(const Level *level)
{
    unsigned spatial = 0;
    for (int m = 0; m < level->n_maps; m++)
        spatial |= level->map[m].kind == MAP_SPATIAL;
    return spatial ? 1 : level->children;
}

/* Enters a level; returns how many units below one parent do the same. */
static int64_t counts_level(Counts *s, int l, const Level *level)
{
    int across = s->across;
    if (across >= 0) {
        chain_sums_apart(&s->chain[across], s->sum[across]);
        s->back_outer[across] = -1;
    }
    s->start[l] = s->depth;
    s->across = -1;
    add_loops(s, level);
    s->spread[l] = s->across;
    s->turns[l] = s->turn;
    s->alike[l] = count_alike(level);
    return s->alike[l];
}

/* ---- all of them ---- */

/* Of all coordinates, but for the one that `whole` leaves out. */
static int64_t image(const Shape *shape, int t, const Whole *whole, const int64_t *length)
{
    const Axis *axis = shape->axis[t];
    int64_t size = 1;
    for (int k = 0; k < whole->n_singles; k++)
        size *= length[whole->single[k]];
    for (int k = 0; k < whole->n_pairs; k++) {
        const Axis *pair = &axis[whole->pair[k]];
        size *= tensor_image(pair, length[pair->dim[0]], length[pair->dim[1]]);
    }
    return size;
}

/* The children have different chunks of one coordinate, if any. */
static void count_tiles(const Counts *s, LevelResult *level)
{
    const Shape *shape = s->shape;
    int d = s->across;
    int64_t covered = 0;
    if (d >= 0) {
        const Chain *chain = &s->chain[d];
        covered = min64(chain->chunk[chain->n - 1][0].length, chain->loop[chain->n - 1].width);
    }
    for (int t = 0; t < shape->n_tensors; t++) {
        const Whole *whole = &shape->whole[1 + d][t];
        TensorCounts *tensor = &level->tensor[t];
        tensor->tile_max = tensor->union_max = image(shape, t, whole, s->full);
        if (whole->split < 0)
            continue;
        const Axis *axis = &shape->axis[t][whole->split];
        int64_t n = s->full[axis->dim[0]], m = s->full[axis->dim[1]];
        tensor->tile_max *= tensor_image(axis, n, m);
        tensor->union_max *=
            axis->dim[0] == d ? tensor_image(axis, covered, m) : tensor_image(axis, n, covered);
    }
}

static void count_steps(const Counts *s, LevelResult *level)
{
    int64_t steps = s->parents;
    for (int d = 0; d < s->shape->n_dims; d++)
        steps *= s->sum[d][s->chain[d].n].once;
    level->steps = steps;
}

/* ---- from the home ---- */

/* How the links from a level on merge what a tensor's children below `level` ask for. */
typedef struct {
    int home, level; /* of the links */
    bool merges;     /* those that could do */
    bool entangled;  /* some do and some do not, or over a coordinate of two dims */
    unsigned far;    /* dims that several levels divide, one of them further out */
    int64_t copies;  /* what copies of the work there are at the home */
} Way;

static bool link_merges(const Noc *noc, bool output)
{
    return output ? noc->reduction : noc->multicast;
}

/* Units that divide a coordinate of its own share nothing, whatever their links do. */
static Way way_find(const Counts *s, const Noc *noc, int t, int home, int level, bool all)
{
    const Shape *shape = s->shape;
    Way way = {.home = home, .level = level, .copies = 1};
    bool output = t == shape->output, any = false, apart = false;
    for (int l = 0; l < home; l++)
        way.copies *= s->alike[l];
    for (int l = home; l <= level; l++) {
        int d = s->spread[l];
        bool alike = d < 0 || !has_dim(shape->dims[t], d),
             merges = all || link_merges(&noc[l], output);
        if ((alike && (d >= 0 || s->alike[l] > 1)) ||
            (d >= 0 && !alike && !has_dim(shape->singles[t], d))) {
            any |= merges;
            apart |= !merges;
        }
        if (d >= 0 && !alike && !has_dim(shape->singles[t], d))
            way.entangled |= l < level && merges;
        if (alike && d >= 0 && l < level)
            way.far |= 1u << d;
        way.copies *= merges ? 1 : s->alike[l];
    }
    way.merges = any || !apart;
    way.entangled |= any && apart;
    return way;
}

static void way_sums(Counts *s, const Way *way)
{
    for (unsigned dims = way->far; dims; dims &= dims - 1) {
        int d = __builtin_ctz(dims);
        chain_sums(&s->chain[d], depths_get(s->start[way->home], d), s->far[d]);
    }
}

/* What the children of `level`, which hold the tensor, ask for: each, and what reaches the home. */
static bool count_way(Counts *s, const Way *way, int t, int64_t *each, int64_t *once)
{
    way_sums(s, way);
    bool counted = walk_count(s, t, way->far, each, once);
    if (!way->merges)
        *once = *each;
    *once *= way->copies;
    return counted;
}

/* The same where the MACs are streamed: an access each. */
static int64_t stream_way(Counts *s, const Way *way, int t)
{
    int64_t product = way->copies;
    for (int d = 0; d < s->shape->n_dims; d++) {
        const Chain *chain = &s->chain[d];
        bool merged = way->merges && !has_dim(s->shape->dims[t], d) && chain->n > 0;
        product *=
            merged ? chain_first(chain, depths_get(s->start[way->home], d)) : chain_extent(chain);
    }
    return product;
}

/* Both dims of a coordinate divided: units may be at one element. */
static bool crosses(const Counts *s, const Way *way, int t)
{
    unsigned divided = 0;
    for (int l = way->home; l <= way->level; l++)
        divided |= s->spread[l] >= 0 ? 1u << s->spread[l] : 0;
    for (int c = 0; c < s->shape->n_pairs[t]; c++) {
        unsigned dims = s->shape->axis[t][c].dims;
        if ((dims & divided) == dims)
            return true;
    }
    return false;
}

/* ---- tensors ---- */

typedef struct {
    Counts *counts;
    const Machine *machine;
    const Nest *nest;
    Result *result;
    int64_t fresh; /* outputs at the last home that came without partial sums */
    bool ragged, entangled;
} Fill;

/* Volumes of the links outside the children's own, which only their hops' energy asks for. */
static void count_links(Fill *f, int t, int home, int level, bool streamed)
{
    bool output = t == f->counts->shape->output;
    for (int l = home; l < level; l++) {
        LinkResult *link = &f->result->link[l];
        int64_t each, once;
        if (f->machine->noc[l].hops > 0) {
            Way way = way_find(f->counts, f->machine->noc, t, l, level - 1, false);
            f->entangled |= way.entangled;
            if (streamed)
                once = stream_way(f->counts, &way, t);
            else
                f->ragged |= !count_way(f->counts, &way, t, &each, &once);
        } else {
            once = -1;
        }
        *(output ? &link->out : &link->in[t]) = once;
    }
}

/* What comes in finds a partial sum at the home unless it is the first to come in during the home's
 * stay and the home brought none; `fresh`: those that do not. */
static void count_output(Fill *f, int level, int home)
{
    int o = f->counts->shape->output;
    TensorCounts *tensor = &f->result->level[level].tensor[o];
    Way way = way_find(f->counts, f->machine->noc, o, home, level, false);
    Way all = way_find(f->counts, f->machine->noc, o, home, level, true);
    int64_t each, once, writes;
    f->entangled |= way.entangled;
    f->ragged |= !count_way(f->counts, &all, o, &each, &once);
    tensor->drains = each * f->counts->copies;
    writes = way.merges ? once : each * way.copies;
    tensor->fills = once - f->fresh;
    tensor->writes = writes;
    tensor->psum_reads = tensor->fills + (writes - once);
    f->fresh = tensor->drains - tensor->fills;
    f->result->link[home].out = writes;
    for (int l = home; l <= level; l++)
        f->result->link[l].in[o] = tensor->fills;
    count_links(f, o, home + 1, level + 1, false);
}

static void count_input(Fill *f, int t, int level, int home)
{
    TensorCounts *tensor = &f->result->level[level].tensor[t];
    Way way = way_find(f->counts, f->machine->noc, t, home, level, false);
    int64_t each;
    f->entangled |= way.entangled;
    f->ragged |= !count_way(f->counts, &way, t, &each, &tensor->reads);
    tensor->fills = each * f->counts->copies;
    f->result->link[home].in[t] = tensor->reads;
    count_links(f, t, home + 1, level + 1, false);
}

/* The home is the children's parent: one link. */
static inline void count_near(Fill *f, int t, const Noc *noc, TensorCounts *tensor,
                              LinkResult *link)
{
    Counts *s = f->counts;
    int64_t each, once;
    f->ragged |= !walk_count(s, t, 0, &each, &once);
    each *= s->copies;
    once *= s->parents;
    if (t == s->shape->output) {
        tensor->drains = each;
        tensor->fills = link->in[t] = once - f->fresh;
        tensor->writes = link->out = noc->reduction ? once : each;
        tensor->psum_reads = tensor->fills + (tensor->writes - once);
        f->fresh = each - tensor->fills;
    } else {
        tensor->fills = each;
        tensor->reads = link->in[t] = noc->multicast ? once : each;
    }
}

static void count_tensors(Fill *f, int level)
{
    unsigned passes = f->nest->level[level].passes;
    unsigned outside = level > 0 ? f->nest->level[level - 1].passes : 0;
    const Noc *noc = &f->machine->noc[level];
    TensorCounts *tensor = f->result->level[level].tensor;
    LinkResult *link = &f->result->link[level];
    for (int t = 0, n = f->counts->shape->n_tensors; t < n; t++) {
        if (passes >> t & 1)
            continue;
        if (!(outside >> t & 1)) {
            count_near(f, t, noc, &tensor[t], link);
            continue;
        }
        int home = nest_home(f->nest, level, t);
        if (t == f->counts->shape->output)
            count_output(f, level, home);
        else
            count_input(f, t, level, home);
    }
}

/* The MACs' own accesses, to the PEs or, streamed, further out. */
static void count_macs(Fill *f)
{
    Counts *s = f->counts;
    int last = f->nest->n_levels - 1, o = s->shape->output;
    int64_t computed = f->result->macs * s->copies;
    for (int t = 0; t < s->shape->n_tensors; t++) {
        MacAccesses *mac = &f->result->mac[t];
        bool streamed = f->nest->level[last].passes >> t & 1;
        *mac = (MacAccesses){computed, t == o ? computed : 0};
        if (streamed) {
            int home = nest_home(f->nest, last, t);
            Way way = way_find(s, f->machine->noc, t, home, last, false);
            f->entangled |= way.entangled || (way.merges && crosses(s, &way, t));
            int64_t *accesses = t == o ? &mac->writes : &mac->reads;
            *accesses = stream_way(s, &way, t);
            *(t == o ? &f->result->link[home].out : &f->result->link[home].in[t]) = *accesses;
            count_links(f, t, home + 1, last + 1, true);
        }
        if (t != o)
            continue;
        mac->reads = mac->writes - f->fresh;
        for (int l = nest_home(f->nest, last, o); streamed && l <= last; l++) {
            Way all = way_find(s, f->machine->noc, o, nest_home(f->nest, last, o), last, true);
            f->result->link[l].in[o] = stream_way(s, &all, o) - f->fresh;
        }
    }
}

ResultStatus counts_fill(const Layer *layer, const Shape *shape, const Nest *nest,
                         const Machine *machine, Counts *counts, Result *result)
{
    Fill f = {.counts = counts, .machine = machine, .nest = nest, .result = result};
    if (!layer_macs(layer, &result->macs))
        return RESULT_OVERFLOW;
    cluster_sizes(layer, shape, result->tensor_size);
    f.fresh = result->tensor_size[shape->output];
    counts_start(counts, layer, shape);
    for (int l = 0; l < nest->n_levels; l++) {
        LevelResult *level = &result->level[l];
        int64_t computed, copies = counts_level(counts, l, &nest->level[l]);
        counts->parents = counts->copies;
        if (__builtin_mul_overflow(counts->copies, copies, &counts->copies) ||
            __builtin_mul_overflow(result->macs, counts->copies, &computed))
            return RESULT_OVERFLOW;
        count_steps(counts, level);
        count_tiles(counts, level);
        count_tensors(&f, l);
    }
    count_macs(&f);
    result->copies = counts->copies;
    return f.entangled ? RESULT_ENTANGLED : f.ragged ? RESULT_RAGGED : RESULT_OK;
}
