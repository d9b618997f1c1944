import type {CellEvent} from '../executor';
import {bundleContent} from './replies';
import {type RequestChannel, Transport} from './transport';
import type {Message} from './wire';

/** The front ends, seen from the kernel: what is said to them, under the request that it belongs to. */
export class Front {
  constructor(private readonly transport: Transport) {}

  status(state: 'busy' | 'idle', parent: Message): void {
    this.transport.publish('status', {parent: parent.header, content: {execution_state: state}});
  }

  /** Says something to all. */
  publish(parent: Message | null, type: string, content: object, more: object = {}): void {
    this.transport.publish(type, {parent: parent?.header ?? {}, content, ...more});
  }

  /** Answers the one who asked. */
  reply(channel: RequestChannel, to: Message, type: string, content: object): void {
    this.transport.send(channel, to.identities, type, {parent: to.header, content});
  }

  /** Shows an output of a cell. */
  show(parent: Message | null, event: CellEvent): void {
    if (event.type === 'stream') return this.publish(parent, 'stream', {name: event.name, text: event.text});
    const transient = event.id ? {display_id: event.id} : {};
    this.publish(parent, event.update ? 'update_display_data' : 'display_data', {...bundleContent(event.bundle), transient});
  }
}
