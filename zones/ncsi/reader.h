/* reader.h - how each kind of policy file hands over the values it has. Private to zones/ncsi. */
#ifndef DA_NCSI_READER_H
#define DA_NCSI_READER_H

#include "ncsi/ncsi.h"

/* Text of which what is behind is not read yet. */
struct da_ncsi_text {
    const char *at, *end;
    size_t line; /* that at is in, from 1 */
};

/* Takes a line, without its end; a CR in front of that is a blank. False where there is none. */
bool da_ncsi_take_line(struct da_ncsi_text *text, const char **line, size_t *length);

/* Octets of blanks that text begins with. */
size_t da_ncsi_blanks(const char *text, size_t length);

/* Finds a value by its name, whatever the case. Returns DA_NCSI_VALUE_COUNT where it is none of ours. */
enum da_ncsi_value da_ncsi_find(const char *name, size_t length, bool registry);

/* Keeps a value, without blanks around it; an empty one is not there. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_VALUE
 * where another stands there already. */
enum da_status da_ncsi_keep(struct da_ncsi *ncsi, enum da_ncsi_value value, const char *text, size_t length,
                            size_t line, struct da_error *error);

/* As if it had not been given. */
void da_ncsi_drop(struct da_ncsi *ncsi, enum da_ncsi_value value);

/* Records a fault of a line. Returns status. */
enum da_status da_ncsi_fault(struct da_error *error, enum da_status status, size_t line, const char *path,
                             const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What Get-NCSIPolicyConfiguration prints. */
enum da_status da_ncsi_read_properties(struct da_ncsi_text text, struct da_ncsi *ncsi, struct da_error *error);

/* A .reg file; version 4 or 5 is that of its first line, which is not in text any more. */
enum da_status da_ncsi_read_registry(struct da_ncsi_text text, unsigned version, struct da_ncsi *ncsi,
                                     struct da_error *error);

#endif
