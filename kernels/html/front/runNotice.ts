import {FULL, OWN, pageLink} from './links';

/** How a page of a committed run says where its results are from. */
export const PUBLISHED = '<span class="badge full">full profile</span> as published';

/** Says above the text of a page whose run it shows, and leads to the other one where there is another. */
export function runNotice(
  html: string, stem: string, {own, other}: {readonly own: boolean; readonly other: boolean},
): string {
  const [badge, link, text] = own
    ? ['<span class="badge own">your run</span>', `../${pageLink(FULL, stem)}`, 'As published, in the full profile']
    : [PUBLISHED, `../../${pageLink(OWN, stem)}`, 'Your run of it'];
  const line = `<p class="run">${badge}${other ? ` <a href="${link}">${text}</a>` : ''}</p>`;
  return html.replace(/<main[^>]*>/, main => `${main}\n${line}`);
}
