/* Whether a timeline is one that could be: on its own, from the plan and what is said of it.  No
 * core and no link does two things at once, what is used is there before, memories hold what is in
 * them, every piece is made once, and what is added up adds up. */
#ifndef DCC_TESTS_TIMECHECK_H
#define DCC_TESTS_TIMECHECK_H

#include <math.h>
#include <stdlib.h>

#include "sched/timeline.h"

typedef struct {
    const Plan *plan;
    const Timeline *line;
    char why[200]; /* what is wrong first; "" */
} TimeCheck;

#define TIMECHECK(check, condition, ...)                                                           \
    do {                                                                                           \
        if (!(condition) && !*(check)->why)                                                        \
            g_snprintf((check)->why, sizeof(check)->why, __VA_ARGS__);                             \
    } while (0)

static const PlanTransfer *timecheck_transfer(const TimeCheck *c, guint i)
{
    return &g_array_index(c->line->transfers, PlanTransfer, i);
}

static const PlanStay *timecheck_stay(const TimeCheck *c, guint i)
{
    return &g_array_index(c->line->stays, PlanStay, i);
}

/* From when on the piece of a stay is whole; -1: nothing brings it. */
static int64_t timecheck_whole(const TimeCheck *c, const PlanStay *stay)
{
    int maker = c->plan->graph->piece[stay->piece].maker, origins = 0;
    int64_t whole = -1;
    if (maker >= 0 && c->plan->core[maker] == stay->core && c->line->start[maker] == stay->start) {
        whole = c->line->end[maker];
        origins++;
    }
    for (guint i = 0; i < c->line->transfers->len; i++) {
        const PlanTransfer *t = timecheck_transfer(c, i);
        if (t->piece == stay->piece && t->to == stay->core && t->start == stay->start) {
            whole = t->end;
            origins++;
        }
    }
    return origins == 1 ? whole : -1;
}

/* Whether the piece is on the core, whole, all of that time. */
static bool timecheck_is_there(const TimeCheck *c, int piece, int core, int64_t from, int64_t to)
{
    for (guint i = 0; i < c->line->stays->len; i++) {
        const PlanStay *stay = timecheck_stay(c, i);
        if (stay->piece != piece || stay->core != core || stay->end < to)
            continue;
        int64_t whole = timecheck_whole(c, stay);
        if (whole >= 0 && whole <= from)
            return true;
    }
    return false;
}

static bool timecheck_overlap(int64_t a, int64_t a_end, int64_t b, int64_t b_end)
{
    return a < b_end && b < a_end;
}

static void timecheck_nodes(TimeCheck *c)
{
    const Plan *plan = c->plan;
    int n = plan->graph->n_nodes;
    for (int i = 0; i < n; i++) {
        int64_t start = c->line->start[i], end = c->line->end[i];
        TIMECHECK(c, start >= 0 && end == start + plan->cycles[i], "node %d has no time", i);
        for (int j = 0; j < i; j++)
            TIMECHECK(c,
                      plan->core[i] != plan->core[j] ||
                          !timecheck_overlap(start, end, c->line->start[j], c->line->end[j]),
                      "nodes %d and %d at once on core %d", i, j, plan->core[i]);
        for (int k = 0; k < plan->graph->node[i].n_needs; k++) {
            int piece = plan->graph->node[i].needs[k];
            TIMECHECK(c, timecheck_is_there(c, piece, plan->core[i], start, end),
                      "node %d without piece %d", i, piece);
        }
    }
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            TIMECHECK(c,
                      plan->core[plan->order[a]] != plan->core[plan->order[b]] ||
                          c->line->start[plan->order[a]] < c->line->start[plan->order[b]],
                      "node %d against the order", plan->order[b]);
}

static bool timecheck_uses(const PlanRoute *route, int link)
{
    for (int i = 0; i < route->n; i++)
        if (route->link[i] == link)
            return true;
    return false;
}

static const PlanRoute *timecheck_route(const TimeCheck *c, const PlanTransfer *t)
{
    return &c->plan->system->route[t->from * (c->plan->system->n_cores + 1) + t->to];
}

/* ceil of the bytes over each link's rate, of which the slowest decides. */
static int64_t timecheck_cycles(const TimeCheck *c, const PlanTransfer *t)
{
    const PlanRoute *route = timecheck_route(c, t);
    int64_t most = 1;
    for (int i = 0; i < route->n; i++) {
        Rational rate = c->plan->system->link[route->link[i]].bits_per_cycle;
        int64_t bits = (t->bits + 7) / 8 * 8;
        most = MAX(most, (bits * rate.den + rate.num - 1) / rate.num);
    }
    return most;
}

