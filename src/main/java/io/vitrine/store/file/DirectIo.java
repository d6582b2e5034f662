package io.vitrine.store.file;

/** Whether new data bypasses the page cache where that is supported; by the values of the key. */
public enum DirectIo {
  /** Past the room that uploads under way have in the page cache. */
  AUTO,
  /** Always. */
  TRUE,
  /** Never. */
  FALSE
}
