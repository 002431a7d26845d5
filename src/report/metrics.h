/* The table of metrics (metrics.def) as data, and how to read one from an entry. */
#ifndef DCC_REPORT_METRICS_H
#define DCC_REPORT_METRICS_H

#include "report/report.h"

typedef enum {
#define METRIC(id, path, unit, kind, flags, title, expression) METRIC_##id,
#include "report/metrics.def"
#undef METRIC
    METRICS
} MetricId;

typedef enum {
    METRIC_KIND_TEXT,
    METRIC_KIND_COUNT,
    METRIC_KIND_REAL,
    METRIC_KIND_SHARE
} MetricKind;

enum {
    METRIC_FLAG_ALWAYS = 1,
    METRIC_FLAG_TOTAL_SUM = 2,
    METRIC_FLAG_TOTAL_MAX = 4,
    METRIC_FLAG_TOTAL_MEAN = 8,
    METRIC_FLAG_JSON_ONLY = 16,
    METRIC_FLAG_LACKS = 32,
    METRIC_FLAG_TOTAL_PRODUCT = 64,
    METRIC_FLAG_TOTAL_SAME = 128,
    METRIC_FLAG_CLASSIC = 256,
    METRIC_FLAG_MEMORIES = 512
};

typedef struct {
    const char *path, *unit, *title; /* title: NULL if the text table has no column for it */
    MetricKind kind;
    unsigned flags;
} Metric;

extern const Metric metrics_table[METRICS];

/* Which of the values that a path with placeholders stands for. */
typedef struct {
    int dim, tensor, level, depth, memory;
} MetricIndex;

typedef struct {
    bool known;    /* false: not evaluated, or too large for its kind */
    bool at_least; /* not known, but at least `real`: a part of it has no figure */
    MetricKind kind;
    int64_t count;
    double real;
    const char *text;
} MetricValue;

/* Whether the path holds the placeholder, e.g. "{t}". */
bool metrics_varies(MetricId id, const char *placeholder);

/* Whether layers on such a machine have the metric; NULL: a classic one. */
bool metrics_fits(MetricId id, const Machine *machine);

/* Whether the entry has it at this index: a tensor stands only with the memories and below the cuts
 * that hold it. */
bool metrics_there(MetricId id, const ReportEntry *entry, MetricIndex at);

/* Where a memory of a hierarchy holds a tensor: in one place at most; NULL: nowhere. */
const MemoryResult *metrics_place(const ReportEntry *entry, int memory, int tensor);
/* Whether the tensor passes the children of the level, for what is deeper inside. */
bool metrics_passes(const ReportEntry *entry, MetricIndex at);

/* As if every memory held all that it can, and every level too: what layers of this kind may have.
 * Borrows both; levels 0: only what is known of any layer. */
void metrics_outline(const Layer *layer, const Machine *machine, int levels, ReportEntry *entry);

/* The first index of a metric in an entry; false if there is none. */
bool metrics_first(MetricId id, const ReportEntry *entry, MetricIndex *at);

/* Moves on to the next index; false after the last. */
bool metrics_next(MetricId id, const ReportEntry *entry, MetricIndex *at);

MetricValue metrics_read(MetricId id, const ReportEntry *entry, MetricIndex at);

/* A value as a table has it: bytes, joules and joule seconds with a prefix of their own; other
 * units would repeat what the title says. */
GString *metrics_cell(MetricId id, MetricValue value);

/* What decides which paths an entry has: the names of the layer's operator and how many levels were
 * evaluated (0: none); on a hierarchy, what the memories hold, too.  Owned by the caller. */
char *metrics_signature(const Layer *layer, int levels);
char *metrics_signature_of(const ReportEntry *entry);

/* The path with its placeholders filled in, e.g. "l1.reads.W"; owned by the caller. */
char *metrics_name(MetricId id, const ReportEntry *entry, MetricIndex at);

#endif
