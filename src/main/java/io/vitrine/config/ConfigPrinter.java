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
import org.jspecify.annotations.Nullable;

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
      var key = key(component, value);
      if (key.isEmpty()) {
        record((Record) value, depth);
      } else {
        entry(key, value, depth);
      }
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

  /** Empty if the value's keys belong to the enclosing section. */
  private static String key(RecordComponent component, Object value) {
    var key = component.getAnnotation(Key.class);
    if (key == null) {
      return component.getName().replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
    return key.value().isEmpty() ? own(value.getClass().getAnnotation(Key.class)) : key.value();
  }

  private static String own(@Nullable Key key) {
    return key == null ? "" : key.value();
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
