/* A System block: names become numbers of cores. */
#include "frontend/system.h"

#include <string.h>

#include "frontend/reader.h"
#include "frontend/schema.h"

enum { CORES_MAX = 256 };

typedef struct {
    Reader reader;
    const Trees *program;
    System *system;
} Reading;

static SystemCore *core_at(const System *system, guint i)
{
    return &g_array_index(system->cores, SystemCore, i);
}

/* ---- values ---- */

/* Of bits: an element is not the same for all that goes over it. */
static void read_rate(Reading *reading, const Item *item, Rate *rate)
{
    if (!reader_rate(&reading->reader, item, rate) || rate->unit != PER_CYCLE_ELEMENTS)
        return;
    reader_wrong(&reading->reader, CHECK_WRONG_UNIT, item->value->span,
                 "%s wants bit/cycle, B/cycle, GB/s and the like", item->key);
}

static void read_clock(Reading *reading, const Item *block)
{
    const Item *item = ast_find(block->body, "Clock");
    if (item == NULL || !schema_fits(item, "System"))
        return;
    reading->system->clock_span = item->value->span;
    reader_quantity(&reading->reader, item, "Hz", false, &reading->system->clock_hz);
}

static void read_offchip(Reading *reading, const Item *block)
{
    static const char table[] = "OffChip of a System";
    System *system = reading->system;
    const Item *offchip = ast_find(block->body, "OffChip");
    system->width_bits = 64;
    for (const Item *item = offchip != NULL ? offchip->body : NULL; item != NULL;
         item = item->next) {
        if (!schema_fits(item, table))
            continue;
        if (strcmp(item->key, "Bandwidth") == 0)
            read_rate(reading, item, &system->bandwidth);
        else if (strcmp(item->key, "Width") == 0)
            reader_bits(&reading->reader, item, 1, 1 << 20, &system->width_bits);
        else
            reader_quantity(&reading->reader, item, "pJ", true,
                            strcmp(item->key, "Read") == 0 ? &system->read_pj : &system->write_pj);
    }
}

/* ---- cores ---- */

static int find_core(const System *system, const char *name)
{
    for (guint i = 0; i < system->cores->len; i++)
        if (strcmp(core_at(system, i)->name, name) == 0)
            return (int) i;
    return -1;
}

static void read_core(Reading *reading, const Item *item)
{
    const Item *accelerator = ast_find(item->body, "Accelerator"),
               *dataflow = ast_find(item->body, "Dataflow");
    SystemCore core = {.name = ast_name(item), .span = item->value->span};
    int before = find_core(reading->system, core.name);
    if (strcmp(core.name, "OffChip") == 0 || strcmp(core.name, "all") == 0) {
        reader_wrong(&reading->reader, CHECK_RESERVED_NAME, core.span,
                     "'%s' is a reserved word: in a Connects it stands for %s", core.name,
                     *core.name == 'a' ? "all cores" : "off-chip memory");
        return;
    }
    if (before >= 0) {
        reader_wrong(&reading->reader, CHECK_DUPLICATE_BLOCK, core.span, "core '%s' is given twice",
                     core.name);
        diag_note(reading->reader.diag, core_at(reading->system, (guint) before)->span,
                  "it is given here before");
        return;
    }
    if (reading->system->cores->len == CORES_MAX) {
        reader_wrong(&reading->reader, CHECK_LIMIT, core.span, "more than %d cores", CORES_MAX);
        return;
    }
    if (accelerator != NULL && schema_fits(accelerator, "Core")) {
        core.accelerator = accelerator->value->text;
        core.accelerator_span = accelerator->value->span;
    }
    if (dataflow != NULL && schema_fits(dataflow, "Core")) {
        core.dataflow = dataflow->value->text;
        core.dataflow_span = dataflow->value->span;
    }
    if (core.accelerator == NULL || core.dataflow == NULL) /* which is reported */
        reading->reader.wrong = true;
    g_array_append_val(reading->system->cores, core);
}

/* ---- links ---- */

static bool is_name(const Expr *expr)
{
    return (expr->kind == EXPR_WORD || expr->kind == EXPR_STRING) && expr->unit == NULL;
}

static void add_end(GArray *ends, int end)
{
    for (guint i = 0; i < ends->len; i++)
        if (g_array_index(ends, int, i) == end)
            return;
    g_array_append_val(ends, end);
}

