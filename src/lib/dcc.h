/* libdcc: what a dataflow costs on an accelerator, for programs.  See libdcc(3).
 *
 * A plan is read from files or text; a job is one layer of it with its dataflow and machine, to be
 * changed number by number and evaluated into a result, from which metrics are read.
 *
 * Threads: a context is one thread's at a time.  A job or result that nobody changes can be read by
 * many.  Nothing here prints or exits. */
#ifndef DCC_H
#define DCC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

typedef struct dcc_context dcc_context; /* working memory and messages */
typedef struct dcc_plan dcc_plan;       /* what files come to: jobs, read only */
typedef struct dcc_job dcc_job;         /* a layer, its dataflow, a machine */
typedef struct dcc_result dcc_result;   /* all that an evaluation finds */
typedef struct dcc_search dcc_search;   /* what dataflow is looked for, and what was found */

/* 0: done.  Negative: not done, nothing has changed.  Positive: done, with a remark. */
typedef enum {
    DCC_OK = 0,
    DCC_NO_SPATIAL = 1,       /* the children of a level all compute the same MACs */
    DCC_NOT_FOUND = 2,        /* a search has found nothing that fits */
    DCC_BAD_ARGUMENT = -1,    /* an index or a number is out of range */
    DCC_MAPPED_TWICE = -2,    /* a dim has two maps in one level */
    DCC_DIAGONAL = -3,        /* two spatial maps of a level visit only their diagonal */
    DCC_LOST_WORK = -4,       /* a spatial map of one chunk beside one of several */
    DCC_TOO_FEW_PES = -5,     /* the clusters need more PEs than there are */
    DCC_OVERFLOW = -6,        /* a count does not fit 63 bits, or a coordinate 31 */
    DCC_RAGGED = -7,          /* the tiles fall into too many pieces to count */
    DCC_NOT_PREPARED = -8,    /* dcc_time without a dcc_prepare that was done */
    DCC_ENTANGLED = -9,       /* a tensor passes a fan-out that shares its elements in part */
    DCC_OTHER_FORM = -10,     /* of a classic machine and asked of a hierarchy, or the reverse */
    DCC_NO_ROOT = -11,        /* the outermost memories do not hold every tensor once */
    DCC_CANNOT_DIVIDE = -12,  /* a fan-out cannot divide a dim that is spread over it */
    DCC_TOO_MANY_UNITS = -13, /* a fan-out has fewer units, in all of its parts */
    DCC_AGAINST_ORDER = -14,  /* a fan-out or memory is not at that place of the hierarchy */
    DCC_CANNOT_HOLD = -15,    /* a memory cannot hold a tensor, or holds it already */
    DCC_OPEN = -16,           /* the dataflow has holes: dcc_search_run fills them */
    DCC_NO_ENERGY = -17       /* a figure for the energy is not given */
} dcc_status;

/* One sentence for a status; static text. */
const char *dcc_status_text(int status);

/* Version of the library, "0.3.0". */
const char *dcc_version(void);

/* ---- contexts and plans ---- */

/* Never NULL; free with dcc_close, which leaves plans and jobs alone. */
dcc_context *dcc_open(void);
void dcc_close(dcc_context *context);

/* Reads what the words of a dcc(1) command line name: files, and the options --model, --hw,
 * --layer, --set, --define, --tech, --node and --warn, each with its value as the next word; -D and
 * -W too.  `words` ends with NULL.  NULL after any error: dcc_messages tells. */
dcc_plan *dcc_load(dcc_context *context, const char *const *words);

/* The same with a text that stands before the files; `words` may be NULL. */
dcc_plan *dcc_parse(dcc_context *context, const char *text, const char *const *words);

/* Errors and warnings of the last load, or the error of the last dcc_set, as dcc prints them, or
 * why the last dcc_search_run found nothing; "" if there were none.  Good until the context's next
 * of these. */
const char *dcc_messages(const dcc_context *context);

