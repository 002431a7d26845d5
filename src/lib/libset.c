/* Keys of the hardware by name, from the table that --set reads.
 *
 * A key changes the description of a machine, which is resolved anew for the job's operator: bytes
 * become elements, hops cycles.  What comes to another figure than before goes into the job's
 * machine; all else stays as other setters have made it. */
#include "lib/lib.h"

#include <string.h>

#include "frontend/classic.h"
#include "frontend/keys.h"

/* ---- messages while a description is read or resolved ---- */

typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Trees trees; /* no files, the operators of the plan */
} Desk;

static void desk_open(Desk *desk, const dcc_job *job)
{
    desk->arena = arena_new();
    desk->sources = sources_new(desk->arena);
    desk->diag = diag_new(desk->sources, desk->arena);
    desk->trees = (Trees){.sources = desk->sources,
                          .arena = desk->arena,
                          .diag = desk->diag,
                          .operators = job->plan->program->trees->operators};
}

static void desk_close(Desk *desk)
{
    diag_free(desk->diag);
    sources_free(desk->sources);
    arena_free(desk->arena);
}

/* ---- descriptions ---- */

/* True if nothing is wrong but what roots hold, which the next call may mend. */
static bool only_roots(Diag *diag)
{
    size_t n;
    const DiagEntry *entry = diag_entries(diag, &n);
    bool only = n > 0;
    for (size_t i = 0; i < n; i++)
        only &= entry[i].check == CHECK_ROOT;
    return only;
}

static bool resolve(const dcc_job *job, LibHardware *hardware, bool *rootless, char **why)
{
    Desk desk;
    desk_open(&desk, job);
    bool done =
        hardware_machine(&desk.trees, &hardware->hardware, &job->layer.op, &hardware->machine);
    *rootless = !done && only_roots(desk.diag);
    done |= *rootless;
    if (!done && why != NULL)
        *why = g_strdup(diag_first(desk.diag, SPAN_NONE));
    desk_close(&desk);
    return done;
}

/* A hierarchy that a dataflow of the classic form has taken in that form is so for keys too. */
static void describe_as_lowered(const dcc_job *job, Hardware *hardware)
{
    const Hardware *given = &job->plan->program->machine;
    const Item no_lines = {.key = "Dataflow"};
    Desk desk;
    desk_open(&desk, job);
    if (job_is_hierarchy(job) ||
        !classic_hardware(desk.diag, given, &job->layer.op, &no_lines, hardware))
        *hardware = *given;
    desk_close(&desk);
}

static LibHardware *described(dcc_job *job)
{
    bool rootless;
    if (job->hardware == NULL) {
        job->hardware = g_atomic_rc_box_new0(LibHardware);
        describe_as_lowered(job, &job->hardware->hardware);
        bool done = resolve(job, job->hardware, &rootless, NULL);
        g_assert(done && !rootless);
    }
    return job->hardware;
}

const Hardware *job_hardware(dcc_job *job)
{
    return &described(job)->hardware;
}

LibHardware *hardware_hold(LibHardware *hardware)
{
    return hardware != NULL ? g_atomic_rc_box_acquire(hardware) : NULL;
}

void hardware_drop(LibHardware *hardware)
{
    if (hardware != NULL)
        g_atomic_rc_box_release(hardware);
}

/* ---- into the machine ---- */

/* One figure, where it has changed.  None of them has padding. */
#define TAKE(field)                                                                                \
    do {                                                                                           \
        if (memcmp(&was->field, &is->field, sizeof is->field) != 0)                                \
            memcpy(&to->field, &is->field, sizeof is->field);                                      \
    } while (0)

static void take_noc(Noc *to, const Noc *was, const Noc *is)
{
    bool same = was->per_tensor == is->per_tensor && was->in_bits == is->in_bits &&
                memcmp(was->bandwidth, is->bandwidth, sizeof is->bandwidth) == 0;
    if (!same) {
        to->per_tensor = is->per_tensor;
        to->in_bits = is->in_bits;
        memcpy(to->bandwidth, is->bandwidth, sizeof is->bandwidth);
    }
    TAKE(latency);
    TAKE(hops);
    TAKE(multicast);
    TAKE(reduction);
    TAKE(prefetch);
}

/* What is given by the second is the same with another clock. */
static bool same_offchip(const Machine *was, const Machine *is)
{
    const OffchipRate *a = &was->offchip, *b = &is->offchip;
    return a->elements == b->elements && a->timed == b->timed &&
           (a->timed ? machine_offchip_per_s(was) == machine_offchip_per_s(is)
                     : a->rate.num == b->rate.num && a->rate.den == b->rate.den);
}

