package io.vitrine.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of a command on stores. */
final class StoreReport {
  private static final int CLEAN = 0;
  private static final int FINDINGS = 1;
  private static final int ERRORS = 2;

  private final List<StoreFault> findings = new ArrayList<>();
  private final Map<String, String> errors = new LinkedHashMap<>();
  private final Map<String, Looked> stores = new LinkedHashMap<>();

  /**
   * What was examined.
   *
   * @param elsewhere blobs on other nodes, of stores that each node has for itself
   */
  record Looked(long blobs, long bytes, long elsewhere) {}

  void add(StoreFault finding) {
    findings.add(finding);
  }

  void looked(String store, Looked looked) {
    stores.put(store, looked);
  }

  void failed(String store, Throwable failure) {
    errors.put(store, failure.toString());
  }

  /**
   * The exit code. 0: all is well or repaired; 1: faults are left; 2: not everything could be
   * examined.
   */
  int code() {
    boolean hasFailed =
        !errors.isEmpty()
            || findings.stream().anyMatch(finding -> finding.outcome().startsWith("failed"));
    if (hasFailed) {
      return ERRORS;
    }
    return findings.stream().allMatch(StoreFault::isSettled) ? CLEAN : FINDINGS;
  }

  void print(PrintWriter out, boolean isJson) {
    if (isJson) {
      out.println(toJson().encodePrettily());
      return;
    }
    stores.forEach(
        (store, looked) ->
            out.println(
                "%s: %d blobs, %d bytes%s"
                    .formatted(
                        store,
                        looked.blobs(),
                        looked.bytes(),
                        looked.elsewhere() == 0
                            ? ""
                            : ", %d with other nodes".formatted(looked.elsewhere()))));
    findings.forEach(finding -> out.println(finding.toLine()));
    errors.forEach((store, error) -> out.println("%s: failed: %s".formatted(store, error)));
    out.println(
        "%d findings, %d settled"
            .formatted(findings.size(), findings.stream().filter(StoreFault::isSettled).count()));
  }

  private JsonObject toJson() {
    var looked = new JsonObject();
    stores.forEach(
        (store, counts) ->
            looked.put(
                store,
                new JsonObject()
                    .put("blobs", counts.blobs())
                    .put("bytes", counts.bytes())
                    .put("elsewhere", counts.elsewhere())));
    return new JsonObject()
        .put("stores", looked)
        .put("findings", new JsonArray(findings.stream().map(StoreFault::toJson).toList()))
        .put("errors", new JsonObject(new LinkedHashMap<>(errors)));
  }
}
