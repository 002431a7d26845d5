/* A sum drawn step by step: each part begins where the one before it ends. */
#ifndef DCC_REPORT_WATERFALL_H
#define DCC_REPORT_WATERFALL_H

#include "report/svg.h"

typedef struct {
    const char *label;
    double value; /* may be below 0: the sum falls */
    bool total;   /* it is what the sum has come to, and begins at 0 */
    int colour;
} WaterfallPart;

/* `unit` stands behind every value, `axis` below. */
void waterfall_draw(GString *out, const char *title, const char *axis, const char *unit,
                    const WaterfallPart *parts, int n);

#endif
