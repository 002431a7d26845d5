/* Whether the process is one of several, and the plugin by which it reaches the others. */
#include <dlfcn.h>

#include "ranks/ranks.h"

static const char plugin[] = "dcc-mpi.so";

/* ---- what launchers say ---- */

/* A number of the environment; -1: it has none. */
static int number_of(const char *name)
{
    gint64 number;
    const char *text = g_getenv(name);
    bool is = text != NULL && g_ascii_string_to_signed(text, 10, 0, 1 << 20, &number, NULL);
    return is ? (int) number : -1;
}

/* Open MPI's own launcher; then the interfaces by which others start its processes. */
int ranks_expected(void)
{
    int ranks = number_of("OMPI_COMM_WORLD_SIZE");
    if (ranks < 0 && number_of("PMIX_RANK") >= 0)
        ranks = number_of("SLURM_NTASKS");
    if (ranks < 0)
        ranks = number_of("PMI_SIZE");
    return MAX(0, ranks);
}

bool ranks_is_first(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};
    int rank = -1;
    for (size_t k = 0; k < G_N_ELEMENTS(names) && rank < 0; k++)
        rank = number_of(names[k]);
    return rank <= 0;
}

/* ---- the plugin ---- */

/* Beside the program, where it was built; else where it is installed. */
static char *find_plugin(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(program != NULL ? program : "");
    char *places[] = {g_build_filename(folder, plugin, NULL),
                      g_build_filename(folder, "..", "lib", "dcc", plugin, NULL),
                      g_build_filename(DCC_PLUGINDIR, plugin, NULL)};
    char *found = NULL;
    for (size_t k = 0; k < G_N_ELEMENTS(places); k++)
        if (found == NULL && g_file_test(places[k], G_FILE_TEST_EXISTS))
            found = places[k];
        else
            g_free(places[k]);
    return found;
}

static const Transport *load(GError **error)
{
    g_autofree char *path = find_plugin();
    if (path == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "this is one of %d processes of MPI, for which dcc was built without %s; "
                    "install Open MPI (libopenmpi-dev) and build dcc again",
                    ranks_expected(), plugin);
        return NULL;
    }
    /* Open MPI loads parts of its own, which look for names of the library. */
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    TransportGet *get = NULL;
    if (library != NULL)
        *(void **) &get = dlsym(library, TRANSPORT_SYMBOL);
    const Transport *transport = get != NULL ? get() : NULL;
    if (transport != NULL && transport->version == TRANSPORT_VERSION)
        return transport;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s cannot be loaded: %s", path,
                transport != NULL ? "it is of another version of dcc" : dlerror());
    return NULL;
}

Ranks *ranks_join(volatile sig_atomic_t *stop, GError **error)
{
    const Transport *transport = load(error);
    Ranks *ranks = transport != NULL ? ranks_new(transport, stop, error) : NULL;
    if (ranks == NULL || ranks_count(ranks) == ranks_expected())
        return ranks;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "the launcher has started %d processes, and MPI sees %d; start them by Open MPI's "
                "mpirun",
                ranks_expected(), ranks_count(ranks));
    ranks_leave(ranks);
    return NULL;
}
