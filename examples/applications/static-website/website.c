// SPDX-License-Identifier: ISC
/* website.c - serves the files of htdocs/ over HTTP until the operator ends it. */
#include "website.h"
#include "lib/http_files/files.h"
#include "runtime/log.h"
#include "runtime/fiber.h"

LOG_SOURCE(website);

err website_main(struct stack *net, struct kv *pages)
{
    static struct http_files files;
    static struct http_server server;

    http_files_init(&files, pages);
    TRY(http_server_init(&server, &http_server_defaults, &files.handler));
    TRY(tcp_listen(net, arg_port(), &server.service));
    log_info(website, "http://%I:%u/", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
