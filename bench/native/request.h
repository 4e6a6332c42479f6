// The one request that a load makes again and again, each time with another call's number in its prompt.
#pragma once
#include "buffer.h"

struct wish {
  long port;
  const char *path;
  const char *header; // one line, or ""
  const char *model;
  long prompt_bytes;
  long chunks; // 0: not streamed
  long interval_us;
};

// Head and body. `number_at` is where the ten digits of the call's number stand.
struct buffer request_template(const struct wish *wish, size_t *number_at);
void request_number(struct buffer *request, size_t number_at, unsigned long call);
