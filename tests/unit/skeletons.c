/* What one level of a template may have does not depend on the other levels: where all clusters are
 * written, the skeletons of several levels are every combination of those of each level alone.
 * SKELETONS=N: cases, SKELETONS_SEED=S: the first one's seed. */
#include "map/skeleton.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "mapcase.h"
#include "suite.h"

enum { CASES = 300, LEVELS = 3, MAPS = 3 };

static char *level_text(const SkeletonLevel *level)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < level->n_items; i++)
        g_string_append_printf(text, "%x ", level->item[i].dims);
    g_string_append_printf(text, "/ %d", level->spread);
    return g_string_free(text, FALSE);
}

static bool visit(const Skeleton *skeleton, void *seen)
{
    GString *text = g_string_new(NULL);
    for (int l = 0; l < skeleton->n_levels; l++) {
        char *level = level_text(&skeleton->level[l]);
        g_string_append_printf(text, "%s;", level);
        g_free(level);
    }
    g_hash_table_add(seen, g_string_free(text, FALSE));
    return true;
}

static GHashTable *skeletons(const Layer *layer, const Machine *machine, const Template *open)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    skeletons_visit(layer, machine, open, false, visit, seen);
    return seen;
}

/* A level of maps of some dims each, of one kind or of either, and perhaps Any. */
static void draw_level(GRand *random, int n_dims, TemplateLevel *level)
{
    unsigned all = (1u << n_dims) - 1;
    level->children = hole_written(mapcase_between(random, 2, 3));
    level->n_maps = (int) mapcase_between(random, 0, MAPS);
    for (int m = 0; m < level->n_maps; m++) {
        TemplateMap *map = &level->map[m];
        map->any = m == level->n_maps - 1 && mapcase_chance(random, 40);
        map->kinds = (unsigned) mapcase_between(random, 1, 3);
        map->dims = all;
        if (!map->any && mapcase_chance(random, 50))
            map->dims = (unsigned) mapcase_between(random, 1, all);
        map->size = hole_open();
    }
}

/* All combinations of what the levels from `l` on have alone. */
static void combine(GHashTable *const *alone, int n_levels, int l, const char *outside,
                    GHashTable *combined)
{
    GHashTableIter i;
    gpointer text;
    if (l == n_levels) {
        g_hash_table_add(combined, g_strdup(outside));
        return;
    }
    g_hash_table_iter_init(&i, alone[l]);
    while (g_hash_table_iter_next(&i, &text, NULL)) {
        char *inside = g_strconcat(outside, (char *) text, NULL);
        combine(alone, n_levels, l + 1, inside, combined);
        g_free(inside);
    }
}

static void check_levels(guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    Machine machine = {.pes = 1024};
    Layer layer = {.name = "L", .count = 1, .extent = {4, 4, 4}};
    Template open = {.n_levels = (int) mapcase_between(random, 1, LEVELS)};
    GHashTable *alone[LEVELS] = {NULL},
               *combined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    mapcase_gemm(&layer.op);
    for (int l = 0; l < open.n_levels; l++) {
        draw_level(random, layer.op.n_dims, &open.level[l]);
        Template one = {.n_levels = 1, .level = {open.level[l]}};
        alone[l] = skeletons(&layer, &machine, &one);
    }
    combine(alone, open.n_levels, 0, "", combined);
    GHashTable *found = skeletons(&layer, &machine, &open);
    GHashTableIter i;
    gpointer text;
    g_hash_table_iter_init(&i, combined);
    while (g_hash_table_iter_next(&i, &text, NULL))
        ck_assert_msg(g_hash_table_contains(found, text), "seed %u: never %s", seed, (char *) text);
    ck_assert_msg(g_hash_table_size(found) == g_hash_table_size(combined),
                  "seed %u: %u skeletons, not %u", seed, g_hash_table_size(found),
                  g_hash_table_size(combined));
    for (int l = 0; l < open.n_levels; l++)
        g_hash_table_destroy(alone[l]);
    g_hash_table_destroy(found);
    g_hash_table_destroy(combined);
    g_rand_free(random);
}

START_TEST(levels)
{
    const char *n = g_getenv("SKELETONS"), *s = g_getenv("SKELETONS_SEED");
    int cases = n ? atoi(n) : CASES;
    guint32 seed = s ? (guint32) g_ascii_strtoull(s, NULL, 10) : (guint32) g_get_real_time();
    printf("# seed %u: %d cases\n", seed, cases);
    for (int i = 0; i < cases; i++)
        check_levels(seed + (guint32) i);
}
END_TEST

int main(void)
{
    return suite_run("skeletons", levels);
}
