/** `%` and `_` of the searched text stand for themselves. `!` escapes, because backslashes mean something else in some modes. */
function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}

/** Whether a column starts with a text, whatever their (ASCII) case. One `?`, bound to {@link prefixPattern}. */
export function startsWith(column: string): string {
  return `LOWER(${column}) LIKE LOWER(?) ESCAPE '!'`;
}

/** What {@link startsWith} is bound to. */
export function prefixPattern(prefix: string): string {
  return `${escapeLike(prefix)}%`;
}
