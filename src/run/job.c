/* A layer's own dataflow goes first, then the choice's one `for` its type, then the one for none.
 */
#include "run/job.h"

#include "run/autoplace.h"

#include <string.h>

#include "frontend/classic.h"
#include "frontend/holes.h"
#include "ir/hierarchy.h"

static bool is_for(const Item *dataflow, const char *type)
{
    for (const Expr *word = ast_types(dataflow); word != NULL; word = word->next) {
        if (strcmp(word->text, type) == 0)
            return true;
    }
    return false;
}

/* The one among the dataflows that is `for` the type (or for none, if type is NULL), and a second
 * one, or NULL. */
static const Item *find(const GArray *dataflows, const char *type, Place *found)
{
    found->item = NULL;
    for (guint i = 0; i < dataflows->len; i++) {
        const Place *place = &g_array_index(dataflows, Place, i);
        if (type != NULL ? !is_for(place->item, type) : ast_types(place->item) != NULL)
            continue;
        if (found->item != NULL)
            return place->item;
        *found = *place;
    }
    return NULL;
}

/* The dataflow of a layer of that type (or NULL: not known), which brings `own` along, or NULL;
 * returns a second one that is as good, or NULL. */
static const Item *choose(const Program *program, guint layer, const Item *own, guint choice,
                          const char *type, Place *found)
{
    const GArray *blocks = g_array_index(program->choices, ProgramChoice, choice).blocks;
    const Place brought = {g_array_index(program->layers, Place, layer).file, own};
    const Item *second = NULL;
    *found = brought;
    if (own != NULL && program->own == OWN_FIRST)
        return NULL;
    found->item = NULL;
    if (type != NULL)
        second = find(blocks, type, found);
    if (found->item == NULL)
        second = find(blocks, NULL, found);
    bool nearer = found->item == NULL || found->file == brought.file;
    if (own == NULL || program->own != OWN_LAST || !nearer)
        return second;
    *found = brought;
    return NULL;
}

/* What is missing may stand where it could not be read. */
static bool any_broken(const Trees *trees)
{
    for (guint i = 0; i < trees->files->len; i++) {
        if (g_array_index(trees->files, ProgramFile, i).ast->broken)
            return true;
    }
    return false;
}

bool job_dataflow(const Program *program, guint layer, const LayerInfo *info, guint choice,
                  Place *found)
{
    Diag *diag = program->trees->diag;
    const Item *second = choose(program, layer, info->dataflow, choice, info->layer.op.type, found);
    if (second != NULL) {
        diag_report(diag, CHECK_TWO_DATAFLOWS, ast_head(second),
                    "two dataflows for layer %s of type %s", info->layer.name, info->layer.op.type);
        diag_note(diag, ast_head(found->item), "this is the other one");
        return false;
    }
    if (found->item != NULL || any_broken(program->trees))
        return found->item != NULL;
    diag_report(diag, CHECK_NO_DATAFLOW, info->span, "no dataflow for layer %s of type %s",
                info->layer.name, info->layer.op.type);
    diag_note(diag, SPAN_NONE, "give one in the layer, or a file that has one");
    return false;
}

bool job_machine(const Program *program, const Hardware *hardware, const Operator *op,
                 const Item *dataflow, Machine *machine)
{
    Hardware classic;
    if (hardware->n_memories > 0 && dataflow != NULL &&
        classic_hardware(program->trees->diag, hardware, op, dataflow, &classic))
        hardware = &classic;
    return hardware_machine(program->trees, hardware, op, machine);
}

/* The machine's links for the nest, and what it leaves to be placed. */
static bool place_memories(const Program *program, const Place *dataflow, const LayerInfo *info,
                           Job *job)
{
    if (job->nest.n_autos == 0) {
        hierarchy_place(&job->nest, info->layer.op.n_tensors, &job->machine);
        return true;
    }
    Workspace *ws = workspace_new();
    bool placed = autoplace(&info->layer, &job->nest, &job->machine, ws);
    workspace_free(ws);
    if (!placed)
        diag_report(program->trees->diag, CHECK_AUTO, ast_head(dataflow->item),
                    "no placement of what is auto can be counted (layer %s)", info->layer.name);
    return placed;
}

