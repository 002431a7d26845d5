/* A sealed JSON object with a search for each problem that was begun:
 *
 *     {"end":0,"ties":false,"bound":1.5,"seconds":0.2,
 *      "counts":[skeletons,bounds,evaluated,passed,refused],
 *      "found":[{"value":2,"pj":..,"cycles":..,"given":-1,"number":7,"nest":[level, ...]}]}
 *
 * a level being [children, fanout, rest, passes, [memories], [kind, dim, size, ...]]. */
#include "map/mapfile.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "report/output.h"
#include "run/sealed.h"

static const char format[] = "dcc-map checkpoint 1";

/* ---- the digest -------------------------------------------------------------------- */

static void add_sources(GChecksum *sum, const Sources *sources)
{
    for (int i = 0; i < sources_count(sources); i++) {
        const Source *source = sources_get(sources, i);
        g_checksum_update(sum, (const guchar *) source->text, source->length);
        sealed_add(sum, NULL);
    }
}

/* Nests say what files beside the program's come to. */
static void add_starts(GChecksum *sum, const Network *n)
{
    for (guint i = 0; i < n->problems->len; i++) {
        const Problem *problem = problem_at(n, i);
        for (guint k = 0; k < problem->tried->len; k++) {
            const Start *start = &tried_at(problem, k)->start;
            g_autoptr(GString) text =
                nest_print(&problem->layer, &start->nest, &start->machine, start->name);
            sealed_add(sum, start->file);
            sealed_add(sum, text->str);
        }
    }
}

char *mapfile_digest(const Network *n, const ProgramRequest *r)
{
    const NetworkOptions *o = n->options;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *flags =
        g_strdup_printf("%d %d %d %d %d %d %.17g %.17g", (int) n->objective, (int) o->sizes,
                        o->spatial, o->places, o->front, o->top, o->gap, r->node_nm);
    sealed_add(sum, DCC_VERSION);
    add_sources(sum, diag_sources(n->program->trees->diag));
    sealed_add_list(sum, (const char *const *) r->layers);
    sealed_add_list(sum, (const char *const *) r->sets);
    sealed_add_list(sum, (const char *const *) r->defines);
    sealed_add(sum, r->technology);
    sealed_add(sum, flags);
    sealed_add(sum, o->measure != NULL ? o->measure->path : NULL);
    for (guint i = 0; o->requirements != NULL && i < o->requirements->len; i++) {
        const Requirement *demand = &g_array_index(o->requirements, Requirement, i);
        g_autofree char *limit = g_strdup_printf("%s%.17g", demand->relation, demand->limit);
        sealed_add(sum, demand->path);
        sealed_add(sum, limit);
    }
    add_starts(sum, n);
    char *digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}

/* ---- writing ------------------------------------------------------------------------ */

static json_t *pack_level(const Level *level)
{
    json_t *memories = json_array(), *maps = json_array();
    for (int t = 0; t < TENSORS_MAX; t++)
        json_array_append_new(memories, json_integer(level->memory[t]));
    for (int m = 0; m < level->n_maps; m++) {
        json_array_append_new(maps, json_integer(level->map[m].kind));
        json_array_append_new(maps, json_integer(level->map[m].dim));
        json_array_append_new(maps, json_integer(level->map[m].size));
    }
    return json_pack("[I,i,i,i,o,o]", (json_int_t) level->children, level->fanout,
                     (int) level->rest, (int) level->passes, memories, maps);
}

static json_t *pack_found(const SearchFound *found)
{
    json_t *nest = json_array();
    for (int l = 0; l < found->nest.n_levels; l++)
        json_array_append_new(nest, pack_level(&found->nest.level[l]));
    return json_pack("{s:f,s:f,s:f,s:i,s:I,s:o}", "value", found->value, "pj",
                     isnan(found->pj) ? -1 : found->pj, "cycles", found->cycles, "given",
                     found->given, "number", (json_int_t) found->number, "nest", nest);
}

/* Null if it was not begun.  What an earlier run has found, and this one has not come to, stays. */
static json_t *pack_problem(const Problem *problem)
{
    const SearchResult *search = &problem->search;
    SearchEnd before = search->complete ? END_ITSELF : END_STOP;
    if (search->found == NULL)
        return json_null();
    json_t *found = json_array();
    for (guint i = 0; i < search->found->len; i++)
        json_array_append_new(found, pack_found(&g_array_index(search->found, SearchFound, i)));
    return json_pack("{s:i,s:b,s:f,s:f,s:[I,I,I,I,I],s:o}", "end",
                     (int) (problem->done ? problem->end : before), "ties", search->ties, "bound",
                     search->bound, "seconds", problem->done ? problem->seconds : problem->before,
                     "counts", (json_int_t) search->skeletons, (json_int_t) search->bounds,
                     (json_int_t) search->evaluated, (json_int_t) search->passed_over,
                     (json_int_t) search->refused, "found", found);
}

bool mapfile_write(const Network *n, const char *digest, const char *path, GError **error)
{
    json_t *searches = json_array();
    for (guint i = 0; i < n->problems->len; i++)
        json_array_append_new(searches, pack_problem(problem_at(n, i)));
    json_t *root =
        json_pack("{s:s,s:s,s:o}", "format", format, "digest", digest, "searches", searches);
    GString *bytes = sealed_bytes(root);
    json_decref(root);
    return output_write_durable(path, bytes, error);
}

/* ---- reading ------------------------------------------------------------------------- */

