/* Names become places in the network, then what feeds itself is looked for: layers whose producers
 * are all known are taken away, and what is left over goes round. */
#include "frontend/edges.h"

#include <string.h>

#include "frontend/schema.h"

enum { NAMED_MAX = 8 /* layers of a circle that are pointed at */ };

typedef struct {
    const Trees *program;
    Edges *edges;
    GHashTable *first;  /* name -> place + 1 */
    GHashTable *second; /* name -> place + 1 of another layer that is written with it */
    GPtrArray *names;   /* for hints, or NULL: not yet wanted */
} Reading;

static void wrong(Reading *reading, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void wrong(Reading *reading, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(reading->program->diag, check, span, format, args);
    va_end(args);
    reading->edges->wrong = true;
}

static const Item *layer_at(const Edges *edges, int place)
{
    return edges->layers->pdata[place];
}

static EdgeInfo *edge_at(const Edges *edges, guint i)
{
    return &g_array_index(edges->list, EdgeInfo, i);
}

/* --- layers and their names --- */

static void add_name(Reading *reading, const char *name, int place)
{
    gpointer value = GINT_TO_POINTER(place + 1);
    bool taken = g_hash_table_contains(reading->first, name);
    g_hash_table_insert(taken ? reading->second : reading->first, (gpointer) name, value);
}

/* A second layer of a name is known by its own, NAME#2, too. */
static void gather_layers(Reading *reading, const Item *network)
{
    GPtrArray *layers = reading->edges->layers;
    for (const Item *item = network->body; item != NULL; item = item->next) {
        if (item->kind != ITEM_ENTRY || !item->has_body || strcmp(item->key, "Layer") != 0 ||
            item->value == NULL || item->value->text == NULL)
            continue;
        const char *written = item->value->text;
        add_name(reading, written, (int) layers->len);
        if (strcmp(written, ast_name(item)) != 0)
            add_name(reading, ast_name(item), (int) layers->len);
        g_ptr_array_add(layers, (gpointer) item);
    }
}

static void unknown(Reading *reading, const Expr *name)
{
    Diag *diag = reading->program->diag;
    if (reading->names == NULL) {
        reading->names = g_ptr_array_new();
        for (guint i = 0; i < reading->edges->layers->len && diag_has_hints(diag); i++)
            g_ptr_array_add(reading->names, (gpointer) ast_name(layer_at(reading->edges, (int) i)));
    }
    wrong(reading, CHECK_UNKNOWN_LAYER, name->span, "no layer '%s' in this network%s", name->text,
          diag_hint(diag, name->text, (const char *const *) reading->names->pdata,
                    reading->names->len));
    diag_note(diag, SPAN_NONE, "an input that From does not name is the network's");
}

static Span name_span(const Edges *edges, int place)
{
    return layer_at(edges, place)->value->span;
}

/* The place of the layer that is meant, or -1 after reporting that it cannot be told. */
static int find_layer(Reading *reading, const Expr *name)
{
    Diag *diag = reading->program->diag;
    int first = GPOINTER_TO_INT(g_hash_table_lookup(reading->first, name->text)) - 1;
    int second = GPOINTER_TO_INT(g_hash_table_lookup(reading->second, name->text)) - 1;
    if (first < 0) {
        unknown(reading, name);
        return -1;
    }
    if (second < 0)
        return first;
    wrong(reading, CHECK_AMBIGUOUS_LAYER, name->span, "two layers are called '%s'", name->text);
    diag_note(diag, name_span(reading->edges, first), "this is one");
    diag_note(diag, name_span(reading->edges, second),
              "this is another: give each a name of its own");
    return -1;
}

/* --- one From --- */

/* A consumer while its From is read. */
typedef struct {
    int place;
    const Item *from;
    const OperatorInfo *op; /* or NULL: it has none that is known */
} Consumer;

static bool is_name(const Expr *expr)
{
    return (expr->kind == EXPR_WORD || expr->kind == EXPR_STRING) && expr->unit == NULL;
}

static const Expr *names_of(const Expr *value)
{
    return value->kind == EXPR_LIST ? value->args : value;
}

/* The name before this one in the list that means the same layer, or NULL. */
static const Expr *named_before(const Expr *names, const Expr *name)
{
    while (names != name && (!is_name(names) || strcmp(names->text, name->text) != 0))
        names = names->next;
    return names != name ? names : NULL;
}

static bool read_name(Reading *reading, const Consumer *consumer, const Expr *names,
                      const Expr *name, int *producer)
{
    Diag *diag = reading->program->diag;
    const Expr *before;
    if (!is_name(name)) {
        wrong(reading, CHECK_WRONG_VALUE, name->span,
              "From wants names of layers, as in From: a, b");
        return false;
    }
    *producer = find_layer(reading, name);
    if (*producer < 0)
        return false;
    before = named_before(names, name);
    if (before != NULL) {
        wrong(reading, CHECK_DUPLICATE_PRODUCER, name->span, "'%s' is put together with itself",
              name->text);
        diag_note(diag, before->span, "it is named here before: leave one out");
        return false;
    }
    if (*producer == consumer->place) {
        wrong(reading, CHECK_CYCLIC_LAYERS, name->span, "layer '%s' reads its own output",
              name->text);
        diag_note(diag, SPAN_NONE, "name another layer; steps of a recurrence are a Count");
        return false;
    }
    return true;
}

/* The producers of one input. */
static void read_names(Reading *reading, const Consumer *consumer, const Expr *value, int tensor)
{
    const Expr *names = names_of(value);
    EdgeInfo info = {.edge = {.consumer = consumer->place, .tensor = tensor}};
    if (names == NULL)
        wrong(reading, CHECK_EMPTY, value->span, "From without a name");
    for (const Expr *name = names; name != NULL;
         name = value->kind == EXPR_LIST ? name->next : NULL) {
        info.span = name->span;
        if (read_name(reading, consumer, names, name, &info.edge.producer) && tensor >= 0) {
            g_array_append_val(reading->edges->list, info);
            info.edge.part++;
        }
    }
}

/* The first input of an operator, and how many it has. */
static int first_input(const Operator *op, int *n)
{
    int first = -1;
    *n = 0;
    for (int t = op->n_tensors - 1; t >= 0; t--) {
        if (op->tensor[t].role != ROLE_INPUT)
            continue;
        first = t;
        ++*n;
    }
    return first;
}

/* "A: a; B: b": a producer for each input, while there are both. */
static const char *paired(const Reading *reading, const Operator *op, const Expr *value)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const Expr *name = names_of(value);
    for (int t = 0; t < op->n_tensors; t++) {
        if (op->tensor[t].role != ROLE_INPUT)
            continue;
        g_string_append_printf(text, "%s%s: %s", text->len > 0 ? "; " : "", op->tensor[t].name,
                               name != NULL && is_name(name) ? name->text : "...");
        name = name != NULL && value->kind == EXPR_LIST ? name->next : NULL;
    }
    return arena_strdup(reading->program->arena, text->str);
}