/* What a search has found in the place of holes. */
static bool take_filled(const Program *program, const LayerInfo *info, const Place *dataflow,
                        const ProgramFilled *filled, Job *job)
{
    if (filled->why == NULL) {
        nest_copy(&job->nest, &filled->nest);
        if (job->machine.n_memories > 0)
            hierarchy_place(&job->nest, info->layer.op.n_tensors, &job->machine);
        return true;
    }
    if (!filled->told)
        diag_report(program->trees->diag, CHECK_OPEN, ast_head(dataflow->item),
                    "nothing was found that fills the holes (layer %s): %s", info->layer.name,
                    filled->why);
    job->why = filled->why;
    return false;
}

/* Both are lowered even where one cannot be, for the other's mistakes.  A dataflow with holes is
 * lowered to *open, or, if that is NULL, is what was found for them, or refused. */
static bool lower_onto(const Program *program, const LayerInfo *info, const Place *dataflow,
                       const ProgramFilled *filled, Job *job, Template *open)
{
    const Machine *machine = &job->machine;
    bool had =
        program->usable && job_machine(program, &program->machine, &info->layer.op,
                                       dataflow != NULL ? dataflow->item : NULL, &job->machine);
    if (dataflow == NULL)
        return false;
    const ProgramFile *file = program_file(program, *dataflow);
    if (job->open && open != NULL)
        return lower_template(program->trees, file, dataflow->item, info, had ? machine : NULL,
                              open) &&
               had;
    if (job->open && filled != NULL && had)
        return take_filled(program, info, dataflow, filled, job);
    if (!lower_nest(program->trees, file, dataflow->item, info, had ? machine : NULL, &job->nest) ||
        !had)
        return false;
    return machine->n_memories == 0 || place_memories(program, dataflow, info, job);
}

/* What of both job_lower and job_template say, of a box (or NULL: the whole); *lowered: the nest,
 * or the template, can be had. */
static bool lower_job(const Program *program, guint layer, guint choice, const JobBox *box,
                      Job *job, Template *open, bool *lowered)
{
    Place place = g_array_index(program->layers, Place, layer), dataflow;
    LayerInfo info;
    diag_mark(program->trees->diag);
    if (!lower_layer(program->trees, program_file(program, place), place.item, &info))
        return false;
    info.number = layer + 1;
    if (box != NULL) {
        lower_box(&info, box->extent);
        info.number = program->layers->len + 1 + box->number;
    }
    *job = (Job){.layer = info.layer, .span = info.span, .dataflow = ""};
    bool chosen = job_dataflow(program, layer, &info, choice, &dataflow);
    if (chosen)
        job->dataflow = info.dataflow == dataflow.item ? ast_name(dataflow.item)
                                                       : program_title(program, dataflow);
    job->open = chosen && holes_has(dataflow.item);
    *lowered = lower_onto(program, &info, chosen ? &dataflow : NULL,
                          program_filled(program, choice, layer), job, open);
    if (!*lowered && job->why == NULL)
        job->why = diag_marked(program->trees->diag);
    return true;
}

bool job_open(const Program *program, guint layer, Job *job)
{
    Place place = g_array_index(program->layers, Place, layer);
    LayerInfo info;
    *job = (Job){.dataflow = ""};
    diag_mark(program->trees->diag);
    if (!lower_layer(program->trees, program_file(program, place), place.item, &info))
        return false;
    job->layer = info.layer;
    job->span = info.span;
    if (program->usable &&
        job_machine(program, &program->machine, &info.layer.op, NULL, &job->machine))
        return true;
    job->why = diag_marked(program->trees->diag);
    return false;
}

bool job_lower(const Program *program, guint layer, guint choice, Job *job)
{
    bool lowered;
    if (!lower_job(program, layer, choice, NULL, job, NULL, &lowered))
        return false;
    job->legal = lowered;
    return true;
}

static bool lower_unplaced(const Program *program, guint layer, guint choice, Nest *nest)
{
    Place place = g_array_index(program->layers, Place, layer), dataflow;
    LayerInfo info;
    Machine machine;
    return program->usable &&
           lower_layer(program->trees, program_file(program, place), place.item, &info) &&
           job_dataflow(program, layer, &info, choice, &dataflow) && !holes_has(dataflow.item) &&
           job_machine(program, &program->machine, &info.layer.op, dataflow.item, &machine) &&
           lower_nest(program->trees, program_file(program, dataflow), dataflow.item, &info,
                      &machine, nest);
}

