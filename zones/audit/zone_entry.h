/* zone_entry.h - one entry of a zone file, taken apart: owner, time stamp, TTL, class, type, and tokens of the rdata.
 *
 * RFC 1035 section 5.1, tokens as BIND cuts them: blanks, parentheses, line ends and comments stand between tokens, and
 * so does a quote. Everything points into the entry's text; nothing allocates. Private to zone_*.c and windows_*.c. */
#ifndef DA_ZONE_ENTRY_H
#define DA_ZONE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text as it stands in the file, escapes included. */
struct da_token {
    const char *text;
    size_t length;
    bool quoted; /* it was in quotes, which are not part of text */
    bool mixed;  /* some of it is in quotes, which are part of text */
};

/* What is left of a text. */
struct da_tokens {
    const char *at, *end;
};

/* The next token; false = there is none. */
bool da_token_next(struct da_tokens *tokens, struct da_token *token);

/* True where the token is this word, without quotes, in any case of letters. */
bool da_token_is(const struct da_token *token, const char *word);

enum da_stamp { DA_STAMP_NONE, DA_STAMP_READ, DA_STAMP_BAD };

struct da_entry {
    struct da_token owner; /* text NULL = blank: the owner of the entry before */
    enum da_stamp stamped; /* by "[AGE:n]" or "[Aging:n]" */
    uint32_t stamp;        /* DA_STAMP_READ: hours since 1601, 0 = static */
    bool has_ttl;
    uint32_t ttl;
    bool other_class;      /* than IN */
    struct da_token type;  /* text NULL = there is none */
    struct da_tokens rest; /* the rdata */
};

/* Takes an entry apart. */
void da_entry_split(const char *text, size_t length, struct da_entry *entry);

/* Reads time stamp, TTL and class, each once and in any order, as far as they are there; then the type. Sets all of
 * entry but owner. */
void da_entry_fields(struct da_tokens tokens, struct da_entry *entry);

/* Reads a TTL: seconds, or BIND's "1w2d3h4m5s" in any case. One over 2^31-1 is read as 0 (RFC 2181 section 8). False
 * where it is none. */
bool da_token_ttl(const struct da_token *token, uint32_t *ttl);

/* The number of a type by name, of those of Windows too, or as TYPEn (RFC 3597); 0 = unknown. */
uint16_t da_token_type(const struct da_token *token);

#endif
