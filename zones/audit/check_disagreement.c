/* Servers and resolvers that answer the same question differently. */
#include "audit/check.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_ANSWER SIZE_MAX
#define NAMED     3 /* addresses and sources of a kind that are told by name */

/* What sources answer to one question: those of one group the same. */
struct question {
    const struct check_suffix *at;
    struct da_name name;
    uint16_t type;
    size_t *group; /* by source: the first source that answers the same; NO_ANSWER = it has none */
    size_t group_count;
};

/* The addresses a source answers; false where it does not, or where its answer says nothing. */
static bool find_answer(const struct question *question, size_t source, const struct da_found **found, size_t *count)
{
    const struct da_collection *collection = question->at->run->request->collections[source];
    size_t others;

    if (da_collection_is_contents(collection) || collection->failed || collection->remote)
        return false;
    const struct da_reply *reply = da_collection_reply_to(collection, &question->name, question->type);
    if (reply == NULL || reply->outcome == DA_OUTCOME_FAILED || reply->outcome == DA_OUTCOME_REFERRAL)
        return false;
    *found = da_collection_find(collection, &question->name, question->type, count);
    /* Where an alias leads, an authoritative server need not know. */
    return *count > 0 || da_collection_find(collection, &question->name, DA_TYPE_CNAME, &others) == NULL;
}

static bool is_same(const struct da_found *a, size_t a_count, const struct da_found *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (a[i].rdata_length != b[i].rdata_length ||
            (a[i].rdata_length > 0 && memcmp(a[i].rdata, b[i].rdata, a[i].rdata_length) != 0))
            return false;
    return true;
}

static void form_groups(struct question *question)
{
    size_t source_count = question->at->run->request->collection_count;
    const struct da_found *found, *other;
    size_t count, other_count;

    question->group_count = 0;
    for (size_t i = 0; i < source_count; i++) {
        question->group[i] = NO_ANSWER;
        if (!find_answer(question, i, &found, &count))
            continue;
        for (size_t j = 0; j < i && question->group[i] == NO_ANSWER; j++)
            if (question->group[j] == j && find_answer(question, j, &other, &other_count) &&
                is_same(found, count, other, other_count))
                question->group[i] = j;
        if (question->group[i] == NO_ANSWER) {
            question->group[i] = i;
            question->group_count++;
        }
    }
}

/* "192.0.2.1, 192.0.2.2 and 5 more": the members of a group. */
static void write_members(const struct question *question, size_t group, FILE *out)
{
    const struct da_check_request *request = question->at->run->request;
    size_t told = 0, more = 0;

    for (size_t i = 0; i < request->collection_count; i++) {
        if (question->group[i] != group)
            continue;
        if (told == NAMED)
            more++;
        else
            fprintf(out, "%s%s", told++ > 0 ? ", " : "", request->collections[i]->title);
    }
    if (more > 0)
        fprintf(out, " and %zu more", more);
}

static void write_answer(const struct question *question, size_t group, FILE *out)
{
    char text[INET6_ADDRSTRLEN];
    const struct da_found *found = NULL;
    size_t count = 0;

    find_answer(question, group, &found, &count);
    if (count == 0)
        fputs("nothing", out);
    for (size_t i = 0; i < count && i < NAMED; i++) {
        bool is_ipv6 = found[i].rdata_length == DA_IPV6_LEN;
        bool is_known = is_ipv6 || found[i].rdata_length == DA_IPV4_LEN;
        const char *address =
            is_known ? inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, found[i].rdata, text, sizeof(text)) : "?";
        fprintf(out, "%s%s", i > 0 ? ", " : "", address);
    }
    if (count > NAMED)
        fprintf(out, " and %zu more", count - NAMED);
}

static void report(const struct question *question, size_t rank)
{
    struct check_run *run = question->at->run;
    struct da_finding *finding =
        check_add(question->at, rank, &question->name, DA_FINDING_RESOLVERS_DISAGREE, question->type, NULL);
    const char *between = "";
    char *text = NULL;
    size_t size = 0;

    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        run->status = DA_ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < run->request->collection_count && ftell(out) < (long)sizeof(finding->detail); i++) {
        if (question->group[i] != i)
            continue;
        fputs(between, out);
        between = "; ";
        write_members(question, i, out);
        fputs(": ", out);
        write_answer(question, i, out);
    }
    if (fclose(out) != 0)
        run->status = DA_ERR_MEMORY;
    else
        check_say(finding, "%s", text);
    free(text);
}

void check_disagreement(const struct check_suffix *at)
{
    static const uint16_t types[] = {DA_TYPE_A, DA_TYPE_AAAA};
    const struct da_names *names = at->run->request->names;
    struct question question = {.at = at};

    question.group = calloc(at->run->request->collection_count + 1, sizeof(*question.group));
    if (question.group == NULL) {
        at->run->status = DA_ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < names->label_count; i++) {
        const struct da_label *label = &names->labels[i];
        if (label->owner == NULL || da_name_prepend(label->text, at->suffix, &question.name) != DA_OK)
            continue;
        for (size_t j = 0; j < sizeof(types) / sizeof(types[0]); j++) {
            question.type = types[j];
            form_groups(&question);
            if (question.group_count > 1)
                report(&question, CHECK_RANK_LABEL + label->role);
        }
    }
    free(question.group);
}
