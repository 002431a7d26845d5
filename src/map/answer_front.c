#include "map/answer.h"
#include "report/number.h"
#include "report/quote.h"

void answer_front_begin(Output *out)
{
    g_string_append(out->text, "layer,energy_pj,cycles,edp (J s),dataflow\r\n");
}

void answer_front_layer(Output *out, const Mapped *m)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (guint i = 0; m->found != NULL && m->best != NULL && i < m->found->len; i++) {
        const SearchFound *found = &g_array_index(m->found, SearchFound, i);
        const Machine *machine = m->best->machine;
        g_autoptr(GString) nest = nest_print(m->layer, &found->nest, machine, "found");
        quote_csv(out->text, m->layer->name);
        const double values[] = {found->pj, found->cycles,
                                 cost_edp(found->pj, found->cycles / machine->clock_hz)};
        for (size_t k = 0; k < G_N_ELEMENTS(values); k++)
            g_string_append_printf(out->text, ",%s", g_ascii_dtostr(text, sizeof text, values[k]));
        g_string_append_c(out->text, ',');
        quote_csv(out->text, nest->str);
        g_string_append(out->text, "\r\n");
    }
    output_flush(out);
}
