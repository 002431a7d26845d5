/* From a Technology block to figures.  A key is read by a row of a table: where its number
 * goes and which units it may have; what no row knows is reported. */
#include "frontend/technology.h"

#include <string.h>

typedef struct {
    const char *unit; /* "" is a plain number */
    double factor;
} Unit;

/* Units of a kind, to the unit that the IR has; the list ends with NULL. */
static const Unit ENERGY[] = {{"pJ", 1}, {"nJ", 1e3}, {NULL, 0}};
static const Unit AREA[] = {{"um2", 1}, {"mm2", 1e6}, {NULL, 0}};
static const Unit POWER[] = {{"mW", 1}, {"W", 1e3}, {NULL, 0}};
static const Unit BITS[] = {{"bit", 1}, {"B", 8}, {NULL, 0}};
static const Unit BYTES[] = {{"B", 1},      {"KB", 1e3},      {"MB", 1e6},
                             {"KiB", 1024}, {"MiB", 1 << 20}, {NULL, 0}};
static const Unit LENGTH[] = {{"nm", 1}, {NULL, 0}};
static const Unit VOLTS[] = {{"V", 1}, {NULL, 0}};
static const Unit PLAIN[] = {{"", 1}, {NULL, 0}};

/* Where the blocks of one Technology are being read. */
typedef struct {
    const Trees *program;
    const ProgramFile *file;
    Technology *technology;
    double width; /* bits of a word where nothing else is said; 0: an element */
    bool ok;
} Reader;

static void wrong_unit(Reader *r, const Item *item, const char *unit, const Unit *units)
{
    GString *wanted = g_string_new(NULL);
    for (const Unit *u = units; u->unit; u++)
        g_string_append_printf(wanted, "%s%s", u == units ? "" : ", ", u->unit);
    diag_report(r->program->diag, CHECK_WRONG_UNIT, item->value->span,
                "%s has unit '%s'; it is given in %s", item->key, unit,
                *wanted->str ? wanted->str : "a plain number");
    g_string_free(wanted, TRUE);
    r->ok = false;
}

static double unit_factor(const char *unit, const Unit *units)
{
    for (const Unit *u = units; u->unit; u++)
        if (!strcmp(u->unit, unit))
            return u->factor;
    return 0;
}

static bool read_value(Reader *r, const Item *item, double *value)
{
    ExprScope scope = {.constants = r->file->constants, .diag = r->program->diag, .generation = 1};
    Rational exact;
    if (!item->value) {
        diag_report(r->program->diag, CHECK_WRONG_VALUE, item->span, "%s has no number", item->key);
        return r->ok = false;
    }
    if (!expr_rational(&scope, item->value, &exact))
        return r->ok = false;
    *value = (double) exact.num / (double) exact.den;
    return true;
}

static bool read_number(Reader *r, const Item *item, const Unit *units, double *value)
{
    if (!read_value(r, item, value))
        return false;
    const char *unit = item->value->unit ? item->value->unit : "";
    double factor = unit_factor(unit, units);
    if (factor == 0) {
        wrong_unit(r, item, unit, units);
        return false;
    }
    *value *= factor;
    return true;
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
    const char *near = diag_nearest(item->key, keys, n);
    diag_report(r->program->diag, CHECK_UNKNOWN_KEY, item->key_span, "%s has no key '%s'", where,
                item->key);
    if (near)
        diag_note(r->program->diag, item->key_span, "did you mean '%s'?", near);
    r->ok = false;
}

static const char *source_of(Reader *r, const Item *block)
{
    const Item *item = ast_find(block->body, "Source");
    if (item && item->value && item->value->kind == EXPR_STRING && *item->value->text)
        return item->value->text;
    diag_report(r->program->diag, CHECK_MISSING_KEY, block->key_span,
                "%s has no source; write Source: \"where its figures are from\"", block->key);
    r->ok = false;
    return "";
}

