#include "audit/windows_export.h"
#include "audit/windows_record.h"

#include <csv.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 64
#define TEXT_MAX    ((size_t)1100)      /* octets kept of a field: any name, any date */
#define FIELD_MAX   ((size_t)64 * 1024) /* octets of a field; a longer one is a quote without end */
#define FIELD_BLOCK 4096
#define READ_SIZE   ((size_t)65536)
#define SLOTS       (DA_WINDOWS_ROLES + DA_WINDOWS_DATA)

/* ---- the header ---- */

/* What the columns are for. */
struct header {
    size_t slot[COLUMNS_MAX]; /* roles, then data; SLOTS = not wanted */
    size_t columns, data;
    bool seen[DA_WINDOWS_ROLES];
};

/* A cb1 of libcsv. */
static void take_column(void *field, size_t length, void *arg)
{
    struct header *header = arg;
    enum da_windows_role role = da_windows_role_of(field, length);
    size_t slot = SLOTS;

    if (header->columns >= COLUMNS_MAX) {
        header->columns++;
        return;
    }
    if (role == DA_WINDOWS_RDATA && header->data < DA_WINDOWS_DATA) {
        slot = DA_WINDOWS_ROLES + header->data++;
    } else if (role < DA_WINDOWS_RDATA && !header->seen[role]) {
        slot = role;
        header->seen[role] = true;
    }
    header->slot[header->columns++] = slot;
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t' || line[length - 1] == '\r' ||
                          line[length - 1] == '\n'))
        length--;
    return length == 0;
}

/* Lines that stand in front of a header: "#TYPE …" of Windows PowerShell, "sep=;" of spreadsheets. */
static bool is_preamble(const char *line, size_t length)
{
    return is_blank(line, length) || line[0] == '#' || (length >= 4 && strncasecmp(line, "sep=", 4) == 0);
}

/* Reads a header line with the delimiter that makes it one. False where none does, or it is a zone file's comment. */
static bool read_header(const char *line, size_t length, struct header *header, unsigned char *delimiter)
{
    static const unsigned char delimiters[] = {',', ';', '\t'};

    for (size_t i = 0; i < sizeof(delimiters) && line[0] != ';'; i++) {
        struct csv_parser parser;
        *header = (struct header){0};
        if (csv_init(&parser, CSV_APPEND_NULL) != 0)
            return false;
        csv_set_delim(&parser, delimiters[i]);
        csv_parse(&parser, line, length, take_column, NULL, header);
        csv_fini(&parser, take_column, NULL, header);
        csv_free(&parser);
        *delimiter = delimiters[i];
        if (header->seen[DA_WINDOWS_HOST] && (header->seen[DA_WINDOWS_TYPE] || header->seen[DA_WINDOWS_TYPE_NUMBER]))
            return true;
    }
    return false;
}

/* Finds the header in a file's first octets. */
static bool find_header(const char *head, size_t length, struct header *header, unsigned char *delimiter)
{
    const char *end = head + length;

    while (head < end) {
        const char *line_end = memchr(head, '\n', (size_t)(end - head));
        size_t line = line_end != NULL ? (size_t)(line_end - head) : (size_t)(end - head);
        if (!is_preamble(head, line))
            return read_header(head, line, header, delimiter);
        if (line_end == NULL)
            break;
        head = line_end + 1;
    }
    return false;
}

bool da_windows_is_csv(const char *head, size_t length)
{
    struct header header;
    unsigned char delimiter;

    return find_header(head, length, &header, &delimiter);
}

/* ---- rows ---- */

struct csv {
    struct da_input *input;
    struct da_windows_reader reader;
    struct header header;
    unsigned char delimiter;
    struct csv_parser parser;
    enum da_status status;
    bool header_met;
    bool within;             /* a row goes on behind the end of its line */
    bool row_done;           /* a row ended since this was last set to false */
    bool skip;               /* the rest of a line */
    bool quoted;             /* an odd number of quotes since the row began */
    bool filled;             /* one of the row's fields is not empty */
    uint64_t line, row_line; /* where reading is, and where the row began */
    size_t columns;          /* fields of the row so far */
    size_t start, end;       /* of what is in the buffer */
    bool input_end;
    bool cut; /* the file ends in a row */
    bool nul; /* an octet 0 has been told */
    bool given[SLOTS];
    char text[SLOTS][TEXT_MAX];
    char buffer[READ_SIZE];
};

