/** What GraphiQL shows at first: it works with the sample catalog. */
export const welcomeQuery = `# jukebase: one identity for every artist, album and track, under whatever id it arrives.
# Ctrl-Enter runs the query.
query Welcome {
  # Anything that names something: a URL, isrc:…, spotify:track:…, mbid:…
  resolve(ref: "https://musicbrainz.org/artist/a74b1b7f-71a5-4011-9441-d0b5e4122711") {
    jukeId
    kind
    displayName
    externalIds {
      scheme
      value
    }
    ... on Artist {
      country
      beginDate
      albums(first: 5) {
        nodes {
          title
          firstReleaseDate
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
  search(query: "paranoid android", kinds: [TRACK, ALBUM], limit: 5) {
    score
    kind
    displayName
  }
}
`;