static void timecheck_transfers(TimeCheck *c)
{
    int offchip = c->plan->system->n_cores;
    for (guint i = 0; i < c->line->transfers->len; i++) {
        const PlanTransfer *t = timecheck_transfer(c, i);
        const PlanPiece *piece = &c->plan->graph->piece[t->piece];
        TIMECHECK(c, t->from != t->to && t->end == t->start + timecheck_cycles(c, t),
                  "transfer %u takes another time", i);
        if (t->from != offchip) {
            TIMECHECK(c, timecheck_is_there(c, t->piece, t->from, t->start, t->end),
                      "transfer %u takes what is not there", i);
        } else {
            bool there = piece->maker < 0;
            for (guint j = 0; j < c->line->transfers->len; j++) {
                const PlanTransfer *s = timecheck_transfer(c, j);
                there |= s->piece == t->piece && s->to == offchip && s->end <= t->start;
            }
            TIMECHECK(c, there, "transfer %u takes what is not off-chip", i);
        }
        if (t->with >= 0) {
            const PlanTransfer *s = timecheck_transfer(c, (guint) t->with);
            TIMECHECK(c,
                      s->with < 0 && s->piece == t->piece && s->from == t->from &&
                          s->start == t->start && s->end == t->end && s->bits == t->bits,
                      "transfer %u shares another one", i);
            for (int l = 0; l < c->plan->system->n_links; l++)
                TIMECHECK(c,
                          timecheck_uses(timecheck_route(c, s), l) ==
                              timecheck_uses(timecheck_route(c, t), l),
                          "transfer %u shares over other links", i);
            continue;
        }
        for (guint j = 0; j < i; j++) {
            const PlanTransfer *s = timecheck_transfer(c, j);
            for (int l = 0; l < c->plan->system->n_links && s->with < 0; l++)
                TIMECHECK(c,
                          !timecheck_uses(timecheck_route(c, t), l) ||
                              !timecheck_uses(timecheck_route(c, s), l) ||
                              !timecheck_overlap(t->start, t->end, s->start, s->end),
                          "transfers %u and %u at once on link %d", i, j, l);
        }
    }
}

/* The most of a memory that is taken at once: it is when some stay begins. */
static int64_t timecheck_peak(const TimeCheck *c, int core, int memory)
{
    int64_t peak = 0;
    for (guint i = 0; i < c->line->stays->len; i++) {
        const PlanStay *at = timecheck_stay(c, i);
        int64_t sum = 0;
        for (guint j = 0; j < c->line->stays->len; j++) {
            const PlanStay *s = timecheck_stay(c, j);
            if (s->core == core && s->memory == memory && s->start <= at->start &&
                at->start < s->end)
                sum += s->bits;
        }
        peak = MAX(peak, sum);
    }
    return peak;
}

static void timecheck_memories(TimeCheck *c)
{
    const PlanSystem *system = c->plan->system;
    for (guint i = 0; i < c->line->stays->len; i++) {
        const PlanStay *a = timecheck_stay(c, i);
        TIMECHECK(c, timecheck_whole(c, a) >= 0 && a->end >= a->start,
                  "piece %d is on core %d from nowhere", a->piece, a->core);
        for (guint j = 0; j < i; j++) {
            const PlanStay *b = timecheck_stay(c, j);
            TIMECHECK(c,
                      a->piece != b->piece || a->core != b->core ||
                          !timecheck_overlap(a->start, a->end, b->start, b->end),
                      "piece %d is twice on core %d", a->piece, a->core);
        }
    }
    for (int k = 0; k < system->n_cores; k++)
        for (int m = 0; m < system->core[k].n_memories; m++) {
            int64_t peak = timecheck_peak(c, k, m), capacity = system->core[k].capacity_bits[m];
            TIMECHECK(c, capacity == 0 || peak <= capacity, "memory %d of core %d overflows", m, k);
            TIMECHECK(c, peak == c->line->peak[k * PLAN_MEMORIES_MAX + m],
                      "memory %d of core %d has another peak", m, k);
        }
}

static void timecheck_sums(TimeCheck *c)
{
    const PlanSystem *system = c->plan->system;
    const Timeline *line = c->line;
    double core_pj = 0, link_pj = 0, offchip_pj = 0;
    int64_t last = 0, read = 0, written = 0;
    for (int n = 0; n < c->plan->graph->n_nodes; n++) {
        core_pj += c->plan->pj[n];
        last = MAX(last, line->end[n]);
    }
    for (guint i = 0; i < line->transfers->len; i++) {
        const PlanTransfer *t = timecheck_transfer(c, i);
        const PlanRoute *route = timecheck_route(c, t);
        double words = ceil((double) t->bits / (double) system->word_bits);
        last = MAX(last, t->end);
        if (t->with >= 0)
            continue;
        for (int l = 0; l < route->n; l++)
            link_pj += (double) t->bits * system->link[route->link[l]].pj_per_bit;
        offchip_pj += t->from == system->n_cores ? words * system->read_pj : 0;
        offchip_pj += t->to == system->n_cores ? words * system->write_pj : 0;
        read += t->from == system->n_cores ? t->bits : 0;
        written += t->to == system->n_cores ? t->bits : 0;
    }
    TIMECHECK(c, last == line->cycles, "it ends at another time");
    TIMECHECK(c, read == line->read_bits && written == line->written_bits,
              "other off-chip traffic");
    TIMECHECK(c,
              fabs(core_pj - line->core_pj) <= 1e-9 * core_pj &&
                  fabs(link_pj - line->link_pj) <= 1e-9 * link_pj &&
                  fabs(offchip_pj - line->offchip_pj) <= 1e-9 * offchip_pj,
              "energies do not add up");
}

/* What leaves is off-chip at the end. */
static void timecheck_outputs(TimeCheck *c)
{
    for (int p = 0; p < c->plan->graph->n_pieces; p++) {
        bool out = !c->plan->graph->piece[p].leaves;
        for (guint i = 0; i < c->line->transfers->len && !out; i++)
            out = timecheck_transfer(c, i)->piece == p &&
                  timecheck_transfer(c, i)->to == c->plan->system->n_cores;
        TIMECHECK(c, out, "piece %d never leaves", p);
    }
}

/* What is wrong with a timeline that has its stays; "" if nothing is. */
static const char *timecheck_run(TimeCheck *check, const Plan *plan, const Timeline *line)
{
    *check = (TimeCheck){plan, line, ""};
    timecheck_nodes(check);
    timecheck_transfers(check);
    timecheck_memories(check);
    timecheck_sums(check);
    timecheck_outputs(check);
    return check->why;
}

#endif
