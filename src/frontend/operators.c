/* An Operator block becomes an Operator: dims are gathered from Order or from the
 * coordinates, each coordinate is read as an affine form of one or two dims. */
#include "frontend/operators.h"

#include <string.h>

enum { COEFFICIENT_MAX = 4096 };

struct Operators {
    Arena *arena;
    Diag *diag;
    GPtrArray *list;     /* of OperatorInfo *, in the arena: those of files */
    GHashTable *by_type; /* of OperatorInfo *: likewise */
};

/* An operator while it is read. */
typedef struct {
    Arena *arena;
    Diag *diag;
    Constants *constants;
    const Item *block;
    OperatorInfo *info;
    bool ordered; /* the dims are those of Order */
    bool wrong;
} Reading;

static void wrong(Reading *reading, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void wrong(Reading *reading, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(reading->diag, check, span, format, args);
    va_end(args);
    reading->wrong = true;
}

/* --- questions --- */

int operator_dim(const Operator *op, const char *name)
{
    for (int i = 0; i < op->n_dims; i++) {
        if (strcmp(op->dim[i], name) == 0)
            return i;
    }
    return -1;
}

int operator_derived(const OperatorInfo *info, const char *name)
{
    for (int i = 0; i < info->n_derived; i++) {
        if (strcmp(info->derived[i].name, name) == 0)
            return i;
    }
    return -1;
}

int operator_window(const OperatorInfo *info, int dim)
{
    for (int i = 0; i < info->n_derived; i++) {
        if (info->derived[i].window == dim)
            return i;
    }
    return -1;
}

int operator_parameter(const OperatorInfo *info, const char *name)
{
    for (int i = 0; i < info->n_parameters; i++) {
        if (strcmp(info->parameter[i], name) == 0)
            return i;
    }
    return -1;
}

static const char *const roles[] = {
    [ROLE_INPUT] = "Input", [ROLE_WEIGHT] = "Weight", [ROLE_OUTPUT] = "Output"};

const char *operator_dim_hint(const OperatorInfo *info, const char *name, Diag *diag)
{
    const char *names[3 * DIMS_MAX];
    size_t n = 0;
    for (int i = 0; i < info->op.n_dims; i++)
        names[n++] = info->op.dim[i];
    for (int i = 0; i < info->n_derived; i++)
        names[n++] = info->derived[i].name;
    for (int i = 0; i < info->n_parameters; i++)
        names[n++] = info->parameter[i];
    return diag_hint(diag, name, names, n);
}

void operator_dim_note(const OperatorInfo *info, Diag *diag)
{
    if (strcmp(info->op.type, "GEMM") == 0)
        diag_note(diag, SPAN_NONE, "the dims of GEMM are B, M, N, K; B is the batch");
}

const char *operator_tensor_hint(const Operator *op, const char *name, Diag *diag)
{
    const char *names[2 * TENSORS_MAX];
    size_t n = 0;
    for (int i = 0; i < op->n_tensors; i++)
        names[n++] = op->tensor[i].name;
    for (int i = 0; i < op->n_tensors; i++)
        names[n++] = roles[op->tensor[i].role];
    return diag_hint(diag, name, names, n);
}

static int role_find(const char *name)
{
    for (int i = 0; i < (int) G_N_ELEMENTS(roles); i++) {
        if (strcmp(roles[i], name) == 0)
            return i;
    }
    return -1;
}

int operator_tensor(const Operator *op, const char *name, bool *by_name)
{
    *by_name = true;
    for (int i = 0; i < op->n_tensors; i++) {
        if (strcmp(op->tensor[i].name, name) == 0)
            return i;
    }
    *by_name = false;
    int role = role_find(name);
    for (int i = 0; i < op->n_tensors; i++) {
        if ((int) op->tensor[i].role == role)
            return i;
    }
    return -1;
}

bool operator_tensor_is(const Operator *op, int tensor, const char *name)
{
    return strcmp(op->tensor[tensor].name, name) == 0 ||
           (int) op->tensor[tensor].role == role_find(name);
}

/* --- reading a block --- */

/* Index of a dim, which is added if new ones may be; -1 after reporting. */
static int dim_of(Reading *reading, const Expr *word)
{
    Operator *op = &reading->info->op;
    int dim = operator_dim(op, word->text);
    if (dim >= 0)
        return dim;
    if (reading->ordered) {
        wrong(reading, CHECK_OPERATOR, word->span, "dim '%s' is not in this operator's Order",
              word->text);
        return -1;
    }
    if (op->n_dims == DIMS_MAX) {
        wrong(reading, CHECK_LIMIT, word->span, "operator %s has more than %d dims", op->type,
              DIMS_MAX);
        return -1;
    }
    op->dim[op->n_dims] = word->text;
    return op->n_dims++;
}

static void read_order(Reading *reading)
{
    const Item *order = ast_find(reading->block->body, "Order");
    if (order == NULL)
        return;
    if (order->value == NULL || order->value->kind != EXPR_LIST) {
        wrong(reading, CHECK_WRONG_VALUE, ast_head(order),
              "Order wants a list of dims, as in [N, K, C]");
        return;
    }
    for (const Expr *word = order->value->args; word != NULL; word = word->next) {
        if (word->kind != EXPR_WORD || word->unit != NULL)
            wrong(reading, CHECK_OPERATOR, word->span, "a dim's name is wanted here");
        else if (operator_dim(&reading->info->op, word->text) >= 0)
            wrong(reading, CHECK_OPERATOR, word->span, "dim '%s' stands in Order twice",
                  word->text);
        else
            dim_of(reading, word);
    }
    reading->ordered = true;
}

static bool is_word(const Expr *expr)
{
    return expr != NULL && expr->kind == EXPR_WORD;
}

static void read_window(Reading *reading, const Item *item)
{
    OperatorInfo *info = reading->info;
    const Expr *out = ast_args(item), *window = out != NULL ? out->next : NULL;
    if (!is_word(item->value) || !is_word(out) || !is_word(window) || window->next != NULL) {
        wrong(reading, CHECK_OPERATOR, ast_head(item),
              "%s wants a name and two dims, as in %s Y[Y'][R]", item->key, item->key);
        return;
    }
    if (info->n_derived == DIMS_MAX) {
        wrong(reading, CHECK_LIMIT, ast_head(item), "operator %s has more than %d windows",
              info->op.type, DIMS_MAX);
        return;
    }
    if (operator_derived(info, item->value->text) >= 0 ||
        operator_dim(&info->op, item->value->text) >= 0) {
        wrong(reading, CHECK_OPERATOR, item->value->span, "'%s' is a dim already",
              item->value->text);
        return;
    }
    int a = dim_of(reading, out), b = dim_of(reading, window);
    if (a < 0 || b < 0)
        return;
    if (a == b) {
        wrong(reading, CHECK_OPERATOR, ast_head(item), "a window needs two different dims");
        return;
    }
    info->derived[info->n_derived++] =
        (Derived){item->value->text, a, b, strcmp(item->key, "Upscaled") == 0};
}

static bool add_term(Reading *reading, Coord *coord, const Expr *word, int64_t coefficient)
{
    if (coord->n == 2) {
        wrong(reading, CHECK_OPERATOR, word->span, "a coordinate has one or two dims, not three");
        return false;
    }
    int dim = dim_of(reading, word);
    if (dim < 0)
        return false;
    coord->dim[coord->n] = dim;
    coord->coef[coord->n++] = coefficient;
    return true;
}

/* coefficient * dim, in either order. */
static bool read_product(Reading *reading, const Expr *expr, Coord *coord)
{
    const Expr *a = expr->args, *b = a->next;
    const Expr *word = is_word(b) ? b : a, *factor = word == b ? a : b;
    if (!is_word(word)) {
        wrong(reading, CHECK_OPERATOR, expr->span,
              "a coordinate is a sum of dims, each with a factor at most");
        return false;
    }
    ExprScope scope = {.constants = reading->constants, .diag = reading->diag};
    int64_t coefficient;
    if (!expr_integer_in(&scope, factor, "the factor", 1, COEFFICIENT_MAX, &coefficient)) {
        reading->wrong = true;
        return false;
    }
    return add_term(reading, coord, word, coefficient);
}

static bool read_sum(Reading *reading, const Expr *expr, Coord *coord)
{
    if (expr->kind == EXPR_WORD)
        return add_term(reading, coord, expr, 1);
    if (expr->kind == EXPR_PAREN)
        return read_sum(reading, expr->args, coord);
    if (expr->kind == EXPR_BINARY && expr->op == '+')
        return read_sum(reading, expr->args, coord) && read_sum(reading, expr->args->next, coord);
    if (expr->kind == EXPR_BINARY && expr->op == '*')
        return read_product(reading, expr, coord);
    wrong(reading, CHECK_OPERATOR, expr->span,
          "a coordinate is a dim or a sum of two, as in [I], [I+J] or [2*I+J]");
    return false;
}

static bool tensor_has_dim(const Tensor *tensor, int n_coords, int dim)
{
    for (int i = 0; i < n_coords; i++) {
        for (int j = 0; j < tensor->coord[i].n; j++) {
            if (tensor->coord[i].dim[j] == dim)
                return true;
        }
    }
    return false;
}

static void check_coord(Reading *reading, const Tensor *tensor, int number, const Expr *expr)
{
    const Coord *coord = &tensor->coord[number];
    for (int j = 0; j < coord->n; j++) {
        bool twice = tensor_has_dim(tensor, number, coord->dim[j]) ||
                     (j == 1 && coord->dim[0] == coord->dim[1]);
        if (twice)
            wrong(reading, CHECK_OPERATOR, expr->span, "dim '%s' stands twice in tensor %s",
                  reading->info->op.dim[coord->dim[j]], tensor->name);
    }
    if (tensor->role == ROLE_OUTPUT && (coord->n > 1 || coord->coef[0] != 1))
        wrong(reading, CHECK_OPERATOR, expr->span,
              "a coordinate of the output is one dim without a factor");
}

static void read_coord(Reading *reading, Tensor *tensor, int index, const Expr *expr)
{
    OperatorInfo *info = reading->info;
    Coord *coord = &tensor->coord[tensor->n_coords];
    *coord = (Coord){0};
    int derived = expr->kind == EXPR_WORD ? operator_derived(info, expr->text) : -1;
    info->coord_derived[index][tensor->n_coords] = (int8_t) derived;
    if (derived >= 0)
        *coord = (Coord){2, {info->derived[derived].out, info->derived[derived].window}, {1, 1}};
    else if (!read_sum(reading, expr, coord))
        return;
    check_coord(reading, tensor, tensor->n_coords, expr);
    tensor->n_coords++;
}

static void read_tensor(Reading *reading, const Item *item)
{
    Operator *op = &reading->info->op;
    bool by_name;
    if (!is_word(item->value) || item->has_body) {
        wrong(reading, CHECK_OPERATOR, ast_head(item),
              "%s wants a tensor with its coordinates, as in %s A[I][K]", item->key, item->key);
        return;
    }
    if (op->n_tensors == TENSORS_MAX) {
        wrong(reading, CHECK_LIMIT, ast_head(item), "operator %s has more than %d tensors",
              op->type, TENSORS_MAX);
        return;
    }
    if (operator_tensor(op, item->value->text, &by_name) >= 0 && by_name) {
        wrong(reading, CHECK_OPERATOR, item->value->span, "tensor '%s' is given twice",
              item->value->text);
        return;
    }
    Tensor *tensor = &op->tensor[op->n_tensors];
    *tensor = (Tensor){.name = item->value->text, .role = (TensorRole) role_find(item->key)};
    for (const Expr *expr = ast_args(item); expr != NULL; expr = expr->next) {
        if (tensor->n_coords == COORDS_MAX) {
            wrong(reading, CHECK_LIMIT, expr->span, "tensor %s has more than %d coordinates",
                  tensor->name, COORDS_MAX);
            break;
        }
        read_coord(reading, tensor, op->n_tensors, expr);
    }
    if (ast_args(item) == NULL)
        wrong(reading, CHECK_OPERATOR, ast_head(item), "tensor %s has no coordinates",
              tensor->name);
    if (tensor->role == ROLE_OUTPUT)
        op->output = op->n_tensors;
    op->n_tensors++;
}

static void add_parameters(Reading *reading, const Expr *expr)
{
    OperatorInfo *info = reading->info;
    if (expr->kind == EXPR_WORD && operator_dim(&info->op, expr->text) < 0 &&
        operator_parameter(info, expr->text) < 0 &&
        !constants_has(reading->constants, expr->text)) {
        if (info->n_parameters == DIMS_MAX)
            wrong(reading, CHECK_LIMIT, expr->span, "operator %s has more than %d parameters",
                  info->op.type, DIMS_MAX);
        else
            info->parameter[info->n_parameters++] = expr->text;
    }
    for (const Expr *arg = expr->args; arg != NULL; arg = arg->next)
        add_parameters(reading, arg);
}

static void read_defaults(Reading *reading)
{
    const Item *defaults = ast_find(reading->block->body, "Default");
    for (const Item *item = defaults != NULL ? defaults->body : NULL; item != NULL;
         item = item->next) {
        int dim = operator_dim(&reading->info->op, item->key);
        if (dim < 0 || item->value == NULL) {
            wrong(reading, CHECK_OPERATOR, ast_head(item),
                  "no tensor of operator %s has a dim '%s'", reading->info->op.type, item->key);
            continue;
        }
        reading->info->default_extent[dim] = item->value;
        add_parameters(reading, item->value);
    }
}

static void check_whole(Reading *reading)
{
    const Operator *op = &reading->info->op;
    int outputs = 0;
    for (int i = 0; i < op->n_tensors; i++)
        outputs += op->tensor[i].role == ROLE_OUTPUT;
    if (outputs != 1)
        wrong(reading, CHECK_OPERATOR, reading->info->span, "operator %s has %s; it must have one",
              op->type, outputs == 0 ? "no Output" : "more than one Output");
    if (outputs == 1 && op->n_tensors < 2)
        wrong(reading, CHECK_OPERATOR, reading->info->span, "operator %s has no Input", op->type);
    for (int d = 0; d < op->n_dims; d++) {
        bool used = false;
        for (int i = 0; i < op->n_tensors; i++)
            used |= tensor_has_dim(&op->tensor[i], op->tensor[i].n_coords, d);
        if (!used && !reading->wrong)
            wrong(reading, CHECK_OPERATOR, reading->info->span,
                  "no tensor of operator %s has the dim '%s'", op->type, op->dim[d]);
    }
}

static bool operator_read(Reading *reading)
{
    read_order(reading);
    for (const Item *item = reading->block->body; item != NULL; item = item->next) {
        if (strcmp(item->key, "Window") == 0 || strcmp(item->key, "Upscaled") == 0)
            read_window(reading, item);
    }
    for (const Item *item = reading->block->body; item != NULL; item = item->next) {
        if (item->kind == ITEM_ENTRY && role_find(item->key) >= 0)
            read_tensor(reading, item);
    }
    read_defaults(reading);
    if (!reading->wrong && !reading->block->broken)
        check_whole(reading);
    return !reading->wrong && !reading->block->broken;
}

/* --- built-in ones --- */

static OperatorInfo *read_block(Reading *reading, const char *type, Span span)
{
    OperatorInfo *info = reading->info = arena_make(reading->arena, OperatorInfo);
    info->op.type = type;
    info->span = span;
    memset(info->coord_derived, -1, sizeof(info->coord_derived));
    info->usable = operator_read(reading);
    return info;
}

static OperatorInfo *read_builtin(const BuiltinOperator *from, Arena *arena)
{
    Sources *sources = sources_new(arena);
    int source = sources_add(sources, "built-in operators", from->text, strlen(from->text));
    Diag *diag = diag_new(sources, arena);
    Ast *ast = ast_parse(sources, source, arena, diag);
    Constants *constants = constants_new(ast, arena, diag);
    Reading reading = {.arena = arena, .diag = diag, .constants = constants, .block = ast->items};
    OperatorInfo *info = read_block(&reading, from->type, SPAN_NONE);
    if (diag_errors(diag) > 0)
        diag_print(diag, "dcc", stderr, false);
    g_assert(diag_errors(diag) == 0);
    constants_clear(constants);
    diag_free(diag);
    sources_free(sources);
    return info;
}

/* Read once in a process, by whatever thread asks first, and kept. */
static const OperatorInfo *builtin(int k)
{
    static OperatorInfo *info[BUILTIN_OPERATORS];
    static Arena *arena[BUILTIN_OPERATORS];
    if (g_once_init_enter(&info[k])) {
        arena[k] = arena_new();
        g_once_init_leave(&info[k], read_builtin(&operators_builtin[k], arena[k]));
    }
    return info[k];
}

/* --- questions to all --- */

/* The built-in ones, then those of the files. */
static guint operators_count(const Operators *operators)
{
    return BUILTIN_OPERATORS + operators->list->len;
}

static const OperatorInfo *operators_at(const Operators *operators, guint i)
{
    return i < BUILTIN_OPERATORS ? builtin((int) i) : operators->list->pdata[i - BUILTIN_OPERATORS];
}

bool operators_has_tensor(const Operators *operators, const char *name)
{
    bool by_name;
    if (role_find(name) >= 0)
        return true;
    for (guint i = 0; i < operators_count(operators); i++) {
        const OperatorInfo *info = operators_at(operators, i);
        if (operator_tensor(&info->op, name, &by_name) >= 0)
            return true;
    }
    return false;
}

GPtrArray *operators_tensors(const Operators *operators)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        g_ptr_array_add(names, (gpointer) roles[i]);
    for (guint i = 0; i < operators_count(operators); i++) {
        const OperatorInfo *info = operators_at(operators, i);
        for (int t = 0; t < info->op.n_tensors; t++)
            g_ptr_array_add(names, (gpointer) info->op.tensor[t].name);
    }
    return names;
}

