// Reads an answer and judges it: it must be this call's own, whole, in order and properly ended.
#pragma once
#include "buffer.h"
#include "histogram.h"
#include <stdbool.h>
#include <stdint.h>

struct answer {
  unsigned long call;
  long chunks;           // events to come; 0: one JSON answer
  int64_t read_at;       // monotonic time at which the bytes now fed came
  bool failed;           // status other than 200: the body is kept, not judged
  long events;           // with content, so far
  int64_t first_event;   // time of the first
  bool usage;
  bool done;             // [DONE] came
  bool wrong;            // anything out of order, foreign or after [DONE], or an error event
  struct buffer text;    // a JSON answer, or the line that has not ended yet
  void (*on_event)(struct answer *answer, int64_t lag);
};

void answer_begin(struct answer *answer, unsigned long call, long chunks);
void answer_feed(struct answer *answer, const char *data, size_t length);
// The answer's end came: was all of it as it must be?
bool answer_is_right(const struct answer *answer);
