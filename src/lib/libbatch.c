/* Batches: a job evaluated with many values of some of its numbers, in one call. */
#include "lib/lib.h"

#include <math.h>

typedef struct {
    dcc_context *context;
    const dcc_column *column;
    const dcc_metric *metric;
    int columns, metrics;
    dcc_job *job; /* a copy, which is changed row by row */
    dcc_result *result;
    bool machine; /* all columns are of the machine: the nest is prepared once */
    int prepared; /* the status of that */
    bool costed;  /* a metric has been asked for that evaluation leaves open */
} Batch;

static int set_column(dcc_job *job, const dcc_column *column, int64_t value)
{
    switch (column->kind) {
    case DCC_COLUMN_EXTENT:
        return dcc_set_extent(job, column->index, value);
    case DCC_COLUMN_SIZE:
        return dcc_set_size(job, column->level, column->index, value);
    case DCC_COLUMN_CLUSTER:
        return dcc_set_cluster(job, column->level, value);
    case DCC_COLUMN_UNITS:
        return dcc_set_units(job, column->level, value);
    case DCC_COLUMN_MACHINE:
        return dcc_set_machine(job, column->index, value);
    case DCC_COLUMN_OFFCHIP:
        return dcc_set_offchip(job, (double) value);
    case DCC_COLUMN_BUFFER:
        return dcc_set_buffer_bytes(job, column->level, value);
    case DCC_COLUMN_BANDWIDTH:
        return dcc_set_bandwidth(job, column->level, column->index, value, 1);
    default:
        return dcc_set_noc(job, column->level, column->index, value);
    }
}

/* What may be set between dcc_prepare and dcc_time. */
static bool is_of_machine(const dcc_column *column)
{
    return column->kind > DCC_COLUMN_MACHINE ||
           (column->kind == DCC_COLUMN_MACHINE && column->index != DCC_PES);
}

static bool is_batch(const Batch *batch, int n, const int64_t *values, const double *found)
{
    bool counts = batch->columns >= 0 && batch->metrics >= 0 && n >= 0;
    bool arrays = counts && (batch->columns == 0 || batch->column != NULL) &&
                  (batch->metrics == 0 || batch->metric != NULL) &&
                  (n == 0 || ((batch->columns == 0 || values != NULL) &&
                              (batch->metrics == 0 || found != NULL)));
    for (int c = 0; arrays && c < batch->columns; c++)
        arrays =
            batch->column[c].kind >= DCC_COLUMN_EXTENT && batch->column[c].kind <= DCC_COLUMN_NOC;
    for (int m = 0; arrays && m < batch->metrics; m++)
        arrays = dcc_metric_type(batch->metric[m]) >= 0;
    return arrays;
}

static int set_row(const Batch *batch, const int64_t *values)
{
    int status = DCC_OK;
    for (int c = 0; c < batch->columns && status >= 0; c++)
        status = set_column(batch->job, &batch->column[c], values[c]);
    return status;
}

static int run_row(const Batch *batch)
{
    if (!batch->machine)
        return dcc_evaluate(batch->context, batch->job, batch->result);
    return batch->prepared >= 0 ? dcc_time(batch->context, batch->job, batch->result)
                                : batch->prepared;
}

static void cost_row(const Batch *batch)
{
    dcc_cost(batch->job, batch->result);
    dcc_gain(batch->job, batch->result);
}

/* False if one is not known. */
static bool read_row(const Batch *batch, double *found)
{
    bool known = true;
    for (int m = 0; m < batch->metrics; m++) {
        found[m] = dcc_real(batch->result, batch->metric[m]);
        known = known && !isnan(found[m]);
    }
    return known;
}

static int do_row(Batch *batch, const int64_t *values, double *found)
{
    int status = set_row(batch, values);
    if (status >= 0)
        status = run_row(batch);
    if (status < 0) {
        for (int m = 0; m < batch->metrics; m++)
            found[m] = NAN;
        return status;
    }
    if (batch->costed)
        cost_row(batch);
    if (!read_row(batch, found) && !batch->costed) {
        batch->costed = true;
        cost_row(batch);
        read_row(batch, found);
    }
    return status;
}

int dcc_batch(dcc_context *context, const dcc_job *job, int columns, const dcc_column *column,
              int metrics, const dcc_metric *metric, int n, const int64_t *values, double *found,
              int32_t *status)
{
    Batch batch = {.context = context,
                   .column = column,
                   .metric = metric,
                   .columns = columns,
                   .metrics = metrics,
                   .machine = true};
    if (!is_batch(&batch, n, values, found))
        return DCC_BAD_ARGUMENT;
    batch.job = dcc_job_copy(job);
    batch.result = dcc_result_new();
    for (int c = 0; c < columns; c++)
        batch.machine = batch.machine && is_of_machine(&column[c]);
    if (batch.machine)
        batch.prepared = dcc_prepare(context, batch.job);
    for (int i = 0; i < n; i++) {
        int done = do_row(&batch, &values[(size_t) i * (size_t) columns],
                          &found[(size_t) i * (size_t) metrics]);
        if (status != NULL)
            status[i] = done;
    }
    dcc_result_free(batch.result);
    dcc_job_free(batch.job);
    context->prepared = false;
    return DCC_OK;
}