/* One of them.  severity is "error", "warning", or "note", which belongs to the message before it;
 * check is the name behind the text, "overlap", NULL where it has none; file is NULL and line and
 * column 0 where there is no place, else both count from 1, columns in characters. */
typedef struct {
    const char *severity, *check, *file, *text;
    int line, column;
} dcc_message;

/* How many there are; the i-th, from 0, in the order of dcc_messages, and good as long. */
int dcc_message_count(const dcc_context *context);
int dcc_get_message(const dcc_context *context, int i, dcc_message *message);

/* Jobs live on when their plan is freed. */
void dcc_plan_free(dcc_plan *plan);
int dcc_plan_jobs(const dcc_plan *plan);

/* ---- jobs ---- */

/* Job number i of the plan, in the order of the files; NULL if there is none.  The caller's own:
 * free with dcc_job_free. */
dcc_job *dcc_job_new(dcc_plan *plan, int i);

/* A job of an operator type ("CONV", "GEMM", ...): every extent 1, one level without maps, a
 * machine of one PE, one byte per element, with nothing limited.  NULL: dcc_messages tells. */
dcc_job *dcc_job_build(dcc_context *context, const char *type);

dcc_job *dcc_job_copy(const dcc_job *job);
void dcc_job_assign(dcc_job *to, const dcc_job *from);
void dcc_job_free(dcc_job *job);

const char *dcc_job_name(const dcc_job *job);
const char *dcc_job_type(const dcc_job *job);

/* Whether the dataflow computes every MAC of the layer, and where it does so more than once:
 * DCC_NO_SPATIAL.  dcc_evaluate asks by itself. */
int dcc_check(const dcc_job *job);

/* ---- the layer ---- */

/* Iteration dims and tensors have numbers from 0, in the order of the reports. */
int dcc_dims(const dcc_job *job);
int dcc_tensors(const dcc_job *job);
const char *dcc_dim_name(const dcc_job *job, int dim); /* NULL if there is none */
const char *dcc_tensor_name(const dcc_job *job, int tensor);
int dcc_dim(const dcc_job *job, const char *name); /* -1 if there is none */
int dcc_tensor(const dcc_job *job, const char *name);

int64_t dcc_extent(const dcc_job *job, int dim); /* 0 if there is none */

/* 1 .. 2^31 - 1. */
int dcc_set_extent(dcc_job *job, int dim, int64_t extent);

/* Of the window that slides along an output dim: input row = stride * Y' + dilation * R. */
int dcc_set_window(dcc_job *job, int dim, int64_t stride, int64_t dilation);

/* Share of elements that are not zero, above 0, at most 1. */
int dcc_set_density(dcc_job *job, int tensor, double density);

/* ---- the hierarchy ---- */

/* A machine is of the classic form, with an L1 in each PE, an L2 and off-chip memory, or has a
 * hierarchy of memories and fan-outs, each with numbers from 0, outermost first.  Of a classic
 * machine there are 0 of either. */
int dcc_memories(const dcc_job *job);
const char *dcc_memory_name(const dcc_job *job, int memory); /* NULL if there is none */
int dcc_memory(const dcc_job *job, const char *name);        /* -1 if there is none */
int dcc_fanouts(const dcc_job *job);
const char *dcc_fanout_name(const dcc_job *job, int fanout);
int dcc_fanout(const dcc_job *job, const char *name);
int64_t dcc_fanout_size(const dcc_job *job, int fanout); /* units in one outside it; 0: none */

/* Adds a memory, or a fan-out of 1 .. 2^31 - 1 units, inside all that there are; its keys have
 * their defaults, of which "NAME.holds" is all tensors.  The first memory makes a hierarchy of a
 * classic machine: PEs, L1, L2, interconnects and off-chip memory are gone, and the dataflow is
 * cleared. DCC_BAD_ARGUMENT if the name is taken, or a key's, or no word of letters, digits and
 * '_', or there are 16 memories or 8 fan-outs.  DCC_OTHER_FORM for a fan-out before any memory. */
