/* Cells are kept one behind the other, row by row, with the beginnings of the rows; widths
 * are those on a terminal. */
#include "report/table.h"

#include <string.h>

#include "frontend/terminal.h"
#include "report/printable.h"

struct Table {
    guint columns;
    bool *left;
    GString *bytes; /* of all cells, each ended by a 0 */
    GArray *rows;   /* of gsize: where each begins */
    guint cells;    /* in the last row */
    GArray *rules;  /* of guint: rows that a line stands before, ascending */
};

/* How a table is laid out. */
typedef struct {
    guint *width; /* of each column */
    bool *marked; /* some cell of the column ends in a mark: the others leave room for it */
    guint head;   /* cells that a cut text keeps of its beginning */
    guint total;
} Layout;

static const char gap[] = "  ";

Table *table_new(guint columns)
{
    Table *table = g_new0(Table, 1);
    table->columns = columns;
    table->left = g_new0(bool, columns);
    table->bytes = g_string_new(NULL);
    table->rows = g_array_new(FALSE, FALSE, sizeof(gsize));
    table->rules = g_array_new(FALSE, FALSE, sizeof(guint));
    return table;
}

void table_free(Table *table)
{
    if (!table)
        return;
    g_free(table->left);
    g_string_free(table->bytes, TRUE);
    g_array_free(table->rows, TRUE);
    g_array_free(table->rules, TRUE);
    g_free(table);
}

void table_left(Table *table, guint column)
{
    table->left[column] = true;
}

void table_cell(Table *table, const char *text)
{
    if (table->rows->len == 0 || table->cells == table->columns) {
        g_array_append_val(table->rows, table->bytes->len);
        table->cells = 0;
    }
    table->cells++;
    printable_append(table->bytes, text);
    g_string_append_c(table->bytes, '\0');
}

void table_cell_take(Table *table, GString *text)
{
    table_cell(table, text->str);
    g_string_free(text, TRUE);
}

static guint row_count(const Table *table)
{
    return table->rows->len;
}

void table_rule(Table *table)
{
    guint row = row_count(table);
    g_array_append_val(table->rules, row);
}

static const char *cell_text(const Table *table, guint row, guint column)
{
    const char *text = table->bytes->str + g_array_index(table->rows, gsize, row);
    for (guint c = 0; c < column; c++)
        text += strlen(text) + 1;
    return text;
}

static guint length_of(const char *text)
{
    return (guint) terminal_cells(text);
}

/* ---- cutting ------------------------------------------------------------------------ */

/* "bottlene~wise": `width` cells of a terminal, `head` of the beginning. */
static void append_cut(GString *out, const char *text, guint width, guint head)
{
    g_string_append_len(out, text, terminal_head(text, (int) head) - text);
    g_string_append_printf(out, "~%s", terminal_tail(text, (int) (width - 1 - head)));
}

/* How many different texts the first column has once it is cut. */
static guint count_different(const Table *table, guint width, guint head)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint row = 0; row < row_count(table); row++) {
        const char *text = cell_text(table, row, 0);
        GString *cut = g_string_new(NULL);
        if (length_of(text) > width)
            append_cut(cut, text, width, head);
        else
            g_string_append(cut, text);
        g_hash_table_add(seen, g_string_free(cut, FALSE));
    }
    return g_hash_table_size(seen);
}

/* Cuts the first column to the width or, where texts would become alike, to the least one that
 * tells them apart: from the middle on, it is looked for where to cut. */
static void layout_cut(const Table *table, Layout *layout, guint width)
{
    guint all = count_different(table, layout->width[0], 0);
    for (; width < layout->width[0]; width++)
        for (guint off = 0; off <= (width - 1) / 2; off++)
            for (int side = 0; side < 2; side++) {
                guint head = side ? (width - 1) / 2 - off : MIN(width - 1, width / 2 + off);
                if (count_different(table, width, head) < all)
                    continue;
                layout->head = head;
                layout->width[0] = width;
                return;
            }
}

