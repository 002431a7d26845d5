/* A nest's number is taken apart into the choice of dataflows and constants, its text, and the
 * rest, its machine.  What texts lower to is kept, as far as there is room.
 *
 * Layers are read once, unless a swept constant may be used by them or their operators: then each
 * text has a program of its own. */
#include "dse/nests.h"

#include <string.h>

/* Layers that are read, and what reading them needs. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
    bool readable;   /* all layers are, without an error */
    GArray *count;   /* of int64_t: by layer */
    GArray *kind;    /* of guint: by layer */
    GPtrArray *info; /* of LayerInfo *: by kind, of its first layer; owned */
    GPtrArray *op;   /* of const Operator * */
} Reading;

/* What a text lowers to. */
typedef struct {
    int64_t text; /* -1: nothing yet */
    bool legal;
    Nest *maps;            /* by kind */
    const Item **dataflow; /* likewise */
} Lowered;

struct Nests {
    const Study *study;
    Reading reading;
    guint n_slots;
    Lowered *slots;
    Machine classic;     /* any of that form: maps do not depend on it */
    bool alike_is_legal; /* several children without a SpatialMap are no error */
    Mapped *mapped;
    NestLayers layers;
};

/* For the maps that are kept, of a thread. */
enum { KEPT_BYTES = 8 << 20, SLOTS_MAX = 1 << 12 };

/* ---- reading --------------------------------------------------------------------- */

static void set_constants(const Study *study, int64_t nest, Trees *trees)
{
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (axis->constant)
            program_define(trees, axis->constant, axis->expr[study_value(axis, nest)]);
    }
}

/* Whether all values are expressions. */
static bool has_constants(const Study *study, int64_t nest)
{
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (axis->constant && !axis->expr[study_value(axis, nest)])
            return false;
    }
    return true;
}

static bool same_layer(const LayerInfo *a, const LayerInfo *b)
{
    const Layer *x = &a->layer, *y = &b->layer;
    return a->info == b->info && a->dataflow == b->dataflow &&
           memcmp(&x->op, &y->op, sizeof x->op) == 0 &&
           memcmp(x->extent, y->extent, sizeof x->extent) == 0 &&
           memcmp(x->density, y->density, sizeof x->density) == 0 &&
           memcmp(a->given, b->given, sizeof a->given) == 0 &&
           memcmp(a->derived_extent, b->derived_extent, sizeof a->derived_extent) == 0 &&
           memcmp(a->stride, b->stride, sizeof a->stride) == 0 &&
           memcmp(a->dilation, b->dilation, sizeof a->dilation) == 0;
}

static guint hash_layer(gconstpointer key)
{
    const LayerInfo *info = key;
    guint hash = g_direct_hash(info->info);
    for (int d = 0; d < info->layer.op.n_dims; d++)
        hash = hash * 31 + (guint) info->layer.extent[d];
    return hash;
}

static gboolean equal_layers(gconstpointer a, gconstpointer b)
{
    return same_layer(a, b);
}

/* Kinds are numbered as they come; kinds[info] is the number. */
static void add_layer(Reading *r, const LayerInfo *info, GHashTable *kinds)
{
    gpointer found;
    bool known = g_hash_table_lookup_extended(kinds, info, NULL, &found);
    guint kind = known ? GPOINTER_TO_UINT(found) : r->info->len;
    if (!known) {
        LayerInfo *kept = g_new(LayerInfo, 1);
        *kept = *info;
        g_ptr_array_add(r->info, kept);
        g_hash_table_insert(kinds, kept, GUINT_TO_POINTER(kind));
    }
    g_array_append_val(r->kind, kind);
    g_array_append_val(r->count, info->layer.count);
}

static void read_layers(Reading *r)
{
    const Program *program = r->program;
    g_autoptr(GHashTable) kinds = g_hash_table_new(hash_layer, equal_layers);
    r->readable = program->layers->len > 0 && program->usable;
    for (guint i = 0; i < program->layers->len && r->readable; i++) {
        Place place = g_array_index(program->layers, Place, i);
        LayerInfo info;
        r->readable = lower_layer(program->trees, program_file(program, place), place.item, &info);
        info.number = i + 1;
        if (r->readable)
            add_layer(r, &info, kinds);
    }
    r->readable &= diag_errors(r->diag) == 0;
}

