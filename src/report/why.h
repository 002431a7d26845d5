/* Why layers take what they do, and what would help, as text and as JSON. */
#ifndef DCC_REPORT_WHY_H
#define DCC_REPORT_WHY_H

#include "report/output.h"
#include "report/report.h"
#include "why/remedies.h"

/* Figures that differ by less of themselves are the same. */
#define WHY_SAME 5e-5

/* One layer: from the ideal to its cycles, from what must move to its energy, remedies (NULL:
 * none are sought). */
void why_text(GString *out, const ReportEntry *entry, const Why *why, const GArray *remedies);
/* The same as a JSON object, indented by so many blanks. */
void why_json(GString *out, const ReportEntry *entry, const Why *why, const GArray *remedies,
              int indent);

/* "waiting for I over NoC 0": what a part of the time is; owned by the caller. */
char *why_time_label(const ReportEntry *entry, const WhyTime *part);
char *why_energy_label(const ReportEntry *entry, const WhyEnergy *part);
/* "twice the bandwidth of NoC 0 (4 to 8 elements/cycle)". */
char *why_remedy_label(const Remedy *remedy);

/* "-41.3%", "same", "-" where one is not known; owned by the caller. */
GString *why_change(double now, double before);
/* Whether cycles or energy are less, and not the same as people read them. */
bool why_gains(const ReportEntry *entry, const Remedy *remedy);

/* All layers of a run: a row of each, and the one that loses most in full.  */
typedef struct Whys Whys;

/* `layer`: a glob whose layers stand in full, without a table; or NULL.  `json`: keeps what JSON
 * says.  Borrows program and request. */
Whys *whys_new(const Program *program, const ProgramRequest *request, const char *layer, bool json);
void whys_free(Whys *whys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Whys, whys_free)

/* The next layer of the program, evaluated or not. */
void whys_entry(Whys *whys, const ReportEntry *entry, const Technology *technology);
/* False: no layer had the name, or none was evaluated. */
bool whys_text(Whys *whys, Output *out);
/* A member of the report: from a comma on. */
void whys_json(const Whys *whys, Output *out);

#endif
