import type { RecordMapping } from "../mapping.ts";
import type { CatalogRecord, Kind } from "../record.ts";
import { compileFields, type Facts } from "./fields.ts";
import { compileCondition, compileRule, type Place, type Refuse, type Scope } from "./rule.ts";
import { textOf } from "./steps.ts";
import type { Mention } from "./template.ts";
import { Lacking, Unusable } from "./unusable.ts";

/** What a row becomes: records, mentions before them, and what is to be told of it. */
export type RowItem = { record: CatalogRecord } | { warning: string } | { refused: string };

export type RowReader = {
  /** The columns or pointers that the mapping reads and that must be there. */
  needed: readonly string[];
  /** The items of one row. `told` remembers mentions: one object for an input. */
  read(row: (from: string) => unknown, told: Map<string, string>): RowItem[];
};

/** Beyond that many mentions, those that come again are made again. */
const REMEMBERED = 100_000;

/** Compiles the records of a mapping; throws what `refuse` makes of a pointer and a reason when it cannot be used. */
export function compileRecords(mappings: readonly RecordMapping[], refuse: Refuse): RowReader {
  const needed = new Set<string>();
  const all = mappings.map((mapping, index) => {
    const place: Place = { pointer: `/records/${index}`, refuse, needed, isInside: false };
    const at = (key: string): Place => ({ ...place, pointer: `${place.pointer}/${key}` });
    return {
      mapping,
      id: compileRule(mapping.id, at("id")),
      when: mapping.when && compileCondition(mapping.when, at("when")),
      fields: compileFields(mapping.kind, mapping.fields ?? {}, at("fields")),
    };
  });
  return {
    needed: [...needed],
    read(row, told) {
      return all.flatMap(({ mapping, id, when, fields }) => {
        const items: RowItem[] = [];
        const mentions: RowItem[] = [];
        const scope: Scope = {
          row,
          warn: (what) => items.push({ warning: `${mapping.kind}: ${what}` }),
        };
        if (when && !when(scope)) return [];
        const mention: Mention = (kind, own, facts) => {
          if (isNew(kind, own, facts, told)) mentions.push({ record: mentioned(kind, own, facts) });
        };
        try {
          const value = id(scope);
          if (value === undefined) return [{ refused: `the ${mapping.kind} has no id` }];
          const facts = fields(scope, mention);
          const own = mapping.scope === undefined ? {} : { scope: mapping.scope };
          const record = {
            kind: mapping.kind,
            id: textOf(value),
            ...own,
            ...facts,
          } as CatalogRecord;
          return [...items, ...mentions, { record }];
        } catch (error) {
          if (!(error instanceof Lacking || error instanceof Unusable)) throw error;
          return [...items, { refused: `${mapping.kind}: ${error.message}` }];
        }
      });
    },
  };
}

function mentioned(kind: Kind, id: string, facts: Facts): CatalogRecord {
  return { kind, id, scope: "mention", ...facts } as CatalogRecord;
}

/** A thousand rows of one artist need one mention. */
function isNew(kind: Kind, id: string, facts: Facts, told: Map<string, string>): boolean {
  const key = `${kind} ${id}`;
  const text = JSON.stringify(facts);
  if (told.get(key) === text) return false;
  if (told.size >= REMEMBERED) told.clear();
  told.set(key, text);
  return true;
}
