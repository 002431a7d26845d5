/* MAESTRO's command line: a mapping file and a machine in options, a row of its CSV for each layer.
 *
 * A search starts this once for each mapping that it tries, so it does no more than it must, and
 * says nothing on standard output unless it is asked to.
 *
 * Exit status: 0, 1 if a layer or the file is refused, 2 if the command line or a file is wrong. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/claims.h"
#include "report/report.h"
#include "run/evaluation.h"
#include "tools/command.h"
#include "tools/parts/help.h"
#include "tools/streams.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2 };

/* What an option's value is. */
typedef enum { VALUE_TEXT, VALUE_BOOL, VALUE_COUNT, VALUE_REAL } ValueKind;

typedef enum {
    OPTION_MAPPING,
    OPTION_HARDWARE,
    OPTION_PRINT,
    OPTION_CSV,
    OPTION_TOP_ONLY,
    OPTION_SET,  /* dcc's own */
    OPTION_FILE, /* of the machine, and a hardware file's where there is one */
    OPTION_KEY,  /* of the machine */
    OPTION_NONE  /* it means nothing here */
} OptionId;

/* MAESTRO's, in the order of its help. */
static const struct {
    const char *name;
    ValueKind kind;
    OptionId id;
    const char *key;   /* of the machine, as --set has it; NULL: none */
    const char *flat;  /* the same in MAESTRO's form of hardware; NULL: it has none */
    const char *plain; /* what it is if nothing is said of it; NULL: nothing in particular */
} options[] = {
    {"print_res", VALUE_BOOL, OPTION_PRINT, NULL, NULL, NULL},
    {"print_res_csv_file", VALUE_BOOL, OPTION_CSV, NULL, NULL, NULL},
    {"print_log_file", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"msg_print_lv", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"dataflow_file", VALUE_TEXT, OPTION_NONE, NULL, NULL, NULL},
    {"layer_file", VALUE_TEXT, OPTION_NONE, NULL, NULL, NULL},
    {"Mapping_file", VALUE_TEXT, OPTION_MAPPING, NULL, NULL, NULL},
    {"DFSL_file", VALUE_TEXT, OPTION_MAPPING, NULL, NULL, NULL}, /* so called until 2020 */
    {"HW_file", VALUE_TEXT, OPTION_HARDWARE, NULL, NULL, NULL},
    {"offchip_bw_cstr", VALUE_COUNT, OPTION_FILE, "offchip.bandwidth", "offchip_bw_cstr", NULL},
    {"noc_bw_cstr", VALUE_COUNT, OPTION_FILE, "noc0.bandwidth", "noc_bw_cstr", NULL},
    {"noc_hops", VALUE_COUNT, OPTION_FILE, "noc.hops", "NoC_NumHops", NULL},
    {"noc_hop_latency", VALUE_COUNT, OPTION_FILE, "noc.latency", NULL, "1"},
    {"noc_mc_support", VALUE_BOOL, OPTION_KEY, "noc.multicast", NULL, "yes"},
    {"top_bw_only", VALUE_BOOL, OPTION_TOP_ONLY, NULL, NULL, NULL},
    {"bw_sweep", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"num_pes", VALUE_COUNT, OPTION_FILE, "pes", "num_pes", NULL},
    {"num_simd_lanes", VALUE_COUNT, OPTION_KEY, "lanes", NULL, "1"},
    {"do_implicit_reduction", VALUE_BOOL, OPTION_KEY, "noc.reduction", NULL, "yes"},
    {"do_fg_sync", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"do_reduction_op", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"full_buffer", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"do_dse", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"verbose", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"print_design_space", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"print_space", VALUE_BOOL, OPTION_NONE, NULL, NULL, NULL},
    {"l1_size_cstr", VALUE_COUNT, OPTION_FILE, "l1.capacity", "l1_size_cstr", NULL},
    {"l2_size_cstr", VALUE_COUNT, OPTION_FILE, "l2.capacity", "l2_size_cstr", NULL},
    {"min_num_PEs", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"min_noc_bw", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"max_num_PEs", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"max_noc_bw", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"pe_tick", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"bw_tick", VALUE_COUNT, OPTION_NONE, NULL, NULL, NULL},
    {"area_constraint", VALUE_REAL, OPTION_NONE, NULL, NULL, NULL},
    {"power_constraint", VALUE_REAL, OPTION_NONE, NULL, NULL, NULL},
    {"optimization_target", VALUE_TEXT, OPTION_NONE, NULL, NULL, NULL},
    {"set", VALUE_TEXT, OPTION_SET, NULL, NULL, NULL},
};

