/* A layer and its operator as text again, in numbers: no constants, no file beside it. */
#ifndef DCC_FRONTEND_LAYERTEXT_H
#define DCC_FRONTEND_LAYERTEXT_H

#include "frontend/lower.h"

/* Appends an Operator block that the same operator is read from.  Defaults are left out: a layer's
 * text gives all dims. */
void layertext_operator(const OperatorInfo *info, GString *out);

/* Appends a Layer block that lower_layer makes the same Layer of.  `layers` are the names of those
 * beside it, which its edges may come from, or NULL: none may; `dataflow` is the text of its
 * Dataflow, or NULL.  Every line is indented by two blanks. */
void layertext_layer(const LayerInfo *info, GHashTable *layers, const char *dataflow, GString *out);

#endif
