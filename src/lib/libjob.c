/* Jobs: the numbers of a layer and a machine, each set by a call that says if it can be. */
#include "lib/lib.h"

#include <math.h>
#include <string.h>

#include "frontend/keys.h"
#include "frontend/operators.h"
#include "ir/hierarchy.h"

/* ---- what goes together ---- */

Change job_change(dcc_job *job)
{
    return (Change){job, &job->own.nest, &job->own.machine};
}

void job_changed(Change *change)
{
    Nest *nest = change->nest;
    if (job_is_hierarchy(change->job))
        hierarchy_place(nest, change->job->layer.op.n_tensors, change->machine);
    else
        nest->level[0].children = nest_children(nest, change->machine->pes);
}

void job_copy(dcc_job *to, const dcc_job *from)
{
    *to = *from;
    to->nest = &to->own.nest;
    to->machine = &to->own.machine;
}

/* Of a hierarchy, a level whose maps are followed by a line. */
static bool has_ended(const Level *level)
{
    bool holds = false;
    for (int t = 0; t < TENSORS_MAX; t++)
        holds |= level->memory[t] > 0;
    return holds || level->fanout > 0;
}

void job_ended(dcc_job *job)
{
    job->cut = job_is_hierarchy(job) && has_ended(&job->nest->level[job->nest->n_levels - 1]);
}

dcc_job *dcc_job_new(dcc_plan *plan, int i)
{
    if (i < 0 || i >= dcc_plan_jobs(plan))
        return NULL;
    const Job *from = &g_array_index(plan->jobs, Job, (guint) i);
    dcc_job *job = g_new0(dcc_job, 1);
    job->plan = plan_hold(plan);
    job->technology = plan->program->has_technology ? &plan->program->technology : NULL;
    job->dataflow = from->dataflow;
    job->layer = from->layer;
    job->own.nest = from->nest;
    job->own.machine = from->machine;
    job->nest = &job->own.nest;
    job->machine = &job->own.machine;
    job->open = g_ptr_array_index(plan->open, i);
    if (job->open != NULL)
        nest_empty(job);
    else
        job_ended(job);
    return job;
}

/* Of a type that there is not, as of an operator of a file, but without a place: it has none. */
static void tell_unknown(dcc_context *context, const char *type)
{
    const char *names[BUILTIN_OPERATORS];
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    for (int i = 0; i < BUILTIN_OPERATORS; i++)
        names[i] = operators_builtin[i].type;
    diag_report(diag, CHECK_UNKNOWN_TYPE, SPAN_NONE, "no operator '%s'%s", type,
                diag_hint(diag, type, names, BUILTIN_OPERATORS));
    context_tell(context, diag, NULL);
}

static bool is_builtin(const char *type)
{
    int i = 0;
    while (i < BUILTIN_OPERATORS && strcmp(operators_builtin[i].type, type) != 0)
        i++;
    return i < BUILTIN_OPERATORS;
}

dcc_job *dcc_job_build(dcc_context *context, const char *type)
{
    if (!is_builtin(type)) {
        tell_unknown(context, type);
        return NULL;
    }
    /* The one dim whose default asks for others. */
    const char *dims = strcmp(type, "LSTM") == 0 ? "E: 1" : "";
    g_autofree char *text =
        g_strdup_printf("Accelerator \"machine\" { PEs: 1  Precision: 8 bit  Clock: 1 GHz }\n"
                        "Dataflow \"built\" { Cluster(1); }\n"
                        "Network \"built\" { Layer %s { Type: %s  Dimensions { %s } } }\n",
                        type, type, dims);
    dcc_plan *plan = dcc_parse(context, text, NULL);
    dcc_job *job = plan != NULL ? dcc_job_new(plan, 0) : NULL;
    dcc_plan_free(plan);
    if (job != NULL) {
        for (int d = 0; d < job->layer.op.n_dims; d++)
            job->layer.extent[d] = 1;
        dcc_clear_nest(job);
    }
    return job;
}

dcc_job *dcc_job_copy(const dcc_job *job)
{
    dcc_job *copy = g_new(dcc_job, 1);
    job_copy(copy, job);
    plan_hold(copy->plan);
    hardware_hold(copy->hardware);
    return copy;
}

void dcc_job_assign(dcc_job *to, const dcc_job *from)
{
    dcc_plan *old = to->plan;
    LibHardware *hardware = to->hardware;
    plan_hold(from->plan);
    hardware_hold(from->hardware);
    job_copy(to, from);
    hardware_drop(hardware);
    dcc_plan_free(old);
}

