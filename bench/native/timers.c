#include "timers.h"
#include "loop.h"
#include <stdlib.h>

static struct timer **heap; // heap[1] is the next one due
static size_t count;
static size_t capacity;

static void put(struct timer *timer, size_t place) {
  heap[place] = timer;
  timer->place = place;
}

static void rise(struct timer *timer, size_t place) {
  for (; place > 1 && heap[place / 2]->due > timer->due; place /= 2) put(heap[place / 2], place);
  put(timer, place);
}

static void sink(struct timer *timer, size_t place) {
  for (;;) {
    size_t child = place * 2;
    if (child > count) break;
    if (child < count && heap[child + 1]->due < heap[child]->due) child += 1;
    if (heap[child]->due >= timer->due) break;
    put(heap[child], place);
    place = child;
  }
  put(timer, place);
}

void timer_set(struct timer *timer, int64_t due) {
  timer_clear(timer);
  timer->due = due;
  if (count + 1 >= capacity) {
    capacity = capacity == 0 ? 1024 : capacity * 2;
    heap = realloc(heap, capacity * sizeof *heap);
    if (heap == NULL) fail("memory");
  }
  count += 1;
  rise(timer, count);
}

void timer_clear(struct timer *timer) {
  size_t place = timer->place;
  if (place == 0) return;
  timer->place = 0;
  struct timer *last = heap[count];
  count -= 1;
  if (last == timer) return;
  if (place > 1 && heap[place / 2]->due > last->due) rise(last, place);
  else sink(last, place);
}

struct timer *timer_next(void) { return count == 0 ? NULL : heap[1]; }
