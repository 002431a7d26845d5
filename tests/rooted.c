/* Depth by depth: who holds a tensor gives it to the next holder further inside, or to the MACs. */
#include "rooted.h"

#include <math.h>

#include "ir/integer.h"

/* What units of this depth hold is in this memory. */
static int memory_at(int depth)
{
    return depth == 0 ? 0 : 1 + (depth - 1) % 2;
}

static bool is_output(const Case *c, int t)
{
    return t == c->layer.op.output;
}

void rooted_make(const Case *c, Rooted *rooted)
{
    static const char *const names[ROOTED_MEMORIES] = {"root", "odd", "even"};
    Machine *machine = &rooted->machine;
    rooted->nest = c->nest;
    *machine = c->machine;
    machine->n_memories = ROOTED_MEMORIES;
    machine->mac_pj = 0;
    machine->mac_um2 = machine->mac_mw = NAN;
    for (int m = 0; m < ROOTED_MEMORIES; m++)
        machine->memory[m] = (Memory){.name = names[m],
                                      .root = m == 0,
                                      .holds = case_tensors(c),
                                      .copies = 1,
                                      .read_pj = m + 2,
                                      .write_pj = m + 5,
                                      .width_bits = 1,
                                      .um2 = NAN,
                                      .leak_mw = NAN};
    for (int l = 0; l < c->nest.n_levels; l++)
        for (int t = 0; t < c->layer.op.n_tensors; t++)
            rooted->nest.level[l].memory[t] =
                case_held(c, l + 1) >> t & 1 ? (uint8_t) (memory_at(l + 1) + 1) : 0;
}

/* ---- what moves ---- */

/* What a holder gives to the inside and takes from there; as the MACs ask for it, or as tiles. */
typedef struct {
    int64_t reads, writes;
    bool macs;
} Given;

static Given given(const Case *c, const Simulation *s, int depth, int t)
{
    int level = depth;
    while (level < c->nest.n_levels && !(case_held(c, level + 1) >> t & 1))
        level++;
    if (level == c->nest.n_levels)
        return (Given){s->mac[t].reads + s->mac[t].psum_reads, s->mac[t].writes, true};
    const TensorCounts *counts = &s->result.level[level].tensor[t];
    return (Given){counts->reads + counts->psum_reads, counts->writes, false};
}

bool rooted_comes_once(const Case *c, const Simulation *s)
{
    int o = c->layer.op.output;
    return s->root_in[o] == 0 && given(c, s, 0, o).writes == s->result.tensor_size[o];
}

/* ---- time ---- */

/* Bits of the output's elements that come to the root: of each the last is a finished one. */
static int64_t output_bits(const Case *c, const Simulation *s, int64_t elements)
{
    int o = c->layer.op.output;
    int64_t size = s->result.tensor_size[o];
    return size * c->machine.done_bits + (elements - size) * c->machine.bits[o];
}

static int64_t cycles(Rational rate, int64_t units)
{
    return rate.num > 0 ? ceil_div(units * rate.den, rate.num) : 0;
}

static int64_t port_cycles(const Case *c, const Simulation *s, const Port *port)
{
    int64_t in = 0, out = 0;
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        if (!(port->tensors >> t & 1))
            continue;
        in += s->root_in[t] * (port->in_bits ? c->machine.bits[t] : 1);
        if (is_output(c, t))
            out += port->in_bits ? output_bits(c, s, s->root_out) : s->root_out;
    }
    int64_t apart = max64(cycles(port->read, in), cycles(port->write, out));
    return max64(apart, cycles(port->both, in + out));
}

int64_t rooted_offchip(const Case *c, const Simulation *s)
{
    const Ports *ports = &c->machine.ports[0];
    int64_t longest = 0;
    for (int i = 0; i < ports->n; i++)
        longest = max64(longest, port_cycles(c, s, &ports->port[i]));
    return longest;
}

/* ---- memories ---- */

int64_t rooted_bytes(const Case *c, const Simulation *s, int memory)
{
    int64_t bits = 0;
    for (int depth = 0; depth <= c->nest.n_levels; depth++)
        for (int t = 0; t < c->layer.op.n_tensors; t++) {
            if (memory_at(depth) != memory || !(case_held(c, depth) >> t & 1))
                continue;
            bool done = depth == 0 && is_output(c, t) && rooted_comes_once(c, s);
            int64_t tile = depth == 0 ? s->result.tensor_size[t]
                                      : s->result.level[depth - 1].tensor[t].tile_max;
            bits += tile * (done ? c->machine.done_bits : c->machine.bits[t]);
        }
    return ceil_div(bits, 8);
}

static double tensor_pj(const Case *c, const Simulation *s, const Memory *memory, int depth, int t,
                        const double density[TENSORS_MAX])
{
    static const TensorCounts none = {0};
    const TensorCounts *taken = depth == 0 ? &none : &s->result.level[depth - 1].tensor[t];
    Given inside = given(c, s, depth, t);
    double bits = (double) c->machine.bits[t], share = density[t];
    double written = (double) inside.writes * bits;
    if (depth == 0 && is_output(c, t))
        written = (double) output_bits(c, s, inside.writes);
    for (int i = 0; i < c->layer.op.n_tensors && inside.macs; i++)
        share = (i == 0 ? 1 : share) * (is_output(c, i) ? 1 : density[i]);
    return memory->read_pj * (share * (double) inside.reads + density[t] * (double) taken->drains) *
               bits +
           memory->write_pj * (share * written + density[t] * (double) taken->fills * bits);
}

double rooted_pj(const Case *c, const Simulation *s, const Rooted *rooted, int memory,
                 const double density[TENSORS_MAX])
{
    double pj = 0;
    for (int depth = 0; depth <= c->nest.n_levels; depth++)
        for (int t = 0; t < c->layer.op.n_tensors; t++)
            if (memory_at(depth) == memory && case_held(c, depth) >> t & 1)
                pj += tensor_pj(c, s, &rooted->machine.memory[memory], depth, t, density);
    return pj;
}
