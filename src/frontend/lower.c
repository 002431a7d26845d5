/* A Layer block to a Layer: extents of all dims from those given, coefficients from
 * strides and dilations. */
#include "frontend/lower.h"

#include <string.h>

#include "frontend/schema.h"

enum { STRIDE_MAX = 4096 };

static const int64_t EXTENT_MAX = INT32_MAX;

/* A layer while it is read. */
typedef struct {
    const Trees *program;
    const ProgramFile *file;
    const Item *item;
    ExprScope scope;
    LayerInfo *info;
    int64_t parameter[DIMS_MAX];        /* 0: not given */
    const Item *from[DIMS_MAX];         /* where a dim, ... */
    const Item *from_derived[DIMS_MAX]; /* ... a derived dim was given */
    bool wrong;
} Reading;

static void wrong(Reading *reading, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void wrong(Reading *reading, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(reading->program->diag, check, span, format, args);
    va_end(args);
    reading->wrong = true;
}

static void unknown_dim(Reading *reading, const Item *item)
{
    const OperatorInfo *info = reading->info->info;
    wrong(reading, CHECK_UNKNOWN_DIM, ast_key_span(item), "%s has no dimension '%s'%s",
          info->op.type, item->key, operator_dim_hint(info, item->key, reading->program->diag));
    operator_dim_note(info, reading->program->diag);
}

/* The hint names no dim that a Stride, Dilation or Padding cannot be of. */
static void unknown_input_dim(Reading *reading, const Item *item)
{
    const OperatorInfo *info = reading->info->info;
    const char *names[DIMS_MAX];
    for (int i = 0; i < info->n_derived; i++)
        names[i] = info->derived[i].name;
    wrong(reading, CHECK_UNKNOWN_DIM, ast_key_span(item), "%s has no input dimension '%s'%s",
          info->op.type, item->key,
          diag_hint(reading->program->diag, item->key, names, (size_t) info->n_derived));
}

/* The value of "K: 64" within bounds. */
static bool read_number(Reading *reading, const Item *item, const char *what, int64_t low,
                        int64_t high, int64_t *value)
{
    if (item->kind != ITEM_ENTRY || item->value == NULL || item->has_body ||
        ast_args(item) != NULL) {
        wrong(reading, CHECK_WRONG_VALUE, ast_head(item), "%s wants one number", item->key);
        return false;
    }
    g_autofree char *name =
        g_strdup_printf("%s%s of layer %s", what, item->key, reading->info->layer.name);
    if (expr_integer_in(&reading->scope, item->value, name, low, high, value))
        return true;
    reading->wrong = true;
    return false;
}

/* --- what is given --- */

/* Keeps a value; a second one must be the same. */
static void keep(Reading *reading, const Item *item, int64_t value, int64_t *place,
                 const Item **from)
{
    if (*from != NULL) {
        bool same = *place == value;
        bool said = diag_report(
            reading->program->diag, same ? CHECK_DUPLICATE_DIM : CHECK_DIM_CONFLICT, ast_head(item),
            same ? "%s is given twice" : "%s is given twice, with different extents", item->key);
        if (said)
            diag_note(reading->program->diag, ast_head(*from), "it is given here before");
        reading->wrong |= !same;
        return;
    }
    *place = value;
    *from = item;
}

static void read_dimension(Reading *reading, const Item *item, const Item *parameter_from[])
{
    const OperatorInfo *op = reading->info->info;
    int dim = operator_dim(&op->op, item->key), derived = operator_derived(op, item->key);
    int parameter = operator_parameter(op, item->key);
    int64_t value;
    if (dim < 0 && derived < 0 && parameter < 0) {
        unknown_dim(reading, item);
        return;
    }
    if (!read_number(reading, item, "extent of ", 1, EXTENT_MAX, &value))
        return;
    if (dim >= 0)
        keep(reading, item, value, &reading->info->layer.extent[dim], &reading->from[dim]);
    else if (derived >= 0)
        keep(reading, item, value, &reading->info->given_derived[derived],
             &reading->from_derived[derived]);
    else
        keep(reading, item, value, &reading->parameter[parameter], &parameter_from[parameter]);
}

static void read_dimensions(Reading *reading)
{
    const Item *parameter_from[DIMS_MAX] = {NULL};
    const Item *dimensions = ast_find(reading->item->body, "Dimensions");
    for (const Item *item = dimensions->body; item != NULL; item = item->next)
        read_dimension(reading, item, parameter_from);
    if (dimensions->broken)
        reading->wrong = true;
}

/* Stride, Dilation or Padding, by derived dim. */
static void read_steps(Reading *reading, const char *key, int64_t low, int64_t high,
                       int64_t *values)
{
    const Item *block = ast_find(reading->item->body, key);
    const Item *from[DIMS_MAX] = {NULL};
    for (const Item *item = block != NULL ? block->body : NULL; item != NULL; item = item->next) {
        int derived = operator_derived(reading->info->info, item->key);
        int64_t value;
        if (derived < 0) {
            unknown_input_dim(reading, item);
            continue;
        }
        g_autofree char *what = g_strdup_printf("%s of ", key);
        if (!read_number(reading, item, what, low, high, &value))
            continue;
        if (from[derived] != NULL) {
            wrong(reading, CHECK_DUPLICATE_KEY, ast_head(item), "%s is given twice", item->key);
            diag_note(reading->program->diag, ast_head(from[derived]), "it is given here before");
        }
        from[derived] = item;
        values[derived] = value;
    }
}

/* --- extents that follow --- */

static bool default_word(const ExprScope *scope, const char *name, int64_t *value)
{
    const Reading *reading = scope->data;
    const OperatorInfo *op = reading->info->info;
    int dim = operator_dim(&op->op, name), parameter = operator_parameter(op, name);
    if (dim >= 0)
        *value = reading->info->layer.extent[dim];
    else if (parameter >= 0)
        *value = reading->parameter[parameter];
    return dim >= 0 || parameter >= 0;
}

/* False if the expression needs a name that the layer does not give; *name is that. */
static bool names_given(const Reading *reading, const Expr *expr, const char **name)
{
    const OperatorInfo *op = reading->info->info;
    if (expr->kind == EXPR_WORD) {
        int dim = operator_dim(&op->op, expr->text), parameter = operator_parameter(op, expr->text);
        *name = expr->text;
        return !((dim >= 0 && reading->from[dim] == NULL) ||
                 (parameter >= 0 && reading->parameter[parameter] == 0));
    }
    for (const Expr *arg = expr->args; arg != NULL; arg = arg->next) {
        if (!names_given(reading, arg, name))
            return false;
    }
    return true;
}

static void fill_default(Reading *reading, int dim, const Item *dimensions)
{
    LayerInfo *info = reading->info;
    const OperatorInfo *op = info->info;
    const Expr *expr = op->default_extent[dim];
    const char *missing;
    if (!names_given(reading, expr, &missing)) {
        wrong(reading, CHECK_MISSING_DIM, ast_head(dimensions),
              "layer %s gives no %s, nor %s to work it out from", info->layer.name, op->op.dim[dim],
              missing);
        return;
    }
    ExprScope scope = {.constants = op->constants,
                       .diag = reading->program->diag,
                       .word = default_word,
                       .data = reading};
    int64_t value;
    if (!expr_integer(&scope, expr, &value)) {
        reading->wrong = true;
        return;
    }
    if (value < 1 || value > EXTENT_MAX) {
        wrong(reading, CHECK_RANGE, ast_head(dimensions),
              "%s of layer %s comes to %" G_GINT64_FORMAT "; it must be 1 to %" G_GINT64_FORMAT,
              op->op.dim[dim], info->layer.name, value, EXTENT_MAX);
        return;
    }
    info->layer.extent[dim] = value;
    info->given[dim] = true;
}

/* Dims that nothing is said of are 1. */
static void fill_missing(Reading *reading)
{
    const Item *dimensions = ast_find(reading->item->body, "Dimensions");
    LayerInfo *info = reading->info;
    bool derived_gives[DIMS_MAX] = {false};
    for (int i = 0; i < info->info->n_derived; i++)
        derived_gives[info->info->derived[i].out] |= reading->from_derived[i] != NULL;
    for (int d = 0; d < info->info->op.n_dims; d++) {
        info->given[d] = reading->from[d] != NULL || derived_gives[d];
        if (!info->given[d] && info->info->default_extent[d] != NULL)
            fill_default(reading, d, dimensions);
        if (info->layer.extent[d] == 0)
            info->layer.extent[d] = 1;
    }
}

/* Extent of the padded (or up-scaled) input, when Y is given: all fit 64 bits. */
static int64_t padded(const Reading *reading, int i, int64_t window)
{
    int64_t given = reading->info->given_derived[i], stride = reading->info->stride[i],
            padding = reading->info->padding[i];
    if (reading->info->info->derived[i].upscaled)
        return (given - 1) * stride + 1 + 2 * (window - 1 - padding);
    return given + 2 * padding;
}

static void derive_out(Reading *reading, int i, int64_t window, int64_t step)
{
    LayerInfo *info = reading->info;
    const Derived *derived = &info->info->derived[i];
    int64_t extent = padded(reading, i, window);
    if (extent < window) {
        wrong(reading, CHECK_WINDOW, ast_head(reading->from_derived[i]),
              "layer %s: the window of %s covers %" G_GINT64_FORMAT
              ", but %s with its padding has %" G_GINT64_FORMAT,
              info->layer.name, info->info->op.dim[derived->window], window, derived->name, extent);
        return;
    }
    int64_t out = (extent - window) / step + 1;
    info->derived_extent[i] = extent;
    if (reading->from[derived->out] != NULL && info->layer.extent[derived->out] != out) {
        wrong(reading, CHECK_DIM_CONFLICT, ast_head(reading->from[derived->out]),
              "layer %s: %s is %" G_GINT64_FORMAT
              ", but it follows from %s that it is %" G_GINT64_FORMAT,
              info->layer.name, info->info->op.dim[derived->out], info->layer.extent[derived->out],
              derived->name, out);
        diag_note(reading->program->diag, ast_head(reading->from_derived[i]), "give one of them");
        return;
    }
    info->layer.extent[derived->out] = out;
}

static void derive(Reading *reading, int i)
{
    LayerInfo *info = reading->info;
    const Derived *derived = &info->info->derived[i];
    int64_t window = (info->layer.extent[derived->window] - 1) * info->dilation[i] + 1;
    int64_t step = derived->upscaled ? 1 : info->stride[i];
    info->derived_extent[i] = (info->layer.extent[derived->out] - 1) * step + window;
    if (reading->from_derived[i] != NULL)
        derive_out(reading, i, window, step);
    if (info->derived_extent[i] > EXTENT_MAX || info->layer.extent[derived->out] > EXTENT_MAX)
        wrong(reading, CHECK_RANGE, ast_head(reading->item),
              "layer %s: %s comes to %" G_GINT64_FORMAT ", beyond %" G_GINT64_FORMAT,
              info->layer.name, derived->name, info->derived_extent[i], EXTENT_MAX);
}

static void set_coefficients(LayerInfo *info)
{
    Operator *op = &info->layer.op;
    for (int t = 0; t < op->n_tensors; t++) {
        for (int c = 0; c < op->tensor[t].n_coords; c++) {
            int i = info->info->coord_derived[t][c];
            if (i < 0)
                continue;
            op->tensor[t].coord[c].coef[0] = info->info->derived[i].upscaled ? 1 : info->stride[i];
            op->tensor[t].coord[c].coef[1] = info->dilation[i];
        }
    }
}

/* --- density --- */

static bool read_fraction(Reading *reading, const Item *item, Rational *density)
{
    Rational value;
    if (item->kind != ITEM_ENTRY || item->value == NULL || item->has_body ||
        item->value->unit != NULL) {
        wrong(reading, CHECK_WRONG_VALUE, ast_head(item), "%s wants one number", item->key);
        return false;
    }
    if (!expr_rational(&reading->scope, item->value, &value)) {
        reading->wrong = true;
        return false;
    }
    *density = value;
    if (value.num > 0 && value.num <= value.den)
        return true;
    g_autofree char *text = rational_text(value);
    wrong(reading, CHECK_RANGE, item->value->span,
          "density of %s is %s; it must be above 0 and at most 1", item->key, text);
    return false;
}

static void read_densities(Reading *reading, bool by_name)
{
    Layer *layer = &reading->info->layer;
    const Item *block = ast_find(reading->item->body, "Density");
    for (const Item *item = block != NULL ? block->body : NULL; item != NULL; item = item->next) {
        bool name;
        Rational density;
        if (operator_tensor(&layer->op, item->key, &name) < 0) {
            if (by_name)
                wrong(reading, CHECK_UNKNOWN_TENSOR, ast_key_span(item),
                      "%s has no tensor or role '%s'%s", layer->op.type, item->key,
                      operator_tensor_hint(&layer->op, item->key, reading->program->diag));
            continue;
        }
        if (name != by_name || !read_fraction(reading, item, &density))
            continue;
        for (int t = 0; t < layer->op.n_tensors; t++) {
            if (by_name ? strcmp(layer->op.tensor[t].name, item->key) == 0
                        : operator_tensor_is(&layer->op, t, item->key))
                reading->info->density[t] = density;
        }
    }
}

/* With the zeros that spread a transposed convolution's input. */
static void set_densities(LayerInfo *info)
{
    for (int t = 0; t < info->layer.op.n_tensors; t++)
        info->layer.density[t] = (double) info->density[t].num / (double) info->density[t].den;
    for (int t = 0; t < info->layer.op.n_tensors; t++) {
        for (int c = 0; c < info->layer.op.tensor[t].n_coords; c++) {
            int i = info->info->coord_derived[t][c];
            if (i >= 0 && info->info->derived[i].upscaled)
                info->layer.density[t] /= (double) info->stride[i];
        }
    }
}

/* --- all of it --- */

static bool begin(Reading *reading)
{
    const Item *item = reading->item;
    static const char *const blocks[] = {"Type",    "Dimensions", "Stride", "Dilation",
                                         "Padding", "Density",    "Count"};
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        const Item *part = ast_find(item->body, blocks[i]);
        bool due = i < 2;
        if ((part == NULL && due) || (part != NULL && !schema_fits(part, "Layer")))
            return false; /* the schema has said so */
    }
    LayerInfo *info = reading->info;
    info->info =
        operators_find(reading->program->operators, ast_find(item->body, "Type")->value->text);
    if (info->info == NULL || !info->info->usable)
        return false;
    info->layer.op = info->info->op;
    info->layer.name = ast_name(item);
    info->layer.count = 1;
    info->span = item->value != NULL ? item->value->span : ast_key_span(item);
    for (int i = 0; i < DIMS_MAX; i++)
        info->stride[i] = info->dilation[i] = 1;
    for (int t = 0; t < TENSORS_MAX; t++)
        info->density[t] = (Rational){1, 1};
    return true;
}

