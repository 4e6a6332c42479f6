#define _GNU_SOURCE
#include "answer.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 1 << 16 };

void answer_begin(struct answer *answer, unsigned long call, long chunks) {
  struct buffer text = answer->text;
  text.length = 0;
  *answer = (struct answer){.call = call, .chunks = chunks, .text = text, .on_event = answer->on_event};
}

// `@<monotonic ns>.<call>.<number>@` in an event; the line ends in a byte that is no digit.
static void take_content(struct answer *answer, const char *content) {
  char *end;
  long long sent_at = strtoll(content + 1, &end, 10);
  unsigned long call = *end == '.' ? strtoul(end + 1, &end, 10) : 0;
  long number = *end == '.' ? strtol(end + 1, &end, 10) : -1;
  if (*end != '@' || call != answer->call || number != answer->events) answer->wrong = true;
  answer->events += 1;
  if (answer->events == 1) answer->first_event = answer->read_at;
  answer->on_event(answer, answer->read_at - sent_at);
}

// One line of a stream, its LF included. Comments and other fields than `data` say nothing here.
static void take_line(struct answer *answer, const char *line, size_t length) {
  if (length < 6 || memcmp(line, "data:", 5) != 0) return;
  if (answer->done) answer->wrong = true;
  const char *content = memchr(line, '@', length);
  if (content != NULL) {
    take_content(answer, content);
  } else if (memmem(line, length, "[DONE]", 6) != NULL) {
    answer->done = true;
  } else if (memmem(line, length, "\"prompt_tokens\"", 15) != NULL) {
    answer->usage = true;
  } else if (memmem(line, length, "\"error\"", 7) != NULL) {
    answer->wrong = true;
  }
}

void answer_feed(struct answer *answer, const char *data, size_t length) {
  if (answer->chunks == 0 || answer->failed) {
    if (answer->text.length + length <= TEXT_LIMIT) buffer_append(&answer->text, data, length);
    else answer->wrong = true;
    return;
  }
  while (length > 0) {
    const char *end = memchr(data, '\n', length);
    size_t taken = end == NULL ? length : (size_t)(end - data) + 1;
    if (end != NULL && answer->text.length == 0) {
      take_line(answer, data, taken);
    } else {
      buffer_append(&answer->text, data, taken);
      if (end != NULL) {
        take_line(answer, answer->text.data, answer->text.length);
        answer->text.length = 0;
      }
    }
    data += taken;
    length -= taken;
  }
}

bool answer_is_right(const struct answer *answer) {
  if (answer->wrong || answer->failed) return false;
  if (answer->chunks > 0) return answer->done && answer->usage && answer->events == answer->chunks;
  const struct buffer *text = &answer->text;
  const char *content = text->length == 0 ? NULL : memchr(text->data, '@', text->length);
  return content != NULL && text->data[text->length - 1] == '}' &&
         strtoul(content + 1, NULL, 10) == answer->call &&
         memmem(text->data, text->length, "\"total_tokens\"", 14) != NULL;
}
