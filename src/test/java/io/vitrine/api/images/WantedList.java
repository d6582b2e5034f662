package io.vitrine.api.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.temporal.ChronoUnit.SECONDS;
import static java.util.Comparator.comparing;

import io.vitrine.api.images.ListedImages.Listed;
import io.vitrine.api.query.IsoTime;
import io.vitrine.image.Caller;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Visibility;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * A list as a client asks for it, and told apart from that, as simply as can be, what is in it (API
 * section 4.2).
 *
 * @param parameters names and values
 * @param limit how many images a page has
 */
record WantedList(
    List<Map.Entry<String, String>> parameters,
    int limit,
    Predicate<Image> filter,
    Comparator<Image> order,
    Scope scope) {

  /** Which of the images that there are a list is about. */
  record Scope(
      Optional<Visibility> visibility, boolean isEvery, Optional<MemberStatus> memberStatus) {
    boolean has(Listed listed, Caller caller) {
      var image = listed.image();
      if (listed.isDeleted() || image.status() == ImageStatus.KILLED) {
        return false;
      }
      if (visibility.isPresent() && visibility.get() != image.visibility()) {
        return false;
      }
      boolean isCommunityLeftOut = visibility.isEmpty() && !isEvery;
      return caller.owns(image)
          || switch (image.visibility()) {
            case PUBLIC -> true;
            case COMMUNITY -> !isCommunityLeftOut;
            case SHARED -> caller.isAdmin() || isShared(listed, caller);
            case PRIVATE -> caller.isAdmin();
          };
    }

    private boolean isShared(Listed listed, Caller caller) {
      var said = Optional.ofNullable(listed.members().get(caller.project()));
      return said.isPresent() && (memberStatus.isEmpty() || memberStatus.equals(said));
    }
  }

  static Arbitrary<WantedList> arbitrary() {
    return Arbitraries.randomValue(random -> new Making(random).list());
  }

  /** The images that the list has, in its order. */
  List<Image> of(List<Listed> all, Caller caller) {
    return all.stream()
        .filter(listed -> scope.has(listed, caller))
        .map(Listed::image)
        .filter(filter)
        .sorted(order)
        .toList();
  }

  String path() {
    return "/v2/images?"
        + parameters.stream()
            .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
  }

  /** Adds to the request and to what is said of the answer in one step. */
  private static final class Making {
    private static final Map<String, Comparator<Image>> KEYS =
        Map.of(
            "name", comparing(image -> Objects.requireNonNullElse(image.name(), "")),
            "status", comparing(image -> image.status().text()),
            "container_format",
                comparing(image -> Objects.requireNonNullElse(image.containerFormat(), "")),
            "disk_format", comparing(image -> Objects.requireNonNullElse(image.diskFormat(), "")),
            "size", comparing(image -> Objects.requireNonNullElse(image.size(), -1L)),
            "id", comparing(image -> image.id().toString()),
            "created_at", comparing(Image::createdAt),
            "updated_at", comparing(Image::updatedAt));
    private static final List<String> SORT_KEYS = KEYS.keySet().stream().sorted().toList();
    private static final List<String> TIMES =
        List.of("2026-01-31T23:59:59Z", "2026-02-01T00:00:00", "2026-02-01T01:00:00.5+01:00");

    private final RandomGenerator random;
    private final List<Map.Entry<String, String>> parameters = new ArrayList<>();
    private final Set<String> sorted = new HashSet<>();
    private Predicate<Image> filter = image -> true;
    private final List<Comparator<Image>> orders = new ArrayList<>();

    Making(RandomGenerator random) {
      this.random = random;
    }

    WantedList list() {
      for (int i = random.nextInt(3); i > 0; i--) {
        addFilter();
      }
      addHidden();
      addOrder();
      var scope = scope();
      int limit = random.nextInt(8) == 0 ? 25 : 1 + random.nextInt(9);
      if (limit != 25) {
        ask("limit", "" + limit);
      }
      var order = orders.stream().reduce(Comparator::thenComparing).orElseThrow();
      return new WantedList(List.copyOf(parameters), limit, filter, order, scope);
    }

    private void ask(String key, String value) {
      parameters.add(Map.entry(key, value));
    }

    private void addFilter() {
      switch (random.nextInt(14)) {
        case 0 -> oneOf("name", Image::name, ListedImages.NAMES);
        case 1 -> oneOf("status", image -> image.status().text(), statuses());
        case 2 -> oneOf("disk_format", Image::diskFormat, ListedImages.DISK_FORMATS);
        case 3 -> oneOf("container_format", Image::containerFormat, ListedImages.CONTAINER_FORMATS);
        case 4 -> equal("owner", Image::owner, ListedImages.PROJECTS);
        case 5 -> addDigest();
        case 6, 7 -> addNumber();
        case 8, 9, 10 -> addMoment();
        case 11 -> addProtected();
        case 12 -> addTags();
        default -> addProperty();
      }
    }

    private static List<String> statuses() {
      return List.of("active", "queued", "deactivated", "killed", "deleted", "unknown");
    }

    /** In the forms {@code value}, {@code eq:value} and {@code in:value,"value"}. */
    private void oneOf(
        String key, Function<Image, @Nullable String> attribute, List<String> choices) {
      var value = any(choices);
      boolean isOperatorNeeded = value.contains(":");
      switch (random.nextInt(3)) {
        case 0 -> ask(key, isOperatorNeeded ? "eq:" + value : value);
        case 1 -> ask(key, "eq:" + value);
        default -> {
          in(key, attribute, choices);
          return;
        }
      }
      require(image -> value.equals(attribute.apply(image)));
    }

    private void in(String key, Function<Image, @Nullable String> attribute, List<String> choices) {
      var values = new ArrayList<String>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        var value = any(choices);
        // A quote inside of quotes has no form.
        values.add(value.contains("\"") ? "a" : value);
      }
      ask(key, values.stream().map(this::quoted).collect(Collectors.joining(",", "in:", "")));
      require(image -> values.contains(attribute.apply(image)));
    }

    private String quoted(String value) {
      return value.contains(",") || random.nextBoolean() ? '"' + value + '"' : value;
    }

    private void equal(
        String key, Function<Image, @Nullable String> attribute, List<String> choices) {
      var value = any(choices);
      ask(key, value);
      require(image -> value.equals(attribute.apply(image)));
    }

    private void addDigest() {
      switch (random.nextInt(3)) {
        case 0 -> equal("checksum", digest(Digests::md5), ListedImages.CHECKSUMS);
        case 1 -> equal("os_hash_value", digest(Digests::value), ListedImages.CHECKSUMS);
        default ->
            equal(
                "os_hash_algo",
                digest(Digests::algorithm),
                List.of(HashAlgorithm.SHA512.text(), "md5"));
      }
    }

    private static Function<Image, @Nullable String> digest(
        Function<Digests, @Nullable String> part) {
      return image -> image.digests() == null ? "" : part.apply(image.digests());
    }

    private void addNumber() {
      var numbers =
          Map.<String, Function<Image, @Nullable Long>>of(
              "size", Image::size,
              "virtual_size", Image::virtualSize,
              "min_disk", Image::minDisk,
              "min_ram", Image::minRam);
      var key = any(numbers.keySet().stream().sorted().toList());
      var attribute = Objects.requireNonNull(numbers.get(key));
      long bound = any(ListedImages.NUMBERS);
      switch (random.nextInt(3)) {
        case 0 -> compare(key, attribute, bound, order -> order == 0);
        case 1 -> compare(key + "_min", attribute, bound, order -> order >= 0);
        default -> compare(key + "_max", attribute, bound, order -> order <= 0);
      }
    }

    private void compare(
        String key,
        Function<Image, @Nullable Long> attribute,
        long bound,
        Predicate<Integer> holds) {
      ask(key, "" + bound);
      require(
          image -> {
            var number = attribute.apply(image);
            return number != null && holds.test(Long.compare(number, bound));
          });
    }

    private void addMoment() {
      var operators =
          Map.<String, Predicate<Integer>>of(
              "", order -> order == 0,
              "eq:", order -> order == 0,
              "neq:", order -> order != 0,
              "gt:", order -> order > 0,
              "gte:", order -> order >= 0,
              "lt:", order -> order < 0,
              "lte:", order -> order <= 0);
      var operator = any(operators.keySet().stream().sorted().toList());
      var time = any(TIMES);
      var bound = IsoTime.parse(time).orElseThrow();
      boolean isCreation = random.nextBoolean();
      ask(isCreation ? "created_at" : "updated_at", operator + time);
      require(
          image -> {
            var moment = isCreation ? image.createdAt() : image.updatedAt();
            int order = moment.truncatedTo(SECONDS).compareTo(bound);
            return Objects.requireNonNull(operators.get(operator)).test(order);
          });
    }

    private void addProtected() {
      boolean wanted = random.nextBoolean();
      ask("protected", "" + wanted);
      require(image -> image.isProtected() == wanted);
    }

    private void addTags() {
      for (int i = random.nextInt(2); i >= 0; i--) {
        var tag = any(ListedImages.TAGS);
        ask("tag", tag);
        require(image -> image.tags().contains(tag));
      }
    }

    private void addProperty() {
      var key = any(ListedImages.PROPERTIES);
      var value = any(ListedImages.VALUES);
      ask(key, value);
      require(image -> value.equals(image.properties().get(key)));
    }

    private void addHidden() {
      boolean wanted = random.nextInt(4) == 0;
      if (wanted || random.nextBoolean()) {
        ask("os_hidden", random.nextBoolean() ? "" + wanted : wanted ? "True" : "FALSE");
      }
      require(image -> image.isHidden() == wanted);
    }

    private Scope scope() {
      var visibility =
          Optional.of(any(List.of(Visibility.values()))).filter(it -> random.nextInt(3) == 0);
      boolean isEvery = visibility.isEmpty() && random.nextInt(3) == 0;
      visibility.ifPresent(it -> ask("visibility", it.text()));
      if (isEvery) {
        ask("visibility", "all");
      }
      var status = any(List.of("", "all", "accepted", "pending", "rejected"));
      if (!status.isEmpty()) {
        ask("member_status", status);
      }
      return new Scope(
          visibility,
          isEvery,
          status.isEmpty() ? Optional.of(MemberStatus.ACCEPTED) : MemberStatus.of(status));
    }

    private void addOrder() {
      switch (random.nextInt(3)) {
        case 0 -> addSort();
        case 1 -> addKeysAndDirections();
        default -> complete(true);
      }
    }

    private void addSort() {
      var texts = new ArrayList<String>();
      boolean isDescending = true;
      for (int i = random.nextInt(3); i >= 0; i--) {
        var key = any(SORT_KEYS);
        isDescending = random.nextBoolean();
        texts.add(isDescending && random.nextBoolean() ? key : key + direction(":", isDescending));
        by(key, isDescending);
      }
      ask("sort", String.join(",", texts));
      complete(texts.size() > 1 || isDescending);
    }

    /** One direction for all, one for each, or none. */
    private void addKeysAndDirections() {
      int keys = random.nextInt(4);
      boolean isForEach = keys > 1 && random.nextBoolean();
      boolean isForAll = !isForEach && random.nextBoolean();
      boolean isDescending = !isForAll || random.nextBoolean();
      if (isForAll) {
        ask("sort_dir", direction("", isDescending));
      }
      for (int i = 0; i < keys; i++) {
        var key = any(SORT_KEYS);
        boolean isThisDescending = isForEach ? random.nextBoolean() : isDescending;
        ask("sort_key", key);
        if (isForEach) {
          ask("sort_dir", direction("", isThisDescending));
        }
        by(key, isThisDescending);
      }
      complete(isDescending);
    }

    private static String direction(String prefix, boolean isDescending) {
      return prefix + (isDescending ? "desc" : "asc");
    }

    private void by(String key, boolean isDescending) {
      var comparator = Objects.requireNonNull(KEYS.get(key));
      orders.add(isDescending ? comparator.reversed() : comparator);
      sorted.add(key);
    }

    private void complete(boolean isDescending) {
      for (var key : List.of("created_at", "id")) {
        if (!sorted.contains(key)) {
          by(key, isDescending);
        }
      }
    }

    private void require(Predicate<Image> condition) {
      filter = filter.and(condition);
    }

    private <T> T any(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }
  }
}
