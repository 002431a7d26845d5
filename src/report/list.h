/* What there is: operators, checks, metrics, keys, and the files of the distribution. */
#ifndef DCC_REPORT_LIST_H
#define DCC_REPORT_LIST_H

#include <glib.h>

#include "frontend/keys.h"

/* One name and its line each, from the tables; NULL with *error set if there is no such list. */
GString *list_names(const char *what, GError **error);

/* The line of a key of the hardware; owned by the caller. */
char *list_key(const HardwareKey *key);

#endif
