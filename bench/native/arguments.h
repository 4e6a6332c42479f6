// `--name value` on the command line.
#pragma once

// The value of the last `--name`; `otherwise` where it is not given.
const char *argument(int count, char **values, const char *name, const char *otherwise);
long argument_number(int count, char **values, const char *name, long otherwise);
