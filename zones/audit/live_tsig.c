#include "audit/live_tsig.h"

#include <assert.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define FUDGE     300 /* seconds: section 10 */
#define CLASS_ANY 255
#define TIMERS    8 /* octets: time signed, fudge */
#define VARIABLES (2 * DA_NAME_MAX + 32)

/* TSIG errors: section 3, and RFC 8945 for BADTRUNC. */
enum { BADSIG = 16, BADKEY = 17, BADTIME = 18, BADTRUNC = 22 };

static const struct da_tsig_algorithm algorithms[] = {
    {"hmac-md5.sig-alg.reg.int", &nettle_md5}, {"hmac-sha1", &nettle_sha1},     {"hmac-sha224", &nettle_sha224},
    {"hmac-sha256", &nettle_sha256},           {"hmac-sha384", &nettle_sha384}, {"hmac-sha512", &nettle_sha512},
};

const struct da_tsig_algorithm *da_tsig_algorithm(const char *name)
{
    size_t length = strlen(name);

    length -= length > 0 && name[length - 1] == '.';
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
        const char *known = algorithms[i].name;
        if (strlen(known) == length && strncasecmp(known, name, length) == 0)
            return &algorithms[i];
    }
    return length == strlen("hmac-md5") && strncasecmp(name, "hmac-md5", length) == 0 ? &algorithms[0] : NULL;
}

void da_tsig_key_free(struct da_tsig_key *key)
{
    if (key == NULL)
        return;
    explicit_bzero(key, sizeof(*key));
    free(key);
}

static uint16_t get16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

static uint8_t *put(uint8_t *out, uint64_t value, size_t octets)
{
    for (size_t i = octets; i > 0; i--, value >>= 8)
        out[i - 1] = (uint8_t)value;
    return out + octets;
}

static uint8_t *put_name(uint8_t *out, const struct da_name *name)
{
    memcpy(out, name->wire, name->length);
    return out + name->length;
}

static struct da_name algorithm_name(const struct da_tsig_algorithm *algorithm)
{
    struct da_name name;

    da_name_from_hostname(algorithm->name, &name); /* they are all right */
    return name;
}

/* ---- digests ---- */

static void update(const struct da_tsig_key *key, struct da_tsig_hmac *hmac, const void *octets, size_t length)
{
    hmac_update(&hmac->state, key->algorithm->hash, length, octets);
}

/* Begins with the signature before, which goes in with its length (section 5.3); of a question there is none. */
static void begin(const struct da_tsig_key *key, const struct da_tsig_mac *before, struct da_tsig_hmac *hmac)
{
    const uint8_t length[2] = {0, before->length};

    assert(key->algorithm->hash->context_size <= sizeof(hmac->state));
    hmac_set_key(&hmac->outer, &hmac->inner, &hmac->state, key->algorithm->hash, key->secret_length, key->secret);
    if (before->length == 0)
        return;
    update(key, hmac, length, sizeof(length));
    update(key, hmac, before->octets, before->length);
}

static void finish(const struct da_tsig_key *key, struct da_tsig_hmac *hmac, struct da_tsig_mac *mac)
{
    const struct nettle_hash *hash = key->algorithm->hash;

    mac->length = (uint8_t)hash->digest_size;
    hmac_digest(&hmac->outer, &hmac->inner, &hmac->state, hash, hash->digest_size, mac->octets);
    explicit_bzero(hmac, sizeof(*hmac));
}

/* What of the record is signed beside the message: section 4.3.3. timers and other are as in the record, other with its
 * length. Returns the octets written. */
static size_t put_variables(const struct da_tsig_key *key, const uint8_t *timers, unsigned error, const uint8_t *other,
                            size_t other_length, uint8_t out[static VARIABLES])
{
    const struct da_name algorithm = algorithm_name(key->algorithm);
    uint8_t *at = put_name(out, &key->name);

    at = put(at, CLASS_ANY, 2);
    at = put(at, 0, 4);
    at = put_name(at, &algorithm);
    memcpy(at, timers, TIMERS);
    at = put(at + TIMERS, error, 2);
    at = put(at, other_length, 2);
    memcpy(at, other, other_length);
    return (size_t)(at - out) + other_length;
}

