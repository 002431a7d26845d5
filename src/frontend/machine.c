/* Hardware to the machine of one operator: names to tensors, amounts to elements per cycle. */
#include <math.h>
#include <string.h>

#include "frontend/hierarchy.h"
#include "frontend/resolve.h"

#define I64 "%" G_GINT64_FORMAT

/* The tensor's own figure, by name before role; NULL if none is given. */
static const Rate *rate_of(const TensorRate *rate, const Operator *op, int tensor)
{
    const Rate *found = NULL;
    if (rate->n == 0)
        return &rate->all;
    for (int i = 0; i < rate->n; i++) {
        if (strcmp(rate->name[i], op->tensor[tensor].name) == 0)
            return &rate->by_name[i];
        if (operator_tensor_is(op, tensor, rate->name[i]))
            found = &rate->by_name[i];
    }
    return found;
}

static bool resolve_precision(Reader *reader, const Hardware *hardware, const Operator *op,
                              Rational bits[TENSORS_MAX])
{
    for (int t = 0; t < op->n_tensors; t++) {
        const Rate *rate = rate_of(&hardware->precision, op, t);
        if (rate == NULL) {
            reader_wrong(reader, CHECK_MISSING_KEY, hardware->precision.span,
                         "Precision says nothing of tensor %s of %s", op->tensor[t].name, op->type);
            return false;
        }
        bits[t] = rate->amount;
    }
    return true;
}

/* Partial sums have the output's width, or their own on the chip. */
static bool resolve_widths(Reader *reader, const Hardware *hardware, const Operator *op,
                           Rational bits[TENSORS_MAX], Machine *machine)
{
    if (!resolve_precision(reader, hardware, op, bits))
        return false;
    Rational *output = &bits[op->output];
    machine->done_bits = output->num;
    if (hardware->partial_bits > 0 && hardware->partial_bits < output->num) {
        reader_wrong(reader, CHECK_RANGE, hardware->precision.span,
                     "partial sums of " I64 " bit are narrower than the output's " I64 " bit",
                     hardware->partial_bits, output->num);
        return false;
    }
    if (hardware->partial_bits > 0)
        output->num = hardware->partial_bits;
    for (int t = 0; t < op->n_tensors; t++)
        machine->bits[t] = bits[t].num;
    return true;
}

static bool resolve_setup(Reader *reader, const Hardware *hardware, int64_t *cycles)
{
    Rational amount = hardware->setup.amount;
    if (hardware->setup.seconds && !hardware->clock_given) {
        reader_wrong(reader, CHECK_MISSING_KEY, hardware->setup.span,
                     "a Setup in seconds needs the machine's Clock");
        return false;
    }
    bool fits = !hardware->setup.seconds || rational_multiply(amount, hardware->clock_hz, &amount);
    *cycles = fits ? rational_ceil(amount) : 0;
    if (fits && *cycles <= hardware_keys[KEY_SETUP].most)
        return true;
    reader_wrong(reader, CHECK_RANGE, hardware->setup.span, "Setup is beyond " I64 " cycles",
                 hardware_keys[KEY_SETUP].most);
    return false;
}

/* Tensors that OffChip does not hold live on the chip. */
static void resolve_holds(const TensorNames *holds, const Operator *op, bool stays[TENSORS_MAX])
{
    for (int t = 0; t < op->n_tensors && holds->n > 0; t++) {
        stays[t] = true;
        for (int i = 0; i < holds->n; i++)
            stays[t] &= !operator_tensor_is(op, t, holds->name[i]);
    }
}

Rational resolve_widest(const Rational bits[], int n, bool *mixed)
{
    Rational most = bits[0];
    *mixed = false;
    for (int t = 1; t < n; t++) {
        *mixed |= rational_less(bits[t], most) || rational_less(most, bits[t]);
        if (rational_less(most, bits[t]))
            most = bits[t];
    }
    return most;
}

/* In elements of so many bits. */
static bool rate_per_cycle(Reader *reader, const Hardware *hardware, Span span, const Rate *rate,
                           Rational bits, Rational *out)
{
    *out = (Rational){rate->amount.num, MAX(rate->amount.den, 1)};
    bool fits = rate->unit == PER_CYCLE_ELEMENTS || rational_divide(*out, bits, out);
    if (rate->unit == PER_SECOND_BITS)
        fits = fits && rational_divide(*out, hardware->clock_hz, out);
    if (!fits)
        reader_wrong(reader, CHECK_OVERFLOW, span, "the bandwidth per cycle does not fit 63 bits");
    return fits;
}

