/* The nest as a tree: memories with what they hold, loops below the memories around them, `par`
 * where units divide the work, the MACs at the end.
 *
 *     GLB
 *       I  36 from DRAM    none: a new tile every step
 *     for Y' in 4 steps of 1
 *       par K over PE: 8 of 8 units
 *         RF, 8 in all
 *           W  9 from DRAM    temporal multicast over Y' (4 steps)    none: a tile each
 *
 * The elements are those of the largest tile of one instance. */
#include "report/tree.h"

#include "ir/hierarchy.h"
#include "report/across.h"
#include "report/metrics.h"
#include "report/reuse.h"
#include "report/table.h"

enum { INDENT = 2 };

typedef struct {
    GString *out;
    const ReportEntry *entry;
    Scope scope[LEVELS_MAX]; /* of each level */
    guint indent;
} Tree;

static const Machine *tree_machine(const Tree *tree)
{
    return tree->entry->machine;
}

static void begin_line(const Tree *tree)
{
    g_string_append_printf(tree->out, "%*s", (int) tree->indent, "");
}

/* ---- tensors ------------------------------------------------------------------------- */

/* "spatial multicast over K", of each fan-out between, by its name where there are several. */
static GString *reuse_between(const Tree *tree, int from, int to, int t, bool streamed)
{
    const Tensor *tensor = &tree->entry->layer->op.tensor[t];
    GString *out = g_string_new(NULL);
    int fanouts = 0;
    for (int l = from; l < to; l++)
        fanouts += tree->scope[l].level->children > 1;
    for (int l = from; l < to; l++) {
        const Level *level = tree->scope[l].level;
        if (level->children == 1)
            continue;
        g_string_append(out, out->len ? "; " : "");
        if (fanouts > 1 && level->fanout > 0)
            g_string_append_printf(out, "%s: ", tree_machine(tree)->fanout[level->fanout - 1].name);
        const Tiles tiles = {&tree->scope[l], to - l, streamed};
        GString *across = reuse_across_children(&tiles, tensor);
        g_string_append(out, across->str);
        g_string_free(across, TRUE);
    }
    return out;
}

/* The elements of its tile, where they were counted. */
static GString *tile_of(const Tree *tree, int memory, int t)
{
    GString *out = g_string_new(NULL);
    MetricValue tile =
        metrics_read(METRIC_MEMORY_TILE, tree->entry, (MetricIndex){.memory = memory, .tensor = t});
    if (tile.known)
        g_string_append_printf(out, "%" G_GINT64_FORMAT, tile.count);
    return out;
}

static GString *from_of(const Tree *tree, int depth, int t)
{
    const Machine *machine = tree_machine(tree);
    int memory = hierarchy_memory(machine, tree->entry->nest, depth, t);
    GString *out = g_string_new(NULL);
    if (memory >= 0)
        g_string_append_printf(out, t == tree->entry->layer->op.output ? "to %s" : "from %s",
                               machine->memory[memory].name);
    return out;
}

/* A tensor in units of some depth, which came from its home. */
static void add_tensor(Table *table, const Tree *tree, int depth, int memory, int t)
{
    const Nest *nest = tree->entry->nest;
    const Tensor *tensor = &tree->entry->layer->op.tensor[t];
    table_cell(table, tensor->name);
    table_cell_take(table, tile_of(tree, memory, t));
    if (depth == 0) {
        table_cell(table, "the whole tensor");
        table_cell(table, "");
        table_cell(table, "");
        return;
    }
    int home = nest_home(nest, depth - 1, t);
    table_cell_take(table, from_of(tree, home, t));
    table_cell_take(table, reuse_over_time(&tree->scope[home], depth - home, tensor));
    table_cell_take(table, reuse_between(tree, home, depth, t, false));
}

static Table *tensors_new(void)
{
    Table *table = table_new(5);
    table_left(table, 0);
    for (guint column = 2; column < 5; column++)
        table_left(table, column);
    return table;
}

/* ---- memories ------------------------------------------------------------------------ */

static int64_t units_at(const Tree *tree, int depth)
{
    int64_t units = 1;
    for (int l = 0; l < depth; l++)
        units *= tree->scope[l].level->children;
    return units;
}

