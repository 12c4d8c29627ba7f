/* Registry files as regedit reads them: keys in brackets, "name"=data below them. Everything is taken apart far enough
 * to find where it ends, since a text may go on over lines and hold what looks like a key; only our key is looked into.
 * What is done to one value twice is done in the order of the file. */
#include "ncsi/reader.h"

#include "audit/input_utf16.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct registry {
    struct da_ncsi_text text;
    unsigned version;
    bool ours; /* the key is that of the policy */
    struct da_ncsi *ncsi;
    struct da_error *error;
};

/* ---- keys ---- */

/* Below HKEY_LOCAL_MACHINE; key has that removed. Above: our key is at or below it. */
static bool is_policy_key(const char *key, size_t length, bool above)
{
    static const char policy[] =
        "SOFTWARE\\Policies\\Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\CorporateConnectivity";

    if (length > sizeof(policy) - 1 || strncasecmp(key, policy, length) != 0)
        return false;
    return policy[length] == '\0' || (above && (length == 0 || policy[length] == '\\'));
}

static bool take_hive(const char **key, size_t *length)
{
    static const char *const hives[] = {"HKEY_LOCAL_MACHINE", "HKLM"};

    for (size_t i = 0; i < sizeof(hives) / sizeof(hives[0]); i++) {
        size_t n = strlen(hives[i]);
        if (*length < n || strncasecmp(*key, hives[i], n) != 0 || (*length > n && (*key)[n] != '\\'))
            continue;
        n += *length > n;
        *key += n;
        *length -= n;
        return true;
    }
    return false;
}

/* "[KEY]", or "[-KEY]", which deletes it and what is below. A key's name may have brackets in it. */
static enum da_status read_key(struct registry *registry)
{
    size_t number = registry->text.line, length;
    const char *line;

    da_ncsi_take_line(&registry->text, &line, &length);
    while (length > 0 && line[length - 1] != ']')
        length--;
    if (length < 2)
        return da_ncsi_fault(registry->error, DA_ERR_SYNTAX, number, NULL, "a key that is not closed; expected \"]\"");
    const char *key = line + 1;
    length -= 2;
    bool deleted = length > 0 && *key == '-';
    key += deleted;
    length -= deleted;
    if (length > 0 && key[length - 1] == '\\')
        length--;
    bool machine = take_hive(&key, &length);
    registry->ours = machine && !deleted && is_policy_key(key, length, false);
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT && deleted && machine && is_policy_key(key, length, true); i++)
        da_ncsi_drop(registry->ncsi, (enum da_ncsi_value)i);
    return DA_OK;
}

/* ---- values ---- */

/* What stands between quotes, backslashes resolved; it is freed by the caller. */
static enum da_status take_quoted(struct registry *registry, char **quoted, size_t *length)
{
    struct da_ncsi_text *text = &registry->text;
    const char *begin = text->at + 1, *end = begin;

    while (end < text->end && *end != '"')
        end += *end == '\\' && end + 1 < text->end ? 2 : 1;
    if (end == text->end)
        return da_ncsi_fault(registry->error, DA_ERR_SYNTAX, text->line, NULL,
                             "a text that is not closed; expected a quotation mark");
    char *read = malloc((size_t)(end - begin) + 1);
    if (read == NULL)
        return da_error_set(registry->error, DA_ERR_MEMORY, NULL, "out of memory");
    *length = 0;
    for (const char *at = begin; at < end; at++) {
        at += *at == '\\';
        text->line += *at == '\n';
        read[(*length)++] = *at;
    }
    text->at = end + 1;
    *quoted = read;
    return DA_OK;
}

/* Passes blanks, and with lines ends of lines that a backslash stands before. */
static void skip_blanks(struct da_ncsi_text *text, bool lines)
{
    for (;;) {
        while (text->at < text->end && (*text->at == ' ' || *text->at == '\t' || *text->at == '\r'))
            text->at++;
        const char *at = text->at;
        if (!lines || at == text->end || *at++ != '\\')
            return;
        while (at < text->end && (*at == ' ' || *at == '\t' || *at == '\r'))
            at++;
        if (at == text->end || *at != '\n')
            return;
        text->at = at + 1;
        text->line++;
    }
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 0x20);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* "6c,00,…" into octets, which have room for all the rest of the text. False where it is something else. */
static bool take_hex(struct da_ncsi_text *text, uint8_t *octets, size_t *length)
{
    *length = 0;
    for (;;) {
        unsigned octet = 0, digits = 0;
        skip_blanks(text, true);
        for (; text->at < text->end && hex_digit(*text->at) >= 0; text->at++, digits++)
            octet = octet * 16 + (unsigned)hex_digit(*text->at);
        if (digits == 0 && (text->at == text->end || *text->at == '\n'))
            return true;
        if (digits == 0 || digits > 2)
            return false;
        octets[(*length)++] = (uint8_t)octet;
        skip_blanks(text, true);
        if (text->at == text->end || *text->at == '\n' || *text->at == ';')
            return true;
        if (*text->at++ != ',')
            return false;
    }
}

/* Keeps a text of octets: UTF-16LE, but of the machine's code page in version 4. It ends at a NUL. read has room for
 * DA_UTF16_TEXT_MAX(length). */
