// SPDX-License-Identifier: ISC
/* filter.c - which sources of a group are heard: sets of them, and the filters of all users as one (RFC 3376 section 3.2, RFC 3810 section
 * 4.2). Where that one would have too many sources, the interface hears all, and each user still what it asked for. */
#include "lib/multicast/inside.h"

static size_t index_of(const struct ip_sources *s, const struct ip *source)
{
    size_t i = 0;
    while (i < s->num && !ip_eq(&s->ip[i], source))
        i++;
    return i;
}

bool multicast_has(const struct ip_sources *s, const struct ip *source)
{
    return index_of(s, source) < s->num;
}

bool multicast_hears(const struct ip_sources *s, const struct ip *source)
{
    return multicast_has(s, source) != s->is_exclude;
}

bool multicast_add(struct ip_sources *s, const struct ip *source)
{
    if (multicast_has(s, source))
        return true;
    if (s->num == IP_SOURCES_MAX)
        return false;
    s->ip[s->num++] = *source;
    return true;
}

void multicast_drop(struct ip_sources *s, const struct ip *source)
{
    size_t i = index_of(s, source);
    if (i == s->num)
        return;
    s->num--;
    s->ip[i] = s->ip[s->num];
    s->ip[s->num] = (struct ip){ 0 };
}

bool multicast_same(const struct ip_sources *a, const struct ip_sources *b)
{
    bool is_same = a->is_exclude == b->is_exclude && a->num == b->num;
    for (size_t i = 0; i < a->num; i++)
        is_same = is_same && multicast_has(b, &a->ip[i]);
    return is_same;
}

/* ---- All users of a group */

static bool is_user(const struct multicast_member *member, const struct ip *group)
{
    return multicast_is_anybody(&member->sources) && ip_eq(&member->group, group);
}

/* Of those who hear all but some, none hears what all of them leave out. */
static struct ip_sources excluded_by_all(const struct multicast *m, const struct ip *group)
{
    struct ip_sources out = { 0 };
    for (size_t i = 0; i < MULTICAST_MEMBERS; i++) {
        const struct ip_sources *own = &m->member[i].sources;
        if (!is_user(&m->member[i], group) || !own->is_exclude)
            continue;
        if (!out.is_exclude)
            out = *own;
        for (size_t n = out.num; n-- > 0;)
            if (!multicast_has(own, &out.ip[n]))
                multicast_drop(&out, &out.ip[n]);
    }
    return out;
}

static void include(struct ip_sources *out, const struct ip_sources *own)
{
    for (size_t n = 0; n < own->num; n++) {
        if (out->is_exclude)
            multicast_drop(out, &own->ip[n]);
        else if (!multicast_add(out, &own->ip[n]))
            *out = (struct ip_sources){ .is_exclude = true };
    }
}

struct ip_sources multicast_merged(const struct multicast *m, const struct ip *group)
{
    struct ip_sources out = excluded_by_all(m, group);
    for (size_t i = 0; i < MULTICAST_MEMBERS; i++)
        if (is_user(&m->member[i], group) && !m->member[i].sources.is_exclude)
            include(&out, &m->member[i].sources);
    return out;
}
