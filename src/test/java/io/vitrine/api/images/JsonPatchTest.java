package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.json.JsonArray;
import io.vitrine.image.edit.ImagePatch.Change;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPatchTest {
  private static final String DRAFT10 = "application/openstack-images-v2.1-json-patch";
  private static final String DRAFT4 = "application/openstack-images-v2.0-json-patch";

  static Stream<Arguments> draft10() {
    return Stream.of(
        arguments("{'op':'add','path':'/a','value':'b'}", new Change.Add("a", "b")),
        arguments("{'op':'replace','path':'/a','value':null}", new Change.Replace("a", null)),
        arguments(
            "{'op':'replace','path':'/min_disk','value':7}", new Change.Replace("min_disk", 7)),
        arguments("{'op':'replace','path':'/tags','value':['b','a']}", tags("b", "a")),
        arguments("{'op':'remove','path':'/a'}", new Change.Remove("a")),
        arguments("{'op':'remove','path':'/a','value':'b'}", new Change.Remove("a")),
        arguments("{'op':'remove','path':'/a~1b~0c'}", new Change.Remove("a/b~c")),
        arguments("{'op':'remove','path':'/~01'}", new Change.Remove("~1")),
        arguments("{'op':'remove','path':'/a b:c'}", new Change.Remove("a b:c")));
  }

  @ParameterizedTest
  @MethodSource
  void draft10(String operation, Change change) {
    assertThat(parse(DRAFT10, operation)).containsExactly(change);
  }

  static Stream<Arguments> draft4() {
    return Stream.of(
        arguments("{'add':'/a','value':'b'}", new Change.AddNew("a", "b")),
        arguments("{'replace':'/a','value':null}", new Change.Replace("a", null)),
        arguments("{'replace':'/tags','value':['a']}", tags("a")),
        arguments("{'remove':'/a~1b'}", new Change.Remove("a/b")));
  }

  @ParameterizedTest
  @MethodSource
  void draft4(String operation, Change change) {
    assertThat(parse(DRAFT4, operation)).containsExactly(change);
  }

  @Test
  void keepsTheOrder() {
    var changes = parse(DRAFT10, "{'op':'remove','path':'/b'},{'op':'remove','path':'/a'}");

    assertThat(changes).containsExactly(new Change.Remove("b"), new Change.Remove("a"));
  }

  @Test
  void takesNoOperationAtAll() {
    assertThat(parse(DRAFT10, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "'remove'",
        "null",
        "[]",
        "{}",
        "{'path':'/a','value':'b'}",
        "{'op':7,'path':'/a','value':'b'}",
        "{'op':'copy','path':'/a','from':'/b'}",
        "{'op':'move','path':'/a','from':'/b'}",
        "{'op':'test','path':'/a','value':'b'}",
        "{'op':'add','value':'b'}",
        "{'op':'add','path':7,'value':'b'}",
        "{'op':'add','path':null,'value':'b'}",
        "{'op':'add','path':'/a'}",
        "{'op':'replace','path':'/a'}",
        "{'replace':'/a','value':'b'}",
        "{'op':'remove','path':''}",
        "{'op':'remove','path':'a'}",
        "{'op':'remove','path':'/'}",
        "{'op':'remove','path':'//a'}",
        "{'op':'remove','path':'/a/'}",
        "{'op':'remove','path':'/a//b'}",
        "{'op':'remove','path':'/a/b'}",
        "{'op':'remove','path':'/a~'}",
        "{'op':'remove','path':'/a~2'}",
        "{'op':'remove','path':'/a~0~'}"
      })
  void refusesOtherFormsOfDraft10(String operation) {
    assertInvalid(DRAFT10, operation);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "{}",
        "{'op':'remove','path':'/a'}",
        "{'add':'/a','remove':'/a','value':'b'}",
        "{'add':'/a'}",
        "{'replace':'/a'}",
        "{'remove':7}",
        "{'remove':null}",
        "{'remove':'a'}",
        "{'move':'/a'}"
      })
  void refusesOtherFormsOfDraft4(String operation) {
    assertInvalid(DRAFT4, operation);
  }

  @ParameterizedTest
  @CsvSource({
    "application/openstack-images-v2.1-json-patch, true",
    "application/openstack-images-v2.0-json-patch, true",
    "Application/OpenStack-Images-v2.1-JSON-Patch; charset=utf-8, true",
    "application/openstack-images-v2.2-json-patch, false",
    "application/json, false",
    "application/json-patch+json, false",
    "'', false",
    ", false"
  })
  void knowsItsMediaTypes(@Nullable String contentType, boolean isOffered) {
    assertThat(JsonPatch.isOffered(contentType)).isEqualTo(isOffered);
  }

  @Test
  void offersBothDialects() {
    assertThat(JsonPatch.OFFERED).contains(DRAFT10, DRAFT4);
  }

  private static Change tags(String... tags) {
    return new Change.Replace("tags", List.of(tags));
  }

  private static List<Change> parse(String type, String operations) {
    var json = new JsonArray("[" + operations.replace('\'', '"') + "]");
    return JsonPatch.parse(json, type).changes();
  }

  private static void assertInvalid(String type, String operation) {
    assertThatThrownBy(() -> parse(type, operation))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Invalid.class));
  }
}
