/* From a Technology block to figures.  A key is read by a row of a table: where its number
 * goes and which units it may have; what no row knows is reported. */
#include "frontend/technology.h"

#include <string.h>

#include "frontend/unit.h"

/* Where the blocks of one Technology are being read. */
typedef struct {
    const Trees *program;
    const ProgramFile *file;
    Technology *technology;
    double width; /* bits of a word where nothing else is said; 0: an element */
    bool ok;
} Reader;

static bool read_exact(Reader *r, const Item *item, const Expr *expr, Rational *value)
{
    ExprScope scope = {.constants = r->file->constants, .diag = r->program->diag, .generation = 1};
    if (!expr) {
        diag_report(r->program->diag, CHECK_WRONG_VALUE, item->span, "%s has no number", item->key);
        return r->ok = false;
    }
    return expr_rational(&scope, expr, value) || (r->ok = false);
}

static bool has_unit(const Item *item, const char *unit)
{
    Rational factor;
    return item->value && unit_convert(ast_unit(item->value), unit, &factor);
}

/* A value of the item in that unit; "" is a plain number. */
static bool read_expr(Reader *r, const Item *item, const Expr *expr, const char *unit,
                      double *value)
{
    Rational exact, factor;
    if (!read_exact(r, item, expr, &exact))
        return false;
    if (unit_convert(ast_unit(expr), unit, &factor) && rational_multiply(exact, factor, &exact)) {
        *value = rational_real(exact);
        return true;
    }
    g_autofree char *choices = unit_choices(unit);
    if (!expr->unit)
        diag_report(r->program->diag, CHECK_WRONG_UNIT, expr->span,
                    "%s has no unit; it is given in %s", item->key, choices);
    else if (unit_is_known(ast_unit(expr)))
        diag_report(r->program->diag, CHECK_WRONG_UNIT, expr->span,
                    "%s has unit '%s'; it is given in %s", item->key, ast_unit(expr), choices);
    return r->ok = false;
}

static bool read_number(Reader *r, const Item *item, const char *unit, double *value)
{
    return read_expr(r, item, item->value, unit, value);
}

static void not_negative(Reader *r, const Item *item, double value)
{
    if (value >= 0)
        return;
    diag_report(r->program->diag, CHECK_RANGE, item->value->span, "%s is negative", item->key);
    r->ok = false;
}

static void above_zero(Reader *r, const Item *item, double value)
{
    if (value > 0)
        return;
    diag_report(r->program->diag, CHECK_RANGE, item->value->span, "%s is to be above 0", item->key);
    r->ok = false;
}

static void unknown_key(Reader *r, const Item *item, const char *where, const char *const *keys,
                        size_t n)
{
    Diag *diag = r->program->diag;
    diag_report(diag, CHECK_UNKNOWN_KEY, ast_key_span(item), "%s has no key '%s'%s", where,
                item->key, diag_hint(diag, item->key, keys, n));
    r->ok = false;
}

static const char *source_of(Reader *r, const Item *block)
{
    const Item *item = ast_find(block->body, "Source");
    if (item && item->value && item->value->kind == EXPR_STRING && *item->value->text)
        return item->value->text;
    diag_report(r->program->diag, CHECK_MISSING_KEY, ast_key_span(block),
                "%s has no source; write Source: \"where its figures are from\"", block->key);
    r->ok = false;
    return "";
}

static bool is(const Item *item, const char *key)
{
    return !strcmp(item->key, key);
}

static bool is_one_of(const Item *item, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is(item, keys[i]))
            return true;
    return false;
}

/* A number per bit ("pJ/bit") or of a whole word: *bits becomes 1, or stays. */
static bool read_energy(Reader *r, const Item *item, double *pj, double *bits)
{
    bool each = has_unit(item, "pJ/bit");
    if (!read_number(r, item, each ? "pJ/bit" : "pJ", pj))
        return false;
    if (each)
        *bits = 1;
    not_negative(r, item, *pj);
    return true;
}

