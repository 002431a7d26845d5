/* Findings are kept in the order they were made and sorted when asked for. */
#include "frontend/diag.h"

#include <stdarg.h>
#include <string.h>

#include "frontend/terminal.h"

enum {
    LIMIT = 1000,
    WIDTH = 160,          /* characters of a source line that are shown */
    COMPARED_MAX = 400000 /* names that hints of one run are looked for among, all in all */
};

typedef enum { KIND_ERROR, KIND_WARNING, KIND_DEMAND } CheckKind;

static const struct {
    const char *name, *what;
    CheckKind kind;
} checks[CHECKS] = {
#define ERROR KIND_ERROR
#define WARNING KIND_WARNING
#define DEMAND KIND_DEMAND
#define CHECK(id, name, severity, what) {name, what, severity},
#include "frontend/checks.def"
#undef CHECK
#undef ERROR
#undef WARNING
#undef DEMAND
};

typedef struct {
    DiagEntry entry;
    int finding; /* number of the finding that a note belongs to */
} Kept;

struct Diag {
    Sources *sources;
    Arena *arena;
    Severity severity[CHECKS];
    bool settled[CHECKS]; /* named in an option, so a plain `error` leaves it */
    GArray *kept;         /* of Kept */
    GArray *sorted;       /* of DiagEntry */
    GHashTable *seen;     /* findings already made, as text */
    int limit, findings, errors, warnings;
    size_t compared; /* names, for hints */
    bool quiet;
    bool last_kept;          /* notes go with the finding before them */
    guint last;              /* its number among those kept */
    const char *word, *near; /* of the last hint, for the next finding; NULL: there was none */
    const char *marked;      /* first error since diag_mark, or NULL */
};

const char *diag_check_name(Check check)
{
    return checks[check].name;
}

const char *diag_check_what(Check check)
{
    return checks[check].what;
}

Severity diag_check_severity(Check check)
{
    return checks[check].kind == KIND_WARNING ? SEVERITY_WARNING : SEVERITY_ERROR;
}

const char *diag_severity_name(Severity severity)
{
    static const char *const names[] = {[SEVERITY_OFF] = "off",
                                        [SEVERITY_NOTE] = "note",
                                        [SEVERITY_WARNING] = "warning",
                                        [SEVERITY_ERROR] = "error"};
    return names[severity];
}

Diag *diag_new(Sources *sources, Arena *arena)
{
    Diag *diag = g_new0(Diag, 1);
    diag->sources = sources;
    diag->arena = arena;
    diag->kept = g_array_new(FALSE, TRUE, sizeof(Kept));
    diag->sorted = g_array_new(FALSE, TRUE, sizeof(DiagEntry));
    diag->seen = g_hash_table_new(g_str_hash, g_str_equal);
    diag->limit = LIMIT;
    for (int i = 0; i < CHECKS; i++)
        diag->severity[i] = diag_check_severity((Check) i);
    return diag;
}

Diag *diag_like(const Diag *other, Sources *sources, Arena *arena)
{
    Diag *diag = diag_new(sources, arena);
    memcpy(diag->severity, other->severity, sizeof diag->severity);
    memcpy(diag->settled, other->settled, sizeof diag->settled);
    return diag;
}

Severity diag_severity(const Diag *diag, Check check)
{
    return diag->severity[check];
}

void diag_steering(const Diag *diag, GString *out)
{
    for (int i = 0; i < CHECKS; i++)
        if (diag->severity[i] != diag_check_severity((Check) i))
            g_string_append_printf(out, "%s=%d ", checks[i].name, (int) diag->severity[i]);
}

void diag_free(Diag *diag)
{
    if (diag == NULL)
        return;
    g_array_free(diag->kept, TRUE);
    g_array_free(diag->sorted, TRUE);
    g_hash_table_destroy(diag->seen);
    g_free(diag);
}

Sources *diag_sources(const Diag *diag)
{
    return diag->sources;
}

Arena *diag_arena(const Diag *diag)
{
    return diag->arena;
}

