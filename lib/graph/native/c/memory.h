/* Where tensors are: a table of memory blocks, and offsets into them in units of four bytes. */
#pragma once
#include <stdint.h>
#include <string.h>

/** What one worker sees of a run. */
typedef struct {
  /** Starts of the memory blocks: scratch room, constants, inputs, outputs. */
  char **blocks;
  /** Set when an index lies outside its axis. */
  int *failed;
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
