/* the audit's findings: each row says what sources hold and the exact list of what is found.
 *
 * Sources are text, a line a fact. C, W and N as a first label stand for the long ones.
 *   zone|transfer|directory|server|resolver|remote TITLE [ages] [origin=NAME]     begins a source
 *   OWNER TTL|- TYPE RDATA|? [STAMP|static]                             a record; "-", "?" = not told
 *   reply NAME TYPE OUTCOME [aa] [NAME|TEXT]                            what came of a question
 *   asked [aa]      what came of all other questions follows from the records
 *   doubt NAME|* LINE TEXT
 *   failed TEXT
 *   aging ZONE on|off NO-REFRESH REFRESH none|anybody|secure [FROM]     how a directory's zone ages
 *   node NAME live|tombstone TIME|- HOLDER|-                            a directory's node; when it was deleted
 * A finding is a line: TITLE|all CODE [NAME] [TYPE] [RDATA] [=ADDRESS] [:LINE] [(DETAIL)]. */
#include "audit_names.h"

#include "audit/checks.h"

#include <arpa/inet.h>
#include <glob.h>
#include <stdio.h>
#include <time.h>

#define NOW "2024-08-01T00:00Z"

#define SITE(suffixes, more)                                                                                           \
    "suffixes: " suffixes "\nnetwork: ipv4-only\n"                                                                     \
    "entry-points: [{name: sea, nat64-prefix: 'fd00:1::/96', servers: [{name: da1, address: 10.0.0.11}, "              \
    "{name: da2, address: 10.0.0.12}], load-balancer: {kind: nlb, vip: 10.0.0.10}}]\n" more
#define ONE SITE("[c.net]", "")
#define TWO                                                                                                            \
    "suffixes: [c.net]\nnetwork: ipv4-only\nentry-points:\n"                                                           \
    " - {name: sea, nat64-prefix: 'fd00:1::/96', servers: [{name: s, address: 10.0.0.11}]}\n"                          \
    " - {name: dub, nat64-prefix: '2001:db8::/96', servers: [{name: d, address: 203.0.113.5}]}\n"
#define THREE TWO " - {name: ber, nat64-prefix: 'fd00:2:3:4:56::/96', servers: [{name: b, address: 10.0.0.13}]}\n"
#define NATIVE                                                                                                         \
    "suffixes: [c.net]\nnetwork: ipv6\nentry-points:\n"                                                                \
    " - {name: sea, servers: [{name: s, address: 10.0.0.11, ipv6-address: 'fd00::11'},"                                \
    "    {name: t, address: 10.0.0.12, ipv6-address: 'fd00::12'}],"                                                    \
    "    load-balancer: {kind: nlb, vip: 10.0.0.10, ipv6-vip: 'fd00::10'}}\n"

#define SOA  "c.net 1200 SOA ?\n"
#define CORP "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA fd00:1::7f00:1\n"
#define WEB  "W.c.net 1200 A 10.0.0.10\n"
#define STATIC                                                                                                         \
    "C.c.net 1200 A 127.0.0.1 static\nC.c.net 1200 AAAA fd00:1::7f00:1 static\nW.c.net 1200 A 10.0.0.10 static\n"
#define ZONE "zone z\n" SOA
#define AGED "zone z ages\n" SOA
#define NOTE "z aging-unknown\n"

struct row {
    const char *yaml;
    const char *sources;
    const char *findings;
    const char *router; /* option --isatap-router; NULL = none */
    int shown, unlike;  /* code + 1 that the row is there to show, and one that it is near to and must not show */
};
#define CODE(code) (DA_FINDING_##code + 1)

/* ---- sources from text ---- */

static void expand(const char *text, struct da_name *name)
{
    static const struct {
        char letter;
        const char *label;
    } labels[] = {{'C', da_label_corp_connectivity}, {'W', da_label_web_probe}, {'N', da_label_nls}};
    char whole[300];

    snprintf(whole, sizeof(whole), "%s", text);
    for (size_t i = 0; i < LENGTH_OF(labels); i++)
        if (text[0] == labels[i].letter && text[1] == '.')
            snprintf(whole, sizeof(whole), "%s%s", labels[i].label, text + 1);
    name->length = (uint8_t)wire_name(whole, name->wire);
}

static uint16_t type_of(const char *text)
{
    static const struct {
        const char *text;
        uint16_t type;
    } types[] = {{"A", 1}, {"NS", 2}, {"CNAME", 5}, {"SOA", 6}, {"TXT", 16}, {"AAAA", 28}, {"DNAME", 39}};

    for (size_t i = 0; i < LENGTH_OF(types); i++)
        if (strcmp(text, types[i].text) == 0)
            return types[i].type;
    fail_msg("type '%s'", text);
    return 0;
}

static void add_record(struct da_collection *collection, char **words, size_t count, uint64_t line)
{
    struct da_name owner, target;
    uint8_t rdata[DA_IPV6_LEN];
    struct da_found found = {.owner = &owner};

    assert_true(count >= 4);
    found.type = type_of(words[2]);
    expand(words[0], &owner);
    found.has_ttl = strcmp(words[1], "-") != 0;
    found.ttl = found.has_ttl ? (uint32_t)strtoul(words[1], NULL, 10) : 0;
    found.place = (struct da_place){da_collection_file(collection, collection->title), line};
    if (strcmp(words[3], "?") != 0 && (found.type == DA_TYPE_A || found.type == DA_TYPE_AAAA)) {
        assert_int_equal(inet_pton(found.type == DA_TYPE_A ? AF_INET : AF_INET6, words[3], rdata), 1);
        found.rdata = rdata;
        found.rdata_length = found.type == DA_TYPE_A ? 4 : 16;
    } else if (strcmp(words[3], "?") != 0) {
        expand(words[3], &target);
        found.rdata = target.wire;
        found.rdata_length = target.length;
    }
    if (count > 4 && strcmp(words[4], "static") == 0) {
        found.aging = DA_AGING_STATIC;
    } else if (count > 4) {
        found.aging = DA_AGING_DYNAMIC;
        found.stamp = (uint32_t)strtoul(words[4], NULL, 10);
    }
    assert_int_equal(da_collection_add(collection, &found), DA_OK);
}

static void add_reply(struct da_collection *collection, char **words, size_t count)
{
    static const char *const outcomes[] = {"ANSWER", "NODATA", "NXDOMAIN", "REFERRAL", "FAILED"};
    struct da_reply reply = {.type = type_of(words[2]), .outcome = DA_OUTCOME_FAILED};
    size_t next = 4;

    expand(words[1], &reply.name);
    for (size_t i = 0; i < LENGTH_OF(outcomes); i++)
        if (strcmp(words[3], outcomes[i]) == 0)
            reply.outcome = (enum da_outcome)i;
    if (count > next && strcmp(words[next], "aa") == 0) {
        reply.authoritative = true;
        next++;
    }
    if (reply.outcome == DA_OUTCOME_REFERRAL && count > next)
        expand(words[next], &reply.at);
    if (reply.outcome == DA_OUTCOME_FAILED && count > next)
        snprintf(reply.text, sizeof(reply.text), "%s", words[next]);
    assert_int_equal(da_collection_reply(collection, &reply), DA_OK);
}

static void ask(struct da_collection *collection, const struct da_name *name, uint16_t type, bool authoritative)
{
    struct da_reply reply = {.name = *name, .type = type, .authoritative = authoritative};

    reply.outcome = DA_OUTCOME_NXDOMAIN;
    for (size_t i = 0; i < collection->reply_count; i++)
        if (da_name_equal(collection->replies[i].name.wire, name->wire) && collection->replies[i].type == type)
            return;
    for (size_t i = 0; i < collection->record_count; i++) {
        const struct da_found *found = &collection->records[i];
        if (!da_name_equal(found->owner->wire, name->wire))
            continue;
        if (found->type == type || found->type == DA_TYPE_CNAME)
            reply.outcome = DA_OUTCOME_ANSWER;
        else if (reply.outcome == DA_OUTCOME_NXDOMAIN)
            reply.outcome = DA_OUTCOME_NODATA;
    }
    assert_int_equal(da_collection_reply(collection, &reply), DA_OK);
}

static void ask_both(struct da_collection *collection, const char *label, const struct da_name *parent,
                     bool authoritative)
{
    struct da_name name;

    assert_int_equal(da_name_prepend(label, parent, &name), DA_OK);
    ask(collection, &name, DA_TYPE_A, authoritative);
    ask(collection, &name, DA_TYPE_AAAA, authoritative);
}

static void ask_all(struct da_collection *collection, bool authoritative)
{
    const struct da_names *names = collection->names;
    const struct da_name root = {.length = 1};

    for (size_t i = 0; i < names->set->suffix_count; i++) {
        const struct da_name *suffix = &names->set->suffixes[i];
        for (size_t j = 0; j < names->label_count; j++)
            ask_both(collection, names->labels[j].text, suffix, authoritative);
        for (size_t j = 0; j < names->set->block_count; j++)
            ask_both(collection, names->set->block[j], suffix, authoritative);
        if (collection->kind == DA_SOURCE_SERVER)
            ask(collection, suffix, DA_TYPE_SOA, authoritative);
    }
    for (size_t j = 0; collection->kind == DA_SOURCE_RESOLVER && j < names->set->block_count; j++)
        ask_both(collection, names->set->block[j], &root, false);
}

