/* Dataflows with holes: what each leaves open, and that a dataflow without any, or with one that
 * says nothing of the rest, is the nest that it always was. */
#include <check.h>
#include <string.h>

#include "frontend/holes.h"
#include "run/job.h"

/* A run and its files. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
} Opened;

/* `text`: of the first file, or NULL: it is read. */
static void run_open(Opened *run, const char **files, const char *text, const char *model,
                     const char *hardware)
{
    GError *error = NULL;
    ProgramRequest request = {.files = files, .model = model, .hardware = hardware};
    run->arena = arena_new();
    run->sources = sources_new(run->arena);
    run->diag = diag_new(run->sources, run->arena);
    if (text != NULL)
        ck_assert(sources_give(run->sources, files[0], text, strlen(text), NULL));
    run->program = program_read(&request, run->diag, &error);
    ck_assert_msg(run->program != NULL, "%s", error != NULL ? error->message : "no program");
}

static void run_close(Opened *run)
{
    program_free(run->program);
    diag_free(run->diag);
    sources_free(run->sources);
    arena_free(run->arena);
}

/* ---- a template as text ---- */

/* "8", or "? >=4 <=64 %4 {8 16}" */
static void print_hole(const Hole *hole, GString *out)
{
    if (!hole->open) {
        ck_assert(hole->least == hole->value && hole->most == hole->value);
        ck_assert(hole->multiple == 1 && hole->n_among == 0);
        g_string_append_printf(out, "%d", (int) hole->value);
        return;
    }
    ck_assert_int_eq(hole->value, 0);
    g_string_append_c(out, '?');
    if (hole->least > 1)
        g_string_append_printf(out, " >=%d", (int) hole->least);
    if (hole->most < INT32_MAX)
        g_string_append_printf(out, " <=%d", (int) hole->most);
    if (hole->multiple > 1)
        g_string_append_printf(out, " %%%d", (int) hole->multiple);
    for (int i = 0; i < hole->n_among; i++)
        g_string_append_printf(out, "%s%d%s", i == 0 ? " {" : " ", (int) hole->among[i],
                               i + 1 == hole->n_among ? "}" : "");
}

/* "T(8) K", "TS(?) K|C", "any T(?) K<C" */
static void print_map(const TemplateMap *map, const Operator *op, GString *out)
{
    bool first = true;
    g_string_append_printf(out, "%s%s%s(", map->any ? "any " : "",
                           map->kinds >> MAP_TEMPORAL & 1 ? "T" : "",
                           map->kinds >> MAP_SPATIAL & 1 ? "S" : "");
    print_hole(&map->size, out);
    g_string_append(out, ") ");
    for (int i = 0; i < map->n_order; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "<" : "", op->dim[map->order[i]]);
    for (int d = 0; d < op->n_dims && map->n_order == 0; d++)
        if (map->dims >> d & 1) {
            g_string_append_printf(out, "%s%s", first ? "" : "|", op->dim[d]);
            first = false;
        }
    g_string_append(out, "; ");
}

/* " GLB=WI", " GLB?O" */
static void print_tensors(const Machine *machine, int memory, char mark, unsigned tensors,
                          const Operator *op, GString *out)
{
    if (tensors == 0)
        return;
    g_string_append_printf(out, " %s%c", machine->memory[memory].name, mark);
    for (int t = 0; t < op->n_tensors; t++)
        if (tensors >> t & 1)
            g_string_append(out, op->tensor[t].name);
}

static unsigned held(const TemplateLevel *level, int memory)
{
    unsigned tensors = 0;
    for (int t = 0; t < TENSORS_MAX; t++)
        tensors |= (unsigned) (level->memory[t] == memory + 1) << t;
    return tensors;
}