int dcc_add_memory(dcc_job *job, const char *name);
int dcc_add_fanout(dcc_job *job, const char *name, int64_t size);

/* Sets a key of the machine, of either form, as --set NAME=VALUE does: "GLB.capacity" to "64 KiB",
 * "RF.capacity" to "{ Input: 8 B, Weight: 24 B }", "PE" to "16", "noc0.hops" to "2".  The names are
 * those of dcc-hardware(5), in lower case but for a memory's or fan-out's own.  Figures in bytes
 * and seconds are those of the widths and the clock that the machine has by its keys and, of a
 * hierarchy, by the setters below.  Children of a level stay as many as they are when the size of
 * their fan-out changes.  DCC_BAD_ARGUMENT, and nothing is changed: dcc_messages tells. */
int dcc_set(dcc_context *context, dcc_job *job, const char *name, const char *value);

/* ---- the dataflow, as dcc(1) lowers it ---- */

/* A dataflow with holes ("?", "Any") may be loaded too: it is open.  Such a job has no levels to
 * speak of, calls that evaluate, check or add to it are DCC_OPEN, and a search finds its dataflow;
 * with dcc_clear_nest it is open no longer. */
int dcc_is_open(const dcc_job *job);

/* Levels from 0, the outermost; a level's maps from 0, the outermost loop.  Maps are of iteration
 * dims only (Y', not Y).  A map hands each child `size` indices at a time; the offset is the size.
 * A dim without a map is one chunk. */
typedef enum { DCC_TEMPORAL, DCC_SPATIAL } dcc_kind;

typedef struct {
    int32_t kind, dim;
    int64_t size;
} dcc_map;

int dcc_levels(const dcc_job *job);
int64_t dcc_children(const dcc_job *job, int level); /* units under one parent; 0: no level */
int dcc_maps(const dcc_job *job, int level);
int dcc_get_map(const dcc_job *job, int level, int i, dcc_map *map);

/* Back to one level without maps, which on a hierarchy holds nothing. */
void dcc_clear_nest(dcc_job *job);

/* On a classic machine: ends the last level, as Cluster(size) does, and begins the next. */
int dcc_add_cluster(dcc_job *job, int64_t size);

/* On a hierarchy: ends the last level as Fanout(name, units) does, 0 units being all that are left
 * of the fan-out, or, with fan-out -1 and units 0 or 1, as Level does.  Its children hold nothing
 * until dcc_hold says so; a map that is added then begins the next level.  A fan-out that a level
 * further out has too gets the rest of it. */
int dcc_add_cut(dcc_job *job, int fanout, int64_t units);

/* Lets the children of a level hold their tiles of a tensor in a memory, as Buffer(name) does; with
 * memory -1 they do not hold it.  In the last level it ends that level. */
int dcc_hold(dcc_job *job, int level, int tensor, int memory);

/* The memory in which the children of a level hold a tensor, of level -1 its root; -1: in none. */
int dcc_holder(const dcc_job *job, int level, int tensor);

/* The fan-out that the children of a level are, -1: none; to make them so many of its units. */
int dcc_level_fanout(const dcc_job *job, int level);
int dcc_set_units(dcc_job *job, int level, int64_t units);

/* Innermost in the last level. */
int dcc_add_map(dcc_job *job, int kind, int dim, int64_t size);

/* Changes the map of a dim in a level; DCC_BAD_ARGUMENT if it has none there. */
int dcc_set_size(dcc_job *job, int level, int dim, int64_t size);
int dcc_set_kind(dcc_job *job, int level, int dim, int kind);
int dcc_set_order(dcc_job *job, int level, int dim, int i); /* to be map number i */

/* On a classic machine: units of the clusters that are `level`, 1 or more: the Cluster before it.
 */
int dcc_set_cluster(dcc_job *job, int level, int64_t size);

