/* The nest as a tree: memories with the tiles that they hold, loops below the memories around them,
 * `par` where units divide the work.  Of a hierarchy it is --explain's. */
#include "report/html_parts.h"

#include "report/scope.h"

enum { INDENT = 2 };

typedef struct {
    GString *out;
    const ReportEntry *entry;
    int indent;
} Tree;

static void begin_line(const Tree *tree)
{
    g_string_append_printf(tree->out, "%*s", tree->indent, "");
}

/* The tiles that a child of the level holds, the largest; level -1: whole tensors. */
static void add_tiles(const Tree *tree, const char *memory, int level)
{
    const Operator *op = &tree->entry->layer->op;
    const Result *r = &tree->entry->result;
    begin_line(tree);
    g_string_append(tree->out, memory);
    for (int t = 0; t < op->n_tensors; t++) {
        int64_t size = level < 0 ? r->tensor_size[t] : r->level[level].tensor[t].tile_max;
        g_string_append_printf(tree->out, "%s %s %" G_GINT64_FORMAT, t ? "," : ":",
                               op->tensor[t].name, size);
    }
    g_string_append_c(tree->out, '\n');
}

/* Loops of one step are none. */
static void add_loops(Tree *tree, const Scope *scope)
{
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        int64_t steps = scope_steps(scope, map);
        bool folds = map->kind == MAP_SPATIAL;
        if (steps == 1)
            continue;
        begin_line(tree);
        g_string_append_printf(
            tree->out, "for %s in %" G_GINT64_FORMAT " %s of %" G_GINT64_FORMAT "\n",
            tree->entry->layer->op.dim[map->dim], steps, folds ? "folds" : "steps",
            map->size * (folds ? scope->level->children : 1));
        tree->indent += INDENT;
    }
}

static void add_units(Tree *tree, const Scope *scope, bool last)
{
    const Map *map = scope_spatial(scope);
    int64_t children = scope->level->children;
    if (children == 1)
        return;
    begin_line(tree);
    g_string_append_printf(
        tree->out, "par %s over %s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "%s\n",
        map != NULL ? tree->entry->layer->op.dim[map->dim] : "nothing", last ? "PEs" : "clusters",
        scope_busy(scope), children, map == NULL ? ", all with the same work" : "");
    tree->indent += INDENT;
}

void html_nest(GString *out, const ReportEntry *entry)
{
    if (entry->machine->n_memories > 0) {
        explain_nest(out, entry);
        return;
    }
    Tree tree = {out, entry, 0};
    Scope scope;
    scope_start(&scope, entry);
    add_tiles(&tree, "tensors, in elements", -1);
    for (; scope.number < entry->nest->n_levels; scope_descend(&scope, &scope)) {
        bool last = scope.number + 1 == entry->nest->n_levels;
        add_loops(&tree, &scope);
        add_units(&tree, &scope, last);
        add_tiles(&tree, last ? "L1 of a PE" : "a cluster", scope.number);
        tree.indent += INDENT;
    }
    begin_line(&tree);
    g_string_append(out, "MAC\n");
}
