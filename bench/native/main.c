// The two ends of a bench of something that stands between a caller and a vendor: `upstream` and `load`. Linux only.
#include "loop.h"
#include "modes.h"
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "upstream [--port N]             an upstream on 127.0.0.1; prints {\"port\":N}, and its counts when it is stopped\n"
    "load --port N                   calls what listens there and prints one line of JSON with what it saw\n"
    "  --path PATH --header LINE     default /v1/chat/completions and no header\n"
    "  --model NAME --prompt-bytes N default bench/model and 1024\n"
    "  --connections N               keep-alive connections, default 32; one call at a time on each\n"
    "  --rate N                      calls begun each second; 0: each connection as soon as its call has ended\n"
    "  --seconds N --warmup N        how long; calls of the warm-up are made and checked, not timed\n"
    "  --chunks N --interval-us N    streamed calls of N events\n"
    "  --once 1                      one call on each connection, then the end\n";

int main(int count, char **values) {
  raise_file_limit();
  if (count > 1 && strcmp(values[1], "upstream") == 0) return upstream(count, values);
  if (count > 1 && strcmp(values[1], "load") == 0) return load(count, values);
  fputs(usage, stderr);
  return 2;
}
