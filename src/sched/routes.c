#include "sched/routes.h"

#include <glib.h>
#include <string.h>

typedef struct {
    int n_cores, n_links;
    const RouteLink *link;
    int *distance; /* of each place to the one that is asked for; -1: no way */
} Routing;

static bool has_end(const RouteLink *link, int place, bool in)
{
    if (link->one_way)
        return link->end[in ? 0 : 1] == place;
    for (int i = 0; i < link->n; i++)
        if (link->end[i] == place)
            return true;
    return false;
}

/* Distances to a place, breadth first. */
static void fill_distances(Routing *r, int to)
{
    for (int i = 0; i <= r->n_cores; i++)
        r->distance[i] = i == to ? 0 : -1;
    for (int d = 0, found = 1; found > 0; d++) {
        found = 0;
        for (int l = 0; l < r->n_links; l++)
            for (int near = 0; near <= r->n_cores; near++) {
                bool through = near == to || near < r->n_cores;
                if (r->distance[near] != d || !through || !has_end(&r->link[l], near, false))
                    continue;
                for (int far = 0; far <= r->n_cores; far++)
                    if (r->distance[far] < 0 && has_end(&r->link[l], far, true)) {
                        r->distance[far] = d + 1;
                        found++;
                    }
            }
    }
}

/* Marks the places that the link leads to from those at `at` and that are so far from the end;
 * whether there are any.  What is on the way is a core. */
static bool reach(const Routing *r, const RouteLink *link, const bool *at, int distance, bool *next)
{
    bool from = false, any = false;
    for (int i = 0; i <= r->n_cores; i++)
        from |= at[i] && has_end(link, i, true);
    for (int i = 0; i <= r->n_cores; i++) {
        next[i] = from && (i < r->n_cores || distance == 0) && r->distance[i] == distance &&
                  has_end(link, i, false);
        any |= next[i];
    }
    return any;
}

/* Of the shortest ways the one whose links come first.  Which cores it leads over is left open, as
 * several may be between two links. */
static void walk_links(const Routing *r, int from, int *link)
{
    int places = r->n_cores + 1;
    g_autofree bool *at = g_new0(bool, places), *next = g_new0(bool, places);
    at[from] = true;
    for (int d = r->distance[from]; d > 0; d--) {
        int l = 0;
        while (!reach(r, &r->link[l], at, d - 1, next))
            l++;
        *link++ = l;
        memcpy(at, next, (gsize) places * sizeof *at);
    }
}

static PlanRoute walk(const Routing *r, int from, int to)
{
    bool port = from == r->n_cores || to == r->n_cores;
    if (from == to || r->distance[from] < 0)
        return (PlanRoute){0, NULL};
    int n = r->distance[from], *link = g_new(int, n + 1);
    walk_links(r, from, link);
    if (port)
        link[n++] = r->n_links;
    return (PlanRoute){n, link};
}

PlanRoute *routes_new(int n_cores, const RouteLink *link, int n_links)
{
    int places = n_cores + 1;
    PlanRoute *routes = g_new0(PlanRoute, (gsize) places * (gsize) places);
    g_autofree int *distance = g_new(int, places);
    Routing routing = {n_cores, n_links, link, distance};
    for (int to = 0; to < places; to++) {
        fill_distances(&routing, to);
        for (int from = 0; from < places; from++)
            routes[from * places + to] = walk(&routing, from, to);
    }
    return routes;
}

void routes_free(PlanRoute *routes, int n_cores)
{
    for (int i = 0; routes != NULL && i < (n_cores + 1) * (n_cores + 1); i++)
        g_free((gpointer) routes[i].link);
    g_free(routes);
}
