import {crc32} from 'node:zlib';
import {millimetres} from './options';

/**
 * A drawing on a page of exactly the width asked for [px], without rounding; what is left over stands on both sides.
 */
export function onPage(svg: string, width: number): {readonly svg: string; readonly height: number} {
  const [head, drawn, tall] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"[^>]*>/.exec(svg)!;
  const left = (width - Number(drawn)) / 2, height = Number(tall);
  const box = `width="${width}" height="${height}" viewBox="${-left} 0 ${width} ${height}"`;
  const page = head.replace(/ (width|height|viewBox)="[^"]*"/g, '').replace('<svg', `<svg ${box}`);
  const paper = svg.slice(head.length).replace(/<rect width="[\d.]+"/, `<rect x="${-left}" width="${width}"`);
  return {svg: page + paper, height};
}

/** The same with its size in millimetres, as programs for print read it. */
export function inMillimetres(svg: string): string {
  const mm = (px: string) => Number(millimetres(Number(px)).toFixed(4));
  return svg.replace(/ width="([\d.]+)" height="([\d.]+)"/, (_, width: string, height: string) =>
    ` width="${mm(width)}mm" height="${mm(height)}mm"`);
}

/** A PNG that says how many pixels it has to an inch, so that LaTeX sets it at its own size. */
export function withResolution(png: Uint8Array, dpi: number): Uint8Array {
  const perMetre = Math.round(dpi / 0.0254), chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  [8, 12].forEach(at => chunk.writeUInt32BE(perMetre, at));
  chunk[16] = 1;
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  // the header is always the first chunk, and always as long
  return Buffer.concat([png.subarray(0, HEADER_END), chunk, png.subarray(HEADER_END)]);
}

/** Signature, then length, name, 13 bytes and sum of the header. */
const HEADER_END = 8 + 25;
