/* Colours: every one of the drawings has a contrast of 4.5 against the page and against the text
 * that stands on it, in either scheme; paper is light. */
#include "report/page.h"

#include <math.h>

static const char LIGHT[] =
    "--bg:#fff;--fg:#1c1f23;--dim:#565c64;--line:#dde1e6;--rule:#7d848d;--box:#f3f5f8;"
    "--bad:#b3261e;--link:#0b57b0;--on:#fff;"
    "--c0:#1f6fb4;--c1:#a35b00;--c2:#b3261e;--c3:#2e7d32;--c4:#6b3fa0;--c5:#5f6368;--c6:#00767a;"
    "--c7:#9c2780;--c8:#4a5d00;--c9:#0b4f6c;--c10:#8d4a3a;--c11:#3949ab;--c12:#7a5c00;"
    "--c13:#37474f";
static const char DARK[] =
    "--bg:#14171a;--fg:#e8eaed;--dim:#aab0b8;--line:#343a41;--rule:#7f8790;--box:#1e2328;"
    "--bad:#ff8a80;--link:#8ab8ff;--on:#101214;"
    "--c0:#6db3f2;--c1:#f0a94e;--c2:#ff8a80;--c3:#81c784;--c4:#c3a5f0;--c5:#b8bcc2;--c6:#5fd0d3;"
    "--c7:#f08fd0;--c8:#c5d86d;--c9:#8fbbe8;--c10:#d7a48f;--c11:#9fa8ff;--c12:#e0c560;"
    "--c13:#90a4ae";

