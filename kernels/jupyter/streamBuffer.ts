import type {StreamName} from '../executor/events';
import type {Message} from './wire';

/** A text on its way to the front end. */
export interface StreamText {
  readonly parent: Message | null;
  readonly name: StreamName;
  text: string;
}

/** Time in ms for which texts are gathered: front ends drop messages that come too fast. */
const PERIOD = 25;

/** Characters that are sent at once. */
const MOST_TEXT = 1_000_000;

/** Most messages of one period; where the streams alternate more often, each keeps its own order only. */
const MOST_MESSAGES = 10;

/** Gathers what cells print into few messages. Nothing is left out. */
export class StreamBuffer {
  private texts: StreamText[] = [];
  private size = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly publish: (text: StreamText) => void) {}

  add(parent: Message | null, name: StreamName, text: string): void {
    const last = this.texts.at(-1);
    if (last?.parent === parent && last.name === name) last.text += text;
    else this.texts.push({parent, name, text});
    this.size += text.length;
    if (this.size > MOST_TEXT) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), PERIOD);
  }

  /** Sends what there is. */
  flush(): void {
    clearTimeout(this.timer);
    const texts = this.texts.length > MOST_MESSAGES ? merged(this.texts) : this.texts;
    [this.texts, this.size, this.timer] = [[], 0, undefined];
    texts.forEach(this.publish);
  }
}

function merged(texts: readonly StreamText[]): StreamText[] {
  const found: StreamText[] = [];
  for (const {parent, name, text} of texts) {
    const same = found.find((each) => each.parent === parent && each.name === name);
    if (same) same.text += text;
    else found.push({parent, name, text});
  }
  return found;
}
