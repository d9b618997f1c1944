import {make} from '../../html/client/dom';

/** A button. @param title what it does, in full */
export function button(text: string, title: string, press: () => void): HTMLButtonElement {
  const made = make('button', {type: 'button', title}, text);
  made.addEventListener('click', press);
  return made;
}
