/* Boxes of iteration dims, and sets of the elements of a tensor as bitmaps.
 *
 * The values that each coordinate can have are numbered, and an element's bit is the
 * mixed-radix number of its coordinates; a set has as many words as the tensor needs. */
#ifndef DCC_TESTS_ELEMENTS_H
#define DCC_TESTS_ELEMENTS_H

#include <string.h>

#include "ir/layer.h"

typedef uint64_t Word;
enum { WORD_BITS = 64, VALUES_MAX = 4096 /* of a coordinate */ };

typedef struct {
    int64_t lo, hi;
} Interval;

typedef struct {
    Interval of[DIMS_MAX];
} Box;

/* A tensor's numbering of its elements. */
typedef struct {
    int words;               /* of a set */
    int *number[COORDS_MAX]; /* [value] of a coordinate, its number, or -1 */
    int values[COORDS_MAX];  /* how many values a coordinate has */
} Numbering;

/* All of the layer. */
Box box_whole(const Layer *layer);

/* Numbers the tensor's elements; how many there are.  Free with elements_clear. */
int64_t elements_number(const Layer *layer, const Tensor *tensor, Numbering *n);
void elements_clear(const Tensor *tensor, Numbering *n);

/* The bit of the element that a point of the iteration space touches. */
int elements_at(const Tensor *tensor, const Numbering *n, const int64_t point[DIMS_MAX]);

/* The set of coordinates of a tensor for a box: empty if a coupled dim is empty. */
void elements_tile(const Tensor *tensor, const Numbering *n, const Box *box, Word *set);

static inline void set_clear(Word *set, int words)
{
    memset(set, 0, (size_t) words * sizeof *set);
}

static inline void set_put(Word *set, int bit)
{
    set[bit / WORD_BITS] |= (Word) 1 << bit % WORD_BITS;
}

static inline bool set_has(const Word *set, int bit)
{
    return set[bit / WORD_BITS] >> bit % WORD_BITS & 1;
}

static inline void set_copy(Word *to, const Word *from, int words)
{
    memcpy(to, from, (size_t) words * sizeof *to);
}

static inline void set_add(Word *to, const Word *from, int words)
{
    for (int i = 0; i < words; i++)
        to[i] |= from[i];
}

static inline void set_keep(Word *to, const Word *from, int words)
{
    for (int i = 0; i < words; i++)
        to[i] &= from[i];
}

static inline void set_minus(Word *to, const Word *a, const Word *b, int words)
{
    for (int i = 0; i < words; i++)
        to[i] = a[i] & ~b[i];
}

static inline bool set_meet(const Word *a, const Word *b, int words)
{
    for (int i = 0; i < words; i++)
        if (a[i] & b[i])
            return true;
    return false;
}

static inline int64_t set_count(const Word *set, int words)
{
    int64_t n = 0;
    for (int i = 0; i < words; i++)
        n += __builtin_popcountll(set[i]);
    return n;
}

#endif
