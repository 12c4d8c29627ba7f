#include "generate/script.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

enum da_status da_script_write(const struct da_format *format, const struct da_format_request *request,
                               const char *mark, const char *script,
                               void (*data)(const struct da_format_request *request, FILE *out), FILE *out)
{
    static const char place[] = "@DATA@\n";
    const char *at = strstr(script, place);

    da_format_head(format, request, mark, out);
    fprintf(out, "\n%.*s", (int)(at - script), script);
    data(request, out);
    fprintf(out, "\n%s", at + strlen(place));
    return ferror(out) ? DA_ERR_IO : DA_OK;
}

/* The write function of a stream (fopencookie(3)) whose lines end in CR LF in the stream behind it. */
static ssize_t write_crlf(void *cookie, const char *octets, size_t length)
{
    FILE *out = cookie;

    for (size_t i = 0; i < length; i++)
        if ((octets[i] == '\n' && fputc('\r', out) == EOF) || fputc(octets[i], out) == EOF)
            return 0;
    return (ssize_t)length;
}

enum da_status da_script_write_crlf(const struct da_format *format, const struct da_format_request *request,
                                    const char *mark, const char *script,
                                    void (*data)(const struct da_format_request *request, FILE *out), FILE *out)
{
    FILE *lines = fopencookie(out, "w", (cookie_io_functions_t){.write = write_crlf});

    if (lines == NULL)
        return DA_ERR_MEMORY;
    enum da_status status = da_script_write(format, request, mark, script, data, lines);
    if (status == DA_OK && fflush(lines) != 0)
        status = DA_ERR_IO;
    int why = errno;
    fclose(lines);
    errno = why;
    return status;
}
