package io.vitrine.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints the configuration's records as YAML, with component names in snake case. */
public final class ConfigPrinter {
  private final StringBuilder text = new StringBuilder();
  private final Set<Class<?>> values;

  private ConfigPrinter(Set<Class<?>> values) {
    this.values = values;
  }

  /**
   * The configuration as YAML, without secrets.
   *
   * @param values records that are values, printed by their {@code toString}, rather than sections
   */
  public static String print(Record config, Set<Class<?>> values) {
    var printer = new ConfigPrinter(values);
    printer.record(config, 0);
    return printer.text.toString();
  }

  private void record(Record record, int depth) {
    for (var component : record.getClass().getRecordComponents()) {
      var value = value(record, component);
      var key = component.getAnnotation(Key.class);
      if (key == null) {
        entry(snakeCase(component.getName()), value, depth);
      } else if (!key.value().isEmpty()) {
        entry(key.value(), value, depth);
      } else if (value instanceof Map<?, ?> parts) {
        parts.values().forEach(part -> part((Record) part, depth));
      } else {
        part((Record) value, depth);
      }
    }
  }

  /** A record below its own key, or with its keys in the enclosing section if it has none. */
  private void part(Record record, int depth) {
    var key = record.getClass().getAnnotation(Key.class);
    if (key == null) {
      record(record, depth);
    } else {
      entry(key.value(), record, depth);
    }
  }

  private void entry(String key, Object value, int depth) {
    text.repeat("  ", depth).append(key).append(':');
    if (value instanceof Map<?, ?> map) {
      text.append(map.isEmpty() ? " {}\n" : "\n");
      map.forEach((name, each) -> entry(quoted(name.toString()), each, depth + 1));
    } else if (isSection(value)) {
      text.append('\n');
      record((Record) value, depth + 1);
    } else {
      text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private boolean isSection(Object value) {
    return value instanceof Record
        && !(value instanceof ByteSize || value instanceof Secret)
        && !values.contains(value.getClass());
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Collection<?> items ->
          items.stream().map(ConfigPrinter::scalar).collect(Collectors.joining(", ", "[", "]"));
      case Optional<?> optional -> optional.map(ConfigPrinter::scalar).orElse("\"\"");
      case Duration duration -> DurationText.print(duration);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case String string -> quoted(string);
      case Path path -> quoted(path.toString());
      case Secret secret -> quoted(secret.toString());
      default -> value.toString();
    };
  }

  private static String quoted(String string) {
    return string.matches("[A-Za-z/.][A-Za-z0-9/._-]*")
        ? string
        : '"' + string.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
