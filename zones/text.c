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

void da_text_shell_path(FILE *out, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-";
    const char *before = *path == '-' ? "./" : "";
    bool printable = true;

    for (const char *at = path; *at != '\0'; at++)
        printable = printable && *at >= ' ' && *at <= '~';
    if (*path != '\0' && path[strspn(path, plain)] == '\0') {
        fprintf(out, "%s%s", before, path);
        return;
    }
    fprintf(out, printable ? "%s'" : "%s$'", before);
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '\'')
            fputs(printable ? "'\\''" : "\\'", out);
        else if (*at < ' ' || *at > '~')
            fprintf(out, "\\%03o", (unsigned char)*at);
        else if (*at == '\\' && !printable)
            fputs("\\\\", out);
        else
            fputc(*at, out);
    }
    fputc('\'', out);
}
