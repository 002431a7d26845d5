/* What a sweep has found, as text, CSV and JSON. */
#ifndef DCC_DSE_SUMMARY_H
#define DCC_DSE_SUMMARY_H

#include "dse/sweep.h"

/* All of it borrowed. */
typedef struct {
    const char *network, *hardware;
    const Space *space;
    const StudyMap *map;          /* NULL: dataflows are given */
    double budget_um2, budget_mw; /* INFINITY: none */
    ObjectiveSet front;           /* over which */
    Findings *findings;
    bool complete;  /* all of the space has been seen */
    double seconds; /* of this run; 0: not known */
} Summary;

/* A table of the optima and the head of the front, at most `rows` of it. */
GString *summary_text(const Summary *summary, int64_t rows, bool colour);

/* The optima, the front and the counts; no times, so equal runs give equal bytes. */
GString *summary_json(const Summary *summary);

/* A line for while a sweep goes on: how much of the points has been seen, how fast since `before`
 * of them were, the best so far. */
void summary_progress(const Findings *so_far, int64_t points, int64_t before, double seconds,
                      GString *out);

/* The front, a row each. */
GString *summary_front(const Summary *summary);

/* The figures behind the axes: their number, names with units, and a point's, NAN where it is not
 * known in full; of a whole one, the cycles, the point itself has the exact count. */
guint summary_figures(void);
const char *summary_figure_name(guint k);
bool summary_figure_whole(guint k);
double summary_figure(guint k, const Point *point);

/* Of what a table says of designs: titles of the columns, and their cells for a point, as texts
 * (char *), owned by the caller. */
GPtrArray *summary_titles(const Summary *summary);
GPtrArray *summary_cells(const Summary *summary, const Point *point);

/* What was looked at: the space, its axes, how many designs were evaluated, and so on. */
void summary_about(const Summary *summary, GString *out);

/* "runtime, energy": over what the front is. */
void summary_over(const Summary *summary, GString *out);

/* Whether the best design of the objective is known. */
bool summary_tells(const Summary *summary, Objective objective);

/* "Dataflows are those of least edp; ...": of a space that is mapped. */
void summary_claim(const Summary *summary, GString *out);

/* The header and a row of the CSV of points. */
void summary_csv_header(const Space *space, GString *out);
void summary_csv_point(const Space *space, const Point *point, GString *out);

#endif
