#define _GNU_SOURCE
#include "message.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_LIMIT = 65536 };

static bool header_is(const char *line, size_t length, const char *name, const char **value) {
  size_t size = strlen(name);
  if (length <= size || line[size] != ':' || strncasecmp(line, name, size) != 0) return false;
  *value = line + size + 1;
  while (**value == ' ') *value += 1;
  return true;
}

// `head` holds the start line and the fields, each ended by CR LF, and the empty line.
static bool parse_head(struct message *message) {
  char *data = message->head.data;
  char *end = data + message->head.length - 2;
  bool chunked = false;
  message->status = 0;
  message->method[0] = 0;
  message->closes = false;
  message->remaining = 0;
  if (strncmp(data, "HTTP/1.", 7) == 0) {
    message->status = atoi(data + 9);
  } else {
    char *space = memchr(data, ' ', message->head.length);
    if (space == NULL || space - data >= (long)sizeof message->method) return false;
    memcpy(message->method, data, space - data);
    message->method[space - data] = 0;
  }
  for (char *line = data; line < end;) {
    char *next = memmem(line, end - line, "\r\n", 2);
    if (next == NULL) return false;
    const char *value;
    if (header_is(line, next - line, "content-length", &value)) message->remaining = strtoul(value, NULL, 10);
    if (header_is(line, next - line, "transfer-encoding", &value)) chunked = strncasecmp(value, "chunked", 7) == 0;
    if (header_is(line, next - line, "connection", &value)) message->closes = strncasecmp(value, "close", 5) == 0;
    line = next + 2;
  }
  message->state = chunked ? CHUNK_SIZE : message->remaining > 0 ? BODY : COMPLETE;
  message->head.length = 0;
  return true;
}

// Moves one line into `head`, its LF included; the bytes taken. `complete` says whether the line's end has come.
static size_t take_line(struct message *message, const char *data, size_t length, bool *complete) {
  const char *end = memchr(data, '\n', length);
  size_t taken = end == NULL ? length : (size_t)(end - data) + 1;
  buffer_append(&message->head, data, taken);
  *complete = end != NULL;
  return taken;
}

static bool ends_head(const struct buffer *head) {
  return head->length >= 4 && memcmp(head->data + head->length - 4, "\r\n\r\n", 4) == 0;
}

static bool end_chunk_line(struct message *message) {
  struct buffer *line = &message->head;
  bool empty = line->length == 2;
  if (line->length < 2 || line->data[line->length - 2] != '\r') return false;
  if (message->state == CHUNK_SIZE) {
    char *end;
    message->remaining = strtoul(line->data, &end, 16);
    if (end == line->data || (*end != '\r' && *end != ';' && *end != ' ')) return false;
    message->state = message->remaining > 0 ? CHUNK_DATA : TRAILER;
  } else if (message->state == CHUNK_END) {
    if (!empty) return false;
    message->state = CHUNK_SIZE;
  } else if (empty) {
    message->state = COMPLETE;
  }
  line->length = 0;
  return true;
}

long message_feed(struct message *message, const char *data, size_t length, body_sink *sink, void *owner) {
  size_t used = 0;
  while (used < length && message->state != COMPLETE) {
    if (message->state == BODY || message->state == CHUNK_DATA) {
      size_t size = length - used < message->remaining ? length - used : message->remaining;
      sink(owner, data + used, size);
      used += size;
      message->remaining -= size;
      if (message->remaining == 0) message->state = message->state == BODY ? COMPLETE : CHUNK_END;
      continue;
    }
    bool complete;
    used += take_line(message, data + used, length - used, &complete);
    if (message->head.length > HEAD_LIMIT) return -1;
    if (!complete) continue;
    if (message->state == HEAD) {
      if (ends_head(&message->head) && !parse_head(message)) return -1;
    } else if (!end_chunk_line(message)) {
      return -1;
    }
  }
  return (long)used;
}

void message_next(struct message *message) {
  message->state = HEAD;
  message->head.length = 0;
}

void message_free(struct message *message) { buffer_free(&message->head); }
