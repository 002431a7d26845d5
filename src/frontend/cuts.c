/* A line is looked up, then held against what the lines before it have passed. */
#include "frontend/cuts.h"

#include <string.h>

#define I64 "%" G_GINT64_FORMAT

bool cuts_is_line(const Item *item)
{
    return item->kind == ITEM_CALL &&
           (strcmp(item->key, "Fanout") == 0 || strcmp(item->key, "Buffer") == 0 ||
            strcmp(item->key, "Level") == 0);
}

bool cuts_has_line(const Item *dataflow)
{
    for (const Item *item = dataflow->body; item != NULL; item = item->next)
        if (cuts_is_line(item))
            return true;
    return false;
}

static unsigned all_of(const LayerInfo *info)
{
    return (1u << info->layer.op.n_tensors) - 1;
}

Level cuts_none(const LayerInfo *info)
{
    return (Level){.children = 1, .passes = all_of(info)};
}

Cuts cuts_new(Diag *diag, const ExprScope *scope, const LayerInfo *info, const Machine *machine)
{
    return (Cuts){.diag = diag, .scope = scope, .info = info, .machine = machine};
}

static void wrong(Cuts *cuts, Check check, Span span, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void wrong(Cuts *cuts, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(cuts->diag, check, span, format, args);
    va_end(args);
    cuts->wrong = true;
}

/* --- names --- */

static int find_memory(const Machine *machine, const char *name)
{
    int m = machine->n_memories - 1;
    while (m >= 0 && strcmp(machine->memory[m].name, name) != 0)
        m--;
    return m;
}

static int find_fanout(const Machine *machine, const char *name)
{
    int f = machine->n_fanouts - 1;
    while (f >= 0 && strcmp(machine->fanout[f].name, name) != 0)
        f--;
    return f;
}

static void unknown_name(Cuts *cuts, const Expr *name, bool fanout)
{
    const Machine *machine = cuts->machine;
    const char *names[MEMORIES_MAX + FANOUTS_MAX];
    size_t n = 0;
    bool other =
        (fanout ? find_memory(machine, name->text) : find_fanout(machine, name->text)) >= 0;
    for (int i = 0; i < (fanout ? machine->n_fanouts : machine->n_memories); i++)
        names[n++] = fanout ? machine->fanout[i].name : machine->memory[i].name;
    wrong(cuts, CHECK_UNKNOWN_MEMORY, name->span, "%s has no %s '%s'%s", machine->name,
          fanout ? "fan-out" : "memory", name->text,
          other ? "" : diag_hint(cuts->diag, name->text, names, n));
    if (other)
        diag_note(cuts->diag, SPAN_NONE, "it is a %s: write %s(%s)", fanout ? "memory" : "fan-out",
                  fanout ? "Buffer" : "Fanout", name->text);
}

static bool is_role(const char *name)
{
    return strcmp(name, "Input") == 0 || strcmp(name, "Weight") == 0 || strcmp(name, "Output") == 0;
}

/* --- Fanout --- */

/* All that the parts before leave. */
static int64_t units_left(Cuts *cuts, const Item *item, const Fanout *fanout, int64_t left)
{
    cuts->units = hole_written(left);
    if (!cuts->part_open)
        return left;
    wrong(cuts, CHECK_HOLES, item->span,
          "how many units are the rest of %s is not known: its first part is open", fanout->name);
    diag_note(cuts->diag, SPAN_NONE, "write Fanout(%s, ?)", fanout->name);
    return 0;
}

/* Units that the line asks for, the least of a hole; 0 after reporting. */
static int64_t units_asked(Cuts *cuts, const Item *item, const Fanout *fanout, bool rest)
{
    const Expr *number = ast_args(item)->next;
    int64_t left = rest ? fanout->size / cuts->taken : fanout->size, units;
    g_autofree char *what = g_strdup_printf("units of %s", fanout->name);
    if (number == NULL)
        return units_left(cuts, item, fanout, left);
    if (!holes_number(cuts->scope, number, what, &cuts->units)) {
        cuts->wrong = true;
        return 0;
    }
    units = hole_least(&cuts->units);
    cuts->units.most = MIN(cuts->units.most, left);
    if (units <= left)
        return units;
    wrong(cuts, CHECK_TOO_MANY_UNITS, item->span,
          "Fanout(%s, " I64 ") wants more units than %s has: " I64 "%s (layer %s)", fanout->name,
          units, fanout->name, fanout->size, rest ? " for all of its parts" : "",
          cuts->info->layer.name);
    diag_note(cuts->diag, SPAN_NONE, "write Fanout(%s, " I64 ") or less, or Fanout(%s%s)",
              fanout->name, left, fanout->name, cuts->part_open ? ", ?" : "");
    return 0;
}

/* Whether that fan-out can come next; false after reporting. */
static bool may_pass(Cuts *cuts, const Item *item, int f)
{
    const Fanout *fanout = &cuts->machine->fanout[f];
    const char *inner = cuts->passed > 0 ? cuts->machine->fanout[cuts->passed - 1].name : "";
    if (f < cuts->passed - 1) {
        wrong(cuts, CHECK_ORDER, item->span, "fan-out %s is outside of %s, which is passed already",
              fanout->name, inner);
        diag_note(cuts->diag, cuts->fanout[cuts->passed - 1]->span,
                  "%s is passed here; put Fanout(%s) before it", inner, fanout->name);
        return false;
    }
    if (f == cuts->passed - 1 && cuts->buffer != NULL) {
        wrong(cuts, CHECK_ORDER, item->span, "a memory stands between two parts of fan-out %s",
              fanout->name);
        diag_note(cuts->diag, cuts->buffer->span,
                  "it is named here; its units are those of all of %s, so put it behind this line",
                  fanout->name);
        return false;
    }
    return true;
}

static void read_fanout(Cuts *cuts, const Item *item, Level *cut)
{
    int f = find_fanout(cuts->machine, ast_args(item)->text);
    if (f < 0)
        unknown_name(cuts, ast_args(item), true);
    cuts->lost |= f < 0 || !may_pass(cuts, item, f);
    if (cuts->lost)
        return;
    const Fanout *fanout = &cuts->machine->fanout[f];
    bool rest = f == cuts->passed - 1;
    cuts->part_open &= rest;
    int64_t units = units_asked(cuts, item, fanout, rest);
    cut->fanout = f + 1;
    cut->rest = rest;
    cut->children = MAX(units, 1);
    cuts->part_open |= cuts->units.open;
    cuts->taken = rest ? cuts->taken * cut->children : cut->children;
    if (!rest) {
        cuts->fanout[f] = item;
        cuts->buffer = NULL;
        cuts->passed = f + 1;
    }
}

/* --- Buffer --- */

/* Whether we are in a unit that has the memory; false after reporting. */
static bool is_here(Cuts *cuts, const Item *item, const Memory *memory)
{
    const Machine *machine = cuts->machine;
    if (memory->fanouts > cuts->passed) {
        const char *outer = machine->fanout[cuts->passed].name;
        wrong(cuts, CHECK_ORDER, item->span, "%s is inside of fan-out %s, which is not passed yet",
              memory->name, outer);
        diag_note(cuts->diag, SPAN_NONE, "put Fanout(%s) before it",
                  machine->fanout[memory->fanouts - 1].name);
    } else if (memory->fanouts < cuts->passed) {
        const char *inner = machine->fanout[cuts->passed - 1].name;
        wrong(cuts, CHECK_ORDER, item->span, "%s is outside of fan-out %s, which is passed already",
              memory->name, inner);
        diag_note(cuts->diag, cuts->fanout[cuts->passed - 1]->span,
                  "%s is passed here; put Buffer(%s) before it", inner, memory->name);
    }
    return memory->fanouts == cuts->passed;
}

/* Whether the memory can hold the tensor behind what holds it already; false after reporting at
 * the name. */
static bool may_hold(Cuts *cuts, int m, int tensor, Span span)
{
    const Machine *machine = cuts->machine;
    const char *name = cuts->info->layer.op.tensor[tensor].name;
    int outer = cuts->memory[tensor] - 1;
    if (!(machine->memory[m].holds >> tensor & 1)) {
        wrong(cuts, CHECK_CANNOT_HOLD, span, "%s cannot hold %s", machine->memory[m].name, name);
        diag_note(cuts->diag, SPAN_NONE, "its Holds in the hardware says what it can");
    } else if (outer == m) {
        wrong(cuts, CHECK_HELD_TWICE, span, "%s holds %s already", machine->memory[m].name, name);
        diag_note(cuts->diag, cuts->held_by[tensor]->span, "it is held here; name it once");
    } else if (outer > m) {
        wrong(cuts, CHECK_ORDER, span, "%s is outside of %s, which holds %s already",
              machine->memory[m].name, machine->memory[outer].name, name);
        diag_note(cuts->diag, cuts->held_by[tensor]->span,
                  "it is held here; put Buffer(%s) before it", machine->memory[m].name);
    } else {
        return true;
    }
    return false;
}

static void hold(Cuts *cuts, int m, int tensor, Span span, Level *cut)
{
    if (cut->memory[tensor] != 0) {
        wrong(cuts, CHECK_HELD_TWICE, span, "%s is named twice in this line",
              cuts->info->layer.op.tensor[tensor].name);
        return;
    }
    if (!may_hold(cuts, m, tensor, span))
        return;
    cut->memory[tensor] = m + 1;
    cut->passes &= ~(1u << tensor);
}

/* The tensors that a name stands for; of a role it may be none. */
static unsigned tensors_named(Cuts *cuts, const Expr *name)
{
    const Operator *op = &cuts->info->layer.op;
    unsigned tensors = 0;
    for (int t = 0; t < op->n_tensors; t++)
        tensors |= (unsigned) operator_tensor_is(op, t, name->text) << t;
    if (tensors == 0 && !is_role(name->text))
        wrong(cuts, CHECK_UNKNOWN_TENSOR, name->span, "%s has no tensor or role '%s'%s", op->type,
              name->text, operator_tensor_hint(op, name->text, cuts->diag));
    return tensors;
}

static void hold_name(Cuts *cuts, int m, const Expr *name, Level *cut)
{
    unsigned tensors = tensors_named(cuts, name);
    for (int t = 0; t < cuts->info->layer.op.n_tensors; t++)
        if (tensors >> t & 1)
            hold(cuts, m, t, name->span, cut);
}

/* `? in {Input}`: those that the memory can hold behind what holds them already. */
static unsigned tensors_among(Cuts *cuts, int m, const Expr *names)
{
    unsigned tensors = 0;
    for (const Expr *name = names; name != NULL; name = name->next) {
        unsigned some = tensors_named(cuts, name);
        for (int t = 0; t < cuts->info->layer.op.n_tensors; t++)
            if (some >> t & 1 && may_hold(cuts, m, t, name->span))
                tensors |= 1u << t;
    }
    return tensors;
}

/* All that a memory may hold here beside what the line names. */
static void leave_open(Cuts *cuts, int m, const Expr *hole, const Level *cut)
{
    const Expr *names = holes_names(hole);
    unsigned tensors =
        names != NULL ? tensors_among(cuts, m, names) : cuts->machine->memory[m].holds;
    cuts->maybe = m + 1;
    for (int t = 0; t < cuts->info->layer.op.n_tensors; t++)
        if (tensors >> t & 1 && cut->memory[t] == 0 && cuts->memory[t] <= m)
            cuts->maybes |= 1u << t;
}

/* Buffer(M) auto; */
static bool is_automatic(const Item *item)
{
    for (const Expr *name = ast_names(item); name != NULL; name = name->next)
        if (strcmp(name->text, "auto") == 0)
            return true;
    return false;
}

static void place_automatically(Cuts *cuts, const Item *item, int m)
{
    if (ast_names(item)->next == NULL) {
        cuts->automatic = m + 1;
        return;
    }
    wrong(cuts, CHECK_AUTO, item->span, "auto stands alone: it places all that %s can hold",
          cuts->machine->memory[m].name);
    diag_note(cuts->diag, SPAN_NONE, "write Buffer(%s) auto; or name the tensors",
              cuts->machine->memory[m].name);
}

static void hold_all(Cuts *cuts, const Item *item, int m, Level *cut)
{
    for (int t = 0; t < cuts->info->layer.op.n_tensors; t++)
        if (cuts->machine->memory[m].holds >> t & 1)
            hold(cuts, m, t, item->span, cut);
}

static void read_buffer(Cuts *cuts, const Item *item, Level *cut)
{
    int m = find_memory(cuts->machine, ast_args(item)->text);
    if (m < 0) {
        unknown_name(cuts, ast_args(item), false);
        return;
    }
    const Memory *memory = &cuts->machine->memory[m];
    if (memory->root) {
        wrong(cuts, CHECK_CANNOT_HOLD, item->span, "%s is a root: it holds its tensors whole",
              memory->name);
        diag_note(cuts->diag, SPAN_NONE, "leave the line out");
        return;
    }
    if (cuts->lost || !is_here(cuts, item, memory))
        return;
    if (is_automatic(item)) {
        place_automatically(cuts, item, m);
        return;
    }
    if (cuts->buffer == NULL)
        cuts->buffer = item;
    if (ast_names(item) == NULL)
        hold_all(cuts, item, m, cut);
    for (const Expr *name = ast_names(item); name != NULL; name = name->next)
        if (name->kind != EXPR_HOLE)
            hold_name(cuts, m, name, cut);
    for (const Expr *name = ast_names(item); name != NULL; name = name->next)
        if (name->kind == EXPR_HOLE)
            leave_open(cuts, m, name, cut);
}

/* --- lines --- */

static bool is_buffer(const Item *item)
{
    return strcmp(item->key, "Buffer") == 0;
}

void cuts_read(Cuts *cuts, const Item *item, Level *cut)
{
    *cut = cuts_none(cuts->info);
    cuts->units = hole_written(1);
    cuts->automatic = cuts->maybe = 0;
    cuts->maybes = 0;
    if (cuts->machine == NULL)
        return;
    if (is_buffer(item))
        read_buffer(cuts, item, cut);
    else if (strcmp(item->key, "Fanout") == 0)
        read_fanout(cuts, item, cut);
    for (int t = 0; t < TENSORS_MAX; t++) {
        if (cut->memory[t] == 0)
            continue;
        cuts->memory[t] = cut->memory[t];
        cuts->held_by[t] = item;
    }
}

/* Tensors that a cut holds, or may hold. */
static unsigned names_of(const Level *cut, unsigned maybes)
{
    for (int t = 0; t < TENSORS_MAX; t++)
        maybes |= (unsigned) (cut->memory[t] != 0) << t;
    return maybes;
}

bool cuts_join(Cuts *cuts, const Item *item, const Level *cut, Level *before)
{
    unsigned names = names_of(cut, cuts->maybes);
    bool joins = before != NULL && cuts->open && is_buffer(item) &&
                 !(names & names_of(before, cuts->before));
    cuts->open = strcmp(item->key, "Level") != 0;
    cuts->before = joins ? cuts->before | cuts->maybes : cuts->maybes;
    if (!joins)
        return false;
    before->passes &= cut->passes;
    for (int t = 0; t < TENSORS_MAX; t++)
        before->memory[t] = MAX(before->memory[t], cut->memory[t]);
    return true;
}

void cuts_idle(const Cuts *cuts, const Item *dataflow)
{
    for (int f = 0; cuts->machine != NULL && f < cuts->machine->n_fanouts; f++) {
        const Fanout *fanout = &cuts->machine->fanout[f];
        if (cuts->fanout[f] == NULL && fanout->size > 1 &&
            diag_report(cuts->diag, CHECK_IDLE_FANOUT, ast_head(dataflow),
                        "fan-out %s is not named: one of its " I64
                        " units works, and its link costs nothing",
                        fanout->name, fanout->size))
            diag_note(cuts->diag, SPAN_NONE, "put Fanout(%s) behind the maps that are to divide it",
                      fanout->name);
    }
}