void diag_limit(Diag *diag, int findings)
{
    diag->limit = findings;
}

int diag_errors(const Diag *diag)
{
    return diag->errors;
}

int diag_warnings(const Diag *diag)
{
    return diag->warnings;
}

/* --- the -W options --- */

static int warning_find(const char *name, GError **error)
{
    const char *names[CHECKS];
    size_t n = 0;
    for (int i = 0; i < CHECKS; i++) {
        if (strcmp(checks[i].name, name) == 0 && checks[i].kind != KIND_ERROR)
            return i;
        if (checks[i].kind != KIND_ERROR)
            names[n++] = checks[i].name;
    }
    const char *near = diag_nearest(name, names, n);
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no warning '%s'%s%s%s", name,
                DIAG_HINT(near));
    return -1;
}

/* All warnings that are not off and not named by an option. */
static void warnings_set(Diag *diag, Severity severity)
{
    for (int i = 0; i < CHECKS; i++) {
        if (checks[i].kind == KIND_WARNING && !diag->settled[i])
            diag->severity[i] = severity;
    }
}

bool diag_option(Diag *diag, const char *option, GError **error)
{
    if (strcmp(option, "all") == 0)
        return true;
    if (strcmp(option, "error") == 0 || strcmp(option, "no-error") == 0) {
        warnings_set(diag, option[0] == 'e' ? SEVERITY_ERROR : SEVERITY_WARNING);
        return true;
    }
    static const struct {
        const char *prefix;
        Severity severity;
    } forms[] = {{"error=", SEVERITY_ERROR},
                 {"no-error=", SEVERITY_WARNING},
                 {"no-", SEVERITY_OFF},
                 {"", SEVERITY_WARNING}};
    size_t form = 0;
    while (!g_str_has_prefix(option, forms[form].prefix))
        form++;
    int check = warning_find(option + strlen(forms[form].prefix), error);
    if (check < 0)
        return false;
    diag->severity[check] = forms[form].severity;
    diag->settled[check] = true;
    return true;
}

/* --- making findings --- */

static void keep(Diag *diag, Severity severity, Check check, Span span, const char *message)
{
    Kept kept = {{severity, check, span, message, {SPAN_NONE, NULL}}, diag->findings};
    g_array_append_val(diag->kept, kept);
}

/* False if the same was said of the same place before. */
static bool is_new(Diag *diag, Check check, Span span, const char *message)
{
    g_autofree char *key =
        g_strdup_printf("%d:%d:%u:%u:%s", check, span.source, span.begin, span.end, message);
    if (g_hash_table_contains(diag->seen, key))
        return false;
    g_hash_table_add(diag->seen, arena_strdup(diag->arena, key));
    return true;
}

/* --- mends --- */

static void put_mend(Diag *diag, Span span, const char *text)
{
    Mend *mend = &g_array_index(diag->kept, Kept, diag->last).entry.mend;
    if (mend->text == NULL)
        *mend = (Mend){span, arena_strdup(diag->arena, text)};
}

void diag_mend(Diag *diag, Span span, const char *format, ...)
{
    if (!diag->last_kept || span.source < 0)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    put_mend(diag, span, text);
}

/* The place of the word within that of a finding: "Mhz" ends "200Mhz", a string has quotes. */
static bool find_word(const Diag *diag, const char *word, Span *span)
{
    if (span->source < 0)
        return false;
    const char *text = sources_get(diag->sources, span->source)->text;
    uint32_t length = (uint32_t) strlen(word);
    bool quoted = text[span->begin] == '"' && span->end - span->begin >= 2;
    span->begin += quoted;
    span->end -= quoted;
    if (span->end - span->begin < length)
        return false;
    if (strncmp(text + span->begin, word, length) == 0)
        span->end = span->begin + length;
    else
        span->begin = span->end - length;
    return strncmp(text + span->begin, word, length) == 0;
}

