/* The loop over events, and what starts at each. */
#include "sched/timeline_parts.h"

/* ---- begin and end ---- */

static void out_begin(const Plan *plan, bool stays, Timeline *out)
{
    size_t nodes = (size_t) plan->graph->n_nodes, cores = (size_t) plan->system->n_cores;
    *out = (Timeline){.status = TIMELINE_OK};
    out->start = g_new(int64_t, nodes + 1);
    out->end = g_new(int64_t, nodes + 1);
    for (size_t n = 0; n < nodes; n++)
        out->start[n] = out->end[n] = -1;
    out->transfers = g_array_new(FALSE, FALSE, sizeof(PlanTransfer));
    out->stays = stays ? g_array_new(FALSE, FALSE, sizeof(PlanStay)) : NULL;
    out->busy = g_new0(int64_t, cores + 1);
    out->peak = g_new0(int64_t, cores * PLAN_MEMORIES_MAX + 1);
    out->used = g_new0(int64_t, plan->system->n_links + 1);
}

void timeline_clear(Timeline *out)
{
    g_free(out->start);
    g_free(out->end);
    g_array_free(out->transfers, TRUE);
    if (out->stays != NULL)
        g_array_free(out->stays, TRUE);
    g_free(out->busy);
    g_free(out->peak);
    g_free(out->used);
    *out = (Timeline){.status = TIMELINE_OK};
}

/* Readers on each core, and how many cores are to get it from another. */
static void begin_pieces(State *s)
{
    size_t cores = (size_t) s->system->n_cores;
    for (int p = 0; p < s->graph->n_pieces; p++) {
        const PlanPiece *piece = &s->graph->piece[p];
        int home = state_home(s, p);
        for (size_t k = 0; k < cores; k++)
            state_copy(s, p, (int) k)->slot = -1;
        for (int r = 0; r < piece->n_readers; r++) {
            int at = s->plan->core[piece->readers[r]];
            if (state_copy(s, p, at)->left++ == 0 && at != home)
                s->others[p]++;
        }
        s->stored[p] = home < 0 ? STORE_DONE : STORE_NONE;
    }
}

/* Each core's nodes, in the order of the plan. */
static void begin_cores(State *s)
{
    int nodes = s->graph->n_nodes, first = 0;
    for (int i = 0; i < nodes; i++) {
        s->place[s->plan->order[i]] = i;
        s->core[s->plan->core[i]].n++;
    }
    for (int k = 0; k < s->system->n_cores; k++) {
        s->core[k].nodes = s->readers + first;
        first += s->core[k].n;
        s->core[k].n = 0;
        s->core[k].running = -1;
        for (int m = 0; m < PLAN_MEMORIES_MAX; m++)
            s->room[k * PLAN_MEMORIES_MAX + m].here = g_array_new(FALSE, FALSE, sizeof(int));
    }
    for (int i = 0; i < nodes; i++) {
        CoreState *core = &s->core[s->plan->core[s->plan->order[i]]];
        core->nodes[core->n++] = s->plan->order[i];
    }
}

static void state_begin(State *s, const Plan *plan, bool stays, Timeline *out)
{
    size_t nodes = (size_t) plan->graph->n_nodes + 1, pieces = (size_t) plan->graph->n_pieces + 1,
           cores = (size_t) plan->system->n_cores + 1;
    *s = (State){.plan = plan,
                 .graph = plan->graph,
                 .system = plan->system,
                 .out = out,
                 .keeps = stays,
                 .copy = g_new0(Copy, pieces * cores),
                 .stored = g_new0(unsigned char, pieces),
                 .asker = g_new0(int, pieces),
                 .others = g_new0(int, pieces),
                 .place = g_new0(int, nodes),
                 .room = g_new0(Room, cores * PLAN_MEMORIES_MAX),
                 .core = g_new0(CoreState, cores),
                 .idle_from = g_new0(int64_t, plan->system->n_links + 1),
                 .waiting = g_array_new(FALSE, FALSE, sizeof(Request)),
                 .flights = g_array_new(FALSE, FALSE, sizeof(Flight)),
                 .readers = g_new0(int, nodes)};
    begin_pieces(s);
    begin_cores(s);
}

