/* Operations that move data, and those that walk along one axis. */
#pragma once
#include "elementwise.h"

/** Rows of elements, from one strided place to another. */
#define COPY(Type)                                                                                                                            \
  for (int64_t row = 0; row < rows; row++) {                                                                                                  \
    const Type *x = (const Type *)from + i_from + row * row_from;                                                                             \
    Type *y = (Type *)to + i_to + row * row_to;                                                                                               \
    if (step_from == 1 && step_to == 1 && sizeof(Type) == 4) copy_numbers(y, x, n);                                                           \
    else if (step_from == 0 && step_to == 1) for (int64_t i = 0; i < n; i++) y[i] = *x;                                                       \
    else for (int64_t i = 0; i < n; i++) y[i * step_to] = x[i * step_from];                                                                   \
  }

/** bytes of an element, rank, shape, source, its first element, its strides, target, its first element, its strides. */
static void run_copy(Words at, const Worker *w) {
  const int32_t bytes = word(&at), rank = word(&at);
  const int32_t *shape = at;
  at += rank;
  const void *from = place(&at, w);
  int64_t i_from = word(&at);
  const int32_t *strides_from = at;
  at += rank;
  void *to = place(&at, w);
  int64_t i_to = word(&at);
  const int32_t *strides_to = at;
  const int outer = rank > 2 ? rank - 2 : 0;
  const int64_t parts = product(shape, outer), rows = rank > 1 ? shape[rank - 2] : 1, n = shape[rank - 1];
  const int64_t row_from = rank > 1 ? strides_from[rank - 2] : 0, row_to = rank > 1 ? strides_to[rank - 2] : 0;
  const int64_t step_from = strides_from[rank - 1], step_to = strides_to[rank - 1];
  int32_t index_from[MAX_RANK] = {0}, index_to[MAX_RANK] = {0};
  for (int64_t part = 0; part < parts; part++) {
    if (bytes == 4) { COPY(int32_t) }
    else { COPY(uint8_t) }
    i_from = advance(index_from, shape, strides_from, outer, i_from);
    i_to = advance(index_to, shape, strides_to, outer, i_to);
  }
}

/** bytes of an element, number of elements, the bits of the value, target. */
static void run_fill(Words at, const Worker *w) {
  const int32_t bytes = word(&at), n = word(&at), value = word(&at);
  void *to = place(&at, w);
  if (bytes == 4) for (int64_t i = 0; i < n; i++) ((int32_t *)to)[i] = value;
  else memset(to, value, (size_t)n);
}

/** An index inside its axis; marks the run as failed otherwise. */
static inline int64_t checked(int32_t index, int64_t length, const Worker *w) {
  if (index >= 0 && index < length) return index;
  *w->failed = 1;
  return 0;
}

/** bytes of an element, outer, length of the axis, inner, number of indices, source, indices, target. */
static void run_gather(Words at, const Worker *w) {
  const int64_t bytes = word(&at), outer = word(&at), length = word(&at), inner = word(&at), indices = word(&at);
  const char *x = place(&at, w);
  const int32_t *index = place(&at, w);
  char *y = place(&at, w);
  if (length == 0) return;
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < indices; i++)
      memcpy(y + (o * indices + i) * inner * bytes, x + (o * length + checked(index[i], length, w)) * inner * bytes, (size_t)(inner * bytes));
}

/** Start of the block that one row of indices points to. */
static inline int64_t block_start(const int32_t *row, const int32_t *shape, const int32_t *strides, int depth, const Worker *w) {
  int64_t start = 0;
  for (int k = 0; k < depth; k++) start += checked(row[k], shape[k], w) * strides[k];
  return start;
}

/** bytes of an element, rows of indices, depth of a row, elements of a block, sizes and strides of the indexed axes, source, indices, target. */
static void run_gather_blocks(Words at, const Worker *w) {
  const int32_t bytes = word(&at), rows = word(&at), depth = word(&at), block = word(&at);
  const int32_t *shape = at, *strides = at + depth;
  at += 2 * depth;
  const char *x = place(&at, w);
  const int32_t *index = place(&at, w);
  char *y = place(&at, w);
  for (int64_t r = 0; r < rows; r++)
    memcpy(y + r * block * bytes, x + block_start(index + r * depth, shape, strides, depth, w) * bytes, (size_t)block * (size_t)bytes);
}

/** whether whole numbers, rows, depth, elements of a block, sizes and strides of the indexed axes, elements, source, indices, updates, target. */
static void run_scatter_add(Words at, const Worker *w) {
  const int32_t ints = word(&at), rows = word(&at), depth = word(&at), block = word(&at);
  const int32_t *shape = at, *strides = at + depth;
  at += 2 * depth;
  const int64_t n = word(&at);
  const void *x = place(&at, w);
  const int32_t *index = place(&at, w), *updates = place(&at, w);
  int32_t *y = place(&at, w);
  if (x != y) memcpy(y, x, 4 * (size_t)n);
  for (int64_t r = 0; r < rows; r++) {
    int32_t *to = y + block_start(index + r * depth, shape, strides, depth, w);
    const int32_t *from = updates + r * block;
    if (ints) for (int i = 0; i < block; i++) to[i] = add_int(to[i], from[i]);
    else for (int i = 0; i < block; i++) ((float *)to)[i] += ((const float *)from)[i];
  }
}

