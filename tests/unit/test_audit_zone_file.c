/* Zone files: what is read of them, and what is told where the reading is uncertain. */
#include "audit_names.h"

#include "audit/zone_file.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX  16384
#define FILES_MAX 4

static const char yaml[] = "suffixes: [corp.example.net]\n"
                           "network: ipv4-only\n"
                           "entry-points:\n"
                           "  - name: one\n"
                           "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                           "    servers: [{name: da1, address: 10.0.0.11}]\n"
                           "block: [isatap, wpad]\n";

/* ---- what a collection has, as text ---- */

struct text {
    char octets[TEXT_MAX];
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text->length += (size_t)vsnprintf(text->octets + text->length, TEXT_MAX - text->length, format, arguments);
    va_end(arguments);
    assert_true(text->length < TEXT_MAX);
}

static void add_name(struct text *text, const uint8_t *wire, size_t length)
{
    struct da_name name = {.length = (uint8_t)length};
    char buffer[DA_NAME_TEXT_MAX];

    memcpy(name.wire, wire, length);
    da_name_to_text(&name, buffer);
    /* the suffix is always the same: "~" stands for it */
    char *suffix = strstr(buffer, "corp.example.net.");
    if (suffix != NULL && suffix[strlen("corp.example.net.")] == '\0')
        strcpy(suffix, "~");
    add(text, "%s", buffer);
}

static void add_rdata(struct text *text, const struct da_found *found)
{
    char address[INET6_ADDRSTRLEN];

    if (found->rdata_length == 0)
        add(text, "-");
    else if (found->type == DA_TYPE_A || found->type == DA_TYPE_AAAA)
        add(text, "%s",
            inet_ntop(found->type == DA_TYPE_A ? AF_INET : AF_INET6, found->rdata, address, sizeof(address)));
    else if (found->type == DA_TYPE_SOA)
        add(text, "minimum %u", found->rdata[found->rdata_length - 1]);
    else
        add_name(text, found->rdata, found->rdata_length);
}

/* A line a record: owner, TTL, type, rdata, aging, and the line it is on, with its file where that is another. */
static void add_found(struct text *text, const struct da_collection *collection, const struct da_found *found)
{
    const char *file = strrchr(found->place.file, '/');

    add_name(text, found->owner->wire, found->owner->length);
    add(text, found->has_ttl ? " %u" : " -", found->ttl);
    add(text, " %u ", found->type);
    add_rdata(text, found);
    if (found->aging == DA_AGING_STATIC)
        add(text, " static");
    if (found->aging == DA_AGING_DYNAMIC)
        add(text, " age %u", found->stamp);
    add(text, " %s:%ju\n", strcmp(found->place.file, collection->title) == 0 || file == NULL ? "" : file + 1,
        (uintmax_t)found->place.line);
}

static void add_collection(struct text *text, const struct da_collection *collection)
{
    for (size_t i = 0; i < collection->record_count; i++)
        add_found(text, collection, &collection->records[i]);
    for (size_t i = 0; i < collection->doubt_count; i++) {
        const struct da_doubt *doubt = &collection->doubts[i];
        add(text, "?");
        if (doubt->one_name)
            add_name(text, doubt->name.wire, doubt->name.length);
        else
            add(text, "all");
        add(text, " :%ju %s\n", (uintmax_t)doubt->place.line, doubt->text);
    }
    if (collection->failed)
        add(text, "failed: %s\n", collection->failure);
}

/* ---- cases ---- */

struct file {
    const char *name;
    const char *text;
};

struct read_case {
    const char *label;
    const char *text; /* of the file */
    const char *expected;
    const char *name;   /* of the file; NULL = "zone" */
    const char *origin; /* NULL = "corp.example.net"; "" = none is given */
    struct file files[FILES_MAX];
    const char *include_root; /* below the directory */
    bool is_piped;            /* the file is standard input */
};

static char directory[] = "/tmp/da-zone-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    char *slash = strchr(path + sizeof(directory), '/');
    if (slash != NULL) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

/* Puts text into a pipe that becomes standard input. Returns the old one. */
static int pipe_text(const char *text)
{
    int ends[2], saved = dup(STDIN_FILENO);

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    return saved;
}

static void collect(const struct read_case *test, const struct da_names *names, struct text *got)
{
    char path[300], root[300];
    struct da_zone_file file = {.path = test->is_piped ? "-" : path};
    struct da_collection *collection = NULL;
    int saved = test->is_piped ? pipe_text(test->text) : -1;

    snprintf(path, sizeof(path), "%s/%s", directory, test->name != NULL ? test->name : "zone");
    snprintf(root, sizeof(root), "%s/%s", directory, test->include_root != NULL ? test->include_root : "");
    file.include_root = test->include_root != NULL ? root : NULL;
    assert_int_equal(da_collection_new(DA_SOURCE_ZONE_FILE, "title", names, &collection), DA_OK);
    if (test->origin == NULL)
        collection->origin.length = (uint8_t)wire_name("corp.example.net", collection->origin.wire);
    else if (*test->origin != '\0')
        collection->origin.length = (uint8_t)wire_name(test->origin, collection->origin.wire);
    assert_int_equal(da_zone_file_collect(&file, collection), DA_OK);
    da_collection_finish(collection);
    add_collection(got, collection);
    if (collection->origin_from != NULL) {
        add(got, "origin ");
        add_name(got, collection->origin.wire, collection->origin.length);
        add(got, " from %s\n", collection->origin_from);
    }
    da_collection_free(collection);
    if (saved >= 0) {
        assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
        close(saved);
    }
}

