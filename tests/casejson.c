/* The form that the specification reads and writes. */
#include "casejson.h"

#include <inttypes.h>

static const char *const prefetches[] = {"layer", "tile", "none", "step"};

/* ---- what can be said ---- */

/* Whether all of a set of tensors have one width. */
static bool one_width(const Case *c, unsigned tensors)
{
    int64_t bits = 0;
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        if (!(tensors >> t & 1))
            continue;
        if (bits && bits != c->machine.bits[t])
            return false;
        bits = c->machine.bits[t];
    }
    return true;
}

static bool ports_can(const Case *c, const Ports *ports)
{
    for (int i = 0; i < ports->n; i++)
        if (ports->port[i].in_bits && !one_width(c, ports->port[i].tensors))
            return false;
    return true;
}

bool casejson_can(const Case *c)
{
    for (int l = 0; l < c->nest.n_levels; l++) {
        const Noc *noc = &c->machine.noc[l];
        if (noc->in_bits && !noc->per_tensor && !one_width(c, case_tensors(c)))
            return false;
        if (!ports_can(c, &c->machine.ports[l]))
            return false;
    }
    return ports_can(c, &c->machine.pe_ports);
}

/* ---- the case ---- */

/* In elements a cycle; bits: of an element, where the rate is in bits. */
static void json_rate(Rational q, int64_t bits, GString *out)
{
    if (q.num == 0)
        g_string_append(out, "null");
    else if (q.den * bits == 1)
        g_string_append_printf(out, "%" PRId64, q.num);
    else
        g_string_append_printf(out, "\"%" PRId64 "/%" PRId64 "\"", q.num, q.den * bits);
}

static int64_t width_of(const Case *c, bool in_bits, unsigned tensors)
{
    for (int t = 0; in_bits && t < c->layer.op.n_tensors; t++)
        if (tensors >> t & 1)
            return c->machine.bits[t];
    return 1;
}

static void json_set(const Operator *op, unsigned tensors, GString *out)
{
    const char *comma = "";
    g_string_append_c(out, '[');
    for (int t = 0; t < op->n_tensors; t++)
        if (tensors >> t & 1) {
            g_string_append_printf(out, "%s\"%s\"", comma, op->tensor[t].name);
            comma = ",";
        }
    g_string_append_c(out, ']');
}