/** Folds n numbers in a fixed order, in lanes, so that it is fast and the rounding error of a sum small. */
#define IN_LANES(x, n, start, fold)                                                                                                           \
  float lanes[16];                                                                                                                            \
  for (int j = 0; j < 16; j++) lanes[j] = start;                                                                                              \
  int64_t i = 0;                                                                                                                              \
  for (; i + 16 <= n; i += 16)                                                                                                                \
    for (int j = 0; j < 16; j++) lanes[j] = fold(x[i + j], lanes[j]);                                                                         \
  if (i + 8 <= n) {                                                                                                                           \
    for (int j = 0; j < 8; j++) lanes[j] = fold(x[i + j], lanes[j]);                                                                          \
    i += 8;                                                                                                                                   \
  }                                                                                                                                           \
  float total = start;                                                                                                                        \
  for (; i < n; i++) total = fold(x[i], total);                                                                                               \
  if (n < 8) return total;                                                                                                                    \
  for (int half = 8; half > 0; half /= 2)                                                                                                     \
    for (int j = 0; j < half; j++) lanes[j] = fold(lanes[j], lanes[j + half]);                                                                \
  return fold(total, lanes[0])

static inline float plus(float a, float b) { return a + b; }
static float short_sum(const float *x, int64_t n) { IN_LANES(x, n, 0, plus); }
static float largest_of(const float *x, int64_t n) { IN_LANES(x, n, -INFINITY, larger); }

/** Numbers that are added up one after the other, in each lane or column; longer sums are sums of two halves, or their rounding errors would add up too. */
#define IN_ORDER 128

static float sum_of(const float *x, int64_t n) {
  if (n <= 16 * IN_ORDER) return short_sum(x, n);
  const int64_t half = n / 32 * 16;
  return sum_of(x, half) + sum_of(x + half, n - half);
}

/** Columns that are summed at once, in registers. */
#define SUMMED 64

/** Sums of `width` <= SUMMED columns; rows are `columns` apart. */
static void sum_rows(const float *x, int64_t rows, int64_t columns, int width, float *sum) {
  if (rows > IN_ORDER) {
    float rest[SUMMED];
    sum_rows(x, rows / 2, columns, width, sum);
    sum_rows(x + rows / 2 * columns, rows - rows / 2, columns, width, rest);
    for (int i = 0; i < width; i++) sum[i] += rest[i];
    return;
  }
  float own[SUMMED] = {0};
  if (width < SUMMED) {
    for (int64_t r = 0; r < rows; r++)
      for (int i = 0; i < width; i++) own[i] += x[r * columns + i];
  } else
    for (int64_t r = 0; r < rows; r++)
      for (int i = 0; i < SUMMED; i++) own[i] += x[r * columns + i];
  memcpy(sum, own, 4 * (size_t)width);
}

static void sum_columns(const float *x, int64_t rows, int64_t columns, float *y) {
  for (int64_t j = 0; j < columns; j += SUMMED) sum_rows(x + j, rows, columns, columns - j < SUMMED ? (int)(columns - j) : SUMMED, y + j);
}

#define FOLD(Type, expression)                                                                                                                \
  {                                                                                                                                           \
    const Type *x = (const Type *)from;                                                                                                       \
    Type *y = (Type *)to;                                                                                                                     \
    for (int64_t i = 0; i < inner; i++) to[i] = start;                                                                                        \
    for (int64_t k = 0; k < length; k++)                                                                                                      \
      for (int64_t i = 0; i < inner; i++) { const Type a = y[i], b = x[k * inner + i]; y[i] = expression; }                                   \
  }                                                                                                                                           \
  break

/** Folds `length` rows of `inner` numbers into one row. */
static void fold_rows(int32_t kind, int32_t start, int64_t length, int64_t inner, const int32_t *from, int32_t *to) {
  switch (kind) {
    case ReduceSum:
      if (inner == 1) *(float *)to = sum_of((const float *)from, length);
      else sum_columns((const float *)from, length, inner, (float *)to);
      break;
    case ReduceProd: FOLD(float, a * b);
    case ReduceMax: FOLD(float, maximum(a, b));
    case ReduceMin: FOLD(float, minimum(a, b));
    case ReduceSumInt: FOLD(int32_t, add_int(a, b));
    case ReduceMaxInt: FOLD(int32_t, a > b ? a : b);
    case ReduceMinInt: FOLD(int32_t, a < b ? a : b);
    case ReduceProdInt:
      for (int64_t i = 0; i < inner; i++) {
        double all = 1;
        for (int64_t k = 0; k < length; k++) all *= from[k * inner + i];
        to[i] = whole_of_double(all);
      }
  }
}

