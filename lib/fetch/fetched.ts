/** What became of a fetch. */
export type Fetched =
  | {
      /** 304, or the same ETag. */
      status: "unchanged";
      movedPermanentlyTo?: string;
    }
  | {
      status: "fetched";
      /** The file, of which the caller is the owner from now on. */
      path: string;
      /** Of the file: what came, unpacked. */
      bytes: number;
      sha256: Buffer;
      /** What the server said, word for word: pass it back the next time. */
      etag?: string;
      lastModified?: string;
      contentType?: string;
      /** Where the redirects ended. It may be signed: not for logs. */
      finalUrl: string;
      /** What the delivery is called, safe to be shown; not the name of the file. */
      name: string;
      /** The URL to use from now on: the end of the permanent redirects (301, 308) at the beginning. */
      movedPermanentlyTo?: string;
    };
