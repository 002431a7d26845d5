/* Separators are optional in the language: an item ends where its value does. */
#include "lsp/context.h"

#include <string.h>

#include "frontend/unit.h"

/* What was read last. */
typedef enum { LAST_NONE, LAST_WORD, LAST_NUMBER, LAST_MARK, LAST_CLOSED } Last;

typedef struct {
    Context *context;
    uint32_t at, end;
    Last last;
    uint32_t last_end;
    bool colon;  /* the item has its colon, or a constant its name */
    bool value;  /* it has a value, or part of one */
    bool called; /* it has its parentheses */
    bool types;  /* it has its `for` */
    bool over;
    ContextWord name;
} Scan;

static bool is_word_byte(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '\'' || (c & 0x80) != 0;
}

bool context_is(const Context *context, ContextWord word, const char *name)
{
    return word.end - word.begin == strlen(name) &&
           strncmp(context->text + word.begin, name, word.end - word.begin) == 0;
}

char *context_copy(const Context *context, ContextWord word)
{
    return g_strndup(context->text + word.begin, (gsize) (word.end - word.begin));
}

const ContextFrame *context_block(const Context *context)
{
    for (int i = context->n - 1; i >= 0; i--)
        if (context->frame[i].bracket == '{')
            return &context->frame[i];
    return NULL;
}

const ContextFrame *context_within(const Context *context, const char *key)
{
    for (int i = context->n - 1; i >= 0; i--)
        if (context->frame[i].bracket == '{' && context_is(context, context->frame[i].key, key))
            return &context->frame[i];
    return NULL;
}

/* ---- items ---- */

static void end_item(Scan *scan)
{
    scan->context->key = scan->name = (ContextWord){0, 0};
    scan->colon = scan->value = scan->called = scan->types = scan->over = false;
    scan->last = LAST_NONE;
}

static bool has_key(const Scan *scan)
{
    return scan->context->key.end > 0;
}

/* Directly in braces, or at the top. */
static bool in_block(const Scan *scan)
{
    const Context *context = scan->context;
    return context->n == 0 || context->frame[context->n - 1].bracket == '{';
}

/* Whether what was read last can end a value. */
static bool is_whole(const Scan *scan)
{
    return scan->last == LAST_WORD || scan->last == LAST_NUMBER || scan->last == LAST_CLOSED;
}

static bool is_unit(const Scan *scan, ContextWord word)
{
    Unit unit;
    const char *text = scan->context->text;
    bool here = memchr(text + scan->last_end, '\n', word.begin - scan->last_end) == NULL;
    return scan->last == LAST_NUMBER && here &&
           unit_find(text + word.begin, word.end - word.begin, &unit);
}

/* The type that a block is for, in its frame or in the one around. */
static void keep_type(Scan *scan, ContextWord word)
{
    Context *context = scan->context;
    if (context->n > 0 && context_is(context, context->key, "Type"))
        context->frame[context->n - 1].type = word;
}

static void take_word(Scan *scan, ContextWord word)
{
    Context *context = scan->context;
    if (!in_block(scan) || is_unit(scan, word)) {
        scan->last = in_block(scan) ? LAST_CLOSED : LAST_WORD;
        return;
    }
    if (has_key(scan) && context_is(context, word, "for")) {
        scan->types = true;
        scan->name = (ContextWord){0, 0};
        scan->last = LAST_MARK;
        return;
    }
    bool over = context_is(context, context->key, "Any") &&
                (context_is(context, word, "over") || context_is(context, word, "ordered"));
    if (has_key(scan) && scan->value && is_whole(scan) && !over)
        end_item(scan);
    if (!has_key(scan)) {
        context->key = word;
        scan->last = LAST_WORD;
        return;
    }
    scan->over |= over;
    scan->value = !over;
    keep_type(scan, word);
    if (scan->name.end == 0)
        scan->name = word;
    scan->last = over ? LAST_MARK : LAST_WORD;
}

static void take_number(Scan *scan, ContextWord word)
{
    if (in_block(scan) && has_key(scan) && scan->name.end == 0)
        scan->name = word;
    scan->value |= in_block(scan);
    scan->last = LAST_NUMBER;
}

/* ---- brackets ---- */

static void open_bracket(Scan *scan, char bracket, ContextWord before)
{
    Context *context = scan->context;
    if (context->n == CONTEXT_DEPTH)
        return;
    ContextFrame *frame = &context->frame[context->n++];
    *frame = (ContextFrame){.bracket = bracket, .key = before};
    if (bracket == '{') {
        frame->key = context->key;
        frame->name = scan->types ? (ContextWord){0, 0} : scan->name;
        frame->type = scan->types ? scan->name : (ContextWord){0, 0};
        end_item(scan);
    }
    scan->last = LAST_MARK;
    context->argument = 0;
}

static char closing(char bracket)
{
    return bracket == '{' ? '}' : bracket == '(' ? ')' : ']';
}

