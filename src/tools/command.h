/* What the command lines of the tools have in common. */
#ifndef DCC_TOOLS_COMMAND_H
#define DCC_TOOLS_COMMAND_H

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frontend/diag.h"
#include "frontend/unit.h"
#include "map/skeleton.h"

/* Whether the stream is a terminal that wants colour and progress. */
static inline bool command_colours(FILE *stream)
{
    const char *term = g_getenv("TERM");
    return isatty(fileno(stream)) && !g_getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

/* Columns of the terminal; 0 where it is none, or does not say. */
static inline unsigned command_width(FILE *stream)
{
    struct winsize size;
    return isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col
                                                                                   : 0;
}

/* GOption does not read "-Wname" and "-DNAME=1": gives them as "-W" "name".  Owned by the
 * caller. */
static inline char **command_words(int argc, char **argv)
{
    GStrvBuilder *builder = g_strv_builder_new();
    bool options = true;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        options = options && strcmp(word, "--") != 0;
        if (options && word[0] == '-' && (word[1] == 'W' || word[1] == 'D') && word[2]) {
            const char letter[] = {'-', word[1], '\0'};
            g_strv_builder_add_many(builder, letter, word + 2, NULL);
        } else {
            g_strv_builder_add(builder, word);
        }
    }
    char **words = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
    return words;
}

/* Adds the nearest name to the message about an unknown option. */
static inline void command_suggest(const GOptionEntry *entries, char **given, GError **error)
{
    const char *names[64];
    size_t n = 0;
    if (!error || !g_error_matches(*error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
        return;
    for (; n < G_N_ELEMENTS(names) && entries[n].long_name; n++)
        names[n] = entries[n].long_name;
    for (char **word = given; *word; word++) {
        if (!g_str_has_prefix(*word, "--") || !strstr((*error)->message, *word))
            continue;
        g_autofree char *name = g_strndup(*word + 2, strcspn(*word + 2, "="));
        const char *near = diag_nearest(name, names, n);
        if (near) {
            char *message = g_strdup_printf("%s; did you mean '--%s'?", (*error)->message, near);
            g_free((*error)->message);
            (*error)->message = message;
        }
        return;
    }
}

/* False with *error set if a word that an option takes is not UTF-8.  GLib would read words in the
 * encoding of the locale, and refuse some where that is not UTF-8; so all are given to it as names
 * of files, which are bytes, and only those that are none, whatever they name, are tried here. */
static inline bool command_texts(const GOptionEntry *entries, GError **error)
{
    for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
        bool many = entry->arg == G_OPTION_ARG_FILENAME_ARRAY;
        if ((!many && entry->arg != G_OPTION_ARG_FILENAME) || !*entry->long_name ||
            strcmp(entry->arg_description, "FILE") == 0)
            continue;
        char *one[] = {many ? NULL : *(char **) entry->arg_data, NULL};
        char **words = many ? *(char ***) entry->arg_data : one;
        for (; words && *words; words++)
            if (!g_utf8_validate(*words, -1, NULL)) {
                g_autofree char *shown = g_utf8_make_valid(*words, -1);
                g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            "--%s %s: this is not UTF-8", entry->long_name, shown);
                return false;
            }
    }
    return true;
}

/* What a number of an option is where the option is not given. */
enum { COMMAND_NONE = G_MININT };

/* Before its number becomes another one. */
static inline bool command_given(const GOptionEntry *entry)
{
    switch (entry->arg) {
    case G_OPTION_ARG_NONE:
        return *(const gboolean *) entry->arg_data;
    case G_OPTION_ARG_INT64:
        return *(const gint64 *) entry->arg_data != COMMAND_NONE;
    case G_OPTION_ARG_DOUBLE:
        return *(const double *) entry->arg_data != COMMAND_NONE;
    default:
        return *(void *const *) entry->arg_data != NULL;
    }
}