static struct da_collection *begin(char **words, size_t count, const struct da_names *names)
{
    static const struct {
        const char *word;
        enum da_source_kind kind;
    } kinds[] = {
        {"zone", DA_SOURCE_ZONE_FILE}, {"transfer", DA_SOURCE_TRANSFER}, {"directory", DA_SOURCE_DIRECTORY},
        {"server", DA_SOURCE_SERVER},  {"resolver", DA_SOURCE_RESOLVER}, {"remote", DA_SOURCE_RESOLVER},
    };
    struct da_collection *collection = NULL;

    for (size_t i = 0; i < LENGTH_OF(kinds); i++) {
        if (strcmp(words[0], kinds[i].word) != 0)
            continue;
        assert_int_equal(da_collection_new(kinds[i].kind, words[1], names, &collection), DA_OK);
        collection->remote = strcmp(words[0], "remote") == 0;
    }
    for (size_t i = 2; collection != NULL && i < count; i++) {
        if (strcmp(words[i], "ages") == 0)
            collection->ages = true;
        else if (strncmp(words[i], "origin=", 7) == 0)
            expand(words[i] + 7, &collection->origin);
    }
    return collection;
}

/* One line of a source; its words are cut at blanks, the last of `most` keeps the rest. */
static size_t cut_words(char *line, char **words, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < most; i++)
        words[i] = line + strlen(line);
    while (count < most && *line != '\0') {
        words[count++] = line;
        if (count == most)
            break;
        line += strcspn(line, " ");
        if (*line != '\0')
            *line++ = '\0';
    }
    return count;
}

static void add_doubt(struct da_collection *collection, char **words)
{
    struct da_doubt doubt = {.one_name = strcmp(words[1], "*") != 0};

    if (doubt.one_name)
        expand(words[1], &doubt.name);
    doubt.place = (struct da_place){da_collection_file(collection, collection->title), strtoull(words[2], NULL, 10)};
    snprintf(doubt.text, sizeof(doubt.text), "%s", words[3]);
    assert_int_equal(da_collection_doubt(collection, &doubt), DA_OK);
}

static size_t index_of(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0)
            return i;
    fail_msg("'%s'", text);
    return 0;
}

static void add_zone(struct da_collection *collection, char **words)
{
    static const char *const states[] = {"off", "on"}, *const updates[] = {"none", "anybody", "secure"};
    struct da_zone_aging zone = {.intervals = {.no_refresh = (uint32_t)strtoul(words[3], NULL, 10),
                                               .refresh = (uint32_t)strtoul(words[4], NULL, 10)}};

    expand(words[1], &zone.zone);
    zone.enabled = index_of(states, LENGTH_OF(states), words[2]) == 1;
    zone.updates = (enum da_updates)index_of(updates, LENGTH_OF(updates), words[5]);
    if (*words[6] != '\0')
        assert_true(da_aging_parse_time(words[6], &zone.scavenged_from));
    assert_int_equal(da_collection_zone(collection, &zone), DA_OK);
}

static void add_node(struct da_collection *collection, char **words)
{
    static const char *const states[] = {"live", "tombstone"};
    struct da_node node = {.is_tombstoned = index_of(states, LENGTH_OF(states), words[2]) == 1};

    expand(words[1], &node.owner);
    if (strcmp(words[3], "-") != 0)
        assert_true(da_aging_parse_time(words[3], &node.deleted_at));
    if (strcmp(words[4], "-") != 0)
        snprintf(node.holder, sizeof(node.holder), "%s", words[4]);
    assert_int_equal(da_collection_node(collection, &node), DA_OK);
}

static void add_fact(struct da_collection *collection, const char *line, uint64_t number)
{
    char text[256], *words[7];
    char again[256];

    snprintf(text, sizeof(text), "%s", line);
    snprintf(again, sizeof(again), "%s", line);
    size_t count = cut_words(text, words, 7);
    if (strcmp(words[0], "reply") == 0) {
        add_reply(collection, words, count);
    } else if (strcmp(words[0], "asked") == 0) {
        ask_all(collection, count > 1);
    } else if (strcmp(words[0], "doubt") == 0) {
        cut_words(again, words, 4);
        add_doubt(collection, words);
    } else if (strcmp(words[0], "failed") == 0) {
        da_collection_fail(collection, "%s", words[1]);
    } else if (strcmp(words[0], "aging") == 0) {
        add_zone(collection, words);
    } else if (strcmp(words[0], "node") == 0) {
        add_node(collection, words);
    } else {
        add_record(collection, words, count, number);
    }
}

static size_t read_sources(const char *text, const struct da_names *names, struct da_collection **collections)
{
    size_t count = 0;
    uint64_t number = 0;

    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        char copy[256], first[256], *words[6] = {NULL};
        snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(line, "\n"), line);
        snprintf(first, sizeof(first), "%s", copy);
        struct da_collection *begun = begin(words, cut_words(first, words, 6), names);
        if (begun != NULL) {
            assert_true(count < 8);
            collections[count++] = begun;
            number = 0;
        } else {
            add_fact(collections[count - 1], copy, ++number);
        }
    }
    for (size_t i = 0; i < count; i++)
        da_collection_finish(collections[i]);
    return count;
}

/* ---- findings as text ---- */

struct heard {
    FILE *out;
    bool codes[DA_FINDING_CODES];
    size_t count;
};

static void print_name(const struct da_name *name, FILE *out)
{
    static const struct {
        const char *letter, *label;
    } labels[] = {{"C", da_label_corp_connectivity}, {"W", da_label_web_probe}, {"N", da_label_nls}};
    char text[DA_NAME_TEXT_MAX];
    const char *rest = da_name_to_text(name, text), *letter = "";

    text[strlen(text) - 1] = '\0';
    for (size_t i = 0; i < LENGTH_OF(labels); i++) {
        size_t length = strlen(labels[i].label);
        if (strncmp(text, labels[i].label, length) == 0 && text[length] == '.') {
            rest = text + length;
            letter = labels[i].letter;
        }
    }
    fprintf(out, " %s%s", letter, rest);
}

static void print_address(const char *mark, const uint8_t *address, size_t length, FILE *out)
{
    char text[INET6_ADDRSTRLEN];

    if (length == 4 || length == 16)
        fprintf(out, " %s%s", mark, inet_ntop(length == 4 ? AF_INET : AF_INET6, address, text, sizeof(text)));
}

static const char *type_text(uint16_t type)
{
    return type == 1 ? "A" : type == 2 ? "NS" : type == 5 ? "CNAME" : type == 28 ? "AAAA" : "other";
}

static void hear(void *arg, const struct da_finding *finding)
{
    struct heard *heard = arg;
    FILE *out = heard->out;

    assert_true(finding->code < DA_FINDING_CODES);
    heard->codes[finding->code] = true;
    heard->count++;
    assert_int_equal(finding->severity, da_finding_kinds[finding->code].severity);
    fprintf(out, "%s %s", finding->collection != NULL ? finding->collection->title : "all",
            da_finding_kinds[finding->code].code);
    if (finding->name.length > 0)
        print_name(&finding->name, out);
    if (finding->type != 0)
        fprintf(out, " %s", type_text(finding->type));
    if (finding->found != NULL && (finding->found->type == DA_TYPE_A || finding->found->type == DA_TYPE_AAAA))
        print_address("", finding->found->rdata, finding->found->rdata_length, out);
    print_address("=", finding->address, finding->address_length, out);
    if (finding->place.line > 0)
        fprintf(out, " :%u", (unsigned)finding->place.line);
    if (finding->detail[0] != '\0')
        fprintf(out, " (%s)", finding->detail);
    fputc('\n', out);
}

/* ---- runs ---- */

struct run {
    struct audit_names base;
    struct da_collection *collections[8];
    struct da_check_request request;
};

static void begin_run(const char *yaml, const char *router, struct run *run)
{
    memset(run, 0, sizeof(*run));
    audit_names_open(&run->base, yaml, router);
    run->request = (struct da_check_request){
        .deployment = run->base.deployment,
        .set = run->base.set,
        .names = run->base.names,
        .collections = run->collections,
        .intervals = {.no_refresh = DA_AGING_INTERVAL_DEFAULT, .refresh = DA_AGING_INTERVAL_DEFAULT},
    };
    assert_true(da_aging_parse_time(NOW, &run->request.now));
}

static void end_run(struct run *run)
{
    for (size_t i = 0; i < run->request.collection_count; i++)
        da_collection_free(run->collections[i]);
    audit_names_close(&run->base);
}

static void run_row(const struct row *row, bool codes[static DA_FINDING_CODES])
{
    struct run run;
    struct heard heard = {0};
    char *text = NULL;
    size_t size = 0;

    begin_run(row->yaml, row->router, &run);
    run.request.collection_count = read_sources(row->sources, run.base.names, run.collections);
    heard.out = open_memstream(&text, &size);
    assert_int_equal(da_checks_run(&run.request, hear, &heard), DA_OK);
    fclose(heard.out);
    if (strcmp(text, row->findings) != 0)
        fail_msg("sources:\n%sfound:\n%sexpected:\n%s", row->sources, text, row->findings);
    memcpy(codes, heard.codes, sizeof(heard.codes));
    free(text);
    end_run(&run);
}

static void run_rows(const struct row *rows, size_t count)
{
    bool codes[DA_FINDING_CODES];

    for (size_t i = 0; i < count; i++) {
        run_row(&rows[i], codes);
        if (rows[i].shown > 0)
            assert_true(codes[rows[i].shown - 1]);
        if (rows[i].unlike > 0)
            assert_false(codes[rows[i].unlike - 1]);
    }
}

/* ---- the rows ---- */

