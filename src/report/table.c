/* Cells are kept in one array, row by row; widths count characters, not bytes. */
#include "report/table.h"

#include <string.h>

struct Table {
    guint columns;
    bool *left;
    GPtrArray *cells; /* of char * */
    GArray *rules;    /* of guint: rows that a line stands before */
};

static const char gap[] = "  ";

Table *table_new(guint columns)
{
    Table *table = g_new0(Table, 1);
    table->columns = columns;
    table->left = g_new0(bool, columns);
    table->cells = g_ptr_array_new_with_free_func(g_free);
    table->rules = g_array_new(FALSE, FALSE, sizeof(guint));
    return table;
}

void table_free(Table *table)
{
    if (!table)
        return;
    g_free(table->left);
    g_ptr_array_free(table->cells, TRUE);
    g_array_free(table->rules, TRUE);
    g_free(table);
}

void table_left(Table *table, guint column)
{
    table->left[column] = true;
}

/* A name out of a file must not reach the terminal's controls. */
static char *printable(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    for (char *p = valid; *p; p++)
        if (g_ascii_iscntrl(*p))
            *p = '?';
    return valid;
}

void table_cell(Table *table, const char *text)
{
    g_ptr_array_add(table->cells, printable(text));
}

void table_cell_take(Table *table, GString *text)
{
    table_cell(table, text->str);
    g_string_free(text, TRUE);
}

void table_rule(Table *table)
{
    guint row = table->cells->len / table->columns;
    g_array_append_val(table->rules, row);
}

static guint length_of(const char *text)
{
    return (guint) g_utf8_strlen(text, -1);
}

static guint *widths_new(const Table *table, guint indent, guint width, guint *total)
{
    guint *widths = g_new0(guint, table->columns);
    for (guint i = 0; i < table->cells->len; i++) {
        guint *column = &widths[i % table->columns];
        *column = MAX(*column, length_of(g_ptr_array_index(table->cells, i)));
    }
    *total = (table->columns - 1) * (guint) strlen(gap);
    for (guint c = 0; c < table->columns; c++)
        *total += widths[c];
    guint room = width > indent ? width - indent : 0;
    guint excess = *total > room ? MIN(*total - room, widths[0] > 8 ? widths[0] - 8 : 0) : 0;
    widths[0] -= excess;
    *total -= excess;
    return widths;
}

static void append_blanks(GString *out, guint n)
{
    for (guint i = 0; i < n; i++)
        g_string_append_c(out, ' ');
}

static void append_cell(GString *out, const char *text, guint width, bool left)
{
    guint length = length_of(text);
    if (!left)
        append_blanks(out, length < width ? width - length : 0);
    if (length <= width) {
        g_string_append(out, text);
    } else {
        g_string_append_len(out, text, g_utf8_offset_to_pointer(text, width - 1) - text);
        g_string_append_c(out, '~');
    }
    if (left)
        append_blanks(out, length < width ? width - length : 0);
}

static void append_row(const Table *table, GString *out, guint row, const guint *widths)
{
    for (guint c = 0; c < table->columns; c++) {
        const char *text = g_ptr_array_index(table->cells, row * table->columns + c);
        g_string_append(out, c ? gap : "");
        append_cell(out, text, widths[c], table->left[c]);
    }
    while (out->len && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
}

static bool rule_before(const Table *table, guint row)
{
    for (guint i = 0; i < table->rules->len; i++)
        if (g_array_index(table->rules, guint, i) == row)
            return true;
    return false;
}

void table_write(const Table *table, GString *out, guint indent, guint width, bool colour)
{
    guint total;
    g_autofree guint *widths = widths_new(table, indent, width, &total);
    for (guint row = 0; row < table->cells->len / table->columns; row++) {
        if (rule_before(table, row)) {
            append_blanks(out, indent);
            for (guint i = 0; i < total; i++)
                g_string_append_c(out, '-');
            g_string_append_c(out, '\n');
        }
        bool bold = colour && row == 0;
        append_blanks(out, indent);
        g_string_append(out, bold ? "\033[1m" : "");
        append_row(table, out, row, widths);
        g_string_append(out, bold ? "\033[0m\n" : "\n");
    }
}