/* Writes the dataflow as text that dcc reads, with the given name, cut off to fit; returns its
 * length, as snprintf does. */
int dcc_print(const dcc_job *job, const char *name, char *text, size_t size);

/* ---- the machine ---- */

/* All of a classic machine, and of a hierarchy what is said to be of both: else DCC_OTHER_FORM, and
 * dcc_set has the key. */

/* Whole numbers. */
typedef enum {
    DCC_PES,      /* 1 or more; of a hierarchy the product of its fan-outs, to be read only */
    DCC_LANES,    /* MACs per PE and cycle; of both */
    DCC_L1_BYTES, /* capacity; 0: not given, or a hierarchy */
    DCC_L2_BYTES,
    DCC_SETUP_CYCLES /* before a layer starts; 0: none; of both */
} dcc_machine;

int64_t dcc_get_machine(const dcc_job *job, int what);
int dcc_set_machine(dcc_job *job, int what, int64_t value);

int dcc_set_clock(dcc_job *job, double hz); /* of both; what is given by the second stays */

/* Of both: a whole number of bits, 1/8 .. 1024 bytes. */
int dcc_set_element_bytes(dcc_job *job, int tensor, double bytes);

/* Of both: of the output, of a finished element, which goes off-chip, and of a partial sum, which
 * is at least as wide.  dcc_set_element_bytes of the output sets both. */
int dcc_set_output_bytes(dcc_job *job, double finished, double partial);

/* 1: the tensor lives in L2 between layers, and is neither fetched nor written back; 0: it does
 * not.
 */
int dcc_set_stays_onchip(dcc_job *job, int tensor, int stays);
int dcc_set_offchip(dcc_job *job, double bytes_per_second); /* 0: unlimited */

/* Buffer of the clusters that are `level`, 1 or more; 0: not given. */
int dcc_set_buffer_bytes(dcc_job *job, int level, int64_t bytes);

/* The interconnect to the children of a level; level -1 stands for all levels.  Bandwidth is
 * numerator / denominator elements per cycle, 0 / 1 unlimited; with tensor -1 all tensors share it,
 * else the tensor has a channel of its own, and so have the others then. */
int dcc_set_bandwidth(dcc_job *job, int level, int tensor, int64_t numerator, int64_t denominator);

typedef enum {
    DCC_LATENCY,   /* cycles, hops included */
    DCC_MULTICAST, /* 0 or 1 */
    DCC_REDUCTION, /* 0 or 1 */
    DCC_PREFETCH   /* 0 layer, 1 tile, 2 none, 3 step */
} dcc_noc;

int dcc_set_noc(dcc_job *job, int level, int what, int64_t value);
int dcc_set_hops(dcc_job *job, int level, double hops); /* average, for energy */

/* ---- evaluation ---- */

/* Nothing is known of a fresh result.  Never NULL. */
dcc_result *dcc_result_new(void);
void dcc_result_assign(dcc_result *to, const dcc_result *from);
void dcc_result_free(dcc_result *result);

/* Checks and evaluates: every metric but energies and the gain of a larger buffer.  The result
 * speaks of the job, which must live, unchanged, as long as names, extents, seconds or sums over
 * tensors are read from it.  No allocation but when a nest is larger than any before in this
 * context. */
int dcc_evaluate(dcc_context *context, const dcc_job *job, dcc_result *result);

/* The same in much less time, but without any: cycles and all that rests on them stay unknown. */
int dcc_evaluate_counts(dcc_context *context, const dcc_job *job, dcc_result *result);

/* Adds energies, after dcc_evaluate_counts the dynamic ones; the job must not have changed since.
 */
int dcc_cost(const dcc_job *job, dcc_result *result);

/* Adds what a larger buffer would gain. */
int dcc_gain(const dcc_job *job, dcc_result *result);

/* What does not fit, as dcc says it, a line for each: buffers smaller than the layer needs
 * ([capacity]), counts beyond 63 bits, and, where the plan's machine has budgets, a chip for this
 * one layer that is above them ([budget]).  "" if all fits or nothing is known.  -W options of the
 * plan hold.  Good until the next call with this context. */