static const struct row right_rows[] = {
    {ONE, ZONE CORP WEB, NOTE, .unlike = CODE(CORP_CONNECTIVITY_MISSING)},
    {ONE, AGED STATIC, "", .unlike = CODE(AGING_UNKNOWN)},
    {ONE, "zone z origin=c.net\n" CORP WEB, NOTE, .unlike = CODE(NOT_COVERED)},
    {ONE, "zone z\n" CORP WEB, NOTE, .unlike = CODE(NOT_COVERED)}, /* no apex, but what it has is right */
    {ONE, ZONE "c.c.net 1200 NS ?\nc.net 1200 NS ns.c.net\n" CORP WEB "C.c.net 300 TXT ?\n", NOTE,
     .unlike = CODE(OCCLUDED)},
    {ONE, "transfer z\nnet 60 SOA ?\n" CORP WEB, NOTE, .unlike = CODE(CORP_CONNECTIVITY_NO_AAAA)},
    {ONE, "server z\n" CORP WEB "asked aa\n", NOTE, .unlike = CODE(NOT_AUTHORITATIVE)},
    {ONE, "resolver z\nC.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\nW.c.net - A 10.0.0.10\nasked\n", NOTE,
     .unlike = CODE(PRIVATE_FILTERED)},
    {NATIVE, ZONE "C.c.net 1200 AAAA ::1\nW.c.net 1200 A 10.0.0.10\nW.c.net 1200 AAAA fd00::10\n", NOTE,
     .unlike = CODE(AAAA_NOT_ALLOWED)},
    {TWO,
     ZONE "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA fd00:1::7f00:1\nC.c.net 1200 AAAA 2001:db8::7f00:1\n"
          "W.c.net 1200 A 10.0.0.11\nW.c.net 1200 A 203.0.113.5\n",
     NOTE, .unlike = CODE(SERVER_ADDRESS)}, /* nothing is balanced there: the servers' addresses are right */
    {SITE("[c.net]", "network-location-server: true\nisatap-router: r\n"),
     ZONE CORP WEB "N.c.net 1200 A 10.0.0.10\nr.c.net 1200 A 10.0.0.10\nr.c.net 1200 A 10.0.0.11\n"
                   "r.c.net 1200 A 10.0.0.12\n",
     NOTE, .unlike = CODE(NLS_MISSING)},
};

static const struct row address_rows[] = {
    /* missing */
    {ONE, ZONE WEB,
     "z corp-connectivity-missing C.c.net A =127.0.0.1\n"
     "z corp-connectivity-missing C.c.net AAAA =fd00:1::7f00:1\n" NOTE,
     .shown = CODE(CORP_CONNECTIVITY_MISSING), .unlike = CODE(CORP_CONNECTIVITY_NO_A)},
    {ONE, ZONE WEB "C.c.net 1200 AAAA fd00:1::7f00:1\n", "z corp-connectivity-no-a C.c.net A =127.0.0.1\n" NOTE,
     .shown = CODE(CORP_CONNECTIVITY_NO_A), .unlike = CODE(CORP_CONNECTIVITY_MISSING)},
    {ONE, ZONE WEB "C.c.net 1200 A 127.0.0.1\n", "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n" NOTE,
     .shown = CODE(CORP_CONNECTIVITY_NO_AAAA), .unlike = CODE(CORP_CONNECTIVITY_NO_A)},
    {TWO, ZONE "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA 2001:db8::7f00:1\nW.c.net 1200 A 203.0.113.5\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\nz web-probe-incomplete W.c.net A =10.0.0.11\n" NOTE,
     .shown = CODE(WEB_PROBE_INCOMPLETE), .unlike = CODE(WEB_PROBE_MISSING)},
    {NATIVE, ZONE,
     "z corp-connectivity-missing C.c.net AAAA =::1\nz web-probe-missing W.c.net A =10.0.0.10\n"
     "z web-probe-missing W.c.net AAAA =fd00::10\n",
     .shown = CODE(WEB_PROBE_MISSING), .unlike = CODE(AGING_UNKNOWN)},
    {NATIVE, ZONE "C.c.net 1200 AAAA ::1\nW.c.net 1200 A 10.0.0.10\n",
     "z web-probe-incomplete W.c.net AAAA =fd00::10\n" NOTE, .shown = CODE(WEB_PROBE_INCOMPLETE),
     .unlike = CODE(WEB_PROBE_MISSING)},
    {SITE("[c.net]", "network-location-server: true\n"), ZONE CORP WEB, "z nls-missing N.c.net A =10.0.0.10\n" NOTE,
     .shown = CODE(NLS_MISSING), .unlike = CODE(NLS_INCOMPLETE)},
    {TWO "network-location-server: true\n",
     ZONE "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA fd00:1::7f00:1\nC.c.net 1200 AAAA 2001:db8::7f00:1\n"
          "W.c.net 1200 A 10.0.0.11\nW.c.net 1200 A 203.0.113.5\nN.c.net 1200 A 10.0.0.11\n",
     "z nls-incomplete N.c.net A =203.0.113.5\n" NOTE, .shown = CODE(NLS_INCOMPLETE), .unlike = CODE(NLS_MISSING)},
    {SITE("[c.net]", "isatap-router: r\n"), ZONE CORP WEB,
     "z isatap-router-missing r.c.net A =10.0.0.10\nz isatap-router-missing r.c.net A =10.0.0.11\n"
     "z isatap-router-missing r.c.net A =10.0.0.12\n" NOTE,
     .shown = CODE(ISATAP_ROUTER_MISSING), .unlike = CODE(ISATAP_ROUTER_INCOMPLETE)},
    {SITE("[c.net]", "isatap-router: r\n"), ZONE CORP WEB "r.c.net 1200 A 10.0.0.10\nr.c.net 1200 A 10.0.0.12\n",
     "z isatap-router-incomplete r.c.net A =10.0.0.11\n" NOTE, .shown = CODE(ISATAP_ROUTER_INCOMPLETE),
     .unlike = CODE(ISATAP_ROUTER_MISSING)},
    {TWO,
     "zone z\nc.net 1 SOA ?\nr.c.net 60 A 10.0.0.11\nr.c.net 60 TXT ?\nC.c.net 1200 A 127.0.0.1\n"
     "C.c.net 1200 AAAA fd00:1::7f00:1\nC.c.net 1200 AAAA 2001:db8::7f00:1\n"
     "W.c.net 1200 A 10.0.0.11\nW.c.net 1200 A 203.0.113.5\n",
     "z isatap-router-unsupported r.c.net A 10.0.0.11 :2\n" NOTE, .router = "r",
     .shown = CODE(ISATAP_ROUTER_UNSUPPORTED)},
    {ONE, ZONE CORP WEB "r.c.net 60 A 10.0.0.11\n", NOTE, .router = "r", .unlike = CODE(ISATAP_ROUTER_UNSUPPORTED)},

    /* wrong */
    {ONE, ZONE CORP "W.c.net 1200 A 10.0.0.99\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz wrong-address W.c.net A 10.0.0.99 =10.0.0.10 :4\n" NOTE,
     .shown = CODE(WRONG_ADDRESS), .unlike = CODE(WEB_PROBE_INCOMPLETE)},
    {ONE, ZONE CORP "W.c.net 1200 A 203.0.113.9\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz wrong-address W.c.net A 203.0.113.9 =10.0.0.10 :4\n" NOTE,
     .shown = CODE(WRONG_ADDRESS), .unlike = CODE(EXTRA_ADDRESS)},
    {ONE, ZONE CORP WEB "W.c.net 1200 A 10.0.0.99\n", "z extra-address W.c.net A 10.0.0.99 :5\n" NOTE,
     .shown = CODE(EXTRA_ADDRESS), .unlike = CODE(WRONG_ADDRESS)},
    {ONE, ZONE WEB "C.c.net 1200 A 127.0.0.2\nC.c.net 1200 AAAA ::1\n",
     "z corp-connectivity-no-a C.c.net A =127.0.0.1\nz wrong-address C.c.net A 127.0.0.2 =127.0.0.1 :3\n"
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n"
     "z wrong-address C.c.net AAAA ::1 =fd00:1::7f00:1 :4\n" NOTE,
     .shown = CODE(WRONG_ADDRESS), .unlike = CODE(PREFIX_LENGTH)},
    {ONE, ZONE CORP "W.c.net 1200 A 10.0.0.11\n",
     "z web-probe-missing W.c.net A =10.0.0.10\n"
     "z server-address W.c.net A 10.0.0.11 =10.0.0.10 :4 (it is that of server da1 in entry point sea)\n" NOTE,
     .shown = CODE(SERVER_ADDRESS), .unlike = CODE(WRONG_ADDRESS)},
    {NATIVE,
     ZONE "C.c.net 1200 AAAA ::1\nW.c.net 1200 A 10.0.0.10\nW.c.net 1200 AAAA fd00::10\nW.c.net 1200 AAAA "
          "fd00::12\n",
     "z server-address W.c.net AAAA fd00::12 =fd00::10 :5 (it is that of server t in entry point sea)\n" NOTE,
     .shown = CODE(SERVER_ADDRESS), .unlike = CODE(EXTRA_ADDRESS)},
    {NATIVE,
     ZONE "C.c.net 1200 AAAA ::1\nC.c.net 1200 A 127.0.0.1\nW.c.net 1200 A 10.0.0.10\nW.c.net 1200 AAAA "
          "fd00::10\n",
     "z a-not-allowed C.c.net A 127.0.0.1 :3\n" NOTE, .shown = CODE(A_NOT_ALLOWED), .unlike = CODE(WRONG_ADDRESS)},
    {ONE, ZONE CORP WEB "W.c.net 1200 AAAA fd00::10\n", "z aaaa-not-allowed W.c.net AAAA fd00::10 :5\n" NOTE,
     .shown = CODE(AAAA_NOT_ALLOWED), .unlike = CODE(A_NOT_ALLOWED)},
    /* a router's AAAA does no harm where its A are right */
    {SITE("[c.net]", "isatap-router: r\n"),
     ZONE CORP WEB "r.c.net 1200 A 10.0.0.10\nr.c.net 1200 A 10.0.0.11\nr.c.net 1200 A 10.0.0.12\nr.c.net 1200 AAAA "
                   "fd00::1\n",
     "z extra-address r.c.net AAAA fd00::1 :8\n" NOTE, .shown = CODE(EXTRA_ADDRESS), .unlike = CODE(AAAA_NOT_ALLOWED)},
    /* a /96 taken for a /64, for a /32 (the network cut), and what only looks so */
    {ONE,
     ZONE WEB "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA fd00:1::7f:0:100:0\n"
              "C.c.net 1200 AAAA fd00:1:7f00:1::\nC.c.net 1200 AAAA fd00:1:0:0:7f00:1::\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n"
     "z wrong-address C.c.net AAAA fd00:1::7f00:1:0:0 =fd00:1::7f00:1 :6\n"
     "z prefix-length C.c.net AAAA fd00:1::7f:0:100:0 =fd00:1::7f00:1 :4 "
     "(as if the prefix of entry point sea were a /64; it is a /96)\n"
     "z prefix-length C.c.net AAAA fd00:1:7f00:1:: =fd00:1::7f00:1 :5 "
     "(as if the prefix of entry point sea were a /32; it is a /96)\n" NOTE,
     .shown = CODE(PREFIX_LENGTH)},

    /* not told */
    {ONE, ZONE CORP "W.c.net 1200 A ?\n", "z undetermined W.c.net A :4 (the source does not tell its address)\n" NOTE,
     .shown = CODE(UNDETERMINED), .unlike = CODE(WRONG_ADDRESS)},

    /* TTL */
    {ONE, ZONE CORP "W.c.net 600 A 10.0.0.10\n",
     "z ttl-differs W.c.net A 10.0.0.10 :4 (600 seconds; the deployment's is 1200)\n" NOTE, .shown = CODE(TTL_DIFFERS),
     .unlike = CODE(TTL_MIXED)},
    {TWO,
     ZONE "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA fd00:1::7f00:1\nC.c.net 60 AAAA 2001:db8::7f00:1\n"
          "W.c.net 1200 A 10.0.0.11\nW.c.net - A 203.0.113.5\n",
     "z ttl-mixed C.c.net AAAA 2001:db8::7f00:1 :4 (60 and 1200 seconds; the deployment's is 1200)\n" NOTE,
     .shown = CODE(TTL_MIXED), .unlike = CODE(TTL_DIFFERS)},
    {ONE, ZONE CORP "W.c.net 1200 A 10.0.0.10\nW.c.net 1300 A 10.0.0.10\n",
     "z ttl-mixed W.c.net A 10.0.0.10 :5 (1200 and 1300 seconds; the deployment's is 1200)\n" NOTE,
     .shown = CODE(TTL_MIXED)},
    {ONE, "resolver z\nC.c.net 17 A 127.0.0.1\nC.c.net 17 AAAA fd00:1::7f00:1\nW.c.net 17 A 10.0.0.10\nasked\n", NOTE,
     .unlike = CODE(TTL_DIFFERS)},

    /* what is right elsewhere */
    {NATIVE,
     ZONE "C.c.net 1200 AAAA ::1\nW.c.net 1200 A 10.0.0.10\nW.c.net 1200 A 10.0.0.99\nW.c.net 1200 AAAA fd00::10\n",
     "z extra-address W.c.net A 10.0.0.99 :4\n" NOTE, .shown = CODE(EXTRA_ADDRESS), .unlike = CODE(A_NOT_ALLOWED)},
    {SITE("[c.net]", "network-location-server: true\n"),
     ZONE CORP WEB "N.c.net 1200 A 10.0.0.10\nN.c.net 1200 AAAA ::1\n", "z aaaa-not-allowed N.c.net AAAA ::1 :6\n" NOTE,
     .shown = CODE(AAAA_NOT_ALLOWED)},
    /* a prefix with more bits than the length it is taken for */
    {THREE,
     ZONE "C.c.net 1200 A 127.0.0.1\nC.c.net 1200 AAAA fd00:1::7f00:1\nC.c.net 1200 AAAA 2001:db8::7f00:1\n"
          "C.c.net 1200 AAAA fd00:2:7f00:1::\nW.c.net 1200 A 10.0.0.11\nW.c.net 1200 A 10.0.0.13\n"
          "W.c.net 1200 A 203.0.113.5\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:2:3:4:56:0:7f00:1\n"
     "z prefix-length C.c.net AAAA fd00:2:7f00:1:: =fd00:2:3:4:56:0:7f00:1 :5 "
     "(as if the prefix of entry point ber were a /32; it is a /96)\n" NOTE,
     .shown = CODE(PREFIX_LENGTH), .unlike = CODE(EXTRA_ADDRESS)},
    {"suffixes: [c.net]\nnetwork: ipv4-only\nentry-points: [{name: sea, nat64-prefix: 'fd00:1::/96', servers: "
     "[{name: da1, address: 10.0.0.11}], load-balancer: {kind: external, vip: 10.0.0.10}}]\n",
     ZONE CORP WEB "r.c.net 60 A 10.0.0.11\n", "z isatap-router-unsupported r.c.net A 10.0.0.11 :5\n" NOTE,
     .router = "r", .shown = CODE(ISATAP_ROUTER_UNSUPPORTED)},
};

