/* Files are read whole; line starts are found when a message first asks for them. */
#include "frontend/source.h"

#include "frontend/diag.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES_MAX = 256 * 1024 * 1024 };

typedef struct {
    Source source;
    char *identity; /* to know a file again, or the name of a text that was given; else NULL */
    GArray *lines;  /* of uint32_t: first byte of each line, or NULL */
    uint32_t asked; /* byte that was asked for last, ... */
    int column;     /* ... and its column: questions mostly go forward, on long lines too */
} Text;

struct Sources {
    Arena *arena;
    GArray *texts; /* of Text */
};

Span span_join(Span a, Span b)
{
    if (a.source < 0)
        return b;
    if (b.source < 0)
        return a;
    return (Span){a.source, MIN(a.begin, b.begin), MAX(a.end, b.end)};
}

static void text_clear(gpointer data)
{
    Text *text = data;
    g_free(text->identity);
    if (text->lines != NULL)
        g_array_free(text->lines, TRUE);
}

Sources *sources_new(Arena *arena)
{
    Sources *sources = g_new0(Sources, 1);
    sources->arena = arena;
    sources->texts = g_array_new(FALSE, TRUE, sizeof(Text));
    g_array_set_clear_func(sources->texts, text_clear);
    return sources;
}

Sources *sources_copy(const Sources *other, Arena *arena)
{
    return sources_head(other, sources_count(other), arena);
}

Sources *sources_head(const Sources *other, int count, Arena *arena)
{
    Sources *sources = sources_new(arena);
    for (int i = 0; i < count; i++) {
        const Text *from = &g_array_index(other->texts, Text, i);
        Text text = {.source = from->source, .identity = g_strdup(from->identity)};
        g_array_append_val(sources->texts, text);
    }
    return sources;
}

void sources_free(Sources *sources)
{
    if (sources == NULL)
        return;
    g_array_free(sources->texts, TRUE);
    g_free(sources);
}

int sources_count(const Sources *sources)
{
    return (int) sources->texts->len;
}

const Source *sources_get(const Sources *sources, int number)
{
    return &g_array_index(sources->texts, Text, number).source;
}

int sources_add(Sources *sources, const char *name, const char *text, size_t length)
{
    Text added = {0};
    added.source.name = arena_strdup(sources->arena, name);
    added.source.text = arena_strndup(sources->arena, text, length);
    added.source.length = (uint32_t) MIN(length, (size_t) BYTES_MAX);
    g_array_append_val(sources->texts, added);
    return (int) sources->texts->len - 1;
}

bool sources_give(Sources *sources, const char *name, const char *text, size_t length,
                  GError **error)
{
    if (length > (size_t) BYTES_MAX) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is larger than 256 MiB", name);
        return false;
    }
    int number = sources_add(sources, name, text, length);
    g_array_index(sources->texts, Text, number).identity = g_strdup(name);
    return true;
}

/* --- where files are looked for --- */

static const char *const folders[] = {
    [SOURCE_DATAFLOW] = "dataflows", [SOURCE_MODEL] = "models", [SOURCE_HARDWARE] = "hardware"};

/* Folder of the running program, or NULL. */
static char *program_folder(void)
{
    g_autofree char *path = g_file_read_link("/proc/self/exe", NULL);
    return path != NULL ? g_path_get_dirname(path) : NULL;
}

/* The places that hold the three folders: beside the sources, and installed. */
static GPtrArray *roots_new(void)
{
    GPtrArray *roots = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(roots, g_strdup(""));
    g_autofree char *folder = program_folder();
    if (folder != NULL) {
        g_ptr_array_add(roots, g_strdup(folder));
        g_ptr_array_add(roots, g_build_filename(folder, "..", NULL));
        g_ptr_array_add(roots, g_build_filename(folder, "..", "share", "dcc", NULL));
    }
#ifdef DCC_DATADIR
    g_ptr_array_add(roots, g_strdup(DCC_DATADIR));
#endif
    return roots;
}

static GPtrArray *candidates_new(const char *name, SourceKind kind)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(found, g_strdup(name));
    if (g_path_is_absolute(name))
        return found;
    const char *path = g_getenv("DCC_PATH");
    g_auto(GStrv) given = g_strsplit(path != NULL ? path : "", ":", -1);
    for (int i = 0; given[i] != NULL; i++) {
        if (given[i][0] != '\0')
            g_ptr_array_add(found, g_build_filename(given[i], name, NULL));
    }
    g_autoptr(GPtrArray) roots = roots_new();
    for (guint i = 0; i < roots->len; i++) {
        for (int k = SOURCE_DATAFLOW; k < SOURCE_ANY; k++) {
            if (kind == (SourceKind) k || kind == SOURCE_ANY)
                g_ptr_array_add(found, g_build_filename(roots->pdata[i], folders[k], name, NULL));
        }
    }
    return found;
}

