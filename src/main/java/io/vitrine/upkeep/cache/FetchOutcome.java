package io.vitrine.upkeep.cache;

/** The result of an attempt to fetch an image. */
enum FetchOutcome {
  /** The image is cached. */
  CACHED,
  /** There is no room now, or too many fills are running. */
  LATER,
  /** The cache does not accept the image. */
  NEVER
}