static void state_end(State *s)
{
    for (int k = 0; k < s->system->n_cores * PLAN_MEMORIES_MAX; k++)
        g_array_free(s->room[k].here, TRUE);
    g_free(s->copy);
    g_free(s->stored);
    g_free(s->asker);
    g_free(s->others);
    g_free(s->place);
    g_free(s->room);
    g_free(s->core);
    g_free(s->idle_from);
    g_free(s->readers);
    g_array_free(s->waiting, TRUE);
    g_array_free(s->flights, TRUE);
}

/* ---- nodes ---- */

/* When so many cycles from now are over; the end of time where that does not fit. */
static int64_t later(State *s, int64_t cycles)
{
    int64_t end;
    if (cycles >= 0 && !__builtin_add_overflow(s->now, cycles, &end))
        return end;
    s->overflow = true;
    return INT64_MAX;
}

/* The pieces that the core's next node needs are kept from now on, and brought. */
static void ask_next(State *s, int core)
{
    CoreState *at = &s->core[core];
    at->missing = 0;
    if (at->next == at->n)
        return;
    const PlanNode *node = &s->graph->node[at->nodes[at->next]];
    for (int i = 0; i < node->n_needs; i++) {
        Copy *copy = state_copy(s, node->needs[i], core);
        Request request = {node->needs[i], -1, core, false};
        copy->pins++;
        at->missing += copy->state != COPY_HERE;
        if (copy->state == COPY_NONE && !copy->wanted) {
            copy->wanted = true;
            g_array_append_val(s->waiting, request);
        }
    }
}

/* Room for all that the node makes, all in one memory. */
static bool has_output_room(State *s, int n, int core)
{
    const PlanNode *node = &s->graph->node[n];
    int64_t bits = 0;
    for (int i = 0; i < node->n_makes; i++)
        if (__builtin_add_overflow(bits, plan_bits(s->plan, node->makes[i], core), &bits)) {
            s->overflow = true;
            return false;
        }
    return room_make(s, core, s->system->core[core].memory_of[PLAN_OUTPUT], bits);
}

static bool start_node(State *s, int core)
{
    CoreState *at = &s->core[core];
    if (at->running >= 0 || at->next == at->n || at->missing > 0)
        return false;
    int n = at->nodes[at->next];
    if (!has_output_room(s, n, core))
        return false;
    for (int i = 0; i < s->graph->node[n].n_makes; i++)
        room_take(s, s->graph->node[n].makes[i], core);
    at->running = n;
    at->next++;
    s->out->start[n] = s->now;
    s->out->end[n] = later(s, s->plan->cycles[n]);
    s->overflow |=
        __builtin_add_overflow(s->out->busy[core], s->plan->cycles[n], &s->out->busy[core]);
    s->out->core_pj += s->plan->pj[n];
    ask_next(s, core);
    return true;
}

static void end_node(State *s, int core)
{
    CoreState *at = &s->core[core];
    const PlanNode *node = &s->graph->node[at->running];
    at->running = -1;
    for (int i = 0; i < node->n_makes; i++)
        copy_arrive(s, node->makes[i], core);
    for (int i = 0; i < node->n_needs; i++) {
        Copy *copy = state_copy(s, node->needs[i], core);
        copy->pins--;
        copy->left--;
        copy_release(s, node->needs[i], core);
    }
    for (int i = 0; i < node->n_makes; i++) {
        if (s->graph->piece[node->makes[i]].leaves)
            copy_store(s, node->makes[i], core, false);
        copy_release(s, node->makes[i], core);
    }
}

/* ---- transfers ---- */

static const PlanRoute *route_of(const State *s, int from, int to)
{
    return &s->system->route[from * (s->system->n_cores + 1) + to];
}

static bool is_idle(const State *s, const PlanRoute *route)
{
    for (int i = 0; i < route->n; i++)
        if (s->idle_from[route->link[i]] > s->now)
            return false;
    return true;
}

