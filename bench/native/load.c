// Callers: keep-alive connections that each make one call at a time, and judge every answer.
#define _GNU_SOURCE
#include "answer.h"
#include "arguments.h"
#include "clock.h"
#include "loop.h"
#include "message.h"
#include "modes.h"
#include "request.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { BROKEN_LIMIT = 1000 }; // nobody is there, or nobody who speaks HTTP
#define PATIENCE (60 * NANOSECONDS) // for answers that are still out when no more calls are made

struct connection {
  struct socket socket;
  struct message message;
  struct answer answer;
  int64_t begun_at; // in an open loop: when the call was due
  bool busy;
};

static struct loop loop;
static struct wish wish;
static struct buffer request;
static size_t number_at;
static long connections, rate;
static bool once;
static int64_t started_at, window_from, window_until, give_up_at;
static struct connection **idle;
static long idle_count;

static struct {
  unsigned long begun;
  long right, wrong, broken, connects, statuses[600], streaming, peak;
  long window_calls, window_events, events;
} counts;
static struct histogram latency, first_event, lag;

static bool in_window(int64_t time) { return time >= window_from && time < window_until; }

static void on_event(struct answer *answer, int64_t behind) {
  struct connection *connection = (struct connection *)((char *)answer - offsetof(struct connection, answer));
  counts.events += 1;
  if (answer->events == 1) {
    histogram_add(&first_event, answer->read_at - connection->begun_at);
    counts.streaming += 1;
    if (counts.streaming > counts.peak) counts.peak = counts.streaming;
  }
  if (!in_window(answer->read_at)) return;
  counts.window_events += 1;
  histogram_add(&lag, behind);
}

static void on_body(void *owner, const char *data, size_t length) {
  struct connection *connection = owner;
  connection->answer.failed = connection->message.status != 200;
  answer_feed(&connection->answer, data, length);
}

static void explain_once(const struct connection *connection, const char *what) {
  static bool explained = false;
  if (explained) return;
  explained = true;
  const struct buffer *text = &connection->answer.text;
  fprintf(stderr, "first problem: call %lu: %s, status %d, %ld events%s%s: %.*s\n", connection->answer.call, what,
          connection->message.status, connection->answer.events, connection->answer.usage ? "" : ", no usage",
          connection->answer.done ? "" : ", no [DONE]", text->length < 300 ? (int)text->length : 300, text->data);
}

static void rest(struct connection *connection) {
  if (connection->answer.events > 0) counts.streaming -= 1;
  connection->busy = false;
  idle[idle_count++] = connection;
}

static void hang_up(struct connection *connection) {
  socket_close(&connection->socket);
  message_next(&connection->message);
  if (!connection->busy) return;
  explain_once(connection, "the connection broke");
  counts.broken += 1;
  if (counts.broken == BROKEN_LIMIT) stop_requested = true;
  rest(connection);
}

static void connect_to_subject(struct connection *connection) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)wish.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(fd, (void *)&address, sizeof address) < 0 && errno != EINPROGRESS) fail("connect");
  socket_set_up(fd);
  connection->socket.fd = fd;
  counts.connects += 1;
  loop_watch(&loop, &connection->socket, connection, true);
}

static void begin(struct connection *connection, int64_t due) {
  counts.begun += 1;
  connection->busy = true;
  connection->begun_at = due;
  answer_begin(&connection->answer, counts.begun, wish.chunks);
  request_number(&request, number_at, counts.begun);
  if (connection->socket.fd < 0) connect_to_subject(connection);
  if (!socket_send(&loop, &connection->socket, connection, request.data, request.length)) hang_up(connection);
}

// When the next call is to begin; INT64_MAX: no more of them.
static int64_t next_due(int64_t now) {
  if (once && counts.begun == (unsigned long)connections) return INT64_MAX;
  int64_t due = rate == 0 ? now : started_at + (int64_t)counts.begun * NANOSECONDS / rate;
  return due < window_until ? due : INT64_MAX;
}

static void complete(struct connection *connection, int64_t now) {
  int status = connection->message.status;
  counts.statuses[status >= 100 && status < 600 ? status : 0] += 1;
  if (answer_is_right(&connection->answer)) {
    counts.right += 1;
    if (in_window(now)) {
      counts.window_calls += 1;
      histogram_add(&latency, now - connection->begun_at);
    }
  } else {
    counts.wrong += 1;
    explain_once(connection, "not the right answer");
  }
  bool closes = connection->message.closes;
  message_next(&connection->message);
  rest(connection);
  if (closes) socket_close(&connection->socket);
}

