/* Chains of element-by-element operations, run block by block so that what they hand on stays in the nearest cache. */
#pragma once
#include <float.h>
#include <math.h>
#include "memory.h"

/** Elements of one block. */
#define BLOCK 512
#define MAX_REGISTERS 40

/* The operations below are plain enough for the compiler to turn their loops into vector instructions. */

/** exp: 2^n times the series of the rest, |rest| <= ln 2 / 2. */
static inline float fast_exp(float x) {
  const float top = x < 88.8f ? x : 88.8f, c = top > -87.4f ? top : -87.4f;
  const float n = rintf(c * 1.44269504f), r = c - n * 0.693145752f - n * 1.42860677e-6f;
  const float series = 1 + r * (1 + r * (1.f / 2 + r * (1.f / 6 + r * (1.f / 24 + r * (1.f / 120 + r * (1.f / 720 + r * (1.f / 5040)))))));
  /* In two factors, for 2^n alone may be infinite where the product is not. */
  const int32_t half = (int32_t)n >> 1, rest = (int32_t)n - half;
  union { int32_t i; float f; } p = {(half + 127) << 23}, q = {(rest + 127) << 23};
  const float y = series * p.f * q.f;
  return x != x ? x : x > 88.8f ? INFINITY : x < -87.4f ? 0 : y;
}

/** tanh: odd rational function, fitted for the least relative error up to 7.9; from there on it is 1 to float precision. */
static inline float fast_tanh(float x) {
  /* Written so that NaN stays. */
  const float top = 7.9f < x ? 7.9f : x, c = -7.9f > top ? -7.9f : top, u = c * c;
  const float p = 0.999999994f + u * (0.134506311f + u * (0.00357900456f + u * (2.20234515e-5f + u * 1.54282616e-8f)));
  const float q = 1 + u * (0.467839591f + u * (0.0261922857f + u * (0.000342367104f + u * 8.59889753e-7f)));
  return c * p / q;
}

static inline float sigmoid(float x) { return 1 / (1 + fast_exp(-x)); }
/** exp(x) - 1 below 0, from t = tanh(x / 2) as 2t / (1 - t), which loses nothing near 0. */
static inline float elu(float x) {
  const float t = fast_tanh(x / 2);
  return x < 0 ? 2 * t / (1 - t) : x;
}