static bool is(const Item *item, const char *key)
{
    return !strcmp(item->key, key);
}

/* A number per bit ("pJ/bit") or of a whole word: *bits becomes 1, or stays. */
static bool read_energy(Reader *r, const Item *item, double *pj, double *bits)
{
    static const Unit per_bit[] = {{"pJ/bit", 1}, {"pJ/b", 1}, {NULL, 0}};
    if (item->value && item->value->unit && unit_factor(item->value->unit, per_bit) > 0) {
        *bits = 1;
        if (!read_number(r, item, per_bit, pj))
            return false;
    } else if (!read_number(r, item, ENERGY, pj)) {
        return false;
    }
    not_negative(r, item, *pj);
    return true;
}

/* ---- MAC ------------------------------------------------------------------------ */

static const char *const MAC_KEYS[] = {"Energy", "Width",     "Area",      "Power",
                                       "Add1",   "Multiply1", "Multiply2", "Source"};

/* A sum of powers of the width, at the widths that machines have. */
static void mac_closed_form(Curve *curve, double one, double two)
{
    static const double widths[] = {2, 4, 8, 16, 32, 64};
    curve->n = 0;
    for (size_t k = 0; k < G_N_ELEMENTS(widths); k++) {
        curve->x[curve->n] = widths[k];
        curve->y[curve->n++] = (two * widths[k] + one) * widths[k];
    }
}

static void read_mac(Reader *r, const Item *block)
{
    Technology *t = r->technology;
    double energy = 0, one = 0, two = 0, part, width = r->width > 0 ? r->width : 16;
    const char *source = source_of(r, block);
    for (const Item *item = block->body; item; item = item->next) {
        if (is(item, "Energy") && read_number(r, item, ENERGY, &energy))
            not_negative(r, item, energy);
        else if (is(item, "Width") && read_number(r, item, BITS, &width))
            above_zero(r, item, width);
        else if (is(item, "Area") && read_number(r, item, AREA, &t->mac_um2.value))
            t->mac_um2.source = source;
        else if (is(item, "Power") && read_number(r, item, POWER, &t->mac_mw.value))
            t->mac_mw.source = source;
        else if (is(item, "Multiply2") && read_number(r, item, ENERGY, &part))
            two += part;
        else if ((is(item, "Multiply1") || is(item, "Add1")) && read_number(r, item, ENERGY, &part))
            one += part;
        else if (!g_strv_contains((const char *const[]){"Energy", "Width", "Area", "Power",
                                                        "Multiply2", "Multiply1", "Add1", "Source",
                                                        NULL},
                                  item->key))
            unknown_key(r, item, "MAC", MAC_KEYS, G_N_ELEMENTS(MAC_KEYS));
    }
    t->mac_pj = (Curve){.n = 1, .x = {width}, .y = {energy}};
    if (one > 0 || two > 0)
        mac_closed_form(&t->mac_pj, one, two);
    t->mac_pj.source = source;
}

/* ---- buffers ------------------------------------------------------------------- */

static const char *const MEMORY_KEYS[] = {"Energy", "Read",  "Write",    "Width", "Area",
                                          "Power",  "Point", "Capacity", "Source"};

static void curve_add(Reader *r, const Item *item, Curve *curve, double x, double y)
{
    if (curve->n == POINTS_MAX) {
        diag_report(r->program->diag, CHECK_LIMIT, item->span, "more than %d points", POINTS_MAX);
        r->ok = false;
    } else if (curve->n && curve->x[curve->n - 1] >= x) {
        diag_report(r->program->diag, CHECK_RANGE, item->span,
                    "the capacity of a point is not above the one before");
        r->ok = false;
    } else {
        curve->x[curve->n] = x;
        curve->y[curve->n++] = y;
    }
}

