/* Numbering the elements of a tensor, and the set that a box touches: every value of
 * every coordinate is enumerated from the box, no formula for an image is used. */
#include "elements.h"

#include <glib.h>

static int64_t image_end(const Layer *layer, const Coord *c)
{
    int64_t end = 1;
    for (int i = 0; i < c->n; i++)
        end += c->coef[i] * (layer->extent[c->dim[i]] - 1);
    return end;
}

/* Every value that the coordinate takes over a box, calling it seen in `mark`. */
static void image_mark(const Coord *c, const Box *box, char *mark)
{
    Interval a = box->of[c->dim[0]], b = c->n == 2 ? box->of[c->dim[1]] : (Interval){0, 1};
    int64_t coef = c->n == 2 ? c->coef[1] : 0;
    for (int64_t i = a.lo; i < a.hi; i++)
        for (int64_t j = b.lo; j < b.hi; j++)
            mark[c->coef[0] * i + coef * j] = 1;
}

Box box_whole(const Layer *layer)
{
    Box box = {0};
    for (int d = 0; d < layer->op.n_dims; d++)
        box.of[d] = (Interval){0, layer->extent[d]};
    return box;
}

int64_t elements_number(const Layer *layer, const Tensor *tensor, Numbering *n)
{
    Box whole = box_whole(layer);
    int64_t elements = 1;
    for (int c = 0; c < tensor->n_coords; c++) {
        int64_t end = image_end(layer, &tensor->coord[c]);
        g_autofree char *mark = g_malloc0((size_t) end);
        image_mark(&tensor->coord[c], &whole, mark);
        n->number[c] = g_new(int, end);
        n->values[c] = 0;
        for (int64_t v = 0; v < end; v++)
            n->number[c][v] = mark[v] ? n->values[c]++ : -1;
        g_assert(n->values[c] <= VALUES_MAX);
        elements *= n->values[c];
    }
    n->words = (int) ((elements + WORD_BITS - 1) / WORD_BITS);
    return elements;
}

/* Numbers of the values of one coordinate over a box, each once; how many. */
static int image_numbers(const Coord *c, const Box *box, const Numbering *n, int coord, int *out)
{
    Interval a = box->of[c->dim[0]], b = c->n == 2 ? box->of[c->dim[1]] : (Interval){0, 1};
    int64_t coef = c->n == 2 ? c->coef[1] : 0;
    Word seen[VALUES_MAX / WORD_BITS];
    int count = 0;
    set_clear(seen, (n->values[coord] + WORD_BITS - 1) / WORD_BITS);
    for (int64_t i = a.lo; i < a.hi; i++)
        for (int64_t j = b.lo; j < b.hi; j++) {
            int v = n->number[coord][c->coef[0] * i + coef * j];
            if (set_has(seen, v))
                continue;
            set_put(seen, v);
            out[count++] = v;
        }
    return count;
}

void elements_clear(const Tensor *tensor, Numbering *n)
{
    for (int c = 0; c < tensor->n_coords; c++)
        g_free(n->number[c]);
}

int elements_at(const Tensor *tensor, const Numbering *n, const int64_t point[DIMS_MAX])
{
    int id = 0;
    for (int c = 0; c < tensor->n_coords; c++) {
        const Coord *coord = &tensor->coord[c];
        int64_t value = 0;
        for (int i = 0; i < coord->n; i++)
            value += coord->coef[i] * point[coord->dim[i]];
        id = id * n->values[c] + n->number[c][value];
    }
    return id;
}

void elements_tile(const Tensor *tensor, const Numbering *n, const Box *box, Word *set)
{
    int value[COORDS_MAX][VALUES_MAX], count[COORDS_MAX], at[COORDS_MAX] = {0};
    set_clear(set, n->words);
    for (int c = 0; c < tensor->n_coords; c++) {
        count[c] = image_numbers(&tensor->coord[c], box, n, c, value[c]);
        if (count[c] == 0)
            return;
    }
    for (;;) {
        int id = 0;
        for (int c = 0; c < tensor->n_coords; c++)
            id = id * n->values[c] + value[c][at[c]];
        set_put(set, id);
        int c = tensor->n_coords - 1;
        while (c >= 0 && ++at[c] == count[c])
            at[c--] = 0;
        if (c < 0)
            return;
    }
}