/* "Range: [16, 1024]": for what the block's figures are meant; {0, 0} if it does not say. */
static Range read_range(Reader *r, const Item *block, const char *unit)
{
    Range range = {0, 0};
    const Item *item = ast_find(block->body, "Range");
    const Expr *low =
        item && item->value && item->value->kind == EXPR_LIST ? item->value->args : NULL;
    if (!item)
        return range;
    if (!low || !low->next || low->next->next) {
        diag_report(r->program->diag, CHECK_WRONG_VALUE, item->span,
                    "Range wants its two ends, as in Range: [16, 1024]");
        r->ok = false;
    } else if (read_expr(r, item, low, unit, &range.low) &&
               read_expr(r, item, low->next, unit, &range.high) &&
               !(range.low > 0 && range.low <= range.high)) {
        diag_report(r->program->diag, CHECK_RANGE, item->value->span,
                    "Range is to be of numbers above 0, the smaller first");
        r->ok = false;
    }
    return r->ok ? range : (Range){0, 0};
}

/* ---- MAC ------------------------------------------------------------------------ */

static const char *const MAC_KEYS[] = {"Energy",    "Width",     "Area",  "Power", "Add1",
                                       "Multiply1", "Multiply2", "Range", "Source"};

/* The energy by width; source NULL if the block gives none. */
static void mac_energy(Reader *r, const Item *block, const char *source, Curve *curve)
{
    double energy = 0, one = 0, two = 0, part, width = r->width;
    bool form = false;
    const Item *flat = NULL;
    for (const Item *item = block->body; item; item = item->next) {
        bool square = is(item, "Multiply2"), linear = is(item, "Multiply1") || is(item, "Add1");
        if (is(item, "Energy") && read_number(r, item, "pJ", &energy)) {
            not_negative(r, item, energy);
            flat = item;
        } else if (is(item, "Width") && read_number(r, item, "bit", &width)) {
            above_zero(r, item, width);
        } else if ((square || linear) && read_number(r, item, "pJ", &part)) {
            *(square ? &two : &one) += part;
            form = true;
        }
    }
    if (form && flat) {
        diag_report(r->program->diag, CHECK_DUPLICATE_KEY, flat->span,
                    "Energy gives a figure that a closed form gives already");
        r->ok = false;
    }
    if (form)
        *curve = (Curve){.n = 1, .closed = true, .square = two, .linear = one};
    else
        *curve = (Curve){.n = flat != NULL, .x = {width > 0 ? width : 16}, .y = {energy}};
    if (width > 0 && !form)
        curve->range = (Range){width, width};
    if (ast_find(block->body, "Range"))
        curve->range = read_range(r, block, "bit");
    curve->source = flat || form ? source : NULL;
}

static void read_mac(Reader *r, const Item *block)
{
    Technology *t = r->technology;
    const char *source = source_of(r, block);
    mac_energy(r, block, source, &t->mac_pj);
    for (const Item *item = block->body; item; item = item->next) {
        if (is(item, "Area") && read_number(r, item, "um2", &t->mac_um2.value))
            t->mac_um2.source = source;
        else if (is(item, "Power") && read_number(r, item, "mW", &t->mac_mw.value))
            t->mac_mw.source = source;
        else if (!is_one_of(item, MAC_KEYS, G_N_ELEMENTS(MAC_KEYS)))
            unknown_key(r, item, "MAC", MAC_KEYS, G_N_ELEMENTS(MAC_KEYS));
    }
}

/* ---- buffers ------------------------------------------------------------------- */

static const char *const MEMORY_KEYS[] = {"Energy", "Read",  "Write", "Width", "Area",
                                          "Power",  "Point", "Range", "Source"};
static const char *const POINT_KEYS[] = {"Capacity", "Energy", "Read", "Write", "Area", "Power"};

/* Where the figures of a buffer stand. */
typedef struct {
    double capacity;  /* of a point; 0: the figures are outside of points */
    double word_bits; /* of an energy that is not per bit; 0: of an element */
    const char *source;
    MemoryKind *memory;
    const Item *items;
} Spot;

/* An energy of reads or writes, by Energy and by its own key. */
static bool gives_twice(const Spot *place)
{
    const Item *items = place->items;
    return ast_find(items, "Energy") && (ast_find(items, "Read") || ast_find(items, "Write"));
}

/* Figures outside of points are read last, so what the curve has already is of this capacity, or
 * of the points. */
