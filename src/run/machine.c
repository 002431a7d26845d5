/* The machine of a run: the one Accelerator among its files, and the technology that it, or the
 * command line, names. */
#include <string.h>

#include "frontend/technology.h"
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
    return reading_error(
        error, "--node %g: the table of nodes does not have %g nm and %g nm (technology %s)", nm,
        technology->node_nm, nm, technology->name);
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
        return diag_errors(reading->diag) == 0 &&
               reading_error(error, "no hardware: give --hw FILE, or a file with an Accelerator");
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
    return reading_sets(reading, (const char *const *) reading->request->sets, error) &&
           read_technology(reading, error);
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