/* Where the piece can be had now; -1: nowhere yet. */
static int source_of(const State *s, const Request *request)
{
    int home = state_home(s, request->piece), offchip = s->system->n_cores;
    if (request->from >= 0)
        return request->from;
    if (home >= 0 && home != request->to && state_copy(s, request->piece, home)->state == COPY_HERE)
        return home;
    return s->stored[request->piece] == STORE_DONE ? offchip : -1;
}

static bool has_room(State *s, const Request *request)
{
    int piece = request->piece, to = request->to;
    return to == s->system->n_cores ||
           room_make(s, to, plan_memory(s->plan, piece, to), plan_bits(s->plan, piece, to));
}

static bool same_route(const PlanRoute *a, const PlanRoute *b)
{
    bool same = a->n == b->n;
    for (int i = 0; i < a->n && same; i++)
        same = a->link[i] == b->link[i];
    return same;
}

static int64_t bits_of(const State *s, const Request *request, int from)
{
    int at = request->to == s->system->n_cores ? from : request->to;
    return plan_bits(s->plan, request->piece, at);
}

/* One who is served by a transfer that begins: its room is taken. */
static void serve(State *s, const Request *request, int from, int64_t end, int with)
{
    PlanTransfer transfer = {request->piece,  from,   request->to, with,
                             request->evicts, s->now, end,         bits_of(s, request, from)};
    if (request->to < s->system->n_cores)
        room_take(s, request->piece, request->to);
    g_array_append_val(s->out->transfers, transfer);
}

/* The others that wait for the same over the same links. */
static void share(State *s, const Request *lead, int from, const PlanRoute *route, Flight *flight)
{
    if (lead->to == s->system->n_cores)
        return;
    for (guint i = 0; i < s->waiting->len; i++) {
        Request other = g_array_index(s->waiting, Request, i);
        bool same = other.piece == lead->piece && other.to < s->system->n_cores &&
                    source_of(s, &other) == from &&
                    same_route(route, route_of(s, from, other.to)) &&
                    bits_of(s, &other, from) == bits_of(s, lead, from);
        if (!same || !has_room(s, &other))
            continue;
        g_array_index(s->waiting, Request, i).piece = -1;
        serve(s, &other, from, flight->end, flight->first);
        flight->n++;
    }
}

/* Energy and use of a transfer, however many it serves. */
static void account(State *s, const PlanRoute *route, int from, int to, int64_t bits,
                    int64_t cycles)
{
    const PlanSystem *system = s->system;
    double words = (double) (bits / system->word_bits + (bits % system->word_bits > 0));
    for (int i = 0; i < route->n; i++) {
        int64_t *used = &s->out->used[route->link[i]];
        s->overflow |= __builtin_add_overflow(*used, cycles, used);
        s->out->link_pj += (double) bits * system->link[route->link[i]].pj_per_bit;
        s->idle_from[route->link[i]] = s->now + cycles;
    }
    if (from == system->n_cores)
        s->overflow |= __builtin_add_overflow(s->out->read_bits, bits, &s->out->read_bits);
    if (to == system->n_cores)
        s->overflow |= __builtin_add_overflow(s->out->written_bits, bits, &s->out->written_bits);
    s->out->offchip_pj += words * ((from == system->n_cores ? system->read_pj : 0) +
                                   (to == system->n_cores ? system->write_pj : 0));
}

/* False if it has to wait. */
static bool start_transfer(State *s, guint i)
{
    Request request = g_array_index(s->waiting, Request, i);
    int from = source_of(s, &request);
    if (from < 0)
        return false;
    const PlanRoute *route = route_of(s, from, request.to);
    if (!is_idle(s, route) || !has_room(s, &request))
        return false;
    int64_t bits = bits_of(s, &request, from), cycles = plan_transfer(s->system, route, bits);
    Flight flight = {later(s, cycles), from, request.piece, (int) s->out->transfers->len, 1};
    if (s->overflow)
        return false;
    g_array_index(s->waiting, Request, i).piece = -1;
    if (from < s->system->n_cores)
        state_copy(s, request.piece, from)->pins++;
    serve(s, &request, from, flight.end, -1);
    share(s, &request, from, route, &flight);
    account(s, route, from, request.to, bits, cycles);
    g_array_append_val(s->flights, flight);
    return true;
}