/* The near name of a hint that the finding's message had. */
static void mend_word(Diag *diag, const char *word, const char *near, Span span)
{
    if (near != NULL && find_word(diag, word, &span))
        put_mend(diag, span, near);
}

/* --- the first error --- */

void diag_mark(Diag *diag)
{
    diag->marked = NULL;
}

const char *diag_marked(const Diag *diag)
{
    return diag->marked;
}

bool diag_is_quiet(const Diag *diag)
{
    return diag->quiet;
}

void diag_quiet(Diag *diag, bool quiet)
{
    diag->quiet = quiet;
}

static bool lies_within(Span span, Span within)
{
    return within.source < 0 ||
           (span.source == within.source && span.begin >= within.begin && span.end <= within.end);
}

const char *diag_first(const Diag *diag, Span within)
{
    const DiagEntry *first = NULL;
    for (guint i = 0; i < diag->kept->len; i++) {
        const DiagEntry *entry = &g_array_index(diag->kept, Kept, i).entry;
        if (entry->severity == SEVERITY_ERROR && lies_within(entry->span, within) &&
            (first == NULL || entry->span.source < first->span.source ||
             (entry->span.source == first->span.source && entry->span.begin < first->span.begin)))
            first = entry;
    }
    return first != NULL ? first->message : NULL;
}

bool diag_report_v(Diag *diag, Check check, Span span, const char *format, va_list args)
{
    Severity severity = diag->severity[check];
    const char *near = diag->near;
    diag->last_kept = false;
    diag->near = NULL;
    if (severity == SEVERITY_OFF)
        return false;
    bool room = !diag->quiet && (diag->limit == 0 || diag->findings < diag->limit);
    bool first = severity == SEVERITY_ERROR && diag->marked == NULL;
    if (room || first) {
        g_autofree char *text = g_strdup_vprintf(format, args);
        if (first)
            diag->marked = arena_strdup(diag->arena, text);
        if (room && !is_new(diag, check, span, text))
            return true;
        if (room) {
            diag->findings++;
            diag->last_kept = true;
            diag->last = diag->kept->len;
            keep(diag, severity, check, span, arena_strdup(diag->arena, text));
            mend_word(diag, diag->word, near, span);
        }
    }
    if (!diag->quiet && severity == SEVERITY_ERROR)
        diag->errors++;
    else if (!diag->quiet)
        diag->warnings++;
    return true;
}

bool diag_report(Diag *diag, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool on = diag_report_v(diag, check, span, format, args);
    va_end(args);
    return on;
}

bool diag_full(const Diag *diag)
{
    return diag->limit != 0 && diag->findings >= diag->limit;
}

void diag_note(Diag *diag, Span span, const char *format, ...)
{
    if (!diag->last_kept)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    const Kept *last = &g_array_index(diag->kept, Kept, diag->kept->len - 1);
    keep(diag, SEVERITY_NOTE, last->entry.check, span, arena_strdup(diag->arena, text));
}

/* --- reading them back --- */

static int compare_findings(gconstpointer a, gconstpointer b)
{
    const DiagEntry *x = &((const Kept *) a)->entry, *y = &((const Kept *) b)->entry;
    if (x->span.source != y->span.source)
        return x->span.source < y->span.source ? -1 : 1;
    if (x->span.begin != y->span.begin)
        return x->span.begin < y->span.begin ? -1 : 1;
    int order = ((const Kept *) a)->finding - ((const Kept *) b)->finding;
    return order;
}

const DiagEntry *diag_entries(Diag *diag, size_t *count)
{
    const GArray *kept = diag->kept;
    g_autoptr(GArray) heads = g_array_new(FALSE, FALSE, sizeof(Kept));
    g_autofree guint *start = g_new0(guint, (gsize) diag->findings + 2);
    for (guint i = 0; i < kept->len; i++) {
        const Kept *k = &g_array_index(kept, Kept, i);
        if (k->entry.severity != SEVERITY_NOTE) {
            g_array_append_val(heads, *k);
            start[k->finding] = i;
        }
    }
    g_array_sort(heads, compare_findings);
    g_array_set_size(diag->sorted, 0);
    for (guint i = 0; i < heads->len; i++) {
        int finding = g_array_index(heads, Kept, i).finding;
        for (guint j = start[finding]; j < kept->len; j++) {
            const Kept *k = &g_array_index(kept, Kept, j);
            if (k->finding != finding)
                break;
            g_array_append_val(diag->sorted, k->entry);
        }
    }
    *count = diag->sorted->len;
    return (const DiagEntry *) (const void *) diag->sorted->data;
}

