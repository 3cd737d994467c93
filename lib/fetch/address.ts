import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { Problem } from "../problem.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** The hosts and addresses that may be fetched from although they are not on the public internet. */
export type Allowance = { everything: boolean; hosts: Set<string>; ranges: Range[] };

/** RFC 6052: IPv4 behind a translator, as DNS64 answers on networks that have IPv6 alone. */
const NAT64 = ipaddr.parseCIDR("64:ff9b::/96") as [ipaddr.IPv6, number];
/** All that IANA has given out of IPv6 for the internet at large. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];
/** Public by its number, but what answers there on Azure is the machine's own host. */
const AZURE_HOST = ipaddr.parseCIDR("168.63.129.16/32") as [ipaddr.IPv4, number];

/**
 * Reads hosts, addresses and ranges (CIDR) that are allowed; `true` allows all. Raises JB001 for an entry that is
 * none of these.
 */
export function readAllowance(allowed: boolean | readonly string[] | undefined): Allowance {
  const allowance: Allowance = { everything: allowed === true, hosts: new Set(), ranges: [] };
  if (!Array.isArray(allowed)) return allowance;
  for (const entry of allowed as readonly string[]) {
    const bare = bareHost(entry.trim());
    if (ipaddr.isValidCIDR(bare)) allowance.ranges.push(ipaddr.parseCIDR(bare));
    else if (isIP(bare)) allowance.ranges.push(ipaddr.parseCIDR(`${bare}/${whole(bare)}`));
    else if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(bare) && !/^[\d.]+$/.test(bare))
      allowance.hosts.add(bare);
    else
      throw new Problem({
        code: "JB001",
        message: `"${entry}" is neither a host nor a range of addresses`,
        hint: "write a name (files.internal), an address (10.1.2.3) or a range (10.0.0.0/8, fd00::/8)",
      });
  }
  return allowance;
}

/**
 * Why an address must not be connected to, in a word or two ("loopback", "private"); undefined when it is public or
 * allowed. `host` is the name it was found under. The ranges are those of the IANA registries of special addresses;
 * an IPv4 address inside an IPv6 one (mapped, NAT64) is judged as itself, 6to4 and Teredo are refused as a whole.
 */
export function refusedAddress(
  host: string,
  address: string,
  allowance: Allowance,
): string | undefined {
  if (allowance.everything || allowance.hosts.has(bareHost(host))) return undefined;
  const outer = parsed(address);
  const inner = embedded(outer);
  const isAllowed = allowance.ranges.some((range) => isIn(outer, range) || isIn(inner, range));
  return isAllowed ? undefined : special(inner);
}

/** A host of a URL in lower case, without brackets and the full stop at its end. */
export function bareHost(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
}

/** ipaddr.js takes ::1.2.3.4, which is an address of its own and long out of use, for ::ffff:1.2.3.4. */
function parsed(address: string): Address {
  const [, compatible] = /^::(\d+\.[\d.]+)$/.exec(address) ?? [];
  if (compatible === undefined) return ipaddr.parse(address);
  return ipaddr.fromByteArray([...Array(12).fill(0), ...ipaddr.IPv4.parse(compatible).octets]);
}

function whole(address: string): number {
  return isIP(address) === 4 ? 32 : 128;
}

function embedded(address: Address): Address {
  if (address.kind() === "ipv4") return address;
  const outer = address as ipaddr.IPv6;
  if (outer.isIPv4MappedAddress()) return outer.toIPv4Address();
  return outer.match(NAT64) ? ipaddr.fromByteArray(outer.toByteArray().slice(12)) : outer;
}

function special(address: Address): string | undefined {
  const range = address.range();
  if (range !== "unicast") return range.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  if (isIn(address, AZURE_HOST)) return "the host of the machine";
  return address.kind() === "ipv6" && !isIn(address, GLOBAL_UNICAST) ? "reserved" : undefined;
}

function isIn(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
