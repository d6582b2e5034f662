package io.vitrine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriRulesTest {
  private final UriRules rules = rules(80, 443, 8443);

  private static UriRules rules(Integer... ports) {
    return new UriRules(
        new FetchRules(
            new UrlFilter(
                UrlFilter.Lists.of(List.of("HTTP", "https"), List.of()),
                UrlFilter.Lists.of(
                    List.of(), List.of("Metadata.example", "9.9.9.9", "2620:fe::fe")),
                UrlFilter.Lists.of(List.of(ports), List.of())),
            NetworkLists.allowing(Network.parse("10.1.0.0/16")),
            5,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Resumption.defaults()));
  }

  private static UriRules rules(UrlFilter filter) {
    return new UriRules(
        new FetchRules(
            filter,
            NetworkLists.NONE,
            0,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Resumption.defaults()));
  }

  @ParameterizedTest
  @CsvSource({
    "https://mirror.example/,      true",
    "https://MIRROR.example:444/,  true",
    "https://other.example/,       false",
    "http://mirror.example/,       false",
    "https://mirror.example:22/,   false"
  })
  void asksTheListOfWhatIsAllowedFirst(String text, boolean isAccepted) {
    var filter =
        new UrlFilter(
            UrlFilter.Lists.of(List.of(), List.of("http")),
            UrlFilter.Lists.of(List.of("Mirror.example"), List.of("mirror.example")),
            UrlFilter.Lists.of(List.of(), List.of(22)));

    var failure = catchThrowable(() -> rules(filter).check(text));

    assertThat(failure == null).isEqualTo(isAccepted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.org/", "https://example.org:1/", "http://8.8.8.8:65535/"})
  void acceptsAnyPortIfTold(String text) {
    assertThat(rules(0).check(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org,                      http://example.org/",
    "http://example.org/a%20b?c=d&e,          http://example.org/a%20b?c=d&e",
    "HTTPS://Example.ORG/x,                   https://example.org/x",
    "https://example.org:443/x,               https://example.org/x",
    "http://example.org:8443/x,               http://example.org:8443/x",
    "http://example.org/x#fragment,           http://example.org/x",
    "http://example.org/x#a#b,                http://example.org/x",
    "http://example.org./x,                   http://example.org./x",
    "http://example.org/ä,                    http://example.org/%C3%A4",
    "http://example.org/a b,                  http://example.org/a%20b",
    "http://example.org/%zz,                  http://example.org/%zz",
    "http://example.org/a/../../b,            http://example.org/b",
    "http://my_host/x,                        http://my_host/x",
    "http://exämple.org/x,                    http://xn--exmple-cua.org/x",
    "http://%65xample.org/x,                  http://example.org/x",
    "http:\\\\example.org\\x,                http://example.org/x",
    "http:example.org,                        http://example.org/",
    "http://:@example.org/x,                  http://example.org/x",
    "http://8.8.8.8/x,                        http://8.8.8.8/x",
    "http://0x8.010.8.8/x,                    http://8.8.8.8/x",
    "http://134744072/x,                      http://8.8.8.8/x",
    "http://10.1.2.3/x,                       http://10.1.2.3/x",
    "http://[2606:4700:4700::1111]/x,         http://[2606:4700:4700::1111]/x",
    "http://1.example.org/x,                  http://1.example.org/x",
    "http://127.0.0.1.nip.io/x,               http://127.0.0.1.nip.io/x",
    "http://xn--bcher-kva.example/,           http://xn--bcher-kva.example/",
    "http://localhost/names-come-later,       http://localhost/names-come-later"
  })
  void acceptsWhatMayBeTried(String text, String checked) {
    assertThat(rules.check(text)).hasToString(checked);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          "",                                       no scheme
          example.org/x,                            no scheme
          //example.org/x,                          no scheme
          file:///etc/passwd,                       must start with
          ftp://example.org/x,                      must start with
          gopher://example.org/x,                   must start with
          jar:http://example.org/x!/,               must start with
          unix:/run/docker.sock,                    must start with
          data:text/plain;base64;AAAA,              must start with
          http://,                                  no host
          http://./x,                               not be fetched from
          http://%31%32%37.0.0.1/x,                 not be fetched from
          http://example.org:http/x,                its port is not a number
          http://example.org:-80/x,                 its port is not a number
          http://１２７.0.0.1/x,                     not be fetched from
          http://127。0。0。1/x,                      not be fetched from
          "http://exa mple.org/",                   not well-formed
          "http:///example.org/",                   not well-formed
          "http:\\\\\\example.org/",                not well-formed
          http://[::1/x,                            not well-formed
          http://a%00b/x,                           not well-formed
          http://user@example.org/x,                user name or password
          http://user:secret@example.org/x,         user name or password
          http://example.org@127.0.0.1/x,           user name or password
          http://example.org:22/x,                  Port 22
          http://example.org:8080/x,                Port 8080
          http://example.org:0/x,                   Port 0
          http://example.org:99999/x,               larger than 65535
          http://metadata.example/x,                not be fetched from
          http://METADATA.Example./x,               not be fetched from
          http://9.9.9.9/x,                         not be fetched from
          http://9.592137/x,                        not be fetched from
          http://[2620:fe::fe]/x,                   not be fetched from
          http://[2620:fe:0:0:0:0:0:fe]/x,          not be fetched from
          http://127.0.0.1/x,                       not be fetched from
          http://127.0.0.1./x,                      not be fetched from
          http://0.0.0.0/x,                         not be fetched from
          http://10.0.0.1/x,                        not be fetched from
          http://169.254.169.254/latest/meta-data,  not be fetched from
          http://[::1]/x,                           not be fetched from
          http://[::]/x,                            not be fetched from
          http://[::ffff:127.0.0.1]/x,              not be fetched from
          http://[::ffff:7f00:1]/x,                 not be fetched from
          http://[64:ff9b::7f00:1]/x,               not be fetched from
          http://[fd00:ec2::254]/x,                 not be fetched from
          http://[fe80::1]/x,                       not be fetched from
          http://[fe80::1%25eth0]/x,                not an IPv6 address
          http://2130706433/x,                      not be fetched from
          http://017700000001/x,                    not be fetched from
          http://0x7f000001/x,                      not be fetched from
          http://0x7f.1/x,                          not be fetched from
          http://0x7f.0x0.0x0.0x1/x,                not be fetched from
          http://0177.0.0.1/x,                      not be fetched from
          http://127.1/x,                           not be fetched from
          http://127.0.1/x,                         not be fetched from
          http://127.0.0.01/x,                      not be fetched from
          http://127.0.0.256/x,                     not an IPv4 address
          http://1.2.3.4.5/x,                       not an IPv4 address
          http://0/x,                               not be fetched from
          """)
  void refusesWhatMustNotBeTried(String text, String reason) {
    assertThatThrownBy(() -> rules.check(text))
        .isInstanceOf(ProblemException.class)
        .extracting(failure -> ((ProblemException) failure).problem())
        .asInstanceOf(InstanceOfAssertFactories.type(Problem.Invalid.class))
        .satisfies(problem -> assertThat(problem.detail()).contains(reason));
  }
}
