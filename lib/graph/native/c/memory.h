/* Where tensors are: a table of memory blocks, and offsets into them in units of four bytes. */
#pragma once
#include <stdint.h>
#include <string.h>

/** What one worker sees of a run. */
typedef struct Worker {
  /** Starts of the memory blocks: scratch room, constants, inputs, outputs. */
  char **blocks;
  /** Set when an index lies outside its axis. */
  int *failed;
  int32_t index, workers;
  /** The worker whose outputs are the result of a run. */
  const struct Worker *first;
} Worker;

/** A reader of instruction words. */
typedef const int32_t *Words;

static inline int32_t word(Words *at) { return *(*at)++; }

static inline float number(Words *at) {
  float x;
  memcpy(&x, (*at)++, sizeof x);
  return x;
}

/** Reads a block number and an offset. */
static inline void *place(Words *at, const Worker *w) {
  const int32_t block = word(at), offset = word(at);
  return block < 0 ? NULL : w->blocks[block] + 4 * (int64_t)offset;
}

typedef int32_t Four __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t Eight __attribute__((vector_size(32), aligned(4), may_alias));

/** Copies n numbers. Rows are often short, and then a call of memcpy takes longer than the copy; the last vector may overlap the one before. */
static inline void copy_numbers(void *target, const void *source, int64_t n) {
  int32_t *to = target;
  const int32_t *from = source;
  if (n > 128) memcpy(to, from, 4 * (size_t)n);
  else if (n >= 8) {
    for (int64_t i = 0; i + 8 <= n; i += 8) *(Eight *)(to + i) = *(const Eight *)(from + i);
    *(Eight *)(to + n - 8) = *(const Eight *)(from + n - 8);
  } else if (n >= 4) {
    const Four first = *(const Four *)from, last = *(const Four *)(from + n - 4);
    *(Four *)to = first;
    *(Four *)(to + n - 4) = last;
  } else for (int64_t i = 0; i < n; i++) to[i] = from[i];
}

#define MAX_RANK 8

static inline int64_t product(const int32_t *shape, int rank) {
  int64_t n = 1;
  for (int i = 0; i < rank; i++) n *= shape[i];
  return n;
}

/** Steps `index` to the next element of `shape`, last axis first, and moves an offset along with it. */
static inline int64_t advance(int32_t *index, const int32_t *shape, const int32_t *strides, int rank, int64_t offset) {
  for (int axis = rank - 1; axis >= 0; axis--) {
    offset += strides[axis];
    if (++index[axis] < shape[axis]) break;
    offset -= (int64_t)strides[axis] * shape[axis];
    index[axis] = 0;
  }
  return offset;
}
