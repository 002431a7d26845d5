/* Contexts, and plans from files and text: the front end without printing. */
#include "lib/lib.h"

#include <math.h>
#include <string.h>

const char *dcc_version(void)
{
    return DCC_VERSION;
}

/* ---- contexts ---- */

dcc_context *dcc_open(void)
{
    dcc_context *context = g_new0(dcc_context, 1);
    context->workspace = workspace_new();
    context_open(context);
    return context;
}

void dcc_close(dcc_context *context)
{
    if (context == NULL)
        return;
    workspace_free(context->workspace);
    context_clear(context);
    g_free(context->findings);
    g_free(context);
}

/* ---- the words of a command line ---- */

/* A request with the lists that it borrows. */
typedef struct {
    ProgramRequest request;
    GPtrArray *files, *layers, *sets, *defines, *warnings; /* of borrowed words */
} Words;

static void words_init(Words *words)
{
    *words = (Words){{0},
                     g_ptr_array_new(),
                     g_ptr_array_new(),
                     g_ptr_array_new(),
                     g_ptr_array_new(),
                     g_ptr_array_new()};
}

static void words_clear(Words *words)
{
    g_ptr_array_free(words->files, TRUE);
    g_ptr_array_free(words->layers, TRUE);
    g_ptr_array_free(words->sets, TRUE);
    g_ptr_array_free(words->defines, TRUE);
    g_ptr_array_free(words->warnings, TRUE);
}

static bool is_option(const char *word, const char *name, const char *letter)
{
    return strcmp(word, name) == 0 || (letter != NULL && strcmp(word, letter) == 0);
}

static bool take_node(const char *value, double *nm)
{
    char *end;
    *nm = g_ascii_strtod(value, &end);
    return end != value && *end == '\0' && *nm > 0 && isfinite(*nm);
}

/* False if there is no such option, or it cannot have the value. */
static bool take_option(Words *words, const char *option, const char *value)
{
    ProgramRequest *request = &words->request;
    if (is_option(option, "--model", NULL))
        request->model = value;
    else if (is_option(option, "--hw", NULL))
        request->hardware = value;
    else if (is_option(option, "--tech", NULL))
        request->technology = value;
    else if (is_option(option, "--node", NULL))
        return take_node(value, &request->node_nm);
    else if (is_option(option, "--layer", NULL))
        g_ptr_array_add(words->layers, (gpointer) value);
    else if (is_option(option, "--set", NULL))
        g_ptr_array_add(words->sets, (gpointer) value);
    else if (is_option(option, "--define", "-D"))
        g_ptr_array_add(words->defines, (gpointer) value);
    else if (is_option(option, "--warn", "-W"))
        g_ptr_array_add(words->warnings, (gpointer) value);
    else
        return false;
    return true;
}

/* NULL-terminated and borrowed; NULL if it is empty. */
static const char **list_of(GPtrArray *list)
{
    if (list->len == 0)
        return NULL;
    g_ptr_array_add(list, NULL);
    return (const char **) list->pdata;
}

static bool read_words(Words *words, const char *const *word, GError **error)
{
    for (; word != NULL && *word != NULL; word++) {
        const char *option = *word;
        if (option[0] != '-' || option[1] == '\0') {
            g_ptr_array_add(words->files, (gpointer) option);
            continue;
        }
        if (word[1] == NULL || !take_option(words, option, word[1])) {
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s: %s", option,
                        word[1] == NULL                 ? "a value is wanted"
                        : strcmp(option, "--node") == 0 ? "must be a number above 0"
                                                        : "no such option");
            return false;
        }
        word++;
    }
    words->request.together = true;
    words->request.files = list_of(words->files);
    words->request.layers = list_of(words->layers);
    words->request.sets = list_of(words->sets);
    words->request.defines = list_of(words->defines);
    return true;
}

static bool take_warnings(const Words *words, Diag *diag, GError **error)
{
    for (guint i = 0; i < words->warnings->len; i++)
        if (!diag_option(diag, words->warnings->pdata[i], error))
            return false;
    return true;
}

/* ---- loading ---- */

static void plan_end(dcc_plan *plan)
{
    g_array_free(plan->jobs, TRUE);
    g_ptr_array_free(plan->open, TRUE);
    program_free(plan->program);
    diag_free(plan->diag);
    sources_free(plan->sources);
    arena_free(plan->arena);
    g_free(plan);
}

/* All layers that can be read, with what their dataflows leave open. */
static void lower_all(dcc_plan *plan)
{
    g_autofree Template *open = g_new0(Template, 1);
    for (guint i = 0; i < plan->program->layers->len; i++) {
        Job job;
        job_template(plan->program, i, 0, &job, open);
        g_array_append_val(plan->jobs, job);
        g_ptr_array_add(plan->open, job.open ? g_memdup2(open, sizeof *open) : NULL);
    }
}

/* A text, if there is one, is the first of the files. */
static dcc_plan *load(dcc_context *context, const char *text, const char *const *word)
{
    static const char text_name[] = "<text>";
    g_autoptr(GError) error = NULL;
    dcc_plan *plan = g_new0(dcc_plan, 1);
    Words words;
    plan->references = 1;
    plan->arena = arena_new();
    plan->sources = sources_new(plan->arena);
    plan->diag = diag_new(plan->sources, plan->arena);
    plan->jobs = g_array_new(FALSE, TRUE, sizeof(Job));
    plan->open = g_ptr_array_new_with_free_func(g_free);
    words_init(&words);
    if (text != NULL)
        g_ptr_array_add(words.files, (gpointer) text_name);
    if ((text == NULL || sources_give(plan->sources, text_name, text, strlen(text), &error)) &&
        read_words(&words, word, &error) && take_warnings(&words, plan->diag, &error))
        plan->program = program_read(&words.request, plan->diag, &error);
    if (plan->program != NULL)
        lower_all(plan);
    words_clear(&words);
    context_tell(context, plan->diag, error);
    if (plan->program != NULL && diag_errors(plan->diag) == 0)
        return plan;
    plan_end(plan);
    return NULL;
}

dcc_plan *dcc_load(dcc_context *context, const char *const *words)
{
    return load(context, NULL, words);
}

dcc_plan *dcc_parse(dcc_context *context, const char *text, const char *const *words)
{
    return load(context, text, words);
}

/* ---- plans ---- */

dcc_plan *plan_hold(dcc_plan *plan)
{
    g_atomic_int_inc(&plan->references);
    return plan;
}

void dcc_plan_free(dcc_plan *plan)
{
    if (plan != NULL && g_atomic_int_dec_and_test(&plan->references))
        plan_end(plan);
}

int dcc_plan_jobs(const dcc_plan *plan)
{
    return (int) plan->jobs->len;
}