void dcc_job_free(dcc_job *job)
{
    if (job == NULL)
        return;
    hardware_drop(job->hardware);
    dcc_plan_free(job->plan);
    g_free(job);
}

const char *dcc_job_name(const dcc_job *job)
{
    return job->layer.name;
}

const char *dcc_job_type(const dcc_job *job)
{
    return job->layer.op.type;
}

/* ---- the layer ---- */

static bool is_dim(const dcc_job *job, int dim)
{
    return dim >= 0 && dim < job->layer.op.n_dims;
}

static bool is_tensor(const dcc_job *job, int tensor)
{
    return tensor >= 0 && tensor < job->layer.op.n_tensors;
}

static bool within(int64_t value, int64_t low, int64_t high)
{
    return value >= low && value <= high;
}

int dcc_dims(const dcc_job *job)
{
    return job->layer.op.n_dims;
}

int dcc_tensors(const dcc_job *job)
{
    return job->layer.op.n_tensors;
}

const char *dcc_dim_name(const dcc_job *job, int dim)
{
    return is_dim(job, dim) ? job->layer.op.dim[dim] : NULL;
}

const char *dcc_tensor_name(const dcc_job *job, int tensor)
{
    return is_tensor(job, tensor) ? job->layer.op.tensor[tensor].name : NULL;
}

int dcc_dim(const dcc_job *job, const char *name)
{
    int dim = job->layer.op.n_dims - 1;
    while (dim >= 0 && strcmp(job->layer.op.dim[dim], name) != 0)
        dim--;
    return dim;
}

int dcc_tensor(const dcc_job *job, const char *name)
{
    int tensor = job->layer.op.n_tensors - 1;
    while (tensor >= 0 && strcmp(job->layer.op.tensor[tensor].name, name) != 0)
        tensor--;
    return tensor;
}

int64_t dcc_extent(const dcc_job *job, int dim)
{
    return is_dim(job, dim) ? job->layer.extent[dim] : 0;
}

/* What the front end holds of every layer: MACs in 63 bits, coordinates in 31. */
static void measure(dcc_job *job)
{
    const Layer *layer = &job->layer;
    int64_t macs;
    job->too_large = !layer_macs(layer, &macs);
    for (int t = 0; t < layer->op.n_tensors; t++) {
        for (int c = 0; c < layer->op.tensor[t].n_coords; c++) {
            const Coord *coord = &layer->op.tensor[t].coord[c];
            int64_t last = 0;
            for (int i = 0; i < coord->n; i++) /* below 2^62 each */
                last += coord->coef[i] * (layer->extent[coord->dim[i]] - 1);
            job->too_large |= last >= LIB_COUNT_MAX;
        }
    }
}

int dcc_set_extent(dcc_job *job, int dim, int64_t extent)
{
    if (!is_dim(job, dim) || !within(extent, 1, LIB_COUNT_MAX))
        return DCC_BAD_ARGUMENT;
    job->layer.extent[dim] = extent;
    measure(job);
    return DCC_OK;
}

int dcc_set_window(dcc_job *job, int dim, int64_t stride, int64_t dilation)
{
    Operator *op = &job->layer.op;
    bool found = false;
    if (!within(stride, 1, LIB_COUNT_MAX) || !within(dilation, 1, LIB_COUNT_MAX))
        return DCC_BAD_ARGUMENT;
    for (int t = 0; t < op->n_tensors; t++) {
        for (int c = 0; c < op->tensor[t].n_coords; c++) {
            Coord *coord = &op->tensor[t].coord[c];
            if (coord->n != 2 || coord->dim[0] != dim)
                continue;
            coord->coef[0] = stride;
            coord->coef[1] = dilation;
            found = true;
        }
    }
    measure(job);
    return found ? DCC_OK : DCC_BAD_ARGUMENT;
}

int dcc_set_density(dcc_job *job, int tensor, double density)
{
    if (!is_tensor(job, tensor) || !(density > 0 && density <= 1))
        return DCC_BAD_ARGUMENT;
    job->layer.density[tensor] = density;
    return DCC_OK;
}

/* ---- the machine ---- */

/* As the key has it. */
static bool in_range(int64_t value, HardwareKeyId id)
{
    return within(value, hardware_keys[id].least, hardware_keys[id].most);
}

