/* The memories of the cores: what stands where, who needs it, and what is evicted. */
#include "sched/timeline_parts.h"

static Room *room_of(const State *s, int piece, int core)
{
    return &s->room[core * PLAN_MEMORIES_MAX + plan_memory(s->plan, piece, core)];
}

void room_take(State *s, int piece, int core)
{
    Copy *copy = state_copy(s, piece, core);
    Room *room = room_of(s, piece, core);
    if (__builtin_add_overflow(room->used, plan_bits(s->plan, piece, core), &room->used)) {
        s->overflow = true; /* only of a memory without end */
        room->used = INT64_MAX;
    }
    copy->state = COPY_COMING;
    copy->since = s->now;
}

static void list_add(State *s, int piece, int core)
{
    Room *room = room_of(s, piece, core);
    state_copy(s, piece, core)->slot = (int) room->here->len;
    g_array_append_val(room->here, piece);
}

static void list_remove(State *s, int piece, int core)
{
    Room *room = room_of(s, piece, core);
    Copy *copy = state_copy(s, piece, core);
    guint slot = (guint) copy->slot;
    int last = g_array_index(room->here, int, room->here->len - 1);
    g_array_remove_index_fast(room->here, slot);
    if (last != piece)
        state_copy(s, last, core)->slot = (int) slot;
    copy->slot = -1;
}

static void keep_stay(State *s, int piece, int core)
{
    const Copy *copy = state_copy(s, piece, core);
    PlanStay stay = {piece,       core,   plan_memory(s->plan, piece, core),
                     copy->since, s->now, plan_bits(s->plan, piece, core)};
    if (s->keeps)
        g_array_append_val(s->out->stays, stay);
}

/* The copy is no more. */
static void drop(State *s, int piece, int core)
{
    Copy *copy = state_copy(s, piece, core);
    Room *room = room_of(s, piece, core);
    int64_t bits = plan_bits(s->plan, piece, core);
    keep_stay(s, piece, core);
    list_remove(s, piece, core);
    room->used -= bits;
    if (copy->leaving)
        room->leaving -= bits;
    copy->leaving = false;
    copy->state = COPY_NONE;
    if (core != state_home(s, piece) && copy->left > 0)
        s->others[piece]++;
}

void copy_arrive(State *s, int piece, int core)
{
    Copy *copy = state_copy(s, piece, core);
    CoreState *at = &s->core[core];
    int home = state_home(s, piece);
    copy->state = COPY_HERE;
    copy->wanted = false;
    list_add(s, piece, core);
    if (copy->pins > 0) /* by the next node: the running one has all */
        at->missing--;
    if (core != home && home >= 0) {
        s->others[piece]--;
        copy_release(s, piece, home);
    }
}

/* Nobody needs what was to be written to make room. */
static void cancel_store(State *s, int piece)
{
    for (guint i = 0; i < s->waiting->len; i++) {
        Request *request = &g_array_index(s->waiting, Request, i);
        if (request->piece == piece && request->to == s->system->n_cores)
            request->piece = -1;
    }
    s->stored[piece] = STORE_NONE;
}

void copy_release(State *s, int piece, int core)
{
    const Copy *copy = state_copy(s, piece, core);
    bool home = state_home(s, piece) == core, stored = s->stored[piece] == STORE_DONE;
    if (copy->state != COPY_HERE || copy->left > 0 || copy->pins > 0)
        return;
    if (home && (s->others[piece] > 0 || (s->graph->piece[piece].leaves && !stored)))
        return;
    if (s->stored[piece] == STORE_ASKED && s->asker[piece] == core)
        cancel_store(s, piece);
    drop(s, piece, core);
}

void copy_store(State *s, int piece, int core, bool evicts)
{
    Request request = {piece, core, s->system->n_cores, evicts};
    s->stored[piece] = STORE_ASKED;
    s->asker[piece] = core;
    g_array_append_val(s->waiting, request);
}

void copy_stored(State *s, int piece, int core)
{
    Copy *copy = state_copy(s, piece, core);
    s->stored[piece] = STORE_DONE;
    if (copy->leaving && copy->pins == 0) {
        drop(s, piece, core);
        return;
    }
    if (copy->leaving) /* the next node has come to need it meanwhile */
        room_of(s, piece, core)->leaving -= plan_bits(s->plan, piece, core);
    copy->leaving = false;
    copy_release(s, piece, core);
}

/* The place in the order of the next node that takes the piece from this copy; behind all if there
 * is none. */
static int next_use(const State *s, int piece, int core)
{
    const PlanPiece *p = &s->graph->piece[piece];
    int next = s->graph->n_nodes;
    bool home = state_home(s, piece) == core;
    for (int r = 0; r < p->n_readers; r++) {
        int reader = p->readers[r], at = s->plan->core[reader];
        if (s->out->end[reader] >= 0 && s->out->end[reader] <= s->now)
            continue;
        if (at == core || (home && state_copy(s, piece, at)->state == COPY_NONE))
            next = MIN(next, s->place[reader]);
    }
    return next;
}

/* What is to be evicted next; -1: nothing can be. */
static int find_victim(const State *s, int core, const Room *room)
{
    int victim = -1, latest = -1;
    for (guint i = 0; i < room->here->len; i++) {
        int piece = g_array_index(room->here, int, i);
        const Copy *copy = state_copy(s, piece, core);
        bool asked = s->stored[piece] == STORE_ASKED && s->asker[piece] != core;
        if (copy->pins > 0 || copy->leaving || asked)
            continue;
        int next = next_use(s, piece, core);
        if (next > latest || (next == latest && piece < victim)) {
            victim = piece;
            latest = next;
        }
    }
    return victim;
}

bool room_make(State *s, int core, int memory, int64_t bits)
{
    int64_t capacity = s->system->core[core].capacity_bits[memory];
    Room *room = &s->room[core * PLAN_MEMORIES_MAX + memory];
    if (capacity == 0)
        return true;
    while (capacity - room->used + room->leaving < bits) {
        int piece = find_victim(s, core, room);
        if (piece < 0)
            return false;
        Copy *copy = state_copy(s, piece, core);
        if (s->stored[piece] == STORE_DONE) {
            drop(s, piece, core);
            continue;
        }
        copy->leaving = true;
        room->leaving += plan_bits(s->plan, piece, core);
        if (s->stored[piece] == STORE_NONE)
            copy_store(s, piece, core, true);
    }
    return capacity - room->used >= bits;
}
