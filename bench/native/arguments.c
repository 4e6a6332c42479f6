#include "arguments.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *argument(int count, char **values, const char *name, const char *otherwise) {
  for (int i = count - 2; i > 0; i--) {
    if (strncmp(values[i], "--", 2) == 0 && strcmp(values[i] + 2, name) == 0) return values[i + 1];
  }
  return otherwise;
}

long argument_number(int count, char **values, const char *name, long otherwise) {
  const char *text = argument(count, values, name, NULL);
  if (text == NULL) return otherwise;
  char *end;
  long number = strtol(text, &end, 10);
  if (end != text && *end == 0 && number >= 0) return number;
  fprintf(stderr, "--%s must be a whole number, not %s\n", name, text);
  exit(2);
}
