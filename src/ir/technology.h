/* Energy, area and power of the building blocks, each figure with its source.
 * Figures come from hardware files; none is known to the program. */
#ifndef DCC_IR_TECHNOLOGY_H
#define DCC_IR_TECHNOLOGY_H

#include <stdbool.h>

enum { POINTS_MAX = 16 };

/* The numbers that a figure is meant for; high 0: not known. */
typedef struct {
    double low, high;
} Range;

/* source is borrowed; NULL: the figure is not given, which is not the same as 0. */
typedef struct {
    double value;
    const char *source;
} Figure;

/* A figure that depends on another: capacity in bytes, or width in bits.  Between the points
 * it is interpolated in log space; beyond the ends the nearest segment goes on; a single
 * point goes on as y = y0 * (x / x0)^exponent.  A closed form, whose n is 1, has no points. */
typedef struct {
    int n;
    bool closed;                         /* y = (square * x + linear) * x */
    double square, linear;               /* of the closed form */
    double x[POINTS_MAX], y[POINTS_MAX]; /* ascending x, all above 0 */
    double exponent;
    double bits;              /* of an energy: what y is of; 0: an element, however wide */
    bool sloped;              /* the slopes are set */
    double slope[POINTS_MAX]; /* of the segment that begins at a point, in log space */
    Range range;
    const char *source; /* NULL: not given */
} Curve;

/* A kind of buffer, by capacity in bytes: pJ of a read and of a write, um2 and mW of the
 * whole. */
typedef struct {
    Curve read_pj, write_pj, um2, mw;
} MemoryKind;

/* scale * (square * n^2 + linear * n + constant), for n units. */
typedef struct {
    double scale, square, linear, constant;
    Range range;
    const char *source; /* NULL: not given */
} Polynomial;

/* A node's figures: dynamic energy is as a V^2 + b V + c, area relative to a common node. */
typedef struct {
    double nm, a, b, c, area;
} Node;

enum { NODES_MAX = 16 };

typedef struct {
    int n;
    Node node[NODES_MAX];
    const char *source;
} Scaling;

typedef struct {
    const char *name;
    double node_nm, volts; /* 0: not given */
    Curve mac_pj;          /* by bits of the operands */
    Figure mac_um2, mac_mw;
    MemoryKind l1, buffer, l2;
    Polynomial bus_um2, bus_mw;         /* per element and cycle of width, n: PEs */
    Polynomial arbiter_um2, arbiter_mw; /* n: PEs */
    Figure hop_pj;                      /* over one hop of a NoC */
    Figure offchip_pj;
    double hop_bits, offchip_bits;     /* of what a figure is the energy; 0: of an element */
    Figure idle_mw;                    /* of the rest of the chip */
    double energy_factor, area_factor; /* applied already; 1: none */
    const char *factor_source;
} Technology;

/* The curve at x > 0; 0 if it has no points. */
double curve_at(const Curve *curve, double x);

/* Sets the slopes of all curves, so that curve_at need not take their logarithms each time.  To be
 * called when their points are final; scaling leaves slopes as they are. */
void technology_slopes(Technology *technology);

double polynomial_at(const Polynomial *polynomial, double n);

/* Whether x is more than twice beyond either end of what the figure is meant for. */
bool curve_beyond(const Curve *curve, double x);
bool polynomial_beyond(const Polynomial *polynomial, double n);

/* Whether the table has the node. */
bool scaling_has(const Scaling *scaling, double nm);

/* Brings energies and areas of what is on the chip to another node; powers go with the energies.
 * False if either node is not in the table (nothing is changed).  The other node is taken at its
 * nominal voltage, 1 V for nodes of 45 nm and more, else 0.8 V, which volts of 0 mean as well. */
bool technology_scale(Technology *technology, const Scaling *scaling, double nm);

#endif
