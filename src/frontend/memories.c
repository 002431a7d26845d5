/* A Hierarchy to the memories and fan-outs of one operator's machine. */
#include <math.h>
#include <string.h>

#include "frontend/hierarchy.h"
#include "frontend/resolve.h"

#define I64 "%" G_GINT64_FORMAT

/* --- names --- */

/* The operator's tensors among the names; all where there are none. */
static unsigned tensors_of(const TensorNames *names, const Operator *op)
{
    unsigned tensors = 0;
    for (int t = 0; t < op->n_tensors; t++) {
        bool named = names->n == 0;
        for (int i = 0; i < names->n; i++)
            named |= operator_tensor_is(op, t, names->name[i]);
        tensors |= (unsigned) named << t;
    }
    return tensors;
}

/* The operator's dims among the names, a bit that no dim has where there are none of them; 0: any.
 */
static unsigned dims_of(const TensorNames *names, const OperatorInfo *info)
{
    unsigned dims = 0;
    for (int i = 0; i < names->n; i++) {
        int dim = operator_dim(&info->op, names->name[i]);
        int derived = operator_derived(info, names->name[i]);
        if (dim < 0 && derived >= 0)
            dim = info->derived[derived].out;
        if (dim >= 0)
            dims |= 1u << dim;
    }
    return dims == 0 && names->n > 0 ? 1u << DIMS_MAX : dims;
}

/* A name before a role, as of bandwidths. */
static void share(const TensorBytes *bytes, const Operator *op, Memory *memory)
{
    memory->partitioned = bytes->n > 0;
    memory->capacity_bytes = bytes->all;
    for (int t = 0; t < op->n_tensors && memory->partitioned; t++)
        for (int i = 0; i < bytes->n; i++) {
            bool own = strcmp(bytes->name[i], op->tensor[t].name) == 0;
            if (own || (memory->share_bytes[t] == 0 && operator_tensor_is(op, t, bytes->name[i])))
                memory->share_bytes[t] = bytes->by_name[i];
        }
    for (int t = 0; t < op->n_tensors && memory->partitioned; t++)
        memory->capacity_bytes += memory->holds >> t & 1 ? memory->share_bytes[t] : 0;
}

/* --- figures --- */

static double given(Rational value)
{
    return value.den == 0 ? NAN : rational_real(value);
}

/* 1 pJ in every cycle of 1 GHz is 1 mW. */
static double milliwatts(const Leakage *leakage, Rational clock_hz)
{
    double amount = given(leakage->amount);
    return leakage->per_cycle ? amount * rational_real(clock_hz) * 1e-9 : amount;
}

/* The widths of what goes through a memory's port: of its tensors on the chip, and at a root of
 * finished outputs too.  Returns how many. */
static int port_widths(const Machine *machine, const Memory *memory, const Operator *op,
                       Rational of[TENSORS_MAX + 1])
{
    int n = 0;
    for (int t = 0; t < op->n_tensors; t++)
        if (memory->holds >> t & 1)
            of[n++] = (Rational){machine->bits[t], 1};
    if (memory->root && memory->holds >> op->output & 1)
        of[n++] = (Rational){machine->done_bits, 1};
    return n;
}

/* Rates in bytes count bits where what goes through the port has several widths. */
static bool resolve_port(Reader *reader, const Hardware *hardware, const PortRate *rate,
                         const Operator *op, const Machine *machine, Memory *memory)
{
    Port *port = &memory->port;
    const Rate *from[] = {&rate->read, &rate->write, &rate->both};
    Rational *to[] = {&port->read, &port->write, &port->both}, of[TENSORS_MAX + 1], most = {1, 1};
    bool mixed = false, elements = false, in_bits = false;
    int n = port_widths(machine, memory, op, of);
    if (n > 0)
        most = resolve_widest(of, n, &mixed);
    for (int i = 0; i < 3; i++) {
        bool is_given = from[i]->amount.num > 0;
        elements |= is_given && from[i]->unit == PER_CYCLE_ELEMENTS;
        in_bits |= is_given && mixed && from[i]->unit != PER_CYCLE_ELEMENTS;
    }
    if (elements && in_bits) {
        reader_wrong(
            reader, CHECK_WRONG_UNIT, rate->span,
            "a Bandwidth in elements one way and in bytes the other, of tensors of several "
            "widths");
        return false;
    }
    *port = (Port){.tensors = memory->holds, .in_bits = in_bits};
    for (int i = 0; i < 3; i++)
        if (!resolve_rate(reader, hardware, rate->span, from[i], in_bits ? (Rational){1, 1} : most,
                          to[i]))
            return false;
    return true;
}

/* All but the port: which memories are roots is to be known before. */
static void resolve_memory(const Hardware *hardware, const HardwareMemory *from, const Operator *op,
                           Memory *memory)
{
    *memory = (Memory){.name = from->name,
                       .fanouts = from->fanouts,
                       .holds = tensors_of(&from->holds, op),
                       .latency = from->latency,
                       .prefetch = from->prefetch,
                       .copies = (int) from->copies,
                       .read_pj = given(from->read_pj),
                       .write_pj = given(from->write_pj),
                       .width_bits = (double) from->width_bits,
                       .um2 = given(from->um2),
                       .leak_mw = milliwatts(&from->leakage, hardware->clock_hz)};
    share(&from->capacity, op, memory);
}

