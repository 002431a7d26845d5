/* What a sweep has found so far, in a file: to go on from, or to be joined with other shards. */
#ifndef DCC_DSE_CHECKPOINT_H
#define DCC_DSE_CHECKPOINT_H

#include "dse/sweep.h"

typedef struct {
    char *digest; /* of all that the result depends on */
    char *network, *hardware;
    Space *space;                 /* owned, if `lent` does not say otherwise */
    bool space_lent;              /* it is the study's */
    double budget_um2, budget_mw; /* INFINITY: none */
    ObjectiveSet front;
    int64_t shard, shards; /* this one, from 0, of so many */
    int64_t done, share;   /* chunks of the shard */
    GArray *left;          /* of Piece: of those done, what is not */
    Findings *findings;
} Checkpoint;

void checkpoint_free(Checkpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Checkpoint, checkpoint_free)

/* Of a run that begins, as the only shard; the study and its space must outlive it. */
Checkpoint *checkpoint_new(const Study *study, const Sources *sources);

/* Makes it shard number `shard`, from 0, of so many. */
void checkpoint_shard(Checkpoint *checkpoint, int64_t shard, int64_t shards);

/* Whether all of the shard is done. */
bool checkpoint_is_whole(const Checkpoint *checkpoint);

/* Takes over what an earlier run has found; false with *error set if that was another sweep. */
bool checkpoint_resume(Checkpoint *checkpoint, const char *path, GError **error);

/* The file is either as it was or whole; false with *error set. */
bool checkpoint_write(const Checkpoint *checkpoint, const char *path, GError **error);

/* Whether the checkpoint may take that name: none is there, or an earlier one of the same sweep.
 * False with *error set: what is there is of another sweep, or no checkpoint. */
bool checkpoint_may_write(const Checkpoint *checkpoint, const char *path, GError **error);

/* NULL with *error set if the file cannot be read, is none of ours, or differs in any byte from
 * what was written. */
Checkpoint *checkpoint_read(const char *path, GError **error);

/* The same of the bytes of a file, which a NUL follows; NULL with *why set. */
Checkpoint *checkpoint_parse(const char *text, gsize length, const char **why);

/* Joins another shard of the same sweep; false with *error set if it is of another, is not done, or
 * is in there already (`seen`: a flag per shard). */
bool checkpoint_join(Checkpoint *into, const Checkpoint *other, bool *seen, GError **error);

#endif
