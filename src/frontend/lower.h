/* From trees to what the engines read: Layer, Nest, Machine. */
#ifndef DCC_FRONTEND_LOWER_H
#define DCC_FRONTEND_LOWER_H

#include "frontend/check.h"
#include "ir/layer.h"
#include "ir/machine.h"
#include "ir/nest.h"

/* A layer and what its dataflow's expressions may ask about it. */
typedef struct {
    Layer layer;
    const OperatorInfo *info;
    Span span;                        /* its name in the model file */
    bool given[DIMS_MAX];             /* dims that the layer gives or the operator sets */
    int64_t derived_extent[DIMS_MAX]; /* Sz(Y), padding included */
    int64_t stride[DIMS_MAX], dilation[DIMS_MAX];       /* by derived dim */
    int64_t padding[DIMS_MAX], given_derived[DIMS_MAX]; /* likewise; given: without padding, or 0 */
    Rational density[TENSORS_MAX]; /* as given: of an upscaled input, before the zeros are put in */
    const Item *dataflow;          /* the layer's own, or NULL */
    const Item *from;              /* where it reads its inputs (edges.h), or NULL */
    unsigned number;               /* from 1, another for every layer of the run */
} LayerInfo;

/* False after reporting what is wrong. */
bool lower_layer(const Trees *program, const ProgramFile *file, const Item *layer, LayerInfo *info);

/* Makes of a layer that of a box of its output: extents by dim, those of derived dims follow. */
void lower_box(LayerInfo *info, const int64_t extent[DIMS_MAX]);

/* Lowers a Dataflow block for a layer on a machine (NULL: one that is not known, with PEs without
 * end); false after reporting why it cannot legally be mapped. */
bool lower_nest(const Trees *program, const ProgramFile *file, const Item *dataflow,
                const LayerInfo *info, const Machine *machine, Nest *nest);

/* The same in two parts, for many numbers of PEs: what does not depend on them, offsets as written
 * and, on a machine of the classic form, level 0 without children, false after reporting; then the
 * nest on so many PEs of the classic form.  It is legal if the fault's
 * law is NEST_LEGAL, or NEST_NO_SPATIAL, which is to be warned of. */
bool lower_maps(const Trees *program, const ProgramFile *file, const Item *dataflow,
                const LayerInfo *info, const Machine *machine, Nest *maps);
NestFault lower_place(const Layer *layer, const Nest *maps, int64_t pes, Nest *nest);

#endif
