/* A header is lines; the one that counts is Content-Length.  The other, Content-Type, says what is
 * so anyway. */
#include "lsp/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_MAX_BYTES = 1024,
    BODY_MAX = 512 * 1024 * 1024,
    STEP = 1 << 16 /* bytes read at once */
};

struct Wire {
    int in, out;
    char bytes[STEP]; /* that have come: those from `begin` to `end` are not read yet */
    size_t begin, end;
    bool deaf; /* the client does not listen any more */
};

Wire *wire_new(int in, int out)
{
    Wire *wire = g_new0(Wire, 1);
    wire->in = in;
    wire->out = out;
    return wire;
}

void wire_free(Wire *wire)
{
    g_free(wire);
}

/* False at the end of the input. */
static bool fill(Wire *wire)
{
    ssize_t got;
    do
        got = read(wire->in, wire->bytes, sizeof wire->bytes);
    while (got < 0 && errno == EINTR);
    wire->begin = 0;
    wire->end = got > 0 ? (size_t) got : 0;
    return got > 0;
}

/* A line without its end; of a very long one only the last part is kept.  False at the end of the
 * input. */
static bool read_line(Wire *wire, GString *line)
{
    g_string_truncate(line, 0);
    for (;;) {
        if (wire->begin == wire->end && !fill(wire))
            return false;
        char c = wire->bytes[wire->begin++];
        if (c == '\n')
            break;
        if (line->len == LINE_MAX_BYTES)
            g_string_erase(line, 0, LINE_MAX_BYTES / 2);
        g_string_append_c(line, c);
    }
    if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    return true;
}

/* The length that the line gives, -1 if it gives none, BODY_MAX + 1 if that is too large.  Text
 * before it is what is left of a message without a header. */
static int64_t length_of(const char *line)
{
    static const char name[] = "content-length:";
    g_autofree char *lower = g_ascii_strdown(line, -1);
    const char *at = strstr(lower, name);
    if (at == NULL)
        return -1;
    at += strlen(name);
    while (*at == ' ' || *at == '\t')
        at++;
    if (!g_ascii_isdigit(*at))
        return -1;
    char *end;
    guint64 length = g_ascii_strtoull(at, &end, 10);
    if (*g_strchug(end) != '\0')
        return -1;
    return length > BODY_MAX ? BODY_MAX + 1 : (int64_t) length;
}

static WireRead read_header(Wire *wire, int64_t *length)
{
    g_autoptr(GString) line = g_string_new(NULL);
    *length = -1;
    do {
        if (!read_line(wire, line))
            return WIRE_END;
        int64_t given = length_of(line->str);
        if (given >= 0)
            *length = given;
    } while (line->len > 0);
    return *length < 0 ? WIRE_MALFORMED : *length > BODY_MAX ? WIRE_TOO_LARGE : WIRE_MESSAGE;
}

WireRead wire_read(Wire *wire, GString *body)
{
    int64_t length;
    WireRead read = read_header(wire, &length);
    g_string_truncate(body, 0);
    if (read != WIRE_MESSAGE)
        return read;
    while (body->len < (size_t) length) {
        if (wire->begin == wire->end && !fill(wire))
            return WIRE_END;
        size_t some = MIN(wire->end - wire->begin, (size_t) length - body->len);
        g_string_append_len(body, wire->bytes + wire->begin, (gssize) some);
        wire->begin += some;
    }
    return WIRE_MESSAGE;
}

bool wire_waits(const Wire *wire)
{
    struct pollfd in = {.fd = wire->in, .events = POLLIN};
    return wire->begin < wire->end || poll(&in, 1, 0) > 0;
}

static void write_all(Wire *wire, const char *bytes, size_t n)
{
    while (n > 0 && !wire->deaf) {
        ssize_t put = write(wire->out, bytes, n);
        wire->deaf = put < 0 && errno != EINTR;
        bytes += MAX(put, 0);
        n -= (size_t) MAX(put, 0);
    }
}

void wire_send(Wire *wire, json_t *message)
{
    char *body = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    if (body == NULL)
        return;
    g_autofree char *header = g_strdup_printf("Content-Length: %zu\r\n\r\n", strlen(body));
    write_all(wire, header, strlen(header));
    write_all(wire, body, strlen(body));
    free(body);
}
