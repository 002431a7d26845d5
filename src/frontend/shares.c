/* Allocate and Split: layers by name, `*` all that are not named. */
#include <string.h>

#include "frontend/schema.h"
#include "frontend/system.h"
#include "ir/integer.h"

enum { SPLITS_MAX = 64 /* of one layer */ };

typedef struct {
    const Trees *program;
    const Edges *edges;
    const LayerInfo *layer;
    const System *system;
    GArray *shares;
    const Item *any; /* the entry of `*` in the kind of block that is read, or NULL */
    const ProgramFile *any_file;
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

static const char *layer_name(const Reading *reading, guint i)
{
    return ast_name(reading->edges->layers->pdata[i]);
}

/* -1 after reporting. */
static int find_layer(Reading *reading, const Expr *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    Diag *diag = reading->program->diag;
    for (guint i = 0; i < reading->edges->layers->len; i++) {
        if (strcmp(layer_name(reading, i), name->text) == 0)
            return (int) i;
        g_ptr_array_add(names, (gpointer) layer_name(reading, i));
    }
    wrong(reading, CHECK_UNKNOWN_LAYER, name->span, "no layer '%s' in the network%s", name->text,
          diag_hint(diag, name->text, (const char *const *) names->pdata, names->len));
    return -1;
}

static const Expr *first_of(const Expr *value)
{
    return value->kind == EXPR_LIST && value->op == ',' ? value->args : value;
}

/* ---- one entry for one layer ---- */

static void add_core(Reading *reading, const Expr *name, Share *share)
{
    const System *system = reading->system;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    bool one = name->kind == EXPR_WORD || name->kind == EXPR_STRING || name->kind == EXPR_NUMBER;
    for (int i = 0; i < (int) system->cores->len && one; i++) {
        const SystemCore *core = &g_array_index(system->cores, SystemCore, (guint) i);
        g_ptr_array_add(names, (gpointer) core->name);
        if (strcmp(core->name, name->text) != 0)
            continue;
        for (guint k = 0; k < share->cores->len; k++)
            if (g_array_index(share->cores, int, k) == i)
                wrong(reading, CHECK_DUPLICATE_KEY, name->span, "core '%s' is named twice",
                      name->text);
        g_array_append_val(share->cores, i);
        return;
    }
    if (one)
        wrong(reading, CHECK_UNKNOWN_CORE, name->span, "no core '%s' in the system%s", name->text,
              diag_hint(reading->program->diag, name->text, (const char *const *) names->pdata,
                        names->len));
    else
        wrong(reading, CHECK_WRONG_VALUE, name->span,
              "Allocate wants names of cores with commas between, as in a: c0, c1");
}

static bool is_of_output(const Operator *op, int dim)
{
    const Tensor *output = &op->tensor[op->output];
    for (int c = 0; c < output->n_coords; c++)
        if (output->coord[c].dim[0] == dim)
            return true;
    return false;
}

/* The dim of a cut; -1 after reporting, or, of `*`, where the layer has none of that name. */
static int cut_dim(Reading *reading, const Expr *name, const LayerInfo *info, bool any)
{
    const Operator *op = &info->layer.op;
    int dim = operator_dim(op, name->text), derived = operator_derived(info->info, name->text);
    if (dim >= 0 && is_of_output(op, dim))
        return dim;
    if (any && (dim >= 0 || derived < 0))
        return -1;
    if (derived >= 0) {
        wrong(reading, CHECK_UNKNOWN_DIM, name->span, "%s is a dim of the input of %s", name->text,
              info->layer.name);
        diag_note(reading->program->diag, SPAN_NONE, "an output is cut: write %s",
                  op->dim[info->info->derived[derived].out]);
    } else if (dim >= 0) {
        wrong(reading, CHECK_UNKNOWN_DIM, name->span,
              "%s is no dim of the output of %s: its parts would have to be added up", name->text,
              info->layer.name);
    } else {
        wrong(reading, CHECK_UNKNOWN_DIM, name->span, "%s has no dimension '%s'%s", op->type,
              name->text, operator_dim_hint(info->info, name->text, reading->program->diag));
    }
    return -1;
}

static bool is_word(const Expr *expr, const char *word)
{
    return expr->kind == EXPR_WORD && strcmp(expr->text, word) == 0;
}

static void add_cut(Reading *reading, const ProgramFile *file, const Expr *pair, GArray *cuts,
                    const LayerInfo *info, bool any)
{
    bool two = pair->kind == EXPR_LIST && pair->op == ' ' && pair->args->kind == EXPR_WORD;
    ShareCut cut;
    if (is_word(pair, "none")) {
        wrong(reading, CHECK_WRONG_VALUE, pair->span, "none is no cut, and stands alone");
        diag_note(reading->program->diag, SPAN_NONE, "write or between splits: none or Y' 4, K 2");
        return;
    }
    if (!two) {
        wrong(reading, CHECK_WRONG_VALUE, pair->span,
              "Split wants a dim and its parts, as in a: Y' 4 or a: Y' all");
        return;
    }
    const Expr *parts = pair->args->next;
    cut.dim = cut_dim(reading, pair->args, info, any);
    if (cut.dim < 0)
        return;
    for (guint i = 0; i < cuts->len; i++)
        if (g_array_index(cuts, ShareCut, i).dim == cut.dim)
            wrong(reading, CHECK_DUPLICATE_KEY, pair->span, "%s is cut twice", pair->args->text);
    ExprScope scope = {.constants = file->constants, .diag = reading->program->diag};
    cut.parts = info->layer.extent[cut.dim];
    if (strcmp(parts->text, "all") != 0 &&
        !expr_integer_in(&scope, parts, "number of parts", 1, INT32_MAX, &cut.parts)) {
        reading->wrong = true;
        return;
    }
    cut.parts = MIN(cut.parts, info->layer.extent[cut.dim]);
    if (cut.parts > 1)
        g_array_append_val(cuts, cut);
}

/* Whether two splits come to the same boxes. */
static bool same_cuts(const GArray *a, const GArray *b, const Layer *layer)
{
    bool same = a->len == b->len;
    for (guint i = 0; i < a->len && same; i++) {
        ShareCut one = g_array_index(a, ShareCut, i), other = g_array_index(b, ShareCut, i);
        int64_t extent = layer->extent[one.dim];
        same = one.dim == other.dim && ceil_div(extent, one.parts) == ceil_div(extent, other.parts);
    }
    return same;
}

static bool same_text(const Expr *a, const Expr *b)
{
    bool same = a->kind == b->kind && a->op == b->op && g_strcmp0(a->text, b->text) == 0;
    const Expr *one = a->args, *other = b->args;
    for (; one != NULL && other != NULL && same; one = one->next, other = other->next)
        same = same_text(one, other);
    return same && one == NULL && other == NULL;
}

/* One of the splits of a layer; of those that come to the same the first stays. */
static void add_split(Reading *reading, const ProgramFile *file, const Expr *split, Share *share,
                      const LayerInfo *info, bool any)
{
    GArray *cuts = g_array_new(FALSE, FALSE, sizeof(ShareCut));
    const Expr *first = first_of(split);
    bool known = false;
    for (const Expr *each = first; each != NULL && !is_word(split, "none");
         each = first == split ? NULL : each->next)
        add_cut(reading, file, each, cuts, info, any);
    for (guint i = 0; i < share->splits->len && !known; i++)
        known = same_cuts(share->splits->pdata[i], cuts, &info->layer);
    if (known)
        g_array_unref(cuts);
    else
        g_ptr_array_add(share->splits, cuts);
    if (share->splits->len > SPLITS_MAX)
        wrong(reading, CHECK_LIMIT, split->span, "more than %d splits of layer '%s'", SPLITS_MAX,
              info->layer.name);
}

static void give_cores(Reading *reading, const Item *entry, Share *share)
{
    const Expr *first = first_of(entry->value);
    share->cores = g_array_new(FALSE, FALSE, sizeof(int));
    share->span = entry->span;
    for (const Expr *each = first; each != NULL; each = first == entry->value ? NULL : each->next)
        add_core(reading, each, share);
}

static void give_splits(Reading *reading, const ProgramFile *file, const Item *entry, Share *share,
                        const LayerInfo *info, bool any)
{
    const Expr *value = entry->value;
    bool several = value->kind == EXPR_LIST && value->op == '|';
    share->splits = g_ptr_array_new_with_free_func((GDestroyNotify) g_array_unref);
    for (const Expr *each = several ? value->args : value; each != NULL && !reading->wrong;
         each = several ? each->next : NULL) {
        for (const Expr *before = several ? value->args : each; before != each;
             before = before->next)
            if (same_text(before, each))
                wrong(reading, CHECK_DUPLICATE_KEY, each->span, "this split is given twice");
        add_split(reading, file, each, share, info, any);
    }
}

static void give(Reading *reading, const ProgramFile *file, const Item *entry, bool allocate,
                 guint layer, bool any)
{
    Share *share = &g_array_index(reading->shares, Share, layer);
    if (allocate)
        give_cores(reading, entry, share);
    else
        give_splits(reading, file, entry, share, &reading->layer[layer], any);
}

static bool is_given(const Share *share, bool allocate)
{
    return allocate ? share->cores != NULL : share->splits != NULL;
}

/* ---- blocks ---- */

static void twice(Reading *reading, const Expr *target, Span before)
{
    wrong(reading, CHECK_DUPLICATE_KEY, target->span, "'%s' is given twice", target->text);
    if (before.source >= 0)
        diag_note(reading->program->diag, before, "it is given here before");
}

static void read_entry(Reading *reading, const ProgramFile *file, const Item *entry, bool allocate)
{
    for (const Expr *target = ast_names(entry); target != NULL; target = target->next) {
        if (target->kind == EXPR_WORD && strcmp(target->text, "*") == 0) {
            if (reading->any != NULL)
                twice(reading, target, reading->any->span);
            reading->any = entry;
            reading->any_file = file;
            continue;
        }
        int layer = find_layer(reading, target);
        if (layer < 0)
            continue;
        const Share *share = &g_array_index(reading->shares, Share, (guint) layer);
        if (is_given(share, allocate))
            twice(reading, target, allocate ? share->span : SPAN_NONE);
        else
            give(reading, file, entry, allocate, (guint) layer, false);
    }
}

static void read_kind(Reading *reading, int source, const char *key)
{
    const GArray *files = reading->program->files;
    bool allocate = strcmp(key, "Allocate") == 0;
    reading->any = NULL;
    for (guint f = 0; f < files->len; f++) {
        const ProgramFile *file = &g_array_index(files, ProgramFile, f);
        for (const Item *block = file->ast->items; block != NULL; block = block->next) {
            if (strcmp(block->key, key) != 0 || !schema_fits(block, "") ||
                (source >= 0 && file->ast->source != source))
                continue;
            reading->wrong |= block->broken;
            for (const Item *entry = block->body; entry != NULL; entry = entry->next)
                if (entry->kind == ITEM_ENTRY && ast_names(entry) != NULL && entry->value != NULL)
                    read_entry(reading, file, entry, allocate);
        }
    }
    for (guint i = 0; i < reading->shares->len && reading->any != NULL; i++) {
        const Share *share = &g_array_index(reading->shares, Share, i);
        if (!is_given(share, allocate) && !reading->wrong)
            give(reading, reading->any_file, reading->any, allocate, i, true);
    }
}

bool shares_read(const Trees *program, int source, const Edges *edges, const LayerInfo *layer,
                 const System *system, GArray **shares)
{
    *shares = g_array_new(FALSE, TRUE, sizeof(Share));
    g_array_set_size(*shares, edges->layers->len);
    Reading reading = {
        .program = program, .edges = edges, .layer = layer, .system = system, .shares = *shares};
    read_kind(&reading, source, "Allocate");
    read_kind(&reading, source, "Split");
    return !reading.wrong;
}

void shares_free(GArray *shares)
{
    for (guint i = 0; shares != NULL && i < shares->len; i++) {
        Share *share = &g_array_index(shares, Share, i);
        if (share->cores != NULL)
            g_array_free(share->cores, TRUE);
        if (share->splits != NULL)
            g_ptr_array_unref(share->splits);
    }
    if (shares != NULL)
        g_array_free(shares, TRUE);
}