/* A brace closes what was left open inside. */
static void close_bracket(Scan *scan, char bracket)
{
    Context *context = scan->context;
    int n = context->n;
    while (n > 0 && closing(context->frame[n - 1].bracket) != bracket && bracket == '}')
        n--;
    if (n == 0 || closing(context->frame[n - 1].bracket) != bracket)
        return;
    context->n = n - 1;
    if (bracket == '}') {
        end_item(scan);
        return;
    }
    bool call = in_block(scan) && has_key(scan) && !scan->colon && bracket == ')' && !scan->value;
    scan->called |= call;
    scan->value |= in_block(scan) && !call;
    scan->last = call ? LAST_MARK : LAST_CLOSED;
}

/* ---- the scan ---- */

/* Behind a comment or string that begins here; `at` if none does. */
static uint32_t skip(const char *text, uint32_t at)
{
    const char *from = text + at, *end;
    if (*from == '#' || g_str_has_prefix(from, "//"))
        return at + (uint32_t) strcspn(from, "\n");
    if (g_str_has_prefix(from, "/*")) {
        end = strstr(from + 2, "*/");
        return end != NULL ? (uint32_t) (end + 2 - text) : at + (uint32_t) strlen(from);
    }
    if (*from != '"')
        return at;
    uint32_t length = 1 + (uint32_t) strcspn(from + 1, "\"\n");
    return at + length + (from[length] == '"');
}

/* A comma goes on with a list of names, and ends other items. */
static void take_comma(Scan *scan)
{
    Context *context = scan->context;
    bool names = scan->last == LAST_WORD && scan->value;
    context->argument++;
    if (in_block(scan) && !names && !scan->types)
        end_item(scan);
    scan->last = LAST_MARK;
}

static void take_mark(Scan *scan, char c, ContextWord before)
{
    if (c == '\0') /* in strchr it would be found in any string */
        return;
    if (strchr("{([", c) != NULL)
        open_bracket(scan, c, before);
    else if (strchr("})]", c) != NULL)
        close_bracket(scan, c);
    else if (c == ';' && context_block(scan->context) == NULL)
        end_item(scan);
    else if (c == ';')
        while (end_item(scan), !in_block(scan))
            scan->context->n--;
    else if (c == ',')
        take_comma(scan);
    else
        scan->last = LAST_MARK;
    scan->colon |= (c == ':' || c == '=') && in_block(scan);
}

/* A word, a number, a string or a mark; false if the byte asked for lies in it. */
static bool take(Scan *scan, ContextWord *before)
{
    const char *text = scan->context->text;
    uint32_t begin = scan->at, next = skip(text, begin);
    bool open =
        text[begin] == '"' && (next > scan->end || next == begin + 1 || text[next - 1] != '"');
    if (open) /* what is written in a string may be completed, too */
        next = begin;
    if (next > scan->end)
        return false;
    if (next == begin && is_word_byte(text[begin]))
        while (next < scan->end && is_word_byte(text[next]))
            next++;
    ContextWord word = {begin, next};
    bool string = text[begin] == '"' && !open;
    scan->at = MAX(next, begin + 1);
    if (next > begin && !string && !is_word_byte(text[begin])) /* a comment */
        return next < scan->end || g_str_has_prefix(text + begin, "/*");
    if (next > begin && g_ascii_isdigit(text[begin]))
        take_number(scan, word);
    else if (next > begin)
        take_word(scan, word);
    else
        take_mark(scan, text[begin], *before);
    *before = next > begin ? word : (ContextWord){0, 0};
    scan->last_end = scan->at;
    return true;
}

static ContextKind kind_of(const Scan *scan)
{
    const Context *context = scan->context;
    if (!in_block(scan)) {
        bool list = context->frame[context->n - 1].bracket == '[';
        return list ? CONTEXT_VALUE : CONTEXT_ARGUMENT;
    }
    if (!has_key(scan) || (scan->value && is_whole(scan)))
        return CONTEXT_KEY;
    if (scan->types)
        return is_whole(scan) ? CONTEXT_NOTHING : CONTEXT_TYPE;
    if (scan->called && (context_is(context, context->key, "Cluster") ||
                         context_is(context, context->key, "Fanout")))
        return CONTEXT_KEY;
    if (scan->called || scan->over)
        return CONTEXT_NAME;
    bool makes_name = context_is(context, context->key, "Constant") && !scan->value;
    return makes_name ? CONTEXT_NOTHING : CONTEXT_VALUE;
}

Context context_at(const char *text, uint32_t byte)
{
    Context context = {.text = text, .word = {byte, byte}};
    while (context.word.begin > 0 && is_word_byte(text[context.word.begin - 1]))
        context.word.begin--;
    Scan scan = {.context = &context, .end = context.word.begin};
    ContextWord before = {0, 0};
    while (scan.at < scan.end) {
        if (g_ascii_isspace(text[scan.at])) {
            scan.at++;
            continue;
        }
        if (!take(&scan, &before))
            return context;
    }
    context.kind = kind_of(&scan);
    return context;
}
