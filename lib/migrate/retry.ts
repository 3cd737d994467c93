import { setTimeout as sleep } from "node:timers/promises";
import type { Sql, TransactionSql } from "postgres";
import { coded } from "../problem.ts";

/**
 * Runs DDL in one transaction that gives up waiting for a lock after five seconds, so that it does not
 * queue readers behind it, and tries the whole transaction again up to ten times.
 */
export async function patientTransaction<T>(
  sql: Sql,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await sql.begin(async (tx) => {
        await tx`set local lock_timeout = '5s'`;
        return work(tx);
      })) as T;
    } catch (error) {
      const lockNotAvailable = coded(error).code === "55P03";
      if (!lockNotAvailable || attempt === 10) throw error;
      await sleep(500 * attempt);
    }
  }
}
