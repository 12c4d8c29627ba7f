#include "audit/report_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- the index ---- */

static int compare_keys(const void *left, const void *right)
{
    const struct da_report_key *a = left, *b = right;

    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->suffix != b->suffix)
        return a->suffix < b->suffix ? -1 : 1;
    return (a->finding > b->finding) - (a->finding < b->finding);
}

/* The source of a finding; most often it is that of the finding before. */
static size_t source_of(const struct da_check_request *request, const struct da_collection *collection, size_t guess)
{
    if (collection == NULL)
        return SIZE_MAX;
    if (guess < request->collection_count && request->collections[guess] == collection)
        return guess;
    for (size_t i = 0; i < request->collection_count; i++)
        if (request->collections[i] == collection)
            return i;
    return SIZE_MAX;
}

/* Of a suffix that no source says anything of, nothing was found: that does not make it right. */
static bool is_covered(const struct da_check_request *request, size_t suffix)
{
    for (size_t i = 0; i < request->collection_count; i++)
        if (da_covers(request->collections[i], &request->set->suffixes[suffix]))
            return true;
    return false;
}

enum da_status da_report_index_make(const struct da_audit *audit, struct da_report_index *index)
{
    const size_t suffixes = audit->request.set->suffix_count;

    memset(index, 0, sizeof(*index));
    index->audit = audit;
    index->keys = calloc(audit->finding_count > 0 ? audit->finding_count : 1, sizeof(*index->keys));
    index->worst = calloc(suffixes > 0 ? suffixes : 1, sizeof(*index->worst));
    if (index->keys == NULL || index->worst == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0, source = SIZE_MAX; i < audit->finding_count; i++) {
        const struct da_finding *finding = &audit->findings[i];
        source = source_of(&audit->request, finding->collection, source);
        index->keys[i] = (struct da_report_key){.source = source, .suffix = finding->suffix, .finding = i};
        if (finding->suffix < suffixes && finding->severity > index->worst[finding->suffix])
            index->worst[finding->suffix] = finding->severity;
    }
    qsort(index->keys, audit->finding_count, sizeof(*index->keys), compare_keys);
    for (size_t i = 0; i < suffixes; i++)
        index->right_count += index->worst[i] <= DA_SEVERITY_NOTE && is_covered(&audit->request, i);
    return DA_OK;
}

void da_report_index_clear(struct da_report_index *index)
{
    free(index->keys);
    free(index->worst);
    memset(index, 0, sizeof(*index));
}

