import {showCards} from './cards';
import {addCopyButtons, openTarget, reachScrollers, unfoldForPrint} from './code';
import {addControls} from './controls';
import {drawCharts} from './figures';
import {followPlace} from './place';
import {addSearch} from './searchBox';

// What scripts add to a page that can be read without them.
const bar = document.querySelector<HTMLElement>('.bar');
if (bar) {
  addSearch(bar);
  addControls(bar);
}
dress();
openTarget();
followPlace();
showCards();
reachScrollers();
unfoldForPrint();
// A live page (kernels/read) gets new outputs.
addEventListener('obsnode:added', ({target}) => dress(target as HTMLElement));

function dress(within?: HTMLElement): void {
  addCopyButtons(within);
  drawCharts(within);
}
