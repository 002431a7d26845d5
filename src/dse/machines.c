/* Machines depend on the nest by its keys of the hardware.  Of those the PEs are one number that is
 * put in place; while the others stay the machines do, from nest to nest. */
#include "dse/machines.h"

#include <string.h>

Machines *machines_new(const Study *study)
{
    Machines *machines = g_new0(Machines, 1);
    machines->study = study;
    machines->serial = -1;
    machines->families = g_array_new(FALSE, TRUE, sizeof(Family));
    return machines;
}

static void drop_families(Machines *machines)
{
    for (guint f = 0; f < machines->families->len; f++)
        g_free(g_array_index(machines->families, Family, f).machine);
    g_array_set_size(machines->families, 0);
}

void machines_free(Machines *machines)
{
    if (!machines)
        return;
    drop_families(machines);
    g_array_free(machines->families, TRUE);
    g_free(machines->family);
    g_free(machines->links);
    g_free(machines);
}

/* ---- hardware -------------------------------------------------------------------- */

static bool is_pes(const Study *study, const StudyAxis *axis)
{
    return axis == study->pes;
}

/* Numbers nests that have the same hardware but for the PEs alike. */
static int64_t hardware_of(const Study *study, int64_t nest)
{
    int64_t number = 0;
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (axis->kind == AXIS_NEST && !is_pes(study, axis))
            number = number * axis->n + study_value(axis, nest);
    }
    return number;
}

/* Numbers machines that are alike but for their links alike. */
static int64_t rest_of(const Study *study, int64_t machine)
{
    int64_t rest = 0;
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (axis->kind == AXIS_MACHINE && !axis->link)
            rest = rest * axis->n + study_value(axis, machine);
    }
    return rest;
}

static bool resolve(const NestLayers *layers, const Hardware *hardware, Machine *machine)
{
    for (int op = 0; op < layers->n_ops; op++)
        if (!job_machine(layers->program, hardware, layers->op[op], NULL, &machine[op]))
            return false;
    return true;
}

/* ---- families -------------------------------------------------------------------- */

/* Elements per cycle, a whole number of them, in one channel. */
static bool is_whole(const Noc *noc)
{
    return !noc->per_tensor && !noc->in_bits && noc->bandwidth[0].den == 1;
}

static bool same_bandwidth(const Noc *a, const Noc *b)
{
    return a->per_tensor == b->per_tensor && a->in_bits == b->in_bits &&
           memcmp(a->bandwidth, b->bandwidth, sizeof a->bandwidth) == 0;
}

/* Whether the times of both can be found together. */
static bool joins(const Machine *a, const Machine *b)
{
    for (int l = 0; l < LEVELS_MAX; l++)
        if (!same_bandwidth(&a->noc[l], &b->noc[l]) &&
            !(is_whole(&a->noc[l]) && is_whole(&b->noc[l])))
            return false;
    return true;
}

static bool all_join(const Machines *machines, const Family *family, const Machine *machine)
{
    for (int op = 0; op < machines->n_ops; op++)
        if (!joins(&family->machine[op], &machine[op]))
            return false;
    return true;
}

static int find_family(Machines *machines, int64_t rest, const Machine *machine)
{
    for (guint f = 0; f < machines->families->len; f++) {
        const Family *family = machines_family(machines, (int) f);
        if (family->rest == rest && all_join(machines, family, machine))
            return (int) f;
    }
    Family family = {rest, g_new(Machine, machines->n_ops)};
    memcpy(family.machine, machine, (size_t) machines->n_ops * sizeof *machine);
    g_array_append_val(machines->families, family);
    return (int) machines->families->len - 1;
}

static void note_links(const Machine *machine, int n_ops, MachineLinks *links)
{
    for (int op = 0; op < n_ops; op++)
        for (int l = 0; l < LEVELS_MAX; l++) {
            links[op].bandwidth[l] = machine[op].noc[l].bandwidth[0].num;
            links[op].latency[l] = machine[op].noc[l].latency;
        }
}

/* ---- turning to a nest ------------------------------------------------------------ */

static void fill(Machines *machines, const NestLayers *layers, int64_t nest)
{
    const Study *study = machines->study;
    g_autofree Machine *machine = g_new(Machine, layers->n_ops);
    Hardware hardware = layers->program->machine;
    study_set_axes(study, AXIS_NEST, nest, &hardware);
    machines->usable = false;
    machines->n_ops = layers->n_ops;
    machines->family = g_renew(int, machines->family, machines->n);
    machines->links = g_renew(MachineLinks, machines->links, machines->n * (guint) layers->n_ops);
    drop_families(machines);
    for (guint i = 0; i < machines->n; i++) {
        int64_t number = machines->from + i;
        study_set_axes(study, AXIS_MACHINE, number, &hardware); /* each of them anew */
        bool had = resolve(layers, &hardware, machine);
        machines->family[i] = had ? find_family(machines, rest_of(study, number), machine) : -1;
        machines->usable |= had;
        if (had)
            note_links(machine, layers->n_ops, &machines->links[i * (guint) layers->n_ops]);
    }
}

static void set_pes(const Machines *machines, int64_t pes)
{
    for (guint f = 0; f < machines->families->len; f++)
        for (int op = 0; op < machines->n_ops; op++)
            machines_family(machines, (int) f)->machine[op].pes = pes;
}

bool machines_turn(Machines *machines, const NestLayers *layers, int64_t nest, int64_t from,
                   int64_t to)
{
    int64_t hardware = hardware_of(machines->study, nest);
    guint n = (guint) (to - from);
    if (machines->serial != layers->serial || machines->hardware != hardware ||
        machines->from != from || machines->n != n) {
        machines->serial = layers->serial;
        machines->hardware = hardware;
        machines->from = from;
        machines->n = n;
        machines->stamp++;
        fill(machines, layers, nest);
    }
    set_pes(machines, study_pes(machines->study, nest));
    return machines->usable;
}