const char *diag_place(const Diag *diag, Span span, int *line, int *column)
{
    *line = *column = 0;
    if (span.source < 0 || span.source >= sources_count(diag->sources))
        return NULL;
    sources_place(diag->sources, span, line, column);
    return sources_get(diag->sources, span.source)->name;
}

/* --- printing --- */

typedef struct {
    const char *text;
    uint32_t begin, end; /* what is shown of the line that the span begins in */
} Excerpt;

static bool is_start(const char *text, uint32_t byte)
{
    return ((unsigned char) text[byte] & 0xC0) != 0x80;
}

/* The line around the span's first byte; of a very long line, only what is near. */
static Excerpt excerpt(const Source *source, Span span)
{
    uint32_t at = MIN(span.begin, source->length), begin = at, end = at;
    while (begin > 0 && at - begin < WIDTH && source->text[begin - 1] != '\n')
        begin--;
    while (end < source->length && end - at < WIDTH && source->text[end] != '\n')
        end++;
    if (end - begin > WIDTH && at - begin > WIDTH / 2)
        begin = MAX(begin, MIN(at - WIDTH / 2, end - WIDTH));
    end = MIN(end, begin + WIDTH);
    while (begin < at && !is_start(source->text, begin))
        begin++;
    while (end > at && end < source->length && !is_start(source->text, end))
        end--;
    while (end > begin && source->text[end - 1] == '\r')
        end--;
    return (Excerpt){source->text, begin, end};
}

/* Whether a terminal can show what stands there; *bytes is its length, *code its number. */
static bool is_shown(const char *text, uint32_t left, uint32_t *bytes, gunichar *code)
{
    gunichar c = g_utf8_get_char_validated(text, left);
    bool valid = c < 0x110000;
    *bytes = valid ? (uint32_t) (g_utf8_next_char(text) - text) : 1;
    *code = valid ? c : (unsigned char) *text;
    return c == '\t' || (valid && g_unichar_isprint(c));
}

/* The line as text that a terminal can show: tabs kept, of all else that cannot be shown a dot for
 * each column of the carets' line. */
static void append_line(GString *out, const Excerpt *line)
{
    uint32_t bytes;
    gunichar code;
    for (uint32_t i = line->begin; i < line->end; i += bytes) {
        if (is_shown(line->text + i, line->end - i, &bytes, &code))
            g_string_append_len(out, line->text + i, (gssize) bytes);
        else if (is_start(line->text, i))
            g_string_append_c(out, '.');
    }
}

/* The mark for each cell that append_line fills from `begin` to `end`; blanks keep tabs. */
static void append_marks(GString *out, const Excerpt *line, uint32_t begin, uint32_t end, char mark)
{
    uint32_t bytes;
    gunichar code;
    for (uint32_t i = begin; i < end; i += bytes) {
        bool shown = is_shown(line->text + i, line->end - i, &bytes, &code);
        int cells = shown ? terminal_cells_of(code) : is_start(line->text, i);
        for (int k = 0; k < cells; k++)
            g_string_append_c(out, code == '\t' && mark == ' ' ? '\t' : mark);
    }
}

/* Blanks up to the span, then a caret and a line under the rest of it. */
static void append_carets(GString *out, const Excerpt *line, Span span)
{
    uint32_t begin = CLAMP(span.begin, line->begin, line->end);
    uint32_t end = CLAMP(span.end, begin, line->end);
    append_marks(out, line, line->begin, begin, ' ');
    gsize caret = out->len;
    append_marks(out, line, begin, end, '~');
    if (out->len == caret)
        g_string_append_c(out, '~');
    out->str[caret] = '^';
}

