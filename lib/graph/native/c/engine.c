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

/**
 * Deferrable products of one worker. Another that waits for it at an exchange may compute them in its place, in their order, so that
 * the bits do not depend on who does. Positions in the code are numbers of words. In a cache line of its own, for all write to theirs.
 */
typedef struct {
  /** Who computes them instead of their owner, counted from 1; 0 for nobody. */
  atomic_int helper;
  /** Positions behind the last of them whose operands are there, and behind the last that is done. */
  atomic_int ready, done;
} __attribute__((aligned(64))) Queue;

/** What all workers of a run share. */
typedef struct {
  const int32_t *code;
  int32_t length, workers;
  const Worker *all;
  atomic_int arrived, round;
  /** 0 until all threads are there, then 1, or -1 when one could not be started. */
  atomic_int begin;
  /** One for each worker. */
  Queue *queues;
} Run;

typedef struct { Run *run; int32_t index; } Seat;

/** Turns of a loop that waits for another worker before it lets other threads run: waits are short, where each has a processor to itself. */
#define TURNS (1 << 15)

static inline void wait_once(int *turns) {
  if (++*turns > TURNS) sched_yield();
}

/** Computes a deferrable product, or leaves it to the helper: then it is ready, and not done. */
static void run_deferrable(Words at, const Worker *w, Run *run) {
  Queue *own = &run->queues[w->index];
  const int end = (int)(at + at[1] - run->code);
  if (!atomic_load(&own->helper)) {
    run_product(at + 2, w);
    atomic_store(&own->done, end);
  }
  atomic_store(&own->ready, end);
}

/** Waits until the deferrable products before a position are done. */
static void await_deferrable(int position, const Worker *w, Run *run) {
  for (int turns = 0; atomic_load(&run->queues[w->index].done) < position;) wait_once(&turns);
}

/** Computes the next deferrable product of another worker; returns 0 when none is ready, or a third worker does. */
static int help(int32_t other, const Worker *w, Run *run) {
  Queue *queue = &run->queues[other];
  int nobody = 0;
  if (atomic_load(&queue->helper) != w->index + 1 && !atomic_compare_exchange_strong(&queue->helper, &nobody, w->index + 1)) return 0;
  /* In this order, and each once: the owner says first that a product is done, then that it is ready. */
  const int ready = atomic_load(&queue->ready);
  const int done = atomic_load(&queue->done);
  if (done >= ready) return 0;
  Words at = run->code + done;
  while (at[0] != DeferrableProduct) at += at[1];
  run_product(at + 2, &run->all[other]);
  atomic_store(&queue->done, (int)(at + at[1] - run->code));
  return 1;
}

/** Waits until all workers are here, and helps those that are not if it may. */
static void meet(const Worker *w, Run *run, int helps) {
  if (run->workers == 1) return;
  const int round = atomic_load(&run->round);
  if (atomic_fetch_add(&run->arrived, 1) + 1 == run->workers) {
    atomic_store(&run->arrived, 0);
    atomic_fetch_add(&run->round, 1);
    return;
  }
  for (int turns = 0; atomic_load(&run->round) == round;) {
    int helped = 0;
    for (int32_t k = 0; helps && k < run->workers; k++)
      if (k != w->index) helped |= help(k, w, run);
    if (!helped) wait_once(&turns);
  }
  for (int32_t k = 0; helps && k < run->workers; k++) {
    int self = w->index + 1;
    atomic_compare_exchange_strong(&run->queues[k].helper, &self, 0);
  }
}

/**
 * values, then for each: elements, source, target. A target gets the mean of the sources of all workers, added up in their order,
 * so that every run and every worker has the same bits. Each worker computes its part of every mean, for all.
 */
static void run_exchange(Words at, const Worker *w, Run *run) {
  const int32_t values = word(&at);
  await_deferrable(atomic_load(&run->queues[w->index].ready), w, run);
  meet(w, run, 1);
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
  /* Who still waits here has nobody to help: all have computed what they deferred. */
  meet(w, run, 0);
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
      case DeferrableProduct: run_deferrable(at, w, run); break;
      case Await: await_deferrable(at[2], w, run); break;
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
  Queue queues[MAX_WORKERS];
  Run run = {code, length, workers, all, 0, 0, 0, queues};
  Seat seats[MAX_WORKERS];
  pthread_t threads[MAX_WORKERS];
  if (workers > MAX_WORKERS) return 2;
  int32_t started = 1;
  for (int32_t k = 0; k < workers; k++) {
    all[k] = (Worker){(char **)blocks + (int64_t)k * blocks_each, &failed, k, workers, all};
    *all[k].blocks = at_line(*all[k].blocks);
    seats[k] = (Seat){&run, k};
    queues[k] = (Queue){0};
  }
  while (started < workers && !pthread_create(&threads[started], NULL, work, &seats[started])) started++;
  atomic_store(&run.begin, started == workers ? 1 : -1);
  work(&seats[0]);
  for (int32_t k = 1; k < started; k++) pthread_join(threads[k], NULL);
  if (started < workers) return 2;
  return failed;
}
