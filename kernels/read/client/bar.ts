import type {KernelState} from '../protocol';
import {make} from '../../html/client/dom';
import {button} from './button';

/** What the bar can do. */
export interface BarHost {
  readonly runAll: () => void;
  readonly interrupt: () => void;
  readonly restart: () => void;
  readonly save: () => void;
}

const STATES: Readonly<Record<KernelState, string>> = {
  none: 'press a cell to change it, Shift+Enter runs it', starting: 'kernel starts', idle: 'ready', busy: 'running',
  dead: 'the kernel has ended',
};

const AWAY = 'no connection: does npm run read still run? What you typed is kept; if it was started anew, open the '
  + 'address that it prints';

/** The bar at the foot of a live page: what the kernel does, and what goes for all cells. */
export class Bar {
  private readonly node = make('div', {class: 'live-bar', role: 'region', 'aria-label': 'Running'});
  private readonly text = make('span', {class: 'live-state', role: 'status'});
  private kernel: KernelState = 'none';
  private how = '';
  private isConnected = true;
  private profile = '';

  constructor({runAll, interrupt, restart, save}: BarHost) {
    const stop = button('Stop', 'Stop what runs', interrupt);
    stop.classList.add('live-stop');
    this.node.append(
      make('span', {class: 'live-lamp', 'aria-hidden': 'true'}), this.text,
      button('Run all', 'Run all cells', runAll), stop,
      button('Restart', 'Start a new kernel; all variables are lost', restart),
      button('Save a copy', 'Download the page as a notebook (.ipynb)', save),
    );
    document.body.append(this.node);
    this.show();
  }

  profileIs(profile: string): void {
    this.profile = profile;
    this.show();
  }

  kernelIs(kernel: KernelState, how = ''): void {
    [this.kernel, this.how] = [kernel, how];
    this.show();
  }

  connectedIs(isConnected: boolean): void {
    this.isConnected = isConnected;
    this.show();
  }

  private show(): void {
    this.node.dataset.kernel = this.isConnected ? this.kernel : 'away';
    this.text.textContent = this.isConnected ? this.stateText() : AWAY;
  }

  private stateText(): string {
    if (this.kernel === 'dead') return `the kernel ${this.how}; what you typed is kept, its variables are lost`;
    return `${STATES[this.kernel]}${this.profile ? ` · ${this.profile} profile` : ''}`;
  }
}