/* False with *error set if more is given than the option and those that go with it, of which
 * G_OPTION_REMAINING stands for words that are no options: nothing would come of it. */
static inline bool command_alone(const GOptionEntry *entries, const char *option,
                                 const char *const *with, GError **error)
{
    for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
        const char *name = entry->long_name;
        if (!command_given(entry) || strcmp(name, option) == 0 || g_strv_contains(with, name))
            continue;
        if (*name)
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--%s does not go with --%s", name, option);
        else
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--%s takes no other word: '%s'", option, **(char ***) entry->arg_data);
        return false;
    }
    return true;
}

static inline const GOptionEntry *command_entry(const GOptionEntry *entries, const char *name)
{
    while (strcmp(entries->long_name, name) != 0)
        entries++;
    return entries;
}

/* A number that is not given becomes `otherwise`; false with *error set if one that is given is
 * below the least or above the most. */
static inline bool command_number(const char *option, gint64 *value, gint64 otherwise, gint64 least,
                                  gint64 most, GError **error)
{
    if (*value == COMMAND_NONE) {
        *value = otherwise;
        return true;
    }
    if (*value >= least && *value <= most)
        return true;
    if (*value < least && most >= G_MAXINT)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s %" G_GINT64_FORMAT ": wants %" G_GINT64_FORMAT " or more", option, *value,
                    least);
    else
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s %" G_GINT64_FORMAT ": wants %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                    option, *value, least, most);
    return false;
}

/* Of --node, likewise, where COMMAND_NONE becomes 0. */
static inline bool command_node(double *nm, GError **error)
{
    bool given = *nm != COMMAND_NONE;
    if (!given)
        *nm = 0;
    if (!given || (*nm > 0 && isfinite(*nm)))
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--node %g: must be above 0", *nm);
    return false;
}

enum { COMMAND_SECONDS_END = 1000000000 }; /* of times that are given */

/* "10s" in seconds; false with *error set. */
static inline bool command_time(const char *option, const char *text, double *seconds,
                                GError **error)
{
    char *unit = NULL;
    Rational factor;
    double value = g_ascii_strtod(text, &unit);
    bool read = unit != text && unit_convert(g_strstrip(unit), "s", &factor);
    *seconds = read ? value * rational_real(factor) : 0;
    if (*seconds > 0 && *seconds < COMMAND_SECONDS_END)
        return true;
    if (*seconds > 0)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s %s: wants less than %d s",
                    option, text, COMMAND_SECONDS_END);
    else
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s %s: wants a time above 0, such as 10s, 500ms or 2min", option, text);
    return false;
}

/* The sizes of maps that a search tries; false with *error set. */
static inline bool command_sizes(const char *option, const char *text, Sizes *sizes, GError **error)
{
    static const char *const names[] = {
        [SIZES_DIVISORS] = "divisors", [SIZES_CANONICAL] = "canonical", [SIZES_ALL] = "all"};
    for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
        if (strcmp(text, names[k]) == 0) {
            *sizes = (Sizes) k;
            return true;
        }
    const char *near = diag_nearest(text, names, G_N_ELEMENTS(names));
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s %s: there are divisors, canonical and all%s%s%s", option, text,
                DIAG_HINT(near));
    return false;
}

/* The --set of the command line; --area and --power are short for one each.  Owned by the caller.
 */
static inline char **command_sets(char **given, const char *area, const char *power)
{
    GStrvBuilder *builder = g_strv_builder_new();
    const char *budgets[][2] = {{"area", area}, {"power", power}};
    if (given)
        g_strv_builder_addv(builder, (const char **) given);
    for (size_t k = 0; k < G_N_ELEMENTS(budgets); k++)
        if (budgets[k][1]) {
            g_autofree char *set = g_strdup_printf("budget.%s=%s", budgets[k][0], budgets[k][1]);
            g_strv_builder_add(builder, set);
        }
    char **sets = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
    return sets;
}

#endif