static void read_parts(Reading *reading)
{
    LayerInfo *info = reading->info;
    const Item *count = ast_find(reading->item->body, "Count");
    read_steps(reading, "Stride", 1, STRIDE_MAX, info->stride);
    read_steps(reading, "Dilation", 1, STRIDE_MAX, info->dilation);
    read_steps(reading, "Padding", 0, EXTENT_MAX, reading->info->padding);
    read_dimensions(reading);
    if (count != NULL)
        read_number(reading, count, "", 1, EXTENT_MAX, &info->layer.count);
    fill_missing(reading);
    read_densities(reading, false);
    read_densities(reading, true);
}

void lower_box(LayerInfo *info, const int64_t extent[DIMS_MAX])
{
    for (int d = 0; d < info->layer.op.n_dims; d++)
        info->layer.extent[d] = extent[d];
    for (int i = 0; i < info->info->n_derived; i++) {
        const Derived *derived = &info->info->derived[i];
        int64_t window = (extent[derived->window] - 1) * info->dilation[i] + 1;
        int64_t step = derived->upscaled ? 1 : info->stride[i];
        info->derived_extent[i] = (extent[derived->out] - 1) * step + window;
    }
}

bool lower_layer(const Trees *program, const ProgramFile *file, const Item *layer, LayerInfo *info)
{
    *info = (LayerInfo){0};
    Reading reading = {.program = program, .file = file, .item = layer, .info = info};
    reading.scope = (ExprScope){.constants = file->constants, .diag = program->diag};
    if (layer->broken || !schema_fits(layer, "Network") || !begin(&reading))
        return false;
    read_parts(&reading);
    for (int i = 0; i < info->info->n_derived && !reading.wrong; i++)
        derive(&reading, i);
    set_coefficients(info);
    set_densities(info);
    int64_t macs;
    if (!reading.wrong && !layer_macs(&info->layer, &macs))
        wrong(&reading, CHECK_MACS, info->span, "the MACs of layer %s do not fit 63 bits",
              info->layer.name);
    const Item *dataflow = ast_find(layer->body, "Dataflow"), *from = ast_find(layer->body, "From");
    info->dataflow = dataflow != NULL && dataflow->has_body ? dataflow : NULL;
    info->from = from != NULL && schema_fits(from, "Layer") ? from : NULL;
    return !reading.wrong;
}