bool job_unplaced(const Program *program, guint layer, guint choice, Nest *nest)
{
    diag_quiet(program->trees->diag, true);
    bool lowered = lower_unplaced(program, layer, choice, nest);
    diag_quiet(program->trees->diag, false);
    return lowered && nest->n_autos > 0;
}

bool job_lower_box(const Program *program, guint layer, guint choice, const JobBox *box, Job *job)
{
    bool lowered;
    if (!lower_job(program, layer, choice, box, job, NULL, &lowered))
        return false;
    job->legal = lowered;
    return true;
}

bool job_template(const Program *program, guint layer, guint choice, Job *job, Template *out)
{
    bool lowered;
    *job = (Job){.dataflow = ""};
    if (!lower_job(program, layer, choice, NULL, job, out, &lowered) || !lowered)
        return false;
    job->legal = !job->open;
    if (job->legal)
        template_from_nest(&job->nest, out);
    return true;
}

/* --- before lowering --- */

/* The operator that a layer names, and its name; NULL if there is none. */
static const char *outline_type(const Program *program, const Item *layer, Operator *op)
{
    const Item *type = ast_find(layer->body, "Type");
    const char *name = type != NULL && type->value != NULL ? type->value->text : NULL;
    const OperatorInfo *info =
        name != NULL ? operators_find(program->trees->operators, name) : NULL;
    if (info != NULL && info->usable)
        *op = info->op;
    op->type = name;
    return name;
}

/* On a hierarchy lines may be one cut, or are to be placed first: known once they are lowered. */
static int lowered_levels(const Program *program, guint layer, guint choice)
{
    Diag *diag = program->trees->diag;
    bool quiet = diag_is_quiet(diag);
    Job job;
    diag_quiet(diag, true);
    bool read = job_lower(program, layer, choice, &job);
    diag_quiet(diag, quiet);
    return read && job.legal ? job.nest.n_levels : 1;
}

static int count_levels(const Item *dataflow)
{
    int levels = 1;
    for (const Item *item = dataflow->body; item != NULL; item = item->next)
        levels += strcmp(item->key, "Cluster") == 0;
    return levels;
}

/* NULL if there is none, or more than one. */
static const Item *outline_dataflow(const Program *program, guint layer, guint choice,
                                    const char *type)
{
    const Item *item = g_array_index(program->layers, Place, layer).item;
    Place found;
    bool several =
        choose(program, layer, ast_find(item->body, "Dataflow"), choice, type, &found) != NULL;
    return several ? NULL : found.item;
}

void job_outline(const Program *program, guint layer, guint choice, Layer *outline, int *levels)
{
    const Item *item = g_array_index(program->layers, Place, layer).item;
    *outline = (Layer){.name = ast_name(item), .count = -1};
    for (int d = 0; d < DIMS_MAX; d++)
        outline->extent[d] = -1;
    const char *type = outline_type(program, item, &outline->op);
    const Item *dataflow = outline_dataflow(program, layer, choice, type);
    bool hierarchy = program->machine.n_memories > 0 || program->filled != NULL;
    *levels = dataflow == NULL ? 0
              : hierarchy      ? lowered_levels(program, layer, choice)
                               : count_levels(dataflow);
}

bool job_outline_machine(const Program *program, guint layer, guint choice, Machine *machine)
{
    const Item *item = g_array_index(program->layers, Place, layer).item;
    Operator op = {0};
    const char *type = outline_type(program, item, &op);
    const Item *dataflow = outline_dataflow(program, layer, choice, type);
    return program->usable && op.n_dims > 0 &&
           job_machine(program, &program->machine, &op, dataflow, machine);
}

GArray *jobs_new(const Program *program, guint choice)
{
    GArray *jobs = g_array_new(FALSE, TRUE, sizeof(Job));
    for (guint i = 0; i < program->layers->len; i++) {
        Job job;
        if (job_lower(program, i, choice, &job))
            g_array_append_val(jobs, job);
    }
    return jobs;
}
