/**
 * Asks the reader for a line of text; only where someone can answer (JupyterLab, a console).
 *
 * @param prompt shown before the field; default empty
 * @param options.password hides what is typed; default false
 */
declare function input(prompt?: string, options?: {readonly password?: boolean}): Promise<string>;
