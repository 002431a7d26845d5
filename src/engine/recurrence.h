/* The time rule.  Included by time.c, for one machine in integers, and by variants.c, for several
 * at once; each defines before what a number is:
 *
 *     NUMBER                                 a struct with an array `lane`
 *     WIDTH                                  of so many lanes
 *     CYCLES(level, load, latency, number)   sets it to a Load's cycles, with latency or without
 *     NOTE_COMPUTE(step, time)               is told what a step computes
 *     PLUS(a, b), LESS(a, b), TIMES(a, n)    a + b; a - b; a times the integer n
 *     RULE_INLINE                            attributes of the functions
 *
 * With T(w) the time of window w and T(step) that of the slowest child of the step or its PEs:
 *
 *     T(window) = max( sum of T over the windows inside, hidden(in), hidden(out) )
 *
 * A step begins windows inside one another.  From the innermost out, what is inside the next one is
 * the window before it and the further windows of that one's rest: rest(w), a sum that all windows
 * with this rest have in common,
 *
 *     rest(w) = rest(first of w) + sum over its steps of times * T(outermost window they begin)
 *
 * and a window that no load binds is as long as what is inside it.  What a step waits for is added
 * outside all windows.  A run is the window of all its steps. */

typedef struct {
    const Timetable *table;
    const Cases *cases;
    NUMBER *entries; /* of each entry, the time of a run */
    NUMBER *windows; /* of each window, what its rest takes */
    RULE_CONTEXT;
} Rule;

/* The slowest kid, or what is known. */
RULE_INLINE void rule_compute(const Rule *rule, const TimeStep *row, NUMBER *time)
{
    const Kid *kid = rule->cases->kids.item + row->kid;
    for (int i = 0; i < WIDTH; i++)
        time->lane[i] = LANE(row->compute);
    for (int k = 0; k < row->n_kids; k++) {
        const NUMBER *run = &rule->entries[kid[k].entry];
        for (int i = 0; i < WIDTH; i++)
            time->lane[i] = LARGER(time->lane[i], run->lane[i]);
    }
}

/* Adds what is in window `to` beyond what is in `from`, which is inside it; -1: nothing yet. */
RULE_INLINE void rule_widen(const Rule *rule, int from, int to, NUMBER *time)
{
    if (to < 0)
        return;
    for (int i = 0; i < WIDTH; i++) {
        time->lane[i] = PLUS(time->lane[i], rule->windows[to].lane[i]);
        if (from >= 0)
            time->lane[i] = LESS(time->lane[i], rule->windows[from].lane[i]);
    }
}

/* No shorter than a load; no longer by nothing. */
RULE_INLINE void rule_load(const Rule *rule, int level, const Load *load, bool latency,
                           NUMBER *time)
{
    NUMBER cycles;
    if (load->cycles == 0)
        return;
    CYCLES(level, load, latency, &cycles);
    for (int i = 0; i < WIDTH; i++)
        time->lane[i] = LARGER(time->lane[i], cycles.lane[i]);
}

RULE_INLINE void rule_transfer(const Rule *rule, int level, const Transfer *transfer, bool latency,
                               NUMBER *time)
{
    rule_load(rule, level, &transfer->in, latency, time);
    rule_load(rule, level, &transfer->out, latency, time);
}

RULE_INLINE void rule_handed(const Rule *rule, int first, int n, NUMBER *time)
{
    const Handed *handed = rule->table->handed.item + first;
    for (int h = 0; h < n; h++)
        rule_transfer(rule, handed[h].level, &handed[h].transfer, false, time);
}

RULE_INLINE void rule_wait(const Rule *rule, int level, const Load *load, NUMBER *time)
{
    NUMBER cycles;
    if (load->cycles == 0)
        return;
    CYCLES(level, load, true, &cycles);
    for (int i = 0; i < WIDTH; i++)
        time->lane[i] = PLUS(time->lane[i], cycles.lane[i]);
}

/* The time of the outermost of the windows that the step begins. */
RULE_INLINE void rule_step(const Rule *rule, int level, int step, int outermost, NUMBER *time)
{
    const TimeStep *row = &rule->table->steps.item[step];
    const Bound *bound = rule->table->bounds.item + row->bound;
    int window = -1;
    rule_compute(rule, row, time);
    NOTE_COMPUTE(step, time);
    if (!row->waits)
        rule_transfer(rule, level, &row->own, row->latency, time);
    rule_handed(rule, row->handed, row->n_handed, time);
    for (int b = 0; b < row->n_bounds; b++) {
        rule_widen(rule, window, bound[b].window, time);
        window = bound[b].window;
        rule_transfer(rule, level, &bound[b].own, false, time);
        rule_handed(rule, bound[b].handed, bound[b].n_handed, time);
    }
    if (outermost != window)
        rule_widen(rule, window, outermost, time);
    if (row->waits) {
        rule_wait(rule, level, &row->own.in, time);
        rule_wait(rule, level, &row->own.out, time);
    }
}

/* The steps first .. end - 1, where no window but the run is longer than what is in it. */
RULE_INLINE void rule_plain(const Rule *rule, int level, int first, int end, NUMBER *sum)
{
    for (int s = first; s < end; s++) {
        const TimeStep *row = &rule->table->steps.item[s];
        NUMBER time;
        if (row->times == 0)
            continue;
        rule_step(rule, level, s, -1, &time);
        for (int i = 0; i < WIDTH; i++)
            sum->lane[i] = PLUS(sum->lane[i], TIMES(time.lane[i], row->times));
    }
}

RULE_INLINE void rule_window(const Rule *rule, int level, const Window *window, NUMBER *rest)
{
    const NUMBER nothing = {{0}};
    *rest = window->first >= 0 ? rule->windows[window->first] : nothing;
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &rule->cases->steps.item[s];
        NUMBER time;
        rule_step(rule, level, s, step->window, &time);
        for (int i = 0; i < WIDTH; i++)
            rest->lane[i] = PLUS(rest->lane[i], TIMES(time.lane[i], step->in_window));
    }
}

/* Of level 0 the last window is the run's. */
RULE_INLINE void rule_windows(const Rule *rule, int level)
{
    const Cases *cases = rule->cases;
    const NUMBER nothing = {{0}};
    int end = cases->window[level + 1];
    if (level == 0 && rule->table->plain && end > 0) {
        rule->windows[end - 1] = nothing;
        rule_plain(rule, 0, 1, cases->step[1], &rule->windows[end - 1]);
        return;
    }
    for (int w = cases->window[level]; w < end; w++)
        rule_window(rule, level, &cases->windows.item[w], &rule->windows[w]);
}

RULE_INLINE void rule_entry(const Rule *rule, int level, int index)
{
    const Entry *entry = &rule->cases->entries.item[index];
    rule_step(rule, level, entry->step, cases_rest(rule->cases, entry), &rule->entries[index]);
}

/* All runs of a level, once those of the level inside are there. */
RULE_INLINE void rule_level(const Rule *rule, int level)
{
    const Cases *cases = rule->cases;
    rule_windows(rule, level);
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++)
        rule_entry(rule, level, e);
}
