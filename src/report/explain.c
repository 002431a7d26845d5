/* What the compiler made of a dataflow: per level its directives over iteration dims, the
 * children, the steps, and the reuse that each tensor gets from them. */
#include "report/detail.h"
#include "report/placement.h"
#include "report/reuse.h"
#include "report/table.h"
#include "report/tree.h"

static void append_directives(GString *out, const Scope *scope)
{
    g_autoptr(Table) table = table_new(4);
    table_left(table, 0);
    table_cell(table, "directive");
    table_cell(table, "extent");
    table_cell(table, "chunks");
    table_cell(table, "steps");
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        int64_t extent = scope->extent[map->dim];
        const int64_t numbers[] = {extent, nest_chunks(map, extent), scope_steps(scope, map)};
        GString *directive = g_string_new(NULL);
        g_string_printf(directive, "%sMap(%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ") %s",
                        map->kind == MAP_SPATIAL ? "Spatial" : "Temporal", map->size, map->offset,
                        scope->entry->layer->op.dim[map->dim]);
        table_cell_take(table, directive);
        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
            GString *number = g_string_new(NULL);
            g_string_printf(number, "%" G_GINT64_FORMAT, numbers[i]);
            table_cell_take(table, number);
        }
    }
    table_write(table, out, 2, 0, false);
}

/* Dims that the level leaves whole, those of extent 1 aside. */
static void append_whole_dims(GString *out, const Scope *scope)
{
    const Operator *op = &scope->entry->layer->op;
    const char *separator = "  whole: ";
    for (int d = 0; d < op->n_dims; d++) {
        if (scope_map(scope->level, d) || scope->extent[d] == 1)
            continue;
        g_string_append_printf(out, "%s%s %" G_GINT64_FORMAT, separator, op->dim[d],
                               scope->extent[d]);
        separator = ", ";
    }
    g_string_append(out, separator[0] == ',' ? "\n" : "");
}

static void append_reuse(GString *out, const Scope *scope)
{
    const Operator *op = &scope->entry->layer->op;
    g_autoptr(Table) table = table_new(3);
    for (guint column = 0; column < 3; column++)
        table_left(table, column);
    table_cell(table, "reuse");
    table_cell(table, "over time");
    table_cell(table, "across children");
    for (int t = 0; t < op->n_tensors; t++) {
        table_cell(table, op->tensor[t].name);
        table_cell_take(table, reuse_over_time(scope, 1, &op->tensor[t], "the only tile"));
        table_cell_take(table, reuse_across_children(scope, &op->tensor[t]));
    }
    table_write(table, out, 2, 0, false);
}

static void append_level(GString *out, const Scope *scope)
{
    const ReportEntry *entry = scope->entry;
    bool last = scope->number + 1 == entry->nest->n_levels;
    int64_t children = scope->level->children;
    g_string_append_printf(out, "\nlevel %d: %" G_GINT64_FORMAT " %s%s", scope->number, children,
                           last ? "PE" : "cluster", children == 1 ? "" : "s");
    if (entry->status == ENTRY_EVALUATED)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " steps in all",
                               entry->result.level[scope->number].steps);
    g_string_append_c(out, '\n');
    append_directives(out, scope);
    append_whole_dims(out, scope);
    append_reuse(out, scope);
}

static void append_levels(GString *out, const ReportEntry *entry)
{
    Scope scope;
    scope_start(&scope, entry);
    for (; scope.number < entry->nest->n_levels; scope_descend(&scope, &scope))
        append_level(out, &scope);
}

/* What was chosen for lines that are `auto`, to be pasted. */
static void append_placed(GString *out, const ReportEntry *entry)
{
    if (!entry->nest->placed)
        return;
    GString *lines = nest_print(entry->layer, entry->nest, entry->machine, entry->dataflow);
    g_string_append_printf(out, "\nwhat is auto, placed:\n%s", lines->str);
    g_string_free(lines, TRUE);
}

void explain_nest(GString *out, const ReportEntry *entry)
{
    if (entry->machine->n_memories > 0)
        tree_append(out, entry);
    else
        append_levels(out, entry);
}

GString *explain_write(const ReportEntry *entry)
{
    GString *out = g_string_new(NULL);
    detail_heading(out, entry, false);
    g_string_append_c(out, '\n');
    if (entry->status == ENTRY_REFUSED) {
        g_string_append_printf(out, "  %s\n",
                               entry->why ? entry->why : "the dataflow cannot map this layer");
        return out;
    }
    explain_nest(out, entry);
    append_placed(out, entry);
    g_string_append(out, "\n");
    GString *placement = g_string_new(NULL);
    if (placement_append(placement, entry, false))
        g_string_append_printf(out, "first steps:\n%s", placement->str);
    else
        g_string_append_printf(out, "the first steps are shown for up to %d PEs\n",
                               PLACEMENT_PES_MAX);
    g_string_free(placement, TRUE);
    return out;
}