/* The first key not less. */
static size_t lower_bound(const struct da_report_index *index, const struct da_report_key *key)
{
    size_t low = 0, high = index->audit->finding_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(&index->keys[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t da_report_index_find(const struct da_report_index *index, size_t source, size_t suffix, size_t *first)
{
    struct da_report_key key = {.source = source, .suffix = suffix};

    *first = lower_bound(index, &key);
    key.finding = SIZE_MAX;
    return lower_bound(index, &key) - *first;
}

enum da_severity da_report_index_worst(const struct da_report_index *index, size_t source, size_t suffix)
{
    enum da_severity worst = DA_SEVERITY_SILENT;
    size_t first, count = da_report_index_find(index, source, suffix, &first);

    for (size_t i = first; i < first + count; i++)
        if (index->audit->findings[index->keys[i].finding].severity > worst)
            worst = index->audit->findings[index->keys[i].finding].severity;
    return worst;
}

size_t da_table_count(const struct da_check_request *request, size_t limit)
{
    size_t count = 0;

    for (size_t i = 0; i < request->collection_count; i++)
        for (size_t j = 0; j < request->set->suffix_count && count <= limit; j++)
            count += da_covers(request->collections[i], &request->set->suffixes[j]);
    return count;
}

/* ---- lines ---- */

/* What a table is made of, while it is. */
struct making {
    const struct da_report_index *index;
    const struct da_collection *collection;
    const struct da_name *suffix;
    size_t first, count; /* keys */
    struct da_table *table;
    size_t name_at; /* the first line of the name that is at work */
    struct da_name name;
};

/* Copies text, cut with "..." where it is too long. */
static void copy_cut(char *to, size_t size, const char *text)
{
    if (snprintf(to, size, "%s", text) >= (int)size)
        strcpy(to + size - 4, "...");
}

/* The labels of a name in front of the suffix, or the whole name where it is not below it. */
static void put_label(const struct making *making, struct da_line *line)
{
    char text[DA_NAME_TEXT_MAX];
    struct da_name front = making->name;

    if (da_name_equal(making->name.wire, making->suffix->wire)) {
        strcpy(line->label, "@");
        return;
    }
    if (da_name_is_below(&making->name, making->suffix)) {
        front.length = (uint8_t)(front.length - making->suffix->length + 1);
        front.wire[front.length - 1] = 0;
    }
    copy_cut(line->label, sizeof(line->label), da_words_name(&front, text));
}

/* NULL = out of memory. */
static struct da_line *add_line(struct making *making, uint16_t type)
{
    struct da_table *table = making->table;

    if (table->count == table->room) {
        size_t room = table->room > 0 ? 2 * table->room : 32;
        struct da_line *lines = realloc(table->lines, room * sizeof(*lines));
        if (lines == NULL)
            return NULL;
        table->lines = lines;
        table->room = room;
    }
    struct da_line *line = &table->lines[table->count];
    memset(line, 0, sizeof(*line));
    line->first = table->count == making->name_at;
    put_label(making, line);
    line->of_type = type;
    if (type != 0)
        da_words_type(type, line->type);
    strcpy(line->is, "-");
    strcpy(line->should, "-");
    table->count++;
    return line;
}

static void put_found(struct da_line *line, const struct da_found *found)
{
    char text[DA_WORDS_RDATA_MAX];

    line->found = found;
    copy_cut(line->is, sizeof(line->is), da_words_rdata(found, text));
}

static void put_expected(struct da_line *line, const struct da_rrset *rrset, size_t at)
{
    char text[DA_WORDS_RDATA_MAX];

    line->expected = rrset->rdata + at * rrset->rdata_length;
    copy_cut(line->should, sizeof(line->should), da_words_address(line->expected, rrset->rdata_length, text));
}

static bool is_same(const struct da_found *found, const struct da_rrset *rrset, size_t at)
{
    return rrset != NULL && found->rdata_length == rrset->rdata_length &&
           memcmp(found->rdata, rrset->rdata + at * rrset->rdata_length, rrset->rdata_length) == 0;
}

/* Right ones first. */
static enum da_status add_right(struct making *making, const struct da_rrset *rrset, const struct da_found *found,
                                size_t count)
{
    for (size_t i = 0; rrset != NULL && i < rrset->count; i++) {
        for (size_t j = 0; j < count; j++) {
            if (!is_same(&found[j], rrset, i))
                continue;
            struct da_line *line = add_line(making, rrset->type);
            if (line == NULL)
                return DA_ERR_MEMORY;
            put_found(line, &found[j]);
            put_expected(line, rrset, i);
        }
    }
    return DA_OK;
}

static bool is_found(const struct da_rrset *rrset, size_t at, const struct da_found *found, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_same(&found[i], rrset, at))
            return true;
    return false;
}

static bool is_expected(const struct da_found *found, const struct da_rrset *rrset)
{
    for (size_t i = 0; rrset != NULL && i < rrset->count; i++)
        if (is_same(found, rrset, i))
            return true;
    return false;
}

/* Then each wrong one beside one that is missing, as long as there are both. */
static enum da_status add_wrong(struct making *making, uint16_t type, const struct da_rrset *rrset,
                                const struct da_found *found, size_t count)
{
    const bool is_unknown = da_presence_of(making->collection, &making->name, type) == DA_PRESENCE_UNDETERMINED;
    size_t expected_count = rrset != NULL ? rrset->count : 0;

    for (size_t i = 0, j = 0;; i++, j++) {
        while (i < count && is_expected(&found[i], rrset))
            i++;
        while (j < expected_count && is_found(rrset, j, found, count))
            j++;
        if (i >= count && j >= expected_count)
            return DA_OK;
        struct da_line *line = add_line(making, type);
        if (line == NULL)
            return DA_ERR_MEMORY;
        if (i < count)
            put_found(line, &found[i]);
        else if (is_unknown)
            strcpy(line->is, "?");
        if (j < expected_count)
            put_expected(line, rrset, j);
    }
}

static enum da_status add_type(struct making *making, uint16_t type, const struct da_rrset *rrset)
{
    size_t count = 0;
    const struct da_found *found = da_collection_find(making->collection, &making->name, type, &count);
    enum da_status status = add_right(making, rrset, found, found != NULL ? count : 0);

    return status == DA_OK ? add_wrong(making, type, rrset, found, found != NULL ? count : 0) : status;
}

/* ---- verdicts ---- */

/* Who owns the node matters where something is missing. */
static bool is_near(const struct da_line *line, const struct da_finding *finding)
{
    if (finding->code == DA_FINDING_NODE_OWNER)
        return line->found == NULL && line->expected != NULL;
    return line->of_type == finding->type;
}

/* The line that a finding about the name at work belongs to. */
static struct da_line *line_of(struct making *making, const struct da_finding *finding)
{
    struct da_table *table = making->table;
    struct da_line *near = NULL;

    for (size_t i = making->name_at; i < table->count; i++) {
        struct da_line *line = &table->lines[i];
        if (finding->found != NULL
                ? line->found == finding->found
                : finding->address_length > 0 && line->expected != NULL && line->of_type == finding->type &&
                      memcmp(line->expected, finding->address, finding->address_length) == 0)
            return line;
        if (near == NULL && is_near(line, finding))
            near = line;
    }
    return near != NULL ? near : &table->lines[making->name_at];
}

/* "missing" goes without saying beside something that is wrong, and nothing is said twice. */
static void add_words(struct da_line *line, const char *words)
{
    size_t used = strlen(line->words);

    if (strstr(line->words, words) != NULL || (strcmp(words, "missing") == 0 && line->found != NULL))
        return;
    if (used + strlen(words) + 3 <= sizeof(line->words))
        snprintf(line->words + used, sizeof(line->words) - used, "%s%s", used > 0 ? ", " : "", words);
}

static bool is_about(const struct making *making, const struct da_finding *finding)
{
    return finding->name.length > 0 && da_name_equal(finding->name.wire, making->name.wire);
}

/* TTLs are told once an RRset, and are of all its records. */
static bool add_ttl(struct making *making, const struct da_finding *finding)
{
    struct da_table *table = making->table;
    char words[DA_WORDS_VERDICT_MAX];

    if (finding->code != DA_FINDING_TTL_DIFFERS && finding->code != DA_FINDING_TTL_MIXED)
        return false;
    for (size_t i = making->name_at; i < table->count; i++) {
        struct da_line *line = &table->lines[i];
        if (line->found == NULL || line->of_type != finding->type || !line->found->has_ttl ||
            line->found->ttl == making->index->audit->request.set->ttl)
            continue;
        snprintf(words, sizeof(words), "TTL %" PRIu32, line->found->ttl);
        add_words(line, words);
        if (finding->severity > line->severity)
            line->severity = finding->severity;
    }
    return true;
}

static const struct da_finding *finding_at(const struct making *making, size_t i)
{
    return &making->index->audit->findings[making->index->keys[making->first + i].finding];
}

/* A blocked name may have other records: they bring up no tunnel. */
static bool leads_on(uint16_t type)
{
    return type == DA_TYPE_A || type == DA_TYPE_AAAA || type == DA_TYPE_CNAME;
}

static void put_ok(struct da_line *line)
{
    line->is_right = true;
    strcpy(line->words, "ok");
}

/* Of what is right, but for its TTL perhaps, and stays. */
static void add_static(struct da_line *line)
{
    const struct da_found *found = line->found;

    if (found != NULL && line->expected != NULL && found->aging == DA_AGING_STATIC && found->rdata_length > 0 &&
        memcmp(found->rdata, line->expected, found->rdata_length) == 0)
        add_words(line, "static");
}

/* A line that no finding gave words. */
static void judge_silent(struct da_line *line, bool is_blocked, bool has_finding)
{
    if (strcmp(line->is, "?") == 0)
        strcpy(line->words, "not known");
    else if ((line->found != NULL && line->expected != NULL) ||
             (is_blocked && (line->found == NULL || !leads_on(line->of_type))))
        put_ok(line);
    else if (!has_finding)
        strcpy(line->words, "not reported"); /* its finding is silenced */
}

/* Gives each line of the name its words. is_blocked: the name is to have nothing. */
static void judge_name(struct making *making, bool is_blocked)
{
    struct da_table *table = making->table;
    char words[DA_WORDS_VERDICT_MAX];
    bool has_finding = false;

    for (size_t i = 0; i < making->count && table->count > making->name_at; i++) {
        const struct da_finding *finding = finding_at(making, i);
        if (!is_about(making, finding))
            continue;
        making->table->used[i] = has_finding = true;
        if (add_ttl(making, finding) || finding->code == DA_FINDING_STATIC_PARTLY) /* each line tells its own */
            continue;
        struct da_line *line = line_of(making, finding);
        add_words(line, da_words_verdict(finding, making->index->audit->request.now, words));
        if (finding->severity > line->severity)
            line->severity = finding->severity;
    }
    for (size_t i = making->name_at; i < table->count; i++) {
        struct da_line *line = &table->lines[i];
        if (line->words[0] == '\0')
            judge_silent(line, is_blocked, has_finding);
        add_static(line);
    }
}

/* ---- names ---- */

static bool has_finding(const struct making *making)
{
    for (size_t i = 0; i < making->count; i++)
        if (is_about(making, finding_at(making, i)))
            return true;
    return false;
}

static const struct da_rrset *rrset_of(const struct da_owner *owner, uint16_t type)
{
    for (size_t i = 0; owner != NULL && i < owner->rrset_count; i++)
        if (owner->rrsets[i].type == type)
            return &owner->rrsets[i];
    return NULL;
}

/* Addresses, and what stands in their way. */
static enum da_status add_published(struct making *making, const struct da_owner *owner)
{
    static const uint16_t types[] = {DA_TYPE_A, DA_TYPE_AAAA, DA_TYPE_CNAME, DA_TYPE_NS, DA_TYPE_DNAME};
    enum da_status status = DA_OK;

    making->name_at = making->table->count;
    for (size_t i = 0; status == DA_OK && i < sizeof(types) / sizeof(types[0]); i++)
        status = add_type(making, types[i], rrset_of(owner, types[i]));
    if (status == DA_OK && making->table->count == making->name_at && has_finding(making) && !add_line(making, 0))
        status = DA_ERR_MEMORY;
    if (status == DA_OK)
        judge_name(making, false);
    return status;
}

/* A name that is to have nothing: all that is there, else a line that says so. */
static enum da_status add_other(struct making *making)
{
    size_t count = 0;
    const struct da_found *found = da_collection_find(making->collection, &making->name, 0, &count);

    making->name_at = making->table->count;
    for (size_t i = 0; found != NULL && i < count; i++) {
        struct da_line *line = add_line(making, found[i].type);
        if (line == NULL)
            return DA_ERR_MEMORY;
        put_found(line, &found[i]);
    }
    if (found == NULL || count == 0) {
        struct da_line *line = add_line(making, 0);
        if (line == NULL)
            return DA_ERR_MEMORY;
        if (da_presence_of(making->collection, &making->name, DA_TYPE_A) == DA_PRESENCE_UNDETERMINED)
            strcpy(line->is, "?");
    }
    judge_name(making, true);
    return DA_OK;
}

/* Remote clients are to find no network location server; what else their resolver has is not judged, and neither is a
 * name that the deployment does not publish. */
static enum da_status add_label(struct making *making, const struct da_label *label)
{
    if (!making->collection->remote)
        return label->owner != NULL || has_finding(making) ? add_published(making, label->owner) : DA_OK;
    return label->role == DA_LABEL_NLS ? add_other(making) : DA_OK;
}

static bool has_line(const struct making *making, const struct da_found *found)
{
    for (size_t i = making->name_at; i < making->table->count; i++)
        if (making->table->lines[i].found == found)
            return true;
    return false;
}

/* The records that findings are about, where the table has nothing else of the name. */
static enum da_status add_from_findings(struct making *making, size_t first)
{
    const uint16_t type = finding_at(making, first)->type;

    making->name = finding_at(making, first)->name;
    making->name_at = making->table->count;
    for (size_t i = first; i < making->count; i++) {
        const struct da_finding *finding = finding_at(making, i);
        if (!is_about(making, finding) || finding->found == NULL || has_line(making, finding->found))
            continue;
        struct da_line *line = add_line(making, finding->found->type);
        if (line == NULL)
            return DA_ERR_MEMORY;
        put_found(line, finding->found);
    }
    if (making->table->count == making->name_at && add_line(making, type) == NULL)
        return DA_ERR_MEMORY;
    judge_name(making, false);
    return DA_OK;
}

/* Names below the suffix, wildcards, apexes. */
static enum da_status add_rest(struct making *making)
{
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < making->count; i++)
        if (!making->table->used[i] && finding_at(making, i)->name.length > 0)
            status = add_from_findings(making, i);
    return status;
}

/* Leaves out lines of one name and type that are right, but the first ones. */
static void thin(struct da_table *table, size_t limit)
{
    size_t kept = 0, right = 0;

    for (size_t i = 0; i < table->count; i++) {
        struct da_line *line = &table->lines[i];
        if (line->first || (kept > 0 && line->of_type != table->lines[kept - 1].of_type))
            right = 0;
        right += line->is_right;
        if (line->is_right && right > limit) {
            table->lines[kept - 1].more++;
            continue;
        }
        table->lines[kept++] = *line;
    }
    table->count = kept;
}

static enum da_status prepare(struct da_table *table, size_t count)
{
    table->count = 0;
    if (count > table->used_room) {
        bool *used = realloc(table->used, count * sizeof(*used));
        if (used == NULL)
            return DA_ERR_MEMORY;
        table->used = used;
        table->used_room = count;
    }
    if (count > 0)
        memset(table->used, 0, count * sizeof(*table->used));
    return DA_OK;
}

enum da_status da_table_make(const struct da_report_index *index, size_t source, size_t suffix, size_t limit,
                             struct da_table *table)
{
    const struct da_check_request *request = &index->audit->request;
    struct making making = {.index = index,
                            .collection = request->collections[source],
                            .suffix = &request->set->suffixes[suffix],
                            .table = table};

    making.count = da_report_index_find(index, source, suffix, &making.first);
    enum da_status status = prepare(table, making.count);
    for (size_t i = 0; status == DA_OK && i < request->names->label_count; i++)
        if (da_name_prepend(request->names->labels[i].text, making.suffix, &making.name) == DA_OK)
            status = add_label(&making, &request->names->labels[i]);
    for (size_t i = 0; status == DA_OK && i < request->set->block_count; i++)
        if (da_name_prepend(request->set->block[i], making.suffix, &making.name) == DA_OK)
            status = add_other(&making);
    if (status == DA_OK)
        status = add_rest(&making);
    if (status == DA_OK)
        thin(table, limit);
    return status;
}

void da_table_clear(struct da_table *table)
{
    free(table->lines);
    free(table->used);
    memset(table, 0, sizeof(*table));
}
