import {all} from './dom';

/** Marks in the contents the heading that the reader has reached. */
export function followPlace(): void {
  const links = new Map(all<HTMLAnchorElement>('.contents .headings a').map(link =>
    [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...links.keys()].map(id => document.getElementById(id)).filter(found => found !== null);
  if (headings.length === 0) return;
  const mark = (): void => {
    const at = headings.findLastIndex(heading => heading.getBoundingClientRect().top < innerHeight / 3);
    links.forEach((link, id) => {
      const here = headings[at]?.id === id;
      if (here && link.getAttribute('aria-current') === null) keepInSight(link);
      if (here) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    });
  };
  // Everything above counts as in sight, so that a leap over several headings is noticed too.
  const observer = new IntersectionObserver(mark, {rootMargin: '1000000px 0px -66% 0px'});
  headings.forEach(heading => observer.observe(heading));
  mark();
}

/** Scrolls the contents alone, never the page. */
function keepInSight(link: HTMLElement): void {
  const box = link.closest<HTMLElement>('.contents');
  if (!box || getComputedStyle(box).position !== 'fixed') return;
  const {top, bottom} = link.getBoundingClientRect(), frame = box.getBoundingClientRect();
  if (top < frame.top + 40 || bottom > frame.bottom - 40) box.scrollTop += top - frame.top - frame.height / 3;
}
