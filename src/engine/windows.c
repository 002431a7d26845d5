/* From the innermost level out, as a step is given what the flat levels inside it move.  Windows of
 * a body are gone through from the last: those inside come after the one that they are in. */
#include "engine/windows.h"

#include <string.h>

int windows_links(const Cases *cases, int level)
{
    int links = 1;
    while (level + links < cases->n_levels && cases->cluster[level + links].flat)
        links++;
    return links;
}

/* ---- what flat levels hand up ------------------------------------------------------------ */

static void load_larger(int n_tensors, Volumes *load, const Volumes *other)
{
    for (int t = 0; t < n_tensors; t++) {
        load->in_shared[t] = max64(load->in_shared[t], other->in_shared[t]);
        load->in_each[t] = max64(load->in_each[t], other->in_each[t]);
    }
    load->out_shared = max64(load->out_shared, other->out_shared);
    load->out_each = max64(load->out_each, other->out_each);
}

static void load_sums(int n_tensors, Volumes *load)
{
    bool overflow = false;
    load->all_shared = load->all_each = 0;
    for (int t = 0; t < n_tensors; t++) {
        add_product(&load->all_shared, load->in_shared[t], 1, &overflow);
        add_product(&load->all_each, load->in_each[t], 1, &overflow);
    }
    if (overflow)
        load->all_shared = load->all_each = -1;
}

/* A unit's first run in the layer hands nothing up: it waits. */
static bool hands_up(const Cases *cases, int kid)
{
    return !cases->entries.item[cases->kids.item[kid].entry].state.first;
}

static const Step *kid_step(const Cases *cases, int kid)
{
    return &cases->steps.item[cases->entries.item[cases->kids.item[kid].entry].step];
}

/* Of several children, or of none. */
static int joined_load(Cases *cases, const Step *step, int link)
{
    int n = cases->shape->n_tensors;
    Volumes *load = APPEND(cases->loads);
    memset(load, 0, sizeof *load);
    for (int k = step->kid; k < step->kid + step->n_kids; k++)
        if (hands_up(cases, k))
            load_larger(n, load, cases_volumes(cases, kid_step(cases, k), link - 1));
    load_sums(n, load);
    return -cases->loads.n;
}

/* The step of the one child, at the level of the link. */
static int single_load(const Cases *cases, const Step *step, int link)
{
    const Step *kid = kid_step(cases, step->kid);
    return link == 1 ? (int) (kid - cases->steps.item) : cases->handed.item[kid->handed + link - 2];
}

/* Of the flat levels inside the step's, the outermost first. */
static void find_loads(Cases *cases, int index, int links)
{
    cases->steps.item[index].handed = cases->handed.n;
    for (int link = 1; link < links; link++) {
        const Step *step = &cases->steps.item[index];
        bool single = step->n_kids == 1 && hands_up(cases, step->kid);
        int load = single ? single_load(cases, step, link) : joined_load(cases, step, link);
        *APPEND(cases->handed) = load;
    }
}

/* ---- arrivals ------------------------------------------------------------------------------ */

static inline uint64_t arrivals_of(int n_tensors, const Volumes *v)
{
    uint64_t set = (uint64_t) (v->out_each > 0) << ARRIVAL_OUT;
    for (int t = 0; t < n_tensors; t++)
        set |= (uint64_t) (v->in_each[t] > 0) << t;
    return set;
}

/* Of a step over all its links.  One child hands up what it has itself. */
static uint64_t step_arrivals(const Cases *cases, const Step *step, int links)
{
    int n = cases->shape->n_tensors;
    uint64_t set = arrivals_of(n, &step->volumes);
    if (links > 1 && step->n_kids == 1 && hands_up(cases, step->kid))
        return set | kid_step(cases, step->kid)->arrivals << ARRIVALS;
    for (int link = 1; link < links; link++)
        set |= arrivals_of(n, cases_volumes(cases, step, link)) << link * ARRIVALS;
    return set;
}

/* Deals the arrivals out over the windows that the step begins, `outermost` and those inside it. */
static inline void find_stays(Cases *cases, int index, int outermost, uint64_t arrivals)
{
    cases->steps.item[index].arrivals = arrivals;
    Stay stay[DIMS_MAX + 1];
    int n = 0;
    for (int w = outermost; w >= 0 && arrivals; w = cases->windows.item[w].first) {
        uint64_t more = cases->windows.item[w].arrivals;
        if (arrivals & ~more)
            stay[n++] = (Stay){w, arrivals & ~more};
        arrivals &= more;
    }
    if (arrivals)
        stay[n++] = (Stay){-1, arrivals};
    cases->steps.item[index].stay = cases->stays.n;
    cases->steps.item[index].n_stays = n;
    while (n > 0)
        *APPEND(cases->stays) = stay[--n];
}

static void find_window(Cases *cases, int w, int links)
{
    Window *window = &cases->windows.item[w];
    window->arrivals = window->first >= 0 ? cases->windows.item[window->first].arrivals : 0;
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        find_loads(cases, s, links);
        const Step *step = &cases->steps.item[s];
        uint64_t arrivals = step_arrivals(cases, step, links);
        find_stays(cases, s, step->window, arrivals);
        window->arrivals |= arrivals;
        if (step->window >= 0)
            window->arrivals |= cases->windows.item[step->window].arrivals;
    }
}

static void find_entry(Cases *cases, const Entry *entry, int links)
{
    find_loads(cases, entry->step, links);
    find_stays(cases, entry->step, cases_rest(cases, entry),
               step_arrivals(cases, &cases->steps.item[entry->step], links));
}

void windows_find(Cases *cases)
{
    if (cases->windows_found)
        return;
    cases->windows_found = true;
    cases->stays.n = cases->handed.n = cases->loads.n = 0;
    for (int l = cases->n_levels - 1; l >= 0; l--) {
        int links = windows_links(cases, l);
        for (int w = cases->window[l]; w < cases->window[l + 1]; w++)
            find_window(cases, w, links);
        for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++)
            find_entry(cases, &cases->entries.item[e], links);
    }
}
