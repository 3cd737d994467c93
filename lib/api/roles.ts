/**
 * The roles that requests run as. What they may read and call (sql/grants) is the API: `reader` only reads, `editor`
 * also writes.
 */
export const roles = { reader: "jukebase_api", editor: "jukebase_editor" } as const;
