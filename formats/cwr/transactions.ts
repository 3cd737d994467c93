import { fieldsOf, LENGTHS } from "./layout.ts";

export type Line = { line: number; type: string; text: string };

/** A transaction: its first line and those that follow; an acknowledgement holds the work it acknowledges. */
export type Transaction = {
  group: string;
  head: Line;
  lines: Line[];
  fault?: { line: number; reason: string };
};

/** A transmission header, as its line. */
export type Header = { header: Line; group: Line | undefined };

/** What a file is made of, in its order. */
export type Part = Header | { transaction: Transaction } | { warning: string; line: number };

const HEADS = ["NWR", "REV", "ISW", "EXC", "ACK", "AGR"];

/**
 * Groups the lines of a transmission into its transactions and checks what the standard lets one check without understanding them:
 * known record types, lengths, sequence numbers, the totals of the trailers. Answers at its end whether there was a trailer (TRL).
 */
export async function* transactionsOf(
  lines: AsyncIterable<{ line: number; text: string }>,
): AsyncGenerator<Part, { complete: boolean; lines: number }> {
  let header: Line | undefined;
  let group: { type: string; id: string; transactions: number; records: number } | undefined;
  let current: Transaction | undefined;
  let expected = 0;
  let records = 0;
  let groups = 0;
  let transactions = 0;
  let complete = false;
  let warnings: { warning: string; line: number }[] = [];
  const told = new Set<string>();

  const warn = (line: number, warning: string) => warnings.push({ line, warning });
  const warnOnce = (key: string, line: number, warning: string) => {
    if (told.has(key)) return;
    told.add(key);
    warn(line, warning);
  };
  const compare = (line: number, what: string, stated: string, found: number) => {
    if (Number(stated) !== found)
      warn(line, `the trailer counts ${stated} ${what}, there are ${found}`);
  };
  const flush = function* (): Generator<Part> {
    if (current) yield { transaction: current };
    current = undefined;
    yield* warnings;
    warnings = [];
  };

  for await (const { line, text } of lines) {
    if (text.trim() === "") continue;
    const type = text.slice(0, 3);
    const at: Line = { line, type, text };
    const [least, most] = LENGTHS[type] ?? [0, Number.POSITIVE_INFINITY];
    if (complete) {
      warnOnce("after", line, "something follows the trailer (TRL); it is not read");
      continue;
    }
    records += 1;
    if (group) group.records += 1;
    const isShort = text.length < least;
    if (text.slice(most).trim() !== "") {
      warn(line, `the record ${type} is longer than the ${most} characters of the standard`);
    }

    if (type === "HDR") {
      if (header) warn(line, "a second header (HDR); the first one counts");
      header ??= at;
      continue;
    }
    if (type === "GRH") {
      yield* flush();
      if (header) yield { header, group: at };
      const fields = fieldsOf("GRH", text);
      group = { type: fields.transaction_type, id: fields.group, transactions: 0, records: 1 };
      groups += 1;
      expected = 0;
      continue;
    }
    if (type === "GRT") {
      const stated = fieldsOf("GRT", text);
      compare(line, "transactions of the group", stated.transactions, group?.transactions ?? 0);
      compare(line, "records of the group", stated.records, group?.records ?? 0);
      yield* flush();
      group = undefined;
      continue;
    }
    if (type === "TRL") {
      const stated = fieldsOf("TRL", text);
      compare(line, "groups", stated.groups, groups);
      compare(line, "transactions", stated.transactions, transactions);
      compare(line, "records", stated.records, records);
      yield* flush();
      complete = true;
      continue;
    }

    const [, transaction, sequence] = /^.{3}(\d{8})(\d{8})/.exec(text) ?? [];
    const number = Number(transaction);
    const isInside =
      current?.head.type === "ACK" && number === Number(current.head.text.slice(3, 11));
    if (HEADS.includes(type) && !isInside) {
      yield* flush();
      transactions += 1;
      if (group) {
        group.transactions += 1;
        if (type !== group.type) {
          warnOnce(
            `group ${group.id} ${type}`,
            line,
            `${type} in group ${group.id}, which is one of ${group.type}`,
          );
        }
      } else warnOnce("no group", line, "a transaction outside of a group");
      if (number !== expected) {
        warn(line, `the transaction has number ${transaction ?? "?"}, ${expected} was expected`);
      }
      if (!Number.isNaN(number)) expected = number + 1;
      current = { group: group?.id ?? "", head: at, lines: [] };
    } else if (!current) {
      warn(line, `the record ${shown(type)} stands outside of a transaction; it is not read`);
      continue;
    } else {
      current.lines.push(at);
      const before = current.lines.at(-2) ?? current.head;
      const key = `sequence ${current.head.line}`;
      if (number !== Number(current.head.text.slice(3, 11))) {
        warnOnce(
          key,
          line,
          `the record has transaction number ${transaction ?? "?"}, that of another`,
        );
      } else if (Number(sequence) !== Number(before.text.slice(11, 19)) + 1) {
        warnOnce(
          key,
          line,
          `the record has sequence number ${sequence}, after ${before.text.slice(11, 19)}`,
        );
      }
    }
    if (LENGTHS[type] === undefined) {
      warnOnce(`type ${type}`, line, `there is no record type ${shown(type)}; it is passed over`);
    } else if (transaction === undefined) {
      current.fault ??= { line, reason: `the record ${type} has no sequence numbers` };
    } else if (isShort) {
      const reason = `the record ${type} has ${text.length} characters, at least ${least} are needed`;
      current.fault ??= { line, reason };
    }
  }
  if (!group && current === undefined && header && groups === 0) yield { header, group: undefined };
  yield* flush();
  return { complete, lines: records };
}

function shown(type: string): string {
  return JSON.stringify(type);
}
