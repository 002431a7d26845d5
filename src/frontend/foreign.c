/* A table of names, and two blocks that are written otherwise there:
 *
 *   PE { NumPEs: 128; VectorWidth: 4 }      is  PEs: 128, Lanes: 4
 *   Buffer { GlobalL2: 2048, LocalL1: 64 }  is  Buffer L2 { Capacity: 2048 B } and one L1  */
#include "frontend/foreign.h"

#include <string.h>

static const struct {
    const char *theirs, *ours;
} keys[] =
    {
        {"NumPEs", "PEs"},    {"VectorWidth", "Lanes"}, {"AvgLatency", "Latency"},
        {"NumHops", "Hops"},  {"AvgHops", "Hops"},      {"MulticastSupported", "Multicast"},
        {"Freq", "Clock"},    {"Frequency", "Clock"},   {"BitWidth", "Precision"},
        {"Size", "Capacity"},
},
  directives[] = {
      {"sMap", "SpatialMap"},
      {"tMap", "TemporalMap"},
      {"Spatial_Map", "SpatialMap"},
      {"Temporal_Map", "TemporalMap"},
};

static const char *ours(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (g_ascii_strcasecmp(keys[i].theirs, key) == 0)
            return keys[i].ours;
    }
    return NULL;
}

static bool has_number(const Item *item)
{
    return item->kind == ITEM_ENTRY && !item->has_body && item->value != NULL &&
           item->value->kind == EXPR_NUMBER;
}

static void note_number(const Item *item, const char *key, Diag *diag)
{
    const char *unit = ast_unit(item->value);
    diag_note(diag, ast_head(item), "write %s: %s%s%s", key, item->value->text,
              unit != NULL ? " " : "", unit != NULL ? unit : "");
}

static bool note_directive(const Item *item, Diag *diag)
{
    for (size_t i = 0; i < G_N_ELEMENTS(directives); i++) {
        if (strcmp(directives[i].theirs, item->key) != 0)
            continue;
        diag_note(diag, SPAN_NONE,
                  "this is MAESTRO's format of 2018, which is not read; write %s(size,offset) %s",
                  directives[i].ours,
                  ast_more(item)->name != NULL ? ast_more(item)->name : "and a dim");
        return true;
    }
    return false;
}

/* "L1" or "L2" where the key ends so. */
static const char *buffer_of(const Item *item)
{
    if (!has_number(item))
        return NULL;
    return g_str_has_suffix(item->key, "L1")   ? "L1"
           : g_str_has_suffix(item->key, "L2") ? "L2"
                                               : NULL;
}

static bool is_bare(const Item *item, const char *key)
{
    return strcmp(item->key, key) == 0 && item->has_body && item->value == NULL;
}

static void note_buffers(const Item *block, Diag *diag)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (const Item *item = block->body; item != NULL; item = item->next) {
        const char *unit = has_number(item) ? ast_unit(item->value) : NULL;
        if (buffer_of(item) != NULL)
            g_string_append_printf(text, "%sBuffer %s { Capacity: %s %s }",
                                   text->len > 0 ? " and " : "", buffer_of(item), item->value->text,
                                   unit != NULL ? unit : "B");
    }
    diag_note(diag, SPAN_NONE, "write %s",
              text->len > 0 ? text->str : "Buffer L1 { ... } or Buffer L2 { ... }");
}

void foreign_note(const Item *item, Diag *diag)
{
    const char *key = ours(item->key);
    if (note_directive(item, diag))
        return;
    if (is_bare(item, "Buffer"))
        note_buffers(item, diag);
    else if (is_bare(item, "NoC"))
        diag_note(diag, SPAN_NONE, "write NoC 0 { ... }");
    else if (key != NULL && has_number(item))
        note_number(item, key, diag);
    for (const Item *each = is_bare(item, "PE") ? item->body : NULL; each != NULL;
         each = each->next) {
        if (has_number(each) && ours(each->key) != NULL)
            note_number(each, ours(each->key), diag);
    }
}

bool foreign_covers(const Item *owner, const Item *item)
{
    return owner != NULL && is_bare(owner, "Buffer") && buffer_of(item) != NULL;
}