/* ---- questions ---- */

void da_tsig_sign(const struct da_tsig_key *key, uint8_t wire[static DA_QUERY_MAX], size_t *length,
                  struct da_tsig_mac *mac)
{
    const struct da_name algorithm = algorithm_name(key->algorithm);
    static const struct da_tsig_mac none = {0};
    uint8_t timers[TIMERS], variables[VARIABLES];
    struct da_tsig_hmac hmac;

    put(put(timers, (uint64_t)time(NULL), 6), FUDGE, 2);
    size_t variables_length = put_variables(key, timers, 0, timers, 0, variables);
    begin(key, &none, &hmac);
    update(key, &hmac, wire, *length);
    update(key, &hmac, variables, variables_length);
    finish(key, &hmac, mac);

    uint8_t *at = put_name(wire + *length, &key->name);
    at = put(at, DA_TYPE_TSIG, 2);
    at = put(at, CLASS_ANY, 2);
    at = put(at, 0, 4);
    at = put(at, (uint64_t)algorithm.length + TIMERS + 2 + mac->length + 6, 2);
    at = put_name(at, &algorithm);
    memcpy(at, timers, TIMERS);
    at = put(at + TIMERS, mac->length, 2);
    memcpy(at, mac->octets, mac->length);
    at = put(at + mac->length, get16(wire), 2); /* the original ID */
    at = put(at, 0, 4);                         /* no error, no other data */
    put(wire + 10, get16(wire + 10) + 1u, 2);
    *length = (size_t)(at - wire);
}

/* ---- replies ---- */

/* The record of a reply, taken apart. */
struct signature {
    size_t start; /* where the record begins */
    struct da_name algorithm;
    const uint8_t *timers;
    const uint8_t *mac;
    uint16_t mac_length;
    uint16_t original_id;
    uint16_t error;
    const uint8_t *other;
    uint16_t other_length;
};

void da_tsig_check_begin(struct da_tsig_check *check, const struct da_tsig_key *key, const struct da_tsig_mac *mac)
{
    *check = (struct da_tsig_check){.key = key, .before = *mac, .is_first = true};
}

static enum da_tsig_result wrong(struct da_tsig_check *check, const char *text)
{
    check->text = text;
    return DA_TSIG_WRONG;
}

/* Takes the rdata apart; false where it is not of its type. The algorithm's name is never compressed. */
static bool read_signature(const struct da_message *message, const struct da_record *record, struct signature *read)
{
    const uint8_t *at = message->wire + record->rdata, *end = at + record->rdata_length;
    const uint8_t *name = at;

    while (at < end && *at != 0 && *at <= DA_LABEL_MAX && *at < end - at)
        at += 1 + *at;
    if (at == end || *at != 0 || at - name >= DA_NAME_MAX)
        return false;
    read->start = record->start;
    read->algorithm.length = (uint8_t)(++at - name);
    memcpy(read->algorithm.wire, name, read->algorithm.length);
    read->timers = at;
    if (end - at < TIMERS + 2)
        return false;
    read->mac_length = get16(at + TIMERS);
    read->mac = at += TIMERS + 2;
    if (end - at < read->mac_length + 6)
        return false;
    at += read->mac_length;
    read->original_id = get16(at);
    read->error = get16(at + 2);
    read->other_length = get16(at + 4);
    read->other = at + 6;
    return end - read->other == read->other_length;
}

/* Finds the record: the last one of all, and the only one of its type. found: whether there is one. */
static enum da_tsig_result find_signature(struct da_tsig_check *check, const struct da_message *message,
                                          struct signature *signature, bool *found)
{
    struct da_record record = {0};
    enum da_status status;

    *found = false;
    while ((status = da_message_next(message, &record)) == DA_OK && record.section != DA_SECTION_END) {
        if (*found)
            return wrong(check, "the TSIG record is not the last one");
        if (record.type != DA_TYPE_TSIG)
            continue;
        if (record.section != DA_SECTION_ADDITIONAL || !read_signature(message, &record, signature))
            return wrong(check, "the TSIG record is malformed");
        if (!da_name_equal(record.owner.wire, check->key->name.wire))
            return wrong(check, "the reply is signed with another TSIG key");
        *found = true;
    }
    if (status == DA_ERR_MEMORY)
        return DA_TSIG_MEMORY;
    return status == DA_OK ? DA_TSIG_SIGNED : wrong(check, "the reply is malformed");
}

