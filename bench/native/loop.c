#define _GNU_SOURCE
#include "loop.h"
#include "clock.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

volatile bool stop_requested = false;

static void on_stop(int signal) {
  (void)signal;
  stop_requested = true;
}

void fail(const char *problem) {
  perror(problem);
  exit(1);
}

void loop_open(struct loop *loop) {
  struct sigaction stop = {.sa_handler = on_stop}; // no SA_RESTART: a wait must end
  sigaction(SIGTERM, &stop, NULL);
  sigaction(SIGINT, &stop, NULL);
  signal(SIGPIPE, SIG_IGN);
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  loop->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  loop->alarm_at = 0;
  if (loop->epoll < 0 || loop->alarm < 0) fail("epoll");
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = loop};
  epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->alarm, &event);
}

int loop_wait(struct loop *loop, int64_t deadline) {
  if (deadline != loop->alarm_at) {
    struct itimerspec at = {.it_value = {deadline / NANOSECONDS, deadline % NANOSECONDS}};
    if (timerfd_settime(loop->alarm, TFD_TIMER_ABSTIME, &at, NULL) < 0) fail("timer");
    loop->alarm_at = deadline;
  }
  int count = epoll_wait(loop->epoll, loop->events, EVENTS_AT_ONCE, -1);
  if (count < 0 && errno != EINTR) fail("epoll_wait");
  int kept = 0;
  for (int i = 0; i < count; i++) {
    if (loop->events[i].data.ptr == loop) loop->alarm_at = 0;
    else loop->events[kept++] = loop->events[i];
  }
  return kept;
}

void loop_watch(struct loop *loop, struct socket *socket, void *owner, bool for_write) {
  struct epoll_event event = {.events = EPOLLIN | (for_write ? EPOLLOUT : 0), .data.ptr = owner};
  socket->wants_write = for_write;
  if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, socket->fd, &event) == 0) return;
  if (errno != ENOENT || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, socket->fd, &event) < 0) fail("epoll_ctl");
}

// The bytes that the kernel took; -1 where the peer is gone.
static ssize_t write_some(int fd, const char *data, size_t length) {
  size_t sent = 0;
  while (sent < length) {
    ssize_t size = send(fd, data + sent, length - sent, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == ENOTCONN ? (ssize_t)sent : -1;
    sent += (size_t)size;
  }
  return (ssize_t)sent;
}

bool socket_send(struct loop *loop, struct socket *socket, void *owner, const char *data, size_t length) {
  ssize_t sent = socket->unsent.length > 0 ? 0 : write_some(socket->fd, data, length);
  if (sent < 0) return false;
  if ((size_t)sent == length) return true;
  buffer_append(&socket->unsent, data + sent, length - (size_t)sent);
  if (!socket->wants_write) loop_watch(loop, socket, owner, true);
  return true;
}

bool socket_flush(struct loop *loop, struct socket *socket, void *owner) {
  if (socket->unsent.length == 0) {
    loop_watch(loop, socket, owner, false);
    return true;
  }
  ssize_t sent = write_some(socket->fd, socket->unsent.data, socket->unsent.length);
  if (sent < 0) return false;
  buffer_take(&socket->unsent, (size_t)sent);
  if (socket->unsent.length == 0) loop_watch(loop, socket, owner, false);
  return true;
}

void socket_close(struct socket *socket) {
  close(socket->fd);
  socket->fd = -1;
  socket->wants_write = false;
  buffer_free(&socket->unsent);
}

void socket_set_up(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void raise_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) fail("limit of open files");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) < 0) fail("limit of open files");
}
