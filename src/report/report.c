/* The container that the writers read; nothing here knows a format. */
#include "report/report.h"

Report *report_new(void)
{
    Report *report = g_new0(Report, 1);
    report->tool = report->version = "";
    report->dataflow = report->network = report->hardware = "";
    report->entries = g_array_new(FALSE, TRUE, sizeof(ReportEntry));
    report->notes = g_array_new(FALSE, TRUE, sizeof(ReportNote));
    return report;
}

void report_take_notes(Report *report, Diag *diag)
{
    size_t count;
    const DiagEntry *entries = diag_entries(diag, &count);
    g_array_set_size(report->notes, 0);
    for (size_t i = 0; i < count; i++) {
        ReportNote note = {.severity = diag_severity_name(entries[i].severity),
                           .message = entries[i].message};
        note.file = diag_place(diag, entries[i].span, &note.line, &note.column);
        g_array_append_val(report->notes, note);
    }
}

void report_free(Report *report)
{
    if (!report)
        return;
    g_array_free(report->entries, TRUE);
    g_array_free(report->notes, TRUE);
    g_free(report);
}

const char *report_status_name(EntryStatus status)
{
    switch (status) {
    case ENTRY_EVALUATED:
        return "evaluated";
    case ENTRY_REFUSED:
        return "refused";
    case ENTRY_OVERFLOW:
        return "overflow";
    }
    g_assert_not_reached();
}