const char *dcc_findings(dcc_context *context, const dcc_job *job, const dcc_result *result);

/* dcc_evaluate in two parts: what does not depend on the machine, then the machine's share, for
 * as many machines as there are.  Between the two only the machine's setters may be called, and
 * neither DCC_PES nor what sets widths, what stays on the chip, what memories and fan-outs there
 * are, what they hold or divide, or how many units they have; the context must not evaluate
 * anything else. */
int dcc_prepare(dcc_context *context, const dcc_job *job);
int dcc_time(dcc_context *context, const dcc_job *job, dcc_result *result);

/* After dcc_prepare: cycles[i], for n machines that are the job's but for bandwidth[i] (elements
 * per cycle, all tensors together; 0: unlimited) and latency[i] (cycles, hops included) at one
 * level, or -1 all.  On a hierarchy they are those of the level's fan-out: its memories keep their
 * ports and latencies, -1 is all levels that have a fan-out, and a level that has none, or the
 * inner part of one, is DCC_BAD_ARGUMENT.  Either may be NULL: as the job has it.  cycles[i] is -1
 * where it does not fit. */
int dcc_times(dcc_context *context, const dcc_job *job, int level, int n, const int64_t *bandwidth,
              const int64_t *latency, int64_t *cycles);

/* ---- searching for a dataflow ---- */

/* What is to be least: cycles, pJ, or their product in J s. */
typedef enum { DCC_RUNTIME, DCC_ENERGY, DCC_EDP } dcc_objective;

/* Sizes of maps that are tried: those that divide what is outside; the smallest for each number of
 * chunks, and those rounded to lanes; all. */
typedef enum { DCC_DIVISORS, DCC_CANONICAL, DCC_EVERY_SIZE } dcc_sizes;

typedef enum {
    DCC_SEARCH_OBJECTIVE, /* dcc_objective; at first DCC_EDP */
    DCC_SEARCH_SIZES,     /* dcc_sizes; at first DCC_CANONICAL */
    DCC_SEARCH_SPATIAL,   /* dims divided over the PEs, or over a fan-out, where all is open: 1 ..
                             3; at first 2 */
    DCC_SEARCH_THREADS,   /* 1 .. 256; at first 1.  What is found does not depend on it */
    DCC_SEARCH_TOP,       /* dataflows that are kept, which differ in more than the order of loops:
                             1 .. 64; at first 1 */
    DCC_SEARCH_PLACES     /* of a memory of a hierarchy, where all is open: cuts among which each of
                             its tensors has one, 1 .. 3; at first 1 */
} dcc_search_option;

/* Never NULL; free with dcc_search_free. */
dcc_search *dcc_search_new(void);
void dcc_search_free(dcc_search *search);

int dcc_search_set(dcc_search *search, int option, int64_t value);

/* It ends after so many seconds (0: never), or once the best is at most `gap` (0.01: 1 %) above
 * what no dataflow is below; at first 0 and 0.  Neither is negative. */
int dcc_search_limit(dcc_search *search, double seconds, double gap);

/* Where a search stands. */
typedef struct {
    double best;               /* of the objective; NaN: nothing is found so far */
    double bound;              /* no dataflow of the space is below it; NaN: not known yet */
    double seconds;            /* since it began */
    int64_t bounds, evaluated; /* parts of the space that were bounded, dataflows evaluated */
} dcc_progress;

/* Called some hundred times a second, by any thread of the search, by one at a time; not 0 ends the
 * search with what it has. */
typedef int (*dcc_watch)(const dcc_progress *progress, void *data);

/* NULL: nobody. */
void dcc_search_watch(dcc_search *search, dcc_watch watch, void *data);