static void curve_add(Reader *r, const Item *item, const Spot *place, Curve *curve, double y)
{
    double last = curve->n ? curve->x[curve->n - 1] : 0;
    if (curve->n == POINTS_MAX) {
        diag_report(r->program->diag, CHECK_LIMIT, item->span, "more than %d points", POINTS_MAX);
        r->ok = false;
    } else if (curve->n &&
               (place->capacity == 0 || (place->capacity == last && gives_twice(place)))) {
        diag_report(r->program->diag, CHECK_DUPLICATE_KEY, item->span,
                    "%s gives a figure that a point or another key gives already", item->key);
        r->ok = false;
    } else if (curve->n && last >= place->capacity) {
        diag_report(r->program->diag, CHECK_RANGE, item->span,
                    "the capacity of a point is not above the one before");
        r->ok = false;
    } else {
        bool point = place->capacity > 0;
        curve->x[curve->n] = point ? place->capacity : 1;
        curve->y[curve->n++] = y;
        curve->range = point ? (Range){curve->x[0], place->capacity} : (Range){0, 0};
        curve->source = place->source;
    }
}

/* An energy at one capacity, of as many bits as the curve's other energies: what is per bit stands
 * beside what is of a word. */
static void energy_add(Reader *r, const Item *item, const Spot *place, Curve *curve)
{
    double value, bits = place->word_bits;
    if (!read_energy(r, item, &value, &bits))
        return;
    if (curve->n == 0)
        curve->bits = bits;
    if ((curve->bits > 0) != (bits > 0)) {
        diag_report(r->program->diag, CHECK_WRONG_UNIT, item->span,
                    "%s is per bit at one point and of an element at another; without a Width the "
                    "two cannot be compared",
                    item->key);
        r->ok = false;
    } else {
        curve_add(r, item, place, curve, bits == curve->bits ? value : value / bits * curve->bits);
    }
}

/* Energy, Read and Write. */
static void read_memory_figures(Reader *r, const Item *items, const Spot *place)
{
    MemoryKind *m = place->memory;
    for (const Item *item = items; item; item = item->next) {
        bool energy = is(item, "Energy");
        if (energy || is(item, "Read"))
            energy_add(r, item, place, &m->read_pj);
        if (energy || is(item, "Write"))
            energy_add(r, item, place, &m->write_pj);
    }
}

/* Area and power: of the whole buffer, or per byte.  What is per byte, or of one point, grows with
 * the capacity; a whole figure outside of points is that of every capacity. */
static void read_memory_size(Reader *r, const Item *item, const char *unit, const char *per_byte,
                             const Spot *place, Curve *curve)
{
    bool each = has_unit(item, per_byte), point = place->capacity > 0;
    double value;
    if (!read_number(r, item, each ? per_byte : unit, &value))
        return;
    not_negative(r, item, value);
    curve_add(r, item, place, curve, each && point ? value * place->capacity : value);
    curve->exponent = each || point ? 1 : 0;
}

static void read_memory_sizes(Reader *r, const Item *items, const Spot *place)
{
    for (const Item *item = items; item; item = item->next)
        if (is(item, "Area"))
            read_memory_size(r, item, "um2", "um2/B", place, &place->memory->um2);
        else if (is(item, "Power"))
            read_memory_size(r, item, "mW", "mW/B", place, &place->memory->mw);
}

static void read_point(Reader *r, const Item *point, Spot place)
{
    const Item *item = ast_find(point->body, "Capacity");
    for (const Item *key = point->body; key; key = key->next)
        if (!is_one_of(key, POINT_KEYS, G_N_ELEMENTS(POINT_KEYS)))
            unknown_key(r, key, "a point", POINT_KEYS, G_N_ELEMENTS(POINT_KEYS));
    if (!item) {
        diag_report(r->program->diag, CHECK_MISSING_KEY, ast_head(point),
                    "a point has no Capacity");
        r->ok = false;
    } else if (read_number(r, item, "B", &place.capacity)) {
        place.items = point->body;
        above_zero(r, item, place.capacity);
        if (place.capacity > 0) {
            read_memory_figures(r, point->body, &place);
            read_memory_sizes(r, point->body, &place);
        }
    }
}

/* The capacities that the figures are of: what the block says, else its points.  A figure that is
 * given once stands for every capacity. */
static void memory_range(Reader *r, const Item *block, MemoryKind *m)
{
    Curve *curves[] = {&m->read_pj, &m->write_pj, &m->um2, &m->mw};
    Range said = read_range(r, block, "B");
    for (size_t k = 0; k < G_N_ELEMENTS(curves); k++)
        if (said.high > 0)
            curves[k]->range = said;
}

