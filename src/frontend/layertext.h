/* A layer and its operator as text again, in numbers: no constants, no file beside it. */
#ifndef DCC_FRONTEND_LAYERTEXT_H
#define DCC_FRONTEND_LAYERTEXT_H

#include "frontend/lower.h"

/* Appends an Operator block that the same operator is read from.  Defaults are left out: a layer's
 * text gives all dims. */
void layertext_operator(const OperatorInfo *info, GString *out);

/* Appends a Layer block that lower_layer makes the same Layer of.  `dataflow` is the text of its
 * Dataflow, or NULL; every line is indented by two blanks. */
void layertext_layer(const LayerInfo *info, const char *dataflow, GString *out);

#endif
