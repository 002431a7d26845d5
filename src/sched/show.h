/* A schedule that was chosen, as text, JSON, a trace for trace viewers, and a chart. */
#ifndef DCC_SCHED_SHOW_H
#define DCC_SCHED_SHOW_H

#include "report/output.h"
#include "sched/choose.h"

typedef struct {
    const Problem *problem;
    const Chosen *chosen;
    ChooseObjective objective;
} Show;

void show_text(const Show *show, Output *out, bool colour);

/* The members that dcc-sched(1) lists. */
void show_json(const Show *show, Output *out);

/* The JSON of trace viewers: a microsecond is a cycle; a row for each core and each link. */
void show_trace(const Show *show, Output *out);

/* A Gantt chart as one HTML file. */
void show_html(const Show *show, Output *out);

/* Cores of a layer: the one chosen, or those that its parts are dealt to, the i-th of
 * problem_cores. */
const char *show_core(const Show *show, int layer, int i);
int show_core_number(const Show *show, int layer, int i);

/* The most bytes that all memories of a core hold, each at its own time. */
int64_t show_peak(const Show *show, int core);

/* "none", "Y' all", "K 2, Y' 4": as Split has it. */
void show_split(const Show *show, int layer, GString *out);

/* The split of a layer that was chosen. */
const ProblemSplit *show_split_of(const Show *show, int layer);

/* "latency", "memory" or "ready". */
const char *show_priority(const Show *show);

/* The choice as Allocate and Split blocks, which --replay reads. */
void show_choice(const Show *show, Output *out);

/* "CONV1[3]": the layer and which of its nodes, or the layer alone if it has one. */
void show_node(const Show *show, int node, GString *out);

/* "W of CONV1", "CONV1[3]": what a piece is of. */
void show_piece(const Show *show, int piece, GString *out);

const char *show_place(const Show *show, int place);
const char *show_link(const Show *show, int link);

/* Cycles between the ends of images, once the pipeline is full: of the second half of the images,
 * at least; NAN for one. */
double show_interval(const Show *show);

#endif
