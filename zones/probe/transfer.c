#include "probe/transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BODY_MAX      ((size_t)64 * 1024) /* octets that are read of a body */
#define REDIRECTS_MAX 5
#define POLL          200 /* milliseconds */
#define URL_MAX       (DA_NAME_TEXT_MAX + 16)
#define HTTP_PORTAL   511 /* RFC 6585 section 6 */

struct transfers;

/* A fetch under way. Its handle is used again for the next one. */
struct slot {
    struct transfers *all;
    CURL *handle;
    struct curl_slist *connect_to;
    struct da_fetch *fetch; /* NULL = nothing is under way */
    struct da_searching body;
    size_t body_length;
    unsigned redirects;
    curl_off_t microseconds; /* of the requests before this one */
    char words[CURL_ERROR_SIZE];
};

struct transfers {
    const struct da_transfers *given;
    CURLM *multi;
    struct slot *slots;
    size_t under_way;
    bool exhausted;
};

/* ---- pieces ---- */

/* The longest end of what was matched, and one more octet, that text begins with: the step of Knuth, Morris and Pratt,
 * found anew, since texts are short. */
static size_t shift(const char *text, size_t matched, char octet)
{
    for (size_t length = matched + 1; length > 0; length--)
        if (text[length - 1] == octet && memcmp(text, text + matched + 1 - length, length - 1) == 0)
            return length;
    return 0;
}

bool da_search_found(const struct da_searching *searching)
{
    return searching->matched == strlen(searching->text);
}

void da_search(struct da_searching *searching, const char *octets, size_t length)
{
    for (size_t i = 0; i < length && !da_search_found(searching); i++)
        searching->matched = shift(searching->text, searching->matched, octets[i]);
}

/* True where both URLs have the same part, compared without case. */
static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *left = NULL, *right = NULL;

    bool same = curl_url_get(a, part, &left, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                curl_url_get(b, part, &right, CURLU_DEFAULT_PORT) == CURLUE_OK && strcasecmp(left, right) == 0;
    curl_free(left);
    curl_free(right);
    return same;
}

bool da_transfer_stays(const char *from, const char *to)
{
    CURLU *a = curl_url(), *b = curl_url();

    bool stays = a != NULL && b != NULL && curl_url_set(a, CURLUPART_URL, from, 0) == CURLUE_OK &&
                 curl_url_set(b, CURLUPART_URL, to, 0) == CURLUE_OK && same_part(a, b, CURLUPART_SCHEME) &&
                 same_part(a, b, CURLUPART_HOST) && same_part(a, b, CURLUPART_PORT);
    curl_url_cleanup(a);
    curl_url_cleanup(b);
    return stays;
}

/* ---- one fetch ---- */

/* A CURLOPT_WRITEFUNCTION. */
static size_t take_body(char *octets, size_t size, size_t count, void *arg)
{
    struct slot *slot = arg;
    size_t length = size * count, room = BODY_MAX - slot->body_length;

    if (slot->body.text != NULL)
        da_search(&slot->body, octets, length < room ? length : room);
    slot->body_length += length < room ? length : room;
    return slot->body_length < BODY_MAX ? length : 0; /* enough was read: this ends it */
}

/* HOST:PORT:ADDRESS:PORT, any host and port being asked for. */
static bool set_address(struct slot *slot, unsigned port)
{
    const struct da_seen_address *address = &slot->fetch->address;
    char text[INET6_ADDRSTRLEN], line[INET6_ADDRSTRLEN + 16];
    bool is_ipv6 = address->length == DA_IPV6_LEN;

    inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, address->octets, text, sizeof(text));
    snprintf(line, sizeof(line), is_ipv6 ? "::[%s]:%u" : "::%s:%u", text, port);
    curl_slist_free_all(slot->connect_to);
    slot->connect_to = curl_slist_append(NULL, line);
    return slot->connect_to != NULL && curl_easy_setopt(slot->handle, CURLOPT_CONNECT_TO, slot->connect_to) == CURLE_OK;
}