static const struct row name_rows[] = {
    /* aliases and cuts */
    {ONE, ZONE CORP "W.c.net 1200 CNAME web.c.net\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz alias W.c.net CNAME :4\n" NOTE, .shown = CODE(ALIAS),
     .unlike = CODE(WILDCARD_ANSWERS)},
    {ONE, ZONE CORP WEB "*.c.net 60 CNAME web.c.net\n",
     "z blocked-wildcard isatap.c.net CNAME :5 (from *.c.net)\n" NOTE, .shown = CODE(BLOCKED_WILDCARD),
     .unlike = CODE(WILDCARD_ANSWERS)},
    {ONE, ZONE CORP WEB "W.c.net 60 NS ns.x.net\n", "z occluded W.c.net :5\n" NOTE, .shown = CODE(OCCLUDED)},
    {ONE, ZONE CORP WEB "W.c.net 60 DNAME x.net\n", NOTE, .unlike = CODE(OCCLUDED)},
    {ONE, ZONE CORP WEB "c.net 60 DNAME x.net\n",
     "z occluded C.c.net :5 (DNAME at c.net)\nz occluded W.c.net :5 (DNAME at c.net)\n"
     "z blocked-delegated isatap.c.net :5 (DNAME at c.net)\n",
     .shown = CODE(BLOCKED_DELEGATED)},
    {ONE, "zone z\nnet 60 SOA ?\nc.net 60 NS ns.c.net\nisatap.c.net 60 A 10.1.1.1\n" WEB,
     "z occluded C.c.net :2 (NS at c.net)\nz occluded W.c.net :2 (NS at c.net)\n", .shown = CODE(OCCLUDED)},
    /* the child zone is in another source: what is left in the parent is nobody's */
    {ONE, "zone p\nnet 60 SOA ?\nc.net 60 NS ns.c.net\n" WEB ZONE CORP WEB, NOTE, .unlike = CODE(OCCLUDED)},

    /* wildcards */
    {ONE, ZONE CORP "*.c.net 60 A 10.9.9.9\n*.c.net 60 TXT ?\nisatap.c.net 60 TXT ?\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz wildcard-answers W.c.net A 10.9.9.9 :4 (from *.c.net)\n" NOTE,
     .shown = CODE(WILDCARD_ANSWERS), .unlike = CODE(BLOCKED_WILDCARD)},
    /* a wildcard above: nothing that is known stands between */
    {ONE, "zone z\nnet 60 SOA ?\n*.net 60 A 10.9.9.9\n",
     "z corp-connectivity-missing C.c.net A =127.0.0.1\n"
     "z wildcard-answers C.c.net A 10.9.9.9 :2 (from *.net, unless c.net has names that an audit does not look at)\n"
     "z corp-connectivity-missing C.c.net AAAA =fd00:1::7f00:1\nz web-probe-missing W.c.net A =10.0.0.10\n"
     "z wildcard-answers W.c.net A 10.9.9.9 :2 (from *.net, unless c.net has names that an audit does not look at)\n"
     "z blocked-wildcard isatap.c.net A 10.9.9.9 :2 (from *.net, unless c.net has names that an audit does not look "
     "at)\n",
     .shown = CODE(WILDCARD_ANSWERS)},
    {ONE, ZONE CORP WEB "*.c.net 60 TXT ?\n", NOTE, .unlike = CODE(BLOCKED_WILDCARD)},
    {ONE, "zone z\nnet 60 SOA ?\n" CORP WEB "*.net 60 A 10.9.9.9\n", NOTE, .unlike = CODE(WILDCARD_ANSWERS)},

    /* blocked names */
    {ONE, ZONE CORP WEB "isatap.c.net 60 A 10.0.0.11\nISATAP.x.c.net 60 CNAME r.c.net\nx.isatap.c.net 60 A 10.1.1.1\n",
     "z blocked-present isatap.c.net A 10.0.0.11 :5\nz blocked-present ISATAP.x.c.net CNAME :6\n" NOTE,
     .shown = CODE(BLOCKED_PRESENT), .unlike = CODE(BLOCKED_DELEGATED)},
    {ONE, ZONE CORP WEB "isatap.c.net 60 TXT ?\nwpad.c.net 60 A 10.0.0.1\n", NOTE, .unlike = CODE(BLOCKED_PRESENT)},
    {ONE, ZONE CORP WEB "isatap.c.net 60 NS ns.x.net\nisatap.c.net 60 NS ns.y.net\n",
     "z blocked-delegated isatap.c.net :5\n" NOTE, .shown = CODE(BLOCKED_DELEGATED), .unlike = CODE(BLOCKED_PRESENT)},
    {ONE, ZONE CORP WEB "doubt isatap.c.net 7 not an address\n",
     "z undetermined isatap.c.net :7 (not an address)\nz reading-uncertain isatap.c.net :7 (not an address)\n" NOTE,
     .shown = CODE(READING_UNCERTAIN)},

    {ONE, ZONE CORP WEB "isatap.c.net 60 TXT ?\ndoubt isatap.c.net 7 not a TTL\n",
     "z reading-uncertain isatap.c.net :7 (not a TTL)\n" NOTE, .unlike = CODE(UNDETERMINED)},
    {ONE, "zone z\n. 60 SOA ?\nisatap 60 A 10.1.1.1\n" CORP WEB, NOTE "z blocked-present isatap A 10.1.1.1 :2\n",
     .shown = CODE(BLOCKED_PRESENT)},
};

