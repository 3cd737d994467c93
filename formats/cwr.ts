import { fieldsOf, WORK_TRANSACTIONS } from "./cwr/layout.ts";
import { linesOf } from "./cwr/lines.ts";
import { type PartyBook, partyBook } from "./cwr/parties.ts";
import { STATUSES } from "./cwr/terms.ts";
import { type Header, type Line, type Transaction, transactionsOf } from "./cwr/transactions.ts";
import { dateOf } from "./cwr/values.ts";
import { readWork } from "./cwr/work.ts";
import { likelyEncoding } from "./encoding.ts";
import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { known } from "./known.ts";
import type { About, Format, Head, Item, WorkRecord } from "./record.ts";

/**
 * Common Works Registration of CISAC, versions 2.0 to 2.2: registrations of works (NWR, REV), notices of them (ISW, EXC) and
 * acknowledgements (ACK), one record of fixed width a line. Works come with writers as artists, publishers as labels,
 * recordings as tracks; writers and publishers are mentions.
 */
export const cwr: Format = { name: "cwr", title: "CISAC CWR 2.1 and 2.2", detect, parse };

/** A header of the EDI version that all of 2.x have, with a date and a time. */
const HEADER = /^HDR.{56}01\.10\d{14}/;

function detect({ text }: Head): string | undefined {
  const [first = "", second = ""] = text.replace(/^\uFEFF/, "").split(/\r?\n/, 2);
  if (!HEADER.test(first)) return undefined;
  return versionOf(first, second.startsWith("GRH") ? second : "");
}

async function* parse(input: Input): AsyncGenerator<Item> {
  const { encoding, isGuess } = await likelyEncoding(input, "iso-8859-1");
  if (isGuess) {
    const warning = "not UTF-8: read as ISO-8859-1";
    yield { pointer: "line 1", warning };
  }
  const parts = transactionsOf(linesOf(input, encoding));
  const parties = partyBook();
  let header: Line | undefined;
  for (;;) {
    const next = await parts.next();
    if (next.done) {
      if (next.value.lines === 0) throw refused(input, "JB241", "the file holds no record");
      if (!next.value.complete) {
        throw refused(input, "JB243", "truncated: the file ends without its trailer (TRL)");
      }
      return;
    }
    const part = next.value;
    if ("header" in part) {
      if (!header) yield aboutOf(part);
      header ??= part.header;
    } else if ("warning" in part) yield { pointer: pointer(part.line), warning: part.warning };
    else yield* itemsOf(input, part.transaction, header, parties);
  }
}

function refused(input: Input, code: "JB241" | "JB243", reason: string): FormatError {
  const hint = "transfer the file again and compare its length";
  return new FormatError({ code, file: input.name, reason, hint });
}

function pointer(line: number): string {
  return `line ${line}`;
}

/** That of the header, which 2.2 has first; before it, only the groups say. */
function versionOf(header: string, group: string): string {
  const { version } = fieldsOf("HDR", header);
  if (/^\d\.\d$/.test(version)) return version;
  const [, major, minor] = /^0?(\d)\.(\d)\d$/.exec(fieldsOf("GRH", group).version) ?? [];
  return major === undefined ? "2.1" : `${major}.${minor}`;
}

/** The standard names no zone for the time of creation: it is read as UTC. */
function aboutOf({ header, group }: Header): About {
  const fields = fieldsOf("HDR", header.text);
  const day = dateOf(fields.creation_date);
  const [, hour, minute, second] =
    /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(fields.creation_time) ?? [];
  const sender = `${fields.sender_name} (${fields.sender_type} ${fields.sender_id})`.trim();
  const isWhole = day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day) && hour !== undefined;
  return {
    about: known<About["about"]>({
      version: versionOf(header.text, group?.text ?? ""),
      statedAt: isWhole ? `${day}T${hour}:${minute}:${second}Z` : undefined,
      sender,
    }),
  };
}

function* itemsOf(
  input: Input,
  transaction: Transaction,
  header: Line | undefined,
  parties: PartyBook,
): Generator<Item> {
  const { head, lines, fault } = transaction;
  const refuse = (line: number, reason: string): Item => ({
    pointer: pointer(line),
    refused: new FormatError({
      code: "JB243",
      file: input.name,
      line,
      reason,
      hint: "correct the transaction, or take it out with all of its records",
    }),
  });
  if (fault) {
    yield refuse(fault.line, fault.reason);
    return;
  }
  if (head.type === "AGR") {
    yield {
      pointer: pointer(head.line),
      warning: "an agreement (AGR) tells of no work; it is passed over",
    };
    return;
  }
  const detail = head.type === "ACK" ? lines.find(isWork) : head;
  const acknowledged = head.type === "ACK" ? acknowledgement(head, header) : undefined;
  for (const line of lines) {
    if (line.type !== "MSG") continue;
    const { level, text } = fieldsOf("MSG", line.text);
    yield { pointer: pointer(line.line), warning: `the recipient says (${level || "?"}): ${text}` };
  }
  if (acknowledged?.warning) yield { pointer: pointer(head.line), warning: acknowledged.warning };
  if (acknowledged && !acknowledged.isHeld) return;
  if (acknowledged && !detail) {
    const { record } = acknowledged;
    if (record) yield { pointer: pointer(head.line), record };
    else yield refuse(head.line, "the acknowledgement has no title, or no number of the work");
    return;
  }
  if (!detail) return;
  const told = readWork(
    detail,
    lines.filter((line) => line !== detail),
    parties,
    acknowledged,
  );
  const mentions = parties.take();
  if ("reason" in told) {
    yield refuse(detail.line, told.reason);
    return;
  }
  for (const { line, warning } of told.warnings) yield { pointer: pointer(line), warning };
  for (const record of mentions) yield { pointer: pointer(detail.line), record };
  for (const { line, record } of told.others) yield { pointer: pointer(line), record };
  yield { pointer: pointer(detail.line), record: told.work };
  for (const { line, record } of told.tracks) yield { pointer: pointer(line), record };
}

function isWork({ type }: Line): boolean {
  return (WORK_TRANSACTIONS as readonly string[]).includes(type);
}

type Acknowledgement = {
  isHeld: boolean;
  warning?: string;
  id?: string;
  record?: WorkRecord;
};

/** What an acknowledgement says without the transaction it may repeat: the recipient is the sender of this file. */
function acknowledgement(head: Line, header: Line | undefined): Acknowledgement {
  const { title, submitter_number, recipient_number, status } = fieldsOf("ACK", head.text);
  const [words, isHeld] = STATUSES[status] ?? [
    `of the unknown status ${JSON.stringify(status)}`,
    true,
  ];
  const sender = header && fieldsOf("HDR", header.text);
  const recipient = sender?.sender_type === "SO" ? `society ${sender.sender_id}` : "recipient";
  const id = submitter_number || (recipient_number && `${recipient}:${recipient_number}`);
  const isQuiet = ["AS", "SR", "RA"].includes(status);
  const what = `the work ${JSON.stringify(title)} is acknowledged: ${words}`;
  return {
    isHeld,
    ...(isQuiet ? {} : { warning: isHeld ? what : `${what}; it is not taken` }),
    ...(id === "" ? {} : { id }),
    ...(id === "" || title === ""
      ? {}
      : {
          record: known<WorkRecord>({
            kind: "work",
            id,
            scope: "partial",
            title,
          }),
        }),
  };
}