static void take_classic(Machine *to, const Machine *was, const Machine *is)
{
    TAKE(l1_bytes);
    TAKE(l2_bytes);
    if (!same_offchip(was, is))
        to->offchip = is->offchip;
    for (int t = 0; t < TENSORS_MAX; t++)
        TAKE(stays_onchip[t]);
    for (int l = 0; l < LEVELS_MAX; l++) {
        TAKE(buffer_bytes[l]);
        take_noc(&to->noc[l], &was->noc[l], &is->noc[l]);
    }
}

/* Memories and fan-outs have no other setters; links and ports are those of the nest. */
static void take_hierarchy(Machine *to, const Machine *is)
{
    to->pes = is->pes;
    to->n_memories = is->n_memories;
    to->n_fanouts = is->n_fanouts;
    memcpy(to->memory, is->memory, sizeof to->memory);
    memcpy(to->fanout, is->fanout, sizeof to->fanout);
    to->mac_pj = is->mac_pj;
    to->mac_um2 = is->mac_um2;
    to->mac_mw = is->mac_mw;
    to->l1_bytes = to->l2_bytes = 0;
    to->offchip.rate = (Rational){0, 1};
    memset(to->buffer_bytes, 0, sizeof to->buffer_bytes);
    memset(to->stays_onchip, 0, sizeof to->stays_onchip);
}

static void take(Machine *to, const Machine *was, const Machine *is)
{
    TAKE(pes);
    TAKE(lanes);
    if (was->clock_hz != is->clock_hz)
        machine_set_clock(to, is->clock_hz);
    TAKE(setup_cycles);
    TAKE(done_bits);
    for (int t = 0; t < TENSORS_MAX; t++)
        TAKE(bits[t]);
    if (is->n_memories > 0)
        take_hierarchy(to, is);
    else
        take_classic(to, was, is);
}

int job_describe(dcc_job *job, const Hardware *hardware, char **why)
{
    LibHardware *was = described(job), *is = g_atomic_rc_box_new0(LibHardware);
    bool rootless;
    is->hardware = *hardware;
    if (!resolve(job, is, &rootless, why)) {
        hardware_drop(is);
        return DCC_BAD_ARGUMENT;
    }
    g_auto(Change) change = job_change(job);
    take(change.machine, &was->machine, &is->machine);
    job->hardware = is;
    job->rootless = rootless;
    hardware_drop(was);
    return DCC_OK;
}

/* ---- keys ---- */

static void keep(const char **name, int n)
{
    for (int i = 0; i < n; i++)
        name[i] = g_intern_string(name[i]);
}

/* The text of the value is about to go; names of tensors and dims are few. */
static void keep_names(HardwareSet *set)
{
    switch (set->key->kind) {
    case KEY_KIND_TENSORS:
    case KEY_KIND_DIMS:
        keep(set->value.names.name, set->value.names.n);
        break;
    case KEY_KIND_WIDTH:
    case KEY_KIND_RATE:
    case KEY_KIND_RATES:
        keep(set->value.rate.name, set->value.rate.n);
        break;
    case KEY_KIND_SHARES:
        keep(set->value.bytes.name, set->value.bytes.n);
        break;
    default:
        break;
    }
}

static bool read_key(dcc_job *job, const char *assignment, HardwareSet *set, GError **error)
{
    Desk desk;
    desk_open(&desk, job);
    bool read = hardware_set_parse(&desk.trees, job_hardware(job), assignment, set, error);
    if (read)
        keep_names(set);
    desk_close(&desk);
    return read;
}

int dcc_set(dcc_context *context, dcc_job *job, const char *name, const char *value)
{
    g_autofree char *assignment = g_strdup_printf("%s=%s", name, value);
    g_autofree char *why = NULL;
    g_autoptr(GError) error = NULL;
    HardwareSet set;
    int status = DCC_BAD_ARGUMENT;
    if (read_key(job, assignment, &set, &error)) {
        Hardware hardware = *job_hardware(job);
        hardware_apply(&hardware, &set);
        status = job_describe(job, &hardware, &why);
    }
    g_autofree char *refused = why != NULL ? g_strdup_printf("%s: %s", assignment, why) : NULL;
    if (status == DCC_OK)
        context_say(context, NULL);
    else
        context_say(context, error != NULL ? error->message : refused);
    return status;
}
