// Monotonic time, in nanoseconds. Both ends of the bench run on one machine, so that their clocks are the same.
#pragma once
#include <stdint.h>
#include <time.h>

#define NANOSECONDS 1000000000LL

static inline int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * NANOSECONDS + time.tv_nsec;
}
