/* A sweep on several ranks.  Rank 0 hands out units, which go over the wire as pieces; what others
 * find in them comes back as it is in memory, and is merged as if a thread had found it. */
#include "dse/sweep_parts.h"

enum { ROWS_LENT = 64 /* units of a rank whose rows are to come, so that they fit the memory */ };

/* What comes back. */
typedef enum { BACK_FINDINGS, BACK_ROWS } Back;

/* ---- rank 0 ---------------------------------------------------------------------- */

/* So few that the last ones are not all with one rank. */
static int64_t fair_share(const Sweep *sweep, int64_t most)
{
    return CLAMP((sweep->units.n - sweep->taken) / (4 * ranks_count(sweep->options->ranks)), 1,
                 most);
}

static void lend(Sweep *sweep, int rank, int64_t unit, const Piece *piece, GByteArray *tasks)
{
    int64_t *key = g_new(int64_t, 1);
    *key = unit;
    g_hash_table_add(sweep->lent[rank], key);
    pack_number(tasks, sizeof unit + sizeof *piece);
    pack(tasks, &unit, sizeof unit);
    pack(tasks, piece, sizeof *piece);
}

/* Rows that wait, or are to come, are no more than they may be. */
static bool is_full(const Sweep *sweep, int rank)
{
    return sweep->options->rows && (sweep->waiting_bytes >= WAITING_BYTES ||
                                    g_hash_table_size(sweep->lent[rank]) >= ROWS_LENT);
}

static int deal(int rank, int most, GByteArray *tasks, void *data)
{
    Sweep *sweep = data;
    int n = 0;
    g_mutex_lock(&sweep->lock);
    int64_t share = fair_share(sweep, most), unit;
    Piece piece;
    while (n < share && !is_full(sweep, rank) && sweep_next(sweep, 0, &unit, &piece)) {
        lend(sweep, rank, unit, &piece, tasks);
        n++;
    }
    g_mutex_unlock(&sweep->lock);
    return n;
}

static bool take_rows(Sweep *sweep, int rank, Unpack *found)
{
    int64_t unit = unpack_number(found);
    gsize n;
    const guint8 *bytes = unpack_block(found, &n);
    if (found->bad || !sweep->options->rows || !g_hash_table_contains(sweep->lent[rank], &unit))
        return false;
    g_mutex_lock(&sweep->lock);
    sweep_put_rows(sweep, unit, g_string_new_len((const char *) bytes, (gssize) n));
    g_mutex_unlock(&sweep->lock);
    return true;
}

static bool take_findings(Sweep *sweep, int rank, Unpack *found)
{
    g_autoptr(Findings) findings = findings_new(sweep->study->front);
    gsize n;
    const guint8 *units = unpack_block(found, &n);
    bool well = !found->bad && n % sizeof(int64_t) == 0;
    for (gsize at = 0; at < n && well; at += sizeof(int64_t)) {
        int64_t unit;
        memcpy(&unit, units + at, sizeof unit);
        well = g_hash_table_remove(sweep->lent[rank], &unit);
    }
    if (!well || !findings_unpack(found, sweep->study->space->points, findings))
        return false;
    g_mutex_lock(&sweep->lock);
    findings_merge(sweep->sum, findings);
    g_mutex_unlock(&sweep->lock);
    return true;
}

static bool take(int rank, Unpack *found, void *data)
{
    return unpack_number(found) == BACK_ROWS ? take_rows(data, rank, found)
                                             : take_findings(data, rank, found);
}

void sweep_deal(Sweep *sweep)
{
    static const DealerOwner owner = {deal, take};
    const SweepOptions *options = sweep->options;
    if (options->ranks == NULL)
        return;
    sweep->lent = g_new0(GHashTable *, ranks_count(options->ranks));
    for (int rank = 0; rank < ranks_count(options->ranks); rank++)
        sweep->lent[rank] = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GByteArray) about = g_byte_array_new();
    pack_number(about, options->shard);
    pack_number(about, options->shards);
    pack_number(about, options->rows != NULL);
    sweep->dealer = dealer_new(options->ranks, WORK_SWEEP, about, &owner, sweep);
}

static void leave_out(Sweep *sweep, GHashTable *lent)
{
    GHashTableIter iter;
    gpointer unit;
    g_hash_table_iter_init(&iter, lent);
    while (g_hash_table_iter_next(&iter, &unit, NULL)) {
        Piece piece = sweep_piece(sweep, *(int64_t *) unit);
        g_array_append_val(sweep->out, piece);
    }
}

void sweep_deal_end(Sweep *sweep)
{
    if (sweep->dealer == NULL)
        return;
    dealer_close(sweep->dealer, study_stopped(sweep->study));
    for (int rank = 0; rank < ranks_count(sweep->options->ranks); rank++) {
        leave_out(sweep, sweep->lent[rank]);
        g_hash_table_destroy(sweep->lent[rank]);
    }
    g_free(sweep->lent);
}

/* ---- another rank ------------------------------------------------------------------ */

bool sweep_borrow(Worker *worker, Piece *piece)
{
    g_autoptr(GBytes) task = helper_take(worker->sweep->helper);
    if (task == NULL)
        return false;
    Unpack from = unpack_bytes(task);
    worker->unit = unpack_number(&from);
    unpack_raw(&from, piece, sizeof *piece);
    bool well = !from.bad && piece->first >= 0 && piece->end <= worker->sweep->share &&
                piece->part >= 0 && piece->part < piece->parts;
    if (well)
        g_array_append_val(worker->units, worker->unit);
    return well;
}

void sweep_give_back(Worker *worker)
{
    g_autoptr(GByteArray) back = g_byte_array_new();
    if (!worker->cut && worker->units->len > 0) {
        pack_number(back, BACK_FINDINGS);
        pack_block(back, worker->units->data, worker->units->len * sizeof(int64_t));
        findings_pack(worker->found, back);
        helper_give(worker->sweep->helper, back);
    }
    g_array_set_size(worker->units, 0);
}

void sweep_give_rows(Worker *worker)
{
    g_autoptr(GByteArray) back = g_byte_array_new();
    pack_number(back, BACK_ROWS);
    pack_number(back, worker->unit);
    pack_block(back, worker->rows->str, worker->rows->len);
    helper_give(worker->sweep->helper, back);
    g_string_truncate(worker->rows, 0);
}

void sweep_help(const Study *study, const SweepOptions *options, Helper *helper, Unpack *about)
{
    SweepOptions own = *options;
    Sweep sweep = {
        .study = study, .options = &own, .chunks = sweep_chunks(study->space), .helper = helper};
    own.shard = unpack_number(about);
    own.shards = unpack_number(about);
    own.rows = unpack_number(about) ? options->rows : NULL;
    if (!about->bad && own.shard >= 0 && own.shards > own.shard)
        sweep.share = sweep_share(&sweep.chunks, own.shard, own.shards);
    g_autofree gpointer *worker = g_new0(gpointer, own.threads);
    for (int i = 0; i < own.threads; i++)
        worker[i] = sweep_worker_new(&sweep, i);
    const HelperRun run = {.threads = own.threads, .work = sweep_work, .worker = worker};
    helper_run(helper, &run);
    for (int i = 0; i < own.threads; i++)
        sweep_worker_free(worker[i]);
    helper_end(helper, NULL);
}
