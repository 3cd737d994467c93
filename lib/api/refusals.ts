import { Refused } from "./refused.ts";

/** A stream that its client does not read. */
export const tooSlow = (milliseconds: number) =>
  new Refused({
    code: "JB516",
    message: "the stream is not read",
    detail: `What was sent has not been taken for ${milliseconds / 1000} s.`,
    hint: "Connect again and go on after the last cursor; read faster, or ask for pages.",
  });

/** All streams that the server gives are taken. */
export const tooManyStreams = (most: number) =>
  new Refused({
    code: "JB514",
    message: "too many streams are open",
    detail: `This server has at most ${most}.`,
    hint: "Try again later, or ask for pages of updates.",
  });

/** All full reads that the server makes at a time are taken. */
export const tooManyReads = (most: number) =>
  new Refused({
    code: "JB515",
    message: "too many full reads are under way",
    detail: `This server makes at most ${most} at a time.`,
    hint: "Try again later.",
  });

/** The server ends. */
export const serverCloses = () =>
  new Refused({
    code: "JB517",
    message: "the server closes",
    detail: "It was told to stop.",
    hint: "Connect again in a moment, and go on after the last cursor.",
  });

/** More operations on one WebSocket than it may have. */
export const tooManyOperations = (most: number) =>
  new Refused({
    code: "JB518",
    message: "too many operations on this connection",
    detail: `It has at most ${most} at a time.`,
    hint: "Complete one first, or open another connection.",
  });

/** A page of another origin opens a WebSocket. */
export const foreignOrigin = () =>
  new Refused({
    code: "JB519",
    message: "a page of another origin cannot connect",
    detail: "Origin names another host than Host.",
    hint: "Serve the page and the API under one name; a proxy passes Host on.",
  });

/** A subscription to nothing. */
export const noKinds = () =>
  new Refused({
    code: "JB504",
    message: "kinds is empty",
    detail: "Nothing would ever come.",
    hint: "Name some kinds, or leave it out for all.",
  });
