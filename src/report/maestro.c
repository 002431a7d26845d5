/* The columns that MAESTRO writes, under its names and in its order, with exact values.
 *
 * Scripts read these files, so the names keep their blanks.  Tensors are MAESTRO's three
 * roles; a tensor of another role is left out.  dcc(1) says which columns MAESTRO's own
 * code gets wrong, and what each is taken to mean. */
#include <math.h>

#include "engine/offchip.h"
#include "report/number.h"
#include "report/report.h"
#include "report/quote.h"

typedef struct {
    const Report *report;
    const ReportEntry *entry;
    ChipCost chip; /* with just what this layer needs, as in the original */
} Row;

static int tensor_of(const ReportEntry *e, TensorRole role)
{
    const Operator *op = &e->layer->op;
    for (int t = 0; t < op->n_tensors; t++)
        if (op->tensor[t].role == role)
            return t;
    return -1;
}

static double seconds(const ReportEntry *e)
{
    return (double) e->result.cycles / e->machine->clock_hz;
}

/* MACs per joule and second, in 10^9: nothing where energy is not known. */
static double per_energy(const ReportEntry *e)
{
    return (double) e->result.macs / seconds(e) * 1e-9 / (e->cost.total_pj * 1e-12);
}

/* What speaks of an L1 or an L2 is empty on a hierarchy of memories. */
static double classic(const ReportEntry *e, double value)
{
    return e->machine->n_memories > 0 ? NAN : value;
}

/* Of the memories where a layer starts. */
static double root_elements(const ReportEntry *e)
{
    double moved = 0;
    for (int p = 0; p < e->result.n_places; p++) {
        const MemoryResult *place = &e->result.place[p];
        for (int t = 0; t < e->layer->op.n_tensors && place->depth == 0; t++)
            if (place->tensors >> t & 1)
                moved += (double) place->reads[t] + (double) place->writes[t] +
                         (double) place->psum_reads[t];
    }
    return moved;
}

static double offchip_elements(const ReportEntry *e)
{
    double moved = root_elements(e);
    for (int t = 0; t < e->layer->op.n_tensors; t++) {
        OffchipRow row = offchip_moved(e->machine, &e->result, t);
        moved += ((double) row.reads + (double) row.writes);
    }
    return moved;
}

/* How many children take what the parent's buffer is read for once. */
static double multicast(const ReportEntry *e, TensorRole role)
{
    int t = tensor_of(e, role);
    if (t < 0)
        return NAN;
    const TensorCounts *c = &e->result.level[0].tensor[t];
    return c->reads ? (double) c->fills / (double) c->reads : NAN;
}

static double size_of(const ReportEntry *e, TensorRole role)
{
    int t = tensor_of(e, role);
    return t < 0 ? NAN : (double) e->result.tensor_size[t];
}

static double power_of(const Row *row, ChipPart part)
{
    const ChipCost *chip = &row->chip;
    return row->report->figures && !(chip->unknown_mw >> part & 1) ? chip->mw[part] : NAN;
}

static double chip_total(const Row *row, unsigned unknown, double total)
{
    return row->report->figures && !unknown ? total : NAN;
}

static double wires(const Row *row)
{
    return power_of(row, PART_BUS) + power_of(row, PART_ARBITER);
}

/* Nothing where the energy lacks a part. */
static double known(const ReportEntry *e, double value)
{
    return e->costed && !e->cost.unknown ? value : NAN;
}

static double intensity(const ReportEntry *e)
{
    double moved = offchip_elements(e);
    return moved > 0 ? (double) e->result.macs / moved : NAN;
}

/* What a row has of a column; NAN: left empty. */
typedef double (*Value)(const Row *row);

#define VALUE(name, expression)                                                                    \
    static double name(const Row *row)                                                             \
    {                                                                                              \
        const ReportEntry *e = row->entry;                                                         \
        const Result *r = &e->result;                                                              \
        (void) r;                                                                                  \
        return expression;                                                                         \
    }

