/* What the files of a search have in common; nobody else includes this. */
#ifndef DCC_MAP_SEARCH_PARTS_H
#define DCC_MAP_SEARCH_PARTS_H

#include "map/best.h"
#include "map/branch.h"
#include "map/inside.h"
#include "map/search.h"
#include "map/tasks.h"
#include "ranks/deal.h"

enum { PROBES = 256 /* skeletons of the least bounds that are looked into first */ };

/* Where a mapping comes from, beside the number of one that is given. */
enum { FOUND = -1, WARM = -2 };

/* A mapping that others are looked for from. */
typedef struct {
    Skeleton skeleton;
    Wish wish;
    SearchFound found;
} SearchOrigin;

typedef struct {
    const SearchRequest *request;
    GArray *origins; /* of SearchOrigin, the best of each skeleton; NULL: they are not asked for */
    double slack;    /* what is so many times above the best is still gone into; 1 */
    Shape shape;
    InsideStore *store;
    Best best;
    GMutex mutex;       /* of all that follows */
    Tasks *tasks;       /* that wait */
    GPtrArray *running; /* of Task */
    bool enumerated;    /* all have been, once */
    SearchResult *result;
    double left;               /* the least bound of what a stop left out */
    int64_t bounds, evaluated; /* now and then added up */
    bool stopped;
    int probes;        /* first looks so far */
    int64_t warm_most; /* bounds of the search that began this one and was not done; 0: it was */
    bool warming;      /* a thread goes through it once more */
    /* With other ranks. */
    Dealer *dealer;                      /* of rank 0 */
    GCond changed;                       /* a task has come back, or all are to end */
    GHashTable *lent;                    /* number -> Task, which is in `running` as well */
    GByteArray *news;                    /* of SearchFound: found here, not told yet */
    Helper *helper;                      /* of another rank, for which none wait; or NULL */
    int64_t told_bounds, told_evaluated; /* counts that rank 0 knows, and since when */
    gint64 counted;
} Search;

typedef struct {
    Search *search;
    Workspace *ws;
    Machine machine; /* its links are those of the nest evaluated last */
    TrafficStore energies;
    Branch branch;
    Branch near; /* through mappings near the best */
    Wish wish;   /* that one */
    bool moving; /* they are gone through */
    Insides *insides;
    Task *task;
    Skeleton skeleton;                       /* that of the task */
    int64_t probe_bounds, probe_evaluations; /* where a first look ends; 0: it is none */
    int64_t number;                          /* of a mapping that another search has found */
    int64_t looked, reported, passed_over, refused, evaluated, evaluated_before;
    SearchFound best; /* of the orders of a mapping */
    bool has_best;
    BestView view;
    ReportEntry entry;
    Nest nest;
} Worker;

void search_start(Search *search, const SearchRequest *request, SearchResult *result);
void search_end(Search *search);

Worker *search_worker_new(Search *search);
/* Adds what it has counted to the result. */
void search_worker_free(Worker *worker);

/* How many threads there are to be; the worker of one, made when it is wanted. */
int search_threads(const Search *search);
void search_ready(Search *search, Worker **worker);

/* All skeletons, of which the next portion waits then; by all threads if there are many. */
void search_enumerate(Search *search, Worker **worker);

/* The next task, of which no more are looked into first once enough have been; with the mutex. */
Task *search_pop(Search *search);

/* Goes through tasks until there are none. */
gpointer search_work(gpointer worker);

/* Evaluates the worker's nest, from there, and notes it if it is better than the other orders;
 * search_take has the best of them taken. */
void search_evaluate(Worker *worker, double cycles, int given);
void search_take(Worker *worker);
/* Takes what another search has found. */
void search_take_near(Worker *worker, SearchFound *found);

/* The bound of a skeleton, and whether it may hold something better. */
bool search_bound(Worker *worker, const Skeleton *skeleton, double *least);

/* Looks into a task a little way, for what is found there. */
void search_look(Worker *worker, Task *task);

/* Makes the worker's model that of the skeleton; search_inside bounds it, too, by what is inside of
 * each depth. */
void search_enter(Worker *worker, const Skeleton *skeleton);
double search_inside(Worker *worker, const Skeleton *skeleton, MapBound *bound);

/* Whether what has the bound, and by it at least the value, may hold something better. */
bool search_is_open(Worker *worker, const MapBound *bound, double value);

/* A part that a stop left out. */
void search_leave(Worker *worker, double bound);

/* Looks through mappings that differ from the worker's wish in the sizes of some dims, of ever more
 * as long as fewer find nothing better. */
void search_near(Worker *worker, int most);

/* That it has looked at. */
int64_t search_bounds(const Worker *worker);

bool search_is_stopped(Worker *worker);

/* Goes once more, further, through the search that began this one. */
void search_warm_again(Worker *worker);

/* Asks whether to stop; with the mutex. */
void search_ask(Search *search);

/* ---- other ranks ---- */

/* Rank 0: they take tasks until the threads of the search are done; what they have is done or left
 * out. */
void search_deal(Search *search);
void search_deal_poll(Search *search);
void search_deal_end(Search *search);

/* Another rank: a task, NULL: there is none any more; back with it, or, `again`, for others to
 * take. */
Task *search_borrow(Search *search);
void search_give_back(Search *search, const Task *task, bool again);
/* To the others; rank 0 or not. */
void search_tell(Search *search, const SearchFound *found);

#endif
