/* A layer's own dataflow goes first, then the choice's one `for` its type, then the one for none.
 */
#include "run/job.h"

#include <string.h>

static bool is_for(const Item *dataflow, const char *type)
{
    for (const Expr *word = ast_types(dataflow); word != NULL; word = word->next) {
        if (strcmp(word->text, type) == 0)
            return true;
    }
    return false;
}

/* The one among the dataflows that is `for` the type (or for none, if type is NULL). */
static bool pick(Diag *diag, const GArray *dataflows, const char *type, const LayerInfo *info,
                 Place *found)
{
    found->item = NULL;
    for (guint i = 0; i < dataflows->len; i++) {
        const Place *place = &g_array_index(dataflows, Place, i);
        if (type != NULL ? !is_for(place->item, type) : ast_types(place->item) != NULL)
            continue;
        if (found->item != NULL) {
            diag_report(diag, CHECK_TWO_DATAFLOWS, ast_head(place->item),
                        "two dataflows for layer %s of type %s", info->layer.name,
                        info->layer.op.type);
            diag_note(diag, ast_head(found->item), "this is the other one");
            return false;
        }
        *found = *place;
    }
    return true;
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

static bool choose_dataflow(const Program *program, Place layer, const LayerInfo *info,
                            const GArray *dataflows, Place *found)
{
    Diag *diag = program->trees->diag;
    *found = (Place){layer.file, info->dataflow};
    if (info->dataflow != NULL)
        return true;
    if (!pick(diag, dataflows, info->layer.op.type, info, found))
        return false;
    if (found->item == NULL && !pick(diag, dataflows, NULL, info, found))
        return false;
    if (found->item != NULL || any_broken(program->trees))
        return found->item != NULL;
    diag_report(diag, CHECK_NO_DATAFLOW, info->span, "no dataflow for layer %s of type %s",
                info->layer.name, info->layer.op.type);
    diag_note(diag, SPAN_NONE, "give one in the layer, or a file that has one");
    return false;
}

/* Both are lowered even where one cannot be, for the other's mistakes. */
static bool lower_onto(const Program *program, const LayerInfo *info, const Place *dataflow,
                       Job *job)
{
    const Hardware *hardware = &program->machine;
    bool machine = program->usable &&
                   hardware_machine(program->trees, hardware, &info->layer.op, &job->machine);
    int64_t pes = program->usable ? hardware->pes : INT32_MAX;
    return dataflow != NULL &&
           lower_nest(program->trees, program_file(program, *dataflow), dataflow->item, info, pes,
                      &job->nest) &&
           machine;
}

bool job_lower(const Program *program, guint layer, guint choice, Job *job)
{
    Place place = g_array_index(program->layers, Place, layer), dataflow;
    const ProgramChoice *from = &g_array_index(program->choices, ProgramChoice, choice);
    LayerInfo info;
    diag_mark(program->trees->diag);
    if (!lower_layer(program->trees, program_file(program, place), place.item, &info))
        return false;
    info.number = layer + 1;
    *job = (Job){.layer = info.layer, .span = info.span, .dataflow = ""};
    bool chosen = choose_dataflow(program, place, &info, from->blocks, &dataflow);
    if (chosen)
        job->dataflow =
            info.dataflow != NULL ? ast_name(dataflow.item) : program_title(program, dataflow);
    job->legal = lower_onto(program, &info, chosen ? &dataflow : NULL, job);
    job->why = job->legal ? NULL : diag_marked(program->trees->diag);
    return true;
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