/* Before it added "_cstr" to them MAESTRO also named two columns otherwise. */
static const char *const older[] = {"noc_bw", "l1_size", "l2_size"};

/* What is asked for. */
typedef struct {
    const char *mapping, *hardware;
    const char *given[G_N_ELEMENTS(options)]; /* the last value of each; NULL: not given */
    GPtrArray *sets;                          /* owned texts KEY=VALUE */
    bool print, csv, top_only, older;
} Asked;

static const char help[] =
    "dcc-maestro --Mapping_file=FILE.m [--HW_file=FILE] [--num_pes=N] [OPTION=VALUE...]\n"
    "\n"
    "Evaluates the layers of a mapping file with MAESTRO's options, and appends a row for each\n"
    "to FILE.csv in the current folder.  dcc-maestro(1) tells more.\n";

/* ---- the command line ---- */

static bool usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool usage(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *error = g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args);
    va_end(args);
    return false;
}

/* As MAESTRO takes it, a name may be cut off where that leaves it one option's.  -1 with *error
 * set. */
static int find_option(const char *name, size_t length, GError **error)
{
    const char *names[G_N_ELEMENTS(options)];
    int found = -1, alike = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        names[i] = options[i].name;
        if (length == 0 || strncmp(options[i].name, name, length) != 0)
            continue;
        if (options[i].name[length] == '\0')
            return (int) i;
        found = (int) i;
        alike++;
    }
    if (alike == 1)
        return found;
    g_autofree char *word = g_strndup(name, length);
    const char *near = diag_nearest(word, names, G_N_ELEMENTS(names));
    if (alike > 1)
        usage(error, "--%s is the beginning of %d options", word, alike);
    else
        usage(error, "no option --%s%s%s%s", word, near != NULL ? "; did you mean '--" : "",
              near != NULL ? near : "", near != NULL ? "'?" : "");
    return -1;
}