VALUE(pes, (double) e->machine->pes)
VALUE(runtime, (double) r->cycles)
VALUE(energy_nj, known(e, e->cost.total_pj * 1e-3))
VALUE(throughput, (double) r->macs / (double) r->cycles)
VALUE(throughput_per_energy, known(e, per_energy(e)))
VALUE(area, chip_total(row, row->chip.unknown_um2, row->chip.total_um2))
VALUE(power, chip_total(row, row->chip.unknown_mw, row->chip.total_mw))
VALUE(peak_bandwidth, r->level[0].peak_bandwidth)
VALUE(average_bandwidth, r->level[0].average_bandwidth)
VALUE(lanes, (double) e->machine->lanes)
VALUE(offchip_bandwidth, offchip_elements(e) / (double) r->onchip_cycles)
VALUE(l2_bytes, classic(e, (double) r->l2_required_bytes))
VALUE(l1_bytes, classic(e, (double) r->l1_required_bytes))
VALUE(multicast_weight, multicast(e, ROLE_WEIGHT))
VALUE(multicast_input, multicast(e, ROLE_INPUT))
VALUE(size_input, size_of(e, ROLE_INPUT))
VALUE(size_weight, size_of(e, ROLE_WEIGHT))
VALUE(per_joule, known(e, (double) r->macs / (e->cost.total_pj * 1e-12)))
VALUE(macs, (double) r->macs)
VALUE(power_pe, power_of(row, PART_PES))
VALUE(power_l1, classic(e, power_of(row, PART_L1)))
VALUE(power_l2, classic(e, power_of(row, PART_L2)))
VALUE(power_noc, classic(e, wires(row)))
VALUE(in_least, (double) e->delays.least[DELAY_INGRESS])
VALUE(in_most, (double) e->delays.most[DELAY_INGRESS])
VALUE(in_mean, e->delays.mean[DELAY_INGRESS])
VALUE(out_least, (double) e->delays.least[DELAY_EGRESS])
VALUE(out_most, (double) e->delays.most[DELAY_EGRESS])
VALUE(out_mean, e->delays.mean[DELAY_EGRESS])
VALUE(compute_least, (double) e->delays.least[DELAY_COMPUTE])
VALUE(compute_most, (double) e->delays.most[DELAY_COMPUTE])
VALUE(compute_mean, e->delays.mean[DELAY_COMPUTE])
VALUE(active, r->active_pes)
VALUE(arithmetic_intensity, intensity(e))

/* Five columns a role: L1 and L2 reads and writes, reuse. */
#define TENSOR_VALUE(name, role, array)                                                            \
    VALUE(name, tensor_of(e, role) < 0 ? NAN : classic(e, (double) r->array[tensor_of(e, role)]))