int64_t dcc_get_machine(const dcc_job *job, int what)
{
    switch (what) {
    case DCC_PES:
        return job->machine->pes;
    case DCC_LANES:
        return job->machine->lanes;
    case DCC_L1_BYTES:
        return job->machine->l1_bytes;
    case DCC_L2_BYTES:
        return job->machine->l2_bytes;
    case DCC_SETUP_CYCLES:
        return job->machine->setup_cycles;
    default:
        return 0;
    }
}

int dcc_set_machine(dcc_job *job, int what, int64_t value)
{
    static const HardwareKeyId keys[] = {
        [DCC_PES] = KEY_PES, [DCC_LANES] = KEY_LANES, [DCC_SETUP_CYCLES] = KEY_SETUP};
    g_auto(Change) change = job_change(job);
    Machine *machine = change.machine;
    bool classic = what == DCC_PES || what == DCC_L1_BYTES || what == DCC_L2_BYTES;
    bool ranged = what == DCC_PES || what == DCC_LANES || what == DCC_SETUP_CYCLES;
    if (ranged ? !in_range(value, keys[what]) : value < 0)
        return DCC_BAD_ARGUMENT;
    if (classic && job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    switch (what) {
    case DCC_PES:
        machine->pes = value;
        return DCC_OK;
    case DCC_LANES:
        machine->lanes = value;
        return DCC_OK;
    case DCC_L1_BYTES:
        machine->l1_bytes = value;
        return DCC_OK;
    case DCC_L2_BYTES:
        machine->l2_bytes = value;
        return DCC_OK;
    case DCC_SETUP_CYCLES:
        machine->setup_cycles = value;
        return DCC_OK;
    default:
        return DCC_BAD_ARGUMENT;
    }
}

/* On a hierarchy what is given by the second follows.  Hertz are taken to a thousandth there. */
static int describe_clock(dcc_job *job, double hz)
{
    bool whole = rint(hz) == hz;
    double number = whole ? hz : rint(1000 * hz);
    if (number < 1 || number > 0x1p53)
        return DCC_BAD_ARGUMENT;
    Hardware hardware = *job_hardware(job);
    hardware.clock_hz = (Rational){(int64_t) number, whole ? 1 : 1000};
    hardware.clock_given = true;
    return job_describe(job, &hardware, NULL);
}

int dcc_set_clock(dcc_job *job, double hz)
{
    if (!(hz > 0) || !isfinite(hz) || (job_is_hierarchy(job) && describe_clock(job, hz) != DCC_OK))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    machine_set_clock(change.machine, hz);
    return DCC_OK;
}

/* A whole number of bits in the range of the key; 0 if it is none. */
static int64_t width_of(double bytes, HardwareKeyId id)
{
    double bits = 8 * bytes;
    bool whole = fabs(bits) < (double) LIB_COUNT_MAX && rint(bits) == bits;
    return whole && in_range((int64_t) bits, id) ? (int64_t) bits : 0;
}

/* On a hierarchy what is given in bytes follows. */
static int describe_widths(dcc_job *job, const int64_t bits[], int64_t done_bits)
{
    const Operator *op = &job->layer.op;
    Hardware hardware = *job_hardware(job);
    hardware.precision.n = op->n_tensors;
    for (int t = 0; t < op->n_tensors; t++) {
        hardware.precision.name[t] = op->tensor[t].name;
        hardware.precision.by_name[t].amount = (Rational){t == op->output ? done_bits : bits[t], 1};
    }
    hardware.partial_bits = bits[op->output];
    return job_describe(job, &hardware, NULL);
}

static int set_widths(dcc_job *job, const int64_t bits[], int64_t done_bits)
{
    if (job_is_hierarchy(job) && describe_widths(job, bits, done_bits) != DCC_OK)
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    memcpy(change.machine->bits, bits, sizeof change.machine->bits);
    change.machine->done_bits = done_bits;
    return DCC_OK;
}

int dcc_set_element_bytes(dcc_job *job, int tensor, double bytes)
{
    int64_t width = width_of(bytes, KEY_PRECISION), bits[TENSORS_MAX];
    if (!is_tensor(job, tensor) || width == 0)
        return DCC_BAD_ARGUMENT;
    memcpy(bits, job->machine->bits, sizeof bits);
    bits[tensor] = width;
    return set_widths(job, bits, tensor == job->layer.op.output ? width : job->machine->done_bits);
}

int dcc_set_output_bytes(dcc_job *job, double finished, double partial)
{
    int64_t done = width_of(finished, KEY_PRECISION), width = width_of(partial, KEY_PARTIAL);
    int64_t bits[TENSORS_MAX];
    if (done == 0 || width < done)
        return DCC_BAD_ARGUMENT;
    memcpy(bits, job->machine->bits, sizeof bits);
    bits[job->layer.op.output] = width;
    return set_widths(job, bits, done);
}

int dcc_set_stays_onchip(dcc_job *job, int tensor, int stays)
{
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (!is_tensor(job, tensor) || !within(stays, 0, 1))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    change.machine->stays_onchip[tensor] = stays != 0;
    return DCC_OK;
}

int dcc_set_offchip(dcc_job *job, double bytes_per_second)
{
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (!(bytes_per_second >= 0) || !isfinite(bytes_per_second))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    machine_set_offchip(change.machine, bytes_per_second);
    return DCC_OK;
}

int dcc_set_buffer_bytes(dcc_job *job, int level, int64_t bytes)
{
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (level < 1 || level >= LEVELS_MAX || bytes < 0)
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    change.machine->buffer_bytes[level] = bytes;
    return DCC_OK;
}

/* ---- interconnects ---- */

/* The levels that a setter's `level` stands for; false if there are none. */
static bool levels_of(int level, int *first, int *last)
{
    *first = level < 0 ? 0 : level;
    *last = level < 0 ? LEVELS_MAX - 1 : level;
    return level >= -1 && level < LEVELS_MAX;
}

static Rational lowest_terms(int64_t num, int64_t den)
{
    int64_t a = num, b = den;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return (Rational){num / a, den / a};
}

/* What all tensors share becomes each one's own: as many elements, or elements of as many bits. */
static bool split_channel(const dcc_job *job, Noc *noc)
{
    Rational shared = noc->bandwidth[0];
    bool fits = true;
    for (int t = 0; t < job->layer.op.n_tensors; t++) {
        Rational bits = {noc->in_bits ? job->machine->bits[t] : 1, 1};
        fits = fits && rational_divide(shared, bits, &noc->bandwidth[t]);
    }
    return fits;
}

int dcc_set_bandwidth(dcc_job *job, int level, int tensor, int64_t numerator, int64_t denominator)
{
    int first, last;
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (!levels_of(level, &first, &last) || (tensor != -1 && !is_tensor(job, tensor)) ||
        !within(numerator, 0, LIB_COUNT_MAX) || !within(denominator, 1, LIB_COUNT_MAX))
        return DCC_BAD_ARGUMENT;
    Rational rate = lowest_terms(numerator, denominator);
    Machine machine = *job->machine;
    for (int l = first; l <= last; l++) {
        Noc *noc = &machine.noc[l];
        if (tensor >= 0 && !noc->per_tensor && !split_channel(job, noc))
            return DCC_BAD_ARGUMENT;
        noc->per_tensor = tensor >= 0;
        noc->in_bits = false; /* the rate is of elements */
        noc->bandwidth[tensor >= 0 ? tensor : 0] = rate;
    }
    g_auto(Change) change = job_change(job);
    *change.machine = machine;
    return DCC_OK;
}

int dcc_set_noc(dcc_job *job, int level, int what, int64_t value)
{
    static const HardwareKeyId keys[] = {[DCC_LATENCY] = KEY_NOC_LATENCY,
                                         [DCC_MULTICAST] = KEY_NOC_MULTICAST,
                                         [DCC_REDUCTION] = KEY_NOC_REDUCTION,
                                         [DCC_PREFETCH] = KEY_NOC_PREFETCH};
    int first, last;
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (!levels_of(level, &first, &last) || what < 0 || what > DCC_PREFETCH ||
        !in_range(value, keys[what]))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    for (int l = first; l <= last; l++) {
        Noc *noc = &change.machine->noc[l];
        if (what == DCC_LATENCY)
            noc->latency = value;
        else if (what == DCC_MULTICAST)
            noc->multicast = value != 0;
        else if (what == DCC_REDUCTION)
            noc->reduction = value != 0;
        else
            noc->prefetch = (Prefetch) value;
    }
    return DCC_OK;
}

int dcc_set_hops(dcc_job *job, int level, double hops)
{
    int first, last;
    if (job_is_hierarchy(job))
        return DCC_OTHER_FORM;
    if (!levels_of(level, &first, &last) || !(hops >= 0) || !isfinite(hops))
        return DCC_BAD_ARGUMENT;
    g_auto(Change) change = job_change(job);
    for (int l = first; l <= last; l++)
        change.machine->noc[l].hops = hops;
    return DCC_OK;
}