/* A cb1 of libcsv: keeps a field that is wanted, without blanks around it. */
static void take_field(void *field, size_t length, void *arg)
{
    struct csv *csv = arg;
    const char *octets = field;
    size_t column = csv->columns++;

    csv->filled = csv->filled || length > 0;
    if (column >= csv->header.columns || column >= COLUMNS_MAX || csv->header.slot[column] == SLOTS)
        return;
    char *text = csv->text[csv->header.slot[column]];
    csv->given[csv->header.slot[column]] = true;
    while (length > 0 && isspace((unsigned char)*octets))
        octets++, length--;
    while (length > 0 && isspace((unsigned char)octets[length - 1]))
        length--;
    size_t kept = length < TEXT_MAX - 1 ? length : TEXT_MAX - 1;
    memcpy(text, octets, kept);
    text[kept] = '\0';
    for (char *nul = text; (nul = memchr(nul, '\0', (size_t)(text + kept - nul))) != NULL;)
        *nul = '?';
}

/* Takes a row that is not as long as it should be. Its HostName can still be right. */
static void take_damaged(struct csv *csv, const struct da_windows_row *row)
{
    bool has_host = row->text[DA_WINDOWS_HOST] != NULL && row->text[DA_WINDOWS_HOST][0] != '\0';

    if (csv->within)
        csv->status = da_windows_reader_doubt(&csv->reader, csv->row_line, "a row whose quotes do not match");
    else if (!has_host || csv->cut)
        csv->status = da_windows_reader_doubt(&csv->reader, csv->row_line, "a row that is cut short");
    if (csv->status == DA_OK && has_host)
        csv->status = da_windows_reader_take(&csv->reader, row);
}

static void take_row(struct csv *csv)
{
    struct da_windows_row row = {.line = csv->row_line, .damaged = csv->columns != csv->header.columns};

    for (size_t i = 0; i < DA_WINDOWS_ROLES; i++)
        row.text[i] = csv->given[i] ? csv->text[i] : NULL;
    for (; row.data_count < csv->header.data; row.data_count++)
        row.data[row.data_count] = csv->text[DA_WINDOWS_ROLES + row.data_count];
    if (row.damaged)
        take_damaged(csv, &row);
    else
        csv->status = da_windows_reader_take(&csv->reader, &row);
}

static void begin_row(struct csv *csv)
{
    csv->columns = 0;
    csv->filled = false;
    csv->quoted = false;
    for (size_t i = 0; i < SLOTS; i++) {
        csv->given[i] = false;
        csv->text[i][0] = '\0';
    }
}

/* A cb2 of libcsv: the end of a row. */
static void end_row(int terminator, void *arg)
{
    struct csv *csv = arg;
    const char *host = csv->text[DA_WINDOWS_HOST];
    (void)terminator;

    /* the header may come again where exports were appended to one another */
    if (csv->header_met && csv->filled && csv->status == DA_OK &&
        da_windows_role_of(host, strlen(host)) != DA_WINDOWS_HOST)
        take_row(csv);
    csv->header_met = true;
    csv->row_done = true;
    begin_row(csv);
}

/* A quote without end must not fill the memory. */
static void *limited_realloc(void *memory, size_t size)
{
    return size > FIELD_MAX ? NULL : realloc(memory, size);
}

static bool begin_parser(struct csv *csv)
{
    if (csv_init(&csv->parser, CSV_APPEND_NULL) != 0)
        return false;
    csv_set_delim(&csv->parser, csv->delimiter);
    csv_set_blk_size(&csv->parser, FIELD_BLOCK);
    csv_set_realloc_func(&csv->parser, limited_realloc);
    return true;
}

