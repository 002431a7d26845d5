/* Hardware descriptions: an Accelerator block or the flat form, overrides, and the
 * machine that they come to for one layer's operator. */
#ifndef DCC_FRONTEND_HARDWARE_H
#define DCC_FRONTEND_HARDWARE_H

#include "frontend/check.h"
#include "ir/machine.h"

typedef enum { PER_CYCLE_ELEMENTS, PER_CYCLE_BITS, PER_SECOND_BITS } RateUnit;

/* An amount per time as written; num == 0: unlimited. */
typedef struct {
    Rational amount;
    RateUnit unit;
} Rate;

enum { HARDWARE_NAMES_MAX = 16 };

/* A figure that may be given once or by tensor name or role. */
typedef struct {
    int n; /* names given; 0: `all` holds */
    const char *name[HARDWARE_NAMES_MAX];
    Rate by_name[HARDWARE_NAMES_MAX];
    Rate all;
    Span span;
} TensorRate;

/* Tensors by name or role; n == 0: not given. */
typedef struct {
    int n;
    const char *name[HARDWARE_NAMES_MAX];
} TensorNames;

/* Cycles, or seconds that the clock makes cycles of. */
typedef struct {
    Rational amount;
    bool seconds;
    Span span;
} Duration;

/* Bytes of all tensors, or of each its share; 0: not given. */
typedef struct {
    int n; /* names given; 0: `all` holds */
    const char *name[HARDWARE_NAMES_MAX];
    int64_t by_name[HARDWARE_NAMES_MAX];
    int64_t all;
} TensorBytes;

/* What a memory gives and takes, or the two together; nothing: unlimited. */
typedef struct {
    Rate read, write, both;
    Span span;
} PortRate;

/* Milliwatts, or picojoules that the clock makes milliwatts of. */
typedef struct {
    Rational amount; /* den 0: not given */
    bool per_cycle;
} Leakage;

typedef struct {
    TensorRate bandwidth;
    Rational hops, latency; /* average hops, cycles per hop */
    bool multicast, reduction;
    Prefetch prefetch;
} HardwareNoc;

/* A memory of a Hierarchy.  Of amounts den 0 is not given. */
typedef struct {
    const char *name;
    Span span;
    int fanouts;       /* outside it */
    TensorNames holds; /* none: all tensors */
    TensorBytes capacity;
    PortRate port;
    int64_t latency, copies, width_bits; /* 0: not given */
    Prefetch prefetch;
    Rational read_pj, write_pj, um2;
    Leakage leakage;
} HardwareMemory;

typedef struct {
    const char *name;
    Span span;
    int memories; /* outside it */
    int64_t size;
    TensorNames dims; /* that it can divide; none: any */
    HardwareNoc noc;
} HardwareFanout;

/* The MACs of a unit. */
typedef struct {
    Rational pj, um2;
    Leakage leakage;
} HardwareMac;

typedef struct {
    const char *name;
    Span span;
    int n_memories, n_fanouts; /* of a Hierarchy, outermost first; no memories: the classic form */
    HardwareMemory memory[MEMORIES_MAX];
    HardwareFanout fanout[FANOUTS_MAX];
    HardwareMac mac;
    int64_t pes, lanes;
    Rational clock_hz;
    bool clock_given;
    TensorRate precision;                                 /* amount: bits */
    HardwareNoc noc[LEVELS_MAX];                          /* all filled in */
    int64_t l1_bytes, l2_bytes, buffer_bytes[LEVELS_MAX]; /* 0: not given */
    TensorRate offchip;                                   /* only `all` */
    TensorNames offchip_holds;                            /* none: all tensors */
    int64_t partial_bits;                                 /* 0: the output's width */
    Duration setup;
    MachineCalled called;                    /* of the classic form: see Machine */
    double area_budget_mm2, power_budget_mw; /* 0: none */
    const char *technology;                  /* name, or NULL */
    const Item *block;                       /* the Accelerator, or NULL for the flat form */
} Hardware;

/* Reads an Accelerator block, or (block NULL) the file's flat keys.  False after reporting. */
bool hardware_read(const Trees *program, const ProgramFile *file, const Item *block,
                   Hardware *hardware);

/* Applies "key=value"; false with *error set.  keys.h has it in two steps, to read once. */
bool hardware_set(const Trees *program, Hardware *hardware, const char *assignment, GError **error);

/* Resolves names and units for an operator; false after reporting. */
bool hardware_machine(const Trees *program, const Hardware *hardware, const Operator *op,
                      Machine *machine);

#endif
