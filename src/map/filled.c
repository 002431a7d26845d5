#include "map/filled.h"

#include <string.h>

#include "frontend/holes.h"
#include "map/network.h"

static bool has_holes(const GArray *blocks)
{
    bool some = false;
    for (guint i = 0; i < blocks->len; i++)
        some |= holes_has(g_array_index(blocks, Place, i).item);
    return some;
}

static bool own_holes(const Program *program)
{
    bool some = false;
    for (guint i = 0; i < program->layers->len && program->own != OWN_NEVER; i++) {
        const Item *layer = g_array_index(program->layers, Place, i).item;
        const Item *own = ast_find(layer->body, "Dataflow");
        some |= own != NULL && holes_has(own);
    }
    return some;
}

static bool is_open(const Program *program, guint choice)
{
    return has_holes(g_array_index(program->choices, ProgramChoice, choice).blocks) ||
           own_holes(program);
}

bool filled_needed(const Program *program)
{
    bool some = false;
    for (guint c = 0; c < program->choices->len; c++)
        some |= is_open(program, c);
    return some;
}

/* In the program's arena: it is told whenever the layer is lowered. */
static ProgramFilled *filled_new(const Program *program, const Mapped *m)
{
    ProgramFilled *filled = g_new0(ProgramFilled, 1);
    if (m->best != NULL)
        nest_copy(&filled->nest, m->best->nest);
    else
        filled->why = arena_printf(program->trees->arena, "%s", m->why);
    filled->told = !m->open; /* it could not be lowered */
    return filled;
}

/* What the search says of its option is said of the one that was given. */
static void rename_option(GError *error)
{
    static const char option[] = "--objective ";
    if (error == NULL || !g_str_has_prefix(error->message, option))
        return;
    char *message = g_strdup_printf("--optimize %s", error->message + strlen(option));
    g_free(error->message);
    error->message = message;
}

/* The program with one of its choices. */
static bool fill_choice(Program *program, guint choice, const ProgramRequest *request,
                        const NetworkOptions *options, GError **error)
{
    g_autoptr(GArray) choices = g_array_new(FALSE, TRUE, sizeof(ProgramChoice));
    g_array_append_vals(choices, &g_array_index(program->choices, ProgramChoice, choice), 1);
    Program one = *program;
    one.choices = choices;
    GError *why = NULL;
    g_autoptr(Network) network = network_new(&one, request, options, &why);
    if (network == NULL) {
        rename_option(why);
        g_propagate_error(error, why);
        return false;
    }
    for (const Mapped *m = network_next(network); m != NULL; m = network_next(network))
        if (m->open || m->best == NULL)
            program_fill(program, choice, m->number, filled_new(program, m));
    return true;
}

bool filled_search(Program *program, const ProgramRequest *request, Objective objective,
                   GError **error)
{
    static const volatile sig_atomic_t never = 0;
    const NetworkOptions options = {.objective = objective,
                                    .sizes = SIZES_CANONICAL,
                                    .spatial = 2,
                                    .places = 1,
                                    .threads = (int) g_get_num_processors(),
                                    .stop = &never};
    bool well = true;
    for (guint c = 0; c < program->choices->len && well; c++)
        if (is_open(program, c))
            well = fill_choice(program, c, request, &options, error);
    return well;
}
