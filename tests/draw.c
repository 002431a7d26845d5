/* splitmix64: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014. */
#include "draw.h"

static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t draw_seed(uint64_t seed, uint64_t index)
{
    return mix(mix(seed + 0x9e3779b97f4a7c15u) + index * 0x9e3779b97f4a7c15u);
}

int64_t draw_between(uint64_t *state, int64_t low, int64_t high)
{
    uint64_t number = mix(*state += 0x9e3779b97f4a7c15u);
    return low + (int64_t) (number % (uint64_t) (high - low + 1));
}

bool draw_percent(uint64_t *state, int64_t p)
{
    return draw_between(state, 0, 99) < p;
}

void draw_shuffle(uint64_t *state, int *item, int n)
{
    for (int i = n - 1; i > 0; i--) {
        int j = (int) draw_between(state, 0, i), swap = item[i];
        item[i] = item[j];
        item[j] = swap;
    }
}
