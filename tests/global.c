/* The buffer keeps, of each tensor, all that the level-0 loops inside some depth touch: sets
 * of the steps, joined loop by loop from the inside.
 *
 * Of all choices of a depth for each tensor, the least traffic within the capacity counts.
 * The layer takes max(on-chip time + first fill, traffic / bandwidth). */
#include "global.h"
#include "ir/integer.h"

/* The union of the working children's tiles at every step of level 0, in their order. */
static Word *step_unions(Sim *s, int t, const Box *whole, int64_t steps)
{
    const Level *l = &s->nest->level[0];
    int words = s->numbering[t].words;
    int64_t bound[DIMS_MAX], counter[DIMS_MAX] = {0};
    Word *unions = g_new0(Word, steps * words), *at = unions;
    sim_bounds(l, whole, bound);
    do {
        for (int64_t p = 0; p < l->children; p++) {
            Box box = sim_child_box(l, whole, counter, p);
            if (box_points(s->layer, &box) == 0)
                continue;
            elements_tile(&s->layer->op.tensor[t], &s->numbering[t], &box, s->some);
            set_add(at, s->some, words);
        }
        at += words;
    } while (sim_next(l, bound, counter));
    return unions;
}

/* How many elements of a are not in b. */
static int64_t count_minus(const Word *a, const Word *b, int words)
{
    int64_t n = 0;
    for (int i = 0; i < words; i++)
        n += __builtin_popcountll(a[i] & ~b[i]);
    return n;
}

/* What is fetched and what leaves when the buffer holds each of these sets in turn. */
static OffchipRow row_of(Sim *s, int t, const Word *sets, int64_t n)
{
    int words = s->numbering[t].words;
    int64_t fetched = 0, left = 0;
    OffchipRow row = {0};
    const Word *held = s->some; /* nothing, at first */
    set_clear(s->some, words);
    for (int64_t i = 0; i < n; i++, sets += words) {
        fetched += count_minus(sets, held, words);
        left += count_minus(held, sets, words);
        row.footprint = MAX(row.footprint, set_count(sets, words));
        held = sets;
    }
    left += set_count(held, words);
    bool output = t == s->layer->op.output;
    row.reads = output ? left - s->result->tensor_size[t] : fetched;
    row.writes = output ? left : 0;
    return row;
}

/* Rows of a tensor for each depth, from all loops outside to none. */
static void rows_of(Sim *s, int t)
{
    const Level *l = &s->nest->level[0];
    Box whole = box_whole(s->layer);
    int64_t bound[DIMS_MAX], n = sim_bounds(l, &whole, bound);
    int words = s->numbering[t].words;
    g_autofree Word *sets = step_unions(s, t, &whole, n);
    for (int depth = l->n_maps; depth >= 0; depth--) {
        s->rows->row[t][depth] = row_of(s, t, sets, n);
        if (depth == 0)
            break;
        int64_t inner = bound[depth - 1]; /* this loop comes inside: its steps join */
        n /= inner;
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < inner; k++) {
                const Word *from = sets + (i * inner + k) * words;
                if (k == 0)
                    memmove(sets + i * words, from, (size_t) words * sizeof *from);
                else
                    set_add(sets + i * words, from, words);
            }
    }
}

void global_rows(Sim *s)
{
    s->rows->depths = s->nest->level[0].n_maps + 1;
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        rows_of(s, t);
}

/* ---- time ---- */

/* Bits between off-chip memory and the buffer.  Of the output, each element goes once when it is
 * done, and partial sums go and come at their own width. */
static int64_t row_traffic(const Sim *s, int t, const OffchipRow *row)
{
    const Machine *m = s->machine;
    int64_t size = s->result->tensor_size[t], moved = row->reads + row->writes;
    if (m->stays_onchip[t])
        return 0;
    return t == s->layer->op.output ? size * m->done_bits + (moved - size) * m->bits[t]
                                    : moved * m->bits[t];
}

/* Bits that the buffer needs: twice what it keeps, but a whole tensor once. */
static int64_t row_need(const Sim *s, int t, int depth)
{
    bool whole = depth == 0 || s->machine->stays_onchip[t];
    int64_t kept = whole ? s->result->tensor_size[t] : 2 * s->rows->row[t][depth].footprint;
    return kept * s->machine->bits[t];
}

/* The least traffic of the tensors from t on, in so many bits of buffer; -1 if they do not fit. */
static int64_t least_traffic(const Sim *s, int t, int64_t capacity)
{
    int64_t least = -1;
    if (t == s->layer->op.n_tensors)
        return 0;
    for (int depth = 0; depth < s->rows->depths; depth++) {
        int64_t need = row_need(s, t, depth);
        if (need > capacity)
            continue;
        int64_t rest = least_traffic(s, t + 1, capacity - need);
        int64_t traffic = row_traffic(s, t, &s->rows->row[t][depth]) + rest;
        if (rest >= 0 && (least < 0 || traffic < least))
            least = traffic;
    }
    return least;
}

/* With the smallest footprints if nothing fits. */
static int64_t layer_traffic(const Sim *s)
{
    int64_t bytes = s->machine->l2_bytes;
    int64_t traffic = least_traffic(s, 0, bytes ? 8 * bytes : INT64_MAX);
    if (traffic >= 0)
        return traffic;
    traffic = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        traffic += row_traffic(s, t, &s->rows->row[t][s->rows->depths - 1]);
    return traffic;
}

/* Bits of the inputs that the first step of level 0 waits for. */
static int64_t first_fill(Sim *s)
{
    const Level *l = &s->nest->level[0];
    Box whole = box_whole(s->layer);
    int64_t bits = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        if (t == s->layer->op.output || s->machine->stays_onchip[t])
            continue;
        g_autofree Word *first = g_new0(Word, s->numbering[t].words);
        for (int64_t p = 0; p < l->children; p++) {
            Box box = sim_child_box(l, &whole, (int64_t[DIMS_MAX]){0}, p);
            elements_tile(&s->layer->op.tensor[t], &s->numbering[t], &box, s->some);
            if (box_points(s->layer, &box) > 0)
                set_add(first, s->some, s->numbering[t].words);
        }
        bits += s->machine->bits[t] * set_count(first, s->numbering[t].words);
    }
    return bits;
}

void global_time(Sim *s)
{
    Result *r = s->result;
    const Rational *rate = &s->machine->offchip.rate; /* bits in a cycle */
    r->cycles = r->onchip_cycles;
    for (int c = 0; c < CAUSES; c++)
        if (r->cycles_by_cause[c] > r->cycles_by_cause[r->bound_by])
            r->bound_by = (Cause) c;
    if (rate->num == 0)
        return;
    int64_t fill = ceil_div(first_fill(s) * rate->den, rate->num);
    r->offchip_cycles = ceil_div(layer_traffic(s) * rate->den, rate->num);
    r->cycles = MAX(r->onchip_cycles + fill, r->offchip_cycles);
    r->cycles_by_cause[CAUSE_OFFCHIP] = r->cycles - r->onchip_cycles;
    if (r->offchip_cycles > r->onchip_cycles + fill)
        r->bound_by = CAUSE_OFFCHIP;
}
