/* Hardware to the machine of one operator: names to tensors, amounts to elements per cycle. */
#include <string.h>

#include "frontend/reader.h"

#define I64 "%" G_GINT64_FORMAT

static const int64_t LATENCY_MAX = INT32_MAX;

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

static bool rational_less(Rational a, Rational b)
{
    return (__int128) a.num * b.den < (__int128) b.num * a.den;
}

static Rational widest(const Operator *op, const Rational bits[], bool *mixed)
{
    Rational most = bits[0];
    *mixed = false;
    for (int t = 1; t < op->n_tensors; t++) {
        *mixed |= rational_less(bits[t], most) || rational_less(most, bits[t]);
        if (rational_less(most, bits[t]))
            most = bits[t];
    }
    return most;
}

/* Elements of so many bits per cycle. */
static bool resolve_rate(Reader *reader, const Hardware *hardware, const TensorRate *where,
                         const Rate *rate, Rational bits, Rational *out)
{
    *out = rate->amount;
    if (rate->amount.num == 0 || rate->unit == PER_CYCLE_ELEMENTS)
        return true;
    bool fits = rational_divide(*out, bits, out);
    if (rate->unit == PER_SECOND_BITS && !hardware->clock_given) {
        reader_wrong(reader, CHECK_MISSING_KEY, where->span,
                     "a bandwidth per second needs the machine's Clock");
        return false;
    }
    if (rate->unit == PER_SECOND_BITS)
        fits = fits && rational_divide(*out, hardware->clock_hz, out);
    if (!fits)
        reader_wrong(reader, CHECK_OVERFLOW, where->span,
                     "the bandwidth per cycle does not fit 63 bits");
    return fits;
}

/* A channel that tensors of several widths share, given in bytes, counts bits. */
static bool resolve_bandwidth(Reader *reader, const Hardware *hardware, const TensorRate *rate,
                              const Operator *op, const Rational bits[], Noc *noc)
{
    bool mixed;
    Rational most = widest(op, bits, &mixed);
    noc->per_tensor = rate->n > 0;
    noc->in_bits = !noc->per_tensor && mixed && rate->all.unit != PER_CYCLE_ELEMENTS;
    if (noc->in_bits)
        most = (Rational){1, 1};
    for (int t = 0; t < op->n_tensors; t++) {
        const Rate *own = rate_of(rate, op, t);
        noc->bandwidth[t] = (Rational){0, 1};
        if (own == NULL || (t > 0 && !noc->per_tensor))
            continue;
        if (!resolve_rate(reader, hardware, rate, own, noc->per_tensor ? bits[t] : most,
                          &noc->bandwidth[t]))
            return false;
        if (noc->bandwidth[t].den == 0)
            noc->bandwidth[t].den = 1;
    }
    return true;
}

static bool resolve_noc(Reader *reader, const Hardware *hardware, const HardwareNoc *from,
                        const Operator *op, const Rational bits[], Noc *noc)
{
    Rational cycles;
    noc->hops = (double) from->hops.num / (double) from->hops.den;
    noc->multicast = from->multicast;
    noc->reduction = from->reduction;
    noc->prefetch = from->prefetch;
    bool fits = rational_multiply(from->hops, from->latency, &cycles);
    int64_t whole = fits ? cycles.num / cycles.den + (cycles.num % cycles.den != 0) : 0;
    if (!fits || whole > LATENCY_MAX) {
        reader_wrong(reader, CHECK_RANGE, hardware->span,
                     "hops times latency of a NoC is beyond " I64 " cycles", LATENCY_MAX);
        return false;
    }
    noc->latency = whole;
    return resolve_bandwidth(reader, hardware, &from->bandwidth, op, bits, noc);
}

static double to_double(Rational value)
{
    return value.den != 0 ? (double) value.num / (double) value.den : 0;
}

/* Bytes per second, 0 if unlimited. */
static double offchip_rate(const Hardware *hardware, Rational most)
{
    const Rate *rate = &hardware->offchip.all;
    double amount = to_double(rate->amount), clock = to_double(hardware->clock_hz);
    switch (rate->unit) {
    case PER_CYCLE_ELEMENTS:
        return amount * to_double(most) / 8 * clock;
    case PER_CYCLE_BITS:
        return amount / 8 * clock;
    default:
        return amount / 8;
    }
}

bool hardware_machine(const Trees *program, const Hardware *hardware, const Operator *op,
                      Machine *machine)
{
    Reader reader = {.diag = program->diag, .operators = program->operators};
    Rational bits[TENSORS_MAX];
    bool mixed;
    *machine = (Machine){.name = hardware->name,
                         .pes = hardware->pes,
                         .lanes = hardware->lanes,
                         .clock_hz = to_double(hardware->clock_hz),
                         .l1_bytes = hardware->l1_bytes,
                         .l2_bytes = hardware->l2_bytes};
    memcpy(machine->buffer_bytes, hardware->buffer_bytes, sizeof(machine->buffer_bytes));
    if (!resolve_precision(&reader, hardware, op, bits))
        return false;
    for (int t = 0; t < op->n_tensors; t++)
        machine->bits[t] = bits[t].num;
    machine->done_bits = bits[op->output].num;
    for (int l = 0; l < LEVELS_MAX; l++) {
        if (!resolve_noc(&reader, hardware, &hardware->noc[l], op, bits, &machine->noc[l]))
            return false;
    }
    machine->offchip_bytes_per_s = offchip_rate(hardware, widest(op, bits, &mixed));
    return !reader.wrong;
}