static void read_memory(Reader *r, const Item *block, MemoryKind *m)
{
    Spot whole = {0, r->width, source_of(r, block), m, block->body};
    const Item *width = ast_find(block->body, "Width");
    memset(m, 0, sizeof *m);
    if (width && read_number(r, width, "bit", &whole.word_bits))
        above_zero(r, width, whole.word_bits);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Point"))
            read_point(r, item, whole);
        else if (!is_one_of(item, MEMORY_KEYS, G_N_ELEMENTS(MEMORY_KEYS)))
            unknown_key(r, item, "a buffer", MEMORY_KEYS, G_N_ELEMENTS(MEMORY_KEYS));
    read_memory_figures(r, block->body, &whole);
    read_memory_sizes(r, block->body, &whole);
    memory_range(r, block, m);
}

/* What a kind of buffer does not say of itself is that of SRAM. */
static void fill_in(MemoryKind *m, const MemoryKind *sram)
{
    if (!m->read_pj.n)
        m->read_pj = sram->read_pj;
    if (!m->write_pj.n)
        m->write_pj = sram->write_pj;
    if (!m->um2.n)
        m->um2 = sram->um2;
    if (!m->mw.n)
        m->mw = sram->mw;
}

/* ---- wires ----------------------------------------------------------------------- */

static const char *const WIRING_KEYS[] = {"Area", "Power", "Range", "Source"};
static const char *const POLYNOMIAL_KEYS[] = {"Scale", "PerPE2", "PerPE", "Base"};

static void read_polynomial(Reader *r, const Item *block, const char *unit, const char *source,
                            Range range, Polynomial *p)
{
    *p = (Polynomial){.range = range, .source = source};
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Scale"))
            read_number(r, item, unit, &p->scale);
        else if (is(item, "PerPE2"))
            read_number(r, item, "", &p->square);
        else if (is(item, "PerPE"))
            read_number(r, item, "", &p->linear);
        else if (is(item, "Base"))
            read_number(r, item, "", &p->constant);
        else
            unknown_key(r, item, block->key, POLYNOMIAL_KEYS, G_N_ELEMENTS(POLYNOMIAL_KEYS));
}

static void read_wiring(Reader *r, const Item *block, Polynomial *um2, Polynomial *mw)
{
    const char *source = source_of(r, block);
    Range range = read_range(r, block, "");
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Area"))
            read_polynomial(r, item, "um2", source, range, um2);
        else if (is(item, "Power"))
            read_polynomial(r, item, "mW", source, range, mw);
        else if (!is(item, "Range") && !is(item, "Source"))
            unknown_key(r, item, block->key, WIRING_KEYS, G_N_ELEMENTS(WIRING_KEYS));
}

/* One energy of a word: of a hop, or of an off-chip access. */
static void read_transfer(Reader *r, const Item *block, const char *key, Figure *figure,
                          double *bits)
{
    const char *keys[] = {key, "Width", "Source"};
    const Item *width = ast_find(block->body, "Width");
    const char *source = source_of(r, block);
    *bits = r->width;
    if (width && read_number(r, width, "bit", bits))
        above_zero(r, width, *bits);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, key)) {
            if (read_energy(r, item, &figure->value, bits))
                figure->source = source;
        } else if (!is(item, "Width") && !is(item, "Source"))
            unknown_key(r, item, block->key, keys, G_N_ELEMENTS(keys));
}

static void read_idle(Reader *r, const Item *block)
{
    static const char *const keys[] = {"Power", "Source"};
    const char *source = source_of(r, block);
    Figure *figure = &r->technology->idle_mw;
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Power")) {
            if (read_number(r, item, "mW", &figure->value)) {
                not_negative(r, item, figure->value);
                figure->source = source;
            }
        } else if (!is(item, "Source")) {
            unknown_key(r, item, block->key, keys, G_N_ELEMENTS(keys));
        }
}

/* ---- the whole -------------------------------------------------------------------- */

static const char *const BLOCKS[] = {"Node", "Voltage", "Width", "MAC",     "SRAM",    "L1",
                                     "L2",   "Buffer",  "Bus",   "Arbiter", "OffChip", "NoC",
                                     "Idle", "Scaling", "Add",   "Multiply"};

