/* Every channel and every port is a sum of tensors over a rate. */
#include "links.h"

static int64_t channel_delay(int64_t latency, Rational rate, int64_t volume)
{
    if (volume == 0)
        return 0;
    int64_t beats = 1; /* of an unlimited channel */
    if (rate.num > 0)
        beats = (volume * rate.den + rate.num - 1) / rate.num;
    return latency + beats - 1;
}

/* What the tensors of a set come to, in elements or in bits; `done`: outputs are. */
static int64_t sum(const Sim *s, const int64_t volume[TENSORS_MAX], unsigned tensors, bool in_bits,
                   bool done)
{
    const Machine *m = s->machine;
    int64_t units = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        int64_t width = done && t == s->layer->op.output ? m->done_bits : m->bits[t];
        if (tensors >> t & 1)
            units += volume[t] * (in_bits ? width : 1);
    }
    return units;
}

/* Of a memory at a depth; a root that takes outputs when they are done gives none. */
static int64_t port_delay(const Sim *s, const Port *port, int depth, Rational rate, int64_t latency,
                          const int64_t volume[TENSORS_MAX])
{
    unsigned tensors = port->tensors & case_held(s->c, depth);
    return channel_delay(latency, rate,
                         sum(s, volume, tensors, port->in_bits, s->done && depth == 0));
}

static int64_t slowest(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way,
                       int64_t latency)
{
    const Noc *noc = &s->machine->noc[level];
    const Ports *ports = &s->c->machine.ports[level];
    int64_t longest = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        unsigned tensors = noc->per_tensor ? 1u << t : case_tensors(s->c);
        Rational rate = noc->bandwidth[noc->per_tensor ? t : 0];
        int64_t delay = channel_delay(latency, rate, sum(s, volume, tensors, noc->in_bits, false));
        longest = MAX(longest, delay);
        if (!noc->per_tensor)
            break;
    }
    for (int i = 0; i < ports->n; i++) {
        const Port *port = &ports->port[i];
        Rational rate = way == WAY_IN ? port->read : port->write;
        longest = MAX(longest, port_delay(s, port, level, rate, latency, volume));
        longest = MAX(longest, port_delay(s, port, level, port->both, latency, volume));
    }
    return longest;
}

int64_t links_delay(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way)
{
    return slowest(s, level, volume, way, MAX(1, s->machine->noc[level].latency));
}

int64_t links_hidden(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way)
{
    return slowest(s, level, volume, way, 1);
}

static void add_load(const Load *load, int64_t volume[TENSORS_MAX])
{
    for (int t = 0; t < TENSORS_MAX; t++)
        volume[t] = load->in[t] + load->out[t];
}

int64_t links_shared(const Sim *s, int level, const Load *load)
{
    const Ports *ports = &s->c->machine.ports[level];
    int64_t longest = 0, volume[TENSORS_MAX];
    for (int i = 0; i < ports->n; i++) {
        const Port *port = &ports->port[i];
        add_load(load, volume);
        if (port->both.num > 0)
            longest = MAX(longest, port_delay(s, port, level, port->both, 1, volume));
    }
    return longest;
}

int64_t links_wait(const Sim *s, int level, const int64_t volume[TENSORS_MAX], Way way)
{
    int64_t longest = 0;
    for (int l = 0; l <= level; l++) {
        int64_t crossing[TENSORS_MAX] = {0}, most = 0;
        for (int t = 0; t < s->layer->op.n_tensors; t++) {
            int64_t latency = 0;
            if (volume[t] == 0 || s->home[level][t] > l)
                continue;
            crossing[t] = volume[t];
            for (int k = s->home[level][t]; k <= level; k++)
                latency += MAX(1, s->machine->noc[k].latency) - 1;
            most = MAX(most, latency);
        }
        longest = MAX(longest, links_hidden(s, l, crossing, way) + most);
    }
    return longest;
}

int64_t links_macs(const Sim *s, const int64_t reads[TENSORS_MAX],
                   const int64_t writes[TENSORS_MAX])
{
    const Ports *ports = &s->c->machine.pe_ports;
    int64_t longest = 0, both[TENSORS_MAX];
    for (int t = 0; t < TENSORS_MAX; t++)
        both[t] = reads[t] + writes[t];
    for (int i = 0; i < ports->n; i++) {
        const Port *port = &ports->port[i];
        longest = MAX(longest, port_delay(s, port, s->n_levels, port->read, 1, reads));
        longest = MAX(longest, port_delay(s, port, s->n_levels, port->write, 1, writes));
        longest = MAX(longest, port_delay(s, port, s->n_levels, port->both, 1, both));
    }
    return longest;
}
