/*
 * The floor of running many small programs: start them, a few at once, and wait.
 *
 *     spawn TIMES WIDTH PROGRAM WORDS...
 *
 * In every word % becomes the number of the start, from 0. The program is an absolute path. Fails
 * when one of them does.
 */

#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;
#define WORDS 16
#define LENGTH 512

static void fill(char *into, const char *pattern, int number) {
  size_t used = 0;
  for (; *pattern != '\0' && used < LENGTH - 12; pattern++) {
    if (*pattern == '%') used += (size_t)sprintf(into + used, "%d", number);
    else into[used++] = *pattern;
  }
  into[used] = '\0';
}

int main(int count, char **words) {
  if (count < 4 || count - 3 >= WORDS) {
    fprintf(stderr, "usage: spawn TIMES WIDTH PROGRAM WORDS...\n");
    return 2;
  }
  int times = atoi(words[1]), width = atoi(words[2]), running = 0, failed = 0;
  static char texts[WORDS][LENGTH];
  char *command[WORDS] = {0};
  for (int number = 0; number < times || running > 0;) {
    if (number < times && running < width) {
      for (int at = 3; at < count; at++) fill(command[at - 3] = texts[at - 3], words[at], number);
      pid_t pid;
      if (posix_spawn(&pid, command[0], NULL, NULL, command, environ) != 0) return 1;
      number++;
      running++;
      continue;
    }
    int status;
    if (wait(&status) < 0) return 1;
    failed |= status != 0;
    running--;
  }
  return failed;
}
