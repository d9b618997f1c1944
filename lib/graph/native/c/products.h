/* Matrix products: C = alpha A B + beta C0, with A in any layout and the rows of B contiguous, multiplied with a slope where one is asked for. */
#pragma once
#include "memory.h"

/*
 * A tile's sums, a row of B and one broadcast number stay in registers: of 32 where there are so many, of 16 elsewhere. The wider a
 * tile, the fewer numbers are read for each multiplication, which counts most on a processor that others use too.
 */
#define TILE_ROWS 6
#if defined(__AVX512F__)
#define LANES 16
#define TILE_VECTORS 4
#elif defined(__aarch64__)
#define LANES 4
#define TILE_VECTORS 4
#else
#if defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
#define TILE_VECTORS 2
#endif
/** Rows of a tile that is one vector wide, which would otherwise have too few accumulators to keep the processor busy. */
#define TALL_ROWS 8
#define TILE_COLUMNS (TILE_VECTORS * LANES)
/** Terms of a sum that are added up before the next rows of A are taken, so that the part of B in use stays in the nearest cache. */
#define DEPTH 256

#define UNROLL _Pragma("GCC unroll 16")

typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

/** Rows and columns of A (or of C0) are this many numbers apart. */
typedef struct { int64_t row, column; } Layout;

/** Where a tile's sum is added to: beta times a matrix, a row, a column or one number; nothing when `at` is NULL. */
typedef struct { const float *at; Layout layout; float beta; } Addend;

/** What it is then multiplied with: the slope 1 - y^2 of tanh, whose values y are a matrix of the size of C; nothing when `y` is NULL. */
typedef struct { const float *y; int64_t row; } Slope;

/** What becomes of a sum before it is written. */
typedef struct { Addend addend; Slope slope; } Finish;

static inline Addend part(Addend c0, int64_t row, int64_t column) {
  if (c0.at) c0.at += row * c0.layout.row + column * c0.layout.column;
  return c0;
}

static inline Finish finish_part(Finish finish, int64_t row, int64_t column) {
  finish.addend = part(finish.addend, row, column);
  if (finish.slope.y) finish.slope.y += row * finish.slope.row + column;
  return finish;
}

/** A sum with all that becomes of it. */
static inline float finished(float sum, Finish finish) {
  if (finish.addend.at) sum += finish.addend.beta * *finish.addend.at;
  if (finish.slope.y) sum *= 1 - *finish.slope.y * *finish.slope.y;
  return sum;
}

#define TILE_ARGUMENTS int64_t depth, float alpha, const float *a, Layout la, const float *b, int64_t ldb, Finish finish, float *c, int64_t ldc

/** One tile of `rows` x `vectors` accumulators. Inlined with constant sizes, so that they are registers. */
static inline __attribute__((always_inline)) void tile(const int rows, const int vectors, TILE_ARGUMENTS) {
  Vector sum[TALL_ROWS][TILE_VECTORS];
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int j = 0; j < vectors; j++) sum[i][j] = (Vector){0};
  for (int64_t k = 0; k < depth; k++) {
    Vector right[TILE_VECTORS];
    UNROLL for (int j = 0; j < vectors; j++) right[j] = *(const Vector *)(b + k * ldb + j * LANES);
    UNROLL for (int i = 0; i < rows; i++) {
      const float left = a[i * la.row + k * la.column];
      UNROLL for (int j = 0; j < vectors; j++) sum[i][j] += left * right[j];
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int j = 0; j < vectors; j++) {
      Vector *to = (Vector *)(c + i * ldc + j * LANES);
      const Finish here = finish_part(finish, i, j * LANES);
      Vector value = alpha * sum[i][j];
      if (here.addend.at && here.addend.layout.column == 1) value += here.addend.beta * *(const Vector *)here.addend.at;
      else if (here.addend.at) value += here.addend.beta * *here.addend.at;
      if (here.slope.y) value *= 1 - *(const Vector *)here.slope.y * *(const Vector *)here.slope.y;
      *to = value;
    }
}

typedef void (*Tile)(TILE_ARGUMENTS);
#define DEFINE_TILE(rows, vectors) \
  static void tile_##rows##_##vectors(TILE_ARGUMENTS) { tile(rows, vectors, depth, alpha, a, la, b, ldb, finish, c, ldc); }
