/* What is wrong with the user's text, collected and printed sorted by place:
 *
 *   kc-p.m:4:5: error: map of K repeats indices ... [overlap]
 *       SpatialMap(2,1) K;
 *       ^~~~~~~~~~~~~~~~~
 *   kc-p.m:4:5: note: write SpatialMap(1,1) K
 */
#ifndef DCC_FRONTEND_DIAG_H
#define DCC_FRONTEND_DIAG_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "frontend/source.h"

typedef enum {
#define CHECK(id, name, severity, what) CHECK_##id,
#include "frontend/checks.def"
#undef CHECK
    CHECKS
} Check;

typedef enum { SEVERITY_OFF, SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

/* "warning" and the like. */
const char *diag_severity_name(Severity severity);

/* What an editor can put in the place of a part of the text so that a finding goes. */
typedef struct {
    Span span;
    const char *text; /* NULL: nothing is known that mends it */
} Mend;

/* One message with its place; notes follow the message they belong to. */
typedef struct {
    Severity severity; /* a note, a warning or an error */
    Check check;
    Span span;
    const char *message; /* no full stop, no newline */
    Mend mend;           /* of a finding; of a note none */
} DiagEntry;

typedef struct Diag Diag;

/* Borrows the texts and the arena; messages live in the arena. */
Diag *diag_new(Sources *sources, Arena *arena);
/* A new one whose checks are steered as another's are. */
Diag *diag_like(const Diag *other, Sources *sources, Arena *arena);
void diag_free(Diag *diag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diag, diag_free)

/* What the findings speak of, and where their text lives. */
Sources *diag_sources(const Diag *diag);
Arena *diag_arena(const Diag *diag);

/* A finding of a named check, with the severity that its row and the -W options give it.
 * Returns false if it is off (its notes are dropped too). */
bool diag_report(Diag *diag, Check check, Span span, const char *format, ...) G_GNUC_PRINTF(4, 5);
bool diag_report_v(Diag *diag, Check check, Span span, const char *format, va_list args)
    G_GNUC_PRINTF(4, 0);

/* A note to the finding before it: another place, or the mend. */
void diag_note(Diag *diag, Span span, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The mend of the finding before it, unless it has one: what is to stand in the place of the span.
 * A finding whose message has a near name by diag_hint has that as its mend. */
void diag_mend(Diag *diag, Span span, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* One -W option without its "-W": NAME, no-NAME, error, error=NAME, no-error,
 * no-error=NAME, all.  False with *error set if there is no such warning. */
bool diag_option(Diag *diag, const char *option, GError **error);

/* What a finding of the check is, as options have it. */
Severity diag_severity(const Diag *diag, Check check);

/* The checks that options have given another severity, as text: equal for equal steering. */
void diag_steering(const Diag *diag, GString *out);

/* At most this many findings are kept to be printed, the rest only counted (1000 unless
 * set; 0: no bound). */
void diag_limit(Diag *diag, int findings);

/* From here on the first error is remembered; its message, or NULL if there was none since. */
void diag_mark(Diag *diag);
const char *diag_marked(const Diag *diag);

/* The message of the first error, by place, that lies within the span; SPAN_NONE: of all.  NULL if
 * none is kept. */
const char *diag_first(const Diag *diag, Span within);

/* While it is quiet nothing is reported, only remembered for diag_marked: for what is gone through
 * again. */
void diag_quiet(Diag *diag, bool quiet);
bool diag_is_quiet(const Diag *diag);

/* True once no further finding will be kept: what only words a message can be left out. */
bool diag_full(const Diag *diag);

/* Findings so far, those beyond the limit included. */
int diag_errors(const Diag *diag);
int diag_warnings(const Diag *diag);

/* The findings kept, sorted by file, place and severity, each followed by its notes.
 * Borrowed; good until the next report. */
const DiagEntry *diag_entries(Diag *diag, size_t *count);

/* "file", line and column of an entry; file is NULL where there is no place. */
const char *diag_place(const Diag *diag, Span span, int *line, int *column);

/* Name of a check, as in -W NAME; what it finds; its default severity. */
const char *diag_check_name(Check check);
const char *diag_check_what(Check check);
Severity diag_check_severity(Check check);

/* Prints all that is kept and a last line that counts what is not.  The tool's name stands where
 * there is no place. */
void diag_print(Diag *diag, const char *tool, FILE *out, bool colour);

/* The name among `names` (n of them) nearest to `word`, or NULL if none is near. */
const char *diag_nearest(const char *word, const char *const *names, size_t n);

/* What to say after an unknown name: "; did you mean 'X'?", or "; there are A, B and C" where none
 * is near, or "" where diag_has_hints is false.  Lives in the arena.  For the message of the next
 * finding, whose place is that of the name. */
const char *diag_hint(Diag *diag, const char *word, const char *const *names, size_t n);

/* False once no hint will be made: no message is kept any more, or as many names have been compared
 * as a run may compare, so that a run takes linear time. */
bool diag_has_hints(const Diag *diag);

/* The same at the end of a text, `near` found before. */
void diag_hint_append(GString *text, const char *near, const char *const *names, size_t n);

/* The three arguments of a "%s%s%s" at the end of a message that suggests a name; NULL: none. */
#define DIAG_HINT(near) (near) ? "; did you mean '" : "", (near) ? (near) : "", (near) ? "'?" : ""

#endif
