#include "ir/machine.h"

#include <math.h>

/* value per second as so much per cycle: exactly, where that fits. */
static Rational per_cycle(double per_second, double clock_hz)
{
    Rational rate, clock, result;
    if (rational_of(per_second, &rate) && rational_of(clock_hz, &clock) &&
        rational_divide(rate, clock, &result))
        return result;
    return rational_of(per_second / clock_hz, &result) ? result : (Rational){0, 1};
}

void machine_set_offchip(Machine *machine, double bytes_per_s)
{
    machine->offchip = (OffchipRate){per_cycle(8 * bytes_per_s, machine->clock_hz), false, true};
}

double machine_offchip_per_s(const Machine *machine)
{
    const OffchipRate *offchip = &machine->offchip;
    const double unit = offchip->elements ? 1 : 8;
    Rational clock, rate;
    if (rational_of(machine->clock_hz, &clock) && rational_multiply(offchip->rate, clock, &rate))
        return rational_real(rate) / unit;
    return rational_real(offchip->rate) * machine->clock_hz / unit;
}

void machine_set_clock(Machine *machine, double hz)
{
    const double bytes = machine_offchip_per_s(machine);
    machine->clock_hz = hz;
    if (machine->offchip.timed && machine->offchip.rate.num > 0)
        machine_set_offchip(machine, bytes);
}
