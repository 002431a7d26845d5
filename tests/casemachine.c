/* Channels are narrow beside the work, so that transfers bind about as often as not. */
#include "casemachine.h"

#include "casegen.h"
#include "draw.h"
#include "ir/integer.h"

/* ---- the machine ---- */

static Rational make_rate(uint64_t *state, int64_t unlimited)
{
    int64_t draw = draw_between(state, 0, 99);
    if (draw < unlimited)
        return (Rational){0, 1};
    if (draw < 70)
        return (Rational){draw_between(state, 1, 8), 1};
    int64_t num = draw_between(state, 1, 9), den = draw_between(state, 2, 5);
    int64_t common = gcd64(num, den);
    return (Rational){num / common, den / common};
}

/* In bits a cycle: as many elements of 8 bits. */
static Rational rate_in_bits(Rational rate)
{
    int64_t common = gcd64(8, rate.den);
    return (Rational){rate.num * (8 / common), rate.den / common};
}

static Prefetch make_prefetch(uint64_t *state)
{
    int64_t draw = draw_between(state, 0, 99);
    return draw < 50   ? PREFETCH_LAYER
           : draw < 70 ? PREFETCH_TILE
           : draw < 85 ? PREFETCH_STEP
                       : PREFETCH_NONE;
}

static void make_noc(uint64_t *state, Noc *noc, bool in_bits)
{
    noc->per_tensor = draw_percent(state, 35);
    noc->in_bits = in_bits && draw_percent(state, 60);
    for (int t = 0; t < TENSORS_MAX; t++) {
        noc->bandwidth[t] = make_rate(state, 15);
        if (noc->in_bits)
            noc->bandwidth[t] = rate_in_bits(noc->bandwidth[t]);
    }
    noc->latency = draw_between(state, 0, draw_percent(state, 90) ? 5 : 40);
    noc->hops = 1;
    noc->multicast = draw_percent(state, 65);
    noc->reduction = draw_percent(state, 60);
    noc->prefetch = make_prefetch(state);
}

/* Widths of 8 bits, another for all, or one for each tensor. */
static void make_bits(uint64_t *state, Machine *m)
{
    static const int64_t widths[] = {1, 4, 8, 8, 12, 16, 32};
    bool mixed = draw_percent(state, 50);
    for (int t = 0; t < TENSORS_MAX; t++) {
        int64_t bits = widths[draw_between(state, 0, 6)];
        m->bits[t] = mixed || t == 0 ? bits : m->bits[0];
    }
}

void casemachine_make(uint64_t *state, Case *c)
{
    Machine *m = &c->machine;
    int64_t below = 1;
    bool in_bits = draw_percent(state, 20);
    for (int l = 1; l < c->nest.n_levels; l++)
        below *= c->nest.level[l].children;
    m->name = "random";
    m->pes = below * c->nest.level[0].children + draw_between(state, 0, below - 1);
    m->lanes = draw_percent(state, 50) ? 1 : draw_between(state, 1, 4);
    m->clock_hz = 1e9;
    m->setup_cycles = draw_percent(state, 85) ? 0 : draw_between(state, 1, 100);
    for (int t = 0; t < TENSORS_MAX; t++)
        m->bits[t] = 8;
    if (in_bits)
        make_bits(state, m);
    m->done_bits = m->bits[c->layer.op.output];
    for (int l = 0; l < LEVELS_MAX; l++)
        make_noc(state, &m->noc[l], in_bits);
}

/* Off-chip memory as slow as the array is fast, a global buffer that some or all fits into. */
void casemachine_offchip(uint64_t *state, Case *c)
{
    Machine *m = &c->machine;
    int64_t bytes = 0;
    const int64_t num = 8 * draw_between(state, 1, 16), den = draw_between(state, 1, 10);
    const int64_t common = gcd64(num, den);
    m->offchip.rate = (Rational){num / common, den / common};
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        bytes += casegen_tensor(c, t) * m->bits[t] / 8;
        m->stays_onchip[t] = draw_percent(state, 20);
    }
    if (draw_percent(state, 70))
        m->l2_bytes = draw_between(state, 1, 2 + bytes);
    if (draw_percent(state, 30))
        m->done_bits = 8;
}

/* ---- memories ---- */

/* Widths are not those of machines that count in elements. */
static bool bits_told_apart(const Case *c)
{
    bool apart = c->machine.noc[0].in_bits;
    for (int t = 0; t < c->layer.op.n_tensors; t++)
        apart |= c->machine.bits[t] != 8;
    return apart;
}

static void make_port(uint64_t *state, const Case *c, Port *port)
{
    int n = c->layer.op.n_tensors;
    port->tensors =
        draw_percent(state, 40) ? case_tensors(c) : (unsigned) draw_between(state, 1, (1 << n) - 1);
    port->in_bits = bits_told_apart(c) && draw_percent(state, 50);
    Rational *rate[] = {&port->read, &port->write, &port->both};
    for (int i = 0; i < 3; i++) {
        *rate[i] = make_rate(state, 40);
        if (port->in_bits)
            *rate[i] = rate_in_bits(*rate[i]);
    }
}

static void make_ports(uint64_t *state, const Case *c, Ports *ports, int64_t likely)
{
    while (ports->n < PORTS_MAX && draw_percent(state, likely))
        make_port(state, c, &ports->port[ports->n++]);
}

/* Some cuts hold everything, some nothing, the others some tensors. */
static unsigned make_passes(uint64_t *state, const Case *c)
{
    int64_t draw = draw_between(state, 0, 99);
    if (draw < 25)
        return 0;
    return case_tensors(c) & ~(draw < 33 ? 0 : (unsigned) draw_between(state, 0, case_tensors(c)));
}

void casemachine_memories(uint64_t *state, Case *c)
{
    for (int l = 0; l < c->nest.n_levels; l++) {
        c->nest.level[l].passes = make_passes(state, c);
        make_ports(state, c, &c->machine.ports[l], l == 0 ? 40 : 25);
        if (c->nest.level[l].children == 1 && draw_percent(state, 60)) { /* no fan-out here */
            c->machine.noc[l].per_tensor = false;
            c->machine.noc[l].bandwidth[0] = (Rational){0, 1};
        }
    }
    make_ports(state, c, &c->machine.pe_ports, 25);
    if (draw_percent(state, 40)) /* finished outputs are narrower than partial sums */
        c->machine.done_bits = draw_between(state, 1, c->machine.done_bits);
}