/* Looks for the dataflow of least objective that fits the job's machine: where the job is open,
 * among those that its dataflow leaves open; else among all, of which its own is tried first, so
 * that the best is never worse.  What an earlier run has found is gone.  DCC_NOT_FOUND: none that
 * fits was found, and dcc_messages has a sentence about what is in the way.  DCC_NO_ENERGY: the
 * objective rests on a figure that is not given.  The job's other faults are those of dcc_check. */
int dcc_search_run(dcc_context *context, dcc_search *search, const dcc_job *job);

/* Dataflows that were found, the best first; 0 before a run. */
int dcc_search_found(const dcc_search *search);

/* The job with dataflow number i; NULL if there is none.  The caller's own: free with
 * dcc_job_free.  dcc_print writes its dataflow, dcc_evaluate finds its metrics. */
dcc_job *dcc_search_job(const dcc_search *search, int i);

/* Of the objective; NaN if there is none. */
double dcc_search_value(const dcc_search *search, int i);

/* What no dataflow of the space is below, in the same unit; and best / bound - 1.  NaN: not known.
 */
double dcc_search_bound(const dcc_search *search);
double dcc_search_gap(const dcc_search *search);

/* 1: all that may be better was looked at; 0: it was ended before, or has not run. */
int dcc_search_complete(const dcc_search *search);

/* ---- why ---- */

/* Where the cycles and the energy of an evaluated job go, and what would help it. */
typedef struct dcc_why dcc_why;

/* A part of the cycles, not below 0; all of a job add up to its cycles exactly.  `cause` is one of
 * "ideal", "idle", "repeated", "folds", "edges", "ports", "ingress", "egress", "fill", "drain",
 * "offchip", "setup"; level (of a link) and tensor are -1 where it has none. */
typedef struct {
    const char *cause, *label;
    int level, tensor;
    int64_t cycles;
} dcc_time_part;

/* A part of the energy: "compute", "once" (each element, in every memory that it passes), "again"
 * (in `part`, "L2"), "interconnect", "leakage". */
typedef struct {
    const char *cause, *label, *part; /* part: NULL where it is of all memories */
    int tensor;                       /* -1: of none */
    double pj;
} dcc_energy_part;

/* A change, evaluated: "bandwidth", "port", "offchip", "latency", "capacity", "prefetch", or
 * "mapping", whose dataflow is a text.  from and to are in the unit, NaN where nothing is counted;
 * pj and edp NaN where they are not known in full. */
typedef struct {
    const char *kind, *label, *what, *unit, *dataflow; /* dataflow: NULL but for a mapping */
    double from, to;
    int fits; /* 0: a buffer would be too small */
    int64_t cycles;
    double pj, edp;
} dcc_remedy;

/* Never NULL; free with dcc_why_free. */
dcc_why *dcc_why_new(void);
void dcc_why_free(dcc_why *why);

/* After dcc_evaluate and, for energies, dcc_cost.  A search for a better dataflow takes so many
 * seconds; 0: there is none.  More units and other dataflows are for the caller to set and to
 * evaluate.  What is read afterwards is good until the next run with this handle, as long as the
 * job lives.  DCC_BAD_ARGUMENT where the result is not of an evaluation with times. */
int dcc_why_run(dcc_context *context, const dcc_job *job, const dcc_result *result, double seconds,
                dcc_why *why);

/* How many there are; the i-th, from 0.  Remedies: what saves most cycles first. */
int dcc_why_times(const dcc_why *why);
int dcc_why_time(const dcc_why *why, int i, dcc_time_part *part);
int dcc_why_energies(const dcc_why *why);
int dcc_why_energy(const dcc_why *why, int i, dcc_energy_part *part);
int dcc_why_remedies(const dcc_why *why);
int dcc_why_remedy(const dcc_why *why, int i, dcc_remedy *remedy);

/* ---- networks on several cores ---- */

/* A network on the cores of a system, and its schedule: dcc-sched(1). */
typedef struct dcc_sched dcc_sched;

