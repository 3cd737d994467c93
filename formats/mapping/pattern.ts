/**
 * Regular expressions in time that grows with the length of the text alone: a pattern becomes a program (Thompson), which is run in
 * lock step over the text (Pike), so that no pattern of a mapping can hang a reader. Characters and classes are left to the
 * engine of the language, one character at a time; back references and look-around, which no such program has, are refused.
 */

type Instruction =
  | { op: "char"; test: (char: string) => boolean }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  | { op: "save"; slot: number }
  | { op: "assert"; at: "start" | "end" | "boundary" | "inside" }
  | { op: "match" };

type Node =
  | { is: "empty" }
  | { is: "char"; test: (char: string) => boolean }
  | { is: "assert"; at: "start" | "end" | "boundary" | "inside" }
  | { is: "sequence"; of: Node[] }
  | { is: "choice"; of: Node[] }
  | { is: "group"; slot: number; of: Node }
  | { is: "repeat"; of: Node; least: number; most: number; lazy: boolean };

/** What was found: where it begins and ends, in characters, and the groups; a group that took no part is undefined. */
export type Match = { start: number; end: number; groups: (string | undefined)[] };

export type Pattern = {
  /** How many capturing groups there are. */
  groups: number;
  /** The first match that begins at character `from` or later. */
  find(chars: readonly string[], from?: number): Match | undefined;
};

const PROGRAM_LIMIT = 1_000;
/** Repetitions of nothing make no instruction, and would be repeated all the same. */
const VISIT_LIMIT = 20_000;

/** Compiles a pattern; throws SyntaxError for one that is wrong or has what is not supported. */
export function compilePattern(source: string, ignoreCase = false): Pattern {
  const { node, groups } = parse(source, ignoreCase);
  const program: Instruction[] = [];
  const emit = (instruction: Instruction): number => {
    if (program.length >= PROGRAM_LIMIT) throw new SyntaxError("the pattern is too large");
    return program.push(instruction) - 1;
  };
  generate({ is: "group", slot: 0, of: node }, emit, program, { visits: 0 });
  emit({ op: "match" });
  return { groups, find: (chars, from = 0) => run(program, groups, chars, from) };
}

function generate(
  node: Node,
  emit: (each: Instruction) => number,
  program: Instruction[],
  budget: { visits: number },
): void {
  budget.visits += 1;
  if (budget.visits > VISIT_LIMIT) throw new SyntaxError("the pattern is too large");
  switch (node.is) {
    case "empty":
      return;
    case "char":
      emit({ op: "char", test: node.test });
      return;
    case "assert":
      emit({ op: "assert", at: node.at });
      return;
    case "sequence":
      for (const each of node.of) generate(each, emit, program, budget);
      return;
    case "group":
      emit({ op: "save", slot: node.slot * 2 });
      generate(node.of, emit, program, budget);
      emit({ op: "save", slot: node.slot * 2 + 1 });
      return;
    case "choice": {
      const ends: number[] = [];
      for (const [index, each] of node.of.entries()) {
        if (index === node.of.length - 1) generate(each, emit, program, budget);
        else {
          const split = emit({ op: "split", first: program.length + 1, second: 0 });
          generate(each, emit, program, budget);
          ends.push(emit({ op: "jump", to: 0 }));
          program[split] = { op: "split", first: split + 1, second: program.length };
        }
      }
      for (const end of ends) program[end] = { op: "jump", to: program.length };
      return;
    }
    case "repeat": {
      for (let count = 0; count < node.least; count += 1) generate(node.of, emit, program, budget);
      const split = (at: number, out: number) => {
        const [first, second] = node.lazy ? [out, at + 1] : [at + 1, out];
        program[at] = { op: "split", first, second };
      };
      if (node.most === Number.POSITIVE_INFINITY) {
        const at = emit({ op: "split", first: 0, second: 0 });
        generate(node.of, emit, program, budget);
        emit({ op: "jump", to: at });
        split(at, program.length);
        return;
      }
      const splits: number[] = [];
      for (let count = node.least; count < node.most; count += 1) {
        splits.push(emit({ op: "split", first: 0, second: 0 }));
        generate(node.of, emit, program, budget);
      }
      for (const at of splits) split(at, program.length);
    }
  }
}

