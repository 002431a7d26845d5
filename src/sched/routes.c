#include "sched/routes.h"

#include <glib.h>

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

/* The first link that leads nearer, and where to: the end itself if it can, else the first core. */
static int step(const Routing *r, int at, int *next)
{
    for (int l = 0; l < r->n_links; l++) {
        if (!has_end(&r->link[l], at, true))
            continue;
        for (int i = 0; i <= r->n_cores; i++)
            if ((i < r->n_cores || r->distance[i] == 0) && r->distance[i] == r->distance[at] - 1 &&
                has_end(&r->link[l], i, false)) {
                *next = i;
                return l;
            }
    }
    return -1;
}

static PlanRoute walk(const Routing *r, int from, int to)
{
    bool port = from == r->n_cores || to == r->n_cores;
    if (from == to || r->distance[from] < 0)
        return (PlanRoute){0, NULL};
    int *link = g_new(int, r->distance[from] + 1), n = 0;
    for (int at = from; at != to;)
        link[n++] = step(r, at, &at);
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