static void run_cases(const struct read_case *cases, size_t count)
{
    struct audit_names made;
    bool failed = false;

    audit_names_open(&made, yaml, NULL);
    for (size_t i = 0; i < count; i++) {
        struct text got = {.length = 0};
        char place[300];
        write_file(cases[i].name != NULL ? cases[i].name : "zone", cases[i].text);
        for (size_t j = 0; j < FILES_MAX && cases[i].files[j].name != NULL; j++)
            write_file(cases[i].files[j].name, cases[i].files[j].text);
        collect(&cases[i], made.names, &got);
        /* paths are told without the directory */
        snprintf(place, sizeof(place), "%s/", directory);
        for (char *at; (at = strstr(got.octets, place)) != NULL;)
            memmove(at, at + strlen(place), strlen(at + strlen(place)) + 1);
        if (strcmp(got.octets, cases[i].expected) != 0) {
            print_error("%s:\n%s--- expected:\n%s\n", cases[i].label, got.octets, cases[i].expected);
            failed = true;
        }
    }
    audit_names_close(&made);
    assert_false(failed);
}

#define OCTETS_62 "01234567890123456789012345678901234567890123456789012345678901"

static void reads_entries(void **state)
{
    static const struct read_case cases[] = {
        {.label = "relative, absolute, mixed case, blank owner",
         "wpad 60 A 10.0.0.1\n\t60 IN A 10.0.0.2\nISATAP.Corp.example.net. 60 A 10.0.0.3\nx 60 A 10.0.0.4\n 60 A "
         "10.0.0.5\n",
         "ISATAP.Corp.example.net. 60 1 10.0.0.3 :3\nwpad.~ 60 1 10.0.0.1 :1\nwpad.~ 60 1 10.0.0.2 :2\n"},
        {.label = "class and TTL in either order, and units",
         "wpad IN 1w2D3h4M5s A 10.0.0.1\nwpad 1h in A 10.0.0.2\nwpad IN 4294967295 A 10.0.0.3\nwpad class1 7 A "
         "10.0.0.4\n",
         "wpad.~ 788645 1 10.0.0.1 :1\nwpad.~ 3600 1 10.0.0.2 :2\nwpad.~ 0 1 10.0.0.3 :3\nwpad.~ 7 1 10.0.0.4 :4\n"},
        {.label = "other classes are left out", "wpad 1 CH A 10.0.0.1\nwpad 1 CLASS4 TXT x\nwpad 1 HS FOO x\n", ""},
        {.label = "types by number, rdata in the generic form",
         "wpad 1 TYPE1 \\# 4 0A0000 01\nwpad 1 type28 ::1\nwpad 1 TYPE5 x\nwpad 1 TYPE65534 \\# 0\nwpad 1 A \\# 4 "
         "(\n0a 0 \n000 03 )\n",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.3 :5\nwpad.~ 1 5 x.~ :3\nwpad.~ 1 28 ::1 :2\nwpad.~ 1 65534 - "
         ":4\n"},
        {.label = "escaped and quoted owners",
         "\\119pad 1 A 10.0.0.1\n\"wpad\" 1 A 10.0.0.2\nw\\p\\097d 1 A 10.0.0.3\n\"w\\112ad\" 1 A 10.0.0.4\n"
         "wpad\\.x 1 A 10.0.0.5\n\"wpad.sub\" 1 A 10.0.0.6\nx\\.wpad 1 A 10.0.0.7\n",
         "wpad.sub.~ 1 1 10.0.0.6 :6\nwpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :2\nwpad.~ 1 1 10.0.0.3 :3\n"
         "wpad.~ 1 1 10.0.0.4 :4\n"},
        {.label = "owners that are none",
         "\\256pad 1 A 10.0.0.1\n\\11 1 A 10.0.0.1\nwpad..x 1 A 10.0.0.1\n 1 A 10.0.0.2\n\"\" 1 A 10.0.0.3\n. 1 A "
         "10.0.0.4\n"
         ".wpad 1 A 10.0.0.5\nwpad\\ 1 A 10.0.0.6\n\\375pad 1 A 10.0.0.7\n",
         ""},
        {.label = "parentheses, comments",
         "wpad ( 1 ; TTL ( \"\n IN\n A ) 10.0.0.1 ; \" (\n(wpad 1 A 10.0.0.2)\n( ; x\nwpad 1 TXT \"a;(\" ; )\n)\n 1 "
         "A(10.0.0.3)\n",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :4\nwpad.~ 1 1 10.0.0.3 :8\nwpad.~ 1 16 - :5\n"},
        {.label = "CR LF",
         "wpad 1 A 10.0.0.1\r\n\r\n \r\n 1 A 10.0.0.2\r\n",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :4\n"},
        {.label = "blank lines and comments keep the owner",
         "wpad 1 A 10.0.0.1\n\n;\n  \n ; x\n\t1 A 10.0.0.2",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :6\n"},
        {.label = "labels of 63 octets, and none longer",
         "isatap." OCTETS_62 "x 1 A 10.0.0.1\nisatap." OCTETS_62 "xx 1 A 10.0.0.2\n",
         "isatap." OCTETS_62 "x.~ 1 1 10.0.0.1 :1\n"},
        {.label = "names above, and wildcards",
         "$ORIGIN .\nnet 1 NS a.\nexample.net 1 DNAME b.\n*.example.net 1 MX 1 x.\n*.corp.example.net 1 A 10.0.0.1\n"
         "example.net 1 A 10.0.0.2\n. 1 NS c.\norg 1 NS d.\n*.org 1 A 10.0.0.3\ncorp.example.net 1 CNAME e.\n",
         ". 1 2 c. :7\nnet. 1 2 a. :2\nexample.net. 1 39 b. :3\n*.example.net. 1 15 - :4\n*.~ 1 1 10.0.0.1 :5\n"},
        {.label = "names in rdata",
         "wpad 1 CNAME @\nisatap 1 CNAME a\\.b.c\n 1 CNAME \\100.\n@ 1 NS .\n",
         "~ 1 2 . :4\nisatap.~ 1 5 d. :3\nisatap.~ 1 5 a\\.b.c.~ :2\nwpad.~ 1 5 ~ :1\n"},
        {.label = "an SOA over several lines, with units",
         "@ 1d SOA ns1 host (\n 1 ; serial\n 2h\n 3\n 4w\n 60 ) ; minimum\n",
         "~ 86400 6 minimum 60 :1\n"},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

static void doubts_what_it_cannot_read(void **state)
{
    static const struct read_case cases[] = {
        {.label = "records of ours",
         "wpad 1 A 10.0.0.256\nwpad 1 A\nwpad 1 A 10.0.0.1 x\nwpad 1 AAAA 10.0.0.1\nwpad 1 A \"10.0.0.1\"\n",
         "?wpad.~ :1 its A record cannot be read: \"wpad 1 A 10.0.0.256\"\n"
         "?wpad.~ :2 its A record cannot be read: \"wpad 1 A\"\n"
         "?wpad.~ :3 its A record cannot be read: \"wpad 1 A 10.0.0.1 x\"\n"
         "?wpad.~ :4 its AAAA record cannot be read: \"wpad 1 AAAA 10.0.0.1\"\n"
         "?wpad.~ :5 its A record cannot be read: \"wpad 1 A \\\"10.0.0.1\\\"\"\n"},
        {.label = "the generic form",
         "wpad 1 A \\# 5 0A00000102\nwpad 1 A \\# 4 0A0000\nwpad 1 A \\# 4 0A0000zz\nwpad 1 CNAME \\# 3 036100\n",
         "?wpad.~ :1 its A record cannot be read: \"wpad 1 A \\\\# 5 0A00000102\"\n"
         "?wpad.~ :2 its A record cannot be read: \"wpad 1 A \\\\# 4 0A0000\"\n"
         "?wpad.~ :3 its A record cannot be read: \"wpad 1 A \\\\# 4 0A0000zz\"\n"
         "?wpad.~ :4 its CNAME record cannot be read: \"wpad 1 CNAME \\\\# 3 036100\"\n"},
        {.label = "types",
         "wpad 1 FOO x\nwpad 1\nwpad\nwpad ; x\nwpad 1 TYPE65536 \\# 0\n@ 1 FOO x\n"
         "wpad 1 TYPE1x 10.0.0.1\n",
         "?wpad.~ :1 an entry of it has a type that is not known: \"wpad 1 FOO x\"\n"
         "?wpad.~ :2 an entry of it has no type: \"wpad 1\"\n"
         "?wpad.~ :3 an entry of it has no type: \"wpad\"\n"
         "?wpad.~ :4 an entry of it has no type: \"wpad ; x\"\n"
         "?wpad.~ :5 an entry of it has a type that is not known: \"wpad 1 TYPE65536 \\\\# 0\"\n"
         "?wpad.~ :7 an entry of it has a type that is not known: \"wpad 1 TYPE1x 10.0.0.1\"\n"},
        {.label = "an SOA",
         "@ 1 SOA a b 1 2 3 4\n@ 1 SOA a b 1 2 3 4 4294967296\n",
         "?~ :1 its SOA record cannot be read: \"@ 1 SOA a b 1 2 3 4\"\n"
         "?~ :2 its SOA record cannot be read: \"@ 1 SOA a b 1 2 3 4 4294967296\"\n"},
        {.label = "suspects that read badly are none",
         "$TTL 3\nx 1 TXT ( a\nwpad foo\nwpad\nwpad 1 A x\nwpad 1 TXT x\n)\n",
         ""},
        {.label = "records of others",
         "x 1 A 10.0.0.256\nx 1 FOO\n@ 1 A x\nx 1 A\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :5\n"},
        {.label = "an owner that is quoted in part",
         "wp\"ad\" 1 A 10.0.0.1\n\"wp\"ad 1 A 10.0.0.1\n1 A 10.0.0.2\n",
         "?wpad.~ :1 its owner is partly in quotes: \"wp\\\"ad\\\"\"\n"
         "?wpad.~ :2 its owner is partly in quotes: \"\\\"wp\\\"ad\"\n"},
        {.label = "long text is cut, control octets are made harmless",
         "wpad 1 A \033[1m0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n",
         "?wpad.~ :1 its A record cannot be read: \"wpad 1 A \\x1b[1m0123456789 0123456789 0123456789 "
         "012345678...\"\n"},
        {.label = "quotes",
         "x 1 TXT \"a\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n?all :1 a quoted string has no end on its line\n"},
        {.label = "an open parenthesis",
         "x 1 TXT ( a\nwpad 1 A 10.0.0.1\nisatap 1 TXT x\nwpad 1 A b\n\\119pad 1 A 10.0.0.9\n",
         "wpad.~ 1 1 10.0.0.1 :2\n"
         "?wpad.~ :2 a record of it stands within parentheses that opened before\n"
         "?all :1 a parenthesis that opens here is not closed\n"},
        {.label = "a suspect changes nothing",
         "$TTL 5\nx 1 TXT ( a\nwpad 1 A 10.0.0.1\n)\n 7 A 10.0.0.2\nwpad A 10.0.0.3\n",
         "wpad.~ 1 1 10.0.0.1 :3\nwpad.~ 5 1 10.0.0.3 :6\n"
         "?wpad.~ :3 a record of it stands within parentheses that opened before\n"},
        {.label = "ours is within its own parentheses",
         "wpad 1 A ( 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :1\n?all :1 a parenthesis that opens here is not closed\n"},
        {.label = "a stray parenthesis",
         "x 1 TXT a )\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n?all :1 a parenthesis closes that did not open\n"},
        {.label = "a stamp that only the second reading comes by",
         "x ()[AGE:5] 1 A 10.0.0.9\nwpad A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n"},
        {.label = "an entry that begins with a stray parenthesis, in both readings",
         ")wpad 1 A 10.0.0.1\nwpad A 10.0.0.2\n)wpad 1 A 10.0.0.3\n 1 A 10.0.0.4\n",
         "wpad.~ - 1 10.0.0.2 :2\n?all :1 a parenthesis closes that did not open\n"},
        {.label = "a lone CR",
         "x 1 TXT a\rwpad 1 A 10.0.0.1\nwpad 1 A 10.0.0.2\n",
         "wpad.~ 1 1 10.0.0.2 :2\n?all :1 there is a CR without LF, which some servers take for the end of the line\n"},
        {.label = "an escaped line end",
         "x 1 TXT a\\\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n?all :1 there is a backslash in front of the end of the line\n"},
        {.label = "no origin",
         "wpad 1 A 10.0.0.1\n@ 1 NS x\nisatap.corp.example.net. 1 A 10.0.0.2\n 1 CNAME y\n",
         "isatap.~ 1 1 10.0.0.2 :3\n"
         "?all :1 the owner \"wpad\" is relative, and no origin is known: --origin names one\n"
         "?isatap.~ :4 it has a relative name in it, and no origin is known: \"1 CNAME y\"\n",
         .origin = ""},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

static void finds_ttls(void **state)
{
    static const struct read_case cases[] = {
        {.label = "$TTL",
         "$TTL 1h\nwpad A 10.0.0.1\n$ttl 5\nwpad A 10.0.0.2\nwpad 9 A 10.0.0.3\nwpad A 10.0.0.4\n",
         "wpad.~ 3600 1 10.0.0.1 :2\nwpad.~ 5 1 10.0.0.2 :4\nwpad.~ 9 1 10.0.0.3 :5\nwpad.~ 5 1 10.0.0.4 :6\n"},
        {.label = "the record before, of another name",
         "x 7 TXT a\nwpad A 10.0.0.1\ny 8 FOO bad\nz A x\nwpad A 10.0.0.2\n 9 A 10.0.0.3\n"
         " A 10.0.0.4\n",
         "wpad.~ 7 1 10.0.0.1 :2\nwpad.~ 8 1 10.0.0.2 :5\nwpad.~ 9 1 10.0.0.3 :6\nwpad.~ 9 1 10.0.0.4 :7\n"},
        {.label = "the second reading tells nothing twice",
         "x 7 TXT \"a\nwpad A 10.0.0.1\nwpad 1 A 10.0.0.2\nwpad 1 A x\n$FOO\n$GENERATE 1-2 isatap.$ 1 A 10.0.0.$\nwpad "
         "A\n",
         "isatap.1.~ 1 1 10.0.0.1 :6\nisatap.2.~ 1 1 10.0.0.2 :6\nwpad.~ 7 1 10.0.0.1 :2\nwpad.~ 1 1 10.0.0.2 :3\n"
         "?all :1 a quoted string has no end on its line\n"
         "?wpad.~ :4 its A record cannot be read: \"wpad 1 A x\"\n"
         "?all :5 a directive is not known: \"$FOO\"\n"
         "?wpad.~ :7 its A record cannot be read: \"wpad A\"\n"},
        {.label = "that of a suspect counts for itself alone",
         "x 3 TXT ( a\nwpad 9 A 10.0.0.1\n)\nisatap A 10.0.0.2\n",
         "isatap.~ 3 1 10.0.0.2 :4\nwpad.~ 9 1 10.0.0.1 :2\n"
         "?wpad.~ :2 a record of it stands within parentheses that opened before\n"},
        {.label = "an SOA that is first gives the default",
         "; x\n\n@ SOA a b 1 2 3 4 60\nx 7 TXT a\nwpad A 10.0.0.1\n",
         "~ 60 6 minimum 60 :3\nwpad.~ 60 1 10.0.0.1 :5\n"},
        {.label = "an SOA with a TTL does not",
         "@ 5 SOA a b 1 2 3 4 60\nx 7 TXT a\nwpad A 10.0.0.1\n",
         "~ 5 6 minimum 60 :1\nwpad.~ 7 1 10.0.0.1 :3\n"},
        {.label = "nor does one behind a TTL",
         "x 7 TXT a\n@ SOA a b 1 2 3 4 60\nwpad A 10.0.0.1\n",
         "~ 7 6 minimum 60 :2\nwpad.~ 7 1 10.0.0.1 :3\n"},
        {.label = "the SOA minimum where nothing else is known",
         "wpad A 10.0.0.1\n@ SOA a b 1 2 3 4 60\n",
         "~ 60 6 minimum 60 :2\nwpad.~ 60 1 10.0.0.1 :1\n"},
        {.label = "none is known", "wpad A 10.0.0.1\n", "wpad.~ - 1 10.0.0.1 :1\n"},
        {.label = "a pipe is not read twice",
         "x 7 TXT a\nwpad A 10.0.0.1\nisatap 5 A 10.0.0.2\n A 10.0.0.3\n",
         "isatap.~ 5 1 10.0.0.2 :3\nisatap.~ 5 1 10.0.0.3 :4\nwpad.~ - 1 10.0.0.1 :2\n",
         .is_piped = true},
        {.label = "a $TTL that cannot be read",
         "x 7 TXT a\n$TTL 1x\nwpad A 10.0.0.1\nwpad 3 A 10.0.0.2\n",
         "wpad.~ - 1 10.0.0.1 :3\nwpad.~ 3 1 10.0.0.2 :4\n?all :2 a directive cannot be read: \"$TTL 1x\"\n"},
        {.label = "of $GENERATE", "$GENERATE 1-2 x$ 9 A 10.0.0.$\nwpad A 10.0.0.1\n", "wpad.~ 9 1 10.0.0.1 :2\n"},
        {.label = "an SOA of a zone below",
         "@ SOA a b 1 2 3 4 60\nwpad A 10.0.0.1\n",
         "wpad.sub.~ 60 1 10.0.0.1 :2\n",
         .origin = "sub.corp.example.net"},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

static void follows_directives(void **state)
{
    static const struct read_case cases[] = {
        {.label = "$ORIGIN",
         "wpad 1 A 10.0.0.1\n$ORIGIN sub\n 1 A 10.0.0.2\nwpad 1 A 10.0.0.3\n$origin example.net.\nwpad.corp 1 A "
         "10.0.0.4\n"
         "$ORIGIN .\nwpad 1 A 10.0.0.5\n",
         "wpad.sub.~ 1 1 10.0.0.3 :4\nwpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :3\nwpad.~ 1 1 10.0.0.4 :6\n"
         "wpad. 1 1 10.0.0.5 :8\n"},
        {.label = "an $ORIGIN that cannot be read",
         "$ORIGIN a..b\nwpad 1 A 10.0.0.1\nwpad.corp.example.net. 1 A 10.0.0.2\n",
         "wpad.~ 1 1 10.0.0.2 :3\n"
         "?all :1 a directive cannot be read, so that what follows has no origin: \"$ORIGIN a..b\"\n"},
        {.label = "unknown ones",
         "$FOO bar\n$DATE 20261123000000\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :3\n?all :1 a directive is not known: \"$FOO\"\n"},
        {.label = "$INCLUDE",
         "$TTL 5\nwpad 1 A 10.0.0.1\n$INCLUDE inc ; x\n A 10.0.0.4\nwpad A 10.0.0.5\n",
         "isatap.~ 7 1 10.0.0.3 inc:3\nisatap.sub.~ 7 1 10.0.0.6 inc:5\nwpad.~ 1 1 10.0.0.1 :2\n"
         "wpad.~ 5 1 10.0.0.2 inc:1\nwpad.~ 7 1 10.0.0.4 :4\nwpad.~ 7 1 10.0.0.5 :5\n",
         .files = {{"inc", " A 10.0.0.2\n$TTL 7\nisatap A 10.0.0.3\n$ORIGIN sub\nisatap A 10.0.0.6\n"}}},
        {.label = "$INCLUDE with an origin",
         "$include \"dir/inc\" sub\nwpad 1 A 10.0.0.1\n$INCLUDE dir/inc corp.example.net.\n",
         "wpad.sub.~ 1 1 10.0.0.2 inc:1\nwpad.sub.~ 1 1 10.0.0.3 other:1\nwpad.~ 1 1 10.0.0.1 :2\n"
         "wpad.~ 1 1 10.0.0.2 inc:1\nwpad.~ 1 1 10.0.0.3 other:1\n",
         .files = {{"dir/inc", "wpad 1 A 10.0.0.2\n$INCLUDE other\n"}, {"dir/other", "wpad 1 A 10.0.0.3\n"}}},
        {.label = "$INCLUDE in the second reading",
         "x 3 TXT a\n$INCLUDE inc2\nwpad A 10.0.0.2\n",
         "isatap.~ 3 1 10.0.0.1 inc2:1\nisatap.~ 4 1 10.0.0.3 inc2:2\nwpad.~ 4 1 10.0.0.2 :3\n",
         .files = {{"inc2", "isatap A 10.0.0.1\n 4 A 10.0.0.3\ny TXT b\n"}}},
        {.label = "an SOA that is included",
         "$INCLUDE soa\nx 7 TXT a\nwpad A 10.0.0.1\n",
         "~ 60 6 minimum 60 soa:1\nwpad.~ 60 1 10.0.0.1 :3\n",
         .files = {{"soa", "@ SOA a b 1 2 3 4 60\n"}}},
        {.label = "$INCLUDE of what is not there",
         "wpad 1 A 10.0.0.1\n$INCLUDE absent\n 1 A 10.0.0.2\n",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :3\n?all :2 $INCLUDE of \"absent\": No such file or directory\n"},
        {.label = "$INCLUDE of a directory, of nothing",
         "$INCLUDE .\n$INCLUDE\n$INCLUDE \"\"\n$INCLUDE x a..b\n",
         "?all :1 $INCLUDE of \".\": it is not a regular file\n"
         "?all :2 a directive cannot be read: \"$INCLUDE\"\n"
         "?all :3 a directive cannot be read: \"$INCLUDE \\\"\\\"\"\n"
         "?all :4 a directive cannot be read: \"$INCLUDE x a..b\"\n"},
        {.label = "$INCLUDE of itself, by detour",
         "$INCLUDE loop\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n?all :1 $INCLUDE of \"dir/../loop\": it includes itself\n",
         .files = {{"loop", "$INCLUDE dir/../loop\n"}, {"dir/x", ""}}},
        {.label = "within --include-root",
         "$INCLUDE dir/ok\n$INCLUDE outside\n$INCLUDE dir/../outside\n$INCLUDE dirt/x\n",
         "wpad.~ 1 1 10.0.0.1 ok:1\n"
         "?all :2 $INCLUDE of \"outside\": it is outside --include-root\n"
         "?all :3 $INCLUDE of \"dir/../outside\": it is outside --include-root\n"
         "?all :4 $INCLUDE of \"dirt/x\": it is outside --include-root\n",
         .files = {{"dir/ok", "wpad 1 A 10.0.0.1\n"},
                   {"outside", "isatap 1 A 10.0.0.2\n"},
                   {"dirt/x", "isatap 1 A 10.0.0.3\n"}},
         .include_root = "dir"},
        {.label = "doubts of an included file",
         "\n$INCLUDE bad\n",
         "?all :3 a parenthesis that opens here is not closed\n",
         .files = {{"bad", "\n\nx 1 TXT ( a\n"}}},
        {.label = "an included file that is packed, and damaged",
         "$INCLUDE gz\n",
         "?all :0 it cannot be read to its end: it is packed by gzip and ends early\n",
         .files = {{"gz", "\x1f\x8b\x08"}}},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

static void generates(void **state)
{
    static const struct read_case cases[] = {
        {.label = "records",
         "$GENERATE 1-5/2 isatap.a$ 60 IN A 10.0.0.$\n$TTL 7\n$GENERATE 2-2 isatap.b$ CNAME x$\n",
         "isatap.a1.~ 60 1 10.0.0.1 :1\nisatap.a3.~ 60 1 10.0.0.3 :1\nisatap.a5.~ 60 1 10.0.0.5 :1\nisatap.b2.~ 7 5 "
         "x2.~ :3\n"},
        {.label = "modifiers",
         "$GENERATE 10-10 isatap.${0,4}-${-1}-${0,0,x}-${6,3,X}-${-2,2,o} 1 A 10.0.0.1\n"
         "$GENERATE 18-18 isatap.${0,7,n} 1 A 10.0.0.2\n$GENERATE 1-1 isatap.a$$ 1 IN A 10.0.0.3\n$GENERATE 171-171 "
         "isatap.${0,3,N} 1 A 10.0.0.4\n"
         "$GENERATE 1-1 isatap.\\$ 1 A 10.0.0.5\n",
         "isatap.\\$.~ 1 1 10.0.0.5 :5\nisatap.2.1.0.0.~ 1 1 10.0.0.2 :2\nisatap.0010-9-a-010-10.~ 1 1 10.0.0.1 :1\n"
         "isatap.B.A.~ 1 1 10.0.0.4 :4\nisatap.a\\$.~ 1 1 10.0.0.3 :3\n"},
        {.label = "the first label",
         "$GENERATE 10-13 wp${0,0,x}d 1 A 10.0.0.$\n$GENERATE 1-3 w${0}d 1 A 10.0.0.$\n",
         "wpad.~ 1 1 10.0.0.10 :1\n"},
        {.label = "the owner stays",
         "wpad 1 A 10.0.0.1\n$GENERATE 1-2 x$ 1 A 10.0.0.$\n 1 A 10.0.0.3\n",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.3 :3\n"},
        {.label = "a quoted side",
         "$GENERATE 1-1 wpad 1 CNAME \"x$\"\n$GENERATE 1-1 isatap 1 MX \"10 x$\"\n",
         "isatap.~ 1 15 - :2\nwpad.~ 1 5 x1.~ :1\n"},
        {.label = "others' are not looked at",
         "$GENERATE 1-2000000000 host$ 1 A 10.0.0.$\n$GENERATE 1-2 CH x A x\n",
         ""},
        {.label = "too many",
         "$GENERATE 1-100001 isatap.$ 1 A 10.0.0.1\n",
         "?all :1 it has more steps than are made here: \"$GENERATE 1-100001 isatap.$ 1 A 10.0.0.1\"\n"},
        {.label = "such as cannot be read",
         "$GENERATE 1- isatap.$ A 10.0.0.1\n$GENERATE 2-1 isatap.$ A 10.0.0.1\n$GENERATE 1-2/0 isatap.$ A 10.0.0.1\n"
         "$GENERATE 1-2 isatap.${x A 10.0.0.1\n$GENERATE 1-2 isatap.$ 1 A\n$GENERATE 1-2 isatap.${0,129} A 10.0.0.1\n"
         "$GENERATE 1-2 isatap.${0,1,q} A 10.0.0.1\n",
         "?all :1 a directive cannot be read: \"$GENERATE 1- isatap.$ A 10.0.0.1\"\n"
         "?all :2 a directive cannot be read: \"$GENERATE 2-1 isatap.$ A 10.0.0.1\"\n"
         "?all :3 a directive cannot be read: \"$GENERATE 1-2/0 isatap.$ A 10.0.0.1\"\n"
         "?all :4 a directive cannot be read: \"$GENERATE 1-2 isatap.${x A 10.0.0.1\"\n"
         "?all :5 a directive cannot be read: \"$GENERATE 1-2 isatap.$ 1 A\"\n"
         "?all :6 a directive cannot be read: \"$GENERATE 1-2 isatap.${0,129} A 10.0.0.1\"\n"
         "?all :7 a directive cannot be read: \"$GENERATE 1-2 isatap.${0,1,q} A 10.0.0.1\"\n"},
        {.label = "rdata that cannot be read",
         "$GENERATE 255-256 wpad 1 A 10.0.0.$\n",
         "wpad.~ 1 1 10.0.0.255 :1\n?wpad.~ :1 its A record cannot be read: \"$GENERATE 255-256 wpad 1 A "
         "10.0.0.$\"\n"},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

#define HEAD ";\n;  Database file corp.example.net.dns for corp.example.net zone.\n;      Zone version:  51\n;\n\n"

static void reads_windows_exports(void **state)
{
    static const struct read_case cases[] = {
        {.label = "dnscmd /ZoneExport",
         HEAD "@                       IN  SOA dc1.corp.example.net. hostmaster.corp.example.net. (\n"
              "                        51           ; serial number\n                        900          ; refresh\n"
              "                        600          ; retry\n                        86400        ; expire\n"
              "                        60       ) ; default TTL\n\n;\n;  Zone NS records\n;\n\n"
              "@                       NS\tdc1.corp.example.net.\n\n"
              "@                       WINS\tL2 C3600 (\n\t\t\t10.0.0.9 )\n"
              "directaccess-WebProbeHost [AGE:3634093]\t1200\tA\t10.0.0.11\n"
              "                        [AGE:0]\t1200\tA\t10.0.0.12\n"
              "                        1200\tA\t10.0.0.13\n"
              "wpad                    A\t10.0.0.14\n",
         "~ 60 2 dc1.~ static :17\n~ 60 6 minimum 60 static :6\n"
         "directaccess-WebProbeHost.~ 1200 1 10.0.0.11 age 3634093 :21\n"
         "directaccess-WebProbeHost.~ 1200 1 10.0.0.12 static :22\n"
         "directaccess-WebProbeHost.~ 1200 1 10.0.0.13 static :23\nwpad.~ 60 1 10.0.0.14 static :24\n"
         "origin ~ from the head of the file\n",
         .origin = ""},
        {.label = "dnscmd /EnumRecords",
         "Returned records:\r\n@                [Aging:3705469] 600 NS\tdc1.corp.example.net.\r\n"
         "wpad            3600 A\t172.30.0.254\r\n\t\t [Aging:3705470] 3600 A\t172.30.0.255\r\n\r\n"
         "Command completed successfully.\r\n",
         "~ 600 2 dc1.~ age 3705469 :2\nwpad.~ 3600 1 172.30.0.254 static :3\nwpad.~ 3600 1 172.30.0.255 age 3705470 "
         ":4\n"
         "?all :1 no SOA: the listing does not have all records of the zone\n"},
        {.label = "stamps in any case, behind TTL and class",
         "wpad 1 [age:5] A 10.0.0.1\nwpad IN [AGING:6] 1 A 10.0.0.2\nwpad [Age:4294967295] 1 A 10.0.0.3\n",
         "wpad.~ 1 1 10.0.0.1 age 5 :1\nwpad.~ 1 1 10.0.0.2 age 6 :2\nwpad.~ 1 1 10.0.0.3 age 4294967295 :3\n"},
        {.label = "stamps that cannot be read",
         "wpad [AGE:x] 1 A 10.0.0.1\nwpad [AGE:4294967296] 1 A 10.0.0.2\nwpad [AGE:5 1 A 10.0.0.3\nwpad [AGE:] 1 A "
         "10.0.0.4\n",
         "wpad.~ 1 1 10.0.0.1 :1\nwpad.~ 1 1 10.0.0.2 :2\nwpad.~ 1 1 10.0.0.3 :3\nwpad.~ 1 1 10.0.0.4 :4\n"
         "?wpad.~ :1 a time stamp of it cannot be read: \"wpad [AGE:x] 1 A 10.0.0.1\"\n"
         "?wpad.~ :2 a time stamp of it cannot be read: \"wpad [AGE:4294967296] 1 A 10.0.0.2\"\n"
         "?wpad.~ :3 a time stamp of it cannot be read: \"wpad [AGE:5 1 A 10.0.0.3\"\n"
         "?wpad.~ :4 a time stamp of it cannot be read: \"wpad [AGE:] 1 A 10.0.0.4\"\n"},
        {.label = "a stamp in another's text is none",
         "x 1 TXT \" [AGE:5]\" ; [AGE:5]\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n"},
        {.label = "the SOA behind",
         HEAD "wpad A 10.0.0.1\n@ SOA a b 1 2 3 4 60\n",
         "~ 60 6 minimum 60 static :7\nwpad.~ 60 1 10.0.0.1 static :6\norigin ~ from the head of the file\n",
         .origin = ""},
        {.label = "the SOA behind, in a pipe",
         HEAD "wpad A 10.0.0.1\n@ SOA a b 1 2 3 4 60\n",
         "~ 60 6 minimum 60 static :7\nwpad.~ 60 1 10.0.0.1 static :6\norigin ~ from the head of the file\n",
         .origin = "",
         .is_piped = true},
        {.label = "the TTL of the record before is none of ours",
         HEAD "x 7 A 10.0.0.1\nwpad A 10.0.0.1\n 5 A 10.0.0.2\n A 10.0.0.3\n",
         "wpad.~ - 1 10.0.0.1 static :7\nwpad.~ 5 1 10.0.0.2 static :8\nwpad.~ - 1 10.0.0.3 static :9\n"
         "origin ~ from the head of the file\n",
         .origin = ""},
        {.label = "octal escapes",
         HEAD "wp\\141d 1 A 10.0.0.1\n 1 A 10.0.0.2\nwp\\097d 1 A 10.0.0.3\n\\377\\141 1 A 10.0.0.4\nwpad.a\\040b 1 A "
              "10.0.0.5\n",
         "wpad.a\\(b.~ 1 1 10.0.0.5 static :10\nwpad.~ 1 1 10.0.0.3 static :8\n"
         "?wpad.~ :6 the owner \"wp\\\\141d\" is this name if its escapes are octal\norigin ~ from the head of the "
         "file\n",
         .origin = ""},
        {.label = "octal escapes elsewhere", "wp\\141d 1 A 10.0.0.1\n", ""},
        {.label = "types of Windows",
         "wpad 1 WINS L2 C3600 ( 10.0.0.1 )\nwpad 1 WINSR L2 x\nwpad 1 WINS-R L2 x\n",
         "wpad.~ 1 65281 - :1\nwpad.~ 1 65282 - :2\n"},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

/* What is not near the beginning of the file shows late: records in front of it are settled all the same. */
static void knows_windows_late(void **state)
{
    char *text = malloc(65536);
    size_t used = 0;
    (void)state;

    assert_non_null(text);
    used += (size_t)sprintf(text + used, "wpad 1 A 10.0.0.1\nwpad A 10.0.0.2\n");
    while (used < 20000)
        used += (size_t)sprintf(text + used, "x 1 A 10.0.0.1\n");
    sprintf(text + used, "@ [AGE:5] 9 SOA a b 1 2 3 4 60\n");
    const struct read_case cases[] = {
        {.label = "a regular file",
         text,
         "~ 9 6 minimum 60 age 5 :1335\nwpad.~ 1 1 10.0.0.1 static :1\nwpad.~ 60 1 10.0.0.2 static :2\n"},
        {.label = "a pipe",
         text,
         "~ 9 6 minimum 60 age 5 :1335\nwpad.~ 1 1 10.0.0.1 static :1\nwpad.~ 60 1 10.0.0.2 static :2\n",
         .is_piped = true},
    };
    run_cases(cases, LENGTH_OF(cases));
    free(text);
}

static void finds_the_origin(void **state)
{
    static const struct read_case cases[] = {
        {.label = "in the file's name",
         "wpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :1\norigin ~ from the file's name\n",
         .name = "corp.example.net",
         .origin = ""},
        {.label = "in the file's name, less extensions",
         "wpad 1 A 10.0.0.1\n",
         "wpad.Corp.example.net. 1 1 10.0.0.1 :1\norigin Corp.example.net. from the file's name\n",
         .name = "Corp.example.net.zone.gz",
         .origin = ""},
        {.label = "in the file's name, as Debian's BIND has it",
         "wpad.corp 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :1\norigin example.net. from the file's name\n",
         .name = "db.example.net",
         .origin = ""},
        {.label = "in $ORIGIN",
         "; x\n$TTL 5\n$ORIGIN corp.example.net.\nwpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :4\norigin ~ from its $ORIGIN\n",
         .origin = ""},
        {.label = "in the first $ORIGIN",
         "$ORIGIN corp.example.net.\n$ORIGIN sub.corp.example.net.\n@ 1 NS x\n",
         "origin ~ from its $ORIGIN\n",
         .origin = ""},
        {.label = "not in one behind records",
         "wpad.corp.example.net. 1 A 10.0.0.1\n$ORIGIN corp.example.net.\nisatap 1 A 10.0.0.2\n",
         "isatap.~ 1 1 10.0.0.2 :3\nwpad.~ 1 1 10.0.0.1 :1\n",
         .origin = ""},
        {.label = "not in the root's",
         "$ORIGIN .\nwpad.corp.example.net 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :2\n",
         .origin = ""},
        {.label = "the head goes before the name",
         HEAD "wpad 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 static :6\norigin ~ from the head of the file\n",
         .name = "example.net",
         .origin = ""},
        {.label = "what the caller says goes before all",
         HEAD "wpad 1 A 10.0.0.1\n",
         "wpad.sub.~ 1 1 10.0.0.1 static :6\n",
         .origin = "sub.corp.example.net"},
        {.label = "none",
         "wpad.corp.example.net. 1 A 10.0.0.1\n",
         "wpad.~ 1 1 10.0.0.1 :1\n",
         .name = "export.txt",
         .origin = ""},
    };
    (void)state;
    run_cases(cases, LENGTH_OF(cases));
}

static void tells_of_faulty_files(void **state)
{
    static const struct read_case cases[] = {
        {.label = "empty", "", "failed: it is empty\n"},
        {.label = "packed in another way", "\xfd\x37zXZ", "", .origin = NULL},
        {.label = "packed, and cut off", "\x1f\x8b\x08", "failed: it is packed by gzip and ends early\n"},
        {.label = "comments alone", "; x\n", ""},
    };
    static const struct read_case absent = {.label = "absent", "", "", .name = "never-written"};
    struct audit_names made;
    struct text got = {.length = 0};
    (void)state;

    run_cases(cases, LENGTH_OF(cases));
    audit_names_open(&made, yaml, NULL);
    collect(&absent, made.names, &got);
    assert_string_equal(got.octets, "failed: No such file or directory\n");
    audit_names_close(&made);
}

/* Entries of more than DA_SCAN_ENTRY_MAX octets, of which the beginning alone is looked at. */
static void takes_what_it_can_of_long_entries(void **state)
{
    static const struct {
        const char *head, *tail, *expected;
    } parts[] = {
        {"wpad 1 TXT ", "", "wpad.~ 1 16 - :1\n"},
        {"wpad 1 A 10.0.0.1 ;", "", "?wpad.~ :1 an entry is too long to be read whole\n"},
        {"wpad 1 A ( ;", "\n10.0.0.1 )", "?wpad.~ :1 an entry is too long to be read whole\n"},
        {"wpad ( ;", "\n1 A 10.0.0.1 )", "?wpad.~ :1 an entry is too long to be read whole\n"},
        {"( ;", "\nwpad 1 A 10.0.0.1 )",
         "wpad.~ 1 1 10.0.0.1 :2\n?wpad.~ :2 a record of it stands within parentheses that opened before\n"
         "?all :1 an entry is too long to be read whole\n"},
        {"$ORIGIN ( ;", "\nsub )", "?all :1 an entry is too long to be read whole\n"},
        {"@ 1 TXT ", "", ""},
        {"@ 1 NS x ;", "", "?~ :1 an entry is too long to be read whole\n"},
        {"x 1 A ", "", ""},
    };
    char *text = malloc(100000);
    (void)state;

    assert_non_null(text);
    for (size_t i = 0; i < LENGTH_OF(parts); i++) {
        size_t used = (size_t)(stpcpy(text, parts[i].head) - text);
        memset(text + used, 'x', 80000);
        sprintf(text + used + 80000, "%s\n", parts[i].tail);
        const struct read_case test = {.label = parts[i].head, text, parts[i].expected};
        run_cases(&test, 1);
    }
    free(text);
}

/* Files that include each other DA_INCLUDE_DEPTH deep, and one file that includes DA_INCLUDE_FILES others. */
static void bounds_includes(void **state)
{
    struct read_case test = {.label = "depth", "$INCLUDE deep0\n", NULL};
    char name[32], text[64], *many = malloc(65536);
    size_t used = 0;
    (void)state;

    assert_non_null(many);
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "deep%d", i);
        snprintf(text, sizeof(text), "isatap.n%d 1 A 10.0.0.1\n$INCLUDE deep%d\n", i, i + 1);
        write_file(name, i < 19 ? text : "");
    }
    struct text expected = {.length = 0};
    static const int order[] = {0, 1, 10, 11, 12, 13, 14, 15, 2, 3, 4, 5, 6, 7, 8, 9};
    for (size_t i = 0; i < LENGTH_OF(order); i++)
        add(&expected, "isatap.n%d.~ 1 1 10.0.0.1 deep%d:1\n", order[i], order[i]);
    add(&expected, "?all :2 $INCLUDE of \"deep16\": files include each other too deep\n");
    test.expected = expected.octets;
    run_cases(&test, 1);

    write_file("leaf", "");
    for (int i = 0; i < DA_INCLUDE_FILES + 5; i++)
        used += (size_t)sprintf(many + used, "$INCLUDE leaf\n");
    expected.length = 0;
    add(&expected, "?all :%d $INCLUDE of \"leaf\": too many files are included\n", DA_INCLUDE_FILES);
    const struct read_case wide = {.label = "number", many, expected.octets};
    run_cases(&wide, 1);
    free(many);
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) != NULL ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static int remove_directory(void **state)
{
    (void)state;
    return nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_entries),
        cmocka_unit_test(doubts_what_it_cannot_read),
        cmocka_unit_test(finds_ttls),
        cmocka_unit_test(follows_directives),
        cmocka_unit_test(generates),
        cmocka_unit_test(reads_windows_exports),
        cmocka_unit_test(knows_windows_late),
        cmocka_unit_test(finds_the_origin),
        cmocka_unit_test(tells_of_faulty_files),
        cmocka_unit_test(bounds_includes),
        cmocka_unit_test(takes_what_it_can_of_long_entries),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