static void append_memory(const Tree *tree, int depth, int memory)
{
    const ReportEntry *entry = tree->entry;
    g_autoptr(Table) table = tensors_new();
    int held = 0;
    for (int t = 0; t < entry->layer->op.n_tensors; t++) {
        if (hierarchy_memory(entry->machine, entry->nest, depth, t) != memory)
            continue;
        add_tensor(table, tree, depth, memory, t);
        held++;
    }
    if (held == 0)
        return;
    begin_line(tree);
    g_string_append(tree->out, entry->machine->memory[memory].name);
    if (units_at(tree, depth) > 1)
        g_string_append_printf(tree->out, ", %" G_GINT64_FORMAT " in all", units_at(tree, depth));
    g_string_append_c(tree->out, '\n');
    table_write(table, tree->out, tree->indent + INDENT, 0, false);
}

static void append_memories(const Tree *tree, int depth)
{
    for (int m = 0; m < tree_machine(tree)->n_memories; m++)
        append_memory(tree, depth, m);
}

/* ---- loops ---------------------------------------------------------------------------- */

/* Loops of one step are none. */
static void append_loops(Tree *tree, const Scope *scope)
{
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        int64_t steps = scope_steps(scope, map), each = map->size;
        if (steps == 1)
            continue;
        if (map->kind == MAP_SPATIAL)
            each *= scope->level->children;
        begin_line(tree);
        g_string_append_printf(tree->out,
                               "for %s in %" G_GINT64_FORMAT " %s of %" G_GINT64_FORMAT "\n",
                               tree->entry->layer->op.dim[map->dim], steps,
                               map->kind == MAP_SPATIAL ? "folds" : "steps", each);
        tree->indent += INDENT;
    }
}

/* "par K over PE: 6 of 8 units". */
static void append_units(Tree *tree, const Scope *scope)
{
    const Level *level = scope->level;
    const Map *map = scope_spatial(scope);
    if (level->children == 1)
        return;
    begin_line(tree);
    g_string_append(tree->out, "par");
    if (map != NULL)
        g_string_append_printf(tree->out, " %s", tree->entry->layer->op.dim[map->dim]);
    if (level->fanout > 0)
        g_string_append_printf(tree->out, " over %s",
                               tree_machine(tree)->fanout[level->fanout - 1].name);
    g_string_append_printf(tree->out, ": %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " units%s\n",
                           scope_busy(scope), level->children,
                           map == NULL ? ", all with the same work" : "");
    tree->indent += INDENT;
}

/* Who serves the MACs: of a tensor that the PEs do not hold, what each of them asks for goes as far
 * as its home. */
static void append_macs(const Tree *tree)
{
    const ReportEntry *entry = tree->entry;
    int depth = entry->nest->n_levels;
    g_autoptr(Table) table = tensors_new();
    for (int t = 0; t < entry->layer->op.n_tensors; t++) {
        int home = nest_home(entry->nest, depth, t);
        table_cell(table, entry->layer->op.tensor[t].name);
        table_cell(table, "");
        table_cell_take(table, from_of(tree, home, t));
        GString *across = reuse_between(tree, home, depth, t, true);
        table_cell(table, across->len ? "streamed" : "");
        table_cell_take(table, across);
    }
    begin_line(tree);
    g_string_append(tree->out, "MAC\n");
    table_write(table, tree->out, tree->indent + INDENT, 0, false);
}

void tree_append(GString *out, const ReportEntry *entry)
{
    Tree tree = {.out = out, .entry = entry, .indent = INDENT};
    scope_start(&tree.scope[0], entry);
    for (int l = 1; l < entry->nest->n_levels; l++)
        scope_descend(&tree.scope[l - 1], &tree.scope[l]);
    for (int l = 0; l < entry->nest->n_levels; l++) {
        append_memories(&tree, l);
        append_loops(&tree, &tree.scope[l]);
        append_units(&tree, &tree.scope[l]);
    }
    append_memories(&tree, entry->nest->n_levels);
    append_macs(&tree);
}
