/* Tiles that overlap. */
#include "report/window.h"

const Coord *window_coord(const Tensor *tensor, int dim)
{
    for (int c = 0; c < tensor->n_coords; c++)
        for (int i = 0; i < tensor->coord[c].n; i++)
            if (tensor->coord[c].dim[i] == dim)
                return &tensor->coord[c];
    return NULL;
}

int64_t window_common(const Coord *coord, const Move move[2])
{
    Axis axis = tensor_axis(coord);
    if (coord->n == 2)
        return tensor_overlap(&axis, &move[0], &move[1]);
    return MAX(0, MIN(move[0].shift + move[0].now, move[0].before) - MAX(move[0].shift, 0));
}

int64_t window_values(const Coord *coord, const Move move[2])
{
    Axis axis = tensor_axis(coord);
    return tensor_image(&axis, move[0].now, coord->n == 2 ? move[1].now : 0);
}

void window_append_halo(GString *out, int64_t shared, int64_t values, const char *dim)
{
    g_string_append_printf(out, "halo of %" G_GINT64_FORMAT " in %" G_GINT64_FORMAT " along %s",
                           shared, values, dim);
}
