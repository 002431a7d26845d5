/* The machine of a run: the one Accelerator among its files, and the technology that it, or the
 * command line, names. */
#include <stdlib.h>
#include <string.h>

#include "frontend/technology.h"
#include "run/job.h"
#include "run/reading.h"

static const Place *place_at(const GArray *blocks, guint i)
{
    return &g_array_index(blocks, Place, i);
}

/* --- technology --- */

/* The name that the request or the hardware gives; NULL if none does.  *key is its place. */
static const char *technology_name(const Reading *reading, Span *key)
{
    *key = SPAN_NONE;
    if (reading->request->technology != NULL)
        return reading->request->technology;
    g_autoptr(GArray) blocks = reading_blocks(reading, "Accelerator", reading->hardware);
    const Item *item =
        blocks->len > 0 ? ast_find(place_at(blocks, 0)->item->body, "Technology") : NULL;
    if (item == NULL || item->value == NULL || item->value->text == NULL)
        return NULL;
    *key = item->value->span;
    return item->value->text;
}

/* A technology that no file of the run has is looked for in tech-NAME.hw. */
static bool load_technology(Reading *reading, const char *name, GError **error)
{
    const ProgramFile *file;
    g_autofree char *title = g_strdup_printf("tech-%s.hw", name);
    if (technology_find(reading->trees, name, &file) != NULL)
        return true;
    g_autofree char *path = source_find(title, SOURCE_HARDWARE, NULL);
    return path == NULL || reading_file(reading, title, SOURCE_HARDWARE, error) >= 0;
}

bool reading_load_technologies(Reading *reading, GError **error)
{
    Span key;
    const char *name = technology_name(reading, &key);
    if (name != NULL && !load_technology(reading, name, error))
        return false;
    return reading->request->node_nm <= 0 || load_technology(reading, "scaling", error);
}

/* "45, 28 and 7 nm" */
static const char *nodes_text(const Reading *reading, const Scaling *scaling)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < scaling->n; i++)
        g_string_append_printf(text, "%s%g",
                               i == 0                ? ""
                               : i + 1 == scaling->n ? " and "
                                                     : ", ",
                               scaling->node[i].nm);
    return arena_printf(reading->trees->arena, "%s nm", text->str);
}

static bool scale_technology(Reading *reading, GError **error)
{
    const ProgramFile *file;
    Scaling scaling;
    Technology *technology = &reading->program->technology;
    double nm = reading->request->node_nm;
    const Item *block = technology_find(reading->trees, "scaling", &file);
    if (block == NULL || !technology_scaling(reading->trees, file, block, &scaling))
        return reading_error(error, "--node: no file has a table of nodes (tech-scaling.hw)");
    if (technology_scale(technology, &scaling, nm))
        return true;
    if (technology->node_nm <= 0)
        return reading_error(error, "--node %g: technology %s does not say of which Node it is", nm,
                             technology->name);
    bool own = scaling_has(&scaling, nm); /* then it is the technology's that is missing */
    return reading_error(error,
                         "--node %g: the table of nodes does not have %g nm%s%s; there are %s", nm,
                         own ? technology->node_nm : nm, own ? ", the node of technology " : "",
                         own ? technology->name : "", nodes_text(reading, &scaling));
}

static bool read_technology(Reading *reading, GError **error)
{
    Span key;
    const ProgramFile *file;
    const ProgramRequest *request = reading->request;
    const char *name = technology_name(reading, &key);
    if (name == NULL)
        return request->node_nm <= 0 || reading_error(error, "--node: no technology is given");
    const Item *block = technology_find(reading->trees, name, &file);
    g_autoptr(GPtrArray) names = block == NULL ? technology_names(reading->trees) : NULL;
    const char *hint = names != NULL ? diag_hint(reading->diag, name,
                                                 (const char *const *) names->pdata, names->len)
                                     : "";
    if (block == NULL && request->technology != NULL)
        return reading_error(
            error, "no technology '%s': no file of the run has it, and there is no tech-%s.hw%s",
            name, name, hint);
    if (block == NULL) {
        diag_report(reading->diag, CHECK_NO_TECHNOLOGY, key,
                    "no file has the technology '%s', so energy and area are not known%s", name,
                    hint);
        diag_note(
            reading->diag, key,
            "give a file with Technology \"%s\", or call it tech-%s.hw where files are looked for",
            name, name);
        return true;
    }
    Program *program = reading->program;
    program->has_technology = technology_read(reading->trees, file, block, &program->technology);
    return request->node_nm <= 0 || !program->has_technology || scale_technology(reading, error);
}

/* --- hardware --- */

