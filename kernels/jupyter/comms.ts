import {randomUUID} from 'node:crypto';
import type {Comm, CommTarget, WidgetHub} from '../../lib/notebook/widgets/hub';
import {checkedJson} from '../../lib/notebook/bundle';
import type {CommMessage} from './messages';

/** The comms of a kernel: channels between the front end and objects in the namespace. */
export class CommHub implements WidgetHub {
  private readonly comms = new Map<string, Comm>();
  private readonly targets = new Map<string, CommTarget>();

  constructor(private readonly send: (message: CommMessage) => void) {}

  /** Names what is to be done when the front end opens a comm. */
  registerTarget(name: string, target: CommTarget): void {
    this.targets.set(name, target);
  }

  /** Opens a comm to a target of the front end. */
  open(target: string, data: Record<string, unknown>, metadata: Record<string, unknown> = {}): Comm {
    const comm = this.create(randomUUID());
    this.post({step: 'open', comm: comm.id, target, data, metadata});
    return comm;
  }

  /** Handles what the front end sent. Unknown comms are closed, as the protocol asks. */
  async receive({step, comm: id, target = '', data, buffers = []}: CommMessage): Promise<void> {
    if (step === 'open') return this.accept(id, target, data);
    const comm = this.comms.get(id);
    if (step === 'close') this.comms.delete(id);
    else if (comm) await comm.onMessage(data, buffers);
  }

  /** @throws BundleError when the data are no JSON: told where they are sent, not where they arrive */
  private post(message: CommMessage): void {
    const {data, metadata, ...rest} = message;
    this.send({
      ...rest, data: checkedJson('comm data', data),
      ...(metadata ? {metadata: checkedJson('comm metadata', metadata)} : {}),
    });
  }

  private accept(id: string, target: string, data: CommMessage['data']): void {
    const handler = this.targets.get(target);
    if (handler) handler(this.create(id), data);
    else this.post({step: 'close', comm: id, data: {}});
  }

  private create(id: string): Comm {
    const comm: Comm = {
      id,
      send: (data, buffers) => this.post({step: 'msg', comm: id, data, ...(buffers ? {buffers} : {})}),
      close: (data = {}) => {
        this.comms.delete(id);
        this.post({step: 'close', comm: id, data});
      },
      onMessage: () => undefined,
    };
    this.comms.set(id, comm);
    return comm;
  }
}