#if TILE_VECTORS == 4
#define DEFINE_TILES(rows) DEFINE_TILE(rows, 1) DEFINE_TILE(rows, 2) DEFINE_TILE(rows, 3) DEFINE_TILE(rows, 4)
#define TILES(rows) {tile_##rows##_1, tile_##rows##_2, tile_##rows##_3, tile_##rows##_4}
#else
#define DEFINE_TILES(rows) DEFINE_TILE(rows, 1) DEFINE_TILE(rows, 2)
#define TILES(rows) {tile_##rows##_1, tile_##rows##_2}
#endif
DEFINE_TILES(1) DEFINE_TILES(2) DEFINE_TILES(3) DEFINE_TILES(4) DEFINE_TILES(5) DEFINE_TILES(6) DEFINE_TILE(8, 1)
static const Tile tiles[TILE_ROWS][TILE_VECTORS] = {TILES(1), TILES(2), TILES(3), TILES(4), TILES(5), TILES(6)};

/** Copies the first `columns` of a strip, `depth` rows of TILE_COLUMNS or fewer whole vectors, and fills up with zeros. */
static void copy_strip(int64_t depth, int columns, int padded, const float *b, int64_t row, int64_t column, float *to) {
  for (int64_t k = 0; k < depth; k++, b += row, to += padded) {
    if (column == 1 && columns == TILE_COLUMNS) memcpy(to, b, 4 * TILE_COLUMNS);
    else for (int j = 0; j < padded; j++) to[j] = j < columns ? b[j * column] : 0;
  }
}

/** Whole vectors that hold this many columns. */
static inline int vectors_of(int columns) { return (columns + LANES - 1) / LANES; }

/**
 * Memory that the next instructions need and that was not used for long. Tiles fetch a few lines of it each, while they compute:
 * what waits in far memory, mostly the activations of a forward pass, is then near when its turn comes.
 */
typedef struct { const char *at, *end; } Ahead;
#define LINES_PER_TILE 24

static inline void fetch_ahead(Ahead *ahead) {
  for (int i = 0; i < LINES_PER_TILE && ahead->at < ahead->end; i++, ahead->at += 64) __builtin_prefetch(ahead->at, 0, 2);
}

/** Rows of B at multiples of this distance, in numbers, fall on each other in the nearest cache; a copy of the strip does not. */
#define COLLIDING 256

/** `depth` <= DEPTH terms of `columns` <= TILE_COLUMNS columns; a packed B has whole vectors. */
static void strip(int64_t m, int columns, int64_t depth, float alpha, const float *a, Layout la, const float *b, int64_t ldb, int packed, Finish finish, float *c, int64_t ldc, Ahead *ahead) {
  float copy[DEPTH * TILE_COLUMNS] __attribute__((aligned(64))), result[TALL_ROWS * LANES * TILE_VECTORS] __attribute__((aligned(64)));
  const int vectors = vectors_of(columns), padded = vectors * LANES, whole = columns == padded;
  if (!packed && (!whole || (ldb % COLLIDING == 0 && m > 4 * TILE_ROWS))) {
    copy_strip(depth, columns, padded, b, ldb, 1, copy);
    b = copy;
    ldb = padded;
  }
  for (int64_t i = 0; i < m;) {
    const int tall = vectors == 1 && m - i >= TALL_ROWS, rows = tall ? TALL_ROWS : m - i < TILE_ROWS ? (int)(m - i) : TILE_ROWS;
    const Tile run = tall ? tile_8_1 : tiles[rows - 1][vectors - 1];
    const Finish here = finish_part(finish, i, 0);
    /* What a tile writes past the end of its rows the next rows write again, if there are as many. */
    const int rewritten = columns == ldc && (i + rows - 1) * ldc + padded <= m * ldc && !here.addend.at && !here.slope.y;
    if (whole || rewritten) run(depth, alpha, a + i * la.row, la, b, ldb, here, c + i * ldc, ldc);
    else {
      run(depth, alpha, a + i * la.row, la, b, ldb, (Finish){0}, result, padded);
      for (int r = 0; r < rows; r++) {
        if (!here.addend.at && !here.slope.y) copy_numbers(c + (i + r) * ldc, result + r * padded, columns);
        else for (int j = 0; j < columns; j++) c[(i + r) * ldc + j] = finished(result[r * padded + j], finish_part(here, r, j));
      }
    }
    fetch_ahead(ahead);
    i += rows;
  }
}

