/* The edges of a network, as they are read. */
#include "suite.h"

#include <string.h>

#include "frontend/edges.h"

/* "producer>consumer.tensor" of each edge, with "+part" where it is not the first, after "chain "
 * or "wrong " where it is. */
static char *edges_text(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    Arena *arena = arena_new();
    Sources *sources = sources_new(arena);
    Diag *diag = diag_new(sources, arena);
    Trees *trees = trees_new(sources, arena, diag);
    trees_add(trees, sources_add(sources, "network.m", text, strlen(text)));
    trees_operators(trees);
    const ProgramFile *file = &g_array_index(trees->files, ProgramFile, 0);
    Edges *edges = edges_read(trees, ast_find(file->ast->items, "Network"));
    g_string_append(out, edges->chain ? "chain " : edges->wrong ? "wrong " : "");
    for (guint i = 0; i < edges->list->len; i++) {
        const EdgeInfo *info = &g_array_index(edges->list, EdgeInfo, i);
        const Item *consumer = edges->layers->pdata[info->edge.consumer];
        const Item *producer = edges->layers->pdata[info->edge.producer];
        const char *type = ast_find(consumer->body, "Type")->value->text;
        const OperatorInfo *op = operators_find(trees->operators, type);
        g_string_append_printf(out, "%s%s>%s.%s", i > 0 ? " " : "", ast_name(producer),
                               ast_name(consumer), op->op.tensor[info->edge.tensor].name);
        if (info->edge.part > 0)
            g_string_append_printf(out, "+%d", info->edge.part);
        ck_assert_int_lt(info->span.begin, info->span.end);
    }
    edges_free(edges);
    trees_free(trees);
    diag_free(diag);
    sources_free(sources);
    arena_free(arena);
    return g_strdup(out->str);
}

static void check(const char *layers, const char *wanted)
{
    g_autofree char *text = g_strdup_printf("Network n { %s }", layers);
    g_autofree char *got = edges_text(text);
    ck_assert_str_eq(got, wanted);
}

START_TEST(edges)
{
    check("Layer a { Type: CONV } Layer b { Type: POOL } Layer c { Type: ADD }",
          "chain a>b.I b>c.A");
    check("Layer a { Type: CONV }", "chain ");
    check("Layer a { Type: CONV } Layer 2.b-c { Type: CONV From: a } Layer c { Type: CONV From: a, "
          "\"2.b-c\"; Count: 2 }",
          "a>2.b-c.I a>c.I 2.b-c>c.I+1");
    check("Layer a { Type: CONV } Layer b { Type: ADD From { A: a; B: a } } "
          "Layer c { Type: MATMUL From { B: a, b } } Layer d { Type: CONV }",
          "a>b.A a>b.B a>c.B b>c.B+1");
    /* a layer may stand before those that it reads */
    check("Layer c { Type: CONV From { Input: b } } Layer b { Type: CONV From: a } Layer a { Type: "
          "CONV }",
          "b>c.I a>b.I");
    check("Layer a { Type: CONV } Layer a { Type: CONV } Layer b { Type: CONV From: \"a#2\" }",
          "a#2>b.I");
}
END_TEST

START_TEST(wrong_edges)
{
    check("Layer a { Type: CONV From: b } Layer b { Type: CONV From: a }", "wrong b>a.I a>b.I");
    check("Layer a { Type: CONV From: a }", "wrong ");
    check("Layer a { Type: CONV From: z }", "wrong ");
    check("Layer a { Type: CONV } Layer b { Type: CONV From: a, a }", "wrong a>b.I");
    check("Layer a { Type: CONV } Layer b { Type: GEMM From { B: a } }", "wrong ");
    check("Layer a { Type: CONV } Layer b { Type: ADD From: a }", "wrong a>b.A");
}
END_TEST

int main(void)
{
    return suite_run("edges", edges) | suite_run("wrong edges", wrong_edges);
}