type Thread = { at: number; slots: (number | undefined)[] };

function run(
  program: readonly Instruction[],
  groups: number,
  chars: readonly string[],
  from: number,
): Match | undefined {
  let threads: Thread[] = [];
  let found: (number | undefined)[] | undefined;
  const seen = new Int32Array(program.length).fill(-1);
  const unset: Thread["slots"] = new Array((groups + 1) * 2).fill(undefined);
  const isAnchored = program.some(
    (each, at) => at === 1 && each.op === "assert" && each.at === "start",
  );

  const add = (list: Thread[], at: number, position: number, slots: Thread["slots"]): void => {
    if (seen[at] === position) return;
    seen[at] = position;
    const instruction = program[at] as Instruction;
    switch (instruction.op) {
      case "jump":
        add(list, instruction.to, position, slots);
        return;
      case "split":
        add(list, instruction.first, position, slots);
        add(list, instruction.second, position, slots);
        return;
      case "save":
        add(list, at + 1, position, slots.with(instruction.slot, position));
        return;
      case "assert":
        if (holds(instruction.at, chars, position)) add(list, at + 1, position, slots);
        return;
      default:
        list.push({ at, slots });
    }
  };

  for (let position = from; position <= chars.length; position += 1) {
    if (!found && (position === 0 || !isAnchored)) add(threads, 0, position, unset);
    if (threads.length === 0 && (found || isAnchored)) break;
    const next: Thread[] = [];
    const char = chars[position];
    // The threads stand in the order of preference: what matches cuts off those behind it.
    for (const { at, slots } of threads) {
      const instruction = program[at] as Instruction;
      if (instruction.op === "match") {
        found = slots;
        break;
      }
      if (char !== undefined && instruction.op === "char" && instruction.test(char)) {
        add(next, at + 1, position + 1, slots);
      }
    }
    threads = next;
  }
  if (!found) return undefined;
  const [start = 0, end = 0] = found;
  const texts = Array.from({ length: groups }, (_, index) => {
    const [first, last] = [found[index * 2 + 2], found[index * 2 + 3]];
    return first === undefined || last === undefined
      ? undefined
      : chars.slice(first, last).join("");
  });
  return { start, end, groups: texts };
}

function holds(
  at: "start" | "end" | "boundary" | "inside",
  chars: readonly string[],
  position: number,
): boolean {
  if (at === "start") return position === 0;
  if (at === "end") return position === chars.length;
  const isBoundary = isWord(chars[position - 1]) !== isWord(chars[position]);
  return at === "boundary" ? isBoundary : !isBoundary;
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /^[\p{L}\p{N}_]$/u.test(char);
}

const REPEAT_LIMIT = 200;
const DEPTH_LIMIT = 50;

