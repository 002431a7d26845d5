/* Texts are Markdown: a line, and what reports print below it. */
#include "lsp/hover.h"

#include <string.h>

#include "frontend/lowering.h"
#include "frontend/schema.h"
#include "lsp/hand.h"
#include "lsp/spot.h"
#include "report/list.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/report.h"

#define I64 "%" G_GINT64_FORMAT

/* What is pointed at, and where what is said of it goes. */
typedef struct {
    Revision *revision;
    const Spot *spot;
    GString *out;
    Span span; /* of the word; source < 0: nothing is said */
} Hover;

static void say(Hover *hover, Span span)
{
    hover->span = span;
}

/* Names in a file may hold what Markdown takes for marks. */
static void append_name(GString *out, const char *name)
{
    for (; *name != '\0'; name++)
        g_string_append_printf(out, strchr("\\`*_[]<>#|", *name) != NULL ? "\\%c" : "%c", *name);
}

/* "for layer CONV1 on eyeriss" */
static void append_hand(GString *out, const Hand *hand)
{
    g_string_append(out, "layer ");
    append_name(out, hand->info.layer.name);
    if (hand->program->usable) {
        g_string_append(out, " on ");
        append_name(out, hand->program->hardware);
    }
}

static void append_block(GString *out, const char *text)
{
    text += strspn(text, "\n");
    g_string_append_printf(out, "\n\n```text\n%s%s```\n", text,
                           g_str_has_suffix(text, "\n") ? "" : "\n");
}

/* ---- directives and dataflows ---- */

/* The extent alone, of what the layer is not mapped by. */
static void say_extent(Hover *hover, const Hand *hand, const Item *item)
{
    const char *name = ast_more(item)->name;
    const OperatorInfo *op = hand->info.info;
    int dim = name != NULL ? operator_dim(&op->op, name) : -1,
        derived = name != NULL ? operator_derived(op, name) : -1;
    if (dim < 0 && derived < 0)
        return;
    g_string_append_printf(hover->out, "%s is " I64 ", ", name,
                           dim >= 0 ? hand->info.layer.extent[dim]
                                    : hand->info.derived_extent[derived]);
    append_hand(hover->out, hand);
    say(hover, item->span);
}

static void say_directive(Hover *hover, const Item *item, const Item *dataflow)
{
    g_autoptr(Hand) hand = hand_new(hover->revision, dataflow);
    int level, map;
    if (hand == NULL)
        return;
    if (!hand_map(hand, item, &level, &map)) {
        say_extent(hover, hand, item);
        return;
    }
    GString *table = g_string_new(NULL);
    explain_map(table, &hand->entry, level, map);
    g_string_append_printf(hover->out, "level %d, ", level);
    append_hand(hover->out, hand);
    append_block(hover->out, table->str);
    g_string_free(table, TRUE);
    say(hover, item->span);
}

static void append_cycles(GString *out, const Hand *hand)
{
    const MetricIndex none = {0};
    if (!hand->timed)
        return;
    g_string_append(out, ": ");
    number_scaled(out, (double) metrics_read(METRIC_CYCLES, &hand->entry, none).count, "");
    g_string_append_printf(out, " cycles, %.1f%% busy",
                           100 * metrics_read(METRIC_UTILIZATION, &hand->entry, none).real);
}

static void say_dataflow(Hover *hover, const Item *dataflow)
{
    g_autoptr(Hand) hand = hand_new(hover->revision, dataflow);
    if (hand == NULL || !hand->mapped || hand->entry.machine == NULL)
        return;
    GString *nest = g_string_new(NULL);
    explain_nest(nest, &hand->entry);
    append_hand(hover->out, hand);
    append_cycles(hover->out, hand);
    append_block(hover->out, nest->str);
    g_string_free(nest, TRUE);
    say(hover, ast_head(dataflow));
}

/* ---- layers ---- */

static void say_layer(Hover *hover, const Item *layer)
{
    g_autoptr(Hand) hand = hand_of_layer(hover->revision, layer);
    int64_t macs;
    if (hand == NULL || !layer_macs(&hand->info.layer, &macs))
        return;
    const Layer *of = &hand->info.layer;
    append_name(hover->out, of->op.type);
    for (int d = 0; d < of->op.n_dims; d++)
        g_string_append_printf(hover->out, " %s=" I64, of->op.dim[d], of->extent[d]);
    g_string_append(hover->out, "  \n");
    number_scaled(hover->out, (double) macs, "");
    g_string_append(hover->out, " MACs");
    if (of->count > 1)
        g_string_append_printf(hover->out, ", run " I64 " times", of->count);
    if (hand->timed) {
        g_string_append(hover->out, "  \n");
        append_hand(hover->out, hand);
        append_cycles(hover->out, hand);
    }
    say(hover, ast_head(layer));
}