/* 1, 0, or -1 if it is none of the words for either. */
static int read_bool(const char *text)
{
    static const char *const words[][2] = {
        {"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        for (int value = 0; value < 2; value++)
            if (g_ascii_strcasecmp(text, words[i][value]) == 0)
                return value;
    return -1;
}

static bool check_value(int option, const char *text, GError **error)
{
    const char *name = options[option].name;
    char *end = NULL;
    switch (options[option].kind) {
    case VALUE_BOOL:
        return read_bool(text) >= 0 || usage(error, "--%s=%s: wants true or false", name, text);
    case VALUE_COUNT:
        return g_ascii_string_to_unsigned(text, 10, 0, INT32_MAX, NULL, NULL) ||
               usage(error, "--%s=%s: wants a whole number up to %d", name, text, INT32_MAX);
    case VALUE_REAL:
        (void) g_ascii_strtod(text, &end);
        return (end != text && *end == '\0') || usage(error, "--%s=%s: wants a number", name, text);
    default:
        return g_utf8_validate(text, -1, NULL) || options[option].id != OPTION_SET ||
               usage(error, "--%s: this is not UTF-8", name);
    }
}

static void take(Asked *asked, int option, const char *value)
{
    asked->given[option] = value;
    switch (options[option].id) {
    case OPTION_MAPPING:
        asked->mapping = value;
        break;
    case OPTION_HARDWARE:
        asked->hardware = value[0] != '\0' ? value : NULL;
        break;
    case OPTION_PRINT:
        asked->print = read_bool(value) == 1;
        break;
    case OPTION_CSV:
        asked->csv = read_bool(value) == 1;
        break;
    case OPTION_TOP_ONLY:
        asked->top_only = read_bool(value) == 1;
        break;
    default:
        break;
    }
}

/* NAME=VALUE, or NAME and the next word; false with *error set. */
static bool take_word(Asked *asked, char ***word, GError **error)
{
    const char *text = **word;
    if (!g_str_has_prefix(text, "--"))
        return usage(error, "%s: options begin with --", text);
    const char *name = text + 2, *value = strchr(name, '=');
    size_t length = value != NULL ? (size_t) (value - name) : strlen(name);
    int option = find_option(name, length, error);
    if (option < 0)
        return false;
    value = value != NULL ? value + 1 : *++*word;
    if (value == NULL)
        return usage(error, "--%s wants a value", options[option].name);
    for (size_t i = 0; i < G_N_ELEMENTS(older); i++)
        asked->older |= strlen(older[i]) == length && strncmp(name, older[i], length) == 0;
    if (!check_value(option, value, error))
        return false;
    take(asked, option, value);
    if (options[option].id == OPTION_SET)
        g_ptr_array_add(asked->sets, g_strdup(value));
    return true;
}

static bool read_options(Asked *asked, char **word, GError **error)
{
    for (word++; *word != NULL; word++)
        if (!take_word(asked, &word, error))
            return false;
    return asked->mapping != NULL || usage(error, "no --Mapping_file; --help tells more");
}

/* ---- the machine ---- */

/* What is said nothing of is as MAESTRO has it. */
static const char machine_name[] = "<options>", machine_pes[] = "num_pes: 7\n",
                  machine_latency[] = "noc.latency=0";

static bool was_given(const Asked *asked, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
        if (options[i].key != NULL && strcmp(options[i].key, key) == 0)
            return asked->given[i] != NULL;
    return false;
}

/* The interconnects have one bandwidth there, and it is not the outermost one's alone. */
static bool is_flat(const Asked *asked, size_t option)
{
    bool bandwidth = g_str_has_suffix(options[option].key, ".bandwidth") &&
                     g_str_has_prefix(options[option].key, "noc");
    return options[option].flat != NULL && !(bandwidth && asked->top_only);
}

/* The machine of the options, in the form of a hardware file, which is read at once, where keys are
 * read one by one; owned by the caller. */
static char *machine_text(const Asked *asked)
{
    GString *text = g_string_new(was_given(asked, "pes") ? "" : machine_pes);
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
        if (options[i].key != NULL && asked->given[i] != NULL && is_flat(asked, i))
            g_string_append_printf(text, "%s: %s\n", options[i].flat, asked->given[i]);
    return g_string_free(text, FALSE);
}

/* Whether the option is a key to be set by itself; *value is what to. */
static bool is_set(const Asked *asked, size_t option, const char **value)
{
    const bool file = asked->hardware != NULL;
    *value = asked->given[option];
    if (options[option].key == NULL || *value == NULL)
        return false;
    if (options[option].kind == VALUE_BOOL)
        *value = read_bool(*value) == 1 ? "yes" : "no";
    if (options[option].id == OPTION_FILE && (file || is_flat(asked, option)))
        return false;
    return file || g_strcmp0(options[option].plain, *value) != 0;
}

/* Those of the options come before those of --set. */
static const char **machine_sets(Asked *asked)
{
    g_autoptr(GPtrArray) own = asked->sets;
    const char *value;
    asked->sets = g_ptr_array_new_with_free_func(g_free);
    if (asked->hardware == NULL && !was_given(asked, "noc.latency"))
        g_ptr_array_add(asked->sets, g_strdup(machine_latency));
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
        if (is_set(asked, i, &value))
            g_ptr_array_add(asked->sets, g_strdup_printf("%s=%s", options[i].key, value));
    g_ptr_array_extend_and_steal(asked->sets, g_steal_pointer(&own));
    g_ptr_array_add(asked->sets, NULL);
    return (const char **) asked->sets->pdata;
}

/* ---- the CSV ---- */

/* As MAESTRO names it: without the first two folders, up to the first dot. */
static char *csv_path(const char *mapping)
{
    const char *name = mapping;
    for (int folder = 0; folder < 2; folder++) {
        const char *slash = strchr(name, '/');
        name = slash != NULL ? slash + 1 : name;
    }
    return g_strdup_printf("%.*s.csv", (int) strcspn(name, "."), name);
}

/* Rows are added to a file that is there; the names of the columns only to one that is empty. */
static bool append(const char *path, const Output *rows, bool with_older, GError **error)
{
    struct stat state;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0)
        return output_failed(path, errno, error);
    Output *out = output_memory();
    if (fstat(file, &state) == 0 && state.st_size == 0)
        maestro_begin(out, with_older);
    GString *text = output_take(out);
    g_string_append_len(text, rows->text->str, (gssize) rows->text->len);
    int why = 0;
    for (gsize done = 0; done < text->len && why == 0;) {
        ssize_t n = write(file, text->str + done, text->len - done);
        if (n >= 0)
            done += (gsize) n;
        else if (errno != EINTR)
            why = errno;
    }
    g_string_free(text, TRUE);
    if (close(file) != 0 && why == 0)
        why = errno;
    return why == 0 || output_failed(path, why, error);
}

/* ---- the run ---- */

static Report *report_of(const Program *program, const Evaluation *evaluation)
{
    Report *report = report_new();
    report->tool = "dcc-maestro";
    report->version = DCC_VERSION;
    report->network = program->network;
    report->hardware = program->hardware;
    report->dataflow = evaluation->dataflow;
    report->technology = program->has_technology ? program->technology.name : "";
    report->figures = evaluation->technology;
    if (evaluation->has_machine) {
        report->machine = &evaluation->machine;
        report->pes = report->machine->pes;
        report->clock_hz = report->machine->clock_hz;
    }
    return report;
}

/* Rows for the file, and where it is asked for dcc's table. */
static bool evaluate(const Program *program, const Asked *asked, Output *rows, GError **error)
{
    g_autoptr(Evaluation) evaluation = evaluation_new(program, 0, false);
    g_autoptr(Report) report = report_of(program, evaluation);
    const TextStyle style = {.colour = command_colours(stdout), .width = command_width(stdout)};
    Output *out = asked->print ? output_open("-", error) : NULL;
    Text *text = out != NULL ? text_begin(report, style) : NULL;
    const ReportEntry *entry;
    while ((entry = evaluation_next(evaluation)) != NULL) {
        maestro_row(rows, report, entry, asked->older);
        if (text != NULL)
            text_entry(text, entry);
    }
    if (text == NULL)
        return *error == NULL;
    evaluation_finish(evaluation);
    report->chip = evaluation->chip;
    report_take_notes(report, program->trees->diag);
    text_end(text, report, out);
    return output_close(out, error);
}

static bool run(Asked *asked, Sources *sources, Diag *diag, GError **error)
{
    const char *files[] = {asked->mapping, NULL};
    const bool own = asked->hardware == NULL;
    const ProgramRequest request = {.files = files,
                                    .hardware = own ? machine_name : asked->hardware,
                                    .technology = "28nm",
                                    .sets = machine_sets(asked),
                                    .together = true};
    g_autofree char *path = csv_path(asked->mapping);
    const Claim claim = {"the CSV file", path, false};
    g_autofree char *machine = machine_text(asked);
    if (own && !sources_give(sources, machine_name, machine, strlen(machine), error))
        return false;
    g_autoptr(Program) program = program_read(&request, diag, error);
    if (program == NULL || (asked->csv && !claims_check(&claim, 1, sources, NULL, error)))
        return false;
    Output *rows = output_memory();
    bool well = evaluate(program, asked, rows, error) &&
                (!asked->csv || append(path, rows, asked->older, error));
    g_string_free(output_take(rows), TRUE);
    return well;
}

static int run_with(Asked *asked)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    bool well = run(asked, sources, diag, &error);
    diag_print(diag, "dcc-maestro", stderr, command_colours(stderr));
    if (error != NULL)
        fprintf(stderr, "dcc-maestro: %s\n", error->message);
    return !well ? EXIT_USAGE : diag_errors(diag) > 0 ? EXIT_INPUT : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    streams_begin();
    Asked asked = {.print = true, .csv = true};
    g_autoptr(GError) error = NULL;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return help_print("dcc-maestro", help);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return help_version("dcc-maestro");
    asked.sets = g_ptr_array_new_with_free_func(g_free);
    int status = EXIT_USAGE;
    if (read_options(&asked, argv, &error))
        status = run_with(&asked);
    if (error != NULL)
        fprintf(stderr, "dcc-maestro: %s\n", error->message);
    g_ptr_array_free(asked.sets, TRUE);
    return status;
}