static const struct row aging_rows[] = {
    {ONE,
     AGED "C.c.net 1200 A 127.0.0.1 static\nC.c.net 1200 AAAA fd00:1::7f00:1 static\n"
          "W.c.net 1200 A 10.0.0.10 3712800\n",
     "z record-dynamic W.c.net A 10.0.0.10 :4 (stale from 2024-08-05T00:00:00Z on, in 4 days)\n",
     .shown = CODE(RECORD_DYNAMIC), .unlike = CODE(RECORD_STALE)},
    /* at equality scavenging may already take it; an hour later it may not yet */
    {ONE,
     AGED "C.c.net 1200 A 127.0.0.1 3712704\nC.c.net 1200 AAAA fd00:1::7f00:1 3712705\n"
          "W.c.net 1200 A 10.0.0.10 3712700\n",
     "z record-stale C.c.net A 127.0.0.1 :2 (stale since 2024-08-01T00:00:00Z, for less than a minute)\n"
     "z record-dynamic C.c.net AAAA fd00:1::7f00:1 :3 (stale from 2024-08-01T01:00:00Z on, in 60 minutes)\n"
     "z record-stale W.c.net A 10.0.0.10 :4 (stale since 2024-07-31T20:00:00Z, for 4 hours)\n",
     .shown = CODE(RECORD_STALE), .unlike = CODE(AGING_UNKNOWN)},
    {ONE, AGED STATIC, "", .unlike = CODE(RECORD_DYNAMIC)},
    /* a record whose stamp could not be read */
    {ONE, AGED STATIC "W.c.net 1200 A 10.0.0.10\n", NOTE, .shown = CODE(AGING_UNKNOWN), .unlike = CODE(RECORD_DYNAMIC)},
};

#define DIRECTORY  "directory d ages\n" SOA
#define AGES       "aging c.net on 168 168 secure\n"
#define ON         "d zone-aging c.net (aging is on; no-refresh 168 hours, refresh 168 hours; dynamic updates: secure only)\n"
#define OFF        "d zone-aging c.net (aging is off; no-refresh 168 hours, refresh 168 hours; dynamic updates: secure only)\n"
#define HALF       "C.c.net 1200 A 127.0.0.1 static\nC.c.net 1200 AAAA fd00:1::7f00:1 static\n"
#define NO_WEB     "d web-probe-missing W.c.net A =10.0.0.10\n"
#define TOMBSTONED "d record-tombstoned W.c.net (deleted on 2024-07-30T03:00:00Z, 45 hours ago)\n"

/* What the directory alone tells; NOW is 2024-08-01T00:00Z, the stamp of that hour 3713040. */
static const struct row directory_rows[] = {
    {ONE, DIRECTORY AGES STATIC "node W.c.net live - C\\DA1$\n", ON, .shown = CODE(ZONE_AGING),
     .unlike = CODE(NODE_OWNER)},
    {ONE, DIRECTORY STATIC, "", .unlike = CODE(ZONE_AGING)},
    /* a zone that no suffix is in, for a closer one has it */
    {ONE, "directory d ages\naging net off 1 1 none\n" AGES STATIC, ON, .shown = CODE(ZONE_AGING)},

    /* the zone's own intervals, not the options' */
    {ONE, DIRECTORY "aging c.net on 24 48 anybody 2024-07-01\n" HALF "W.c.net 1200 A 10.0.0.10 3712969\n",
     "d record-dynamic W.c.net A 10.0.0.10 :5 (stale from 2024-08-01T01:00:00Z on, in 60 minutes)\n"
     "d zone-aging c.net (aging is on; no-refresh 24 hours, refresh 48 hours; scavenging allowed from "
     "2024-07-01T00:00:00Z on; dynamic updates: nonsecure and secure)\n",
     .shown = CODE(RECORD_DYNAMIC), .unlike = CODE(RECORD_STALE)},
    {ONE, DIRECTORY "aging c.net on 24 48 secure\n" HALF "W.c.net 1200 A 10.0.0.10 3712968\n",
     "d record-stale W.c.net A 10.0.0.10 :5 (stale since 2024-08-01T00:00:00Z, for less than a minute)\n"
     "d zone-aging c.net (aging is on; no-refresh 24 hours, refresh 48 hours; dynamic updates: secure only)\n",
     .shown = CODE(RECORD_STALE)},
    /* not stale before the zone may be scavenged */
    {ONE, DIRECTORY "aging c.net on 168 168 secure 2024-08-04\n" HALF "W.c.net 1200 A 10.0.0.10 3712000\n",
     "d record-dynamic W.c.net A 10.0.0.10 :5 (the zone is not scavenged before 2024-08-04T00:00:00Z, in 3 days)\n"
     "d zone-aging c.net (aging is on; no-refresh 168 hours, refresh 168 hours; scavenging allowed from "
     "2024-08-04T00:00:00Z on; dynamic updates: secure only)\n",
     .shown = CODE(RECORD_DYNAMIC), .unlike = CODE(RECORD_STALE)},
    /* a zone that is not scavenged as it is */
    {ONE, DIRECTORY "aging c.net off 168 168 secure\n" HALF "W.c.net 1200 A 10.0.0.10 3712704\n",
     "d record-dynamic W.c.net A 10.0.0.10 :5 (aging is off in the zone; were it on: stale since "
     "2024-08-01T00:00:00Z)\n" OFF,
     .shown = CODE(RECORD_DYNAMIC), .unlike = CODE(RECORD_STALE)},
    {ONE, DIRECTORY "aging c.net on 168 168 none\n" HALF "W.c.net 1200 A 10.0.0.10 3712705\n",
     "d record-dynamic W.c.net A 10.0.0.10 :5 (the zone takes no dynamic updates; if it did: stale from "
     "2024-08-01T01:00:00Z)\n"
     "d zone-aging c.net (aging is on; no-refresh 168 hours, refresh 168 hours; dynamic updates: none)\n",
     .shown = CODE(RECORD_DYNAMIC), .unlike = CODE(RECORD_STALE)},

    /* some static, others not: of what is right only */
    {ONE,
     AGED "C.c.net 1200 A 127.0.0.1 3713000\nC.c.net 1200 AAAA fd00:1::7f00:1 static\n"
          "W.c.net 1200 A 10.0.0.10 static\n",
     "z static-partly C.c.net (1 of 1 A and 0 of 1 AAAA records are dynamic)\n"
     "z record-dynamic C.c.net A 127.0.0.1 :2 (stale from 2024-08-13T08:00:00Z on, in 12 days)\n",
     .shown = CODE(STATIC_PARTLY)},
    {TWO,
     DIRECTORY AGES "C.c.net 1200 A 127.0.0.1 static\nC.c.net 1200 AAAA fd00:1::7f00:1 static\n"
                    "C.c.net 1200 AAAA 2001:db8::7f00:1 static\nW.c.net 1200 A 10.0.0.11 static\n"
                    "W.c.net 1200 A 203.0.113.5 3713000\n",
     "d static-partly W.c.net (1 of 2 A records are dynamic)\n"
     "d record-dynamic W.c.net A 203.0.113.5 :7 (stale from 2024-08-13T08:00:00Z on, in 12 days)\n" ON,
     .shown = CODE(STATIC_PARTLY)},
    {ONE, AGED HALF "W.c.net 1200 A 10.0.0.10 static\nW.c.net 1200 A 10.9.9.9 3713000\n",
     "z extra-address W.c.net A 10.9.9.9 :5\n"
     "z record-dynamic W.c.net A 10.9.9.9 :5 (stale from 2024-08-13T08:00:00Z on, in 12 days)\n",
     .unlike = CODE(STATIC_PARTLY)},

    /* deleted nodes */
    {ONE, DIRECTORY AGES HALF "node W.c.net tombstone 2024-07-30T03:00Z -\n", TOMBSTONED NO_WEB ON,
     .shown = CODE(RECORD_TOMBSTONED), .unlike = CODE(NODE_OWNER)},
    {ONE, DIRECTORY AGES HALF "node W.c.net tombstone - C\\DA1$\n",
     "d record-tombstoned W.c.net (it is not told when)\n"
     "d node-owner W.c.net (held by C\\DA1$: only that account or a DNS administrator can restore it by "
     "update)\n" NO_WEB ON,
     .shown = CODE(NODE_OWNER)},
    {ONE, DIRECTORY AGES HALF "node W.c.net live - -\n", NO_WEB ON, .unlike = CODE(RECORD_TOMBSTONED)},
    {ONE, DIRECTORY AGES STATIC "node N.c.net tombstone 2024-07-30 C\\DA1$\n", ON, .unlike = CODE(RECORD_TOMBSTONED)},

    /* somebody's nodes where a record is missing: of the node, or but one of several */
    {ONE, DIRECTORY "aging c.net on 168 168 anybody\n" HALF "node W.c.net live - C\\DA1$\n",
     "d node-owner W.c.net (held by C\\DA1$: only that account or a DNS administrator can restore it by a signed "
     "update)\n" NO_WEB
     "d zone-aging c.net (aging is on; no-refresh 168 hours, refresh 168 hours; dynamic updates: nonsecure and "
     "secure)\n",
     .shown = CODE(NODE_OWNER)},
    {ONE,
     DIRECTORY "aging c.net on 168 168 none\nC.c.net 1200 A 127.0.0.1 static\nW.c.net 1200 A 10.0.0.10 static\n"
               "node C.c.net live - S-1-5-18\n",
     "d node-owner C.c.net (held by S-1-5-18: only that account or a DNS administrator can restore it in the "
     "directory)\nd corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n"
     "d zone-aging c.net (aging is on; no-refresh 168 hours, refresh 168 hours; dynamic updates: none)\n",
     .shown = CODE(NODE_OWNER)},
    /* what could not be read need not be missing */
    {ONE, DIRECTORY AGES HALF "node W.c.net live - C\\DA1$\ndoubt W.c.net 0 a value that is cut\n",
     "d reading-uncertain W.c.net (a value that is cut)\nd undetermined W.c.net A (a value that is cut)\n" ON,
     .shown = CODE(UNDETERMINED), .unlike = CODE(NODE_OWNER)},
    {ONE, "directory d ages\n" AGES "failed no reply\n", "d source-failed (no)\n", .shown = CODE(SOURCE_FAILED),
     .unlike = CODE(ZONE_AGING)},
};

