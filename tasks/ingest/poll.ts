import type { Task } from "graphile-worker";
import { nextFetch } from "../../lib/ingest/schedule.ts";

/** Queues the runs that nobody is at, such as those of a worker that was killed, and the locations that are due. */
const poll: Task = async (_payload, { withPgClient, logger }) => {
  await withPgClient(async (client) => {
    const stranded = await client.query<{ run_id: string }>(
      "select run_id from ingest.stranded_runs(), ingest.enqueue(run_id) /* ingest:poll */",
    );
    if (stranded.rows.length > 0) logger.info(`${stranded.rows.length} runs are gone on with`);

    const due = await client.query<{ location_id: string; url: string; schedule: string | null }>(
      "select location_id, url, schedule from ingest.due_locations() /* ingest:poll */",
    );
    for (const { location_id, url, schedule } of due.rows) {
      const next = nextFetch(schedule, url);
      await client.query("select ingest.request_fetch($1, $2) /* ingest:poll */", [
        location_id,
        next,
      ]);
    }
    if (due.rows.length > 0) logger.info(`${due.rows.length} locations are due`);
  });
};

export default poll;
