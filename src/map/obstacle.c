/* What a memory must hold grows with the tiles: where the smallest do not fit, none do. */
#include "map/obstacle.h"

#include <string.h>

#include "ir/hierarchy.h"

enum { LOOKED_AT = 3000, OBSTACLES_MAX = 64 };

static const int64_t ENDLESS = (int64_t) 1 << 50; /* bytes: more than any layer needs */

typedef struct {
    Finding least; /* with the least need of all */
    int64_t times;
} Obstacle;

typedef struct {
    const SearchRequest *request;
    const Machine *machine; /* as it is */
    ReportEntry entry;      /* on that machine */
    int64_t looked;
    int n;
    Obstacle obstacle[OBSTACLES_MAX];
} Looking;

/* ---- the space of the smallest tiles, on a machine without end ---- */

static void shrink(const Template *open, Template *small)
{
    *small = *open;
    for (int l = 0; l < small->n_levels; l++)
        for (int m = 0; m < small->level[l].n_maps; m++) {
            Hole *size = &small->level[l].map[m].size;
            if (size->open)
                size->most = hole_least(size);
        }
}

static void lengthen(int64_t *bytes)
{
    if (*bytes > 0)
        *bytes = ENDLESS;
}

static void unbound(const Machine *machine, Machine *endless)
{
    *endless = *machine;
    lengthen(&endless->l1_bytes);
    lengthen(&endless->l2_bytes);
    for (int l = 0; l < LEVELS_MAX; l++)
        lengthen(&endless->buffer_bytes[l]);
    for (int m = 0; m < endless->n_memories; m++) {
        lengthen(&endless->memory[m].capacity_bytes);
        for (int t = 0; t < TENSORS_MAX; t++)
            lengthen(&endless->memory[m].share_bytes[t]);
    }
}

/* ---- what stands in the way ---- */

static bool is_same(const Finding *a, const Finding *b)
{
    return strcmp(a->what, b->what) == 0 && a->level == b->level &&
           g_strcmp0(a->tensor, b->tensor) == 0;
}

static void note(Looking *looking, const Finding *finding)
{
    int i = 0;
    while (i < looking->n && !is_same(&looking->obstacle[i].least, finding))
        i++;
    if (i == OBSTACLES_MAX)
        return;
    Obstacle *obstacle = &looking->obstacle[i];
    if (i == looking->n) {
        looking->n++;
        *obstacle = (Obstacle){.least = *finding};
    }
    obstacle->times++;
    if (finding->need < obstacle->least.need)
        obstacle->least = *finding;
}

/* Every mapping is looked at, none is taken. */
static bool look(const ReportEntry *entry, void *data)
{
    Looking *looking = data;
    Finding finding[FINDINGS_MAX];
    looking->entry = *entry;
    looking->entry.machine = looking->machine;
    int n = entry_findings(&looking->entry, finding);
    for (int i = 0; i < n; i++)
        if (finding[i].check == CHECK_CAPACITY)
            note(looking, &finding[i]);
    looking->looked++;
    return false;
}

static bool is_over(const SearchProgress *progress, void *data)
{
    const Looking *looking = data;
    return looking->looked >= LOOKED_AT || obstacle_enough(progress);
}

static const Obstacle *most_often(const Looking *looking)
{
    const Obstacle *most = NULL;
    for (int i = 0; i < looking->n; i++)
        if (most == NULL || looking->obstacle[i].times > most->times)
            most = &looking->obstacle[i];
    return most;
}

bool obstacle_enough(const SearchProgress *progress)
{
    enum { BOUNDS = 20000, EVALUATION = 4 /* bounds */ };
    return progress->bounds + EVALUATION * progress->evaluated >= BOUNDS;
}

int64_t obstacle_find(const SearchRequest *request, GString *out)
{
    g_autofree Template *small = g_new0(Template, request->n_open);
    g_autofree const Template **open = g_new0(const Template *, request->n_open);
    g_autofree Looking *looking = g_new0(Looking, 1);
    Machine endless;
    SearchResult result;
    for (int i = 0; i < request->n_open; i++) {
        shrink(request->open[i], &small[i]);
        open[i] = &small[i];
    }
    unbound(request->machine, &endless);
    looking->machine = request->machine;
    SearchRequest smallest = {.layer = request->layer,
                              .machine = &endless,
                              .open = open,
                              .n_open = request->n_open,
                              .objective = OBJECTIVE_RUNTIME,
                              .sizes = request->sizes,
                              .threads = 1,
                              .admit = look,
                              .stop = is_over,
                              .data = looking};
    search_run(&smallest, &result);
    search_clear(&result);
    const Obstacle *most = most_often(looking);
    if (most != NULL)
        finding_text(&most->least, request->layer->name, out);
    return looking->looked;
}