static enum da_status keep_octets(struct registry *registry, enum da_ncsi_value value, size_t line,
                                  const uint8_t *octets, size_t length, uint8_t *read)
{
    struct da_utf16 utf16 = {0};
    size_t written = length;

    if (registry->version == 5) {
        written = da_utf16_read(&utf16, octets, length, read);
        written += da_utf16_end(&utf16, read + written);
    } else {
        memcpy(read, octets, length);
    }
    return da_ncsi_keep(registry->ncsi, value, (const char *)read, strnlen((const char *)read, written), line,
                        registry->error);
}

/* Keeps a text that is given octet by octet. */
static enum da_status keep_hex(struct registry *registry, enum da_ncsi_value value, size_t line)
{
    struct da_ncsi_text *text = &registry->text;
    size_t room = 1, length = 0;
    enum da_status status;

    while (text->at + room < text->end && strchr("0123456789abcdefABCDEF, \t\r\n\\", text->at[room]) != NULL)
        room++;
    uint8_t *octets = malloc(room), *read = malloc(DA_UTF16_TEXT_MAX(room));
    if (octets == NULL || read == NULL)
        status = da_error_set(registry->error, DA_ERR_MEMORY, NULL, "out of memory");
    else if (!take_hex(text, octets, &length) || (registry->version == 5 && length % 2 != 0))
        status = da_ncsi_fault(registry->error, DA_ERR_SYNTAX, text->line, da_ncsi_name(value, true),
                               "expected pairs of hexadecimal digits, separated by commas%s",
                               registry->version == 5 ? ", two of them for a character" : "");
    else
        status = keep_octets(registry, value, line, octets, length, read);
    free(octets);
    free(read);
    return status;
}

static enum da_status keep_quoted(struct registry *registry, enum da_ncsi_value value, size_t line)
{
    size_t length = 0;
    char *quoted = NULL;

    enum da_status status = take_quoted(registry, &quoted, &length);
    if (status != DA_OK)
        return status;
    if (value != DA_NCSI_VALUE_COUNT)
        status = da_ncsi_keep(registry->ncsi, value, quoted, length, line, registry->error);
    free(quoted);
    return status;
}

/* Data of a value; of one that is not ours it is passed over. A comment may stand behind it. */
static enum da_status read_data(struct registry *registry, enum da_ncsi_value value)
{
    static const char *const hex[] = {"hex(1):", "hex(2):"};
    struct da_ncsi_text *text = &registry->text;
    size_t line = text->line;

    skip_blanks(text, false);
    size_t rest = (size_t)(text->end - text->at);
    if (rest > 0 && *text->at == '"')
        return keep_quoted(registry, value, line);
    if (value == DA_NCSI_VALUE_COUNT)
        return DA_OK;
    if (rest >= 7 && (strncasecmp(text->at, hex[0], 7) == 0 || strncasecmp(text->at, hex[1], 7) == 0)) {
        text->at += 7;
        return keep_hex(registry, value, line);
    }
    if (rest == 0 || *text->at != '-')
        return da_ncsi_fault(registry->error, DA_ERR_SYNTAX, line, da_ncsi_name(value, true),
                             "expected a text (REG_SZ): \"...\", hex(1): or hex(2):");
    da_ncsi_drop(registry->ncsi, value);
    return DA_OK;
}

/* "name"=data, or "@=data" for the value without a name. Lines in which data of others goes on are left: nobody takes
 * them for a key or a value. */
static enum da_status read_value(struct registry *registry)
{
    struct da_ncsi_text *text = &registry->text;
    enum da_ncsi_value value = DA_NCSI_VALUE_COUNT;
    enum da_status status = DA_OK;
    size_t line = text->line, length = 0;
    const char *rest;
    char *name = NULL;

    if (*text->at == '@')
        text->at++;
    else
        status = take_quoted(registry, &name, &length);
    if (status == DA_OK && registry->ours && name != NULL)
        value = da_ncsi_find(name, length, true);
    free(name);
    skip_blanks(text, false);
    if (status == DA_OK && text->at < text->end && *text->at == '=') {
        text->at++;
        status = read_data(registry, value);
    } else if (status == DA_OK && value != DA_NCSI_VALUE_COUNT) {
        status = da_ncsi_fault(registry->error, DA_ERR_SYNTAX, line, da_ncsi_name(value, true), "expected \"=\"");
    }
    if (status == DA_OK)
        da_ncsi_take_line(text, &rest, &length);
    return status;
}

enum da_status da_ncsi_read_registry(struct da_ncsi_text text, unsigned version, struct da_ncsi *ncsi,
                                     struct da_error *error)
{
    struct registry registry = {.text = text, .version = version, .ncsi = ncsi, .error = error};
    enum da_status status = DA_OK;
    const char *line;
    size_t length;

    while (status == DA_OK) {
        skip_blanks(&registry.text, false);
        if (registry.text.at == registry.text.end)
            break;
        if (*registry.text.at == '[')
            status = read_key(&registry);
        else if (*registry.text.at == '"' || *registry.text.at == '@')
            status = read_value(&registry);
        else
            da_ncsi_take_line(&registry.text, &line, &length);
    }
    return status;
}
