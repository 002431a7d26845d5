/* Energy, area and power of the building blocks, each figure with its source.
 * Figures come from hardware files; none is known to the program. */
#ifndef DCC_IR_TECHNOLOGY_H
#define DCC_IR_TECHNOLOGY_H

#include <stdbool.h>

enum { POINTS_MAX = 16 };

/* source is borrowed; NULL: the figure is not given, and counts as 0. */
typedef struct {
    double value;
    const char *source;
} Figure;

/* A figure that depends on another: capacity in bytes, or width in bits.  Between the points
 * it is interpolated in log space; beyond the ends the nearest segment goes on; a single
 * point goes on as y = y0 * (x / x0)^exponent. */
typedef struct {
    int n;
    double x[POINTS_MAX], y[POINTS_MAX]; /* ascending x, all above 0 */
    double exponent;
    const char *source;
} Curve;

/* A kind of buffer: pJ of a read and a write of word_bits, by capacity in bytes. */
typedef struct {
    Curve read_pj, write_pj;
    double word_bits;
    Figure um2_per_byte, mw_per_byte;
} Memory;

/* What grows with the number n of units that a wire bundle of `width` elements per cycle joins:
 * (square * n^2 + linear * n + constant) * width, times um2 or mw. */
typedef struct {
    double square, linear, constant;
    bool by_width;
    Figure um2, mw;
} Wiring;

typedef struct {
    const char *name;
    double node_nm;    /* 0: not given */
    Curve mac_pj;      /* by operand bits */
    Figure mac_um2, mac_mw;
    Memory l1, buffer, l2;
    Wiring bus, arbiter;
    Figure hop_pj_per_bit;     /* an element's bit over one hop of a NoC */
    Figure offchip_pj_per_bit;
    Figure idle_mw;            /* of the rest of the chip */
    double energy_factor, area_factor; /* to another node; 1: none */
    const char *factor_source;
} Technology;

/* The curve at x > 0; 0 if it has no points. */
double curve_at(const Curve *curve, double x);

#endif
