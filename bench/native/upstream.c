// An upstream in the language of OpenAI's chat completions. What a call wants stands in its prompt:
//   call=NUMBER          comes back in every answer and every event, so that the other end knows its own
//   chunks=NUMBER        events with content, where the body says "stream":true
//   interval-us=NUMBER   microseconds from one to the next
// Each event is its own HTTP chunk, is sent by its own write, and says when: "@<monotonic ns>.<call>.<number>@".
#define _GNU_SOURCE
#include "arguments.h"
#include "clock.h"
#include "loop.h"
#include "message.h"
#include "modes.h"
#include "timers.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_LIMIT = 1 << 22, UNSENT_LIMIT = 1 << 22 };

struct connection {
  struct socket socket;
  struct message message;
  struct buffer body;
  struct timer timer;
  unsigned long call;
  long chunks; // all of the present stream
  long sent;   // of them
  int64_t interval;
  bool streaming;
};

static struct loop loop;
static struct { long accepted, open, answered, streamed, aborted, refused; } counts;

static void on_body(void *owner, const char *data, size_t length) {
  struct connection *connection = owner;
  if (connection->body.length + length <= BODY_LIMIT) buffer_append(&connection->body, data, length);
}

static void drop(struct connection *connection) {
  if (connection->streaming) counts.aborted += 1;
  counts.open -= 1;
  timer_clear(&connection->timer);
  socket_close(&connection->socket);
  message_free(&connection->message);
  buffer_free(&connection->body);
  free(connection);
}

static bool send_text(struct connection *connection, const char *text, size_t length) {
  if (connection->socket.unsent.length > UNSENT_LIMIT) return false;
  return socket_send(&loop, &connection->socket, connection, text, length);
}

static bool send_json(struct connection *connection, const char *status, const char *json) {
  char text[2048];
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", status,
                        strlen(json), json);
  return send_text(connection, text, (size_t)length);
}

static bool send_answer(struct connection *connection) {
  char json[1024];
  snprintf(json, sizeof json,
           "{\"id\":\"chatcmpl-bench%lu\",\"object\":\"chat.completion\",\"created\":1793923200,"
           "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
           "\"content\":\"@%lu@ The answer of a bench that has nothing to say and says it at the length of a short "
           "paragraph, so that it is copied, parsed and counted like any other.\",\"refusal\":null},"
           "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":250,"
           "\"completion_tokens\":40,\"total_tokens\":290},\"service_tier\":\"default\"}",
           connection->call, connection->call);
  counts.answered += 1;
  return send_json(connection, "200 OK", json);
}

#define EVENT_HEAD                                                                                             \
  "data: {\"id\":\"chatcmpl-bench%lu\",\"object\":\"chat.completion.chunk\",\"created\":1793923200,"           \
  "\"model\":\"gpt-4o-mini\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_bench\",\"choices\":"

static int http_chunk(char *out, size_t size, const char *data, int length) {
  return snprintf(out, size, "%x\r\n%.*s\r\n", (unsigned)length, length, data);
}

static bool send_event(struct connection *connection) {
  char event[512];
  char text[640];
  int length = snprintf(event, sizeof event,
                        EVENT_HEAD "[{\"index\":0,\"delta\":{\"content\":\"@%lld.%lu.%ld@\"},\"logprobs\":null,"
                                   "\"finish_reason\":null}]}\n\n",
                        connection->call, (long long)now_ns(), connection->call, connection->sent);
  length = http_chunk(text, sizeof text, event, length);
  connection->sent += 1;
  return send_text(connection, text, (size_t)length);
}

static bool end_stream(struct connection *connection) {
  char event[512];
  char text[2048];
  int length = snprintf(event, sizeof event,
                        EVENT_HEAD "[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n",
                        connection->call);
  int total = http_chunk(text, sizeof text, event, length);
  length = snprintf(event, sizeof event,
                    EVENT_HEAD "[],\"usage\":{\"prompt_tokens\":250,\"completion_tokens\":%ld,"
                               "\"total_tokens\":%ld}}\n\n",
                    connection->call, connection->chunks, connection->chunks + 250);
  total += http_chunk(text + total, sizeof text - (size_t)total, event, length);
  total += http_chunk(text + total, sizeof text - (size_t)total, "data: [DONE]\n\n", 14);
  total += snprintf(text + total, sizeof text - (size_t)total, "0\r\n\r\n");
  connection->streaming = false;
  counts.streamed += 1;
  return send_text(connection, text, (size_t)total);
}

