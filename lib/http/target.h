// SPDX-License-Identifier: ISC
/* target.h - the forms of a request target (RFC 9112 section 3.2). Private to lib/http. */
#ifndef LIB_HTTP_TARGET_H
#define LIB_HTTP_TARGET_H
#include "lib/http/http.h"

/* host [":" port], or empty (RFC 9110 section 7.2). */
MUST_CHECK bool host_is_valid(struct span s);
/* Splits r->target by the form that r->method allows into path, query and host. */
MUST_CHECK enum http_err target_parse(struct http_request *r);

#endif