static void read_block(Reader *r, const Item *item, MemoryKind *sram)
{
    Technology *t = r->technology;
    if (is(item, "MAC"))
        read_mac(r, item);
    else if (is(item, "SRAM"))
        read_memory(r, item, sram);
    else if (is(item, "L1"))
        read_memory(r, item, &t->l1);
    else if (is(item, "L2"))
        read_memory(r, item, &t->l2);
    else if (is(item, "Buffer"))
        read_memory(r, item, &t->buffer);
    else if (is(item, "Bus"))
        read_wiring(r, item, &t->bus_um2, &t->bus_mw);
    else if (is(item, "Arbiter"))
        read_wiring(r, item, &t->arbiter_um2, &t->arbiter_mw);
    else if (is(item, "OffChip"))
        read_transfer(r, item, "Energy", &t->offchip_pj, &t->offchip_bits);
    else if (is(item, "NoC"))
        read_transfer(r, item, "Hop", &t->hop_pj, &t->hop_bits);
    else if (is(item, "Idle"))
        read_idle(r, item);
    else if (!is(item, "Scaling") && !is(item, "Add") && !is(item, "Multiply"))
        unknown_key(r, item, "Technology", BLOCKS, G_N_ELEMENTS(BLOCKS));
}

bool technology_read(const Trees *program, const ProgramFile *file, const Item *block,
                     Technology *technology)
{
    Reader r = {program, file, technology, 0, true};
    MemoryKind sram = {0};
    memset(technology, 0, sizeof *technology);
    technology->name = ast_name(block);
    technology->energy_factor = technology->area_factor = 1;
    const Item *width = ast_find(block->body, "Width");
    if (width && read_number(&r, width, "bit", &r.width))
        above_zero(&r, width, r.width);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Node"))
            read_number(&r, item, "nm", &technology->node_nm);
        else if (is(item, "Voltage"))
            read_number(&r, item, "V", &technology->volts);
        else if (!is(item, "Width"))
            read_block(&r, item, &sram);
    fill_in(&technology->l1, &sram);
    fill_in(&technology->buffer, &sram);
    fill_in(&technology->l2, &sram);
    technology_slopes(technology);
    return r.ok;
}

static void read_node(Reader *r, const Item *block, Scaling *scaling)
{
    Node node = {0};
    if (!read_number(r, block, "", &node.nm))
        return;
    for (const Item *item = block->body; item; item = item->next) {
        double *target = is(item, "A")      ? &node.a
                         : is(item, "B")    ? &node.b
                         : is(item, "C")    ? &node.c
                         : is(item, "Area") ? &node.area
                                            : NULL;
        if (target)
            read_number(r, item, "", target);
    }
    if (scaling->n < NODES_MAX)
        scaling->node[scaling->n++] = node;
}

bool technology_scaling(const Trees *program, const ProgramFile *file, const Item *block,
                        Scaling *scaling)
{
    Reader r = {program, file, NULL, 0, true};
    const Item *table = ast_find(block->body, "Scaling");
    memset(scaling, 0, sizeof *scaling);
    if (!table)
        return false;
    scaling->source = source_of(&r, table);
    for (const Item *item = table->body; item; item = item->next)
        if (is(item, "Node"))
            read_node(&r, item, scaling);
    return r.ok;
}

const Item *technology_find(const Trees *program, const char *name, const ProgramFile **file)
{
    for (guint k = 0; k < program->files->len; k++) {
        *file = &g_array_index(program->files, ProgramFile, k);
        for (const Item *item = (*file)->ast->items; item; item = item->next)
            if (is(item, "Technology") && !strcmp(ast_name(item), name))
                return item;
    }
    return NULL;
}

GPtrArray *technology_names(const Trees *program)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) paths = source_list(SOURCE_HARDWARE);
    for (guint k = 0; k < program->files->len; k++) {
        const Ast *ast = g_array_index(program->files, ProgramFile, k).ast;
        for (const Item *item = ast->items; item; item = item->next)
            if (is(item, "Technology") && item->has_body)
                g_ptr_array_add(names, g_strdup(ast_name(item)));
    }
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name = g_path_get_basename(paths->pdata[i]);
        bool table = !strcmp(name, "tech-scaling.hw"); /* of nodes, without figures */
        if (g_str_has_prefix(name, "tech-") && g_str_has_suffix(name, ".hw") && !table)
            g_ptr_array_add(names, g_strndup(name + 5, strlen(name) - 8));
    }
    return names;
}
