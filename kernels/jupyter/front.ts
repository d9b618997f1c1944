import type {CellEvent} from '../executor';
import {bundleContent} from './replies';
import {StreamBuffer} from './streamBuffer';
import {type RequestChannel, Transport} from './transport';
import type {Message} from './wire';

/** The front ends, seen from the kernel: what is said to them, under the request that it belongs to. */
export class Front {
  private readonly streams = new StreamBuffer(({parent, ...content}) => this.send(parent, 'stream', content));

  constructor(private readonly transport: Transport) {}

  status(state: 'busy' | 'idle', parent: Message): void {
    this.publish(parent, 'status', {execution_state: state});
  }

  /** Says something to all, after what was printed before it. */
  publish(parent: Message | null, type: string, content: object, more: object = {}): void {
    this.streams.flush();
    this.send(parent, type, content, more);
  }

  /** Sends what was printed and still waits for more. */
  flush(): void {
    this.streams.flush();
  }

  private send(parent: Message | null, type: string, content: object, more: object = {}): void {
    this.transport.publish(type, {parent: parent?.header ?? {}, content, ...more});
  }

  /** Answers the one who asked. */
  reply(channel: RequestChannel, to: Message, type: string, content: object): void {
    this.streams.flush();
    this.transport.send(channel, to.identities, type, {parent: to.header, content});
  }

  /** Shows an output of a cell. */
  show(parent: Message | null, event: CellEvent): void {
    if (event.type === 'stream') return this.streams.add(parent, event.name, event.text);
    if (event.type === 'clear') return this.publish(parent, 'clear_output', {wait: event.wait});
    const transient = event.id ? {display_id: event.id} : {};
    this.publish(parent, event.update ? 'update_display_data' : 'display_data', {
      ...bundleContent(event.bundle), transient,
    });
  }
}
