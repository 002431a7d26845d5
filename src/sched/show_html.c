/* A Gantt chart in one file: a row for each core and each link, a mark for each node and transfer,
 * in the colours of dcc's reports by layer.  A mark says what it is under the pointer; the wheel
 * zooms, dragging moves, a double click shows all again. */
#include "report/number.h"
#include "report/page.h"
#include "sched/show.h"

#define I64 "%" G_GINT64_FORMAT

enum { ROW = 26, BAR = 20 /* pixels */ };

static const char style[] =
    "<style>\n"
    ".chart{display:flex}.names{flex:none;padding-right:8px;font-size:12px;text-align:right}\n"
    ".names div{height:26px;line-height:26px}\n"
    "#plot{flex:auto;min-width:0;cursor:grab;touch-action:none}#plot rect:hover{opacity:.6}\n"
    "#axis{display:flex;max-width:none;justify-content:space-between;font-size:12px}\n"
    "</style>\n";

static const char script[] =
    "<script>\n"
    "var "
    "plot=document.getElementById('plot'),all=+plot.dataset.cycles,h=+plot.dataset.h,a=0,b=all,"
    "from=null;\n"
    "function show(){plot.setAttribute('viewBox',a+' 0 '+(b-a)+' '+h);\n"
    " document.getElementById('a').textContent=Math.round(a);\n"
    " document.getElementById('b').textContent=Math.round(b)+' cycles';}\n"
    "function at(e){var r=plot.getBoundingClientRect();return "
    "a+(b-a)*(e.clientX-r.left)/r.width;}\n"
    "function "
    "set(x,w){w=Math.min(all,Math.max(10,w));a=Math.min(Math.max(0,x),all-w);b=a+w;show();}\n"
    "plot.addEventListener('wheel',function(e){e.preventDefault();var "
    "x=at(e),f=e.deltaY>0?1.25:.8;\n"
    " set(x-(x-a)*f,(b-a)*f);},{passive:false});\n"
    "plot.addEventListener('pointerdown',function(e){from=at(e);plot.setPointerCapture(e.pointerId)"
    ";});\n"
    "plot.addEventListener('pointermove',function(e){if(from!==null)set(a+from-at(e),b-a);});\n"
    "plot.addEventListener('pointerup',function(){from=null;});\n"
    "plot.addEventListener('dblclick',function(){set(0,all);});\n"
    "show();\n"
    "</script>\n";

static void mark(Output *out, int row, int64_t start, int64_t end, int layer, const char *what)
{
    g_string_append_printf(
        out->text,
        "<rect class=\"c%d\" x=\"" I64 "\" y=\"%d\" width=\"" I64 "\" height=\"%d\">"
        "<title>",
        layer % SVG_COLOURS, start, row * ROW + (ROW - BAR) / 2, end - start, BAR);
    html_escape(out->text, what);
    g_string_append_printf(out->text, "&#10;" I64 " to " I64 ", " I64 " cycles</title></rect>\n",
                           start, end, end - start);
    output_spill(out);
}

static void mark_nodes(const Show *show, Output *out)
{
    const Graph *graph = show->chosen->plan.graph;
    const Timeline *line = &show->chosen->timeline;
    for (int n = 0; n < graph->plan.n_nodes; n++) {
        g_autoptr(GString) name = g_string_new(NULL);
        show_node(show, n, name);
        mark(out, show->chosen->plan.core[n], line->start[n], line->end[n], graph->node[n].layer,
             name->str);
    }
}