static void reading_open(Reading *r, const Study *study)
{
    r->arena = arena_new();
    r->sources = sources_copy(study->program->trees->sources, r->arena);
    r->diag = diag_like(study->diag, r->sources, r->arena);
    diag_limit(r->diag, 1); /* whether there are findings, not what they say */
    r->program = program_copy(study->program, r->diag);
    r->count = g_array_new(FALSE, FALSE, sizeof(int64_t));
    r->kind = g_array_new(FALSE, FALSE, sizeof(guint));
    r->info = g_ptr_array_new_with_free_func(g_free);
    r->op = g_ptr_array_new();
}

static void reading_close(Reading *r)
{
    g_array_free(r->count, TRUE);
    g_array_free(r->kind, TRUE);
    g_ptr_array_free(r->info, TRUE);
    g_ptr_array_free(r->op, TRUE);
    program_free(r->program);
    diag_free(r->diag);
    sources_free(r->sources);
    arena_free(r->arena);
}

/* ---- texts ----------------------------------------------------------------------- */

/* What lowering looks at: on a hierarchy also fan-outs and what memories hold. */
static bool is_lowered(const Study *study, const StudyAxis *axis)
{
    bool text = axis->kind == AXIS_DATAFLOW || axis->kind == AXIS_CONSTANT;
    return text || (axis->kind == AXIS_NEST && study_has_hierarchy(study));
}

/* Numbers nests of which all that is alike. */
static int64_t text_of(const Study *study, int64_t nest)
{
    int64_t text = 0;
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (is_lowered(study, axis))
            text = text * axis->n + study_value(axis, nest);
    }
    return text;
}

/* How many there are. */
static int64_t count_texts(const Study *study)
{
    int64_t texts = 1;
    for (guint i = 0; i < study->n_axes; i++)
        if (is_lowered(study, &study->axis[i]))
            texts *= study->axis[i].n;
    return texts;
}

/* ---- life ------------------------------------------------------------------------ */

static int number_op(GPtrArray *ops, const Operator *op)
{
    guint at = 0;
    while (at < ops->len && ops->pdata[at] != op)
        at++;
    if (at == ops->len)
        g_ptr_array_add(ops, (gpointer) op);
    return (int) at;
}

static void show_layers(Nests *nests)
{
    const Reading *r = &nests->reading;
    guint kinds = r->info->len;
    g_free(nests->mapped);
    nests->mapped = g_new0(Mapped, kinds);
    for (guint k = 0; k < kinds; k++) {
        const LayerInfo *info = r->info->pdata[k];
        nests->mapped[k].layer = &info->layer;
        nests->mapped[k].op = number_op(r->op, &info->info->op);
    }
    nests->layers = (NestLayers){.serial = nests->layers.serial + 1,
                                 .n = r->kind->len,
                                 .count = (const int64_t *) (gpointer) r->count->data,
                                 .kind = (const guint *) (gpointer) r->kind->data,
                                 .n_mapped = kinds,
                                 .mapped = nests->mapped,
                                 .texts = count_texts(nests->study),
                                 .n_ops = (int) r->op->len,
                                 .op = (const Operator *const *) r->op->pdata,
                                 .program = r->program};
}

static void make_slots(Nests *nests)
{
    gsize each = MAX(nests->layers.n_mapped, 1) * sizeof(Nest);
    int64_t most = nests->study->layers_vary ? 1 : CLAMP(KEPT_BYTES / each, 1, SLOTS_MAX);
    nests->n_slots = (guint) MIN(most, nests->layers.texts);
    nests->slots = g_new0(Lowered, nests->n_slots);
    for (guint i = 0; i < nests->n_slots; i++)
        nests->slots[i].text = -1;
}

Nests *nests_new(const Study *study)
{
    Nests *nests = g_new0(Nests, 1);
    nests->study = study;
    nests->classic = (Machine){.name = study->program->hardware, .pes = 1};
    nests->alike_is_legal = diag_severity(study->diag, CHECK_NO_SPATIAL) != SEVERITY_ERROR;
    reading_open(&nests->reading, study);
    if (!study->layers_vary) {
        trees_operators(nests->reading.program->trees);
        read_layers(&nests->reading);
    }
    show_layers(nests);
    make_slots(nests);
    return nests;
}

void nests_free(Nests *nests)
{
    if (!nests)
        return;
    for (guint i = 0; i < nests->n_slots; i++) {
        g_free(nests->slots[i].maps);
        g_free(nests->slots[i].dataflow);
    }
    g_free(nests->slots);
    g_free(nests->mapped);
    reading_close(&nests->reading);
    g_free(nests);
}