/** Few columns with a transposed A: the rows of A are taken as the right operand instead, and the result is turned around. */
static void multiply_turned(int64_t m, int n, int64_t k, float alpha, const float *a, int64_t lda, const float *b, Finish finish, float *c, Ahead *ahead) {
  float turned[TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
  for (int64_t i = 0; i < m; i += TILE_COLUMNS) {
    const int columns = m - i < TILE_COLUMNS ? (int)(m - i) : TILE_COLUMNS;
    Finish sum = {0};
    for (int64_t k0 = 0; k0 == 0 || k0 < k; k0 += DEPTH) {
      strip(n, columns, k - k0 < DEPTH ? k - k0 : DEPTH, alpha, b + k0 * n, (Layout){1, n}, a + k0 * lda + i, lda, 0, sum, turned, TILE_COLUMNS, ahead);
      sum.addend = (Addend){turned, {TILE_COLUMNS, 1}, 1};
    }
    for (int r = 0; r < columns; r++)
      for (int j = 0; j < n; j++) c[(i + r) * n + j] = finished(turned[j * TILE_COLUMNS + r], finish_part(finish, i + r, j));
  }
}

static void multiply(int64_t m, int64_t n, int64_t k, float alpha, const float *a, Layout la, const float *b, int packed, Finish finish, float *c, Ahead *ahead) {
  if (n <= TILE_ROWS && la.row == 1 && m > n && !packed) return multiply_turned(m, (int)n, k, alpha, a, la.column, b, finish, c, ahead);
  const Slope slope = finish.slope;
  for (int64_t k0 = 0; k0 == 0 || k0 < k; k0 += DEPTH) {
    const int64_t depth = k - k0 < DEPTH ? k - k0 : DEPTH;
    finish.slope = k0 + DEPTH < k ? (Slope){0} : slope;
    for (int64_t j = 0; j < n; j += TILE_COLUMNS) {
      const int columns = n - j < TILE_COLUMNS ? (int)(n - j) : TILE_COLUMNS, width = vectors_of(columns) * LANES;
      const float *right = packed ? b + j * k + k0 * width : b + k0 * n + j;
      strip(m, columns, depth, alpha, a + k0 * la.column, la, right, packed ? width : n, packed, finish_part(finish, 0, j), c + j, n, ahead);
    }
    finish.addend = (Addend){c, {n, 1}, 1};
  }
}

/** k, n, steps between rows and columns, source, target: B as strips of TILE_COLUMNS columns, for products that use it many times. */
static void run_pack(Words at, const Worker *w) {
  const int64_t k = word(&at), n = word(&at), row = word(&at), column = word(&at);
  const float *b = place(&at, w);
  float *to = place(&at, w);
  for (int64_t j = 0; j < n; j += TILE_COLUMNS) {
    const int columns = n - j < TILE_COLUMNS ? (int)(n - j) : TILE_COLUMNS;
    copy_strip(k, columns, vectors_of(columns) * LANES, b + j * column, row, column, to + j * k);
  }
}

/** m n k, alpha, beta, layout of A, layout of C0, whether B is packed, A, B, C0 (or -1), y of a slope (or -1), C, memory to fetch ahead and its size in units, number of matrices, then offsets of A and B for each. */
static void run_product(Words at, const Worker *w) {
  const int64_t m = word(&at), n = word(&at), k = word(&at);
  const float alpha = number(&at), beta = number(&at);
  Layout la;
  Finish finish = {.addend.beta = beta, .slope.row = n};
  la.row = word(&at), la.column = word(&at), finish.addend.layout.row = word(&at), finish.addend.layout.column = word(&at);
  const int packed = word(&at);
  const float *a = place(&at, w), *b = place(&at, w);
  finish.addend.at = place(&at, w), finish.slope.y = place(&at, w);
  float *c = place(&at, w);
  Ahead ahead = {place(&at, w), NULL};
  ahead.end = ahead.at + 4 * (int64_t)word(&at);
  const int32_t matrices = word(&at);
  for (int32_t i = 0; i < matrices; i++) {
    const int64_t offset_a = word(&at), offset_b = word(&at);
    Finish here = finish;
    if (here.slope.y) here.slope.y += i * m * n;
    multiply(m, n, k, alpha, a + offset_a, la, b + offset_b, packed, here, c + i * m * n, &ahead);
  }
}
