/* Interpolation of figures: straight lines in log space. */
#include "ir/technology.h"

#include <math.h>

double curve_at(const Curve *curve, double x)
{
    if (curve->n == 0)
        return 0;
    if (curve->n == 1)
        return curve->y[0] * pow(x / curve->x[0], curve->exponent);
    int k = 0;
    while (k + 2 < curve->n && x > curve->x[k + 1])
        k++;
    double slope = log(curve->y[k + 1] / curve->y[k]) / log(curve->x[k + 1] / curve->x[k]);
    return curve->y[k] * pow(x / curve->x[k], slope);
}