bool resolve_rate(Reader *reader, const Hardware *hardware, Span span, const Rate *rate,
                  Rational bits, Rational *out)
{
    if (rate->amount.num != 0 && rate->unit == PER_SECOND_BITS && !hardware->clock_given) {
        reader_wrong(reader, CHECK_MISSING_KEY, span,
                     "a bandwidth per second needs the machine's Clock");
        return false;
    }
    return rate_per_cycle(reader, hardware, span, rate, bits, out);
}

/* A channel that tensors of several widths share, given in bytes, counts bits. */
static bool resolve_bandwidth(Reader *reader, const Hardware *hardware, const TensorRate *rate,
                              const Operator *op, const Rational bits[], Noc *noc)
{
    bool mixed;
    Rational most = resolve_widest(bits, op->n_tensors, &mixed);
    noc->per_tensor = rate->n > 0;
    noc->in_bits = !noc->per_tensor && mixed && rate->all.unit != PER_CYCLE_ELEMENTS;
    if (noc->in_bits)
        most = (Rational){1, 1};
    for (int t = 0; t < op->n_tensors; t++) {
        const Rate *own = rate_of(rate, op, t);
        noc->bandwidth[t] = (Rational){0, 1};
        if (own == NULL || (t > 0 && !noc->per_tensor))
            continue;
        if (!resolve_rate(reader, hardware, rate->span, own, noc->per_tensor ? bits[t] : most,
                          &noc->bandwidth[t]))
            return false;
    }
    return true;
}

bool resolve_noc(Reader *reader, const Hardware *hardware, const HardwareNoc *from,
                 const Operator *op, const Rational bits[], Noc *noc)
{
    const int64_t most = hardware_keys[KEY_NOC_LATENCY].most;
    Rational cycles;
    noc->hops = (double) from->hops.num / (double) from->hops.den;
    noc->multicast = from->multicast;
    noc->reduction = from->reduction;
    noc->prefetch = from->prefetch;
    bool fits = rational_multiply(from->hops, from->latency, &cycles);
    int64_t whole = fits ? rational_ceil(cycles) : 0;
    if (!fits || whole > most) {
        reader_wrong(reader, CHECK_RANGE, hardware->span,
                     "hops times latency of a NoC is beyond " I64 " cycles", most);
        return false;
    }
    noc->latency = whole;
    return resolve_bandwidth(reader, hardware, &from->bandwidth, op, bits, noc);
}

static bool resolve_offchip(Reader *reader, const Hardware *hardware, Machine *machine)
{
    const Rate *given = &hardware->offchip.all;
    machine->offchip.elements = given->unit == PER_CYCLE_ELEMENTS;
    machine->offchip.timed = given->unit == PER_SECOND_BITS;
    return rate_per_cycle(reader, hardware, hardware->offchip.span, given, (Rational){1, 1},
                          &machine->offchip.rate);
}

bool hardware_machine(const Trees *program, const Hardware *hardware, const Operator *op,
                      Machine *machine)
{
    Reader reader = {.diag = program->diag, .operators = program->operators};
    Rational bits[TENSORS_MAX];
    *machine = (Machine){.name = hardware->name,
                         .pes = hardware->pes,
                         .lanes = hardware->lanes,
                         .clock_hz = rational_real(hardware->clock_hz),
                         .l1_bytes = hardware->l1_bytes,
                         .l2_bytes = hardware->l2_bytes,
                         .called = hardware->called,
                         .mac_um2 = NAN,
                         .mac_pj = NAN,
                         .mac_mw = NAN};
    memcpy(machine->buffer_bytes, hardware->buffer_bytes, sizeof(machine->buffer_bytes));
    if (!resolve_widths(&reader, hardware, op, bits, machine) ||
        !resolve_setup(&reader, hardware, &machine->setup_cycles))
        return false;
    if (hardware->n_memories > 0)
        return hierarchy_resolve(&reader, hardware, op, bits, machine) && !reader.wrong;
    resolve_holds(&hardware->offchip_holds, op, machine->stays_onchip);
    for (int l = 0; l < LEVELS_MAX; l++) {
        if (!resolve_noc(&reader, hardware, &hardware->noc[l], op, bits, &machine->noc[l]))
            return false;
    }
    return resolve_offchip(&reader, hardware, machine) && !reader.wrong;
}