/* What every fetch needs. Nothing that the environment or a file says is used: no proxy, no password. */
static bool set_options(struct slot *slot, unsigned timeout)
{
    CURL *handle = slot->handle;

    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_USERAGENT, "dadns/" DA_VERSION) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)timeout) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)timeout) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, slot->words) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_WRITEDATA, slot) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_PRIVATE, slot) == CURLE_OK;
}

static bool request(struct slot *slot, const char *url)
{
    slot->words[0] = '\0';
    slot->body.matched = 0;
    slot->body_length = 0;
    return curl_easy_setopt(slot->handle, CURLOPT_URL, url) == CURLE_OK &&
           curl_multi_add_handle(slot->all->multi, slot->handle) == CURLM_OK;
}

/* Starts the next fetch in an empty slot, if there is one. */
static enum da_status begin(struct slot *slot)
{
    const struct da_transfers *given = slot->all->given;
    char text[DA_NAME_TEXT_MAX], url[URL_MAX];
    struct da_name name;

    slot->fetch = given->next(given->arg, &name);
    slot->all->exhausted = slot->fetch == NULL;
    if (slot->fetch == NULL)
        return DA_OK;
    da_name_to_text(&name, text);
    text[strlen(text) - 1] = '\0'; /* clients send the name without its final dot */
    snprintf(url, sizeof(url), "http://%s/", text);
    slot->redirects = 0;
    slot->microseconds = 0;
    if (!set_address(slot, given->fetching->port) || !request(slot, url))
        return DA_ERR_MEMORY;
    slot->all->under_way++;
    return DA_OK;
}

__attribute__((format(printf, 3, 4))) static void judge(struct da_fetch *fetch, enum da_fetched fetched,
                                                        const char *format, ...)
{
    va_list arguments;

    fetch->fetched = fetched;
    va_start(arguments, format);
    vsnprintf(fetch->why, sizeof(fetch->why), format, arguments);
    va_end(arguments);
}

/* Where there is no whole reply. */
static void judge_failure(const struct slot *slot, CURLcode code)
{
    struct da_fetch *fetch = slot->fetch;
    long reason = 0;

    curl_easy_getinfo(slot->handle, CURLINFO_OS_ERRNO, &reason);
    if (code == CURLE_COULDNT_CONNECT && reason == ECONNREFUSED)
        judge(fetch, DA_FETCHED_REFUSED, "connection refused");
    else if (code == CURLE_COULDNT_CONNECT && reason != 0 && reason != ETIMEDOUT)
        judge(fetch, DA_FETCHED_UNREACHABLE, "%s", strerror((int)reason));
    else if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_COULDNT_CONNECT)
        judge(fetch, DA_FETCHED_SILENT, "no reply within %u s", slot->all->given->fetching->timeout);
    else
        judge(fetch, DA_FETCHED_BROKEN, "%s", slot->words[0] != '\0' ? slot->words : curl_easy_strerror(code));
}

static void judge_reply(const struct slot *slot, const char *location)
{
    struct da_fetch *fetch = slot->fetch;

    if (location != NULL)
        judge(fetch, DA_FETCHED_REDIRECTED, "%s", location);
    else if (fetch->status == HTTP_PORTAL)
        judge(fetch, DA_FETCHED_PORTAL, "status 511: network authentication required");
    else if (fetch->status < 200 || fetch->status > 299)
        judge(fetch, DA_FETCHED_STATUS, "status %u", fetch->status);
    else if (slot->body.text != NULL && !da_search_found(&slot->body))
        judge(fetch, DA_FETCHED_BODY, "the body lacks what was expected");
    else
        judge(fetch, DA_FETCHED_RIGHT, "%s", "");
}

