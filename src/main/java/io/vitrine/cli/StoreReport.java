package io.vitrine.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command has found in the stores. */
final class StoreReport {
  private static final int CLEAN = 0;
  private static final int FINDINGS = 1;
  private static final int ERRORS = 2;

  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, String> errors = new LinkedHashMap<>();
  private final Map<String, Looked> stores = new LinkedHashMap<>();

  /**
   * What was looked at.
   *
   * @param elsewhere blobs that other nodes wrote and that are not here, where each node has files
   *     of its own
   */
  record Looked(long blobs, long bytes, long elsewhere) {}

  void add(Finding finding) {
    findings.add(finding);
  }

  void looked(String store, Looked looked) {
    stores.put(store, looked);
  }

  void failed(String store, Throwable failure) {
    errors.put(store, failure.toString());
  }

  /** 0: all is well, or has been made so. 1: something is left. 2: not all could be looked at. */
  int code() {
    boolean hasFailed =
        !errors.isEmpty()
            || findings.stream().anyMatch(finding -> finding.outcome().startsWith("failed"));
    if (hasFailed) {
      return ERRORS;
    }
    return findings.stream().allMatch(Finding::isSettled) ? CLEAN : FINDINGS;
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
            .formatted(findings.size(), findings.stream().filter(Finding::isSettled).count()));
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
        .put("findings", new JsonArray(findings.stream().map(Finding::toJson).toList()))
        .put("errors", new JsonObject(new LinkedHashMap<>(errors)));
  }
}
