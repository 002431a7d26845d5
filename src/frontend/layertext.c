/* A layer is given by its iteration dims, Y' rather than Y and padding; strides and dilations go by
 * the derived dims' names. */
#include "frontend/layertext.h"

#include <string.h>

#define I64 "%" G_GINT64_FORMAT

/* ---- operators ---- */

static const char *role_name(TensorRole role)
{
    return role == ROLE_OUTPUT ? "Output" : role == ROLE_WEIGHT ? "Weight" : "Input";
}

static void append_tensor(const OperatorInfo *info, int t, GString *out)
{
    const Tensor *tensor = &info->op.tensor[t];
    g_string_append_printf(out, "  %s %s", role_name(tensor->role), tensor->name);
    for (int c = 0; c < tensor->n_coords; c++) {
        int derived = info->coord_derived[t][c];
        g_string_append_printf(out, "[%s]",
                               derived >= 0 ? info->derived[derived].name
                                            : info->op.dim[tensor->coord[c].dim[0]]);
    }
    g_string_append(out, ";\n");
}

void layertext_operator(const OperatorInfo *info, GString *out)
{
    const Operator *op = &info->op;
    g_string_append_printf(out, "Operator %s {\n  Order: [", op->type);
    for (int d = 0; d < op->n_dims; d++)
        g_string_append_printf(out, "%s%s", d > 0 ? ", " : "", op->dim[d]);
    g_string_append(out, "];\n");
    for (int i = 0; i < info->n_derived; i++) {
        const Derived *derived = &info->derived[i];
        g_string_append_printf(out, "  %s %s[%s][%s];\n", derived->upscaled ? "Upscaled" : "Window",
                               derived->name, op->dim[derived->out], op->dim[derived->window]);
    }
    for (int t = 0; t < op->n_tensors; t++)
        append_tensor(info, t, out);
    g_string_append(out, "}\n");
}

/* ---- layers ---- */

static void append_dims(const Layer *layer, GString *out)
{
    g_string_append(out, "    Dimensions {");
    for (int d = 0; d < layer->op.n_dims; d++)
        g_string_append_printf(out, "%s %s: " I64, d > 0 ? "," : "", layer->op.dim[d],
                               layer->extent[d]);
    g_string_append(out, " }\n");
}

/* Stride or Dilation; nothing where all are 1. */
static void append_steps(const LayerInfo *info, const char *key, const int64_t *step, GString *out)
{
    const char *before = "";
    for (int i = 0; i < info->info->n_derived; i++) {
        if (step[i] == 1)
            continue;
        if (*before == '\0')
            g_string_append_printf(out, "    %s {", key);
        g_string_append_printf(out, "%s %s: " I64, before, info->info->derived[i].name, step[i]);
        before = ",";
    }
    g_string_append(out, *before != '\0' ? " }\n" : "");
}

static void append_densities(const LayerInfo *info, GString *out)
{
    const char *before = "";
    for (int t = 0; t < info->layer.op.n_tensors; t++) {
        const Rational *density = &info->density[t];
        if (density->num == density->den)
            continue;
        g_string_append_printf(out, "%s %s: " I64 "/" I64,
                               *before != '\0' ? before : "    Density {",
                               info->layer.op.tensor[t].name, density->num, density->den);
        before = ",";
    }
    g_string_append(out, *before != '\0' ? " }\n" : "");
}

/* "a", "b": those that are beside the layer. */
static void append_names(const Expr *value, GHashTable *layers, const char *before, GString *out)
{
    const Expr *name = value->kind == EXPR_LIST ? value->args : value;
    for (; name != NULL; name = value->kind == EXPR_LIST ? name->next : NULL) {
        bool is_name = name->kind == EXPR_WORD || name->kind == EXPR_STRING;
        if (!is_name || !g_hash_table_contains(layers, name->text))
            continue;
        g_string_append_printf(out, "%s\"%s\"", before, name->text);
        before = ", ";
    }
}

static void append_edges(const Item *from, GHashTable *layers, GString *out)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (!from->has_body)
        append_names(from->value, layers, ": ", text);
    for (const Item *item = from->body; item != NULL; item = item->next) {
        g_autofree char *before =
            g_strdup_printf("%s%s: ", text->len > 0 ? "; " : " { ", item->key);
        if (item->value != NULL)
            append_names(item->value, layers, before, text);
    }
    if (text->len > 0)
        g_string_append_printf(out, "    From%s%s\n", text->str, from->has_body ? " }" : "");
}

static void append_indented(const char *text, const char *indent, GString *out)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        size_t length = end != NULL ? (size_t) (end - text) + 1 : strlen(text);
        g_string_append(out, indent);
        g_string_append_len(out, text, (gssize) length);
        text += length;
    }
}

void layertext_layer(const LayerInfo *info, GHashTable *layers, const char *dataflow, GString *out)
{
    const Layer *layer = &info->layer;
    g_string_append_printf(out, "  Layer \"%s\" {\n    Type: %s\n", layer->name, layer->op.type);
    append_dims(layer, out);
    append_steps(info, "Stride", info->stride, out);
    append_steps(info, "Dilation", info->dilation, out);
    append_densities(info, out);
    if (layers != NULL && info->from != NULL)
        append_edges(info->from, layers, out);
    if (layer->count != 1)
        g_string_append_printf(out, "    Count: " I64 "\n", layer->count);
    if (dataflow != NULL)
        append_indented(dataflow, "    ", out);
    g_string_append(out, "  }\n");
}
