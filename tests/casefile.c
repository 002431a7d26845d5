/* Cases as text, both ways: see the header for the form. */
#include "casefile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "casegen.h"

static const char *const roles[] = {"input", "weight", "output"};
static const char *const prefetches[] = {"layer", "tile", "none", "step"};

/* ---- printing ---- */

static void print_rational(Rational q, GString *out)
{
    g_string_append_printf(out, "%" PRId64, q.num);
    if (q.num > 0 && q.den > 1)
        g_string_append_printf(out, "/%" PRId64, q.den);
}

static void print_tensor(const Operator *op, const Tensor *t, GString *out)
{
    g_string_append_printf(out, "%s=%s ", roles[t->role], t->name);
    for (int i = 0; i < t->n_coords; i++) {
        const Coord *c = &t->coord[i];
        g_string_append(out, i ? "|" : "");
        for (int k = 0; k < c->n; k++) {
            g_string_append(out, k ? "+" : "");
            if (c->n == 2 || c->coef[k] != 1)
                g_string_append_printf(out, "%" PRId64 "*", c->coef[k]);
            g_string_append(out, op->dim[c->dim[k]]);
        }
    }
    g_string_append_c(out, '\n');
}

/* Names of a set of tensors, or `-` for none. */
static void print_set(const Operator *op, unsigned tensors, GString *out)
{
    bool any = false;
    for (int t = 0; t < op->n_tensors; t++)
        if (tensors >> t & 1) {
            g_string_append_printf(out, "%s%s", any ? "," : "", op->tensor[t].name);
            any = true;
        }
    g_string_append(out, any ? "" : "-");
}

static void print_keep(const Case *c, int l, GString *out)
{
    if (case_held(c, l + 1) == case_tensors(c))
        return;
    g_string_append(out, "keep=");
    print_set(&c->layer.op, case_held(c, l + 1), out);
    g_string_append_c(out, '\n');
}

static void print_ports(const Operator *op, const char *key, const Ports *ports, GString *out)
{
    for (int i = 0; i < ports->n; i++) {
        const Port *port = &ports->port[i];
        g_string_append_printf(out, "%s=", key);
        print_set(op, port->tensors, out);
        g_string_append(out, " read:");
        print_rational(port->read, out);
        g_string_append(out, " write:");
        print_rational(port->write, out);
        g_string_append(out, " both:");
        print_rational(port->both, out);
        g_string_append(out, port->in_bits ? " in_bits:1\n" : "\n");
    }
}

static void print_level(const Case *c, int l, GString *out)
{
    const Level *level = &c->nest.level[l];
    const Noc *noc = &c->machine.noc[l];
    g_string_append_printf(out, "level=%" PRId64, level->children);
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        g_string_append_printf(out, " %c(%s,%" PRId64 ",%" PRId64 ")",
                               map->kind == MAP_SPATIAL ? 'S' : 'T', c->layer.op.dim[map->dim],
                               map->size, map->offset);
    }
    g_string_append(out, "\nnoc=bandwidth:");
    for (int t = 0; t < (noc->per_tensor ? c->layer.op.n_tensors : 1); t++) {
        g_string_append(out, t ? "," : "");
        print_rational(noc->bandwidth[t], out);
    }
    if (noc->per_tensor && c->layer.op.n_tensors == 1)
        g_string_append_c(out, ',');
    g_string_append_printf(out, " latency:%" PRId64 " multicast:%d reduction:%d prefetch:%s%s\n",
                           noc->latency, noc->multicast, noc->reduction, prefetches[noc->prefetch],
                           noc->in_bits ? " in_bits:1" : "");
    print_keep(c, l, out);
    print_ports(&c->layer.op, "port", &c->machine.ports[l], out);
}

static void print_offchip(const Case *c, GString *out)
{
    const Machine *m = &c->machine;
    unsigned stays = 0;
    for (int t = 0; t < c->layer.op.n_tensors; t++)
        stays |= (unsigned) m->stays_onchip[t] << t;
    g_string_append_printf(out, "offchip=%" PRId64 "/%" PRId64 " %" PRId64 " %" PRId64 " ",
                           m->offchip.rate.num, m->offchip.rate.den, m->l2_bytes, m->done_bits);
    print_set(&c->layer.op, stays, out);
    g_string_append_c(out, '\n');
}

