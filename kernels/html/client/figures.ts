import {all, load} from './dom';
import type {} from './charts';

/**
 * Draws charts when they are about to come into sight; a figure that cannot be drawn keeps its picture.
 * @param within part of the page; default all of it
 */
export function drawCharts(within?: ParentNode): void {
  const figures = all('figure.figure', within).filter(figure =>
    figure.querySelector('script[type="application/json"]'));
  const observer = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      load('charts.js').then(() => globalThis.obsnodeChart(target as HTMLElement)).catch(() =>
        (target as HTMLElement).classList.add('still'));
    }
  }, {rootMargin: '300px 0px'});
  figures.forEach(figure => observer.observe(figure));
}
