/* A table from what a file is (source_identity) to what holds it.  It is filled and asked once,
 * when all inputs are read and before anything is computed. */
#include "report/claims.h"

#include <string.h>
#include <unistd.h>

#include "report/output.h"

static bool taken_by(const Claim *claim, const char *path, const char *other, GError **error)
{
    bool beside = strcmp(path, claim->path) != 0;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s %s: %s%s is %s", claim->option,
                claim->path, beside ? path : "this file",
                beside ? ", which would be written to as well," : "", other);
    return false;
}

/* Takes the file for the option; false with *error set if it is taken. */
static bool take(GHashTable *taken, const Claim *claim, const char *path, GError **error)
{
    bool standard = strcmp(path, "-") == 0;
    g_autofree char *real = output_real(path);
    g_autofree char *identity = standard ? g_strdup(path) : source_identity(real, -1);
    const char *other = identity ? g_hash_table_lookup(taken, identity) : NULL;
    if (other)
        return taken_by(claim, path, other, error);
    if (identity)
        g_hash_table_insert(taken, g_steal_pointer(&identity),
                            g_strdup_printf("that of %s", claim->option));
    return true;
}

/* What the standard output was led into. */
static bool take_standard(GHashTable *taken, GError **error)
{
    const Claim claim = {.option = "the standard output", .path = "-"};
    g_autofree char *identity = source_identity("-", STDOUT_FILENO);
    const char *other = identity ? g_hash_table_lookup(taken, identity) : NULL;
    if (other)
        return taken_by(&claim, "-", other, error);
    if (identity)
        g_hash_table_insert(taken, g_steal_pointer(&identity), g_strdup(claim.option));
    return true;
}

/* The file, and what is written or removed beside it. */
static bool take_all(GHashTable *taken, const Claim *claim, GError **error)
{
    static const char *const beside[] = {".partial", "-journal", "-wal", "-shm"};
    if (!*claim->path) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: a name is wanted",
                    claim->option);
        return false;
    }
    bool well = take(taken, claim, claim->path, error);
    bool parts = claim->parts && strcmp(claim->path, "-") != 0 && !output_special(claim->path);
    g_autofree char *real = output_real(claim->path);
    for (size_t k = 0; k < G_N_ELEMENTS(beside) && well && parts; k++) {
        g_autofree char *given = output_beside(claim->path, beside[k]);
        g_autofree char *part = output_beside(real, beside[k]);
        well = take(taken, claim, given, error) &&
               (strcmp(given, part) == 0 || take(taken, claim, part, error));
    }
    return well;
}

static void add_input(GHashTable *taken, const char *identity, const char *name)
{
    if (identity)
        g_hash_table_insert(taken, g_strdup(identity),
                            g_strdup_printf("an input of this run, %s", name));
}

static void add_inputs(GHashTable *taken, const Sources *sources, char *const *inputs)
{
    for (int i = 0; i < sources_count(sources); i++)
        add_input(taken, sources_identity(sources, i), sources_get(sources, i)->name);
    for (; inputs && *inputs; inputs++) {
        g_autofree char *identity = source_identity(*inputs, STDIN_FILENO);
        add_input(taken, identity, *inputs);
    }
}

bool claims_check(const Claim *claims, size_t n, const Sources *sources, char *const *inputs,
                  GError **error)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_inputs(taken, sources, inputs);
    bool well = take_standard(taken, error);
    for (size_t i = 0; i < n && well; i++)
        well = !claims[i].path || take_all(taken, &claims[i], error);
    return well;
}
