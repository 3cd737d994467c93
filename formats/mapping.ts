/** How the columns of a file become records. */
export type Mapping = { [key: string]: unknown };
