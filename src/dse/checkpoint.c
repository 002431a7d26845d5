/* A sealed JSON object. */
#include "dse/checkpoint.h"
#include "report/output.h"
#include "run/sealed.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

static const char format[] = "dcc-dse checkpoint 3";
static const char unsealed[] = "{\"format\":\"dcc-dse checkpoint 1\",";        /* of version 0.1 */
static const char without_missing[] = "{\"format\":\"dcc-dse checkpoint 2\","; /* of 0.2 */

void checkpoint_free(Checkpoint *c)
{
    if (!c)
        return;
    g_free(c->digest);
    g_free(c->network);
    g_free(c->hardware);
    if (!c->space_lent)
        space_free(c->space);
    findings_free(c->findings);
    if (c->left)
        g_array_unref(c->left);
    g_free(c);
}

bool checkpoint_is_whole(const Checkpoint *c)
{
    return c->done == c->share && c->left->len == 0;
}

/* ---- the digest ------------------------------------------------------------------ */

static void add_axes(GChecksum *sum, const Space *space)
{
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        sealed_add(sum, axis->name);
        for (guint k = 0; k < axis->values->len; k++)
            sealed_add(sum, axis->values->pdata[k]);
        sealed_add(sum, NULL);
    }
}

/* How dataflows are searched for, to be freed; NULL: they are not. */
static char *map_words(const StudyMap *map)
{
    return map ? g_strdup_printf("%d %d %d %.17g %d %d", map->objective, map->sizes, map->spatial,
                                 map->seconds, map->open, map->best)
               : NULL;
}

/* Of all that the result depends on: texts of the files, options, axes, version; to be freed. */
static char *study_digest(const Study *study, const Sources *sources)
{
    const ProgramRequest *r = &study->request;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *flags =
        g_strdup_printf("%d %d %u %.17g", study->exact, study->prune, study->front, r->node_nm);
    g_autoptr(GString) steering = g_string_new(NULL);
    g_autofree char *map = map_words(study->map);
    diag_steering(study->diag, steering);
    sealed_add(sum, DCC_VERSION);
    for (int i = 0; i < sources_count(sources); i++) {
        const Source *source = sources_get(sources, i);
        g_checksum_update(sum, (const guchar *) source->text, source->length);
        sealed_add(sum, NULL);
    }
    sealed_add_list(sum, (const char *const *) r->layers);
    sealed_add_list(sum, (const char *const *) r->sets);
    sealed_add_list(sum, (const char *const *) r->defines);
    sealed_add(sum, r->technology);
    sealed_add(sum, flags);
    sealed_add(sum, steering->str);
    if (map)
        sealed_add(sum, map);
    add_axes(sum, study->space);
    char *digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}

/* ---- beginning, and going on ------------------------------------------------------ */

void checkpoint_shard(Checkpoint *c, int64_t shard, int64_t shards)
{
    Chunks chunks = sweep_chunks(c->space);
    c->shard = shard;
    c->shards = shards;
    c->share = sweep_share(&chunks, shard, shards);
}

Checkpoint *checkpoint_new(const Study *study, const Sources *sources)
{
    Checkpoint *c = g_new0(Checkpoint, 1);
    c->digest = study_digest(study, sources);
    c->network = g_strdup(study->network);
    c->hardware = g_strdup(study->hardware);
    c->space = study->space;
    c->space_lent = true;
    c->budget_um2 = study->budget_um2;
    c->budget_mw = study->budget_mw;
    c->front = study->front;
    c->findings = findings_new(study->front);
    c->left = g_array_new(FALSE, FALSE, sizeof(Piece));
    checkpoint_shard(c, 0, 1);
    return c;
}

static bool is_same(const Checkpoint *a, const Checkpoint *b)
{
    return strcmp(a->digest, b->digest) == 0 && a->share == b->share && a->shard == b->shard &&
           a->shards == b->shards;
}

bool checkpoint_resume(Checkpoint *c, const char *path, GError **error)
{
    g_autoptr(Checkpoint) before = checkpoint_read(path, error);
    if (!before)
        return false;
    if (!is_same(before, c)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--resume %s: it is a checkpoint of another sweep, or of other files", path);
        return false;
    }
    Findings *swap = c->findings;
    c->findings = before->findings;
    before->findings = swap;
    c->done = before->done;
    g_array_append_vals(c->left, before->left->data, before->left->len);
    return true;
}

/* ---- writing --------------------------------------------------------------------- */

static json_t *pack_point(const Point *p)
{
    return json_pack("[I,I,I,f,f,f,f,f,f,i]", (json_int_t) p->index, (json_int_t) p->cycles,
                     (json_int_t) p->macs, p->seconds, p->pj, p->um2, p->mw, p->l1, p->l2,
                     (int) p->partial);
}

