/* What the files of src/map that search a network have in common; nobody else includes this. */
#ifndef DCC_MAP_NETWORK_PARTS_H
#define DCC_MAP_NETWORK_PARTS_H

#include "map/network.h"
#include "map/starts.h"

/* A start as it comes out for a problem. */
typedef struct {
    Start start;
    bool fits;    /* and what the objective rests on is known */
    double value; /* NAN: it cannot be evaluated */
} Tried;

/* What mappings that fit come to, where something is required of them: network_why. */
typedef struct Fitting Fitting;

/* Layers that one search is for. */
typedef struct {
    guint first; /* the number of the first of them */
    Layer layer;
    Machine machine;      /* of the search */
    bool written;         /* a dataflow with holes says what is open */
    bool open;            /* there is something to search for */
    GPtrArray *templates; /* of Template */
    GArray *tried;        /* of Tried, at first without figures */
    bool done;
    bool found;
    Nest nest;
    Machine nest_machine;
    const char *name; /* of the dataflow */
    const char *by;   /* what it goes by: its file, if it has one */
    double value, bound;
    int reference; /* in tried; -1: none */
    SearchEnd end;
    bool optimal;
    SearchResult search; /* with what was found */
    bool resumed;        /* of an earlier run, which took so many seconds: */
    double before;
    double seconds;
    Fitting *fitting; /* of the search, where something is required; or NULL */
    char *why;        /* nothing was found */
} Problem;

/* A layer of the program. */
typedef struct {
    Layer layer;
    guint problem;   /* if it could be lowered */
    const char *why; /* else */
} Slot;

/* What entries come to, all runs of their layers together; NAN once one is missing. */
typedef struct {
    double pj, cycles, seconds;
} Sum;

struct Network {
    const Program *program;
    const NetworkOptions *options;
    Objective objective;
    char *space;
    char *lacking; /* network_lacking */
    Starts *starts;
    const Technology *technology;
    char *digest;           /* of the run; NULL: nothing is kept */
    const char *checkpoint; /* where; or NULL */
    GError *unkept;         /* why it could not be */
    GArray *slots;          /* of Slot */
    GPtrArray *problems;    /* of Problem */
    guint next, searches;
    gint64 began;
    int64_t moves; /* of the searches so far */
    bool ahead;    /* searches have been dealt out */
    Workspace *ws;
    Mapped mapped;
    ReportEntry best, reference;
    Nest nest[2];
    Machine machine[2]; /* of the two entries */
    Capacity capacity;
    Farthest beyond;
    Sum best_sum, reference_sum;
    double bound_sum; /* of a product, of its roots */
    NetworkTotal total;
};

static inline Problem *problem_at(const Network *n, guint i)
{
    return g_ptr_array_index(n->problems, i);
}

static inline Slot *slot_at(const Network *n, guint i)
{
    return &g_array_index(n->slots, Slot, i);
}

static inline Tried *tried_at(const Problem *problem, guint i)
{
    return &g_array_index(problem->tried, Tried, i);
}

/* What a start goes by. */
static inline const char *network_title(const Start *start)
{
    return *start->file != '\0' ? start->file : start->name;
}

/* The nest is placed on a machine of its own, both of which must outlive the entry. */
void network_evaluate(Network *n, const Layer *layer, const Nest *nest, const char *name,
                      Machine *machine, ReportEntry *entry);

/* Whether what the objective rests on is. */
bool network_known(const ReportEntry *entry, Objective objective);

/* Chooses what is to be least; false with *error set if that rests on a figure that is not given.
 */
bool network_choose_objective(Network *n, GError **error);

/* What is to be least, of an entry: the objective, or the metric in its place. */
double network_value(const Network *n, const ReportEntry *entry);

/* Lowers all layers of the program to slots and problems; `files`: such with dataflows may have
 * been given besides the model. */
void network_lower(Network *n, bool files);
void network_problem_free(gpointer problem);

/* Searches a problem, unless that was done. */
void network_settle(Network *n, Problem *problem);

/* The search of a problem, from these nests, without anybody who watches; borrows all of them. */
SearchRequest network_request(const Network *n, const Problem *problem, const GPtrArray *given);

/* Why nothing was found, in sentences, to be freed. */
char *network_why(Network *n, const Problem *problem);

/* Notes a mapping that fits and is not taken; by any thread. */
Fitting *fitting_new(const Network *n);
void fitting_free(Fitting *fitting);
void fitting_note(Fitting *fitting, const ReportEntry *entry);

/* A search by this rank alone, without a limit, of which the problem keeps nothing; whether it has
 * come to its end. */
bool network_search_apart(Network *n, Problem *problem, SearchResult *result);

/* Another rank's part of a problem's search. */
void network_search_help(const Network *n, const Problem *problem, Helper *helper, Unpack *about);

/* The first time, if there are other ranks: each searches problems of its own, as long as there are
 * many.  They then are as if an earlier run had searched them. */
void network_ahead(Network *n);

/* Settles all problems, then gives all layers of an operator the same dataflow. */
void network_share(Network *n);

#endif