/* `From: a, b` is for operators of one input. */
static void read_value(Reading *reading, const Consumer *consumer)
{
    const Expr *value = consumer->from->value;
    int n = 1, tensor = -1;
    if (consumer->op != NULL)
        tensor = first_input(&consumer->op->op, &n);
    if (n > 1) {
        wrong(reading, CHECK_OPERANDS, ast_head(consumer->from),
              "%s has %d inputs, and From does not say which of them is meant",
              consumer->op->op.type, n);
        diag_note(reading->program->diag, SPAN_NONE, "write From { %s }",
                  paired(reading, &consumer->op->op, value));
    } else if (n == 0) {
        wrong(reading, CHECK_OPERANDS, ast_head(consumer->from),
              "%s has no Input, and so reads no layer", consumer->op->op.type);
        diag_note(reading->program->diag, SPAN_NONE, "leave the From out");
        return;
    }
    read_names(reading, consumer, value, tensor);
}

/* The input that a key in the braces means; -1 after reporting that there is none. */
static int find_input(Reading *reading, const Operator *op, const Item *item)
{
    bool by_name;
    int n, tensor = operator_tensor(op, item->key, &by_name);
    Diag *diag = reading->program->diag;
    first_input(op, &n);
    if (tensor < 0) {
        wrong(reading, CHECK_UNKNOWN_TENSOR, ast_key_span(item), "%s has no tensor or role '%s'%s",
              op->type, item->key, operator_tensor_hint(op, item->key, diag));
        return -1;
    }
    if (op->tensor[tensor].role != ROLE_INPUT) {
        bool weight = op->tensor[tensor].role == ROLE_WEIGHT;
        wrong(reading, CHECK_OPERANDS, ast_key_span(item), "%s is the %s of %s, which no layer %s",
              item->key, weight ? "weight" : "output", op->type, weight ? "makes" : "before makes");
        if (weight && strcmp(op->type, "GEMM") == 0)
            diag_note(diag, SPAN_NONE, "MATMUL is a GEMM of two inputs");
        else
            diag_note(diag, SPAN_NONE, "name an Input in its place");
        return -1;
    }
    if (!by_name && n > 1) {
        wrong(reading, CHECK_OPERANDS, ast_key_span(item), "%s has %d inputs", op->type, n);
        diag_note(diag, SPAN_NONE, "name one of them, as in From { %s: ... }",
                  op->tensor[tensor].name);
        return -1;
    }
    return tensor;
}