static json_t *pack_findings(Findings *f)
{
    json_t *best = json_array(), *front = json_array(), *lacks = json_array();
    const Point *points = front_sorted(f->front);
    for (Lack k = 0; k < LACKS; k++)
        json_array_append_new(lacks, json_pack("[I,f]", (json_int_t) f->lacking[k],
                                               isfinite(f->least[k]) ? f->least[k] : -1));
    for (Objective o = 0; o < OBJECTIVES; o++)
        json_array_append_new(best, pack_point(&f->best[o]));
    for (int64_t i = 0; i < front_size(f->front); i++)
        json_array_append_new(front, pack_point(&points[i]));
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "seen", (json_int_t) f->seen,
                     "illegal", (json_int_t) f->illegal, "over", (json_int_t) f->over, "evaluated",
                     (json_int_t) f->evaluated, "valid", (json_int_t) f->valid, "first_illegal",
                     (json_int_t) f->first_illegal, "first_missing", (json_int_t) f->first_missing,
                     "lacks", lacks, "best", best, "front", front);
}

static json_t *pack_axes(const Space *space)
{
    json_t *axes = json_array();
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        json_t *values = json_array();
        json_array_append_new(values, json_string(axis->name));
        for (guint k = 0; k < axis->values->len; k++)
            json_array_append_new(values, json_string(axis->values->pdata[k]));
        json_array_append_new(axes, values);
    }
    return axes;
}

static json_t *pack_left(const GArray *left)
{
    json_t *pieces = json_array();
    for (guint i = 0; i < left->len; i++) {
        const Piece *p = &g_array_index(left, Piece, i);
        json_array_append_new(pieces,
                              json_pack("[I,I,I,I]", (json_int_t) p->first, (json_int_t) p->end,
                                        (json_int_t) p->part, (json_int_t) p->parts));
    }
    return pieces;
}

bool checkpoint_write(const Checkpoint *c, const char *path, GError **error)
{
    json_t *root =
        json_pack("{s:s,s:s,s:s,s:s,s:f,s:f,s:i,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "format", format,
                  "digest", c->digest, "network", c->network, "hardware", c->hardware, "budget_um2",
                  isfinite(c->budget_um2) ? c->budget_um2 : -1, "budget_mw",
                  isfinite(c->budget_mw) ? c->budget_mw : -1, "front_over", (int) c->front, "shard",
                  (json_int_t) c->shard, "shards", (json_int_t) c->shards, "done",
                  (json_int_t) c->done, "share", (json_int_t) c->share, "left", pack_left(c->left),
                  "axes", pack_axes(c->space), "findings", pack_findings(c->findings));
    GString *bytes = sealed_bytes(root);
    json_decref(root);
    if (bytes)
        return output_write_durable(path, bytes, error);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "cannot write %s: a name or a value in it is not UTF-8", path);
    return false;
}

/* ---- reading --------------------------------------------------------------------- */

static bool unpack_point(json_t *array, int64_t points, Point *p)
{
    json_int_t index, cycles, macs;
    int partial;
    if (json_unpack(array, "[I,I,I,F,F,F,F,F,F,i!]", &index, &cycles, &macs, &p->seconds, &p->pj,
                    &p->um2, &p->mw, &p->l1, &p->l2, &partial) != 0)
        return false;
    if (index < 0 || index >= points)
        return false;
    p->index = index;
    p->cycles = cycles;
    p->partial = (ObjectiveSet) partial;
    p->macs = macs;
    p->mapping = NULL;
    return true;
}

static bool unpack_findings(json_t *object, int64_t points, Findings *f)
{
    json_int_t seen, illegal, over, evaluated, valid, first_illegal, first_missing;
    json_t *best, *front, *lacks, *item;
    size_t k;
    if (json_unpack(object, "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "seen", &seen, "illegal",
                    &illegal, "over", &over, "evaluated", &evaluated, "valid", &valid,
                    "first_illegal", &first_illegal, "first_missing", &first_missing, "lacks",
                    &lacks, "best", &best, "front", &front) != 0 ||
        json_array_size(best) != OBJECTIVES || !json_is_array(front))
        return false;
    f->seen = seen;
    f->illegal = illegal;
    f->over = over;
    f->evaluated = evaluated;
    f->valid = valid;
    f->first_illegal = first_illegal < points ? first_illegal : -1;
    f->first_missing = first_missing < points ? first_missing : -1;
    if (json_array_size(lacks) != LACKS)
        return false;
    json_array_foreach(lacks, k, item)
    {
        json_int_t lacking;
        if (json_unpack(item, "[I,F!]", &lacking, &f->least[k]) != 0)
            return false;
        f->lacking[k] = lacking;
        f->least[k] = f->least[k] < 0 ? INFINITY : f->least[k];
    }
    json_array_foreach(best, k, item) if (!unpack_point(item, points, &f->best[k])) return false;
    json_array_foreach(front, k, item)
    {
        Point point;
        if (!unpack_point(item, points, &point))
            return false;
        front_add(f->front, &point);
    }
    return true;
}

