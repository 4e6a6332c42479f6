#include "histogram.h"

static int bucket_of(uint64_t value) {
  if (value < (1u << HISTOGRAM_BITS)) return (int)value;
  int shift = 63 - __builtin_clzll(value) - HISTOGRAM_BITS;
  return ((shift + 1) << HISTOGRAM_BITS) + (int)((value >> shift) - (1u << HISTOGRAM_BITS));
}

static double middle_of(int bucket) {
  int shift = (bucket >> HISTOGRAM_BITS) - 1;
  if (shift < 0) return bucket;
  uint64_t low = (uint64_t)((bucket & ((1 << HISTOGRAM_BITS) - 1)) + (1 << HISTOGRAM_BITS)) << shift;
  return (double)low + (double)(1ull << shift) / 2;
}

void histogram_add(struct histogram *histogram, int64_t nanoseconds) {
  if (nanoseconds < 0) nanoseconds = 0;
  histogram->buckets[bucket_of((uint64_t)nanoseconds)] += 1;
  histogram->count += 1;
  histogram->sum += (double)nanoseconds;
  if (nanoseconds > histogram->greatest) histogram->greatest = nanoseconds;
}

static double quantile(const struct histogram *histogram, double share) {
  uint64_t rank = (uint64_t)(share * (double)histogram->count);
  uint64_t seen = 0;
  for (int bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
    seen += histogram->buckets[bucket];
    double value = middle_of(bucket);
    if (seen > rank) return (value < (double)histogram->greatest ? value : (double)histogram->greatest) / 1000;
  }
  return (double)histogram->greatest / 1000;
}

void histogram_print(const struct histogram *histogram, FILE *out) {
  if (histogram->count == 0) {
    fputs("null", out);
    return;
  }
  fprintf(out, "{\"count\":%llu,\"mean\":%.2f,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"max\":%.2f}",
          (unsigned long long)histogram->count, histogram->sum / (double)histogram->count / 1000,
          quantile(histogram, 0.5), quantile(histogram, 0.9), quantile(histogram, 0.99),
          quantile(histogram, 0.999), (double)histogram->greatest / 1000);
}
