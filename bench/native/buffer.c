#include "buffer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_append(struct buffer *buffer, const char *data, size_t length) {
  size_t needed = buffer->length + length;
  if (needed > buffer->capacity) {
    size_t capacity = buffer->capacity * 2 > needed ? buffer->capacity * 2 : needed + 512;
    char *grown = realloc(buffer->data, capacity);
    if (grown == NULL) {
      perror("memory");
      exit(1);
    }
    buffer->data = grown;
    buffer->capacity = capacity;
  }
  memcpy(buffer->data + buffer->length, data, length);
  buffer->length = needed;
}

void buffer_take(struct buffer *buffer, size_t length) {
  buffer->length -= length;
  memmove(buffer->data, buffer->data + length, buffer->length);
}

void buffer_free(struct buffer *buffer) {
  free(buffer->data);
  *buffer = (struct buffer){0};
}
