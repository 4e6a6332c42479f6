// One epoll loop with one alarm of nanosecond precision, and the sockets that hang on it.
#pragma once
#include "buffer.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

enum { EVENTS_AT_ONCE = 256, READ_SIZE = 65536 };

struct loop {
  int epoll;
  int alarm;
  int64_t alarm_at;
  struct epoll_event events[EVENTS_AT_ONCE];
};

struct socket {
  int fd; // -1: closed
  bool wants_write;
  struct buffer unsent;
};

extern volatile bool stop_requested; // SIGTERM or SIGINT came

void loop_open(struct loop *loop);
// Waits for sockets or until `deadline` (monotonic nanoseconds); the number of events, at most EVENTS_AT_ONCE.
int loop_wait(struct loop *loop, int64_t deadline);
// An epoll event's pointer is `owner`; the alarm's own events are dropped.
void loop_watch(struct loop *loop, struct socket *socket, void *owner, bool for_write);
// Sends now what the kernel takes and keeps the rest; false where the peer is gone.
bool socket_send(struct loop *loop, struct socket *socket, void *owner, const char *data, size_t length);
bool socket_flush(struct loop *loop, struct socket *socket, void *owner);
void socket_close(struct socket *socket);
void socket_set_up(int fd);
void raise_file_limit(void);
// Prints `problem` with errno's text and exits.
void fail(const char *problem);
