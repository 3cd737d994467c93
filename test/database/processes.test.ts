import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { accountsOf } from "../../lib/database/account.ts";
import { isAlive, startedAt, workingIn } from "../../lib/database/processes.ts";

test("a process is told from a later one of the same id by when it started", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const pid = child.pid as number;
  expect(startedAt(pid)).toBe(startedAt(pid));
  expect(isAlive(pid)).toBe(true);
  child.kill();
  await once(child, "exit");
  expect(isAlive(pid)).toBe(false);
  expect(startedAt(pid)).toBeUndefined();
});

test("the processes that work in a directory are read from lsof where there is no /proc", () => {
  const lsof = "p12\nfcwd\nn/srv/data\np13\nfcwd\nn/srv/data2\np14\nfcwd\nn/srv/data\n";
  expect(workingIn("/srv/data", lsof)).toEqual([12, 14]);
});

test("accounts are read from passwd, damaged lines left out", () => {
  const passwd = "root:x:0:0::/root:/bin/sh\n# comment\npostgres:x:101:104::/:/bin/sh\n";
  expect([...accountsOf(passwd)]).toEqual([
    ["root", { uid: 0, gid: 0 }],
    ["postgres", { uid: 101, gid: 104 }],
  ]);
});
