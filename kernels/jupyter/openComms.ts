import type {CommMessage} from './messages';
import type {Message} from './wire';

/** The comms that are open, as seen on the way between the front end and the cells. */
export class OpenComms {
  private readonly targets = new Map<string, string>();

  /** A comm message of the front end; undefined when it is malformed. */
  fromFront({header, content, buffers}: Message): CommMessage | undefined {
    const {comm_id: comm, target_name: target, data = {}} =
      content as {comm_id?: unknown; target_name?: unknown; data?: Record<string, unknown>};
    const step = header.msg_type.replace('comm_', '');
    if (typeof comm !== 'string' || (step !== 'open' && step !== 'msg' && step !== 'close')) return undefined;
    this.note(step, comm, String(target ?? ''));
    return {
      step, comm, data, buffers: buffers.map((buffer) => new Uint8Array(buffer)),
      ...(target ? {target: String(target)} : {}),
    };
  }

  /** Content of a comm message of a cell, and what goes with it. */
  fromCell({step, comm, target = '', data, metadata = {}, buffers = []}: CommMessage): [content: object, more: object] {
    this.note(step, comm, target);
    const content = {comm_id: comm, data, ...(step === 'open' ? {target_name: target} : {})};
    return [content, {metadata, buffers: buffers.map((buffer) => Buffer.from(buffer))}];
  }

  /** Content of the reply to `comm_info_request`. @param target only comms of this target; default all */
  info(target: unknown): object {
    const found = [...this.targets].filter(([, name]) =>
      target === undefined || target === null || target === '' || name === target);
    return {comms: Object.fromEntries(found.map(([comm, name]) => [comm, {target_name: name}]))};
  }

  private note(step: CommMessage['step'], comm: string, target: string): void {
    if (step === 'open') this.targets.set(comm, target);
    if (step === 'close') this.targets.delete(comm);
  }
}
