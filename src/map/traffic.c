/* For each count the energy of a made-up result in which it alone is larger than it must be: each
 * tensor moves once everywhere. */
#include "map/traffic.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/cost.h"
#include "engine/result.h"
#include "map/set.h"

/* ---- which tensors move where -------------------------------------------------------- */

/* Whether what units between these depths ask for together is moved once: of some fan-outs at
 * least, if any are there. */
static bool merges(const TrafficModel *m, bool output, int home, int holder)
{
    bool any = false, all_apart = true;
    for (int l = home; l < holder; l++) {
        const SkeletonLevel *level = &m->skeleton->level[l];
        const Noc *noc = m->machine->n_memories == 0 ? &m->machine->noc[l]
                         : level->fanout > 0         ? &m->machine->fanout[level->fanout - 1].noc
                                                     : NULL;
        if (noc == NULL)
            continue;
        any = true;
        all_apart &= !(output ? noc->reduction : noc->multicast);
    }
    return !any || !all_apart;
}

static bool comes_first(const TrafficModel *m, int home)
{
    for (int l = 0; l < home; l++) {
        int spread = m->skeleton->level[l].spread;
        if (spread >= 0 && !has(m->shape->dims[m->shape->output], spread))
            return false;
    }
    return true;
}

static void add_traffic(TrafficModel *m, int tensor, int home, int holder, bool stream)
{
    Traffic *traffic = &m->traffic[m->n++];
    bool output = tensor == m->shape->output;
    memset(traffic, 0, sizeof *traffic); /* it is compared whole, as are channels */
    traffic->tensor = tensor;
    traffic->home = home;
    traffic->holder = holder;
    traffic->stream = stream;
    traffic->merges = merges(m, output, home, holder);
    traffic->first = comes_first(m, home);
    for (int d = 0; d < DIMS_MAX; d++)
        traffic->shared[d] = 1;
    m->homes |= 1u << home;
}

static void find_traffic(TrafficModel *m)
{
    const int n = m->skeleton->n_levels;
    for (int t = 0; t < m->shape->n_tensors; t++) {
        int home = 0;
        for (int depth = 1; depth <= n; depth++) {
            if (!has(m->skeleton->level[depth - 1].held, t))
                continue;
            add_traffic(m, t, home, depth, false);
            home = depth;
        }
        if (home < n)
            add_traffic(m, t, home, n, true);
    }
}

/* ---- energy, by asking for it -------------------------------------------------------- */

/* A result in which every tensor moves once everywhere, and the machine that it is of. */
typedef struct {
    Machine machine;
    Result result;
    int place[DEPTHS][TENSORS_MAX]; /* of a hierarchy: where the tensor is held; -1 */
    int link[DEPTHS];               /* of a hierarchy: fan-outs outside a depth */
} Probe;

static void hold(Probe *p, int depth, int memory, int tensor)
{
    Result *r = &p->result;
    int k = r->n_places - 1;
    while (k >= 0 && !(r->place[k].memory == memory && r->place[k].depth == p->link[depth]))
        k--;
    if (k < 0) {
        k = r->n_places++;
        memset(&r->place[k], 0, sizeof r->place[k]);
        r->place[k].memory = memory;
        r->place[k].depth = p->link[depth];
        r->place[k].need_bits[tensor] = 8; /* of a memory without capacity: it costs least */
    }
    r->place[k].tensors |= 1u << tensor;
    p->place[depth][tensor] = k;
}

/* Only fan-outs make levels: what else is cut moves nothing over a link that costs. */
static void probe_places(const TrafficModel *m, Probe *p)
{
    const Skeleton *s = m->skeleton;
    int links = 0;
    memset(p->place, -1, sizeof p->place);
    for (int depth = 0; depth <= s->n_levels; depth++) {
        p->link[depth] = links;
        for (int t = 0; t < m->shape->n_tensors; t++) {
            int memory = depth > 0 ? s->level[depth - 1].memory[t] - 1 : -1;
            for (int k = 0; k < m->machine->n_memories && depth == 0; k++)
                if (m->machine->memory[k].root && has(m->machine->memory[k].holds, t))
                    memory = k;
            if (memory >= 0)
                hold(p, depth, memory, t);
        }
        const SkeletonLevel *level = depth < s->n_levels ? &s->level[depth] : NULL;
        if (level != NULL && level->fanout > 0 && !level->rest)
            p->machine.noc[links++] = m->machine->fanout[level->fanout - 1].noc;
    }
    p->result.n_levels = links;
}

