// What the program can be; each takes the command line's words and returns an exit code.
#pragma once

int upstream(int count, char **values);
int load(int count, char **values);
