/**
 * The rows of a CSV text (RFC 4180) as objects by the names in its first row: fields may be quoted, and hold commas, line
 * ends and doubled quotes then. Throws when a quote stands elsewhere or a row has another number of fields.
 */
export function csvRows(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const [, quoted, plain, end] = field.exec(text) ?? [];
    if (end === undefined) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 50)}`);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end !== "," && field.lastIndex < text.length) rows.push([]);
  }
  const [names = [], ...values] = rows;
  return values.map((row, n) => {
    if (row.length !== names.length) throw new Error(`row ${n + 2} has ${row.length} fields`);
    return Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""]));
  });
}
