// Counts of durations in buckets whose width is at most 1/256 of their value.
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { HISTOGRAM_BITS = 8, HISTOGRAM_BUCKETS = (64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS };

struct histogram {
  uint64_t buckets[HISTOGRAM_BUCKETS];
  uint64_t count;
  int64_t greatest;
  double sum;
};

void histogram_add(struct histogram *histogram, int64_t nanoseconds);
// {"count":n,"mean":x,"p50":x,"p90":x,"p99":x,"p999":x,"max":x} in microseconds; null where nothing was counted.
void histogram_print(const struct histogram *histogram, FILE *out);
