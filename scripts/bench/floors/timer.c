/*
 * Run a program once and say what it took.
 *
 *     timer SECONDS FOLDER OUTPUT PROGRAM WORDS...
 *
 * The program is an absolute path; it runs in FOLDER with nothing on stdin, both output streams in
 * the file OUTPUT, and our environment. On stdout, when it has ended: nanoseconds from just before
 * its start to just after its end, the largest resident set of it and of the children it has waited
 * for (kilobytes; none of ours is in it, we have next to nothing), its exit status (128 + n for a
 * signal), and the microseconds of processor that they all took. After SECONDS its process group is
 * killed, and the status is 124.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static volatile pid_t child;
static volatile sig_atomic_t late;

/* Too late, or told to stop: the group goes, whoever told it. */
static void expire(int signal) {
  late = signal == SIGALRM;
  if (child > 0) kill(-child, SIGKILL);
}

static int fail(const char *what, int error) {
  fprintf(stderr, "timer: %s: %s\n", what, strerror(error));
  return 1;
}

int main(int count, char **words) {
  if (count < 5) {
    fprintf(stderr, "usage: timer SECONDS FOLDER OUTPUT PROGRAM WORDS...\n");
    return 2;
  }
  if (chdir(words[2]) != 0) return fail(words[2], errno);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, words[3], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawnattr_t options;
  posix_spawnattr_init(&options);
  posix_spawnattr_setflags(&options, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&options, 0);

  signal(SIGALRM, expire);
  signal(SIGINT, expire);
  signal(SIGTERM, expire);
  struct timespec start, end;
  pid_t pid;
  clock_gettime(CLOCK_MONOTONIC, &start);
  int error = posix_spawn(&pid, words[4], &files, &options, words + 4, environ);
  if (error != 0) return fail(words[4], error);
  child = pid;
  alarm((unsigned)atoi(words[1]));
  int status;
  struct rusage usage;
  while (wait4(pid, &status, 0, &usage) < 0) {
    if (errno != EINTR) return fail("wait4", errno);
  }
  clock_gettime(CLOCK_MONOTONIC, &end);

  long long taken = (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec);
  int code = late ? 124 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
#ifdef __APPLE__
  long peak = usage.ru_maxrss / 1024;
#else
  long peak = usage.ru_maxrss;
#endif
  long long processor = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
                        usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  printf("%lld %ld %d %lld\n", taken, peak, code, processor);
  return 0;
}
