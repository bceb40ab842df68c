/* The time of day as a file says it: for a Redis whose keys expire when a test wants them to. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

static volatile int64_t *microseconds;

__attribute__((constructor)) static void open_clock(void) {
  const char *path = getenv("BOTLLM_TEST_CLOCK");
  int file = path ? open(path, O_RDONLY) : -1;
  if (file < 0) abort();
  microseconds = mmap(0, sizeof *microseconds, PROT_READ, MAP_SHARED, file, 0);
  if (microseconds == MAP_FAILED) abort();
  close(file);
}

int gettimeofday(struct timeval *now, void *zone) {
  (void)zone;
  now->tv_sec = *microseconds / 1000000;
  now->tv_usec = *microseconds % 1000000;
  return 0;
}
