/* Cases as text (both ways) and as JSON (out only): see the header for the form. */
#include "casefile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const roles[] = {"input", "weight", "output"};
static const char *const prefetches[] = {"layer", "tile", "none"};

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
    g_string_append_printf(out, " latency:%" PRId64 " multicast:%d reduction:%d prefetch:%s\n",
                           noc->latency, noc->multicast, noc->reduction, prefetches[noc->prefetch]);
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

static bool parse_bandwidth(const char *text, Noc *noc)
{
    g_auto(GStrv) part = g_strsplit(text, ",", TENSORS_MAX);
    noc->per_tensor = part[1] != NULL;
    for (int t = 0; part[t] && *part[t]; t++) {
        char *slash = strchr(part[t], '/');
        noc->bandwidth[t].den = slash ? atoi(slash + 1) : 1;
        noc->bandwidth[t].num = atoi(part[t]);
        if (noc->bandwidth[t].den < 1 || noc->bandwidth[t].num < 0)
            return false;
    }
    return true;
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
        else if (!strcmp(*word, "prefetch"))
            noc->prefetch = *value == 'l'   ? PREFETCH_LAYER
                            : *value == 't' ? PREFETCH_TILE
                                            : PREFETCH_NONE;
        else if (strcmp(*word, "bandwidth") || !parse_bandwidth(value, noc))
            return false;
    }
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
    return true;
}

/* ---- JSON ---- */

static void json_bandwidth(Rational q, GString *out)
{
    if (q.num == 0)
        g_string_append(out, "1000000000000");
    else if (q.den == 1)
        print_rational(q, out);
    else {
        g_string_append_c(out, '"');
        print_rational(q, out);
        g_string_append_c(out, '"');
    }
}

static void json_noc(const Operator *op, const Noc *noc, GString *out)
{
    g_string_append(out, "\"noc\":{\"bandwidth\":");
    if (noc->per_tensor)
        for (int t = 0; t < op->n_tensors; t++) {
            g_string_append_printf(out, "%c\"%s\":", t ? ',' : '{', op->tensor[t].name);
            json_bandwidth(noc->bandwidth[t], out);
        }
    else
        json_bandwidth(noc->bandwidth[0], out);
    g_string_append_printf(out, "%s,\"latency\":%" PRId64 ",\"multicast\":%s,\"reduction\":%s}",
                           noc->per_tensor ? "}" : "", noc->latency,
                           noc->multicast ? "true" : "false", noc->reduction ? "true" : "false");
}

static void json_level(const Case *c, int l, GString *out)
{
    const Level *level = &c->nest.level[l];
    g_string_append(out, l ? ",{" : "{");
    if (l + 1 < c->nest.n_levels)
        g_string_append_printf(out, "\"cluster\":%" PRId64 ",", c->nest.level[l + 1].children);
    g_string_append(out, "\"map\":[");
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        g_string_append_printf(out, "%s[\"%c\",\"%s\",%" PRId64 ",%" PRId64 "]", m ? "," : "",
                               map->kind == MAP_SPATIAL ? 'S' : 'T', c->layer.op.dim[map->dim],
                               map->size, map->offset);
    }
    g_string_append(out, "],");
    json_noc(&c->layer.op, &c->machine.noc[l], out);
    g_string_append_printf(out, ",\"prefetch\":\"%s\"}", prefetches[c->machine.noc[l].prefetch]);
}

static void json_tensor(const Operator *op, const Tensor *t, GString *out)
{
    g_string_append_printf(out, "{\"name\":\"%s\",\"role\":\"%s\",\"coords\":[", t->name,
                           t->role == ROLE_OUTPUT ? "output" : "input");
    for (int i = 0; i < t->n_coords; i++) {
        g_string_append(out, i ? ",[" : "[");
        for (int k = 0; k < t->coord[i].n; k++)
            g_string_append_printf(out, "%s[\"%s\",%" PRId64 "]", k ? "," : "",
                                   op->dim[t->coord[i].dim[k]], t->coord[i].coef[k]);
        g_string_append_c(out, ']');
    }
    g_string_append(out, "]}");
}