static void json_ports(const Case *c, const char *key, const Ports *ports, GString *out)
{
    g_string_append_printf(out, ",\"%s\":[", key);
    for (int i = 0; i < ports->n; i++) {
        const Port *port = &ports->port[i];
        int64_t bits = width_of(c, port->in_bits, port->tensors);
        g_string_append(out, i ? ",{\"tensors\":" : "{\"tensors\":");
        json_set(&c->layer.op, port->tensors, out);
        g_string_append(out, ",\"read\":");
        json_rate(port->read, bits, out);
        g_string_append(out, ",\"write\":");
        json_rate(port->write, bits, out);
        g_string_append(out, ",\"both\":");
        json_rate(port->both, bits, out);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void json_bandwidth(const Case *c, const Noc *noc, GString *out)
{
    if (!noc->per_tensor) {
        json_rate(noc->bandwidth[0], width_of(c, noc->in_bits, case_tensors(c)), out);
        return;
    }
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        g_string_append_printf(out, "%c\"%s\":", t ? ',' : '{', c->layer.op.tensor[t].name);
        json_rate(noc->bandwidth[t], width_of(c, noc->in_bits, 1u << t), out);
    }
    g_string_append_c(out, '}');
}

static void json_noc(const Case *c, int l, GString *out)
{
    const Noc *noc = &c->machine.noc[l];
    g_string_append(out, "\"noc\":{\"bandwidth\":");
    json_bandwidth(c, noc, out);
    g_string_append_printf(out, ",\"latency\":%" PRId64 ",\"multicast\":%s,\"reduction\":%s",
                           noc->latency, noc->multicast ? "true" : "false",
                           noc->reduction ? "true" : "false");
    json_ports(c, "ports", &c->machine.ports[l], out);
    g_string_append_c(out, '}');
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
    json_noc(c, l, out);
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
    g_string_append(out, "],\"keep\":[");
    for (int l = 0; l < c->nest.n_levels; l++) {
        g_string_append(out, l ? "," : "");
        json_set(op, case_held(c, l + 1), out);
    }
    g_string_append_printf(out, "],\"lanes\":%" PRId64, c->machine.lanes);
    json_ports(c, "pe_ports", &c->machine.pe_ports, out);
    g_string_append_c(out, '}');
}

/* ---- the result ---- */

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

static void json_offchip(const Operator *op, const OffchipTable *rows, GString *out)
{
    for (int t = 0; t < op->n_tensors; t++) {
        g_string_append_printf(out, "%s\"%s\":", t ? "," : "", op->tensor[t].name);
        for (int j = 0; j < rows->depths; j++)
            g_string_append_printf(out,
                                   "%c{\"depth\":%d,\"footprint\":%" PRId64 ",\"reads\":%" PRId64
                                   ",\"writes\":%" PRId64 "}",
                                   j ? ',' : '[', j, rows->row[t][j].footprint,
                                   rows->row[t][j].reads, rows->row[t][j].writes);
        g_string_append_c(out, ']');
    }
}

static void json_time(const Result *r, GString *out)
{
    static const char *const causes[] = {"compute", "ingress", "egress", "fill", "drain"};
    g_string_append(out, ",\"cycles_by_cause\":");
    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
        g_string_append_printf(out, "%c\"%s\":%" PRId64, i ? ',' : '{', causes[i],
                               r->cycles_by_cause[i]);
    g_string_append(out, "},\"bandwidth\":");
    for (int l = 0; l < r->n_levels; l++)
        g_string_append_printf(out, "%c[%.17g,%.17g]", l ? ',' : '[', r->level[l].peak_bandwidth,
                               r->level[l].average_bandwidth);
    g_string_append_c(out, ']');
}

static void json_macs(const Operator *op, const MacCounts *mac, GString *out)
{
    for (int t = 0; t < op->n_tensors; t++)
        g_string_append_printf(
            out,
            "%c\"%s\":{\"reads\":%" PRId64 ",\"writes\":%" PRId64 ",\"psum_reads\":%" PRId64 "}",
            t ? ',' : '{', op->tensor[t].name, mac[t].reads, mac[t].writes, mac[t].psum_reads);
    g_string_append_c(out, '}');
}

void casejson_print(const Case *c, const Simulation *s, GString *out)
{
    const Result *r = &s->result;
    const Operator *op = &c->layer.op;
    g_string_append(out, "{\"case\":");
    json_case(c, out);
    g_string_append_printf(out,
                           ",\"result\":{\"macs\":%" PRId64 ",\"cycles\":%" PRId64 ",\"units\":[",
                           r->macs * r->copies, r->onchip_cycles - c->machine.setup_cycles);
    for (int l = 0; l < r->n_levels; l++)
        g_string_append_printf(out, "%s%" PRId64, l ? "," : "", r->level[l].children);
    g_string_append(out, "],\"tensor_size\":{");
    for (int t = 0; t < op->n_tensors; t++)
        g_string_append_printf(out, "%s\"%s\":%" PRId64, t ? "," : "", op->tensor[t].name,
                               r->tensor_size[t]);
    g_string_append(out, "},\"levels\":[");
    json_levels(op, r, out);
    g_string_append_c(out, ']');
    json_time(r, out);
    g_string_append(out, ",\"mac\":");
    json_macs(op, s->mac, out);
    g_string_append(out, ",\"offchip\":{");
    json_offchip(op, &s->rows, out);
    g_string_append(out, "}}}\n");
}