/* Goes on behind a field that is too long, at the next line. */
static void give_up_row(struct csv *csv)
{
    bool too_long = csv_get_buffer_size(&csv->parser) + FIELD_BLOCK > FIELD_MAX;

    csv_free(&csv->parser);
    csv->status = !begin_parser(csv) || !too_long
                      ? DA_ERR_MEMORY
                      : da_windows_reader_doubt(&csv->reader, csv->row_line, "a quoted field has no end");
    begin_row(csv);
    csv->within = false;
    csv->skip = true;
}

/* ---- lines ---- */

/* Sets text to the next line with its LF, or to a part of a line that is longer than the buffer. length 0 = the end of
 * the file. False = it cannot be read. */
static bool next_line(struct csv *csv, const char **text, size_t *length)
{
    for (;;) {
        size_t held = csv->end - csv->start;
        const char *lf = held > 0 ? memchr(csv->buffer + csv->start, '\n', held) : NULL;
        if (lf != NULL || csv->input_end || held == READ_SIZE) {
            *text = csv->buffer + csv->start;
            *length = lf != NULL ? (size_t)(lf - *text) + 1 : held;
            csv->start += *length;
            return true;
        }
        memmove(csv->buffer, csv->buffer + csv->start, held);
        csv->start = 0;
        csv->end = held;
        ssize_t got = da_input_read(csv->input, csv->buffer + held, READ_SIZE - held);
        if (got < 0)
            return false;
        csv->input_end = got == 0;
        csv->end += (size_t)got;
    }
}

/* What stands beside an octet 0 is not what somebody exported: any name may have been there. */
static void look_for_nul(struct csv *csv, const char *text, size_t length)
{
    if (csv->nul || memchr(text, '\0', length) == NULL)
        return;
    csv->nul = true;
    csv->status = da_windows_reader_doubt(&csv->reader, csv->line, "there is an octet of value 0");
}

/* Takes a line, or a part of one. */
static void take_line(struct csv *csv, const char *text, size_t length, bool begins)
{
    if (begins && !csv->within) {
        csv->row_line = csv->line;
        csv->skip = is_preamble(text, length);
    }
    if (csv->skip)
        return;
    for (const char *quote = text; (quote = memchr(quote, '"', (size_t)(text + length - quote))) != NULL; quote++)
        csv->quoted = !csv->quoted;
    csv->row_done = false;
    if (csv_parse(&csv->parser, text, length, take_field, end_row, csv) != length)
        give_up_row(csv);
    else if (text[length - 1] == '\n')
        csv->within = !csv->row_done;
}

/* What the end of the file cuts off. */
static void finish(struct csv *csv)
{
    csv->cut = true;
    if (csv->quoted)
        csv->status = da_windows_reader_doubt(&csv->reader, csv->row_line, "the file ends within quotes");
    if (csv->status == DA_OK)
        csv_fini(&csv->parser, take_field, end_row, csv);
}

static void read_rows(struct csv *csv)
{
    const char *text = "";
    size_t length = 0;
    bool begins = true;

    while (csv->status == DA_OK && next_line(csv, &text, &length)) {
        if (length == 0) {
            csv->line -= begins;
            finish(csv);
            return;
        }
        look_for_nul(csv, text, length);
        if (csv->status == DA_OK)
            take_line(csv, text, length, begins);
        begins = text[length - 1] == '\n';
        csv->line += begins;
    }
    if (csv->status == DA_OK)
        csv->status = da_windows_reader_doubt(&csv->reader, csv->line, da_input_error(csv->input)->text);
}

enum da_status da_windows_csv_collect(struct da_input *input, const char *file, struct da_collection *collection)
{
    size_t length;
    const char *head = da_input_peek(input, &length);
    struct csv *csv = calloc(1, sizeof(*csv));

    if (csv == NULL)
        return DA_ERR_MEMORY;
    csv->input = input;
    csv->line = 1;
    da_windows_reader_start(&csv->reader, file, collection);
    if (!find_header(head, length, &csv->header, &csv->delimiter)) {
        da_collection_fail(collection, "no line with the columns HostName and RecordType at its beginning");
    } else if (!begin_parser(csv)) {
        csv->status = DA_ERR_MEMORY;
    } else {
        read_rows(csv);
        csv_free(&csv->parser);
    }
    enum da_status status = da_windows_reader_end(&csv->reader, csv->status, csv->line);
    free(csv);
    return status;
}
