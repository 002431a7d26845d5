/* What all drawings are made of: texts that fit, shapes, scales with round ticks.  Colours are
 * classes c0, c1, ... of the page's style, so that both schemes have their own. */
#ifndef DCC_REPORT_SVG_H
#define DCC_REPORT_SVG_H

#include <glib.h>
#include <stdbool.h>

/* A drawing is as wide as a narrow window, and grows a little where there is room. */
enum { SVG_WIDTH = 660, SVG_COLOURS = 14, SVG_SHAPES = 6 };

/* Text out of a file as HTML. */
void html_escape(GString *out, const char *text);

/* Appends the form with every `@` replaced by a number (double) and every `$` by an escaped text.
 */
void svg_put(GString *out, const char *form, ...);

/* Both stand for the drawing where it is not seen. */
void svg_open(GString *out, double width, double height, const char *title, const char *desc);
void svg_close(GString *out);

typedef enum { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } Anchor;

/* `kind` is a class, or "". */
void svg_text(GString *out, double x, double y, Anchor anchor, const char *kind, const char *text);

/* Cut in the middle where it is longer; all of it is the tooltip, then. */
void svg_label(GString *out, double x, double y, Anchor anchor, const char *kind, const char *text,
               double width);

/* About how wide a text is at most, in the fonts that browsers take. */
double svg_width(const char *text);
char *svg_cut(const char *text, double width);

void svg_line(GString *out, double x1, double y1, double x2, double y2, const char *kind);

/* A part of a bar: its name and value as the tooltip, the name in it where it fits. */
void svg_part(GString *out, double x, double y, double width, double height, int colour,
              const char *name, const char *value);

/* A mark of one of the shapes, which `hint` says more of. */
void svg_mark(GString *out, int shape, double x, double y, double radius, const char *kind,
              const char *hint);
const char *svg_shape_name(int shape);

/* ---- scales ---------------------------------------------------------------------------- */

typedef struct {
    double from, to;  /* where it lies */
    double low, high; /* the values there */
    bool log;
} Scale;

enum { TICKS_MAX = 24 };

/* From 0 on. */
Scale scale_from_zero(double most, double from, double to);
/* Around the values; logarithmic where they are far apart.  Of log, both must be above 0. */
Scale scale_around(double least, double most, double from, double to);
/* Whole powers of ten. */
Scale scale_decades(double least, double most, double from, double to);

double scale_at(const Scale *scale, double value);

/* Round numbers, ascending; returns how many. */
int scale_ticks(const Scale *scale, double tick[TICKS_MAX]);

/* As a tick is written; owned by the caller. */
char *scale_number(double value);

/* The lines and numbers of an axis along x, or along y, over the other's length. */
void scale_draw_x(GString *out, const Scale *x, double top, double bottom, const char *title);
void scale_draw_y(GString *out, const Scale *y, double left, double right, const char *title);

#endif
