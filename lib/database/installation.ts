import type { Account } from "./account.ts";

/** The superuser of a server of our own, and the name of its database. */
export const superuser = "jukebase";

/** A server of our own: its programs, its place and the account it runs as. */
export type Installation = {
  /** The directory of initdb and postgres. */
  bin: string;
  major: number;
  /** Holds `data`, `password`, `server.log` and `owner.json`. */
  base: string;
  data: string;
  account: Account | undefined;
  /** False for tests: a crash of the machine may lose the data. */
  durable: boolean;
};

/** The environment the server's programs run in: this one without anything that steers Postgres. */
export function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: "C" };
}
