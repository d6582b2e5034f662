package io.vitrine.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class ForwardedHeaderProperties {
  @Property
  void readsWhatIsWritten(
      @ForAll @Size(min = 1, max = 5) List<@CharRange(from = ' ', to = '~') String> hosts) {
    var header =
        hosts.stream().map(host -> "HOST=" + quoted(host)).collect(Collectors.joining(" , "));

    var read = ForwardedHeader.read(List.of(header));

    assertThat(read).extracting(ForwardedHop::host).map(Optional::get).isEqualTo(hosts.reversed());
  }

  @Property
  void takesLinesForOneList(
      @ForAll @Size(max = 5) List<@CharRange(from = 'a', to = 'z') String> a) {
    var lines = a.stream().map(host -> "host=" + quoted(host)).toList();

    assertThat(ForwardedHeader.read(lines))
        .isEqualTo(ForwardedHeader.read(List.of(String.join(",", lines))));
  }

  /** Else a client could hide what a proxy adds to the end. */
  @Property
  void showsWhatAProxyAddsOrRefusesTheWhole(
      @ForAll
          @Chars({'f', 'o', 'r', '=', '"', '\\', ',', ';', ' ', '[', '1', '.'})
          @StringLength(max = 12)
          String before) {
    var header = before + ", for=1.2.3.4";

    assertThatCode(
            () ->
                assertThat(ForwardedHeader.read(List.of(header)).getFirst().client())
                    .hasValue("1.2.3.4"))
        .satisfiesAnyOf(
            failure -> assertThat(failure).isNull(),
            failure -> assertThat(failure).isInstanceOf(MalformedForwardedException.class));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
