import type {Token} from 'markdown-it';
import {EQUATIONS} from './equations';
import type {Scope, Target} from './scope';

/** How tokens are made, and whether words may become references here, and symbols terms. */
interface Making {
  readonly make: new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;
  readonly refer: boolean;
  readonly explain: boolean;
}

/** A line of text whose links lead somewhere, with equations, symbols and files of the project linked. */
export function linkedText(children: readonly Token[], scope: Scope, making: Making): Token[] {
  const kept: Token[] = [];
  let inside = 0, dead = 0;
  for (const token of children) {
    if (token.type === 'link_open') {
      const href = leading(token, scope);
      if (href) inside++;
      else dead++;
      if (href) kept.push(token);
    } else if (token.type === 'link_close') {
      if (dead > 0) dead--;
      else kept.push(token);
      if (inside > 0) inside--;
    } else kept.push(...(inside > 0 || !making.refer ? [token] : referring(token, scope, making)));
  }
  return kept;
}

/** Leads a link to where the site has its target; false where there is none. */
function leading(token: Token, scope: Scope): boolean {
  const href = String(token.attrGet('href')), target = scope.reference(href), found = scope.link(href);
  if (found === null) return false;
  token.attrSet('href', found);
  if (target?.card) token.attrSet('data-card', target.card);
  return true;
}

function referring(token: Token, scope: Scope, {make, explain}: Making): Token[] {
  if (token.type === 'math_inline' && explain) token.meta = {target: scope.symbol(token.content)};
  if (token.type === 'code_inline') {
    const href = scope.source(token.content);
    return href ? linked([token], {href}, make) : [token];
  }
  return token.type === 'text' ? equationLinks(token, scope, make) : [token];
}

function equationLinks(token: Token, scope: Scope, make: Making['make']): Token[] {
  const pieces: Token[] = [], text = (content: string) => {
    if (content !== '') pieces.push(Object.assign(new make('text', '', 0), {content}));
  };
  let done = 0;
  for (const words of token.content.matchAll(EQUATIONS)) {
    for (const number of words[0].matchAll(/\((\d+[a-z]?)\)/g)) {
      const at = words.index + number.index, target = scope.equation(number[1]);
      if (!target) continue;
      text(token.content.slice(done, at));
      const shown = Object.assign(new make('text', '', 0), {content: number[0]});
      pieces.push(...linked([shown], target, make));
      done = at + number[0].length;
    }
  }
  text(token.content.slice(done));
  return pieces;
}

function linked(content: readonly Token[], {href, card}: Target, make: Making['make']): Token[] {
  if (href === null) return [...content];
  const open = new make('link_open', 'a', 1);
  open.attrSet('href', href);
  if (card) open.attrSet('data-card', card);
  return [open, ...content, new make('link_close', 'a', -1)];
}
