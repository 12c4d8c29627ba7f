#include "scan_oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 80 /* octets of an entry in the log */

struct oracle {
    struct scan_text text;
    const char *const *labels;
    size_t label_count;
    const struct da_scan_handler *handler;
    bool told[DA_SCAN_DOUBTS];
    bool here[DA_SCAN_DOUBTS]; /* of this line */
    uint64_t line, depth, paren_line;
    bool follow;
    bool has_entry; /* one that is to be given */
    size_t entry;   /* where it begins */
    uint64_t entry_line;
};

static bool has(const struct oracle *oracle, size_t at, char octet)
{
    return at < oracle->text.length && oracle->text.octets[at] == octet;
}

static bool has_line_end(const struct oracle *oracle, size_t at)
{
    return has(oracle, at, '\n') || (has(oracle, at, '\r') && has(oracle, at + 1, '\n'));
}

static int fold(char octet)
{
    return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
}

static bool equal_folded(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

/* Octets of a line in front of what ends its first label. */
static size_t first_label(const struct oracle *oracle, size_t line)
{
    static const char ends[] = {'.', ' ', '\t', '\r', '\n', '\0', '"', '(', ')', ';', '\\'};
    size_t at = line;

    while (at < oracle->text.length && memchr(ends, oracle->text.octets[at], sizeof(ends)) == NULL)
        at++;
    return at - line;
}

/* True where a line's first label is one of the filter's, or the beginning of one, if that will do. */
static bool is_label(const struct oracle *oracle, size_t line, bool or_beginning)
{
    size_t length = first_label(oracle, line);

    for (size_t i = 0; i < oracle->label_count; i++) {
        const char *label = oracle->labels[i];
        if ((strlen(label) == length || (or_beginning && strlen(label) > length)) &&
            equal_folded(label, oracle->text.octets + line, length))
            return true;
    }
    return false;
}

static bool is_wanted(const struct oracle *oracle, size_t line)
{
    size_t end = line + first_label(oracle, line);

    if (is_label(oracle, line, false))
        return true;
    if (has(oracle, line, '@') || has(oracle, line, '.') || has(oracle, line, '$') || has(oracle, line, '('))
        return true;
    return (has(oracle, end, '\\') || has(oracle, end, '"')) && (end == line || is_label(oracle, line, true));
}

static void tell(struct oracle *oracle, enum da_scan_doubt doubt, uint64_t line)
{
    if (!oracle->told[doubt])
        oracle->handler->doubt(oracle->handler->arg, doubt, line);
    oracle->told[doubt] = true;
}

static bool give(struct oracle *oracle, size_t from, size_t to, uint64_t line, bool suspect, bool open)
{
    struct da_scan_entry entry = {
        .line = line, .text = oracle->text.octets + from, .length = to - from, .suspect = suspect, .open = open};

    if (entry.length > DA_SCAN_ENTRY_MAX) {
        entry.length = DA_SCAN_ENTRY_MAX;
        entry.cut = true;
        tell(oracle, DA_SCAN_CUT, line);
    }
    return oracle->handler->entry(oracle->handler->arg, &entry);
}

/* An octet outside comments and quoted strings, not escaped. Returns true where a comment begins. */
static bool read_plain(struct oracle *oracle, char octet)
{
    if (octet == '(' && oracle->depth++ == 0)
        oracle->paren_line = oracle->line;
    if (octet == ')' && oracle->depth == 0)
        oracle->here[DA_SCAN_STRAY_PAREN] = true;
    else if (octet == ')')
        oracle->depth--;
    return octet == ';';
}

static void read_line(struct oracle *oracle, size_t from, size_t to)
{
    bool quoted = false, comment = false, escaped = false;

    for (size_t at = from; at < to; at++) {
        char octet = oracle->text.octets[at];
        if (octet == '\0')
            oracle->here[DA_SCAN_NUL] = true;
        if (octet == '\r' && !has(oracle, at + 1, '\n'))
            oracle->here[DA_SCAN_LONE_CR] = true;
        if (comment)
            continue;
        if (escaped)
            escaped = false;
        else if (octet == '\\')
            escaped = true;
        else if (octet == '"')
            quoted = !quoted;
        else if (!quoted)
            comment = read_plain(oracle, octet);
        if (escaped && has_line_end(oracle, at + 1))
            oracle->here[DA_SCAN_ESCAPED_LINE_END] = true;
    }
    oracle->here[DA_SCAN_UNCLOSED_QUOTE] = quoted;
}

static void scan_line(struct oracle *oracle, size_t from, size_t to)
{
    bool suspect = false;

    if (oracle->depth > 0) {
        suspect = is_label(oracle, from, false);
    } else if (!has_line_end(oracle, from) && !has(oracle, from, ';')) {
        oracle->has_entry = oracle->follow || is_wanted(oracle, from);
        oracle->entry = from;
        oracle->entry_line = oracle->line;
    }
    memset(oracle->here, 0, sizeof(oracle->here));
    read_line(oracle, from, to);
    for (int doubt = 0; doubt < DA_SCAN_DOUBTS; doubt++)
        if (oracle->here[doubt])
            tell(oracle, (enum da_scan_doubt)doubt, oracle->line);
    if (suspect)
        give(oracle, from, to, oracle->line, true, false);
    if (oracle->depth == 0 && oracle->has_entry) {
        oracle->follow = give(oracle, oracle->entry, to, oracle->entry_line, false, false);
        oracle->has_entry = false;
    }
    oracle->line++;
}

void scan_oracle(struct scan_text text, const char *const *labels, size_t label_count,
                 const struct da_scan_handler *handler, uint64_t *lines)
{
    struct oracle oracle = {.text = text, .labels = labels, .label_count = label_count, .handler = handler, .line = 1};

    for (size_t from = 0, to; from < text.length; from = to + 1) {
        to = from;
        while (to < text.length && text.octets[to] != '\n')
            to++;
        scan_line(&oracle, from, to);
    }
    if (oracle.depth > 0) {
        tell(&oracle, DA_SCAN_UNCLOSED_PAREN, oracle.paren_line);
        if (oracle.has_entry)
            give(&oracle, oracle.entry, text.length, oracle.entry_line, false, true);
    }
    *lines = oracle.line - 1;
}

uint64_t scan_hash(const char *octets, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)octets[i]) * 0x100000001b3u;
    return hash;
}

