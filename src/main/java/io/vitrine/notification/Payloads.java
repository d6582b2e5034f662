package io.vitrine.notification;

import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.Member;
import io.vitrine.image.Visibility;
import io.vitrine.image.task.TaskView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The payloads of notifications about images, their members and tasks, as Glance sends them.
 * Locations and the inputs of tasks may contain credentials, so neither is included.
 */
public final class Payloads {
  private static final List<String> IMPORT_PROPERTIES =
      List.of("os_glance_importing_to_stores", "os_glance_failed_import");

  private Payloads() {}

  /** The payload of an image. */
  public static Map<String, Object> image(Image image) {
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("id", image.id().toString());
    payload.put("name", image.name());
    payload.put("status", image.status().text());
    payload.put("created_at", time(image.createdAt()));
    payload.put("updated_at", time(image.updatedAt()));
    payload.put("min_disk", image.minDisk());
    payload.put("min_ram", image.minRam());
    payload.put("protected", image.isProtected());
    payload.put("checksum", image.digests() == null ? null : image.digests().md5());
    payload.put("owner", image.owner());
    payload.put("disk_format", image.diskFormat());
    payload.put("container_format", image.containerFormat());
    payload.put("size", image.size());
    payload.put("virtual_size", image.virtualSize());
    payload.put("is_public", image.visibility() == Visibility.PUBLIC);
    payload.put("visibility", image.visibility().text());
    payload.put("properties", image.properties());
    payload.put("tags", List.copyOf(image.tags()));
    return withoutEnd(payload);
  }

  /** The payload of an image whose data is being or was written. */
  public static Map<String, Object> transferred(Image image) {
    var payload = image(image);
    IMPORT_PROPERTIES.forEach(name -> payload.put(name, stores(image.properties().get(name))));
    return payload;
  }

  private static List<String> stores(@Nullable String names) {
    return Arrays.stream(Objects.requireNonNullElse(names, "").split(",", -1))
        .filter(store -> !store.isEmpty())
        .toList();
  }

  /** The payload of a download. */
  public static Map<String, Object> sent(
      Image image, Caller caller, String address, long sentBytes) {
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("bytes_sent", sentBytes);
    payload.put("image_id", image.id().toString());
    payload.put("owner_id", image.owner());
    payload.put("receiver_tenant_id", caller.project());
    payload.put("receiver_user_id", caller.user());
    payload.put("destination_ip", address);
    return nullable(payload);
  }

  /** The payload of an image's member. */
  public static Map<String, Object> member(Member member) {
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("image_id", member.image().toString());
    payload.put("member_id", member.project());
    payload.put("status", member.status().text());
    payload.put("created_at", time(member.createdAt()));
    payload.put("updated_at", time(member.updatedAt()));
    return withoutEnd(payload);
  }

  /** The payload of a task, without its input and result. */
  public static Map<String, Object> task(TaskView task) {
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("id", task.id().toString());
    payload.put("type", task.type());
    payload.put("status", task.status());
    payload.put("result", null);
    payload.put("owner", task.owner());
    payload.put("message", null);
    payload.put("expires_at", task.expiresAt() == null ? null : time(task.expiresAt()));
    payload.put("created_at", time(task.createdAt()));
    payload.put("updated_at", time(task.updatedAt()));
    return withoutEnd(payload);
  }

  /** The payload of something that is deleted now. */
  public static Map<String, Object> deleted(Map<String, Object> payload) {
    var ended = new LinkedHashMap<>(payload);
    ended.put("deleted", true);
    // Glance reads what it deletes from its database, where an object's list is empty but not
    // absent.
    ended.replace("required", null, List.of());
    ended.put("deleted_at", time(Instant.now()));
    return ended;
  }

  /** Notifications give times to the second. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static Map<String, Object> withoutEnd(Map<String, @Nullable Object> payload) {
    payload.put("deleted", false);
    payload.put("deleted_at", null);
    return nullable(payload);
  }

  /** Keeps JSON's null as a value. */
  @SuppressWarnings({"NullAway", "unchecked"})
  private static Map<String, Object> nullable(Map<String, ? extends @Nullable Object> payload) {
    return (Map<String, Object>) payload;
  }
}