/* Errors that the server tells: what the administrator has to do differs. */
static const char *error_text(unsigned error)
{
    switch (error) {
    case 0:
        return NULL;
    case BADSIG:
        return "the server finds the signature wrong (TSIG error BADSIG): is the secret the same?";
    case BADKEY:
        return "the server does not know the key, or not with this algorithm (TSIG error BADKEY)";
    case BADTIME:
        return "the server's clock differs too much from this one (TSIG error BADTIME)";
    case BADTRUNC:
        return "the server wants a longer signature (TSIG error BADTRUNC)";
    default:
        return "the server tells an unknown TSIG error";
    }
}

/* The HMAC that the next message goes into: the one that has seen unsigned messages, or a new one. */
static struct da_tsig_hmac *pending(struct da_tsig_check *check)
{
    if (check->unsigned_count == 0)
        begin(check->key, &check->before, &check->pending);
    return &check->pending;
}

static enum da_tsig_result pass_unsigned(struct da_tsig_check *check, const struct da_message *message)
{
    if (check->is_first)
        return wrong(check, "the reply is not signed");
    if (check->unsigned_count == DA_TSIG_UNSIGNED)
        return wrong(check, "too many messages in a row are not signed");
    update(check->key, pending(check), message->wire, message->length);
    check->unsigned_count++;
    return DA_TSIG_UNSIGNED_YET;
}

/* The signature that the message must have: of the message as it was before it was signed, and, of the first one, the
 * record's variables; of later ones the timers alone (section 5.3.1). */
static void sign_again(struct da_tsig_check *check, const struct da_message *message, const struct signature *signature,
                       struct da_tsig_mac *mac)
{
    struct da_tsig_hmac *hmac = pending(check);
    uint8_t header[DA_MESSAGE_HEADER], variables[VARIABLES];
    size_t length = TIMERS;

    memcpy(header, message->wire, sizeof(header));
    put(header, signature->original_id, 2);
    put(header + 10, get16(header + 10) - 1u, 2);
    update(check->key, hmac, header, sizeof(header));
    update(check->key, hmac, message->wire + sizeof(header), signature->start - sizeof(header));
    memcpy(variables, signature->timers, TIMERS);
    if (check->is_first)
        length = put_variables(check->key, signature->timers, signature->error, signature->other,
                               signature->other_length, variables);
    update(check->key, hmac, variables, length);
    finish(check->key, hmac, mac);
}

static bool is_timely(const struct signature *signature, int64_t now)
{
    const uint8_t *t = signature->timers;
    int64_t then = (int64_t)get16(t) << 32 | (int64_t)get16(t + 2) << 16 | get16(t + 4);
    int64_t fudge = get16(t + 6);

    return now - then <= fudge && then - now <= fudge;
}

enum da_tsig_result da_tsig_check_next(struct da_tsig_check *check, const struct da_message *message, int64_t now)
{
    struct signature signature;
    struct da_tsig_mac mac;
    bool found;

    enum da_tsig_result result = find_signature(check, message, &signature, &found);
    if (result != DA_TSIG_SIGNED)
        return result;
    if (!found)
        return pass_unsigned(check, message);
    check->server_refuses = signature.error != 0;
    if (check->server_refuses)
        return wrong(check, error_text(signature.error));
    const struct da_name algorithm = algorithm_name(check->key->algorithm);
    if (!da_name_equal(signature.algorithm.wire, algorithm.wire))
        return wrong(check, "the reply is signed with another algorithm");
    if (signature.other_length > 6)
        return wrong(check, "the TSIG record is malformed");
    sign_again(check, message, &signature, &mac);
    if (signature.mac_length != mac.length || !memeql_sec(signature.mac, mac.octets, mac.length))
        return wrong(check, "the signature of the reply is wrong");
    if (!is_timely(&signature, now))
        return wrong(check, "the reply was signed at another time: do the clocks differ?");
    check->before = mac;
    check->is_first = false;
    check->unsigned_count = 0;
    return DA_TSIG_SIGNED;
}