typedef enum {
    DCC_SCHED_OBJECTIVE, /* dcc_objective; at first DCC_RUNTIME */
    DCC_SCHED_PRIORITY, /* of nodes: 0 latency, 1 memory, 2 ready, 3 the best of them; at first 3 */
    DCC_SCHED_IMAGES,   /* one after the other, 1 .. 1000; at first 1 */
    DCC_SCHED_MOVES,    /* schedules that annealing looks at; at first 2000 */
    DCC_SCHED_SEED,     /* of annealing, any; at first 1 */
    DCC_SCHED_MAP_MOVES, /* bounds that the mapper looks at for a box; at first 2000 */
    DCC_SCHED_THREADS    /* 1 .. 64; at first 1.  No figure depends on it */
} dcc_sched_option;

/* Reads a model and its system, two files; system NULL: it is in the model's.  replay is a file
 * whose Allocate and Split hold instead of theirs, or NULL.  NULL after any error: dcc_messages
 * tells.  Free with dcc_sched_free. */
dcc_sched *dcc_sched_load(dcc_context *context, const char *model, const char *system,
                          const char *replay);
void dcc_sched_free(dcc_sched *sched);

int dcc_sched_set(dcc_sched *sched, int option, int64_t value);

/* It ends after so many seconds (0: never), or once the best is at most `gap` above the bound; at
 * first 0 and 0.  Neither is negative. */
int dcc_sched_limit(dcc_sched *sched, double seconds, double gap);

/* Looks for the cores and the splits of least objective.  What an earlier run has found is gone.
 * DCC_NOT_FOUND: shapes do not fit each other, no core can run a layer, or a memory is too small,
 * and dcc_messages says which.  DCC_NO_ENERGY: the objective rests on a figure that is not given.
 */
int dcc_sched_run(dcc_context *context, dcc_sched *sched);

/* What was found.  Energies in pJ, without parts that have no figure if energy_known is 0; value
 * and bound in the objective's unit: cycles, pJ, or pJ * cycles.  NaN: cycles_per_image of one
 * image, gap of a bound of 0. */
typedef struct {
    int64_t cycles, schedules; /* latency; schedules that were looked at */
    double cycles_per_image, cores_pj, links_pj, offchip_pj, total_pj, value, bound, gap;
    int energy_known, optimal, priority;
    int layers, cores, links, nodes, transfers; /* how many there are of what is below */
} dcc_schedule;

/* Places are cores, and behind them off-chip memory.  Names are good until the next run. */
typedef struct {
    const char *name, *split; /* "none", "Y' all", "K 2, X' 4" */
    int cores;                /* that its parts are on: one, or those they are dealt to */
    int first, nodes;         /* of the first image */
} dcc_sched_layer;

typedef struct {
    const char *name;
    int64_t busy_cycles, peak_bytes; /* peak_bytes: of all its memories; of a link 0 */
} dcc_sched_part;

typedef struct {
    int layer, image, number, core; /* number: of its box among the layer's */
    int64_t start, end;
} dcc_sched_node;

typedef struct {
    const char *tensor; /* "W of CONV1", "CONV1[3]" */
    int from, to;
    int shared; /* 1: by the transfer of another destination */
    int64_t bytes, start, end;
} dcc_sched_transfer;

/* DCC_NOT_FOUND before a run that was done; what is asked of number i, DCC_BAD_ARGUMENT where there
 * is none. */
int dcc_sched_get(const dcc_sched *sched, dcc_schedule *schedule);
int dcc_sched_get_layer(const dcc_sched *sched, int i, dcc_sched_layer *layer);
int dcc_sched_get_core(const dcc_sched *sched, int i, dcc_sched_part *core);
int dcc_sched_get_link(const dcc_sched *sched, int i, dcc_sched_part *link);
int dcc_sched_get_node(const dcc_sched *sched, int i, dcc_sched_node *node);
int dcc_sched_get_transfer(const dcc_sched *sched, int i, dcc_sched_transfer *transfer);