static void json_case(const Case *c, GString *out)
{
    const Operator *op = &c->layer.op;
    g_string_append(out, "{\"dims\":{");
    for (int d = 0; d < op->n_dims; d++)
        g_string_append_printf(out, "%s\"%s\":%" PRId64, d ? "," : "", op->dim[d],
                               c->layer.extent[d]);
    g_string_append(out, "},\"tensors\":[");
    for (int t = 0; t < op->n_tensors; t++) {
        g_string_append(out, t ? "," : "");
        json_tensor(op, &op->tensor[t], out);
    }
    g_string_append_printf(out, "],\"pes\":%" PRId64 ",\"levels\":[", c->machine.pes);
    for (int l = 0; l < c->nest.n_levels; l++)
        json_level(c, l, out);
    g_string_append_printf(out, "],\"lanes\":%" PRId64 "}", c->machine.lanes);
}

static void json_counts(const char *name, const TensorCounts *n, GString *out)
{
    g_string_append_printf(out,
                           "\"%s\":{\"reads\":%" PRId64 ",\"fills\":%" PRId64 ",\"writes\":%" PRId64
                           ",\"drains\":%" PRId64 ",\"psum_reads\":%" PRId64
                           ",\"tile_max\":%" PRId64 ",\"union_max\":%" PRId64 "}",
                           name, n->reads, n->fills, n->writes, n->drains, n->psum_reads,
                           n->tile_max, n->union_max);
}

static void json_levels(const Operator *op, const Result *r, GString *out)
{
    for (int l = 0; l < r->n_levels; l++) {
        g_string_append_printf(out, "%s{\"steps\":%" PRId64 ",\"tensors\":{", l ? "," : "",
                               r->level[l].steps);
        for (int t = 0; t < op->n_tensors; t++) {
            g_string_append(out, t ? "," : "");
            json_counts(op->tensor[t].name, &r->level[l].tensor[t], out);
        }
        g_string_append(out, "}}");
    }
}

static void json_offchip(const Operator *op, const Result *r, GString *out)
{
    for (int t = 0; t < op->n_tensors; t++) {
        g_string_append_printf(out, "%s\"%s\":", t ? "," : "", op->tensor[t].name);
        for (int j = 0; j < r->offchip_depths; j++)
            g_string_append_printf(out,
                                   "%c{\"depth\":%d,\"footprint\":%" PRId64 ",\"reads\":%" PRId64
                                   ",\"writes\":%" PRId64 "}",
                                   j ? ',' : '[', j, r->offchip[t][j].footprint,
                                   r->offchip[t][j].reads, r->offchip[t][j].writes);
        g_string_append_c(out, ']');
    }
}

void casefile_json(const Case *c, const Result *r, GString *out)
{
    const Operator *op = &c->layer.op;
    g_string_append(out, "{\"case\":");
    json_case(c, out);
    g_string_append_printf(out,
                           ",\"result\":{\"macs\":%" PRId64 ",\"cycles\":%" PRId64 ",\"units\":[",
                           r->macs, r->onchip_cycles);
    for (int l = 0; l < r->n_levels; l++)
        g_string_append_printf(out, "%s%" PRId64, l ? "," : "", r->level[l].children);
    g_string_append(out, "],\"tensor_size\":{");
    for (int t = 0; t < op->n_tensors; t++)
        g_string_append_printf(out, "%s\"%s\":%" PRId64, t ? "," : "", op->tensor[t].name,
                               r->tensor_size[t]);
    g_string_append(out, "},\"levels\":[");
    json_levels(op, r, out);
    g_string_append(out, "],\"offchip\":{");
    json_offchip(op, r, out);
    g_string_append(out, "}}}\n");
}
