/* What a run says, ready to be written: copies and borrowed IR, no files, no AST.
 *
 * Every form is written entry by entry: begin, an entry after the other, end.  A writer keeps no
 * entry, so that the memory of a run does not grow with its layers (by a row of text at most).  The
 * head of the report (names, PEs, clock, technology) is known when it begins; chip and notes when
 * it ends.  The tool decides where the bytes go. */
#ifndef DCC_REPORT_REPORT_H
#define DCC_REPORT_REPORT_H

#include <glib.h>

#include "report/output.h"
#include "run/entry.h"

/* A message of the run; file is NULL and line 0 where it has no place in a text. */
typedef struct {
    const char *severity, *file, *message;
    int line, column;
} ReportNote;

typedef struct {
    const char *tool, *version;
    const char *dataflow, *network, *hardware; /* names, or "" */
    int64_t pes;
    double clock_hz;
    const Machine *machine;    /* of some layer, borrowed; NULL: none came so far */
    const char *technology;    /* name, or "" */
    const Technology *figures; /* borrowed; NULL: none is known */
    ChipCost chip;             /* area and power, if figures */
    GArray *entries;           /* of ReportEntry */
    GArray *notes;             /* of ReportNote */
} Report;

/* An empty report; strings and IR that are put into it are borrowed. */
Report *report_new(void);

/* Its notes are what has been reported to `diag`, and nothing else.  Borrows from it. */
void report_take_notes(Report *report, Diag *diag);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* "evaluated", "refused", "overflow". */
const char *report_status_name(EntryStatus status);

typedef struct {
    bool colour; /* escape sequences for a terminal */
    bool detail; /* levels, tensors, cycles by cause after the table */
    guint width; /* columns of a terminal; 0: no terminal, as wide as it must be */
} TextStyle;

/* Columns that a table keeps to; 0: it may be as wide as it is.  Only a terminal of less than 80
 * has names cut, a wider one is left to wrap its lines. */
guint text_width(TextStyle style);

/* A table of the layers, with a total: a row of text is kept of each, text_end writes them. Details
 * follow it, entry by entry. */
typedef struct Text Text;
Text *text_begin(const Report *report, TextStyle style);
void text_entry(Text *text, const ReportEntry *entry);
void text_end(Text *text, const Report *report, Output *out);
void text_detail(Output *out, const ReportEntry *entry, TextStyle style);

/* RFC 4180, a row per layer.  The header has a column for every figure of every layer: before the
 * first entry, csv_layer tells of each (0 levels: none is known), and of the machine resolved for
 * it, which is copied where it is a hierarchy; NULL is a classic one. */
typedef struct Csv Csv;
Csv *csv_begin(Output *out);
void csv_layer(Csv *csv, const Layer *layer, const Machine *machine, int levels);
void csv_entry(Csv *csv, const ReportEntry *entry);
void csv_end(Csv *csv);

/* JSON (see dcc(1)); begins with the report's head.  `depth`: brackets that it stands in. */
typedef struct Json Json;
Json *json_begin(Output *out, const Report *report, int depth);
void json_entry(Json *json, const ReportEntry *entry);
/* The same in parts, for a list whose items hold entries: begins an item; writes the figures of an
 * entry, so many brackets inside of it; adds it to the totals. */
void json_next(Json *json);
void json_figures(Json *json, const ReportEntry *entry, int inside);
void json_count(Json *json, const ReportEntry *entry);
/* A text in quotes; a number that is read as a real again, null if it is not finite. */
void json_append_text(GString *out, const char *text);
void json_append_real(GString *out, double real);
/* The totals and the diagnostics; members may follow, each from a comma on, before the end. */
void json_total(Json *json, const Report *report);
void json_end(Json *json);

/* CSV with the 52 columns of MAESTRO, and with the names that two of them had before, too; a row
 * for a layer that is evaluated, or for any, in which one that is not has -1 for every figure. */
void maestro_begin(Output *out, bool with_older);
void maestro_row(Output *out, const Report *report, const ReportEntry *entry, bool with_older);
void maestro_entry(Output *out, const Report *report, const ReportEntry *entry);

/* All entries of the report at once, in memory. */
GString *text_write(const Report *report, TextStyle style);
GString *csv_write(const Report *report);
GString *json_write(const Report *report);
GString *maestro_write(const Report *report);

/* What the compiler made of an entry's dataflow: levels, directives, steps, reuse, and
 * for small cases which data each PE holds over the first steps. */
GString *explain_write(const ReportEntry *entry);
/* Of that, the levels with their reuse, or the tree of a hierarchy. */
void explain_nest(GString *out, const ReportEntry *entry);

/* A directive, by the numbers of its level and in it: its extent, chunks and steps, and what the
 * level reuses of each tensor.  Without a machine (NULL in the entry) there are no steps of a
 * SpatialMap, which has as many units as there are, and no reuse. */
void explain_map(GString *out, const ReportEntry *entry, int level, int map);

/* Which figure, from which source, went into each number of the energies, area and power. */
typedef struct ExplainCost ExplainCost;
ExplainCost *explain_cost_begin(Output *out, const Report *report);
void explain_cost_entry(ExplainCost *explain, const ReportEntry *entry,
                        const Technology *technology);
void explain_cost_end(ExplainCost *explain, const Report *report);

#endif
