#include "tools/parts/dcc.h"

#include <string.h>

#include "tools/command.h"

Report *dcc_report(const Program *program, const Evaluation *evaluation)
{
    Report *report = report_new();
    report->tool = "dcc";
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

bool dcc_takes_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

bool dcc_writes_text(const Options *options, const Program *program)
{
    return !dcc_takes_stdout(options->csv) && !dcc_takes_stdout(options->json) &&
           !dcc_takes_stdout(options->html) && program->layers->len > 0;
}

TextStyle dcc_style(const Options *options)
{
    return (TextStyle){.colour = command_colours(stdout),
                       .detail = options->detail,
                       .width = command_width(stdout)};
}

Forms *dcc_forms(const Options *options, GError **error)
{
    const FormPaths paths = {.csv = options->csv,
                             .json = options->json,
                             .html = options->html,
                             .maestro = g_strcmp0(options->columns, "maestro") == 0};
    return forms_open(&paths, error);
}

void dcc_tell_layers(Forms *forms, Evaluation *evaluation)
{
    Layer layer;
    int levels;
    for (guint i = 0; i < evaluation->program->layers->len && forms_want_layers(forms); i++) {
        const Machine *machine = evaluation_outline(evaluation, i, &layer, &levels);
        forms_layer(forms, &layer, machine, levels);
    }
}