/* What is left out in most cases. */
static void print_rest(const Case *c, GString *out)
{
    const Machine *m = &c->machine;
    const Operator *op = &c->layer.op;
    if (m->setup_cycles)
        g_string_append_printf(out, "setup=%" PRId64 "\n", m->setup_cycles);
    if (m->offchip.rate.num > 0)
        print_offchip(c, out);
    else if (m->done_bits != m->bits[op->output])
        g_string_append_printf(out, "done=%" PRId64 "\n", m->done_bits);
    g_string_append(out, "bits=");
    for (int t = 0; t < op->n_tensors; t++)
        g_string_append_printf(out, "%s%" PRId64, t ? " " : "", m->bits[t]);
    g_string_append_c(out, '\n');
    print_ports(op, "pe_port", &c->machine.pe_ports, out);
}

void casefile_print(const Case *c, GString *out)
{
    const Operator *op = &c->layer.op;
    g_string_append(out, "dims=");
    for (int d = 0; d < op->n_dims; d++)
        g_string_append_printf(out, "%s%s:%" PRId64, d ? " " : "", op->dim[d], c->layer.extent[d]);
    g_string_append_c(out, '\n');
    for (int t = 0; t < op->n_tensors; t++)
        print_tensor(op, &op->tensor[t], out);
    g_string_append_printf(out, "pes=%" PRId64 "\nlanes=%" PRId64 "\n", c->machine.pes,
                           c->machine.lanes);
    for (int l = 0; l < c->nest.n_levels; l++)
        print_level(c, l, out);
    print_rest(c, out);
}

/* ---- parsing: every function returns false on text that is not in the form ---- */

static int find_dim(const Operator *op, const char *name)
{
    for (int d = 0; d < op->n_dims; d++)
        if (!strcmp(op->dim[d], name))
            return d;
    return -1;
}

static bool parse_integer(const char *text, int64_t *value)
{
    return g_ascii_string_to_signed(text, 10, 0, INT32_MAX, value, NULL);
}

static bool parse_dims(Case *c, char *const *word)
{
    Operator *op = &c->layer.op;
    for (; *word; word++) {
        char *colon = strchr(*word, ':');
        if (!colon || op->n_dims == DIMS_MAX)
            return false;
        *colon = '\0';
        op->dim[op->n_dims] = g_intern_string(*word);
        if (!parse_integer(colon + 1, &c->layer.extent[op->n_dims]))
            return false;
        if (c->layer.extent[op->n_dims++] < 1)
            return false;
    }
    return true;
}

static bool parse_coord(const Operator *op, const char *text, Coord *coord)
{
    g_auto(GStrv) part = g_strsplit(text, "+", -1);
    coord->n = (int) g_strv_length(part);
    if (coord->n < 1 || coord->n > 2)
        return false;
    for (int k = 0; k < coord->n; k++) {
        const char *name = part[k], *times = strchr(name, '*');
        coord->coef[k] = times ? atoi(name) : 1;
        coord->dim[k] = find_dim(op, times ? times + 1 : name);
        if (coord->dim[k] < 0 || coord->coef[k] < 1)
            return false;
    }
    return true;
}

static bool parse_tensor(Case *c, TensorRole role, char *const *word)
{
    Operator *op = &c->layer.op;
    if (op->n_tensors == TENSORS_MAX || !word[0] || !word[1])
        return false;
    Tensor *t = &op->tensor[op->n_tensors];
    g_auto(GStrv) part = g_strsplit(word[1], "|", -1);
    t->name = g_intern_string(word[0]);
    t->role = role;
    if (role == ROLE_OUTPUT)
        op->output = op->n_tensors;
    op->n_tensors++;
    for (char **p = part; *p; p++)
        if (t->n_coords == COORDS_MAX || !parse_coord(op, *p, &t->coord[t->n_coords++]))
            return false;
    return true;
}