static inline float softplus(float x) { return (x > 0 ? x : 0) + log1pf(fast_exp(-fabsf(x))); }
static inline float sign(float x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
static inline float larger(float a, float b) { return a != a || a > b ? a : b; }
static inline float smaller(float a, float b) { return a != a || a < b ? a : b; }

typedef union { float f; int32_t i; } Bits;

/** The same for which of two zeros counts: 0 is larger than -0. */
static inline float maximum(float a, float b) {
  const Bits x = {a}, y = {b}, both = {.i = x.i & y.i};
  return a == b ? both.f : larger(a, b);
}
static inline float minimum(float a, float b) {
  const Bits x = {a}, y = {b}, either = {.i = x.i | y.i};
  return a == b ? either.f : smaller(a, b);
}

/** For functions that look at the bits of a number: a denormal one counts as zero, whatever the processor does. */
static inline float flushed(float x) { return fabsf(x) < FLT_MIN ? copysignf(0, x) : x; }

/** As in JavaScript, where a power of 1 that is not finite is not a number. */
static inline float power(float a, float b) { return fabsf(a) == 1 && !(fabsf(b) < INFINITY) ? NAN : powf(flushed(a), flushed(b)); }

/*
 * Whole numbers are what JavaScript keeps of a double in an Int32Array: the part before the point, modulo 2^32; 0 for what is not finite.
 * Nothing here can end a program, nor overflow in a way that C leaves open.
 */
static inline int32_t whole_of_double(double x) {
  if (fabs(x) < 9e18) return (int32_t)(int64_t)x;
  return fabs(x) < INFINITY ? (int32_t)(int64_t)fmod(x, 4294967296.) : 0;
}
/* Floats beyond 2^63 are multiples of 2^32. */
static inline int32_t whole(float x) { return fabsf(x) < 9e18f ? (int32_t)(int64_t)x : 0; }
static inline int32_t add_int(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
static inline int32_t subtract_int(int32_t a, int32_t b) { return (int32_t)((uint32_t)a - (uint32_t)b); }
static inline double squared(double x) { return x * x; }

/** The remainder of a division that rounds down, in double precision, as TensorFlow.js takes it. */
static inline double floor_mod(double a, double b) {
  const double rest = fmod(a, b);
  return (a < 0 && b < 0) || (a >= 0 && b >= 0) ? rest : fmod(rest + b, b);
}

#define EACH(from, to, expression)                                                                                                            \
  {                                                                                                                                           \
    const from *a = regs[op[2]], *b = regs[op[3]], *c = regs[op[4]];                                                                          \
    to *d = regs[op[1]];                                                                                                                      \
    (void)b, (void)c;                                                                                                                         \
    _Pragma("GCC ivdep") for (int i = 0; i < n; i++) d[i] = expression;                                                                       \
  }                                                                                                                                           \
  break
#define FLOATS(expression) EACH(float, float, expression)
#define INTS(expression) EACH(int32_t, int32_t, expression)
#define TEST(expression) EACH(float, int32_t, expression)

/** One operation on a block: code, target, then up to three operands, all registers. */
static void run_step(const int32_t *op, void **regs, int n) {
  switch (op[0]) {
    case Abs: FLOATS(fabsf(a[i]));
    case Neg: FLOATS(-a[i]);
    case Exp: FLOATS(fast_exp(a[i]));
    case Log: FLOATS(logf(flushed(a[i])));
    case Sqrt: FLOATS(sqrtf(a[i]));
    case Reciprocal: FLOATS(1 / a[i]);
    case Floor: FLOATS(floorf(a[i]));
    case Ceil: FLOATS(ceilf(a[i]));
    case Round: FLOATS(rintf(a[i]));
    case Sin: FLOATS(sinf(a[i]));
    case Cos: FLOATS(cosf(a[i]));
    case Tan: FLOATS(tanf(a[i]));
    case Asin: FLOATS(asinf(a[i]));
    case Acos: FLOATS(acosf(a[i]));
    case Atan: FLOATS(atanf(a[i]));
    case Sinh: FLOATS(sinhf(a[i]));
    case Cosh: FLOATS(coshf(a[i]));
    case Asinh: FLOATS(asinhf(a[i]));
    case Acosh: FLOATS(acoshf(a[i]));
    case Atanh: FLOATS(atanhf(a[i]));
    case Tanh: FLOATS(fast_tanh(a[i]));
    case Sigmoid: FLOATS(sigmoid(a[i]));
    case Erf: FLOATS(erff(a[i]));
    case Sign: FLOATS(sign(a[i]));
    case Relu: FLOATS(a[i] <= 0 ? 0 : a[i]);
    /* The slope of LeakyRelu and the limits of Clip come as operands. */
    case Clip: FLOATS(a[i] > c[i] ? c[i] : a[i] < b[i] ? b[i] : a[i]);
    case LeakyRelu: FLOATS(a[i] < 0 ? a[i] * b[i] : a[i]);
    case Elu: FLOATS(elu(a[i]));
    case Softplus: FLOATS(softplus(a[i]));
    case Add: FLOATS(a[i] + b[i]);
    case Sub: FLOATS(a[i] - b[i]);
    case Mul: FLOATS(a[i] * b[i]);
    case Div: FLOATS(a[i] / b[i]);
    case Pow: FLOATS(power(a[i], b[i]));
    case Max: FLOATS(maximum(a[i], b[i]));
    case Min: FLOATS(minimum(a[i], b[i]));
    case FloorMod: FLOATS((float)floor_mod(a[i], b[i]));
    case FloorDiv: TEST(whole_of_double(floor((double)a[i] / b[i])));
    case IsNaN: TEST(a[i] != a[i]);
    case IsInf: TEST(fabsf(a[i]) == INFINITY);
    case Equal: TEST(a[i] == b[i]);
    case Less: TEST(a[i] < b[i]);
    case LessOrEqual: TEST(a[i] <= b[i]);
    case Greater: TEST(a[i] > b[i]);
    case GreaterOrEqual: TEST(a[i] >= b[i]);
    case AbsInt: INTS(a[i] < 0 ? subtract_int(0, a[i]) : a[i]);
    case NegInt: INTS(subtract_int(0, a[i]));
    case SignInt: INTS((a[i] > 0) - (a[i] < 0));
    case AddInt: INTS(add_int(a[i], b[i]));
    case SubInt: INTS(subtract_int(a[i], b[i]));
    case MulInt: INTS(whole_of_double((double)a[i] * b[i]));
    case SquaredDifferenceInt: INTS(whole_of_double(squared((double)a[i] - b[i])));
    case PowInt: INTS(whole_of_double(pow(a[i], b[i])));
    case FloorDivInt: INTS(whole_of_double(floor((double)a[i] / b[i])));
    case FloorModInt: INTS(whole_of_double(floor_mod(a[i], b[i])));
    case ClipInt: INTS(a[i] > c[i] ? c[i] : a[i] < b[i] ? b[i] : a[i]);
    case MaxInt: INTS(a[i] > b[i] ? a[i] : b[i]);
    case MinInt: INTS(a[i] < b[i] ? a[i] : b[i]);
    case EqualInt: INTS(a[i] == b[i]);
    case LessInt: INTS(a[i] < b[i]);
    case LessOrEqualInt: INTS(a[i] <= b[i]);
    case GreaterInt: INTS(a[i] > b[i]);
    case GreaterOrEqualInt: INTS(a[i] >= b[i]);
    case And: INTS(a[i] & b[i]);
    case Or: INTS(a[i] | b[i]);
    case Xor: INTS(a[i] ^ b[i]);
    case Not: INTS(!a[i]);
    case IntOfFloat: EACH(float, int32_t, whole(a[i]));
    case FloatOfInt: EACH(int32_t, float, (float)a[i]);
    case BoolOfFloat: TEST(a[i] != 0);
    case BoolOfInt: INTS(a[i] != 0);
    case Where: INTS(a[i] ? b[i] : c[i]);
  }
}

/** How an operand lies in memory. */
enum { CONTIGUOUS, ONE_NUMBER, BROADCAST };

typedef struct {
  const char *data;
  int32_t kind, is_bool;
  const int32_t *strides;
} Operand;

static inline int32_t element(const Operand *x, int64_t i) { return x->is_bool ? ((const uint8_t *)x->data)[i] : ((const int32_t *)x->data)[i]; }

/** Copies n elements from the start-th on, in the order of the result's shape, to a block. */
static void load(const Operand *x, const int32_t *shape, int rank, int64_t start, int n, int32_t *to) {
  if (x->kind != BROADCAST) {
    for (int i = 0; i < n; i++) to[i] = element(x, x->kind == ONE_NUMBER ? 0 : start + i);
    return;
  }
  int32_t index[MAX_RANK];
  int64_t offset = 0, rest = start;
  for (int axis = rank - 1; axis >= 0; axis--) {
    index[axis] = (int32_t)(rest % shape[axis]);
    rest /= shape[axis];
    offset += (int64_t)index[axis] * x->strides[axis];
  }
  const int last = rank - 1;
  const int64_t step = x->strides[last];
  for (int done = 0; done < n;) {
    const int left = shape[last] - index[last], run = left < n - done ? left : n - done;
    if (step == 1 && !x->is_bool) copy_numbers(to + done, (const int32_t *)x->data + offset, run);
    else if (step == 0) {
      const int32_t same = element(x, offset);
      for (int i = 0; i < run; i++) to[done + i] = same;
    } else for (int i = 0; i < run; i++) to[done + i] = element(x, offset + i * step);
    done += run;
    if (done == n) break;
    offset += (run - 1) * step;
    index[last] += run - 1;
    offset = advance(index, shape, x->strides, rank, offset);
  }
}

/** Whether an operand is one row for all rows. */
static int is_row(const Operand *x, int rank) {
  for (int axis = 0; axis < rank - 1; axis++)
    if (x->strides[axis] != 0) return 0;
  return x->kind == BROADCAST;
}

/**
 * whether each worker does a part of it for the first one, elements, operands, results, registers, steps, rank, shape;
 * for each operand: place, kind, whether boolean, strides; for each result: register, place, whether boolean;
 * for each step: code, target, three operands.
 */
static void run_elementwise(Words at, const Worker *w) {
  static _Thread_local int32_t room[MAX_REGISTERS][BLOCK] __attribute__((aligned(64)));
  const int shared = word(&at);
  const int64_t elements = (uint32_t)word(&at);
  if (elements == 0) return;
  const int operands = word(&at), results = word(&at), registers = word(&at), steps = word(&at), rank = word(&at);
  const int32_t *shape = at;
  at += rank;
  Operand in[MAX_REGISTERS];
  struct { char *data; int32_t reg, is_bool; } out[MAX_REGISTERS];
  for (int k = 0; k < operands; k++) {
    in[k].data = place(&at, w), in[k].kind = word(&at), in[k].is_bool = word(&at), in[k].strides = at;
    at += rank;
  }
  for (int k = 0; k < results; k++) out[k].reg = word(&at), out[k].data = place(&at, shared ? w->first : w), out[k].is_bool = word(&at);
  void *regs[MAX_REGISTERS];
  for (int k = 0; k < registers; k++) regs[k] = room[k];
  /* Blocks are whole rows where rows are short, so that one row for all is the same in every block. */
  const int row = rank > 0 && shape[rank - 1] <= BLOCK ? shape[rank - 1] : 1, block = BLOCK / row * row;
  int same[MAX_REGISTERS];
  for (int k = 0; k < operands; k++) {
    same[k] = in[k].kind == ONE_NUMBER || (row > 1 && is_row(&in[k], rank));
    if (same[k]) load(&in[k], shape, rank, 0, elements < block ? (int)elements : block, room[k]);
  }
  const int64_t blocks = (elements + block - 1) / block, parts = shared ? w->workers : 1, part = shared ? w->index : 0;
  for (int64_t start = blocks * part / parts * block; start < blocks * (part + 1) / parts * block && start < elements; start += block) {
    const int n = elements - start < block ? (int)(elements - start) : block;
    for (int k = 0; k < operands; k++) {
      if (in[k].kind == CONTIGUOUS && !in[k].is_bool) regs[k] = (void *)(in[k].data + 4 * start);
      else if (!same[k]) load(&in[k], shape, rank, start, n, room[k]);
    }
    for (int k = 0; k < results; k++)
      if (!out[k].is_bool) regs[out[k].reg] = out[k].data + 4 * start;
    for (int s = 0; s < steps; s++) run_step(at + 5 * s, regs, n);
    for (int k = 0; k < results; k++)
      if (out[k].is_bool) {
        const int32_t *from = regs[out[k].reg];
        for (int i = 0; i < n; i++) ((uint8_t *)out[k].data)[start + i] = (uint8_t)from[i];
      }
  }
}
