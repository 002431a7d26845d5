/* Values stay as they are written, but for the marks of strings: what they mean is for those to
 * say who read the options of the command line.  An axis is tried here, so that a mistake is
 * shown where it is. */
#include "dse/studyfile.h"

#include <string.h>

#include "dse/pareto.h"
#include "dse/space.h"
#include "frontend/ast.h"

typedef struct {
    Diag *diag;
    const Source *text;
    StudyFile *file;
} Reader;

static const char *const keys[] = {"Dataflows", "Model",   "Hardware",   "Layers",
                                   "Set",       "Define",  "Technology", "Area",
                                   "Power",     "Buffers", "Objectives", "Axis"};

void studyfile_free(StudyFile *file)
{
    if (!file)
        return;
    GPtrArray *lists[] = {file->dataflows, file->layers, file->sets, file->defines, file->sweeps};
    char *words[] = {file->model, file->hardware, file->technology, file->area,
                     file->power, file->buffers,  file->objectives};
    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
        g_ptr_array_free(lists[k], TRUE);
    for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
        g_free(words[k]);
    g_ptr_array_free(file->places, TRUE);
    g_free(file);
}

/* ---- values ---------------------------------------------------------------------- */

/* As it is written, with its unit; a string without its marks.  To be freed. */
static char *text_of(const Reader *r, const Expr *value)
{
    if (value->kind == EXPR_STRING)
        return g_strdup(value->text);
    uint32_t end = value->unit ? value->unit->span.end : value->span.end;
    g_autofree char *number =
        g_strndup(r->text->text + value->span.begin, value->span.end - value->span.begin);
    return value->unit && end > value->span.end ? g_strconcat(number, ast_unit(value), NULL)
                                                : g_steal_pointer(&number);
}

static bool one_value(const Reader *r, const Item *item)
{
    if (item->kind == ITEM_ENTRY && item->value && !item->has_body &&
        item->value->kind != EXPR_LIST)
        return true;
    diag_report(r->diag, CHECK_WRONG_VALUE, ast_head(item), "%s wants one value", item->key);
    return false;
}

static void read_one(const Reader *r, const Item *item, char **place)
{
    if (one_value(r, item) && !*place)
        *place = text_of(r, item->value);
}

/* "[a, b]", or one value. */
static void read_list(const Reader *r, const Item *item, GPtrArray *list)
{
    if (item->kind != ITEM_ENTRY || !item->value || item->has_body) {
        diag_report(r->diag, CHECK_WRONG_VALUE, ast_head(item), "%s wants a list, as [a, b]",
                    item->key);
        return;
    }
    const Expr *value = item->value->kind == EXPR_LIST ? item->value->args : item->value;
    for (; value; value = value->next)
        g_ptr_array_add(list, text_of(r, value));
}

static void read_words(const Reader *r, const Item *item, char **place)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    read_list(r, item, list);
    g_ptr_array_add(list, NULL);
    if (!*place)
        *place = g_strjoinv(",", (char **) list->pdata);
}

static void check_objectives(const Reader *r, const Item *item)
{
    const char *names[OBJECTIVES];
    for (Objective o = 0; o < OBJECTIVES; o++)
        names[o] = objective_name(o);
    if (!item->value || item->has_body)
        return; /* reported */
    const Expr *value = item->value->kind == EXPR_LIST ? item->value->args : item->value;
    if (!value)
        diag_report(r->diag, CHECK_WRONG_VALUE, item->value->span, "at least one is wanted");
    for (; value; value = value->next) {
        g_autofree char *word = text_of(r, value);
        size_t k = 0;
        while (k < OBJECTIVES && strcmp(names[k], word) != 0)
            k++;
        const char *near = k < OBJECTIVES ? NULL : diag_nearest(word, names, OBJECTIVES);
        if (k == OBJECTIVES)
            diag_report(r->diag, CHECK_WRONG_VALUE, value->span, "no objective '%s'%s%s%s", word,
                        DIAG_HINT(near));
    }
}

