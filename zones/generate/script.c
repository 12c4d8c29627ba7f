#include "generate/script.h"

#include "text.h"

#include <string.h>

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

enum da_status da_script_write_crlf(const struct da_format *format, const struct da_format_request *request,
                                    const char *mark, const char *script,
                                    void (*data)(const struct da_format_request *request, FILE *out), FILE *out)
{
    FILE *lines = da_text_crlf(out);

    if (lines == NULL)
        return DA_ERR_MEMORY;
    enum da_status status = da_script_write(format, request, mark, script, data, lines);
    if (!da_text_crlf_close(lines) && status == DA_OK)
        status = DA_ERR_IO;
    return status;
}