/* Follows a redirect that leads to the same server. */
static bool follow(struct slot *slot, const char *location)
{
    char *url = NULL;
    char *next = strdup(location); /* libcurl's is gone with the next request */

    curl_easy_getinfo(slot->handle, CURLINFO_EFFECTIVE_URL, &url);
    bool follows = next != NULL && slot->redirects < REDIRECTS_MAX && da_transfer_stays(url, next);
    if (follows) {
        slot->redirects++;
        follows = request(slot, next);
    }
    free(next);
    return follows;
}

/* Takes a request's end: the fetch's, unless it is led on. */
static void end_request(struct slot *slot, CURLcode code)
{
    const struct da_transfers *given = slot->all->given;
    struct da_fetch *fetch = slot->fetch;
    char *location = NULL;
    curl_off_t microseconds = 0;
    long status = 0;

    curl_multi_remove_handle(slot->all->multi, slot->handle);
    curl_easy_getinfo(slot->handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(slot->handle, CURLINFO_REDIRECT_URL, &location);
    curl_easy_getinfo(slot->handle, CURLINFO_TOTAL_TIME_T, &microseconds);
    slot->microseconds += microseconds;
    fetch->status = (unsigned)status;
    fetch->milliseconds = (unsigned)(slot->microseconds / 1000);
    bool is_whole = code == CURLE_OK || (code == CURLE_WRITE_ERROR && slot->body_length == BODY_MAX);
    if (is_whole && location != NULL && follow(slot, location))
        return;
    if (is_whole)
        judge_reply(slot, location);
    else
        judge_failure(slot, code);
    slot->fetch = NULL;
    slot->all->under_way--;
    given->done(given->arg);
}

/* ---- all of them ---- */

static void take_ended(struct transfers *all)
{
    struct CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(all->multi, &left)) != NULL) {
        struct slot *slot = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        end_request(slot, code);
    }
}

static enum da_status run(struct transfers *all)
{
    enum da_status status = DA_OK;
    int running;

    do {
        for (size_t i = 0; i < all->given->at_once && !all->exhausted && status == DA_OK; i++)
            if (all->slots[i].fetch == NULL)
                status = begin(&all->slots[i]);
        if (curl_multi_perform(all->multi, &running) != CURLM_OK)
            return DA_ERR_MEMORY;
        take_ended(all);
        if (all->under_way > 0 && curl_multi_poll(all->multi, NULL, 0, POLL, NULL) != CURLM_OK)
            return DA_ERR_MEMORY;
    } while (status == DA_OK && (all->under_way > 0 || !all->exhausted));
    return status;
}

static enum da_status set_up(struct transfers *all)
{
    all->multi = curl_multi_init();
    all->slots = calloc(all->given->at_once, sizeof(*all->slots));
    if (all->multi == NULL || all->slots == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < all->given->at_once; i++) {
        struct slot *slot = &all->slots[i];
        slot->all = all;
        slot->body.text = all->given->fetching->body;
        slot->handle = curl_easy_init();
        if (slot->handle == NULL || !set_options(slot, all->given->fetching->timeout))
            return DA_ERR_MEMORY;
    }
    return DA_OK;
}

static void tear_down(struct transfers *all)
{
    for (size_t i = 0; all->slots != NULL && i < all->given->at_once; i++) {
        struct slot *slot = &all->slots[i];
        if (slot->handle != NULL && slot->fetch != NULL)
            curl_multi_remove_handle(all->multi, slot->handle);
        curl_easy_cleanup(slot->handle);
        curl_slist_free_all(slot->connect_to);
    }
    free(all->slots);
    curl_multi_cleanup(all->multi);
}

enum da_status da_transfers_run(const struct da_transfers *given, struct da_error *error)
{
    struct transfers all = {.given = given};

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return da_error_set(error, DA_ERR_IO, NULL, "libcurl cannot be used");
    enum da_status status = set_up(&all);
    if (status == DA_OK)
        status = run(&all);
    tear_down(&all);
    curl_global_cleanup();
    return status;
}