/* ---- lowering -------------------------------------------------------------------- */

/* Layers and operators under the constants of the nest. */
static void read_again(Nests *nests, int64_t nest)
{
    Reading *r = &nests->reading;
    reading_close(r);
    reading_open(r, nests->study);
    set_constants(nests->study, nest, r->program->trees);
    trees_operators(r->program->trees);
    program_evaluate(r->program->trees);
    read_layers(r);
    show_layers(nests);
}

static void put_constants(Nests *nests, int64_t nest)
{
    Trees *trees = nests->reading.program->trees;
    if (nests->study->layers_vary) {
        read_again(nests, nest);
        return;
    }
    set_constants(nests->study, nest, trees);
    program_evaluate(trees);
}

/* On any machine of the nest: laws of a hierarchy are of its fan-outs and of what its memories
 * hold, which no axis of the machines sets. */
static bool lower_on(const Nests *nests, int64_t nest, const LayerInfo *info, Place dataflow,
                     Nest *maps)
{
    const Program *program = nests->reading.program;
    Machine machine;
    return study_machine(nests->study, program, nest, &info->layer.op, dataflow.item, &machine) &&
           lower_nest(program->trees, program_file(program, dataflow), dataflow.item, info,
                      &machine, maps);
}

static bool lower_kind(const Nests *nests, int64_t nest, guint kind, Lowered *slot)
{
    guint choice = study_choice(nests->study, nest);
    const Program *program = nests->reading.program;
    const LayerInfo *info = nests->reading.info->pdata[kind];
    Place dataflow;
    if (!job_dataflow(program, info->number - 1, info, choice, &dataflow))
        return false;
    Nest *maps = &slot->maps[kind];
    slot->dataflow[kind] = dataflow.item;
    if (study_has_hierarchy(nests->study))
        return lower_on(nests, nest, info, dataflow, maps);
    return lower_maps(program->trees, program_file(program, dataflow), dataflow.item, info,
                      &nests->classic, maps);
}

/* Whether everything lowers without an error. */
static bool lower_kinds(Nests *nests, int64_t nest, Lowered *slot)
{
    const Reading *r = &nests->reading;
    int before = nests->study->layers_vary ? 0 : diag_errors(r->diag);
    bool legal = true;
    put_constants(nests, nest);
    if (!r->readable)
        return false;
    slot->maps = g_renew(Nest, slot->maps, r->info->len);
    memset(slot->maps, 0, r->info->len * sizeof *slot->maps);
    slot->dataflow = g_renew(const Item *, slot->dataflow, r->info->len);
    for (guint k = 0; k < r->info->len && legal && !study_stopped(nests->study); k++)
        legal = lower_kind(nests, nest, k, slot);
    return legal && diag_errors(r->diag) == before;
}

static const Lowered *lower(Nests *nests, int64_t nest)
{
    int64_t text = text_of(nests->study, nest);
    Lowered *slot = &nests->slots[text % nests->n_slots];
    if (slot->text != text) {
        slot->text = text;
        slot->legal = has_constants(nests->study, nest) && lower_kinds(nests, nest, slot);
    }
    return slot;
}

/* The maps on so many PEs of the classic form; false if that is not legal. */
static bool place_maps(const Nests *nests, const Nest *maps, int64_t pes, Mapped *mapped)
{
    NestLaw law = lower_place(mapped->layer, maps, pes, &mapped->nest).law;
    mapped->busy = nest_busy(mapped->layer, &mapped->nest);
    return law == NEST_LEGAL || (law == NEST_NO_SPATIAL && nests->alike_is_legal);
}

const NestLayers *nests_at(Nests *nests, int64_t nest)
{
    int64_t pes = study_pes(nests->study, nest);
    const Lowered *slot = lower(nests, nest);
    for (guint k = 0; k < nests->layers.n_mapped && slot->legal; k++) {
        Mapped *mapped = &nests->mapped[k];
        if (study_has_hierarchy(nests->study))
            mapped->nest = slot->maps[k];
        else if (!place_maps(nests, &slot->maps[k], pes, mapped))
            return NULL;
        mapped->dataflow = slot->dataflow[k];
    }
    nests->layers.text = slot->text;
    return slot->legal ? &nests->layers : NULL;
}

bool nests_lowers(Nests *nests, int64_t nest)
{
    return lower(nests, nest)->legal;
}