static void add_named(Reading *reading, const Expr *name, bool offchip, GArray *ends)
{
    const System *system = reading->system;
    Diag *diag = reading->reader.diag;
    int core = is_name(name) ? find_core(system, name->text) : -1;
    if (!is_name(name)) {
        reader_wrong(&reading->reader, CHECK_WRONG_VALUE, name->span,
                     "a link connects cores by name, all of them, or OffChip");
    } else if (core >= 0) {
        add_end(ends, core);
    } else if (offchip && strcmp(name->text, "all") == 0) {
        for (int i = 0; i < (int) system->cores->len; i++)
            add_end(ends, i);
    } else if (offchip && strcmp(name->text, "OffChip") == 0) {
        add_end(ends, (int) system->cores->len);
    } else {
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        for (guint i = 0; i < system->cores->len; i++)
            g_ptr_array_add(names, (gpointer) core_at(system, i)->name);
        reader_wrong(&reading->reader, CHECK_UNKNOWN_CORE, name->span,
                     "no core '%s' in this system%s", name->text,
                     diag_hint(diag, name->text, (const char *const *) names->pdata, names->len));
    }
}

static void add_list(Reading *reading, const Expr *value, bool offchip, GArray *ends)
{
    if (value->kind != EXPR_LIST) {
        add_named(reading, value, offchip, ends);
        return;
    }
    for (const Expr *name = value->args; name != NULL; name = name->next)
        add_named(reading, name, offchip, ends);
}

static void read_figures(Reading *reading, const Item *item, SystemLink *link)
{
    for (const Item *key = item->body; key != NULL; key = key->next) {
        if (!schema_fits(key, item->key))
            continue;
        if (strcmp(key->key, "Bandwidth") == 0)
            read_rate(reading, key, &link->bandwidth);
        else if (strcmp(key->key, "Energy") == 0)
            reader_quantity(&reading->reader, key, "pJ/bit", true, &link->pj_per_bit);
    }
}

static const int *keep_ends(Reading *reading, const GArray *ends)
{
    int *kept = arena_alloc(reading->program->arena, (ends->len + 1) * sizeof(int));
    if (ends->len > 0)
        memcpy(kept, ends->data, ends->len * sizeof(int));
    return kept;
}

static void check_name(Reading *reading, const SystemLink *link)
{
    for (guint i = 0; i < reading->system->links->len; i++) {
        const SystemLink *other = &g_array_index(reading->system->links, SystemLink, i);
        if (strcmp(other->name, link->name) != 0)
            continue;
        reader_wrong(&reading->reader, CHECK_DUPLICATE_BLOCK, link->span,
                     "link '%s' is given twice", link->name);
        diag_note(reading->reader.diag, other->span, "it is given here before");
        return;
    }
}

/* `Link bus { Connects: a, b }`, `Link a b { }`. */
static void read_link(Reading *reading, const Item *item)
{
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(int));
    const Item *connects = ast_find(item->body, "Connects");
    const Expr *value = item->value;
    SystemLink link = {.name = ast_name(item), .span = ast_head(item), .pj_per_bit = {0, 1}};
    read_figures(reading, item, &link);
    if (value->kind == EXPR_LIST) {
        add_list(reading, value, true, ends);
        link.name = arena_printf(reading->program->arena, "%s %s", value->args->text,
                                 value->args->next->text);
    }
    if (connects != NULL && schema_fits(connects, "Link"))
        add_list(reading, connects->value, true, ends);
    if (connects == NULL && value->kind != EXPR_LIST) {
        reader_wrong(&reading->reader, CHECK_MISSING_KEY, ast_head(item), "Link %s has no Connects",
                     link.name);
        return;
    }
    check_name(reading, &link);
    if (ends->len < 2 && !reading->reader.wrong)
        reader_wrong(&reading->reader, CHECK_UNREACHABLE, ast_head(item),
                     "link '%s' connects nothing: it has one end", link.name);
    link.n_ends = (int) ends->len;
    link.end = keep_ends(reading, ends);
    g_array_append_val(reading->system->links, link);
}