/* Messages and names of files may quote anything; nothing of it may steer the terminal, and what
 * cannot be shown is written as its number: \u001B, and \xE9 for a byte that is no UTF-8. */
static void append_message(GString *out, const char *message)
{
    uint32_t left = (uint32_t) strlen(message), bytes;
    gunichar code;
    for (; left > 0; message += bytes, left -= bytes) {
        bool shown = is_shown(message, left, &bytes, &code);
        if (shown && *message != '\t')
            g_string_append_len(out, message, (gssize) bytes);
        else if (g_utf8_get_char_validated(message, left) < 0x110000)
            g_string_append_printf(out, code > 0xFFFF ? "\\U%08X" : "\\u%04X", code);
        else
            g_string_append_printf(out, "\\x%02X", code);
    }
}

static void append_place(GString *out, const Diag *diag, Span span, const char *tool, bool colour)
{
    int line, column;
    const char *file = diag_place(diag, span, &line, &column);
    g_string_append(out, colour ? "\033[1m" : "");
    append_message(out, file != NULL ? file : tool);
    if (file != NULL)
        g_string_append_printf(out, ":%d:%d", line, column);
    g_string_append(out, ": ");
    g_string_append(out, colour ? "\033[0m" : "");
}

/* A note without a place of its own stands at that of its finding. */
static void append_entry(GString *out, const Diag *diag, const DiagEntry *entry, Span finding,
                         const char *tool, bool colour)
{
    static const char *const colours[] = {"", "\033[1;36m", "\033[1;35m", "\033[1;31m"};
    append_place(out, diag, entry->span.source < 0 ? finding : entry->span, tool, colour);
    g_string_append_printf(out, "%s%s:%s ", colour ? colours[entry->severity] : "",
                           diag_severity_name(entry->severity), colour ? "\033[0m" : "");
    append_message(out, entry->message);
    if (entry->severity != SEVERITY_NOTE)
        g_string_append_printf(out, " [%s]", checks[entry->check].name);
    g_string_append_c(out, '\n');
    if (entry->span.source < 0 || entry->span.end <= entry->span.begin)
        return;
    Excerpt line = excerpt(sources_get(diag->sources, entry->span.source), entry->span);
    append_line(out, &line);
    g_string_append(out, colour ? "\n\033[1;32m" : "\n");
    append_carets(out, &line, entry->span);
    g_string_append(out, colour ? "\033[0m\n" : "\n");
}

void diag_print(Diag *diag, const char *tool, FILE *out, bool colour)
{
    g_autoptr(GString) text = g_string_new(NULL);
    size_t n;
    const DiagEntry *entries = diag_entries(diag, &n);
    Span finding = SPAN_NONE;
    for (size_t i = 0; i < n; i++) {
        if (entries[i].severity != SEVERITY_NOTE)
            finding = entries[i].span;
        append_entry(text, diag, &entries[i], finding, tool, colour);
    }
    int unseen = diag->errors + diag->warnings - diag->findings;
    if (unseen > 0)
        g_string_append_printf(text, "%s: %d more not shown\n", tool, unseen);
    fwrite(text->str, 1, text->len, out);
}

/* --- hints --- */

bool diag_has_hints(const Diag *diag)
{
    return !diag_full(diag) && diag->compared < COMPARED_MAX;
}

const char *diag_hint(Diag *diag, const char *word, const char *const *names, size_t n)
{
    if (!diag_has_hints(diag))
        return "";
    diag->compared += n;
    g_autoptr(GString) text = g_string_new(NULL);
    const char *near = diag_nearest(word, names, n);
    diag->word = near != NULL ? arena_strdup(diag->arena, word) : NULL;
    diag->near = near != NULL ? arena_strdup(diag->arena, near) : NULL;
    diag_hint_append(text, near, names, n);
    return arena_strdup(diag_arena(diag), text->str);
}