/* Every name in the folders that were looked in. */
static GPtrArray *names_beside(const GPtrArray *candidates)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < candidates->len; i++) {
        g_autofree char *folder = g_path_get_dirname(candidates->pdata[i]);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *entry;
        while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL)
            g_ptr_array_add(names, g_strdup(entry));
    }
    return names;
}

/* The name of a file nearest to this one; NULL if none is.  Without its ending it is very near. */
static const char *nearest_file(const char *name, const GPtrArray *names)
{
    g_autofree char *plain = g_path_get_basename(name);
    g_autofree char *m = g_strconcat(plain, ".m", NULL), *hw = g_strconcat(plain, ".hw", NULL);
    const char *near = NULL;
    for (guint i = 0; i < names->len && near == NULL; i++)
        if (strcmp(names->pdata[i], m) == 0 || strcmp(names->pdata[i], hw) == 0)
            near = names->pdata[i];
    return near != NULL ? near
                        : diag_nearest(plain, (const char *const *) names->pdata, names->len);
}

/* What to say of a name that no file has: the nearest, or all that are installed (of files given
 * without a kind the dataflows). */
static char *file_hint(const char *name, SourceKind kind, const GPtrArray *candidates)
{
    g_autoptr(GPtrArray) beside = names_beside(candidates);
    g_autoptr(GPtrArray) installed = source_list(kind == SOURCE_ANY ? SOURCE_DATAFLOW : kind);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < installed->len; i++) {
        g_autofree char *base = g_path_get_basename(installed->pdata[i]);
        if (!g_str_has_prefix(base, "tech-")) /* which the machine's file names */
            g_ptr_array_add(names, g_steal_pointer(&base));
    }
    bool many = candidates->len > 1;
    diag_hint_append(text, nearest_file(name, beside), (const char *const *) names->pdata,
                     many ? names->len : 0);
    return g_string_free(text, FALSE);
}

char *source_find(const char *name, SourceKind kind, GError **error)
{
    if (strcmp(name, "-") == 0)
        return g_strdup(name);
    g_autoptr(GPtrArray) candidates = candidates_new(name, kind);
    for (guint i = 0; i < candidates->len; i++) {
        if (g_file_test(candidates->pdata[i], G_FILE_TEST_EXISTS))
            return g_strdup(candidates->pdata[i]);
    }
    if (error == NULL)
        return NULL;
    bool many = candidates->len > 1;
    g_autofree char *hint = file_hint(name, kind, candidates);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no file '%s'%s%s%s%s", name,
                many ? " here, in DCC_PATH or in the " : "",
                !many                ? ""
                : kind == SOURCE_ANY ? "installed"
                                     : folders[kind],
                many ? " folders" : "", hint);
    return NULL;
}

/* Why a file cannot be read, as an errno, which GLib does not keep. */
static int obstacle_of(const char *path)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return EISDIR;
    FILE *file = fopen(path, "rb");
    int why = file == NULL ? errno : EIO;
    if (file != NULL)
        fclose(file);
    return why;
}

/* GLib's own words come with the quotes of a language. */
char *source_text(const char *path, gsize *length, GError **error)
{
    char *text;
    if (g_file_get_contents(path, &text, length, NULL))
        return text;
    int why = obstacle_of(path);
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "cannot read %s: %s", path,
                g_strerror(why));
    return NULL;
}

/* Whether a line of the file begins with a block of that kind. */
static bool is_of_kind(const char *path, SourceKind kind)
{
    static const char *const begins[][3] = {
        [SOURCE_DATAFLOW] = {"Dataflow", NULL},
        [SOURCE_MODEL] = {"Network", NULL},
        [SOURCE_HARDWARE] = {"Accelerator", "Technology", "num_pes"}};
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        for (int i = 0; i < 3 && begins[kind][i] != NULL; i++) {
            if (g_str_has_prefix(line, begins[kind][i]))
                return true;
        }
    }
    return false;
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    g_autofree char *left = g_path_get_basename(*(char *const *) a);
    g_autofree char *right = g_path_get_basename(*(char *const *) b);
    return strcmp(left, right);
}

GPtrArray *source_list(SourceKind kind)
{
    static const char anything[] = "x"; /* whose folders are those of every name */
    g_autoptr(GPtrArray) candidates = candidates_new(anything, kind);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i < candidates->len; i++) { /* [0] is the folder that one is in */
        g_autofree char *folder = g_path_get_dirname(candidates->pdata[i]);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *entry;
        while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
            g_autofree char *path = g_build_filename(folder, entry, NULL);
            if (is_of_kind(path, kind) && g_hash_table_add(seen, g_strdup(entry)))
                g_ptr_array_add(paths, g_steal_pointer(&path));
        }
    }
    g_ptr_array_sort(paths, compare_paths);
    return paths;
}