static void read_body(Reading *reading, const Consumer *consumer)
{
    const Item *from[TENSORS_MAX] = {NULL};
    if (consumer->from->body == NULL && !consumer->from->broken)
        wrong(reading, CHECK_EMPTY, ast_head(consumer->from), "From without a name");
    for (const Item *item = consumer->from->body; item != NULL; item = item->next) {
        bool plain = item->kind == ITEM_ENTRY && item->value != NULL && !item->has_body &&
                     ast_args(item) == NULL;
        if (!plain) {
            wrong(reading, CHECK_WRONG_VALUE, ast_head(item),
                  "From wants a tensor and names of layers, as in From { A: a; B: b }");
            continue;
        }
        int tensor = consumer->op != NULL ? find_input(reading, &consumer->op->op, item) : -1;
        if (tensor >= 0 && from[tensor] != NULL) {
            wrong(reading, CHECK_DUPLICATE_KEY, ast_key_span(item), "%s is given twice", item->key);
            diag_note(reading->program->diag, ast_key_span(from[tensor]),
                      "it is given here before");
            continue;
        }
        if (tensor >= 0)
            from[tensor] = item;
        read_names(reading, consumer, item->value, tensor);
    }
}

/* The operator of a layer, or NULL if something is wrong with it, which is reported elsewhere. */
static const OperatorInfo *operator_of(const Reading *reading, const Item *layer)
{
    const Item *type = ast_find(layer->body, "Type");
    if (type == NULL || !schema_fits(type, "Layer"))
        return NULL;
    const OperatorInfo *op = operators_find(reading->program->operators, type->value->text);
    return op != NULL && op->usable ? op : NULL;
}

static void read_layer(Reading *reading, int place)
{
    const Item *layer = layer_at(reading->edges, place);
    const Item *from = ast_find(layer->body, "From");
    Consumer consumer = {place, from, operator_of(reading, layer)};
    if (from == NULL)
        return;
    reading->edges->chain = false;
    if (!schema_fits(from, "Layer"))
        return;
    if (from->has_body)
        read_body(reading, &consumer);
    else
        read_value(reading, &consumer);
}

/* Without any From: each layer reads the one before. */
static void make_chain(Reading *reading)
{
    Edges *edges = reading->edges;
    for (guint i = 1; i < edges->layers->len; i++) {
        const OperatorInfo *op = operator_of(reading, layer_at(edges, (int) i));
        int n, tensor = op != NULL ? first_input(&op->op, &n) : -1;
        EdgeInfo info = {{(int) i - 1, (int) i, tensor, 0}, name_span(edges, (int) i)};
        if (tensor >= 0)
            g_array_append_val(edges->list, info);
    }
}

/* --- circles --- */

/* Layers with what they wait for. */
typedef struct {
    const Edges *edges;
    guint *begin;   /* by producer: its edges in `out` */
    guint *out;     /* edges, by producer */
    guint *waits;   /* by layer: edges from layers that are not taken away */
    guint *queue;   /* layers that wait for nothing */
    guint n_queue;  /* of them */
    bool *gone;     /* by layer */
    guint *feeding; /* by layer: an edge into it whose producer is left, of a walk */
} Sorting;

static void sorting_begin(Sorting *sorting, const Edges *edges)
{
    guint n = edges->layers->len, m = edges->list->len;
    *sorting = (Sorting){.edges = edges,
                         .begin = g_new0(guint, n + 2),
                         .out = g_new0(guint, m + 1),
                         .waits = g_new0(guint, n + 1),
                         .queue = g_new0(guint, n + 1),
                         .gone = g_new0(bool, n + 1),
                         .feeding = g_new0(guint, n + 1)};
    for (guint i = 0; i < m; i++) {
        sorting->begin[edge_at(edges, i)->edge.producer + 2]++;
        sorting->waits[edge_at(edges, i)->edge.consumer]++;
    }
    for (guint i = 2; i < n + 2; i++)
        sorting->begin[i] += sorting->begin[i - 1];
    for (guint i = 0; i < m; i++)
        sorting->out[sorting->begin[edge_at(edges, i)->edge.producer + 1]++] = i;
    for (guint i = 0; i < n; i++)
        if (sorting->waits[i] == 0)
            sorting->queue[sorting->n_queue++] = i;
}

static void sorting_end(Sorting *sorting)
{
    g_free(sorting->begin);
    g_free(sorting->out);
    g_free(sorting->waits);
    g_free(sorting->queue);
    g_free(sorting->gone);
    g_free(sorting->feeding);
}

