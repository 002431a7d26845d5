/* What the parts of the HTML file share: a mark is a layer in the charts. */
#ifndef DCC_REPORT_HTML_PARTS_H
#define DCC_REPORT_HTML_PARTS_H

#include "report/html.h"
#include "report/totals.h"

/* L1, L2 and the buffers from level 1 on, or the memories of a hierarchy. */
enum { BUFFERS_MAX = MAX(MEMORIES_MAX, LEVELS_MAX + 1) };

/* What the marks of a layer need; strings are borrowed. */
typedef struct {
    const char *name, *dataflow;
    int64_t count;
    int run;
    double cause[CAUSES], uj[COST_PARTS]; /* uJ */
    double utilization, rate;
    double intensity[MEMORIES_MAX]; /* of off-chip memory, or of each memory of a hierarchy */
    int64_t need[BUFFERS_MAX];
} Mark;

struct Html {
    Output *out;
    GArray *marks; /* of Mark: the layers that were evaluated */
    Totals *totals;
    Machine machine;      /* of the last of them */
    const char *dataflow; /* of the first */
    bool several;         /* dataflows */
    bool memories;        /* the machine is a hierarchy of them */
};

static inline const Mark *html_mark(const Html *html, guint k)
{
    return &g_array_index(html->marks, Mark, k);
}

/* The first RUN_COLOURS tell dataflows apart; a hierarchy may have more memories. */
enum { RUN_COLOURS = 7 };
const char *html_colour(int n);
void html_escape(GString *out, const char *text);

/* "72x CONV2", " Â· " and the dataflow where there are several. */
void html_name(GString *out, const Mark *mark, bool several);

/* A decimal number of the C locale; `text` has G_ASCII_DTOSTR_BUF_SIZE bytes. */
const char *html_decimal(char *text, double value);

/* A chart of stacked bars, a bar a layer; nothing where no part has a length. */
typedef struct {
    const char *title, *unit;
    const char *const *names; /* of the parts */
    int n;
    double full; /* what the whole width stands for; 0: the longest bar */
    const double *(*parts)(const Mark *mark);
} Bars;

enum { HTML_WIDTH = 1000 };

void html_bars(const Html *html, const Bars *bars);

/* Effectual MACs per byte of each memory that the roofs are of; 0 if none moves. */
void html_intensities(const ReportEntry *entry, double intensity[MEMORIES_MAX]);

/* A roofline of off-chip memory, or of each root of a hierarchy and each memory with a bandwidth.
 */
void html_rooflines(const Html *html);

#endif
