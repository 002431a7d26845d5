/* Who ends a tool while it works: the first signal asks it to end with what it has; without work to
 * end, or at a second one, it is the end. */
#ifndef DCC_TOOLS_ENDING_H
#define DCC_TOOLS_ENDING_H

#include <signal.h>
#include <unistd.h>

enum { EXIT_INTERRUPTED = 130 };

static volatile sig_atomic_t ending_asked, ending_works;

static inline void ending_on_signal(int number)
{
    (void) number;
    if (ending_asked || !ending_works)
        _exit(EXIT_INTERRUPTED);
    ending_asked = 1;
}

/* All that ask to end do the same.  Who is to outlive the terminal (nohup) does. */
static inline void ending_catch(void)
{
    signal(SIGINT, ending_on_signal);
    signal(SIGTERM, ending_on_signal);
    if (signal(SIGHUP, ending_on_signal) == SIG_IGN)
        signal(SIGHUP, SIG_IGN);
}

#endif
