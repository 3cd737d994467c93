/**
 * Apache Kafka as jars, for a machine without containers: Maven fetches them once. Run by itself it fetches them and says
 * where they are, so that later runs need no network.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectPath } from "../../lib/project.ts";

/** The newest version that the client is tested with; docker-compose.yml has the same. */
export const KAFKA_VERSION = "4.2.0";

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>jukebase.test</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** The directory of the jars, fetched when they are not there; or why there are none. */
export async function brokerJars(): Promise<{ jars: string } | { missing: string }> {
  const lacking = withoutJava();
  if (lacking) return { missing: lacking };
  const jars = projectPath("node_modules", ".cache", "jukebase-kafka", KAFKA_VERSION);
  if (existsSync(jars)) return { jars };
  if (spawnSync("mvn", ["-v"]).error) return { missing: "there is no mvn (Maven)" };
  await mkdir(dirname(jars), { recursive: true });
  // Others may do the same at this moment: the first to have all of them puts them into place.
  const work = mkdtempSync(`${jars}-`);
  try {
    writeFileSync(join(work, "pom.xml"), pom);
    const args = ["-q", "-B", "-f", join(work, "pom.xml"), "dependency:copy-dependencies"];
    await promisify(execFile)(
      "mvn",
      [...args, `-DoutputDirectory=${join(work, "jars")}`, "-DincludeScope=runtime"],
      { timeout: 240_000 },
    );
    try {
      renameSync(join(work, "jars"), jars);
    } catch (error) {
      if (!existsSync(jars)) throw error;
    }
    return { jars };
  } catch (error) {
    const { stdout, message } = error as { stdout?: string; message: string };
    const reason = (stdout?.trim() || message).split("\n")[0];
    return { missing: `Maven did not fetch Apache Kafka: ${reason}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function withoutJava(): string | undefined {
  const java = spawnSync("java", ["-version"], { encoding: "utf8" });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? "")?.[1]);
  if (java.error || Number.isNaN(version)) return "there is no java";
  if (version < 17) return `java is ${version}; Kafka ${KAFKA_VERSION} needs 17`;
  return undefined;
}

if (import.meta.main) {
  const found = await brokerJars();
  console.log("jars" in found ? found.jars : found.missing);
  process.exitCode = "jars" in found ? 0 : 1;
}
