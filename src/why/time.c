/* Where the cycles are.  The layer is timed again and again on its machine, first with all links
 * free, then with one more of them as it is, from the innermost outwards. */
#include <math.h>
#include <string.h>

#include "engine/cluster.h"
#include "ir/hierarchy.h"
#include "ir/integer.h"
#include "why/parts.h"

void why_share(int64_t whole, const double *weight, int n, int64_t *part)
{
    double all = 0, sofar = 0;
    int64_t dealt = 0;
    for (int i = 0; i < n; i++)
        all += fmax(0, weight[i]);
    for (int i = 0; i < n; i++) {
        sofar += fmax(0, weight[i]);
        int64_t upto = all > 0 ? (int64_t) llround((double) whole * fmin(1, sofar / all)) : whole;
        if (i == n - 1)
            upto = whole;
        part[i] = max64(0, min64(upto, whole) - dealt);
        dealt += part[i];
    }
}

/* ---- machines with links that are free ------------------------------------------------- */

/* Moves anything in a cycle, ahead of time. */
static void free_link(Machine *machine, int level)
{
    Noc *noc = &machine->noc[level];
    for (int t = 0; t < TENSORS_MAX; t++)
        noc->bandwidth[t] = (Rational){0, 1};
    noc->latency = 1;
    noc->prefetch = PREFETCH_LAYER;
    machine->ports[level].n = 0;
}

/* Without what the roots of a hierarchy, or off-chip memory, make of it. */
static void free_root(Machine *machine)
{
    machine->offchip.rate = (Rational){0, 1};
    if (machine->n_memories > 0)
        hierarchy_free_roots(machine);
}

/* ---- times ------------------------------------------------------------------------------- */

/* What a machine's time consists of, without the setup. */
typedef struct {
    int64_t work, fill, drain; /* work: steps, with what they wait for while they go on */
    double in, out;            /* cycles of steps that the last freed link decides, each way */
} Spent;

typedef struct {
    const ReportEntry *entry;
    Workspace *ws;
    Machine real, machine;
    Result result;
    GArray *time;
} Parts;

/* False if a time does not fit, which a machine with less to wait for never has. */
static bool time_of(Parts *p, int level, Spent *times)
{
    analysis_time(&p->machine, p->ws, &p->result);
    const int64_t *cause = p->result.cycles_by_cause;
    if (p->result.status != RESULT_OK)
        return false;
    times->fill = cause[CAUSE_FILL];
    times->drain = cause[CAUSE_DRAIN];
    times->work =
        p->result.onchip_cycles - cause[CAUSE_SETUP] - cause[CAUSE_FILL] - cause[CAUSE_DRAIN];
    if (level >= 0) {
        times->in = (double) p->result.link[level].in_cycles;
        times->out = (double) p->result.link[level].out_cycles;
    }
    return true;
}

/* Of one kind there is one part. */
static void add(Parts *p, WhyCause cause, int link, int tensor, int64_t cycles)
{
    for (guint i = 0; i < p->time->len; i++) {
        WhyTime *part = &g_array_index(p->time, WhyTime, i);
        if (part->cause == cause && part->link == link && part->tensor == tensor) {
            part->cycles += cycles;
            return;
        }
    }
    const WhyTime part = {cause, link, tensor, cycles};
    if (cycles != 0 || cause == WHY_IDEAL)
        g_array_append_val(p->time, part);
}

/* ---- work ---------------------------------------------------------------------------------- */

/* The work without any waiting, from the ideal on: of the PEs in all those cycles some are not
 * used, some repeat what others do, some have no chunk, and the rest is more than the MACs need. */
static void add_work(Parts *p, int64_t work)
{
    const Result *result = &p->entry->result;
    double pes = (double) p->real.pes, units = 1, cycles = (double) work;
    int64_t ideal = min64(result->ideal_cycles, work), part[4];
    for (int l = 0; l < p->entry->nest->n_levels; l++)
        units *= (double) p->entry->nest->level[l].children;
    double active = fmin(p->result.active_pes, units), copies = (double) max64(1, result->copies);
    double loss = cycles - (double) ideal;
    double weight[4] = {fmax(0, cycles * (pes - units) / pes),
                        cycles * active / pes * (copies - 1) / copies,
                        fmax(0, cycles * (units - active) / pes), 0};
    weight[3] = fmax(0, loss - weight[0] - weight[1] - weight[2]);
    why_share(work - ideal, weight, 4, part);
    add(p, WHY_IDEAL, -1, -1, ideal);
    for (int i = 0; i < 4; i++)
        add(p, (WhyCause) (WHY_IDLE + i), -1, -1, part[i]);
}

/* ---- links --------------------------------------------------------------------------------- */

/* Cycles that a tensor keeps the link busy each way, about: by these what the link makes wait is
 * dealt to the tensors. */
