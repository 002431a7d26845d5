/* Why a layer takes what it does, as JSON. */
#include <math.h>

#include "report/why.h"

static void append_key(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "\"%s\": ", key);
    if (text != NULL)
        json_append_text(out, text);
    else
        g_string_append(out, "null");
}

static void append_reals(GString *out, const char *key, double real)
{
    g_string_append_printf(out, ", \"%s\": ", key);
    json_append_real(out, real);
}

static void append_time_parts(GString *out, const ReportEntry *entry, const Why *why)
{
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        g_autofree char *label = why_time_label(entry, part);
        g_string_append(out, i ? ", {" : "{");
        append_key(out, "cause", why_cause_names[part->cause]);
        g_string_append(out, ", \"link\": ");
        if (part->link >= 0)
            g_string_append_printf(out, "%d, ", part->link);
        else
            g_string_append(out, "null, ");
        append_key(out, "tensor",
                   part->tensor >= 0 ? entry->layer->op.tensor[part->tensor].name : NULL);
        g_string_append_printf(out, ", \"cycles\": %" G_GINT64_FORMAT ", ", part->cycles);
        append_key(out, "label", label);
        g_string_append_c(out, '}');
    }
}

static void append_energy_parts(GString *out, const ReportEntry *entry, const Why *why)
{
    for (guint i = 0; i < why->energy->len; i++) {
        const WhyEnergy *part = &g_array_index(why->energy, WhyEnergy, i);
        g_autofree char *label = why_energy_label(entry, part);
        g_string_append(out, i ? ", {" : "{");
        append_key(out, "cause", why_energy_names[part->cause]);
        g_string_append(out, ", ");
        append_key(out, "part", part->part >= 0 ? entry->cost.name[part->part] : NULL);
        g_string_append(out, ", ");
        append_key(out, "tensor",
                   part->tensor >= 0 ? entry->layer->op.tensor[part->tensor].name : NULL);
        append_reals(out, "pj", part->pj);
        g_string_append(out, ", ");
        append_key(out, "label", label);
        g_string_append_c(out, '}');
    }
}

static void append_remedy_parts(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    double edp = entry->costed ? entry->cost.edp : NAN;
    for (guint i = 0; remedies != NULL && i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        g_autofree char *label = why_remedy_label(r);
        g_string_append(out, i ? ", {" : "{");
        append_key(out, "kind", remedy_names[r->kind]);
        g_string_append(out, ", ");
        append_key(out, "what", r->what);
        append_reals(out, "from", r->from);
        append_reals(out, "to", r->to);
        g_string_append(out, ", ");
        append_key(out, "unit", r->unit);
        g_string_append_printf(out, ", \"fits\": %s, \"cycles\": %" G_GINT64_FORMAT,
                               r->fits ? "true" : "false", r->cycles);
        append_reals(out, "energy_pj", r->pj);
        append_reals(out, "edp", r->edp);
        append_reals(out, "speedup", (double) entry->result.cycles / (double) MAX(1, r->cycles));
        append_reals(out, "edp_gain", edp / r->edp);
        g_string_append(out, ", ");
        append_key(out, "dataflow", r->dataflow);
        g_string_append(out, ", ");
        append_key(out, "label", label);
        g_string_append_c(out, '}');
    }
}

void why_json(GString *out, const ReportEntry *entry, const Why *why, const GArray *remedies,
              int indent)
{
    g_string_append_printf(out, "%*s{", indent, "");
    append_key(out, "layer", entry->layer->name);
    g_string_append_printf(out, ", \"cycles\": %" G_GINT64_FORMAT ",\n%*s \"time\": [",
                           entry->result.cycles, indent, "");
    append_time_parts(out, entry, why);
    g_string_append_printf(out, "],\n%*s \"energy\": [", indent, "");
    append_energy_parts(out, entry, why);
    g_string_append_printf(out, "],\n%*s \"remedies\": [", indent, "");
    append_remedy_parts(out, entry, remedies);
    g_string_append(out, "]}");
}