static void read_answer(struct connection *connection) {
  static char data[READ_SIZE];
  ssize_t size = recv(connection->socket.fd, data, sizeof data, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0 || !connection->busy) {
    hang_up(connection);
    return;
  }
  connection->answer.read_at = now_ns();
  long used = message_feed(&connection->message, data, (size_t)size, on_body, connection);
  bool whole = connection->message.state == COMPLETE;
  if (used < 0 || (whole && used < size)) hang_up(connection);
  else if (whole) complete(connection, connection->answer.read_at);
}

static void print_result(int64_t now) {
  int64_t until = window_until < now ? window_until : now;
  double seconds = (double)(until - window_from) / NANOSECONDS;
  printf("{\"calls\":%lu,\"right\":%ld,\"wrong\":%ld,\"broken\":%ld,\"unfinished\":%ld,\"connects\":%ld,"
         "\"peakStreams\":%ld,\"statuses\":{",
         counts.begun, counts.right, counts.wrong, counts.broken, connections - idle_count, counts.connects,
         counts.peak);
  const char *comma = "";
  for (int status = 0; status < 600; status++) {
    if (counts.statuses[status] == 0) continue;
    printf("%s\"%d\":%ld", comma, status, counts.statuses[status]);
    comma = ",";
  }
  printf("},\"events\":%ld,\"seconds\":%.3f,\"callsPerSecond\":%.1f,\"eventsPerSecond\":%.1f,\"latency\":",
         counts.events, seconds, (double)counts.window_calls / seconds, (double)counts.window_events / seconds);
  histogram_print(&latency, stdout);
  fputs(",\"firstEvent\":", stdout);
  histogram_print(&first_event, stdout);
  fputs(",\"lag\":", stdout);
  histogram_print(&lag, stdout);
  fputs("}\n", stdout);
}

static void plan(int count, char **values) {
  wish = (struct wish){.port = argument_number(count, values, "port", 0),
                       .path = argument(count, values, "path", "/v1/chat/completions"),
                       .header = argument(count, values, "header", ""),
                       .model = argument(count, values, "model", "bench/model"),
                       .prompt_bytes = argument_number(count, values, "prompt-bytes", 1024),
                       .chunks = argument_number(count, values, "chunks", 0),
                       .interval_us = argument_number(count, values, "interval-us", 0)};
  connections = argument_number(count, values, "connections", 32);
  rate = argument_number(count, values, "rate", 0);
  once = argument_number(count, values, "once", 0) != 0;
  request = request_template(&wish, &number_at);
  started_at = now_ns();
  window_from = started_at + (once ? 0 : argument_number(count, values, "warmup", 0) * NANOSECONDS);
  window_until = once ? INT64_MAX : window_from + argument_number(count, values, "seconds", 3) * NANOSECONDS;
  int64_t length = wish.chunks * wish.interval_us * 1000;
  give_up_at = (once ? started_at + (rate == 0 ? 0 : connections * NANOSECONDS / rate) : window_until) + length + PATIENCE;
}

int load(int count, char **values) {
  plan(count, values);
  loop_open(&loop);
  struct connection *all = calloc((size_t)connections, sizeof *all);
  idle = calloc((size_t)connections, sizeof *idle);
  if (all == NULL || idle == NULL) fail("memory");
  for (long i = 0; i < connections; i++) {
    all[i].socket.fd = -1;
    all[i].answer.on_event = on_event;
    idle[idle_count++] = &all[i];
  }
  for (int64_t now = now_ns(); !stop_requested && now < give_up_at; now = now_ns()) {
    int64_t due;
    while (!stop_requested && idle_count > 0 && (due = next_due(now)) <= now) begin(idle[--idle_count], due);
    due = next_due(now);
    if (due == INT64_MAX && idle_count == connections) break;
    int64_t until = idle_count > 0 && due < give_up_at ? due : give_up_at;
    int ready = loop_wait(&loop, until);
    for (int i = 0; i < ready; i++) {
      struct connection *connection = loop.events[i].data.ptr;
      uint32_t events = loop.events[i].events;
      if ((events & EPOLLOUT) && !socket_flush(&loop, &connection->socket, connection)) hang_up(connection);
      else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_answer(connection);
    }
  }
  print_result(now_ns());
  return 0;
}
