package io.vitrine.access.policy;

import io.vitrine.access.policy.PropertyProtections.Format;
import io.vitrine.access.policy.PropertyProtections.Section;
import io.vitrine.image.edit.PropertyGuard.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads Glance's file of property protections: sections in brackets, each with {@code create},
 * {@code read}, {@code update} and {@code delete}.
 */
final class PropertyFile {
  private static final Pattern ENTRY = Pattern.compile("([^=:]+?)\\s*[=:]\\s*(.*)");

  private final Format format;
  private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private PropertyFile(Format format) {
    this.format = format;
  }

  /** The sections in the order of the file; throws {@link PolicyException}. */
  static List<Section> read(Path path, Format format) {
    var file = new PropertyFile(format);
    try {
      file.split(Files.readAllLines(path));
    } catch (IOException failure) {
      throw new PolicyException(List.of("%s cannot be read: %s".formatted(path, failure)));
    }
    var sections =
        file.sections.entrySet().stream()
            .map(entry -> file.section(entry.getKey(), entry.getValue()))
            .toList();
    if (!file.faults.isEmpty()) {
      throw new PolicyException(
          file.faults.stream().map(fault -> "%s: %s".formatted(path, fault)).toList());
    }
    return sections;
  }

  private void split(List<String> lines) {
    Map<String, String> section = null;
    for (var line : lines.stream().map(String::strip).toList()) {
      var entry = ENTRY.matcher(line);
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        section = new HashMap<>();
        if (sections.put(line.substring(1, line.length() - 1), section) != null) {
          faults.add(line + " is there twice");
        }
      } else if (section == null || !entry.matches()) {
        faults.add("\"%s\" is neither a section nor operation = who".formatted(line));
      } else {
        section.put(entry.group(1).toLowerCase(Locale.ROOT), entry.group(2));
      }
    }
  }

  private Section section(String expression, Map<String, String> entries) {
    var permissions = new EnumMap<Operation, Set<String>>(Operation.class);
    for (var operation : Operation.values()) {
      var name = operation.name().toLowerCase(Locale.ROOT);
      var given = entries.get(name);
      if (given == null) {
        faults.add(
            "[%s] lacks %s; use \"!\" for nobody or \"@\" for everybody"
                .formatted(expression, name));
      } else {
        permissions.put(operation, permitted("[%s] %s".formatted(expression, name), given));
      }
    }
    return new Section(pattern(expression), permissions);
  }

  private Set<String> permitted(String place, String given) {
    var names = new LinkedHashSet<String>();
    Arrays.stream(given.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(name -> format == Format.ROLES ? name.toLowerCase(Locale.ROOT) : name)
        .forEach(names::add);
    if (names.size() > 1 && format == Format.POLICIES) {
      faults.add(place + " names more than one rule; combine them in the policy file");
    }
    if (names.contains("@") && names.contains("!")) {
      faults.add(place + " allows both everybody, \"@\", and nobody, \"!\"");
    }
    return names;
  }

  private Pattern pattern(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException malformed) {
      faults.add(
          "[%s] is not a regular expression: %s".formatted(expression, malformed.getDescription()));
      return Pattern.compile("");
    }
  }
}
