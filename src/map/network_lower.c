/* Layers to problems: what is open in each, and what its search begins from. */
#include <string.h>

#include "map/network_parts.h"
#include "map/open.h"
#include "map/sizes.h"

/* ---- problems ---- */

static Problem *problem_new(guint first)
{
    Problem *problem = g_new0(Problem, 1);
    problem->first = first;
    problem->templates = g_ptr_array_new_with_free_func(g_free);
    problem->tried = g_array_new(FALSE, TRUE, sizeof(Tried));
    problem->reference = -1;
    return problem;
}

void network_problem_free(gpointer data)
{
    Problem *problem = data;
    g_ptr_array_free(problem->templates, TRUE);
    g_array_free(problem->tried, TRUE);
    search_clear(&problem->search);
    fitting_free(problem->fitting);
    g_free(problem->why);
    g_free(problem);
}

static bool same_templates(const Problem *a, const Problem *b)
{
    if (a->templates->len != b->templates->len)
        return false;
    for (guint i = 0; i < a->templates->len; i++)
        if (memcmp(a->templates->pdata[i], b->templates->pdata[i], sizeof(Template)) != 0)
            return false;
    return true;
}

static bool same_tried(const Problem *a, const Problem *b)
{
    if (a->tried->len != b->tried->len)
        return false;
    for (guint i = 0; i < a->tried->len; i++) {
        const Start *x = &tried_at(a, i)->start, *y = &tried_at(b, i)->start;
        if (x->kind != y->kind || strcmp(x->file, y->file) != 0 || !nest_equal(&x->nest, &y->nest))
            return false;
    }
    return true;
}

/* Takes the problem, or finds that there is one like it. */
static guint add_problem(Network *n, Problem *problem)
{
    for (guint i = 0; i < n->problems->len; i++) {
        const Problem *other = problem_at(n, i);
        if (layer_alike(&other->layer, &problem->layer) && other->open == problem->open &&
            same_templates(other, problem) && same_tried(other, problem)) {
            network_problem_free(problem);
            return i;
        }
    }
    g_ptr_array_add(n->problems, problem);
    return n->problems->len - 1;
}

/* ---- lowering ---- */

/* The layer, or the run, has a dataflow. */
static bool has_dataflow(const Program *program, guint number)
{
    const Item *item = g_array_index(program->layers, Place, number).item;
    bool some = ast_find(item->body, "Dataflow") != NULL;
    for (guint c = 0; c < program->choices->len; c++)
        some |= g_array_index(program->choices, ProgramChoice, c).blocks->len > 0;
    return some;
}

static void take_job(Problem *problem, const Job *job)
{
    problem->layer = job->layer;
    problem->machine = job->machine;
}

/* Where another file is what the run is about, this one is where it begins. */
static void add_given(const Network *n, Problem *problem, const Job *job)
{
    StartKind kind = n->options->replay != NULL ? START_FROM : START_GIVEN;
    Tried tried = {.start = {.kind = kind, .name = job->dataflow, .file = ""}};
    tried.start.machine = job->machine;
    nest_copy(&tried.start.nest, &job->nest);
    g_array_append_val(problem->tried, tried);
}

static void add_template(Problem *problem, const Template *template)
{
    g_ptr_array_add(problem->templates, g_memdup2(template, sizeof *template));
    problem->open = true;
}

/* What one choice of dataflows says of the layer; false if it cannot be lowered. */
static bool add_choice(const Network *n, guint number, guint choice, Problem *problem)
{
    g_autofree Job *job = g_new0(Job, 1);
    g_autofree Template *template = g_new0(Template, 1);
    if (!job_template(n->program, number, choice, job, template))
        return false;
    bool first = problem->layer.name == NULL;
    if (!first && job->machine.n_memories != problem->machine.n_memories)
        return true; /* it takes a hierarchy in the classic form, others do not */
    if (first)
        take_job(problem, job);
    if (job->open)
        add_template(problem, template);
    else
        add_given(n, problem, job);
    problem->written |= job->open;
    return true;
}

