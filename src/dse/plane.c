/* Which points of a plane can be left out is settled by one lemma.  Let row i' < i be no worse in
 * um2_1, mw_1, pj_1 and bytes_1, and fit.  Then for every column j the point (i', j) is no worse
 * than (i, j) in area, power and energy: both are sums with the same second operand, and rounded
 * addition is monotone.  Its time is the same, so it is valid if (i, j) is, no worse in energy
 * times time and in bytes and, with its smaller number, ahead of (i, j) in every minimum and front,
 * ties included.  The same holds for columns with their time as a fourth figure.  So the points of
 * rows and columns without such a one before them are enough. */
#include "dse/plane.h"

#include <math.h>
#include <string.h>

void plane_new(Plane *p, int64_t n1, int64_t n2)
{
    memset(p, 0, sizeof *p);
    p->n1 = n1;
    p->n2 = n2;
    p->um2_1 = g_new0(double, n1);
    p->mw_1 = g_new0(double, n1);
    p->pj_1 = g_new0(double, n1);
    p->fits_1 = g_new0(bool, n1);
    p->um2_2 = g_new0(double, n2);
    p->mw_2 = g_new0(double, n2);
    p->pj_2 = g_new0(double, n2);
    p->fits_2 = g_new0(bool, n2);
    p->cycles = g_new0(int64_t, n2);
    p->seconds = g_new0(double, n2);
}

void plane_clear(Plane *p)
{
    g_free(p->um2_1);
    g_free(p->mw_1);
    g_free(p->pj_1);
    g_free(p->fits_1);
    g_free(p->um2_2);
    g_free(p->mw_2);
    g_free(p->pj_2);
    g_free(p->fits_2);
    g_free(p->cycles);
    g_free(p->seconds);
}

static bool is_stopped(const Plane *p)
{
    return p->stop && *p->stop;
}

static bool within(const Plane *p, int64_t i, int64_t j)
{
    return p->um2_1[i] + p->um2_2[j] <= p->most_um2 && p->mw_1[i] + p->mw_2[j] <= p->most_mw;
}

static Point point_at(const Plane *p, int64_t i, int64_t j)
{
    return (Point){.index = p->first + i * p->n2 + j,
                   .cycles = p->cycles[j],
                   .macs = p->macs,
                   .seconds = p->seconds[j],
                   .pj = p->pj_1[i] + p->pj_2[j],
                   .um2 = p->um2_1[i] + p->um2_2[j],
                   .mw = p->mw_1[i] + p->mw_2[j],
                   .l1 = p->bytes_1[i],
                   .l2 = p->bytes_2[j],
                   .partial = p->partial};
}

/* ---- every point ----------------------------------------------------------------- */

/* Points visited lately.  One that has a predecessor here that is no worse in every figure need
 * not be visited (the predecessor's number is smaller: the walk goes upwards). */
enum { RECENT = 16, STRETCH = 1024 }; /* STRETCH: points from one look at the stop to the next */

typedef struct {
    int n;
    struct {
        int64_t cycles;
        double pj, um2, mw, bytes;
    } seen[RECENT];
} Recent;

static bool beaten(const Recent *recent, int64_t cycles, double pj, double um2, double mw,
                   double bytes)
{
    for (int k = 0; k < recent->n; k++)
        if (recent->seen[k].cycles <= cycles && recent->seen[k].pj <= pj &&
            recent->seen[k].um2 <= um2 && recent->seen[k].mw <= mw &&
            recent->seen[k].bytes <= bytes)
            return true;
    return false;
}

static void remember(Recent *recent, const Point *point)
{
    if (recent->n == RECENT)
        return;
    recent->seen[recent->n].cycles = point->cycles;
    recent->seen[recent->n].pj = point->pj;
    recent->seen[recent->n].um2 = point->um2;
    recent->seen[recent->n].bytes = point->l1 + point->l2;
    recent->seen[recent->n++].mw = point->mw;
}

static int64_t walk_row(const Plane *p, int64_t i, bool each, Recent *recent, PlaneVisit visit,
                        void *data)
{
    double um2_1 = p->um2_1[i], mw_1 = p->mw_1[i], pj_1 = p->pj_1[i], bytes_1 = p->bytes_1[i];
    int64_t valid = 0;
    for (int64_t j = 0; j < p->n2 && !(j % STRETCH == 0 && is_stopped(p)); j++) {
        double um2 = um2_1 + p->um2_2[j], mw = mw_1 + p->mw_2[j], pj = pj_1 + p->pj_2[j];
        bool good = (um2 <= p->most_um2) & (mw <= p->most_mw) & p->fits_2[j];
        valid += good;
        if (!good || (!each && beaten(recent, p->cycles[j], pj, um2, mw, bytes_1 + p->bytes_2[j])))
            continue;
        Point point = point_at(p, i, j);
        visit(&point, data);
        remember(recent, &point);
    }
    return valid;
}

static PlaneCount walk_all(const Plane *p, bool each, PlaneVisit visit, void *data)
{
    PlaneCount count = {p->n1 * p->n2, 0};
    Recent recent = {0};
    for (int64_t i = 0; i < p->n1 && !is_stopped(p); i++)
        if (p->fits_1[i])
            count.valid += walk_row(p, i, each, &recent, visit, data);
    return count;
}

