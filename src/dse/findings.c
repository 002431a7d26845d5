/* Counts add up, of points the best and the front are kept. */
#include "dse/findings.h"

#include <math.h>
#include <string.h>

Findings *findings_new(ObjectiveSet front)
{
    Findings *findings = g_new0(Findings, 1);
    findings->front = front_new(front);
    findings->first_illegal = findings->first_missing = findings->first_unfit = -1;
    for (Lack k = 0; k < LACKS; k++)
        findings->least[k] = INFINITY;
    return findings;
}

void findings_free(Findings *findings)
{
    if (!findings)
        return;
    front_free(findings->front);
    g_free(findings);
}

static void take_best(Findings *f, const Point *point, bool first)
{
    for (Objective o = 0; o < OBJECTIVES; o++) {
        double new = pareto_value(point, o), old = pareto_value(&f->best[o], o);
        if (first || new < old || (new == old &&pareto_order(point, &f->best[o]) < 0))
            f->best[o] = *point;
    }
}

void findings_offer(Findings *f, const Point *point)
{
    take_best(f, point, front_size(f->front) == 0);
    front_add(f->front, point);
}

void findings_lack(Findings *f, Lack lack, int64_t points, double least)
{
    f->lacking[lack] += points;
    f->least[lack] = fmin(f->least[lack], least);
}

void findings_first(int64_t *first, int64_t point)
{
    if (point >= 0 && (*first < 0 || point < *first))
        *first = point;
}

void findings_merge(Findings *f, const Findings *other)
{
    int64_t n = front_size(other->front);
    f->seen += other->seen;
    f->illegal += other->illegal;
    findings_first(&f->first_illegal, other->first_illegal);
    findings_first(&f->first_missing, other->first_missing);
    f->over += other->over;
    for (Lack k = 0; k < LACKS; k++)
        findings_lack(f, k, other->lacking[k], other->least[k]);
    f->evaluated += other->evaluated;
    f->valid += other->valid;
    if (n == 0)
        return;
    bool first = front_size(f->front) == 0;
    for (Objective o = 0; o < OBJECTIVES; o++)
        take_best(f, &other->best[o], first && o == 0);
    const Point *points = front_sorted(other->front);
    for (int64_t i = 0; i < n; i++)
        front_add(f->front, &points[i]);
}

/* ---- in a message ---------------------------------------------------------------- */

static void pack_points(const Point *points, int64_t n, GByteArray *to)
{
    pack_block(to, points, (gsize) n * sizeof *points);
}

void findings_pack(const Findings *f, GByteArray *to)
{
    Findings numbers = *f;
    numbers.front = NULL;
    pack(to, &numbers, sizeof numbers);
    pack_points(front_sorted(f->front), front_size(f->front), to);
}

static bool check_point(Point *point, int64_t points)
{
    point->mapping = NULL;
    return point->index >= 0 && point->index < points;
}

bool findings_unpack(Unpack *from, int64_t points, Findings *f)
{
    Front *front = f->front;
    gsize n;
    unpack_raw(from, f, sizeof *f);
    f->front = front;
    const guint8 *at = unpack_block(from, &n);
    bool well = !from->bad && n % sizeof(Point) == 0 && f->first_illegal < points &&
                f->first_missing < points;
    for (Objective o = 0; o < OBJECTIVES && well; o++)
        well = check_point(&f->best[o], points);
    for (gsize k = 0; k < n / sizeof(Point) && well; k++) {
        Point point;
        memcpy(&point, at + k * sizeof point, sizeof point);
        well = check_point(&point, points);
        if (well)
            front_add(front, &point);
    }
    return well;
}
