package io.vitrine.net.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private final AddressRules rules = new AddressRules(NetworkLists.NONE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1"
      })
  void refusesWhatIsInternalOrSpecial(String address) {
    assertThat(rules.permits(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2002:808:808::1",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8"
      })
  void permitsWhatEverybodyCanReach(String address) {
    assertThat(rules.permits(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void looksThroughMappedAddressesThatTheJdkLeavesAlone() throws Exception {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};

    var address = Inet6Address.getByAddress(null, mapped, -1);

    assertThat(address).isInstanceOf(Inet6Address.class);
    assertThat(rules.permits(address)).isFalse();
  }

  @Test
  void permitsInternalAddressesOfAllowedNetworksOnly() {
    var open =
        new AddressRules(
            NetworkLists.allowing(Network.parse("10.1.0.0/16"), Network.parse("fd00::/8")));

    assertThat(open.permits(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
    assertThat(open.permits(InetAddress.ofLiteral("64:ff9b::10.1.2.3"))).isTrue();
    assertThat(open.permits(InetAddress.ofLiteral("fd00::1"))).isTrue();
    assertThat(open.permits(InetAddress.ofLiteral("10.2.0.1"))).isFalse();
    assertThat(open.permits(InetAddress.ofLiteral("fc00::1"))).isFalse();
  }

  @Test
  void refusesPublicAddressesOfDisallowedNetworksUnlessTheyAreAllowedToo() {
    var closed =
        new AddressRules(
            new NetworkLists(
                List.of(Network.parse("8.8.8.8")),
                List.of(Network.parse("8.8.0.0/16"), Network.parse("2600::/16"))));

    assertThat(closed.permits(InetAddress.ofLiteral("8.8.4.4"))).isFalse();
    assertThat(closed.permits(InetAddress.ofLiteral("64:ff9b::8.8.4.4"))).isFalse();
    assertThat(closed.permits(InetAddress.ofLiteral("2600::1"))).isFalse();
    assertThat(closed.permits(InetAddress.ofLiteral("8.8.8.8"))).isTrue();
    assertThat(closed.permits(InetAddress.ofLiteral("8.9.0.1"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,      10.255.0.1,    true",
    "10.0.0.0/8,      11.0.0.0,      false",
    "10.0.0.0/9,      10.128.0.0,    false",
    "0.0.0.0/0,       8.8.8.8,       true",
    "0.0.0.0/0,       ::1,           false",
    "192.0.2.7,       192.0.2.7,     true",
    "192.0.2.7,       192.0.2.6,     false",
    "172.16.0.0/12,   172.31.0.1,    true",
    "fc00::/7,        fdff::1,       true",
    "fc00::/7,        fe00::1,       false",
    "2001:db8::/33,   2001:db8:8000::, false"
  })
  void containsAddressesWithItsPrefix(String network, String address, boolean contained) {
    assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10/8", "10.0.0.0/", "::/129"})
  void refusesWhatIsNoNetwork(String text) {
    assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
