/** What the server itself refuses, or ends: told to the client with its code. */
export class Refused extends Error {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;

  constructor({
    code,
    message,
    detail,
    hint,
  }: {
    code: string;
    message: string;
    detail: string;
    hint: string;
  }) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.detail = detail;
    this.hint = hint;
  }
}
