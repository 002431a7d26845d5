/* Levels of a nest: drops the maps with one chunk, finds the loop over the children. */
#include "engine/cluster.h"

#include <string.h>

void cluster_density(const Layer *layer, Shape *shape)
{
    const Operator *op = &layer->op;
    shape->work = 1;
    shape->sparse = false;
    for (int t = 0; t < op->n_tensors; t++) {
        shape->density[t] = layer->density[t];
        shape->sparse |= layer->density[t] < 1;
        if (t != op->output)
            shape->work *= layer->density[t];
    }
}

void cluster_shape(const Layer *layer, Shape *shape)
{
    const Operator *op = &layer->op;
    memset(shape->of_output, 0, sizeof shape->of_output);
    cluster_density(layer, shape);
    memset(shape->slides, 0, sizeof shape->slides);
    shape->n_dims = op->n_dims;
    shape->n_tensors = op->n_tensors;
    shape->output = op->output;
    for (int t = 0; t < op->n_tensors; t++) {
        const Tensor *tensor = &op->tensor[t];
        int pairs = 0, singles = tensor->n_coords;
        for (int c = 0; c < tensor->n_coords; c++) {
            Axis *axis = &shape->axis[t][tensor->coord[c].n == 2 ? pairs++ : --singles];
            *axis = tensor_axis(&tensor->coord[c]);
            for (int k = 0; k < axis->n; k++) {
                shape->of_output[axis->dim[k]] |= t == op->output;
                shape->slides[axis->dim[k]] |= axis->n == 2;
            }
        }
        shape->n_axes[t] = tensor->n_coords;
        shape->n_pairs[t] = pairs;
    }
}

static Rest tensor_rest(const Shape *shape, int t, int mapped, const int64_t *full)
{
    Rest rest = {-1, 0, 0, 1};
    for (int c = 0; c < shape->n_axes[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        int i = axis->dim[0], j = axis->n == 2 ? axis->dim[1] : i;
        if (i == mapped || j == mapped) {
            rest.fanned = c;
            continue;
        }
        rest.dims |= 1u << i | 1u << j;
        rest.singles |= i == j ? 1u << i : 0;
        rest.size *= tensor_image(axis, full[i], full[j]);
    }
    return rest;
}

/* What the level's steps ask of a child of full size. */
static void cluster_full(const Shape *shape, const int64_t *extent, Cluster *cluster)
{
    int mapped = cluster->spatial < 0 ? -1 : cluster->loop[cluster->spatial].dim;
    cluster->macs = 1;
    for (int d = 0; d < shape->n_dims; d++) {
        cluster->full[d] = extent[d];
        cluster->macs *= d == mapped ? 1 : extent[d];
    }
    for (int t = 0; t < shape->n_tensors; t++)
        cluster->rest[t] = tensor_rest(shape, t, mapped, extent);
}

static void cluster_level(const Shape *shape, const Level *level, int64_t extent[DIMS_MAX],
                          Cluster *cluster)
{
    bool spatial = false;
    cluster->n_loops = 0;
    cluster->spatial = -1;
    for (int d = 0; d < shape->n_dims; d++)
        cluster->loop_of[d] = -1;
    cluster->children = level->children;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        spatial |= map->kind == MAP_SPATIAL;
        if (extent[map->dim] <= map->size)
            continue;
        bool across = map->kind == MAP_SPATIAL && level->children > 1;
        if (across)
            cluster->spatial = cluster->n_loops;
        int64_t children = across ? level->children : 1;
        cluster->loop_of[map->dim] = cluster->n_loops;
        cluster->loop[cluster->n_loops++] =
            (Loop){map->dim, map->size, children, map->size * children, shape->of_output[map->dim]};
        extent[map->dim] = map->size;
    }
    cluster->alike = spatial ? 1 : level->children;
    cluster_full(shape, extent, cluster);
}

void cluster_levels(const Layer *layer, const Shape *shape, const Nest *nest,
                    Cluster cluster[LEVELS_MAX])
{
    int64_t extent[DIMS_MAX];
    memcpy(extent, layer->extent, sizeof extent);
    for (int l = 0; l < nest->n_levels; l++)
        cluster_level(shape, &nest->level[l], extent, &cluster[l]);
}
