/* Points in a plane, with names that do not lie on each other. */
#ifndef DCC_REPORT_PLOT_H
#define DCC_REPORT_PLOT_H

#include "report/svg.h"

typedef struct {
    double x, y;
    int shape;
    double radius, weight; /* the heaviest get their names first */
    const char *kind;      /* class; static text */
    char *label, *hint;    /* owned; label NULL: none is wanted */
    char *href;            /* owned, or NULL: where it leads */
} Dot;

enum { PLOT_LINES_MAX = 4 };

typedef struct {
    const char *title, *desc, *x_title, *y_title;
    Scale x, y;
    double height;
    int lines;
    double line[PLOT_LINES_MAX][4]; /* drawn by plot_line: names keep off them */
} Plot;

/* An array of Dot that owns their texts. */
GArray *plot_dots_new(void);

/* The room between the axes, for scales. */
enum { PLOT_LEFT = 62, PLOT_RIGHT = SVG_WIDTH - 16, PLOT_TOP = 28, PLOT_FOOT = 46 };
static inline double plot_bottom(double height)
{
    return height - PLOT_FOOT;
}

/* Scales around the dots, of which there is one at least. */
void plot_fit(Plot *plot, const GArray *dots);

/* The axes; then lines may be drawn, then the dots, with at most so many names. */
void plot_open(GString *out, const Plot *plot);
void plot_line(GString *out, Plot *plot, double x0, double y0, double x1, double y1,
               const char *kind);
/* Returns how many names that are wanted found no room; dots that lie on one another share one. */
guint plot_dots(GString *out, const Plot *plot, const GArray *dots, guint names);
void plot_close(GString *out);

#endif