static const char STYLE[] =
    "*{box-sizing:border-box}\n"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:1480px;margin:0 auto;padding:1rem;"
    "color:var(--fg);background:var(--bg)}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:0;overflow-wrap:anywhere}\n"
    "h2{font-size:1.25rem;margin:2rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}\n"
    "h3{font-size:1.02rem;margin:1rem 0 .3rem}h4{font-size:.95rem;margin:.8rem 0 .2rem}\n"
    "p{margin:.3rem 0 .6rem;max-width:75ch;overflow-wrap:anywhere}\n"
    ".sub,figcaption,.note{color:var(--dim);font-size:.9rem}figcaption h3{color:var(--fg)}\n"
    "a{color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
    ".skip{position:absolute;left:-9999px}.skip:focus{left:1rem;top:.5rem;background:var(--bg);"
    "padding:.3rem .6rem;z-index:1}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:.4rem "
    "0}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.82rem}\n"
    "caption{text-align:left;color:var(--dim);padding-bottom:.3rem}\n"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--line);"
    "white-space:nowrap;vertical-align:top;font-weight:400}\n"
    "thead th{border-bottom:2px solid var(--rule);font-weight:600;vertical-align:bottom}\n"
    "tbody th,td.text,th.text{text-align:left}tfoot td,tfoot th{font-weight:600;"
    "border-top:2px solid var(--rule)}tfoot th{text-align:left}\n"
    "td.best{font-weight:700}.bad{color:var(--bad);font-weight:700}\n"
    "th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;"
    "text-decoration:underline dotted}\n"
    ".scroll{overflow-x:auto;margin:.3rem 0}pre{overflow-x:auto;margin:.3rem 0;padding:.6rem;"
    "background:var(--box);font-size:.8rem;line-height:1.35}\n"
    "figure{margin:.5rem 0}svg{display:block;max-width:100%;height:auto}"
    ".charts svg,.layer svg{width:100%;max-width:760px}\n"
    ".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,620px),1fr));"
    "gap:0 2rem}\n"
    "svg text{font:12px system-ui,sans-serif;fill:var(--fg)}svg .title,svg .dim{fill:var(--dim)}"
    "svg .bold{font-weight:600}svg text.bad{fill:var(--bad);font-weight:700}\n"
    "svg .on{fill:var(--on);font-size:11px}svg .halo{paint-order:stroke;stroke:var(--bg);"
    "stroke-width:3px;stroke-linejoin:round}\n"
    ".grid{stroke:var(--line)}.axis{stroke:var(--rule)}.roof{stroke:var(--fg);stroke-width:2}"
    ".lead{stroke:var(--rule);stroke-width:.8}.limit{stroke:var(--fg);stroke-width:2}"
    ".box{fill:var(--box);stroke:var(--rule)}"
    ".wire{stroke:var(--rule);stroke-width:2}.cloud{opacity:.4}"
    ".front{stroke:var(--fg);stroke-width:1.2}.ring{fill:none;stroke:var(--fg);stroke-width:2}\n"
    "rect.mark{stroke:var(--bg);stroke-width:.8}.over{stroke:var(--bad);stroke-width:2;fill:none}\n"
    ".legend{font-size:.85rem}.legend span{display:inline-block;margin-right:1.1em}"
    ".legend svg{display:inline-block;width:.8em;height:.8em;margin-right:.35em;"
    "vertical-align:-.05em}\n"
    ".first{display:grid;gap:0 2rem;grid-template-columns:minmax(0,1fr)}"
    "@media(min-width:900px){.first{grid-template-columns:440px minmax(0,1fr)}}\n"
    ".totals{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:.6rem;"
    "margin:.4rem 0}.totals div{background:var(--box);padding:.45rem .7rem;border-radius:6px}"
    ".totals dt{color:var(--dim);font-size:.82rem}.totals dd{margin:0;font-size:1.3rem;"
    "font-weight:600;line-height:1.3}.totals small{display:block;font-weight:400;font-size:.78rem;"
    "color:var(--dim);overflow-wrap:anywhere}\n"
    ".worst{padding-left:1.3rem;margin:.3rem 0}.worst li{margin:.35rem 0;overflow-wrap:anywhere}\n"
    "details{margin:.25rem 0}summary{cursor:pointer;padding:.2rem 0;overflow-wrap:anywhere}"
    "summary h3{display:inline;font-size:1rem}"
    "td details,td summary{margin:0;padding:0}"
    "details.layer{border-bottom:1px solid var(--line)}.layer>div{padding:0 0 1rem "
    "1rem;scroll-margin-top:3rem}\n"
    ".notes{font-size:.85rem;overflow-wrap:anywhere}.sum{color:var(--dim);font-size:.88rem}\n"
    "@media print{html{font-size:13px}body{max-width:none;padding:0;font-size:1rem;"
    "print-color-adjust:exact}.charts{display:block}figure{break-inside:avoid}"
    "figcaption{break-after:avoid}.totals dd{white-space:nowrap}"
    "nav,.skip{display:none}h2,h3,summary{break-after:avoid}svg,tr,.totals{break-inside:avoid}"
    ".scroll,pre{overflow:visible}pre{white-space:pre-wrap}a{color:inherit}}\n";

/* Without it everything can be read; with it tables can be sorted, by keys too. */
static const char SCRIPT[] =
    "<script>\n"
    "document.querySelectorAll('table.sortable thead th').forEach(function(th){\n"
    "  var b=document.createElement('button');b.type='button';b.title='sort';\n"
    "  while(th.firstChild)b.appendChild(th.firstChild);th.appendChild(b);\n"
    "  b.addEventListener('click',function(){\n"
    "    var k=th.cellIndex,body=th.closest('table').tBodies[0];\n"
    "    var up=th.getAttribute('aria-sort')!=='ascending';\n"
    "    "
    "th.parentNode.querySelectorAll('th').forEach(function(o){o.removeAttribute('aria-sort');});"
    "\n"
    "    th.setAttribute('aria-sort',up?'ascending':'descending');\n"
    "    function v(r){var c=r.cells[k];return "
    "c.dataset.v===undefined?c.textContent:c.dataset.v;}\n"
    "    Array.from(body.rows).sort(function(a,b){\n"
    "      var x=v(a),y=v(b),d=isNaN(x)||isNaN(y)?x.localeCompare(y):x-y;return up?d:-d;\n"
    "    }).forEach(function(r){body.appendChild(r);});\n"
    "  });\n"
    "});\n"
    "</script>\n";