static bool unpack_axes(json_t *axes, Space *space)
{
    json_t *axis, *value;
    size_t i, k;
    json_array_foreach(axes, i, axis)
    {
        if (!json_is_string(json_array_get(axis, 0)) || json_array_size(axis) < 2)
            return false;
        SpaceAxis *added = space_append(space, json_string_value(json_array_get(axis, 0)));
        json_array_foreach(axis, k, value)
        {
            if (!json_is_string(value))
                return false;
            if (k > 0)
                g_ptr_array_add(added->values, g_strdup(json_string_value(value)));
        }
    }
    return json_is_array(axes) && space_count(space, NULL);
}

static bool unpack_left(json_t *pieces, Checkpoint *c)
{
    json_t *item;
    size_t k;
    c->left = g_array_new(FALSE, FALSE, sizeof(Piece));
    json_array_foreach(pieces, k, item)
    {
        json_int_t first, end, part, parts;
        if (json_unpack(item, "[I,I,I,I!]", &first, &end, &part, &parts) != 0 || first < 0 ||
            first >= end || end > c->done || part < 0 || part >= parts || parts > 1 << 20)
            return false;
        Piece piece = {first, end, part, parts};
        g_array_append_val(c->left, piece);
    }
    return json_is_array(pieces);
}

static bool unpack(json_t *root, Checkpoint *c)
{
    const char *is, *digest, *network, *hardware;
    json_int_t shard, shards, done, share;
    json_t *axes, *findings, *left;
    int front;
    if (json_unpack(root, "{s:s,s:s,s:s,s:s,s:F,s:F,s:i,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "format",
                    &is, "digest", &digest, "network", &network, "hardware", &hardware,
                    "budget_um2", &c->budget_um2, "budget_mw", &c->budget_mw, "front_over", &front,
                    "shard", &shard, "shards", &shards, "done", &done, "share", &share, "left",
                    &left, "axes", &axes, "findings", &findings) != 0 ||
        strcmp(is, format) != 0 || front <= 0 || front >= 1 << OBJECTIVES)
        return false;
    c->digest = g_strdup(digest);
    c->network = g_strdup(network);
    c->hardware = g_strdup(hardware);
    c->budget_um2 = c->budget_um2 < 0 ? INFINITY : c->budget_um2;
    c->budget_mw = c->budget_mw < 0 ? INFINITY : c->budget_mw;
    c->front = (ObjectiveSet) front;
    c->shard = shard;
    c->shards = shards;
    c->done = done;
    c->share = share;
    c->space = space_new();
    c->findings = findings_new(c->front);
    return shard >= 0 && shard < shards && shards <= 1 << 20 && done >= 0 && done <= share &&
           unpack_left(left, c) && unpack_axes(axes, c->space) &&
           unpack_findings(findings, c->space->points, c->findings);
}

Checkpoint *checkpoint_parse(const char *text, gsize length, const char **why)
{
    g_autoptr(Checkpoint) c = g_new0(Checkpoint, 1);
    bool whole = sealed_is_whole(text, length);
    json_t *root = whole ? json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool ok = root && unpack(root, c);
    json_decref(root);
    if (g_str_has_prefix(text, without_missing))
        *why = "is a checkpoint of version 0.2, which does not say what figures are missing; sweep "
               "again";
    else if (g_str_has_prefix(text, unsealed))
        *why = "is a checkpoint of version 0.1, which has no checksum; sweep again";
    else if (!whole)
        *why = "is not a whole checkpoint of dcc-dse: it is cut off, or its checksum does not hold";
    else if (!ok)
        *why = "is a checkpoint of another version of dcc-dse";
    return ok ? g_steal_pointer(&c) : NULL;
}

Checkpoint *checkpoint_read(const char *path, GError **error)
{
    gsize length;
    const char *why = NULL;
    g_autofree char *text = source_text(path, &length, error);
    if (!text)
        return NULL;
    Checkpoint *c = checkpoint_parse(text, length, &why);
    if (!c)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s %s", path, why);
    return c;
}

/* ---- another sweep's ---------------------------------------------------------------- */

bool checkpoint_may_write(const Checkpoint *c, const char *path, GError **error)
{
    struct stat file;
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size == 0)
        return true;
    g_autoptr(Checkpoint) there = checkpoint_read(path, NULL);
    if (there && is_same(there, c))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                there
                    ? "--checkpoint %s: this file is the checkpoint of another sweep, or of other "
                      "files; it is kept"
                    : "--checkpoint %s: this file is there and is not a checkpoint of this "
                      "sweep; it is kept",
                path);
    return false;
}

/* ---- joining --------------------------------------------------------------------- */

bool checkpoint_join(Checkpoint *into, const Checkpoint *other, bool *seen, GError **error)
{
    const char *why = NULL;
    if (strcmp(into->digest, other->digest) != 0 || into->shards != other->shards)
        why = "it is of another sweep";
    else if (!checkpoint_is_whole(other))
        why = "it is not done; go on with --resume";
    else if (seen[other->shard])
        why = "it is given twice";
    if (why) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "shard %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ": %s", other->shard + 1,
                    other->shards, why);
        return false;
    }
    seen[other->shard] = true;
    if (into != other)
        findings_merge(into->findings, other->findings);
    return true;
}
