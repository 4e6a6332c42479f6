// Reads one HTTP/1.1 message at a time, request or response, in whatever pieces it arrives (RFC 9112).
#pragma once
#include "buffer.h"
#include <stdbool.h>

enum message_state { HEAD, BODY, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, COMPLETE };

struct message {
  enum message_state state;
  struct buffer head;   // until it is complete; then the line of a chunk's size or a trailer
  char method[8];       // requests
  int status;           // responses
  bool closes;          // `connection: close`
  size_t remaining;     // of the body or of the chunk
};

typedef void body_sink(void *owner, const char *data, size_t length);

// Bytes consumed, less than `length` only where the message is complete; -1 where it is not HTTP.
long message_feed(struct message *message, const char *data, size_t length, body_sink *sink, void *owner);
// Ready for the next message on the same connection.
void message_next(struct message *message);
void message_free(struct message *message);
