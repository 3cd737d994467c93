import {
  type Claim,
  type Entity,
  type Id,
  isShared,
  type Operation,
  parseId,
  type RecordOf,
  Refused,
  rankOf,
  type Scheme,
  type SourceName,
  schemes,
  sources,
} from "./ledger-parts.ts";

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const isSame = (a: Claim, b: Claim) =>
  a.record === b.record && a.scheme === b.scheme && a.value === b.value;

/**
 * The ledger in plain TypeScript, one record and one operation at a time: what the SQL has to agree with. It knows
 * nothing of the SQL but the promises: precedence, vetoes, one-hop redirects, exact undo.
 */
export class LedgerModel {
  entities: Entity[] = [];
  records: RecordOf[] = [];
  claims: Claim[] = [];
  operations: Operation[] = [];
  /** The pairs that splits have told apart. */
  apart: { split: Operation; pair: [Entity, Entity] }[] = [];
  #clock = 0;

  mint(): Entity {
    const entity: Entity = {
      name: this.entities.length,
      status: "active",
      mergedInto: undefined,
    };
    this.entities.push(entity);
    return entity;
  }

  standing({ scheme, value }: Id): Claim[] {
    const score = ({ record, at }: Claim) => [
      Number(record.entity.status === "active"),
      Number(record.source === "manual"),
      sources[record.source].priority,
      record.source === "manual" ? -at : 0,
    ];
    const byName = (a: Claim, b: Claim) =>
      compare(a.record.source, b.record.source) ||
      (a.record.source === "manual" ? 0 : compare(a.record.id, b.record.id)) ||
      a.record.order - b.record.order;
    return this.claims
      .filter((each) => each.stands && each.scheme === scheme && each.value === value)
      .map((claim) => ({ claim, score: score(claim) }))
      .sort(
        (a, b) =>
          b.score.map((n, i) => n - (a.score[i] ?? 0)).find((n) => n !== 0) ??
          byName(a.claim, b.claim),
      )
      .map(({ claim }) => claim);
  }

  bound(id: Id): Entity | undefined {
    return this.standing(id)[0]?.record.entity;
  }