/* ---- constants ---- */

static void say_constant(Hover *hover, const char *name, const Item *dataflow, Span span)
{
    const ProgramFile *file = revision_file(hover->revision);
    g_autoptr(Hand) hand = NULL;
    if (!constants_has(file->constants, name))
        return;
    hand = hand_new(hover->revision, dataflow);
    revision_check(hover->revision);
    Diag *diag = hover->revision->diag;
    const Expr word = {.kind = EXPR_WORD, .span = span, .text = name};
    ExprScope scope = {.constants = file->constants, .diag = diag};
    if (hand != NULL) {
        scope.generation = hand->info.number;
        scope.size = maps_size;
        scope.window = maps_window;
        scope.data = &hand->info;
    }
    int64_t value;
    diag_quiet(diag, true);
    bool known = expr_integer(&scope, &word, &value);
    diag_quiet(diag, false);
    g_string_append_printf(hover->out, known ? "%s = " I64 : "%s has no value", name, value);
    if (known && hand != NULL && constants_asks(file->constants, name))
        g_string_append_printf(hover->out, " for layer %s", hand->info.layer.name);
    say(hover, span);
}

/* ---- keys ---- */

static void say_key(Hover *hover, const Item *item, const Item *owner)
{
    const char *block = owner != NULL ? owner->key : "";
    const char *which = owner != NULL && strcmp(block, "Accelerator") != 0 ? ast_name(owner) : "";
    const char *what = schema_what(block, item->key);
    const HardwareKey *key = hardware_key(block, which, item->key);
    if (key == NULL)
        key = hardware_key(block, "*", item->key);
    g_autofree char *line = key != NULL ? list_key(key) : g_strdup(what);
    if (line == NULL)
        return;
    g_string_append_printf(hover->out, "**%s**: ", item->key);
    append_name(hover->out, line);
    say(hover, ast_key_span(item));
}

/* ---- all ---- */

/* The item whose key or name is pointed at. */
static void say_item(Hover *hover)
{
    const Spot *spot = hover->spot;
    const Item *item = spot_item(spot), *owner = spot_owner(spot);
    bool on_head = spot->on_key || spot->expr == item->value;
    if (item->kind == ITEM_ENTRY && on_head && strcmp(item->key, "Layer") == 0)
        say_layer(hover, item);
    else if (item->kind == ITEM_ENTRY && on_head && strcmp(item->key, "Dataflow") == 0)
        say_dataflow(hover, item);
    else if (item->kind == ITEM_CALL && owner != NULL && !(spot->on_key && item->key[0] == '?'))
        say_directive(hover, item, owner);
    if (hover->span.source < 0 && spot->on_key && item->kind != ITEM_CONSTANT)
        say_key(hover, item, owner);
}

json_t *hover_at(Document *document, const Surroundings *around, uint32_t byte)
{
    Revision *revision = revision_of(document, around);
    const ProgramFile *file = revision_file(revision);
    if (file == NULL)
        return NULL;
    const Spot spot = spot_find(file->ast, byte);
    g_autoptr(GString) out = g_string_new(NULL);
    Hover hover = {revision, &spot, out, SPAN_NONE};
    const Item *item = spot_item(&spot);
    if (item == NULL)
        return NULL;
    if (spot.on_name)
        say_constant(&hover, ast_more(item)->name, NULL, ast_more(item)->name_span);
    else if (spot.expr != NULL && spot.expr->kind == EXPR_WORD)
        say_constant(&hover, spot.expr->text, spot_within(&spot, "Dataflow"), spot.expr->span);
    if (hover.span.source < 0)
        say_item(&hover);
    if (hover.span.source < 0)
        return NULL;
    g_autofree char *text = g_utf8_make_valid(out->str, -1);
    return json_pack("{s:{s:s, s:s}, s:o}", "contents", "kind", "markdown", "value", text, "range",
                     document_range(document, hover.span));
}
