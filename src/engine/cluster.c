/* Levels of a nest: drops the maps with one chunk, finds the loop over the children. */
#include "engine/cluster.h"

#include <string.h>

void cluster_shape(const Layer *layer, Shape *shape)
{
    const Operator *op = &layer->op;
    memset(shape, 0, sizeof *shape);
    shape->n_dims = op->n_dims;
    shape->n_tensors = op->n_tensors;
    shape->output = op->output;
    for (int t = 0; t < op->n_tensors; t++) {
        shape->n_axes[t] = op->tensor[t].n_coords;
        for (int c = 0; c < op->tensor[t].n_coords; c++) {
            Axis axis = tensor_axis(&op->tensor[t].coord[c]);
            shape->axis[t][c] = axis;
            for (int k = 0; k < axis.n; k++) {
                shape->of_output[axis.dim[k]] |= t == op->output;
                shape->slides[axis.dim[k]] |= axis.n == 2;
            }
        }
    }
}

static void cluster_level(const Shape *shape, const Level *level, int64_t extent[DIMS_MAX],
                          Cluster *cluster)
{
    bool spatial = false;
    memset(cluster, 0, sizeof *cluster);
    cluster->spatial = -1;
    cluster->children = level->children;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        spatial |= map->kind == MAP_SPATIAL;
        if (extent[map->dim] <= map->size)
            continue;
        bool across = map->kind == MAP_SPATIAL && level->children > 1;
        if (across)
            cluster->spatial = cluster->n_loops;
        cluster->loop[cluster->n_loops++] = (Loop){
            map->dim, map->size, across ? level->children : 1, shape->of_output[map->dim]};
        extent[map->dim] = map->size;
    }
    cluster->alike = spatial ? 1 : level->children;
}

void cluster_levels(const Layer *layer, const Shape *shape, const Nest *nest,
                    Cluster cluster[LEVELS_MAX])
{
    int64_t extent[DIMS_MAX];
    memcpy(extent, layer->extent, sizeof extent);
    for (int l = 0; l < nest->n_levels; l++)
        cluster_level(shape, &nest->level[l], extent, &cluster[l]);
}