static bool resolve_fanout(Reader *reader, const Hardware *hardware, const HardwareFanout *from,
                           const Operator *op, const Rational bits[], Fanout *fanout)
{
    const OperatorInfo *info = operators_find(reader->operators, op->type);
    *fanout = (Fanout){.name = from->name, .size = from->size, .memories = from->memories};
    fanout->dims = info != NULL ? dims_of(&from->dims, info) : 0;
    return resolve_noc(reader, hardware, &from->noc, op, bits, &fanout->noc);
}

/* --- roots --- */

static const char *names_of(Reader *reader, const Operator *op, unsigned tensors)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int t = 0; t < op->n_tensors; t++)
        if (tensors >> t & 1)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", op->tensor[t].name);
    return arena_strdup(diag_arena(reader->diag), text->str);
}

static int outermost(const Machine *machine, unsigned tensors)
{
    int m = 0;
    while (m < machine->n_memories && !(machine->memory[m].holds & tensors))
        m++;
    return m;
}

/* The memory is the outermost one of some tensors, so it is to be the root of all that it holds.
 * `has` are those that have a root. */
static bool check_root(Reader *reader, const Hardware *hardware, const Operator *op,
                       const Machine *machine, int m, unsigned has)
{
    const Memory *memory = &machine->memory[m];
    Span span = hardware->memory[m].span;
    unsigned new = memory->holds & ~has, old = memory->holds &has;
    int behind = m;
    while (behind > 0 && (machine->memory[behind - 1].root || !machine->memory[behind - 1].holds))
        behind--;
    if (old) {
        int other = outermost(machine, old & -old);
        reader_wrong(reader, CHECK_ROOT, span,
                     "%s is the outermost memory of %s, but holds %s too, whose root is %s (%s)",
                     memory->name, names_of(reader, op, new), names_of(reader, op, old),
                     machine->memory[other].name, op->type);
        diag_note(reader->diag, hardware->memory[other].span,
                  "let %s hold %s, or %s only these with Holds: %s", machine->memory[other].name,
                  names_of(reader, op, new), memory->name, names_of(reader, op, new));
    } else if (behind > 0) {
        reader_wrong(reader, CHECK_ROOT, span,
                     "%s is the outermost memory of %s and so a root, but stands behind %s, which "
                     "is none (%s)",
                     memory->name, names_of(reader, op, new), machine->memory[behind - 1].name,
                     op->type);
        diag_note(reader->diag, hardware->memory[behind - 1].span,
                  "all roots stand first: put %s before it", memory->name);
    } else if (memory->fanouts > 0) {
        reader_wrong(reader, CHECK_ROOT, span,
                     "%s is the outermost memory of %s, but stands inside fan-out %s (%s)",
                     memory->name, names_of(reader, op, new),
                     machine->fanout[memory->fanouts - 1].name, op->type);
        diag_note(reader->diag, SPAN_NONE, "all roots stand first, outside of fan-outs");
    } else {
        return true;
    }
    return false;
}

static bool find_roots(Reader *reader, const Hardware *hardware, const Operator *op,
                       Machine *machine)
{
    unsigned all = (1u << op->n_tensors) - 1, has = 0;
    for (int m = 0; m < machine->n_memories; m++) {
        Memory *memory = &machine->memory[m];
        if (!(memory->holds & ~has))
            continue;
        if (!check_root(reader, hardware, op, machine, m, has))
            return false;
        memory->root = true;
        has |= memory->holds;
    }
    if (has == all)
        return true;
    reader_wrong(reader, CHECK_ROOT, hardware->span, "no memory can hold %s of %s",
                 names_of(reader, op, all & ~has), op->type);
    diag_note(reader->diag, hardware->memory[0].span,
              "name it in the Holds of an outermost memory");
    return false;
}

/* --- all of it --- */

static bool count_units(Reader *reader, const Hardware *hardware, Machine *machine)
{
    const int64_t most = hardware_keys[KEY_PES].most;
    machine->pes = 1;
    for (int f = 0; f < machine->n_fanouts; f++) { /* both below 2^31 */
        machine->pes *= machine->fanout[f].size;
        if (machine->pes <= most)
            continue;
        reader_wrong(reader, CHECK_RANGE, hardware->fanout[f].span,
                     "the fan-outs come to more than " I64 " units", most);
        return false;
    }
    return true;
}

bool hierarchy_resolve(Reader *reader, const Hardware *hardware, const Operator *op,
                       const Rational bits[], Machine *machine)
{
    bool ok = true;
    machine->n_memories = hardware->n_memories;
    machine->n_fanouts = hardware->n_fanouts;
    for (int m = 0; m < hardware->n_memories; m++)
        resolve_memory(hardware, &hardware->memory[m], op, &machine->memory[m]);
    for (int f = 0; f < hardware->n_fanouts; f++)
        ok &= resolve_fanout(reader, hardware, &hardware->fanout[f], op, bits, &machine->fanout[f]);
    machine->mac_pj = given(hardware->mac.pj);
    machine->mac_um2 = given(hardware->mac.um2);
    machine->mac_mw = milliwatts(&hardware->mac.leakage, hardware->clock_hz);
    ok = ok && count_units(reader, hardware, machine) && find_roots(reader, hardware, op, machine);
    for (int m = 0; m < hardware->n_memories && ok; m++)
        ok = resolve_port(reader, hardware, &hardware->memory[m].port, op, machine,
                          &machine->memory[m]);
    return ok;
}
