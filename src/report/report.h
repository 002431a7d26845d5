/* What a run says, ready to be written: copies and borrowed IR, no files, no AST.
 *
 * The writers return bytes; the tool decides where they go. */
#ifndef DCC_REPORT_REPORT_H
#define DCC_REPORT_REPORT_H

#include <glib.h>

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
    const char *technology;    /* name, or "" */
    const Technology *figures; /* borrowed; NULL: none is known */
    ChipCost chip;             /* area and power, if figures */
    GArray *entries;           /* of ReportEntry */
    GArray *notes;             /* of ReportNote */
} Report;

/* An empty report; strings and IR that are put into it are borrowed. */
Report *report_new(void);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* "evaluated", "illegal", "overflow", "ragged". */
const char *report_status_name(EntryStatus status);

extern const char *const chip_part_names[PARTS]; /* pes, l1, buffer, l2, bus, arbiter, rest */

typedef struct {
    bool colour; /* escape sequences for a terminal */
    bool detail; /* levels, tensors, cycles by cause after the table */
} TextStyle;

/* The run as text of at most 100 columns / RFC 4180 rows / JSON (see dcc(1)). */
GString *text_write(const Report *report, TextStyle style);
GString *csv_write(const Report *report);
GString *json_write(const Report *report);

/* The run as CSV with the 52 columns of MAESTRO. */
GString *maestro_write(const Report *report);

/* What the compiler made of an entry's dataflow: levels, directives, steps, reuse, and
 * for small cases which data each PE holds over the first steps. */
GString *explain_write(const ReportEntry *entry);

/* Which figure, from which source, went into each number of the energies, area and power. */
GString *explain_cost_write(const Report *report);

#endif