/* `near`, `far`, `back` and `again` more of a traffic. */
typedef struct {
    int64_t near, far, back, again;
} More;

static void move_hierarchy(const TrafficModel *m, const Traffic *t, const More *more, Probe *p)
{
    Result *r = &p->result;
    int x = t->tensor;
    bool output = x == m->shape->output;
    MemoryResult *home = &r->place[p->place[t->home][x]];
    for (int l = t->home; l < t->holder; l++) {
        const SkeletonLevel *level = &m->skeleton->level[l];
        if (level->fanout == 0 || level->rest)
            continue;
        LinkResult *link = &r->link[p->link[l]];
        link->in[x] += output ? more->back : more->near;
        link->out += output ? more->near : 0;
    }
    if (output) {
        home->writes[x] += more->near;
        home->psum_reads[x] += more->back + more->again;
    } else {
        home->reads[x] += more->near;
    }
    if (t->stream) {
        r->mac[x].reads += output ? more->back + more->again : more->near;
        r->mac[x].writes += output ? more->near : 0;
        return;
    }
    MemoryResult *holder = &r->place[p->place[t->holder][x]];
    holder->fills[x] += output ? more->back : more->far;
    holder->drains[x] += output ? more->far : 0;
    if (output && t->holder == m->skeleton->n_levels) { /* so many first visits more, or fewer */
        r->mac[x].reads += more->back - more->far;
        holder->psum_reads[x] += more->back - more->far;
    }
}

static void move_classic(const TrafficModel *m, const Traffic *t, const More *more, Probe *p)
{
    Result *r = &p->result;
    int x = t->tensor, l = t->home;
    bool output = x == m->shape->output, outermost = l == 0,
         innermost = t->holder == m->skeleton->n_levels;
    TensorCounts *counts = &r->level[l].tensor[x];
    counts->reads += output ? 0 : more->near;
    counts->writes += output ? more->near : 0;
    counts->fills += output ? more->back : more->far;
    counts->drains += output ? more->far : 0;
    counts->psum_reads += output ? more->back + more->again : 0;
    if (outermost) {
        r->l2_reads[x] += output ? more->back + more->again : more->near;
        r->l2_writes[x] += output ? more->near : 0;
    }
    if (innermost) {
        r->l1_reads[x] += output ? more->back : 0;
        r->l1_writes[x] += output ? more->back : more->far;
    }
}

static void move(const TrafficModel *m, const Traffic *t, const More *more, Probe *p)
{
    if (m->machine->n_memories > 0)
        move_hierarchy(m, t, more, p);
    else
        move_classic(m, t, more, p);
}

static double energy(const TrafficModel *m, const Probe *p)
{
    Cost cost;
    cost_layer(m->layer, &p->machine, m->technology, &p->result, &cost);
    return cost.total_pj;
}

/* The MACs' accesses to what they have at hand, and what crosses the border of a classic chip. */
static void probe_macs(const TrafficModel *m, Probe *p)
{
    Result *r = &p->result;
    int n = m->skeleton->n_levels, o = m->shape->output;
    for (int t = 0; t < m->shape->n_tensors; t++) {
        bool output = t == o, held = has(m->skeleton->level[n - 1].held, t);
        int64_t macs = held ? r->macs : 0;
        r->mac[t] = (MacAccesses){macs, output ? macs : 0};
        r->l1_reads[t] = macs; /* dcc counts an output's first visits, too */
        r->l1_writes[t] = output ? macs : 0;
        if (m->machine->n_memories > 0 && held) {
            MemoryResult *place = &r->place[p->place[n][t]];
            place->reads[t] += output ? 0 : macs;
            place->psum_reads[t] += output ? macs : 0;
            place->writes[t] += output ? macs : 0;
        }
        if (m->machine->n_memories == 0 && !m->machine->stays_onchip[t]) {
            OffchipRow *row = &r->offchip.row[t];
            row->footprint = r->tensor_size[t];
            *(output ? &row->writes : &row->reads) = r->tensor_size[t];
            *(output ? &r->l2_reads[t] : &r->l2_writes[t]) += r->tensor_size[t];
        }
    }
}

