package io.vitrine.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One section of the configuration, read key by key. An invalid value becomes a fault and is
 * replaced by an arbitrary valid one, so that all faults are found in one pass.
 */
public final class Section {
  private static final Path UNSET = Path.of("");

  private final String prefix;
  private final JsonObject values;
  private final boolean broken;
  private final Faults faults;
  private boolean faulty;

  private Section(String prefix, JsonObject values, boolean broken, Faults faults) {
    this.prefix = prefix;
    this.values = values;
    this.broken = broken;
    this.faults = faults;
  }

  static Section root(JsonObject values, Faults faults) {
    return new Section("", values, false, faults);
  }

  /** A section of values that are no part of a configuration, such as defaults. */
  public static Section of(JsonObject values) {
    return root(values, new Faults());
  }

  /** A section below this one. */
  public Section section(String key) {
    var name = prefix + key;
    faults.knowSection(name);
    if (values.getValue(key) instanceof JsonObject section) {
      return new Section(name + ".", section, broken, faults);
    }
    if (!broken) {
      faults.add(name + ": not a section; give its keys below it");
    }
    return new Section(name + ".", new JsonObject(), true, faults);
  }

  /** A section, completed with the defaults. */
  public Section section(String key, JsonObject defaults) {
    var given = section(key);
    return new Section(
        given.prefix, defaults.copy().mergeIn(given.values, true), given.broken, faults);
  }

  /** Sections with names of the user's choice, completed with the defaults. */
  public <T> Map<String, T> sections(
      String key, Pattern names, JsonObject defaults, BiFunction<String, Section, T> reader) {
    var all = section(key);
    var result = new LinkedHashMap<String, T>();
    for (var name : all.values.fieldNames()) {
      if (!names.matcher(name).matches()) {
        faults.add(all.prefix + name + ": not a name; allowed is " + names);
      }
      result.put(name, reader.apply(name, all.section(name, defaults)));
    }
    return Collections.unmodifiableMap(result);
  }

  /**
   * Adds a fault to the key if the condition does not hold, unless values of this section are
   * faulty already.
   */
  public void require(boolean kept, String key, String message) {
    if (!kept && !faulty && !broken) {
      faults.add(prefix + key + ": " + message);
    }
  }

  /** Adds a fault to the key, whose value is read by other means. */
  public void fault(String key, String message) {
    faulty = true;
    faults.add(prefix + key + ": " + message);
  }

  /** Whether the text is the path of a file that can be read. */
  public static boolean isReadable(String file) {
    return file.indexOf('\0') < 0 && Values.readable(file).isPresent();
  }

  /** A text; may be empty. */
  public String text(String key) {
    return read(key, "a text", "", Values::string);
  }

  /** A text of the given form; what is allowed is for the fault. */
  public String text(String key, Pattern form, String allowed) {
    return read(key, allowed, "", value -> Values.string(value).filter(form.asMatchPredicate()));
  }

  /** One of the allowed texts; true and false may be among them. */
  public String choice(String key, List<String> allowed) {
    return read(
        key,
        oneOf(allowed),
        allowed.getFirst(),
        value -> Values.word(value).filter(allowed::contains));
  }

  /** One of the allowed values, given by its name. */
  public <T> T choice(String key, List<T> allowed, Function<T, String> name) {
    return named(choice(key, allowed.stream().map(name).toList()), allowed, name);
  }

  /** Any of the allowed values, given by their names. */
  public <T> List<T> choices(String key, List<T> allowed, Function<T, String> name) {
    return choices(key, allowed.stream().map(name).toList()).stream()
        .map(chosen -> named(chosen, allowed, name))
        .toList();
  }

  private static <T> T named(String chosen, List<T> allowed, Function<T, String> name) {
    return allowed.stream()
        .filter(each -> name.apply(each).equals(chosen))
        .findFirst()
        .orElseThrow();
  }

  /** A list of texts. */
  public List<String> texts(String key) {
    return list(key, "a list of strings", Values::string);
  }

  /** A list of texts, each of the given form. */
  public List<String> texts(String key, Pattern form, String allowed) {
    return list(
        key, "a list of " + allowed, value -> Values.string(value).filter(form.asMatchPredicate()));
  }

  /** A map of texts, numbers and flags, all as texts, with names of the user's choice. */
  public Map<String, String> textsByName(String key, Predicate<String> names, String allowed) {
    return read(
        key,
        allowed,
        Map.of(),
        value -> {
          if (!(value instanceof JsonObject object)
              || !object.stream().allMatch(entry -> Values.isScalar(entry.getValue()))
              || !object.fieldNames().stream().allMatch(names)) {
            return Optional.empty();
          }
          var result = new LinkedHashMap<String, String>();
          object.forEach(entry -> result.put(entry.getKey(), entry.getValue().toString()));
          return Optional.of(Collections.unmodifiableMap(result));
        });
  }

  /** Any of the allowed texts. */
  public List<String> choices(String key, List<String> allowed) {
    return list(
        key,
        "a list of any of " + String.join(", ", allowed),
        value -> Values.string(value).filter(allowed::contains));
  }

  /** A whole number; both bounds are allowed. */
  public int integer(String key, int min, int max) {
    return read(
        key,
        "a whole number from " + min + " to " + max,
        min,
        value -> Values.integer(value, min, max));
  }

