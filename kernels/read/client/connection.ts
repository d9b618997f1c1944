import type {Answers, Asked, PageRequest, ServerMessage} from '../protocol';

/** Times in ms between two tries to come back. */
const FIRST = 250, LAST = 4000;

/** What the page does when something is heard. */
export interface Heard {
  readonly message: (message: ServerMessage) => void;
  /** The connection is there, or it is not. */
  readonly connected: (isThere: boolean) => void;
}

/** What a question about a cell needs. */
export type Question = Omit<Extract<PageRequest, {type: 'ask'}>, 'type' | 'ask' | 'what'>;

/** The page's connection: comes back by itself after sleep, a reload of the server or a lost line. */
export class Connection {
  private socket: WebSocket | undefined;
  private wait = FIRST;
  private asked = 0;
  private readonly waiting = new Map<number, {resolve: (value: never) => void; reject: (error: Error) => void}>();

  constructor(private readonly page: string, private readonly heard: Heard) {
    this.open();
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.socket?.readyState === WebSocket.CLOSED) this.open();
    });
  }

  private open(): void {
    const socket = new WebSocket(`ws://${location.host}/live/${encodeURIComponent(this.page)}`);
    this.socket = socket;
    socket.onopen = () => {
      this.wait = FIRST;
      this.heard.connected(true);
    };
    socket.onmessage = ({data}) => this.hear(JSON.parse(String(data)) as ServerMessage);
    socket.onclose = () => {
      this.heard.connected(false);
      this.waiting.forEach(({reject}) => reject(new Error('the connection is lost')));
      this.waiting.clear();
      setTimeout(() => this.socket === socket && this.open(), this.wait);
      this.wait = Math.min(2 * this.wait, LAST);
    };
  }

  private hear(message: ServerMessage): void {
    if (message.type !== 'answer' && message.type !== 'refused') return this.heard.message(message);
    const ask = message.ask ?? -1, waiting = this.waiting.get(ask);
    this.waiting.delete(ask);
    if (message.type === 'answer') waiting?.resolve(message.value as never);
    else waiting?.reject(new Error(message.reason));
  }

  /** @returns whether it could be sent */
  send(request: PageRequest): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(request));
    return true;
  }

  /** Asks something about a cell. @throws Error when the connection is lost */
  ask<W extends Asked>(what: W, question: Question): Promise<Answers[W]> {
    const ask = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(ask, {resolve, reject});
      if (this.send({type: 'ask', what, ask, ...question})) return;
      this.waiting.delete(ask);
      reject(new Error('there is no connection'));
    });
  }
}
