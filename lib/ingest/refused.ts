/** A delivery that cannot be taken for a reason that will be the same the next time. */
export class Refused extends Error {
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor({
    code,
    message,
    detail,
    hint,
  }: { code: string; message: string; detail?: string; hint?: string }) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.detail = detail;
    this.hint = hint;
  }
}
