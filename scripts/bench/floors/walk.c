/*
 * The floor of "nothing to do": list every folder below the given ones and stat every file in it.
 *
 *     walk FOLDER...
 *
 * On stdout: how many files there are.
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long files;

static int walk(int parent, const char *name) {
  int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *listing = folder < 0 ? NULL : fdopendir(folder);
  if (listing == NULL) {
    perror(name);
    return 1;
  }
  int failed = 0;
  struct dirent *entry;
  while ((entry = readdir(listing)) != NULL) {
    const char *each = entry->d_name;
    if (strcmp(each, ".") == 0 || strcmp(each, "..") == 0) continue;
    if (entry->d_type == DT_DIR) {
      failed |= walk(folder, each);
      continue;
    }
    struct stat found;
    if (fstatat(folder, each, &found, AT_SYMLINK_NOFOLLOW) != 0) {
      perror(each);
      failed = 1;
    } else if (S_ISDIR(found.st_mode)) {
      failed |= walk(folder, each);
    } else {
      files++;
    }
  }
  closedir(listing);
  return failed;
}

int main(int count, char **words) {
  int failed = count < 2;
  for (int at = 1; at < count; at++) failed |= walk(AT_FDCWD, words[at]);
  printf("%ld\n", files);
  return failed;
}
