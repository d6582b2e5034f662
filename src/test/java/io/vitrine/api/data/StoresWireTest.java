package io.vitrine.api.data;

/** Several stores, one at a time. */
class StoresWireTest extends StoresContract {
  StoresWireTest() throws Exception {
    super("1");
  }
}
