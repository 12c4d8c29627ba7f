/* script.h - formats that are a program with data: the program's text, and where the data goes.
 *
 * The text is a file of this directory, embedded as it is; a line "@DATA@" in it stands for the data. */
#ifndef DA_SCRIPT_H
#define DA_SCRIPT_H

#include "generate/format.h"

/* Embedded files, each ended by a NUL. */
extern const char da_script_powershell[]; /* powershell.ps1 */
extern const char da_script_dnscmd[];     /* dnscmd.cmd */
extern const char da_script_lua[];        /* knot_resolver.lua */

/* Writes the head, an empty line, and the script with its data. Returns what the format's write() does. */
enum da_status da_script_write(const struct da_format *format, const struct da_format_request *request,
                               const char *mark, const char *script,
                               void (*data)(const struct da_format_request *request, FILE *out), FILE *out);

/* The same for Windows, whose programs want CR LF at the ends of lines: what is written here as LF. */
enum da_status da_script_write_crlf(const struct da_format *format, const struct da_format_request *request,
                                    const char *mark, const char *script,
                                    void (*data)(const struct da_format_request *request, FILE *out), FILE *out);

#endif
