/* Levels of a nest: drops the maps with one chunk, finds the loop over the children. */
#include "engine/cluster.h"

#include <string.h>

/* Times a coefficient that is not, UNIT_FAR is a number yet. */
enum { LARGE = 4096 };

void cluster_sizes(const Layer *layer, const Shape *shape, int64_t size[TENSORS_MAX])
{
    for (int t = 0; t < shape->n_tensors; t++) {
        size[t] = 1;
        for (int c = 0; c < shape->n_axes[t]; c++) {
            const Axis *axis = &shape->axis[t][c];
            int64_t other = axis->n == 2 ? layer->extent[axis->dim[1]] : 0;
            size[t] *= tensor_image(axis, layer->extent[axis->dim[0]], other);
        }
    }
}

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

/* The axis of the tensor that has the dims. */
static int axis_of(const Shape *shape, int t, unsigned dims)
{
    int c = 0;
    while (!(shape->axis[t][c].dims & dims))
        c++;
    return c;
}

/* `mapped`: the dim that the children divide, as a set. */
static void tensor_whole(const Shape *shape, int t, unsigned mapped, Whole *whole)
{
    const Axis *axis = shape->axis[t];
    whole->kind = SPLIT_NONE;
    whole->split = -1;
    whole->dims = shape->dims[t];
    if (whole->dims & mapped) {
        whole->split = axis_of(shape, t, mapped);
        whole->kind = whole->split < shape->n_pairs[t] ? SPLIT_PAIR : SPLIT_SINGLE;
        whole->dims &= ~axis[whole->split].dims;
    }
    whole->singles = shape->singles[t] & whole->dims;
    whole->n_singles = whole->n_pairs = 0;
    for (int c = 0; c < shape->n_pairs[t]; c++)
        if (c != whole->split)
            whole->pair[whole->n_pairs++] = (unsigned char) c;
    for (int c = shape->n_pairs[t]; c < shape->n_axes[t]; c++)
        if (c != whole->split)
            whole->single[whole->n_singles++] = (unsigned char) axis[c].dim[0];
}

void cluster_shape(const Layer *layer, Shape *shape)
{
    const Operator *op = &layer->op;
    cluster_density(layer, shape);
    shape->n_dims = op->n_dims;
    shape->n_tensors = op->n_tensors;
    shape->output = op->output;
    shape->slides = shape->large = 0;
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
            if (pair && (axis->coef[0] > LARGE || axis->coef[1] > LARGE))
                shape->large |= axis->dims;
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
    for (int d = -1; d < op->n_dims; d++)
        for (int t = 0; t < op->n_tensors; t++)
            tensor_whole(shape, t, d < 0 ? 0 : 1u << d, &shape->whole[1 + d][t]);
}

/* What the level's steps ask of a child of full size. */
static void cluster_full(const Shape *shape, const int64_t *extent, Cluster *cluster)
{
    int mapped = cluster->spatial < 0 ? -1 : cluster->loop[cluster->spatial].dim;
    cluster->whole = shape->whole[1 + mapped];
    cluster->macs = 1;
    for (int d = 0; d < shape->n_dims; d++) {
        cluster->full[d] = extent[d];
        cluster->macs *= d == mapped ? 1 : extent[d];
    }
    for (int t = 0; t < shape->n_tensors; t++) {
        const Whole *whole = &cluster->whole[t];
        int64_t flat = 1, size = 1;
        for (int k = 0; k < whole->n_singles; k++)
            flat *= extent[whole->single[k]];
        for (int k = 0; k < whole->n_pairs; k++) {
            const Axis *axis = &shape->axis[t][whole->pair[k]];
            size *= tensor_image(axis, extent[axis->dim[0]], extent[axis->dim[1]]);
        }
        cluster->singles[t] = flat;
        cluster->size[t] = size * flat;
    }
}

/* `extent` is the parent's, and becomes the child's. */
static void cluster_level(const Shape *shape, const Level *level, int64_t extent[DIMS_MAX],
                          Cluster *cluster)
{
    bool spatial = false;
    cluster->n_loops = 0;
    cluster->spatial = -1;
    cluster->children = level->children;
    cluster->turns = cluster->reduced = 0;
    cluster->even = true;
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
        cluster->reduced |= (unsigned) !output << cluster->n_loops;
        int64_t parent = extent[map->dim], width = map->size * children;
        int64_t steps = parent > width ? ceil_div(parent, width) : 1;
        cluster->loop[cluster->n_loops++] = (Loop){
            map->dim, map->size, children, width, output, parent, steps, (steps - 1) * width};
        if (steps > 1)
            cluster->turns |= 1u << map->dim;
        cluster->even &= steps * width == parent;
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
        cluster[l].even &= l == 0 || cluster[l - 1].even;
        cluster[l].passes = nest->level[l].passes & ((1u << shape->n_tensors) - 1);
    }
}
