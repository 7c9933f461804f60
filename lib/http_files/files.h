// SPDX-License-Identifier: ISC
/* files.h - an HTTP handler (lib/http_server) that serves a store (interface/kv.h) to GET and HEAD: "/a/" is the key
 * a/index.html, "/a" is redirected there when that exists, 404.html answers what is not there. ETags are the store's
 * digests; values in memory are never copied, others are read piece by piece. */
#ifndef LIB_HTTP_FILES_FILES_H
#define LIB_HTTP_FILES_FILES_H
#include "interface/kv.h"
#include "lib/http_server/server.h"

struct http_files {
    struct http_handler handler;    /* for http_server_init */
    struct kv *kv;
};
/* Keeps the store. */
void http_files_init(struct http_files *f, struct kv *kv);

#endif
