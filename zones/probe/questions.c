#include "probe/questions.h"

#include <string.h>
#include <strings.h>

static const char isatap[] = "isatap";

static const enum da_asked published[] = {DA_ASKED_CONNECTIVITY, DA_ASKED_WEB_PROBE};
#define PUBLISHED (sizeof(published) / sizeof(*published))

struct da_probe_questions da_probe_questions_of(const struct da_record_set *set)
{
    struct da_probe_questions questions = {.set = set, .labels = {isatap}, .label_count = 1};

    for (size_t i = 0; i < set->block_count; i++)
        if (strcasecmp(set->block[i], isatap) != 0)
            questions.labels[questions.label_count++] = set->block[i];
    questions.count = 2 * (questions.label_count + set->suffix_count * (PUBLISHED + questions.label_count));
    return questions;
}

void da_probe_question_get(const struct da_probe_questions *questions, size_t index, struct da_probe_question *question)
{
    const size_t bare = questions->label_count, per_suffix = PUBLISHED + questions->label_count;
    size_t which = index / 2;

    question->type = index % 2 == 0 ? DA_TYPE_A : DA_TYPE_AAAA;
    question->asked = DA_ASKED_BLOCKED;
    question->suffix = DA_PROBE_BARE;
    if (which < bare) {
        question->label = questions->labels[which];
        return;
    }
    question->suffix = (which - bare) / per_suffix;
    which = (which - bare) % per_suffix;
    if (which >= PUBLISHED) {
        question->label = questions->labels[which - PUBLISHED];
        return;
    }
    question->asked = published[which];
    question->label = question->asked == DA_ASKED_CONNECTIVITY ? da_label_corp_connectivity : da_label_web_probe;
}

bool da_probe_question_name(const struct da_probe_questions *questions, const struct da_probe_question *question,
                            struct da_name *name)
{
    static const struct da_name root = {.length = 1};
    const struct da_name *parent =
        question->suffix == DA_PROBE_BARE ? &root : &questions->set->suffixes[question->suffix];

    if (da_name_prepend(question->label, parent, name) == DA_OK)
        return true;
    *name = *parent;
    return false;
}

bool da_probe_question_find(const struct da_probe_questions *questions, size_t suffix, enum da_asked asked,
                            const char *label, uint16_t type, size_t *index)
{
    size_t which = 0;

    while (asked == DA_ASKED_BLOCKED && which < questions->label_count &&
           strcasecmp(label, questions->labels[which]) != 0)
        which++;
    if (which == questions->label_count || (suffix != DA_PROBE_BARE && suffix >= questions->set->suffix_count) ||
        (suffix == DA_PROBE_BARE && asked != DA_ASKED_BLOCKED))
        return false;
    if (suffix != DA_PROBE_BARE) {
        which += asked == DA_ASKED_BLOCKED ? PUBLISHED : asked == DA_ASKED_WEB_PROBE ? 1 : 0;
        which += questions->label_count + suffix * (PUBLISHED + questions->label_count);
    }
    *index = 2 * which + (type == DA_TYPE_AAAA);
    return true;
}
