/* What the parts of the HTML file share: a mark is a layer in the charts. */
#ifndef DCC_REPORT_HTML_PARTS_H
#define DCC_REPORT_HTML_PARTS_H

#include "report/html.h"
#include "report/page.h"
#include "report/totals.h"
#include "why/remedies.h"

/* L1, L2 and the buffers from level 1 on, or the memories of a hierarchy.  Roofs: of off-chip
 * memory and of L2, or of the memories. */
enum { BUFFERS_MAX = MAX(MEMORIES_MAX, LEVELS_MAX + 1), ROOF_OFFCHIP = 0, ROOF_L2, ROOFS_CLASSIC };

/* What the marks of a layer need, of one run of it; strings are borrowed. */
typedef struct {
    const char *name, *dataflow;
    guint number; /* of the entry, which its section goes by */
    int64_t count;
    int run;
    bool beside;                          /* it is no part of the totals */
    double cause[CAUSES], pj[COST_PARTS]; /* cycles, energy */
    double cycles, ideal, active, utilization, rate;
    Cause bound;
    char *worst; /* what most is lost to; owned, or NULL: nothing is */
    double worst_cycles;
    double intensity[MEMORIES_MAX]; /* of each roof */
    int64_t need[BUFFERS_MAX];
    unsigned exceeded; /* of the buffers, a bit for each */
} Mark;

/* A section that stands behind the overview; owned. */
typedef struct {
    const char *id, *title;
    GString *body;
} HtmlSection;

struct Html {
    Output *out;
    Output *rows, *layers; /* of the table, and of each layer: written once the totals are known */
    GArray *marks;         /* of Mark: the layers that were evaluated */
    GArray *drawn;         /* of guint: the marks that charts show, at the end */
    GArray *sections;      /* of HtmlSection */
    GHashTable *bodies;    /* what was said of a layer, as a checksum: the name of that layer */
    Totals *totals;
    Adviser *adviser;          /* or NULL: remedies are not sought */
    const Technology *figures; /* or NULL */
    Workspace *ws;
    guint entries;
    Machine machine; /* of the first of them */
    bool has_machine;
    const char *tensor[TENSORS_MAX], *first;     /* the names of its tensors, and its own */
    int n_tensors, levels;                       /* levels: the most of any layer */
    int64_t least[LEVELS_MAX], most[LEVELS_MAX]; /* children of a level */
    const char *dataflow;                        /* of the first */
    bool several;                                /* dataflows */
    bool beside;                                 /* some are compared with others */
    bool memories;                               /* the machine is a hierarchy of them */
    const Compare *compare;                      /* or NULL; then also: */
    Report *const *runs;
};

static inline const Mark *html_mark(const Html *html, guint k)
{
    return &g_array_index(html->marks, Mark, k);
}

/* "72x CONV2", and the dataflow where there are several.  Owned by the caller. */
char *html_name(const Mark *mark, bool several);

/* Which bars are drawn, where not all are; else nothing. */
void html_say_drawn(const Html *html);

/* The names of the causes of cycles, and the parts of an energy; returns how many. */
extern const char *const html_causes[CAUSES];
int html_energy_parts(const Machine *machine, const char *parts[COST_PARTS]);
/* Energies by those parts. */
void html_energies(const ReportEntry *entry, double pj[COST_PARTS]);

/* A chart of stacked bars, a bar a layer; nothing where no part has a length. */
typedef struct {
    const char *title, *axis, *desc;
    const char *unit; /* behind the value of a bar */
    const char *const *names;
    int n;            /* parts */
    double factor;    /* what a part is multiplied by */
    double full;      /* what the whole width stands for; 0: the longest bar */
    bool runs, ideal; /* all runs of a layer together; where it would end at full utilization */
    const double *(*parts)(const Mark *mark);
} Bars;
void html_bars(const Html *html, const Bars *bars);

/* A drawing of the machine. */
void html_machine(const Html *html);
/* "Input 1, Weight 4 elements/cycle". */
void html_bandwidth(const Html *html, const Noc *noc, GString *out);

/* The first screen. */
void html_overview(const Html *html, const Report *report);

/* Effectual MACs per byte of each memory that the roofs are of; 0 if none moves. */
void html_intensities(const ReportEntry *entry, double intensity[MEMORIES_MAX]);
/* A roofline of each memory with a limit. */
void html_rooflines(const Html *html);

/* Buffers: names and capacities (0: none is given), what a layer needs of each. */
bool html_has_buffer(const Html *html, int b);
char *html_buffer_name(const Machine *machine, int b);
int64_t html_capacity(const Machine *machine, int b);
void html_needs(const ReportEntry *entry, int64_t need[BUFFERS_MAX], unsigned *exceeded);
void html_buffers(const Html *html);

/* The table of layers: a row into html->rows, all of it into the file. */
void html_table_row(Html *html, const ReportEntry *entry);
void html_table(const Html *html);

/* The nest as a tree, a line a loop; lines end with \n. */
void html_nest(GString *out, const ReportEntry *entry);

/* The section of a layer into html->layers; `why` is NULL where it was not evaluated. */
void html_layer(Html *html, const ReportEntry *entry, const Why *why);

/* Dataflows side by side, where html_compare was called. */
void html_comparison(Html *html);

#endif
