import {bestSplit, type Looking} from './split';
import type {RegressionTree} from './tree';
import {centre, divide, prepare, type Lesson, type Segment, type Split} from './work';

/** How far a tree grows. */
export interface Growth {
  /** Longest path from the root to a leaf. */
  readonly maxDepth: number;
  /** How the node of this number looks for its question. */
  readonly look: (node: number) => Looking;
}

/**
 * Grows a tree: every node asks what leaves the smallest squared error, until its rows cannot be told apart, have
 * equal targets, or `growth` says so. Columns come sorted; a question moves the rows so that each child owns a
 * stretch that is sorted again, and the best question of a node is found in one walk along each column.
 * @reference Breiman, Friedman, Olshen, Stone 1984, Classification and Regression Trees. doi:10.1201/9781315139470
 */
export function growTree(lesson: Lesson, {maxDepth, look}: Growth): RegressionTree {
  const work = prepare(lesson), nodes = new Nodes(), open: Open[] = [{from: 0, to: work.count, depth: 0}];
  for (let next = open.pop(); next; next = open.pop()) {
    const {from, to, depth, rightOf} = next, segment = centre(work, from, to), node = nodes.add(segment, rightOf);
    const split = depth < maxDepth && !segment.pure ? bestSplit(work, segment, look(node)) : undefined;
    if (!split) continue;
    nodes.ask(node, split);
    divide(work, segment, split, depth + 1 < maxDepth);
    // The left child is taken next, and so stands next to its parent.
    open.push({from: split.at, to, depth: depth + 1, rightOf: node}, {from, to: split.at, depth: depth + 1});
  }
  return nodes.tree();
}

/** Rows that wait to become a node. */
interface Open {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly rightOf?: number;
}

/** The nodes so far. */
class Nodes {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly missingLeft: number[] = [];
  private readonly right: number[] = [];
  private readonly value: number[] = [];
  private readonly weight: number[] = [];

  /** A leaf, until it asks. @returns its number */
  add({mean, weight}: Segment, rightOf?: number): number {
    const node = this.feature.length;
    if (rightOf !== undefined) this.right[rightOf] = node;
    this.feature.push(-1);
    this.threshold.push(0);
    this.missingLeft.push(0);
    this.right.push(0);
    this.value.push(mean);
    this.weight.push(weight);
    return node;
  }

  ask(node: number, {feature, threshold, missingLeft}: Split): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.missingLeft[node] = Number(missingLeft);
  }

  tree(): RegressionTree {
    const {feature, threshold, missingLeft, right, value, weight} = this;
    return Object.freeze({
      feature: Int32Array.from(feature), threshold: Float64Array.from(threshold),
      missingLeft: Uint8Array.from(missingLeft), right: Int32Array.from(right),
      value: Float64Array.from(value), weight: Float64Array.from(weight),
    });
  }
}
