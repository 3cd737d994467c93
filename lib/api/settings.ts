import type { Editor } from "./editor.ts";
import { limits } from "./limits.ts";
import { roles } from "./roles.ts";

/** The settings of the transaction that a request runs in: only that of an editor may write. */
export function settingsOf(editor: Editor | undefined): Record<string, string> {
  const statement_timeout = String(limits.statementMs);
  return editor
    ? { role: roles.editor, statement_timeout, "jukebase.actor": editor.actor }
    : { role: roles.reader, statement_timeout, transaction_read_only: "on" };
}