function parse(source: string, ignoreCase: boolean): { node: Node; groups: number } {
  const chars = Array.from(source);
  const flags = ignoreCase ? "iu" : "u";
  let at = 0;
  let groups = 0;

  const wrong = (what: string): SyntaxError =>
    new SyntaxError(`${what} at character ${at + 1} of the pattern`);
  const looksAt = (text: string) => chars.slice(at, at + text.length).join("") === text;
  const charTest = (expression: string): ((char: string) => boolean) => {
    let regExp: RegExp;
    try {
      regExp = new RegExp(`^${expression}$`, flags);
    } catch {
      throw wrong(`"${expression}" is not understood`);
    }
    return (char) => regExp.test(char);
  };
  const literal = (char: string): ((other: string) => boolean) =>
    ignoreCase ? charTest(char.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&")) : (other) => other === char;

  const choice = (depth: number): Node => {
    if (depth > DEPTH_LIMIT) throw wrong("too many groups in each other");
    const of = [sequence(depth)];
    while (chars[at] === "|") {
      at += 1;
      of.push(sequence(depth));
    }
    return of.length === 1 ? (of[0] as Node) : { is: "choice", of };
  };
  const sequence = (depth: number): Node => {
    const of: Node[] = [];
    while (at < chars.length && chars[at] !== "|" && chars[at] !== ")") of.push(repeated(depth));
    return of.length === 0 ? { is: "empty" } : { is: "sequence", of };
  };
  const repeated = (depth: number): Node => {
    let node = atom(depth);
    for (;;) {
      const [least, most, length] = quantifier();
      if (length === 0) return node;
      if (node.is === "assert") throw wrong("nothing to repeat");
      at += length;
      const lazy = chars[at] === "?";
      if (lazy) at += 1;
      if (node.is === "repeat") throw wrong("a repetition of a repetition");
      node = { is: "repeat", of: node, least, most, lazy };
    }
  };
  const quantifier = (): [least: number, most: number, length: number] => {
    if (chars[at] === "*") return [0, Number.POSITIVE_INFINITY, 1];
    if (chars[at] === "+") return [1, Number.POSITIVE_INFINITY, 1];
    if (chars[at] === "?") return [0, 1, 1];
    if (chars[at] !== "{") return [1, 1, 0];
    const found = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(chars.slice(at, at + 12).join(""));
    if (!found) throw wrong("a { that begins no repetition");
    const least = Number(found[1]);
    const open = found[2] === undefined ? least : Number.POSITIVE_INFINITY;
    const most = found[3] === undefined ? open : Number(found[3]);
    if (most < least || least > REPEAT_LIMIT || (most > REPEAT_LIMIT && most !== open)) {
      throw wrong("a repetition that cannot be");
    }
    return [least, most, found[0].length];
  };
  const atom = (depth: number): Node => {
    const char = chars[at] as string;
    if (char === "(") return group(depth);
    if (char === "[") return { is: "char", test: charTest(charClass()) };
    if (char === "\\") return escaped();
    if ("*+?{".includes(char)) throw wrong("nothing to repeat");
    at += 1;
    if (char === "^") return { is: "assert", at: "start" };
    if (char === "$") return { is: "assert", at: "end" };
    if (char === ".") return { is: "char", test: (other) => other !== "\n" };
    return { is: "char", test: literal(char) };
  };
  const group = (depth: number): Node => {
    at += 1;
    const captures = !looksAt("?:");
    if (!captures) at += 2;
    else if (chars[at] === "?") {
      throw wrong("look-around and named groups are not supported, which is");
    }
    const slot = captures ? ++groups : 0;
    const of = choice(depth + 1);
    if (chars[at] !== ")") throw wrong("a group that is not closed");
    at += 1;
    return captures ? { is: "group", slot, of } : of;
  };
  const charClass = (): string => {
    const start = at;
    at += looksAt("[^") ? 2 : 1;
    while (at < chars.length && chars[at] !== "]") at += chars[at] === "\\" ? 2 : 1;
    if (at >= chars.length) throw wrong("a class that is not closed");
    at += 1;
    return chars.slice(start, at).join("");
  };
  const escaped = (): Node => {
    const [property] = /^\\[pP]\{[^}]{1,60}\}/.exec(chars.slice(at, at + 66).join("")) ?? [];
    const [unicode] =
      /^\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})/.exec(chars.slice(at, at + 6).join("")) ?? [];
    const whole = property ?? unicode ?? chars.slice(at, at + 2).join("");
    if (whole.length < 2) throw wrong("a \\ at the end");
    if (/^\\[1-9k]/.test(whole)) throw wrong("back references are not supported, which is");
    at += Array.from(whole).length;
    if (whole === "\\b") return { is: "assert", at: "boundary" };
    if (whole === "\\B") return { is: "assert", at: "inside" };
    if (/^\\[a-zA-Z0]/.test(whole)) return { is: "char", test: charTest(whole) };
    return { is: "char", test: literal(whole.slice(1)) };
  };

  const node = choice(0);
  if (at < chars.length) throw wrong("a ) that closes no group");
  return { node, groups };
}