static const struct row uncertain_rows[] = {
    {ONE, ZONE WEB "doubt * 9 a quoted string has no end on its line\n",
     "z undetermined C.c.net A :9 (a quoted string has no end on its line)\n"
     "z undetermined C.c.net AAAA :9 (a quoted string has no end on its line)\n" NOTE
     "z reading-uncertain :9 (a quoted string has no end on its line)\n",
     .shown = CODE(UNDETERMINED), .unlike = CODE(CORP_CONNECTIVITY_MISSING)},
    {ONE, ZONE CORP WEB "doubt * 9 octet 0\n", NOTE "z reading-uncertain :9 (octet 0)\n",
     .shown = CODE(READING_UNCERTAIN), .unlike = CODE(UNDETERMINED)},
    {ONE, ZONE CORP "doubt C.c.net 9 bad TTL\n",
     "z reading-uncertain C.c.net :9 (bad TTL)\nz web-probe-missing W.c.net A =10.0.0.10\n" NOTE,
     .unlike = CODE(UNDETERMINED)},
    {ONE, ZONE CORP WEB, NOTE, .unlike = CODE(READING_UNCERTAIN)},
    {ONE, ZONE CORP WEB, NOTE, .unlike = CODE(ALIAS)},
    {ONE, "zone z\nx.net 60 SOA ?\n", "all not-covered c.net\n", .shown = CODE(NOT_COVERED),
     .unlike = CODE(CORP_CONNECTIVITY_MISSING)},
    {ONE, "zone z\nnet 60 SOA ?\nc.net 60 NS ns.x.net\n",
     "all not-covered c.net :2 (delegated away at c.net, to a zone that no source has)\n", .shown = CODE(NOT_COVERED),
     .unlike = CODE(OCCLUDED)},
    {ONE, "zone z\nfailed unreadable\n", "z source-failed (unreadable)\n", .shown = CODE(SOURCE_FAILED),
     .unlike = CODE(NOT_COVERED)},
    {ONE, "zone y\nx.net 60 SOA ?\n" ZONE CORP WEB, NOTE, .unlike = CODE(SOURCE_FAILED)},
    {ONE, "zone y\nfailed unreadable\n" ZONE CORP WEB, "y source-failed (unreadable)\n" NOTE,
     .shown = CODE(SOURCE_FAILED)},
    /* each source on its own, suffixes as listed, what is of all sources last */
    {SITE("[d.net, c.net]", ""),
     "zone y\nd.net 60 SOA ?\n" ZONE CORP "doubt * 3 octet 0\n"
     "isatap.c.net 60 A 10.1.1.1\n",
     "y corp-connectivity-missing C.d.net A =127.0.0.1\ny corp-connectivity-missing C.d.net AAAA =fd00:1::7f00:1\n"
     "y web-probe-missing W.d.net A =10.0.0.10\nz undetermined W.c.net A :3 (octet 0)\n"
     "z blocked-present isatap.c.net A 10.1.1.1 :5\n" NOTE "z reading-uncertain :3 (octet 0)\n",
     .shown = CODE(BLOCKED_PRESENT)},
};

#define RIGHT_REPLIES "C.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\nW.c.net - A 10.0.0.10\n"

