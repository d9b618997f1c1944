/* Runs a list of instructions, written by `assemble`, in one thread or in several that each have a share of the batch. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__SSE__)
#include <xmmintrin.h>
#endif
#include "moves.h"
#include "products.h"

/** What all workers of a run share. */
typedef struct {
  const int32_t *code;
  int32_t length, workers;
  const Worker *all;
  atomic_int arrived, round;
  /** 0 until all threads are there, then 1, or -1 when one could not be started. */
  atomic_int begin;
} Run;

typedef struct { Run *run; int32_t index; } Seat;

/** Waits until all workers are here. Rounds are short, so that spinning is cheaper than sleeping. */
static void meet(Run *run) {
  if (run->workers == 1) return;
  const int round = atomic_load(&run->round);
  if (atomic_fetch_add(&run->arrived, 1) + 1 == run->workers) {
    atomic_store(&run->arrived, 0);
    atomic_fetch_add(&run->round, 1);
    return;
  }
  for (int spins = 0; atomic_load(&run->round) == round; spins++)
    if (spins > 1000) sched_yield();
}

/**
 * values, then for each: elements, source, target. A target gets the mean of the sources of all workers, added up in their order,
 * so that every run and every worker has the same bits. Each worker computes its part of every mean, for all.
 */
static void run_exchange(Words at, const Worker *w, Run *run) {
  const int32_t values = word(&at);
  meet(run);
  for (int32_t v = 0; v < values; v++) {
    const int64_t n = word(&at), from = n * w->index / w->workers, to = n * (w->index + 1) / w->workers;
    Words source = at, target = at + 2;
    at += 4;
    float *mean = place(&target, w);
    for (int32_t k = 0; k < w->workers; k++) {
      Words here = source;
      const float *x = place(&here, &run->all[k]);
      if (k == 0) memcpy(mean + from, x + from, 4 * (size_t)(to - from));
      else for (int64_t i = from; i < to; i++) mean[i] += x[i];
    }
    for (int64_t i = from; i < to; i++) mean[i] /= w->workers;
    for (int32_t k = 0; k < w->workers; k++) {
      Words there = source + 2;
      float *y = place(&there, &run->all[k]);
      if (k != w->index) memcpy(y + from, mean + from, 4 * (size_t)(to - from));
    }
  }
  meet(run);
}

static void *work(void *seat) {
  Run *run = ((Seat *)seat)->run;
  const Worker *w = &run->all[((Seat *)seat)->index];
  while (!atomic_load(&run->begin)) sched_yield();
  if (atomic_load(&run->begin) < 0) return NULL;
#if defined(__SSE__)
  /* Denormal numbers slow some processors down a hundredfold: they count as zero, as with ONNX Runtime. */
  const unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040);
#endif
  for (Words at = run->code; at < run->code + run->length; at += at[1]) {
    switch (at[0]) {
      case Elementwise: run_elementwise(at + 2, w); break;
      case Product: run_product(at + 2, w); break;
      case Pack: run_pack(at + 2, w); break;
      case Copy: run_copy(at + 2, w); break;
      case Fill: run_fill(at + 2, w); break;
      case Reduce: run_reduce(at + 2, w); break;
      case Gather: run_gather(at + 2, w); break;
      case GatherBlocks: run_gather_blocks(at + 2, w); break;
      case ScatterAdd: run_scatter_add(at + 2, w); break;
      case Softmax: run_softmax(at + 2, w); break;
      case RunningSum: run_running_sum(at + 2, w); break;
      case Extreme: run_extreme(at + 2, w); break;
      case Exchange: run_exchange(at + 2, w, run); break;
    }
  }
#if defined(__SSE__)
  _mm_setcsr(mode);
#endif
  return NULL;
}

/**
 * Readies the first `bytes` of scratch room before it is used: large pages, where the system has them, spare the processor many look-ups
 * of addresses.
 */
void obsnode_prepare(void *room, int64_t bytes) {
#if defined(MADV_HUGEPAGE)
  const uintptr_t page = 1 << 21, first = ((uintptr_t)room + page - 1) / page * page, end = ((uintptr_t)room + (uintptr_t)bytes) / page * page;
  if (end > first) madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
  (void)room, (void)bytes;
#endif
}

/** The next cache line: scratch room is longer by that much. */
static char *at_line(char *room) { return (char *)(((uintptr_t)room + 63) / 64 * 64); }

#define MAX_WORKERS 256

/** Runs `code`; `blocks` has `blocks_each` entries for each worker. Returns 0, 1 when an index lay outside its axis, 2 when no thread could be started. */
int32_t obsnode_run(const int32_t *code, int32_t length, int32_t workers, void **blocks, int32_t blocks_each) {
  int failed = 0;
  Worker all[MAX_WORKERS];
  Run run = {code, length, workers, all, 0, 0, 0};
  Seat seats[MAX_WORKERS];
  pthread_t threads[MAX_WORKERS];
  if (workers > MAX_WORKERS) return 2;
  int32_t started = 1;
  for (int32_t k = 0; k < workers; k++) {
    all[k] = (Worker){(char **)blocks + (int64_t)k * blocks_each, &failed, k, workers, all};
    *all[k].blocks = at_line(*all[k].blocks);
    seats[k] = (Seat){&run, k};
  }
  while (started < workers && !pthread_create(&threads[started], NULL, work, &seats[started])) started++;
  atomic_store(&run.begin, started == workers ? 1 : -1);
  work(&seats[0]);
  for (int32_t k = 1; k < started; k++) pthread_join(threads[k], NULL);
  if (started < workers) return 2;
  return failed;
}
