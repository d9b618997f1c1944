/** What a fault of the file system means; undefined for other errors. */
export function fileFault(error: unknown): string | undefined {
  const {code, path, syscall} = error as NodeJS.ErrnoException;
  const meaning = MEANING[code ?? ''];
  const where = [code, syscall, path].filter(Boolean).join(' ');
  return meaning && `${meaning} (${where}). What was finished stays; the same command goes on from there.`;
}

const MEANING: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full', EDQUOT: 'The quota of the disk is used up',
  EFBIG: 'A file may not become as large as is needed', EACCES: 'The folder may not be written to',
  EPERM: 'The folder may not be written to', EROFS: 'The disk is read-only', ENOTDIR: 'A part of the path is a file',
  EEXIST: 'A part of the path is a file',
};