/** kind, bits of the start value, factor at the end, outer, length, inner, source, target: folds along the middle axis. */
static void run_reduce(Words at, const Worker *w) {
  const int32_t kind = word(&at), start = word(&at);
  const float factor = number(&at);
  const int64_t outer = word(&at), length = word(&at), inner = word(&at);
  const int32_t *from = place(&at, w);
  int32_t *to = place(&at, w);
  for (int64_t o = 0; o < outer; o++) fold_rows(kind, start, length, inner, from + o * length * inner, to + o * inner);
  if (factor != 1) for (int64_t i = 0; i < outer * inner; i++) ((float *)to)[i] *= factor;
}

/** Rows whose softmax is taken at once. */
#define SOFTMAX_ROWS 16

/** Softmax of up to SOFTMAX_ROWS rows: exp of all of them is one loop, however short they are. */
static void softmax_rows(int32_t logarithm, int64_t rows, int64_t length, const float *x, float *y) {
  float top[SOFTMAX_ROWS];
  for (int64_t r = 0; r < rows; r++) {
    top[r] = largest_of(x + r * length, length);
    for (int64_t k = 0; k < length; k++) y[r * length + k] = x[r * length + k] - top[r];
  }
  _Pragma("GCC ivdep") for (int64_t k = 0; k < rows * length; k++) y[k] = fast_exp(y[k]);
  for (int64_t r = 0; r < rows; r++) {
    const float sum = sum_of(y + r * length, length), scale = 1 / sum, shift = logarithm ? top[r] + logf(sum) : 0;
    for (int64_t k = 0; k < length; k++) y[r * length + k] = logarithm ? x[r * length + k] - shift : y[r * length + k] * scale;
  }
}

/** Softmax of numbers that are not neighbours. */
static void softmax_column(int32_t logarithm, int64_t length, int64_t step, const float *x, float *y) {
  float top = -INFINITY, sum = 0;
  for (int64_t k = 0; k < length; k++) top = larger(x[k * step], top);
  for (int64_t k = 0; k < length; k++) sum += y[k * step] = fast_exp(x[k * step] - top);
  const float scale = 1 / sum, shift = logarithm ? top + logf(sum) : 0;
  for (int64_t k = 0; k < length; k++) y[k * step] = logarithm ? x[k * step] - shift : y[k * step] * scale;
}

/** whether logarithm, outer, length, inner, source, target: softmax along the middle axis. */
static void run_softmax(Words at, const Worker *w) {
  const int32_t logarithm = word(&at);
  const int64_t outer = word(&at), length = word(&at), inner = word(&at);
  const float *x = place(&at, w);
  float *y = place(&at, w);
  if (inner == 1) {
    for (int64_t o = 0; o < outer; o += SOFTMAX_ROWS) softmax_rows(logarithm, outer - o < SOFTMAX_ROWS ? outer - o : SOFTMAX_ROWS, length, x + o * length, y + o * length);
    return;
  }
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < inner; i++) softmax_column(logarithm, length, inner, x + o * length * inner + i, y + o * length * inner + i);
}

/** whether whole numbers, exclusive, reverse, outer, length, inner, source, target: running sums along the middle axis. */
static void run_running_sum(Words at, const Worker *w) {
  const int32_t ints = word(&at), exclusive = word(&at), reverse = word(&at);
  const int64_t outer = word(&at), length = word(&at), inner = word(&at);
  const int32_t *from = place(&at, w);
  int32_t *to = place(&at, w);
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < inner; i++) {
      int32_t whole_sum = 0;
      float sum = 0;
      for (int64_t k = 0; k < length; k++) {
        const int64_t p = (o * length + (reverse ? length - 1 - k : k)) * inner + i;
        const int32_t x = from[p];
        float value;
        memcpy(&value, &x, 4);
        if (exclusive && ints) to[p] = whole_sum;
        if (exclusive && !ints) memcpy(to + p, &sum, 4);
        whole_sum = add_int(whole_sum, ints ? x : 0);
        sum += ints ? 0 : value;
        if (!exclusive && ints) to[p] = whole_sum;
        if (!exclusive && !ints) memcpy(to + p, &sum, 4);
      }
    }
}

/** whether the smallest, whether whole numbers, outer, length, inner, source, target: where along the middle axis the extreme is. */
static void run_extreme(Words at, const Worker *w) {
  const int32_t smallest = word(&at), ints = word(&at);
  const int64_t outer = word(&at), length = word(&at), inner = word(&at);
  const void *from = place(&at, w);
  int32_t *to = place(&at, w);
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < inner; i++) {
      int64_t best = 0;
      for (int64_t k = 1; k < length; k++) {
        const int64_t p = (o * length + k) * inner + i, q = (o * length + best) * inner + i;
        const double x = ints ? ((const int32_t *)from)[p] : ((const float *)from)[p], y = ints ? ((const int32_t *)from)[q] : ((const float *)from)[q];
        if (smallest ? x < y : x > y) best = k;
      }
      to[o * inner + i] = (int32_t)best;
    }
}
