import type { Task } from "graphile-worker";
import { nextFetch } from "../../lib/ingest/schedule.ts";

/** Queues the runs that nobody is at, such as those of a worker that was killed, and the locations that are due. */
const poll: Task = async (_payload, { withPgClient, logger }) => {
  await withPgClient(async (client) => {
    const stranded = await client.query<{ runs: number }>(`
      select cardinality(s.run_ids) as runs
      from (select array(select run_id from ingest.stranded_runs()) as run_ids) s, ingest.enqueue(s.run_ids) /* ingest:poll */`);
    const runs = stranded.rows[0]?.runs ?? 0;
    if (runs > 0) logger.info(`${runs} runs are gone on with`);

    const { rows: due } = await client.query<{
      location_id: string;
      url: string;
      schedule: string | null;
    }>("select location_id, url, schedule from ingest.due_locations() /* ingest:poll */");
    if (due.length === 0) return;
    await client.query("select ingest.request_fetches($1, $2) /* ingest:poll */", [
      due.map(({ location_id }) => location_id),
      due.map(({ schedule, url }) => nextFetch(schedule, url)),
    ]);
    logger.info(`${due.length} locations are due`);
  });
};

export default poll;