/* --- reading --- */

/* Reads all of a stream, at most BYTES_MAX. */
static GString *stream_read(FILE *stream, const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    static const size_t STEP = 1 << 16;
    for (;;) {
        gsize before = text->len;
        g_string_set_size(text, before + STEP);
        size_t got = fread(text->str + before, 1, STEP, stream);
        g_string_set_size(text, before + got);
        if (text->len > BYTES_MAX) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "'%s' is larger than 256 MiB",
                        path);
            return NULL;
        }
        if (got < STEP)
            break;
    }
    if (ferror(stream)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "'%s' cannot be read: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    return g_steal_pointer(&text);
}

static GString *file_read(const char *path, GError **error)
{
    if (strcmp(path, "-") == 0)
        return stream_read(stdin, "standard input", error);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "'%s' is a directory, not a file",
                    path);
        return NULL;
    }
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                    "'%s' cannot be opened: %s", path, g_strerror(errno));
        return NULL;
    }
    GString *text = stream_read(stream, path, error);
    fclose(stream);
    return text;
}

/* --- which file it is --- */

/* Of a file that is not there yet: its folder and its name in it. */
static char *place_identity(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    struct stat file;
    return stat(folder, &file) == 0 ? g_strdup_printf("#%ju:%ju/%s", (uintmax_t) file.st_dev,
                                                      (uintmax_t) file.st_ino, name)
                                    : g_canonicalize_filename(path, NULL);
}

char *source_identity(const char *path, int standard)
{
    struct stat file;
    int failed = strcmp(path, "-") == 0 ? fstat(standard, &file) : stat(path, &file);
    if (failed)
        return place_identity(path);
    if (!S_ISREG(file.st_mode))
        return NULL;
    return g_strdup_printf("#%ju:%ju", (uintmax_t) file.st_dev, (uintmax_t) file.st_ino);
}

static int text_find(const Sources *sources, const char *identity)
{
    for (guint i = 0; i < sources->texts->len; i++) {
        const char *other = g_array_index(sources->texts, Text, i).identity;
        if (other != NULL && strcmp(other, identity) == 0)
            return (int) i;
    }
    return -1;
}

int sources_read(Sources *sources, const char *name, SourceKind kind, GError **error)
{
    if (name[0] == '\0') {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the name of a file is empty");
        return -1;
    }
    int given = text_find(sources, name);
    if (given >= 0)
        return given;
    g_autofree char *path = source_find(name, kind, error);
    if (path == NULL)
        return -1;
    g_autofree char *identity = source_identity(path, STDIN_FILENO);
    if (identity == NULL) /* a pipe, which can be read once: by its name */
        identity = g_canonicalize_filename(path, NULL);
    int known = text_find(sources, identity);
    if (known >= 0)
        return known;
    GString *text = file_read(path, error);
    if (text == NULL)
        return -1;
    int number =
        sources_add(sources, strcmp(path, "-") == 0 ? "<stdin>" : path, text->str, text->len);
    g_array_index(sources->texts, Text, number).identity = g_steal_pointer(&identity);
    g_string_free(text, TRUE);
    return number;
}

const char *sources_identity(const Sources *sources, int number)
{
    return g_array_index(sources->texts, Text, number).identity;
}

/* --- lines and columns --- */

static const GArray *text_lines(Text *text)
{
    if (text->lines != NULL)
        return text->lines;
    text->lines = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t start = 0;
    g_array_append_val(text->lines, start);
    for (uint32_t i = 0; i < text->source.length; i++) {
        if (text->source.text[i] == '\n') {
            start = i + 1;
            g_array_append_val(text->lines, start);
        }
    }
    return text->lines;
}

/* Number (from 0) of the line that holds the byte. */
static guint line_of(const GArray *lines, uint32_t byte)
{
    guint low = 0, high = lines->len;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(lines, uint32_t, middle) <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void sources_place(const Sources *sources, Span span, int *line, int *column)
{
    Text *text = &g_array_index(sources->texts, Text, span.source);
    const GArray *lines = text_lines(text);
    guint number = line_of(lines, span.begin);
    uint32_t start = g_array_index(lines, uint32_t, number), from = start;
    int characters = 0;
    if (text->asked >= start && text->asked <= span.begin) {
        from = text->asked;
        characters = text->column;
    }
    for (uint32_t i = from; i < span.begin; i++)
        characters += ((unsigned char) text->source.text[i] & 0xC0) != 0x80;
    text->asked = span.begin;
    text->column = characters;
    *line = (int) number + 1;
    *column = characters + 1;
}
