import fc from "fast-check";
import { expect } from "vitest";
import { type AnySql, openDelivery } from "../catalog-builder.ts";
import { LedgerModel } from "./ledger-model.ts";
import { type Entity, type Operation, parseId, Refused, type SourceName } from "./ledger-parts.ts";

/** One step: what is done, and numbers that choose to what (modulo what there is). */
export type Step = { op: (typeof kinds)[number] | "deliver"; a: number; b: number; c: number };

const kinds = [
  "ingest",
  "say otherwise",
  "merge",
  "split",
  "undo",
  "undo one",
  "delete",
  "claim",
  "retract",
] as const;
const weights = {
  ingest: 2,
  "say otherwise": 6,
  merge: 7,
  split: 4,
  undo: 5,
  "undo one": 2,
  delete: 1,
  claim: 3,
  retract: 3,
};

/** Random histories: a few records first, then anything. */
export const histories = (maxLength: number): fc.Arbitrary<Step[]> => {
  const nat = fc.nat(0xffff);
  const step = (op: fc.Arbitrary<Step["op"]>) => fc.record({ op, a: nat, b: nat, c: nat });
  const any = fc.oneof(...kinds.map((op) => ({ weight: weights[op], arbitrary: fc.constant(op) })));
  return fc
    .tuple(
      fc.array(step(fc.constant("deliver" as const)), { minLength: 2, maxLength: 2 }),
      fc.array(step(any), { minLength: maxLength - 4, maxLength: maxLength - 2 }),
    )
    .map(([first, rest]) => [...first, ...rest]);
};

/**
 * Creates the sources that the histories deliver from. And lets the functions keep their plans: each is called
 * thousands of times with a row or two, and planning would be most of the time.
 */
export async function prepareHistories(sql: AnySql): Promise<void> {
  const functions = await sql`
    select p.oid::regprocedure::text as name
    from pg_proc p
    where p.proconfig @> '{plan_cache_mode=force_custom_plan}'`;
  for (const { name } of functions) {
    await sql.unsafe(`alter function ${name} set plan_cache_mode = force_generic_plan`);
  }
  await sql`
    insert into ingest.source (source, title, priority, duplicate_free)
    values ('low', 'low', 100, false), ('high', 'high', 300, false), ('pure', 'pure', 500, true)`;
}

/** What the database shows of a history after a step. */
type Seen = {
  members: { source: SourceName; id: string; juke_id: string }[];
  answers: { ref: string; found: string[]; is_contested: boolean }[];
  entities: { juke_id: string; version: number; found: string }[];
};

let count = 0;

/** A history in the database and in the model. Its ids are its own: many share one database. */
export class History {
  readonly model = new LedgerModel();
  readonly #number = ++count;
  readonly #ids: string[];
  readonly #jukes = new Map<Entity, string>();
  readonly #operations = new Map<Operation, string>();
  readonly #versions = new Map<string, number>();
  #states = new Map<string, string>();
  readonly log: string[] = [];
  readonly #sql: AnySql;