static bool parse_map(const Operator *op, const char *text, Map *map)
{
    char kind, name[32];
    if (sscanf(text, "%c(%31[^,],%" SCNd64 ",%" SCNd64 ")", &kind, name, &map->size,
               &map->offset) != 4)
        return false;
    map->kind = kind == 'S' ? MAP_SPATIAL : MAP_TEMPORAL;
    map->dim = find_dim(op, name);
    return map->dim >= 0 && map->size > 0 && map->offset > 0;
}

static bool parse_level(Case *c, char *const *word)
{
    if (c->nest.n_levels == LEVELS_MAX)
        return false;
    Level *level = &c->nest.level[c->nest.n_levels++];
    if (!*word || !parse_integer(*word, &level->children) || level->children < 1)
        return false;
    for (word++; *word; word++)
        if (level->n_maps == DIMS_MAX ||
            !parse_map(&c->layer.op, *word, &level->map[level->n_maps++]))
            return false;
    return true;
}

static bool parse_rational(const char *text, Rational *q)
{
    const char *slash = strchr(text, '/');
    q->den = slash ? atoi(slash + 1) : 1;
    q->num = atoi(text);
    return q->den >= 1 && q->num >= 0;
}

static bool parse_bandwidth(const char *text, Noc *noc)
{
    g_auto(GStrv) part = g_strsplit(text, ",", TENSORS_MAX);
    noc->per_tensor = part[1] != NULL;
    for (int t = 0; part[t] && *part[t]; t++)
        if (!parse_rational(part[t], &noc->bandwidth[t]))
            return false;
    return true;
}

static bool parse_prefetch(const char *text, Prefetch *prefetch)
{
    for (size_t i = 0; i < G_N_ELEMENTS(prefetches); i++)
        if (!strcmp(text, prefetches[i])) {
            *prefetch = (Prefetch) i;
            return true;
        }
    return false;
}

static bool parse_noc(Case *c, char *const *word)
{
    if (c->nest.n_levels == 0)
        return false;
    Noc *noc = &c->machine.noc[c->nest.n_levels - 1];
    for (; *word; word++) {
        char *value = strchr(*word, ':');
        int64_t number = 0;
        if (!value)
            return false;
        *value++ = '\0';
        parse_integer(value, &number);
        if (!strcmp(*word, "latency"))
            noc->latency = number;
        else if (!strcmp(*word, "multicast"))
            noc->multicast = number;
        else if (!strcmp(*word, "reduction"))
            noc->reduction = number;
        else if (!strcmp(*word, "in_bits"))
            noc->in_bits = number;
        else if (!strcmp(*word, "prefetch")) {
            if (!parse_prefetch(value, &noc->prefetch))
                return false;
        } else if (strcmp(*word, "bandwidth") || !parse_bandwidth(value, noc))
            return false;
    }
    return true;
}

static bool parse_set(const Operator *op, const char *text, unsigned *tensors)
{
    g_auto(GStrv) name = g_strsplit(strcmp(text, "-") ? text : "", ",", -1);
    *tensors = 0;
    for (int i = 0; name[i]; i++) {
        int t = 0;
        while (t < op->n_tensors && strcmp(op->tensor[t].name, name[i]))
            t++;
        if (t == op->n_tensors)
            return false;
        *tensors |= 1u << t;
    }
    return true;
}

static bool parse_keep(Case *c, char *const *word)
{
    int l = c->nest.n_levels - 1;
    unsigned kept;
    if (l < 0 || !*word || !parse_set(&c->layer.op, *word, &kept))
        return false;
    c->nest.level[l].passes = case_tensors(c) & ~kept;
    return true;
}

static bool parse_port(const Operator *op, Ports *ports, char *const *word)
{
    Port port = {.read = {0, 1}, .write = {0, 1}, .both = {0, 1}};
    if (ports->n == PORTS_MAX || !*word || !parse_set(op, *word, &port.tensors))
        return false;
    for (word++; *word; word++) {
        char *value = strchr(*word, ':');
        Rational *rate = g_str_has_prefix(*word, "read:")    ? &port.read
                         : g_str_has_prefix(*word, "write:") ? &port.write
                         : g_str_has_prefix(*word, "both:")  ? &port.both
                                                             : NULL;
        if (!strcmp(*word, "in_bits:1"))
            port.in_bits = true;
        else if (!rate || !parse_rational(value + 1, rate))
            return false;
    }
    ports->port[ports->n++] = port;
    return true;
}