  /** The values of a scheme that are bound to an entity. */
  #carried(entity: Entity, scheme: Scheme): string[] {
    const values = new Set(this.claims.filter((c) => c.scheme === scheme).map((c) => c.value));
    return [...values].filter((value) => this.bound({ scheme, value }) === entity);
  }

  isContested(id: Id): boolean {
    const living = this.standing(id).filter(({ record }) => record.entity.status === "active");
    return !isShared(id.scheme) && new Set(living.map(({ record }) => record.entity)).size > 1;
  }

  resolve(id: Id): { status: string; entity: Entity }[] {
    const all = [...new Set(this.standing(id).map(({ record }) => record.entity))];
    const living = all.filter(({ status }) => status === "active");
    const answer = living.length > 0 ? living : all;
    return (isShared(id.scheme) ? answer : answer.slice(0, 1)).map((entity) => ({
      status: entity.status === "active" ? "found" : "deleted",
      entity,
    }));
  }

  members = (entity: Entity) => this.records.filter((record) => record.entity === entity);

  /** What `identity.link` does for one record that is new. */
  #home(source: SourceName, says: string[]): Entity {
    const ids = says.map(parseId);
    const options = ids
      .toSorted((a, b) => rankOf(a.scheme) - rankOf(b.scheme) || (a.value < b.value ? -1 : 1))
      .map((id) => ({ id, entity: this.bound(id) }));
    for (const { id, entity } of options) {
      if (entity?.status !== "active") continue;
      const isOpposed = schemes.some(({ name, exclusive }) => {
        const own = ids.filter((each) => each.scheme === name).map(({ value }) => value);
        const theirs = this.#carried(entity, name);
        const speaks = exclusive && rankOf(name) < rankOf(id.scheme);
        return (
          speaks && own.length > 0 && theirs.length > 0 && !theirs.some((v) => own.includes(v))
        );
      });
      const isOnePerSource = isShared(id.scheme) || sources[source].duplicateFree;
      const isSecond = this.members(entity).some((record) => record.source === source);
      if (!isOpposed && !(isOnePerSource && isSecond)) return entity;
    }
    return this.mint();
  }

  ingest(source: SourceName, said: { id: string; says: string[] }[]): void {
    const at = ++this.#clock;
    const find = (id: string) => this.records.find((r) => r.source === source && r.id === id);
    const same = (a: string[], b: string[]) => a.toSorted().join() === b.toSorted().join();
    const known = said
      .map((each) => ({ ...each, record: find(each.id) }))
      .filter(({ record, says }) => !record || !same(record.says, says));
    const changed = known
      .filter(({ record }) => record)
      .sort((a, b) => (a.record?.order ?? 0) - (b.record?.order ?? 0));
    const fresh = known.filter(({ record }) => !record).sort((a, b) => (a.id < b.id ? -1 : 1));
    const orders = new Map(fresh.map(({ id }) => [id, ++this.#clock]));
    for (const { record, says } of changed) {
      for (const claim of this.claims) {
        if (claim.record === record && claim.stands && claim.by === "record") {
          claim.stands = says.includes(`${claim.scheme}:${claim.value}`);
        }
      }
    }
    for (const { id, says, record: old } of [...changed, ...fresh]) {
      const order = orders.get(id) ?? 0;
      const record = old ?? { order, source, id, says, entity: this.#home(source, says) };
      if (!old) this.records.push(record);
      record.says = says;
      for (const { scheme, value } of says.map(parseId)) {
        const mine = this.claims.filter(
          (c) => c.record === record && c.scheme === scheme && c.value === value,
        );
        if (mine.some((c) => c.stands || c.retractions > 0)) continue;
        this.#assert(record, { scheme, value }, at, "record");
      }
    }
  }

  #assert(record: RecordOf, id: Id, at: number, by: Claim["by"]): Claim {
    const claim: Claim = { ...id, record, at, by, stands: true, retractions: 0 };
    this.claims.push(claim);
    return claim;
  }

  #active(...entities: Entity[]): void {
    if (entities.some(({ status }) => status !== "active")) throw new Refused("JB152");
  }

  #log(op: Operation["op"], entity: Entity): Operation {
    const operation: Operation = { op, entity, moved: [], changed: [], claims: [], undone: false };
    this.operations.push(operation);
    return operation;
  }

  #change(operation: Operation, entity: Entity, status: Entity["status"], into?: Entity): void {
    const { status: from, mergedInto: fromInto } = entity;
    operation.changed.push({ entity, from, fromInto, undone: false });
    Object.assign(entity, { status, mergedInto: into });
  }

  merge(winner: Entity, losers: Entity[]): void {
    if (losers.length === 0) throw new Refused("JB157");
    if (losers.includes(winner)) throw new Refused("JB153");
    this.#active(winner, ...losers);
    const survivor = (e: Entity) => e.mergedInto ?? e;
    const isMerged = (e: Entity) => survivor(e) === winner || losers.includes(survivor(e));
    const isApart = ({ pair: [a, b] }: { pair: [Entity, Entity] }) =>
      survivor(a) !== survivor(b) && isMerged(a) && isMerged(b);
    if (this.apart.some(isApart)) throw new Refused("JB156");
    const operation = this.#log("merge", winner);
    for (const record of this.records.filter((each) => losers.includes(each.entity))) {
      operation.moved.push({ record, from: record.entity });
      record.entity = winner;
    }
    const gone = (e: Entity) =>
      losers.includes(e) || (e.mergedInto && losers.includes(e.mergedInto));
    for (const entity of this.entities.filter(gone))
      this.#change(operation, entity, "merged", winner);
  }

  split(entity: Entity, records: RecordOf[]): Entity {
    this.#active(entity);
    const mine = this.members(entity);
    const remain = mine.filter((each) => !records.includes(each) && each.source !== "manual");
    if (records.length === 0 || remain.length === 0) throw new Refused("JB158");
    if (records.some((record) => record.entity !== entity)) throw new Refused("JB158");
    const operation = this.#log("split", entity);
    const part = this.mint();
    operation.changed.push({ entity: part, from: undefined, fromInto: undefined, undone: false });
    for (const record of records) {
      operation.moved.push({ record, from: entity });
      record.entity = part;
    }
    this.apart.push({ split: operation, pair: [entity, part] });
    return part;
  }

  delete(entity: Entity): void {
    this.#active(entity);
    const operation = this.#log("delete", entity);
    for (const each of this.entities.filter((e) => e === entity || e.mergedInto === entity)) {
      this.#change(operation, each, "deleted");
    }
  }

  claim(entity: Entity, id: Id): void {
    this.#active(entity);
    const isMine = (c: Claim) => c.record.entity === entity && c.stands && c.by === "person";
    if (this.claims.some((c) => isMine(c) && c.scheme === id.scheme && c.value === id.value)) {
      throw new Refused("JB170");
    }
    const name = `${entity.name}`;
    let manual = this.members(entity).findLast((r) => r.source === "manual" && r.id === name);
    if (!manual) {
      manual = { order: ++this.#clock, source: "manual", id: name, says: [], entity };
      this.records.push(manual);
    }
    this.#log("claim", entity).claims.push(this.#assert(manual, id, ++this.#clock, "person"));
  }

  retract(entity: Entity, id: Id): void {
    this.#active(entity);
    const mine = this.standing(id).filter(({ record }) => record.entity === entity);
    if (mine.length === 0) throw new Refused("JB169");
    const operation = this.#log("retract", entity);
    for (const claim of mine) {
      Object.assign(claim, { stands: false, retractions: claim.retractions + 1 });
      operation.claims.push(claim);
    }
  }

  undo(operation: Operation, only?: Entity): void {
    const scope = operation.changed.filter(
      (each) =>
        !each.undone &&
        (!only || each.fromInto === only || (each.entity === only && each.from === "active")),
    );
    const isMember =
      !only || (operation.op === "merge" && scope.some((each) => each.entity === only));
    const isOfClaims = operation.op === "claim" || operation.op === "retract";
    if (operation.undone || !isMember || (scope.length === 0 && !isOfClaims))
      throw new Refused("JB160");

    const inScope = (entity: Entity) => scope.some((each) => each.entity === entity);
    const moves = operation.moved.filter(({ from }) => operation.op !== "merge" || inScope(from));
    const later = this.operations.slice(this.operations.indexOf(operation) + 1);
    const stillMoved = (each: Operation, record: RecordOf) =>
      each.moved.some(
        (move) =>
          move.record === record &&
          (each.op === "merge"
            ? each.changed.some((c) => c.entity === move.from && !c.undone)
            : !each.undone),
      );
    const parts = scope.filter(({ from }) => from === undefined).map(({ entity }) => entity);
    // What an undone split has left behind redirects too, and goes along.
    const isLoser = (entity: Entity) =>
      this.operations.some(
        ({ op, changed }) =>
          op === "merge" &&
          changed.some((c) => c.entity === entity && c.from === "active" && !c.undone),
      );
    const isMoved = (record: RecordOf) => moves.some((move) => move.record === record);
    const isOwn = ({ source, id }: RecordOf, { name }: Entity) =>
      source === "manual" && id === `${name}`;
    const isBlocked =
      later.some((each) => moves.some(({ record }) => stillMoved(each, record))) ||
      later.some((each) => each.changed.some((c) => !c.undone && inScope(c.entity))) ||
      later.some(
        (each) =>
          !each.undone && each.claims.some((c) => operation.claims.some((own) => isSame(own, c))),
      ) ||
      (operation.op === "split" && operation.entity.status !== "active") ||
      (operation.op === "merge" &&
        moves.length > 0 &&
        !this.members(operation.entity).some((r) => r.source !== "manual" && !isMoved(r)) &&
        later.some(
          (each) =>
            each.op === "split" &&
            !each.undone &&
            each.moved.some(({ from }) => from === operation.entity),
        )) ||
      parts.some((part) => this.members(part).some((r) => !isMoved(r) && !isOwn(r, part))) ||
      this.entities.some((e) => e.mergedInto && parts.includes(e.mergedInto) && isLoser(e));
    if (isBlocked) throw new Refused("JB161");

    this.apart = this.apart.filter(({ split }) => split !== operation);
    for (const { record, from } of moves) record.entity = from;
    for (const record of this.records) {
      if (parts.includes(record.entity)) record.entity = operation.entity;
    }
    for (const each of this.entities) {
      if (each.mergedInto && parts.includes(each.mergedInto)) each.mergedInto = operation.entity;
    }
    for (const each of scope) {
      const back = each.from
        ? { status: each.from, mergedInto: each.fromInto }
        : { status: "merged", mergedInto: operation.entity };
      Object.assign(each.entity, back);
      each.undone = true;
    }
    for (const claim of operation.claims) {
      if (operation.op === "claim") claim.stands = false;
      else {
        claim.retractions -= 1;
        const isSaid = claim.record.says.includes(`${claim.scheme}:${claim.value}`);
        claim.stands = claim.by === "person" || isSaid;
      }
    }
    operation.undone = operation.changed.every(({ undone }) => undone);
  }
}