/* The file that is hardware in the flat form; false if none is. */
static bool flat_file(const Reading *reading, Place *place)
{
    for (guint i = 0; i < reading->trees->files->len; i++) {
        const Ast *ast = g_array_index(reading->trees->files, ProgramFile, i).ast;
        bool meant = reading->hardware < 0 || ast->source == reading->hardware;
        *place = (Place){i, NULL};
        if (meant && ast_find(ast->items, "num_pes") != NULL)
            return true;
    }
    return false;
}

static void read_accelerator(Reading *reading, Place place)
{
    Program *program = reading->program;
    program->usable =
        hardware_read(reading->trees, program_file(program, place), place.item, &program->machine);
    program->hardware = program->machine.name = program_title(program, place);
}

static void check_one(const Reading *reading, const GArray *blocks)
{
    if (blocks->len <= 1)
        return;
    diag_report(reading->diag, CHECK_DUPLICATE_BLOCK, ast_head(place_at(blocks, 1)->item),
                "a second Accelerator; a run has one");
    diag_note(reading->diag, ast_head(place_at(blocks, 0)->item), "this is the first");
}

static bool no_accelerator(const Reading *reading, GError **error)
{
    if (reading->hardware < 0) /* where a file is wrong it may be in there */
        return reading->request->partial ||
               (diag_errors(reading->diag) == 0 &&
                reading_error(error, "no hardware: give --hw FILE, or a file with an Accelerator"));
    for (guint i = 0; i < reading->trees->files->len; i++) {
        const Ast *ast = g_array_index(reading->trees->files, ProgramFile, i).ast;
        if (ast->source == reading->hardware && !ast->broken)
            diag_report(reading->diag, CHECK_MISSING_KEY, (Span){reading->hardware, 0, 0},
                        "no Accelerator in this file");
    }
    return true;
}

bool reading_machine(Reading *reading, GError **error)
{
    g_autoptr(GArray) blocks = reading_blocks(reading, "Accelerator", reading->hardware);
    Place flat;
    check_one(reading, blocks);
    if (blocks->len > 0)
        read_accelerator(reading, *place_at(blocks, 0));
    else if (flat_file(reading, &flat))
        read_accelerator(reading, flat);
    else
        return no_accelerator(reading, error);
    if (!reading_sets(reading, (const char *const *) reading->request->sets, error)) {
        g_prefix_error(error, "--set ");
        return false;
    }
    return read_technology(reading, error);
}

/* --- what is not used --- */

void reading_unused(Reading *reading)
{
    const Program *program = reading->program;
    const char *used = program->technology.name != NULL ? program->technology.name : "";
    g_autoptr(GArray) accelerators = reading_blocks(reading, "Accelerator", -1);
    g_autoptr(GArray) technologies = reading_blocks(reading, "Technology", -1);
    for (guint i = 0; i < accelerators->len; i++) {
        const Place *place = place_at(accelerators, i);
        Hardware hardware = {0};
        if (place->item != program->machine.block)
            hardware_read(reading->trees, program_file(program, *place), place->item, &hardware);
    }
    for (guint i = 0; i < technologies->len; i++) {
        const Place *place = place_at(technologies, i);
        Technology technology = {0};
        if (strcmp(ast_name(place->item), used) != 0)
            technology_read(reading->trees, program_file(program, *place), place->item,
                            &technology);
    }
}

/* Levels of the deepest dataflow that a layer of the run may take, 0 if there is none. */
static int most_levels(const Reading *reading)
{
    const Program *program = reading->program;
    int most = 0, levels;
    Layer outline;
    for (guint c = 0; c < program->choices->len; c++) {
        for (guint i = 0; i < program->layers->len; i++) {
            job_outline(program, i, c, &outline, &levels);
            most = MAX(most, levels);
        }
    }
    return most;
}

/* The number of "NoC 2" or "Buffer 2", 0 for others. */
static long level_of(const Item *item)
{
    bool of_level = strcmp(item->key, "NoC") == 0 || strcmp(item->key, "Buffer") == 0;
    bool numbered = item->has_body && item->value != NULL && item->value->kind == EXPR_NUMBER;
    return of_level && numbered ? strtol(ast_name(item), NULL, 10) : 0;
}

/* NoC 0 and NoC 1 are what most machines have, whatever the dataflow. */
void reading_levels(Reading *reading)
{
    const Item *block = reading->program->machine.block;
    int levels = -1;
    for (const Item *item = block != NULL ? block->body : NULL; item != NULL; item = item->next) {
        long level = level_of(item);
        if (level < 2 || level >= LEVELS_MAX) /* which is out of range */
            continue;
        levels = levels < 0 ? most_levels(reading) : levels;
        if (levels > 0 && level >= levels &&
            diag_report(reading->diag, CHECK_UNUSED_LEVEL, ast_head(item),
                        "%s %s is of no level: the dataflows of the run have %d %s", item->key,
                        ast_name(item), levels, levels == 1 ? "level" : "levels at most"))
            diag_note(reading->diag, SPAN_NONE, "levels are numbered from 0, the outermost");
    }
}
