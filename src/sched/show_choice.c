/* The choice as text that can be given back. */
#include <string.h>

#include "report/printable.h"
#include "sched/show.h"

/* A name that is a word stands as it is, others in quotes. */
static void append_name(GString *out, const char *name)
{
    bool word = g_ascii_isalnum(*name) || *name == '_';
    for (const char *c = name; *c != '\0' && word; c++)
        word = g_ascii_isalnum(*c) || strchr("_.+-", *c) != NULL;
    g_string_append_printf(out, word ? "%s" : "\"%s\"", name);
}

static void append_layer(const Show *show, int l, GString *out)
{
    g_string_append(out, "  ");
    append_name(out, show->problem->fleet->layer[l].layer.name);
    g_string_append(out, ": ");
}

void show_choice(const Show *show, Output *out)
{
    GString *text = out->text;
    int n = show->problem->fleet->n_layers;
    g_autofree char *network = printable_text(show->problem->fleet->network);
    g_autofree char *system = printable_text(show->problem->fleet->system.name);
    g_string_append_printf(text, "// %s on %s, with --priority %s\n\nAllocate {\n", network, system,
                           show_priority(show));
    for (int l = 0; l < n; l++) {
        append_layer(show, l, text);
        for (int i = 0; i < problem_cores(show_split_of(show, l)); i++) {
            g_string_append(text, i > 0 ? ", " : "");
            append_name(text, show_core(show, l, i));
        }
        g_string_append_c(text, '\n');
        output_spill(out);
    }
    g_string_append(text, "}\n\nSplit {\n");
    for (int l = 0; l < n; l++) {
        append_layer(show, l, text);
        show_split(show, l, text);
        g_string_append_c(text, '\n');
        output_spill(out);
    }
    g_string_append(text, "}\n");
}