static const struct row live_rows[] = {
    /* servers */
    {ONE, "server z\nW.c.net 1200 A 10.0.0.99\n" CORP "asked aa\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz wrong-address W.c.net A 10.0.0.99 =10.0.0.10 :1\n" NOTE,
     .shown = CODE(WRONG_ADDRESS)},
    {ONE, "server z\n" RIGHT_REPLIES "asked\n", "z not-authoritative c.net\n", .shown = CODE(NOT_AUTHORITATIVE),
     .unlike = CODE(AGING_UNKNOWN)},
    {ONE, "server z\nreply C.c.net A REFERRAL c.net\nreply W.c.net A REFERRAL c.net\n",
     "z not-authoritative c.net (it refers to the servers of c.net)\n", .shown = CODE(NOT_AUTHORITATIVE),
     .unlike = CODE(OCCLUDED)},
    {ONE, "server z\n" CORP "reply W.c.net A REFERRAL W.c.net\nreply W.c.net AAAA REFERRAL W.c.net\nasked aa\n",
     "z occluded W.c.net (the server refers to those of directaccess-WebProbeHost.c.net)\n" NOTE,
     .shown = CODE(OCCLUDED), .unlike = CODE(NOT_AUTHORITATIVE)},
    {ONE, "server z\n" CORP "reply W.c.net A FAILED SERVFAIL\nasked aa\n", "z undetermined W.c.net A (SERVFAIL)\n" NOTE,
     .shown = CODE(UNDETERMINED), .unlike = CODE(WEB_PROBE_MISSING)},
    {ONE, "server z\n" CORP WEB "reply W.c.net AAAA FAILED SERVFAIL\nreply isatap.c.net A FAILED timeout\nasked aa\n",
     "z undetermined W.c.net AAAA (SERVFAIL)\nz undetermined isatap.c.net A (timeout)\n" NOTE,
     .shown = CODE(UNDETERMINED)},
    {ONE,
     "server z\n" CORP "*.c.net 60 A 10.9.9.9\nW.c.net 60 A 10.9.9.9\nisatap.c.net 60 A 10.9.9.9\n"
     "*.c.net 60 A 10.9.9.10\nW.c.net 60 A 10.9.9.10\nisatap.c.net 60 A 10.9.9.10\nasked aa\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz wildcard-answers W.c.net A 10.9.9.9 :4 (*.c.net has the same)\n"
     "z blocked-wildcard isatap.c.net A 10.9.9.9 :5 (*.c.net has the same)\n" NOTE,
     .shown = CODE(WILDCARD_ANSWERS), .unlike = CODE(WRONG_ADDRESS)},
    {ONE, "server z\n" CORP "*.c.net 60 A 10.9.9.9\nW.c.net 1200 A 10.0.0.10\nasked aa\n", NOTE,
     .unlike = CODE(WILDCARD_ANSWERS)},
    {ONE, "server z\n" CORP "W.c.net 60 CNAME w.c.net\nasked aa\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz alias W.c.net CNAME :3\n" NOTE, .shown = CODE(ALIAS)},
    {ONE, "server z\n" CORP WEB "isatap.c.net 60 A 10.0.0.11\nasked aa\n",
     "z blocked-resolves isatap.c.net A 10.0.0.11 :4\n" NOTE, .shown = CODE(BLOCKED_RESOLVES),
     .unlike = CODE(BLOCKED_PRESENT)},
    {ONE, "server z\n" CORP WEB "reply isatap.c.net A NODATA aa\nasked aa\n", NOTE, .unlike = CODE(BLOCKED_RESOLVES)},
    {ONE,
     "server z\n" CORP WEB "reply isatap.c.net A REFERRAL isatap.c.net\n"
     "reply isatap.c.net AAAA REFERRAL isatap.c.net\nasked aa\n",
     "z blocked-delegated isatap.c.net (the server refers to those of isatap.c.net)\n" NOTE,
     .shown = CODE(BLOCKED_DELEGATED)},

    /* resolvers */
    {ONE, "resolver z\n" RIGHT_REPLIES "isatap - A 10.0.0.11\nasked\n",
     NOTE "z blocked-resolves isatap A 10.0.0.11 :4\n", .shown = CODE(BLOCKED_RESOLVES)},
    {ONE, "resolver z\nC.c.net - AAAA fd00:1::7f00:1\nW.c.net - A 10.0.0.10\nasked\n",
     "z corp-connectivity-no-a C.c.net A =127.0.0.1\n"
     "z private-filtered C.c.net A (suspected: the name exists, and all that is missing is such)\n" NOTE,
     .shown = CODE(PRIVATE_FILTERED)},
    {ONE, ZONE CORP WEB "resolver r\nC.c.net - AAAA fd00:1::7f00:1\nW.c.net - A 10.0.0.10\nasked\n",
     NOTE "r private-filtered C.c.net A (another source has what is missing here)\nr aging-unknown\n",
     .shown = CODE(PRIVATE_FILTERED), .unlike = CODE(CORP_CONNECTIVITY_NO_A)},
    /* the one that is not private is left */
    {TWO,
     "resolver z\nC.c.net - A 127.0.0.1\nC.c.net - AAAA 2001:db8::7f00:1\nW.c.net - A 10.0.0.11\n"
     "W.c.net - A 203.0.113.5\nasked\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n"
     "z private-filtered C.c.net AAAA (suspected: the name exists, and all that is missing is such)\n" NOTE,
     .shown = CODE(PRIVATE_FILTERED)},
    /* what is missing is not private; a private one is left; the name is not there at all */
    {TWO, "resolver z\nC.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\nW.c.net - A 10.0.0.11\nasked\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =2001:db8::7f00:1\nz web-probe-incomplete W.c.net A =203.0.113.5\n" NOTE,
     .unlike = CODE(PRIVATE_FILTERED)},
    {ONE, "resolver z\nC.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\nasked\n",
     "z web-probe-missing W.c.net A =10.0.0.10\n" NOTE, .unlike = CODE(PRIVATE_FILTERED)},

    /* several */
    {ONE,
     "resolver a\n" RIGHT_REPLIES "asked\nresolver b\nC.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\n"
     "W.c.net - A 10.0.0.99\nasked\nserver c\n" CORP WEB "asked aa\nresolver d\n" RIGHT_REPLIES
     "asked\nresolver e\n" RIGHT_REPLIES "asked\n",
     "a aging-unknown\nb web-probe-missing W.c.net A =10.0.0.10\nb wrong-address W.c.net A 10.0.0.99 =10.0.0.10 :3\n"
     "b aging-unknown\nc aging-unknown\nd aging-unknown\ne aging-unknown\n"
     "all resolvers-disagree W.c.net A (a, c, d and 1 more: 10.0.0.10; b: 10.0.0.99)\n",
     .shown = CODE(RESOLVERS_DISAGREE)},
    {ONE,
     "resolver a\n" RIGHT_REPLIES "asked\nresolver b\nC.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\n"
     "asked\n",
     "a aging-unknown\nb web-probe-missing W.c.net A =10.0.0.10\nb aging-unknown\n"
     "all resolvers-disagree W.c.net A (a: 10.0.0.10; b: nothing)\n",
     .shown = CODE(RESOLVERS_DISAGREE)},
    {ONE,
     "resolver a\n" RIGHT_REPLIES "asked\nresolver b\nC.c.net - A 127.0.0.1\nC.c.net - AAAA fd00:1::7f00:1\n"
     "reply W.c.net A FAILED SERVFAIL\nasked\nremote c\nasked\n",
     "a aging-unknown\nb undetermined W.c.net A (SERVFAIL)\nb aging-unknown\n", .unlike = CODE(RESOLVERS_DISAGREE)},

    /* remote clients */
    {SITE("[c.net]", "network-location-server: true\n"), "remote z\nN.c.net - A 10.0.0.10\nasked\n",
     "z nls-resolvable N.c.net A 10.0.0.10 :1\n", .shown = CODE(NLS_RESOLVABLE), .unlike = CODE(WEB_PROBE_MISSING)},
    {ONE, "remote z\nN.c.net - A 10.3.3.3\nN.c.net - A 10.3.3.4\nasked\n", "z nls-resolvable N.c.net A 10.3.3.3 :1\n",
     .shown = CODE(NLS_RESOLVABLE)},
    {SITE("[c.net]", "network-location-server: true\n"), "remote z\nasked\n", "", .unlike = CODE(NLS_RESOLVABLE)},
    {SITE("[c.net]", "network-location-server: true\n"), "resolver z\n" RIGHT_REPLIES "N.c.net - A 10.0.0.10\nasked\n",
     NOTE, .unlike = CODE(NLS_RESOLVABLE)},
    {ONE, "remote z\nisatap.c.net - A 10.1.1.1\nreply N.c.net A FAILED timeout\nasked\n",
     "z undetermined N.c.net A (timeout)\nz blocked-resolves isatap.c.net A 10.1.1.1 :1\n",
     .shown = CODE(BLOCKED_RESOLVES)},

    {ONE, "remote z\n" RIGHT_REPLIES "asked\n", "", .unlike = CODE(AGING_UNKNOWN)},

    /* of servers alone */
    {ONE, "server z\n" CORP "*.c.net 60 CNAME w.c.net\nW.c.net 60 CNAME w.c.net\nasked aa\n",
     "z web-probe-missing W.c.net A =10.0.0.10\nz wildcard-answers W.c.net CNAME :4 (*.c.net has the same)\n" NOTE,
     .shown = CODE(WILDCARD_ANSWERS), .unlike = CODE(ALIAS)},
    {ONE, "server z\n" CORP WEB "*.c.net 60 A 10.0.0.10\nasked aa\n", NOTE, .unlike = CODE(WILDCARD_ANSWERS)},
    {ONE,
     "server z\nreply c.net SOA FAILED timeout\nreply C.c.net A FAILED timeout\nreply W.c.net A FAILED timeout\n"
     "reply C.c.net AAAA FAILED timeout\n",
     "z undetermined C.c.net A (timeout)\nz undetermined C.c.net AAAA (timeout)\nz undetermined W.c.net A (timeout)\n",
     .shown = CODE(UNDETERMINED), .unlike = CODE(NOT_AUTHORITATIVE)},
    {ONE, "server z\nreply c.net SOA ANSWER aa\nreply C.c.net A REFERRAL C.c.net\nreply W.c.net A REFERRAL W.c.net\n",
     "z occluded C.c.net (the server refers to those of directaccess-corpConnectivityHost.c.net)\n"
     "z occluded W.c.net (the server refers to those of directaccess-WebProbeHost.c.net)\n",
     .shown = CODE(OCCLUDED), .unlike = CODE(NOT_AUTHORITATIVE)},
    {ONE, "server z\nC.c.net 1200 AAAA fd00:1::7f00:1\n" WEB "asked aa\n",
     "z corp-connectivity-no-a C.c.net A =127.0.0.1\n" NOTE, .unlike = CODE(PRIVATE_FILTERED)},

    /* not filtered: a private address is left; one that is not private is gone; there is a wrong one */
    {THREE,
     "resolver z\nC.c.net - A 127.0.0.1\nC.c.net - AAAA 2001:db8::7f00:1\nC.c.net - AAAA fd00:1::7f00:1\n"
     "W.c.net - A 10.0.0.11\nW.c.net - A 10.0.0.13\nW.c.net - A 203.0.113.5\nasked\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:2:3:4:56:0:7f00:1\n" NOTE, .unlike = CODE(PRIVATE_FILTERED)},
    {TWO, "resolver z\nC.c.net - A 127.0.0.1\nW.c.net - A 10.0.0.11\nW.c.net - A 203.0.113.5\nasked\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =2001:db8::7f00:1\n"
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n" NOTE,
     .unlike = CODE(PRIVATE_FILTERED)},
    {TWO,
     "resolver z\nC.c.net - A 127.0.0.1\nC.c.net - AAAA 2001:db8::7f00:1\nC.c.net - AAAA 2001:db8:9::1\n"
     "W.c.net - A 10.0.0.11\nW.c.net - A 203.0.113.5\nasked\n",
     "z corp-connectivity-no-aaaa C.c.net AAAA =fd00:1::7f00:1\n"
     "z extra-address C.c.net AAAA 2001:db8:9::1 :3\n" NOTE,
     .unlike = CODE(PRIVATE_FILTERED)},
};

static void right(void **state)
{
    (void)state;
    run_rows(right_rows, LENGTH_OF(right_rows));
}

static void addresses(void **state)
{
    (void)state;
    run_rows(address_rows, LENGTH_OF(address_rows));
}

static void names(void **state)
{
    (void)state;
    run_rows(name_rows, LENGTH_OF(name_rows));
}

static void aging(void **state)
{
    (void)state;
    run_rows(aging_rows, LENGTH_OF(aging_rows));
}

static void directory(void **state)
{
    (void)state;
    run_rows(directory_rows, LENGTH_OF(directory_rows));
}

static void uncertain(void **state)
{
    (void)state;
    run_rows(uncertain_rows, LENGTH_OF(uncertain_rows));
}

static void live(void **state)
{
    (void)state;
    run_rows(live_rows, LENGTH_OF(live_rows));
}

/* Every finding has a row that shows it, and one that is near to it and does not. */
static void rows_are_complete(void **state)
{
    static const struct {
        const struct row *rows;
        size_t count;
    } tables[] = {
        {right_rows, LENGTH_OF(right_rows)},         {address_rows, LENGTH_OF(address_rows)},
        {name_rows, LENGTH_OF(name_rows)},           {aging_rows, LENGTH_OF(aging_rows)},
        {live_rows, LENGTH_OF(live_rows)},           {uncertain_rows, LENGTH_OF(uncertain_rows)},
        {directory_rows, LENGTH_OF(directory_rows)},
    };
    bool shown[DA_FINDING_CODES + 1] = {false}, unlike[DA_FINDING_CODES + 1] = {false};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(tables); i++) {
        for (size_t j = 0; j < tables[i].count; j++) {
            shown[tables[i].rows[j].shown] = true;
            unlike[tables[i].rows[j].unlike] = true;
        }
    }
    for (size_t code = 0; code < DA_FINDING_CODES; code++)
        if (!shown[code + 1] || !unlike[code + 1])
            fail_msg("%s: shown %d, unlike %d", da_finding_kinds[code].code, shown[code + 1], unlike[code + 1]);
}

