/* The streams that a tool is begun with, some of which may be closed. */
#ifndef DCC_TOOLS_STREAMS_H
#define DCC_TOOLS_STREAMS_H

#include <fcntl.h>
#include <signal.h>

/* To be called first.  A file that is opened has the lowest number that is free: it would be taken
 * for a standard stream that is closed, and what is printed would stand in it.  What holds the
 * place cannot be read or written, as before.  A file that grows beyond what is allowed is an
 * error of its writing, not the end. */
static inline void streams_begin(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void) !open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
    signal(SIGXFSZ, SIG_IGN);
}

#endif