static void check_buffers(const Reader *r, const Item *item)
{
    if (r->file->buffers && strcmp(r->file->buffers, "exact") != 0)
        diag_report(r->diag, CHECK_WRONG_VALUE, item->value ? item->value->span : ast_head(item),
                    "Buffers is 'exact' or left out, not '%s'", r->file->buffers);
}

static void unknown_key(const Reader *r, const Item *item, const char *where,
                        const char *const *names, size_t n)
{
    const char *near = diag_nearest(item->key, names, n);
    diag_report(r->diag, CHECK_UNKNOWN_KEY, ast_key_span(item), "%s has no key '%s'%s%s%s", where,
                item->key, DIAG_HINT(near));
}

/* Only Axis may stand more than once. */
static void check_twice(const Reader *r, const Item *items)
{
    for (const Item *item = items; item; item = item->next)
        for (const Item *other = items; other != item; other = other->next)
            if (!strcmp(item->key, other->key) && strcmp(item->key, "Axis") != 0) {
                diag_report(r->diag, CHECK_DUPLICATE_KEY, ast_head(item), "%s is given twice",
                            item->key);
                diag_note(r->diag, ast_head(other), "it is given here before");
                break;
            }
}

/* ---- axes ------------------------------------------------------------------------ */

static char *axis_list(const Reader *r, const Item *values)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    read_list(r, values, list);
    g_ptr_array_add(list, NULL);
    return g_strjoinv(",", (char **) list->pdata);
}

/* From, To and Step or Factor; NULL after reporting. */
static char *axis_range(const Reader *r, const Item *axis)
{
    const Item *from = ast_find(axis->body, "From"), *to = ast_find(axis->body, "To");
    const Item *step = ast_find(axis->body, "Step"), *factor = ast_find(axis->body, "Factor");
    const Item *by = step ? step : factor;
    if (!from || !to || !by || (step && factor)) {
        diag_report(r->diag, CHECK_MISSING_KEY, ast_head(axis),
                    "an axis has Values, or From, To and one of Step and Factor");
        return NULL;
    }
    if (!one_value(r, from) || !one_value(r, to) || !one_value(r, by))
        return NULL;
    g_autofree char *low = text_of(r, from->value), *high = text_of(r, to->value),
                    *each = text_of(r, by->value);
    return g_strdup_printf("%s:%s:%s%s", low, high, factor ? "*" : "", each);
}

/* Where each value stands; a range is one place. */
static GArray *axis_places(const Item *axis, const Item *values)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Span));
    const Expr *list = values ? values->value : NULL;
    const Span head = ast_head(axis);
    if (list && list->kind != EXPR_LIST)
        g_array_append_val(places, list->span);
    for (const Expr *value = list && list->kind == EXPR_LIST ? list->args : NULL; value;
         value = value->next)
        g_array_append_val(places, value->span);
    if (places->len == 0)
        g_array_append_val(places, head);
    return places;
}

static void read_axis(const Reader *r, const Item *axis)
{
    static const char *const names[] = {"Values", "From", "To", "Step", "Factor"};
    const Item *values = ast_find(axis->body, "Values");
    const char *name = ast_name(axis);
    for (const Item *item = axis->body; item; item = item->next)
        if (!g_strv_contains((const char *const[]){"Values", "From", "To", "Step", "Factor", NULL},
                             item->key))
            unknown_key(r, item, "Axis", names, G_N_ELEMENTS(names));
    check_twice(r, axis->body);
    if (!*name || !axis->has_body) {
        diag_report(r->diag, CHECK_WRONG_VALUE, ast_head(axis),
                    "an axis is Axis \"KEY\" { Values: [...] }");
        return;
    }
    if (values && axis->body->next)
        diag_report(r->diag, CHECK_WRONG_VALUE, ast_head(axis),
                    "an axis has either Values or From and To");
    g_autofree char *text = values ? axis_list(r, values) : axis_range(r, axis);
    g_autoptr(Space) trial = space_new();
    g_autoptr(GError) error = NULL;
    if (!text)
        return;
    for (guint i = 0; i < r->file->sweeps->len; i++) {
        const char *other = r->file->sweeps->pdata[i];
        if (g_str_has_prefix(other, name) && other[strlen(name)] == '=')
            diag_report(r->diag, CHECK_DUPLICATE_BLOCK, ast_head(axis), "a second axis %s", name);
    }
    char *sweep = g_strdup_printf("%s=%s", name, text);
    GArray *places = axis_places(axis, values);
    g_ptr_array_add(r->file->sweeps, sweep);
    g_ptr_array_add(r->file->places, places);
    if (!space_add(trial, sweep, &error))
        diag_report(r->diag, CHECK_WRONG_VALUE, ast_head(axis), "%s",
                    error->message + strlen("--sweep "));
    else if (values && space_find(trial, name)->values->len != places->len)
        diag_report(r->diag, CHECK_WRONG_VALUE, ast_head(axis),
                    "a text among the values of %s is more than one value", name);
}

