#include "audit/live_tsig.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 * 1024) /* octets of a key file */
#define WORD_MAX 1100                /* octets of a word: a name with every octet escaped, a secret in base64 */

/* The file's text, and how far it was read. */
struct reader {
    char *text;
    const char *at;
    unsigned line;
    struct da_error *error;
};

struct word {
    char text[WORD_MAX];
    bool is_quoted;
    unsigned line;
};

static enum da_status refuse(const struct reader *reader, unsigned line, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static enum da_status refuse(const struct reader *reader, unsigned line, const char *path, const char *format, ...)
{
    char text[DA_ERROR_TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    da_error_set(reader->error, DA_ERR_SYNTAX, path, "%s", text);
    if (reader->error != NULL)
        reader->error->line = line;
    return DA_ERR_SYNTAX;
}

/* ---- words ---- */

/* Passes over blanks and the comments that named knows. */
static void skip_blanks(struct reader *reader)
{
    for (;;) {
        const char *at = reader->at, *end;
        size_t length = 0;
        if (isspace((unsigned char)*at))
            length = 1;
        else if (*at == '#' || strncmp(at, "//", 2) == 0)
            length = strcspn(at, "\n");
        else if (strncmp(at, "/*", 2) == 0)
            length = (end = strstr(at + 2, "*/")) != NULL ? (size_t)(end + 2 - at) : strlen(at);
        if (length == 0)
            return;
        for (size_t i = 0; i < length; i++)
            reader->line += at[i] == '\n';
        reader->at += length;
    }
}

/* Reads a word, a quoted string, or one of { } ; - "" at the end of the file. */
static enum da_status next_word(struct reader *reader, struct word *word)
{
    size_t length;

    skip_blanks(reader);
    const char *at = reader->at;
    word->line = reader->line;
    word->is_quoted = *at == '"';
    word->text[0] = '\0';
    if (word->is_quoted) {
        length = strcspn(++at, "\"\n");
        if (at[length] != '"')
            return refuse(reader, word->line, NULL, "a quoted string has no end on its line");
        reader->at = at + length + 1;
    } else {
        length = strcspn(at, " \t\r\n\"{};#");
        length += length == 0 && *at != '\0';
        reader->at = at + length;
    }
    if (length >= sizeof(word->text))
        return refuse(reader, word->line, NULL, "a word is longer than %zu octets", sizeof(word->text) - 1);
    memcpy(word->text, at, length);
    word->text[length] = '\0';
    return DA_OK;
}

static bool is_word(const struct word *word, const char *text)
{
    return !word->is_quoted && strcasecmp(word->text, text) == 0;
}

/* What stands in the place of punctuation may be the secret: it is not shown. */
static enum da_status expect(struct reader *reader, const char *punctuation)
{
    struct word word;

    enum da_status status = next_word(reader, &word);
    if (status == DA_OK && !is_word(&word, punctuation))
        status = refuse(reader, word.line, NULL, "\"%s\" is expected here", punctuation);
    explicit_bzero(&word, sizeof(word));
    return status;
}

static enum da_status expect_end(struct reader *reader)
{
    struct word word;

    enum da_status status = next_word(reader, &word);
    if (status == DA_OK && (word.text[0] != '\0' || word.is_quoted))
        status = refuse(reader, word.line, NULL, "one key is expected, and nothing behind it");
    explicit_bzero(&word, sizeof(word));
    return status;
}

/* ---- what a key is made of ---- */

/* In a line without keywords, what stands in the place of another part may be the secret: then it is not shown. */
static const char *show(const char *text, bool may_be_secret, char quoted[static DA_ERROR_QUOTE_MAX])
{
    return may_be_secret ? "it" : da_error_quote(text, quoted, DA_ERROR_QUOTE_MAX);
}

static enum da_status set_name(const struct reader *reader, unsigned line, const char *text, bool may_be_secret,
                               struct da_tsig_key *key)
{
    char quoted[DA_ERROR_QUOTE_MAX];

    ldns_rdf *name = text[0] != '\0' ? ldns_dname_new_frm_str(text) : NULL;
    if (name == NULL)
        return refuse(reader, line, "key", "%s is no domain name", show(text, may_be_secret, quoted));
    key->name.length = (uint8_t)ldns_rdf_size(name);
    for (size_t i = 0; i < key->name.length; i++)
        key->name.wire[i] = da_name_fold(ldns_rdf_data(name)[i]);
    ldns_rdf_deep_free(name);
    return DA_OK;
}

static enum da_status set_algorithm(const struct reader *reader, unsigned line, const char *text, bool may_be_secret,
                                    struct da_tsig_key *key)
{
    char quoted[DA_ERROR_QUOTE_MAX];

    key->algorithm = da_tsig_algorithm(text);
    if (key->algorithm == NULL)
        return refuse(reader, line, "algorithm", "%s is none of " DA_TSIG_ALGORITHMS,
                      show(text, may_be_secret, quoted));
    return DA_OK;
}

static enum da_status set_secret(const struct reader *reader, unsigned line, const char *text, struct da_tsig_key *key)
{
    ldns_rdf *secret = NULL;

    if (ldns_str2rdf_b64(&secret, text) != LDNS_STATUS_OK)
        return refuse(reader, line, "secret", "the secret is not base64");
    uint8_t *octets = ldns_rdf_data(secret);
    size_t length = octets != NULL ? ldns_rdf_size(secret) : 0;
    if (length > 0 && length <= DA_TSIG_SECRET_MAX) {
        memcpy(key->secret, octets, length);
        key->secret_length = length;
    }
    if (length > 0)
        explicit_bzero(octets, length);
    ldns_rdf_deep_free(secret);
    if (length == 0)
        return refuse(reader, line, "secret", "the secret is empty");
    if (length > DA_TSIG_SECRET_MAX)
        return refuse(reader, line, "secret", "the secret is longer than %d octets", DA_TSIG_SECRET_MAX);
    return DA_OK;
}

/* ---- the two forms ---- */

/* One clause of a key statement: algorithm or secret. */
static enum da_status read_clause(struct reader *reader, const struct word *clause, struct da_tsig_key *key)
{
    bool is_algorithm = is_word(clause, "algorithm"), is_secret = is_word(clause, "secret");
    struct word value;

    if (!is_algorithm && !is_secret)
        return refuse(reader, clause->line, NULL, "\"algorithm\", \"secret\" or \"}\" is expected here");
    if (is_algorithm ? key->algorithm != NULL : key->secret_length > 0)
        return refuse(reader, clause->line, is_algorithm ? "algorithm" : "secret", "is there twice");
    enum da_status status = next_word(reader, &value);
    if (status == DA_OK && is_algorithm)
        status = set_algorithm(reader, value.line, value.text, false, key);
    else if (status == DA_OK)
        status = set_secret(reader, value.line, value.text, key);
    explicit_bzero(&value, sizeof(value));
    return status == DA_OK ? expect(reader, ";") : status;
}

/* What follows the word "key". */
static enum da_status read_statement(struct reader *reader, struct da_tsig_key *key)
{
    struct word word;

    enum da_status status = next_word(reader, &word);
    if (status != DA_OK)
        return status;
    const unsigned line = word.line;
    status = set_name(reader, line, word.text, false, key);
    if (status == DA_OK)
        status = expect(reader, "{");
    while (status == DA_OK && (status = next_word(reader, &word)) == DA_OK && !is_word(&word, "}"))
        status = read_clause(reader, &word, key);
    if (status != DA_OK)
        return status;
    if (key->algorithm == NULL || key->secret_length == 0)
        return refuse(reader, line, key->algorithm == NULL ? "algorithm" : "secret", "is missing");
    skip_blanks(reader);
    if (*reader->at == ';')
        reader->at++;
    return expect_end(reader);
}

/* NAME:SECRET, NAME:ALGORITHM:SECRET, or ALGORITHM:NAME:SECRET as dig -y has it. */
static enum da_status read_line(struct reader *reader, struct word *word, struct da_tsig_key *key)
{
    char *name = word->text, *algorithm = NULL;
    char *secret = strchr(name, ':');

    if (word->is_quoted || secret == NULL)
        return refuse(reader, word->line, NULL,
                      "key \"NAME\" { algorithm ALGORITHM; secret \"SECRET\"; }; or NAME:ALGORITHM:SECRET is expected");
    *secret++ = '\0';
    if (strchr(secret, ':') != NULL) {
        algorithm = secret;
        secret = strchr(secret, ':');
        *secret++ = '\0';
        if (da_tsig_algorithm(algorithm) == NULL && da_tsig_algorithm(name) != NULL) {
            name = algorithm;
            algorithm = word->text;
        }
    }
    enum da_status status = set_name(reader, word->line, name, true, key);
    if (status == DA_OK)
        status = set_algorithm(reader, word->line, algorithm != NULL ? algorithm : "hmac-sha256", true, key);
    if (status == DA_OK)
        status = set_secret(reader, word->line, secret, key);
    return status == DA_OK ? expect_end(reader) : status;
}

static enum da_status read_key(struct reader *reader, struct da_tsig_key *key)
{
    struct word word;

    enum da_status status = next_word(reader, &word);
    if (status == DA_OK)
        status = is_word(&word, "key") ? read_statement(reader, key) : read_line(reader, &word, key);
    explicit_bzero(&word, sizeof(word));
    return status;
}

/* ---- the file ---- */

static void warn_of_mode(int fd, const char *path, da_warning_fn *warn, void *arg)
{
    char text[80];
    struct stat st;

    if (warn == NULL || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRGRP | S_IROTH)) == 0)
        return;
    snprintf(text, sizeof(text), "others than its owner may read the secret: its mode is %04o",
             (unsigned)(st.st_mode & 07777));
    warn(arg, path, text);
}

