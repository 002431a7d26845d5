/* An edge of a network: what a layer reads of another's output. */
#ifndef DCC_IR_EDGE_H
#define DCC_IR_EDGE_H

typedef struct {
    int producer, consumer; /* layers, by their places in the network, from 0 */
    int tensor;             /* of the consumer's operator: the input that is read */
    int part;               /* which part of it, from 0: several are put together along the
                               channels, in this order */
} Edge;

#endif