/* Takes away what waits for nothing, and what then does. */
static void take_away(Sorting *sorting)
{
    while (sorting->n_queue > 0) {
        guint layer = sorting->queue[--sorting->n_queue];
        sorting->gone[layer] = true;
        for (guint i = sorting->begin[layer]; i < sorting->begin[layer + 1]; i++) {
            guint consumer = (guint) edge_at(sorting->edges, sorting->out[i])->edge.consumer;
            if (--sorting->waits[consumer] == 0 && !sorting->gone[consumer])
                sorting->queue[sorting->n_queue++] = consumer;
        }
    }
}

/* For each layer that is left, an edge into it from one that is left: there is one. */
static void find_feeding(Sorting *sorting)
{
    for (guint i = 0; i < sorting->edges->list->len; i++) {
        const Edge *edge = &edge_at(sorting->edges, i)->edge;
        if (!sorting->gone[edge->producer])
            sorting->feeding[edge->consumer] = i;
    }
}

static guint producer_of(const Sorting *sorting, guint layer)
{
    return (guint) edge_at(sorting->edges, sorting->feeding[layer])->edge.producer;
}

/* A layer that is on a circle, walking from one that is left against the edges. */
static guint on_circle(const Sorting *sorting, guint layer)
{
    g_autofree bool *seen = g_new0(bool, sorting->edges->layers->len);
    while (!seen[layer]) {
        seen[layer] = true;
        layer = producer_of(sorting, layer);
    }
    return layer;
}

static void report_circle(Reading *reading, const Sorting *sorting, guint start)
{
    const Edges *edges = sorting->edges;
    guint layer = start, n = 0;
    wrong(reading, CHECK_CYCLIC_LAYERS, edge_at(edges, sorting->feeding[start])->span,
          "layers feed each other: '%s' reads '%s', which needs it",
          ast_name(layer_at(edges, (int) start)),
          ast_name(layer_at(edges, (int) producer_of(sorting, start))));
    for (layer = producer_of(sorting, start); layer != start && n < NAMED_MAX; n++) {
        diag_note(reading->program->diag, edge_at(edges, sorting->feeding[layer])->span,
                  "'%s' reads '%s'", ast_name(layer_at(edges, (int) layer)),
                  ast_name(layer_at(edges, (int) producer_of(sorting, layer))));
        layer = producer_of(sorting, layer);
    }
    diag_note(reading->program->diag, SPAN_NONE, "take one of these edges out");
}

/* The circle is reported once: all of its layers are let go. */
static void let_go(Sorting *sorting, guint start)
{
    guint layer = start;
    do {
        sorting->gone[layer] = true;
        sorting->queue[sorting->n_queue++] = layer;
        layer = producer_of(sorting, layer);
    } while (layer != start);
}

static void find_circles(Reading *reading)
{
    Sorting sorting;
    sorting_begin(&sorting, reading->edges);
    take_away(&sorting);
    guint i = 0;
    while (i < reading->edges->layers->len && !diag_full(reading->program->diag)) {
        if (sorting.gone[i]) {
            i++;
            continue;
        }
        find_feeding(&sorting);
        guint start = on_circle(&sorting, i);
        report_circle(reading, &sorting, start);
        let_go(&sorting, start);
        take_away(&sorting);
    }
    sorting_end(&sorting);
}

/* --- all of it --- */

Edges *edges_read(const Trees *program, const Item *network)
{
    Edges *edges = g_new0(Edges, 1);
    Reading reading = {program, edges, g_hash_table_new(g_str_hash, g_str_equal),
                       g_hash_table_new(g_str_hash, g_str_equal), NULL};
    edges->layers = g_ptr_array_new();
    edges->list = g_array_new(FALSE, FALSE, sizeof(EdgeInfo));
    edges->chain = true;
    gather_layers(&reading, network);
    for (guint i = 0; i < edges->layers->len; i++)
        read_layer(&reading, (int) i);
    if (edges->chain)
        make_chain(&reading);
    else
        find_circles(&reading);
    g_hash_table_destroy(reading.first);
    g_hash_table_destroy(reading.second);
    if (reading.names != NULL)
        g_ptr_array_free(reading.names, TRUE);
    return edges;
}

void edges_free(Edges *edges)
{
    if (edges == NULL)
        return;
    g_ptr_array_free(edges->layers, TRUE);
    g_array_free(edges->list, TRUE);
    g_free(edges);
}

void edges_check(const Trees *program, const ProgramFile *file, const Item *network)
{
    const Item *layer = network->body;
    (void) file;
    while (layer != NULL && (!layer->has_body || ast_find(layer->body, "From") == NULL))
        layer = layer->next;
    if (layer == NULL) /* a chain is never wrong */
        return;
    edges_free(edges_read(program, network));
}
