#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

void da_text_wrap(FILE *out, const char *first, const char *other, const char *text)
{
    size_t column = (size_t)fprintf(out, "%s", first);
    const size_t start = strlen(other);
    size_t word;

    for (size_t words = 0; (word = strcspn(text, " ")) > 0; words++) {
        size_t blank = words > 0;
        if (blank && column + blank + word > DA_TEXT_WIDTH) {
            fprintf(out, "\n%s", other);
            column = start;
            blank = 0;
        }
        fprintf(out, "%s%.*s", blank ? " " : "", (int)word, text);
        column += blank + word;
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

/* The write function of a stream (fopencookie(3)). */
static ssize_t write_crlf(void *cookie, const char *octets, size_t length)
{
    FILE *out = cookie;

    for (size_t i = 0; i < length; i++)
        if ((octets[i] == '\n' && fputc('\r', out) == EOF) || fputc(octets[i], out) == EOF)
            return 0;
    return (ssize_t)length;
}

FILE *da_text_crlf(FILE *out)
{
    return fopencookie(out, "w", (cookie_io_functions_t){.write = write_crlf});
}

bool da_text_crlf_close(FILE *lines)
{
    bool written = fflush(lines) == 0 && !ferror(lines);
    int why = errno;

    fclose(lines);
    errno = why;
    return written;
}