static void add_mesh_link(Reading *reading, const SystemLink *mesh, int from, int to)
{
    SystemLink link = *mesh;
    int *end = arena_alloc(reading->program->arena, 2 * sizeof(int));
    end[0] = from;
    end[1] = to;
    link.end = end;
    link.n_ends = 2;
    link.one_way = true;
    link.name =
        arena_printf(reading->program->arena, "%s-%s", core_at(reading->system, (guint) from)->name,
                     core_at(reading->system, (guint) to)->name);
    g_array_append_val(reading->system->links, link);
}

/* "2x3" */
static bool read_size(const char *text, int *rows, int *columns)
{
    char *end;
    gint64 high = g_ascii_strtoll(text, &end, 10), wide = *end == 'x' ? 0 : -1;
    if (!g_ascii_isdigit(*text) || wide < 0 || !g_ascii_isdigit(end[1]))
        return false;
    wide = g_ascii_strtoll(end + 1, &end, 10);
    *rows = (int) CLAMP(high, 0, CORES_MAX + 1);
    *columns = (int) CLAMP(wide, 0, CORES_MAX + 1);
    return *end == '\0' && high >= 1 && wide >= 1;
}

/* A link each way between neighbours, all along rows before all along columns, so that of shortest
 * routes those along rows first are taken. */
static void read_mesh(Reading *reading, const Item *item)
{
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(int));
    const Item *connects = ast_find(item->body, "Connects");
    SystemLink mesh = {.span = ast_head(item), .pj_per_bit = {0, 1}};
    int rows, columns, cores = (int) reading->system->cores->len;
    read_figures(reading, item, &mesh);
    if (!read_size(ast_name(item), &rows, &columns)) {
        reader_wrong(&reading->reader, CHECK_WRONG_VALUE, item->value->span,
                     "Mesh wants its rows and columns of cores, as in Mesh 2x3 { ... }");
        return;
    }
    if (connects != NULL && schema_fits(connects, "Mesh"))
        add_list(reading, connects->value, false, ends);
    else
        for (int i = 0; i < cores && i < rows * columns; i++)
            g_array_append_val(ends, i);
    if ((int) ends->len != rows * columns) {
        bool beyond = rows * columns > CORES_MAX;
        if (!reading->reader.wrong)
            reader_wrong(&reading->reader, CHECK_UNREACHABLE, ast_head(item),
                         "a mesh of %s needs %s%d cores, and connects %u", ast_name(item),
                         beyond ? "more than " : "", beyond ? CORES_MAX : rows * columns,
                         ends->len);
        return;
    }
    const int *at = (const int *) (gpointer) ends->data;
    for (int down = 0; down < 2; down++)
        for (int r = 0; r + down < rows; r++)
            for (int c = 0; c + !down < columns; c++) {
                int from = at[r * columns + c], to = at[(r + down) * columns + c + !down];
                add_mesh_link(reading, &mesh, from, to);
                add_mesh_link(reading, &mesh, to, from);
            }
}

/* ---- all of it ---- */

bool system_read(const Trees *program, const ProgramFile *file, const Item *block, System *system)
{
    *system = (System){.name = ast_name(block),
                       .span = ast_head(block),
                       .clock_span = SPAN_NONE,
                       .clock_hz = {0, 1},
                       .read_pj = {0, 1},
                       .write_pj = {0, 1}};
    system->cores = g_array_new(FALSE, FALSE, sizeof(SystemCore));
    system->links = g_array_new(FALSE, FALSE, sizeof(SystemLink));
    Reading reading = {{.diag = program->diag, .operators = program->operators}, program, system};
    reading.reader.scope = (ExprScope){.constants = file->constants, .diag = program->diag};
    read_clock(&reading, block);
    read_offchip(&reading, block);
    for (const Item *item = block->body; item != NULL; item = item->next)
        if (strcmp(item->key, "Core") == 0 && schema_fits(item, "System"))
            read_core(&reading, item);
    for (const Item *item = block->body; item != NULL; item = item->next) {
        if (!schema_fits(item, "System"))
            continue;
        if (strcmp(item->key, "Link") == 0)
            read_link(&reading, item);
        else if (strcmp(item->key, "Mesh") == 0)
            read_mesh(&reading, item);
    }
    return !reading.reader.wrong && !block->broken;
}

void system_clear(System *system)
{
    if (system->cores != NULL)
        g_array_free(system->cores, TRUE);
    if (system->links != NULL)
        g_array_free(system->links, TRUE);
    system->cores = system->links = NULL;
}