/* ---- the best -------------------------------------------------------------------- */

static bool row_beaten(const Plane *p, const GArray *rows, int64_t i)
{
    for (guint k = 0; k < rows->len; k++) {
        int64_t r = g_array_index(rows, int64_t, k);
        if (p->um2_1[r] <= p->um2_1[i] && p->mw_1[r] <= p->mw_1[i] && p->pj_1[r] <= p->pj_1[i] &&
            p->bytes_1[r] <= p->bytes_1[i])
            return true;
    }
    return false;
}

static bool column_beaten(const Plane *p, const GArray *columns, int64_t j)
{
    for (guint k = 0; k < columns->len; k++) {
        int64_t c = g_array_index(columns, int64_t, k);
        if (p->um2_2[c] <= p->um2_2[j] && p->mw_2[c] <= p->mw_2[j] && p->pj_2[c] <= p->pj_2[j] &&
            p->cycles[c] <= p->cycles[j] && p->bytes_2[c] <= p->bytes_2[j])
            return true;
    }
    return false;
}

/* Valid points.  Where nothing falls along rows and columns, the valid points of a row are those
 * from the first column that fits to the last within budget, and that last one moves left from
 * row to row. */
static int64_t count_valid(const Plane *p)
{
    int64_t first = 0, end = p->n2, valid = 0;
    while (p->rising && first < p->n2 && !p->fits_2[first])
        first++;
    for (int64_t i = 0; i < p->n1 && !is_stopped(p); i++) {
        if (!p->fits_1[i])
            continue;
        if (p->rising) {
            while (end > first && !within(p, i, end - 1))
                end--;
            valid += end - first;
        } else {
            for (int64_t j = 0; j < p->n2; j++)
                valid += p->fits_2[j] && within(p, i, j);
        }
    }
    return valid;
}

/* A plane of one point. */
static PlaneCount walk_one(const Plane *p, PlaneVisit visit, void *data)
{
    if (!p->fits_1[0] || !p->fits_2[0] || !within(p, 0, 0))
        return (PlaneCount){0, 0};
    Point point = point_at(p, 0, 0);
    visit(&point, data);
    return (PlaneCount){1, 1};
}

static PlaneCount walk_best(const Plane *p, PlaneVisit visit, void *data)
{
    if (p->n1 == 1 && p->n2 == 1)
        return walk_one(p, visit, data);
    PlaneCount count = {0, count_valid(p)};
    if (count.valid == 0)
        return count;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int64_t i = 0; i < p->n1 && !is_stopped(p); i++)
        if (p->fits_1[i] && !row_beaten(p, rows, i))
            g_array_append_val(rows, i);
    for (int64_t j = 0; j < p->n2 && !is_stopped(p); j++)
        if (p->fits_2[j] && !column_beaten(p, columns, j))
            g_array_append_val(columns, j);
    count.evaluated = (int64_t) rows->len * columns->len;
    for (guint r = 0; r < rows->len && !is_stopped(p); r++)
        for (guint c = 0; c < columns->len && !(c % STRETCH == 0 && is_stopped(p)); c++) {
            int64_t i = g_array_index(rows, int64_t, r), j = g_array_index(columns, int64_t, c);
            Point point = point_at(p, i, j);
            if (within(p, i, j))
                visit(&point, data);
        }
    return count;
}

PlaneCount plane_walk(const Plane *plane, PlaneDepth depth, PlaneVisit visit, void *data)
{
    return depth == PLANE_BEST ? walk_best(plane, visit, data)
                               : walk_all(plane, depth == PLANE_EACH, visit, data);
}

/* ---- nothing is valid -------------------------------------------------------------- */

/* The least figure of those that fit; INFINITY if none does. */
static double least_of(const double *figure, const bool *fits, int64_t n)
{
    double least = INFINITY;
    for (int64_t i = 0; i < n; i++)
        if (fits[i])
            least = fmin(least, figure[i]);
    return least;
}

static unsigned lack(Lack which, double value, double least[LACKS])
{
    least[which] = value;
    return 1U << which;
}

unsigned plane_lacks(const Plane *p, double least[LACKS])
{
    double um2_1 = least_of(p->um2_1, p->fits_1, p->n1), mw_1 = least_of(p->mw_1, p->fits_1, p->n1);
    double um2_2 = least_of(p->um2_2, p->fits_2, p->n2), mw_2 = least_of(p->mw_2, p->fits_2, p->n2);
    unsigned lacks = p->lacks;
    memcpy(least, p->least, sizeof p->least);
    if (!lacks && isinf(um2_1))
        lacks |= lack(LACK_L1, p->need_1, least);
    if (isinf(um2_2))
        lacks |= lack(LACK_L2, p->need_2, least);
    if (lacks)
        return lacks;
    if (um2_1 + um2_2 > p->most_um2)
        lacks |= lack(LACK_AREA, um2_1 + um2_2, least);
    if (mw_1 + mw_2 > p->most_mw)
        lacks |= lack(LACK_POWER, mw_1 + mw_2, least);
    return lacks ? lacks : lack(LACK_BOTH, 0, least);
}
