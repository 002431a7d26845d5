/* What the parts of the dcc-dse tool share: its options. */
#ifndef DCC_TOOLS_PARTS_DSE_H
#define DCC_TOOLS_PARTS_DSE_H

#include "dse/studyfile.h"
#include "dse/sweep.h"

typedef struct {
    char **files, **layers, **sets, **defines, **sweeps, **warnings;
    char *model, *hardware, *technology, *area, *power, *buffers, *objectives;
    char *front, *points, *json, *html, *shard, *checkpoint, *resume, *map_time, *map_sizes;
    StudyFile *study; /* NULL: none */
    StudyMap mapping; /* if `map` */
    double node;
    gint64 threads, rows; /* threads 0: not given */
    gboolean map, no_prune, plan, version;
    Ranks *ranks; /* NULL: this process is alone */
} DseOptions;

bool dse_parse(DseOptions *options, char ***words, GError **error);
void dse_clear(DseOptions *options);

bool dse_objectives(const char *text, ObjectiveSet *set, GError **error);

/* A first file that ends in .dse holds options; false after reporting, or with *error set. */
bool dse_studyfile(DseOptions *options, Diag *diag, GError **error);

#endif