static void probe_start(const TrafficModel *m, Probe *p)
{
    Result *r = &p->result;
    memset(r, 0, sizeof *r);
    p->machine = *m->machine;
    layer_macs(m->layer, &r->macs);
    r->copies = 1;
    r->n_levels = m->skeleton->n_levels;
    r->l1_required_bytes = r->l2_required_bytes = 1;
    for (int l = 0; l < LEVELS_MAX; l++)
        r->buffer_required_bytes[l] = 1;
    cluster_sizes(m->layer, m->shape, r->tensor_size);
    if (m->machine->n_memories > 0)
        probe_places(m, p);
    probe_macs(m, p);
}

/* So many more reads of the output by the MACs. */
static void add_accesses(const TrafficModel *m, Probe *p, int64_t more)
{
    int o = m->shape->output, place = p->place[m->skeleton->n_levels][o];
    p->result.mac[o].reads += more;
    p->result.l1_reads[o] += more;
    if (m->machine->n_memories > 0 && place >= 0)
        p->result.place[place].psum_reads[o] += more;
}

/* Where outputs are sparser than the MACs, one more that leaves costs less than the first visit
 * that comes with it spares.  There are no more of those than MACs, beside those that come back. */
static double bound_far(Traffic *t, int64_t macs)
{
    double spared = fmin(0, t->far);
    t->far -= spared;
    t->back = fmax(0, t->back + spared);
    return spared * (double) macs;
}

/* All traffics move so much more, or less. */
static void move_all(const TrafficModel *m, int64_t more, Probe *p)
{
    add_accesses(m, p, 2 * more); /* none of them becomes negative, and is then left out */
    for (int i = 0; i < m->n; i++)
        move(m, &m->traffic[i], &(More){more, more, more, more}, p);
}

/* What is left of a large energy when others are taken from it may be wrong by some units in the
 * last place of that. */
static const double LAST_PLACES = 64 * DBL_EPSILON;

/* Where much moves the cost is linear: of little it is never less than so found. */
static void find_energies(TrafficModel *m, Probe *p)
{
    const int64_t many = 1 << 20;
    const More steps[4] = {{many, 0, 0, 0}, {0, many, 0, 0}, {0, 0, many, 0}, {0, 0, 0, many}};
    double spared = 0, moved = 0;
    move_all(m, many, p);
    add_accesses(m, p, 2 * many);
    const double base = energy(m, p);
    for (int i = 0; i < m->n; i++) {
        Traffic *t = &m->traffic[i];
        double *figure[4] = {&t->near, &t->far, &t->back, &t->again};
        for (int k = 0; k < 4; k++) {
            const More back = {-steps[k].near, -steps[k].far, -steps[k].back, -steps[k].again};
            move(m, t, &steps[k], p);
            *figure[k] = (energy(m, p) - base) / (double) many;
            move(m, t, &back, p);
            moved += *figure[k] * (double) many;
        }
        spared += bound_far(t, p->result.macs);
    }
    add_accesses(m, p, many);
    double access = (energy(m, p) - base) / (double) many; /* of those that were added */
    add_accesses(m, p, -3 * many);
    m->least_pj = base - moved - access * 4 * (double) many + spared - base * LAST_PLACES;
    move_all(m, -many, p);
}

/* So many more elements come from off-chip memory, and go there. */
static void cross(Probe *p, int t, int64_t in, int64_t out)
{
    p->result.offchip.row[t].reads += in;
    p->result.l2_writes[t] += in;
    p->result.offchip.row[t].writes += out;
    p->result.l2_reads[t] += out;
}

static void find_offchip(TrafficModel *m, Probe *p)
{
    const int64_t many = 1 << 20;
    const double base = energy(m, p);
    for (int t = 0; t < m->shape->n_tensors && m->machine->n_memories == 0; t++) {
        if (m->machine->stays_onchip[t])
            continue;
        cross(p, t, many, t == m->shape->output ? many : 0);
        m->offchip_pj[t] = (energy(m, p) - base) / (double) many;
        cross(p, t, -many, t == m->shape->output ? -many : 0);
    }
}

/* ---- energies of before ------------------------------------------------------------------ */

static void holding_of(const Skeleton *s, Holding *holding)
{
    memset(holding, 0, sizeof *holding); /* it is compared whole */
    holding->n_levels = s->n_levels;
    for (int l = 0; l < s->n_levels; l++) {
        holding->level[l].fanout = s->level[l].fanout;
        holding->level[l].rest = s->level[l].rest;
        holding->level[l].held = s->level[l].held;
        memcpy(holding->level[l].memory, s->level[l].memory, sizeof s->level[l].memory);
    }
}

