/* What is written is what was read, with its units; what is the default is left out. */
#include "frontend/recast.h"

#include <string.h>

#define I64 "%" G_GINT64_FORMAT

/* --- amounts --- */

static void print_rational(Rational value, GString *out)
{
    if (value.den == 1)
        g_string_append_printf(out, I64, value.num);
    else
        g_string_append_printf(out, I64 "/" I64, value.num, value.den);
}

/* In the largest of these that gives a whole number, else in the last. */
typedef struct {
    const char *name;
    int64_t factor;
} Step;

static void print_in(Rational value, const Step *steps, GString *out)
{
    while (steps->factor > 1 && (value.den != 1 || value.num % steps->factor != 0))
        steps++;
    print_rational((Rational){value.num / steps->factor, value.den}, out);
    g_string_append_printf(out, " %s", steps->name);
}

static void print_bytes(int64_t bytes, GString *out)
{
    static const Step steps[] = {{"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}};
    print_in((Rational){bytes, 1}, steps, out);
}

static void print_bits(Rational bits, GString *out)
{
    static const Step steps[] = {{"bit", 1}};
    print_in(bits, steps, out);
}

static void print_rate(const Rate *rate, GString *out)
{
    static const Step seconds[] = {{"GB/s", 8000000000}, {"MB/s", 8000000}, {"bit/s", 1}};
    static const Step cycles[] = {{"B/cycle", 8}, {"bit/cycle", 1}};
    if (rate->unit == PER_CYCLE_ELEMENTS)
        print_rational(rate->amount, out);
    else
        print_in(rate->amount, rate->unit == PER_SECOND_BITS ? seconds : cycles, out);
}

/* "Key: value" or "Key { tensor: value ... }"; nothing where nothing is given. */
static void print_rates(const char *key, const TensorRate *rate,
                        void (*print)(const Rate *, GString *), GString *out)
{
    if (rate->n == 0 && rate->all.amount.num == 0)
        return;
    g_string_append_printf(out, "%s%s", key, rate->n > 0 ? " { " : ": ");
    if (rate->n == 0)
        print(&rate->all, out);
    for (int i = 0; i < rate->n; i++) {
        g_string_append_printf(out, "%s%s: ", i > 0 ? ", " : "", rate->name[i]);
        print(&rate->by_name[i], out);
    }
    g_string_append(out, rate->n > 0 ? " }\n" : "\n");
}

static void print_width(const Rate *rate, GString *out)
{
    print_bits(rate->amount, out);
}

/* --- the chip --- */

static void print_precision(const Hardware *hardware, GString *out)
{
    TensorRate precision = hardware->precision;
    if (hardware->partial_bits == 0) {
        print_rates("Precision", &precision, print_width, out);
        return;
    }
    if (precision.n == 0) { /* a body, for Partial */
        static const char *const roles[] = {"Input", "Weight", "Output"};
        for (; precision.n < 3; precision.n++) {
            precision.name[precision.n] = roles[precision.n];
            precision.by_name[precision.n] = precision.all;
        }
    }
    print_rates("Precision", &precision, print_width, out);
    g_string_truncate(out, out->len - strlen(" }\n"));
    g_string_append_printf(out, ", Partial: " I64 " bit }\n", hardware->partial_bits);
}

static void print_chip(const Hardware *hardware, GString *out)
{
    static const Step hertz[] = {{"GHz", 1000000000}, {"MHz", 1000000}, {"kHz", 1000}, {"Hz", 1}};
    if (hardware->clock_given) {
        g_string_append(out, "Clock: ");
        print_in(hardware->clock_hz, hertz, out);
        g_string_append(out, "\n");
    }
    print_precision(hardware, out);
    if (hardware->setup.amount.num > 0) {
        g_string_append(out, "Setup: ");
        print_rational(hardware->setup.amount, out);
        g_string_append(out, hardware->setup.seconds ? " s\n" : "\n");
    }
    if (hardware->technology != NULL)
        g_string_append_printf(out, "Technology: \"%s\"\n", hardware->technology);
}

static void print_budget(const Hardware *hardware, GString *out)
{
    char area[G_ASCII_DTOSTR_BUF_SIZE], power[G_ASCII_DTOSTR_BUF_SIZE];
    if (hardware->area_budget_mm2 <= 0 && hardware->power_budget_mw <= 0)
        return;
    g_string_append(out, "Budget { ");
    if (hardware->area_budget_mm2 > 0)
        g_string_append_printf(out, "Area: %s mm2 ",
                               g_ascii_dtostr(area, sizeof area, hardware->area_budget_mm2));
    if (hardware->power_budget_mw > 0)
        g_string_append_printf(out, "Power: %s mW ",
                               g_ascii_dtostr(power, sizeof power, hardware->power_budget_mw));
    g_string_append(out, "}\n");
}

/* --- memories and the fan-out --- */

static void print_memory(const char *name, int64_t bytes, GString *out)
{
    g_string_append_printf(out, "Memory %s { ", name);
    if (bytes > 0) {
        g_string_append(out, "Capacity: ");
        print_bytes(bytes, out);
    }
    g_string_append(out, " }\n");
}

static void print_offchip(const Hardware *hardware, GString *out)
{
    g_string_append(out, "Memory OffChip { ");
    if (hardware->offchip.all.amount.num > 0) {
        g_string_append(out, "Bandwidth { Shared: ");
        print_rate(&hardware->offchip.all, out);
        g_string_append(out, " } ");
    }
    g_string_append(out, "}\n");
}

static void print_fanout(const Hardware *hardware, GString *out)
{
    static const char *const prefetches[] = {[PREFETCH_LAYER] = "layer",
                                             [PREFETCH_TILE] = "tile",
                                             [PREFETCH_NONE] = "none",
                                             [PREFETCH_STEP] = "step"};
    const HardwareNoc *noc = &hardware->noc[0];
    g_string_append_printf(out, "Fanout PE " I64 " {\n", hardware->pes);
    print_rates("Bandwidth", &noc->bandwidth, print_rate, out);
    g_string_append(out, "Latency: ");
    print_rational(noc->latency, out);
    g_string_append(out, "\nHops: ");
    print_rational(noc->hops, out);
    g_string_append_printf(out, "\nMulticast: %s\nReduction: %s\nPrefetch: %s\n}\n",
                           noc->multicast ? "yes" : "no", noc->reduction ? "yes" : "no",
                           prefetches[noc->prefetch]);
}

/* --- what has no place --- */

static bool same_amount(Rational a, Rational b)
{
    return a.num == b.num && a.den == b.den;
}

static bool same_rate(const Rate *a, const Rate *b)
{
    return a->unit == b->unit && same_amount(a->amount, b->amount);
}

static bool same_rates(const TensorRate *a, const TensorRate *b)
{
    bool same = a->n == b->n && same_rate(&a->all, &b->all);
    for (int i = 0; i < a->n && same; i++)
        same = strcmp(a->name[i], b->name[i]) == 0 && same_rate(&a->by_name[i], &b->by_name[i]);
    return same;
}

static bool same_noc(const HardwareNoc *a, const HardwareNoc *b)
{
    return same_rates(&a->bandwidth, &b->bandwidth) && same_amount(a->hops, b->hops) &&
           same_amount(a->latency, b->latency) && a->multicast == b->multicast &&
           a->reduction == b->reduction && a->prefetch == b->prefetch;
}

static void print_left_out(const Hardware *hardware, GString *out)
{
    for (int l = 1; l < LEVELS_MAX; l++)
        if (!same_noc(&hardware->noc[l], &hardware->noc[l - 1]))
            g_string_append_printf(out,
                                   "// NoC %d is not in it: a Fanout for each level of clusters "
                                   "would have a link of its own.\n",
                                   l);
    for (int l = 1; l < LEVELS_MAX; l++)
        if (hardware->buffer_bytes[l] > 0)
            g_string_append_printf(out,
                                   "// Buffer %d is not in it: it would be a Memory between two "
                                   "Fanouts.\n",
                                   l);
    if (hardware->offchip_holds.n > 0)
        g_string_append(out, "// The Holds of OffChip are not in it: that some tensors live in L2 "
                             "between layers cannot be said.\n");
}

GString *recast_print(const Hardware *classic, const char *name, bool has_technology)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "// %s as a hierarchy of memories.\n", name);
    print_left_out(classic, out);
    if (has_technology)
        g_string_append(out, "// The Technology of the file is not in it.\n");
    g_string_append_printf(out, "\nAccelerator \"%s\" {\n", name);
    print_chip(classic, out);
    g_string_append(out, "Hierarchy {\n");
    print_offchip(classic, out);
    print_memory("L2", classic->l2_bytes, out);
    print_fanout(classic, out);
    print_memory("L1", classic->l1_bytes, out);
    g_string_append_printf(out, "MAC { Lanes: " I64 " }\n}\n", classic->lanes);
    print_budget(classic, out);
    g_string_append(out, "}\n");
    return out;
}