  /** A fraction from 0 to 1. */
  public double ratio(String key) {
    return read(
        key,
        "a number from 0 to 1",
        0.0,
        value ->
            value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1
                ? Optional.of(number.doubleValue())
                : Optional.empty());
  }

  /** A list of whole numbers; both bounds are allowed. */
  public List<Integer> integers(String key, int min, int max) {
    return list(
        key,
        "a list of whole numbers from " + min + " to " + max,
        value -> Values.integer(Values.numbered(value), min, max));
  }

  /** True or false. */
  public boolean flag(String key) {
    return read(
        key,
        "true or false",
        false,
        value -> value instanceof Boolean flag ? Optional.of(flag) : Optional.empty());
  }

  /** A duration; both bounds are allowed, and written as in the configuration. */
  public Duration duration(String key, String min, String max) {
    var least = DurationText.parse(min).orElseThrow();
    var most = DurationText.parse(max).orElseThrow();
    return read(
        key,
        "a duration such as 15s from " + min + " to " + max,
        least,
        value ->
            Values.string(value)
                .flatMap(DurationText::parse)
                .filter(each -> each.compareTo(least) >= 0 && each.compareTo(most) <= 0));
  }

  /** A size in bytes; both bounds are allowed, and written as in the configuration. */
  public ByteSize size(String key, String min, String max) {
    var least = ByteSize.of(min);
    var most = ByteSize.of(max);
    return read(
        key,
        "a size such as 4MiB from " + min + " to " + max,
        least,
        value ->
            Values.bytes(value)
                .filter(each -> each.compareTo(least) >= 0 && each.compareTo(most) <= 0));
  }

  /** A path, made absolute. */
  public Path path(String key, Path whenEmpty) {
    return read(
        key,
        "the path of a directory",
        whenEmpty,
        value ->
            Values.string(value)
                .filter(path -> path.indexOf('\0') < 0)
                .map(
                    path ->
                        path.isEmpty() ? whenEmpty : Path.of(path).toAbsolutePath().normalize()));
  }

  /** A path; empty if not set. */
  public Optional<Path> optionalPath(String key) {
    var path = path(key, UNSET);
    return path.equals(UNSET) ? Optional.empty() : Optional.of(path);
  }

  /** The path of a readable file; empty if not set. */
  public Optional<Path> file(String key) {
    return read(
        key,
        "empty or the path of a readable file",
        Optional.empty(),
        value ->
            Values.string(value)
                .filter(path -> path.indexOf('\0') < 0)
                .flatMap(text -> Values.unlessEmpty(text, Values::readable)));
  }

  /**
   * A text converted by a parser; empty if not set.
   *
   * @param allowed what is allowed, for the fault
   * @param parser empty if it does not allow the text
   */
  public <T> Optional<T> parsed(String key, String allowed, Function<String, Optional<T>> parser) {
    return read(
        key,
        "empty or " + allowed,
        Optional.empty(),
        value -> Values.string(value).flatMap(text -> Values.unlessEmpty(text, parser)));
  }

  /** A list of texts, each converted by a parser as above. */
  public <T> List<T> parsedList(String key, String allowed, Function<String, Optional<T>> parser) {
    return list(key, "a list of " + allowed, value -> Values.string(value).flatMap(parser));
  }

  /** A value that is never printed, not even in a fault. */
  public Secret secret(String key) {
    return readHidden(key, "a text", new Secret(""), text -> Optional.of(new Secret(text)));
  }

  private <T> List<T> list(String key, String allowed, Function<Object, Optional<T>> item) {
    return read(
        key,
        allowed,
        List.of(),
        value -> {
          if (!(value instanceof JsonArray array)) {
            return Optional.empty();
          }
          var items = new ArrayList<T>();
          array.forEach(each -> item.apply(each).ifPresent(items::add));
          return items.size() == array.size() ? Optional.of(List.copyOf(items)) : Optional.empty();
        });
  }

  private <T> T read(String key, String allowed, T instead, Function<Object, Optional<T>> reader) {
    return read(key, new Form<>(allowed, instead, reader), Section::shown);
  }

  private <T> T readHidden(
      String key, String allowed, T instead, Function<String, Optional<T>> reader) {
    var form = new Form<>(allowed, instead, value -> Values.string(value).flatMap(reader));
    return read(key, form, value -> "the value (hidden)");
  }

  /**
   * The values that a key may have.
   *
   * @param allowed what is allowed, for the fault
   * @param instead replaces a value that is not allowed
   * @param reader empty if it does not allow the value
   */
  private record Form<T>(String allowed, T instead, Function<Object, Optional<T>> reader) {}

  private <T> T read(String key, Form<T> form, Function<Object, String> shown) {
    var name = prefix + key;
    faults.knowKey(name);
    if (broken) {
      return form.instead;
    }
    var value = values.getValue(key);
    var result = value == null ? Optional.<T>empty() : form.reader.apply(value);
    if (result.isEmpty()) {
      faulty = true;
      var given = value == null ? "nothing" : shown.apply(value);
      faults.add(name + ": " + given + " is not allowed; give " + form.allowed);
    }
    return result.orElse(form.instead);
  }

  private static String shown(Object value) {
    return value instanceof String text ? '"' + text + '"' : value.toString();
  }

  private static String oneOf(List<String> allowed) {
    return (allowed.size() == 1 ? "" : "one of ") + String.join(", ", allowed);
  }
}
