package io.vitrine.format.vmdk;

import io.vitrine.format.probe.Checks;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The text descriptor of a VMDK. Every line must be understood, and none may refer to another file:
 * no extent with a path, no parent.
 */
final class VmdkDescriptor {
  private static final Pattern CREATE_TYPE =
      Pattern.compile("createtype\\s*=\\s*\"([a-z0-9]{1,63})\"");
  private static final Pattern PARENT_ID = Pattern.compile("parentcid\\s*=\\s*(.*)");
  private static final Pattern HEADER_FIELD = Pattern.compile("[a-z0-9._]+\\s*=[^/\\\\]*");
  private static final Pattern DISK_DATABASE = Pattern.compile("ddb\\..*");
  private static final Pattern EXTENT =
      Pattern.compile("(rw|rdonly|noaccess)\\s+\\d+\\s+sparse\\s+\"[^\"/\\\\]*\"(\\s+0)?");
  private static final String NO_PARENT = "ffffffff";

  /** VMDK keywords are case-insensitive. */
  private final String text;

  VmdkDescriptor(String text) {
    this.text = text.toLowerCase(Locale.ROOT);
  }

  /** The subformat in lower case; empty unless it is given exactly once. */
  String createType() {
    var types =
        text.lines()
            .map(line -> CREATE_TYPE.matcher(line.strip()))
            .filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1))
            .toList();
    return types.size() == 1 ? types.getFirst() : "";
  }

  void check(Checks checks) {
    var lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    var extents = lines.stream().filter(line -> EXTENT.matcher(line).matches()).count();
    checks
        .refuseIf(
            !text.chars().allMatch(c -> c < 0x7f)
                || !lines.stream().allMatch(VmdkDescriptor::isKnown),
            "descriptor",
            "has a VMDK descriptor with lines that are not accepted")
        .refuseIf(
            createType().isEmpty(), "descriptor", "has a VMDK descriptor without one createType")
        .refuseIf(
            extents != 1,
            "descriptor",
            "has a VMDK descriptor that does not name exactly one extent")
        .refuseIf(hasParent(), "parent", "is a VMDK that depends on a parent; merge it into one");
  }

  private static boolean isKnown(String line) {
    return line.startsWith("#")
        || DISK_DATABASE.matcher(line).matches()
        || HEADER_FIELD.matcher(line).matches()
        || EXTENT.matcher(line).matches();
  }

  /** qemu finds the parent's key anywhere in the text, even in a comment. */
  private boolean hasParent() {
    return text.contains("parentfilenamehint")
        || text.lines()
            .map(line -> PARENT_ID.matcher(line.strip()))
            .anyMatch(matcher -> matcher.matches() && !matcher.group(1).equals(NO_PARENT));
  }
}