static void mark_transfers(const Show *show, Output *out)
{
    const PlanSystem *system = &show->problem->system;
    const GArray *transfers = show->chosen->timeline.transfers;
    for (guint i = 0; i < transfers->len; i++) {
        const PlanTransfer *t = &g_array_index(transfers, PlanTransfer, i);
        const PlanRoute *route = &system->route[t->from * (system->n_cores + 1) + t->to];
        g_autoptr(GString) name = g_string_new(NULL);
        if (t->with >= 0)
            continue;
        show_piece(show, t->piece, name);
        g_string_append_printf(name, ", " I64 " bytes, %s to %s", t->bits / 8 + (t->bits % 8 > 0),
                               show_place(show, t->from), show_place(show, t->to));
        for (int l = 0; l < route->n; l++)
            mark(out, system->n_cores + route->link[l], t->start, t->end,
                 show->chosen->plan.graph->piece[t->piece].layer, name->str);
    }
}

static void write_names(const Show *show, Output *out)
{
    const PlanSystem *system = &show->problem->system;
    g_string_append(out->text, "<div class=\"names\">\n");
    for (int i = 0; i < system->n_cores + system->n_links; i++) {
        g_string_append(out->text, "<div>");
        html_escape(out->text, i < system->n_cores ? show_place(show, i)
                                                   : show_link(show, i - system->n_cores));
        g_string_append(out->text, "</div>\n");
    }
    g_string_append(out->text, "</div>\n");
}

/* Colours begin anew where there are more layers. */
static void write_legend(const Show *show, Output *out)
{
    const char *names[SVG_COLOURS];
    const int n = show->problem->fleet->n_layers;
    for (int first = 0; first < n; first += SVG_COLOURS) {
        int some = MIN(n - first, SVG_COLOURS);
        for (int k = 0; k < some; k++)
            names[k] = show->problem->fleet->layer[first + k].layer.name;
        page_legend(out->text, names, some);
    }
}

/* "CONV1: c0, Y' all" for each layer. */
static void write_choice(const Show *show, Output *out)
{
    g_string_append(out->text, "<p>");
    for (int l = 0; l < show->problem->fleet->n_layers; l++) {
        g_autoptr(GString) text = g_string_new(l > 0 ? "; " : "");
        g_string_append_printf(text, "%s: ", show->problem->fleet->layer[l].layer.name);
        for (int i = 0; i < problem_cores(show_split_of(show, l)); i++)
            g_string_append_printf(text, "%s, ", show_core(show, l, i));
        show_split(show, l, text);
        html_escape(out->text, text->str);
        output_spill(out);
    }
    g_string_append(out->text, "</p>\n");
}

void show_html(const Show *show, Output *out)
{
    const PlanSystem *system = &show->problem->system;
    int64_t cycles = show->chosen->timeline.cycles;
    int height = ROW * (system->n_cores + system->n_links);
    g_autofree char *title = g_strdup_printf("%s on %s", show->problem->fleet->network,
                                             show->problem->fleet->system.name);
    g_autoptr(GString) sub = g_string_new(NULL);
    g_string_append_printf(sub, I64 " cycles, ", cycles);
    number_scaled(sub, timeline_pj(&show->chosen->timeline) * 1e-12, "J");
    g_string_append_printf(sub, "; priority %s", show_priority(show));
    g_string_append(sub, "; the wheel zooms, dragging moves, a double click shows all");
    page_open(out->text, title, sub->str);
    g_string_append_printf(out->text, "<main id=\"main\">\n%s<div class=\"chart\">\n", style);
    write_names(show, out);
    g_string_append_printf(
        out->text,
        "<svg id=\"plot\" role=\"img\" aria-label=\"Cores and links over time\" "
        "width=\"100\" height=\"%d\" preserveAspectRatio=\"none\" style=\"height:%dpx\" "
        "viewBox=\"0 0 " I64 " %d\" data-cycles=\"" I64 "\" data-h=\"%d\">\n",
        height, height, cycles, height, cycles, height);
    mark_nodes(show, out);
    mark_transfers(show, out);
    g_string_append_printf(
        out->text,
        "</svg>\n</div>\n<p id=\"axis\"><span id=\"a\">0</span><span id=\"b\">" I64
        " cycles</span></p>\n",
        cycles);
    write_legend(show, out);
    write_choice(show, out);
    g_string_append(out->text, script);
    page_close(out->text, false);
}
