// A binary heap of due times. A timer knows its place, so that it can be taken out when its owner goes.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct timer {
  int64_t due;   // monotonic nanoseconds
  size_t place;  // from 1; 0: not set
  void *owner;
};

void timer_set(struct timer *timer, int64_t due);
void timer_clear(struct timer *timer);
// The next one due, or NULL.
struct timer *timer_next(void);
