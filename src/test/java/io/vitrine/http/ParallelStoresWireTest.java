package io.vitrine.http;

/** Several stores at the same time. */
class ParallelStoresWireTest extends StoresContract {
  ParallelStoresWireTest() throws Exception {
    super("4");
  }
}
