package io.vitrine.image.edit;

import io.vitrine.image.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An image before and after one change. */
public record ImageChange(Image before, Image after) {
  /** The names, as in the API, of the changed attributes that users set. */
  public List<String> attributes() {
    var names = new ArrayList<String>();
    note(names, "name", before.name(), after.name());
    note(names, "visibility", before.visibility(), after.visibility());
    note(names, "protected", before.isProtected(), after.isProtected());
    note(names, "os_hidden", before.isHidden(), after.isHidden());
    note(names, "owner", before.owner(), after.owner());
    note(names, "disk_format", before.diskFormat(), after.diskFormat());
    note(names, "container_format", before.containerFormat(), after.containerFormat());
    note(names, "min_disk", before.minDisk(), after.minDisk());
    note(names, "min_ram", before.minRam(), after.minRam());
    note(names, "tags", before.tags(), after.tags());
    return List.copyOf(names);
  }

  private static void note(
      List<String> names, String name, @Nullable Object old, @Nullable Object current) {
    if (!Objects.equals(old, current)) {
      names.add(name);
    }
  }

  /** The names of the extra properties that were added, changed or removed, in order. */
  public List<String> properties() {
    var old = before.properties();
    var current = after.properties();
    var names = new TreeSet<>(old.keySet());
    names.addAll(current.keySet());
    return names.stream()
        .filter(
            name ->
                old.containsKey(name) != current.containsKey(name)
                    || !Objects.equals(old.get(name), current.get(name)))
        .toList();
  }
}