static void add_colours(GString *out)
{
    for (int c = 0; c < SVG_COLOURS; c++)
        g_string_append_printf(out, ".c%d{fill:var(--c%d)}", c, c);
    g_string_append_c(out, '\n');
}

void page_open(GString *out, const char *title, const char *sub)
{
    g_string_append_printf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n"
        ":root{color-scheme:light dark;%s}\n"
        "@media screen and (prefers-color-scheme:dark){:root{%s}}\n%s",
        LIGHT, DARK, STYLE);
    add_colours(out);
    svg_put(out,
            "</style>\n<title>$</title>\n</head>\n<body>\n"
            "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
            "<header>\n<h1>$</h1>\n<p class=\"sub\">$</p>\n</header>\n",
            title, title, sub);
}

void page_close(GString *out, bool sortable)
{
    g_string_append(out, "</main>\n");
    g_string_append(out, sortable ? SCRIPT : "");
    g_string_append(out, "</body>\n</html>\n");
}

void page_contents(GString *out, const PageLink *links, int n)
{
    g_string_append(out, "<nav aria-label=\"Contents\"><ul>\n");
    for (int k = 0; k < n; k++)
        svg_put(out, "<li><a href=\"#$\">$</a></li>\n", links[k].id, links[k].title);
    g_string_append(out, "</ul></nav>\n<main id=\"main\">\n");
}

void page_section(GString *out, const char *id, const char *title)
{
    svg_put(out, "<section id=\"$\" aria-labelledby=\"$-h\">\n<h2 id=\"$-h\">$</h2>\n", id, id, id,
            title);
}

void page_section_end(GString *out)
{
    g_string_append(out, "</section>\n");
}

/* It can be scrolled by keys, too. */
void page_table(GString *out, const char *caption, bool sortable)
{
    svg_put(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"$\">", caption);
    g_string_append(out, sortable ? "<table class=\"sortable\">" : "<table>");
    svg_put(out, "<caption>$</caption>\n", caption);
}

void page_table_end(GString *out)
{
    g_string_append(out, "</table></div>\n");
}

void page_head(GString *out, const char *text, bool left)
{
    g_string_append(out, left ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">");
    svg_put(out, "$</th>", text);
}

void page_row_head(GString *out, const char *text)
{
    svg_put(out, "<th scope=\"row\">$</th>", text);
}

void page_text(GString *out, const char *text)
{
    svg_put(out, "<td class=\"text\">$</td>", text);
}

void page_number(GString *out, double value, const char *shown)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<td data-v=\"%s\">",
                           isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.6g", value)
                                           : "");
    svg_put(out, "$</td>", shown);
}

void page_lines(GString *out, const char *summary, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1); /* an end of line is not to be shown */
    if (summary != NULL)
        svg_put(out, "<details><summary>$</summary>", summary);
    g_string_append(out, "<pre tabindex=\"0\">");
    for (int k = 0; lines[k] != NULL; k++)
        if (*lines[k] != '\0' || (k > 0 && lines[k + 1] != NULL))
            svg_put(out, "$\n", lines[k]);
    g_string_append(out, summary != NULL ? "</pre></details>\n" : "</pre>\n");
}

void page_legend(GString *out, const char *const *names, int n)
{
    g_string_append(out, "<p class=\"legend\">");
    for (int p = 0; p < n; p++) {
        if (names[p] == NULL)
            continue;
        g_string_append_printf(out,
                               "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\">"
                               "<rect class=\"c%d\" width=\"10\" height=\"10\"/></svg>",
                               p % SVG_COLOURS);
        svg_put(out, "$</span>", names[p]);
    }
    g_string_append(out, "</p>\n");
}
