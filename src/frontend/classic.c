/* OffChip, L2, NoC 0 and L1 are the outermost memory, the global one, the fan-out and the memory
 * inside it. */
#include "frontend/classic.h"

#include <string.h>

#include "frontend/cuts.h"

static bool holds_all(const HardwareMemory *memory, const Operator *op)
{
    for (int t = 0; t < op->n_tensors; t++) {
        bool held = memory->holds.n == 0;
        for (int i = 0; i < memory->holds.n; i++)
            held |= operator_tensor_is(op, t, memory->holds.name[i]);
        if (!held)
            return false;
    }
    return true;
}

static bool has_shape(const Hardware *hardware, const Operator *op)
{
    static const int fanouts[] = {0, 0, 1};
    if (hardware->n_memories != 3 || hardware->n_fanouts != 1)
        return false;
    for (int m = 0; m < 3; m++)
        if (hardware->memory[m].fanouts != fanouts[m] || !holds_all(&hardware->memory[m], op))
            return false;
    return true;
}

/* "DRAM Latency, GLB Read" are said once, of the memory that has them. */
static void add_figure(GString *figures, bool given, const char *name)
{
    if (given)
        g_string_append_printf(figures, "%s%s", figures->len > 0 ? ", " : "", name);
}

static bool has_port(const HardwareMemory *memory)
{
    return memory->port.read.amount.num > 0 || memory->port.write.amount.num > 0 ||
           memory->port.both.amount.num > 0;
}

static bool same_rate(const Rate *a, const Rate *b)
{
    return a->unit == b->unit && a->amount.num == b->amount.num && a->amount.den == b->amount.den;
}

static bool warn_of(Diag *diag, const HardwareMemory *memory, bool outermost)
{
    g_autoptr(GString) figures = g_string_new(NULL);
    bool each_way = !same_rate(&memory->port.read, &memory->port.write);
    add_figure(figures, outermost ? each_way : has_port(memory), "Bandwidth");
    add_figure(figures, memory->latency > 0, "Latency");
    add_figure(figures, memory->prefetch != PREFETCH_LAYER, "Prefetch");
    add_figure(figures, memory->copies > 0, "Copies");
    add_figure(figures, memory->read_pj.den > 0, "Read");
    add_figure(figures, memory->write_pj.den > 0, "Write");
    add_figure(figures, memory->um2.den > 0, "Area");
    add_figure(figures, memory->leakage.amount.den > 0, "Leakage");
    add_figure(figures, outermost && (memory->capacity.all > 0 || memory->capacity.n > 0),
               "Capacity");
    return figures->len > 0 &&
           diag_report(diag, CHECK_UNUSED_FIGURE, memory->span,
                       "a dataflow without Fanout and Buffer lines leaves out %s of %s",
                       figures->str, memory->name);
}

void classic_warn(Diag *diag, const Hardware *hierarchy, const char *name)
{
    for (int m = 0; m < hierarchy->n_memories; m++)
        if (warn_of(diag, &hierarchy->memory[m], m == 0))
            diag_note(diag, SPAN_NONE, "%s takes the machine in the classic form", name);
}

/* The sum of shares is what there is. */
static int64_t bytes_of(const TensorBytes *bytes)
{
    int64_t sum = bytes->all;
    for (int i = 0; i < bytes->n; i++)
        sum += bytes->by_name[i];
    return sum;
}

bool classic_hardware(Diag *diag, const Hardware *hierarchy, const Operator *op,
                      const Item *dataflow, Hardware *classic)
{
    if (cuts_has_line(dataflow) || !has_shape(hierarchy, op))
        return false;
    const HardwareMemory *memory = hierarchy->memory;
    for (int m = 0; m < 3; m++)
        if (warn_of(diag, &memory[m], m == 0))
            diag_note(diag, ast_head(dataflow),
                      "this one: it takes the machine in the classic form");
    *classic = *hierarchy;
    classic->n_memories = classic->n_fanouts = 0;
    classic->called = (MachineCalled){.offchip = memory[0].name,
                                      .l2 = memory[1].name,
                                      .l1 = memory[2].name,
                                      .noc = hierarchy->fanout[0].name};
    classic->pes = hierarchy->fanout[0].size;
    for (int l = 0; l < LEVELS_MAX; l++)
        classic->noc[l] = hierarchy->fanout[0].noc;
    const PortRate *port = &memory[0].port;
    classic->offchip = (TensorRate){.span = port->span};
    classic->offchip.all = port->both.amount.num > 0   ? port->both
                           : port->read.amount.num > 0 ? port->read
                                                       : port->write;
    classic->l2_bytes = bytes_of(&memory[1].capacity);
    classic->l1_bytes = bytes_of(&memory[2].capacity);
    return true;
}