/* True where one of the files says the text. pattern: from the directory tests/. */
static bool is_in_files(const char *pattern, const char *text)
{
    char path[4096];
    bool is_there = false;
    glob_t found;

    snprintf(path, sizeof(path), "%.*s../%s", (int)(strrchr(__FILE__, '/') + 1 - __FILE__), __FILE__, pattern);
    assert_int_equal(glob(path, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc && !is_there; i++) {
        char *content = NULL;
        size_t room = 0;
        FILE *file = fopen(found.gl_pathv[i], "r");
        assert_non_null(file);
        is_there = getdelim(&content, &room, '\0', file) > 0 && strstr(content, text) != NULL;
        fclose(file);
        free(content);
    }
    globfree(&found);
    return is_there;
}

/* Beside its row here, every finding is shown by the command itself: in a golden case, or, where it takes a directory,
 * in the tests against a real one. */
static void commands_show_each(void **state)
{
    static const enum da_finding_code of_directory[] = {DA_FINDING_RECORD_TOMBSTONED, DA_FINDING_NODE_OWNER,
                                                        DA_FINDING_ZONE_AGING};
    bool needs_directory[DA_FINDING_CODES] = {false};
    char text[64];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(of_directory); i++)
        needs_directory[of_directory[i]] = true;
    for (size_t code = 0; code < DA_FINDING_CODES; code++) {
        const char *word = da_finding_kinds[code].code;
        snprintf(text, sizeof(text), needs_directory[code] ? "\"%s\"" : "  [%s]\n", word);
        if (!is_in_files(needs_directory[code] ? "integration/test_directory_*.py" : "golden/audit/*/stdout", text))
            fail_msg("%s: shown by no %s", word,
                     needs_directory[code] ? "test in tests/integration/test_directory_*.py" : "golden case");
    }
}

/* ---- the table ---- */

static bool is_code(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz-")] == '\0' && text[0] != '-';
}

static void kinds(void **state)
{
    struct da_severities severities;
    (void)state;

    da_severities_default(&severities);
    for (size_t i = 0; i < DA_FINDING_CODES; i++) {
        const struct da_finding_kind *kind = &da_finding_kinds[i];
        assert_non_null(kind->code);
        assert_true(is_code(kind->code) && strlen(kind->code) <= 32);
        assert_true(kind->severity > DA_SEVERITY_SILENT && kind->severity < DA_SEVERITIES);
        assert_int_equal(severities.of[i], kind->severity);
        assert_true(strlen(kind->message) > 10 && strlen(kind->message) <= 78);
        /* a phrase; sentences */
        assert_true(kind->message[strlen(kind->message) - 1] != '.');
        assert_true(kind->explanation[strlen(kind->explanation) - 1] == '.');
        assert_true(kind->advice[strlen(kind->advice) - 1] == '.');
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kind->code, da_finding_kinds[j].code);
    }
    assert_string_equal(da_severity_text(DA_SEVERITY_SILENT), "silent");
    assert_string_equal(da_severity_text(DA_SEVERITY_CRITICAL), "critical");
}

/* ---- what reports ask ---- */

static void presence(void **state)
{
    static const struct {
        const char *sources, *name;
        enum da_presence presence;
        bool covers;
    } rows[] = {
        {ZONE WEB, "W.c.net", DA_PRESENCE_RECORDS, true},
        {ZONE WEB, "C.c.net", DA_PRESENCE_ABSENT, true},
        {ZONE "doubt C.c.net 3 bad\n", "C.c.net", DA_PRESENCE_UNDETERMINED, true},
        {ZONE "doubt W.c.net 3 bad\n", "C.c.net", DA_PRESENCE_ABSENT, true},
        {"zone z\n" WEB, "C.c.net", DA_PRESENCE_ABSENT, true},
        {"zone z\nx.net 1 SOA ?\n", "C.c.net", DA_PRESENCE_NOT_COVERED, false},
        {"zone z\nnet 1 SOA ?\nc.net 1 NS ns.net\n", "C.c.net", DA_PRESENCE_NOT_COVERED, false},
        {"zone z\nfailed x\n" CORP, "C.c.net", DA_PRESENCE_NOT_COVERED, false},
        {"server z\n" WEB "asked aa\n", "W.c.net", DA_PRESENCE_RECORDS, true},
        {"server z\n" WEB "asked aa\n", "C.c.net", DA_PRESENCE_ABSENT, true},
        {"server z\nreply C.c.net A FAILED x\n", "C.c.net", DA_PRESENCE_UNDETERMINED, true},
        {"server z\n" WEB, "C.c.net", DA_PRESENCE_NOT_COVERED, true},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct run run;
        struct da_name name;
        begin_run(ONE, NULL, &run);
        run.request.collection_count = read_sources(rows[i].sources, run.base.names, run.collections);
        expand(rows[i].name, &name);
        assert_int_equal(da_presence_of(run.collections[0], &name, DA_TYPE_A), rows[i].presence);
        assert_int_equal(da_covers(run.collections[0], &run.base.set->suffixes[0]), rows[i].covers);
        end_run(&run);
    }
}

static void labels(void **state)
{
    static const struct {
        const char *name;
        int role; /* -1 = none */
    } rows[] = {
        {"C.c.net", DA_LABEL_CORP_CONNECTIVITY},
        {"directaccess-webprobehost.C.NET", DA_LABEL_WEB_PROBE},
        {"N.c.net", DA_LABEL_NLS},
        {"R.c.net", DA_LABEL_ISATAP_ROUTER},
        {"C.x.c.net", -1},
        {"c.net", -1},
        {"isatap.c.net", -1},
        {".", -1},
    };
    struct run run;
    (void)state;

    begin_run(ONE, "r", &run);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_name name;
        expand(rows[i].name, &name);
        const struct da_label *label = da_names_label_of(run.base.names, &name);
        assert_int_equal(label == NULL ? -1 : (int)label->role, rows[i].role);
    }
    end_run(&run);
}

/* ---- many suffixes ---- */

/* A deployment with as many suffixes as there may be, and a zone in which each has all it may have wrong. */
static char *many_suffixes(size_t count)
{
    char *yaml = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&yaml, &size);

    fputs("suffixes:\n", out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, " - s%zu.c.net\n", i);
    fputs("network: ipv4-only\nentry-points: [{name: sea, nat64-prefix: 'fd00:1::/96', servers: [{name: da1, address: "
          "10.0.0.11}, {name: da2, address: 10.0.0.12}], load-balancer: {kind: nlb, vip: 10.0.0.10}}]\n",
          out);
    fclose(out);
    return yaml;
}

static void count_finding(void *arg, const struct da_finding *finding)
{
    size_t *counts = arg;
    counts[finding->code]++;
}

static void ten_thousand_suffixes(void **state)
{
    enum { BLOCKED = 4000 };
    char *yaml = many_suffixes(DA_MAX_SUFFIXES);
    size_t counts[DA_FINDING_CODES] = {0};
    struct timespec before, after;
    struct run run;
    (void)state;

    begin_run(yaml, NULL, &run);
    run.request.collection_count = 1;
    assert_int_equal(da_collection_new(DA_SOURCE_ZONE_FILE, "z", run.base.names, &run.collections[0]), DA_OK);
    add_fact(run.collections[0], "c.net 60 SOA ?", 1);
    for (size_t i = 0; i < DA_MAX_SUFFIXES; i++) {
        char line[100];
        snprintf(line, sizeof(line), "W.s%zu.c.net 1200 A 10.0.0.11 3700000", i);
        add_fact(run.collections[0], line, i);
        snprintf(line, sizeof(line), "isatap.s%zu.c.net 1200 A 10.0.0.11", i);
        if (i < BLOCKED) /* a collection has a limit of them */
            add_fact(run.collections[0], line, i);
    }
    da_collection_finish(run.collections[0]);

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    assert_int_equal(da_checks_run(&run.request, count_finding, counts), DA_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    print_message("%.3f s for %d suffixes\n",
                  (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec),
                  DA_MAX_SUFFIXES);
    assert_int_equal(counts[DA_FINDING_SERVER_ADDRESS], DA_MAX_SUFFIXES);
    assert_int_equal(counts[DA_FINDING_WEB_PROBE_MISSING], DA_MAX_SUFFIXES);
    assert_int_equal(counts[DA_FINDING_CORP_CONNECTIVITY_MISSING], 2 * DA_MAX_SUFFIXES);
    assert_int_equal(counts[DA_FINDING_RECORD_STALE], DA_MAX_SUFFIXES);
    assert_int_equal(counts[DA_FINDING_BLOCKED_PRESENT], BLOCKED);
    end_run(&run);
    free(yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right),
        cmocka_unit_test(addresses),
        cmocka_unit_test(names),
        cmocka_unit_test(aging),
        cmocka_unit_test(directory),
        cmocka_unit_test(uncertain),
        cmocka_unit_test(live),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(commands_show_each),
        cmocka_unit_test(kinds),
        cmocka_unit_test(presence),
        cmocka_unit_test(labels),
        cmocka_unit_test(ten_thousand_suffixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