/* ---- layout ------------------------------------------------------------------------- */

static bool is_marked(const char *text)
{
    size_t length = strlen(text);
    return length > 1 && strchr("!*", text[length - 1]);
}

static guint space_of(const Table *table, const Layout *layout, guint column, const char *text)
{
    bool room = layout->marked[column] && !table->left[column] && !is_marked(text);
    return length_of(text) + room;
}

static void layout_set(const Table *table, Layout *layout, guint indent, guint width)
{
    layout->width = g_new0(guint, table->columns);
    layout->marked = g_new0(bool, table->columns);
    for (guint row = 0; row < row_count(table); row++)
        for (guint c = 0; c < table->columns; c++)
            layout->marked[c] |= is_marked(cell_text(table, row, c));
    for (guint row = 0; row < row_count(table); row++)
        for (guint c = 0; c < table->columns; c++)
            layout->width[c] =
                MAX(layout->width[c], space_of(table, layout, c, cell_text(table, row, c)));
    guint total = indent + (table->columns - 1) * (guint) strlen(gap);
    for (guint c = 0; c < table->columns; c++)
        total += layout->width[c];
    enum { LEAST = 8 }; /* letters that are left of a name */
    if (width > 0 && total > width && layout->width[0] > LEAST)
        layout_cut(table, layout,
                   MAX(LEAST, layout->width[0] - MIN(layout->width[0], total - width)));
    layout->total = (table->columns - 1) * (guint) strlen(gap);
    for (guint c = 0; c < table->columns; c++)
        layout->total += layout->width[c];
}

static void layout_clear(Layout *layout)
{
    g_free(layout->width);
    g_free(layout->marked);
}

/* ---- writing ------------------------------------------------------------------------ */

static void append_blanks(GString *out, guint n)
{
    for (guint i = 0; i < n; i++)
        g_string_append_c(out, ' ');
}

static void append_cell(const Table *table, GString *out, const Layout *layout, guint c,
                        const char *text)
{
    g_autoptr(GString) cut = NULL;
    guint width = layout->width[c];
    if (length_of(text) > width) {
        cut = g_string_new(NULL);
        append_cut(cut, text, width, layout->head);
        text = cut->str;
    }
    guint space = space_of(table, layout, c, text), blanks = space < width ? width - space : 0;
    append_blanks(out, table->left[c] ? 0 : blanks);
    g_string_append(out, text);
    append_blanks(out, table->left[c] ? blanks : space - length_of(text));
}

static void append_row(const Table *table, GString *out, guint row, const Layout *layout)
{
    for (guint c = 0; c < table->columns; c++) {
        g_string_append(out, c ? gap : "");
        append_cell(table, out, layout, c, cell_text(table, row, c));
    }
    while (out->len && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
}

/* Rows on their way to a file are let go as they come; `file` may be NULL. */
static void write_rows(const Table *table, GString *out, Output *file, guint indent, guint width,
                       bool colour)
{
    Layout layout = {0};
    guint rule = 0;
    layout_set(table, &layout, indent, width);
    for (guint row = 0; row < row_count(table); row++) {
        for (; rule < table->rules->len && g_array_index(table->rules, guint, rule) == row;
             rule++) {
            append_blanks(out, indent);
            for (guint i = 0; i < layout.total; i++)
                g_string_append_c(out, '-');
            g_string_append_c(out, '\n');
        }
        bool bold = colour && row == 0;
        append_blanks(out, indent);
        g_string_append(out, bold ? "\033[1m" : "");
        append_row(table, out, row, &layout);
        g_string_append(out, bold ? "\033[0m\n" : "\n");
        if (file)
            output_spill(file);
    }
    layout_clear(&layout);
}

void table_write(const Table *table, GString *out, guint indent, guint width, bool colour)
{
    write_rows(table, out, NULL, indent, width, colour);
}

void table_write_out(const Table *table, Output *out, guint width, bool colour)
{
    write_rows(table, out->text, out, 0, width, colour);
}
