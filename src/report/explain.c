/* What the compiler made of a dataflow: per level its directives over iteration dims, the
 * children, the steps, and the reuse that each tensor gets from them. */
#include "ir/hierarchy.h"
#include "report/across.h"
#include "report/detail.h"
#include "report/placement.h"
#include "report/reuse.h"
#include "report/table.h"
#include "report/tree.h"

static void add_number(Table *table, int64_t value)
{
    GString *number = g_string_new(NULL);
    g_string_printf(number, "%" G_GINT64_FORMAT, value);
    table_cell_take(table, number);
}

static void add_directive(Table *table, const Scope *scope, const Map *map)
{
    int64_t extent = scope->extent[map->dim];
    GString *directive = g_string_new(NULL);
    g_string_printf(directive, "%sMap(%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ") %s",
                    map->kind == MAP_SPATIAL ? "Spatial" : "Temporal", map->size, map->offset,
                    scope->entry->layer->op.dim[map->dim]);
    table_cell_take(table, directive);
    add_number(table, extent);
    add_number(table, nest_chunks(map, extent));
    if (scope->entry->machine != NULL || map->kind != MAP_SPATIAL)
        add_number(table, scope_steps(scope, map));
    else
        table_cell(table, "-");
}

static Table *directives_new(void)
{
    Table *table = table_new(4);
    table_left(table, 0);
    table_cell(table, "directive");
    table_cell(table, "extent");
    table_cell(table, "chunks");
    table_cell(table, "steps");
    return table;
}

static void append_directives(GString *out, const Scope *scope)
{
    g_autoptr(Table) table = directives_new();
    for (int m = 0; m < scope->level->n_maps; m++)
        add_directive(table, scope, &scope->level->map[m]);
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

/* The depth of the units that hold the tensor, the children of a level or deeper ones; 0: there are
 * none. */
static int held_at(const Nest *nest, int level, int t)
{
    for (int depth = level + 1; depth <= nest->n_levels; depth++)
        if (nest_home(nest, depth, t) == depth)
            return depth;
    return 0;
}

/* Of tiles that pass from the parents of a level to its children: on a hierarchy they come from the
 * nearest memory outside, and go to the nearest inside. */
static void add_reuse(Table *table, const Scope *scopes, int level, int t)
{
    const Nest *nest = scopes->entry->nest;
    const Tensor *tensor = &scopes->entry->layer->op.tensor[t];
    int home = nest_home(nest, level, t), held = held_at(nest, level, t);
    const Tiles tiles = {&scopes[level], (held > 0 ? held : nest->n_levels) - level, held == 0};
    table_cell(table, tensor->name);
    if (held > 0)
        table_cell_take(table, reuse_over_time(&scopes[home], held - home, tensor));
    else
        table_cell(table, "streamed");
    table_cell_take(table, reuse_across_children(&tiles, tensor));
}

static void append_reuse(GString *out, const Scope *scopes, int level)
{
    g_autoptr(Table) table = table_new(3);
    for (guint column = 0; column < 3; column++)
        table_left(table, column);
    table_cell(table, "reuse");
    table_cell(table, "over time");
    table_cell(table, "across children");
    for (int t = 0; t < scopes->entry->layer->op.n_tensors; t++)
        add_reuse(table, scopes, level, t);
    table_write(table, out, 2, 0, false);
}

static void append_level(GString *out, const Scope *scopes, int number)
{
    const Scope *scope = &scopes[number];
    const ReportEntry *entry = scope->entry;
    bool last = scope->number + 1 == entry->nest->n_levels;
    int64_t children = scope->level->children;
    g_string_append_printf(out, "\nlevel %d: %" G_GINT64_FORMAT " %s%s", scope->number, children,
                           last ? "PE" : "cluster", children == 1 ? "" : "s");
    if (entry->status == ENTRY_EVALUATED) {
        int64_t steps = entry->result.level[number].steps;
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " step%s in all", steps,
                               steps == 1 ? "" : "s");
    }
    g_string_append_c(out, '\n');
    append_directives(out, scope);
    append_whole_dims(out, scope);
    append_reuse(out, scopes, number);
}

static void find_scopes(Scope scopes[LEVELS_MAX], const ReportEntry *entry)
{
    scope_start(&scopes[0], entry);
    for (int l = 0; l + 1 < entry->nest->n_levels; l++)
        scope_descend(&scopes[l], &scopes[l + 1]);
}

static void append_levels(GString *out, const ReportEntry *entry)
{
    Scope scopes[LEVELS_MAX];
    find_scopes(scopes, entry);
    for (int l = 0; l < entry->nest->n_levels; l++)
        append_level(out, scopes, l);
}

void explain_map(GString *out, const ReportEntry *entry, int level, int map)
{
    Scope scopes[LEVELS_MAX];
    g_autoptr(Table) table = directives_new();
    find_scopes(scopes, entry);
    add_directive(table, &scopes[level], &scopes[level].level->map[map]);
    table_write(table, out, 0, 0, false);
    if (entry->machine != NULL)
        append_reuse(out, scopes, level);
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