/* The maps of a level, then its children and what they hold, a line each. */
static char *print(const Template *template, const Job *job)
{
    const Operator *op = &job->layer.op;
    GString *out = g_string_new(NULL);
    for (int l = 0; l < template->n_levels; l++) {
        const TemplateLevel *level = &template->level[l];
        for (int m = 0; m < level->n_maps; m++)
            print_map(&level->map[m], op, out);
        g_string_append_c(out, '/');
        print_hole(&level->children, out);
        if (level->fanout > 0)
            g_string_append_printf(out, " %s%s", job->machine.fanout[level->fanout - 1].name,
                                   level->rest ? " rest" : "");
        for (int m = 0; m < job->machine.n_memories; m++) {
            print_tensors(&job->machine, m, '=', held(level, m), op, out);
            print_tensors(&job->machine, m, '?', level->open[m], op, out);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* ---- what texts leave open ---- */

static const char network[] =
    "Network n { Layer L { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y': 8, X': 10 } } }\n";
static const char classic[] = "Accelerator a { PEs: 16 }\n";
static const char hierarchy[] =
    "Accelerator h { Hierarchy {\n"
    "  Memory DRAM { }  Memory GLB { Holds: Input, Output }  Memory Mid { Holds: Input }\n"
    "  Fanout Column 4  Memory WBuf { Holds: Weight }  Fanout Row 4 { Dims: K, C }\n"
    "  Memory Reg { Holds: Weight, Output }  MAC { Lanes: 1 } } }\n";

static const struct {
    const char *machine, *text, *wanted;
} texts[] = {
    /* sizes */
    {classic, "TemporalMap(?,?) K; TemporalMap(?) C; SpatialMap(2,2) X';",
     "T(?) K; T(?) C; S(2) X'; /16\n"},
    {classic, "SpatialMap(? >= 2+2 and <= Sz(K)*8 and % 4 == 0, ?) K;",
     "S(? >=4 <=64 %4) K; /16\n"},
    {classic, "SpatialMap(? in {16, 8, 8, Two}, ?) K; Cluster(? <= Two, P);",
     "S(? {2 8 16}) K; /?\n/? <=2\n"},
    /* dims and kinds */
    {classic, "SpatialMap(1,1) ?; ?(2,2) K;", "S(1) N|C|Y'|X'|R|S; TS(2) K; /16\n"},
    {classic, "?(?,?) ? in {K, C}; ?(?,?) ? in {K}; Any over C, K, R;",
     "TS(?) C; TS(?) K; any TS(?) R; /16\n"},
    {classic, "?(?,?) ? in {K, C}; ?(?,?) ? in {K, C};", "TS(?) K|C; TS(?) K|C; /16\n"},
    /* Any */
    {classic, "Any;", "any TS(?) N|K|C|Y'|X'|R|S; /16\n"},
    {classic, "Any; SpatialMap(1,1) K; Any(? <= 4) ordered R, K, C;",
     "any T(?) N|C|Y'|X'|R|S; S(1) K; any T(? <=4) R<C; /16\n"},
    {classic, "Any over K; Cluster(16); Any over C; Cluster(1); Any over K;",
     "any T(?) K; /1\nany TS(?) C; /16\nany T(?) K; /1\n"},
    {classic, "Any over K; Cluster(?); Any over K;", "any TS(?) K; /?\nany TS(?) K; /?\n"},
    /* Any is a word in a dataflow only, and others are words but behind it */
    {classic, "Any Any over K Any ordered K SpatialMap(1,1) C",
     "any T(?) N|K|Y'|X'|R|S; any T(?) K; any T(?) K; S(1) C; /16\n"},
    /* units */
    {hierarchy, "SpatialMap(?) K; Fanout(Column, ?); SpatialMap(1,1) C; Fanout(Row, ? in {2,4,8});",
     "S(?) K; /? <=4 Column\nS(1) C; /? <=4 {2 4 8} Row\n"},
    {hierarchy, "Any; Fanout(Column, ? >= 2); Any; Fanout(Column, ?); Any over K; Fanout(Row, 1);",
     "any TS(?) N|K|C|Y'|X'|R|S; /? >=2 <=4 Column\nany TS(?) N|K|C|Y'|X'|R|S; /? <=2 Column rest\n"
     "any T(?) K; /1 Row\n"},
    /* tensors */
    {hierarchy,
     "TemporalMap(1,1) K; Buffer(GLB) ?; Any; Fanout(Column, 1); Fanout(Row); Buffer(Reg) ?;",
     "T(1) K; /1 GLB?IO\nany T(?) N|K|C|Y'|X'|R|S; /1 Column\n/4 Row Reg?WO\n"},
    {hierarchy,
     "Any; Buffer(GLB) Input, ?; Buffer(Mid) ? in {Input}; Fanout(Column, 1); Fanout(Row, 1);",
     "any T(?) N|K|C|Y'|X'|R|S; /1 GLB=I GLB?O\n/1 Mid?I\n/1 Column\n/1 Row\n"},
    /* what is open twice is no longer one cut, and what lines hold elsewhere is not open */
    {hierarchy,
     "Buffer(GLB) ?; Buffer(Mid) ?; Any; Buffer(GLB) Output; Fanout(Column, 1); Fanout(Row, 1);",
     "/1 GLB?I\n/1 Mid?I\nany T(?) N|K|C|Y'|X'|R|S; /1 GLB=O\n/1 Column\n/1 Row\n"},
    {hierarchy,
     "Buffer(Mid) ?; Any; Buffer(GLB); Fanout(Column, 1); Buffer(WBuf) ?; Fanout(Row, 1); "
     "Buffer(Reg) Output, ?;",
     "/1\nany T(?) N|K|C|Y'|X'|R|S; /1 GLB=IO\n/1 Column WBuf?W\n/1 Row Reg=O Reg?W\n"},
    {hierarchy, "Fanout(Column, 1); Fanout(Row, 1); Any;",
     "/1 Column\n/1 Row\nany T(?) N|K|C|Y'|X'|R|S; /1\n"},
};

START_TEST(a_text_leaves_open_what_it_says)
{
    static const char *files[] = {"text", NULL};
    g_autofree char *text = g_strdup_printf("Constant Two 2;\nDataflow d { %s }\n%s%s",
                                            texts[_i].text, network, texts[_i].machine);
    Opened run;
    Template template;
    Job job;
    run_open(&run, files, text, NULL, NULL);
    bool lowered = job_template(run.program, 0, 0, &job, &template);
    ck_assert_msg(lowered && diag_errors(run.diag) == 0, "%s: %s", texts[_i].text,
                  diag_first(run.diag, SPAN_NONE));
    ck_assert(job.open && !job.legal);
    g_autofree char *got = print(&template, &job);
    ck_assert_msg(strcmp(got, texts[_i].wanted) == 0, "%s\n%s---\n%s", texts[_i].text, got,
                  texts[_i].wanted);
    ck_assert(job_lower(run.program, 0, 0, &job));
    ck_assert(job.open && !job.legal && job.why != NULL);
    run_close(&run);
}
END_TEST

/* ---- mistakes ---- */

static const struct {
    const char *machine, *text, *wanted; /* "COLUMN: MESSAGE [CHECK]", a note behind " | " */
} mistakes[] = {
    /* numbers */
    {classic, "TemporalMap(? >= 9 and <= 4) K;",
     "13: no number is within the bounds of the size of the map of K [range] | "
     "widen one of them, or leave it out\n"},
    {classic, "TemporalMap(? % 4 == 0 and in {3, 6}) K;",
     "13: no number is within the bounds of the size of the map of K [range] | "
     "widen one of them, or leave it out\n"},
    {classic, "Cluster(? % 64 == 0 and <= 63);",
     "9: no number is within the bounds of the size of the cluster [range] | "
     "widen one of them, or leave it out\n"},
    {classic, "Any(? <= Sz(Q)) over K;",
     "13: no dimension 'Q' in CONV (layer L); there are N, K, C, Y', X', R, S, Y and X "
     "[unknown-dim]\n"},
    {classic, "TemporalMap(? >= 0 and in {1, 0}) K;",
     "18: a bound of the size of the map of K is 0; it must be 1 to 2147483647 [range]\n"
     "31: a number in {} is 0; it must be 1 to 2147483647 [range]\n"},
    {classic,
     "Any(? in {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,"
     "31,32,32,33});",
     "101: more than 32 numbers in {} [limit]\n"},
    /* dims */
    {classic, "TemporalMap(?) Y; Any over K, X;",
     "16: Y cannot be mapped in a dataflow with holes [holes] | write Y', whose sizes count "
     "outputs\n"
     "31: X cannot be mapped in a dataflow with holes [holes] | write X', whose sizes count "
     "outputs\n"},
    {classic, "?(1,1) ? in {K, Q};",
     "17: no dimension 'Q' in CONV (layer L); there are N, K, C, Y', X', R, S, Y and X "
     "[unknown-dim]\n"},
    {classic, "Any ordered K, C, K;", "19: K is named twice here [holes]\n"},
    {classic, "SpatialMap(?) K; Any; TemporalMap(4,4) K;",
     "23: K is mapped twice in one level (layer L) [mapped-twice] | it is mapped here before; a "
     "Cluster "
     "between the two makes two levels\n"},
    {classic, "?(?) ? in {K, C}; ?(?) ? in {K, C}; ?(?) ? in {K, C};",
     "37: no dim is left for this map in its level (layer L) [mapped-twice] | "
     "each dim is mapped once in a level: leave a map out\n"},
    {classic,
     "Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; Any; "
     "Any; Any; Any;",
     "101: more than 20 maps in a level [limit]\n"},
    {classic,
     "Any; Cluster(1); Cluster(1); Cluster(1); Cluster(1); Cluster(1); Cluster(1); Cluster(1); "
     "Cluster(1); Cluster(1);",
     "102: more than 9 levels [limit]\n"},
    /* what is written */
    {classic, "?(2,1) K; TemporalMap(2,4) ?;",
     "1: map of K repeats MACs: offset 1 is less than size 2 (layer L, K is 8) [overlap] | "
     "write ?(2,2) K\n"
     "11: map skips indices: offset 4 is more than size 2 (layer L) [skip] | "
     "write TemporalMap(2,2) ?\n"},
    {classic, "TemporalMap(?) K; Cluster(2); SpatialMap(1,2) K;",
     "31: map of K skips indices: offset 2 is more than size 1 (layer L, K is 8) [skip] | "
     "write SpatialMap(1,1) K\n"},
    {classic, "Any over X'; SpatialMap(1,1) K; SpatialMap(1,1) C; Cluster(2); SpatialMap(1,1) X';",
     "33: K and C are both spatial in one level, which visits only their diagonal (layer L, K is "
     "8, C is 4) [diagonal] | K is mapped here; make one of them a TemporalMap, or put a Cluster "
     "between them\n"},
    {classic, "Any; Cluster(? >= 32);",
     "6: the clusters need 32 PEs, there are 16 (layer L) "
     "[too-few-pes] | make them smaller, or give the machine more PEs\n"},
    {hierarchy, "TemporalMap(?) K; Fanout(Column, ?); SpatialMap(1,1) Y'; Fanout(Row, ?);",
     "38: fan-out Row cannot divide Y' (layer L) [cannot-divide] | it divides K, C\n"},
    /* lines */
    {hierarchy, "Fanout(Column, ?); Fanout(Column);",
     "20: how many units are the rest of Column is not known: its first part is open [holes] | "
     "write Fanout(Column, ?)\n"},
    {hierarchy, "Fanout(Column, ? >= 2); Fanout(Column, 3);",
     "25: Fanout(Column, 3) wants more units than Column has: 4 for all of its parts (layer L) "
     "[too-many-units] | write Fanout(Column, 2) or less, or Fanout(Column, ?)\n"},
    {hierarchy, "Fanout(Column, ? in {5, 8}); Any;",
     "1: Fanout(Column, 5) wants more units than Column has: 4 (layer L) [too-many-units] | "
     "write Fanout(Column, 4) or less, or Fanout(Column)\n"},
    {hierarchy, "Buffer(GLB) auto; Any;",
     "1: automatic placement beside holes [auto] | write Buffer(GLB) ?; the search then chooses "
     "what it holds here\n"},
    {hierarchy, "Buffer(GLB) ? in {Weight, Output, Q};",
     "19: GLB cannot hold W [cannot-hold] | its Holds in the hardware says what it can\n"
     "35: CONV has no tensor or role 'Q'; there are W, I, O, Weight, Input and Output "
     "[unknown-tensor]\n"},
    {hierarchy, "Buffer(DRAM) ?;",
     "1: DRAM is a root: it holds its tensors whole [cannot-hold] | leave the line out\n"},
    {hierarchy, "Any; Cluster(2);",
     "6: Cluster is for machines of the classic form; h has a Hierarchy [wrong-form] | "
     "write Fanout(Column) and Buffer(Reg) and the like, as dcc-dataflow(5) says\n"},
    {classic, "Any; Buffer(GLB) ?;",
     "6: Buffer is for machines with a Hierarchy; a has none [wrong-form] | "
     "write Cluster(n), or give the machine a Hierarchy: dcc --as-hierarchy prints one\n"},
};

/* The errors as the table has them. */
static char *print_errors(Diag *diag)
{
    GString *out = g_string_new(NULL);
    bool error = false;
    size_t n;
    const DiagEntry *entry = diag_entries(diag, &n);
    for (size_t i = 0; i < n; i++) {
        int line, column;
        diag_place(diag, entry[i].span, &line, &column);
        if (entry[i].severity == SEVERITY_ERROR)
            g_string_append_printf(out, "%s%d: %s [%s]", error ? "\n" : "", column,
                                   entry[i].message, diag_check_name(entry[i].check));
        else if (error && entry[i].severity == SEVERITY_NOTE)
            g_string_append_printf(out, " | %s", entry[i].message);
        error |= entry[i].severity == SEVERITY_ERROR;
    }
    g_string_append(out, error ? "\n" : "");
    return g_string_free(out, FALSE);
}

START_TEST(a_mistake_is_said)
{
    static const char *files[] = {"text", NULL};
    g_autofree char *text = g_strdup_printf("Dataflow d {\n%s\n}\n%s%s", mistakes[_i].text, network,
                                            mistakes[_i].machine);
    Opened run;
    Template template;
    Job job;
    run_open(&run, files, text, NULL, NULL);
    ck_assert(diag_option(run.diag, "no-no-spatial", NULL) &&
              diag_option(run.diag, "no-idle-fanout", NULL));
    ck_assert(!job_template(run.program, 0, 0, &job, &template));
    ck_assert(job.open && !job.legal && job.why != NULL);
    g_autofree char *got = print_errors(run.diag);
    ck_assert_msg(strcmp(got, mistakes[_i].wanted) == 0, "%s\n%s---\n%s", mistakes[_i].text, got,
                  mistakes[_i].wanted);
    run_close(&run);
}
END_TEST

/* ---- dataflows without holes ---- */

static const char *const shipped[][3] = {
    {"kc-p.m", "mobilenetv2.m", "paper256.hw"},
    {"yr-p.m", "vgg16.m", "paper256.hw"},
    {"x-p.m", "unet.m", "paper256.hw"},
    {"yx-p.m", "dcgan.m", "paper256.hw"},
    {"c-p.m", "resnext50.m", "paper256.hw"},
    {"rs.m", "vgg16.m", "eyeriss.hw"},
    {"fig5-a.m", "conv1d.m", "paper256.hw"},
    {"fig5-b.m", "conv1d.m", "paper256.hw"},
    {"fig5-c.m", "conv1d.m", "paper256.hw"},
    {"fig5-d.m", "conv1d.m", "paper256.hw"},
    {"fig5-e.m", "conv1d.m", "paper256.hw"},
    {"fig5-f.m", "conv1d.m", "paper256.hw"},
    {"ws-gemm.m", "bert-base.m", "tpu-v1.hw"},
    {"os-gemm.m", "bert-base.m", "paper256.hw"},
    {"ff-eyeriss.m", "bert-base.m", "ff-eyeriss.hw"},
    {"ff-eyeriss-mb5.m", "bert-base.m", "ff-eyeriss.hw"},
    {"ff-eyeriss-mb6.m", "bert-base.m", "ff-eyeriss.hw"},
    {"ff-gemmini.m", "bert-base.m", "ff-gemmini.hw"},
    {"ff-gemmini-kqv.m", "bert-base.m", "ff-gemmini.hw"},
    {"ff-gemmini-ktq.m", "bert-base.m", "ff-gemmini.hw"},
    {"ff-simba.m", "bert-base.m", "ff-simba.hw"},
    {"ff-simba-mb6.m", "bert-base.m", "ff-simba.hw"},
    {"ff-tpu.m", "bert-base.m", "ff-tpu.hw"},
    {"ff-tpu-mb2.m", "bert-base.m", "ff-tpu.hw"},
    {"tl-eyeriss-like.m", "resnet18.m", "tl-eyeriss-like.hw"},
    {"tl-simba-like.m", "resnet18.m", "tl-simba-like.hw"},
    {"zz-accelerator1.m", "resnet18.m", "zz-accelerator1.hw"},
    {"zz-accelerator2.m", "resnet18.m", "zz-accelerator2.hw"},
    {"zz-accelerator3.m", "resnet18.m", "zz-accelerator3.hw"},
    {"zz-gemm-128.m", "bert-base.m", "zz-gemm-l1-l3.hw"},
    {"zz-gemm-l1-l3.m", "bert-base.m", "zz-gemm-l1-l3.hw"},
    {"zz-lab1.m", "resnet18.m", "zz-accelerator1.hw"},
};

/* What the nest comes to, written as print does. */
static char *print_nest(const Nest *nest, const Job *job)
{
    Template template = {.n_levels = nest->n_levels};
    for (int l = 0; l < nest->n_levels; l++) {
        const Level *from = &nest->level[l];
        TemplateLevel *to = &template.level[l];
        to->n_maps = from->n_maps;
        for (int m = 0; m < from->n_maps; m++) {
            to->map[m].kinds = 1u << from->map[m].kind;
            to->map[m].dims = 1u << from->map[m].dim;
            to->map[m].size = hole_written(from->map[m].size);
        }
        to->children = hole_written(from->children);
        to->fanout = from->fanout;
        to->rest = from->rest;
        memcpy(to->memory, from->memory, sizeof to->memory);
    }
    return print(&template, job);
}

START_TEST(without_holes_it_is_the_nest)
{
    const char *files[] = {shipped[_i][0], NULL};
    Opened run;
    int legal = 0;
    run_open(&run, files, NULL, shipped[_i][1], shipped[_i][2]);
    for (guint i = 0; i < run.program->layers->len; i++) {
        Template template;
        Job job, same;
        ck_assert(job_lower(run.program, i, 0, &job));
        bool lowered = job_template(run.program, i, 0, &same, &template);
        ck_assert(lowered == job.legal && same.legal == job.legal && !same.open && !job.open);
        if (!job.legal)
            continue;
        g_autofree char *got = print(&template, &job), *wanted = print_nest(&job.nest, &job);
        ck_assert_msg(strcmp(got, wanted) == 0, "%s: %s\n%s---\n%s", files[0], job.layer.name, got,
                      wanted);
        legal++;
    }
    ck_assert_int_gt(legal, 0);
    run_close(&run);
}
END_TEST

/* The file's text with Any at the beginning of each dataflow. */
static char *with_any(const char *file)
{
    g_autofree char *path = source_find(file, SOURCE_DATAFLOW, NULL), *text = NULL;
    g_autoptr(GRegex) begin = g_regex_new("(\nDataflow [^{]*\\{)", 0, 0, NULL);
    ck_assert(path != NULL && g_file_get_contents(path, &text, NULL, NULL));
    return g_regex_replace(begin, text, -1, 0, "\\1 Any over N;", 0, NULL);
}

/* The dims of a derived map are those of the input. */
static bool has_derived(const char *text)
{
    return g_regex_match_simple("\\) [YX];", text, 0, 0);
}

/* Any adds its maps to level 0, and says nothing of the rest, which is read by the other way. */
static void expect_beside(const Template *template, const Job *open, const Job *job)
{
    Template rest = *template;
    TemplateLevel *level = &rest.level[0];
    ck_assert(level->n_maps > 0 && level->map[0].any);
    memmove(&level->map[0], &level->map[1], (size_t) --level->n_maps * sizeof *level->map);
    g_autofree char *got = print(&rest, open), *wanted = print_nest(&job->nest, job);
    ck_assert_msg(strcmp(got, wanted) == 0, "%s: %s\n%s---\n%s", job->dataflow, job->layer.name,
                  got, wanted);
}

START_TEST(beside_a_hole_it_is_the_nest_too)
{
    const char *files[] = {shipped[_i][0], NULL}, *given[] = {"given.m", NULL};
    g_autofree char *text = with_any(files[0]);
    Opened run, open;
    run_open(&run, files, NULL, shipped[_i][1], shipped[_i][2]);
    run_open(&open, given, text, shipped[_i][1], shipped[_i][2]);
    int seen = 0;
    for (guint i = 0; i < run.program->layers->len; i++) {
        Template template;
        Job job, other;
        if (!job_lower(run.program, i, 0, &job) || !job.legal ||
            operator_dim(&job.layer.op, "N") < 0)
            continue;
        if (job_template(open.program, i, 0, &other, &template))
            expect_beside(&template, &other, &job);
        else
            ck_assert_msg(strstr(other.why, "with holes") || strstr(other.why, "does not give") ||
                              strstr(other.why, "no dimension"),
                          "%s: %s", job.layer.name, other.why);
        seen += other.why == NULL;
    }
    ck_assert(seen > 0 || has_derived(text));
    run_close(&open);
    run_close(&run);
}
END_TEST

int main(void)
{
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, TRUE);
    Suite *suite = suite_create("holes");
    TCase *tests = tcase_create("holes");
    tcase_add_loop_test(tests, a_text_leaves_open_what_it_says, 0, G_N_ELEMENTS(texts));
    tcase_add_loop_test(tests, a_mistake_is_said, 0, G_N_ELEMENTS(mistakes));
    tcase_add_loop_test(tests, without_holes_it_is_the_nest, 0, G_N_ELEMENTS(shipped));
    tcase_add_loop_test(tests, beside_a_hole_it_is_the_nest_too, 0, G_N_ELEMENTS(shipped));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
