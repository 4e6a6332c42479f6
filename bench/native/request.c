#define _GNU_SOURCE
#include "request.h"
#include "loop.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mark[] = "call=0000000000";

static struct buffer body_of(const struct wish *wish) {
  static const char filler[] = "A prompt of the usual size says what is wanted, for whom and how long it may be. ";
  struct buffer body = {0};
  char text[512];
  int length = snprintf(text, sizeof text,
                        "{\"model\":\"%s\",%s\"temperature\":0.2,\"messages\":[{\"role\":\"system\",\"content\":"
                        "\"You are a bench.\"},{\"role\":\"user\",\"content\":\"%s chunks=%ld interval-us=%ld ",
                        wish->model,
                        wish->chunks > 0 ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "", mark,
                        wish->chunks, wish->interval_us);
  if (length >= (int)sizeof text) {
    fputs("the model's name is too long\n", stderr);
    exit(2);
  }
  buffer_append(&body, text, (size_t)length);
  for (long size = 0; size < wish->prompt_bytes; size += (long)sizeof filler - 1) {
    buffer_append(&body, filler, sizeof filler - 1);
  }
  buffer_append(&body, "\"}]}", 4);
  return body;
}

struct buffer request_template(const struct wish *wish, size_t *number_at) {
  struct buffer body = body_of(wish);
  char *head;
  int length = asprintf(&head,
                        "POST %s HTTP/1.1\r\nhost: 127.0.0.1:%ld\r\ncontent-type: application/json\r\n"
                        "accept: application/json, text/event-stream\r\n%s%scontent-length: %zu\r\n\r\n",
                        wish->path, wish->port, wish->header, wish->header[0] == 0 ? "" : "\r\n", body.length);
  if (length < 0) fail("memory");
  struct buffer request = {0};
  buffer_append(&request, head, (size_t)length);
  buffer_append(&request, body.data, body.length);
  char *found = memmem(request.data, request.length, mark, sizeof mark - 1);
  *number_at = (size_t)(found - request.data) + strlen("call=");
  free(head);
  buffer_free(&body);
  return request;
}

void request_number(struct buffer *request, size_t number_at, unsigned long call) {
  for (size_t place = number_at + 10; place > number_at; call /= 10) {
    place -= 1;
    request->data[place] = (char)('0' + call % 10);
  }
}
