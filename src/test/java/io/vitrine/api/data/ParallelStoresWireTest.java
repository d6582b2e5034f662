package io.vitrine.api.data;

/** Several stores at the same time. */
class ParallelStoresWireTest extends StoresContract {
  ParallelStoresWireTest() throws Exception {
    super("4");
  }
}
