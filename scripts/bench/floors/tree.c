/*
 * The memory of a program and all it starts, at the moment when it is most. Linux only.
 *
 *     tree FILE PROGRAM WORDS...
 *
 * The program, an absolute path, runs with our streams; its status is ours. Every 2 ms the shares
 * that its process, the descendants of it and the members of its process group have of the memory
 * are added up (a page that three of them use counts a third for each: Pss). The largest sum, in
 * kilobytes, is written to FILE. What has made itself a daemon is not seen.
 */

#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
#define MOST 65536
static int pids[MOST], parents[MOST], groups[MOST];
static char inside[MOST];

/* All processes of the machine, as they are now. */
static int list(void) {
  DIR *proc = opendir("/proc");
  struct dirent *entry;
  int count = 0;
  while (proc != NULL && count < MOST && (entry = readdir(proc)) != NULL) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    char path[300], text[512];
    snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) continue;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    /* The name, in brackets, can hold anything. */
    char *rest = strrchr(text, ')');
    if (rest == NULL) continue;
    if (sscanf(rest + 1, " %*c %d %d", &parents[count], &groups[count]) != 2) continue;
    pids[count++] = atoi(entry->d_name);
  }
  if (proc != NULL) closedir(proc);
  return count;
}

static long share(int pid) {
  char path[64], line[256];
  long kilobytes = 0;
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "Pss: %ld", &kilobytes) == 1) break;
  }
  fclose(file);
  return kilobytes;
}

static long sum(int root) {
  int count = list(), more = 1;
  for (int at = 0; at < count; at++) inside[at] = pids[at] == root || groups[at] == root;
  while (more) {
    more = 0;
    for (int at = 0; at < count; at++) {
      for (int other = 0; !inside[at] && other < count; other++) {
        if (inside[other] && pids[other] == parents[at]) inside[at] = 1, more = 1;
      }
    }
  }
  long total = 0;
  for (int at = 0; at < count; at++) {
    if (inside[at]) total += share(pids[at]);
  }
  return total;
}

int main(int count, char **words) {
  if (count < 3) {
    fprintf(stderr, "usage: tree FILE PROGRAM WORDS...\n");
    return 2;
  }
  posix_spawnattr_t options;
  posix_spawnattr_init(&options);
  posix_spawnattr_setflags(&options, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&options, 0);
  pid_t pid;
  int error = posix_spawn(&pid, words[2], NULL, &options, words + 2, environ);
  if (error != 0) {
    fprintf(stderr, "tree: %s: %s\n", words[2], strerror(error));
    return 1;
  }
  long most = 0;
  int status;
  struct timespec pause = {0, 2000000};
  while (waitpid(pid, &status, WNOHANG) == 0) {
    long now = sum(pid);
    if (now > most) most = now;
    nanosleep(&pause, NULL);
  }
  FILE *file = fopen(words[1], "w");
  if (file == NULL || fprintf(file, "%ld\n", most) < 0 || fclose(file) != 0) return 1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
