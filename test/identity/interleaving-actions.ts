import type { AnySql } from "../catalog-builder.ts";
import { at, deliverTo, idsOf, type Need, records, type World } from "./interleaving-world.ts";

/** Something a session does to a world. */
export type Action = {
  name: string;
  need?: Need;
  /** It makes a track refer to an artist that it does not change. */
  refers?: boolean;
  run(sql: AnySql, world: World): PromiseLike<unknown>;
};

const { artist, track } = records;

const ingest = (
  name: string,
  source: string,
  record: (number: number) => Parameters<typeof deliverTo>[2][number],
): Action => ({
  name: `ingest ${name}`,
  run: (sql, { number }) => deliverTo(sql, source, [record(number)]),
});

const referring = (action: Action): Action => ({ ...action, refers: true });

const claim = (entity: string, n: number): Action => ({
  name: `claim id ${n} for ${entity}`,
  run: (sql, { jukes, number }) => sql`
    select identity.claim(${at(jukes, entity)}, 'spotify', ${idsOf(number).spotify(n)})`,
});

const retract = (entity: string, scheme: "spotify" | "deezer"): Action => ({
  name: `retract the ${scheme} id of ${entity}`,
  run: (sql, { jukes, number }) => {
    const { spotify, deezer } = idsOf(number);
    const id = scheme === "deezer" ? deezer : spotify(Number(entity));
    return sql`select identity.retract(${at(jukes, entity)}, ${scheme}, ${id})`;
  },
});

const merge = (winner: string, ...losers: string[]): Action => ({
  name: `merge ${losers} into ${winner}`,
  run: (sql, { jukes }) => sql`
    select identity.merge(${at(jukes, winner)}, ${losers.map((each) => at(jukes, each))}::uuid[])`,
});

const split = (entity: string, record: string): Action => ({
  name: `split ${record} from ${entity}`,
  run: (sql, world) => sql`
    select identity.split(${at(world.jukes, entity)}, array[${at(world.records, record)}]::bigint[])`,
});

const remove = (entity: string): Action => ({
  name: `delete ${entity}`,
  run: (sql, { jukes }) => sql`select identity.delete(${at(jukes, entity)})`,
});

const undo = (need: Need): Action => ({
  name: `undo ${need}`,
  need,
  run: (sql, { operations }) => sql`select identity.undo(${at(operations, need)})`,
});

const decide = (verdict: string): Action => ({
  name: `decide ${verdict}`,
  run: (sql, { review }) => sql`select identity.decide(${review}, ${verdict})`,
});

const edit = (entity: string, patch: (jukes: Map<string, string>) => object): Action => ({
  name: `edit ${entity}`,
  run: (sql, { jukes }) => sql`
    select catalog.edit(${at(jukes, entity)}, ${sql.json(patch(jukes) as never)})`,
});

const credit = (contributor: string) => (jukes: Map<string, string>) => ({
  credits: [{ contributor: { kind: "artist", id: at(jukes, contributor) }, role: "main" }],
});

/** Holds an entity, and changes nothing. */
export const hold = (entity: string): Action => ({
  name: `hold ${entity}`,
  run: (sql, { jukes }) =>
    sql`select from catalog.entity where juke_id = ${at(jukes, entity)} for update`,
});

/** Every writing function, each in the ways that meet others. Id 9 is nobody's at first. */
export const actions: Action[] = [
  ingest("a record that joins 1", "high", (w) => {
    const { mbid, spotify } = idsOf(w);
    return artist(w, "n1", { mbid: mbid(1), spotify: spotify(9) });
  }),
  ingest("a record of 1 that takes an id of 2", "high", (w) => {
    const { mbid, spotify } = idsOf(w);
    return artist(w, "n2", { mbid: mbid(1), spotify: spotify(2) });
  }),
  ingest("a record that is new", "low", (w) =>
    artist(w, "n3", { mbid: idsOf(w).mbid(9), spotify: idsOf(w).spotify(9) }),
  ),
  ingest("a change of 1", "low", (w) => {
    const { mbid, spotify } = idsOf(w);
    return artist(w, "a1", { mbid: mbid(1), spotify: spotify(9) }, "changed");
  }),
  referring(ingest("other credits", "low", (w) => track(w, "t1", ["a3", "a4"]))),
  referring(ingest("a track of 2 and 5", "low", (w) => track(w, "t3", ["a2", "a5"]))),
  claim("1", 9),
  claim("2", 9),
  claim("2", 1),
  claim("1", 3),
  retract("1", "deezer"),
  retract("2", "spotify"),
  merge("1", "2"),
  merge("2", "1"),
  merge("2", "3"),
  merge("3", "1"),
  split("1", "high/h1"),
  split("2", "high/h2"),
  remove("1"),
  remove("2"),
  remove("3"),
  undo("merge 4 into 1"),
  undo("delete 5"),
  undo("claim for 2"),
  undo("retract of 1"),
  undo("split of 2"),
  decide("merge"),
  decide("keep_apart"),
  edit("1", () => ({ name: "edited" })),
  referring(edit("t1", credit("2"))),
  referring(edit("t2", credit("2"))),
];