/* Files for other types of layers say nothing of this one; where all do, the first says why. */
static const char *add_choices(const Network *network, guint number, Problem *problem)
{
    Diag *diag = network->program->trees->diag;
    guint n = network->program->choices->len;
    bool some = false;
    diag_quiet(diag, n > 1);
    for (guint c = 0; c < n; c++)
        some |= add_choice(network, number, c, problem);
    diag_quiet(diag, false);
    if (some)
        return NULL;
    if (n > 1)
        add_choice(network, number, 0, problem);
    const char *why = diag_marked(diag);
    return why != NULL ? why : "it cannot be lowered";
}

/* Everything, on the machine as it is described. */
static const char *open_all(const Network *n, guint number, Problem *problem)
{
    g_autofree Job *job = g_new0(Job, 1);
    g_autofree Template *template = g_new0(Template, 1);
    if (!job_open(n->program, number, job))
        return job->why != NULL ? job->why : "it cannot be lowered";
    take_job(problem, job);
    open_template(&job->layer, &job->machine, n->options->spatial, n->options->places, template);
    add_template(problem, template);
    return NULL;
}

/* NULL, or why its sizes cannot all be tried. */
static const char *too_long(const Network *n, const Problem *problem)
{
    int dim = sizes_too_long(&problem->layer, n->options->sizes);
    if (dim < 0)
        return NULL;
    return arena_printf(n->program->trees->arena,
                        "%s has %" G_GINT64_FORMAT " indices, and all sizes are tried of up to %d; "
                        "--sizes canonical takes any",
                        problem->layer.op.dim[dim], problem->layer.extent[dim], SIZES_ALL_MOST);
}

/* A dataflow without holes is all that there is where a file brings it, unless it is to be compared
 * with all others; one that the model brings is where a search begins. */
static const char *lower(const Network *n, guint number, bool files, Problem *problem)
{
    const char *why = has_dataflow(n->program, number) ? add_choices(n, number, problem) : NULL;
    bool fixed = problem->tried->len > 0 && files && !n->options->all;
    if (why == NULL && !problem->written && !fixed)
        why = open_all(n, number, problem);
    return why == NULL && problem->open ? too_long(n, problem) : why;
}

/* What is to be compared cannot be. */
static void tell_refused(const Network *n, guint number)
{
    const Item *layer = g_array_index(n->program->layers, Place, number).item;
    const char *why, *file = starts_refused(n->starts, number, &why);
    diag_report(n->program->trees->diag, CHECK_UNMAPPED, ast_head(layer),
                "%s cannot be compared: %s", file, why);
}

static void add_starts(const Network *n, guint number, Problem *problem)
{
    g_autoptr(GArray) starts = g_array_new(FALSE, TRUE, sizeof(Start));
    starts_add(n->starts, number, NULL, &problem->layer, starts);
    bool replayed = n->options->replay == NULL;
    for (guint i = 0; i < starts->len; i++) {
        Tried tried = {.start = g_array_index(starts, Start, i)};
        replayed |= tried.start.kind == START_GIVEN;
        g_array_append_val(problem->tried, tried);
    }
    if (!replayed)
        tell_refused(n, number);
}

void network_lower(Network *n, bool files)
{
    for (guint i = 0; i < n->program->layers->len; i++) {
        Slot slot = {.why = NULL};
        Problem *problem = problem_new(i);
        slot.why = lower(n, i, files, problem);
        slot.layer = problem->layer;
        slot.layer.name = ast_name(g_array_index(n->program->layers, Place, i).item);
        if (slot.why == NULL) {
            add_starts(n, i, problem);
            slot.problem = add_problem(n, problem);
        } else {
            network_problem_free(problem);
        }
        g_array_append_val(n->slots, slot);
    }
}