static void append(struct scan_log *log, const char *text)
{
    size_t length = strlen(text);

    if (log->size < log->length + length + 1) {
        log->size = 2 * (log->length + length + 1);
        char *larger = realloc(log->text, log->size);
        if (larger == NULL)
            abort();
        log->text = larger;
    }
    memcpy(log->text + log->length, text, length + 1);
    log->length += length;
}

static void append_octet(struct scan_log *log, char octet)
{
    const char text[2] = {octet};

    if (octet == '\n')
        append(log, "<LF>");
    else if (octet == '\r')
        append(log, "<CR>");
    else if (octet == '\0')
        append(log, "<NUL>");
    else
        append(log, text);
}

static const char *separator(const struct scan_log *log)
{
    return log->length > 0 ? " " : "";
}

static bool log_entry(void *arg, const struct da_scan_entry *entry)
{
    struct scan_log *log = arg;
    char text[80];

    snprintf(text, sizeof(text), "%s%" PRIu64 "%s%s%s[", separator(log), entry->line, entry->suspect ? "S" : "",
             entry->cut ? "C" : "", entry->open ? "O" : "");
    append(log, text);
    for (size_t i = 0; i < entry->length && i < SHOWN_MAX; i++)
        append_octet(log, entry->text[i]);
    if (entry->length > SHOWN_MAX) {
        snprintf(text, sizeof(text), "... %zu %016" PRIx64, entry->length, scan_hash(entry->text, entry->length));
        append(log, text);
    }
    append(log, "]");
    return log->follow(entry);
}

static void log_doubt(void *arg, enum da_scan_doubt doubt, uint64_t line)
{
    static const char *const names[DA_SCAN_DOUBTS] = {[DA_SCAN_UNCLOSED_QUOTE] = "quote",
                                                      [DA_SCAN_UNCLOSED_PAREN] = "paren",
                                                      [DA_SCAN_STRAY_PAREN] = "stray",
                                                      [DA_SCAN_NUL] = "nul",
                                                      [DA_SCAN_LONE_CR] = "cr",
                                                      [DA_SCAN_ESCAPED_LINE_END] = "escape",
                                                      [DA_SCAN_CUT] = "cut"};
    struct scan_log *log = arg;
    char text[80];

    snprintf(text, sizeof(text), "%s%s@%" PRIu64, separator(log), names[doubt], line);
    append(log, text);
}

struct da_scan_handler scan_log_handler(struct scan_log *log)
{
    return (struct da_scan_handler){.entry = log_entry, .doubt = log_doubt, .arg = log};
}

void scan_log_lines(struct scan_log *log, uint64_t lines)
{
    char text[40];

    snprintf(text, sizeof(text), "%s=%" PRIu64, separator(log), lines);
    append(log, text);
}

struct source {
    struct scan_text left;
    size_t read_size;
    uint64_t random;
};

static ssize_t read_source(void *arg, void *buffer, size_t size)
{
    static const size_t sizes[] = {1, 2, 3, 31, 64, 100, 191, 192, 193, 255, 256, 257, 1000, 4096, 40000, 65536};
    struct source *source = arg;
    size_t n = source->read_size;

    if (n == SCAN_READ_RANDOM) {
        source->random = source->random * 6364136223846793005u + 1442695040888963407u;
        n = sizes[(source->random >> 33) % (sizeof(sizes) / sizeof(sizes[0]))];
    }
    if (n == SCAN_READ_ALL || n > size)
        n = size;
    if (n > source->left.length)
        n = source->left.length;
    memcpy(buffer, source->left.octets, n);
    source->left.octets += n;
    source->left.length -= n;
    return (ssize_t)n;
}

enum da_status scan_log_way(enum da_scan_way way, const struct da_scan_filter *filter, struct scan_text text,
                            size_t read_size, struct scan_log *log)
{
    struct source source = {.left = text, .read_size = read_size, .random = text.length};
    struct da_scan_handler handler = scan_log_handler(log);
    uint64_t lines = 0;

    enum da_status status = da_scan(way, filter, read_source, &source, &handler, &lines);
    if (status == DA_OK)
        scan_log_lines(log, lines);
    return status;
}