// Sends what is due. A stream keeps its own time: one that was late is not late for ever.
static bool continue_stream(struct connection *connection) {
  do {
    if (connection->sent == connection->chunks) return end_stream(connection);
    if (!send_event(connection)) return false;
  } while (connection->interval == 0);
  timer_set(&connection->timer, connection->timer.due + connection->interval);
  return true;
}

static unsigned long wish(const struct buffer *body, const char *name) {
  const char *found = strstr(body->data, name);
  return found == NULL ? 0 : strtoul(found + strlen(name), NULL, 10);
}

static bool says(const struct buffer *body, const char *text) { return strstr(body->data, text) != NULL; }

static bool answer(struct connection *connection) {
  struct buffer *body = &connection->body;
  if (strcmp(connection->message.method, "GET") == 0) {
    return send_json(connection, "200 OK",
                     "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o-mini\",\"object\":\"model\","
                     "\"created\":1793923200,\"owned_by\":\"bench\"}]}");
  }
  buffer_append(body, "", 1); // its end, for strstr
  connection->call = wish(body, "call=");
  if (connection->call == 0) {
    body->length = 0;
    counts.refused += 1;
    return send_json(connection, "400 Bad Request", "{\"error\":{\"message\":\"no call= in the prompt\"}}");
  }
  connection->chunks = (long)wish(body, "chunks=");
  connection->interval = (int64_t)wish(body, "interval-us=") * 1000;
  bool streamed = says(body, "\"stream\":true") || says(body, "\"stream\": true");
  body->length = 0;
  if (!streamed) return send_answer(connection);
  static const char head[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
                             "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";
  connection->streaming = true;
  connection->sent = 0;
  connection->timer.due = now_ns();
  return send_text(connection, head, sizeof head - 1) && continue_stream(connection);
}

// False where the connection is at its end.
static bool read_requests(struct connection *connection) {
  static char data[READ_SIZE];
  ssize_t size = recv(connection->socket.fd, data, sizeof data, 0);
  if (size == 0) return false;
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  for (ssize_t used = 0; used < size;) {
    if (connection->streaming) return false; // pipelining behind a stream is not for us
    long step = message_feed(&connection->message, data + used, (size_t)(size - used), on_body, connection);
    if (step < 0) return false;
    used += step;
    if (connection->message.state != COMPLETE) return true;
    bool closes = connection->message.closes;
    if (!answer(connection)) return false;
    if (closes && !connection->streaming) return false;
    message_next(&connection->message);
  }
  return true;
}

static void accept_all(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) fail("memory");
    socket_set_up(fd);
    connection->socket.fd = fd;
    connection->timer.owner = connection;
    loop_watch(&loop, &connection->socket, connection, false);
    counts.accepted += 1;
    counts.open += 1;
  }
}

static int listen_on(long port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (void *)&address, sizeof address) < 0 || listen(fd, 4096) < 0) fail("listen");
  socklen_t size = sizeof address;
  getsockname(fd, (void *)&address, &size);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void serve(struct connection *connection, uint32_t events) {
  bool alive = true;
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) alive = (events & EPOLLERR) == 0 && read_requests(connection);
  if (alive && (events & EPOLLOUT)) alive = socket_flush(&loop, &connection->socket, connection);
  if (!alive) drop(connection);
}

int upstream(int count, char **values) {
  loop_open(&loop);
  struct socket listener = {.fd = listen_on(argument_number(count, values, "port", 0))};
  loop_watch(&loop, &listener, &listener, false);
  while (!stop_requested) {
    struct timer *next = timer_next();
    int ready = loop_wait(&loop, next == NULL ? INT64_MAX : next->due);
    for (int i = 0; i < ready; i++) {
      if (loop.events[i].data.ptr == &listener) accept_all(listener.fd);
      else serve(loop.events[i].data.ptr, loop.events[i].events);
    }
    for (int64_t now = now_ns(); (next = timer_next()) != NULL && next->due <= now;) {
      struct connection *connection = next->owner;
      timer_clear(next);
      if (!continue_stream(connection)) drop(connection);
    }
  }
  printf("{\"accepted\":%ld,\"open\":%ld,\"answered\":%ld,\"streamed\":%ld,\"aborted\":%ld,\"refused\":%ld}\n",
         counts.accepted, counts.open, counts.answered, counts.streamed, counts.aborted, counts.refused);
  return 0;
}
