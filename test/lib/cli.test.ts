import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isAlive } from "../../lib/database/processes.ts";
import { projectPath } from "../../lib/project.ts";
import { jukebase, outcome, run } from "../command-line.ts";
import { testDatabase } from "../database.ts";

test("help names each command and each setting", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  for (const name of [
    "start",
    "migrate",
    "schema",
    "DATABASE_URL",
    "PORT",
    "DATA_DIR",
    "EDITOR_KEY",
    "JUKEBASE_PG_PORT",
    "KAFKA_BROKERS",
  ]) {
    expect(stdout).toContain(name);
  }
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  expect((await run(["--version"])).stdout.trim()).toBe(version);
});

test("an unknown command is refused with a suggestion", async () => {
  const { code, stderr } = await run(["migrat"]);
  expect(code).toBe(1);
  expect(stderr).toContain("Did you mean migrate?");
});

test("a problem is one sentence on stderr, without a stack, and an exit code of its own", async () => {
  const settings = { DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none" };
  const { code, stdout, stderr } = await run(["migrate", "status"], settings);
  expect(code).toBe(12);
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^jukebase: the database at 127\.0\.0\.1:1\/none does not answer \(JB003\)\n/,
  );
  expect(stderr).not.toContain("    at ");
  expect(stderr).not.toContain("secret");
  const debugged = await run(["migrate", "status"], { ...settings, JUKEBASE_DEBUG: "1" });
  expect(debugged.stderr).toContain("    at ");
});

test("migrate brings a database up, tells how it stands, and takes it back", async () => {
  const { url } = await testDatabase({ migrated: false });
  const migrate = (...args: string[]) => run(["migrate", ...args], { DATABASE_URL: url });

  const pending = await migrate("validate");
  expect(pending.code).toBe(49);
  expect(pending.stderr).toContain("0001_foundation: not applied");

  const up = await migrate("up");
  expect(up).toMatchObject({ code: 0, stderr: "" });
  expect(up.stdout).toMatch(/^migrated 0001_foundation \(\d+ ms\)$/m);
  expect((await migrate("up")).stdout).toBe("up to date\n");
  expect((await migrate("status")).stdout).toMatch(/^applied {2}0001_foundation/);
  expect(await migrate("validate")).toMatchObject({
    code: 0,
    stdout: "the database is what the files say\n",
  });

  expect((await migrate("down", "--all")).stdout).toMatch(/^undone 0001_foundation/m);
  expect((await migrate("validate")).code).toBe(49);
});

test("a command that works on the catalog refuses a database that is not migrated", async () => {
  const { url } = await testDatabase({ migrated: false });
  const { code, stderr } = await run(["worker"], { DATABASE_URL: url });
  expect(code).toBe(49);
  expect(stderr).toMatch(/is not migrated .*\(JB610\)\n.*\n {2}hint: jukebase migrate up/);
});

test("a database user without rights is told what to grant before anything is changed", async () => {
  const { url, sql, name } = await testDatabase({ migrated: false });
  const user = `bare_${process.pid}`;
  await sql.unsafe(`create role ${user} login password 'x'`);
  const own = new URL(url);
  own.username = user;
  own.password = "x";
  const { code, stderr } = await run(["migrate", "up"], { DATABASE_URL: own.href });
  expect(code).toBe(16);
  expect(stderr).toContain(`hint: as its owner: grant create on database ${name} to ${user}`);
  await sql.unsafe(`drop role ${user}`);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "start ends cleanly on %s",
  { timeout: 60_000 },
  async (signal) => {
    const { url } = await testDatabase();
    const child = jukebase(["start"], { DATABASE_URL: url, PORT: "0" });
    const ended = outcome(child);
    await new Promise<void>((resolve) =>
      child.stdout?.on("data", (data) => String(data).includes("jukebase is ready") && resolve()),
    );
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
    expect(isAlive(child.pid as number)).toBe(false);
  },
);