GPtrArray *operators_dims(const Operators *operators)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < operators_count(operators); i++) {
        const OperatorInfo *info = operators_at(operators, i);
        for (int d = 0; d < info->op.n_dims; d++)
            g_ptr_array_add(names, (gpointer) info->op.dim[d]);
        for (int d = 0; d < info->n_derived; d++)
            g_ptr_array_add(names, (gpointer) info->derived[d].name);
    }
    return names;
}

const OperatorInfo *operators_find(const Operators *operators, const char *type)
{
    for (int k = 0; k < BUILTIN_OPERATORS; k++)
        if (strcmp(operators_builtin[k].type, type) == 0)
            return builtin(k);
    return g_hash_table_lookup(operators->by_type, type);
}

GPtrArray *operators_types(const Operators *operators)
{
    GPtrArray *names = g_ptr_array_new();
    for (int k = 0; k < BUILTIN_OPERATORS; k++)
        g_ptr_array_add(names, (gpointer) operators_builtin[k].type);
    for (guint i = 0; i < operators->list->len; i++)
        g_ptr_array_add(names,
                        (gpointer) ((const OperatorInfo *) operators->list->pdata[i])->op.type);
    return names;
}

/* --- files --- */

static void add_block(Operators *operators, const Item *block, Constants *constants)
{
    const char *type = ast_name(block);
    Span span = block->value != NULL ? block->value->span : ast_key_span(block);
    const OperatorInfo *before = operators_find(operators, type);
    if (before != NULL) {
        diag_report(operators->diag, CHECK_DUPLICATE_OPERATOR, span,
                    "operator '%s' is defined twice", type);
        if (before->span.source >= 0)
            diag_note(operators->diag, before->span, "it is defined here before");
        else
            diag_note(operators->diag, SPAN_NONE, "%s is built in", type);
        return;
    }
    Reading reading = {
        .arena = operators->arena, .diag = operators->diag, .constants = constants, .block = block};
    OperatorInfo *info = read_block(&reading, type, span);
    info->constants = constants;
    g_ptr_array_add(operators->list, info);
    g_hash_table_insert(operators->by_type, (gpointer) type, info);
}

void operators_add(Operators *operators, const Ast *ast, Constants *constants)
{
    for (const Item *item = ast->items; item != NULL; item = item->next) {
        if (item->has_body && strcmp(item->key, "Operator") == 0 && *ast_name(item) != '\0')
            add_block(operators, item, constants);
    }
}

Operators *operators_new(Arena *arena, Diag *diag)
{
    Operators *operators = arena_make(arena, Operators);
    *operators =
        (Operators){arena, diag, g_ptr_array_new(), g_hash_table_new(g_str_hash, g_str_equal)};
    return operators;
}

void operators_clear(Operators *operators)
{
    g_ptr_array_free(operators->list, TRUE);
    g_hash_table_destroy(operators->by_type);
}
