/* The lines Fanout, Buffer and Level of a dataflow, in their order: where a unit is in the
 * hierarchy, what it holds, and which lines are one cut. */
#ifndef DCC_FRONTEND_CUTS_H
#define DCC_FRONTEND_CUTS_H

#include "frontend/holes.h"

/* What has been passed so far, from the outside in. */
typedef struct {
    Diag *diag;
    const ExprScope *scope;
    const LayerInfo *info;
    const Machine *machine;          /* with memories; NULL: not known, lines are only counted */
    int passed;                      /* fan-outs outside the unit that we are in */
    int64_t taken;                   /* units of the last of them */
    const Item *fanout[FANOUTS_MAX]; /* the first line of each, or NULL */
    const Item *buffer;              /* the first line in the unit that we are in, or NULL */
    int memory[TENSORS_MAX];         /* the innermost that holds a tensor so far, from 1; 0: none */
    const Item *held_by[TENSORS_MAX]; /* the line that says so */
    int automatic;                    /* the line is `auto` of this memory, from 1; 0: it is not */
    Hole units;                       /* that the line asks for, if it is a Fanout */
    bool part_open; /* some part of the last fan-out is open; `taken` has its least */
    int maybe;      /* a hole in the line leaves open what this memory holds, from 1; 0: none */
    unsigned maybes, before; /* those tensors; those that lines of the cut before leave open */
    bool open;               /* a Buffer line may go on with the cut before */
    bool lost;               /* a Fanout line is wrong: where we are is not known */
    bool wrong;
} Cuts;

/* True for the lines of this file. */
bool cuts_is_line(const Item *item);

/* True if the dataflow has one. */
bool cuts_has_line(const Item *dataflow);

Cuts cuts_new(Diag *diag, const ExprScope *scope, const LayerInfo *info, const Machine *machine);

/* Reads a line: what it makes of the children, in a level of its own.  What is wrong is reported,
 * and left out.  A line that is `auto` makes no cut: see Cuts.automatic.  Of units that are open
 * the cut has the least, of tensors that are open none: see Cuts.units and maybe. */
void cuts_read(Cuts *cuts, const Item *item, Level *cut);

/* True if the line belongs to the cut before (NULL: there is none), which then has its memories
 * too. */
bool cuts_join(Cuts *cuts, const Item *item, const Level *cut, Level *before);

/* A level whose children are its one unit and hold nothing. */
Level cuts_none(const LayerInfo *info);

/* Warns of fan-outs that no line names. */
void cuts_idle(const Cuts *cuts, const Item *dataflow);

#endif