/* The i-th core of a layer; -1 if there is none. */
int dcc_sched_layer_core(const dcc_sched *sched, int layer, int i);

/* All of it as text; NULL before a run that was done.  Good until the next call with this handle.
 */
typedef enum { DCC_SCHED_JSON, DCC_SCHED_CHOICE, DCC_SCHED_TRACE, DCC_SCHED_HTML } dcc_sched_form;
const char *dcc_sched_text(dcc_sched *sched, int form);

/* ---- metrics ---- */

/* A metric's number, good for all jobs of the same operator and machine in one version of the
 * library; -1 is none.  Names are the paths of dcc --json within a layer: "cycles", "l2.reads.W",
 * "levels.0.tensors.I.fills", "memories.1.tensors.I.reads", "links.0.tensors.W.through_in",
 * "mac.O.psum_reads"; a memory may stand by its name, "memories.GLB.tensors.I.reads". */
typedef int32_t dcc_metric;
enum { DCC_NO_METRIC = -1 };

dcc_metric dcc_metric_find(const dcc_job *job, const char *name);

/* The one after, all in the order of the reports: DCC_NO_METRIC begins and ends it. */
dcc_metric dcc_metric_next(const dcc_result *result, dcc_metric metric);

/* Writes the name, cut off to fit; returns its length, as snprintf does, or -1. */
int dcc_metric_name(const dcc_result *result, dcc_metric metric, char *name, size_t size);

typedef enum { DCC_TEXT, DCC_COUNT, DCC_REAL } dcc_type;
int dcc_metric_type(dcc_metric metric);         /* dcc_type; -1 if there is none */
const char *dcc_metric_unit(dcc_metric metric); /* "" for none; static text */

/* What is not known, or of another type, is -1, NaN or NULL; dcc_real reads counts too. */
int64_t dcc_count(const dcc_result *result, dcc_metric metric);
double dcc_real(const dcc_result *result, dcc_metric metric);
const char *dcc_text(const dcc_result *result, dcc_metric metric);

/* ---- batches ---- */

/* A number of a job that takes other values: the setter that it goes through, and what of. */
typedef enum {
    DCC_COLUMN_EXTENT,    /* dcc_set_extent; index: the dim */
    DCC_COLUMN_SIZE,      /* dcc_set_size; level; index: the dim */
    DCC_COLUMN_CLUSTER,   /* dcc_set_cluster; level */
    DCC_COLUMN_UNITS,     /* dcc_set_units; level */
    DCC_COLUMN_MACHINE,   /* dcc_set_machine; index: dcc_machine */
    DCC_COLUMN_OFFCHIP,   /* dcc_set_offchip: bytes per second */
    DCC_COLUMN_BUFFER,    /* dcc_set_buffer_bytes; level */
    DCC_COLUMN_BANDWIDTH, /* dcc_set_bandwidth; level; index: the tensor; whole elements */
    DCC_COLUMN_NOC        /* dcc_set_noc; level; index: dcc_noc */
} dcc_column_kind;

/* What is not named there is not looked at. */
typedef struct {
    int32_t kind, level, index;
} dcc_column;

/* Evaluates the job n times: in row i with values[i * columns + c] for column c, set from the first
 * to the last.  found[i * metrics + m] is metric m of row i as a real, NaN where it is not known;
 * energies and gains are worked out where one of the metrics asks for them.  status[i] is that of
 * the first setter that refuses its value, with NaN for all metrics, else that of the evaluation;
 * status may be NULL.  The job itself is not changed.  Where all columns are of the machine, and
 * none is its PEs, the part of the work that does not depend on it is done once.  DCC_BAD_ARGUMENT
 * if a count is below 0 or a column or metric is of no kind that there is. */
int dcc_batch(dcc_context *context, const dcc_job *job, int columns, const dcc_column *column,
              int metrics, const dcc_metric *metric, int n, const int64_t *values, double *found,
              int32_t *status);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