static void weigh_tensors(const Parts *p, int level, bool out, double weight[TENSORS_MAX])
{
    const Layer *layer = p->entry->layer;
    const LinkResult *link = &p->entry->result.link[level];
    const Noc *noc = &p->real.noc[level];
    int o = p->entry->layer->op.n_tensors;
    Shape shape;
    cluster_shape(layer, &shape);
    for (int t = 0; t < o; t++) {
        double elements = (double) (out ? (t == shape.output ? link->out : 0) : link->in[t]);
        const Rational *rate = &noc->bandwidth[noc->per_tensor ? t : 0];
        double per_cycle = rate->num > 0 ? (double) rate->num / (double) rate->den : 1;
        double width = noc->in_bits ? (double) p->real.bits[t] : 1;
        weight[t] = elements * layer->density[t] * width / per_cycle;
    }
}

static void add_tensors(Parts *p, WhyCause cause, int level, int64_t cycles)
{
    const int n = p->entry->layer->op.n_tensors;
    double weight[TENSORS_MAX];
    int64_t part[TENSORS_MAX];
    weigh_tensors(p, level, cause == WHY_EGRESS, weight);
    why_share(cycles, weight, n, part);
    for (int t = 0; t < n; t++)
        add(p, cause, level, t, part[t]);
}

enum { WORK, FILL, DRAIN, WAITS };

/* With a limit more a layer never takes less, but it may wait in another way than without: what is
 * less of one is taken from the others. */
static void settle(int64_t wait[WAITS])
{
    for (int w = 0; w < WAITS; w++)
        for (int other = 0; other < WAITS && wait[w] < 0; other++)
            if (wait[other] > 0) {
                int64_t part = min64(wait[other], -wait[w]);
                wait[other] -= part;
                wait[w] += part;
            }
}

static void add_link(Parts *p, int level, const Spent *before, const Spent *with)
{
    int64_t wait[WAITS] = {with->work - before->work, with->fill - before->fill,
                           with->drain - before->drain},
            way[2] = {0, 0};
    const double weight[2] = {with->in, with->out};
    settle(wait);
    why_share(wait[WORK], weight, 2, way);
    add_tensors(p, WHY_INGRESS, level, way[0]);
    add_tensors(p, WHY_EGRESS, level, way[1]);
    add(p, WHY_FILL, level, -1, wait[FILL]);
    add(p, WHY_DRAIN, level, -1, wait[DRAIN]);
}

/* The links as they are, one after the other; true if all times fit. */
static bool add_links(Parts *p, Spent *last)
{
    const int n = p->entry->nest->n_levels;
    Spent now = {0};
    for (int l = n - 1; l >= 0; l--) {
        p->machine.noc[l] = p->real.noc[l];
        p->machine.ports[l] = p->real.ports[l];
        if (!time_of(p, l, &now))
            return false;
        add_link(p, l, last, &now);
        *last = now;
    }
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static int compare_parts(gconstpointer a, gconstpointer b)
{
    const WhyTime *x = a, *y = b;
    return x->cause != y->cause ? (int) x->cause - (int) y->cause
           : x->link != y->link ? y->link - x->link
                                : x->tensor - y->tensor;
}

/* What is left where something did not fit or rounding took more than there is. */
static void balance(Parts *p)
{
    int64_t left = p->entry->result.cycles;
    for (guint i = 0; i < p->time->len; i++)
        left -= g_array_index(p->time, WhyTime, i).cycles;
    for (guint i = 0; i < p->time->len && left < 0; i++) {
        WhyTime *part = &g_array_index(p->time, WhyTime, i);
        int64_t less = min64(part->cycles, -left);
        part->cycles -= less;
        left += less;
    }
    add(p, WHY_OFFCHIP, -1, -1, left);
}

static void start_free(Parts *p)
{
    p->real = *p->entry->machine;
    free_root(&p->real);
    p->machine = p->real;
    for (int l = 0; l < p->entry->nest->n_levels; l++)
        free_link(&p->machine, l);
    p->machine.pe_ports.n = 0;
}

void why_add_time(const ReportEntry *entry, Workspace *ws, GArray *time)
{
    g_autofree Parts *p = g_new0(Parts, 1);
    Spent last, now;
    *p = (Parts){.entry = entry, .ws = ws, .time = time};
    start_free(p);
    if (analysis_prepare(entry->layer, entry->nest, ws) != RESULT_OK || !time_of(p, -1, &last))
        return;
    add_work(p, last.work);
    add(p, WHY_FILL, 0, -1, last.fill); /* a cycle a link, however fast it is */
    add(p, WHY_DRAIN, 0, -1, last.drain);
    p->machine.pe_ports = p->real.pe_ports;
    if (time_of(p, -1, &now)) {
        add(p, WHY_PORTS, -1, -1, now.work - last.work);
        last = now;
        add_links(p, &last);
    }
    add(p, WHY_SETUP, -1, -1, entry->result.cycles_by_cause[CAUSE_SETUP]);
    balance(p);
    g_array_sort(time, compare_parts);
}