/* Energy, Read, Write, Area and Power at one capacity. */
static void read_memory_figures(Reader *r, const Item *items, double capacity, const char *source,
                                Memory *m)
{
    double value;
    for (const Item *item = items; item; item = item->next) {
        bool energy = is(item, "Energy");
        if ((energy || is(item, "Read")) && read_energy(r, item, &value, &m->word_bits)) {
            curve_add(r, item, &m->read_pj, capacity, value);
            m->read_pj.source = source;
        }
        if ((energy || is(item, "Write")) && read_energy(r, item, &value, &m->word_bits)) {
            curve_add(r, item, &m->write_pj, capacity, value);
            m->write_pj.source = source;
        }
    }
}

/* Area and power: of the whole buffer at a point, or per byte. */
static void read_memory_size(Reader *r, const Item *item, const Unit *units, const char *per_byte,
                             double capacity, const char *source, Curve *curve)
{
    const Unit by_byte[] = {{per_byte, 1}, {NULL, 0}};
    bool each = item->value && item->value->unit && !strcmp(item->value->unit, per_byte);
    double value;
    if (!read_number(r, item, each ? by_byte : units, &value))
        return;
    not_negative(r, item, value);
    if (each) {
        *curve = (Curve){.n = 1, .x = {1}, .y = {value}, .exponent = 1};
    } else {
        curve_add(r, item, curve, capacity, value);
        curve->exponent = 1;
    }
    curve->source = source;
}

static void read_memory_sizes(Reader *r, const Item *items, double capacity, const char *source,
                              Memory *m)
{
    for (const Item *item = items; item; item = item->next)
        if (is(item, "Area"))
            read_memory_size(r, item, AREA, "um2/B", capacity, source, &m->um2);
        else if (is(item, "Power"))
            read_memory_size(r, item, POWER, "mW/B", capacity, source, &m->mw);
        else if (!g_strv_contains((const char *const[]){"Energy", "Read", "Write", "Width",
                                                        "Capacity", "Point", "Source", NULL},
                                  item->key))
            unknown_key(r, item, "a buffer", MEMORY_KEYS, G_N_ELEMENTS(MEMORY_KEYS));
}

static void read_point(Reader *r, const Item *point, const char *source, Memory *m)
{
    const Item *item = ast_find(point->body, "Capacity");
    double capacity = 0;
    if (!item) {
        diag_report(r->program->diag, CHECK_MISSING_KEY, point->head, "a point has no Capacity");
        r->ok = false;
    } else if (read_number(r, item, BYTES, &capacity)) {
        above_zero(r, item, capacity);
        if (capacity > 0) {
            read_memory_figures(r, point->body, capacity, source, m);
            read_memory_sizes(r, point->body, capacity, source, m);
        }
    }
}

static void read_memory(Reader *r, const Item *block, Memory *m)
{
    const char *source = source_of(r, block);
    const Item *width = ast_find(block->body, "Width");
    memset(m, 0, sizeof *m);
    m->word_bits = r->width;
    if (width && read_number(r, width, BITS, &m->word_bits))
        above_zero(r, width, m->word_bits);
    read_memory_figures(r, block->body, 1, source, m);
    read_memory_sizes(r, block->body, 1, source, m);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Point"))
            read_point(r, item, source, m);
}

/* What a kind of buffer does not say of itself is that of SRAM. */
static void fill_in(Memory *m, const Memory *sram)
{
    if (!m->read_pj.n && !m->write_pj.n) {
        m->read_pj = sram->read_pj;
        m->write_pj = sram->write_pj;
        m->word_bits = sram->word_bits;
    }
    if (!m->um2.n)
        m->um2 = sram->um2;
    if (!m->mw.n)
        m->mw = sram->mw;
}

/* ---- wires ----------------------------------------------------------------------- */

static const char *const WIRING_KEYS[] = {"Area", "Power", "Source"};
static const char *const POLYNOMIAL_KEYS[] = {"Scale", "PerPE2", "PerPE", "Base"};