static void end_flight(State *s, const Flight *flight)
{
    if (flight->from < s->system->n_cores)
        state_copy(s, flight->piece, flight->from)->pins--;
    for (int i = 0; i < flight->n; i++) {
        int to = g_array_index(s->out->transfers, PlanTransfer, flight->first + i).to;
        if (to < s->system->n_cores)
            copy_arrive(s, flight->piece, to);
        else
            copy_stored(s, flight->piece, flight->from);
    }
    if (flight->from < s->system->n_cores)
        copy_release(s, flight->piece, flight->from);
}

/* ---- the loop ---- */

/* The most that each memory has held, a moment's last. */
static void take_peaks(State *s)
{
    for (int i = 0; i < s->system->n_cores * PLAN_MEMORIES_MAX; i++)
        s->out->peak[i] = MAX(s->out->peak[i], s->room[i].used);
}

/* All that can start now; until nothing more can. */
static void start_all(State *s)
{
    bool more = true;
    while (more && !s->overflow) {
        more = false;
        for (int k = 0; k < s->system->n_cores; k++)
            more |= start_node(s, k);
        for (guint i = 0; i < s->waiting->len && !s->overflow; i++)
            if (g_array_index(s->waiting, Request, i).piece >= 0)
                more |= start_transfer(s, i);
        guint kept = 0;
        for (guint i = 0; i < s->waiting->len; i++) {
            Request request = g_array_index(s->waiting, Request, i);
            if (request.piece >= 0)
                g_array_index(s->waiting, Request, kept++) = request;
        }
        g_array_set_size(s->waiting, kept);
    }
    take_peaks(s);
}

/* When the next thing ends; -1: nothing is going on. */
static int64_t next_end(const State *s)
{
    int64_t next = -1;
    for (int k = 0; k < s->system->n_cores; k++) {
        int n = s->core[k].running;
        if (n >= 0 && (next < 0 || s->out->end[n] < next))
            next = s->out->end[n];
    }
    for (guint i = 0; i < s->flights->len; i++) {
        int64_t end = g_array_index(s->flights, Flight, i).end;
        next = next < 0 ? end : MIN(next, end);
    }
    return next;
}

static void end_all(State *s)
{
    for (guint i = 0; i < s->flights->len;) {
        Flight flight = g_array_index(s->flights, Flight, i);
        if (flight.end > s->now) {
            i++;
            continue;
        }
        g_array_remove_index(s->flights, i);
        end_flight(s, &flight);
    }
    for (int k = 0; k < s->system->n_cores; k++)
        if (s->core[k].running >= 0 && s->out->end[s->core[k].running] <= s->now)
            end_node(s, k);
}

static bool is_over(const State *s)
{
    for (int k = 0; k < s->system->n_cores; k++)
        if (s->core[k].next < s->core[k].n)
            return false;
    return s->waiting->len == 0;
}

void timeline_run(const Plan *plan, bool stays, Timeline *out)
{
    State s;
    out_begin(plan, stays, out);
    if (!plan_fits(plan, &out->misfit)) {
        out->status = TIMELINE_MISFIT;
        return;
    }
    state_begin(&s, plan, stays, out);
    for (int k = 0; k < plan->system->n_cores; k++)
        ask_next(&s, k);
    start_all(&s);
    for (int64_t next = next_end(&s); next >= 0 && !s.overflow; next = next_end(&s)) {
        s.now = next;
        end_all(&s);
        start_all(&s);
    }
    g_assert(s.overflow || is_over(&s));
    out->cycles = s.now;
    if (s.overflow)
        out->status = TIMELINE_OVERFLOW;
    state_end(&s);
}
