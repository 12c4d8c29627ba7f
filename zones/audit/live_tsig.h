/* live_tsig.h - transaction signatures (RFC 8945) of questions and replies. Private to the live sources.
 *
 * HMACs are Nettle's. The rest is here because ldns 1.8 takes the algorithm from the reply instead of the key, does
 * not look at the time, knows no hmac-sha384 (a typing error in its table), and cannot check a transfer in which not
 * every message is signed (section 5.3.1). */
#ifndef DA_LIVE_TSIG_H
#define DA_LIVE_TSIG_H

#include "audit/live.h"
#include "audit/live_message.h"

#include <nettle/nettle-meta.h>
#include <nettle/sha2.h>

#define DA_TSIG_SECRET_MAX 512 /* octets */
#define DA_TSIG_MAC_MAX    64  /* octets: hmac-sha512 */
#define DA_TSIG_UNSIGNED   99  /* messages without a signature between two that have one: section 5.3.1 */

struct da_tsig_algorithm {
    const char *name;
    const struct nettle_hash *hash;
};

/* By its name, letters folded, with or without a final dot. NULL = there is none of that name. */
const struct da_tsig_algorithm *da_tsig_algorithm(const char *name);

/* The names of all, for messages. */
#define DA_TSIG_ALGORITHMS "hmac-md5, hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384 or hmac-sha512"

struct da_tsig_key {
    struct da_name name; /* folded */
    const struct da_tsig_algorithm *algorithm;
    size_t secret_length;
    uint8_t secret[DA_TSIG_SECRET_MAX];
};

struct da_tsig_mac {
    uint8_t length; /* octets; 0 = nothing was signed yet */
    uint8_t octets[DA_TSIG_MAC_MAX];
};

/* Signs a question: adds the record, and gives the signature, which the reply's depends on. */
void da_tsig_sign(const struct da_tsig_key *key, uint8_t wire[static DA_QUERY_MAX], size_t *length,
                  struct da_tsig_mac *mac);

/* An HMAC under way: SHA-512 has the largest state. */
struct da_tsig_hmac {
    struct sha512_ctx outer, inner, state;
};

/* Checks the replies to one signed question. */
struct da_tsig_check {
    const struct da_tsig_key *key;
    struct da_tsig_mac before;   /* of the question, then of the signed message before */
    bool is_first;               /* no message was signed yet */
    unsigned unsigned_count;     /* messages since the signed one */
    struct da_tsig_hmac pending; /* has seen these */
    const char *text;            /* what is wrong, as a phrase; static */
    bool server_refuses;         /* it is the server that finds our signature wrong */
};

void da_tsig_check_begin(struct da_tsig_check *check, const struct da_tsig_key *key, const struct da_tsig_mac *mac);

enum da_tsig_result {
    DA_TSIG_SIGNED,       /* rightly, and so is all since the message before that was */
    DA_TSIG_UNSIGNED_YET, /* none is there: allowed in front of a signed message of the same transfer, but the first */
    DA_TSIG_WRONG,        /* check->text tells */
    DA_TSIG_MEMORY,
};

/* Checks the next message, which was read to its end without a fault (da_message_rcode()). now: Unix time. */
enum da_tsig_result da_tsig_check_next(struct da_tsig_check *check, const struct da_message *message, int64_t now);

#endif