static void read_polynomial(Reader *r, const Item *block, const Unit *units, const char *source,
                            Polynomial *p)
{
    *p = (Polynomial){0, 0, 0, 0, source};
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Scale"))
            read_number(r, item, units, &p->scale);
        else if (is(item, "PerPE2"))
            read_number(r, item, PLAIN, &p->square);
        else if (is(item, "PerPE"))
            read_number(r, item, PLAIN, &p->linear);
        else if (is(item, "Base"))
            read_number(r, item, PLAIN, &p->constant);
        else
            unknown_key(r, item, block->key, POLYNOMIAL_KEYS, G_N_ELEMENTS(POLYNOMIAL_KEYS));
}

static void read_wiring(Reader *r, const Item *block, Polynomial *um2, Polynomial *mw)
{
    const char *source = source_of(r, block);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Area"))
            read_polynomial(r, item, AREA, source, um2);
        else if (is(item, "Power"))
            read_polynomial(r, item, POWER, source, mw);
        else if (!is(item, "Source"))
            unknown_key(r, item, block->key, WIRING_KEYS, G_N_ELEMENTS(WIRING_KEYS));
}

/* One energy of a word: of a hop, or of an off-chip access. */
static void read_transfer(Reader *r, const Item *block, const char *key, Figure *figure,
                          double *bits)
{
    const char *keys[] = {key, "Width", "Source"};
    const Item *width = ast_find(block->body, "Width");
    *bits = r->width;
    figure->source = source_of(r, block);
    if (width && read_number(r, width, BITS, bits))
        above_zero(r, width, *bits);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, key))
            read_energy(r, item, &figure->value, bits);
        else if (!is(item, "Width") && !is(item, "Source"))
            unknown_key(r, item, block->key, keys, G_N_ELEMENTS(keys));
}

static void read_idle(Reader *r, const Item *block)
{
    static const char *const keys[] = {"Power", "Source"};
    r->technology->idle_mw.source = source_of(r, block);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Power")) {
            if (read_number(r, item, POWER, &r->technology->idle_mw.value))
                not_negative(r, item, r->technology->idle_mw.value);
        } else if (!is(item, "Source")) {
            unknown_key(r, item, block->key, keys, G_N_ELEMENTS(keys));
        }
}

/* ---- the whole -------------------------------------------------------------------- */

static const char *const BLOCKS[] = {"Node", "Voltage", "Width", "MAC",     "SRAM",    "L1",
                                     "L2",   "Buffer",  "Bus",   "Arbiter", "OffChip", "NoC",
                                     "Idle", "Scaling", "Add",   "Multiply"};

static void read_block(Reader *r, const Item *item, Memory *sram)
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
    Memory sram = {0};
    memset(technology, 0, sizeof *technology);
    technology->name = ast_name(block);
    technology->energy_factor = technology->area_factor = 1;
    const Item *width = ast_find(block->body, "Width");
    if (width && read_number(&r, width, BITS, &r.width))
        above_zero(&r, width, r.width);
    for (const Item *item = block->body; item; item = item->next)
        if (is(item, "Node"))
            read_number(&r, item, LENGTH, &technology->node_nm);
        else if (is(item, "Voltage"))
            read_number(&r, item, VOLTS, &technology->volts);
        else if (!is(item, "Width"))
            read_block(&r, item, &sram);
    fill_in(&technology->l1, &sram);
    fill_in(&technology->buffer, &sram);
    fill_in(&technology->l2, &sram);
    return r.ok;
}

static void read_node(Reader *r, const Item *block, Scaling *scaling)
{
    Node node = {0};
    if (!read_value(r, block, &node.nm))
        return;
    for (const Item *item = block->body; item; item = item->next) {
        double *target = is(item, "A")      ? &node.a
                         : is(item, "B")    ? &node.b
                         : is(item, "C")    ? &node.c
                         : is(item, "Area") ? &node.area
                                            : NULL;
        if (target)
            read_number(r, item, PLAIN, target);
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