/* ---- the block ------------------------------------------------------------------- */

static void read_item(const Reader *r, const Item *item)
{
    StudyFile *f = r->file;
    const struct {
        const char *key;
        char **word;
        GPtrArray *list;
    } table[] = {{"Dataflows", NULL, f->dataflows},
                 {"Layers", NULL, f->layers},
                 {"Set", NULL, f->sets},
                 {"Define", NULL, f->defines},
                 {"Model", &f->model, NULL},
                 {"Hardware", &f->hardware, NULL},
                 {"Technology", &f->technology, NULL},
                 {"Area", &f->area, NULL},
                 {"Power", &f->power, NULL},
                 {"Buffers", &f->buffers, NULL}};
    for (size_t k = 0; k < G_N_ELEMENTS(table); k++)
        if (!strcmp(item->key, table[k].key)) {
            if (table[k].word)
                read_one(r, item, table[k].word);
            else
                read_list(r, item, table[k].list);
            if (table[k].word == &f->buffers)
                check_buffers(r, item);
            return;
        }
    if (!strcmp(item->key, "Objectives")) {
        read_words(r, item, &f->objectives);
        check_objectives(r, item);
    } else if (!strcmp(item->key, "Axis"))
        read_axis(r, item);
    else
        unknown_key(r, item, "Study", keys, G_N_ELEMENTS(keys));
}

static void read_study(const Reader *r, const Ast *ast)
{
    const Item *study = ast_find(ast->items, "Study");
    static const char *const top[] = {"Study"};
    if (!study || !study->has_body)
        diag_report(r->diag, CHECK_MISSING_KEY, (Span){ast->source, 0, 0}, "no Study in this file");
    for (const Item *item = ast->items; item; item = item->next) {
        if (strcmp(item->key ? item->key : "", "Study") != 0)
            unknown_key(r, item, "a file of a study", top, 1);
        else if (item != study)
            diag_report(r->diag, CHECK_DUPLICATE_BLOCK, ast_head(item), "a second Study");
    }
    for (const Item *item = study ? study->body : NULL; item; item = item->next)
        read_item(r, item);
    if (study)
        check_twice(r, study->body);
}

StudyFile *studyfile_read(const char *name, Diag *diag, GError **error)
{
    Sources *sources = diag_sources(diag);
    int source = sources_read(sources, name, SOURCE_ANY, error);
    if (source < 0)
        return NULL;
    g_autoptr(StudyFile) file = g_new0(StudyFile, 1);
    GPtrArray **lists[] = {&file->dataflows, &file->layers, &file->sets, &file->defines,
                           &file->sweeps};
    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
        *lists[k] = g_ptr_array_new_with_free_func(g_free);
    file->places = g_ptr_array_new_with_free_func((GDestroyNotify) g_array_unref);
    const Ast *ast = ast_parse(sources, source, diag_arena(diag), diag);
    const Source text = *sources_get(sources, source);
    Reader reader = {diag, &text, file};
    if (!ast->broken)
        read_study(&reader, ast);
    return diag_errors(diag) == 0 ? g_steal_pointer(&file) : NULL;
}