#define TENSOR_VALUES(prefix, role)                                                                \
    TENSOR_VALUE(prefix##_l1_read, role, l1_reads)                                                 \
    TENSOR_VALUE(prefix##_l1_write, role, l1_writes)                                               \
    TENSOR_VALUE(prefix##_l2_read, role, l2_reads)                                                 \
    TENSOR_VALUE(prefix##_l2_write, role, l2_writes)                                               \
    TENSOR_VALUE(prefix##_reuse, role, reuse)

TENSOR_VALUES(input, ROLE_INPUT)
TENSOR_VALUES(filter, ROLE_WEIGHT)
TENSOR_VALUES(output, ROLE_OUTPUT)

typedef struct {
    const char *title;
    Value value;
} Column;

static const Column columns[] = {
    {" NumPEs", pes},
    {" Runtime (Cycles)", runtime},
    {" Activity count-based Energy (nJ)", energy_nj},
    {" Throughput (MACs/Cycle)", throughput},
    {" Throughput Per Energy (GMACs/s*J)", throughput_per_energy},
    {" Area", area},
    {" Power", power},
    {" NoC BW Req (Elements/cycle)", peak_bandwidth},
    {" Avg BW Req", average_bandwidth},
    {" Peak BW Req", peak_bandwidth},
    {" Vector Width", lanes},
    {" Offchip BW Req (Elements/cycle)", offchip_bandwidth},
    {"  L2 SRAM Size Req (Bytes)", l2_bytes},
    {" L1 SRAM Size Req (Bytes)", l1_bytes},
    {" Multicasting Factor (Weight)", multicast_weight},
    {" Multicasting Factor (Input)", multicast_input},
    {" Num Total Input Pixels", size_input},
    {" Num Total Weight Pixels", size_weight},
    {" Ops/J", per_joule},
    {" Num MACs", macs},
    {" PE power", power_pe},
    {" L1 power", power_l1},
    {" L2 power", power_l2},
    {" NOC power", power_noc},
    {" input l1 read", input_l1_read},
    {" input l1 write", input_l1_write},
    {" input l2 read", input_l2_read},
    {" input l2 write", input_l2_write},
    {" input reuse factor", input_reuse},
    {"filter l1 read", filter_l1_read},
    {" filter l1 write", filter_l1_write},
    {" filter l2 read", filter_l2_read},
    {" filter l2 write", filter_l2_write},
    {" filter reuse factor", filter_reuse},
    {"output l1 read", output_l1_read},
    {" output l1 write", output_l1_write},
    {" output l2 read", output_l2_read},
    {" output l2 write", output_l2_write},
    {" output reuse factor", output_reuse},
    {"Ingress Delay (Min)", in_least},
    {" Ingress Delay (Max)", in_most},
    {" Ingress Delay (Avg)", in_mean},
    {" Egress Delay (Min)", out_least},
    {" Egress Delay (Max)", out_most},
    {"  Egress Delay (Avg)", out_mean},
    {"Compute Delay (Min)", compute_least},
    {" Compute Delay (Min)", compute_most}, /* so called there; it is the maximum */
    {" Compute Delay (Avg)", compute_mean},
    {"Avg number of utilized PEs", active},
    {" Arithmetic Intensity", arithmetic_intensity},
};

/* What two of them were called before; behind the others, for scripts of that time. */
static const Column older[] = {
    {" L1 SRAM Size (Bytes)", l1_bytes},
    {"  L2 SRAM Size (Bytes)", l2_bytes},
};

static void append_titles(GString *text, const Column *column, size_t n)
{
    for (size_t c = 0; c < n; c++)
        g_string_append_printf(text, ",%s", column[c].title);
}

void maestro_begin(Output *out, bool with_older)
{
    g_string_append(out->text, "Neural Network Name, Layer Number");
    append_titles(out->text, columns, G_N_ELEMENTS(columns));
    append_titles(out->text, older, with_older ? G_N_ELEMENTS(older) : 0);
    g_string_append(out->text, "\r\n");
}

/* No search takes a runtime, an energy or a size below 0 for one, and all of them can read it. */
static double value_of(const Row *row, const Column *column)
{
    bool evaluated = row->entry->status == ENTRY_EVALUATED;
    return evaluated ? column->value(row) : column->value == pes ? (double) row->report->pes : -1;
}

static void append_values(GString *text, const Row *row, const Column *column, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        double value = value_of(row, &column[c]);
        g_string_append_c(text, ',');
        if (isfinite(value))
            number_exact(text, value);
    }
}

void maestro_row(Output *out, const Report *report, const ReportEntry *entry, bool with_older)
{
    Row row = {.report = report, .entry = entry};
    Capacity capacity = {0};
    if (entry->status == ENTRY_EVALUATED && report->figures) {
        cost_capacity(entry->machine, entry->nest, &entry->result, &capacity);
        cost_chip(entry->machine, &capacity, report->figures, &row.chip);
    }
    quote_csv(out->text, report->network);
    g_string_append_c(out->text, ',');
    quote_csv(out->text, entry->layer->name ? entry->layer->name : "");
    append_values(out->text, &row, columns, G_N_ELEMENTS(columns));
    append_values(out->text, &row, older, with_older ? G_N_ELEMENTS(older) : 0);
    g_string_append(out->text, "\r\n");
    output_spill(out);
}

void maestro_entry(Output *out, const Report *report, const ReportEntry *entry)
{
    if (entry->status == ENTRY_EVALUATED)
        maestro_row(out, report, entry, false);
}

GString *maestro_write(const Report *report)
{
    Output *out = output_memory();
    maestro_begin(out, false);
    for (guint k = 0; k < report->entries->len; k++)
        maestro_entry(out, report, &g_array_index(report->entries, ReportEntry, k));
    return output_take(out);
}