static bool unpack_maps(const json_t *maps, const Layer *layer, Level *level)
{
    size_t n = json_array_size(maps);
    if (n % 3 != 0 || n / 3 > DIMS_MAX)
        return false;
    for (size_t i = 0; i < n; i += 3) {
        Map *map = &level->map[level->n_maps++];
        map->kind = json_integer_value(json_array_get(maps, i)) ? MAP_SPATIAL : MAP_TEMPORAL;
        map->dim = (int) json_integer_value(json_array_get(maps, i + 1));
        map->size = map->offset = json_integer_value(json_array_get(maps, i + 2));
        if (map->dim < 0 || map->dim >= layer->op.n_dims || map->size < 1)
            return false;
    }
    return true;
}

static bool unpack_level(json_t *array, const Layer *layer, Level *level)
{
    json_int_t children;
    int rest, passes;
    json_t *memories, *maps;
    memset(level, 0, sizeof *level);
    if (json_unpack(array, "[I,i,i,i,o,o]", &children, &level->fanout, &rest, &passes, &memories,
                    &maps) != 0 ||
        json_array_size(memories) != TENSORS_MAX)
        return false;
    level->children = children;
    level->rest = rest != 0;
    level->passes = (unsigned) passes;
    for (size_t t = 0; t < TENSORS_MAX; t++)
        level->memory[t] = (int) json_integer_value(json_array_get(memories, t));
    return unpack_maps(maps, layer, level);
}

/* What is unpacked is checked as any nest is. */
static bool unpack_nest(json_t *array, const Problem *problem, Nest *nest)
{
    size_t n = json_array_size(array);
    memset(nest, 0, sizeof *nest);
    if (n < 1 || n > LEVELS_MAX)
        return false;
    for (size_t l = 0; l < n; l++)
        if (!unpack_level(json_array_get(array, l), &problem->layer, &nest->level[l]))
            return false;
    nest->n_levels = (int) n;
    return nest_check(&problem->layer, nest, &problem->machine).law <= NEST_NO_SPATIAL;
}

static bool unpack_found(json_t *object, const Problem *problem, SearchFound *found)
{
    json_int_t number;
    json_t *nest;
    if (json_unpack(object, "{s:f,s:f,s:f,s:i,s:I,s:o}", "value", &found->value, "pj", &found->pj,
                    "cycles", &found->cycles, "given", &found->given, "number", &number, "nest",
                    &nest) != 0)
        return false;
    found->number = number;
    if (found->pj < 0)
        found->pj = NAN;
    return found->given < (int) problem->tried->len && unpack_nest(nest, problem, &found->nest);
}

static bool unpack_problem(json_t *object, Problem *problem)
{
    SearchResult search = {.found = NULL};
    json_int_t counts[5];
    int end, ties = 0; /* which files of earlier versions do not have */
    json_t *found;
    if (json_is_null(object))
        return true;
    if (json_unpack(object, "{s:i,s?b,s:f,s:f,s:[I,I,I,I,I],s:o}", "end", &end, "ties", &ties,
                    "bound", &search.bound, "seconds", &problem->before, "counts", &counts[0],
                    &counts[1], &counts[2], &counts[3], &counts[4], "found", &found) != 0 ||
        end < END_ITSELF || end > END_NONE || !json_is_array(found))
        return false;
    search.skeletons = counts[0];
    search.bounds = counts[1];
    search.evaluated = counts[2];
    search.passed_over = counts[3];
    search.refused = counts[4];
    search.complete = end == END_ITSELF;
    search.ties = ties != 0;
    search.found = g_array_new(FALSE, TRUE, sizeof(SearchFound));
    problem->search = search;
    problem->resumed = true;
    for (size_t i = 0; i < json_array_size(found); i++) {
        SearchFound one;
        if (!unpack_found(json_array_get(found, i), problem, &one))
            return false;
        g_array_append_val(search.found, one);
    }
    return true;
}

static bool refuse(const char *path, const char *why, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s %s", path, why);
    return false;
}

/* The file's object, of which the caller owns a reference, if it is a whole checkpoint. */
static json_t *load(const char *path, GError **error)
{
    gsize length;
    const char *name = NULL;
    g_autofree char *text = source_text(path, &length, error);
    if (text == NULL)
        return NULL;
    bool whole = sealed_is_whole(text, length);
    json_t *root = whole ? json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (root == NULL || json_unpack(root, "{s:s}", "format", &name) != 0 ||
        strcmp(name, format) != 0) {
        json_decref(root);
        refuse(path,
               whole ? "is a checkpoint of another program or version"
                     : "is not a whole checkpoint of dcc-map: it is cut off, or its checksum does "
                       "not hold",
               error);
        return NULL;
    }
    return root;
}

static bool is_of(json_t *root, const char *digest)
{
    const char *of = NULL;
    return json_unpack(root, "{s:s}", "digest", &of) == 0 && strcmp(of, digest) == 0;
}

static bool unpack(Network *n, json_t *root)
{
    json_t *searches = json_object_get(root, "searches");
    bool well = json_array_size(searches) == n->problems->len;
    for (guint i = 0; i < n->problems->len && well; i++)
        well = unpack_problem(json_array_get(searches, i), problem_at(n, i));
    return well;
}

bool mapfile_read(Network *n, const char *digest, const char *path, GError **error)
{
    json_t *root = load(path, error);
    if (root == NULL)
        return false;
    bool same = is_of(root, digest), well = same && unpack(n, root);
    json_decref(root);
    if (well)
        return true;
    return refuse(path,
                  same ? "is a checkpoint of another version of dcc-map"
                       : "is the checkpoint of another search, or of other files",
                  error);
}

bool mapfile_may_write(const char *digest, const char *path, GError **error)
{
    struct stat file;
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size == 0)
        return true;
    json_t *root = load(path, NULL);
    bool same = root != NULL && is_of(root, digest);
    json_decref(root);
    if (!same)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                    "--checkpoint %s: this file is there and is not a checkpoint of this search; "
                    "it is kept",
                    path);
    return same;
}