static bool parse_offchip(Case *c, char *const *word)
{
    Machine *m = &c->machine;
    unsigned stays;
    if (g_strv_length((char **) word) != 4 || !parse_integer(word[1], &m->l2_bytes) ||
        !parse_integer(word[2], &m->done_bits) || !parse_set(&c->layer.op, word[3], &stays))
        return false;
    if (!parse_rational(word[0], &m->offchip.rate))
        return false;
    for (int t = 0; t < TENSORS_MAX; t++)
        m->stays_onchip[t] = stays >> t & 1;
    return m->offchip.rate.num > 0;
}

static bool parse_bits(Case *c, char *const *word)
{
    for (int t = 0; *word; word++, t++)
        if (t == TENSORS_MAX || !parse_integer(*word, &c->machine.bits[t]) ||
            c->machine.bits[t] < 1)
            return false;
    return true;
}

static bool parse_line(Case *c, const char *key, char *const *word)
{
    for (int role = ROLE_INPUT; role <= ROLE_OUTPUT; role++)
        if (!strcmp(key, roles[role]))
            return parse_tensor(c, (TensorRole) role, word);
    if (!strcmp(key, "dims"))
        return parse_dims(c, word);
    if (!strcmp(key, "level"))
        return parse_level(c, word);
    if (!strcmp(key, "noc"))
        return parse_noc(c, word);
    if (!strcmp(key, "keep"))
        return parse_keep(c, word);
    if (!strcmp(key, "port") && c->nest.n_levels > 0)
        return parse_port(&c->layer.op, &c->machine.ports[c->nest.n_levels - 1], word);
    if (!strcmp(key, "pe_port"))
        return parse_port(&c->layer.op, &c->machine.pe_ports, word);
    if (!strcmp(key, "bits"))
        return parse_bits(c, word);
    if (!strcmp(key, "offchip"))
        return parse_offchip(c, word);
    if (!strcmp(key, "done"))
        return *word && parse_integer(*word, &c->machine.done_bits);
    if (!strcmp(key, "setup"))
        return *word && parse_integer(*word, &c->machine.setup_cycles);
    if (!strcmp(key, "pes"))
        return *word && parse_integer(*word, &c->machine.pes);
    return !strcmp(key, "lanes") && *word && parse_integer(*word, &c->machine.lanes);
}

static void case_defaults(Case *c)
{
    memset(c, 0, sizeof *c);
    c->layer.name = "case";
    c->layer.op.type = "SAVED";
    c->layer.count = 1;
    c->layer.op.output = -1;
    c->machine.name = "saved";
    c->machine.clock_hz = 1e9;
    c->machine.lanes = 1;
    for (int t = 0; t < TENSORS_MAX; t++) {
        c->layer.density[t] = 1;
        c->machine.bits[t] = 8;
    }
    for (int l = 0; l < LEVELS_MAX; l++)
        c->machine.noc[l] = (Noc){.bandwidth = {{0, 1}}, .latency = 1, .hops = 1};
}

bool casefile_parse(const char *text, Case *c, char **error)
{
    g_auto(GStrv) line = g_strsplit(text, "\n", -1);
    case_defaults(c);
    for (int i = 0; line[i]; i++) {
        char *key = g_strstrip(line[i]), *value = strchr(key, '=');
        if (*key == '\0' || *key == '#')
            continue;
        if (value)
            *value++ = '\0';
        g_auto(GStrv) word = g_strsplit(value ? value : "", " ", -1);
        if (!value || !parse_line(c, key, word)) {
            *error = g_strdup_printf("line %d: '%s' is not understood", i + 1, key);
            return false;
        }
    }
    if (c->layer.op.output < 0 || !casegen_legal(c)) {
        *error = g_strdup("the case is incomplete or not legal");
        return false;
    }
    if (c->machine.done_bits == 0)
        c->machine.done_bits = c->machine.bits[c->layer.op.output];
    return true;
}