/* Reads the whole file into text, of FILE_MAX + 2 octets. */
static enum da_status read_file(int fd, char *text, struct da_error *error)
{
    size_t length = 0;
    ssize_t more;

    while ((more = read(fd, text + length, FILE_MAX + 1 - length)) != 0) {
        if (more < 0 && errno != EINTR)
            return da_error_set(error, DA_ERR_IO, NULL, "cannot be read: %s", strerror(errno));
        length += more > 0 ? (size_t)more : 0;
        if (length > FILE_MAX)
            return da_error_set(error, DA_ERR_LIMIT, NULL, "is larger than a key file may be, %zu octets", FILE_MAX);
    }
    if (memchr(text, '\0', length) != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "is no key file: it has an octet of zero");
    text[length] = '\0';
    return DA_OK;
}

enum da_status da_tsig_key_load(const char *path, struct da_tsig_key **key, da_warning_fn *warn, void *arg,
                                struct da_error *error)
{
    struct da_tsig_key *read = calloc(1, sizeof(*read));
    struct reader reader = {.text = malloc(FILE_MAX + 2), .line = 1, .error = error};
    enum da_status status = DA_OK;
    int fd = -1;

    if (read == NULL || reader.text == NULL) {
        status = da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
        goto cleanup;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        status = da_error_set(error, DA_ERR_IO, NULL, "cannot be opened: %s", strerror(errno));
        goto cleanup;
    }
    reader.at = reader.text;
    status = read_file(fd, reader.text, error);
    if (status == DA_OK)
        status = read_key(&reader, read);
    if (status == DA_OK)
        warn_of_mode(fd, path, warn, arg);
cleanup:
    if (fd >= 0)
        close(fd);
    if (reader.text != NULL)
        explicit_bzero(reader.text, FILE_MAX + 2);
    free(reader.text);
    if (status == DA_OK)
        *key = read;
    else
        da_tsig_key_free(read);
    return status;
}