  constructor(sql: AnySql) {
    this.#sql = sql;
    const hex = this.#number.toString(16).padStart(8, "0");
    const digits = this.#number.toString().padStart(6, "0");
    this.#ids = [
      `mbid:${hex}-0000-4000-8000-000000000001`,
      `mbid:${hex}-0000-4000-8000-000000000002`,
      `isrc:GBHIS${digits}1`,
      `spotify:${digits.padStart(21, "0")}1`,
      `spotify:${digits.padStart(21, "0")}2`,
    ];
  }

  /** Does the steps, each of them checked; `afterEach` may look at what there is then. */
  async run(steps: Step[], afterEach?: () => Promise<void>): Promise<void> {
    for (const step of steps) {
      await this.#step(step);
      await this.#check();
      await afterEach?.();
    }
  }

  /** Every reference that this history may have given a meaning so far: its ids and the keys of its entities. */
  get references(): string[] {
    return [...this.#ids, ...this.#jukes.values()];
  }

  #entity(n: number, onlyActive: boolean, but?: Entity): Entity | undefined {
    const all = this.model.entities.filter(
      (each) => each !== but && (!onlyActive || each.status === "active"),
    );
    return all[n % all.length];
  }

  #juke = (entity: Entity) => this.#jukes.get(entity) ?? "";

  async #step({ op, a, b, c }: Step): Promise<void> {
    if (op === "deliver") return this.#ingest(a, b | 1024, c | 1024);
    if (op === "ingest") return this.#ingest(a, b, c);
    if (op === "say otherwise") return this.#sayOtherwise(a, b);
    const onlyActive = c % 8 !== 0;
    const entity = this.#entity(a, onlyActive);
    if (!entity) return;
    const juke = this.#juke(entity);
    const own = this.#ids.filter((each) =>
      this.model.standing(parseId(each)).some(({ record }) => record.entity === entity),
    );
    const ids = op === "retract" && own.length > 0 && c % 4 !== 0 ? own : this.#ids;
    const id = ids[b % ids.length] as string;
    const { scheme, value } = parseId(id);
    if (op === "merge") {
      const other = b % 16 === 0 ? entity : this.#entity(b, onlyActive, entity);
      const picked = [other, ...(c % 3 === 0 ? [this.#entity(c, onlyActive, entity)] : [])];
      const losers = [...new Set(picked.filter((each) => each !== undefined))];
      const jukes = losers.map(this.#juke);
      const named = `merge ${entity.name} <- ${losers.map(({ name }) => name)}`;
      await this.#both(
        named,
        () => this.model.merge(entity, losers),
        this.#sql`
        select operation_id from identity.merge(${juke}, ${jukes}::uuid[], 'test')`,
      );
    } else if (op === "split") {
      const records = this.model
        .members(entity)
        .filter((record, index) => record.source !== "manual" && (b >> index) & 1);
      const keys = records.map(({ source, id: key }) => `${source}/${key}`);
      const named = `split ${entity.name}: ${keys}`;
      await this.#both(
        named,
        () => this.model.split(entity, records),
        this.#sql`
        select operation_id from identity.split(${juke}, array(
          select record_id from ingest.record where concat(source, '/', source_record_id) = any (${keys}) and source_record_id = any (${records.map((r) => r.id)})
        ), 'test')`,
      );
    } else if (op === "delete") {
      await this.#both(
        `delete ${entity.name}`,
        () => this.model.delete(entity),
        this.#sql`
        select operation_id from identity.delete(${juke}, 'test')`,
      );
    } else if (op === "claim") {
      await this.#both(
        `claim ${entity.name} ${id}`,
        () => this.model.claim(entity, { scheme, value }),
        this.#sql`
        select operation_id from identity.claim(${juke}, ${scheme}, ${value})`,
      );
    } else if (op === "retract") {
      await this.#both(
        `retract ${entity.name} ${id}`,
        () => this.model.retract(entity, { scheme, value }),
        this.#sql`
        select operation_id from identity.retract(${juke}, ${scheme}, ${value})`,
      );
    } else {
      const all = this.model.operations;
      const standing = a % 8 === 0 ? all : all.filter(({ undone }) => !undone);
      const operation = standing[a % Math.max(standing.length, 1)];
      if (!operation) return;
      const member = operation.changed[b % Math.max(operation.changed.length, 1)]?.entity ?? entity;
      const only = op === "undo one" ? member : undefined;
      const named = `undo ${this.model.operations.indexOf(operation)} ${only?.name ?? ""}`;
      await this.#both(
        named,
        () => this.model.undo(operation, only),
        this.#sql`
        select operation_id
        from identity.undo(${this.#operations.get(operation) ?? null}, ${only ? this.#juke(only) : null})`,
        true,
      );
    }
  }

  async #ingest(a: number, b: number, c: number): Promise<void> {
    const source = (["low", "high", "pure"] as const)[a % 3] as SourceName;
    const said = ["a", "b"]
      .map((name, index) => ({ id: `h${this.#number}-${name}`, n: index === 0 ? b : c }))
      .filter(({ n }) => n & 1024)
      // Few ids each, so that there are several entities.
      .map(({ id, n }) => ({
        id,
        says: this.#ids.filter((_, bit) => (n >> bit) & (n >> (bit + 5)) & 1),
      }));
    await this.#deliver(source, said);
  }

  /** A record says one id more, or one less. */
  async #sayOtherwise(a: number, b: number): Promise<void> {
    const all = this.model.records.filter(({ source }) => source !== "manual");
    const record = all[a % Math.max(all.length, 1)];
    const id = this.#ids[b % this.#ids.length] as string;
    if (!record) return;
    const says = this.#ids.filter((each) => record.says.includes(each) !== (each === id));
    await this.#deliver(record.source, [{ id: record.id, says }]);
  }

  async #deliver(source: SourceName, said: { id: string; says: string[] }[]): Promise<void> {
    if (said.length === 0) return;
    this.log.push(`ingest ${source} ${JSON.stringify(said)}`);
    this.model.ingest(source, said);
    const records = said.map(({ id, says }) => {
      const ids: Record<string, string[]> = {};
      for (const each of says) {
        const { scheme, value } = parseId(each);
        ids[scheme] = [...(ids[scheme] ?? []), value];
      }
      return { kind: "track", id, title: id, ids };
    });
    const deliveryId = await openDelivery(this.#sql, source);
    await this.#sql`select * from ingest.apply(${deliveryId}, ${this.#sql.json(records)})`;
  }

  /** Does the same in both; they succeed, or fail with the same code. */
  async #both(
    named: string,
    inModel: () => unknown,
    inDatabase: PromiseLike<readonly { operation_id?: string }[]>,
    isUndo = false,
  ): Promise<void> {
    let expected = "done";
    try {
      inModel();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      expected = error.code;
    }
    this.log.push(`${named} -> ${expected}`);
    const [row] = await Promise.resolve(inDatabase).catch((error) => [
      { operation_id: error.code as string },
    ]);
    const found = row?.operation_id ?? "nothing";
    expect(
      /^JB|^[0-9A-Z]{5}$/.test(found) && !/^\d+$/.test(found) ? found : "done",
      this.log.join("\n"),
    ).toBe(expected);
    const last = this.model.operations.at(-1);
    if (expected === "done" && !isUndo && last) this.#operations.set(last, found);
  }

  async #check(): Promise<void> {
    const jukes = [...this.#jukes.values()];
    const keys = this.model.records.filter(({ source }) => source !== "manual").map(({ id }) => id);
    const [seen] = await this.#sql`
      select
        (
          select coalesce(json_agg(json_build_object('source', r.source, 'id', r.source_record_id, 'juke_id', m.juke_id)), '[]')
          from ingest.record r
          join identity.membership m on m.record_id = r.record_id
          where r.source_record_id = any (${keys}) and r.kind = 'track' and r.source in ('low', 'high', 'pure')
        ) as members,
        (
          select json_agg(json_build_object('ref', i.ref,
            'found', array(select concat_ws(' ', r.status, r.juke_id) from identity.resolve(i.ref) r),
            'is_contested', exists (
              select from identity.external_id x
              where x.external_id = split_part(i.ref, ':', 2) and x.source = split_part(i.ref, ':', 1) and x.is_contested
            )))
          from unnest(${this.#ids}::text[]) i (ref)
        ) as answers,
        (
          select coalesce(json_agg(json_build_object('juke_id', e.juke_id, 'version', e.version,
            'found', (select concat_ws(' ', r.status, r.juke_id) from identity.resolve(e.juke_id::text) r))), '[]')
          from catalog.entity e
          where e.juke_id = any (${jukes}::uuid[]) or e.juke_id in (
            select m.juke_id
            from ingest.record r
            join identity.membership m on m.record_id = r.record_id
            where r.source_record_id = any (${keys}) and r.kind = 'track' and r.source in ('low', 'high', 'pure')
          )
        ) as entities`;
    if (!seen) throw new Error("the database does not answer");
    const { members, answers, entities } = seen as Seen;
    const names = new Map<string, Entity>();
    for (const { source, id, juke_id } of members) {
      const record = this.model.records.find((r) => r.source === source && r.id === id);
      if (!record) throw new Error(`the model has no record ${source} ${id}`);
      if (!this.#jukes.has(record.entity)) this.#jukes.set(record.entity, juke_id);
      if (!names.has(juke_id)) names.set(juke_id, record.entity);
      this.#same(`${source}/${id} of`, names.get(juke_id)?.name, record.entity.name);
      this.#same(`${source}/${id} belongs to`, juke_id, this.#juke(record.entity));
    }
    this.#same("members", members.length, keys.length);
    for (const { ref, found, is_contested } of answers) {
      const expected = this.model
        .resolve(parseId(ref))
        .map((each) => `${each.status} ${this.#juke(each.entity)}`);
      this.#same(ref, found, expected);
      this.#same(`${ref} contested`, is_contested, this.model.isContested(parseId(ref)));
    }
    this.#checkEntities(jukes, entities);
  }

  /** Every juke_id ever issued answers; whoever changed has a new version. */
  #checkEntities(known: string[], rows: Seen["entities"]): void {
    const byId = new Map(rows.map((row) => [row.juke_id, row]));
    const states = new Map<string, string>();
    for (const [entity, juke] of this.#jukes) {
      const row = byId.get(juke);
      const status = { active: "found", merged: "redirected", deleted: "deleted" }[entity.status];
      this.#same(
        `juke_id of ${entity.name}`,
        row?.found,
        `${status} ${this.#juke(entity.mergedInto ?? entity)}`,
      );
      const bound = this.#ids.filter((id) => this.model.bound(parseId(id)) === entity);
      const contested = bound.filter((id) => this.model.isContested(parseId(id)));
      const members = this.model
        .members(entity)
        .map(({ source, id }) => source + id)
        .sort();
      const state = JSON.stringify([
        entity.status,
        entity.mergedInto?.name,
        bound,
        contested,
        members,
      ]);
      const hasChanged = this.#states.has(juke) && this.#states.get(juke) !== state;
      if (hasChanged)
        this.#same(
          `version of ${entity.name} is new`,
          (row?.version ?? 0) > (this.#versions.get(juke) ?? 0),
          true,
        );
      states.set(juke, state);
      this.#versions.set(juke, row?.version ?? 0);
    }
    this.#states = states;
    this.#same(
      "nothing is forgotten",
      known.every((juke) => byId.has(juke)),
      true,
    );
  }

  #same(what: string, found: unknown, expected: unknown): void {
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    expect(found, `${what}\n${this.log.join("\n")}`).toEqual(expected);
  }
}
