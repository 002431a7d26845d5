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
    cluster_density(layer, shape);
    shape->n_dims = op->n_dims;
    shape->n_tensors = op->n_tensors;
    shape->output = op->output;
    shape->slides = 0;
    for (int t = 0; t < op->n_tensors; t++) {
        const Tensor *tensor = &op->tensor[t];
        int pairs = 0, singles = tensor->n_coords;
        shape->dims[t] = shape->singles[t] = 0;
        for (int c = 0; c < tensor->n_coords; c++) {
            bool pair = tensor->coord[c].n == 2;
            Axis *axis = &shape->axis[t][pair ? pairs++ : --singles];
            *axis = tensor_axis(&tensor->coord[c]);
            shape->dims[t] |= axis->dims;
            *(pair ? &shape->slides : &shape->singles[t]) |= axis->dims;
        }
        shape->n_axes[t] = tensor->n_coords;
        shape->n_pairs[t] = pairs;
    }
    shape->all = (1u << op->n_dims) - 1;
    for (int t = 0; t < op->n_tensors; t++) {
        shape->n_others[t] = 0;
        for (int d = 0; d < op->n_dims; d++)
            if (!(shape->dims[t] >> d & 1))
                shape->other[t][shape->n_others[t]++] = d;
    }
    shape->of_output = shape->dims[op->output];
    shape->n_reduced = 0;
    for (int d = 0; d < op->n_dims; d++)
        if (!(shape->of_output >> d & 1))
            shape->reduced[shape->n_reduced++] = d;
}

/* The axis of the tensor that has the dims. */
static int axis_of(const Shape *shape, int t, unsigned dims)
{
    int c = 0;
    while (!(shape->axis[t][c].dims & dims))
        c++;
    return c;
}

static void tensor_rest(const Shape *shape, int t, unsigned mapped, const int64_t *full, Rest *rest)
{
    const Axis *axis = shape->axis[t];
    int64_t flat = 1, size = 1;
    rest->kind = FAN_ALIKE;
    rest->fanned = -1;
    rest->dims = shape->dims[t];
    if (rest->dims & mapped) {
        rest->fanned = axis_of(shape, t, mapped);
        rest->kind = rest->fanned < shape->n_pairs[t] ? FAN_PAIR : FAN_SINGLE;
        rest->dims &= ~axis[rest->fanned].dims;
    }
    rest->singles = shape->singles[t] & rest->dims;
    for (int c = 0; c < shape->n_pairs[t]; c++)
        if (c != rest->fanned)
            size *= tensor_image(&axis[c], full[axis[c].dim[0]], full[axis[c].dim[1]]);
    for (int c = shape->n_pairs[t]; c < shape->n_axes[t]; c++)
        flat *= c == rest->fanned ? 1 : full[axis[c].dim[0]];
    rest->flat = flat;
    rest->size = size * flat;
}

/* What the level's steps ask of a child of full size. */
static void cluster_full(const Shape *shape, const int64_t *extent, Cluster *cluster)
{
    unsigned mapped = cluster->spatial < 0 ? 0 : 1u << cluster->loop[cluster->spatial].dim;
    cluster->macs = 1;
    for (int d = 0; d < shape->n_dims; d++) {
        cluster->full[d] = extent[d];
        cluster->macs *= mapped >> d & 1 ? 1 : extent[d];
    }
    for (int t = 0; t < shape->n_tensors; t++)
        tensor_rest(shape, t, mapped, extent, &cluster->rest[t]);
}

/* `extent` is the parent's, and becomes the child's. */
static void cluster_level(const Shape *shape, const Level *level, int64_t extent[DIMS_MAX],
                          Cluster *cluster)
{
    bool spatial = false;
    cluster->n_loops = 0;
    cluster->spatial = -1;
    cluster->children = level->children;
    cluster->turns = 0;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        spatial |= map->kind == MAP_SPATIAL;
        if (extent[map->dim] <= map->size)
            continue;
        bool across = map->kind == MAP_SPATIAL && level->children > 1;
        bool output = shape->of_output >> map->dim & 1;
        int64_t children = across ? level->children : 1;
        if (across)
            cluster->spatial = cluster->n_loops;
        cluster->loop[cluster->n_loops++] =
            (Loop){map->dim, map->size, children, map->size * children, output};
        if (extent[map->dim] > map->size * children)
            cluster->turns |= 1u << map->dim;
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
    for (int l = 0; l < nest->n_levels; l++) {
        cluster_level(shape, &nest->level[l], extent, &cluster[l]);
        cluster[l].flat = l > 0 && !cluster[l].turns;
    }
}
