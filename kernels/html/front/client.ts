/** The moving figure in a reader's browser. It asks no server: the numbers stand in the page. */
import {drawMessage} from './drawMessage';
import {MESSAGE_AXES, messageText, type MessageGrid, type MessagePlace} from './message';

const pick = <E extends Element>(selector: string): E => document.querySelector<E>(selector)!;

function start(): void {
  const figure = pick<HTMLElement>('#message'), said = pick('#message-said');
  const grid = JSON.parse(figure.querySelector('script')!.textContent!) as MessageGrid;
  const sliders = MESSAGE_AXES.map(axis => pick<HTMLInputElement>(`#message-${axis}`));
  const boxes = [pick<HTMLElement>('#message .answers-box'), pick<HTMLElement>('#message .state-box')];
  const place = (): MessagePlace =>
    Object.fromEntries(MESSAGE_AXES.map((axis, k) => [axis, Number(sliders[k].value)])) as unknown as MessagePlace;

  let speaking = 0;
  function draw(): void {
    const [answers, state] = boxes.map(box => Math.max(180, Math.floor(box.clientWidth)));
    const drawn = drawMessage(grid, place(), {answers, state});
    boxes[0].innerHTML = drawn.answers;
    boxes[1].innerHTML = drawn.state;
    sliders.forEach((slider, k) => {
      const value = String(grid.axes[MESSAGE_AXES[k]][Number(slider.value)]);
      slider.setAttribute('aria-valuetext', value);
      pick(`#message-${MESSAGE_AXES[k]}-value`).textContent = value;
    });
    // Said once the slider rests, so that a screen reader is not flooded.
    clearTimeout(speaking);
    speaking = window.setTimeout(() => { said.textContent = messageText(grid, place()); }, 250);
  }

  let playing = 0;
  const play = pick<HTMLButtonElement>('#message-play'), visits = sliders[MESSAGE_AXES.indexOf('visits')];
  const stop = (): void => { clearInterval(playing); playing = 0; play.textContent = '▶ Measure on'; };
  function toggle(): void {
    if (playing) return stop();
    if (visits.value === visits.max) visits.value = '0';
    play.textContent = '❚❚ Stop';
    playing = window.setInterval(() => {
      visits.value = String(Number(visits.value) + 1);
      draw();
      if (visits.value === visits.max) stop();
    }, 350);
  }

  sliders.forEach(slider => slider.addEventListener('input', () => { stop(); draw(); }));
  play.addEventListener('click', toggle);
  figure.querySelectorAll<HTMLButtonElement>('button[data-place]').forEach(button =>
    button.addEventListener('click', () => {
      stop();
      const chosen = JSON.parse(button.dataset.place!) as Partial<MessagePlace>;
      MESSAGE_AXES.forEach((axis, k) => { sliders[k].value = String(chosen[axis] ?? sliders[k].value); });
      draw();
    }));
  new ResizeObserver(draw).observe(figure);
  figure.classList.add('live');
  draw();
}

if (document.querySelector('#message')) start();