static TrafficEnergies *slot_of(TrafficStore *store, const Holding *holding)
{
    uint64_t hash = 0;
    for (int l = 0; l < holding->n_levels; l++) {
        hash = (hash ^ holding->level[l].held) * UINT64_C(0x9e3779b97f4a7c15);
        for (int t = 0; t < TENSORS_MAX; t++)
            hash = (hash ^ (uint64_t) holding->level[l].memory[t]) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return &store->slot[hash >> 32 & (G_N_ELEMENTS(store->slot) - 1)];
}

static void keep_energies(const TrafficModel *m, TrafficEnergies *found)
{
    for (int i = 0; i < m->n; i++) {
        found->traffic[i].near = m->traffic[i].near;
        found->traffic[i].far = m->traffic[i].far;
        found->traffic[i].back = m->traffic[i].back;
        found->traffic[i].again = m->traffic[i].again;
    }
    found->least_pj = m->least_pj;
    memcpy(found->offchip_pj, m->offchip_pj, sizeof m->offchip_pj);
}

static void take_energies(const TrafficEnergies *found, TrafficModel *m)
{
    for (int i = 0; i < m->n; i++) {
        m->traffic[i].near = found->traffic[i].near;
        m->traffic[i].far = found->traffic[i].far;
        m->traffic[i].back = found->traffic[i].back;
        m->traffic[i].again = found->traffic[i].again;
    }
    m->least_pj = found->least_pj;
    memcpy(m->offchip_pj, found->offchip_pj, sizeof m->offchip_pj);
}

/* Those of the skeleton, which many others share. */
static void set_energies(TrafficModel *m, TrafficStore *store)
{
    static _Thread_local Probe probe; /* large */
    Holding holding;
    holding_of(m->skeleton, &holding);
    TrafficEnergies *found = slot_of(store, &holding);
    if (memcmp(&found->of, &holding, sizeof holding) == 0) {
        take_energies(found, m);
        return;
    }
    probe_start(m, &probe);
    find_energies(m, &probe);
    find_offchip(m, &probe);
    found->of = holding;
    keep_energies(m, found);
}

/* ---- time ----------------------------------------------------------------------------- */

static double cycles_element(const TrafficModel *m, int t, const Rational *rate, bool in_bits)
{
    double bits = in_bits ? (double) m->machine->bits[t] : 1;
    return rate->num > 0 ? bits * (double) rate->den / (double) rate->num * m->shape->density[t]
                         : 0;
}

/* The next one, which is kept if n_channels is raised. */
static Channel *channel_start(TrafficModel *m, int depth, int level)
{
    Channel *channel = &m->channel[m->n_channels];
    memset(channel, 0, sizeof *channel);
    channel->depth = depth;
    channel->level = level;
    return channel;
}

static void add_link(TrafficModel *m, int level, const Noc *noc)
{
    Channel *c = channel_start(m, level, level);
    bool binds = false;
    c->apart = noc->per_tensor;
    for (int t = 0; t < m->shape->n_tensors; t++) {
        double cycles =
            cycles_element(m, t, &noc->bandwidth[noc->per_tensor ? t : 0], noc->in_bits);
        c->in[t] = c->out[t] = cycles;
        binds |= cycles > 0;
    }
    m->n_channels += binds;
}

static void add_port(TrafficModel *m, int depth, int memory, unsigned tensors)
{
    const Port *port = &m->machine->memory[memory].port;
    Channel *ways = channel_start(m, depth, -1);
    bool binds = false;
    for (unsigned some = tensors; some; some &= some - 1) {
        int t = __builtin_ctz(some);
        ways->in[t] = cycles_element(m, t, &port->read, port->in_bits);
        ways->out[t] = cycles_element(m, t, &port->write, port->in_bits);
        binds |= ways->in[t] > 0 || ways->out[t] > 0;
    }
    m->n_channels += binds;
    if (port->both.num == 0)
        return;
    Channel *both = channel_start(m, depth, -1);
    both->shared = true;
    for (unsigned some = tensors; some; some &= some - 1) {
        int t = __builtin_ctz(some);
        both->in[t] = both->out[t] = cycles_element(m, t, &port->both, port->in_bits);
    }
    m->n_channels++;
}

static void find_channels(TrafficModel *m)
{
    const Skeleton *s = m->skeleton;
    bool classic = m->machine->n_memories == 0;
    for (int l = 0; l < s->n_levels; l++) {
        const SkeletonLevel *level = &s->level[l];
        if (classic)
            add_link(m, l, &m->machine->noc[l]);
        else if (level->fanout > 0 && !level->rest)
            add_link(m, l, &m->machine->fanout[level->fanout - 1].noc);
    }
    for (int depth = 0; depth <= s->n_levels && !classic; depth++)
        for (int k = 0; k < m->machine->n_memories; k++) {
            unsigned tensors = 0;
            for (int t = 0; t < m->shape->n_tensors; t++)
                tensors |= (unsigned) (depth > 0 ? s->level[depth - 1].memory[t] == k + 1
                                                 : m->machine->memory[k].root &&
                                                       has(m->machine->memory[k].holds, t))
                           << t;
            if (tensors && m->n_channels + 1 < CHANNELS_MAX)
                add_port(m, depth, k, tensors);
        }
}

bool channel_takes(const Channel *c, const Traffic *t)
{
    return c->level < 0 ? t->home == c->depth : t->home <= c->level && c->level < t->holder;
}

/* An output element comes to a root once when it is done, in the width that it has then. */
static void find_credits(TrafficModel *m, const int64_t *size)
{
    int o = m->shape->output;
    double bits = (double) m->machine->bits[o], done = (double) m->machine->done_bits;
    for (int c = 0; c < m->n_channels; c++) {
        Channel *channel = &m->channel[c];
        channel->narrowed = channel->depth == 0 && done > 0 ? fmin(1, done / bits) : 1;
        channel->credit = channel->out[o] * (double) size[o] * (1 - channel->narrowed);
    }
}

static void find_wants(TrafficModel *m)
{
    for (int i = 0; i < m->n; i++) {
        Traffic *t = &m->traffic[i];
        bool in = false, out = false, output = t->tensor == m->shape->output;
        for (int c = 0; c < m->n_channels; c++)
            if (channel_takes(&m->channel[c], t)) {
                in |= m->channel[c].in[t->tensor] > 0;
                out |= m->channel[c].out[t->tensor] > 0;
            }
        t->wants_near = t->near > 0 || (output ? out : in);
        t->wants_far = t->far > 0 || (t->near > 0 && !t->merges);
        t->wants_back = output && (t->back > 0 || t->again > 0 || in);
    }
}

/* In bytes a cycle; what crosses at least. */
static void find_offchip_time(TrafficModel *m, const int64_t *size)
{
    double per_cycle = machine_offchip_most(m->machine);
    for (int t = 0; t < m->shape->n_tensors && m->machine->n_memories == 0; t++) {
        bool output = t == m->shape->output;
        double bytes = (double) m->machine->bits[t] / 8,
               done =
                   output && m->machine->done_bits > 0 ? (double) m->machine->done_bits / 8 : bytes;
        if (m->machine->stays_onchip[t])
            continue;
        m->offchip_bytes[t] = bytes * m->shape->density[t];
        if (per_cycle > 0)
            m->offchip_cycles += done * m->shape->density[t] * (double) size[t] / per_cycle;
    }
}

void traffic_model(const Layer *layer, const Machine *machine, const Technology *technology,
                   const Shape *shape, const Skeleton *skeleton, TrafficStore *store,
                   TrafficModel *m)
{
    int64_t size[TENSORS_MAX];
    m->n = m->n_channels = 0; /* what is listed is set whole; the lists are large */
    m->least_pj = m->offchip_cycles = 0;
    m->homes = 0;
    memset(m->offchip_pj, 0, sizeof m->offchip_pj);
    memset(m->offchip_bytes, 0, sizeof m->offchip_bytes);
    m->layer = layer;
    m->machine = machine;
    m->technology = technology;
    m->shape = shape;
    m->skeleton = skeleton;
    find_traffic(m);
    double leak = technology != NULL ? cost_leakage(technology, machine) : NAN;
    m->pj_cycle = isnan(leak) ? 0 : leak;
    if (technology != NULL)
        set_energies(m, store);
    find_channels(m);
    cluster_sizes(layer, shape, size);
    find_credits(m, size);
    find_wants(m);
    find_offchip_time(m, size);
}
